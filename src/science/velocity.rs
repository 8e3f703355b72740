//! Mean velocity of the bar on the way up: a companion figure, from the height of the hands (pulls) or of the shoulders
//! (bar on the back), with a scale.

use crate::session::{LiftKind, Rep, Scale, TrackPoint};
use crate::units::rounded;

/// A way up that is seen over less than this share of its frames says nothing.
const SEEN: f64 = 0.8;

/// Fills `concentric_velocity_m_s` of the reps.
pub fn fill(reps: &mut [Rep], track: &[TrackPoint], kind: LiftKind, scale: &Scale) {
    for rep in reps {
        rep.concentric_velocity_m_s = velocity(rep, track, kind, scale);
        if rep.concentric_velocity_m_s.is_some() {
            rep.missing.remove("concentric_velocity_m_s");
        } else {
            let reason = "the way up was not seen from end to end";
            let name = "concentric_velocity_m_s".to_owned();
            rep.missing.insert(name, reason.into());
        }
    }
}

fn velocity(rep: &Rep, track: &[TrackPoint], kind: LiftKind, scale: &Scale) -> Option<f64> {
    let up = rep.tempo.up_s?;
    let height = |p: &TrackPoint| match kind {
        LiftKind::Deadlift | LiftKind::Rdl => p.wrist_height,
        LiftKind::Squat | LiftKind::GoodMorning | LiftKind::SitToChair => p.shoulder_height,
    };
    let (from, to) = if kind == LiftKind::Deadlift {
        (rep.start_s, rep.start_s + up)
    } else {
        (rep.end_s - up, rep.end_s)
    };
    let within = |p: &&TrackPoint| p.time_s >= from && p.time_s <= to;
    let frames: Vec<&TrackPoint> = track.iter().filter(within).collect();
    let heights: Vec<(f64, f64)> = frames
        .iter()
        .filter_map(|p| Some((p.time_s.get(), height(p)?)))
        .collect();
    if (heights.len() as f64) < SEEN * frames.len() as f64 {
        return None;
    }
    let (first, last) = (heights.first()?, heights.last()?);
    let rise_m = (last.1 - first.1) * scale.thigh_mm / 1000.0;
    let lasted = last.0 - first.0;
    (lasted > 0.0 && rise_m > 0.0).then(|| rounded(rise_m / lasted, 100.0))
}
