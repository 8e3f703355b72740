//! Picture and square → the lifter: 33 landmarks, world landmarks, and the mask, by MediaPipe's landmark network.
//!
//! Source: MediaPipe `modules/pose_landmark/pose_landmark_by_roi_cpu.pbtxt`, `refine_landmarks_from_heatmap_calculator.cc`.
//! The window of the refinement is 9 × 9, as the published 0.10.21 package has it: 7 × 7 is 0.9 px off, none 6.4 px.

use super::ModelChoice;
use super::detector::sigmoid;
use super::network::{FULL, HEAVY, LITE, Network, NetworkFile};
use super::picture::{Border, Picture, planar_rgb};
use super::roi::{Affine, Anchor, CROP_SIDE, Roi};
use crate::error::Result;
use crate::recording::{Landmark, World};
use crate::skeleton::{LANDMARKS, Pair};
use crate::units::Point;

/// Everything the network says of one crop.
#[derive(Clone, Debug)]
pub struct Pose {
    /// Probability, 0 to 1, that the crop shows a person.
    pub presence: f64,
    /// The 33 landmarks in upright image pixels.
    pub landmarks: Vec<Landmark>,
    /// The 33 landmarks in metres about the mid-hip, turned back to the picture's axes.
    pub world: Vec<World>,
    /// Hips and reach, from the network's own two extra points: where to look next.
    pub anchor: Anchor,
    /// Person mask.
    pub mask: Mask,
}

impl Pose {
    /// Half way between the left and the right landmark of a pair.
    pub fn middle(&self, pair: Pair) -> Point {
        let [left, right] = [pair.0, pair.1].map(|joint| self.landmarks[joint.index()].at);
        left.midpoint(right)
    }
}

/// Person mask of a crop.
#[derive(Clone, Debug)]
pub struct Mask {
    /// Logits, 256 × 256, row by row: above 0 is person.
    pub logits: Vec<f32>,
    /// Maps mask pixels to upright image pixels.
    pub image_from_crop: Affine,
}

/// The network has six points more than the 33; the first two of them place the next crop.
const POINTS: usize = 39;
/// x, y, z, visibility, presence.
const NUMBERS: usize = 5;
const HEAT_SIDE: usize = 64;
/// Half of the refinement window: 9 × 9.
const HEAT_REACH: usize = 4;
/// The heat map moves a point only when it reaches this probability somewhere in the window.
const MIN_HEAT: f64 = 0.5;

/// The landmark network.
pub struct PoseNetwork {
    network: Network,
}

/// The network file of a choice.
pub fn network_file(choice: ModelChoice) -> &'static NetworkFile {
    match choice {
        ModelChoice::Lite => &LITE,
        ModelChoice::Full => &FULL,
        ModelChoice::Heavy => &HEAVY,
    }
}

impl PoseNetwork {
    /// Loads the network.
    pub fn load(choice: ModelChoice) -> Result<Self> {
        let outputs = &["landmarks", "presence", "mask", "heatmap", "world"];
        Ok(PoseNetwork {
            network: Network::load(network_file(choice), CROP_SIDE, outputs)?,
        })
    }

    /// The pose inside `roi`, whoever or whatever that is: see [`Pose::presence`].
    pub fn pose(&mut self, picture: &Picture, roi: Roi) -> Result<Pose> {
        let image_from_crop = roi.image_from_crop();
        let crop = picture.crop(&image_from_crop, CROP_SIDE, Border::Edge)?;
        let outputs = self.network.run(&planar_rgb(&crop, 1.0 / 255.0, 0.0)?)?;
        let [points, presence, mask, heat, world]: [Vec<f32>; 5] = outputs
            .try_into()
            .map_err(|_| crate::error::Error::Internal("the network has other outputs".into()))?;
        let places: Vec<Point> = (0..POINTS)
            .map(|joint| place(&points, &heat, joint))
            .collect();
        let images: Vec<Point> = places
            .iter()
            .map(|p| image_from_crop.map(p.x, p.y))
            .collect();
        let scale = roi.side_px / CROP_SIDE as f64;
        Ok(Pose {
            presence: f64::from(presence[0]),
            landmarks: (0..LANDMARKS)
                .map(|joint| Landmark {
                    at: images[joint],
                    depth: f64::from(points[NUMBERS * joint + 2]) * scale,
                    visibility: sigmoid(f64::from(points[NUMBERS * joint + 3])),
                })
                .collect(),
            world: world_landmarks(&world, roi),
            anchor: Anchor {
                hips: images[LANDMARKS],
                reach: images[LANDMARKS + 1],
            },
            mask: Mask {
                logits: mask,
                image_from_crop,
            },
        })
    }
}

/// Place of a point in the crop: the regression, moved to the centre of mass of its heat map where that is sure.
fn place(points: &[f32], heat: &[f32], joint: usize) -> Point {
    let regressed = Point::new(
        f64::from(points[NUMBERS * joint]),
        f64::from(points[NUMBERS * joint + 1]),
    );
    let cell = |value: f64| value / CROP_SIDE as f64 * HEAT_SIDE as f64;
    let inside = |value: f64| value >= 0.0 && cell(value) < HEAT_SIDE as f64;
    if !(inside(regressed.x) && inside(regressed.y)) {
        return regressed;
    }
    let window = |value: f64| {
        let middle = cell(value) as usize;
        middle.saturating_sub(HEAT_REACH)..(middle + HEAT_REACH + 1).min(HEAT_SIDE)
    };
    let (mut total, mut x, mut y, mut highest) = (0.0, 0.0, 0.0, 0.0f64);
    for row in window(regressed.y) {
        for column in window(regressed.x) {
            let weight = sigmoid(f64::from(
                heat[(joint * HEAT_SIDE + row) * HEAT_SIDE + column],
            ));
            highest = highest.max(weight);
            total += weight;
            x += weight * column as f64;
            y += weight * row as f64;
        }
    }
    if highest < MIN_HEAT {
        return regressed;
    }
    let pixels = CROP_SIDE as f64 / HEAT_SIDE as f64;
    Point::new(x / total * pixels, y / total * pixels)
}

fn world_landmarks(values: &[f32], roi: Roi) -> Vec<World> {
    let (sin, cos) = roi.turn.radians().sin_cos();
    let turned = values.chunks_exact(3).map(|v| {
        let [x, y, z] = [f64::from(v[0]), f64::from(v[1]), f64::from(v[2])];
        World {
            x: cos * x - sin * y,
            y: sin * x + cos * y,
            z,
        }
    });
    turned.take(LANDMARKS).collect()
}
