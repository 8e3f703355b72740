//! The one integration binary.

mod cli;
mod made_up;
mod made_up_recording;
mod report;
