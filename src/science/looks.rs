//! The looks of all frames of a clip: what is seen of the back in each, along a trunk axis that is refined from a first look.

use super::back_line::TrunkFrame;
use super::body::{Body, Part, SPIKE, cleaned};
use super::look::Look;
use super::posture::Posture;
use super::reference::LEANT_BACK_DEG;
use super::trunk_axis::AxisNetwork;
use crate::recording::{EdgePoint, Person, Recording};
use crate::session::Side;
use crate::units::{Angle, Point};

/// Fewer rays than this share between hip and shoulder: the back is not seen. As in training (`LEAST_SEEN` of
/// `models/train/fit.py`), so that the stated uncertainty holds down to it.
const SEEN: f64 = 0.35;
/// A trunk that looks this many times longer or shorter than it can look bent that way: a landmark is elsewhere.
const MISPLACED: f64 = 1.5;
/// The camera is at most this far off the side, as in training: a trunk bent forward looks shorter by its cosine.
const FARTHEST_YAW: Angle = Angle::from_degrees(42.0);
/// The back is looked at closely some ten times a second; this bridges one look that failed.
const BRIDGED_S: f64 = 0.25;

/// A look and the trunk axis along which it was taken.
pub type TrunkLook = (TrunkFrame, Look);

/// Which outline of a person to look at; empty where there is none.
pub type Outline = dyn Fn(&Person) -> &[Vec<EdgePoint>] + Sync;

/// The finest outline, in those frames that have it: what two kinds of them differ by would tremble in the curve.
pub fn finest(recording: &Recording) -> Box<Outline> {
    match recording.looked_closer() {
        true => Box::new(|person| &person.trunk_outline),
        false => Box::new(|person| &person.outline),
    }
}

/// What is seen of the back in every frame, interpolated between closer looks; `None` where it is hidden.
pub fn looks(
    recording: &Recording,
    body: &Body,
    posture: &Posture,
    side: Side,
) -> Vec<Option<TrunkLook>> {
    let axes = AxisNetwork::load();
    let looks = measured(recording, body, posture, side, &finest(recording), &axes);
    bridged(&body.times, looks, side)
}

/// What was measured of the back in every frame by one outline, along the refined trunk axis; `None` where it is hidden, a
/// landmark is elsewhere, or there is no such outline.
pub fn measured(
    recording: &Recording,
    body: &Body,
    posture: &Posture,
    side: Side,
    outline: &Outline,
    axes: &AxisNetwork,
) -> Vec<Option<TrunkLook>> {
    let along = |i: usize, trunk: &TrunkFrame| {
        let person = recording.frames[i].person.as_ref()?;
        let outline = outline(person);
        if outline.is_empty() {
            return None;
        }
        let bent = Angle::from_degrees(posture.trunk[i]?);
        let placed = is_trunk_length(trunk.length() / body.trunk_px, bent)
            && bent.degrees() >= LEANT_BACK_DEG;
        Look::new(person, outline, posture.bar_path.hiding(i), trunk, side).filter(|_| placed)
    };
    let first: Vec<Option<TrunkLook>> = (0..body.len())
        .map(|i| {
            let trunk = TrunkFrame::new(body.at(Part::Hip, i)?, body.at(Part::Shoulder, i)?, side)?;
            Some((trunk, along(i, &trunk)?))
        })
        .collect();
    let ends: Vec<Option<[Point; 2]>> = axes
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
pub fn bridged(times: &[f64], looks: Vec<Option<TrunkLook>>, side: Side) -> Vec<Option<TrunkLook>> {
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
