//! The bodies of the larger commands: arguments → work → what is printed.

pub mod export;
pub mod reps;
