//! A lifter's own range: how far the lower back rounds in a slow toe-touch and arches in a slow backward bend.
//!
//! Takes the recording of a calibration clip (stand, touch the toes, bend back, each slowly), gives the two ends with their
//! uncertainty. Ends are held for a moment, so they are percentiles, not extremes.

use super::body::Body;
use super::filter::percentile;
use super::flexion::flexion_track;
use super::posture::Posture;
use super::reference::standing_frames;
use super::view::facing_side;
use crate::error::{Error, Result};
use crate::recording::Recording;
use crate::session::{OwnRange, ReferenceKind};
use crate::settings::Settings;
use crate::units::Angle;

/// The end of the range is where this share of the frames lies beyond: a third of a second of a ten-second clip.
const END_SHARE: f64 = 0.03;
/// A bend that rounds the lower back by less than this was no toe-touch, or was not seen: a third of the 60° that adults
/// reach on average (Tafazzol 2014; Mitchell 2008). A choice.
const LEAST_RANGE_DEG: f64 = 20.0;
/// Frames that have to be measured.
const LEAST_FRAMES: usize = 30;

/// The range in a calibration clip. Errors: nobody in it, nobody stands still in it, the lower back was not seen, or no bend.
pub fn own_range(recording: &Recording, settings: &Settings) -> Result<OwnRange> {
    let name = recording.header.clip.name.clone();
    let body = Body::new(recording).ok_or_else(|| Error::NoPerson { name: name.clone() })?;
    let side = facing_side(recording);
    let posture = Posture::new(&body, side, &recording.header.plate_path);
    let standing = standing_frames(&body.times, &posture, &[]);
    let unusable = |what: &str| Error::NoReps {
        name: name.clone(),
        what: what.into(),
    };
    if standing.kind != ReferenceKind::Standing {
        return Err(unusable("nobody stands still in it"));
    }
    let track = flexion_track(recording, &body, &posture, &standing, side);
    if let Some(yaw) = track.yaw
        && !settings.judges_from(Angle::from_degrees(yaw.value))
    {
        return Err(unusable("it is not filmed from the side"));
    }
    let (value, sd) = (&track.lumbar.value, &track.lumbar.sd);
    let seen: Vec<(f64, f64)> = value
        .iter()
        .zip(sd)
        .filter_map(|(v, s)| v.zip(*s))
        .collect();
    if seen.len() < LEAST_FRAMES {
        return Err(unusable("the lower back could not be seen"));
    }
    let end = |share: f64| {
        percentile(&mut seen.iter().map(|s| s.0).collect::<Vec<_>>(), share).unwrap_or(0.0)
    };
    let (most, least) = (end(1.0 - END_SHARE), end(END_SHARE).min(0.0));
    if most < LEAST_RANGE_DEG {
        return Err(unusable("nobody bends forward as far as a toe-touch"));
    }
    let beyond = |f: f64| seen.iter().filter(move |s| s.0 >= f).map(|s| s.1);
    Ok(OwnRange {
        flexion_deg: Angle::from_degrees(most),
        flexion_sd_deg: Angle::from_degrees(beyond(most).fold(0.0, f64::max)),
        extension_deg: Angle::from_degrees(least),
    })
}
