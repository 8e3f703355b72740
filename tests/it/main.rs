//! The one integration binary; one module a room.

#![allow(
    clippy::unwrap_used,
    reason = "a test may stop at the first surprise; lints only exempt functions marked as tests"
)]

mod check;
mod cli;
mod compare;
mod compare_page;
mod edits;
mod exports;
mod folders;
mod golden;
#[cfg(feature = "history")]
mod history;
mod made_up;
mod neutral;
mod next_step;
mod report;
mod science;
#[cfg(feature = "vision")]
mod sharing;
mod synthetic_lifter;
mod synthetic_lifts;
#[cfg(feature = "vision")]
mod vision;
