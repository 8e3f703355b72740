//! Pictures with times → H.264 in MP4, by the ffmpeg program: yuv420p, index first, no metadata; what browsers and
//! phones play.
//!
//! The pictures go through a pipe as uncompressed Matroska (RFC 9559), since that is the simplest container that gives
//! every picture its own time: a variable frame rate comes out as it went in.

use crate::error::{Error, Result};
use opencv::core::{Mat, MatTraitConstManual};
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};

/// The program; in the search path.
const FFMPEG: &str = "ffmpeg";
/// Comes with it.
const FFPROBE: &str = "ffprobe";
/// Constant quality: 23 is x264's own choice, hardly seen to differ from the source on a phone.
const QUALITY: &str = "23";
/// Nanoseconds of a Matroska tick.
const TICK_NS: u64 = 1000;

/// Errors when the program is not there: said before the long run.
pub fn ready() -> Result<()> {
    let started = Command::new(FFMPEG)
        .arg("-version")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    match started {
        Ok(status) if status.success() => Ok(()),
        _ => Err(missing()),
    }
}

/// Times of a clip's frames in the order they are shown, seconds from the first, as the container states them; empty when
/// it does not. OpenCV knows them too, but for the last frames, which its decoder gives without.
pub fn stated_times(clip: &Path) -> Vec<f64> {
    let asked = ["-v", "error", "-select_streams", "v:0", "-show_entries"];
    let output = Command::new(FFPROBE)
        .args(asked)
        .args(["packet=pts_time", "-of", "csv=p=0"])
        .arg(clip)
        .stdin(Stdio::null())
        .output();
    let text = output.map(|o| o.stdout).unwrap_or_default();
    let numbers = String::from_utf8_lossy(&text);
    let mut times: Vec<f64> = numbers
        .split([',', '\n'])
        .filter_map(|n| n.trim().parse().ok())
        .collect();
    times.sort_by(f64::total_cmp);
    let first = times.first().copied().unwrap_or(0.0);
    times.iter().map(|t| t - first).collect()
}

fn missing() -> Error {
    Error::Model {
        what: "an annotated video needs the program ffmpeg, which is not installed".into(),
        hint: "Install it with scripts/setup.sh (Debian package ffmpeg), or leave out --video."
            .into(),
    }
}

/// A video that is being written.
pub struct Encoder {
    child: Child,
    pipe: Option<ChildStdin>,
}

impl Encoder {
    /// Begins a video of this size, even numbers of pixels, into the file `path`.
    pub fn begin(path: &Path, width: u32, height: u32) -> Result<Self> {
        let input = ["-f", "matroska", "-i", "pipe:0", "-map", "0:v:0", "-an"];
        let colour = "scale=out_color_matrix=bt709:out_range=tv,format=yuv420p";
        let mut child = Command::new(FFMPEG)
            .args(["-hide_banner", "-loglevel", "error", "-nostdin", "-y"])
            .args(input)
            .args(["-vf", colour, "-c:v", "libx264", "-preset", "veryfast"])
            .args(["-crf", QUALITY, "-profile:v", "high"])
            .args(["-colorspace", "bt709", "-color_primaries", "bt709"])
            .args(["-color_trc", "bt709"])
            // each picture keeps its own time
            .args(["-fps_mode", "passthrough", "-enc_time_base", "-1"])
            .args(["-video_track_timescale", "90000"])
            .args(["-movflags", "+faststart", "-map_metadata", "-1"])
            .args(["-fflags", "+bitexact", "-flags:v", "+bitexact"])
            .args(["-f", "mp4"])
            .arg(path)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|_| missing())?;
        let pipe = child.stdin.take();
        let mut encoder = Encoder { child, pipe };
        encoder.send(&header(width, height))?;
        Ok(encoder)
    }

    /// Adds a picture of the size given at the beginning, 8-bit BGR, at `time_s` from the beginning of the video.
    pub fn add(&mut self, picture: &Mat, time_s: f64) -> Result<()> {
        let pixels = picture
            .data_bytes()
            .map_err(|e| Error::Internal(e.to_string()))?;
        let ticks = (time_s * 1e9 / TICK_NS as f64).round().max(0.0) as u64;
        let time = element(&[0xe7], &ticks.to_be_bytes());
        // track 1, no time of its own beside the cluster's, a key frame
        let head = [0x81, 0, 0, 0x80];
        let block = [&[0xa3][..], &size(head.len() + pixels.len()), &head].concat();
        let length = size(time.len() + block.len() + pixels.len());
        self.send(&[&[0x1f, 0x43, 0xb6, 0x75][..], &length, &time, &block].concat())?;
        self.send(pixels)
    }

    /// Ends the video.
    pub fn finish(mut self) -> Result<()> {
        drop(self.pipe.take());
        let said = self.said();
        match self.child.wait() {
            Ok(status) if status.success() => Ok(()),
            _ => Err(failed(&said)),
        }
    }

    fn send(&mut self, bytes: &[u8]) -> Result<()> {
        let sent = match &mut self.pipe {
            Some(pipe) => pipe.write_all(bytes).is_ok(),
            None => false,
        };
        if sent {
            return Ok(());
        }
        drop(self.pipe.take());
        Err(failed(&self.said()))
    }

    fn said(&mut self) -> String {
        let mut said = String::new();
        if let Some(mut stderr) = self.child.stderr.take() {
            // what cannot be read is not said
            let _ = stderr.read_to_string(&mut said);
        }
        said
    }
}

impl Drop for Encoder {
    /// A run that fails half way leaves no program behind.
    fn drop(&mut self) {
        drop(self.pipe.take());
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn failed(said: &str) -> Error {
    let last = said.trim().lines().last().unwrap_or("it gave no reason");
    Error::Internal(format!("ffmpeg could not write the video: {last}"))
}

/// What comes before the pictures: one track of uncompressed BGR.
fn header(width: u32, height: u32) -> Vec<u8> {
    let number = |value: u32| value.to_be_bytes();
    let ebml = element(
        &[0x1a, 0x45, 0xdf, 0xa3],
        &element(&[0x42, 0x82], b"matroska"),
    );
    let scale = element(&[0x2a, 0xd7, 0xb1], &TICK_NS.to_be_bytes());
    let info = element(&[0x15, 0x49, 0xa9, 0x66], &scale);
    let video = [
        element(&[0xb0], &number(width)),
        element(&[0xba], &number(height)),
        element(&[0x2e, 0xb5, 0x24], b"BGR\x18"),
    ];
    let track = [
        element(&[0xd7], &[1]),
        element(&[0x73, 0xc5], &[1]),
        element(&[0x83], &[1]),
        element(&[0x86], b"V_UNCOMPRESSED"),
        element(&[0xe0], &video.concat()),
    ];
    let tracks = element(
        &[0x16, 0x54, 0xae, 0x6b],
        &element(&[0xae], &track.concat()),
    );
    // the segment is open-ended, as for a live stream
    let segment = [
        0x18, 0x53, 0x80, 0x67, 0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    ];
    [&ebml[..], &segment, &info, &tracks].concat()
}

fn element(id: &[u8], content: &[u8]) -> Vec<u8> {
    [id, &size(content.len()), content].concat()
}

/// A length, always in eight bytes.
fn size(length: usize) -> [u8; 8] {
    ((1u64 << 56) | length as u64).to_be_bytes()
}
