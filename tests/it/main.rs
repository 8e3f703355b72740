//! The one integration binary.

mod cli;
mod made_up;
mod report;
