//! The report room: pure functions from a [`SessionReport`](crate::session::SessionReport) to bytes, one file a format.
//! Nothing here knows a path, a clock or a video; pictures come in as JPEG bytes by name.

pub mod check;
pub mod compare;
mod compare_page;
pub mod csv;
pub mod depth_block;
mod edited;
pub mod explain;
mod html;
pub mod json;
mod limits;
pub mod mot;
mod notes_block;
pub mod openpose;
pub mod overlay;
pub mod overview;
mod picture;
mod picture_budget;
mod plan;
mod plot;
pub mod ramp;
pub mod sessions;
mod set_block;
pub mod terminal;
pub mod trc;
mod weeks_block;
mod words;

pub use compare_page::{Illustrated, Pair, html as comparison_page};
pub use html::html;

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// JPEG bytes by the file name that a proof carries in `picture`.
pub type Pictures = Files;

/// Bytes by file name.
pub type Files = BTreeMap<String, Vec<u8>>;

/// For whom the page is written. The data is the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// Plain words.
    #[default]
    Lifter,
    /// The field's terms, and the table of reps open.
    Coach,
}
