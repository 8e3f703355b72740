//! Pure functions from a session report to bytes, one file a format.
