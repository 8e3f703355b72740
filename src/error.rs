//! Errors by whose fault they are. Each says what and where, and hints what to do; `main` turns it into an exit code.

use std::path::PathBuf;

/// Result with our error.
pub type Result<T> = std::result::Result<T, Error>;

/// Everything that can stop a run.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The input cannot be read, or is not what it should be.
    #[error("cannot read {path}: {what}")]
    BadInput {
        /// What was given.
        path: PathBuf,
        /// What is wrong with it.
        what: String,
        /// What to do.
        hint: String,
    },
    /// A recording is damaged.
    #[error("{name}, line {line}: {what}")]
    BadRecording {
        /// File name.
        name: String,
        /// Line number, from 1.
        line: usize,
        /// What is wrong.
        what: String,
    },
    /// The video was read, but nobody is in it.
    #[error("no person found in {name}")]
    NoPerson {
        /// Clip name.
        name: String,
    },
    /// Somebody is there, but nobody lifts.
    #[error("no squat or deadlift found in {name}")]
    NoReps {
        /// Clip name.
        name: String,
        /// What was seen instead.
        what: String,
    },
    /// The flags contradict each other or the state of the disk.
    #[error("{what}")]
    Usage {
        /// What is wrong.
        what: String,
        /// What to do.
        hint: String,
    },
    /// The inference runtime, a model file or a program is missing or not the one expected.
    #[error("{what}")]
    Model {
        /// What is missing.
        what: String,
        /// The command that mends it.
        hint: String,
    },
    /// A result cannot be written.
    #[error("cannot write {path}: {source}")]
    Output {
        /// Where to.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// The diary of sessions cannot be opened, read or written.
    #[error("the diary {path} failed: {what}")]
    History {
        /// Its file.
        path: PathBuf,
        /// What went wrong.
        what: String,
        /// What to do.
        hint: String,
    },
    /// Our own fault.
    #[error("internal error: {0}")]
    Internal(String),
}

impl Error {
    /// What the user can do about it, one sentence.
    pub fn hint(&self) -> String {
        match self {
            Error::BadInput { hint, .. }
            | Error::Usage { hint, .. }
            | Error::Model { hint, .. }
            | Error::History { hint, .. } => hint.clone(),
            Error::BadRecording { .. } => "Make the recording again from the video: formcheck analyze CLIP --force".into(),
            Error::NoPerson { .. } => "Film the whole body from the side, 3 to 4 m away, in good light.".into(),
            Error::NoReps { .. } => {
                "Film at least one whole rep from the side; if this is a lift, name it with --lift squat or --lift deadlift.".into()
            }
            Error::Output { .. } => "Check free space and permissions, or choose another folder with --out.".into(),
            Error::Internal(_) => "Please report this with the recording.jsonl (it holds no picture).".into(),
        }
    }

    /// Exit code of the program: 2 usage, 3 input, 4 nothing to judge, 5 ours or the machine's.
    pub fn exit_code(&self) -> u8 {
        match self {
            Error::Usage { .. } => 2,
            Error::BadInput { .. } | Error::BadRecording { .. } => 3,
            Error::NoPerson { .. } | Error::NoReps { .. } => 4,
            Error::Model { .. }
            | Error::Output { .. }
            | Error::History { .. }
            | Error::Internal(_) => 5,
        }
    }
}
