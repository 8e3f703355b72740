//! Judging and drawing again from what is on disk, without the video: with other limits, with corrections, with what the
//! user said since, or with what the diary knows of earlier sessions.

use super::own::{self, ClipFile};
use super::said::Said;
use super::{
    Faces, Input, Made, Outcome, Plan, all_reused, annotated, folder, input, judged,
    recording_bytes, report_files, rounded_seconds, sized, video,
};
use crate::choices::Choices;
use crate::compare::{Comparison, compare};
use crate::diary::{self, Ramp, SetNotes};
use crate::edits::RepEdit;
use crate::error::{Error, Result};
use crate::recording::Recording;
use crate::report::Audience;
use crate::session::{OwnRange, SessionReport};
use crate::settings::Settings;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// What is known of a set beyond its clip.
#[derive(Clone, Debug)]
pub struct Known<'a> {
    /// What the user said.
    pub notes: SetNotes,
    /// The sessions before it, oldest first: the next step looks at them.
    pub before: &'a [diary::Outcome],
    /// The lifter's own range, from a calibration.
    pub range: Option<OwnRange>,
    /// The same as the ramp over the weeks shows them.
    pub ramp: Option<Ramp>,
    /// The report of the one that it is compared with.
    pub last: Option<&'a SessionReport>,
}

/// Puts what is known into a finished report, and draws it again when that makes a difference.
pub fn rewrite(outcome: &mut Outcome, known: &Known) -> Result<()> {
    let mut report = with_notes(outcome, &known.notes)?;
    report.own_range = known.range;
    report.ramp = known.ramp.clone();
    crate::science::conclude(&mut report, known.before);
    let last = known
        .last
        .and_then(|last| compare(last, &report).ok())
        .filter(Comparison::is_fair);
    // the page alone shows the comparison: the report tells whether the one that was drawn has it
    let clip = known.last.map(|last| last.clip.identity());
    report.compared_with = clip.filter(|_| last.is_some());
    if report == outcome.report {
        return Ok(());
    }
    let pictures = folder::reuse_pictures(&outcome.folder, &mut report);
    let mut files = report_files(&report, &pictures, outcome.audience, last.as_ref())?;
    // moved last again, so that a run killed in between leaves nothing half new that counts as whole
    files.extend(folder::stamp_of(&outcome.folder).map(|s| (folder::STAMP.into(), s)));
    annotated::drop_stale(&outcome.folder, &report)?;
    folder::write(&outcome.folder, files)?;
    outcome.report = report;
    Ok(())
}

/// The report with these notes; judged anew where they say other heights, which are lengths to measure by.
fn with_notes(outcome: &Outcome, notes: &SetNotes) -> Result<SessionReport> {
    let mut report = outcome.report.clone();
    let said = Said::changed(&report, notes);
    report.notes = said.notes.clone();
    report.notes_from_file = said.from_file.clone();
    let settings = sized(report.settings.clone(), notes);
    let recording = outcome.folder.join(folder::RECORDING);
    if settings == report.settings || !recording.exists() {
        return Ok(report);
    }
    let edits: Vec<RepEdit> = report.edits.iter().map(|e| e.written.clone()).collect();
    let recording = input::read_recording(&recording)?;
    let again = judged(&recording, settings, &edits, said)?;
    Ok(SessionReport {
        run: report.run,
        own_range: report.own_range,
        ..again
    })
}

/// Results that were there, with what the flags say of the set now.
pub(super) fn noted(report: SessionReport, folder: &Path, plan: &Plan) -> Result<Outcome> {
    let said = Said::layered(Some(&report), None, &plan.notes);
    let mut outcome = Outcome {
        report,
        folder: folder.into(),
        made: Made::Before,
        audience: plan.audience,
    };
    if said.notes != outcome.report.notes {
        let known = Known {
            notes: said.notes,
            range: outcome.report.own_range,
            before: &[],
            ramp: outcome.report.ramp.clone(),
            last: None,
        };
        rewrite(&mut outcome, &known)?;
    }
    Ok(outcome)
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
pub(super) struct Drawn<'a> {
    pub given: &'a Path,
    pub folder: &'a Path,
    /// The clip's own file; `None` keeps the report's corrections and notes.
    pub own: Option<ClipFile>,
    pub change: &'a Rerender,
    /// The video, for pictures of moments that have none yet; `None` draws outlines.
    pub clip: Option<(PathBuf, Faces)>,
}

pub(super) fn draw(drawn: Drawn) -> Result<Outcome> {
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
        (None, Some(report)) if change.flags.is_empty() => SessionReport {
            compared_with: None,
            ..report
        },
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
    let mut files = report_files(&report, &pictures, change.audience, None)?;
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
        audience: change.audience,
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
pub(super) fn judged_again(
    recording: &Recording,
    earlier: Option<SessionReport>,
    own: Option<ClipFile>,
    change: &Rerender,
) -> Result<SessionReport> {
    let file = own.as_ref().map(|o| &o.notes);
    let said = Said::layered(earlier.as_ref(), file, &SetNotes::default());
    let own_range = earlier.as_ref().and_then(|report| report.own_range);
    let (before, ramp, told) = match earlier {
        Some(report) => {
            let told = report.edits.into_iter().map(|e| e.written).collect();
            (Some(report.settings), report.ramp, told)
        }
        None => (None, None, Vec::new()),
    };
    let choices = own.as_ref().map(|o| o.settings).unwrap_or_default();
    let base = before.filter(|_| change.flags.is_empty());
    let base = base.unwrap_or_else(|| change.settings.clone());
    let settings = change.flags.onto(choices.onto(base));
    let edits: &[RepEdit] = own.as_ref().map_or(&told, |o| &o.rep);
    let report = judged(recording, settings, edits, said)?;
    Ok(SessionReport {
        own_range,
        ramp,
        ..report
    })
}
