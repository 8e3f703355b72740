//! Part of SEAM 2: how deep the lower back stays neutral.

use super::{LiftKind, TrackPoint};
use crate::units::Angle;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What depth is counted by. All are in thigh lengths; of a height, lower is deeper.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DepthMeasure {
    /// [`TrackPoint::depth`]: squat, sit-to-chair.
    HipDrop,
    /// Deadlift: the height of the bar, told by [`TrackPoint::shoulder_height`], since it hangs from them on straight arms and
    /// plates hide the hands.
    BarHeight,
    /// [`TrackPoint::shoulder_height`]: Romanian deadlift, good morning.
    ShoulderHeight,
}

impl DepthMeasure {
    /// The measure of a lift.
    pub fn of(kind: LiftKind) -> Self {
        match kind {
            LiftKind::Squat | LiftKind::SitToChair => DepthMeasure::HipDrop,
            LiftKind::Deadlift => DepthMeasure::BarHeight,
            LiftKind::Rdl | LiftKind::GoodMorning => DepthMeasure::ShoulderHeight,
        }
    }

    /// 1 when a greater value is deeper, -1 when it is a height.
    pub fn sign(self) -> f64 {
        match self {
            DepthMeasure::HipDrop => 1.0,
            DepthMeasure::BarHeight | DepthMeasure::ShoulderHeight => -1.0,
        }
    }

    /// Its value in a frame.
    pub fn at(self, point: &TrackPoint) -> Option<f64> {
        match self {
            DepthMeasure::HipDrop => point.depth,
            DepthMeasure::BarHeight | DepthMeasure::ShoulderHeight => point.shoulder_height,
        }
    }
}

/// What is known of how deep the back stays neutral.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum NeutralFinding {
    /// Neutral until `depth`.
    Until,
    /// The watch level is not passed down to `deepest`.
    AllTheWay,
    /// Not known; `reason` says why.
    Unknown,
}

/// The depth at which, over the reps of the set, the lower back passes the watch level and stays past it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct NeutralDepth {
    /// What was found.
    pub finding: NeutralFinding,
    /// What the depths below count.
    pub measure: DepthMeasure,
    /// The level that was asked about.
    pub watch_deg: Angle,
    /// That depth; `None` unless `finding` is `until`.
    pub depth: Option<f64>,
    /// Shallow end of its 80 % interval; `None` when nothing shallower is likely.
    pub earliest: Option<f64>,
    /// Deep end of its 80 % interval; `None` when it may hold all the way.
    pub latest: Option<f64>,
    /// The greatest depth that at least half of the reps reach.
    pub deepest: Option<f64>,
    /// How much higher the bar (deadlift), the seat (sit-to-chair) or the bottom of the rep would have to be to stay neutral,
    /// centimetres; only with a scale, and when `finding` is `until`.
    #[serde(default)]
    pub raise_cm: Option<f64>,
    /// Half width of its 80 % interval.
    #[serde(default)]
    pub raise_interval_cm: Option<f64>,
    /// Reps that took part.
    pub reps: u32,
    /// The finding in plain words.
    pub sentence: String,
    /// Why it is not known.
    pub reason: Option<String>,
}

impl NeutralDepth {
    /// How much of the way to the deepest point is past neutral, thigh lengths: 0 when neutral all the way, `None` when not
    /// known.
    pub fn past(&self) -> Option<f64> {
        match self.finding {
            NeutralFinding::Until => Some((self.deepest? - self.depth?).abs()),
            NeutralFinding::AllTheWay => Some(0.0),
            NeutralFinding::Unknown => None,
        }
    }
}
