//! Lumbar and thoracic flexion over time: every frame's estimate, wild ones left out, zeroed on the lifter's own
//! standing, smoothed without delay, each with its standard uncertainty.

use super::back_line::TrunkFrame;
use super::body::{Body, Part, SPIKE, cleaned};
use super::filter::{median, smooth, without_spikes};
use super::lift::Load;
use super::look::Look;
use super::perceptron::Estimate;
use super::posture::Posture;
use super::reference::{LEANT_BACK_DEG, StandingFrames};
use super::spine::{SpineEstimate, SpineNetwork, Typical};
use super::trunk_axis::AxisNetwork;
use crate::recording::Recording;
use crate::session::Side;
use crate::units::{Angle, Point};

/// Fewer rays than this share between hip and shoulder: the back is not seen. As in training (`LEAST_SEEN` of
/// `models/train/fit.py`), so that the stated uncertainty holds down to it.
const SEEN: f64 = 0.35;
/// A trunk that looks this many times longer or shorter than it can look bent that way: a landmark is elsewhere.
const MISPLACED: f64 = 1.5;
/// The camera is at most this far off the side, as in training: a trunk bent forward looks shorter by its cosine.
const FARTHEST_YAW: Angle = Angle::from_degrees(42.0);
/// A frame that differs by more than this from its neighbours within [`REACH_S`] is left out. A steady change of any
/// speed is its own running median and stays; leaps of the pose go.
const WILD_DEG: f64 = 14.0;
const REACH_S: f64 = 0.17;
/// The back is looked at closely some ten times a second; this bridges one look that failed.
const BRIDGED_S: f64 = 0.25;
/// Smoothing of flexion: 0.07 s passes 1.9 Hz at half power, and blunts a 0.4 s bump by under a tenth.
const SMOOTHING_S: f64 = 0.07;
/// A frame whose own uncertainty is above this has nothing to say.
const USELESS_SD_DEG: f64 = 14.0;
/// What the network states is multiplied by this: neighbouring frames are averaged. Chosen on 94 rendered clips of bodies it was
/// not trained on (`models/train/README.md`), where 80 % intervals then hold 79 % of rep peaks.
const SD_FACTOR: f64 = 0.8;

/// One quantity over time.
#[derive(Clone, Debug)]
pub struct Curve {
    /// Best value, degrees, one a frame; `None` where not measured.
    pub value: Vec<Option<f64>>,
    /// Standard uncertainty, degrees.
    pub sd: Vec<Option<f64>>,
}

impl Curve {
    /// Share of `frames` in which it was measured.
    pub fn seen_share(&self, frames: impl Iterator<Item = usize>) -> f64 {
        let (mut all, mut seen) = (0_usize, 0_usize);
        for i in frames {
            all += 1;
            seen += usize::from(self.value[i].is_some());
        }
        seen as f64 / all.max(1) as f64
    }
}

/// What is known of the spine over the clip.
#[derive(Clone, Debug)]
pub struct FlexionTrack {
    /// Lumbar flexion from own standing.
    pub lumbar: Curve,
    /// Thoracic flexion from own standing.
    pub thoracic: Curve,
    /// Yaw of the camera, median over the clip, with its standard uncertainty, degrees.
    pub yaw: Option<Estimate>,
    /// The lifter's standing look and trunk length in pixels, when there is one.
    pub standing: Option<(Look, f64)>,
    /// The looks of all frames; between two closer looks they are interpolated.
    pub looks: Vec<Option<(TrunkFrame, Look)>>,
}

/// Measures every frame.
pub fn flexion_track(
    recording: &Recording,
    body: &Body,
    posture: &Posture,
    standing: &StandingFrames,
    side: Side,
) -> FlexionTrack {
    let looks = measured(recording, body, posture, side);
    let reference: Vec<&(TrunkFrame, Look)> = standing
        .frames
        .iter()
        .filter_map(|&i| looks[i].as_ref())
        .collect();
    let look = Look::typical(&reference.iter().map(|l| &l.1).collect::<Vec<_>>());
    let length = median(&mut reference.iter().map(|l| l.0.length()).collect::<Vec<_>>());
    let seen: Vec<Option<&Look>> = looks.iter().map(|l| l.as_ref().map(|l| &l.1)).collect();
    let lifter = Typical {
        standing: look,
        bent: Look::bent(&seen),
    };
    let estimates = SpineNetwork::load(Load::of(posture)).estimates(&seen, &lifter);
    // The lifter stands, but the back is hidden then: without a zero nothing is measured.
    let zeroless = lifter.standing.is_none() && !standing.frames.is_empty();
    let curve = |pick: fn(&SpineEstimate) -> Estimate| {
        let measured = |e: &Option<SpineEstimate>| e.as_ref().filter(|_| !zeroless).map(pick);
        let raw: Vec<Option<Estimate>> = estimates.iter().map(measured).collect();
        zeroed_and_smoothed(&body.times, &raw, standing)
    };
    FlexionTrack {
        lumbar: curve(|e| e.lumbar),
        thoracic: curve(|e| e.thoracic),
        yaw: yaw(&estimates),
        standing: lifter.standing.zip(length),
        looks: bridged(&body.times, looks, side),
    }
}

/// What is seen of the back in every frame, interpolated between closer looks; `None` where it is hidden.
pub fn looks(
    recording: &Recording,
    body: &Body,
    posture: &Posture,
    side: Side,
) -> Vec<Option<(TrunkFrame, Look)>> {
    bridged(&body.times, measured(recording, body, posture, side), side)
}

/// What was measured of the back in every frame, along the refined trunk axis; `None` where it is hidden, a landmark is
/// elsewhere, or no closer look was taken.
fn measured(
    recording: &Recording,
    body: &Body,
    posture: &Posture,
    side: Side,
) -> Vec<Option<(TrunkFrame, Look)>> {
    let closer = recording.looked_closer();
    let along = |i: usize, trunk: &TrunkFrame| {
        let person = recording.frames[i].person.as_ref()?;
        if closer && person.trunk_outline.is_empty() {
            return None; // what the two outlines differ by would tremble in the curve
        }
        let bent = Angle::from_degrees(posture.trunk[i]?);
        let placed = is_trunk_length(trunk.length() / body.trunk_px, bent)
            && bent.degrees() >= LEANT_BACK_DEG;
        Look::new(person, posture.bar_path.hiding(i), trunk, side).filter(|_| placed)
    };
    let first: Vec<Option<(TrunkFrame, Look)>> = (0..body.len())
        .map(|i| {
            let trunk = TrunkFrame::new(body.at(Part::Hip, i)?, body.at(Part::Shoulder, i)?, side)?;
            Some((trunk, along(i, &trunk)?))
        })
        .collect();
    let ends: Vec<Option<[Point; 2]>> = AxisNetwork::load(Load::of(posture))
        .refined(&first, side)
        .iter()
        .map(|axis| axis.map(|a| a.ends()))
        .collect();
    let path = |end: usize| {
        let path: Vec<Option<Point>> = ends.iter().map(|e| e.map(|e| e[end])).collect();
        cleaned(&body.times, &path, SPIKE * body.trunk_px)
    };
    let (hips, shoulders) = (path(0), path(1));
    let one = |i: usize| {
        let trunk = TrunkFrame::new(hips[i]?, shoulders[i]?, side)?;
        let look = along(i, &trunk).filter(|l| l.seen() >= SEEN)?;
        Some((trunk, look))
    };
    (0..body.len()).map(one).collect()
}

/// Whether a trunk inclined by `bent` can look `ratio` times as long as upright.
fn is_trunk_length(ratio: f64, bent: Angle) -> bool {
    let (sin, cos) = bent.radians().sin_cos();
    let shortest = cos.hypot(sin * FARTHEST_YAW.radians().cos());
    (shortest / MISPLACED..=MISPLACED).contains(&ratio)
}

/// Frames between two looks that are at most [`BRIDGED_S`] apart get a look between theirs, for drawing.
fn bridged(
    times: &[f64],
    looks: Vec<Option<(TrunkFrame, Look)>>,
    side: Side,
) -> Vec<Option<(TrunkFrame, Look)>> {
    let known: Vec<usize> = (0..looks.len()).filter(|&i| looks[i].is_some()).collect();
    let mut whole = looks.clone();
    for ends in known.windows(2) {
        let span_s = times[ends[1]] - times[ends[0]];
        let (Some(a), Some(b)) = (&looks[ends[0]], &looks[ends[1]]) else {
            continue;
        };
        if span_s <= BRIDGED_S {
            for i in ends[0] + 1..ends[1] {
                let share = (times[i] - times[ends[0]]) / span_s;
                whole[i] =
                    a.0.towards(&b.0, share, side)
                        .map(|t| (t, a.1.towards(&b.1, share)));
            }
        }
    }
    whole
}

fn zeroed_and_smoothed(
    times: &[f64],
    raw: &[Option<Estimate>],
    standing: &StandingFrames,
) -> Curve {
    let useful = |e: &Option<Estimate>| e.filter(|e| e.sd <= USELESS_SD_DEG);
    let zero = median(
        &mut standing
            .frames
            .iter()
            .filter_map(|&i| useful(&raw[i]).map(|e| e.value))
            .collect::<Vec<_>>(),
    );
    let values: Vec<Option<f64>> = raw
        .iter()
        .map(|e| useful(e).map(|e| e.value - zero.unwrap_or(0.0)))
        .collect();
    let values = without_spikes(times, &values, REACH_S, WILD_DEG);
    let weights: Vec<f64> = raw
        .iter()
        .map(|e| e.map_or(0.0, |e| e.sd.max(1.0).powi(-2)))
        .collect();
    let value = smooth(times, &values, Some(&weights), SMOOTHING_S);
    let kept: Vec<Option<f64>> = raw
        .iter()
        .zip(&values)
        .map(|(e, v)| v.and(*e).map(|e| e.sd))
        .collect();
    let own = smooth(times, &kept, None, SMOOTHING_S);
    let sd = own
        .iter()
        .map(|sd| sd.map(|sd| (SD_FACTOR * sd.max(0.5)).hypot(standing.sd_deg)))
        .collect();
    Curve { value, sd }
}

fn yaw(estimates: &[Option<SpineEstimate>]) -> Option<Estimate> {
    let of = |pick: fn(&Estimate) -> f64| {
        median(
            &mut estimates
                .iter()
                .flatten()
                .map(|e| pick(&e.yaw))
                .collect::<Vec<_>>(),
        )
    };
    Some(Estimate {
        value: of(|y| y.value)?,
        sd: of(|y| y.sd)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trunk_looks_short_only_when_it_is_bent_towards_the_camera_or_away() {
        let can_look = |ratio: f64, bent: f64| is_trunk_length(ratio, Angle::from_degrees(bent));
        assert!(can_look(0.9, 5.0) && !can_look(0.6, 5.0));
        assert!(can_look(0.6, 80.0) && !can_look(0.45, 80.0));
        assert!(!can_look(1.6, 80.0));
    }
}
