//! The back before the bar moves, just after, and at lockout: the moments that lifters are coached on.

use super::filter::window;
use super::judge::{Scene, extreme};
use super::perceptron::Estimate;
use super::reps::Span;
use crate::session::LiftKind;

/// The set-up reference R1: this long before lift-off.
const SET_UP_S: f64 = 0.3;

/// The trunk is about as bent as in the set-up from this share of its inclination there.
const STILL_BENT: f64 = 0.6;

/// The set-up is still while hips and shoulders move by less than this, thigh lengths, …
const STILL: f64 = 0.03;
/// … for this long to either side.
const STILL_S: f64 = 0.15;
/// A first still moment nearer to lift-off than this is lift-off's own.
const APART_S: f64 = 0.4;
/// The bar is held at its starting height while the wrists are within this of it, thigh lengths.
const AT_THE_BAR: f64 = 0.08;
/// No set-up lasts longer.
const LONGEST_S: f64 = 15.0;
/// Standing at the end of a rep: this long to either side of it.
const STANDING_S: f64 = 0.3;

/// Two moments of one rep share the zero, the body and the shirt: on 80 rendered pulls (calibration and held-out clips) the errors of
/// set-up and pull correlate by 0.86. Of the worse of their uncertainties this share is that of their difference: its 80 %
/// intervals then hold 95 % of 73 judged pulls, among them all five changes of 8° and more; on set1 14 of 18 and two of three.
const CHANGE_SHARE: f64 = 0.7;

/// Median over the last [`SET_UP_S`] before lift-off.
pub fn at_lift_off(scene: &Scene, span: Span) -> Option<Estimate> {
    if scene.kind != LiftKind::Deadlift {
        return None;
    }
    let lift_off = scene.times[span.start];
    let frames = window(scene.times, lift_off - 0.5 * SET_UP_S, 0.5 * SET_UP_S);
    extreme(&scene.flexion.lumbar, frames, 0.5)
}

/// What the lower back rounds beyond its own set-up, pulling or lowering: of moments as bent as the set-up, but no more than the
/// `peak` of the whole rep, which a stray frame does not move.
pub fn over(scene: &Scene, span: Span, peak: Option<Estimate>) -> Option<Estimate> {
    let load = with_the_load(scene, span)?;
    let load = peak.filter(|p| p.value < load.value).unwrap_or(load);
    Some(added(at_lift_off(scene, span)?, load))
}

/// Who sets up arched and comes to standing has not rounded, so the set-up counts as no less than that.
fn added(set_up: Estimate, load: Estimate) -> Estimate {
    let from = Estimate {
        value: set_up.value.max(0.0),
        ..set_up
    };
    difference(load, from)
}

/// The difference of two moments of one rep.
fn difference(a: Estimate, b: Estimate) -> Estimate {
    Estimate {
        value: a.value - b.value,
        sd: CHANGE_SHARE * a.sd.max(b.sd),
    }
}

/// Greatest flexion of the rep, pulling or lowering, while the trunk is about as bent as in the set-up. Only then do the two
/// compare: what the outline makes of a bent body is not what it makes of an upright one.
fn with_the_load(scene: &Scene, span: Span) -> Option<Estimate> {
    let bent = STILL_BENT * scene.posture.trunk[span.start]?;
    let as_bent = |i: &usize| scene.posture.trunk[*i].is_some_and(|t| t >= bent);
    let frames = (span.start..span.end + 1).filter(as_bent);
    extreme(&scene.flexion.lumbar, frames, 0.95)
}

/// Change of flexion from the first still moment with the hands on the bar to lift-off. `None` when the bar
/// leaves at once, or the back was not seen in both.
pub fn change(scene: &Scene, span: Span) -> Option<Estimate> {
    let set_up = at_lift_off(scene, span)?;
    let height = scene.posture.bar[span.start]?;
    let earliest = scene.times[span.start] - LONGEST_S;
    let at_the_bar = |i: &usize| {
        scene.times[*i] >= earliest
            && scene.posture.bar[*i].is_none_or(|bar| (bar - height).abs() < AT_THE_BAR)
    };
    let grips = (0..=span.start).rev().take_while(at_the_bar).last()?;
    let first = (grips..span.start).find(|&i| still(scene, i, grips))?;
    if scene.times[span.start] - scene.times[first] < APART_S {
        return None;
    }
    let near = window(scene.times, scene.times[first], STILL_S);
    let then = extreme(&scene.flexion.lumbar, near, 0.5)?;
    Some(difference(set_up, then))
}

fn still(scene: &Scene, i: usize, from: usize) -> bool {
    let drop = &scene.posture.drop;
    let mut near = window(scene.times, scene.times[i], STILL_S);
    near.start >= from
        && near.all(|j| {
            drop[j]
                .zip(drop[i])
                .is_some_and(|(a, b)| (a - b).abs() < STILL)
        })
}

/// Least flexion at lockout, in lifts that end standing while standing at the end, degrees.
pub fn lockout(scene: &Scene, span: Span) -> Option<f64> {
    let frames = if scene.kind == LiftKind::Deadlift {
        let near = window(scene.times, scene.times[span.turn], STANDING_S);
        near.start..near.end.max(span.pause.1.min(span.end) + 1)
    } else {
        if !span.whole.1 {
            return None;
        }
        window(scene.times, scene.times[span.end], STANDING_S)
    };
    extreme(&scene.flexion.lumbar, frames, 0.05).map(|e| e.value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_sets_up_arched_and_comes_to_standing_has_not_rounded() {
        let at = |value: f64| Estimate { value, sd: 4.0 };
        assert_eq!(added(at(10.0), at(28.0)).value, 18.0);
        assert_eq!(added(at(-14.0), at(2.0)).value, 2.0);
        assert!(added(at(10.0), at(28.0)).sd < 4.0);
    }
}
