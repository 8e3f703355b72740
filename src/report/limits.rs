//! The limits as one rep meets them: the settings of its lift, and for a deadlift also what its own set-up allows.

use crate::science::normal_share;
use crate::session::{LiftKind, Rep, SessionReport};
use crate::units::Angle;

/// The flexion at which the answers change, for one rep or for the lift as such.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Band {
    /// Arched: left neutral.
    pub arch_leave: Angle,
    /// Arched: watch.
    pub arch_watch: Angle,
    /// Rounded: watch.
    pub watch: Angle,
    /// Rounded: left neutral.
    pub leave: Angle,
}

/// The band of the lift, without any rep's set-up.
pub fn of_lift(report: &SessionReport) -> Band {
    let settings = &report.settings;
    let limit = settings.limits.of(report.lift.kind);
    let leave = settings.limit_deg.unwrap_or(limit.leave_deg);
    Band {
        arch_leave: settings.limits.arch_leave_deg,
        arch_watch: settings.limits.arch_watch_deg,
        watch: lesser(limit.watch_deg, leave),
        leave,
    }
}

/// The band of one rep: a deadlift may also not round much more than in its own set-up.
pub fn of_rep(report: &SessionReport, rep: &Rep) -> Band {
    let band = of_lift(report);
    let limit = report.settings.limits.of(report.lift.kind);
    let Some(set_up) = rep
        .set_up_lumbar_flexion_deg
        .filter(|_| report.lift.kind == LiftKind::Deadlift)
    else {
        return band;
    };
    let over =
        |own: Angle, more: Option<Angle>| more.map_or(own, |more| lesser(own, set_up + more));
    let leave = over(band.leave, limit.leave_over_set_up_deg);
    Band {
        leave,
        watch: lesser(over(band.watch, limit.watch_over_set_up_deg), leave),
        ..band
    }
}

fn lesser(a: Angle, b: Angle) -> Angle {
    if a <= b { a } else { b }
}

/// Would the program flag this rep for its peak at another limit? Its own rule: past the limit with the probability that
/// the settings ask for, and for as long as they ask.
pub fn flagged_at(report: &SessionReport, rep: &Rep, limit: Angle) -> bool {
    let (Some(peak), Some(sd)) = (rep.peak_lumbar_flexion_deg, rep.peak_lumbar_flexion_sd_deg)
    else {
        return false;
    };
    let z = (peak - limit).degrees() / sd.degrees().max(1e-6);
    normal_share(z) >= report.settings.flag_probability
        && longest_past(report, rep, limit) >= report.settings.dwell_s.get()
}

/// Longest unbroken time past `limit` in the rep, seconds; frames without a measure neither break nor extend it.
fn longest_past(report: &SessionReport, rep: &Rep, limit: Angle) -> f64 {
    let (mut longest, mut since) = (0.0_f64, None);
    let frames = report.track.iter().filter(|p| p.rep == Some(rep.number));
    for (time, flexion) in frames.filter_map(|p| Some((p.time_s.get(), p.lumbar_flexion_deg?))) {
        if flexion < limit {
            since = None;
            continue;
        }
        longest = longest.max(time - *since.get_or_insert(time));
    }
    longest
}
