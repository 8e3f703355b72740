//! What the spine estimator is shown of one frame: the back line, and the limbs around it, in trunk coordinates.
//!
//! Built from one frame alone, the same way for training and for use, so that what was trained is what runs.

use super::back_line::{
    BEAMS, BackLine, Disc, RAY_STEP, RAYS, Reading, TrunkFrame, back_line, beams, inclination,
};
use super::filter::{interpolated, median};
use crate::recording::{EdgePoint, Person, PlatePlace};
use crate::session::Side;
use crate::skeleton::{
    ANKLES, EARS, ELBOWS, HEELS, HIPS, Joint, KNEES, Pair, SHOULDERS, TOES, WRISTS,
};
use crate::units::Angle;

/// Rays that share one flag for "nothing found" and one mean sharpness.
const GROUP: usize = 6;
const GROUPS: usize = RAYS / GROUP;
/// Limbs given by the near and the far joint.
const LIMBS: [Pair; 6] = [SHOULDERS, HIPS, KNEES, ANKLES, ELBOWS, WRISTS];
/// Parts given by the near joint only.
const NEAR: [Pair; 3] = [EARS, HEELS, TOES];
const SEGMENTS: usize = 3;
/// The first of the segment inclinations, after the distances and what is told of their groups of rays.
const FIRST_OF_SEGMENTS: usize = SLOPES + RAYS / DISTANCE_STEP + 2 * GROUPS;
/// The lifter is bent from this angle of the trunk to the thigh on, radians (30°): past standing, in a squat as in a hinge.
const BENT: f64 = std::f64::consts::FRAC_PI_6;
/// Rays on either side of one at which a slope is taken, and every how many rays: 0.08 trunk lengths either way.
const SLOPE_REACH: usize = 4;
const SLOPE_STEP: usize = 3;
const SLOPES: usize = (RAYS - 2 * SLOPE_REACH).div_ceil(SLOPE_STEP);
/// Every how many rays a distance is given; the slopes tell what is between.
const DISTANCE_STEP: usize = 6;
/// In front of the trunk and around the hip nothing farther than this belongs to it, trunk lengths: arms, a thigh's length.
const FARTHEST_FRONT: f64 = 0.9;
const FARTHEST_REACH: f64 = 1.0;
/// Numbers a frame is described by.
pub const WIDTH: usize = SLOPES
    + RAYS / DISTANCE_STEP
    + 2 * GROUPS
    + SEGMENTS
    + 6 * LIMBS.len()
    + 2 * NEAR.len()
    + 2
    + 4
    + RAYS / DISTANCE_STEP
    + BEAMS
    + PLATE;
/// Numbers about the plate, the last ones: its centre, its radius, and whether it was seen.
const PLATE: usize = 4;
const FIRST_OF_PLATE: usize = WIDTH - PLATE;

/// One frame, described.
#[derive(Clone, Debug, PartialEq)]
pub struct Look {
    /// The numbers, in a fixed order: slopes of the back line, distances, missing shares, sharpness, segment inclinations, joints, visibility, lateral lines, front of the trunk, outline about the hip, plate.
    pub numbers: [f64; WIDTH],
    /// Distance of the back from the trunk axis on each ray, trunk lengths, gaps bridged.
    pub distances: [f64; RAYS],
    /// Which rays found the back, where others are bridged.
    pub found: [bool; RAYS],
}

impl Look {
    /// Describes `person`; `trunk` may come from smoothed landmarks. `None` when the rays find too little back to speak of.
    pub fn new(
        person: &Person,
        plate: Option<&PlatePlace>,
        trunk: &TrunkFrame,
        side: Side,
    ) -> Option<Self> {
        let disc = plate.map(|p| Disc::new(p, trunk));
        let line = back_line(person.finest_outline(), disc.as_ref(), trunk);
        let mut numbers = Vec::with_capacity(WIDTH);
        let distances = filled(&line)?;
        numbers.extend(slopes(&distances));
        numbers.extend(distances.iter().step_by(DISTANCE_STEP));
        numbers.extend(groups(&line, |r| r.is_none().into()));
        numbers.extend(groups(&line, |r| r.map_or(0.0, |r| r.sharpness)));
        numbers.extend(segments(person, trunk, side));
        numbers.extend(joints(person, trunk, side));
        numbers.extend(lateral(person, side));
        numbers.extend(fronts(&line));
        numbers.extend(reaches(person.finest_outline(), disc.as_ref(), trunk));
        numbers.extend(disc.map_or([0.0; PLATE], rim));
        Some(Look {
            numbers: numbers.try_into().ok()?,
            distances,
            found: line.readings.map(|r| r.is_some()),
        })
    }

    /// Share of rays between hip and shoulder that found the back.
    pub fn seen(&self) -> f64 {
        let trunk_rays = &self.found[RAYS / 4..];
        trunk_rays.iter().filter(|f| **f).count() as f64 / trunk_rays.len() as f64
    }

    /// Part of the way (0 to 1) from this look to `other`.
    pub fn towards(&self, other: &Look, share: f64) -> Look {
        let between = |a: f64, b: f64| a + (b - a) * share;
        Look {
            numbers: std::array::from_fn(|i| between(self.numbers[i], other.numbers[i])),
            distances: std::array::from_fn(|i| between(self.distances[i], other.distances[i])),
            found: std::array::from_fn(|i| self.found[i] && other.found[i]),
        }
    }

    /// What differs from `standing`; of the plate nothing does unless it was seen in both.
    pub fn change_from(&self, standing: &Look) -> [f64; WIDTH] {
        let both = self.shows_plate() && standing.shows_plate();
        std::array::from_fn(|i| match both || i < FIRST_OF_PLATE {
            true => self.numbers[i] - standing.numbers[i],
            false => 0.0,
        })
    }

    fn shows_plate(&self) -> bool {
        self.numbers[WIDTH - 1] > 0.5
    }

    /// The typical look of the bent lifter, over all frames of a clip; `None` when nobody bends.
    pub fn bent(looks: &[Option<&Look>]) -> Option<Self> {
        let bent = |look: &&Look| {
            let [trunk, thigh] = [0, 1].map(|i| look.numbers[FIRST_OF_SEGMENTS + i]);
            trunk - thigh >= BENT
        };
        let bent: Vec<&Look> = looks.iter().flatten().copied().filter(bent).collect();
        Look::typical(&bent)
    }

    /// Element-wise median of several looks (the lifter standing), of the plate where it was seen; `None` of none.
    pub fn typical(looks: &[&Look]) -> Option<Self> {
        let of = |looks: &[&Look], pick: &dyn Fn(&Look) -> f64| {
            median(&mut looks.iter().map(|l| pick(l)).collect::<Vec<_>>())
        };
        let middle = |pick: &dyn Fn(&Look) -> f64| of(looks, pick);
        let with_plate: Vec<&Look> = looks.iter().filter(|l| l.shows_plate()).copied().collect();
        let mut numbers = [0.0; WIDTH];
        for (i, number) in numbers.iter_mut().enumerate() {
            *number = match i < FIRST_OF_PLATE {
                true => middle(&|l| l.numbers[i])?,
                false => of(&with_plate, &|l| l.numbers[i]).unwrap_or(0.0),
            };
        }
        let mut distances = [0.0; RAYS];
        for (i, distance) in distances.iter_mut().enumerate() {
            *distance = middle(&|l| l.distances[i])?;
        }
        Some(Look {
            numbers,
            distances,
            found: std::array::from_fn(|i| {
                2 * looks.iter().filter(|l| l.found[i]).count() > looks.len()
            }),
        })
    }
}

/// Ray distances, gaps bridged along the back; `None` when fewer than a fifth of the rays found it.
fn filled(line: &BackLine) -> Option<[f64; RAYS]> {
    let known = known(line.readings.iter().map(|r| r.map(|r| r.distance)));
    if known.len() < RAYS / 5 {
        return None;
    }
    Some(std::array::from_fn(|i| interpolated(&known, i)))
}

/// Inclination of the back line to the trunk axis, radians, by least squares over neighbouring rays: their differences
/// are what flexion is made of.
fn slopes(distances: &[f64; RAYS]) -> impl Iterator<Item = f64> {
    let windows = distances.windows(2 * SLOPE_REACH + 1).step_by(SLOPE_STEP);
    windows.map(|w| {
        let steps = (0..w.len()).map(|k| k as f64 - SLOPE_REACH as f64);
        let (along, across) = steps
            .zip(w)
            .fold((0.0, 0.0), |(a, b), (k, d)| (a + k * k, b + k * d));
        Angle::from_slope(across / along / RAY_STEP).radians()
    })
}

/// Front of the body on every sixth ray, trunk lengths.
fn fronts(line: &BackLine) -> impl Iterator<Item = f64> {
    let fronts = line.readings.iter().map(|r| r.and_then(|r| r.front));
    let known = known(fronts.map(|front| front.map(|f| f.max(-FARTHEST_FRONT))));
    (0..RAYS)
        .step_by(DISTANCE_STEP)
        .map(move |i| interpolated(&known, i))
}

/// How far the body reaches from the hip along each beam, trunk lengths: buttock, thigh, and the crease in front.
fn reaches(outline: &[Vec<EdgePoint>], plate: Option<&Disc>, trunk: &TrunkFrame) -> [f64; BEAMS] {
    let reaches = beams(outline, plate, trunk).into_iter();
    let known = known(reaches.map(|reach| reach.map(|r| r.min(FARTHEST_REACH))));
    std::array::from_fn(|i| interpolated(&known, i))
}

/// The plate in trunk coordinates: on the back it is where the bar lies on the thorax, and it tells how the camera stands.
fn rim(plate: Disc) -> [f64; PLATE] {
    let at = plate.centre;
    [
        at.x.clamp(-3.0, 3.0),
        at.y.clamp(-3.0, 3.0),
        plate.radius,
        1.0,
    ]
}

/// What was found, with its place in the row.
fn known(found: impl Iterator<Item = Option<f64>>) -> Vec<(usize, f64)> {
    found
        .enumerate()
        .filter_map(|(i, value)| value.map(|value| (i, value)))
        .collect()
}

fn groups(line: &BackLine, measure: impl Fn(&Option<Reading>) -> f64) -> Vec<f64> {
    line.readings
        .chunks(GROUP)
        .map(|g| g.iter().map(&measure).sum::<f64>() / GROUP as f64)
        .collect()
}

/// Inclination of trunk, thigh and shank, in radians (order of one).
fn segments(person: &Person, trunk: &TrunkFrame, side: Side) -> [f64; SEGMENTS] {
    let (hip, knee, ankle) = (
        person.middle(HIPS),
        person.middle(KNEES),
        person.middle(ANKLES),
    );
    [
        trunk.inclination(side),
        inclination(hip - knee, side),
        inclination(knee - ankle, side),
    ]
    .map(|a| a.radians())
}

/// Joints in trunk coordinates, near side first, then how visible they are.
fn joints(person: &Person, trunk: &TrunkFrame, side: Side) -> Vec<f64> {
    let near_first = |pair: Pair| match side {
        Side::Left => [pair.0, pair.1],
        Side::Right => [pair.1, pair.0],
    };
    let place = |joint: Joint| {
        let at = trunk.trunk_from_image(person.landmark(joint).at);
        [at.x, at.y].map(|v| v.clamp(-3.0, 3.0))
    };
    let limbs: Vec<Joint> = LIMBS.iter().flat_map(|&pair| near_first(pair)).collect();
    let near = NEAR
        .iter()
        .map(|&pair| near_first(pair)[0])
        .chain([Joint::Nose]);
    let mut numbers: Vec<f64> = limbs.iter().copied().chain(near).flat_map(place).collect();
    numbers.extend(limbs.iter().map(|&j| person.landmark(j).visibility));
    numbers
}

/// The hip and shoulder lines in the floor plane, metres: towards the front and away from the camera.
fn lateral(person: &Person, side: Side) -> Vec<f64> {
    [HIPS, SHOULDERS]
        .iter()
        .flat_map(|&pair| {
            // In a mirrored picture left and right change places, so both components are taken near minus far.
            let across = person.across(pair);
            [across.x, across.y * side.faces()]
        })
        .collect()
}
