//! From an input to a folder of results: reads the video or the recording, judges it, gets the pictures, writes the files.
//! The rooms do the work; here is only their order, and the rule that existing results are kept.

mod annotated;
mod corrections;
mod folder;
mod input;
mod open;
mod own;
mod video;

pub use annotated::annotate;
pub use corrections::{Correction, correct, corrected};
pub use folder::{hold_writes, home_of, pictures_of, stored, write_file};
pub use input::{Input, clips, results_folder};
pub use open::{Opened, opened, sets_in};
pub use own::config;
pub use video::{Detail, Faces, LifterAt, Progress, networks};

use crate::choices::Choices;
use crate::edits::RepEdit;
use crate::error::{Error, Result};
use crate::recording::Recording;
use crate::report::{self, Audience, Files, Pictures};
use crate::session::{Caution, SessionReport};
use crate::settings::Settings;
use folder::Kept;
use own::ClipFile;
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
        Kept::Report(report) => {
            return Ok(Outcome {
                report: *report,
                folder: folder.into(),
                made: Made::Before,
            });
        }
        Kept::Recording(path) => Some(path),
        Kept::Nothing => None,
    };
    folder::check(folder)?;
    let recording = match (&kept, input) {
        (Some(path), _) | (None, Input::Recording(path)) => input::read_recording(path)?,
        (None, Input::Video(path)) => as_kept(&video::record(path, plan, progress)?)?,
    };
    let settings = plan.flags.onto(own.settings.onto(plan.settings.clone()));
    let mut report = crate::science::analyze_edited(&recording, &settings, &own.rep)?;
    report.notes = own.notes;
    crate::science::choose_next_step(&mut report, &[]);
    let pictures = match kept.and_then(|_| all_reused(folder, &mut report)) {
        Some(pictures) => pictures,
        None => pictures_for(input, &recording, plan.faces, &mut report),
    };
    report.run.elapsed_s = rounded_seconds(begun);
    let mut files = report_files(&report, &pictures, plan.audience)?;
    files.insert(folder::RECORDING.into(), recording_bytes(&recording)?);
    files.insert(folder::STAMP.into(), stamp.text()?.into_bytes());
    annotated::drop_stale(folder, &report)?;
    folder::write(folder, files)?;
    Ok(Outcome {
        report,
        folder: folder.into(),
        made: Made::Now,
    })
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

/// What `formcheck report` may change.
#[derive(Clone, Debug)]
pub struct Rerender {
    /// The limits where neither the report nor the file beside the clip says other.
    pub settings: Settings,
    /// What the flags say of lift and limits; when they say nothing the report keeps its own.
    pub flags: Choices,
    /// For whom the page is written.
    pub audience: Audience,
}

/// Judges and draws again from what is on disk: no video, well under a second. `given` is a results folder, its
/// report.json, or a recording; the results go into `folder`.
pub fn render_again(given: &Path, folder: &Path, change: &Rerender) -> Result<Outcome> {
    let own = own_of(given, &folder::beside(given)?)?;
    draw(Drawn {
        given,
        folder,
        own,
        change,
        clip: None,
    })
}

/// What [`draw`] draws.
struct Drawn<'a> {
    given: &'a Path,
    folder: &'a Path,
    /// The clip's own file; `None` keeps the report's corrections and notes.
    own: Option<ClipFile>,
    change: &'a Rerender,
    /// The video, for pictures of moments that have none yet; `None` draws outlines.
    clip: Option<(PathBuf, Faces)>,
}

fn draw(drawn: Drawn) -> Result<Outcome> {
    let begun = Instant::now();
    let source = folder::beside(drawn.given)?;
    let change = drawn.change;
    let recording = source
        .recording
        .as_deref()
        .map(input::read_recording)
        .transpose()?;
    let mut report = match (&recording, source.report) {
        (Some(recording), earlier) => {
            let mut report = judged_again(recording, earlier, drawn.own, change)?;
            report.run.elapsed_s = rounded_seconds(begun);
            report
        }
        (None, Some(report)) if change.flags.is_empty() => report,
        (None, _) => {
            return Err(Error::Usage {
                what: format!(
                    "{} has no recording.jsonl beside it, so its limits cannot be changed",
                    drawn.given.display()
                ),
                hint: "Analyse the video again with the new settings.".into(),
            });
        }
    };
    let cut = match (&drawn.clip, &recording) {
        (Some((clip, faces)), Some(recording)) => {
            let all = all_reused(&source.folder, &mut report);
            // where this fails, outlines stand in as ever
            all.or_else(|| video::pictures(clip, &mut report, recording, *faces).ok())
        }
        _ => None,
    };
    let pictures = cut.unwrap_or_else(|| folder::reuse_pictures(&source.folder, &mut report));
    let mut files = report_files(&report, &pictures, change.audience)?;
    let elsewhere = source.recording != Some(drawn.folder.join(folder::RECORDING));
    if let Some(recording) = recording.filter(|_| elsewhere) {
        files.insert(folder::RECORDING.into(), recording_bytes(&recording)?);
    }
    annotated::drop_stale(drawn.folder, &report)?;
    folder::write(drawn.folder, files)?;
    Ok(Outcome {
        report,
        folder: drawn.folder.into(),
        made: Made::Now,
    })
}

/// The clip's own file, where the place of what is given tells it.
fn own_of(given: &Path, source: &folder::Beside) -> Result<Option<ClipFile>> {
    let path = match &source.recording {
        Some(path) if path == given => Some(own::clip_file(&Input::Recording(path.clone()))),
        _ => own::file_of_results(&source.folder),
    };
    path.map_or(Ok(None), |path| own::clip(&path))
}

/// Limits by flags over the clip's own file; without flags the report's own stay. Corrections and notes are those of the
/// clip's own file, or where it cannot be found (results sent elsewhere) those that the report tells of.
fn judged_again(
    recording: &Recording,
    earlier: Option<SessionReport>,
    own: Option<ClipFile>,
    change: &Rerender,
) -> Result<SessionReport> {
    let (before, notes, told) = match earlier {
        Some(report) => {
            let told = report.edits.into_iter().map(|e| e.written).collect();
            (Some(report.settings), report.notes, told)
        }
        None => (None, Default::default(), Vec::new()),
    };
    let choices = own.as_ref().map(|o| o.settings).unwrap_or_default();
    let base = before.filter(|_| change.flags.is_empty());
    let base = base.unwrap_or_else(|| change.settings.clone());
    let settings = change.flags.onto(choices.onto(base));
    let edits: &[RepEdit] = own.as_ref().map_or(&told, |o| &o.rep);
    let mut report = crate::science::analyze_edited(recording, &settings, edits)?;
    report.notes = match own {
        Some(own) if own.notes != Default::default() => own.notes,
        _ => notes,
    };
    crate::science::choose_next_step(&mut report, &[]);
    Ok(report)
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
        "report.html",
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

fn report_files(report: &SessionReport, pictures: &Pictures, audience: Audience) -> Result<Files> {
    let mut files = Files::new();
    files.insert(
        "report.html".into(),
        report::html(report, pictures, audience, None)?.into_bytes(),
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
