//! A rim of known size, looked for in a picture: only its centre is not known.

use super::ellipse::OnRim;
use super::gradient::{EDGE, Gradient};
use super::{edges, rays};
use crate::error::Result;
use crate::recording::PlateSighting;
use crate::units::Point;
use crate::vision::picture::Picture;

/// Half the height of the rim in the searched crop, pixels.
const RIM_PX: f64 = 48.0;
/// Rays on which the rim is looked for.
const RAYS: usize = 90;
/// One ray of so many tells roughly where the rim is.
const COARSE_EVERY: usize = 3;
/// Share of the rays that have to find the rim. About other places of rendered gyms no more than 0.43 find one; a leg or an arm in
/// front hides a third of it.
const LEAST_COVERAGE: f64 = 0.55;
/// Far from its last place the rim is there for sure when this share finds it (with less, other things of rendered gyms are
/// taken for it) …
const LEAST_FAR: f64 = 0.7;
/// … and this share of those that found it when it was sighted.
const AS_CLEAR: f64 = 0.8;
/// Fewer rays than this share in the picture do not tell a place.
const LEAST_SHOWN: f64 = 0.4;
/// Edges stronger than this count no more: one bright stripe must not outvote the rim.
const STRONG_EDGE: f64 = 16.0;
/// Steps of the first search, crop pixels: near an expected place, and far about it.
const STEP_PX: f64 = 2.0;
const WIDE_STEP_PX: f64 = 4.0;
/// A search that reaches farther than this, radii, goes in wide steps.
const FAR: f64 = 1.0;
/// So many sizes larger and smaller than that which was looked for are tried in the place that was found, and their step: as far
/// as an edge reaches.
const SIZES: i32 = 4;
const SIZE_STEP: f64 = 0.01;
/// Sizes are as good as the best when they fit this share as well.
const AS_GOOD: f64 = 0.99;

/// A rim as it was sighted.
#[derive(Clone, Copy, Debug)]
pub struct Rim {
    /// Half its width and height, pixels.
    half: (f64, f64),
    /// Share of the rays that found it.
    pub coverage: f64,
}

/// Where it is.
#[derive(Clone, Copy, Debug)]
pub struct Found {
    /// Its centre, image pixels.
    pub at: Point,
    /// Share of the rays that find it there.
    pub coverage: f64,
    /// Its height there, image pixels.
    pub height_px: f64,
}

impl Rim {
    /// Of a plate that was sighted.
    pub fn of(sighting: &PlateSighting) -> Self {
        Rim {
            half: (0.5 * sighting.width_px, 0.5 * sighting.height_px),
            coverage: sighting.coverage,
        }
    }

    /// The same rim seen from nearer or farther.
    pub fn scaled(&self, share: f64) -> Self {
        Rim {
            half: (share * self.half.0, share * self.half.1),
            ..*self
        }
    }

    /// Pixels.
    pub fn height_px(&self) -> f64 {
        2.0 * self.half.1
    }

    /// Whether what was found far away is this rim for sure: seen nearly as well as when it was sighted.
    pub fn is_as_clear(&self, found: &Found) -> bool {
        found.coverage >= LEAST_FAR.max(AS_CLEAR * self.coverage)
    }

    /// The centre within `reach` radii of a place at which the rim fits best; `None` when too little of it is seen.
    pub fn near(&self, picture: &Picture, about: Point, reach: f64) -> Result<Option<Found>> {
        let step = if reach > FAR { WIDE_STEP_PX } else { STEP_PX };
        let reach = reach * RIM_PX;
        let half = 1.1 * RIM_PX + reach + 2.0;
        let (gradient, image_from_crop) = edges(picture, about, self.half.1 / RIM_PX, half)?;
        let half_rim = (RIM_PX * self.half.0 / self.half.1, RIM_PX);
        let rim: Vec<OnRim> = rays(RAYS).map(|ray| OnRim::new(half_rim, ray)).collect();
        let fits = |at: Point, size: f64, every: usize| -> f64 {
            let edge = |ray: &OnRim| gradient.across(at + ray.at * size, ray.normal);
            let edges = rim.iter().step_by(every).map(edge);
            edges.map(|edge| edge.min(STRONG_EDGE)).sum()
        };
        let fit = |at: Point, every: usize| fits(at, 1.0, every);
        let steps = ((reach / step) as i32, step);
        let coarse = best(Point::new(half, half), steps, |at| fit(at, COARSE_EVERY));
        let fine = best(coarse, (4, 0.25 * step), |at| fit(at, 1));
        let at = summit(fine, 0.5, |at| fit(at, 1));
        let coverage = coverage(&gradient, &rim, at);
        let coverage = coverage.filter(|coverage| *coverage >= LEAST_COVERAGE);
        Ok(coverage.map(|coverage| Found {
            at: image_from_crop.map(at.x, at.y),
            coverage,
            height_px: self.height_px() * best_size(|size| fits(at, size, 1)),
        }))
    }
}

/// Share of the rays in the picture that find the rim about `at`.
fn coverage(gradient: &Gradient, rim: &[OnRim], at: Point) -> Option<f64> {
    let shown = rim.iter().filter(|ray| gradient.shows(at + ray.at));
    let shown: Vec<&OnRim> = shown.collect();
    let finds = |ray: &&&OnRim| gradient.across(at + ray.at, ray.normal) > EDGE;
    let found = shown.iter().filter(finds).count();
    let enough = shown.len() as f64 >= LEAST_SHOWN * RAYS as f64;
    enough.then(|| found as f64 / shown.len() as f64)
}

/// The middle of the best sizes about that which was looked for: strong edges are flat on top.
fn best_size(fit: impl Fn(f64) -> f64) -> f64 {
    let sizes = (-SIZES..=SIZES).map(|k| 1.0 + SIZE_STEP * f64::from(k));
    let fits: Vec<(f64, f64)> = sizes.map(|size| (size, fit(size))).collect();
    let most = fits.iter().map(|f| f.1).fold(0.0, f64::max);
    let best = fits.iter().filter(|f| f.1 >= AS_GOOD * most);
    let best: Vec<f64> = best.map(|f| f.0).collect();
    best.iter().sum::<f64>() / best.len() as f64
}

/// The best of the places on a square grid of `steps` to each side.
fn best(about: Point, (steps, step): (i32, f64), fit: impl Fn(Point) -> f64) -> Point {
    let grid = (-steps..=steps).flat_map(|y| (-steps..=steps).map(move |x| (x, y)));
    grid.map(|(x, y)| about + Point::new(f64::from(x), f64::from(y)) * step)
        .map(|at| (at, fit(at)))
        .max_by(|a, b| a.1.total_cmp(&b.1))
        .map_or(about, |found| found.0)
}

/// The top of the parabolas through a best place and its neighbours.
fn summit(at: Point, step: f64, fit: impl Fn(Point) -> f64) -> Point {
    let here = fit(at);
    let shift = |along: Point| {
        let (before, after) = (fit(at - along * step), fit(at + along * step));
        let bend = before - 2.0 * here + after;
        if bend < 0.0 {
            (0.5 * step * (before - after) / bend).clamp(-step, step)
        } else {
            0.0
        }
    };
    at + Point::new(shift(Point::new(1.0, 0.0)), shift(Point::new(0.0, 1.0)))
}
