//! The findings in plain words: what moved, by how much, when, compared with what. Whole degrees, always with ±.
//! Never a score, a scare, or a cause.

use crate::edits::RepEdit;
use crate::session::{Direction, LiftKind, Rep, Verdict};
use crate::settings::Settings;
use crate::units::Angle;

/// 80 % of a normal error lie within this many standard uncertainties: the ± that readers see.
pub const INTERVAL: f64 = 1.2816;

/// "24° (±4)"; the sign is in the words around it.
pub fn degrees(value: Angle, sd: Angle) -> String {
    format!(
        "{:.0}° (±{:.0})",
        value.degrees().abs(),
        (INTERVAL * sd.degrees()).ceil()
    )
}

/// "1, 4 and 5"; three and more in a row are drawn together: "1, 4 to 9 and 12".
pub fn numbers_listed(numbers: &[u32]) -> String {
    let mut runs: Vec<(u32, u32)> = Vec::new();
    for &n in numbers {
        match runs.last_mut() {
            Some(run) if run.1 + 1 == n => run.1 = n,
            _ => runs.push((n, n)),
        }
    }
    let words: Vec<String> = runs
        .into_iter()
        .flat_map(|(from, to)| match to - from {
            0 => vec![from.to_string()],
            1 => vec![from.to_string(), to.to_string()],
            _ => vec![format!("{from} to {to}")],
        })
        .collect();
    match words.split_last() {
        None => String::new(),
        Some((last, [])) => last.clone(),
        Some((last, first)) => format!("{} and {last}", first.join(", ")),
    }
}

/// "rep 4", "reps 7 and 8".
pub fn reps_listed(numbers: &[u32]) -> String {
    let reps = if numbers.len() == 1 { "rep" } else { "reps" };
    format!("{reps} {}", numbers_listed(numbers))
}

/// The lift, for one or for many.
pub fn lift(kind: LiftKind, count: usize) -> &'static str {
    let one = count == 1;
    match kind {
        LiftKind::Squat if one => "squat",
        LiftKind::Squat => "squats",
        LiftKind::Deadlift if one => "deadlift",
        LiftKind::Deadlift => "deadlifts",
        LiftKind::Rdl if one => "Romanian deadlift",
        LiftKind::Rdl => "Romanian deadlifts",
        LiftKind::GoodMorning if one => "good morning",
        LiftKind::GoodMorning => "good mornings",
        LiftKind::SitToChair if one => "sit to a chair",
        LiftKind::SitToChair => "sits to a chair",
    }
}

/// The verdict of a rep in one sentence.
pub fn rep_reason(rep: &Rep, kind: LiftKind, settings: &Settings) -> String {
    if rep.verdict == Verdict::CannotTell {
        return cannot_tell(&rep.rule).into();
    }
    let (Some(peak), Some(low), Some(sd)) = (
        rep.peak_lumbar_flexion_deg,
        rep.min_lumbar_flexion_deg,
        rep.peak_lumbar_flexion_sd_deg,
    ) else {
        return cannot_tell("not_measured").into();
    };
    let when = moment(rep, kind);
    let more = |value| format!("{} more than when you stand, {when}.", degrees(value, sd));
    let rounded = match (rep.over_set_up_deg, rep.change_sd_deg) {
        (Some(over), Some(sd)) if rep.rule.ends_with("over_set_up_deg") => {
            format!(
                "{} more than in your own set-up, {when}.",
                degrees(over, sd)
            )
        }
        _ => more(peak),
    };
    match (rep.verdict, rep.direction) {
        (Verdict::LeftNeutral, Some(Direction::Arched)) => {
            format!("Your lower back arched {}", more(low))
        }
        (Verdict::LeftNeutral, _) => format!("Your lower back rounded {rounded}"),
        (Verdict::Close, Some(Direction::Arched)) => {
            format!("Near the limit: arched {}", more(low))
        }
        (Verdict::Close, _) => format!("Near the limit: rounded {rounded}"),
        _ if peak.degrees() < sd.degrees() * INTERVAL => {
            format!("No rounding we can see: at most {}.", degrees(peak, sd))
        }
        _ => {
            let watch = settings.limits.of(kind).watch_deg.degrees();
            format!(
                "Held: at most {} of rounding, below the watch level of {watch:.0}°.",
                degrees(peak, sd)
            )
        }
    }
}

/// Whether the bar hangs from the hands.
pub fn pulls(kind: LiftKind) -> bool {
    matches!(kind, LiftKind::Deadlift | LiftKind::Rdl)
}

/// When the peak was, in the words of the lift.
fn moment(rep: &Rep, kind: LiftKind) -> String {
    let Some(peak) = rep.peak_time_s else {
        return "somewhere in the rep".into();
    };
    let (start, turn, end) = (rep.start_s.get(), rep.turn_s.get(), rep.end_s.get());
    let share = |from: f64, to: f64| (peak.get() - from) / (to - from).max(1e-3);
    let pull = kind == LiftKind::Deadlift;
    let words = match (pull, peak.get() < turn) {
        (true, true) if share(start, turn) < 0.05 => "in the set-up, before the bar left the floor",
        (true, true) if share(start, turn) < 0.35 => "just after the bar left the floor",
        (true, true) if share(start, turn) < 0.8 => "half way up",
        (true, true) => "at lockout",
        (true, false) if share(turn, end) < 0.3 => "at lockout",
        (true, false) => "on the way down",
        (false, true) if share(start, turn) < 0.7 => "on the way down",
        (false, _) if (peak.get() - turn).abs() < 0.35 => "at the bottom",
        (false, true) => "near the bottom",
        (false, false) if share(turn, end) < 0.4 => "just out of the bottom",
        (false, false) => "on the way up",
    };
    words.into()
}

/// Why a rep cannot be judged, by the rule that said so.
fn cannot_tell(rule: &str) -> &'static str {
    match rule {
        "max_yaw_deg" => "Can't tell: filmed too far from the side to measure the lower back.",
        "min_seen_share" => "Can't tell: the lower back was hidden for too much of this rep.",
        "min_seen_bent_share" => {
            "Can't tell: the lower back was hidden where this rep bends most, which is where backs round."
        }
        "max_sd_deg" => "Can't tell: the lower back was not seen clearly enough in this rep.",
        "no_reference" => {
            "Can't tell: your back is hidden whenever you stand, so there is no zero to measure from."
        }
        _ => "Can't tell: the lower back was not seen in this rep.",
    }
}

/// What a correction did, in one sentence: `rep` is the number that its rep has now.
pub fn edit(edit: &RepEdit, rep: Option<u32>, unmatched: Option<&str>) -> String {
    let did = [
        edit.drop.then_some("drop"),
        edit.merge_with_s.map(|_| "merge"),
        edit.retimes().then_some("re-time"),
        edit.only_says().then_some("note"),
    ];
    let at = edit.at_s.clock();
    if let Some(why) = unmatched {
        let did: Vec<&str> = did.into_iter().flatten().collect();
        return format!(
            "The {} by hand at {at} changed nothing: {why}.",
            did.join(" and ")
        );
    }
    let Some(rep) = rep else {
        return format!("What was found at {at} was dropped: no rep.");
    };
    let done: Vec<&str> = [
        edit.merge_with_s
            .map(|_| "was put together from more than one"),
        edit.retimes().then_some("was given its times"),
        edit.only_says().then_some("was given a note"),
    ]
    .into_iter()
    .flatten()
    .collect();
    format!("Rep {rep} {} by hand.", done.join(" and "))
}
