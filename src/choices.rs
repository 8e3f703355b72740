//! What a user may choose about the limits, in layers: what is built in, the user's own file of settings, the file
//! beside the clip, the flags. A later layer wins where it says something.

use crate::session::LiftKind;
use crate::settings::{DepthSettings, NextStepTable, Settings};
use crate::units::Angle;
use serde::{Deserialize, Serialize};

/// One layer. `None` = it says nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Choices {
    /// The lift.
    pub lift: Option<LiftKind>,
    /// How strict the limits are.
    pub profile: Option<crate::settings::Profile>,
    /// Replaces the limit for rounding.
    pub limit_deg: Option<Angle>,
    /// Discomfort above this is a stop sign for the next step, 0 to 10.
    pub discomfort_limit: Option<u8>,
    /// Sessions in a row that must hold before the next step is deeper.
    pub sessions_before_deeper: Option<u8>,
    /// One step of blocks or seat, centimetres.
    pub step_cm: Option<f64>,
    /// The lifter's height, centimetres.
    pub stature_cm: Option<f64>,
    /// Diameter of the largest plates, millimetres.
    pub plate_diameter_mm: Option<f64>,
}

/// The limits that make sense: less is noise, more is beyond what a back can do.
pub const LIMIT_DEG: std::ops::RangeInclusive<f64> = 1.0..=90.0;

/// Heights of grown people and of those who lift with them.
pub const STATURE_CM: std::ops::RangeInclusive<f64> = 120.0..=230.0;
/// From the small iron plates to the largest there are.
pub const PLATE_DIAMETER_MM: std::ops::RangeInclusive<f64> = 150.0..=500.0;

impl Choices {
    /// Whether it says nothing.
    pub fn is_empty(&self) -> bool {
        *self == Choices::default()
    }

    /// `under` with what this layer says on top.
    pub fn onto(self, under: Settings) -> Settings {
        let under = match self.profile {
            Some(profile) => Settings {
                profile,
                limits: profile.limits(),
                ..under
            },
            None => under,
        };
        let plan = under.next_step;
        let depth = under.depth;
        Settings {
            lift: self.lift.or(under.lift),
            limit_deg: self.limit_deg.or(under.limit_deg),
            next_step: NextStepTable {
                discomfort_limit: self.discomfort_limit.unwrap_or(plan.discomfort_limit),
                sessions_before_deeper: self
                    .sessions_before_deeper
                    .unwrap_or(plan.sessions_before_deeper),
                step_cm: self.step_cm.unwrap_or(plan.step_cm),
                ..plan
            },
            depth: DepthSettings {
                stature_cm: self.stature_cm.or(depth.stature_cm),
                plate_diameter_mm: self.plate_diameter_mm.unwrap_or(depth.plate_diameter_mm),
                plate_diameter_said: self.plate_diameter_mm.is_some() || depth.plate_diameter_said,
                ..depth
            },
            ..under
        }
    }
}
