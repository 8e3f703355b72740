//! Where the plate is from frame to frame, once it has been sighted: its rim keeps its size, so only its centre is looked
//! for, near where its last two places lead. A plate that is lost is found again at the next sighting.

use super::gradient::{EDGE, Gradient};
use crate::error::Result;
use crate::recording::{PlatePlace, PlateSighting};
use crate::units::{Point, Seconds};
use crate::vision::picture::{Border, Picture};
use crate::vision::roi::Affine;

/// Half the height of the rim in the searched crop, pixels.
const RIM_PX: f64 = 48.0;
/// Rays on which the rim is looked for.
const RAYS: usize = 90;
/// The rim is looked for this far about its expected place, crop pixels: a bar that changes its speed by 1 m/s within a
/// frame of 1/30 s is 7 of them off.
const REACH_PX: i32 = 14;
/// Rays that have to find the rim, as a share of those that found it when it was sighted. A leg or an arm in front hides
/// a third.
const LEAST_SHARE: f64 = 0.6;
/// … and of all rays.
const LEAST_COVERAGE: f64 = 0.4;
/// Edges stronger than this count no more: one bright stripe must not outvote the rim.
const STRONG_EDGE: f64 = 16.0;
/// A new sighting replaces the rim that is followed when it covers this much more.
const CLEARER: f64 = 0.1;
/// Steps between frames longer than this are not bridged.
const LONGEST_STEP_S: f64 = 0.25;

/// The rim that is followed.
#[derive(Clone, Copy, Debug)]
struct Rim {
    at: Point,
    /// Half its width and height, pixels.
    half: (f64, f64),
    /// Share of the rays that found it when it was sighted.
    coverage: f64,
}

/// Follows one plate.
#[derive(Debug, Default)]
pub struct Path {
    rim: Option<Rim>,
    /// Its last two places; they give its speed.
    last: Vec<(f64, Point)>,
    /// Everywhere it was seen.
    pub places: Vec<PlatePlace>,
}

impl Path {
    /// A sighting starts the path, and starts it anew when it is clearer than what is followed.
    pub fn sighted(&mut self, sighting: &PlateSighting) {
        if self
            .rim
            .is_some_and(|rim| sighting.coverage < rim.coverage + CLEARER)
        {
            return;
        }
        self.rim = Some(Rim {
            at: sighting.at,
            half: (0.5 * sighting.width_px, 0.5 * sighting.height_px),
            coverage: sighting.coverage,
        });
        self.last = vec![(sighting.time_s.get(), sighting.at)];
    }

    /// Looks for the plate in the next frame.
    pub fn follow(&mut self, time: Seconds, picture: &Picture) -> Result<()> {
        let Some(rim) = self.rim else { return Ok(()) };
        let Some(expected) = self.expected(time.get()) else {
            self.rim = None;
            return Ok(());
        };
        let Some(at) = place(
            picture,
            &Rim {
                at: expected,
                ..rim
            },
        )?
        else {
            self.rim = None;
            return Ok(());
        };
        self.last.push((time.get(), at));
        if self.last.len() > 2 {
            self.last.remove(0);
        }
        self.places.push(PlatePlace {
            time_s: time,
            at,
            height_px: 2.0 * rim.half.1,
        });
        Ok(())
    }

    /// Where its last two places lead; `None` when they are too long ago.
    fn expected(&self, now: f64) -> Option<Point> {
        let (then, at) = *self.last.last()?;
        let step = now - then;
        if step > LONGEST_STEP_S {
            return None;
        }
        let first = self.last[0];
        let speed = match then - first.0 {
            gone if gone > 0.0 => (at - first.1) * (1.0 / gone),
            _ => Point::new(0.0, 0.0),
        };
        Some(at + speed * step)
    }
}

/// The centre at which the rim fits best; `None` when too little of it is seen.
fn place(picture: &Picture, rim: &Rim) -> Result<Option<Point>> {
    let scale = rim.half.1 / RIM_PX;
    let half = 1.1 * RIM_PX + f64::from(REACH_PX) + 2.0;
    let image_from_crop = Affine {
        rows: [
            [scale, 0.0, rim.at.x - scale * half],
            [0.0, scale, rim.at.y - scale * half],
        ],
    };
    let crop = picture.crop(&image_from_crop, (2.0 * half) as usize, Border::Edge)?;
    let gradient = Gradient::of(&crop)?;
    let normals = normals(RIM_PX * rim.half.0 / rim.half.1);
    let fit = |at: Point| -> f64 {
        let edge = |&(on_rim, normal): &(Point, (f64, f64))| {
            gradient.along(at + on_rim, normal).min(STRONG_EDGE)
        };
        normals.iter().map(edge).sum()
    };
    let middle = Point::new(half, half);
    let coarse = best(middle, (REACH_PX / 2, 2.0), fit);
    let fine = best(coarse, (4, 0.5), fit);
    let at = summit(fine, 0.5, fit);
    let found =
        |&&(on_rim, normal): &&(Point, (f64, f64))| gradient.along(at + on_rim, normal) > EDGE;
    let coverage = normals.iter().filter(found).count() as f64 / RAYS as f64;
    let seen = coverage >= LEAST_COVERAGE.max(LEAST_SHARE * rim.coverage);
    Ok(seen.then(|| image_from_crop.map(at.x, at.y)))
}

/// Points of the rim about its centre, with the direction that the edge's gradient has there.
fn normals(across: f64) -> Vec<(Point, (f64, f64))> {
    let rays = (0..RAYS).map(|k| std::f64::consts::TAU * k as f64 / RAYS as f64);
    rays.map(|turn| {
        let (sin, cos) = turn.sin_cos();
        let (nx, ny) = (cos / across, sin / RIM_PX);
        let length = nx.hypot(ny);
        (
            Point::new(across * cos, RIM_PX * sin),
            (nx / length, ny / length),
        )
    })
    .collect()
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

#[cfg(test)]
mod tests {
    use super::*;
    use opencv::core::{CV_8UC3, Mat, Point as Pixel, Scalar, Size};
    use opencv::imgproc;

    /// A dark plate with its hub before a wall, a leg in front of a third of it.
    fn drawn(at: Point) -> Picture {
        let mut image =
            Mat::new_rows_cols_with_default(900, 700, CV_8UC3, Scalar::all(150.0)).unwrap();
        let mut oval = |at: Point, size: (i32, i32), grey: f64| {
            let shift = 4;
            let fixed = |v: f64| (v * 16.0).round() as i32;
            imgproc::ellipse(
                &mut image,
                Pixel::new(fixed(at.x), fixed(at.y)),
                Size::new(size.0 * 16, size.1 * 16),
                0.0,
                0.0,
                360.0,
                Scalar::all(grey),
                -1,
                imgproc::LINE_AA,
                shift,
            )
            .unwrap();
        };
        oval(at, (96, 100), 40.0);
        oval(at, (40, 42), 170.0);
        oval(Point::new(at.x - 80.0, 500.0), (35, 300), 90.0);
        Picture::new(image)
    }

    fn sighting(at: Point) -> PlateSighting {
        PlateSighting {
            time_s: Seconds::new(0.0),
            at,
            width_px: 192.0,
            height_px: 200.0,
            coverage: 0.8,
        }
    }

    /// A pull of 300 px in a second, seen 30 times a second.
    fn height(k: i32) -> Point {
        let share = (f64::from(k) / 30.0).min(1.0);
        Point::new(350.0, 640.0 - 300.0 * share * share * (3.0 - 2.0 * share))
    }

    #[test]
    fn a_plate_is_followed_to_two_percent_of_its_width_behind_a_leg() {
        let mut path = Path::default();
        path.sighted(&sighting(height(0)));
        for k in 1..=30 {
            let time = Seconds::new(f64::from(k) / 30.0);
            path.follow(time, &drawn(height(k))).unwrap();
        }
        assert_eq!(path.places.len(), 30);
        for (place, k) in path.places.iter().zip(1..) {
            let off = (place.at - height(k)).length();
            // edges as hard as drawn ones count no more than STRONG_EDGE, so that the fit is flat over 3 px
            assert!(off < 4.0, "{off} px off in frame {k}");
        }
    }

    #[test]
    fn a_plate_that_is_gone_is_lost_until_it_is_sighted_again() {
        let mut path = Path::default();
        path.sighted(&sighting(height(0)));
        let wall = Mat::new_rows_cols_with_default(900, 700, CV_8UC3, Scalar::all(150.0)).unwrap();
        path.follow(Seconds::new(0.03), &Picture::new(wall))
            .unwrap();
        path.follow(Seconds::new(0.06), &drawn(height(0))).unwrap();
        assert!(path.places.is_empty());
        path.sighted(&sighting(height(0)));
        path.follow(Seconds::new(0.03), &drawn(height(0))).unwrap();
        assert_eq!(path.places.len(), 1);
    }
}
