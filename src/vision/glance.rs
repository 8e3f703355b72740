//! A look at a few moments of a video, found by seeking: seconds of work however long the clip.
//!
//! At each moment everybody in the picture is followed through a short burst of frames; who the lifter is gets decided at the
//! end, from all moments, by the same rule as for a whole reading.

use super::choose::{Sighting, Track, choose};
use super::container;
use super::detector::Detection;
use super::network;
use super::picture::{Border, Picture, fault};
use super::pose;
use super::roi::{Affine, CROP_SIDE, Roi};
use super::video::Video;
use super::{BlazePose, Networks, Options, Watcher, file_name};
use crate::check::{BURST_FRAMES, BURST_STEP_S, Scenery, moments};
use crate::error::Result;
use crate::recording::{Clip, Frame, Header, Recording, SCHEMA};
use crate::units::{Seconds, rounded};
use opencv::core::{mean, no_array};
use std::path::Path;

/// At most so many people are followed at a moment, the surest first.
const MOST_PEOPLE: usize = 3;
/// Hips within this many body radii of where the lifter's should be are the lifter's: as far as in following.
const IN_PLACE_RADII: f64 = 0.8;
/// Side of the crop whose brightness is taken, pixels: coarse is enough.
const BRIGHTNESS_PX: usize = 64;

/// Everybody at one moment.
struct Moment {
    time: Seconds,
    people: Vec<Followed>,
    /// The frames of the burst, as they are without anybody.
    frames: Vec<Seconds>,
    /// Frames that the video has between the first and the last of the burst.
    passed: u32,
}

impl Moment {
    fn sightings(&self) -> Vec<Detection> {
        self.people.iter().map(|p| p.seen).collect()
    }

    /// Which of the people is the lifter: the one of the track, else the one in the lifter's place. Moments lie so far apart
    /// that bending over can break a track.
    fn whoever_is(&self, lifter: &Track) -> Option<usize> {
        let tracked = |p: &Followed| lifter.seen.contains(&(self.time, p.seen));
        let place = lifter.expected(self.time, Seconds::new(f64::INFINITY))?;
        let away = |k: &usize| {
            (self.people[*k].seen.anchor.hips - place.hips).length() / lifter.radius().max(1.0)
        };
        self.people.iter().position(tracked).or_else(|| {
            (0..self.people.len())
                .filter(|k| away(k) <= IN_PLACE_RADII)
                .min_by(|a, b| away(a).total_cmp(&away(b)))
        })
    }
}

/// The pictures of a moment, at least one.
struct Burst {
    pictures: Vec<(Seconds, Picture)>,
    passed: u32,
}

/// One person through a burst.
struct Followed {
    seen: Detection,
    frames: Vec<Frame>,
    brightness: f64,
}

/// The few frames of the lifter, without anybody when nobody is seen, and what else the pixels say. Errors when the file
/// cannot be read or a network is missing.
pub fn glance(path: &Path, options: &Options) -> Result<(Recording, Scenery)> {
    let mut networks = BlazePose::load(options.model)?;
    let mut video = Video::open(path)?;
    let promise = video.promise()?;
    let promised = Seconds::new((promise.frames / promise.frame_rate_hz).max(video.step_s()));
    let (seen, size) = look(&mut video, promised, &mut networks)?;
    let clip = Clip {
        name: file_name(path),
        duration_s: promised,
        width_px: size.0.unsigned_abs(),
        height_px: size.1.unsigned_abs(),
        rotation_deg: promise.rotation_deg,
        codec: promise.codec,
        frame_rate_hz: measured_rate_hz(&seen).unwrap_or(promise.frame_rate_hz),
        frames: promise.frames as u32,
        content_sha256: None,
        lens_35mm_equivalent_mm: container::lens_35mm_equivalent_mm(path),
    };
    let models = vec![
        network::DETECTION.id(),
        pose::network_file(options.model).id(),
    ];
    let (frames, scenery) = of_lifter(seen, &clip, options);
    let header = Header {
        schema: SCHEMA.into(),
        clip,
        models,
        version: env!("CARGO_PKG_VERSION").into(),
        plate_sightings: Vec::new(),
        plate_path: Vec::new(),
    };
    Ok((Recording { header, frames }, scenery))
}

/// Everybody at the moments of a video of this length, and the size of its pictures.
fn look(
    video: &mut Video,
    duration: Seconds,
    networks: &mut BlazePose,
) -> Result<(Vec<Moment>, (i32, i32))> {
    let (mut seen, mut size) = (Vec::<Moment>::new(), (0, 0));
    for moment in moments(duration) {
        // the container may promise more than it holds
        let Some((begin, picture)) = at(video, moment)? else {
            break;
        };
        size = (picture.width(), picture.height());
        let mut people = networks.people(&picture)?;
        if people.is_empty() {
            // the detector misses who is bent over; whoever stood there a while ago may still be there
            people = seen.last().map(Moment::sightings).unwrap_or_default();
        }
        let pictures = pictures(video, begin, picture)?;
        seen.push(burst(people, pictures, networks)?);
    }
    Ok((seen, size))
}

/// The first frame at or after `time`; `None` after the last.
fn at(video: &mut Video, time: Seconds) -> Result<Option<(Seconds, Picture)>> {
    video.seek(time)?;
    let early_s = video.step_s() / 2.0;
    while let Some(found) = video.grab()? {
        if found.get() >= time.get() - early_s {
            return Ok(Some((found, video.picture()?)));
        }
    }
    Ok(None)
}

/// Follows everybody seen at its begin through a burst.
fn burst(sightings: Vec<Detection>, burst: Burst, networks: &mut BlazePose) -> Result<Moment> {
    let (time, first) = &burst.pictures[0];
    let mut people = Vec::new();
    for seen in sightings.into_iter().take(MOST_PEOPLE) {
        let track = Track {
            seen: vec![(*time, seen)],
        };
        let mut watcher = Watcher::new(&track);
        let mut frames = Vec::new();
        for (time, picture) in &burst.pictures {
            let person = watcher.person(networks, *time, picture)?;
            frames.push(Frame {
                time_s: *time,
                person,
            });
        }
        let brightness = brightness(first, seen)?;
        people.push(Followed {
            seen,
            frames,
            brightness,
        });
    }
    let frames = burst.pictures.iter().map(|(time, _)| *time).collect();
    Ok(Moment {
        time: *time,
        people,
        frames,
        passed: burst.passed,
    })
}

/// Reads on from the first picture of a burst.
fn pictures(video: &mut Video, begin: Seconds, first: Picture) -> Result<Burst> {
    let mut burst = Burst {
        pictures: vec![(begin, first)],
        passed: 0,
    };
    let mut between = 0;
    while burst.pictures.len() < BURST_FRAMES as usize
        && let Some(time) = video.grab()?
    {
        between += 1;
        let due_s = begin.get() + BURST_STEP_S * burst.pictures.len() as f64;
        if time.get() >= due_s - video.step_s() / 2.0 {
            burst.passed += std::mem::take(&mut between);
            burst.pictures.push((time, video.picture()?));
        }
    }
    Ok(burst)
}

/// Frames a second within the bursts; `None` when no burst has two frames.
fn measured_rate_hz(seen: &[Moment]) -> Option<f64> {
    let passed: u32 = seen.iter().map(|m| m.passed).sum();
    let span = |m: &Moment| Some((*m.frames.last()? - *m.frames.first()?).get());
    let span_s: f64 = seen.iter().filter_map(span).sum();
    (span_s > 0.0).then(|| rounded(f64::from(passed) / span_s, 1000.0))
}

/// The frames of the one who is the lifter, and the scene.
fn of_lifter(seen: Vec<Moment>, clip: &Clip, options: &Options) -> (Vec<Frame>, Scenery) {
    let sighting = |m: &Moment| Sighting {
        time: m.time,
        people: m.sightings(),
    };
    let sightings: Vec<Sighting> = seen.iter().map(sighting).collect();
    let lifter = choose(&sightings, f64::from(clip.width_px), options.lifter_at);
    let people = seen.iter().map(|m| m.people.len()).max().unwrap_or(0) as u32;
    let (mut frames, mut brightness) = (Vec::new(), Vec::new());
    for moment in seen {
        let who = lifter.as_ref().and_then(|l| moment.whoever_is(l));
        match who.map(|k| &moment.people[k]) {
            Some(found) => {
                brightness.push(found.brightness);
                frames.extend(found.frames.iter().cloned());
            }
            None => frames.extend(moment.frames.iter().map(|&time_s| Frame {
                time_s,
                person: None,
            })),
        }
    }
    brightness.sort_by(f64::total_cmp);
    let brightness = brightness.get(brightness.len() / 2).copied();
    (frames, Scenery { people, brightness })
}

/// Mean brightness of the square about a body, 0 to 255.
fn brightness(picture: &Picture, seen: Detection) -> Result<f64> {
    let square = Roi::around(seen.anchor).image_from_crop();
    let scale = CROP_SIDE as f64 / BRIGHTNESS_PX as f64;
    let small = Affine {
        rows: square.rows.map(|[a, b, c]| [a * scale, b * scale, c]),
    };
    let crop = picture.crop(&small, BRIGHTNESS_PX, Border::Edge)?;
    let [blue, green, red, _] = mean(&crop, &no_array()).map_err(fault)?.0;
    // ITU-R BT.601
    Ok(0.114 * blue + 0.587 * green + 0.299 * red)
}
