//! The bodies of the larger commands.

pub mod diary;
#[cfg(feature = "history")]
pub mod history;
pub mod overview;
