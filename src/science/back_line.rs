//! The back line of one frame: where rays from the hip–shoulder axis leave the body towards the back.
//!
//! Takes the mask's edge and two landmarks, gives a profile that does not depend on where in the picture the lifter
//! stands, how large, or which way they face. Landmarks say where to look; the edge says how the spine is shaped.

use crate::recording::{EdgePoint, PlatePlace};
use crate::session::Side;
use crate::units::{Angle, Point};
use std::f64::consts::TAU;

/// Rays a frame has.
pub const RAYS: usize = 66;
/// First ray, in trunk lengths above the hip (negative = below): under the buttock.
pub const FIRST_RAY: f64 = -0.35;
/// Last ray: just below the shoulders.
pub const LAST_RAY: f64 = 0.95;
/// Distance between rays, trunk lengths.
pub const RAY_STEP: f64 = (LAST_RAY - FIRST_RAY) / (RAYS - 1) as f64;
/// Beams go out from the hip, from 30° to 330° off the trunk axis, turning towards the back.
pub const BEAMS: usize = 31;
const FIRST_BEAM: f64 = TAU / 12.0;
/// Angle between two beams: 10°.
const BEAM_STEP: f64 = TAU / 36.0;
/// A ray starts this far in front of the axis, so that a landmark slightly outside the body still finds it.
const START: f64 = -0.05;
/// If the body only begins farther back than this, the axis is not in the body: no reading.
const LATEST_ENTRY: f64 = 0.3;
/// The rim is followed to 2 % of the plate's width; an edge this near to it is the plate's.
const DISC_MARGIN: f64 = 1.05;
/// Nobody's back is farther from the axis than this: the ray has run along a limb or onto another person.
const FARTHEST: f64 = 0.75;

/// Trunk coordinates: origin mid-hip, first axis up the trunk, second towards the back, unit = trunk length.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TrunkFrame {
    hip: Point,
    up: Point,
    back: Point,
    length: f64,
}

impl TrunkFrame {
    /// From mid-hip and mid-shoulder; `None` when they coincide.
    pub fn new(hip: Point, shoulder: Point, side: Side) -> Option<Self> {
        let axis = shoulder - hip;
        let length = axis.length();
        if length < 1.0 {
            return None;
        }
        let up = axis * (1.0 / length);
        // Seen from the lifter's right side the lifter faces right, so the back is to the left of the upward axis.
        let back = match side {
            Side::Right => Point::new(up.y, -up.x),
            Side::Left => Point::new(-up.y, up.x),
        };
        Some(TrunkFrame {
            hip,
            up,
            back,
            length,
        })
    }

    /// Mid-hip, then mid-shoulder, image pixels.
    pub fn ends(&self) -> [Point; 2] {
        [self.hip, self.hip + self.up * self.length]
    }

    /// Trunk length in pixels.
    pub fn length(&self) -> f64 {
        self.length
    }

    /// The same axes with another trunk length in pixels.
    pub fn scaled(&self, length: f64) -> Self {
        TrunkFrame { length, ..*self }
    }

    /// Part of the way (0 to 1) from this frame to `other`; `None` when they cancel.
    pub fn towards(&self, other: &TrunkFrame, share: f64, side: Side) -> Option<Self> {
        let ([a, b], [c, d]) = (self.ends(), other.ends());
        TrunkFrame::new(a + (c - a) * share, b + (d - b) * share, side)
    }

    /// Which way a forward bend turns on the screen: +1 clockwise (the lifter faces right), -1 the other way.
    pub fn forward_sign(&self) -> f64 {
        // The back is a quarter turn counter-clockwise from up when the lifter faces right.
        if self.up.x * self.back.y - self.up.y * self.back.x < 0.0 {
            1.0
        } else {
            -1.0
        }
    }

    /// Inclination of the trunk axis from vertical, forward positive.
    pub fn inclination(&self, side: Side) -> Angle {
        inclination(self.up, side)
    }

    /// Trunk coordinates of an image point: x up the trunk, y towards the back, in trunk lengths.
    pub fn trunk_from_image(&self, at: Point) -> Point {
        let v = at - self.hip;
        Point::new(dot(v, self.up), dot(v, self.back)) * (1.0 / self.length)
    }

    /// Image point of trunk coordinates.
    pub fn image_from_trunk(&self, at: Point) -> Point {
        self.hip + (self.up * at.x + self.back * at.y) * self.length
    }
}

/// Angle of an upward direction from vertical, forward (the way the lifter faces) positive.
pub fn inclination(upward: Point, side: Side) -> Angle {
    let vertical = Point::new(0.0, -1.0);
    match side {
        Side::Right => Angle::between(vertical, upward),
        Side::Left => Angle::between(upward, vertical),
    }
}

/// One reading of a ray.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reading {
    /// Distance of the back from the axis, trunk lengths.
    pub distance: f64,
    /// Sharpness of the mask's edge there, 0 to 1.
    pub sharpness: f64,
    /// Where the same ray enters the body, trunk lengths; `None` behind the plate.
    pub front: Option<f64>,
}

/// Back line of one frame: one reading a ray, from [`FIRST_RAY`] to [`LAST_RAY`]; `None` where the ray found no back.
#[derive(Clone, Debug, PartialEq)]
pub struct BackLine {
    /// The readings.
    pub readings: [Option<Reading>; RAYS],
}

/// Height of ray `index` above the hip, trunk lengths.
pub fn ray_height(index: usize) -> f64 {
    FIRST_RAY + RAY_STEP * index as f64
}

/// The near plate as a disc in trunk coordinates: what the mask has as an edge in there is not the lifter's.
#[derive(Clone, Copy, Debug)]
pub struct Disc {
    /// Its centre.
    pub centre: Point,
    /// Its radius, trunk lengths.
    pub radius: f64,
}

impl Disc {
    /// Of the plate that was followed.
    pub fn new(plate: &PlatePlace, trunk: &TrunkFrame) -> Self {
        Disc {
            centre: trunk.trunk_from_image(plate.at),
            radius: 0.5 * plate.height_px / trunk.length(),
        }
    }

    fn hides(&self, at: Point) -> bool {
        (at - self.centre).length() < DISC_MARGIN * self.radius
    }
}

/// Reads the back line off the mask's edge, as far as the plate does not hide it.
pub fn back_line(outline: &[Vec<EdgePoint>], plate: Option<&Disc>, trunk: &TrunkFrame) -> BackLine {
    let mut crossings: Vec<Vec<Crossing>> = vec![Vec::new(); RAYS];
    for ring in outline {
        let points: Vec<Point> = ring.iter().map(|p| trunk.trunk_from_image(p.at)).collect();
        for (i, &b) in points.iter().enumerate() {
            let previous = if i == 0 { points.len() - 1 } else { i - 1 };
            cross(
                &mut crossings,
                (points[previous], ring[previous].sharpness),
                (b, ring[i].sharpness),
            );
        }
    }
    let mut readings = [None; RAYS];
    for (index, (reading, crossed)) in readings.iter_mut().zip(&mut crossings).enumerate() {
        crossed.sort_by(|a, b| a.distance.total_cmp(&b.distance));
        let height = ray_height(index);
        *reading = exit(crossed, |distance| {
            plate.is_some_and(|p| p.hides(Point::new(height, distance)))
        });
    }
    BackLine { readings }
}

/// A ray on the mask's edge.
#[derive(Clone, Copy, Debug)]
struct Crossing {
    distance: f64,
    sharpness: f64,
}

/// Adds the crossings of the edge a→b to every ray it passes.
fn cross(crossings: &mut [Vec<Crossing>], a: (Point, f64), b: (Point, f64)) {
    let (low, high) = if a.0.x < b.0.x { (a, b) } else { (b, a) };
    let first = ((low.0.x - FIRST_RAY) / RAY_STEP).ceil().max(0.0) as usize;
    for (index, ray) in crossings.iter_mut().enumerate().skip(first) {
        let height = ray_height(index);
        if height >= high.0.x {
            break;
        }
        let share = (height - low.0.x) / (high.0.x - low.0.x);
        ray.push(Crossing {
            distance: low.0.y + (high.0.y - low.0.y) * share,
            sharpness: low.1 + (high.1 - low.1) * share,
        });
    }
}

/// The first crossing from inside to outside behind the start of the ray. Along a ray crossings alternate in, out, in, …;
/// a way out and back in behind the plate is none.
fn exit(crossed: &[Crossing], hidden: impl Fn(f64) -> bool) -> Option<Reading> {
    let mut stretches: Vec<(Crossing, Crossing)> = Vec::new();
    for pair in crossed.chunks_exact(2) {
        match stretches.last_mut() {
            Some(last) if hidden(last.1.distance) && hidden(pair[0].distance) => last.1 = pair[1],
            _ => stretches.push((pair[0], pair[1])),
        }
    }
    let (entry, exit) = stretches
        .into_iter()
        .find(|(_, exit)| exit.distance > START)?;
    let is_back = entry.distance <= LATEST_ENTRY && exit.distance <= FARTHEST;
    (is_back && !hidden(exit.distance)).then(|| Reading {
        distance: exit.distance,
        sharpness: exit.sharpness,
        front: Some(entry.distance).filter(|d| !hidden(*d)),
    })
}

/// Adds to every beam the distance at which it crosses the edge a→b; each end comes with its direction.
fn cross_beams(crossings: &mut [Vec<f64>; BEAMS], (a, from): (Point, f64), (b, to): (Point, f64)) {
    let (low, high) = (from.min(to), from.max(to));
    if high - low > TAU / 2.0 {
        return; // it passes straight up the trunk, where no beam is
    }
    let first = ((low - FIRST_BEAM) / BEAM_STEP).ceil().max(0.0) as usize;
    for (index, beam) in crossings.iter_mut().enumerate().skip(first) {
        let angle = FIRST_BEAM + BEAM_STEP * index as f64;
        if angle >= high {
            break;
        }
        let along = Point::new(angle.cos(), angle.sin());
        let across = |p: Point| p.y * along.x - p.x * along.y;
        let share = across(a) / (across(a) - across(b));
        beam.push(dot(a + (b - a) * share, along));
    }
}

/// How far the body reaches from the hip along each beam, trunk lengths; `None` where the hip is not in the body.
pub fn beams(
    outline: &[Vec<EdgePoint>],
    plate: Option<&Disc>,
    trunk: &TrunkFrame,
) -> [Option<f64>; BEAMS] {
    let directed = |edge: &EdgePoint| {
        let at = trunk.trunk_from_image(edge.at);
        (at, at.y.atan2(at.x).rem_euclid(TAU))
    };
    let mut crossings: [Vec<f64>; BEAMS] = std::array::from_fn(|_| Vec::new());
    for ring in outline {
        let points: Vec<(Point, f64)> = ring.iter().map(directed).collect();
        for (i, &b) in points.iter().enumerate() {
            let previous = if i == 0 { points.len() - 1 } else { i - 1 };
            cross_beams(&mut crossings, points[previous], b);
        }
    }
    std::array::from_fn(|index| {
        let crossed = &crossings[index];
        let angle = FIRST_BEAM + BEAM_STEP * index as f64;
        let hidden = |reach: f64| {
            let at = Point::new(angle.cos(), angle.sin()) * reach;
            plate.is_some_and(|p| p.hides(at))
        };
        let inside = crossed.len() % 2 == 1;
        let reach = crossed.iter().copied().min_by(f64::total_cmp);
        reach.filter(|&reach| inside && !hidden(reach))
    })
}

fn dot(a: Point, b: Point) -> f64 {
    a.x * b.x + a.y * b.y
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Seconds;

    fn ring(points: &[(f64, f64)]) -> Vec<EdgePoint> {
        points
            .iter()
            .map(|&(x, y)| EdgePoint {
                at: Point::new(x, y),
                sharpness: 1.0,
            })
            .collect()
    }

    /// An upright slab 40 px behind and 30 px in front of a 200 px trunk, facing right.
    fn slab() -> (Vec<Vec<EdgePoint>>, Point, Point) {
        let outline = vec![ring(&[
            (60.0, 0.0),
            (130.0, 0.0),
            (130.0, 500.0),
            (60.0, 500.0),
        ])];
        (outline, Point::new(100.0, 300.0), Point::new(100.0, 100.0))
    }

    #[test]
    fn a_flat_back_reads_the_same_on_every_ray() {
        let (outline, hip, shoulder) = slab();
        let trunk = TrunkFrame::new(hip, shoulder, Side::Right).unwrap();
        for reading in back_line(&outline, None, &trunk).readings {
            assert!(
                (reading.unwrap().distance - 0.2).abs() < 1e-12,
                "40 px of 200 px"
            );
        }
    }

    #[test]
    fn the_other_side_sees_the_front() {
        let (outline, hip, shoulder) = slab();
        let trunk = TrunkFrame::new(hip, shoulder, Side::Left).unwrap();
        let reading = back_line(&outline, None, &trunk).readings[30].unwrap();
        assert!((reading.distance - 0.15).abs() < 1e-12, "30 px of 200 px");
    }

    #[test]
    fn beams_reach_the_back_of_a_slab_and_the_front() {
        let (outline, hip, shoulder) = slab();
        let trunk = TrunkFrame::new(hip, shoulder, Side::Right).unwrap();
        let reach = beams(&outline, None, &trunk);
        assert!((reach[6].unwrap() - 0.2).abs() < 1e-12, "90°: 40 px of 200");
        assert!((reach[24].unwrap() - 0.15).abs() < 1e-12, "270°: 30 px");
        assert!((reach[0].unwrap() - 0.4).abs() < 1e-12, "30°: twice as far");
    }

    /// Of 0.3 trunk lengths, half way up the trunk, `behind` trunk lengths behind its axis.
    fn plate(trunk: &TrunkFrame, behind: f64) -> Disc {
        let place = PlatePlace {
            time_s: Seconds::new(0.0),
            at: trunk.image_from_trunk(Point::new(0.5, behind)),
            height_px: 0.3 * trunk.length(),
        };
        Disc::new(&place, trunk)
    }

    #[test]
    fn behind_the_plate_there_is_no_reading_and_beside_it_nothing_changes() {
        let (outline, hip, shoulder) = slab();
        let trunk = TrunkFrame::new(hip, shoulder, Side::Right).unwrap();
        let free = back_line(&outline, None, &trunk).readings;
        let part = back_line(&outline, Some(&plate(&trunk, 0.2)), &trunk).readings;
        for (index, (part, free)) in part.iter().zip(&free).enumerate() {
            let behind = (ray_height(index) - 0.5).abs() < 0.16;
            assert!(part == free || behind && part.is_none(), "ray {index}");
        }
        assert!(part.iter().filter(|r| r.is_none()).count() >= 14);
    }

    #[test]
    fn a_plate_over_the_middle_of_the_body_hides_no_edge() {
        let (outline, hip, shoulder) = slab();
        let trunk = TrunkFrame::new(hip, shoulder, Side::Right).unwrap();
        let small = Disc {
            radius: 0.1,
            ..plate(&trunk, 0.02)
        };
        assert_eq!(
            back_line(&outline, Some(&small), &trunk),
            back_line(&outline, None, &trunk)
        );
    }

    #[test]
    fn a_hole_that_the_mask_has_for_the_plate_is_no_back() {
        let (mut outline, hip, shoulder) = slab();
        let trunk = TrunkFrame::new(hip, shoulder, Side::Right).unwrap();
        let free = back_line(&outline, None, &trunk);
        let corners = [(0.42, -0.05), (0.58, -0.05), (0.58, 0.05), (0.42, 0.05)];
        outline.push(
            corners
                .iter()
                .map(|&(x, y)| EdgePoint {
                    at: trunk.image_from_trunk(Point::new(x, y)),
                    sharpness: 1.0,
                })
                .collect(),
        );
        assert_ne!(back_line(&outline, None, &trunk), free);
        let disc = plate(&trunk, 0.03);
        assert_eq!(back_line(&outline, Some(&disc), &trunk), free);
    }

    #[test]
    fn an_axis_outside_the_body_gives_no_reading() {
        let (outline, hip, shoulder) = slab();
        let far = Point::new(300.0, 0.0);
        let trunk = TrunkFrame::new(hip + far, shoulder + far, Side::Left).unwrap();
        assert!(
            back_line(&outline, None, &trunk)
                .readings
                .iter()
                .all(Option::is_none)
        );
    }

    #[test]
    fn leaning_forward_is_positive_on_both_sides() {
        let hip = Point::new(100.0, 300.0);
        let right = TrunkFrame::new(hip, Point::new(200.0, 200.0), Side::Right).unwrap();
        let left = TrunkFrame::new(hip, Point::new(0.0, 200.0), Side::Left).unwrap();
        assert!((right.inclination(Side::Right).degrees() - 45.0).abs() < 1e-9);
        assert!((left.inclination(Side::Left).degrees() - 45.0).abs() < 1e-9);
    }
}
