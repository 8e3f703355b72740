//! Why a rep got its verdict: rule, limits, angle with interval, and the frames. The same facts stand behind "why?" in
//! the page and in `formcheck explain`.

use crate::report::{edited, limits, words};
use crate::session::{Rep, SessionReport};

/// One fact: what it is called, and what it is.
pub type Fact = (String, String);

/// The facts behind the verdict of one rep, in the order of an argument.
pub fn facts(report: &SessionReport, rep: &Rep) -> Vec<Fact> {
    let mut facts = vec![
        fact("Verdict", verdict(rep)),
        fact("Rule", words::rule(&rep.rule)),
        fact("Limits of this rep", band(report, rep)),
    ];
    facts.push(fact("Measured", measured(rep)));
    if let Some(set_up) = rep.set_up_lumbar_flexion_deg {
        facts.push(fact("In the set-up", words::degrees(set_up)));
    }
    if let Some(over) = rep.over_set_up_deg {
        let over = words::with_interval(Some(over), rep.change_sd_deg);
        facts.push(fact("Beyond the set-up", over));
    }
    if let Some(p) = rep.left_neutral_probability {
        facts.push(fact("Chance that it is past a limit", chance(report, p)));
    }
    let seen = format!(
        "{:.0} % of the rep’s frames (at least {:.0} % are needed)",
        rep.seen_share * 100.0,
        report.settings.min_seen_share * 100.0
    );
    facts.push(fact("Lower back seen in", seen));
    for proof in &rep.proofs {
        let angle = proof
            .lumbar_flexion_deg
            .map_or("not measured in this frame".into(), words::degrees);
        facts.push(fact(
            words::proof_title(proof, rep, report.lift.kind),
            format!("{} – {angle}", words::clock(proof.time_s)),
        ));
    }
    let said = edited::of_rep(report, rep);
    facts.extend(said.changes.into_iter().map(|c| fact("Corrected", c)));
    facts.extend(
        rep.missing
            .iter()
            .map(|(name, why)| (format!("No {}", words::field(name)), why.clone())),
    );
    facts
}

/// The facts as text for a terminal.
pub fn text(report: &SessionReport, rep: &Rep) -> String {
    let head = (format!("Rep {}", rep.number), rep.reason.clone());
    let lines = std::iter::once(head).chain(facts(report, rep));
    lines
        .map(|(name, value)| words::tame(&format!("{name}: {value}")) + "\n")
        .collect()
}

fn fact(name: &str, value: String) -> Fact {
    (name.into(), value)
}

fn verdict(rep: &Rep) -> String {
    match words::direction(rep.direction) {
        Some(way) => format!("{} ({way})", words::verdict(rep.verdict)),
        None => words::verdict(rep.verdict).into(),
    }
}

fn band(report: &SessionReport, rep: &Rep) -> String {
    let band = limits::of_rep(report, rep);
    format!(
        "rounded: watch from {}, left neutral from {}; arched: watch from {}, left neutral from {}",
        words::degrees(band.watch),
        words::degrees(band.leave),
        words::degrees(band.arch_watch),
        words::degrees(band.arch_leave)
    )
}

/// What the dashed line of a rep's plot is, where the rep has a tighter limit than its lift.
pub fn own_limit(report: &SessionReport, rep: &Rep) -> Option<String> {
    let leave = limits::of_rep(report, rep).leave;
    let limit = report.settings.limits.of(report.lift.kind);
    let more = limit
        .leave_over_set_up_deg
        .filter(|_| leave < limits::of_lift(report).leave)?;
    Some(format!(
        "Dashed line: {}, the limit of this rep: {} more than in its set-up.",
        words::degrees(leave),
        words::degrees(more)
    ))
}

fn measured(rep: &Rep) -> String {
    let (peak, sd) = (rep.peak_lumbar_flexion_deg, rep.peak_lumbar_flexion_sd_deg);
    let Some(sd_known) = sd else {
        return words::with_interval(peak, sd);
    };
    let least = rep
        .min_lumbar_flexion_deg
        .map(|m| format!(", least {}", words::degrees(m)))
        .unwrap_or_default();
    format!(
        "{} from your standing{least} (the interval holds the truth 8 times out of 10; standard uncertainty {})",
        words::with_interval(peak, sd),
        words::degrees(sd_known)
    )
}

fn chance(report: &SessionReport, p: f64) -> String {
    format!(
        "{:.0} % (flagged from {:.0} %)",
        p * 100.0,
        report.settings.flag_probability * 100.0
    )
}
