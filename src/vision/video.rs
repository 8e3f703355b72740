//! Video file → upright frames with true times. The only file that opens a video.
//!
//! OpenCV's own turning is switched off, since it turns ±90° clips upside down in 4.6; the turn is read and done here.

use super::container;
use super::picture::{Picture, fault};
use crate::error::Result;
use crate::units::Seconds;
use opencv::core::{self, LogLevel, Mat};
use opencv::videoio::{self, VideoCapture, VideoCaptureTrait, VideoCaptureTraitConst};
use std::path::{Path, PathBuf};

/// An open video, read from its first frame to its last.
pub struct Video {
    capture: VideoCapture,
    path: PathBuf,
    turn: Turn,
    clock: Clock,
}

/// What the container says; frame count and length are promises, not facts.
#[derive(Clone, Debug, PartialEq)]
pub struct Promise {
    /// Frames.
    pub frames: f64,
    /// Mean frame rate.
    pub frame_rate_hz: f64,
    /// Codec, such as `h264`.
    pub codec: String,
    /// Clockwise turn that makes the stored picture upright, degrees.
    pub rotation_deg: u32,
}

/// Clockwise turn that makes the stored picture upright.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Turn {
    None,
    Quarter,
    Half,
    ThreeQuarters,
}

impl Video {
    /// Opens the video at `path`. Errors say in one sentence why it cannot be read.
    pub fn open(path: &Path) -> Result<Self> {
        container::check(path)?;
        core::set_log_level(LogLevel::LOG_LEVEL_SILENT).map_err(fault)?;
        let capture = VideoCapture::from_file(path, videoio::CAP_FFMPEG).map_err(fault)?;
        if !capture.is_opened().map_err(fault)? {
            return Err(container::bad(
                path,
                "it is not a video that can be decoded",
            ));
        }
        let mut video = Video {
            capture,
            path: path.into(),
            turn: Turn::None,
            clock: Clock::default(),
        };
        video
            .capture
            .set(videoio::CAP_PROP_ORIENTATION_AUTO, 0.0)
            .map_err(fault)?;
        video.turn = stored_turn(video.property(videoio::CAP_PROP_ORIENTATION_META)? as i32);
        let frame_rate_hz = video.property(videoio::CAP_PROP_FPS)?;
        video.clock.step_s = if frame_rate_hz > 0.0 {
            1.0 / frame_rate_hz
        } else {
            FALLBACK_STEP_S
        };
        Ok(video)
    }

    /// What the container says.
    pub fn promise(&self) -> Result<Promise> {
        let code = (self.property(videoio::CAP_PROP_FOURCC)? as u32).to_le_bytes();
        let code: String = code
            .iter()
            .map(|&byte| char::from(byte))
            .filter(char::is_ascii_graphic)
            .collect();
        let codec = match code.to_ascii_lowercase().as_str() {
            "avc1" | "avc3" | "x264" => "h264".into(),
            "hvc1" | "hev1" | "x265" => "hevc".into(),
            other => other.to_owned(),
        };
        let rotation_deg = match self.turn {
            Turn::None => 0,
            Turn::Quarter => 90,
            Turn::Half => 180,
            Turn::ThreeQuarters => 270,
        };
        let frames = self.property(videoio::CAP_PROP_FRAME_COUNT)?.max(0.0);
        Ok(Promise {
            frames,
            frame_rate_hz: 1.0 / self.clock.step_s,
            codec,
            rotation_deg,
        })
    }

    /// Goes on from about `time`, forwards only: as near as the container's mean rate tells. Files that cannot be sought in go
    /// on from where they are. [`Video::grab`] then says where that is.
    pub fn seek(&mut self, time: Seconds) -> Result<()> {
        let place_ms = time.get() * 1000.0;
        let sought = self.capture.set(videoio::CAP_PROP_POS_MSEC, place_ms);
        sought.map(drop).map_err(fault)
    }

    /// Moves to the next frame without converting it: its time, or `None` after the last.
    pub fn grab(&mut self) -> Result<Option<Seconds>> {
        if !self.capture.grab().map_err(fault)? {
            return match self.clock.last {
                Some(_) => Ok(None),
                None => Err(container::bad(
                    &self.path,
                    "it holds no frame that can be decoded",
                )),
            };
        }
        let stamp_s = self.property(videoio::CAP_PROP_POS_MSEC)? / 1000.0;
        Ok(Some(self.clock.tick(stamp_s)))
    }

    /// The frame last grabbed, upright.
    pub fn picture(&mut self) -> Result<Picture> {
        let mut stored = Mat::default();
        if !self.capture.retrieve(&mut stored, 0).map_err(fault)? {
            return Err(container::bad(
                &self.path,
                "a frame in it cannot be decoded",
            ));
        }
        let code = match self.turn {
            Turn::None => return Ok(Picture::new(stored)),
            Turn::Quarter => core::ROTATE_90_CLOCKWISE,
            Turn::Half => core::ROTATE_180,
            Turn::ThreeQuarters => core::ROTATE_90_COUNTERCLOCKWISE,
        };
        let mut upright = Mat::default();
        core::rotate(&stored, &mut upright, code).map_err(fault)?;
        Ok(Picture::new(upright))
    }

    /// Frame step by the container's mean rate, seconds.
    pub fn step_s(&self) -> f64 {
        self.clock.step_s
    }

    fn property(&self, which: i32) -> Result<f64> {
        self.capture.get(which).map_err(fault)
    }
}

/// When the container states no rate.
const FALLBACK_STEP_S: f64 = 1.0 / 30.0;

/// OpenCV before 4.7 states the turn counter-clockwise, later versions clockwise; a test compares with ffmpeg.
fn stored_turn(stated_deg: i32) -> Turn {
    let clockwise = (core::get_version_major(), core::get_version_minor()) >= (4, 7);
    match (stated_deg.rem_euclid(360), clockwise) {
        (90, true) | (270, false) => Turn::Quarter,
        (180, _) => Turn::Half,
        (270, true) | (90, false) => Turn::ThreeQuarters,
        _ => Turn::None,
    }
}

/// Makes frame times strictly rise. The last frames, drained from the decoder after the file's end, carry time 0:
/// they go on with the mean step.
#[derive(Clone, Copy, Debug, Default)]
struct Clock {
    step_s: f64,
    last: Option<Seconds>,
}

impl Clock {
    fn tick(&mut self, stamp_s: f64) -> Seconds {
        let time = match self.last {
            Some(last) if stamp_s <= last.get() => last.get() + self.step_s,
            _ => stamp_s.max(0.0),
        };
        let time = Seconds::new(time);
        self.last = Some(time);
        time
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_rise_also_when_the_last_frames_are_stamped_zero() {
        let mut clock = Clock {
            step_s: 0.04,
            last: None,
        };
        let times: Vec<f64> = [0.0, 0.05, 0.09, 0.0, 0.0]
            .iter()
            .map(|&s| clock.tick(s).get())
            .collect();
        let expected = [0.0, 0.05, 0.09, 0.13, 0.17];
        assert!(
            times
                .iter()
                .zip(expected)
                .all(|(a, b)| (a - b).abs() < 1e-9),
            "{times:?}"
        );
    }
}
