//! The turned square that the landmark network looks at, and how it follows a body.
//!
//! Source: MediaPipe `modules/pose_landmark/pose_landmarks_to_roi.pbtxt` and `alignment_points_to_rects_calculator.cc`.

use crate::units::{Angle, Point, Seconds};
use std::f64::consts::{FRAC_PI_2, PI};

/// Side of the landmark network's input, pixels.
pub const CROP_SIDE: usize = 256;

/// How much wider than the body's circle the square is (MediaPipe: 1.25).
const MARGIN: f64 = 1.25;

/// Side of the square about the trunk, as a share of the body's: 0.7 halves the error of the back line's slope on 720 px
/// pictures (4.1° to 2.3°, median over rendered lifters); in one of ten of them the network no longer sees a person.
const TRUNK_SHARE: f64 = 0.7;
/// Its middle, trunk lengths above the hips: thighs and buttocks belong in it as well.
const TRUNK_CENTRE: f64 = 0.233;

/// The two points that place a body: middle of the hips, and a point on the circle about the whole body.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Anchor {
    /// Middle of the hips.
    pub hips: Point,
    /// Straight above the hips along the body, as far away as the body reaches.
    pub reach: Point,
}

impl Anchor {
    /// Radius of the circle about the body, pixels; a standing adult is about two radii tall.
    pub fn radius(&self) -> f64 {
        (self.reach - self.hips).length()
    }
}

/// A turned square in the upright image.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Roi {
    /// Its middle.
    pub centre: Point,
    /// Its side, pixels.
    pub side_px: f64,
    /// Clockwise turn on the screen; 0 when the body is upright.
    pub turn: Angle,
}

impl Roi {
    /// The square about a body.
    pub fn around(anchor: Anchor) -> Self {
        let along = anchor.reach - anchor.hips;
        let turn = FRAC_PI_2 - (-along.y).atan2(along.x);
        let turn = turn - 2.0 * PI * ((turn + PI) / (2.0 * PI)).floor();
        Roi {
            centre: anchor.hips,
            side_px: 2.0 * anchor.radius() * MARGIN,
            turn: Angle::from_radians(turn),
        }
    }

    /// The closer square about the trunk of a body whose hips and shoulders have been seen: the same pixels for a shorter
    /// stretch, so a finer outline of the back. Closer still and the network no longer knows what it sees.
    pub fn of_trunk(anchor: Anchor, hips: Point, shoulders: Point) -> Self {
        let body = Roi::around(anchor);
        Roi {
            centre: hips + (shoulders - hips) * TRUNK_CENTRE,
            side_px: body.side_px * TRUNK_SHARE,
            turn: body.turn,
        }
    }

    /// Maps crop pixels (0 to 256) to upright image pixels.
    pub fn image_from_crop(&self) -> Affine {
        let scale = self.side_px / CROP_SIDE as f64;
        let (sin, cos) = self.turn.radians().sin_cos();
        let (a, b, half) = (scale * cos, scale * sin, CROP_SIDE as f64 / 2.0);
        Affine {
            rows: [
                [a, -b, self.centre.x - half * a + half * b],
                [b, a, self.centre.y - half * b - half * a],
            ],
        }
    }
}

/// A turn, a scale and a shift: x' = row 0 · (x, y, 1), y' = row 1 · (x, y, 1).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Affine {
    /// The 2 × 3 matrix.
    pub rows: [[f64; 3]; 2],
}

impl Affine {
    /// The image of a point.
    pub fn map(&self, x: f64, y: f64) -> Point {
        let [r0, r1] = self.rows;
        Point::new(r0[0] * x + r0[1] * y + r0[2], r1[0] * x + r1[1] * y + r1[2])
    }

    /// The point whose image is `at`.
    pub fn unmap(&self, at: Point) -> Point {
        let [r0, r1] = self.rows;
        let (x, y) = (at.x - r0[2], at.y - r1[2]);
        let determinant = r0[0] * r1[1] - r0[1] * r1[0];
        Point::new(
            (r1[1] * x - r0[1] * y) / determinant,
            (r0[0] * y - r1[0] * x) / determinant,
        )
    }
}

/// Smooths the anchor from frame to frame, so that the crop does not tremble. Landmarks themselves stay raw.
///
/// One-Euro filter (Casiez, Roussel, Vogel 2012, doi 10.1145/2207676.2208639) with MediaPipe's parameters for the ROI.
#[derive(Debug, Default)]
pub struct Steadier {
    last: Option<Steady>,
}

#[derive(Debug, Clone, Copy)]
struct Steady {
    time: Seconds,
    raw: [f64; 4],
    smooth: [f64; 4],
    speed: [f64; 4],
}

impl Steadier {
    /// The smoothed anchor at `time`.
    pub fn follow(&mut self, time: Seconds, anchor: Anchor) -> Anchor {
        const MIN_CUTOFF_HZ: f64 = 0.01;
        const BETA: f64 = 10.0;
        const SPEED_CUTOFF_HZ: f64 = 1.0;
        let raw = [anchor.hips.x, anchor.hips.y, anchor.reach.x, anchor.reach.y];
        let Some(mut state) = self.last else {
            self.last = Some(Steady {
                time,
                raw,
                smooth: raw,
                speed: [0.0; 4],
            });
            return anchor;
        };
        let rate_hz = 1.0 / (time - state.time).get().max(1e-3);
        let share = |cutoff_hz: f64| 1.0 / (1.0 + rate_hz / (2.0 * PI * cutoff_hz));
        let object_px = 2.0 * anchor.radius().max(1.0);
        for (i, &value) in raw.iter().enumerate() {
            let speed = (value - state.raw[i]) / object_px * rate_hz;
            state.speed[i] += share(SPEED_CUTOFF_HZ) * (speed - state.speed[i]);
            state.smooth[i] +=
                share(MIN_CUTOFF_HZ + BETA * state.speed[i].abs()) * (value - state.smooth[i]);
        }
        state.raw = raw;
        state.time = time;
        self.last = Some(state);
        let [x, y, rx, ry] = state.smooth;
        Anchor {
            hips: Point::new(x, y),
            reach: Point::new(rx, ry),
        }
    }

    /// Forgets, after the body was lost.
    pub fn reset(&mut self) {
        self.last = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn anchor(x: f64, y: f64) -> Anchor {
        Anchor {
            hips: Point::new(x, y),
            reach: Point::new(x, y - 100.0),
        }
    }

    #[test]
    fn an_upright_body_gives_an_upright_square_centred_on_the_hips() {
        let roi = Roi::around(anchor(300.0, 400.0));
        assert!(roi.turn.degrees().abs() < 1e-9);
        assert_eq!(roi.side_px, 250.0);
        let middle = roi.image_from_crop().map(128.0, 128.0);
        assert!((middle - Point::new(300.0, 400.0)).length() < 1e-9);
    }

    #[test]
    fn unmap_undoes_map_for_a_turned_square() {
        let roi = Roi {
            centre: Point::new(10.0, 20.0),
            side_px: 333.0,
            turn: Angle::from_degrees(37.0),
        };
        let affine = roi.image_from_crop();
        let back = affine.unmap(affine.map(12.5, 200.25));
        assert!((back - Point::new(12.5, 200.25)).length() < 1e-9);
    }

    #[test]
    fn a_still_body_keeps_its_square_and_a_new_body_is_taken_at_once() {
        let mut steadier = Steadier::default();
        assert_eq!(
            steadier.follow(Seconds::new(0.0), anchor(5.0, 5.0)),
            anchor(5.0, 5.0)
        );
        assert_eq!(
            steadier.follow(Seconds::new(0.1), anchor(5.0, 5.0)),
            anchor(5.0, 5.0)
        );
        steadier.reset();
        assert_eq!(
            steadier.follow(Seconds::new(0.2), anchor(90.0, 5.0)),
            anchor(90.0, 5.0)
        );
    }
}
