//! The one door to the vision room; without the feature it says so in one sentence.

use super::Plan;
use crate::check::Scenery;
use crate::error::Result;
use crate::recording::{ModelId, Recording};
use crate::report::Pictures;
use crate::report::overlay::Reel;
use crate::session::SessionReport;
use crate::units::{Point, Seconds};
use serde::{Deserialize, Serialize};
use std::path::Path;

/// How far the work on a video is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Progress {
    /// Share that is done, 0 to 1.
    pub share: f64,
    /// Whether the video is read once more, behind the plate in front of the lifter.
    pub behind_plate: bool,
}

/// Which networks read the video.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Detail {
    /// The full model.
    #[default]
    Usual,
    /// The heavy model: least jitter, about three times slower.
    Accurate,
}

/// Whether pictures and video show faces.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Faces {
    /// As filmed.
    #[default]
    Shown,
    /// Blurred, the lifter's and everybody's who is found.
    Blurred,
}

/// Where the lifter is.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct LifterAt {
    /// A place on the lifter, upright image pixels.
    pub at: Point,
    /// When; `None` means at any time.
    pub time_s: Option<Seconds>,
}

#[cfg(not(feature = "vision"))]
mod door {
    use super::*;
    use crate::error::Error;

    fn closed(path: &Path) -> Error {
        Error::BadInput {
            path: path.into(),
            what: "this build of formcheck reads recordings only, no video".into(),
            hint: "Give a recording.jsonl, or build with the default features.".into(),
        }
    }

    pub fn ready() -> Result<Vec<ModelId>> {
        Ok(Vec::new())
    }

    pub fn record(path: &Path, _: &Plan, _: &mut dyn FnMut(Progress)) -> Result<Recording> {
        Err(closed(path))
    }

    pub fn glance(path: &Path, _: Option<LifterAt>) -> Result<(Recording, Scenery)> {
        Err(closed(path))
    }

    pub fn encoder_ready() -> Result<()> {
        Ok(())
    }

    pub fn annotated(
        clip: &Path,
        _: &Reel,
        _: &Recording,
        _: Faces,
        _: &mut dyn FnMut(Progress),
    ) -> Result<Vec<u8>> {
        Err(closed(clip))
    }

    pub fn pictures(
        path: &Path,
        _: &mut SessionReport,
        _: &Recording,
        _: Faces,
    ) -> Result<Pictures> {
        Err(closed(path))
    }
}

#[cfg(feature = "vision")]
mod door {
    use super::*;
    use crate::error::Error;
    use crate::science;
    use crate::session::ProofKind;
    use crate::vision::{self, ModelChoice, Options, PictureRequest};

    /// Widths that keep the page of a long set under 3 MB: up to so many pictures, so wide.
    const WIDTHS: [(usize, u32); 3] = [(24, 480), (48, 400), (usize::MAX, 300)];

    pub fn ready() -> Result<Vec<ModelId>> {
        vision::ready()
    }

    pub fn record(
        path: &Path,
        plan: &Plan,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Recording> {
        let model = match plan.detail {
            Detail::Usual => ModelChoice::Full,
            Detail::Accurate => ModelChoice::Heavy,
        };
        let lifter_at = plan.lifter_at.map(pointer);
        let options = Options { model, lifter_at };
        read(path, &options, progress)
    }

    /// The video as a recording. Where a plate in front misled the reading, it is read once more behind that plate.
    pub fn read(
        path: &Path,
        options: &Options,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Recording> {
        let mut told = |share, behind_plate| {
            progress(Progress {
                share,
                behind_plate,
            })
        };
        let recording = vision::record(path, options, &mut |share| told(share, false))?;
        let plates = science::misleading_plate(&recording);
        if plates.is_empty() {
            return Ok(recording);
        }
        let mut second = |share| told(share, true);
        let behind = vision::record_behind(&plates, path, options, &recording, &mut second)?;
        Ok(match science::is_better(&behind, &recording, &plates) {
            true => behind,
            false => recording,
        })
    }

    /// A few moments of the video.
    pub fn glance(path: &Path, lifter_at: Option<LifterAt>) -> Result<(Recording, Scenery)> {
        let options = Options {
            model: ModelChoice::default(),
            lifter_at: lifter_at.map(pointer),
        };
        vision::glance(path, &options)
    }

    fn pointer(given: LifterAt) -> vision::LifterAt {
        vision::LifterAt {
            at: given.at,
            time: given.time_s,
        }
    }

    /// Cuts the pictures of all proofs in one pass, and names them in the report.
    pub fn pictures(
        path: &Path,
        report: &mut SessionReport,
        recording: &Recording,
        faces: Faces,
    ) -> Result<Pictures> {
        let proofs = || report.reps.iter().flat_map(|r| &r.proofs);
        let count = proofs().count();
        let width_px = WIDTHS
            .iter()
            .find(|(most, _)| count <= *most)
            .map_or(300, |(_, width)| *width);
        let wanted: Vec<_> = proofs()
            .map(|p| PictureRequest {
                time_s: p.time_s,
                crop_px: p.crop_px,
                width_px,
            })
            .collect();
        let hide_faces = (faces == Faces::Blurred).then_some(recording);
        let jpegs = vision::pictures(path, &wanted, hide_faces)?;
        let mut pictures = Pictures::new();
        let named = report.reps.iter_mut().flat_map(|r| {
            let number = r.number;
            r.proofs.iter_mut().map(move |p| (number, p))
        });
        for ((number, proof), jpeg) in named.zip(jpegs) {
            let name = format!("crops/rep-{number:02}-{}.jpg", name_of(proof.kind));
            proof.picture = Some(name.clone());
            pictures.insert(name, jpeg);
        }
        Ok(pictures)
    }

    /// Whether a video can be written at all.
    pub fn encoder_ready() -> Result<()> {
        vision::encoder_ready()
    }

    /// The annotated video, as bytes.
    pub fn annotated(
        clip: &Path,
        reel: &Reel,
        recording: &Recording,
        faces: Faces,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Vec<u8>> {
        let faces = match faces {
            Faces::Shown => None,
            Faces::Blurred => Some(vision::Faces::find(clip, recording, None)?),
        };
        let film = vision::Film { clip, reel, faces };
        // apart from the results: ffmpeg needs a file, and a run cut short leaves nothing beside them
        let failed = |source| Error::Output {
            path: "the annotated video".into(),
            source,
        };
        let workshop = tempfile::Builder::new()
            .prefix(".formcheck-")
            .tempdir()
            .map_err(failed)?;
        let path = workshop.path().join("annotated.mp4");
        vision::annotate(&film, &path, &mut |time| {
            progress(Progress {
                share: time / recording.header.clip.duration_s,
                behind_plate: false,
            })
        })?;
        std::fs::read(&path).map_err(failed)
    }

    fn name_of(kind: ProofKind) -> &'static str {
        match kind {
            ProofKind::Start => "start",
            ProofKind::Onset => "onset",
            ProofKind::Worst => "worst",
            ProofKind::Turn => "turn",
        }
    }
}

/// The networks a video is read with, loaded and checked; none in a build without the feature.
pub fn networks() -> Result<Vec<ModelId>> {
    door::ready()
}

#[cfg(feature = "vision")]
pub use door::read;
pub(super) use door::{annotated, encoder_ready, glance, pictures, record};
