//! First reading of a video: the clip's facts, and who is where, from a few frames a second.

use super::choose::{self, Sighting, Track};
use super::video::Video;
use super::{Networks, Options, container, without_plate};
use crate::error::{Error, Result};
use crate::recording::{Clip, PlatePlace};
use crate::units::Seconds;
use std::path::Path;

/// People are looked for this often ...
const SIGHTING_STEP_S: f64 = 0.33;
/// ... but at least this many times in a short clip, and at most [`MAX_SIGHTINGS`] times in a long one.
const MIN_SIGHTINGS: f64 = 12.0;
const MAX_SIGHTINGS: f64 = 600.0;

/// What the first reading found.
pub struct Scouted {
    /// The clip's facts.
    pub clip: Clip,
    sightings: Vec<Sighting>,
}

impl Scouted {
    /// Who lifts.
    pub fn lifter(&self, options: &Options) -> Result<Track> {
        let width_px = f64::from(self.clip.width_px);
        let lifter = choose::choose(&self.sightings, width_px, options.lifter_at);
        lifter.ok_or_else(|| self.nobody())
    }

    /// That there is none.
    pub fn nobody(&self) -> Error {
        Error::NoPerson {
            name: self.clip.name.clone(),
        }
    }
}

/// Reads the video, with `plates` painted over.
pub fn scout(
    path: &Path,
    plates: &[PlatePlace],
    networks: &mut dyn Networks,
    progress: &mut dyn FnMut(f64),
) -> Result<Scouted> {
    let mut video = Video::open(path)?;
    let promise = video.promise()?;
    let promised_s = (promise.frames / promise.frame_rate_hz).max(video.step_s());
    let step_s = SIGHTING_STEP_S
        .min(promised_s / MIN_SIGHTINGS)
        .max(promised_s / MAX_SIGHTINGS);
    let (mut sightings, mut size, mut frames, mut first, mut last) =
        (Vec::new(), (0, 0), 0u32, None, Seconds::default());
    let mut due_s = 0.0;
    while let Some(time) = video.grab()? {
        frames += 1;
        first.get_or_insert(time);
        last = time;
        if time.get() < due_s {
            continue;
        }
        due_s = time.get() + step_s - video.step_s() / 2.0;
        let picture = without_plate(time, video.picture()?, plates);
        size = (picture.width(), picture.height());
        sightings.push(Sighting {
            time,
            people: networks.people(&picture)?,
        });
        progress(time.get() / promised_s);
    }
    let span_s = (last - first.unwrap_or_default()).get();
    let mean_step_s = if frames > 1 {
        span_s / f64::from(frames - 1)
    } else {
        video.step_s()
    };
    let clip = Clip {
        name: file_name(path),
        duration_s: last + Seconds::new(mean_step_s),
        width_px: size.0.unsigned_abs(),
        height_px: size.1.unsigned_abs(),
        rotation_deg: promise.rotation_deg,
        codec: promise.codec,
        frame_rate_hz: crate::units::rounded(1.0 / mean_step_s, 1000.0),
        frames,
        content_sha256: None,
        lens_35mm_equivalent_mm: container::lens_35mm_equivalent_mm(path),
    };
    Ok(Scouted { clip, sightings })
}

/// The file's name without folders.
pub fn file_name(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}
