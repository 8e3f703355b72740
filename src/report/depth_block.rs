//! The part of "The whole set" that says how deep the back stays neutral, and what changes within the set.

use crate::report::{limits, words};
use crate::session::{LiftKind, NeutralFinding, Rep, SessionReport, Verdict};
use crate::units::Angle;

/// What the templates `depth.html` and `within_set.html` show.
pub struct DepthView {
    /// Neutral depth in words; empty when it could not be found, and in reports of versions that did not look.
    pub sentence: String,
    /// What it rests on.
    pub basis: String,
    /// Where lengths come from; empty without a scale.
    pub scale: String,
    /// What changes within the set, a line each.
    pub within: Vec<String>,
}

/// Gathers it.
pub fn depth_view(report: &SessionReport) -> DepthView {
    let judged: Vec<&Rep> = report
        .reps
        .iter()
        .filter(|r| r.verdict != Verdict::CannotTell)
        .collect();
    let lines = [
        hip_share(&judged),
        set_up(&judged),
        lockout(&judged, report.lift.kind),
        velocity(report),
        not_found(report).filter(|_| !judged.is_empty()),
    ];
    let found = report.set.neutral_depth.as_ref();
    DepthView {
        sentence: found
            .filter(|d| d.finding != NeutralFinding::Unknown)
            .map_or(String::new(), |d| words::unbroken(&d.sentence)),
        basis: basis(report),
        scale: report
            .scale
            .as_ref()
            .map_or(String::new(), |s| s.sentence.clone()),
        within: lines.into_iter().flatten().collect(),
    }
}

/// Why there is no neutral depth: no finding, so a line among others.
fn not_found(report: &SessionReport) -> Option<String> {
    let depth = report.set.neutral_depth.as_ref()?;
    (depth.finding == NeutralFinding::Unknown).then(|| depth.sentence.clone())
}

fn basis(report: &SessionReport) -> String {
    let Some(found) = &report.set.neutral_depth else {
        return String::new();
    };
    let watch = words::degrees(limits::of_lift(report).watch);
    match found.finding {
        NeutralFinding::Unknown => String::new(),
        NeutralFinding::AllTheWay => format!(
            "From {} reps, against the watch level of {watch}.",
            found.reps
        ),
        NeutralFinding::Until => format!(
            "Where, over {} reps, your lower back passes the watch level of {watch} and stays past it. \
             The grey stripe in the plot holds the true place 8 times out of 10.",
            found.reps
        ),
    }
}

/// "Share of the bend that came from the hips: 88 % in rep 1, 81 % in rep 8."
fn hip_share(judged: &[&Rep]) -> Option<String> {
    let known: Vec<(u32, f64)> = judged
        .iter()
        .filter_map(|r| Some((r.number, r.hip_share?)))
        .collect();
    let (first, last) = (known.first()?, known.last()?);
    let percent = |rep: &(u32, f64)| format!("{:.0} % in rep {}", rep.1 * 100.0, rep.0);
    (known.len() > 1).then(|| {
        format!(
            "Share of the bend that came from the hips: {}, {}.",
            percent(first),
            percent(last)
        )
    })
}

/// An angle beyond its own interval.
fn is_clear(angle: Angle, sd: Option<Angle>) -> bool {
    let half = sd.map(words::interval);
    half.is_some_and(|half| angle.degrees().abs() > half.degrees().ceil())
}

/// The rep whose `pick` is greatest.
fn most<'a>(judged: &[&'a Rep], pick: impl Fn(&Rep) -> Option<Angle>) -> Option<(&'a Rep, Angle)> {
    let known = judged.iter().filter_map(|r| Some((*r, pick(r)?)));
    known.max_by(|a, b| a.1.degrees().total_cmp(&b.1.degrees()))
}

fn set_up(judged: &[&Rep]) -> Option<String> {
    let (rep, change) = most(judged, |r| r.set_up_change_deg)?;
    let sd = rep.change_sd_deg;
    let size = words::with_interval(Some(change.abs()), sd);
    Some(if is_clear(change, sd) && change.degrees() > 0.0 {
        format!(
            "Before the bar moved, your lower back had already rounded {size} more than when you took hold of it (rep {}).",
            rep.number
        )
    } else {
        "Between taking hold of the bar and lifting it: no change of the lower back we can see."
            .into()
    })
}

/// "Mean speed of the bar on the way up: 0.5 m/s ±0.1 in rep 1, 0.4 m/s ±0.1 in rep 5."
fn velocity(report: &SessionReport) -> Option<String> {
    let in_rep = |r: &Rep| Some(format!("{} in rep {}", words::speed(r)?, r.number));
    let known: Vec<String> = report.reps.iter().filter_map(in_rep).collect();
    let (first, last) = (known.first()?, known.last()?);
    Some(match known.len() {
        1 => format!("Mean speed of the bar on the way up: {first}."),
        _ => format!("Mean speed of the bar on the way up: {first}, {last}."),
    })
}

fn lockout(judged: &[&Rep], kind: LiftKind) -> Option<String> {
    let at = if words::pulls_first(kind) {
        "At lockout"
    } else {
        "Standing up at the end of the reps"
    };
    let arch = |r: &Rep| r.lockout_lumbar_flexion_deg.map(|a| -a);
    let (rep, arched) = most(judged, arch)?;
    let sd = rep.peak_lumbar_flexion_sd_deg;
    let size = words::with_interval(Some(arched), sd);
    Some(if is_clear(arched, sd) && arched.degrees() > 0.0 {
        format!(
            "{at}: arched {size} more than when you stand (most in rep {}).",
            rep.number
        )
    } else {
        format!("{at}: no arching we can see.")
    })
}
