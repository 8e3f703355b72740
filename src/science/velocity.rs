//! Mean velocity of the bar between 5 and 95 % of its way up: a companion figure, with a scale. Measured from the plate where it
//! was followed. A bar on the back may also be taken to rise as the shoulders do: coarser, and the uncertainty says so. In
//! pulls the shoulders rise by a third more than the bar, and the wrists are hidden by the plates: without a plate there is
//! no velocity.

use super::bar::OF_SHOULDERS;
use super::filter::percentile;
use super::words;
use crate::session::{LiftKind, Rep, Scale, TrackPoint};
use crate::units::rounded;

/// Looked for this long before and after the part of the rep that goes up: reps end where the body has nearly arrived.
const MARGIN_S: f64 = 0.5;
/// The way up is timed between these shares of its height from its ends, between frames where need be: nearer to them, swaying
/// counts as lifting.
const ENDS: f64 = 0.05;
/// Lowest and highest but for this share of the frames: a rim is followed to a few centimetres.
const NOISE: f64 = 0.1;
/// A way up that is seen over less than this share of its frames says nothing.
const SEEN: f64 = 0.8;
/// Nothing that is lifted is faster, metres a second: a leap of the path onto another plate.
const FASTEST_M_S: f64 = 4.0;
/// Uncertainty of the velocity besides that of the scale, share: of a plate that is pulled, of a plate on the back, which
/// passes in front of the trunk and is easily lost, and of the shoulders in its place. 80 % of 69 and of 43 reps of the
/// calibration and held-out clips lie within 1.28 of 5 and 6 %, see docs/ACCURACY.md; real plates are seen less well than
/// rendered ones. Too few rest on the shoulders for more than "coarser".
const PULLED_PLATE_SD: f64 = 0.06;
const BACK_PLATE_SD: f64 = 0.08;
const SHOULDERS_SD: f64 = 0.3;

/// One way up.
#[derive(Clone, Copy, Debug)]
struct Rise {
    height_m: f64,
    duration_s: f64,
}

/// Fills `concentric_velocity_m_s` of the reps.
pub fn fill(reps: &mut [Rep], track: &[TrackPoint], kind: LiftKind, scale: &Scale) {
    for rep in reps {
        let found = way_up(rep, kind).and_then(|way| velocity(way, track, kind, scale));
        rep.concentric_velocity_m_s = found.map(|v| rounded(v.0, 100.0));
        rep.concentric_velocity_sd_m_s = found.map(|v| rounded(v.1, 1000.0));
        let name = "concentric_velocity_m_s".to_owned();
        let sd_name = "concentric_velocity_sd_m_s".to_owned();
        rep.missing.remove(&name);
        rep.missing.remove(&sd_name);
        if found.is_none() {
            let reason = match words::pulls(kind) {
                true => "the plate could not be followed on the way up",
                false => "the way up was not seen from end to end",
            };
            rep.missing.insert(name, reason.into());
            rep.missing.insert(sd_name, "there is no velocity".into());
        }
    }
}

/// From when to when the rep goes up, seconds; `None` when the clip does not show it whole.
fn way_up(rep: &Rep, kind: LiftKind) -> Option<(f64, f64)> {
    rep.tempo.up_s?;
    Some(match kind {
        LiftKind::Deadlift => (rep.start_s.get(), rep.turn_s.get()),
        _ => (rep.turn_s.get(), rep.end_s.get()),
    })
}

/// Metres a second, and the standard uncertainty.
fn velocity(
    way: (f64, f64),
    track: &[TrackPoint],
    kind: LiftKind,
    scale: &Scale,
) -> Option<(f64, f64)> {
    let near =
        |p: &&TrackPoint| p.time_s.get() >= way.0 - MARGIN_S && p.time_s.get() <= way.1 + MARGIN_S;
    let frames: Vec<&TrackPoint> = track.iter().filter(near).collect();
    let shoulders = rise(&frames, way, |p| {
        Some(p.shoulder_height? * scale.thigh_mm / 1000.0)
    });
    let plate = rise(&frames, way, |p| Some(p.bar_rise_cm? / 100.0));
    if let (Some(plate), Some(shoulders)) = (plate, shoulders)
        && !OF_SHOULDERS.contains(&(plate.height_m / shoulders.height_m))
    {
        return None;
    }
    let plate_sd = match words::pulls(kind) {
        true => PULLED_PLATE_SD,
        false => BACK_PLATE_SD,
    };
    let near_sd = scale.plate_mm_per_px_sd.zip(scale.plate_mm_per_px);
    let (rise, share_sd) = match (plate, shoulders) {
        (Some(plate), _) => (
            plate,
            near_sd.map_or(0.0, |(sd, of)| sd / of).hypot(plate_sd),
        ),
        (None, Some(shoulders)) if !words::pulls(kind) => {
            (shoulders, scale.share_sd().hypot(SHOULDERS_SD))
        }
        _ => return None,
    };
    let speed = rise.height_m / rise.duration_s;
    (speed > 0.0).then_some((speed, share_sd * speed))
}

/// The way up of whatever `height` says, metres; `None` when it was not seen from end to end.
fn rise(
    frames: &[&TrackPoint],
    (from, to): (f64, f64),
    height: impl Fn(&TrackPoint) -> Option<f64>,
) -> Option<Rise> {
    let heights: Vec<(f64, f64)> = frames
        .iter()
        .filter_map(|p| Some((p.time_s.get(), height(p)?)))
        .collect();
    let leaps =
        |pair: &[(f64, f64)]| (pair[1].1 - pair[0].1).abs() > FASTEST_M_S * (pair[1].0 - pair[0].0);
    if (heights.len() as f64) < SEEN * frames.len() as f64 || heights.windows(2).any(leaps) {
        return None;
    }
    let mut ordered: Vec<f64> = heights.iter().map(|h| h.1).collect();
    let low = percentile(&mut ordered, NOISE)?;
    let high = percentile(&mut ordered, 1.0 - NOISE)?;
    let travel = high - low;
    let [first, half, last] = [ENDS, 0.5, 1.0 - ENDS].map(|share| low + share * travel);
    let half_way = heights
        .iter()
        .position(|h| (from..=to).contains(&h.0) && h.1 >= half)?;
    let begins = heights[..half_way].iter().rposition(|h| h.1 <= first)?;
    let ends = half_way + heights[half_way..].iter().position(|h| h.1 >= last)?;
    // 5 % of the way is less than the bar moves from frame to frame
    let passes = |frame: usize, height: f64| {
        let ((t0, h0), (t1, h1)) = (heights[frame - 1], heights[frame]);
        t0 + (t1 - t0) * (height - h0) / (h1 - h0)
    };
    Some(Rise {
        height_m: last - first,
        duration_s: passes(ends, last) - passes(begins + 1, first),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::science::scale::tests::by_plate;
    use crate::units::Seconds;

    /// Still for a second, up in the next, still for another; the shoulders by half a metre, the plate by `plate_m`.
    fn squat(plate_m: Option<f64>) -> Option<(f64, f64)> {
        let track: Vec<TrackPoint> = (0..90)
            .map(|k| {
                let time = f64::from(k) / 30.0;
                let share = (time - 1.0).clamp(0.0, 1.0);
                TrackPoint {
                    time_s: Seconds::new(time),
                    shoulder_height: Some(2.0 + 1.25 * share),
                    bar_rise_cm: plate_m.map(|m| 100.0 * m * share),
                    ..TrackPoint::default()
                }
            })
            .collect();
        velocity((1.0, 2.0), &track, LiftKind::Squat, &by_plate())
    }

    #[test]
    fn the_plate_gives_the_speed_where_it_rises_with_the_shoulders() {
        let (speed, sd) = squat(Some(0.45)).unwrap();
        assert!((speed - 0.45).abs() < 0.02, "{speed} m/s");
        assert!((sd / speed - BACK_PLATE_SD).abs() < 0.01);
    }

    #[test]
    fn there_is_no_speed_where_plate_and_shoulders_disagree() {
        assert_eq!(squat(Some(0.0)), None);
        assert_eq!(squat(Some(0.15)), None);
        assert_eq!(squat(Some(0.9)), None);
    }

    #[test]
    fn without_a_plate_the_shoulders_give_a_coarser_speed() {
        let (speed, sd) = squat(None).unwrap();
        assert!((speed - 0.5).abs() < 0.02, "{speed} m/s");
        assert!(sd / speed >= SHOULDERS_SD);
    }
}
