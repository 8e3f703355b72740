//! Edges of a crop: at each pixel the gradient of the colour channel that changes most, since a plate may differ from what
//! is behind it in colour only.

use crate::error::Result;
use crate::units::Point;
use crate::vision::picture::fault;
use opencv::core::{Mat, MatTraitConst, MatTraitConstManual, Size};
use opencv::imgproc;

/// A gradient that points across the rim is an edge of it from here on, grey levels a pixel: black plates before dark walls
/// have hardly more. What chance leaves is told by the share of the rim, not by its strength.
pub const EDGE: f64 = 1.0;
/// … and it points across when it is within 26° of it (cosine).
const ACROSS: f64 = 0.9;
/// Edges that vote for centres, grey levels a pixel.
const VOTING_EDGE: f64 = 2.5;
/// Smoothing before the gradient, pixels: takes out the coder's blocks and the weave of walls.
const BLUR_PX: f64 = 1.2;
/// Cells that centres are voted into, pixels.
const CELL_PX: f64 = 3.0;

/// Gradients of a square crop.
pub struct Gradient {
    side: usize,
    /// The corners of what the picture shows of it, crop pixels; beyond them the picture's edge is repeated.
    shown: [Point; 2],
    x: Vec<f32>,
    y: Vec<f32>,
}

impl Gradient {
    /// Of the 8-bit BGR crop of a picture, which ends at the corners `shown`.
    pub fn of(crop: &Mat, shown: [Point; 2]) -> Result<Self> {
        let mut smooth = Mat::default();
        let own = Size::new(0, 0);
        imgproc::gaussian_blur_def(crop, &mut smooth, own, BLUR_PX).map_err(fault)?;
        let side = smooth.cols() as usize;
        let bytes = smooth.data_bytes().map_err(fault)?;
        let value = |x: usize, y: usize, c: usize| f32::from(bytes[3 * (y * side + x) + c]);
        let mut gradient = Gradient {
            side,
            shown,
            x: vec![0.0; side * side],
            y: vec![0.0; side * side],
        };
        for y in 1..side - 1 {
            for x in 1..side - 1 {
                // Sobel's weights
                let channel = |c: usize| {
                    let v = |dx: usize, dy: usize| value(x + dx - 1, y + dy - 1, c);
                    let across =
                        v(2, 0) + 2.0 * v(2, 1) + v(2, 2) - v(0, 0) - 2.0 * v(0, 1) - v(0, 2);
                    let down =
                        v(0, 2) + 2.0 * v(1, 2) + v(2, 2) - v(0, 0) - 2.0 * v(1, 0) - v(2, 0);
                    (across / 8.0, down / 8.0)
                };
                let size = |g: &(f32, f32)| g.0 * g.0 + g.1 * g.1;
                let (gx, gy) = (0..3)
                    .map(channel)
                    .fold((0.0, 0.0), |a, b| if size(&b) > size(&a) { b } else { a });
                gradient.x[y * side + x] = gx;
                gradient.y[y * side + x] = gy;
            }
        }
        Ok(gradient)
    }

    /// Size of the gradient at a place in the direction of a unit vector, either sign; 0 outside, and where it points elsewhere.
    pub fn across(&self, at: Point, (x, y): (f64, f64)) -> f64 {
        let last = (self.side - 2) as f64;
        if !(at.x >= 1.0 && at.y >= 1.0 && at.x < last && at.y < last) {
            return 0.0;
        }
        let (left, top) = (at.x as usize, at.y as usize);
        let (right_share, low_share) = (at.x - left as f64, at.y - top as f64);
        let first = top * self.side + left;
        let mixed = |v: &[f32]| {
            let v = |k: usize| f64::from(v[first + k]);
            let upper = v(0) + (v(1) - v(0)) * right_share;
            let lower = v(self.side) + (v(self.side + 1) - v(self.side)) * right_share;
            upper + (lower - upper) * low_share
        };
        let (gx, gy) = (mixed(&self.x), mixed(&self.y));
        let along = (gx * x + gy * y).abs();
        // squared, since this is asked millions of times a clip
        if along * along >= ACROSS * ACROSS * (gx * gx + gy * gy) {
            along
        } else {
            0.0
        }
    }

    /// Whether the picture shows this place.
    pub fn shows(&self, at: Point) -> bool {
        let [first, last] = self.shown;
        (first.x..last.x).contains(&at.x) && (first.y..last.y).contains(&at.y)
    }

    /// The `count` places that most edges point to or away from, at distances within `radii`, best first.
    pub fn centres(&self, radii: (f64, f64), count: usize) -> Vec<Point> {
        let cells = (self.side as f64 / CELL_PX) as usize;
        let mut votes = self.votes(cells, radii);
        votes = blurred(&votes, cells);
        let mut found = Vec::new();
        for _ in 0..count {
            let best = (0..votes.len()).max_by(|&a, &b| votes[a].total_cmp(&votes[b]));
            let Some(best) = best else { break };
            let (x, y) = (best % cells, best / cells);
            found.push(Point::new(x as f64 + 0.5, y as f64 + 0.5) * CELL_PX);
            // its neighbours are the same centre
            for near_y in y.saturating_sub(4)..(y + 5).min(cells) {
                for near_x in x.saturating_sub(4)..(x + 5).min(cells) {
                    votes[near_y * cells + near_x] = 0.0;
                }
            }
        }
        found
    }

    fn votes(&self, cells: usize, radii: (f64, f64)) -> Vec<f32> {
        let mut votes = vec![0.0_f32; cells * cells];
        for index in 0..self.x.len() {
            let (gx, gy) = (f64::from(self.x[index]), f64::from(self.y[index]));
            let size = (gx * gx + gy * gy).sqrt();
            if size <= VOTING_EDGE {
                continue;
            }
            let at = Point::new((index % self.side) as f64, (index / self.side) as f64);
            let mut radius = radii.0;
            while radius < radii.1 {
                for reach in [radius, -radius] {
                    let there = at + Point::new(gx, gy) * (reach / size);
                    let (x, y) = (there.x / CELL_PX, there.y / CELL_PX);
                    if x >= 0.0 && y >= 0.0 && (x as usize) < cells && (y as usize) < cells {
                        votes[y as usize * cells + x as usize] += (1.0 / radius) as f32;
                    }
                }
                radius += CELL_PX;
            }
        }
        votes
    }
}

/// Each cell with half of its neighbours': an ellipse's votes do not meet in one cell.
fn blurred(votes: &[f32], cells: usize) -> Vec<f32> {
    const WEIGHTS: [f32; 5] = [0.1, 0.24, 0.32, 0.24, 0.1];
    let pass = |from: &[f32], step: usize| -> Vec<f32> {
        let weighed = |index: usize| {
            let near = WEIGHTS.iter().enumerate().map(|(k, w)| {
                let place = index + k * step;
                place
                    .checked_sub(2 * step)
                    .and_then(|p| from.get(p))
                    .map_or(0.0, |v| v * w)
            });
            near.sum()
        };
        (0..from.len()).map(weighed).collect()
    };
    pass(&pass(votes, 1), cells)
}
