//! What a user means by a set: a folder of results, a report.json, a recording, or a clip that was analysed.

use super::folder;
use super::input::{self, Input};
use crate::error::{Error, Result};
use crate::report::Pictures;
use crate::session::SessionReport;
use std::fs;
use std::path::{Path, PathBuf};

/// A set, ready to be shown.
#[derive(Clone, Debug)]
pub struct Opened {
    /// The report.
    pub report: SessionReport,
    /// The pictures that its proofs name and that are there.
    pub pictures: Pictures,
}

/// Finds the set that `given` names. A recording is judged anew, with the settings of the report beside it if there is one.
pub fn opened(given: &Path) -> Result<Opened> {
    if given.extension().is_some_and(|e| e == "jsonl") {
        return from_recording(given);
    }
    let facts = fs::metadata(given).map_err(|e| input::unreadable(given, &e))?;
    if facts.is_dir() || given.extension().is_some_and(|e| e == "json") {
        return from_report(given);
    }
    let results = input::results_folder(&Input::Video(given.into()));
    if results.join(folder::REPORT).exists() {
        return from_report(&results);
    }
    Err(Error::Usage {
        what: format!("{} has not been analysed yet", given.display()),
        hint: "Run formcheck analyze on it first, or give the folder of its results.".into(),
    })
}

/// All sets whose results lie in `home`, by the names of their folders, each with its folder.
pub fn sets_in(home: &Path) -> Result<Vec<(PathBuf, Opened)>> {
    let entries = fs::read_dir(home).map_err(|e| input::unreadable(home, &e))?;
    let mut folders: Vec<PathBuf> = entries
        .filter_map(|e| Some(e.ok()?.path()))
        .filter(|p| p.join(folder::REPORT).exists())
        .collect();
    folders.sort();
    let open = |path: PathBuf| from_report(&path).map(|set| (path, set));
    folders.into_iter().map(open).collect()
}

fn from_report(given: &Path) -> Result<Opened> {
    let report = folder::stored(given)?;
    let home = if given.is_dir() {
        given
    } else {
        folder::home_of(given)
    };
    let pictures = folder::pictures_of(home, &report);
    Ok(Opened { report, pictures })
}

fn from_recording(given: &Path) -> Result<Opened> {
    let recording = input::read_recording(given)?;
    let beside = folder::beside(given)?;
    let (settings, notes, edits) = match beside.report {
        Some(r) => (r.settings, r.notes, r.edits),
        None => Default::default(),
    };
    let edits: Vec<_> = edits.into_iter().map(|e| e.written).collect();
    let mut report = crate::science::analyze_edited(&recording, &settings, &edits)?;
    report.notes = notes;
    let pictures = folder::reuse_pictures(&beside.folder, &mut report);
    Ok(Opened { report, pictures })
}
