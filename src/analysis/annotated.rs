//! The annotated video of a clip, beside its report.

use super::corrections::clip_beside;
use super::{Faces, Input, Progress, folder, input, video};
use crate::error::{Error, Result};
use crate::report::Files;
use crate::report::overlay::Reel;
use crate::session::SessionReport;
use std::path::Path;

/// Its name in a folder of results.
pub const VIDEO: &str = "annotated.mp4";

/// Writes the annotated video of `input` into its `folder` of results, unless it is there.
pub fn annotate(
    input: &Input,
    folder: &Path,
    faces: Faces,
    progress: &mut dyn FnMut(Progress),
) -> Result<()> {
    if folder.join(VIDEO).exists() {
        return Ok(());
    }
    let clip = match input {
        Input::Video(path) => path.clone(),
        Input::Recording(path) => {
            clip_beside(folder::home_of(path)).ok_or_else(|| Error::Usage {
                what: "an annotated video needs the clip, and a recording holds no picture".into(),
                hint: "Name the clip, or leave out --video.".into(),
            })?
        }
    };
    let report = folder::stored(folder)?;
    let recording = input::read_recording(&folder.join(folder::RECORDING))?;
    let reel = Reel::new(&report, &recording);
    let bytes = video::annotated(&clip, &reel, &recording, faces, progress)?;
    folder::write(folder, Files::from([(VIDEO.to_owned(), bytes)]))
}

/// Takes a video out of `folder` that says other than `report` does.
pub fn drop_stale(folder: &Path, report: &SessionReport) -> Result<()> {
    let path = folder.join(VIDEO);
    let agrees = |old: SessionReport| old.reps == report.reps && old.settings == report.settings;
    if !path.exists() || folder::stored(folder).is_ok_and(agrees) {
        return Ok(());
    }
    std::fs::remove_file(&path).map_err(|source| Error::Output { path, source })
}
