//! Which lift it is, from how hands and knees are at the bottoms.

use super::posture::Posture;
use super::swings::Turn;
use crate::session::{Lift, LiftKind};

/// Wrists farther below the shoulders than this at the bottom, thigh lengths: the arms hang, so it is a pull.
/// Half way between a bar on the back (0) and hanging arms (1.3).
const HANGING: f64 = 0.75;
/// Knees bent by more than this at the bottom: a deadlift rather than an RDL, a squat rather than a good morning.
/// Half way between the knee bend of RDLs (15–28°) and of deadlifts from the floor (58–90°) in the rendered lifts.
const KNEE_BENT_DEG: f64 = 42.0;

/// Recognises the lift at the given bottoms; `None` when hands or knees are never seen there.
pub fn recognise(posture: &Posture, bottoms: &[Turn]) -> Option<Lift> {
    let at_bottoms = |values: &[Option<f64>]| {
        let near = bottoms.iter().filter_map(|t| {
            Posture::typical(values, t.index.saturating_sub(3)..(t.index + 4).min(values.len()))
        });
        super::filter::median(&mut near.collect::<Vec<_>>())
    };
    let hang = at_bottoms(&posture.wrist_hang)?;
    let knee = at_bottoms(&posture.knee)?;
    let trunk = at_bottoms(&posture.trunk).unwrap_or(45.0);
    let bent = knee > KNEE_BENT_DEG;
    let kind = match (hang > HANGING, bent) {
        (true, true) if trunk < UPRIGHT_PULL_DEG => LiftKind::Squat,
        (true, true) => LiftKind::Deadlift,
        (true, false) => LiftKind::Rdl,
        (false, true) => LiftKind::Squat,
        (false, false) => LiftKind::GoodMorning,
    };
    // How far the nearer of the two decisions is from its border, 0.5 at it and 1 far away.
    let certain = |distance: f64| 1.0 - 0.5 * (-distance).exp();
    let confidence = certain((hang - HANGING).abs() / 0.2).min(certain((knee - KNEE_BENT_DEG).abs() / 10.0));
    Some(Lift { kind, confidence })
}

/// A "pull" with the trunk more upright than this is a squat with hanging arms (bodyweight, dumbbells).
const UPRIGHT_PULL_DEG: f64 = 28.0;
