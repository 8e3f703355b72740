//! What was given on the command line: videos, recordings, folders of them; and where their results go.

use super::own::ClipFile;
use super::{Faces, Plan};
use crate::error::{Error, Result};
use crate::recording::{Header, Recording};
use crate::report::Audience;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

/// File types taken for videos when a folder is given; a file named on the command line is always tried.
const VIDEO_TYPES: [&str; 8] = ["mp4", "mov", "m4v", "mkv", "avi", "webm", "3gp", "mts"];
/// File type of recordings.
const RECORDING_TYPE: [&str; 1] = ["jsonl"];
/// What the first line of every recording says, whatever its version.
const RECORDING_MARK: &str = "\"formcheck/recording/";
/// Bytes within which the first line of a recording ends; its header takes one or two thousand.
const HEADER_BYTES: u64 = 1 << 20;

/// One thing to analyse.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// A video file.
    Video(PathBuf),
    /// A recording, JSON lines.
    Recording(PathBuf),
}

impl Input {
    /// What a path is taken for, by its ending.
    pub fn of(path: PathBuf) -> Self {
        if has_type(&path, &RECORDING_TYPE) {
            Input::Recording(path)
        } else {
            Input::Video(path)
        }
    }

    /// Its path.
    pub fn path(&self) -> &Path {
        match self {
            Input::Video(path) | Input::Recording(path) => path,
        }
    }

    /// What tells whether an input was analysed before, and how.
    pub(super) fn stamp(&self, plan: &Plan, own: &ClipFile) -> Result<Stamp> {
        let facts = fs::metadata(self.path()).map_err(|e| unreadable(self.path(), &e))?;
        let modified = facts
            .modified()
            .ok()
            .and_then(|t| t.duration_since(UNIX_EPOCH).ok());
        let value = |v: serde_json::Result<Value>| v.map_err(|e| Error::Internal(e.to_string()));
        Ok(Stamp {
            version: env!("CARGO_PKG_VERSION").into(),
            bytes: facts.len(),
            modified_ns: modified.map_or(0, |d| d.as_nanos() as u64),
            plan: value(serde_json::to_value(plan))?,
            own: value(serde_json::to_value(own))?,
        })
    }
}

/// What results were made from: the same when the same file is analysed in the same way by the same version.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Stamp {
    version: String,
    bytes: u64,
    modified_ns: u64,
    plan: Value,
    /// The clip's own file: when only this differs, the kept recording is judged anew.
    #[serde(default)]
    own: Value,
}

impl Stamp {
    pub(super) fn text(&self) -> Result<String> {
        serde_json::to_string(self).map_err(|e| Error::Internal(e.to_string()))
    }

    /// For whom the page was written.
    pub(super) fn audience(&self) -> Option<Audience> {
        serde_json::from_value(self.plan["audience"].clone()).ok()
    }

    /// Whether the pictures show faces; when that cannot be told they are not to.
    pub(super) fn faces(&self) -> Faces {
        serde_json::from_value(self.plan["faces"].clone()).unwrap_or(Faces::Blurred)
    }

    /// Whether the same video was read in the same way, whatever the clip's own file says.
    pub(super) fn same_reading(&self, other: &Stamp) -> bool {
        (&self.version, self.bytes, self.modified_ns, &self.plan)
            == (&other.version, other.bytes, other.modified_ns, &other.plan)
    }
}

/// The inputs in `given`, folders opened (not their subfolders), each folder's clips in the order of their names.
pub fn clips(given: &[PathBuf]) -> Result<Vec<Input>> {
    let mut inputs = Vec::new();
    for path in given {
        let facts = fs::metadata(path).map_err(|e| unreadable(path, &e))?;
        if facts.is_dir() {
            inputs.extend(clips_in(path)?);
        } else {
            inputs.push(Input::of(path.clone()));
        }
    }
    Ok(inputs)
}

fn clips_in(folder: &Path) -> Result<Vec<Input>> {
    let entries = fs::read_dir(folder).map_err(|e| unreadable(folder, &e))?;
    let mut paths: Vec<PathBuf> = entries
        .filter_map(|e| Some(e.ok()?.path()))
        .filter(|p| p.is_file() && !is_hidden(p) && is_set(p))
        .collect();
    paths.sort();
    if paths.is_empty() {
        return Err(Error::BadInput {
            path: folder.into(),
            what: "there is no video and no recording in this folder".into(),
            hint: format!(
                "Name a clip, or a folder with recordings (.jsonl) or files of type {}.",
                VIDEO_TYPES.join(", ")
            ),
        });
    }
    Ok(paths.into_iter().map(Input::of).collect())
}

/// Is this a set to analyse? A recording whose clip lies beside it is not: the clip itself is analysed, with pictures.
fn is_set(path: &Path) -> bool {
    if !has_type(path, &RECORDING_TYPE) {
        return has_type(path, &VIDEO_TYPES);
    }
    recorded_clip(path).is_some_and(|clip| {
        let beside = path.with_file_name(Path::new(&clip).file_name().unwrap_or_default());
        !(has_type(&beside, &VIDEO_TYPES) && beside.is_file())
    })
}

/// Name of the clip that a file is the recording of, empty when a damaged first line does not tell; `None` for other JSON
/// lines, such as an exported diary.
fn recorded_clip(path: &Path) -> Option<String> {
    let mut first = String::new();
    let file = File::open(path).ok()?.take(HEADER_BYTES);
    BufReader::new(file).read_line(&mut first).ok()?;
    first.contains(RECORDING_MARK).then(|| {
        let header: Option<Header> = serde_json::from_str(&first).ok();
        header.map_or_else(String::new, |h| h.clip.name)
    })
}

fn is_hidden(path: &Path) -> bool {
    path.file_name()
        .is_some_and(|n| n.to_string_lossy().starts_with('.'))
}

fn has_type(path: &Path, types: &[&str]) -> bool {
    path.extension()
        .is_some_and(|e| types.iter().any(|t| e.eq_ignore_ascii_case(t)))
}

/// Where the results of `input` go when no place is given: `CLIP.formcheck` beside the clip; a recording that already
/// lies in such a folder stays there.
pub fn results_folder(input: &Input) -> PathBuf {
    let path = input.path();
    let home = path.parent().unwrap_or(Path::new(""));
    if matches!(input, Input::Recording(_)) && has_type(home, &["formcheck"]) {
        return home.into();
    }
    let mut name = path.file_name().unwrap_or_default().to_os_string();
    name.push(".formcheck");
    home.join(name)
}

/// Reads a recording file.
pub(super) fn read_recording(path: &Path) -> Result<Recording> {
    let file = File::open(path).map_err(|e| unreadable(path, &e))?;
    Recording::read(BufReader::new(file), &path.display().to_string())
}

/// The error of a path that cannot be opened.
pub(super) fn unreadable(path: &Path, error: &std::io::Error) -> Error {
    let (what, hint) = match error.kind() {
        std::io::ErrorKind::NotFound => (
            "there is no such file".into(),
            "Check the name; quote it when it has spaces.",
        ),
        std::io::ErrorKind::PermissionDenied => (
            "permission denied".into(),
            "Make the file readable, or copy it elsewhere.",
        ),
        _ => (
            error.to_string(),
            "Copy the file to this machine's disk and try again.",
        ),
    };
    Error::BadInput {
        path: path.into(),
        what,
        hint: hint.into(),
    }
}
