//! Every limit and threshold: value, unit, source, and what raising it does.
//!
//! The limits are training choices anchored on published means, not injury thresholds; every report prints them. The
//! reasons for each are in `docs/LIMITS.md`.

mod next_step;

pub use next_step::{NextStepTable, Sign, Step, StepRule};

use crate::session::LiftKind;
use crate::units::{Angle, Seconds};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What the science may be told.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Settings {
    /// How strict the limits are.
    pub profile: Profile,
    /// The lift, when the user names it.
    pub lift: Option<LiftKind>,
    /// Replaces the `left_neutral` limit for rounding, when the user gives one.
    pub limit_deg: Option<Angle>,
    /// Limits by kind of lift.
    pub limits: Limits,
    /// A rep is flagged when P(flexion > limit) reaches this. 0.8: about 0.84 σ beyond the limit. Raising it flags less.
    pub flag_probability: f64,
    /// A rep is `close` when P(flexion > watch limit) reaches this. Raising it says "held" more often.
    pub watch_probability: f64,
    /// Flexion must stay past a limit this long to count. Raising it forgives short excursions. 0.20 s: shorter is tracking noise.
    pub dwell_s: Seconds,
    /// An excursion ends this far below its limit (hysteresis, about the frame noise).
    pub hysteresis_deg: Angle,
    /// Above this standard uncertainty a rep is judged only when it is clear of the limits: flagged as ever, or held when
    /// each watch limit is passed with a probability of at most 1 - `flag_probability`. Else the answer is "can't tell".
    pub max_sd_deg: Angle,
    /// Above this standard uncertainty the answer is "can't tell": the network then sees what it was not trained on, and its
    /// own uncertainty means little.
    #[serde(default = "hopeless_sd_deg")]
    pub hopeless_sd_deg: Angle,
    /// Filmed from in front of the side by more than this yaw the answer is "can't tell": there the error grows to 7° and more
    /// (docs/ACCURACY.md).
    pub max_yaw_deg: Angle,
    /// The same from behind, where big plates leave the back free: to 38° the error is as at 15 to 30°. Beyond, yaw itself is
    /// read too small.
    #[serde(default = "max_yaw_behind_deg")]
    pub max_yaw_behind_deg: Angle,
    /// Below this share of measured frames in a rep the answer is "can't tell".
    pub min_seen_share: f64,
    /// A rep that was not seen to leave neutral is called neither held nor close below this share of measured frames in its most
    /// bent part, where backs round: of 105 reps of the calibration clips that were called held or close eight
    /// showed less, and two of these had rounded by 21 and 31° out of sight (docs/ACCURACY.md).
    #[serde(default = "min_seen_bent_share")]
    pub min_seen_bent_share: f64,
    /// How the next step is chosen.
    #[serde(default)]
    pub next_step: NextStepTable,
    /// How depth is told.
    #[serde(default)]
    pub depth: DepthSettings,
}

/// How neutral depth and heights are found.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct DepthSettings {
    /// Neutral depth is told from this many measured reps on. 3: with fewer the spread from rep to rep is not known.
    pub least_reps: u32,
    /// Diameter that a round plate is taken to have. 450 mm: bumper plates of competition (IWF, IPF).
    pub plate_diameter_mm: f64,
    /// True when the user said so; otherwise a lifter of implausible size speaks against it, and there is no scale.
    pub plate_diameter_said: bool,
    /// Beyond this yaw no plate is measured: the stack behind the rim, and the lifter, hide too much of it.
    pub plate_max_yaw_deg: Angle,
    /// The lifter's stature, when given.
    pub stature_cm: Option<f64>,
    /// Height of the seat, when given.
    pub seat_height_cm: Option<f64>,
    /// Height of the blocks under the plates, when given; 0 = from the floor.
    pub block_height_cm: Option<f64>,
}

impl Default for DepthSettings {
    fn default() -> Self {
        DepthSettings {
            least_reps: 3,
            plate_diameter_mm: 450.0,
            plate_diameter_said: false,
            plate_max_yaw_deg: Angle::from_degrees(25.0),
            stature_cm: None,
            seat_height_cm: None,
            block_height_cm: None,
        }
    }
}

/// A named set of limits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Profile {
    /// For learning the movement.
    Strict,
    /// Published means of trained lifters.
    #[default]
    Default,
    /// Flags only near the end of an average range (70 % of 60°).
    Relaxed,
}

/// Limits of all lifts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Limits {
    /// Squat and sit-to-chair. McKean 2010: mean range in descent 12.8° (women), 26° (men).
    pub squat: Limit,
    /// Deadlift. Bengtsson 2022, doi 10.26603/001c.37859: mean 33° at the floor.
    pub deadlift: Limit,
    /// RDL and good morning: no floor forces the back to bend.
    pub hinge: Limit,
    /// Arching, every lift: watch level. About half of the 29.5° mean extension range (Mitchell 2008).
    pub arch_watch_deg: Angle,
    /// Arching, every lift: left neutral.
    pub arch_leave_deg: Angle,
}

/// Rounding limits of one lift.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Limit {
    /// Watch from here.
    pub watch_deg: Angle,
    /// Left neutral from here.
    pub leave_deg: Angle,
    /// Watch from this much more than in the set-up (deadlift only).
    pub watch_over_set_up_deg: Option<Angle>,
    /// Left neutral from this much more than in the set-up (deadlift only): beyond the IMU change detectable of 8° (Aasa 2019).
    pub leave_over_set_up_deg: Option<Angle>,
}

impl Limit {
    const fn new(watch: f64, leave: f64) -> Self {
        Limit {
            watch_deg: Angle::from_degrees(watch),
            leave_deg: Angle::from_degrees(leave),
            watch_over_set_up_deg: None,
            leave_over_set_up_deg: None,
        }
    }

    const fn over_set_up(self, watch: f64, leave: f64) -> Self {
        Limit {
            watch_over_set_up_deg: Some(Angle::from_degrees(watch)),
            leave_over_set_up_deg: Some(Angle::from_degrees(leave)),
            ..self
        }
    }
}

impl Profile {
    /// The limits of this profile, as `docs/LIMITS.md` explains them.
    pub fn limits(self) -> Limits {
        let (squat, deadlift, hinge) = match self {
            Profile::Strict => (
                Limit::new(8.0, 14.0),
                Limit::new(20.0, 30.0).over_set_up(6.0, 9.0),
                Limit::new(12.0, 20.0),
            ),
            Profile::Default => (
                Limit::new(12.0, 20.0),
                Limit::new(30.0, 40.0).over_set_up(8.0, 12.0),
                Limit::new(20.0, 30.0),
            ),
            Profile::Relaxed => (
                Limit::new(30.0, 42.0),
                Limit::new(30.0, 42.0).over_set_up(12.0, 15.0),
                Limit::new(30.0, 42.0),
            ),
        };
        let arch_watch_deg = Angle::from_degrees(-10.0);
        let arch_leave_deg = Angle::from_degrees(-15.0);
        Limits {
            squat,
            deadlift,
            hinge,
            arch_watch_deg,
            arch_leave_deg,
        }
    }
}

impl Limits {
    /// The rounding limits of `kind`.
    pub fn of(&self, kind: LiftKind) -> Limit {
        match kind {
            LiftKind::Squat | LiftKind::SitToChair => self.squat,
            LiftKind::Deadlift => self.deadlift,
            LiftKind::Rdl | LiftKind::GoodMorning => self.hinge,
        }
    }
}

impl Settings {
    /// Where `kind` leaves neutral by rounding: the user's own limit, else the profile's.
    pub fn leave(&self, kind: LiftKind) -> Angle {
        self.limit_deg.unwrap_or(self.limits.of(kind).leave_deg)
    }

    /// Where `kind` is watched for rounding: never later than it leaves neutral.
    pub fn watch(&self, kind: LiftKind) -> Angle {
        self.limits.of(kind).watch_deg.min(self.leave(kind))
    }

    /// The level that flexion must stay above to count as past `limit` without a break.
    pub fn still_past(&self, limit: Angle) -> Angle {
        limit - self.hysteresis_deg
    }

    /// The settings of a profile.
    pub fn of(profile: Profile) -> Self {
        Settings {
            profile,
            lift: None,
            limit_deg: None,
            limits: profile.limits(),
            flag_probability: 0.8,
            watch_probability: 0.5,
            dwell_s: Seconds::new(0.2),
            hysteresis_deg: Angle::from_degrees(4.0),
            max_sd_deg: Angle::from_degrees(8.0),
            hopeless_sd_deg: hopeless_sd_deg(),
            max_yaw_deg: Angle::from_degrees(30.0),
            max_yaw_behind_deg: max_yaw_behind_deg(),
            min_seen_share: 0.6,
            min_seen_bent_share: min_seen_bent_share(),
            next_step: NextStepTable::default(),
            depth: DepthSettings::default(),
        }
    }

    /// Whether the camera is near enough to the side at this yaw, positive towards the lifter's front.
    pub fn judges_from(&self, yaw: Angle) -> bool {
        (-self.max_yaw_behind_deg..=self.max_yaw_deg).contains(&yaw)
    }
}

fn max_yaw_behind_deg() -> Angle {
    Angle::from_degrees(38.0)
}

fn min_seen_bent_share() -> f64 {
    0.5
}

fn hopeless_sd_deg() -> Angle {
    Angle::from_degrees(10.0)
}

impl Default for Settings {
    fn default() -> Self {
        Settings::of(Profile::Default)
    }
}
