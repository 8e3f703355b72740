//! What a lifter writes beside a set, and what later sessions need to know of an earlier one. Plain data.
//!
//! Nothing in [`SetNotes`] is measured: it is what the user said, kept as said. Discomfort is recorded, never explained.

mod field;
mod ramp;

pub use field::NoteField;
pub use ramp::{Milestone, Ramp};

use crate::day::Day;
use crate::session::{LiftKind, SessionReport, Verdict};
use crate::units::Angle;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What the user said about a set. `None` = not said.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct SetNotes {
    /// Who lifts.
    pub lifter: Option<String>,
    /// The day of the set, `YYYY-MM-DD`.
    pub performed_on: Option<String>,
    /// Bar and plates together, kilograms.
    pub load_kg: Option<f64>,
    /// Whether a belt was worn.
    pub belt: Option<bool>,
    /// Height of the blocks under the plates, centimetres; 0 = from the floor.
    pub block_height_cm: Option<f64>,
    /// Height of the seat, centimetres.
    pub seat_height_cm: Option<f64>,
    /// How the back felt.
    pub discomfort: Discomfort,
    /// Words for the lifter or the coach.
    pub note: Option<String>,
    /// Words to pair sets by, such as `belt` or `12 cm`.
    pub tags: Vec<String>,
}

impl SetNotes {
    /// Was anything said at all?
    pub fn said(&self) -> bool {
        *self != SetNotes::default()
    }

    /// Who lifts, for telling whether two sets are of one lifter: capitals do not matter.
    pub fn lifter_key(&self) -> Option<String> {
        self.lifter
            .as_deref()
            .map(|name| name.trim().to_lowercase())
    }

    /// What `newer` says, and what these notes say where it says nothing.
    pub fn overlaid(&self, newer: &SetNotes) -> SetNotes {
        let mut notes = self.clone();
        for field in NoteField::ALL {
            if field.said(newer) {
                field.copy(newer, &mut notes);
            }
        }
        notes
    }
}

/// Discomfort of the back from 0 (none) to 10, as the lifter rates it. `None` = not said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Discomfort {
    /// Before the set.
    pub before: Option<u8>,
    /// During the set.
    pub during: Option<u8>,
    /// Right after it.
    pub after: Option<u8>,
    /// The next morning.
    pub next_morning: Option<u8>,
}

impl Discomfort {
    /// The worst of the four; `None` when nothing was said.
    pub fn worst(self) -> Option<u8> {
        [self.before, self.during, self.after, self.next_morning]
            .into_iter()
            .flatten()
            .max()
    }
}

/// One earlier set, as short as the choice of the next step needs it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Outcome {
    /// Which lift.
    pub lift: LiftKind,
    /// What the user said.
    pub notes: SetNotes,
    /// Reps with each verdict.
    pub held: u32,
    /// Reps too near the limit to call.
    pub close: u32,
    /// Reps that left neutral.
    pub left_neutral: u32,
    /// Reps that could not be judged.
    pub cannot_tell: u32,
    /// Depth of the middle rep, as in [`Rep::depth`](crate::session::Rep::depth); `None` when not measured.
    #[serde(default)]
    pub depth: Option<f64>,
}

impl Outcome {
    /// The outcome of `report`.
    pub fn of(report: &SessionReport) -> Self {
        Outcome {
            lift: report.lift.kind,
            notes: report.notes.clone(),
            held: report.set.held,
            close: report.set.close,
            left_neutral: report.set.left_neutral,
            cannot_tell: report.set.cannot_tell,
            depth: middle_depth(report),
        }
    }
}

/// One session of the diary.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Its number in the diary; never given twice.
    pub id: i64,
    /// SHA-256 of the clip's content, hexadecimal: what makes a session the same one.
    pub content_sha256: String,
    /// File name of the clip.
    pub clip: String,
    /// The day of the set: as the user said, else when the clip was filmed, as far as its file tells.
    pub day: Day,
    /// What the user said, when analysing and later.
    pub notes: SetNotes,
    /// What was measured.
    pub measured: Measured,
    /// The folder of its results when it was last analysed; they may have gone since.
    pub results: Option<String>,
}

/// What the diary keeps in reach of a report.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measured {
    /// Which lift.
    pub lift: LiftKind,
    /// The finding in one sentence.
    pub sentence: String,
    /// Reps with each verdict.
    pub held: u32,
    /// Reps too near the limit to call.
    pub close: u32,
    /// Reps that left neutral.
    pub left_neutral: u32,
    /// Reps that could not be judged.
    pub cannot_tell: u32,
    /// Greatest lumbar flexion of the reps that could be judged; `None` when there is no such rep.
    pub peak_lumbar_flexion_deg: Option<Angle>,
    /// Its standard uncertainty.
    pub peak_lumbar_flexion_sd_deg: Option<Angle>,
    /// Where this lift was watched.
    pub watch_deg: Angle,
    /// Where it left neutral by rounding.
    pub leave_deg: Angle,
    /// Median over the reps of the greatest depth: vertical hip drop ÷ thigh length. `None` when not measured.
    pub depth: Option<f64>,
    /// Depth at which the lower back passes the watch level, thigh lengths; `None` when it does not, or is not known.
    #[serde(default)]
    pub neutral_depth: Option<f64>,
    /// Version of formcheck.
    pub version: String,
    /// Names of the networks.
    pub models: Vec<String>,
}

impl Measured {
    /// The measures of `report`.
    pub fn of(report: &SessionReport) -> Self {
        let judged = report
            .reps
            .iter()
            .filter(|r| r.verdict != Verdict::CannotTell);
        let worst = judged
            .filter_map(|r| Some((r.peak_lumbar_flexion_deg?, r.peak_lumbar_flexion_sd_deg)))
            .max_by(|a, b| a.0.degrees().total_cmp(&b.0.degrees()));
        let kind = report.lift.kind;
        Measured {
            lift: kind,
            sentence: report.set.sentence.clone(),
            held: report.set.held,
            close: report.set.close,
            left_neutral: report.set.left_neutral,
            cannot_tell: report.set.cannot_tell,
            peak_lumbar_flexion_deg: worst.map(|w| w.0),
            peak_lumbar_flexion_sd_deg: worst.and_then(|w| w.1),
            watch_deg: report.settings.watch(kind),
            leave_deg: report.settings.leave(kind),
            depth: middle_depth(report),
            neutral_depth: report.set.neutral_depth.as_ref().and_then(|n| n.depth),
            version: report.run.version.clone(),
            models: report.run.models.iter().map(|m| m.name.clone()).collect(),
        }
    }

    /// The word for the whole set: the gravest verdict that a rep got. A set is only `cannot_tell` when no rep was judged.
    pub fn verdict(&self) -> Verdict {
        gravest(self.held, self.close, self.left_neutral)
    }
}

impl Entry {
    /// As short as the choice of the next step needs it.
    pub fn outcome(&self) -> Outcome {
        let measured = &self.measured;
        Outcome {
            lift: measured.lift,
            notes: self.notes.clone(),
            held: measured.held,
            close: measured.close,
            left_neutral: measured.left_neutral,
            cannot_tell: measured.cannot_tell,
            depth: measured.depth,
        }
    }

    /// Height of the blocks or of the seat, centimetres, whichever was said.
    pub fn height_cm(&self) -> Option<f64> {
        self.milestone().height_cm()
    }

    /// As the ramp over the weeks shows it.
    pub fn milestone(&self) -> Milestone {
        Milestone::new(self.day, &self.notes, &self.measured)
    }
}

/// The gravest verdict of a set with so many reps of each.
fn gravest(held: u32, close: u32, left_neutral: u32) -> Verdict {
    match (left_neutral, close, held) {
        (1.., _, _) => Verdict::LeftNeutral,
        (0, 1.., _) => Verdict::Close,
        (0, 0, 1..) => Verdict::Held,
        (0, 0, 0) => Verdict::CannotTell,
    }
}

/// Median depth of the reps that say theirs.
fn middle_depth(report: &SessionReport) -> Option<f64> {
    let mut depths: Vec<f64> = report.reps.iter().filter_map(|r| r.depth).collect();
    depths.sort_by(f64::total_cmp);
    depths.get(depths.len() / 2).copied()
}
