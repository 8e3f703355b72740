//! Which lift it is, from how arms, knees and trunk are at the bottoms, and from the bar where its plate was followed.

use super::filter::{median, percentile};
use super::posture::Posture;
use super::swings::Turn;
use crate::session::{Lift, LiftKind};

/// Arms nearer to hanging straight down than this at the bottom hold a bar in the hands: a pull.
/// Pulls hang within 17° in the rendered lifts, arms held out in a bodyweight squat are past 39°.
const HANGING_DEG: f64 = 28.0;
/// … and are at least this far below the shoulders, thigh lengths: a low bar also has the wrists under the shoulders.
const HANGING: f64 = 0.75;
/// Arms farther from hanging than this while standing hold a load at the chest, which comes down in front of a leaning trunk:
/// 3 to 20° in rendered pulls and 31° in one whose plates hide the hands, 44° and more with a dumbbell.
const HANGING_STANDING_DEG: f64 = 37.0;
/// Knees bent by more than this at the bottom: a deadlift rather than an RDL, a squat rather than a good morning.
/// Half way between the knee bend of RDLs (15–28°) and of deadlifts from the floor (58–90°) in the rendered lifts.
const KNEE_BENT_DEG: f64 = 42.0;
/// A "pull" with the trunk more upright than this is a squat with hanging arms (bodyweight, dumbbells).
const UPRIGHT_PULL_DEG: f64 = 28.0;
/// Below this trunk inclination, and with knees bent less than this, nobody is at the bottom of a lift.
const LEAST_LEAN_DEG: f64 = 35.0;
const LEAST_KNEE_DEG: f64 = 30.0;
/// The bend that counts is this quantile over the way down and up: held for a while, not touched by one frame.
const MOST_BENT: f64 = 0.85;

/// From this bend between thigh and trunk on the lifter is down, degrees.
const DOWN_DEG: f64 = 45.0;
/// Hands farther in front of the trunk than this, trunk lengths, carry the load there, or nothing: 0.23 to 1.0 with a dumbbell at the chest
/// or the arms held out in rendered squats, below 0.2 with a bar on the back where no plate hides the hands.
const AHEAD: f64 = 0.22;

/// Where the load is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Load {
    /// On the back or in hanging hands.
    Usual,
    /// Before the trunk of one who squats, as a dumbbell at the chest; or the arms alone are there.
    InFront,
}

impl Load {
    /// Where the hands are while the lifter is down tells it.
    pub fn of(posture: &Posture) -> Self {
        match is_in_front(posture) {
            Some(true) => Load::InFront,
            _ => Load::Usual,
        }
    }

    /// Which of the two is for this load.
    pub fn choose<T>(self, usual: T, in_front: T) -> T {
        match self {
            Load::Usual => usual,
            Load::InFront => in_front,
        }
    }
}

/// `None` when arms or knees are never seen.
fn is_in_front(posture: &Posture) -> Option<bool> {
    let down = |i: &usize| posture.hip[*i].is_some_and(|hip| hip > DOWN_DEG);
    let (down, up): (Vec<usize>, Vec<usize>) = (0..posture.hip.len()).partition(down);
    let middle = |values: &[Option<f64>], frames: &[usize]| {
        median(&mut frames.iter().filter_map(|&i| values[i]).collect::<Vec<_>>())
    };
    let (arm, hang) = (middle(&posture.arm, &down)?, middle(&posture.hang, &down)?);
    let pulls = posture.bar_in_hands.is_some() || hold_a_bar(arm, hang, middle(&posture.arm, &up));
    let squats = middle(&posture.knee, &down)? > KNEE_BENT_DEG;
    Some(squats && !pulls && middle(&posture.hands_ahead, &down)? > AHEAD)
}

/// Whether arms that are so far from hanging, with the hands so far below the shoulders, hold a bar; `standing`: the arms then.
fn hold_a_bar(arm: f64, hang: f64, standing: Option<f64>) -> bool {
    let at_chest = standing.is_some_and(|arm| arm > HANGING_STANDING_DEG);
    arm < HANGING_DEG && hang > HANGING && !at_chest
}

/// Recognises the lift at the given bottoms and the tops beside them; `None` when arms or knees are never seen at the bottoms.
pub fn recognise(posture: &Posture, bottoms: &[Turn], tops: &[Turn]) -> Option<Lift> {
    let arm = typical(&posture.arm, bottoms)?;
    let knee = typical(&posture.knee, bottoms)?;
    let trunk = typical(&posture.trunk, bottoms).unwrap_or(45.0);
    let hang = typical(&posture.hang, bottoms)?;
    // plates hide hands and legs: the bar itself tells better where it is, and whether it touched the floor or went
    // straight down
    let bar = posture.bar_in_hands.as_ref();
    let put_down = bar.and_then(|bar| bar.put_down);
    let pull = bar.is_some() || hold_a_bar(arm, hang, typical(&posture.arm, tops));
    let on_back = posture.bar_on_back.as_ref().filter(|_| !pull);
    let squatted = on_back.filter(|bar| bar.straight_down).map(|_| true);
    let told = put_down.or(squatted);
    let bent = told.unwrap_or(knee > KNEE_BENT_DEG);
    let kind = match (pull, bent) {
        (true, true) if bar.is_none() && trunk < UPRIGHT_PULL_DEG => LiftKind::Squat,
        (true, true) => LiftKind::Deadlift,
        (true, false) => LiftKind::Rdl,
        (false, true) => LiftKind::Squat,
        (false, false) => LiftKind::GoodMorning,
    };
    // How far the nearer of the two decisions is from its border, 0.5 at it and 1 far away or where the bar decides.
    let certain = |distance: f64| 1.0 - 0.5 * (-distance / 10.0).exp();
    let unless = |known: bool, distance: f64| if known { 1.0 } else { certain(distance.abs()) };
    let confidence =
        unless(bar.is_some(), arm - HANGING_DEG).min(unless(told.is_some(), knee - KNEE_BENT_DEG));
    Some(Lift { kind, confidence })
}

/// Whether the body gets as bent between the frames of `descent` as that lift bends it. Where the bar was followed its way down
/// is enough: plates draw the landmarks along, and the trunk looks upright.
pub fn is_bent(posture: &Posture, descent: std::ops::Range<usize>, kind: LiftKind) -> bool {
    let reaches = |values: &[Option<f64>], least: f64| {
        let mut known: Vec<f64> = values[descent.clone()].iter().flatten().copied().collect();
        percentile(&mut known, MOST_BENT).is_none_or(|v| v >= least)
    };
    let least_bent = match kind {
        LiftKind::Squat | LiftKind::SitToChair => (&posture.knee, LEAST_KNEE_DEG),
        LiftKind::Deadlift | LiftKind::Rdl | LiftKind::GoodMorning => {
            (&posture.trunk, LEAST_LEAN_DEG)
        }
    };
    posture.follows_bar(kind) || reaches(least_bent.0, least_bent.1)
}

fn typical(values: &[Option<f64>], turns: &[Turn]) -> Option<f64> {
    median(
        &mut turns
            .iter()
            .filter_map(|t| near(values, *t))
            .collect::<Vec<_>>(),
    )
}

fn near(values: &[Option<f64>], turn: Turn) -> Option<f64> {
    Posture::typical(
        values,
        turn.index.saturating_sub(3)..(turn.index + 4).min(values.len()),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Standing, then down, with these (angle of the arms standing and down, drop of the hands, hands ahead of the trunk).
    fn squatting(arm: [f64; 2], hang: f64, ahead: f64) -> Posture {
        let twice = |up: f64, down: f64| vec![Some(up), Some(down)];
        Posture {
            hip: twice(5.0, 100.0),
            knee: twice(5.0, 110.0),
            arm: twice(arm[0], arm[1]),
            hang: twice(1.3, hang),
            hands_ahead: twice(0.1, ahead),
            ..Posture::default()
        }
    }

    #[test]
    fn a_load_is_in_front_when_the_hands_are_and_do_not_hang() {
        let load = |arm, hang, ahead| Load::of(&squatting(arm, hang, ahead));
        assert_eq!(load([44.0, 18.0], 1.1, 0.4), Load::InFront, "dumbbell");
        assert_eq!(load([5.0, 80.0], 0.2, 0.9), Load::InFront, "arms held out");
        assert_eq!(load([5.0, 10.0], 1.3, 1.0), Load::Usual, "pull");
        assert_eq!(load([60.0, 60.0], 0.2, 0.05), Load::Usual, "on the back");
    }

    #[test]
    fn without_landmarks_the_load_is_the_usual_one() {
        assert_eq!(Load::of(&Posture::default()), Load::Usual);
    }
}
