//! Which ups and downs are repetitions, and where each begins, turns and ends.
//!
//! A squat, RDL or good morning is counted by its bottoms. A deadlift is counted by its lockouts: bending down to the bar
//! is no rep, and neither is standing up without it. Clips may begin or end in the middle of a rep.

use super::body::{Body, Part};
use super::posture::Posture;
use super::swings::{Turn, plateau};
use crate::session::LiftKind;

/// A bottom or a pull of less than this share of the deepest one is a set-up, a tug or an unrack.
const SHALLOW: f64 = 0.55;
/// Within this share of a rep's travel from its end the body counts as arrived.
const ARRIVED: f64 = 0.05;
/// Feet that travel farther than this between the two ends of a rep, thigh lengths, are walking.
const WALKED: f64 = 1.0;
/// The trunk looks this many times longer or shorter at the other end: the lifter walks to or from the camera.
const APPROACHED: f64 = 1.55;
/// Frames on either side of a turn that are looked at together.
const AROUND: usize = 4;

/// Frame indices of one rep.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Span {
    /// First frame: the descent begins, or the bar leaves the floor.
    pub start: usize,
    /// Bottom, or lockout.
    pub turn: usize,
    /// Last frame: standing again, or the bar is back on the floor.
    pub end: usize,
    /// Frames at the turn (pause), first and last.
    pub pause: (usize, usize),
    /// Whether the clip shows the part before the turn from its beginning, and the part after it to its end.
    pub whole: (bool, bool),
}

/// Bottoms that belong to lifting, not to walking, tugging or fetching something: what the lift is recognised from.
pub fn lifting_bottoms(posture: &Posture, body: &Body, turns: &[Turn]) -> Vec<Turn> {
    let travel = |k: usize| {
        let tops = [k.checked_sub(1), Some(k + 1)].into_iter().flatten().filter_map(|j| turns.get(j));
        tops.filter(|top| in_place(body, top.index, turns[k].index)).map(|top| turns[k].drop - top.drop).fold(0.0, f64::max)
    };
    let deepest = (0..turns.len()).filter(|&k| turns[k].bottom).map(travel).fold(0.0, f64::max);
    (0..turns.len())
        .filter(|&k| turns[k].bottom && travel(k) > 0.0 && travel(k) >= SHALLOW * deepest)
        .map(|k| turns[k])
        .filter(|t| Posture::typical(&posture.drop, around(t.index, body.len())).is_some())
        .collect()
}

/// The reps of a set of `kind`.
pub fn reps(posture: &Posture, body: &Body, turns: &[Turn], kind: LiftKind) -> Vec<Span> {
    let bottoms = lifting_bottoms(posture, body, turns);
    if kind == LiftKind::Deadlift {
        return pulls(posture, body, turns, &bottoms);
    }
    let place = |b: &Turn| turns.iter().position(|t| t == b);
    bottoms.iter().filter_map(|b| Some(descent(posture, turns, place(b)?))).collect()
}

/// The rep around the bottom `turns[k]`.
fn descent(posture: &Posture, turns: &[Turn], k: usize) -> Span {
    let bottom = turns[k];
    let before = k.checked_sub(1).map(|j| turns[j]);
    let after = turns.get(k + 1).copied();
    let travel = |top: Option<Turn>| top.map_or(0.0, |t| bottom.drop - t.drop);
    let tolerance = ARRIVED * travel(before).max(travel(after));
    let pause = plateau(&posture.drop, bottom, tolerance);
    Span {
        start: before.map_or(pause.start, |t| plateau(&posture.drop, t, tolerance).end - 1),
        turn: (pause.start + pause.end - 1) / 2,
        end: after.map_or(pause.end - 1, |t| plateau(&posture.drop, t, tolerance).start),
        pause: (pause.start, pause.end - 1),
        whole: (before.is_some(), after.is_some()),
    }
}

fn pulls(posture: &Posture, body: &Body, turns: &[Turn], bottoms: &[Turn]) -> Vec<Span> {
    let from_floor = |k: &usize| *k > 0 && !turns[*k].bottom && bottoms.contains(&turns[*k - 1]);
    let mut tops: Vec<usize> = (0..turns.len()).filter(from_floor).collect();
    tops.retain(|&k| in_place(body, turns[k - 1].index, turns[k].index));
    if let Some(&last) = tops.last()
        && last + 1 == turns.len()
        && stands_up_without_the_bar(posture, body, turns, &tops)
    {
        tops.pop();
    }
    tops.into_iter().map(|k| pull(posture, turns, k)).collect()
}

/// The rep that locks out at `turns[k]`.
fn pull(posture: &Posture, turns: &[Turn], k: usize) -> Span {
    let (floor, top) = (turns[k - 1], turns[k]);
    let tolerance = ARRIVED * (floor.drop - top.drop);
    let lockout = plateau(&posture.drop, top, tolerance);
    let end = turns.get(k + 1).map(|t| plateau(&posture.drop, *t, tolerance).start);
    Span {
        start: plateau(&posture.drop, floor, tolerance).end - 1,
        turn: lockout.start,
        end: end.unwrap_or(lockout.end - 1),
        pause: (lockout.start, lockout.end - 1),
        whole: (true, end.is_some()),
    }
}

/// After the last put-down lifters stand up. That ascent is told from a pull by its top: it looks like the standing
/// before the first pull (hands free) rather than like the lockouts (hands on the bar).
fn stands_up_without_the_bar(posture: &Posture, body: &Body, turns: &[Turn], tops: &[usize]) -> bool {
    let (Some((&last, lockouts)), Some(first)) = (tops.split_last(), turns.first()) else { return false };
    if first.bottom || lockouts.is_empty() {
        return false;
    }
    let signature = |turn: &Turn| {
        let frames = plateau(&posture.drop, *turn, 0.06);
        let middle = |values: &[Option<f64>]| Posture::typical(values, frames.clone()).unwrap_or(0.0);
        let ahead = body.each(|i| Some((body.at(Part::Wrist, i)? - body.at(Part::Shoulder, i)?).x / body.thigh_px));
        [middle(&posture.wrist_height), middle(&posture.wrist_hang), middle(&ahead), middle(&posture.depth)]
    };
    let apart = |a: [f64; 4], b: [f64; 4]| a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum::<f64>();
    let end = signature(&turns[last]);
    let nearest_lockout = lockouts.iter().map(|&k| apart(end, signature(&turns[k]))).fold(f64::INFINITY, f64::min);
    apart(end, signature(first)) < nearest_lockout
}

/// Whether the feet stay where they are, and the lifter as large, between frames `a` and `b`.
fn in_place(body: &Body, a: usize, b: usize) -> bool {
    let middle = |part: Part, i: usize, pick: fn(crate::units::Point) -> f64| {
        Posture::typical(&body.each(|j| body.at(part, j).map(pick)), around(i, body.len()))
    };
    let trunk = |i: usize| {
        let length = body.each(|j| Some((body.at(Part::Shoulder, j)? - body.at(Part::Hip, j)?).length()));
        Posture::typical(&length, around(i, body.len()))
    };
    let walked = middle(Part::Ankle, a, |p| p.x).zip(middle(Part::Ankle, b, |p| p.x));
    let sizes = trunk(a).zip(trunk(b));
    walked.is_none_or(|(a, b)| (a - b).abs() < WALKED * body.thigh_px)
        && sizes.is_none_or(|(a, b)| a / b < APPROACHED && b / a < APPROACHED)
}

fn around(i: usize, len: usize) -> std::ops::Range<usize> {
    i.saturating_sub(AROUND)..(i + AROUND + 1).min(len)
}
