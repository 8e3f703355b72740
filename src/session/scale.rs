//! Part of SEAM 2: how large things are, when something of known size was seen or given.

use super::{LiftKind, TrackPoint};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What the scale was taken from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ScaleSource {
    /// A round plate at the near end of the bar, assumed to be as large as the settings say (450 mm).
    Plate,
    /// The lifter's stature, as given.
    Stature,
    /// The height of the seat, as given.
    SeatHeight,
    /// The height of the blocks, as given, under plates as large as the settings say.
    BlockHeight,
}

/// Millimetres a pixel.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Scale {
    /// What it was taken from.
    pub source: ScaleSource,
    /// At the lifter's midline, halfway along the bar.
    pub mm_per_px: f64,
    /// Its standard uncertainty.
    pub mm_per_px_sd: f64,
    /// At the plate, which is nearer to the camera and so looks larger; `None` unless a plate was measured.
    pub plate_mm_per_px: Option<f64>,
    /// Its standard uncertainty.
    #[serde(default)]
    pub plate_mm_per_px_sd: Option<f64>,
    /// The lifter's thigh length by this scale, millimetres: turns depths in thigh lengths into lengths.
    pub thigh_mm: f64,
    /// Where it comes from and what was assumed, one sentence.
    pub sentence: String,
}

/// Height of the ankle above the floor, thigh lengths as the landmarks have them: 0.039 of the stature (Drillis & Contini
/// 1966, in Winter 2009, doi 10.1002/9780470549148) against 0.222.
const ANKLE: f64 = 0.18;

/// Shoulder to grip in the same lengths: 0.186 and 0.146 of the stature for the arm, 0.05 for half the hand.
const ARM: f64 = 1.72;

impl Scale {
    /// Standard uncertainty as a share of the scale.
    pub fn share_sd(&self) -> f64 {
        self.mm_per_px_sd / self.mm_per_px
    }

    /// Height of the bar above the floor, centimetres: on the shoulders, or hanging from them on straight arms.
    pub fn bar_height_cm(&self, point: &TrackPoint, kind: LiftKind) -> Option<f64> {
        let below = match kind {
            LiftKind::Deadlift | LiftKind::Rdl => ARM,
            LiftKind::Squat | LiftKind::GoodMorning | LiftKind::SitToChair => 0.0,
        };
        Some((point.shoulder_height? + ANKLE - below) * self.thigh_mm / 10.0)
    }
}
