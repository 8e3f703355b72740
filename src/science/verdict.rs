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
    /// What a deadlift rounds beyond its own set-up.
    pub over_set_up: Option<Estimate>,
    /// Longest time past the limit for rounding, seconds.
    pub over_s: f64,
    /// Longest time past the limit for arching, seconds.
    pub under_s: f64,
    /// Share of frames measured.
    pub seen_share: f64,
    /// The same of those in which the lifter is bent most.
    pub seen_bent_share: f64,
    /// Yaw, degrees.
    pub yaw: Option<f64>,
    /// What zero is.
    pub reference: ReferenceKind,
}

impl Evidence {
    /// Whether the back was hidden where the lifter is bent most: what was seen then does not tell how far it rounded.
    pub fn hides_most_bent(&self, settings: &Settings) -> bool {
        self.seen_bent_share < settings.min_seen_bent_share
    }
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
    /// Probability that a limit is passed, the most probable one; `None` when nothing was measured.
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
    let flags = flags(evidence, [peak, low], kind, settings);
    let probability = flags.iter().map(|rule| rule.probability).reduce(f64::max);
    if let Some(rule) = unjudgeable(evidence, peak.sd, settings) {
        return cannot_tell(rule, probability);
    }
    let watches = watches(evidence, [peak, low], kind, settings);
    let found = |rules: [Rule; 3], enough: f64, verdict: Verdict| {
        let rule = rules.into_iter().find(|rule| rule.probability >= enough)?;
        Some(Ruling {
            verdict,
            direction: Some(rule.direction),
            rule: rule.name,
            probability,
        })
    };
    let vague = peak.sd > settings.max_sd_deg.degrees();
    let enough = match vague {
        true => 1.0 - settings.flag_probability,
        false => settings.watch_probability,
    };
    let flagged = found(flags, settings.flag_probability, Verdict::LeftNeutral);
    if flagged.is_none() && evidence.hides_most_bent(settings) {
        return cannot_tell("min_seen_bent_share", probability);
    }
    let ruling = flagged.or_else(|| found(watches, enough, Verdict::Close));
    match ruling {
        Some(close) if vague && close.verdict == Verdict::Close => {
            cannot_tell("max_sd_deg", probability)
        }
        Some(ruling) => ruling,
        None => Ruling {
            verdict: Verdict::Held,
            direction: None,
            rule: "watch_deg",
            probability,
        },
    }
}

/// A limit, and with what probability it is passed.
struct Rule {
    name: &'static str,
    direction: Direction,
    probability: f64,
}

/// The rules that flag a rep, of its peak and its low; what is past a limit too shortly is not past it.
fn flags(
    evidence: &Evidence,
    ends: [Estimate; 2],
    kind: LiftKind,
    settings: &Settings,
) -> [Rule; 3] {
    let long = |seconds: f64| f64::from(u8::from(seconds >= settings.dwell_s.get()));
    let [peak, low] = ends;
    let limits = &settings.limits;
    [
        rounded(
            "leave_deg",
            past(peak, settings.leave(kind)) * long(evidence.over_s),
        ),
        rounded(
            "leave_over_set_up_deg",
            over_set_up(evidence, limits.of(kind).leave_over_set_up_deg),
        ),
        arched(
            "arch_leave_deg",
            past(turned(low), -limits.arch_leave_deg) * long(evidence.under_s),
        ),
    ]
}

/// The rules that make a rep close.
fn watches(
    evidence: &Evidence,
    ends: [Estimate; 2],
    kind: LiftKind,
    settings: &Settings,
) -> [Rule; 3] {
    let [peak, low] = ends;
    let limits = &settings.limits;
    [
        rounded("watch_deg", past(peak, settings.watch(kind))),
        rounded(
            "watch_over_set_up_deg",
            over_set_up(evidence, limits.of(kind).watch_over_set_up_deg),
        ),
        arched("arch_watch_deg", past(turned(low), -limits.arch_watch_deg)),
    ]
}

fn rounded(name: &'static str, probability: f64) -> Rule {
    Rule {
        name,
        direction: Direction::Rounded,
        probability,
    }
}

fn arched(name: &'static str, probability: f64) -> Rule {
    Rule {
        name,
        direction: Direction::Arched,
        probability,
    }
}

/// Probability that the back rounded by more than `limit` from its own set-up.
fn over_set_up(evidence: &Evidence, limit: Option<Angle>) -> f64 {
    let both = evidence.over_set_up.zip(limit);
    both.map_or(0.0, |(over, limit)| past(over, limit))
}

/// The same angle counted the other way.
fn turned(estimate: Estimate) -> Estimate {
    Estimate {
        value: -estimate.value,
        sd: estimate.sd,
    }
}

fn unjudgeable(evidence: &Evidence, sd: f64, settings: &Settings) -> Option<&'static str> {
    let yaw_fails = |yaw: f64| !settings.judges_from(Angle::from_degrees(yaw));
    [
        (evidence.yaw.is_none_or(yaw_fails), "max_yaw_deg"),
        (
            evidence.seen_share < settings.min_seen_share,
            "min_seen_share",
        ),
        (sd > settings.hopeless_sd_deg.degrees(), "max_sd_deg"),
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
            over_set_up: None,
            over_s: 0.5,
            under_s: 0.0,
            seen_share: 1.0,
            seen_bent_share: 1.0,
            yaw: Some(5.0),
            reference: ReferenceKind::Standing,
        }
    }

    fn verdict(evidence: &Evidence) -> Verdict {
        decide(evidence, LiftKind::Squat, &Settings::default()).verdict
    }

    #[test]
    fn a_rep_whose_bottom_was_hidden_did_not_hold_but_may_have_left_neutral_elsewhere() {
        let hidden = |peak: f64| Evidence {
            seen_bent_share: 0.4,
            ..squat(peak, 4.0)
        };
        assert_eq!(verdict(&hidden(2.0)), Verdict::CannotTell);
        assert_eq!(verdict(&hidden(15.0)), Verdict::CannotTell);
        assert_eq!(verdict(&hidden(26.0)), Verdict::LeftNeutral);
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
        assert_eq!(verdict(&squat(40.0, 13.0)), Verdict::CannotTell);
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
    fn from_behind_more_yaw_is_judged_than_from_in_front() {
        for (yaw, judged) in [(29.0, true), (35.0, false), (-35.0, true), (-39.0, false)] {
            let seen = Evidence {
                yaw: Some(yaw),
                ..squat(40.0, 3.0)
            };
            assert_eq!(verdict(&seen) != Verdict::CannotTell, judged, "{yaw}°");
        }
    }

    #[test]
    fn a_vague_measure_is_judged_only_when_it_is_clear_of_the_limits() {
        for (peak, expected) in [
            (40.0, Verdict::LeftNeutral),
            (24.0, Verdict::CannotTell),
            (8.0, Verdict::CannotTell),
            (2.0, Verdict::Held),
        ] {
            assert_eq!(verdict(&squat(peak, 10.0)), expected, "{peak}° ± 10°");
        }
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
        let over = |value: f64| Some(Estimate { value, sd: 3.0 });
        let pull = Evidence {
            over_set_up: over(18.0),
            ..squat(28.0, 3.0)
        };
        assert_eq!(
            decide(&pull, LiftKind::Deadlift, &Settings::default()).rule,
            "leave_over_set_up_deg"
        );
        let from_arched = Evidence {
            over_set_up: over(2.0),
            ..squat(2.0, 3.0)
        };
        assert_eq!(
            decide(&from_arched, LiftKind::Deadlift, &Settings::default()).verdict,
            Verdict::Held
        );
    }

    #[test]
    fn the_normal_distribution_is_right_at_known_points() {
        for (z, share) in [(0.0, 0.5), (1.2816, 0.9), (-0.8416, 0.2)] {
            assert!((normal_share(z) - share).abs() < 1e-4);
        }
    }
}
