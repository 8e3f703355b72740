//! The report in a terminal: the sentence, the action, how sure, one line a rep, how the set changed, the paths. Plain
//! text; the only colour is the verdict's, and only when asked for.

use crate::report::edited;
use crate::report::plan;
use crate::report::set_block;
use crate::report::words::{self, tame};
use crate::session::{OwnRange, Rep, SessionReport, Verdict};

/// Whether the text may carry colour codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ink {
    /// No escape codes.
    Plain,
    /// ANSI colours.
    Colour,
}

/// The summary; `files` are shown as given, one a line.
pub fn summary(report: &SessionReport, files: &[String], ink: Ink) -> String {
    let mut lines = vec![
        report.set.sentence.clone(),
        report.set.next_step.clone(),
        format!(
            "  why: {} ({})",
            plan::fired(report),
            report.set.next_step_rule
        ),
        report.set.certainty.clone(),
    ];
    for caution in &report.cautions {
        lines.push(format!("  ! {} {}", caution.message, caution.remedy));
    }
    lines.push(String::new());
    lines.extend(report.reps.iter().map(|rep| rep_line(rep, ink)));
    lines.extend(set_block::clear_drift(report).map(|drift| format!("  {drift}")));
    lines.extend(
        edited::lines(report)
            .iter()
            .map(|l| format!("  {}", tame(l))),
    );
    lines.push(String::new());
    lines.extend(files.iter().map(|f| format!("  {f}")));
    lines.iter().map(|line| if ink == Ink::Plain { tame(line) } else { line.clone() } + "\n").collect()
}

/// The reps with their times, and what was corrected by hand.
pub fn reps(report: &SessionReport) -> String {
    let line = |rep: &Rep| {
        format!(
            "rep {:>2}  start {:>6.2}  turn {:>6.2}  end {:>6.2} s  {}",
            rep.number,
            rep.start_s.get(),
            rep.turn_s.get(),
            rep.end_s.get(),
            words::verdict(rep.verdict)
        )
    };
    let mut lines: Vec<String> = report.reps.iter().map(line).collect();
    lines.extend(edited::lines(report));
    lines.iter().map(|line| tame(line) + "\n").collect()
}

fn rep_line(rep: &Rep, ink: Ink) -> String {
    let mark = match rep.verdict {
        Verdict::Held => "●",
        Verdict::Close => "■",
        Verdict::LeftNeutral => "▲",
        Verdict::CannotTell => "–",
    };
    let word = format!("{mark} {:<12}", words::verdict(rep.verdict));
    let word = match ink {
        Ink::Plain => word,
        Ink::Colour => format!("\u{1b}[{}m{word}\u{1b}[0m", colour(rep.verdict)),
    };
    let angle = words::headline(rep);
    format!(
        "  rep {:>2}  {:>7}  {word} {angle:<9}  {}",
        rep.number,
        words::clock(rep.start_s),
        tame(&rep.reason)
    )
}

fn colour(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Held => 32,
        Verdict::Close => 33,
        Verdict::LeftNeutral => 31,
        Verdict::CannotTell => 2,
    }
}

/// A path as it can be shown: the file's name, cut when long, unable to command the terminal.
pub fn name(path: &std::path::Path) -> String {
    let name = path
        .file_name()
        .map(|n| n.to_string_lossy().into_owned())
        .unwrap_or_default();
    words::shortened(&tame(&name), 60)
}

/// An error for a reader: what is wrong, and what to do.
pub fn fault(error: &crate::error::Error) -> String {
    format!(
        "formcheck: {}\n  {}",
        tame(&error.to_string()),
        tame(&error.hint())
    )
}

/// Text that cannot command a terminal, nor turn the writing direction of a page.
pub fn tamed(text: &str) -> String {
    tame(text)
}

/// Something that went wrong beside the result: what it means, why, and what to do.
pub fn warning(meaning: &str, error: &crate::error::Error) -> String {
    format!(
        "formcheck: warning: {meaning}: {}\n  {}",
        tame(&error.to_string()),
        tame(&error.hint())
    )
}

/// What a calibration found.
pub fn own_range(lifter: &str, range: OwnRange) -> String {
    let lifter = tame(lifter);
    let rounds = words::with_interval(Some(range.flexion_deg), Some(range.flexion_sd_deg));
    format!(
        "{lifter}: from how you stand, your lower back rounds {rounds} in a toe-touch and arches {:.0}° bending back.\n\
         Reports with --lifter {lifter} now say how much of that a rep used.\n",
        -range.extension_deg.degrees()
    )
}
