//! The set as a whole: the sentence, how sure it is, and the drift.

use super::words::{INTERVAL, lift, numbers_listed};
use crate::session::{LiftKind, NeutralDepth, Reference, ReferenceKind, Rep, Set, Verdict};
use crate::units::Angle;

/// Sums up the reps of a set. The next step is chosen later, from the whole report.
pub fn set(
    reps: &[Rep],
    reference: &Reference,
    neutral_depth: NeutralDepth,
    kind: LiftKind,
) -> Set {
    let count = |verdict: Verdict| reps.iter().filter(|r| r.verdict == verdict).count();
    let drift = drift(reps);
    Set {
        sentence: sentence(reps, kind),
        next_step: String::new(),
        next_step_rule: String::new(),
        next_step_action: None,
        certainty: certainty(reps, reference),
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

/// "Set of 5 deadlifts: your lower back held in 3 reps and left neutral in 2 (reps 4 and 5)."
fn sentence(reps: &[Rep], kind: LiftKind) -> String {
    let total = reps.len();
    let head = if total == 1 {
        format!("One {}", lift(kind, 1))
    } else {
        format!("Set of {total} {}", lift(kind, total))
    };
    let numbers = |verdict: Verdict| -> Vec<u32> {
        reps.iter()
            .filter(|r| r.verdict == verdict)
            .map(|r| r.number)
            .collect()
    };
    let (held, close) = (numbers(Verdict::Held), numbers(Verdict::Close));
    let (left, unseen) = (numbers(Verdict::LeftNeutral), numbers(Verdict::CannotTell));
    if unseen.len() == total {
        return format!("{head}: whether your lower back held could not be judged from this clip.");
    }
    if held.len() == total {
        let all = if total == 1 {
            "your lower back held"
        } else {
            "your lower back held in every rep"
        };
        return format!("{head}: {all}.");
    }
    let parts: Vec<String> = [
        (!held.is_empty()).then(|| format!("held in {}", reps_word(held.len()))),
        (!close.is_empty()).then(|| {
            format!(
                "was near the limit in {}{}",
                close.len(),
                listed(&close, total)
            )
        }),
        (!left.is_empty())
            .then(|| format!("left neutral in {}{}", left.len(), listed(&left, total))),
        (!unseen.is_empty()).then(|| format!("could not be judged in {}", unseen.len())),
    ]
    .into_iter()
    .flatten()
    .collect();
    if total == 1 {
        let only = parts[0].split(" in ").next().unwrap_or("was seen");
        return format!("{head}: your lower back {only}.");
    }
    let (last, first) = parts
        .split_last()
        .map_or(("", &[][..]), |(l, f)| (l.as_str(), f));
    let joined = if first.is_empty() {
        last.to_owned()
    } else {
        format!("{} and {last}", first.join(", "))
    };
    format!("{head}: your lower back {joined}.")
}

fn reps_word(count: usize) -> String {
    if count == 1 {
        "1 rep".into()
    } else {
        format!("{count} reps")
    }
}

/// " (reps 7 and 8)"; nothing when it is all of them.
fn listed(numbers: &[u32], total: usize) -> String {
    if numbers.len() == total {
        return String::new();
    }
    match numbers {
        [] => String::new(),
        [one] => format!(" (rep {one})"),
        many => format!(" (reps {})", numbers_listed(many)),
    }
}

/// How sure, in words: the typical interval, and what zero is.
fn certainty(reps: &[Rep], reference: &Reference) -> String {
    let mut sds: Vec<f64> = reps
        .iter()
        .filter_map(|r| r.peak_lumbar_flexion_sd_deg)
        .map(Angle::degrees)
        .collect();
    let zero = match reference.kind {
        ReferenceKind::Standing => "Zero is how you stand in this clip.",
        ReferenceKind::Upright => {
            "You never stand still here, so zero is the most upright moment of your reps: a weaker reference."
        }
        ReferenceKind::Population => {
            "You never stand upright here, so zero is an average lifter's standing: a weak reference."
        }
        ReferenceKind::Missing => "There is no standing to measure from.",
    };
    match super::filter::median(&mut sds) {
        Some(sd) => format!("{} {zero}", good_to(sd)),
        None => format!("The lower back could not be measured. {zero}"),
    }
}

/// The interval of an angle with this standard uncertainty, degrees, in words.
pub fn good_to(sd_deg: f64) -> String {
    let half = (INTERVAL * sd_deg).ceil();
    format!("Each angle is good to about ±{half:.0}°.")
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
    // The zero is common to all reps and cancels; half of each rep's variance is taken as its own. Reps that scatter about
    // the line by more than that say by themselves how little it means.
    let own = 0.5 * mean(|p| p.2 * p.2);
    let off = |p: &(f64, f64, f64)| (p.1 - y - slope * (p.0 - x)).powi(2);
    let scatter = points.iter().map(off).sum::<f64>() / (n - 2.0);
    Some((slope, (own.max(scatter) / spread).sqrt()))
}
