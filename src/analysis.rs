//! From an input to a folder of results: reads the video or the recording, judges it, gets the pictures, writes the files.
//! The rooms do the work; here is only their order, and the rule that existing results are kept.

mod again;
mod annotated;
mod corrections;
mod filmed;
mod folder;
mod input;
mod open;
mod own;
mod said;
mod video;

pub use again::{Known, Rerender, render_again, rewrite};
pub use annotated::annotate;
pub use corrections::{Correction, correct, corrected};
pub use filmed::filmed_at;
pub use folder::{hold_writes, home_of, pictures_of, stored, write_file};
pub use input::{Input, clips, results_folder};
pub use open::{Opened, opened, sets_in};
pub use own::config;
#[cfg(feature = "vision")]
pub use video::read;
pub use video::{Detail, Faces, LifterAt, Progress, networks};

use crate::check::FilmingCheck;
use crate::choices::Choices;
use crate::compare::Comparison;
use crate::diary::SetNotes;
use crate::edits::RepEdit;
use crate::error::{Error, Result};
use crate::recording::{Recording, sha256};
use crate::report::{self, Audience, Files, Pictures};
use crate::session::{Caution, OwnRange, SessionReport};
use crate::settings::{DepthSettings, Settings};
use folder::Kept;
use said::Said;
use serde::Serialize;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// What to do with every input.
#[derive(Clone, Debug, Serialize)]
pub struct Plan {
    /// The limits before the file beside the clip and the flags have their say.
    pub settings: Settings,
    /// What the flags say of lift and limits.
    pub flags: Choices,
    /// For whom the page is written.
    pub audience: Audience,
    /// Which networks read the video.
    pub detail: Detail,
    /// Where the lifter is, when the user points at one.
    pub lifter_at: Option<LifterAt>,
    /// What the user says about the set. Not part of what results were made from: more words need no second analysis.
    #[serde(skip)]
    pub notes: SetNotes,
    /// Whether pictures and video show faces.
    pub faces: Faces,
    /// What happens to results that are there already.
    #[serde(skip)]
    pub existing: Existing,
}

/// What happens to results that are there already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Existing {
    /// They stay: the same input with the same plan is skipped, anything else is refused.
    Keep,
    /// They are replaced.
    Replace,
}

/// A finished input.
#[derive(Debug)]
pub struct Outcome {
    /// The report.
    pub report: SessionReport,
    /// Where its files are.
    pub folder: PathBuf,
    /// Whether it was made now.
    pub made: Made,
    /// For whom its page is written.
    pub audience: Audience,
}

/// Whether a report was made now or found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Made {
    /// By this run.
    Now,
    /// Earlier, from the same input with the same plan.
    Before,
}

/// Reads, judges and writes one input into `folder`. Nothing is left behind on an error.
pub fn analyze(
    input: &Input,
    folder: &Path,
    plan: &Plan,
    progress: &mut dyn FnMut(Progress),
) -> Result<Outcome> {
    let begun = Instant::now();
    let own = own::clip(&own::clip_file(input))?.unwrap_or_default();
    let stamp = input.stamp(plan, &own)?;
    let kept = match folder::kept(folder, &stamp, plan.existing)? {
        Kept::Report(report) => return again::noted(*report, folder, plan),
        Kept::Recording(path) => Some(path),
        Kept::Nothing => None,
    };
    folder::check(folder)?;
    let recording = match (&kept, input) {
        (Some(path), _) | (None, Input::Recording(path)) => input::read_recording(path)?,
        (None, Input::Video(path)) => as_kept(&filmed(path, plan, progress)?)?,
    };
    let earlier = made_before(folder, &recording)?;
    let said = Said::layered(earlier.as_ref(), Some(&own.notes), &plan.notes);
    let settings = plan.flags.onto(own.settings.onto(plan.settings.clone()));
    let mut report = judged(&recording, settings, &own.rep, said)?;
    let pictures = match kept.and_then(|_| all_reused(folder, &mut report)) {
        Some(pictures) => pictures,
        None => pictures_for(input, &recording, plan.faces, &mut report),
    };
    report.run.elapsed_s = rounded_seconds(begun);
    let mut files = report_files(&report, &pictures, plan.audience, None)?;
    files.insert(folder::RECORDING.into(), recording_bytes(&recording)?);
    files.insert(folder::STAMP.into(), stamp.text()?.into_bytes());
    annotated::drop_stale(folder, &report)?;
    folder::write(folder, files)?;
    Ok(Outcome {
        report,
        folder: folder.into(),
        made: Made::Now,
        audience: plan.audience,
    })
}

/// The lifter's own range in a calibration clip. Errors as of [`crate::science::own_range`], or the input cannot be read.
pub fn calibrate(
    input: &Input,
    plan: &Plan,
    progress: &mut dyn FnMut(Progress),
) -> Result<OwnRange> {
    let recording = match input {
        Input::Recording(path) => input::read_recording(path)?,
        Input::Video(path) => filmed(path, plan, progress)?,
    };
    crate::science::own_range(&recording, &plan.settings)
}

/// Whether a set filmed like `input` can be judged. Errors when it cannot be read; that nobody is in it is an answer.
pub fn check(
    input: &Input,
    lifter_at: Option<LifterAt>,
    settings: &Settings,
) -> Result<FilmingCheck> {
    let (recording, scenery) = match input {
        Input::Recording(path) => (input::read_recording(path)?, None),
        Input::Video(path) => video::glance(path, lifter_at).map(|(r, s)| (r, Some(s)))?,
    };
    Ok(crate::science::check(&recording, scenery, settings))
}

/// The report on a recording: the one place where it is judged, corrected by hand, and given what the user said. The next
/// step looks at this set alone; see [`rewrite`] for the sessions before it.
fn judged(
    recording: &Recording,
    settings: Settings,
    edits: &[RepEdit],
    said: Said,
) -> Result<SessionReport> {
    let settings = sized(settings, &said.notes);
    let mut report = crate::science::analyze_edited(recording, &settings, edits)?;
    report.clip.content_sha256 = Some(content(recording)?);
    report.notes = said.notes;
    report.notes_from_file = said.from_file;
    crate::science::conclude(&mut report, &[]);
    Ok(report)
}

/// Settings with the heights of seat and blocks that the user said: lengths to measure by.
fn sized(settings: Settings, notes: &SetNotes) -> Settings {
    Settings {
        depth: DepthSettings {
            seat_height_cm: notes.seat_height_cm,
            block_height_cm: notes.block_height_cm,
            ..settings.depth
        },
        ..settings
    }
}

/// SHA-256 of the clip, or where that is not told of the recording itself.
fn content(recording: &Recording) -> Result<String> {
    match &recording.header.clip.content_sha256 {
        Some(hash) => Ok(hash.clone()),
        None => {
            sha256(&recording_bytes(recording)?[..]).map_err(|e| Error::Internal(e.to_string()))
        }
    }
}

/// The video as a recording that knows what it was made from.
fn filmed(path: &Path, plan: &Plan, progress: &mut dyn FnMut(Progress)) -> Result<Recording> {
    let mut recording = video::record(path, plan, progress)?;
    let file = std::fs::File::open(path).map_err(|e| input::unreadable(path, &e))?;
    let hash = sha256(file).map_err(|e| input::unreadable(path, &e))?;
    recording.header.clip.content_sha256 = Some(hash);
    Ok(recording)
}

/// The report in `folder`, which is about to be replaced, when it is of the same clip.
fn made_before(folder: &Path, recording: &Recording) -> Result<Option<SessionReport>> {
    let content = content(recording)?;
    let earlier = stored(folder).ok();
    Ok(earlier.filter(|e| e.clip.identity() == content))
}

/// The recording as it is read back from its file, where numbers are rounded: what is judged later is what is judged now,
/// to the last picture.
fn as_kept(recording: &Recording) -> Result<Recording> {
    Recording::read(
        &recording_bytes(recording)?[..],
        &recording.header.clip.name,
    )
}

/// The pictures that are in `folder` already, when no moment lacks one; else `report` stays as it is.
fn all_reused(folder: &Path, report: &mut SessionReport) -> Option<Pictures> {
    let mut pictured = report.clone();
    let pictures = folder::reuse_pictures(folder, &mut pictured);
    let mut proofs = pictured.reps.iter().flat_map(|r| &r.proofs);
    if !proofs.all(|p| p.picture.is_some()) {
        return None;
    }
    *report = pictured;
    Some(pictures)
}

/// The recording that belongs to a report, a folder of results, or itself.
pub fn recording_of(given: &Path) -> Result<Recording> {
    let missing = || Error::Usage {
        what: format!("{} has no recording.jsonl beside it", given.display()),
        hint: "Analyse the video again, or give the folder that formcheck analyze wrote.".into(),
    };
    input::read_recording(&folder::beside(given)?.recording.ok_or_else(missing)?)
}

/// Writes the landmarks of every frame into `folder` as OpenPose does, one file a frame; returns how many.
pub fn export_openpose(given: &Path, folder: &Path) -> Result<usize> {
    let files = report::openpose::files(&recording_of(given)?);
    let count = files.len();
    folder::check(folder)?;
    folder::write(folder, files)?;
    Ok(count)
}

/// Errors when no annotated video can be written here: said before the long run.
pub fn encoder_ready() -> Result<()> {
    video::encoder_ready()
}

/// Paths of the files that a reader wants, in the order of wanting.
pub fn listed(folder: &Path) -> Vec<PathBuf> {
    let names = [
        folder::PAGE,
        annotated::VIDEO,
        folder::REPORT,
        "reps.csv",
        "frames.csv",
        folder::RECORDING,
    ];
    names
        .iter()
        .map(|name| folder.join(name))
        .filter(|path| path.exists())
        .collect()
}

fn report_files(
    report: &SessionReport,
    pictures: &Pictures,
    audience: Audience,
    last: Option<&Comparison>,
) -> Result<Files> {
    let mut files = Files::new();
    files.insert(
        folder::PAGE.into(),
        report::html(report, pictures, audience, last)?.into_bytes(),
    );
    files.insert(folder::REPORT.into(), report::json::json(report)?);
    files.insert("reps.csv".into(), report::csv::reps(report).into_bytes());
    files.insert(
        "frames.csv".into(),
        report::csv::frames(report).into_bytes(),
    );
    files.extend(pictures.clone());
    Ok(files)
}

/// The pictures of the proofs. Without them the page draws the lifter's outline, so a video that cannot be read a second
/// time costs the pictures and not the report.
fn pictures_for(
    input: &Input,
    recording: &Recording,
    faces: Faces,
    report: &mut SessionReport,
) -> Pictures {
    let path = match input {
        Input::Video(path) => path,
        Input::Recording(path) => return folder::reuse_pictures(folder::home_of(path), report),
    };
    match video::pictures(path, report, recording, faces) {
        Ok(pictures) => pictures,
        Err(error) => {
            report.cautions.push(Caution {
                code: "no_pictures".into(),
                message: format!(
                    "The pictures could not be cut from the video ({}).",
                    what(&error)
                ),
                remedy: "Outlines stand in for them.".into(),
            });
            Pictures::new()
        }
    }
}

/// What is wrong, without the path: a report may be passed on.
fn what(error: &Error) -> String {
    match error {
        Error::BadInput { what, .. } => what.clone(),
        Error::Output { source, .. } => source.to_string(),
        other => other.to_string(),
    }
}

fn recording_bytes(recording: &Recording) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    recording
        .write(&mut bytes)
        .map_err(|e| Error::Internal(e.to_string()))?;
    Ok(bytes)
}

fn rounded_seconds(begun: Instant) -> f64 {
    crate::units::rounded(begun.elapsed().as_secs_f64(), 1000.0)
}
