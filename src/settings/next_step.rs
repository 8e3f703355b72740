//! The plan behind "What to do next": a table of rules in their order, and the numbers they use. The first rule whose
//! sign is seen decides; it is named in every report.
//!
//! The method is its users' own: lift only as far as the back stays neutral, go a little deeper when that holds, step back
//! when it does not. No study gives these numbers; each is a convention, and each can be changed.

use crate::units::Angle;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The rules and their numbers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct NextStepTable {
    /// The rules; the first whose sign is seen decides.
    pub rules: Vec<StepRule>,
    /// Sessions in a row at this height in which every rep held, before going deeper. 2: two sessions are less likely to
    /// hold by luck than one. Raising it slows the way down.
    pub sessions_before_deeper: u8,
    /// One step of blocks or seat, centimetres. 3: about a rubber mat or a plate laid flat. Raising it makes steps bolder.
    pub step_cm: f64,
    /// Discomfort above this is a stop sign, 0 to 10; the lifter's own to set. 3: up to here is commonly called mild.
    /// Rehabilitation of tendons allows 5 (Silbernagel 2007, doi 10.1177/0363546506298279). Raising it stops less.
    pub discomfort_limit: u8,
    /// Reps in a row that left neutral by rounding that are a stop sign. Raising it forgives more.
    pub leaves_in_a_row: u8,
    /// Rise of peak rounding from the first to the last rep that is a stop sign, when it is also beyond its interval.
    /// 8°: beyond the change that worn sensors can detect, up to 8° (Aasa 2019). Raising it forgives more.
    pub rise_over_set_deg: Angle,
    /// Share of reps that must have been judged for advice on depth, 0 to 1. 0.6: as of the frames of a rep. Raising it asks
    /// to film again more often.
    pub min_judged_share: f64,
    /// Heights this near are the same, centimetres: a tape measure beside a bar is no better.
    pub same_height_cm: f64,
    /// Squat depths this near are the same, thigh lengths: about what one camera tells apart.
    pub same_depth: f64,
}

/// One line of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct StepRule {
    /// What has to be seen.
    pub when: Sign,
    /// What follows.
    pub then: Step,
}

/// The directions of the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// One step deeper.
    GoDeeper,
    /// The same again.
    Hold,
    /// One step back.
    StepBack,
    /// No advice on depth before the set has been seen.
    FilmAgain,
}

/// What a rule looks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Sign {
    /// Discomfort over the lifter's own limit in this session.
    DiscomfortOverLimit,
    /// Several judged reps in a row left neutral by rounding.
    LeavesInARow,
    /// A rep left neutral by rounding, and so did one in the last session at this height.
    LeftAgain,
    /// Peak rounding rises over the set.
    RiseOverSet,
    /// Too few reps could be judged.
    NotEnoughSeen,
    /// A rep left neutral by rounding.
    LeftOnce,
    /// A rep left neutral by arching.
    Arched,
    /// A rep came near a limit.
    Close,
    /// Every judged rep held, and there is no deeper to go.
    HeldAtFloor,
    /// Every judged rep held in enough sessions in a row.
    HeldEnough,
    /// Every judged rep held.
    Held,
}

impl Sign {
    /// The rule's name, as in the JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Sign::DiscomfortOverLimit => "discomfort_over_limit",
            Sign::LeavesInARow => "leaves_in_a_row",
            Sign::LeftAgain => "left_again",
            Sign::RiseOverSet => "rise_over_set",
            Sign::NotEnoughSeen => "not_enough_seen",
            Sign::LeftOnce => "left_once",
            Sign::Arched => "arched",
            Sign::Close => "close",
            Sign::HeldAtFloor => "held_at_floor",
            Sign::HeldEnough => "held_enough",
            Sign::Held => "held",
        }
    }
}

/// Stop signs first, then whether enough was seen, then what holds a lifter here, then the way on.
const RULES: [(Sign, Step); 11] = [
    (Sign::DiscomfortOverLimit, Step::StepBack),
    (Sign::LeavesInARow, Step::StepBack),
    (Sign::LeftAgain, Step::StepBack),
    (Sign::RiseOverSet, Step::StepBack),
    (Sign::NotEnoughSeen, Step::FilmAgain),
    (Sign::LeftOnce, Step::Hold),
    (Sign::Arched, Step::Hold),
    (Sign::Close, Step::Hold),
    (Sign::HeldAtFloor, Step::Hold),
    (Sign::HeldEnough, Step::GoDeeper),
    (Sign::Held, Step::Hold),
];

impl Default for NextStepTable {
    fn default() -> Self {
        NextStepTable {
            rules: RULES.map(|(when, then)| StepRule { when, then }).into(),
            sessions_before_deeper: 2,
            step_cm: 3.0,
            discomfort_limit: 3,
            leaves_in_a_row: 2,
            rise_over_set_deg: Angle::from_degrees(8.0),
            min_judged_share: 0.6,
            same_height_cm: 1.0,
            same_depth: 0.1,
        }
    }
}
