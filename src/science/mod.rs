//! From a recording to a report: pure, same input, same bytes; no clock, files, threads or printing.

pub mod back_line;
mod body;
mod filter;
pub mod look;
pub mod spine;
mod view;

pub use view::facing_side;
