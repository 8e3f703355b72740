//! What a lifter writes beside a set, and what later sessions need to know of an earlier one. Plain data.
//!
//! Nothing in [`SetNotes`] is measured: it is what the user said, kept as said. Discomfort is recorded, never explained.

use crate::session::{LiftKind, SessionReport};
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

/// Median depth of the reps that say theirs.
fn middle_depth(report: &SessionReport) -> Option<f64> {
    let mut depths: Vec<f64> = report.reps.iter().filter_map(|r| r.depth).collect();
    depths.sort_by(f64::total_cmp);
    depths.get(depths.len() / 2).copied()
}
