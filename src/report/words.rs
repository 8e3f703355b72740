//! Words and numbers for readers: verdict words, whole degrees with their interval, names of lifts and moments.
//! Words of danger, injury or marks out of 100 never appear here; `tests/it/report.rs` holds every output against that list.

use crate::science::INTERVAL;
pub use crate::science::reps_listed;
use crate::session::{Direction, LiftKind, Proof, ProofKind, Rep, SessionReport, Tempo, Verdict};
use crate::settings::{NextStepTable, Sign};
use crate::units::{Angle, Seconds};

/// Half width of the 80 % interval.
pub fn interval(sd: Angle) -> Angle {
    sd * INTERVAL
}

/// `-7°` with a true minus sign; never `-0`.
pub fn degrees(angle: Angle) -> String {
    let whole = angle.degrees().round() as i64;
    if whole < 0 {
        format!("−{}°", -whole)
    } else {
        format!("{whole}°")
    }
}

/// `±4°`: the 80 % interval, rounded up as in the report's own sentences, at least 1°.
pub fn plus_minus(sd: Angle) -> String {
    format!("±{:.0}°", interval(sd).degrees().ceil().max(1.0))
}

/// `24° ±4°`, or a dash when it was not measured.
pub fn with_interval(angle: Option<Angle>, sd: Option<Angle>) -> String {
    match (angle, sd) {
        (Some(angle), Some(sd)) => format!("{} {}", degrees(angle), plus_minus(sd)),
        (Some(angle), None) => degrees(angle),
        _ => "–".into(),
    }
}

/// The angle that decided, for tiles and lists: the least flexion of a rep that arched, else the peak. A rep that could
/// not be judged shows none, since the number would be taken for an answer.
pub fn headline(rep: &Rep) -> String {
    if rep.verdict == Verdict::CannotTell {
        return String::new();
    }
    let angle = match rep.direction {
        Some(Direction::Arched) => rep.min_lumbar_flexion_deg,
        _ => rep.peak_lumbar_flexion_deg,
    };
    with_interval(angle, rep.peak_lumbar_flexion_sd_deg)
}

/// The verdict as the reader sees it.
pub fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Held => "held",
        Verdict::Close => "close",
        Verdict::LeftNeutral => "left neutral",
        Verdict::CannotTell => "can't tell",
    }
}

/// The verdict's name in class attributes and JSON.
pub fn verdict_key(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Held => "held",
        Verdict::Close => "close",
        Verdict::LeftNeutral => "left_neutral",
        Verdict::CannotTell => "cannot_tell",
    }
}

/// Which way, when the back moved.
pub fn direction(direction: Option<Direction>) -> Option<&'static str> {
    direction.map(|d| match d {
        Direction::Rounded => "rounded",
        Direction::Arched => "arched",
    })
}

/// One of these lifts.
pub fn lift(kind: LiftKind) -> &'static str {
    match kind {
        LiftKind::Squat => "squat",
        LiftKind::Deadlift => "deadlift",
        LiftKind::Rdl => "Romanian deadlift",
        LiftKind::GoodMorning => "good morning",
        LiftKind::SitToChair => "sit-to-chair",
    }
}

/// Does the weight come up first (a pull from the floor), so that the turn is a lockout and not a bottom?
pub fn pulls_first(kind: LiftKind) -> bool {
    kind == LiftKind::Deadlift
}

/// What a proof shows, in the words of the lift.
pub fn moment(kind: ProofKind, lift: LiftKind) -> &'static str {
    match (kind, pulls_first(lift)) {
        (ProofKind::Start, true) => "Set-up",
        (ProofKind::Start, false) => "Standing",
        (ProofKind::Onset, _) => "First past the band",
        (ProofKind::Worst, _) => "Most bent",
        (ProofKind::Turn, true) => "Lockout",
        (ProofKind::Turn, false) => "Bottom",
    }
}

/// The moment's title for this rep: the worst frame of a rep that arched is its most arched one; where its most bent part was
/// hidden there may be a worse one.
pub fn proof_title(proof: &Proof, rep: &Rep, lift: LiftKind) -> &'static str {
    match (proof.kind, rep.direction) {
        (ProofKind::Worst, Some(Direction::Arched)) => "Most arched",
        (ProofKind::Worst, _) if rep.peak_lumbar_flexion_deg.is_none() => {
            "Most rounded of what was seen"
        }
        (ProofKind::Worst, _) => "Most rounded",
        (kind, _) => moment(kind, lift),
    }
}

/// `1.2 s`.
pub fn seconds(time: Seconds) -> String {
    format!("{:.1} s", time.get())
}

/// "down 1.2 s, pause 0.3 s, up 0.9 s", in the order of the lift.
pub fn tempo(tempo: &Tempo, kind: LiftKind) -> String {
    let part = |t: Option<Seconds>| t.map_or("not seen".into(), seconds);
    let (down, pause, up) = (part(tempo.down_s), part(tempo.pause_s), part(tempo.up_s));
    if pulls_first(kind) {
        format!("up {up}, pause {pause}, down {down}")
    } else {
        format!("down {down}, pause {pause}, up {up}")
    }
}

/// Uncertainty of a speed in reports that did not give one, share.
const SPEED_SD: f64 = 0.2;
/// A speed this well known is told to the second place, metres a second.
const FINE_SPEED: f64 = 0.045;

/// `0.4 m/s ±0.1`, or `0.41 m/s ±0.03` where the plate was followed; `None` without a speed.
pub fn speed(rep: &Rep) -> Option<String> {
    let speed = rep.concentric_velocity_m_s?;
    let sd = rep.concentric_velocity_sd_m_s.unwrap_or(SPEED_SD * speed);
    let half = INTERVAL * sd;
    Some(if half < FINE_SPEED {
        format!("{speed:.2} m/s ±{:.2}", half.max(0.01))
    } else {
        format!("{speed:.1} m/s ±{:.1}", half.max(0.1))
    })
}

/// `0:07.3`, a place on the clip's clock.
pub fn clock(time: Seconds) -> String {
    time.clock()
}

/// "That is 45 % of the 53° that your lower back rounds in a toe-touch."
pub fn of_range(report: &SessionReport, rep: &Rep) -> Option<String> {
    let (range, peak) = (report.own_range?, rep.peak_lumbar_flexion_deg?);
    let percent = range.percent(peak)?;
    Some(format!(
        "The most it rounded is about {percent} % of the {:.0}° that it rounds in your own toe-touch.",
        range.flexion_deg.degrees()
    ))
}

/// "Of the 78° you bent, 69° came from the hips and 9° from the lower back."
pub fn hip_share(rep: &Rep) -> Option<String> {
    let (share, hip) = (rep.hip_share?, rep.hip_flexion_deg?);
    if share < 0.05 || hip.degrees() < 5.0 {
        return None;
    }
    let whole = (hip.degrees() / share).round();
    let hips = hip.degrees().round();
    if hips > whole {
        return Some(format!(
            "All {hips:.0}° came from the hips; the lower back arched {:.0}° against it.",
            hips - whole
        ));
    }
    Some(format!(
        "Of the {whole:.0}° you bent, {hips:.0}° came from the hips and {:.0}° from the lower back.",
        whole - hips
    ))
}

/// Hip drop in words: 1 is about the thigh level.
pub fn depth(depth: f64) -> String {
    let percent = (depth * 100.0).round();
    format!("{percent:.0} % of your thigh length (100 % = thigh about level)")
}

/// A rule of a rep, by its name in the report, in one sentence.
pub fn rule(name: &str) -> String {
    let said = match name {
        "leave_deg" => "rounded past the limit",
        "leave_over_set_up_deg" => "rounded past what this lift may add to its own set-up",
        "arch_leave_deg" => "arched past the limit",
        "watch_deg" => "rounding against the watch level",
        "watch_over_set_up_deg" => "rounding added to the set-up, against its watch level",
        "arch_watch_deg" => "arching against the watch level",
        "max_yaw_deg" => "filmed too far from the side",
        "min_seen_share" => "too little of the rep was seen",
        "min_seen_bent_share" => "the most bent part of the rep was hidden",
        "max_sd_deg" => "the measure is too uncertain",
        "no_reference" => "no standing to measure from",
        "not_measured" => "the lower back was not measured",
        _ => return name.into(),
    };
    format!("{said} ({name})")
}

/// What a rule of the next step looks for, in one sentence.
pub fn sign(sign: Sign, table: &NextStepTable) -> String {
    match sign {
        Sign::DiscomfortOverLimit => format!(
            "Discomfort went over your own limit of {} out of 10.",
            table.discomfort_limit
        ),
        Sign::LeavesInARow => format!(
            "{} or more reps in a row left neutral by rounding.",
            table.leaves_in_a_row
        ),
        Sign::LeftAgain => "Reps left neutral in this session and in the last one here.".into(),
        Sign::RiseOverSet => format!(
            "Rounding rose by {} or more over the set, beyond its ±.",
            degrees(table.rise_over_set_deg)
        ),
        Sign::NotEnoughSeen => format!(
            "Fewer than {:.0} % of the reps could be judged: no advice on depth.",
            table.min_judged_share * 100.0
        ),
        Sign::LeftOnce => "A rep left neutral by rounding.".into(),
        Sign::Arched => "A rep left neutral by arching.".into(),
        Sign::Close => "No rep left neutral, but some came close.".into(),
        Sign::HeldAtFloor => "Every rep we could judge held, from the floor.".into(),
        Sign::HeldEnough => format!(
            "Every rep we could judge held, in {} sessions in a row.",
            table.sessions_before_deeper
        ),
        Sign::Held => "Every rep we could judge held.".into(),
    }
}

/// The name of a reason in `missing`, as a reader would say it.
pub fn field(name: &str) -> String {
    name.trim_end_matches("_deg")
        .trim_end_matches("_s")
        .replace('_', " ")
}

/// A capital at the front and a full stop at the end.
pub fn sentence(text: &str) -> String {
    let mut letters = text.trim().trim_end_matches('.').chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).chain(['.']).collect())
        .unwrap_or_default()
}

/// Text that a terminal cannot be made to act on: no control characters and no marks that turn the writing direction.
pub fn tame(text: &str) -> String {
    let turns = |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    text.chars()
        .map(|c| {
            if c.is_control() || turns(c) {
                '\u{fffd}'
            } else {
                c
            }
        })
        .collect()
}

/// The text with its units kept on the line of their number: "12 cm" never breaks in two.
pub fn unbroken(text: &str) -> String {
    text.replace(" cm", "\u{a0}cm")
}

/// The same for text of several lines, which stay lines.
pub fn tame_lines(text: &str) -> String {
    text.lines().map(tame).collect::<Vec<_>>().join("\n")
}

/// At most `limit` characters, cut in the middle so that the file type stays readable.
pub fn shortened(text: &str, limit: usize) -> String {
    let letters: Vec<char> = text.chars().collect();
    if letters.len() <= limit {
        return text.into();
    }
    let tail = limit / 3;
    let head: String = letters[..limit - tail - 1].iter().collect();
    let end: String = letters[letters.len() - tail..].iter().collect();
    format!("{head}…{end}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn degrees_are_whole_and_have_a_true_minus() {
        assert_eq!(degrees(Angle::from_degrees(-6.6)), "−7°");
        assert_eq!(degrees(Angle::from_degrees(-0.2)), "0°");
    }

    #[test]
    fn a_name_cannot_command_a_terminal() {
        assert_eq!(tame("a\u{1b}[31m\u{202e}b"), "a\u{fffd}[31m\u{fffd}b");
    }

    #[test]
    fn a_long_name_keeps_its_ending() {
        let short = shortened(&format!("{}.mp4", "x".repeat(300)), 40);
        assert_eq!(short.chars().count(), 40);
        assert!(short.ends_with(".mp4"));
    }
}
