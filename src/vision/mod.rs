//! The only room that says `opencv` or runs a network.
