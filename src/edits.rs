//! What a person corrected by hand: reps dropped, merged, re-timed, tagged. Plain data, kept in `CLIP.formcheck.toml`
//! beside the clip and told again in the report.
//!
//! An edit names its rep by a moment within it, not by its number, so that it still means the same movement when reps
//! are found differently later.

use crate::units::Seconds;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One correction, as written. What is `None` or empty is left as it was found.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RepEdit {
    /// A moment within the rep as it was found; the program writes its turn.
    pub at_s: Seconds,
    /// This is no rep: it is listed, and not judged.
    #[serde(default, skip_serializing_if = "is_false")]
    pub drop: bool,
    /// A moment within another rep that is the same one: the two, and what lies between them, are one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merge_with_s: Option<Seconds>,
    /// When it begins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start_s: Option<Seconds>,
    /// Its bottom or lockout.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub turn_s: Option<Seconds>,
    /// When it ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end_s: Option<Seconds>,
    /// Words about this rep.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Words to find reps by.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
}

/// A correction and what became of it. Exactly one of `rep`, `dropped` and `unmatched` is there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Edit {
    /// As written.
    pub written: RepEdit,
    /// The rep of this report that it changed.
    pub rep: Option<u32>,
    /// The rep that it dropped.
    pub dropped: Option<Dropped>,
    /// Why it changed nothing.
    pub unmatched: Option<String>,
    /// What it did, one sentence.
    pub sentence: String,
}

/// When a rep was that is no longer one.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Dropped {
    /// Its beginning.
    pub start_s: Seconds,
    /// Its bottom or lockout.
    pub turn_s: Seconds,
    /// Its end.
    pub end_s: Seconds,
}

impl RepEdit {
    /// An edit of the rep at this moment that changes nothing yet.
    pub fn at(at_s: Seconds) -> Self {
        RepEdit {
            at_s,
            ..RepEdit::default()
        }
    }

    /// Whether it gives the rep new times.
    pub fn retimes(&self) -> bool {
        self.start_s.is_some() || self.turn_s.is_some() || self.end_s.is_some()
    }

    /// Whether it only says something about the rep.
    pub fn only_says(&self) -> bool {
        !self.drop && self.merge_with_s.is_none() && !self.retimes()
    }
}

fn is_false(value: &bool) -> bool {
    !value
}
