//! From a rep's flexion and its uncertainty to one of four answers. The limit is compared with the interval, never with
//! the bare number: a rep is flagged when it is past the limit with a probability of at least 0.8.

use super::perceptron::Estimate;
use crate::session::{Direction, LiftKind, ReferenceKind, Verdict};
use crate::settings::Settings;
use crate::units::Angle;

/// What the rules look at.
#[derive(Clone, Copy, Debug)]
pub struct Evidence {
    /// 95th percentile of lumbar flexion; `None` when nothing was measured.
    pub peak: Option<Estimate>,
    /// 5th percentile of lumbar flexion.
    pub low: Option<Estimate>,
    /// Lumbar flexion in the set-up of a deadlift.
    pub set_up: Option<Estimate>,
    /// Greatest lumbar flexion after lift-off with the trunk still as bent as in the set-up.
    pub off_the_floor: Option<Estimate>,
    /// Longest time past the limit for rounding, seconds.
    pub over_s: f64,
    /// Longest time past the limit for arching, seconds.
    pub under_s: f64,
    /// Share of frames measured.
    pub seen_share: f64,
    /// Yaw, degrees.
    pub yaw: Option<f64>,
    /// What zero is.
    pub reference: ReferenceKind,
}

/// The answer, and the rule that gave it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ruling {
    /// The answer.
    pub verdict: Verdict,
    /// Which way; `None` unless close or left neutral.
    pub direction: Option<Direction>,
    /// Name of the rule, as in the settings or as in [`crate::science`]'s list of reasons.
    pub rule: &'static str,
    /// Probability that rounding is past its limit; `None` when nothing was measured.
    pub probability: Option<f64>,
}

/// Decides one rep.
pub fn decide(evidence: &Evidence, kind: LiftKind, settings: &Settings) -> Ruling {
    if evidence.reference == ReferenceKind::Missing {
        return cannot_tell("no_reference", None);
    }
    let (Some(peak), Some(low)) = (evidence.peak, evidence.low) else {
        return cannot_tell("not_measured", None);
    };
    let probability = past(peak, settings.leave(kind));
    if let Some(rule) = unjudgeable(evidence, peak.sd, settings) {
        return cannot_tell(rule, Some(probability));
    }
    let rules = rules(evidence, (peak, low), kind, settings);
    match rules.into_iter().find(|rule| rule.fires) {
        Some(rule) => Ruling {
            verdict: rule.verdict,
            direction: Some(rule.direction),
            rule: rule.name,
            probability: Some(probability),
        },
        None => Ruling {
            verdict: Verdict::Held,
            direction: None,
            rule: "watch_deg",
            probability: Some(probability),
        },
    }
}

/// One line of the table that [`decide`] reads from the top.
struct Rule {
    fires: bool,
    verdict: Verdict,
    direction: Direction,
    name: &'static str,
}

/// The rules, the worst news first.
fn rules(
    evidence: &Evidence,
    (peak, low): (Estimate, Estimate),
    kind: LiftKind,
    settings: &Settings,
) -> [Rule; 6] {
    use Direction::{Arched, Rounded};
    use Verdict::{Close, LeftNeutral};
    let limit = settings.limits.of(kind);
    let arch = |limit: Angle| past(mirrored(low), -limit);
    let long = |seconds: f64| seconds >= settings.dwell_s.get();
    let flagged = |probability: f64| probability >= settings.flag_probability;
    let watched = |probability: f64| probability >= settings.watch_probability;
    let leaves_rounded = flagged(past(peak, settings.leave(kind))) && long(evidence.over_s);
    let leaves_pulling = flagged(over_set_up(evidence, limit.leave_over_set_up_deg));
    let leaves_arched = flagged(arch(settings.limits.arch_leave_deg)) && long(evidence.under_s);
    let near_rounded = watched(past(peak, settings.watch(kind)));
    let near_pulling = watched(over_set_up(evidence, limit.watch_over_set_up_deg));
    let near_arched = watched(arch(settings.limits.arch_watch_deg));
    [
        (leaves_rounded, LeftNeutral, Rounded, "leave_deg"),
        (
            leaves_pulling,
            LeftNeutral,
            Rounded,
            "leave_over_set_up_deg",
        ),
        (leaves_arched, LeftNeutral, Arched, "arch_leave_deg"),
        (near_rounded, Close, Rounded, "watch_deg"),
        (near_pulling, Close, Rounded, "watch_over_set_up_deg"),
        (near_arched, Close, Arched, "arch_watch_deg"),
    ]
    .map(|(fires, verdict, direction, name)| Rule {
        fires,
        verdict,
        direction,
        name,
    })
}

/// P(the back rounded by more than `limit` since the set-up), 0 where there is no set-up or no such limit.
fn over_set_up(evidence: &Evidence, limit: Option<Angle>) -> f64 {
    match (evidence.set_up, evidence.off_the_floor, limit) {
        (Some(set_up), Some(pull), Some(limit)) => past(difference(pull, set_up), limit),
        _ => 0.0,
    }
}

/// Arching as if it were rounding.
fn mirrored(estimate: Estimate) -> Estimate {
    Estimate {
        value: -estimate.value,
        sd: estimate.sd,
    }
}

fn unjudgeable(evidence: &Evidence, sd: f64, settings: &Settings) -> Option<&'static str> {
    [
        (
            evidence
                .yaw
                .is_none_or(|yaw| yaw.abs() > settings.max_yaw_deg.degrees()),
            "max_yaw_deg",
        ),
        (
            evidence.seen_share < settings.min_seen_share,
            "min_seen_share",
        ),
        (sd > settings.max_sd_deg.degrees(), "max_sd_deg"),
    ]
    .into_iter()
    .find_map(|(fails, rule)| fails.then_some(rule))
}

fn cannot_tell(rule: &'static str, probability: Option<f64>) -> Ruling {
    Ruling {
        verdict: Verdict::CannotTell,
        direction: None,
        rule,
        probability,
    }
}

/// Within one rep the zero is shared, and so is much of the rest (same body, same shirt): the difference of two moments is
/// taken to be known as well as the worse of them. An assumption, not measured.
fn difference(a: Estimate, b: Estimate) -> Estimate {
    Estimate {
        value: a.value - b.value,
        sd: a.sd.max(b.sd),
    }
}

/// P(truth > limit) for a normal error.
fn past(estimate: Estimate, limit: Angle) -> f64 {
    normal_share((estimate.value - limit.degrees()) / estimate.sd)
}

/// Standard normal distribution function: Abramowitz & Stegun 26.2.17, error below 7.5e-8.
pub fn normal_share(z: f64) -> f64 {
    let t = 1.0 / (1.0 + 0.231_641_9 * z.abs());
    let series = [
        0.319_381_53,
        -0.356_563_782,
        1.781_477_937,
        -1.821_255_978,
        1.330_274_429,
    ];
    let polynomial = series.iter().rev().fold(0.0, |sum, c| (sum + c) * t);
    let tail = (-0.5 * z * z).exp() / std::f64::consts::TAU.sqrt() * polynomial;
    if z >= 0.0 { 1.0 - tail } else { tail }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn squat(peak: f64, sd: f64) -> Evidence {
        Evidence {
            peak: Some(Estimate { value: peak, sd }),
            low: Some(Estimate { value: 0.0, sd }),
            set_up: None,
            off_the_floor: None,
            over_s: 0.5,
            under_s: 0.0,
            seen_share: 1.0,
            yaw: Some(5.0),
            reference: ReferenceKind::Standing,
        }
    }

    fn verdict(evidence: &Evidence) -> Verdict {
        decide(evidence, LiftKind::Squat, &Settings::default()).verdict
    }

    #[test]
    fn the_limit_is_compared_with_the_interval() {
        assert_eq!(verdict(&squat(25.0, 4.0)), Verdict::LeftNeutral);
        assert_eq!(
            verdict(&squat(22.0, 4.0)),
            Verdict::Close,
            "22° is over 20°, but with less than 0.8 probability"
        );
        assert_eq!(verdict(&squat(8.0, 4.0)), Verdict::Held);
    }

    #[test]
    fn what_was_not_seen_is_never_judged() {
        assert_eq!(verdict(&squat(40.0, 9.0)), Verdict::CannotTell);
        assert_eq!(
            verdict(&Evidence {
                seen_share: 0.5,
                ..squat(40.0, 3.0)
            }),
            Verdict::CannotTell
        );
        assert_eq!(
            verdict(&Evidence {
                yaw: None,
                ..squat(40.0, 3.0)
            }),
            Verdict::CannotTell
        );
        assert_eq!(
            verdict(&Evidence {
                peak: None,
                ..squat(40.0, 3.0)
            }),
            Verdict::CannotTell
        );
    }

    #[test]
    fn a_short_excursion_is_not_flagged() {
        assert_ne!(
            verdict(&Evidence {
                over_s: 0.1,
                ..squat(40.0, 3.0)
            }),
            Verdict::LeftNeutral
        );
    }

    #[test]
    fn arching_is_told_apart_from_rounding() {
        let arched = Evidence {
            low: Some(Estimate {
                value: -20.0,
                sd: 3.0,
            }),
            under_s: 0.4,
            ..squat(2.0, 3.0)
        };
        assert_eq!(
            decide(&arched, LiftKind::Squat, &Settings::default()).direction,
            Some(Direction::Arched)
        );
    }

    #[test]
    fn rounding_under_the_bar_counts_from_the_set_up() {
        let at = |value: f64| Some(Estimate { value, sd: 3.0 });
        let pull = Evidence {
            set_up: at(10.0),
            off_the_floor: at(28.0),
            ..squat(28.0, 3.0)
        };
        assert_eq!(
            decide(&pull, LiftKind::Deadlift, &Settings::default()).rule,
            "leave_over_set_up_deg"
        );
    }

    #[test]
    fn the_normal_distribution_is_right_at_known_points() {
        for (z, share) in [(0.0, 0.5), (1.2816, 0.9), (-0.8416, 0.2)] {
            assert!((normal_share(z) - share).abs() < 1e-4);
        }
    }
}
