//! Mean velocity of the bar on the way up: a companion figure, with a scale. The bar is taken to rise as the shoulders do: it
//! lies on them, or hangs from straight arms, and plates hide the hands.

use crate::session::{LiftKind, Rep, Scale, TrackPoint};
use crate::units::rounded;

/// Looked for this long before and after the part of the rep that goes up: reps end where the body has nearly arrived.
const MARGIN_S: f64 = 0.7;
/// The way up begins and ends within this share of its height from its ends.
const ENDS: f64 = 0.02;
/// A way up that is seen over less than this share of its frames says nothing.
const SEEN: f64 = 0.8;

/// Fills `concentric_velocity_m_s` of the reps.
pub fn fill(reps: &mut [Rep], track: &[TrackPoint], kind: LiftKind, scale: &Scale) {
    for rep in reps {
        rep.concentric_velocity_m_s = velocity(rep, track, kind, scale);
        let name = "concentric_velocity_m_s".to_owned();
        rep.missing.remove(&name);
        if rep.concentric_velocity_m_s.is_none() {
            let reason = "the way up was not seen from end to end";
            rep.missing.insert(name, reason.into());
        }
    }
}

fn velocity(rep: &Rep, track: &[TrackPoint], kind: LiftKind, scale: &Scale) -> Option<f64> {
    rep.tempo.up_s?;
    let (from, to) = if kind == LiftKind::Deadlift {
        (rep.start_s, rep.turn_s)
    } else {
        (rep.turn_s, rep.end_s)
    };
    let near = |p: &&TrackPoint| {
        p.time_s.get() >= from.get() - MARGIN_S && p.time_s.get() <= to.get() + MARGIN_S
    };
    let frames: Vec<&TrackPoint> = track.iter().filter(near).collect();
    let heights: Vec<(f64, f64)> = frames
        .iter()
        .filter_map(|p| Some((p.time_s.get(), p.shoulder_height?)))
        .collect();
    if (heights.len() as f64) < SEEN * frames.len() as f64 {
        return None;
    }
    let low = heights.iter().map(|h| h.1).fold(f64::INFINITY, f64::min);
    let high = heights
        .iter()
        .map(|h| h.1)
        .fold(f64::NEG_INFINITY, f64::max);
    let travel = high - low;
    let within = |h: &&(f64, f64)| h.0 >= from.get() && h.0 <= to.get();
    let half_way = heights
        .iter()
        .filter(within)
        .find(|h| h.1 >= low + 0.5 * travel)?
        .0;
    let begins = heights
        .iter()
        .rfind(|h| h.0 < half_way && h.1 <= low + ENDS * travel)?;
    let ends = heights
        .iter()
        .find(|h| h.0 > half_way && h.1 >= high - ENDS * travel)?;
    let rise_m = (ends.1 - begins.1) * scale.thigh_mm / 1000.0;
    Some(rounded(rise_m / (ends.0 - begins.0), 100.0)).filter(|v| *v > 0.0)
}
