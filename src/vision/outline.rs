//! Mask → outline: the sub-pixel edge of the lifter as closed rings, with how sharp it is.
//!
//! Marching squares at probability 0.5 with linear interpolation (Lorensen and Cline 1987 in two dimensions; the two
//! ambiguous cases keep the body in one piece). The ring kept is the one that holds most of the trunk; holes count from
//! 0.2 % of the mask. Where the crop's border cuts the body there is no edge, so sharpness is 0.

use super::pose::Mask;
use super::roi::CROP_SIDE;
use crate::recording::EdgePoint;
use crate::units::Point;
use std::collections::HashMap;

/// Distance between points, mask pixels.
const STEP_PX: f64 = 2.5;
/// A hole smaller than this share of the mask is noise.
const MIN_HOLE_SHARE: f64 = 0.002;
/// Fall of probability per mask pixel that counts as fully sharp: the network's own resolution is about two pixels.
const SHARP_PER_PX: f64 = 0.5;
/// Places on the trunk that are asked which ring they are in.
const TRUNK_SAMPLES: usize = 17;

/// A closed ring in mask pixels; the first point is not repeated.
type Ring = Vec<Point>;

/// The rings of the body whose trunk runs from `hips` to `shoulders` (upright image pixels): outer ring, then holes.
/// Empty when the mask shows no body.
pub fn outline(mask: &Mask, hips: Point, shoulders: Point) -> Vec<Vec<EdgePoint>> {
    let field = Field::new(&mask.logits);
    let rings = field.rings();
    let trunk = [hips, shoulders].map(|at| mask.image_from_crop.unmap(at));
    let Some(outer) = rings.iter().filter(|ring| area(ring) > 0.0).max_by(|a, b| {
        let rank = |ring: &Ring| (held(ring, trunk), area(ring));
        let ((held_a, area_a), (held_b, area_b)) = (rank(a), rank(b));
        held_a.cmp(&held_b).then(area_a.total_cmp(&area_b))
    }) else {
        return Vec::new();
    };
    let min_hole = MIN_HOLE_SHARE * (CROP_SIDE * CROP_SIDE) as f64;
    let holes = rings
        .iter()
        .filter(|ring| -area(ring) > min_hole && contains(outer, ring[0]));
    let edge = |at: &Point| EdgePoint {
        at: mask.image_from_crop.map(at.x, at.y),
        sharpness: field.sharpness(*at),
    };
    std::iter::once(outer)
        .chain(holes)
        .map(|ring| resampled(ring).iter().map(edge).collect())
        .collect()
}

/// How many places of the trunk lie inside `ring`.
fn held(ring: &Ring, [from, to]: [Point; 2]) -> usize {
    let places =
        (0..TRUNK_SAMPLES).map(|i| from + (to - from) * (i as f64 / (TRUNK_SAMPLES - 1) as f64));
    places.filter(|&at| contains(ring, at)).count()
}

/// Probability of person on the mask's pixels, with a margin of nobody, so that every ring closes.
struct Field {
    values: Vec<f32>,
}

/// Side of the field: the mask and one pixel of margin all around.
const SIDE: usize = CROP_SIDE + 2;
const LEVEL: f32 = 0.5;

/// A place between two neighbouring pixels, named by the first pixel's index and the direction to the second.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Crossing {
    Right(usize),
    Down(usize),
}

impl Field {
    fn new(logits: &[f32]) -> Self {
        let mut values = vec![0.0; SIDE * SIDE];
        for (row, line) in logits.chunks_exact(CROP_SIDE).enumerate() {
            let start = (row + 1) * SIDE + 1;
            for (value, logit) in values[start..start + CROP_SIDE].iter_mut().zip(line) {
                *value = 1.0 / (1.0 + (-logit).exp());
            }
        }
        Field { values }
    }

    /// All closed rings, outer ones with positive area, holes with negative, in the order of their topmost pixel.
    fn rings(&self) -> Vec<Ring> {
        let mut next = self.crossings();
        let mut starts: Vec<Crossing> = next.iter().map(|(from, _)| *from).collect();
        let mut following: HashMap<Crossing, Crossing> = next.drain(..).collect();
        let mut rings = Vec::new();
        for start in starts.drain(..) {
            let mut ring = Vec::new();
            let mut at = start;
            while let Some(to) = following.remove(&at) {
                ring.push(self.place(at));
                at = to;
            }
            if ring.len() > 2 {
                rings.push(ring);
            }
        }
        rings
    }

    /// Directed steps from crossing to crossing, the body on the right hand (y down: clockwise round the body).
    fn crossings(&self) -> Vec<(Crossing, Crossing)> {
        let mut steps = Vec::new();
        for row in 0..SIDE - 1 {
            for column in 0..SIDE - 1 {
                let corner = row * SIDE + column;
                let inside = |index: usize| usize::from(self.values[index] >= LEVEL);
                let case = inside(corner)
                    | inside(corner + 1) << 1
                    | inside(corner + SIDE + 1) << 2
                    | inside(corner + SIDE) << 3;
                let (top, bottom) = (Crossing::Right(corner), Crossing::Right(corner + SIDE));
                let (left, right) = (Crossing::Down(corner), Crossing::Down(corner + 1));
                match case {
                    1 => steps.push((top, left)),
                    2 => steps.push((right, top)),
                    3 => steps.push((right, left)),
                    4 => steps.push((bottom, right)),
                    5 => steps.extend([(top, right), (bottom, left)]),
                    6 => steps.push((bottom, top)),
                    7 => steps.push((bottom, left)),
                    8 => steps.push((left, bottom)),
                    9 => steps.push((top, bottom)),
                    10 => steps.extend([(left, top), (right, bottom)]),
                    11 => steps.push((right, bottom)),
                    12 => steps.push((left, right)),
                    13 => steps.push((top, right)),
                    14 => steps.push((left, top)),
                    _ => {}
                }
            }
        }
        steps
    }

    /// Where the level is crossed, in mask pixels, held within the mask.
    fn place(&self, crossing: Crossing) -> Point {
        let (first, second, across) = match crossing {
            Crossing::Right(index) => (index, index + 1, Point::new(1.0, 0.0)),
            Crossing::Down(index) => (index, index + SIDE, Point::new(0.0, 1.0)),
        };
        let (low, high) = (self.values[first], self.values[second]);
        let share = f64::from((LEVEL - low) / (high - low));
        let pixel =
            Point::new((first % SIDE) as f64 - 1.0, (first / SIDE) as f64 - 1.0) + across * share;
        let last = (CROP_SIDE - 1) as f64;
        Point::new(pixel.x.clamp(0.0, last), pixel.y.clamp(0.0, last))
    }

    /// Steepness of the probability at a place, 0 to 1; 0 on the crop's border.
    fn sharpness(&self, at: Point) -> f64 {
        let last = (CROP_SIDE - 1) as f64;
        let on_border = |value: f64| value < 0.5 || value > last - 0.5;
        if on_border(at.x) || on_border(at.y) {
            return 0.0;
        }
        let across =
            |x: f64, y: f64| self.value(at.x + x, at.y + y) - self.value(at.x - x, at.y - y);
        (across(0.5, 0.0).hypot(across(0.0, 0.5)) / SHARP_PER_PX).min(1.0)
    }

    /// Probability between pixels, bilinear; (x, y) in mask pixels, within the mask.
    fn value(&self, x: f64, y: f64) -> f64 {
        let (column, row) = ((x + 1.0).floor(), (y + 1.0).floor());
        let (right, down) = (x + 1.0 - column, y + 1.0 - row);
        let corner = row as usize * SIDE + column as usize;
        let at = |offset: usize| f64::from(self.values[corner + offset]);
        let upper = at(0) * (1.0 - right) + at(1) * right;
        let lower = at(SIDE) * (1.0 - right) + at(SIDE + 1) * right;
        upper * (1.0 - down) + lower * down
    }
}

/// Signed area in square pixels: positive clockwise on the screen (y down).
fn area(ring: &Ring) -> f64 {
    corners(ring)
        .map(|(a, b)| a.x * b.y - b.x * a.y)
        .sum::<f64>()
        / 2.0
}

fn corners(ring: &Ring) -> impl Iterator<Item = (Point, Point)> {
    ring.iter()
        .copied()
        .zip(ring.iter().copied().cycle().skip(1))
}

/// Whether the point is inside, by the even-odd rule.
fn contains(ring: &Ring, at: Point) -> bool {
    let crossed = |(a, b): &(Point, Point)| {
        (a.y > at.y) != (b.y > at.y) && at.x < a.x + (at.y - a.y) / (b.y - a.y) * (b.x - a.x)
    };
    corners(ring).filter(crossed).count() % 2 == 1
}

/// The ring with points [`STEP_PX`] apart along it.
fn resampled(ring: &Ring) -> Ring {
    let length: f64 = corners(ring).map(|(a, b)| (b - a).length()).sum();
    let count = (length / STEP_PX).round().max(3.0);
    let step = length / count;
    let (mut points, mut walked) = (Vec::with_capacity(count as usize), 0.0);
    for (a, b) in corners(ring) {
        let span = (b - a).length();
        while points.len() < count as usize && points.len() as f64 * step < walked + span {
            points.push(a + (b - a) * ((points.len() as f64 * step - walked) / span));
        }
        walked += span;
    }
    points
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vision::roi::Affine;

    /// A disc whose logit falls by `steepness` a pixel.
    fn disc(x: f64, y: f64, radius: f64, steepness: f64) -> Vec<f32> {
        let logit = |i: usize| {
            let (px, py) = ((i % CROP_SIDE) as f64, (i / CROP_SIDE) as f64);
            ((radius - (px - x).hypot(py - y)) * steepness) as f32
        };
        (0..CROP_SIDE * CROP_SIDE).map(logit).collect()
    }

    fn mask(logits: Vec<f32>) -> Mask {
        Mask {
            logits,
            image_from_crop: Affine {
                rows: [[2.0, 0.0, 10.0], [0.0, 2.0, 20.0]],
            },
        }
    }

    #[test]
    fn a_disc_gives_one_ring_at_its_radius_to_a_tenth_of_a_pixel() {
        let mask = mask(disc(100.0, 120.0, 40.0, 3.0));
        let centre = mask.image_from_crop.map(100.0, 120.0);
        let rings = outline(&mask, centre, centre);
        assert_eq!(rings.len(), 1);
        // 2 π 40 px / 2.5 px
        assert!(
            (rings[0].len() as f64 - 100.5).abs() < 2.0,
            "{} points",
            rings[0].len()
        );
        for point in &rings[0] {
            let off = (point.at - centre).length() / 2.0 - 40.0;
            assert!(off.abs() < 0.1, "{off} mask px off");
            assert!(point.sharpness > 0.9);
        }
    }

    #[test]
    fn the_trunk_decides_between_two_bodies_and_not_the_size() {
        let (small, large) = (disc(40.0, 60.0, 20.0, 3.0), disc(160.0, 150.0, 70.0, 3.0));
        let mask = mask(small.iter().zip(&large).map(|(a, b)| a.max(*b)).collect());
        let at = mask.image_from_crop.map(40.0, 60.0);
        let rings = outline(&mask, at, at);
        assert!(rings[0].iter().all(|p| (p.at - at).length() < 2.0 * 21.0));
    }

    #[test]
    fn a_hole_is_a_second_ring_and_a_speck_is_none() {
        let ring = |radius: f64| {
            let (outer, inner) = (
                disc(128.0, 128.0, 60.0, 3.0),
                disc(128.0, 128.0, radius, 3.0),
            );
            mask(outer.iter().zip(&inner).map(|(a, b)| a.min(-b)).collect())
        };
        let at = Point::new(266.0 + 80.0, 276.0);
        assert_eq!(outline(&ring(20.0), at, at).len(), 2);
        assert_eq!(outline(&ring(4.0), at, at).len(), 1);
    }

    #[test]
    fn the_crops_border_is_no_edge_of_the_body() {
        let mask = mask(disc(128.0, 255.0, 60.0, 3.0));
        let at = mask.image_from_crop.map(128.0, 230.0);
        let ring = &outline(&mask, at, at)[0];
        let bottom = mask.image_from_crop.map(0.0, 255.0).y;
        assert!(
            ring.iter()
                .filter(|p| p.at.y > bottom - 0.9)
                .all(|p| p.sharpness == 0.0)
        );
        assert!(
            ring.iter()
                .filter(|p| p.at.y < bottom - 10.0)
                .all(|p| p.sharpness > 0.5)
        );
    }

    #[test]
    fn an_empty_mask_has_no_outline() {
        assert!(
            outline(
                &mask(vec![-9.0; CROP_SIDE * CROP_SIDE]),
                Point::default(),
                Point::default()
            )
            .is_empty()
        );
    }
}
