//! formcheck measures, rep by rep, how far the lower back rounds or arches in phone video of squats and deadlifts.
//!
//! ```text
//! phone.mov ──vision──▶ Recording ──science──▶ SessionReport ──report──▶ html · json · csv · svg
//!             opencv     (.jsonl)     pure        (serde)       pure
//! ```
//!
//! Two seams of plain data and three rooms; nothing flows back.

pub mod analysis;
pub mod error;
pub mod recording;
pub mod report;
pub mod science;
pub mod session;
pub mod settings;
pub mod skeleton;
pub mod units;
#[cfg(feature = "vision")]
pub mod vision;
