//! Which side of the lifter faces the camera.
//!
//! Decided once for the whole clip, never per frame: a sign that flips mid-set is worse than none.

use crate::recording::{Person, Recording};
use crate::session::Side;
use crate::skeleton::{ANKLES, EARS, HEELS, HIPS, Joint, KNEES, SHOULDERS, TOES};

/// The side towards the camera: lifters lean, look, and point knees and toes the way they face.
pub fn facing_side(recording: &Recording) -> Side {
    let forward: f64 = recording
        .frames
        .iter()
        .filter_map(|f| f.person.as_ref())
        .map(rightward)
        .sum();
    if forward >= 0.0 {
        Side::Right
    } else {
        Side::Left
    }
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
