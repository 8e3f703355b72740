//! From an input to a folder of results: reads the video or the recording, judges it, gets the pictures, writes the files.
//! The rooms do the work; here is only their order, and the rule that existing results are kept.

mod filmed;
mod folder;
mod input;
mod open;
mod video;

pub use filmed::filmed_at;
pub use folder::{hold_writes, home_of, pictures_of, stored, write_file};
pub use input::{Input, clips, results_folder};
pub use open::{Opened, opened, sets_in};
pub use video::{Detail, LifterAt, Progress, networks};

use crate::diary::SetNotes;
use crate::error::{Error, Result};
use crate::recording::{Recording, sha256};
use crate::report::{self, Audience, Pictures};
use crate::session::{Caution, SessionReport};
use crate::settings::Settings;
use folder::Files;
use serde::Serialize;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// What to do with every input.
#[derive(Clone, Debug, Serialize)]
pub struct Plan {
    /// Limits, and what the user said of the lift.
    pub settings: Settings,
    /// For whom the page is written.
    pub audience: Audience,
    /// Which networks read the video.
    pub detail: Detail,
    /// Where the lifter is, when the user points at one.
    pub lifter_at: Option<LifterAt>,
    /// What the user says about the set. Not part of what results were made from: more words need no second analysis.
    #[serde(skip)]
    pub notes: SetNotes,
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
    let stamp = input.stamp(plan)?;
    if let Some(report) = folder::kept(folder, &stamp, plan.existing)? {
        let mut outcome = Outcome {
            report,
            folder: folder.into(),
            made: Made::Before,
        };
        let notes = outcome.report.notes.overlaid(&plan.notes);
        if notes != outcome.report.notes {
            rewrite(&mut outcome, plan.audience, |report| said(report, notes))?;
        }
        return Ok(outcome);
    }
    folder::check(folder)?;
    let recording = match input {
        Input::Video(path) => filmed(path, plan, progress)?,
        Input::Recording(path) => input::read_recording(path)?,
    };
    let mut report = crate::science::analyze(&recording, &plan.settings)?;
    if report.clip.content_sha256.is_none() {
        report.clip.content_sha256 = Some(hash(&recording_bytes(&recording)?)?);
    }
    let notes = said_before(folder, &report).overlaid(&plan.notes);
    said(&mut report, notes);
    let pictures = pictures_for(input, folder, &mut report);
    report.run.elapsed_s = rounded_seconds(begun);
    let mut files = report_files(&report, &pictures, plan.audience)?;
    files.insert(folder::RECORDING.into(), recording_bytes(&recording)?);
    files.insert(folder::STAMP.into(), stamp.into_bytes());
    folder::write(folder, files)?;
    Ok(Outcome {
        report,
        folder: folder.into(),
        made: Made::Now,
    })
}

/// Changes a finished report, and draws it again when that made a difference.
pub fn rewrite(
    outcome: &mut Outcome,
    audience: Audience,
    change: impl FnOnce(&mut SessionReport),
) -> Result<()> {
    let before = outcome.report.clone();
    change(&mut outcome.report);
    if outcome.report == before {
        return Ok(());
    }
    let pictures = folder::reuse_pictures(&outcome.folder, &mut outcome.report);
    let mut files = report_files(&outcome.report, &pictures, audience)?;
    // moved last again, so that a run killed in between leaves nothing half new that counts as whole
    files.extend(folder::stamp_of(&outcome.folder).map(|s| (folder::STAMP.into(), s)));
    folder::write(&outcome.folder, files)
}

/// Puts the notes into the report, and what follows from them: the next step looks at discomfort.
fn said(report: &mut SessionReport, notes: SetNotes) {
    report.notes = notes;
    crate::science::choose_next_step(report, &[]);
}

/// The video as a recording that knows what it was made from.
fn filmed(path: &Path, plan: &Plan, progress: &mut dyn FnMut(Progress)) -> Result<Recording> {
    let mut recording = video::record(path, plan, progress)?;
    let file = std::fs::File::open(path).map_err(|e| input::unreadable(path, &e))?;
    let hash = sha256(file).map_err(|e| input::unreadable(path, &e))?;
    recording.header.clip.content_sha256 = Some(hash);
    Ok(recording)
}

fn hash(bytes: &[u8]) -> Result<String> {
    sha256(bytes).map_err(|e| Error::Internal(e.to_string()))
}

/// What the user said of the same clip when its results in `folder`, which are about to be replaced, were made.
fn said_before(folder: &Path, report: &SessionReport) -> SetNotes {
    let earlier = stored(folder).ok();
    let same = earlier.filter(|e| e.clip.identity() == report.clip.identity());
    same.map(|e| e.notes).unwrap_or_default()
}

/// What `formcheck report` may change.
#[derive(Clone, Debug)]
pub struct Rerender {
    /// New settings; `None` keeps the report's own.
    pub settings: Option<Settings>,
    /// For whom the page is written.
    pub audience: Audience,
}

/// Judges and draws again from what is on disk: no video, well under a second. `given` is a results folder, its
/// report.json, or a recording; the results go into `folder`.
pub fn render_again(given: &Path, folder: &Path, change: &Rerender) -> Result<Outcome> {
    let begun = Instant::now();
    let source = folder::beside(given)?;
    let recording = source
        .recording
        .as_deref()
        .map(input::read_recording)
        .transpose()?;
    let mut report = match (&recording, &change.settings, source.report) {
        (Some(recording), settings, earlier) => {
            let (own, notes) = earlier.map(|r| (r.settings, r.notes)).unzip();
            let settings = settings.clone().or(own).unwrap_or_default();
            let mut report = crate::science::analyze(recording, &settings)?;
            if report.clip.content_sha256.is_none() {
                report.clip.content_sha256 = Some(hash(&recording_bytes(recording)?)?);
            }
            report.notes = notes.unwrap_or_default();
            crate::science::choose_next_step(&mut report, &[]);
            report.run.elapsed_s = rounded_seconds(begun);
            report
        }
        (None, None, Some(report)) => report,
        (None, _, _) => {
            return Err(Error::Usage {
                what: format!(
                    "{} has no recording.jsonl beside it, so its limits cannot be changed",
                    given.display()
                ),
                hint: "Analyse the video again with the new settings.".into(),
            });
        }
    };
    let pictures = folder::reuse_pictures(&source.folder, &mut report);
    let mut files = report_files(&report, &pictures, change.audience)?;
    let elsewhere = source.recording != Some(folder.join(folder::RECORDING));
    if let Some(recording) = recording.filter(|_| elsewhere) {
        files.insert(folder::RECORDING.into(), recording_bytes(&recording)?);
    }
    folder::write(folder, files)?;
    Ok(Outcome {
        report,
        folder: folder.into(),
        made: Made::Now,
    })
}

/// The recording that belongs to a report, a folder of results, or itself.
pub fn recording_of(given: &Path) -> Result<Recording> {
    let missing = || Error::Usage {
        what: format!("{} has no recording.jsonl beside it", given.display()),
        hint: "Analyse the video again, or give the folder that formcheck analyze wrote.".into(),
    };
    input::read_recording(&folder::beside(given)?.recording.ok_or_else(missing)?)
}

/// Paths of the files that a reader wants, in the order of wanting.
pub fn listed(folder: &Path) -> Vec<PathBuf> {
    let names = [
        "report.html",
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
fn pictures_for(input: &Input, folder: &Path, report: &mut SessionReport) -> Pictures {
    let Input::Video(path) = input else {
        let earlier = match input {
            Input::Recording(path) => folder::home_of(path),
            Input::Video(_) => folder,
        };
        return folder::reuse_pictures(earlier, report);
    };
    match video::pictures(path, report) {
        Ok(pictures) => pictures,
        Err(error) => {
            report.cautions.push(Caution {
                code: "no_pictures".into(),
                message: format!("The pictures could not be cut from the video ({error})."),
                remedy: "Outlines stand in for them.".into(),
            });
            Pictures::new()
        }
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
