//! One rep of the report: its numbers, its verdict, and the moments that prove it.

use super::{Direction, Verdict};
use crate::units::{Angle, Point, Seconds};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One repetition.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Rep {
    /// From 1.
    pub number: u32,
    /// Squat, RDL, good morning: the descent begins. Deadlift: the bar leaves the floor.
    pub start_s: Seconds,
    /// Bottom (squat, RDL, good morning) or lockout (deadlift).
    pub turn_s: Seconds,
    /// Standing again, or the bar is back on the floor (or the clip ends).
    pub end_s: Seconds,
    /// The answer.
    pub verdict: Verdict,
    /// Only when the verdict is `close` or `left_neutral`.
    pub direction: Option<Direction>,
    /// The verdict in one plain sentence, with degrees and interval, or why it cannot be told.
    pub reason: String,
    /// The name of the rule that decided, as in `settings`.
    pub rule: String,
    /// 95th percentile of lumbar flexion over the rep; not known when the back was hidden where the lifter is bent most.
    pub peak_lumbar_flexion_deg: Option<Angle>,
    /// Its standard uncertainty.
    pub peak_lumbar_flexion_sd_deg: Option<Angle>,
    /// 5th percentile of lumbar flexion over the rep (negative = arched).
    pub min_lumbar_flexion_deg: Option<Angle>,
    /// 95th percentile of thoracic flexion over the rep; never part of the verdict.
    pub peak_thoracic_flexion_deg: Option<Angle>,
    /// Lumbar flexion in the set-up, the last 0.3 s before the bar leaves the floor. Deadlifts only.
    pub set_up_lumbar_flexion_deg: Option<Angle>,
    /// Greatest lumbar flexion beyond that of the set-up, pulling or lowering, with the trunk about as bent as there; an arched set-up
    /// counts as standing. Deadlifts only.
    #[serde(default)]
    pub over_set_up_deg: Option<Angle>,
    /// Change of lumbar flexion in the set-up before the bar moves: at lift-off less at the first still moment with the hands
    /// on the bar. Deadlifts only.
    #[serde(default)]
    pub set_up_change_deg: Option<Angle>,
    /// Standard uncertainty of both changes: smaller than that of flexion, since much of its error is the same throughout a rep.
    #[serde(default)]
    pub change_sd_deg: Option<Angle>,
    /// Least lumbar flexion at lockout (deadlift), or standing at the end of the rep: negative = arched.
    #[serde(default)]
    pub lockout_lumbar_flexion_deg: Option<Angle>,
    /// When lumbar flexion was greatest (or least, when arched).
    pub peak_time_s: Option<Seconds>,
    /// First moment past the watch limit; `None` when it never was.
    pub onset_time_s: Option<Seconds>,
    /// Where that is: the first depth on the loaded way (down; in a pull up) past which flexion stays past the watch level,
    /// in the measure of its lift ([`super::DepthMeasure`]).
    pub onset_depth: Option<f64>,
    /// Shallow end of its 80 % interval.
    #[serde(default)]
    pub onset_depth_earliest: Option<f64>,
    /// Deep end of its 80 % interval; `None` also when the rep may have held all the way.
    #[serde(default)]
    pub onset_depth_latest: Option<f64>,
    /// Probability that a limit of leaving neutral is passed for long enough, the most probable one, 0 to 1.
    pub left_neutral_probability: Option<f64>,
    /// Hip flexion as a share of hip plus lumbar flexion at the deepest point, 0 to 1.
    pub hip_share: Option<f64>,
    /// Hip flexion there.
    pub hip_flexion_deg: Option<Angle>,
    /// Greatest depth: vertical hip drop ÷ thigh length (0 standing, about 1 thigh horizontal).
    pub depth: Option<f64>,
    /// Mean upward velocity of the bar over the way up, metres a second: a companion figure, only with a scale.
    #[serde(default)]
    pub concentric_velocity_m_s: Option<f64>,
    /// Its standard uncertainty.
    #[serde(default)]
    pub concentric_velocity_sd_m_s: Option<f64>,
    /// How long each part took.
    pub tempo: Tempo,
    /// Share of the rep's frames in which the lower back could be measured, 0 to 1.
    pub seen_share: f64,
    /// Moments that prove the verdict.
    pub proofs: Vec<Proof>,
    /// Why each `null` above is null: field name → reason.
    pub missing: BTreeMap<String, String>,
}

impl Rep {
    /// Where a time is within the rep: 0 its start, 50 the turn, 100 its end.
    pub fn phase(&self, time_s: Seconds) -> f64 {
        let (start, turn, end) = (self.start_s.get(), self.turn_s.get(), self.end_s.get());
        let t = time_s.get();
        if t <= turn {
            50.0 * (t - start) / (turn - start).max(1e-6)
        } else {
            50.0 + 50.0 * (t - turn) / (end - turn).max(1e-6)
        }
    }
}

/// Durations of the parts of a rep; `None` when the clip does not show that part.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Tempo {
    /// Going down.
    pub down_s: Option<Seconds>,
    /// At the turn.
    pub pause_s: Option<Seconds>,
    /// Coming up.
    pub up_s: Option<Seconds>,
}

/// Which moment a proof shows.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum ProofKind {
    /// Set-up of a deadlift, or standing before the descent.
    Start,
    /// First frame past the watch limit.
    Onset,
    /// Greatest flexion (or arch).
    Worst,
    /// Bottom of a squat, lockout of a deadlift.
    Turn,
}

/// One moment with what is drawn over its picture. All points are upright image pixels.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Proof {
    /// Which moment.
    pub kind: ProofKind,
    /// Frame time.
    pub time_s: Seconds,
    /// Part of the picture to show: left, top, width, height in pixels; the same box for all proofs of a report.
    pub crop_px: [f64; 4],
    /// Lumbar flexion there; `None` = not measured in this frame.
    pub lumbar_flexion_deg: Option<Angle>,
    /// Back line from the sacrum up to T12/L1, the longest part that is seen.
    pub lumbar_line: Vec<Point>,
    /// Back line from T12/L1 up to the shoulders, the longest part that is seen.
    pub thoracic_line: Vec<Point>,
    /// This lifter's own neutral line, laid onto the pelvis; empty without a reference, with sacrum or lower thorax hidden, or when the rep cannot be judged.
    pub neutral_line: Vec<Point>,
    /// Edge of the lifter, simplified: drawn in place of a picture when there is no video.
    pub outline: Vec<Point>,
    /// File name of the picture within the report's folder; `None` when there is no video.
    pub picture: Option<String>,
}
