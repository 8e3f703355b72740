//! The zero of flexion: how this lifter stands, found over the whole clip.

use super::filter::window;
use super::posture::Posture;
use super::reps::Span;
use crate::session::ReferenceKind;

/// Standing: trunk within this of vertical. A low bar leans a lifter by 10 to 15°.
const UPRIGHT_DEG: f64 = 20.0;
/// Leaning back by more is not standing but a hip landmark that has leapt onto the plate.
pub const LEANT_BACK_DEG: f64 = -12.0;
/// Standing: knees bent by less than this (the network reads 5 to 15° into straight knees).
const STRAIGHT_KNEE_DEG: f64 = 28.0;
/// Standing: hips lower than their usual height by less than this, thigh lengths.
const STANDING_DEPTH: f64 = 0.15;
/// Still: hips and shoulders move by less than this in [`STILL_REACH_S`] either way, thigh lengths.
const STILL: f64 = 0.04;
const STILL_REACH_S: f64 = 0.1;
/// This long in all is enough to stand on its own. docs/LIMITS.md asks for 0.5 s.
const ENOUGH_S: f64 = 0.4;
/// One frame shows this much of standing at most.
const MOST_A_FRAME_S: f64 = 0.2;
/// Standing sways by a median of 3° within a minute (Pan 2021, doi 10.1016/j.jbiomech.2020.110149); the median over the
/// standing of a whole clip takes some of that out. How much is an assumption.
const STANDING_SD_DEG: f64 = 2.0;
/// Lockouts and tops under load, in place of quiet standing: taken to be twice as uncertain, not measured.
const UPRIGHT_SD_DEG: f64 = 4.0;

/// Frames that show the zero, and what they are worth.
#[derive(Clone, Debug)]
pub struct StandingFrames {
    /// What was found.
    pub kind: ReferenceKind,
    /// Indices of the frames.
    pub frames: Vec<usize>,
    /// Standard uncertainty of the zero, degrees, besides what the estimator itself states.
    pub sd_deg: f64,
}

/// Finds them: quiet standing outside the reps if there is any, else the most upright moments of the reps.
pub fn standing_frames(times: &[f64], posture: &Posture, reps: &[Span]) -> StandingFrames {
    let upright: Vec<usize> = (0..times.len()).filter(|&i| stands(posture, i)).collect();
    let between = |i: usize| !reps.iter().any(|r| (r.start..=r.end).contains(&i));
    let quiet: Vec<usize> = upright
        .iter()
        .copied()
        .filter(|&i| between(i) && still(times, posture, i))
        .collect();
    if duration(times, &quiet) >= ENOUGH_S {
        return StandingFrames {
            kind: ReferenceKind::Standing,
            frames: quiet,
            sd_deg: STANDING_SD_DEG,
        };
    }
    if !upright.is_empty() {
        let slow: Vec<usize> = upright
            .iter()
            .copied()
            .filter(|&i| still(times, posture, i))
            .collect();
        let frames = if slow.is_empty() { upright } else { slow };
        return StandingFrames {
            kind: ReferenceKind::Upright,
            frames,
            sd_deg: UPRIGHT_SD_DEG,
        };
    }
    StandingFrames {
        kind: ReferenceKind::Population,
        frames: Vec::new(),
        sd_deg: 0.0,
    }
}

fn stands(posture: &Posture, i: usize) -> bool {
    let within =
        |value: Option<f64>, low: f64, high: f64| value.is_some_and(|v| (low..=high).contains(&v));
    within(posture.trunk[i], LEANT_BACK_DEG, UPRIGHT_DEG)
        && within(posture.knee[i], -STRAIGHT_KNEE_DEG, STRAIGHT_KNEE_DEG)
        && within(posture.depth[i], -1.0, STANDING_DEPTH)
}

fn still(times: &[f64], posture: &Posture, i: usize) -> bool {
    let near = window(times, times[i], STILL_REACH_S);
    near.into_iter().all(|j| {
        posture.drop[j]
            .zip(posture.drop[i])
            .is_some_and(|(a, b)| (a - b).abs() < STILL)
    })
}

/// Time that the frames cover, each for as long as until the next frame of the clip: not for the gaps between the few that
/// a filming check looks at.
fn duration(times: &[f64], frames: &[usize]) -> f64 {
    frames
        .iter()
        .filter_map(|&i| Some((times.get(i + 1)? - times[i]).min(MOST_A_FRAME_S)))
        .sum()
}
