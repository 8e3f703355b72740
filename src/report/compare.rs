//! A comparison in words and rows: what the terminal prints, and what the pages show as a table.

use crate::compare::{Comparison, Difference, LikePlace, SetFacts, like_place};
use crate::day::Day;
use crate::diary::SetNotes;
use crate::error::{Error, Result};
use crate::report::words::{self, tame};
use crate::session::{LiftKind, Verdict};
use crate::units::{Angle, Seconds, rounded};

/// Characters of a clip's name that are shown.
const NAME_LENGTH: usize = 48;
const DEPTH: &str = "Depth, of thigh length";
/// Characters of a warning that are shown; ours are shorter.
const WARNING_LENGTH: usize = 160;

/// One quantity in both sets.
pub struct Row {
    /// What it is.
    pub name: &'static str,
    /// In A.
    pub a: String,
    /// In B.
    pub b: String,
    /// B less A, with its interval.
    pub by: String,
    /// Is it beyond the interval? In words.
    pub clear: &'static str,
}

/// The quantities in the order of wanting. What neither set has is left out.
pub fn rows(comparison: &Comparison) -> Vec<Row> {
    let c = comparison;
    let pulls = words::pulls_first(c.lift);
    let like = match like_place(c.lift) {
        LikePlace::BarHeight => "Lower back, same bar height",
        LikePlace::Depth => "Lower back, same depth",
        LikePlace::TrunkAngle => "Lower back, same trunk angle",
    };
    let mut all = vec![
        (
            "Lower back, most rounded",
            &c.peak_lumbar_flexion_deg,
            Unit::Degrees,
        ),
        (like, &c.lumbar_flexion_at_like_depth_deg, Unit::Degrees),
        (
            "Lower back, most arched",
            &c.min_lumbar_flexion_deg,
            Unit::Degrees,
        ),
        (
            "Upper back, most rounded",
            &c.peak_thoracic_flexion_deg,
            Unit::Degrees,
        ),
        ("Bend from the hips", &c.hip_share, Unit::Percent),
        (DEPTH, &c.depth, Unit::Percent),
    ];
    // the hips of pulls and hinges drop with the stance, not with the lift
    let squats = matches!(c.lift, LiftKind::Squat | LiftKind::SitToChair);
    all.retain(|(name, ..)| squats || *name != DEPTH);
    let mut tempo = vec![
        ("Time down", &c.down_s, Unit::Seconds),
        ("Pause", &c.pause_s, Unit::Seconds),
        ("Time up", &c.up_s, Unit::Seconds),
    ];
    if pulls {
        tempo.reverse();
    }
    all.extend(tempo);
    all.retain(|(_, d, _)| d.a.is_some() || d.b.is_some());
    all.into_iter()
        .map(|(name, d, unit)| row(name, d, unit))
        .collect()
}

#[derive(Clone, Copy)]
enum Unit {
    Degrees,
    Percent,
    Seconds,
}

fn row(name: &'static str, difference: &Difference, unit: Unit) -> Row {
    let value = |v: Option<f64>| v.map_or("–".into(), |v| shown(v, unit));
    let by = match (difference.difference, difference.interval) {
        (Some(by), Some(half)) => {
            let plus = if rounded(by, unit.per_unit()) > 0.0 {
                "+"
            } else {
                ""
            };
            format!("{plus}{} ±{}", shown(by, unit), half_width(half, unit))
        }
        _ => "–".into(),
    };
    Row {
        name,
        a: value(difference.a),
        b: value(difference.b),
        by,
        clear: match (difference.difference, difference.clear) {
            (None, _) => "",
            (_, true) => "clear",
            (_, false) => "no clear difference",
        },
    }
}

impl Unit {
    /// Steps that are shown, in one unit.
    fn per_unit(self) -> f64 {
        match self {
            Unit::Degrees => 1.0,
            Unit::Percent => 100.0,
            Unit::Seconds => 10.0,
        }
    }
}

fn shown(value: f64, unit: Unit) -> String {
    let value = rounded(value, unit.per_unit());
    let sign = if value < 0.0 { "−" } else { "" };
    match unit {
        Unit::Degrees => words::degrees(Angle::from_degrees(value)),
        Unit::Percent => format!("{sign}{:.0} %", value.abs() * 100.0),
        Unit::Seconds => format!("{sign}{}", words::seconds(Seconds::new(value.abs()))),
    }
}

/// Rounded up, never nothing.
fn half_width(half: f64, unit: Unit) -> String {
    let per_unit = unit.per_unit();
    shown((half * per_unit).ceil().max(1.0) / per_unit, unit)
}

/// The clip's name as it can be shown.
pub fn name(set: &SetFacts) -> String {
    words::shortened(&tame(&set.clip), NAME_LENGTH)
}

/// "3 March… " – day, load, belt, height, tags: what was said of a set, and its reps.
pub fn about(set: &SetFacts) -> String {
    let mut parts: Vec<String> = said(&set.notes);
    let count = |verdict| set.reps.iter().filter(|r| r.verdict == verdict).count();
    let reps = set.reps.len();
    parts.push(format!("{reps} {}", if reps == 1 { "rep" } else { "reps" }));
    for verdict in [
        Verdict::Held,
        Verdict::Close,
        Verdict::LeftNeutral,
        Verdict::CannotTell,
    ] {
        if count(verdict) > 0 {
            parts.push(format!("{} {}", count(verdict), words::verdict(verdict)));
        }
    }
    parts.join(" · ")
}

fn said(notes: &SetNotes) -> Vec<String> {
    let number = |n: f64| rounded(n, 10.0).to_string();
    let belt = notes
        .belt
        .map(|b| if b { "belt" } else { "no belt" }.to_string());
    let blocks = notes.block_height_cm.map(|h| match h {
        0.0 => "from the floor".to_string(),
        h => format!("blocks {} cm", number(h)),
    });
    let mut parts: Vec<String> = [
        notes
            .performed_on
            .as_deref()
            .map(|day| Day::read(day).map_or(day.into(), Day::long)),
        notes.load_kg.map(|kg| format!("{} kg", number(kg))),
        belt,
        blocks,
        notes
            .seat_height_cm
            .map(|h| format!("seat {} cm", number(h))),
    ]
    .into_iter()
    .flatten()
    .collect();
    parts.extend(notes.tags.iter().cloned());
    parts
        .iter()
        .map(|p| words::shortened(&tame(p), NAME_LENGTH))
        .collect()
}

/// What else differs, as it can be shown: versions come from a file that anyone may have written.
pub fn warnings(comparison: &Comparison) -> Vec<String> {
    let shown = |message: &str| words::shortened(&tame(message), WARNING_LENGTH);
    let all = comparison.warnings.iter();
    all.map(|w| shown(&w.message)).collect()
}

/// The comparison for a terminal.
pub fn text(comparison: &Comparison) -> String {
    let c = comparison;
    let mut lines = vec![
        c.sentence.clone(),
        format!("  A  {}: {}", name(&c.a), about(&c.a)),
        format!("  B  {}: {}", name(&c.b), about(&c.b)),
        String::new(),
        format!(
            "  {:<30}{:>9}{:>9}   B less A",
            "mean of the reps", "A", "B"
        ),
    ];
    let table = rows(c).into_iter().map(|r| {
        format!(
            "  {:<30}{:>9}{:>9}   {:<16}{}",
            r.name, r.a, r.b, r.by, r.clear
        )
    });
    lines.extend(table);
    lines.extend(warnings(c).iter().map(|w| format!("  ! {w}")));
    lines
        .iter()
        .map(|line| tame(line).trim_end().to_string() + "\n")
        .collect()
}

/// The comparison as one JSON document, with a line end.
pub fn json(comparison: &Comparison) -> Result<Vec<u8>> {
    let mut bytes = serde_json::to_vec(comparison).map_err(|e| Error::Internal(e.to_string()))?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// The JSON Schema of a comparison, generated from the types.
pub fn schema() -> Result<String> {
    let schema = schemars::schema_for!(Comparison);
    let text = serde_json::to_string_pretty(&schema).map_err(|e| Error::Internal(e.to_string()))?;
    Ok(text + "\n")
}
