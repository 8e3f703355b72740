//! Video → [`Recording`]: people found, the lifter chosen and followed, landmarks and outline in upright image pixels.
//!
//! Two readings of the file. The first looks at a few frames a second for people and decides who lifts; the second
//! follows that person, and the plates of the bar. These are then followed anew through the whole video, since only all that
//! was seen of a plate tells its size. Once it is known which plate is in front of the lifter, [`record_behind`] reads the lifter anew
//! with that plate painted over. Decoding and inference overlap on two threads, a few frames apart, so memory does not grow
//! with the clip. The only room that says `opencv` or `ort`; a `Mat` never leaves it.

mod annotate;
mod choose;
mod container;
mod detector;
mod encode;
mod faces;
mod follow;
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
mod video;

pub use annotate::{Film, annotate, ready as encoder_ready};
pub use faces::Faces;
pub use glance::glance;
pub use pictures::{PictureRequest, pictures};

use crate::error::{Error, Result};
use crate::recording::{
    Clip, Frame, Header, ModelId, Person, PlatePlace, PlateSighting, Recording, SCHEMA,
};
use crate::skeleton::{HIPS, Joint, Pair, SHOULDERS};
use crate::units::{Point, Seconds};
use choose::{Sighting, Track};
use detector::{Detection, Detector};
use follow::Follower;
use picture::{Disc, Picture};
use plate::Seeker;
use pose::{Mask, Pose, PoseNetwork};
use roi::Roi;
use std::path::Path;
use std::sync::mpsc::{SyncSender, sync_channel};
use video::Video;

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

/// How far the reading is. The first reading counts as a part of the clip's length, so that the bar runs evenly.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Progress {
    /// Seconds of work done, in seconds of clip.
    pub done_s: f64,
    /// Seconds of work in all.
    pub total_s: f64,
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

/// Cost of the first reading, as a share of the second.
const SCOUT_SHARE: f64 = 0.25;
/// The trunk is looked at closely no more often than this: every second frame of a 30 Hz video. On rendered clips every
/// frame or every third gives the same error (4.6° near the side); all at 15 Hz gives 5.6°.
const CLOSER_STEP: Seconds = Seconds::new(0.06);
/// The look at the trunk shows a person from this probability. Low, since the network expects a whole body: on rendered
/// pictures the closer outline is the better one from 0.15.
const MIN_TRUNK_PRESENCE: f64 = 0.2;
/// People are looked for this often ...
const SIGHTING_STEP_S: f64 = 0.33;
/// ... but at least this many times in a short clip, and at most [`MAX_SIGHTINGS`] times in a long one.
const MIN_SIGHTINGS: f64 = 12.0;
const MAX_SIGHTINGS: f64 = 600.0;
/// Frames closer together than this are passed over: 40 poses a second follow any lift (60 Hz video gives 30).
const MIN_FRAME_STEP_S: f64 = 1.0 / 40.0;
/// Somebody followed for less than this in all was a mistake of the detector.
const MIN_FOLLOWED_S: f64 = 0.5;
/// The plate is painted over a little beyond its rim, as a share of its size.
const PAINTED: f64 = 1.04;
/// A place is of a frame when their times agree to this.
const SAME_TIME_S: f64 = 0.002;
/// Frames decoded ahead of inference. Each 1080p frame takes 6 MB.
const FRAMES_AHEAD: usize = 3;

/// Loads the networks of the usual model and names them: what has to be there before a video can be read.
pub fn ready() -> Result<Vec<ModelId>> {
    Detector::load()?;
    PoseNetwork::load(ModelChoice::Full)?;
    Ok(vec![network::DETECTION.id(), network::FULL.id()])
}

/// Reads the video at `path`: everything the science needs of it. Errors when the file cannot be read, a network is
/// missing, or nobody is in the video. `progress` is called about once a frame.
pub fn record(
    path: &Path,
    options: &Options,
    progress: &mut dyn FnMut(Progress),
) -> Result<Recording> {
    Video::open(path)?; // a file that cannot be read is told of before a network that is missing
    let mut networks = BlazePose::load(options.model)?;
    let scouted = scout(path, &[], &mut networks, progress)?;
    let lifter = scouted.lifter(options)?;
    let duration = scouted.clip.duration_s;
    let mut seen_to = seen_to(duration, progress);
    let mut seeker = Seeker::new(duration);
    let mut see = |time, picture: &Picture, person: Option<&Person>| {
        seeker.look(time, picture, person)?;
        seen_to(time);
        Ok(())
    };
    let frames = read_frames(path, &lifter, &[], &mut networks, &mut see)?;
    let plate_path = follow_plates(path, seeker.path, &seeker.sightings)?;
    let followed = frames.iter().filter(|frame| frame.person.is_some()).count();
    if (followed as f64) < MIN_FOLLOWED_S * frames.len() as f64 / duration.get() {
        return Err(scouted.nobody());
    }
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
    progress: &mut dyn FnMut(Progress),
) -> Result<Recording> {
    let mut networks = BlazePose::load(options.model)?;
    let scouted = scout(path, plates, &mut networks, progress)?;
    let Ok(lifter) = scouted.lifter(options) else {
        return Ok(recording.clone());
    };
    let mut seen_to = seen_to(scouted.clip.duration_s, progress);
    let mut see = |time, _: &Picture, _: Option<&Person>| {
        seen_to(time);
        Ok(())
    };
    let frames = read_frames(path, &lifter, plates, &mut networks, &mut see)?;
    Ok(Recording {
        header: recording.header.clone(),
        frames,
    })
}

/// Tells how far the second reading is.
fn seen_to(duration: Seconds, progress: &mut dyn FnMut(Progress)) -> impl FnMut(Seconds) {
    let scouted_s = duration.get() * SCOUT_SHARE;
    move |time| {
        progress(Progress {
            done_s: time.get() + scouted_s,
            total_s: duration.get() + scouted_s,
        })
    }
}

/// What the first reading found.
struct Scouted {
    clip: Clip,
    sightings: Vec<Sighting>,
}

impl Scouted {
    /// Who lifts.
    fn lifter(&self, options: &Options) -> Result<Track> {
        let width_px = f64::from(self.clip.width_px);
        let lifter = choose::choose(&self.sightings, width_px, options.lifter_at);
        lifter.ok_or_else(|| self.nobody())
    }

    fn nobody(&self) -> Error {
        Error::NoPerson {
            name: self.clip.name.clone(),
        }
    }
}

/// First reading: the clip's facts, and who was where.
fn scout(
    path: &Path,
    plates: &[PlatePlace],
    networks: &mut dyn Networks,
    progress: &mut dyn FnMut(Progress),
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
        let done_s = time.get().min(promised_s) * SCOUT_SHARE;
        progress(Progress {
            done_s,
            total_s: promised_s * (1.0 + SCOUT_SHARE),
        });
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
fn file_name(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
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
    let index = plates.partition_point(|p| p.time_s.get() < time.get() - SAME_TIME_S);
    let plate = plates
        .get(index)
        .filter(|p| p.time_s.get() <= time.get() + SAME_TIME_S);
    match plate {
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
) -> Result<Vec<PlatePlace>> {
    let mut plates = plates.anew();
    let mut pictures = sightings.chunk_by(|a, b| a.time_s == b.time_s).peekable();
    each_frame(path, |time, picture| {
        plates.follow(time, &picture)?;
        if let Some(sighted) = pictures.next_if(|sighted| sighted[0].time_s <= time) {
            plates.found_again(sighted);
        }
        Ok(())
    })?;
    plates.settle();
    Ok(plates.places())
}

/// Shows every frame worth looking at. A thread decodes ahead.
fn each_frame(path: &Path, mut see: impl FnMut(Seconds, Picture) -> Result<()>) -> Result<()> {
    let (sender, receiver) = sync_channel(FRAMES_AHEAD);
    std::thread::scope(|scope| {
        scope.spawn(move || decode(path, &sender));
        for decoded in receiver {
            let (time, picture) = decoded?;
            see(time, picture)?;
        }
        Ok(())
    })
}

/// Sends the frames worth looking at; ends early when nobody listens any more.
fn decode(path: &Path, sender: &SyncSender<Result<(Seconds, Picture)>>) {
    let send_all = || -> Result<()> {
        let mut video = Video::open(path)?;
        let mut due_s = f64::NEG_INFINITY;
        while let Some(time) = video.grab()? {
            if time.get() < due_s {
                continue;
            }
            due_s = time.get() + MIN_FRAME_STEP_S * 0.9;
            if sender.send(Ok((time, video.picture()?))).is_err() {
                break;
            }
        }
        Ok(())
    };
    if let Err(error) = send_all() {
        // Nobody listening means that inference failed, which is reported there.
        let _ = sender.send(Err(error));
    }
}

/// Watches one lifter: every frame for the whole body, some for the trunk.
struct Watcher<'a> {
    follower: Follower<'a>,
    closer_due: Seconds,
}

impl<'a> Watcher<'a> {
    fn new(lifter: &'a Track) -> Self {
        Watcher {
            follower: Follower::new(lifter),
            closer_due: Seconds::new(f64::NEG_INFINITY),
        }
    }

    /// The lifter in this frame, as the recording keeps it; times rise from call to call.
    fn person(
        &mut self,
        networks: &mut dyn Networks,
        time: Seconds,
        picture: &Picture,
    ) -> Result<Option<Person>> {
        let Some(pose) = self.follower.pose(networks, time, picture)? else {
            return Ok(None);
        };
        let place = |joint: Joint| pose.landmarks[joint.index()].at;
        let middle = |pair: Pair| place(pair.0).midpoint(place(pair.1));
        let (hips, shoulders) = (middle(HIPS), middle(SHOULDERS));
        let outline = |mask: &Mask| outline::outline(mask, hips, shoulders);
        let mut trunk_outline = Vec::new();
        if time.get() >= self.closer_due.get() {
            self.closer_due = time + CLOSER_STEP;
            let roi = Roi::of_trunk(pose.anchor, hips, shoulders);
            let trunk = networks.pose(picture, roi)?;
            let shown = trunk.presence >= MIN_TRUNK_PRESENCE;
            trunk_outline = outline(if shown { &trunk.mask } else { &pose.mask });
        }
        Ok(Some(Person {
            presence: pose.presence,
            outline: outline(&pose.mask),
            trunk_outline,
            landmarks: pose.landmarks,
            world: pose.world,
        }))
    }
}
