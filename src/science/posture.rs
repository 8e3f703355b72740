//! Segment angles and heights of every frame. Context for the reps and the reader; none of them is lumbar flexion.

use super::back_line::{TrunkFrame, inclination};
use super::bar::{BarPath, InHands, OnBack};
use super::body::{Body, Part};
use super::filter::{interpolated, median, percentile};
use crate::recording::PlatePlace;
use crate::session::{LiftKind, Side};
use crate::units::{Angle, Point};
use std::ops::RangeInclusive;

/// The most bent frames, as a share of the range of bending.
const MOST_BENT: f64 = 0.25;

/// Angles in degrees, heights in thigh lengths; one entry a frame, `None` where a joint was not seen.
#[derive(Clone, Debug, Default)]
pub struct Posture {
    /// Hip-to-shoulder line from vertical, forward positive.
    pub trunk: Vec<Option<f64>>,
    /// Thigh against trunk, 0 in line.
    pub hip: Vec<Option<f64>>,
    /// Shank against thigh, 0 straight.
    pub knee: Vec<Option<f64>>,
    /// Shank from vertical, forward positive.
    pub ankle: Vec<Option<f64>>,
    /// Vertical drop of the hips below standing.
    pub depth: Vec<Option<f64>>,
    /// Vertical drop of hips and shoulders together below standing: falls in every lift, squat or hinge.
    pub drop: Vec<Option<f64>>,
    /// Height of the wrists above the ankles.
    pub wrist_height: Vec<Option<f64>>,
    /// Height of the shoulders above the ankles.
    pub shoulder_height: Vec<Option<f64>>,
    /// Thigh against level, positive with the hips above the knees, from heights alone.
    pub thigh: Vec<Option<f64>>,
    /// Height of the wrists in the picture, upwards: follows the bar in a pull.
    pub bar: Vec<Option<f64>>,
    /// Vertical drop of the shoulders below standing: for pulls, where a plate draws the hip landmark away at lockout.
    pub shoulder_drop: Vec<Option<f64>>,
    /// The bar, as far as its plate was followed.
    pub bar_path: BarPath,
    /// A bar on the back, where its plate could be followed.
    pub bar_on_back: Option<OnBack>,
    /// A bar in the hands, where its plate could be followed.
    pub bar_in_hands: Option<InHands>,
    /// How far the wrists are below the shoulders: about 1.3 with hanging arms, 0 with a bar on the back.
    pub hang: Vec<Option<f64>>,
    /// Shoulder-to-wrist line from hanging straight down, without sign: 0 with hanging arms, 90 and more with a bar on the back.
    pub arm: Vec<Option<f64>>,
    /// How far the wrists are in front of the hip-to-shoulder line, trunk lengths.
    pub hands_ahead: Vec<Option<f64>>,
}

impl Posture {
    /// Measures every frame of `body`, and the bar by the places of the `plates` that were followed.
    pub fn new(body: &Body, side: Side, plates: &[PlatePlace]) -> Self {
        let mut posture = Posture::of_joints(body, side);
        posture.bar_path = BarPath::of_nearest(plates, &posture, body, side);
        posture.bar_on_back = posture.bar_path.on_back(&posture);
        posture.bar_in_hands = posture.bar_path.in_hands();
        posture
    }

    fn of_joints(body: &Body, side: Side) -> Self {
        let at = |part, i| body.at(part, i);
        let line = |low: Part, high: Part, i: usize| {
            Some(inclination(at(high, i)? - at(low, i)?, side).degrees())
        };
        let trunk = body.each(|i| line(Part::Hip, Part::Shoulder, i));
        let thigh = body.each(|i| line(Part::Knee, Part::Hip, i));
        let shank = body.each(|i| line(Part::Ankle, Part::Knee, i));
        let difference =
            |a: &[Option<f64>], b: &[Option<f64>]| body.each(|i| Some(wrapped(a[i]? - b[i]?)));
        let height = |part: Part| body.each(|i| Some(-at(part, i)?.y / body.thigh_px));
        let (hips, shoulders) = (height(Part::Hip), height(Part::Shoulder));
        let above =
            |a: Part, b: Part| body.each(|i| Some((at(b, i)?.y - at(a, i)?.y) / body.thigh_px));
        let both = body.each(|i| Some(0.5 * (hips[i]? + shoulders[i]?)));
        Posture {
            hip: difference(&trunk, &thigh),
            knee: body.each(|i| Some(wrapped(shank[i]? - thigh[i]?))),
            ankle: shank.clone(),
            depth: drops(&hips),
            drop: drops(&both),
            wrist_height: above(Part::Wrist, Part::Ankle),
            shoulder_height: above(Part::Shoulder, Part::Ankle),
            thigh: above(Part::Hip, Part::Knee)
                .into_iter()
                .map(|rise| rise.map(elevation))
                .collect(),
            bar: height(Part::Wrist),
            shoulder_drop: drops(&shoulders),
            bar_path: BarPath::default(),
            bar_on_back: None,
            bar_in_hands: None,
            hang: above(Part::Shoulder, Part::Wrist),
            hands_ahead: body.each(|i| {
                let line = TrunkFrame::new(at(Part::Hip, i)?, at(Part::Shoulder, i)?, side)?;
                Some(-line.trunk_from_image(at(Part::Wrist, i)?).y)
            }),
            arm: body.each(|i| {
                Some(
                    inclination(at(Part::Shoulder, i)? - at(Part::Wrist, i)?, side)
                        .abs()
                        .degrees(),
                )
            }),
            trunk,
        }
    }

    /// Whether the bar of such a lift was followed.
    pub fn follows_bar(&self, kind: LiftKind) -> bool {
        match kind {
            LiftKind::Deadlift | LiftKind::Rdl => self.bar_in_hands.is_some(),
            LiftKind::Squat | LiftKind::GoodMorning | LiftKind::SitToChair => {
                self.bar_on_back.is_some()
            }
        }
    }

    /// Those of `frames` in which the bend between thigh and trunk is in the upper quarter of its range there; it is taken
    /// between frames where it is not known.
    pub fn most_bent(&self, frames: RangeInclusive<usize>) -> impl Iterator<Item = usize> {
        let bent = frames.clone().filter_map(|i| Some((i, self.hip[i]?)));
        let known: Vec<(usize, f64)> = bent.collect();
        let least = known.iter().map(|k| k.1).fold(f64::INFINITY, f64::min);
        let most = known.iter().map(|k| k.1).fold(f64::NEG_INFINITY, f64::max);
        let level = most - MOST_BENT * (most - least);
        frames.filter(move |&i| interpolated(&known, i) >= level)
    }

    /// Median of `values` over frames `range`; `None` when none is known.
    pub fn typical(values: &[Option<f64>], range: std::ops::Range<usize>) -> Option<f64> {
        median(&mut values[range].iter().flatten().copied().collect::<Vec<_>>())
    }

    /// Measures depth from another standing height: `zero` is the depth, as measured so far, of standing.
    pub fn rezero(&mut self, zero: f64) {
        for depth in self.depth.iter_mut().flatten() {
            *depth -= zero;
        }
    }
}

/// Drop below the greatest height that is held for more than an instant.
fn drops(heights: &[Option<f64>]) -> Vec<Option<f64>> {
    let top = percentile(
        &mut heights.iter().flatten().copied().collect::<Vec<_>>(),
        0.95,
    )
    .unwrap_or(0.0);
    heights.iter().map(|h| h.map(|h| top - h)).collect()
}

/// Elevation in degrees of a rod of length 1 whose upper end is `rise` higher.
fn elevation(rise: f64) -> f64 {
    let rise = rise.clamp(-1.0, 1.0);
    Angle::between(
        Point::new(1.0, 0.0),
        Point::new((1.0 - rise * rise).sqrt(), rise),
    )
    .degrees()
}

fn wrapped(degrees: f64) -> f64 {
    (degrees + 180.0).rem_euclid(360.0) - 180.0
}
