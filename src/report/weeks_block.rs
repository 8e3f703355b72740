//! The ramp over the weeks within a report: what came before this set, on one time axis with it, and the same as a table.

use crate::diary::{Milestone, Ramp};
use crate::error::Result;
use crate::report::sessions::{centimetres, counts, kilograms};
use crate::report::{plot, words};
use crate::session::{LiftKind, SessionReport};

/// What the template `weeks.html` shows.
pub struct WeeksView {
    /// How many sessions, from when to when, from where to where.
    pub summary: String,
    pub plot: String,
    /// Names of the columns that somebody filled.
    pub head: Vec<&'static str>,
    /// A session a row, the latest first.
    pub rows: Vec<Vec<String>>,
}

/// Gathers the block; `None` when there is nothing to compare with.
pub fn weeks_view(report: &SessionReport) -> Result<Option<WeeksView>> {
    let Some(ramp) = &report.ramp else {
        return Ok(None);
    };
    let (Some(sessions), lift) = (ramp.with(report), report.lift.kind) else {
        return Ok(None);
    };
    let Some(plot) = plot::weeks(&sessions, lift)? else {
        return Ok(None);
    };
    let (head, rows) = table(&sessions, lift);
    Ok(Some(WeeksView {
        summary: summary(ramp, &sessions, lift),
        plot,
        head,
        rows,
    }))
}

/// "6 squat sessions in 5 weeks, 12 Oct 2026 to 14 Nov 2026. Blocks: 30 cm at first, 9 cm in this set."
fn summary(ramp: &Ramp, sessions: &[Milestone], lift: LiftKind) -> String {
    let count = sessions.len();
    let name = words::lift(lift);
    let how_many = match ramp.left_out {
        0 => format!("{count} {name} sessions"),
        more => format!(
            "The last {count} of {} {name} sessions",
            count + more as usize
        ),
    };
    let mut said = match sessions.first().filter(|first| first.day < ramp.day) {
        None => format!("{how_many}, all on {}.", ramp.day.long()),
        Some(first) => {
            let days = ramp.day.number() - first.day.number();
            let weeks = match (days as f64 / 7.0).round() as i64 {
                0 | 1 => "a week".into(),
                weeks => format!("{weeks} weeks"),
            };
            let (from, to) = (first.day.long(), ramp.day.long());
            format!("{how_many} in {weeks}, {from} to {to}.")
        }
    };
    let heights: Vec<f64> = sessions.iter().filter_map(|m| m.height_cm()).collect();
    if let [from, .., to] = heights.as_slice() {
        let what = match sessions.iter().any(|m| m.block_height_cm.is_some()) {
            true => "Blocks",
            false => "Seat",
        };
        let (from, to) = (centimetres(*from), centimetres(*to));
        said += &match from == to {
            true => format!(" {what}: {to}, first and last."),
            false => format!(" {what}: {from} at first, {to} last."),
        };
    }
    words::unbroken(&said)
}

/// A column: its name, and what it says of a session.
type Column = (&'static str, fn(&Milestone) -> Option<String>);

fn table(sessions: &[Milestone], lift: LiftKind) -> (Vec<&'static str>, Vec<Vec<String>>) {
    let depth: Column = ("Depth", |m| {
        m.depth.map(|d| format!("{:.0} % of the thigh", d * 100.0))
    });
    let all: [Column; 7] = [
        ("Day", |m| Some(m.day.long())),
        ("Blocks", |m| m.block_height_cm.map(centimetres)),
        ("Seat", |m| m.seat_height_cm.map(centimetres)),
        ("Most rounded", |m| {
            let sd = m.peak_lumbar_flexion_sd_deg;
            let peak = m.peak_lumbar_flexion_deg?;
            Some(words::with_interval(Some(peak), sd))
        }),
        ("Load", |m| m.load_kg.map(kilograms)),
        ("Worst discomfort", |m| {
            Some(m.discomfort.worst()?.to_string())
        }),
        ("Reps", |m| Some(counts(m))),
    ];
    let squats = (!words::pulls_first(lift)).then_some(depth);
    let columns: Vec<Column> = all[..3]
        .iter()
        .copied()
        .chain(squats)
        .chain(all[3..].iter().copied())
        .filter(|(_, say)| sessions.iter().any(|m| say(m).is_some()))
        .collect();
    let row = |m: &Milestone| {
        let cells = columns.iter().map(|(_, say)| say(m));
        cells.map(|cell| cell.unwrap_or("–".into())).collect()
    };
    let head = columns.iter().map(|(name, _)| *name).collect();
    (head, sessions.iter().rev().map(row).collect())
}
