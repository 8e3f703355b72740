//! A made-up recording: a lifter of straight lines, side on, who stands, squats three times, and stands. Enough for the
//! command line to find reps in; the angles are the science tests' business.

use formcheck::recording::*;
use formcheck::skeleton::{Joint, LANDMARKS};
use formcheck::units::{Angle, Point, Seconds};

const FRAMES_A_SECOND: f64 = 20.0;

/// Three squats in twelve seconds, in a clip of this name.
pub fn squats(name: &str) -> Recording {
    let frames = (0..240)
        .map(|i| f64::from(i) / FRAMES_A_SECOND)
        .map(|t| Frame {
            time_s: Seconds::new(t),
            person: Some(person(depth(t))),
        });
    Recording {
        header: Header {
            schema: SCHEMA.into(),
            clip: crate::made_up::clip(name),
            models: vec![ModelId {
                name: "made_up.onnx".into(),
                sha256: "00".repeat(32),
            }],
            version: "0.1.0".into(),
        },
        frames: frames.collect(),
    }
}

/// The same lifter, who only stands.
pub fn standing(name: &str) -> Recording {
    let mut recording = squats(name);
    recording
        .frames
        .iter_mut()
        .for_each(|f| f.person = Some(person(0.0)));
    recording
}

/// JSON lines of a recording.
pub fn lines(recording: &Recording) -> Vec<u8> {
    let mut bytes = Vec::new();
    recording.write(&mut bytes).expect("memory takes it");
    bytes
}

/// 0 standing, 1 at the bottom: reps start at 1.5, 4.5 and 7.5 s and last 2.4 s.
fn depth(t: f64) -> f64 {
    let into = (t - 1.5).rem_euclid(3.0);
    if !(1.5..10.5).contains(&t) || into > 2.4 {
        0.0
    } else {
        (std::f64::consts::PI * into / 2.4).sin().powi(2)
    }
}

fn person(depth: f64) -> Person {
    let step = |from: Point, length: f64, lean: f64| {
        let r = Angle::from_degrees(lean).radians();
        from + Point::new(r.sin() * length, -r.cos() * length)
    };
    let ankle = Point::new(500.0, 1500.0);
    let knee = step(ankle, 220.0, 4.0 + 28.0 * depth);
    let hip = step(knee, 230.0, -4.0 - 78.0 * depth);
    let shoulder = step(hip, 280.0, 3.0 + 42.0 * depth);
    let ear = step(shoulder, 110.0, 10.0 + 20.0 * depth);
    let wrist = shoulder + Point::new(60.0, -10.0);
    let at = |joint: usize| match joint {
        0..=10 => ear + Point::new(if joint == 7 || joint == 8 { 0.0 } else { 45.0 }, 0.0),
        11 | 12 => shoulder,
        13 | 14 => shoulder + Point::new(20.0, 90.0),
        15..=22 => wrist,
        23 | 24 => hip,
        25 | 26 => knee,
        27 | 28 => ankle,
        29 | 30 => ankle + Point::new(-35.0, 25.0),
        _ => ankle + Point::new(95.0, 30.0),
    };
    // the right side is towards the camera: nearer, and a little larger
    let side = |joint: usize| {
        if joint > 10 && joint % 2 == 1 {
            1.0
        } else {
            -1.0
        }
    };
    let landmark = |i: usize| Landmark {
        at: at(i) + Point::new(side(i) * 3.0, 0.0),
        depth: side(i) * 60.0,
        visibility: 0.95,
    };
    let landmarks: Vec<Landmark> = (0..LANDMARKS).map(landmark).collect();
    let world = landmarks.iter().zip(0..).map(|(l, i)| {
        let v = (l.at - hip) * (1.0 / 480.0);
        World {
            x: v.x,
            y: v.y,
            z: side(i) * 0.14,
        }
    });
    Person {
        presence: 0.99,
        world: world.collect(),
        outline: vec![outline(&[ankle, knee, hip, shoulder, ear])],
        landmarks,
    }
}

/// Both sides of the chain, 60 to 80 px from it, and round the head.
fn outline(chain: &[Point]) -> Vec<EdgePoint> {
    let mut sides = (Vec::new(), Vec::new());
    for (pair, width) in chain.windows(2).zip([45.0, 65.0, 80.0, 45.0]) {
        let along = pair[1] - pair[0];
        let across = Point::new(-along.y, along.x) * (width / along.length());
        for i in 0..20 {
            let on = pair[0] + along * (f64::from(i) / 20.0);
            sides.0.push(on - across);
            sides.1.push(on + across);
        }
    }
    sides.0.extend(sides.1.into_iter().rev());
    sides
        .0
        .into_iter()
        .map(|at| EdgePoint { at, sharpness: 0.9 })
        .collect()
}

#[test]
fn the_made_up_lifter_has_hips_above_the_knees_when_standing() {
    let standing = person(0.0);
    assert!(standing.landmark(Joint::LeftHip).at.y < standing.landmark(Joint::LeftKnee).at.y);
}
