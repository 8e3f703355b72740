//! What was wrong with the filming, each with its remedy: the same rules and words for a report and for a filming check.

use super::words::reps_listed;
use crate::session::{Caution, Reference, ReferenceKind, Rep, View};
use crate::settings::Settings;
use crate::units::Seconds;

/// Below this share of measured frames the lower back counts as partly hidden. A share of nearly all: single lost frames
/// are no reason to film differently.
const SEEN_NEARLY: f64 = 0.9;
/// Fewer pictures a second blunt a quick turn: at 20 a rep of 1 s has 10 on the way down.
const LEAST_FRAME_RATE_HZ: f64 = 20.0;
/// A trunk of fewer pixels is drawn by the network's mask too coarsely for a slope. Chosen by eye, not measured.
const LEAST_TRUNK_PX: f64 = 90.0;
/// Reps shorter than this move too fast for 30 pictures a second.
const SHORT_REP: Seconds = Seconds::new(0.7);
/// What gives a zero.
pub const STAND: &str = "Stand relaxed for two seconds before the first rep and after the last.";

/// Facts of the filming that cautions look at.
#[derive(Clone, Copy, Debug)]
pub struct Filming {
    /// Mean frame rate.
    pub frame_rate_hz: f64,
    /// Trunk length in the picture.
    pub trunk_px: f64,
}

/// The cautions of a set.
pub fn cautions(
    view: &View,
    reference: &Reference,
    reps: &[Rep],
    settings: &Settings,
    seen: Filming,
) -> Vec<Caution> {
    let hidden: Vec<u32> = reps
        .iter()
        .filter(|r| nearly_all(r.seen_share).is_none())
        .map(|r| r.number)
        .collect();
    let found = [
        yaw_wide(view, settings),
        (reference.kind != ReferenceKind::Standing)
            .then(|| no_standing("You do not stand still before or after the set")),
        (!hidden.is_empty()).then(|| back_hidden(&format!("part of {}", reps_listed(&hidden)))),
        frame_rate_low(seen.frame_rate_hz),
        lifter_small(seen.trunk_px),
        reps.iter()
            .any(|r| r.end_s - r.start_s < SHORT_REP)
            .then(reps_fast),
    ];
    found.into_iter().flatten().collect()
}

/// A caution by its stable name.
pub fn caution(code: &str, message: String, remedy: &str) -> Caution {
    Caution {
        code: code.into(),
        message,
        remedy: remedy.into(),
    }
}

/// `share`, when nearly all was seen.
pub fn nearly_all(share: f64) -> Option<f64> {
    Some(share).filter(|s| *s >= SEEN_NEARLY)
}

/// Filmed from beyond the yaw that is judged: which way to turn, and by how much.
pub fn yaw_wide(view: &View, settings: &Settings) -> Option<Caution> {
    let yaw = view.yaw_deg.filter(|y| !settings.judges_from(*y))?;
    let (from, turn, round) = if yaw.degrees() > 0.0 {
        ("in front", "away from it", "back")
    } else {
        ("behind", "towards it", "front")
    };
    let degrees = yaw.abs().degrees();
    let message = format!("Filmed about {degrees:.0}° from {from} instead of from the side.");
    let remedy = format!(
        "Put the phone straight to your side, level with your hips: turn about {degrees:.0}° {turn}, or carry it as far round towards your {round}."
    );
    Some(caution("yaw_wide", message, &remedy))
}

/// `what` names where nobody stood; the zero is weaker for it.
pub fn no_standing(what: &str) -> Caution {
    let message = format!("{what}, so the zero is weaker.");
    caution("no_standing", message, STAND)
}

/// `part` says when: "part of rep 4".
pub fn back_hidden(part: &str) -> Caution {
    let message = format!("The lower back was hidden or lost for {part}.");
    caution(
        "back_hidden",
        message,
        "Move the phone a little behind you, or use smaller plates, so that plates and arms do not cover the lower back.",
    )
}

/// Too few pictures a second.
pub fn frame_rate_low(frame_rate_hz: f64) -> Option<Caution> {
    let message = format!("Only {frame_rate_hz:.0} pictures a second.");
    (frame_rate_hz < LEAST_FRAME_RATE_HZ).then(|| {
        caution(
            "frame_rate_low",
            message,
            "Film at 30 or 60 pictures a second.",
        )
    })
}

/// The lifter is too far away.
pub fn lifter_small(trunk_px: f64) -> Option<Caution> {
    (trunk_px < LEAST_TRUNK_PX).then(|| {
        caution(
            "lifter_small",
            "You are small in the picture.".into(),
            "Come closer or zoom in until you fill two thirds of the picture's height.",
        )
    })
}

fn reps_fast() -> Caution {
    caution(
        "reps_fast",
        "Some reps are very quick, so angles are blunted.".into(),
        "Film at 60 pictures a second.",
    )
}
