//! The moments that prove a verdict, and what is drawn over their pictures.

use super::back_line::{RAY_STEP, RAYS, TrunkFrame, ray_height};
use super::flexion::FlexionTrack;
use super::look::Look;
use crate::recording::Recording;
use crate::session::{Proof, ProofKind};
use crate::units::{Angle, Point, Seconds};

/// Along the trunk axis, trunk lengths above the hip: top of the sacrum, T12/L1, and the shoulder blades. Chosen by
/// eye; they place the two colours of the drawing and the ghost, not the measurement.
const SACRUM: f64 = 0.12;
const WAIST: f64 = 0.50;
const SHOULDER_BLADES: f64 = 0.88;
/// The ghost ends here, about T8: higher up arms that hold a bar on the back cover it.
const LOWER_THORAX: f64 = 0.70;
/// A gap of so many rays in the back line is drawn as if it had been seen: a tenth of the trunk.
const BRIDGED: usize = 5;
/// From one ray to the next the back goes outwards by less than this, trunk lengths: 68° off the trunk axis. An arm that sticks out
/// behind it does not.
const LEAP: f64 = 2.5 * RAY_STEP;
/// Room around the lifter in a picture, share of the lifter's height.
const MARGIN: f64 = 0.04;
/// The outline is drawn with about this many points.
const OUTLINE_POINTS: usize = 90;

/// Frames that prove a rep's verdict.
#[derive(Clone, Copy, Debug)]
pub struct Moments {
    /// The rep begins.
    pub start: usize,
    /// First past the watch limit.
    pub onset: Option<usize>,
    /// Greatest flexion, or arch.
    pub worst: Option<usize>,
    /// Bottom or lockout.
    pub turn: usize,
}

impl Moments {
    /// In the order of their times, without repeats.
    fn listed(&self) -> Vec<(ProofKind, usize)> {
        let all = [
            (ProofKind::Worst, self.worst),
            (ProofKind::Start, Some(self.start)),
            (ProofKind::Turn, Some(self.turn)),
            (ProofKind::Onset, self.onset),
        ];
        let mut listed: Vec<(ProofKind, usize)> = Vec::new();
        for (kind, index) in all {
            if let Some(index) = index.filter(|i| listed.iter().all(|l| l.1 != *i)) {
                listed.push((kind, index));
            }
        }
        listed.sort_by_key(|l| l.1);
        listed
    }
}

/// The proofs of all reps, with one common crop so that they can be compared.
pub fn proofs(
    recording: &Recording,
    flexion: &FlexionTrack,
    moments: &[Moments],
) -> Vec<Vec<Proof>> {
    let frames: Vec<usize> = moments
        .iter()
        .flat_map(Moments::listed)
        .map(|l| l.1)
        .collect();
    let crop = crop(recording, &frames);
    let one = |(kind, i): (ProofKind, usize)| proof(recording, flexion, kind, i, crop);
    moments
        .iter()
        .map(|m| m.listed().into_iter().map(one).collect())
        .collect()
}

fn proof(
    recording: &Recording,
    flexion: &FlexionTrack,
    kind: ProofKind,
    i: usize,
    crop_px: [f64; 4],
) -> Proof {
    let lumbar = flexion.lumbar.value[i];
    let lines = drawn(flexion.looks[i].as_ref());
    let neutral_line = neutral(flexion, i, lumbar);
    let [lumbar_line, thoracic_line] = lines.map(|l| l.seen_parts()).unwrap_or_default();
    Proof {
        kind,
        time_s: Seconds::new(recording.frames[i].time_s.get()),
        crop_px,
        lumbar_flexion_deg: lumbar.map(Angle::from_degrees),
        lumbar_line,
        thoracic_line,
        neutral_line: neutral_line.unwrap_or_default(),
        outline: outline(recording, i),
        picture: None,
    }
}

/// The back line of one frame as it is drawn: image pixels, from below upwards; `None` where something hides it.
#[derive(Clone, Debug, PartialEq)]
pub struct DrawnBack {
    /// From the sacrum up to T12/L1.
    pub lumbar: Vec<Option<Point>>,
    /// From T12/L1 up to the shoulder blades.
    pub thoracic: Vec<Option<Point>>,
}

impl DrawnBack {
    /// Lumbar and thoracic line, the longest seen part of each: what is drawn over a picture.
    pub fn seen_parts(&self) -> [Vec<Point>; 2] {
        [&self.lumbar, &self.thoracic].map(|line| seen_part(line))
    }
}

fn seen_part(line: &[Option<Point>]) -> Vec<Point> {
    let parts = line.split(Option::is_none);
    let longest = parts.max_by_key(|part| part.len()).unwrap_or_default();
    longest.iter().flatten().copied().collect()
}

/// The drawn back line where the back was seen. Every frame that has one has as many points.
pub fn drawn(look: Option<&(TrunkFrame, Look)>) -> Option<DrawnBack> {
    let (trunk, look) = look?;
    let shown = shown(look);
    let part = |from: f64, to: f64| {
        let seen = |k: usize| shown[k].then(|| place(trunk, look, k));
        rays(from, to).map(seen).collect()
    };
    Some(DrawnBack {
        lumbar: part(SACRUM, WAIST),
        thoracic: part(WAIST, SHOULDER_BLADES),
    })
}

/// Rays that found the back, not an arm behind it, and those of short gaps between them.
fn shown(look: &Look) -> Vec<bool> {
    let on_arm = on_arm(&look.distances);
    let found: Vec<bool> = (0..RAYS).map(|k| look.found[k] && !on_arm[k]).collect();
    let bridged = bridged(&found);
    (0..RAYS).map(|k| bridged[k] && !on_arm[k]).collect()
}

/// Rays that end on an arm behind the back: between a leap outwards above the sacrum and the next one inwards.
fn on_arm(distances: &[f64]) -> Vec<bool> {
    let mut on_arm = vec![false; distances.len()];
    for k in rays(SACRUM, SHOULDER_BLADES) {
        let out = distances[k] - distances[k - 1];
        on_arm[k] = out > LEAP || on_arm[k - 1] && out > -LEAP;
    }
    on_arm
}

/// The same with gaps of at most [`BRIDGED`] between two filled in.
fn bridged(found: &[bool]) -> Vec<bool> {
    let mut shown = found.to_vec();
    let known: Vec<usize> = (0..found.len()).filter(|&k| found[k]).collect();
    for ends in known.windows(2) {
        if ends[1] - ends[0] <= BRIDGED + 1 {
            shown[ends[0]..ends[1]].fill(true);
        }
    }
    shown
}

/// Rays between two heights.
fn rays(from: f64, to: f64) -> impl Iterator<Item = usize> {
    (0..RAYS).filter(move |&k| (from..=to).contains(&ray_height(k)))
}

/// Where a ray meets the back, image pixels.
fn place(trunk: &TrunkFrame, look: &Look, ray: usize) -> Point {
    trunk.image_from_trunk(Point::new(ray_height(ray), look.distances[ray]))
}

/// Back line between two heights, gaps bridged, image pixels.
fn back(trunk: &TrunkFrame, look: &Look, from: f64, to: f64) -> Vec<Point> {
    rays(from, to).map(|k| place(trunk, look, k)).collect()
}

/// The standing back line, turned so that its lower thorax lies where it would with the lower back at zero, and laid on the
/// sacrum; `None` when either is hidden, now or standing.
fn neutral(flexion: &FlexionTrack, i: usize, lumbar: Option<f64>) -> Option<Vec<Point>> {
    let (trunk, look) = flexion.looks[i].as_ref()?;
    let (standing, length) = flexion.standing.as_ref()?;
    if !(shows_ends(look) && shows_ends(standing)) {
        return None;
    }
    let upright = trunk.scaled(*length);
    let thorax = |trunk: &TrunkFrame, look: &Look| {
        let line = back(trunk, look, WAIST, LOWER_THORAX);
        Some(*line.last()? - *line.first()?)
    };
    // Towards the back is towards extension: the ghost's thorax lies that much farther back than the lifter's.
    let turn = Angle::between(thorax(&upright, standing)?, thorax(trunk, look)?)
        - Angle::from_degrees(lumbar? * trunk.forward_sign());
    let (sin, cos) = turn.radians().sin_cos();
    let then = back(&upright, standing, SACRUM, LOWER_THORAX);
    let root = *then.first()?;
    let at = *back(trunk, look, SACRUM, WAIST).first()?;
    let turned = then.iter().map(|p| {
        let v = *p - root;
        at + Point::new(v.x * cos - v.y * sin, v.x * sin + v.y * cos)
    });
    Some(turned.collect())
}

/// Whether the top of the sacrum and the whole lower thorax are seen: what the ghost is laid on and turned by.
fn shows_ends(look: &Look) -> bool {
    let shown = shown(look);
    let sacrum = rays(SACRUM, WAIST).next();
    sacrum.is_some_and(|k| shown[k]) && rays(WAIST, LOWER_THORAX).all(|k| shown[k])
}

fn outline(recording: &Recording, i: usize) -> Vec<Point> {
    let Some(ring) = recording.frames[i]
        .person
        .as_ref()
        .and_then(|p| p.outline.first())
    else {
        return Vec::new();
    };
    ring.iter()
        .step_by(ring.len().div_ceil(OUTLINE_POINTS).max(1))
        .map(|p| p.at)
        .collect()
}

/// Left, top, width, height of the box around the lifter in all `frames`, within the picture.
fn crop(recording: &Recording, frames: &[usize]) -> [f64; 4] {
    let clip = &recording.header.clip;
    let (width, height) = (f64::from(clip.width_px), f64::from(clip.height_px));
    let people = frames
        .iter()
        .filter_map(|&i| recording.frames[i].person.as_ref());
    let points: Vec<Point> = people
        .flat_map(|p| p.outline.iter().flatten().map(|e| e.at))
        .collect();
    if points.is_empty() {
        return [0.0, 0.0, width, height];
    }
    let least = |pick: fn(&Point) -> f64| points.iter().map(pick).fold(f64::INFINITY, f64::min);
    let most = |pick: fn(&Point) -> f64| points.iter().map(pick).fold(f64::NEG_INFINITY, f64::max);
    let room = MARGIN * (most(|p| p.y) - least(|p| p.y));
    let (left, top) = (
        (least(|p| p.x) - room).max(0.0).floor(),
        (least(|p| p.y) - room).max(0.0).floor(),
    );
    let (right, bottom) = (
        (most(|p| p.x) + room).min(width).ceil(),
        (most(|p| p.y) + room).min(height).ceil(),
    );
    [left, top, right - left, bottom - top]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_plate_hides_is_not_drawn_and_short_gaps_are() {
        let found: Vec<bool> = (0..30).map(|k| !(8..12).contains(&k) && k < 20).collect();
        let shown = bridged(&found);
        assert_eq!(shown.iter().filter(|s| **s).count(), 20);
        let line: Vec<Option<Point>> = (0..30)
            .map(|k| shown[k].then(|| Point::new(k as f64, 0.0)))
            .collect();
        assert_eq!(seen_part(&line).len(), 20);
        assert_eq!(seen_part(&line[18..]).len(), 2);
        assert!(seen_part(&line[20..]).is_empty());
    }

    #[test]
    fn an_arm_behind_the_back_is_not_drawn() {
        let at = |height: f64| rays(height, 1.0).next().unwrap();
        let elbow = at(0.6)..at(0.75);
        let back = |k: usize| 0.1 + 0.05 * ray_height(k);
        let distances: Vec<f64> = (0..RAYS)
            .map(|k| back(k) + if elbow.contains(&k) { 0.1 } else { 0.0 })
            .collect();
        let on_arm = on_arm(&distances);
        assert!((0..RAYS).all(|k| on_arm[k] == elbow.contains(&k)));
    }
}
