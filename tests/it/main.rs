//! One integration binary; one module a room.

#[cfg(feature = "vision")]
mod vision;
