//! The sessions before a set, as far as its report shows them: the ramp over the weeks.

use super::{Discomfort, Entry, Measured, SetNotes};
use crate::day::Day;
use crate::session::{SessionReport, Verdict};
use crate::units::Angle;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Earlier sessions that a report carries: with its own three dozen, which can still be told apart on a phone.
const MOST: usize = 35;

/// What came before a set: plain data, so that the report can be drawn again where there is no diary.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Ramp {
    /// The day of this set.
    pub day: Day,
    /// Sessions of the same lifter and lift, read by the same networks, oldest first; the last 35 of them.
    pub before: Vec<Milestone>,
    /// Still earlier ones that are not carried.
    pub left_out: u32,
}

/// One session, as short as a point on the axis of weeks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Milestone {
    /// Its day.
    pub day: Day,
    /// Height of the blocks, centimetres; `None` = not said.
    pub block_height_cm: Option<f64>,
    /// Height of the seat, centimetres; `None` = not said.
    pub seat_height_cm: Option<f64>,
    /// Kilograms; `None` = not said.
    pub load_kg: Option<f64>,
    /// As the lifter rated it.
    pub discomfort: Discomfort,
    /// Reps that held.
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
    /// Median over the reps of the greatest depth, thigh lengths; `None` when not measured.
    pub depth: Option<f64>,
}

impl Milestone {
    /// What is kept of a session.
    pub fn new(day: Day, notes: &SetNotes, measured: &Measured) -> Self {
        Milestone {
            day,
            block_height_cm: notes.block_height_cm,
            seat_height_cm: notes.seat_height_cm,
            load_kg: notes.load_kg,
            discomfort: notes.discomfort,
            held: measured.held,
            close: measured.close,
            left_neutral: measured.left_neutral,
            cannot_tell: measured.cannot_tell,
            peak_lumbar_flexion_deg: measured.peak_lumbar_flexion_deg,
            peak_lumbar_flexion_sd_deg: measured.peak_lumbar_flexion_sd_deg,
            watch_deg: measured.watch_deg,
            leave_deg: measured.leave_deg,
            depth: measured.depth,
        }
    }

    /// Height of the blocks or of the seat, centimetres, whichever was said.
    pub fn height_cm(&self) -> Option<f64> {
        self.block_height_cm.or(self.seat_height_cm)
    }

    /// The word for the whole set: the gravest verdict that a rep got.
    pub fn verdict(&self) -> Verdict {
        super::gravest(self.held, self.close, self.left_neutral)
    }
}

impl Ramp {
    /// What a report of this day carries of the `sessions` before it (oldest first; later days are passed over). Angles
    /// that other networks measured do not stand on one axis with its own, so those sessions are left away. `None` when
    /// nothing is left.
    pub fn of(day: Day, report: &SessionReport, sessions: &[Entry]) -> Option<Self> {
        let own = Measured::of(report).models;
        let comparable: Vec<&Entry> = sessions
            .iter()
            .filter(|e| e.day <= day && e.measured.models == own)
            .collect();
        let left_out = comparable.len().saturating_sub(MOST);
        let before: Vec<Milestone> = comparable[left_out..]
            .iter()
            .map(|e| e.milestone())
            .collect();
        (!before.is_empty()).then_some(Ramp {
            day,
            before,
            left_out: left_out as u32,
        })
    }

    /// The sessions of the ramp with this one last, when at least two of them say how far the lower back rounded.
    pub fn with(&self, report: &SessionReport) -> Option<Vec<Milestone>> {
        let this = Milestone::new(self.day, &report.notes, &Measured::of(report));
        let mut all = self.before.clone();
        all.push(this);
        let measured = all.iter().filter(|m| m.peak_lumbar_flexion_deg.is_some());
        (measured.count() > 1).then_some(all)
    }
}
