//! The set as a whole: the sentence, how sure it is, and the drift.

use super::next_step::NextStep;
use super::words::{INTERVAL, lift, numbers_listed};
use crate::diary::SetNotes;
use crate::session::{
    LiftKind, NeutralDepth, Reference, ReferenceKind, Rep, SessionReport, Set, Verdict, View,
};
use crate::settings::Sign;
use crate::units::Angle;

/// Of the variance of a rep's peak, what the reps of its set do not share. Chosen on 21 sets of six reps, whose 80 % intervals of
/// the change from rep to rep then hold 81 % (docs/ACCURACY.md).
const OWN_SHARE: f64 = 0.25;

/// Up to this yaw a clip counts as filmed from the side: the first band of the error tables in docs/ACCURACY.md.
const SIDE_ON_DEG: f64 = 15.0;

/// Sums up the reps of a set. The sentence and the next step are chosen later, from the whole report.
pub fn set(reps: &[Rep], reference: &Reference, view: &View, neutral_depth: NeutralDepth) -> Set {
    let count = |verdict: Verdict| reps.iter().filter(|r| r.verdict == verdict).count();
    let drift = drift(reps);
    Set {
        sentence: String::new(),
        next_step: String::new(),
        next_step_rule: String::new(),
        next_step_action: None,
        certainty: certainty(reps, reference, view),
        held: count(Verdict::Held) as u32,
        close: count(Verdict::Close) as u32,
        left_neutral: count(Verdict::LeftNeutral) as u32,
        cannot_tell: count(Verdict::CannotTell) as u32,
        drift_deg_per_rep: drift.map(|d| Angle::from_degrees(d.0)),
        drift_sd_deg_per_rep: drift.map(|d| Angle::from_degrees(d.1)),
        drift_reason: drift
            .is_none()
            .then(|| "drift needs at least three reps whose lower back was measured".into()),
        neutral_depth: Some(neutral_depth),
    }
}

/// "Set of 5 deadlifts off 12 cm blocks: your lower back held in 3 reps and left neutral in 2 (reps 4 and 5)."
pub fn sentence(report: &SessionReport, next: &NextStep) -> String {
    let total = report.reps.len();
    let lifts = lifts(report.lift.kind, total, &report.notes);
    let head = match total {
        1 => format!("One {lifts}"),
        _ => format!("Set of {total} {lifts}"),
    };
    let held = numbers(&report.reps, Verdict::Held);
    if numbers(&report.reps, Verdict::CannotTell).len() == total {
        return format!("{head}: whether your lower back held could not be judged from this clip.");
    }
    if held.len() < total {
        return format!("{head}: your lower back {}.", parted(&report.reps));
    }
    // what made the plan say more than "it held" is said where it is read first
    let all = match (total, next.rule == Sign::RiseOverSet.name()) {
        (1, _) => "your lower back held",
        (_, true) => "your lower back held in every rep, but rounded more as the set went on",
        (_, false) => "your lower back held in every rep",
    };
    format!("{head}: {all}.")
}

fn numbers(reps: &[Rep], verdict: Verdict) -> Vec<u32> {
    let such = reps.iter().filter(|r| r.verdict == verdict);
    such.map(|r| r.number).collect()
}

/// "held in 3 reps and left neutral in 2": what the reps of a set did that did not all do the same.
fn parted(reps: &[Rep]) -> String {
    let total = reps.len();
    let (held, close) = (numbers(reps, Verdict::Held), numbers(reps, Verdict::Close));
    let (left, unseen) = (
        numbers(reps, Verdict::LeftNeutral),
        numbers(reps, Verdict::CannotTell),
    );
    let parts: Vec<String> = [
        (!held.is_empty()).then(|| format!("held in {}", reps_word(held.len()))),
        (!close.is_empty()).then(|| format!("was near the limit in {}", told(&close, total))),
        (!left.is_empty()).then(|| format!("left neutral in {}", told(&left, total))),
        (!unseen.is_empty()).then(|| format!("could not be judged in {}", unseen.len())),
    ]
    .into_iter()
    .flatten()
    .collect();
    match parts.as_slice() {
        [only] if total == 1 => only.split(" in ").next().unwrap_or(only).to_owned(),
        [first @ .., last] if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        _ => parts.concat(),
    }
}

/// "deadlifts off 12 cm blocks": the lift, and how high it starts or ends where that was said.
fn lifts(kind: LiftKind, count: usize, notes: &SetNotes) -> String {
    let name = lift(kind, count);
    let short = |cm: f64| crate::units::rounded(cm, 10.0);
    match (kind, notes.block_height_cm, notes.seat_height_cm) {
        (LiftKind::Deadlift, Some(0.0), _) => format!("{name} from the floor"),
        (LiftKind::Deadlift, Some(cm), _) => format!("{name} off {} cm blocks", short(cm)),
        (LiftKind::SitToChair, _, Some(cm)) => {
            name.replace("a chair", &format!("a {} cm seat", short(cm)))
        }
        (LiftKind::Squat, _, Some(cm)) => format!("{name} to a {} cm seat", short(cm)),
        _ => name.into(),
    }
}

fn reps_word(count: usize) -> String {
    if count == 1 {
        "1 rep".into()
    } else {
        format!("{count} reps")
    }
}

/// "2 (reps 7 and 8)", or "every rep".
fn told(numbers: &[u32], total: usize) -> String {
    match numbers {
        all if all.len() == total => "every rep".into(),
        [one] => format!("1 (rep {one})"),
        many => format!("{} (reps {})", many.len(), numbers_listed(many)),
    }
}

/// How sure, in words: from where it was seen, the typical interval, and what zero is.
fn certainty(reps: &[Rep], reference: &Reference, view: &View) -> String {
    let mut sds: Vec<f64> = reps
        .iter()
        .filter_map(|r| r.peak_lumbar_flexion_sd_deg)
        .map(Angle::degrees)
        .collect();
    let zero = match reference.kind {
        ReferenceKind::Standing => "Zero is how you stand in this clip.",
        ReferenceKind::Upright => {
            "Zero is the most upright moment of your reps: a weaker reference."
        }
        ReferenceKind::Population => "Zero is an average lifter's standing: a weak reference.",
        ReferenceKind::Missing => "There is no standing to measure from.",
    };
    match super::filter::median(&mut sds) {
        Some(sd) => format!("{} {} {zero}", seen_from(view), good_to(sd)),
        None if reps.iter().any(|r| r.seen_share > 0.0) => {
            format!("The lower back was hidden where you bend most. {zero}")
        }
        None => format!("The lower back could not be measured. {zero}"),
    }
}

/// How good an angle of this standard uncertainty is, degrees, in words.
pub fn good_to(sd_deg: f64) -> String {
    let half = (INTERVAL * sd_deg).ceil();
    format!("is good to about ±{half:.0}°.")
}

/// The start of a sentence about every angle.
fn seen_from(view: &View) -> String {
    let Some(yaw) = view.yaw_deg else {
        return "Each angle".into();
    };
    let size = yaw.abs().degrees();
    let from = if yaw > Angle::ZERO {
        "in front"
    } else {
        "behind"
    };
    match size <= SIDE_ON_DEG {
        true => "Seen square from the side: each angle".into(),
        false => format!("Seen about {size:.0}° from {from}: each angle"),
    }
}

/// Least-squares slope of peak flexion over rep number, with its standard uncertainty, degrees a rep.
fn drift(reps: &[Rep]) -> Option<(f64, f64)> {
    let points: Vec<(f64, f64, f64)> = reps
        .iter()
        .filter(|r| r.verdict != Verdict::CannotTell)
        .filter_map(|r| {
            Some((
                f64::from(r.number),
                r.peak_lumbar_flexion_deg?.degrees(),
                r.peak_lumbar_flexion_sd_deg?.degrees(),
            ))
        })
        .collect();
    if points.len() < 3 {
        return None;
    }
    let n = points.len() as f64;
    let mean = |pick: fn(&(f64, f64, f64)) -> f64| points.iter().map(pick).sum::<f64>() / n;
    let (x, y) = (mean(|p| p.0), mean(|p| p.1));
    let spread: f64 = points.iter().map(|p| (p.0 - x).powi(2)).sum();
    let slope = points.iter().map(|p| (p.0 - x) * (p.1 - y)).sum::<f64>() / spread;
    // Zero, body and view are common to all reps and cancel. Reps that scatter about the line by more than what is their own say
    // by themselves how little it means.
    let own = OWN_SHARE * mean(|p| p.2 * p.2);
    let off = |p: &(f64, f64, f64)| (p.1 - y - slope * (p.0 - x)).powi(2);
    let scatter = points.iter().map(off).sum::<f64>() / (n - 2.0);
    Some((slope, (own.max(scatter) / spread).sqrt()))
}
