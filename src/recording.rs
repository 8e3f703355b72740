//! SEAM 1: what the camera saw, without a pixel. One JSON line for the header, then one a frame.
//!
//! Everything `science` needs is here, so a recording stands in for the video everywhere: limits are re-tried in
//! milliseconds, tests need no video, and a bug report is a text file with no face in it.

use crate::error::{Error, Result};
use crate::skeleton::{Joint, LANDMARKS, Pair};
use crate::units::{Point, Seconds, rounded};
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::io::{BufRead, Write};

/// Schema name in the header line.
pub const SCHEMA: &str = "formcheck/recording/1";

/// A clip as the science sees it: facts of the video, and frames in the order of their times.
#[derive(Clone, Debug, PartialEq)]
pub struct Recording {
    /// Facts of the video and of what read it.
    pub header: Header,
    /// The frames that were looked at, times strictly rising. Not necessarily every frame of the video.
    pub frames: Vec<Frame>,
}

/// First line of a recording.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Header {
    /// Always [`SCHEMA`].
    pub schema: String,
    /// The video.
    pub clip: Clip,
    /// The networks that made the landmarks and the mask.
    pub models: Vec<ModelId>,
    /// Version of formcheck that wrote the recording.
    pub version: String,
    /// Where plates were seen about the hands, in still moments; empty in older recordings.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub plate_sightings: Vec<PlateSighting>,
    /// Where their centres were from frame to frame, as far as they could be followed, plate after plate: those of both ends of
    /// the bar, and perhaps of the room. Empty in older recordings.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub plate_path: Vec<PlatePlace>,
}

/// A plate that is followed, in one frame, upright image pixels. Written as `[time_s, x, y, height_px]`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PlatePlace {
    /// Frame time.
    pub time_s: Seconds,
    /// Its centre.
    pub at: Point,
    /// Height of its rim there.
    pub height_px: f64,
}

/// A place is of a frame when their times agree to this: some were written down in tenths of a millisecond.
const SAME_TIME_S: f64 = 0.002;

impl PlatePlace {
    /// The one of `places`, which are in the order of time, that is of the frame at `time`.
    pub fn at_time(places: &[PlatePlace], time: Seconds) -> Option<&PlatePlace> {
        let next = places.partition_point(|p| p.time_s.get() < time.get() - SAME_TIME_S);
        let place = places.get(next);
        place.filter(|p| p.time_s.get() <= time.get() + SAME_TIME_S)
    }
}

/// The rim of a plate in one frame: an ellipse whose axes are upright and level, upright image pixels.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlateSighting {
    /// Frame time.
    pub time_s: Seconds,
    /// Its centre.
    pub at: Point,
    /// Its width, shortened by the camera's yaw.
    pub width_px: f64,
    /// Its height.
    pub height_px: f64,
    /// Share of the rim that was seen as an edge, 0 to 1.
    pub coverage: f64,
}

/// Facts of the video file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Clip {
    /// File name without folders.
    pub name: String,
    /// Time of the last frame, plus one frame.
    pub duration_s: Seconds,
    /// Width of the upright image, pixels.
    pub width_px: u32,
    /// Height of the upright image, pixels.
    pub height_px: u32,
    /// Clockwise turn that makes the stored picture upright: 0, 90, 180 or 270.
    pub rotation_deg: u32,
    /// Four-letter code of the video stream, such as `h264` or `hevc`.
    pub codec: String,
    /// Mean frame rate over the clip; times come from each frame's own timestamp, never from this.
    pub frame_rate_hz: f64,
    /// Frames in the video.
    pub frames: u32,
    /// SHA-256 of the video file, hexadecimal; of the recording when it was made without noting the video's. The same
    /// content is the same set, whatever the file is called. `None` in reports of before this was kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_sha256: Option<String>,
    /// Focal length of the lens as on 35 mm film, when the phone wrote it into the file, millimetres.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lens_35mm_equivalent_mm: Option<f64>,
}

impl Clip {
    /// What the same set is known by: the content hash, else a hash of these facts.
    pub fn identity(&self) -> String {
        self.content_sha256.clone().unwrap_or_else(|| {
            let facts = serde_json::to_vec(self).unwrap_or_default();
            sha256(facts.as_slice()).unwrap_or_default()
        })
    }
}

/// SHA-256 of all that `input` gives, hexadecimal.
pub fn sha256(mut input: impl std::io::Read) -> std::io::Result<String> {
    use sha2::{Digest, Sha256};
    let mut hash = Sha256::new();
    let mut piece = vec![0; 1 << 16];
    loop {
        match input.read(&mut piece)? {
            0 => break,
            length => hash.update(&piece[..length]),
        }
    }
    Ok(hash.finalize().iter().map(|b| format!("{b:02x}")).collect())
}

/// Name and checksum of a network file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ModelId {
    /// File name.
    pub name: String,
    /// SHA-256 of the file, hexadecimal.
    pub sha256: String,
}

/// One frame that was looked at.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Frame {
    /// Presentation time.
    pub time_s: Seconds,
    /// The lifter, or `None` when the network found nobody at the lifter's place.
    pub person: Option<Person>,
}

/// What the network said of the lifter in one frame.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Person {
    /// Probability, 0 to 1, that the crop shows a person.
    pub presence: f64,
    /// The 33 landmarks in upright image pixels, raw (unsmoothed).
    pub landmarks: Vec<Landmark>,
    /// The 33 landmarks in metres about the mid-hip: x right, y down, z away from the camera.
    pub world: Vec<World>,
    /// The edge of the person mask: closed rings of points in upright image pixels, outer ring first, then holes.
    pub outline: Vec<Vec<EdgePoint>>,
    /// The same edge from a closer look at the trunk, finer, cut off about the knees. Taken some ten times a second;
    /// empty in between, and in older recordings.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub trunk_outline: Vec<Vec<EdgePoint>>,
}

/// A landmark in the image.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Landmark {
    /// Place in upright image pixels; may lie outside the picture.
    pub at: Point,
    /// Depth in the same pixels, about 0 at mid-hip, smaller nearer the camera. Coarse.
    pub depth: f64,
    /// Probability, 0 to 1, that the landmark is in the picture and not hidden.
    pub visibility: f64,
}

/// A landmark in metres, origin mid-hip.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct World {
    /// Metres to the right of the picture.
    pub x: f64,
    /// Metres down.
    pub y: f64,
    /// Metres away from the camera.
    pub z: f64,
}

/// A point on the edge of the mask.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EdgePoint {
    /// Place in upright image pixels, sub-pixel.
    pub at: Point,
    /// How sharply the mask falls off there, 0 (a smear) to 1 (as sharp as the network can).
    pub sharpness: f64,
}

impl Person {
    /// The landmark of `joint`.
    pub fn landmark(&self, joint: Joint) -> Landmark {
        self.landmarks[joint.index()]
    }

    /// The finest outline of the trunk that there is.
    pub fn finest_outline(&self) -> &[Vec<EdgePoint>] {
        if self.trunk_outline.is_empty() {
            &self.outline
        } else {
            &self.trunk_outline
        }
    }

    /// Half way between the left and the right landmark of a pair.
    pub fn middle(&self, pair: Pair) -> Point {
        self.landmark(pair.0).at.midpoint(self.landmark(pair.1).at)
    }

    /// From the left to the right one of a pair in the floor plane, metres: to the right of the picture and away from the camera.
    pub fn across(&self, pair: Pair) -> Point {
        let [left, right] = [pair.0, pair.1].map(|joint| &self.world[joint.index()]);
        Point::new(right.x - left.x, right.z - left.z)
    }
}

impl Recording {
    /// Whether the trunk was looked at closely in some frames: those are then the ones to measure.
    pub fn looked_closer(&self) -> bool {
        let mut people = self.frames.iter().filter_map(|f| f.person.as_ref());
        people.any(|p| !p.trunk_outline.is_empty())
    }

    /// Writes JSON lines: the header, then one line a frame.
    pub fn write(&self, mut out: impl Write) -> std::io::Result<()> {
        serde_json::to_writer(&mut out, &self.header)?;
        writeln!(out)?;
        for frame in &self.frames {
            serde_json::to_writer(&mut out, frame)?;
            writeln!(out)?;
        }
        Ok(())
    }

    /// Reads JSON lines. Errors name the line at fault; `name` is how messages call the input.
    pub fn read(input: impl BufRead, name: &str) -> Result<Self> {
        let bad = |line: usize, what: String| Error::BadRecording {
            name: name.into(),
            line,
            what,
        };
        let mut lines = input.lines().enumerate();
        let (_, first) = lines
            .next()
            .ok_or_else(|| bad(1, "the file is empty".into()))?;
        let first = first.map_err(|e| bad(1, e.to_string()))?;
        let header: Header = serde_json::from_str(&first).map_err(|e| bad(1, e.to_string()))?;
        if header.schema != SCHEMA {
            return Err(bad(
                1,
                format!("schema is {:?}, expected {SCHEMA:?}", header.schema),
            ));
        }
        let mut frames: Vec<Frame> = Vec::new();
        for (index, line) in lines {
            let line = line.map_err(|e| bad(index + 1, e.to_string()))?;
            let frame: Frame =
                serde_json::from_str(&line).map_err(|e| bad(index + 1, e.to_string()))?;
            let lengths = frame
                .person
                .as_ref()
                .map(|p| (p.landmarks.len(), p.world.len()));
            if lengths.is_some_and(|l| l != (LANDMARKS, LANDMARKS)) {
                return Err(bad(
                    index + 1,
                    format!("a person has {LANDMARKS} landmarks, here {lengths:?}"),
                ));
            }
            if frames
                .last()
                .is_some_and(|last| last.time_s >= frame.time_s)
            {
                return Err(bad(index + 1, "frame times must rise".into()));
            }
            frames.push(frame);
        }
        Ok(Recording { header, frames })
    }
}

impl Serialize for Landmark {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        let Landmark {
            at,
            depth,
            visibility,
        } = self;
        [
            rounded(at.x, 100.0),
            rounded(at.y, 100.0),
            rounded(*depth, 10.0),
            rounded(*visibility, 1000.0),
        ]
        .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Landmark {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        <[f64; 4]>::deserialize(deserializer).map(|[x, y, depth, visibility]| Landmark {
            at: Point::new(x, y),
            depth,
            visibility,
        })
    }
}

impl Serialize for PlatePlace {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        [
            rounded(self.time_s.get(), 1e4),
            rounded(self.at.x, 100.0),
            rounded(self.at.y, 100.0),
            rounded(self.height_px, 10.0),
        ]
        .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for PlatePlace {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        <[f64; 4]>::deserialize(deserializer).map(|[time_s, x, y, height_px]| PlatePlace {
            time_s: Seconds::new(time_s),
            at: Point::new(x, y),
            height_px,
        })
    }
}

impl Serialize for World {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        [self.x, self.y, self.z]
            .map(|v| rounded(v, 1e4))
            .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for World {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        <[f64; 3]>::deserialize(deserializer).map(|[x, y, z]| World { x, y, z })
    }
}

impl Serialize for EdgePoint {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        [
            rounded(self.at.x, 10.0),
            rounded(self.at.y, 10.0),
            rounded(self.sharpness, 100.0),
        ]
        .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for EdgePoint {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        <[f64; 3]>::deserialize(deserializer).map(|[x, y, sharpness]| EdgePoint {
            at: Point::new(x, y),
            sharpness,
        })
    }
}
