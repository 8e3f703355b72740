//! The bodies of the larger commands: arguments → work → what is printed.

pub mod compare;
pub mod export;
pub mod reps;
