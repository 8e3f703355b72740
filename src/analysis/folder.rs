//! The folder of results: kept unless told otherwise, written beside its place and renamed into it, so that it is never
//! half there.

use super::Existing;
use super::input::{Stamp, unreadable};
use crate::error::{Error, Result};
use crate::report::{Files, Pictures, json};
use crate::session::SessionReport;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The page.
pub const PAGE: &str = "report.html";
/// The report.
pub const REPORT: &str = "report.json";
/// The recording.
pub const RECORDING: &str = "recording.jsonl";
/// What the results were made from; written last, so that its presence says that all the rest is there.
pub const STAMP: &str = ".stamp.json";
const PICTURES: &str = "crops";

static WRITING: Mutex<()> = Mutex::new(());

/// Waits for a write that is going on, and keeps another from starting while the guard lives. For Ctrl-C.
pub fn hold_writes() -> MutexGuard<'static, ()> {
    WRITING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What is in a folder of results already.
#[derive(Debug)]
pub enum Kept {
    /// Nothing that may stand: there is work to do.
    Nothing,
    /// All of it, made from the same.
    Report(Box<SessionReport>),
    /// The recording, read from the same video; what the user wrote beside the clip has changed since.
    Recording(PathBuf),
}

/// What of `folder` may stand for a new run.
pub fn kept(folder: &Path, stamp: &Stamp, existing: Existing) -> Result<Kept> {
    if existing == Existing::Replace || !folder.join(REPORT).exists() {
        return Ok(Kept::Nothing);
    }
    let recording = folder.join(RECORDING);
    match self::stamp(folder) {
        Some(found) if found == *stamp => {
            stored(&folder.join(REPORT)).map(|r| Kept::Report(Box::new(r)))
        }
        Some(found) if found.same_reading(stamp) && recording.exists() => {
            Ok(Kept::Recording(recording))
        }
        _ => Err(Error::Usage {
            what: format!(
                "{} already holds results of another clip, version or settings",
                folder.display()
            ),
            hint: "Replace them with --force, or write elsewhere with --out.".into(),
        }),
    }
}

/// What the results in `folder` were made from; `None` when that is not told or cannot be read.
pub fn stamp(folder: &Path) -> Option<Stamp> {
    serde_json::from_slice(&fs::read(folder.join(STAMP)).ok()?).ok()
}

/// The stamp that is in `folder`.
pub fn stamp_of(folder: &Path) -> Option<Vec<u8>> {
    fs::read(folder.join(STAMP)).ok()
}

/// Reads a report.json, or the one in a folder of results.
pub fn stored(path: &Path) -> Result<SessionReport> {
    let file = if path.is_dir() {
        path.join(REPORT)
    } else {
        path.to_path_buf()
    };
    let bytes = fs::read(&file).map_err(|e| unreadable(&file, &e))?;
    json::read(&bytes).map_err(|what| Error::BadInput {
        path: file,
        what,
        hint: "Give the report.json, or its folder, that formcheck analyze wrote.".into(),
    })
}

/// What stands beside a report or a recording.
pub struct Beside {
    /// The folder both are in.
    pub folder: PathBuf,
    /// The recording, when there is one.
    pub recording: Option<PathBuf>,
    /// The report, when there is one.
    pub report: Option<SessionReport>,
}

/// Finds the report and the recording that belong to `given`: a folder, a report.json or a recording.
pub fn beside(given: &Path) -> Result<Beside> {
    let facts = fs::metadata(given).map_err(|e| unreadable(given, &e))?;
    let folder = if facts.is_dir() {
        given.to_path_buf()
    } else {
        home_of(given).to_path_buf()
    };
    if given.extension().is_some_and(|e| e == "jsonl") {
        let report = stored(&folder).ok();
        return Ok(Beside {
            folder,
            recording: Some(given.into()),
            report,
        });
    }
    let report = stored(given)?;
    let recording = Some(folder.join(RECORDING)).filter(|path| path.exists());
    Ok(Beside {
        folder,
        recording,
        report: Some(report),
    })
}

/// The folder that a path is in; `.` for a bare name.
pub fn home_of(path: &Path) -> &Path {
    path.parent()
        .filter(|home| !home.as_os_str().is_empty())
        .unwrap_or(Path::new("."))
}

/// The pictures that the report in `folder` names and that are there.
pub fn pictures_of(folder: &Path, report: &SessionReport) -> Pictures {
    let proofs = report.reps.iter().flat_map(|r| &r.proofs);
    let names = proofs.filter_map(|p| p.picture.as_ref());
    names
        .filter(|name| is_our_name(name))
        .filter_map(|name| Some((name.clone(), fs::read(folder.join(name)).ok()?)))
        .collect()
}

/// Writes one file beside its place and renames it into it.
pub fn write_file(path: &Path, bytes: &[u8]) -> Result<()> {
    let failed = |source| Error::Output {
        path: path.into(),
        source,
    };
    let _writing = hold_writes();
    let workshop = tempfile::Builder::new()
        .prefix(".formcheck-")
        .tempdir_in(home_of(path))
        .map_err(failed)?;
    let fresh = workshop.path().join("fresh");
    fs::write(&fresh, bytes)
        .and_then(|()| fs::rename(&fresh, path))
        .map_err(failed)
}

/// Takes over pictures of an earlier report in `folder` that show the same moment, and names them in `report`; its proofs
/// then have the earlier box, which is the one that the pictures show. What is not found is drawn as an outline.
pub fn reuse_pictures(folder: &Path, report: &mut SessionReport) -> Pictures {
    let mut pictures = Pictures::new();
    let Ok(earlier) = stored(folder) else {
        return pictures;
    };
    let known: Vec<_> = earlier
        .reps
        .iter()
        .flat_map(|r| &r.proofs)
        .filter_map(|p| Some((p, p.picture.clone()?)))
        .collect();
    let Some(box_px) = known.first().map(|(p, _)| p.crop_px) else {
        return pictures;
    };
    for proof in report.reps.iter_mut().flat_map(|r| &mut r.proofs) {
        let same = known
            .iter()
            .find(|(old, _)| (old.time_s - proof.time_s).get().abs() < 1e-3);
        // only names that we give: a report from elsewhere must not make us read any other file
        let name = same
            .map(|(_, name)| name.clone())
            .filter(|name| is_our_name(name));
        proof.crop_px = box_px;
        proof.picture = name.filter(|name| match fs::read(folder.join(name)) {
            Ok(bytes) => {
                pictures.insert(name.clone(), bytes);
                true
            }
            Err(_) => false,
        });
    }
    pictures
}

fn is_our_name(name: &str) -> bool {
    name.strip_prefix("crops/").is_some_and(|file| {
        !file.is_empty() && !file.contains(['/', '\\']) && !file.starts_with('.')
    })
}

/// Says before the long run that `folder` cannot be written.
pub fn check(folder: &Path) -> Result<()> {
    let failed = |source| Error::Output {
        path: folder.into(),
        source,
    };
    if folder.exists() && !folder.is_dir() {
        return Err(failed(std::io::Error::from(
            std::io::ErrorKind::NotADirectory,
        )));
    }
    let there = folder
        .ancestors()
        .find(|a| a.is_dir())
        .unwrap_or(Path::new("."));
    tempfile::Builder::new()
        .prefix(".formcheck-")
        .tempfile_in(there)
        .map_err(failed)?;
    Ok(())
}

/// Writes all files (named by their path within the folder, `/` between folders) into `folder`, which need not exist. Files of the folder that are not ours stay.
pub fn write(folder: &Path, files: Files) -> Result<()> {
    let failed = |source| Error::Output {
        path: folder.into(),
        source,
    };
    let _writing = hold_writes();
    // on the same disk as the folder, so that a rename is enough
    let place = if folder.exists() {
        folder
    } else {
        home_of(folder)
    };
    fs::create_dir_all(place).map_err(failed)?;
    let workshop = tempfile::Builder::new()
        .prefix(".formcheck-")
        .tempdir_in(place)
        .map_err(failed)?;
    let fresh = workshop.path().join("fresh");
    for (name, bytes) in &files {
        let path = fresh.join(name);
        fs::create_dir_all(path.parent().unwrap_or(&fresh)).map_err(failed)?;
        fs::write(&path, bytes).map_err(failed)?;
    }
    let placed = if folder.exists() {
        replace(folder, &fresh, workshop.path(), &files)
    } else {
        fs::rename(&fresh, folder)
    };
    placed.map_err(failed)
}

/// Moves each fresh file over its older one: the pictures as one folder, the report late, the stamp last.
fn replace(folder: &Path, fresh: &Path, workshop: &Path, files: &Files) -> std::io::Result<()> {
    let stamp = folder.join(STAMP);
    if stamp.exists() && files.contains_key(STAMP) {
        fs::remove_file(stamp)?;
    }
    // pictures belong to the report: a file that is added later leaves them
    if files.contains_key(REPORT) && folder.join(PICTURES).exists() {
        fs::rename(folder.join(PICTURES), workshop.join("old-crops"))?;
    }
    if fresh.join(PICTURES).exists() {
        fs::rename(fresh.join(PICTURES), folder.join(PICTURES))?;
    }
    let mut names: Vec<&String> = files.keys().filter(|name| !name.contains('/')).collect();
    names.sort_by_key(|name| (*name == STAMP, *name == REPORT));
    for name in names {
        fs::rename(fresh.join(name), folder.join(name))?;
    }
    Ok(())
}
