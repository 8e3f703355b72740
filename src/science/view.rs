//! From where the lifter was filmed: which side faces the camera, and how far off a side view it is.
//!
//! Decided once for the whole clip, never per frame: a sign that flips mid-set is worse than none.

use super::body::{Body, Part};
use super::filter::{median, spread};
use crate::recording::{Person, Recording};
use crate::session::{Side, View};
use crate::skeleton::{ANKLES, EARS, HEELS, HIPS, Joint, KNEES, Pair, SHOULDERS, TOES};
use crate::units::{Angle, Point};

/// The side towards the camera: lifters lean, look, and point knees and toes the way they face.
pub fn facing_side(recording: &Recording) -> Side {
    let forward: f64 = recording.frames.iter().filter_map(|f| f.person.as_ref()).map(rightward).sum();
    if forward >= 0.0 { Side::Right } else { Side::Left }
}

/// How far leaning trunk, bent knees, toes and nose point to the right, in trunk lengths, each capped.
fn rightward(person: &Person) -> f64 {
    let (hip, shoulder) = (person.middle(HIPS), person.middle(SHOULDERS));
    let (knee, ankle) = (person.middle(KNEES), person.middle(ANKLES));
    let trunk = (shoulder - hip).length().max(1.0);
    let capped = |dx: f64| (dx / trunk).clamp(-0.5, 0.5);
    let lean = capped(shoulder.x - hip.x);
    let knees = capped(knee.x - 0.5 * (hip.x + ankle.x));
    let feet = capped(person.middle(TOES).x - person.middle(HEELS).x);
    let face = capped(person.landmark(Joint::Nose).at.x - person.middle(EARS).x);
    2.0 * lean + 2.0 * knees + feet + face
}

/// Yaw from the network's metric landmarks: the hip and shoulder lines against the picture plane, over the frames in
/// which the trunk is near upright (bent over, the network's depth is a guess).
pub fn view(recording: &Recording, body: &Body, side: Side) -> View {
    let mut yaws: Vec<f64> = (0..body.len())
        .filter(|&i| upright(body, i, side))
        .filter_map(|i| recording.frames[i].person.as_ref().map(yaw))
        .map(Angle::degrees)
        .collect();
    let Some(yaw) = median(&mut yaws) else {
        let reason = Some("the lifter is never upright in this clip, so the camera's angle is not known".into());
        return View { side, yaw_deg: None, yaw_sd_deg: None, reason };
    };
    let sd = spread(&yaws, yaw).unwrap_or(0.0).hypot(YAW_SD);
    View { side, yaw_deg: Some(Angle::from_degrees(yaw)), yaw_sd_deg: Some(Angle::from_degrees(sd)), reason: None }
}

/// Error of the yaw over rendered clips whose yaw is known, degrees (docs/ACCURACY.md).
const YAW_SD: f64 = 8.0;

fn upright(body: &Body, i: usize, side: Side) -> bool {
    let (Some(hip), Some(shoulder)) = (body.at(Part::Hip, i), body.at(Part::Shoulder, i)) else { return false };
    super::back_line::inclination(shoulder - hip, side).abs().degrees() < 25.0
}

fn yaw(person: &Person) -> Angle {
    // From the lifter's left to right, in the floor plane: x right in the picture, y away from the camera.
    let across = |pair: Pair| {
        let (left, right) = (person.world[pair.0.index()], person.world[pair.1.index()]);
        Point::new(right.x - left.x, right.z - left.z)
    };
    let lateral = across(HIPS) + across(SHOULDERS);
    let forward = Point::new(-lateral.y, lateral.x);
    Angle::from_radians((-forward.y).atan2(forward.x.abs()))
}
