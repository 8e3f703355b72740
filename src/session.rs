//! SEAM 2: the report of one set, plain data. `report.json` is this, serialised; every other output is drawn from it.
//!
//! Units are in the names. Positive flexion is rounding; zero is this lifter's own relaxed standing. A `null` always has
//! its reason beside it: in `missing` of the rep, in `reason` of the view or the reference, or as a caution.

mod neutral;
mod rep;
mod scale;

pub use neutral::{DepthMeasure, NeutralDepth, NeutralFinding};
pub use rep::{Proof, ProofKind, Rep, Tempo};
pub use scale::{Scale, ScaleSource};

use crate::diary::{NoteField, Ramp, SetNotes};
use crate::edits::Edit;
use crate::recording::{Clip, ModelId};
use crate::settings::{Settings, Step};
use crate::units::{Angle, Seconds};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Schema name of the document.
pub const SCHEMA: &str = "formcheck/report/1";

/// What was found in one clip.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SessionReport {
    /// Always [`SCHEMA`].
    pub schema: String,
    /// The video.
    pub clip: Clip,
    /// Which lift.
    pub lift: Lift,
    /// From where it was filmed.
    pub view: View,
    /// What zero flexion means in this report.
    pub reference: Reference,
    /// The reps in the order of their times, numbered from 1.
    pub reps: Vec<Rep>,
    /// The set as a whole.
    pub set: Set,
    /// What was wrong with the filming and what to change.
    pub cautions: Vec<Caution>,
    /// What a person corrected by hand, and what became of it.
    #[serde(default)]
    pub edits: Vec<Edit>,
    /// The lifter's own range, from an earlier calibration clip; `None` when there was none.
    #[serde(default)]
    pub own_range: Option<OwnRange>,
    /// What the user said about the set.
    #[serde(default)]
    pub notes: SetNotes,
    /// Which of the notes are those of the clip's own file: they go when they are taken out of it.
    #[serde(default)]
    pub notes_from_file: BTreeSet<NoteField>,
    /// The lifter's sessions of this lift before this one; `None` without a diary, or when this is the first.
    #[serde(default)]
    pub ramp: Option<Ramp>,
    /// Fingerprint of the clip of the session that the page compares this one with; `None` when it compares with none.
    #[serde(default)]
    pub compared_with: Option<String>,
    /// How large things are; `None` when nothing of known size was seen or given.
    #[serde(default)]
    pub scale: Option<Scale>,
    /// Why there is no scale.
    #[serde(default)]
    pub scale_reason: Option<String>,
    /// Every limit that was used.
    pub settings: Settings,
    /// The measures over time.
    pub track: Vec<TrackPoint>,
    /// Who made this; the only block that differs between two runs over the same clip.
    pub run: Run,
}

/// The kinds of lift that are told apart.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum LiftKind {
    /// Any squat with free bottom.
    Squat,
    /// A pull from the floor or from blocks, any stance.
    Deadlift,
    /// Romanian deadlift: starts and ends standing, bar in the hands, little knee bend.
    Rdl,
    /// The same hinge with the bar on the back.
    GoodMorning,
    /// A squat that ends on a seat.
    SitToChair,
}

/// Which lift, and how sure.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Lift {
    /// The kind.
    pub kind: LiftKind,
    /// 0 to 1; 1 when the user named it.
    pub confidence: f64,
}

/// The side of the lifter that the camera sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// The lifter's left side; the lifter faces the left edge of the picture.
    Left,
    /// The lifter's right side; the lifter faces the right edge of the picture.
    Right,
}

impl Side {
    /// Which way the lifter faces in the picture: 1 to the right, −1 to the left.
    pub fn faces(self) -> f64 {
        match self {
            Side::Left => -1.0,
            Side::Right => 1.0,
        }
    }
}

/// From where the lifter was filmed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct View {
    /// The side towards the camera.
    pub side: Side,
    /// How far the camera is off a pure side view: 0 = side on, positive = from in front, negative = from behind.
    pub yaw_deg: Option<Angle>,
    /// Standard uncertainty of the yaw.
    pub yaw_sd_deg: Option<Angle>,
    /// Why the yaw is not known, or not one that is judged.
    pub reason: Option<String>,
}

/// What flexion is measured from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReferenceKind {
    /// Median over relaxed-standing frames of this clip.
    Standing,
    /// Weaker: the most upright moments of the reps (lockout, top), since nobody stood still.
    Upright,
    /// None: an average person's standing was assumed.
    Population,
    /// Nothing to measure from; no lumbar flexion is given.
    Missing,
}

/// The zero of the flexion angles.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Reference {
    /// What it is.
    pub kind: ReferenceKind,
    /// Standard uncertainty of the zero.
    pub lumbar_flexion_sd_deg: Option<Angle>,
    /// Frames that went into it.
    pub frames: u32,
    /// A moment that shows it, for the picture.
    pub time_s: Option<Seconds>,
    /// Why it is weak or missing.
    pub reason: Option<String>,
}

/// The four answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Stayed below the watch limit, as far as can be seen.
    Held,
    /// Probably past the watch limit, or too near the limit to call.
    Close,
    /// Past the limit with probability of at least `settings.flag_probability`.
    LeftNeutral,
    /// Not seen well enough to say.
    CannotTell,
}

/// How far this lifter's lower back bends when asked to: measured once in a calibration clip.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OwnRange {
    /// Lumbar flexion at the end of a slow toe-touch.
    pub flexion_deg: Angle,
    /// Its standard uncertainty.
    pub flexion_sd_deg: Angle,
    /// Lumbar flexion at the end of a slow backward bend (negative); 0 when there was none.
    pub extension_deg: Angle,
}

impl OwnRange {
    /// Flexion as a share of the range, in whole percent; `None` for arching, which has its own end.
    pub fn percent(&self, flexion: Angle) -> Option<u32> {
        let share = flexion.degrees() / self.flexion_deg.degrees();
        (share > 0.0 && share.is_finite()).then(|| (100.0 * share).round() as u32)
    }
}

/// Which way the lower back left neutral.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Flexion.
    Rounded,
    /// Extension.
    Arched,
}

/// The set as a whole.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Set {
    /// "Set of 5 deadlifts: your lower back held in 3 reps and left neutral in 2."
    pub sentence: String,
    /// What to do next time, two lines at most.
    pub next_step: String,
    /// The rule that chose the next step, as in `settings.next_step`.
    pub next_step_rule: String,
    /// Which way the next step goes; `None` in reports of earlier versions.
    #[serde(default)]
    pub next_step_action: Option<Step>,
    /// How sure, in words.
    pub certainty: String,
    /// Reps with each verdict.
    pub held: u32,
    /// Reps too near the limit to call.
    pub close: u32,
    /// Reps that left neutral.
    pub left_neutral: u32,
    /// Reps that could not be judged.
    pub cannot_tell: u32,
    /// Change of peak lumbar flexion from rep to rep (least squares), degrees a rep; `None` under 3 measured reps.
    pub drift_deg_per_rep: Option<Angle>,
    /// Its standard uncertainty.
    pub drift_sd_deg_per_rep: Option<Angle>,
    /// Why there is no drift.
    pub drift_reason: Option<String>,
    /// How deep the lower back stays neutral in this set; `None` only in reports of versions that did not look.
    #[serde(default)]
    pub neutral_depth: Option<NeutralDepth>,
}

/// A problem with the filming.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Caution {
    /// Stable name, such as `yaw_wide`.
    pub code: String,
    /// What is wrong, one sentence.
    pub message: String,
    /// What to change, one sentence.
    pub remedy: String,
}

/// The measures of one frame; `None` where not measured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TrackPoint {
    /// Frame time.
    pub time_s: Seconds,
    /// Surface lumbar flexion from own standing.
    pub lumbar_flexion_deg: Option<Angle>,
    /// Its standard uncertainty.
    pub lumbar_flexion_sd_deg: Option<Angle>,
    /// Thoracic flexion from own standing.
    pub thoracic_flexion_deg: Option<Angle>,
    /// Hip-to-shoulder line from vertical, forward positive.
    pub trunk_inclination_deg: Option<Angle>,
    /// Thigh against trunk, 0 standing straight. Context only: never presented as lumbar flexion.
    pub hip_flexion_deg: Option<Angle>,
    /// Shank against thigh, 0 straight.
    pub knee_flexion_deg: Option<Angle>,
    /// Shank from vertical, forward positive.
    pub ankle_dorsiflexion_deg: Option<Angle>,
    /// Vertical hip drop ÷ thigh length.
    pub depth: Option<f64>,
    /// Wrist height above the ankles ÷ thigh length: stands for the bar in pulls.
    pub wrist_height: Option<f64>,
    /// Shoulder height above the ankles ÷ thigh length: stands for the depth of a hinge.
    #[serde(default)]
    pub shoulder_height: Option<f64>,
    /// How far the bar is above its lowest place, centimetres, from the plate that was followed; only with a plate's scale.
    #[serde(default)]
    pub bar_rise_cm: Option<f64>,
    /// Thigh against level: positive = the hips are higher than the knees. From heights alone, so that the camera's yaw and
    /// spread knees do not enter.
    #[serde(default)]
    pub thigh_above_level_deg: Option<Angle>,
    /// Rep number, when within one.
    pub rep: Option<u32>,
}

/// Who made the report, and how long it took.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Run {
    /// Version of formcheck.
    pub version: String,
    /// Networks used.
    pub models: Vec<ModelId>,
    /// Wall time of the whole analysis.
    pub elapsed_s: f64,
}
