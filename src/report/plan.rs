//! The rules behind "What to do next", as a reader sees them: every rule in its order, the one that fired marked.

use crate::report::set_block::over_set;
use crate::report::words;
use crate::session::{Rep, SessionReport, Verdict};
use crate::settings::{NextStepTable, Sign, Step};

/// One line of the table.
pub struct Line {
    /// What has to be seen, a sentence.
    pub sign: String,
    /// What follows.
    pub step: &'static str,
    /// `true` or nothing, for `aria-current`.
    pub fired: &'static str,
}

/// The whole table of the report.
pub fn lines(report: &SessionReport) -> Vec<Line> {
    let table = &report.settings.next_step;
    let line = |rule: &crate::settings::StepRule| Line {
        sign: words::sign(rule.when, table),
        step: step(rule.then),
        fired: if rule.when.name() == report.set.next_step_rule {
            "true"
        } else {
            ""
        },
    };
    table.rules.iter().map(line).collect()
}

/// The rule that fired, in one sentence with its name; the bare name when it is of another version.
pub fn fired(report: &SessionReport) -> String {
    let name = &report.set.next_step_rule;
    match by_name(&report.settings.next_step, name) {
        Some(Sign::RiseOverSet) => rise(report),
        Some(sign) => words::sign(sign, &report.settings.next_step),
        None => "It follows from how many reps held, came close or left neutral.".into(),
    }
}

/// "Every rep held, but rounding rose over the set: about 23° (±8) from rep 1 to rep 3."
fn rise(report: &SessionReport) -> String {
    let Some(over) = over_set(report) else {
        return words::sign(Sign::RiseOverSet, &report.settings.next_step);
    };
    let by = format!(
        "about {} ({}) from rep {} to rep {}.",
        words::degrees(over.more),
        words::plus_minus(over.sd),
        over.first,
        over.last
    );
    let judged = |r: &&Rep| r.verdict != Verdict::CannotTell;
    match report
        .reps
        .iter()
        .filter(judged)
        .all(|r| r.verdict == Verdict::Held)
    {
        true => format!("Every rep we could judge held, but rounding rose over the set: {by}"),
        false => format!("Rounding rose over the set: {by}"),
    }
}

fn by_name(table: &NextStepTable, name: &str) -> Option<Sign> {
    let mut signs = table.rules.iter().map(|rule| rule.when);
    signs.find(|sign| sign.name() == name)
}

fn step(step: Step) -> &'static str {
    match step {
        Step::GoDeeper => "go deeper",
        Step::Hold => "stay",
        Step::StepBack => "step back",
        Step::FilmAgain => "film again",
    }
}
