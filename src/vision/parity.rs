//! The networks agree with the published TFLite ones on a rendered frame (fixture by `tests/vision/make_reference.py`).

use super::ModelChoice;
use super::detector::sigmoid;
use super::network::{DETECTION, Network};
use super::picture::{Picture, planar_rgb};
use super::pose::PoseNetwork;
use super::roi::{CROP_SIDE, Roi};
use crate::units::{Angle, Point};
use serde::Deserialize;

#[derive(Deserialize)]
struct Reference {
    boxes: Vec<ReferenceBox>,
    presence: f64,
    refined_px: Vec<[f64; 2]>,
    visibility: Vec<f64>,
    world: Vec<[f64; 3]>,
    mask_every_16th_logit: Vec<f64>,
}

#[derive(Deserialize)]
struct ReferenceBox {
    index: usize,
    score: f64,
    values: [f64; 12],
}

fn reference() -> Reference {
    serde_json::from_str(include_str!("../../tests/vision/reference.json")).unwrap()
}

fn picture(name: &str) -> Picture {
    let path = format!("{}/tests/vision/{name}", env!("CARGO_MANIFEST_DIR"));
    Picture::new(opencv::imgcodecs::imread(&path, opencv::imgcodecs::IMREAD_COLOR).unwrap())
}

#[test]
fn detector_boxes_agree_with_the_published_network() {
    let mut network = Network::load(&DETECTION, 224, &["boxes", "scores"]).unwrap();
    let input = planar_rgb(picture("detector_input.png").pixels(), 2.0 / 255.0, -1.0).unwrap();
    let outputs = network.run(&input).unwrap();
    for expected in reference().boxes {
        let found = &outputs[0][12 * expected.index..12 * (expected.index + 1)];
        for (value, want) in found.iter().zip(expected.values) {
            // 1.4e-3 of values up to ±800: what the conversion to float16 weights was measured to cost
            assert!(
                (f64::from(*value) - want).abs() < 1.4e-3,
                "box {}: {value} for {want}",
                expected.index
            );
        }
        let score = sigmoid(f64::from(outputs[1][expected.index]));
        assert!((score - sigmoid(expected.score)).abs() < 1e-3);
    }
}

#[test]
fn landmarks_world_and_mask_agree_with_the_published_network() {
    let reference = reference();
    let side = CROP_SIDE as f64;
    let whole = Roi {
        centre: Point::new(side / 2.0, side / 2.0),
        side_px: side,
        turn: Angle::ZERO,
    };
    let mut network = PoseNetwork::load(ModelChoice::Full).unwrap();
    let pose = network.pose(&picture("landmark_input.png"), whole).unwrap();
    assert!((pose.presence - reference.presence).abs() < 1e-4);
    for (landmark, [x, y]) in pose.landmarks.iter().zip(&reference.refined_px) {
        let off_px = (landmark.at - Point::new(*x, *y)).length();
        assert!(off_px < 0.02, "{off_px} px off");
    }
    for (landmark, visibility) in pose.landmarks.iter().zip(&reference.visibility) {
        assert!((landmark.visibility - visibility).abs() < 1e-3);
    }
    for (world, [x, y, z]) in pose.world.iter().zip(&reference.world) {
        let off_m = (world.x - x)
            .abs()
            .max((world.y - y).abs())
            .max((world.z - z).abs());
        assert!(off_m < 1e-4, "{off_m} m off");
    }
    let every_16th = (0..256).map(|i| pose.mask.logits[(i / 16) * 16 * CROP_SIDE + (i % 16) * 16]);
    for (logit, want) in every_16th.zip(&reference.mask_every_16th_logit) {
        // 0.23 of ±1700 measured; a probability moves by less than 0.06 even where it is steepest
        assert!((f64::from(logit) - want).abs() < 0.23, "{logit} for {want}");
    }
}
