//! The limits as one rep meets them: the settings of its lift, and for a deadlift also what its own set-up allows.

use crate::science::{longest, normal_share};
use crate::session::{LiftKind, Rep, SessionReport, TrackPoint};
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
    Band {
        arch_leave: settings.limits.arch_leave_deg,
        arch_watch: settings.limits.arch_watch_deg,
        watch: settings.watch(report.lift.kind),
        leave: settings.leave(report.lift.kind),
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
    let over = |own: Angle, more: Option<Angle>| more.map_or(own, |more| own.min(set_up + more));
    let leave = over(band.leave, limit.leave_over_set_up_deg);
    Band {
        leave,
        watch: over(band.watch, limit.watch_over_set_up_deg).min(leave),
        ..band
    }
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

/// Longest unbroken time past `limit` in the rep, seconds.
fn longest_past(report: &SessionReport, rep: &Rep, limit: Angle) -> f64 {
    let level = report.settings.still_past(limit).degrees();
    let frames = report.track.iter().filter(|p| p.rep == Some(rep.number));
    let flexion = |p: &TrackPoint| p.lumbar_flexion_deg.map(Angle::degrees);
    longest(frames.map(|p| (p.time_s.get(), flexion(p))), |f| f > level)
}
