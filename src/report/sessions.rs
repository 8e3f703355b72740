//! The diary in a terminal: one line a session, or one JSON document.

use crate::diary::{Entry, Milestone};
use crate::error::{Error, Result};
use crate::report::words::{self, tame};
use crate::session::Verdict;

/// Longest name that a column shows, characters.
const NAME_LENGTH: usize = 16;

/// A table with a head; columns that nobody filled are left out.
pub fn table(entries: &[Entry]) -> String {
    if entries.is_empty() {
        return "No sessions yet: `formcheck analyze CLIP` adds them.\n".into();
    }
    let head = [
        "id",
        "day",
        "lifter",
        "lift",
        "blocks or seat",
        "load",
        "most rounded",
        "discomfort",
        "reps",
    ];
    let mut rows = vec![head.map(String::from)];
    rows.extend(entries.iter().map(row));
    let width = |column: usize| {
        let cells = rows.iter().skip(1).map(|r| r[column].chars().count());
        match cells.max() {
            Some(longest) if longest > 0 => longest.max(rows[0][column].chars().count()),
            _ => 0,
        }
    };
    let widths: Vec<usize> = (0..head.len()).map(width).collect();
    rows.iter().map(|r| line(r, &widths)).collect()
}

fn line(row: &[String], widths: &[usize]) -> String {
    let cells = row.iter().zip(widths).filter(|(_, width)| **width > 0);
    let text: String = cells
        .map(|(cell, width)| {
            let space = width.saturating_sub(cell.chars().count());
            format!("{cell}{}  ", " ".repeat(space))
        })
        .collect();
    format!("{}\n", text.trim_end())
}

fn row(entry: &Entry) -> [String; 9] {
    let measured = &entry.measured;
    let name = entry.notes.lifter.as_deref().unwrap_or_default();
    [
        entry.id.to_string(),
        entry.day.to_string(),
        words::shortened(&tame(name), NAME_LENGTH),
        words::lift(measured.lift).into(),
        entry.height_cm().map(centimetres).unwrap_or_default(),
        entry.notes.load_kg.map(kilograms).unwrap_or_default(),
        words::with_interval(
            measured.peak_lumbar_flexion_deg,
            measured.peak_lumbar_flexion_sd_deg,
        ),
        entry
            .notes
            .discomfort
            .worst()
            .map(|d| d.to_string())
            .unwrap_or_default(),
        counts(&entry.milestone()),
    ]
}

/// "held 5, left neutral 1": what there is none of is not said.
pub fn counts(m: &Milestone) -> String {
    let all = [
        (Verdict::Held, m.held),
        (Verdict::Close, m.close),
        (Verdict::LeftNeutral, m.left_neutral),
        (Verdict::CannotTell, m.cannot_tell),
    ];
    let said = all.iter().filter(|(_, count)| *count > 0);
    said.map(|(verdict, count)| format!("{} {count}", words::verdict(*verdict)))
        .collect::<Vec<_>>()
        .join(", ")
}

/// "12 cm"; a decimal only when there is one.
pub fn centimetres(value: f64) -> String {
    format!("{} cm", crate::units::rounded(value, 10.0))
}

/// "62.5 kg".
pub fn kilograms(value: f64) -> String {
    format!("{} kg", crate::units::rounded(value, 100.0))
}

/// What `formcheck history remove` says.
pub fn removed(entry: &Entry) -> String {
    format!(
        "session {} of {} ({}) is out of the diary; its results on disk stay\n",
        entry.id,
        entry.day,
        words::shortened(&tame(&entry.clip), 60)
    )
}

/// The sessions as one JSON document.
pub fn json(entries: &[Entry]) -> Result<String> {
    let rows: Vec<_> = entries
        .iter()
        .map(|e| {
            serde_json::json!({
                "id": e.id,
                "day": e.day.to_string(),
                "clip": e.clip,
                "content_sha256": e.content_sha256,
                "notes": e.notes,
                "measured": e.measured,
                "results": e.results,
            })
        })
        .collect();
    let document = serde_json::json!({"schema": "formcheck/history/1", "sessions": rows});
    let text = serde_json::to_string(&document).map_err(|e| Error::Internal(e.to_string()))?;
    Ok(text + "\n")
}
