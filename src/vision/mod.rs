//! Video → [`Recording`]: people found, the lifter chosen and followed, landmarks and outline in upright image pixels.
//!
//! Three readings of the file. The first looks at a few frames a second for people and decides who lifts; the second follows
//! that person, and the plates of the bar; the third follows the plates anew, since only all that was seen of a plate tells its
//! size. Once it is known which plate is in front of the lifter, [`record_behind`] reads the lifter anew with that plate
//! painted over. Decoding and inference overlap on two threads, a few frames apart, so memory does not grow
//! with the clip. The only room that says `opencv` or `ort`; a `Mat` never leaves it.

mod annotate;
mod choose;
mod container;
mod detector;
mod encode;
mod faces;
mod follow;
mod frames;
mod glance;
mod network;
mod outline;
#[cfg(test)]
mod parity;
mod picture;
mod pictures;
mod plate;
mod pose;
mod roi;
mod scout;
mod video;
mod watcher;

pub use annotate::{Film, annotate, ready as encoder_ready};
pub use faces::Faces;
pub use glance::glance;
pub use pictures::{PictureRequest, pictures};

use crate::error::Result;
use crate::recording::{
    Frame, Header, ModelId, Person, PlatePlace, PlateSighting, Recording, SCHEMA,
};
use crate::units::{Point, Seconds};
use choose::Track;
use detector::{Detection, Detector};
use frames::each_frame;
use picture::{Disc, Picture};
use plate::Seeker;
use pose::{Pose, PoseNetwork};
use roi::Roi;
use scout::{file_name, scout};
use std::ops::Range;
use std::path::Path;
use video::Video;
use watcher::Watcher;

/// How a video is read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Options {
    /// Which landmark network.
    pub model: ModelChoice,
    /// Where the lifter is, when the user points; else decided from the whole clip.
    pub lifter_at: Option<LifterAt>,
}

/// The landmark networks: slower ones tremble less.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ModelChoice {
    /// Fastest.
    Lite,
    /// The default.
    #[default]
    Full,
    /// Least jitter, four times slower; made on request by `models/make.sh heavy`.
    Heavy,
}

/// A pointer at the lifter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LifterAt {
    /// Somewhere on the body, upright image pixels.
    pub at: Point,
    /// When; `None` means at any time.
    pub time: Option<Seconds>,
}

/// What the networks say: one implementation runs them, the tests have another.
trait Networks {
    /// Everybody in the picture.
    fn people(&mut self, picture: &Picture) -> Result<Vec<Detection>>;
    /// The pose inside the square.
    fn pose(&mut self, picture: &Picture, roi: Roi) -> Result<Pose>;
}

/// The real networks.
struct BlazePose {
    detector: Detector,
    landmarks: PoseNetwork,
}

impl BlazePose {
    fn load(model: ModelChoice) -> Result<Self> {
        Ok(BlazePose {
            detector: Detector::load()?,
            landmarks: PoseNetwork::load(model)?,
        })
    }
}

impl Networks for BlazePose {
    fn people(&mut self, picture: &Picture) -> Result<Vec<Detection>> {
        self.detector.people(picture)
    }

    fn pose(&mut self, picture: &Picture, roi: Roi) -> Result<Pose> {
        self.landmarks.pose(picture, roi)
    }
}

/// Shares of the work on a clip, about as three clips took it: the first reading, which seeks people in few frames; the second;
/// and the third, which decodes, follows rims, and seeks those that are lost.
const FIRST: Range<f64> = 0.0..0.08;
const SECOND: Range<f64> = 0.08..0.75;
const THIRD: Range<f64> = 0.75..1.0;
/// Somebody followed for less than this in all was a mistake of the detector.
const MIN_FOLLOWED_S: f64 = 0.5;
/// The plate is painted over a little beyond its rim, as a share of its size.
const PAINTED: f64 = 1.04;
/// Loads the networks of the usual model and names them: what has to be there before a video can be read.
pub fn ready() -> Result<Vec<ModelId>> {
    Detector::load()?;
    PoseNetwork::load(ModelChoice::Full)?;
    Ok(vec![network::DETECTION.id(), network::FULL.id()])
}

/// Reads the video at `path`: everything the science needs of it. Errors when the file cannot be read, a network is
/// missing, or nobody is in the video. `progress` is told about once a frame what share of the work is done.
pub fn record(path: &Path, options: &Options, progress: &mut dyn FnMut(f64)) -> Result<Recording> {
    Video::open(path)?; // a file that cannot be read is told of before a network that is missing
    let mut networks = BlazePose::load(options.model)?;
    let scouted = scout(path, &[], &mut networks, &mut part(FIRST, progress))?;
    let lifter = scouted.lifter(options)?;
    let duration = scouted.clip.duration_s;
    let mut seeker = Seeker::new(duration);
    let frames = {
        let mut second = part(SECOND, progress);
        let mut see = |time: Seconds, picture: &Picture, person: Option<&Person>| {
            seeker.look(time, picture, person)?;
            second(time / duration);
            Ok(())
        };
        read_frames(path, &lifter, &[], &mut networks, &mut see)?
    };
    let followed = frames.iter().filter(|frame| frame.person.is_some()).count();
    if (followed as f64) < MIN_FOLLOWED_S * frames.len() as f64 / duration.get() {
        return Err(scouted.nobody());
    }
    let mut third = part(THIRD, progress);
    let mut seen_to = |time: Seconds| third(time / duration);
    let plate_path = follow_plates(path, seeker.path, &seeker.sightings, &mut seen_to)?;
    let models = vec![
        network::DETECTION.id(),
        pose::network_file(options.model).id(),
    ];
    let header = Header {
        schema: SCHEMA.into(),
        clip: scouted.clip,
        models,
        version: env!("CARGO_PKG_VERSION").into(),
        plate_sightings: seeker.sightings,
        plate_path,
    };
    Ok(Recording { header, frames })
}

/// Reads the lifter in the video of a recording anew, with the plate in front painted over: networks take it for head or
/// trunk. `plates` are its places in the order of time. The recording comes back as it was when nobody is found then.
pub fn record_behind(
    plates: &[PlatePlace],
    path: &Path,
    options: &Options,
    recording: &Recording,
    progress: &mut dyn FnMut(f64),
) -> Result<Recording> {
    let mut networks = BlazePose::load(options.model)?;
    let scouted = scout(path, plates, &mut networks, &mut part(FIRST, progress))?;
    let Ok(lifter) = scouted.lifter(options) else {
        return Ok(recording.clone());
    };
    let mut second = part(SECOND, progress);
    let mut see = |time: Seconds, _: &Picture, _: Option<&Person>| {
        second(time / scouted.clip.duration_s);
        Ok(())
    };
    let frames = read_frames(path, &lifter, plates, &mut networks, &mut see)?;
    Ok(Recording {
        header: recording.header.clone(),
        frames,
    })
}

/// Tells the share of the whole work from that of a part.
fn part(part: Range<f64>, progress: &mut dyn FnMut(f64)) -> impl FnMut(f64) {
    move |share| progress(part.start + share.clamp(0.0, 1.0) * (part.end - part.start))
}

/// Second reading: the lifter in every frame, which is then shown to `see`.
fn read_frames(
    path: &Path,
    lifter: &Track,
    plates: &[PlatePlace],
    networks: &mut dyn Networks,
    see: &mut impl FnMut(Seconds, &Picture, Option<&Person>) -> Result<()>,
) -> Result<Vec<Frame>> {
    let mut watcher = Watcher::new(lifter);
    let mut frames = Vec::new();
    each_frame(path, |time_s, picture| {
        let picture = without_plate(time_s, picture, plates);
        let person = watcher.person(networks, time_s, &picture)?;
        see(time_s, &picture, person.as_ref())?;
        frames.push(Frame { time_s, person });
        Ok(())
    })?;
    Ok(frames)
}

/// The picture without the plate that is in front of the lifter then.
fn without_plate(time: Seconds, picture: Picture, plates: &[PlatePlace]) -> Picture {
    match PlatePlace::at_time(plates, time) {
        Some(plate) => picture.without(Disc {
            centre: plate.at,
            radius: 0.5 * PAINTED * plate.height_px,
        }),
        None => picture,
    }
}

/// Third reading: plates through the whole clip, once all that was seen of them is known.
fn follow_plates(
    path: &Path,
    plates: plate::Path,
    sightings: &[PlateSighting],
    seen_to: &mut dyn FnMut(Seconds),
) -> Result<Vec<PlatePlace>> {
    let mut plates = plates.anew();
    if plates.is_empty() {
        return Ok(Vec::new());
    }
    let mut pictures = sightings.chunk_by(|a, b| a.time_s == b.time_s).peekable();
    each_frame(path, |time, picture| {
        plates.follow(time, &picture)?;
        if let Some(sighted) = pictures.next_if(|sighted| sighted[0].time_s <= time) {
            plates.found_again(sighted);
        }
        seen_to(time);
        Ok(())
    })?;
    plates.settle();
    Ok(plates.places())
}
