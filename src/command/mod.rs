//! The bodies of the larger commands: arguments → work → what is printed.

#[cfg(feature = "history")]
pub mod calibrate;
pub mod check;
pub mod compare;
pub mod diary;
pub mod export;
#[cfg(feature = "history")]
pub mod history;
pub mod overview;
pub mod reps;
