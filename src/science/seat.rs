//! Sitting down: where the hips come to rest on a seat, and whether a lift was that.
//!
//! On a seat the hips stay where they are while the trunk still moves: it rocks back, and leans forward before rising. In
//! the pause of a squat hips and trunk are still together. That, and a bottom that is as high in every rep, tells the two
//! apart.

use super::body::{Body, Part};
use super::filter::{median, percentile};
use super::posture::Posture;
use super::reps::Span;
use crate::session::{Lift, LiftKind};

/// The hips rest while they are within this of their resting height, thigh lengths: 2 cm.
const RESTING: f64 = 0.045;
/// A rest shorter than this is a turn.
const LEAST_REST_S: f64 = 0.4;
/// On a seat the trunk moves by at least this meanwhile. Chosen above the 6° of the slowest turns of rendered squats.
const ROCKING_DEG: f64 = 12.0;
/// A seat is as high in every rep: the heights of the rests lie within this of their median, thigh lengths.
const SAME_HEIGHT: f64 = 0.06;
/// On a seat the thighs are nearer to level than this; at the bottom of a pull the hips are higher (20 to 45° in rendered ones).
const LEVEL_DEG: f64 = 12.0;
/// Reps that have to look seated, share.
const MOST_REPS: f64 = 0.7;

/// The hips at rest at the bottom of a rep.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rest {
    /// First frame: contact.
    pub first: usize,
    /// Last frame: the hips leave.
    pub last: usize,
    /// Depth there, thigh lengths.
    depth: f64,
    /// How far the trunk moves meanwhile, degrees.
    rocking_deg: f64,
}

/// Where the hips rest in `span`; `None` when they only turn.
pub fn rest(times: &[f64], posture: &Posture, span: &Span) -> Option<Rest> {
    let low = (span.start..=span.end).filter_map(|i| posture.depth[i]);
    let depth = percentile(&mut low.collect::<Vec<_>>(), 0.95)?;
    // the typical height among the lowest frames, so that sinking into a cushion does not end the rest
    let near = |i: &usize| posture.depth[*i].is_some_and(|d| (d - depth).abs() < RESTING);
    let resting: Vec<usize> = (span.start..=span.end).filter(near).collect();
    let (first, last) = (*resting.first()?, *resting.last()?);
    if times[last] - times[first] < LEAST_REST_S {
        return None;
    }
    let mut lean: Vec<f64> = (first..=last).filter_map(|i| posture.trunk[i]).collect();
    let rocking_deg = percentile(&mut lean, 0.95)? - percentile(&mut lean, 0.05)?;
    Some(Rest {
        first,
        last,
        depth,
        rocking_deg,
    })
}

/// Whether what looks like `lift` is sitting down: a squat that ends on a seat, or what would be a deadlift by its hanging
/// arms, with the thighs level at the bottom. `spans` are the ways down and up.
pub fn sits(lift: Lift, times: &[f64], posture: &Posture, spans: &[Span]) -> Option<Lift> {
    if !matches!(lift.kind, LiftKind::Squat | LiftKind::Deadlift) || spans.len() < 2 {
        return None;
    }
    let low = |rest: &Rest| {
        let thigh = Posture::typical(&posture.thigh, rest.first..rest.last + 1);
        lift.kind == LiftKind::Squat || thigh.is_some_and(|t| t < LEVEL_DEG)
    };
    let rests: Vec<Rest> = spans
        .iter()
        .filter_map(|span| rest(times, posture, span))
        .filter(|rest| rest.rocking_deg >= ROCKING_DEG && low(rest))
        .collect();
    let level = median(&mut rests.iter().map(|r| r.depth).collect::<Vec<_>>());
    let as_high = |rest: &&Rest| level.is_some_and(|l| (rest.depth - l).abs() < SAME_HEIGHT);
    let seated = rests.iter().filter(as_high).count() as f64 / spans.len() as f64;
    (seated >= MOST_REPS).then(|| Lift {
        kind: LiftKind::SitToChair,
        confidence: lift.confidence.min(0.5 + 0.5 * seated),
    })
}

/// Lets every rep turn where the hips meet the seat: what the back does while seated is no longer the way down.
pub fn turn_at_contact(times: &[f64], posture: &Posture, spans: &mut [Span]) {
    for span in spans {
        if let Some(rest) = rest(times, posture, span) {
            span.turn = rest.first.max(span.start);
            span.pause = (span.turn, rest.last.max(span.turn));
        }
    }
}

/// Height of the hips above the ankles on the seat, thigh lengths; the median over the reps.
pub fn hips_on_seat(body: &Body, spans: &[Span]) -> Option<f64> {
    let height = |span: &Span| {
        let (hip, ankle) = (
            body.at(Part::Hip, span.turn)?,
            body.at(Part::Ankle, span.turn)?,
        );
        Some((ankle.y - hip.y) / body.thigh_px)
    };
    median(&mut spans.iter().filter_map(height).collect::<Vec<_>>())
}
