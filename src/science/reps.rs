//! Which ups and downs are repetitions, and where each begins, turns and ends.
//!
//! A squat, RDL or good morning is counted by its bottoms. A deadlift is counted by its lockouts: bending down to the bar
//! is no rep, and neither is standing up without it. Clips may begin or end in the middle of a rep.

use super::bar::InHands;
use super::body::{Body, Part};
use super::filter::percentile;
use super::lift::is_bent;
use super::posture::Posture;
use super::swings::{Turn, turns};
use crate::session::LiftKind;
use std::borrow::Cow;

/// A bottom or a pull of less than this share of the deepest one is a set-up, a tug or an unrack.
const SHALLOW: f64 = 0.55;
/// The body has arrived when it has covered this share of the way …
const MOST_OF_THE_WAY: f64 = 0.6;
/// … and moves by less than this share of it …
const RESTS: f64 = 0.03;
/// … for this long.
const REST_S: f64 = 0.2;
/// Within this share of the travel from the bottom the body is at the bottom.
const AT_BOTTOM: f64 = 0.05;
/// The bar has left the floor when the wrists have risen by this share of their travel, …
const LIFTED: f64 = 0.08;
/// … and is back on it when they are down to this share: at 0.08 the last 0.3 s of the lowering of rendered lifts would be cut.
const LANDED: f64 = 0.03;
/// A pull in which the bar rises by less than this share of its greatest rise is standing up without it.
const LIFTS_THE_BAR: f64 = 0.5;
/// Feet that travel farther than this within a rep, thigh lengths, are walking. Plates in front of the feet move the
/// landmarks by up to 0.7 of lifters who stand still.
const WALKED: f64 = 0.85;

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

/// The height that tells this lift's reps: hips and shoulders, or with the bar in the hands the shoulders alone, since
/// plates passing the hips draw the hip landmark along. The bar itself, where its plate was followed, tells them better than
/// the joints that its plate hides.
pub fn drop_of(posture: &Posture, kind: Option<LiftKind>) -> &[Option<f64>] {
    match kind {
        Some(LiftKind::Squat | LiftKind::GoodMorning) => {
            let bar = posture.bar_on_back.as_ref();
            bar.map_or(&posture.drop, |bar| &bar.drop)
        }
        Some(LiftKind::Deadlift) => way(posture).unwrap_or(&posture.shoulder_drop),
        Some(LiftKind::Rdl) => {
            let kept_up = |bar: &&InHands| bar.put_down == Some(false);
            let bar = posture.bar_in_hands.as_ref().filter(kept_up);
            let way = bar.and_then(|bar| bar.way.as_ref());
            way.unwrap_or(&posture.shoulder_drop)
        }
        _ => &posture.drop,
    }
}

/// The way of a bar in the hands, down from its highest.
fn way(posture: &Posture) -> Option<&Vec<Option<f64>>> {
    posture.bar_in_hands.as_ref()?.way.as_ref()
}

/// The top before and the top after the bottom `turns[k]`, as far as the clip shows them.
pub fn tops_beside(turns: &[Turn], k: usize) -> impl Iterator<Item = Turn> {
    let beside = [k.checked_sub(1), Some(k + 1)].into_iter().flatten();
    beside.filter_map(|j| turns.get(j).copied())
}

/// Bottoms that belong to lifting, not to tugging or fetching something: what the lift is recognised from.
pub fn lifting_bottoms(turns: &[Turn]) -> Vec<usize> {
    let travel = |k: usize| {
        let travels = tops_beside(turns, k).map(|top| turns[k].drop - top.drop);
        travels.fold(0.0, f64::max)
    };
    let bottoms: Vec<usize> = (0..turns.len()).filter(|&k| turns[k].bottom).collect();
    let mut travels: Vec<f64> = bottoms.iter().map(|&k| travel(k)).collect();
    let deep = percentile(&mut travels, 0.75).unwrap_or(0.0);
    bottoms
        .into_iter()
        .filter(|&k| travel(k) > 0.0 && travel(k) >= SHALLOW * deep)
        .collect()
}

/// The reps of a set of `kind`.
pub fn reps(posture: &Posture, body: &Body, kind: LiftKind) -> Vec<Span> {
    let drop = drop_of(posture, Some(kind));
    let turns = turns(drop);
    let from = |k: usize| k.checked_sub(1).map_or(0, |j| turns[j].index);
    let until = |k: usize| turns.get(k + 1).map_or(body.len(), |t| t.index);
    let bent = |k: &usize| is_bent(posture, from(*k)..until(*k), kind);
    let bottoms: Vec<usize> = lifting_bottoms(&turns).into_iter().filter(bent).collect();
    let path = Path {
        times: &body.times,
        drop,
        turns: &turns,
    };
    let mut spans: Vec<Span> = if kind == LiftKind::Deadlift {
        pulls(posture, body, &path, &bottoms)
    } else {
        bottoms.into_iter().map(|k| path.descent(k)).collect()
    };
    // nobody walks while the bar goes down and up, wherever plates have put the landmarks of the feet
    spans.retain(|span| posture.follows_bar(kind) || !walks(body, span));
    spans
}

/// One height over time, with its turns.
struct Path<'a> {
    times: &'a [f64],
    drop: &'a [Option<f64>],
    turns: &'a [Turn],
}

impl Path<'_> {
    /// The rep around the bottom `turns[k]`.
    fn descent(&self, k: usize) -> Span {
        let bottom = self.turns[k];
        let before = k.checked_sub(1).map(|j| self.turns[j]);
        let after = self.turns.get(k + 1).copied();
        let travel = |top: Option<Turn>| top.map_or(0.0, |t| bottom.drop - t.drop);
        let pause = self.near_bottom(bottom, travel(before).max(travel(after)));
        Span {
            start: before.map_or(pause.0, |top| self.arrival(bottom, top)),
            turn: (pause.0 + pause.1) / 2,
            end: after.map_or(pause.1, |top| self.arrival(bottom, top)),
            pause,
            whole: (before.is_some(), after.is_some()),
        }
    }

    /// First and last frame around `bottom` that are as low as it.
    fn near_bottom(&self, bottom: Turn, travel: f64) -> (usize, usize) {
        let low = |i: &usize| self.drop[*i].is_none_or(|d| bottom.drop - d <= AT_BOTTOM * travel);
        let first = (0..bottom.index)
            .rev()
            .take_while(low)
            .last()
            .unwrap_or(bottom.index);
        let last = (bottom.index + 1..self.drop.len())
            .take_while(low)
            .last()
            .unwrap_or(bottom.index);
        (first, last)
    }

    /// Where, on the way from `from` to `to` (earlier or later), the body comes to rest.
    fn arrival(&self, from: Turn, to: Turn) -> usize {
        let travel = (from.drop - to.drop).abs();
        let covered = |i: usize| {
            self.drop[i].is_some_and(|d| (d - from.drop).abs() >= MOST_OF_THE_WAY * travel)
        };
        let later = to.index > from.index;
        let resting = |i: usize| {
            let (a, b) = if later {
                (self.times[i], self.times[i] + REST_S)
            } else {
                (self.times[i] - REST_S, self.times[i])
            };
            let near =
                self.times.partition_point(|&t| t < a)..self.times.partition_point(|&t| t <= b);
            near.filter_map(|j| self.drop[j])
                .all(|d| self.drop[i].is_some_and(|here| (d - here).abs() <= RESTS * travel))
        };
        let arrived = |i: &usize| covered(*i) && resting(*i);
        let found = if later {
            (from.index..to.index).find(arrived)
        } else {
            (to.index..from.index).rev().find(arrived)
        };
        found.unwrap_or(to.index)
    }
}

fn pulls(posture: &Posture, body: &Body, path: &Path, bottoms: &[usize]) -> Vec<Span> {
    let from_floor = |k: &usize| *k > 0 && bottoms.contains(&(*k - 1));
    let mut tops: Vec<usize> = (0..path.turns.len()).filter(from_floor).collect();
    if let Some(&last) = tops.last()
        && last + 1 == path.turns.len()
        && way(posture).is_none()
        && stands_up_without_the_bar(posture, body, path, &tops)
    {
        tops.pop();
    }
    let upwards = |drop: &Vec<Option<f64>>| drop.iter().map(|d| d.map(|d| -d)).collect();
    let bar = way(posture).map_or(Cow::Borrowed(&posture.bar), |drop| {
        Cow::Owned(upwards(drop))
    });
    let mut pulls: Vec<Span> = tops.into_iter().map(|k| pull(&bar, path, k)).collect();
    let rise = |pull: &Span| {
        let drop = &posture.bar_in_hands.as_ref()?.drop;
        Some(drop[pull.start]? - drop[pull.turn]?)
    };
    let most = pulls.iter().filter_map(rise).fold(0.0, f64::max);
    let lifts = |rise: f64| most <= 0.0 || rise >= LIFTS_THE_BAR * most;
    pulls.retain(|pull| rise(pull).is_none_or(lifts));
    pulls
}

/// The rep that locks out at `turns[k]`, by the height of the bar or of the wrists.
fn pull(bar: &[Option<f64>], path: &Path, k: usize) -> Span {
    let (floor, top) = (path.turns[k - 1], path.turns[k]);
    let next = path.turns.get(k + 1).copied();
    let turn = path.arrival(floor, top);
    let leaves = next.map_or(path.drop.len() - 1, |n| path.arrival(n, top));
    let start = lift_off(bar, floor.index, turn)
        .unwrap_or_else(|| path.near_bottom(floor, floor.drop - top.drop).1);
    let landed = next.map(|n| {
        let back = bar_level(bar, (floor.index, turn), LANDED);
        let low = |i: &usize| bar[*i].zip(back).is_some_and(|(b, level)| b <= level);
        (leaves.max(turn)..n.index).find(low).unwrap_or(n.index)
    });
    Span {
        start,
        turn,
        end: landed.unwrap_or(path.drop.len() - 1),
        pause: (turn, leaves.max(turn)),
        whole: (true, next.is_some()),
    }
}

/// Last frame before `lockout` with the wrists still down.
fn lift_off(bar: &[Option<f64>], floor: usize, lockout: usize) -> Option<usize> {
    let level = bar_level(bar, (floor, lockout), LIFTED)?;
    (floor..=lockout)
        .rev()
        .find(|&i| bar[i].is_some_and(|b| b <= level))
}

/// Height below which the bar is on the floor: this share of the wrists' travel `from` the floor to the lockout.
fn bar_level(bar: &[Option<f64>], (floor, lockout): (usize, usize), share: f64) -> Option<f64> {
    let pull = &bar[floor..=lockout.max(floor)];
    let mut heights: Vec<f64> = pull.iter().flatten().copied().collect();
    let (low, high) = (
        percentile(&mut heights, 0.1)?,
        percentile(&mut heights, 1.0)?,
    );
    Some(low + share * (high - low))
}

/// After the last put-down lifters stand up. That ascent is told from a pull by its top: it looks like the standing
/// before the first pull (hands free) rather than like the lockouts (hands on the bar).
fn stands_up_without_the_bar(posture: &Posture, body: &Body, path: &Path, tops: &[usize]) -> bool {
    let (Some((&last, lockouts)), Some(first)) = (tops.split_last(), path.turns.first()) else {
        return false;
    };
    if first.bottom || lockouts.is_empty() {
        return false;
    }
    let ahead = body
        .each(|i| Some((body.at(Part::Wrist, i)? - body.at(Part::Shoulder, i)?).x / body.thigh_px));
    let signature = |turn: &Turn| {
        let top = |i: &usize| path.drop[*i].is_some_and(|d| d - turn.drop < 0.08);
        let first = (0..turn.index)
            .rev()
            .take_while(top)
            .last()
            .unwrap_or(turn.index);
        let last = (turn.index..path.drop.len())
            .take_while(top)
            .last()
            .unwrap_or(turn.index);
        let middle =
            |values: &[Option<f64>]| Posture::typical(values, first..last + 1).unwrap_or(0.0);
        [
            middle(&posture.wrist_height),
            middle(&posture.arm) / 30.0,
            middle(&ahead),
            middle(&posture.depth),
        ]
    };
    let apart =
        |a: [f64; 4], b: [f64; 4]| a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum::<f64>();
    let end = signature(&path.turns[last]);
    let nearest_lockout = lockouts
        .iter()
        .map(|&k| apart(end, signature(&path.turns[k])))
        .fold(f64::INFINITY, f64::min);
    apart(end, signature(first)) < nearest_lockout
}

/// Whether the feet travel during the rep.
fn walks(body: &Body, span: &Span) -> bool {
    let feet = (span.start..=span.end)
        .filter_map(|i| body.at(Part::Ankle, i))
        .map(|p| p.x / body.thigh_px);
    let mut feet: Vec<f64> = feet.collect();
    let (low, high) = (percentile(&mut feet, 0.1), percentile(&mut feet, 0.9));
    low.zip(high).is_some_and(|(low, high)| high - low > WALKED)
}
