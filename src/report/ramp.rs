//! The ramp over the weeks: one self-contained page, a part for each lifter and lift: small plots on one time axis, and
//! below them the sessions as a list, the latest first.

use crate::diary::{Entry, Milestone};
use crate::error::{Error, Result};
use crate::report::notes_block;
use crate::report::plot;
use crate::report::sessions::{centimetres, counts, kilograms};
use crate::report::words::{self, tame, tame_lines};
use crate::session::LiftKind;
use askama::Template;
use std::collections::BTreeMap;

/// Sessions of one lifter and lift that the page shows: more cannot be told apart on a phone.
const SHOWN: usize = 200;
/// Of them, those that stand open; the rest is a tap away.
const OPEN: usize = 12;

#[derive(Template)]
#[template(path = "ramp.html")]
struct Page {
    css: &'static str,
    lists_css: &'static str,
    title: String,
    parts: Vec<Part>,
}

/// One lifter and lift.
struct Part {
    title: String,
    summary: String,
    plot: Option<String>,
    recent: Vec<SessionView>,
    earlier: Vec<SessionView>,
}

struct SessionView {
    id: i64,
    day: String,
    key: &'static str,
    counts: String,
    /// Height, load, belt.
    facts: String,
    /// The most flexion, with its interval.
    rounded: Option<String>,
    discomfort: Option<String>,
    tags: Option<String>,
    note: Option<String>,
    link: Option<String>,
}

/// The page. `link` gives the place of a session's report as seen from the page, when it is known.
pub fn html(entries: &[Entry], link: &dyn Fn(&Entry) -> Option<String>) -> Result<String> {
    let mut groups: BTreeMap<(String, LiftKind), Vec<&Entry>> = BTreeMap::new();
    for entry in entries {
        let lifter = entry.notes.lifter.as_deref().unwrap_or_default();
        let key = (lifter.trim().to_lowercase(), entry.measured.lift);
        groups.entry(key).or_default().push(entry);
    }
    let parts: Result<Vec<Part>> = groups.values().map(|g| part(g, link)).collect();
    let page = Page {
        css: include_str!("../../templates/page.css"),
        lists_css: include_str!("../../templates/lists.css"),
        title: title(entries),
        parts: parts?,
    };
    page.render()
        .map_err(|e| Error::Internal(format!("the page could not be written: {e}")))
}

fn title(entries: &[Entry]) -> String {
    let (Some(first), Some(last)) = (entries.first(), entries.last()) else {
        return "No sessions yet".into();
    };
    let days = last.day.number() - first.day.number();
    let weeks = (days as f64 / 7.0).round() as i64;
    match (entries.len(), weeks) {
        (1, _) => format!("One session, {}", first.day.long()),
        (count, 0) => format!("{count} sessions"),
        (count, 1) => format!("{count} sessions in a week"),
        (count, weeks) => format!("{count} sessions in {weeks} weeks"),
    }
}

fn part(group: &[&Entry], link: &dyn Fn(&Entry) -> Option<String>) -> Result<Part> {
    let shown = &group[group.len().saturating_sub(SHOWN)..];
    let mut views: Vec<SessionView> = shown.iter().rev().map(|e| view(e, link)).collect();
    let earlier = views.split_off(views.len().min(OPEN));
    let name = group.last().and_then(|e| e.notes.lifter.as_deref());
    let kind = group.last().map_or(LiftKind::Squat, |e| e.measured.lift);
    let lift = words::lift(kind);
    let milestones: Vec<Milestone> = shown.iter().map(|e| e.milestone()).collect();
    Ok(Part {
        title: match name {
            Some(name) => format!("{} · {lift}", tame(name)),
            None => words::sentence(lift).trim_end_matches('.').into(),
        },
        summary: summary(group, shown.len()),
        plot: plot::weeks(&milestones, kind)?,
        recent: views,
        earlier,
    })
}

/// How many, from when to when, from where to where, and how the last one went.
fn summary(group: &[&Entry], shown: usize) -> String {
    let (Some(first), Some(last)) = (group.first(), group.last()) else {
        return String::new();
    };
    let mut said = vec![match group.len() {
        1 => format!("One session, {}.", first.day.long()),
        count if count > shown => format!(
            "{count} sessions; the last {shown} are shown, up to {}.",
            last.day.long()
        ),
        count => format!(
            "{count} sessions, {} to {}.",
            first.day.long(),
            last.day.long()
        ),
    }];
    let heights: Vec<f64> = group.iter().filter_map(|e| e.height_cm()).collect();
    if let [from, .., to] = heights.as_slice() {
        let what = if last.notes.block_height_cm.is_some() {
            "Blocks"
        } else {
            "Seat"
        };
        said.push(if from == to {
            format!("{what}: {}, first and last.", centimetres(*to))
        } else {
            format!(
                "{what}: {} at first, {} last.",
                centimetres(*from),
                centimetres(*to)
            )
        });
    }
    if group.len() > 1 {
        said.push(format!("Last session: {}.", went(&last.milestone())));
    }
    words::unbroken(&said.join(" "))
}

/// "2 reps held, 1 left neutral": the first part names what is counted.
fn went(m: &Milestone) -> String {
    let all = [
        (m.held, "held"),
        (m.close, "came close"),
        (m.left_neutral, "left neutral"),
        (m.cannot_tell, "could not be judged"),
    ];
    let mut said: Vec<String> = Vec::new();
    for (count, how) in all.into_iter().filter(|(count, _)| *count > 0) {
        let reps = match (said.is_empty(), count) {
            (false, _) => "",
            (true, 1) => " rep",
            (true, _) => " reps",
        };
        said.push(format!("{count}{reps} {how}"));
    }
    said.join(", ")
}

fn view(entry: &Entry, link: &dyn Fn(&Entry) -> Option<String>) -> SessionView {
    let (notes, measured) = (&entry.notes, &entry.measured);
    let blocks = notes.block_height_cm.map(|cm| match cm {
        0.0 => "from the floor".into(),
        cm => format!("blocks {}", centimetres(cm)),
    });
    let depth = measured
        .depth
        .filter(|_| !words::pulls_first(measured.lift))
        .map(|d| format!("depth {:.0} % of the thigh", d * 100.0));
    let belt = |worn| if worn { "belt" } else { "no belt" };
    let rounded = measured.peak_lumbar_flexion_deg.map(|peak| {
        let sd = measured.peak_lumbar_flexion_sd_deg;
        format!("most rounded {}", words::with_interval(Some(peak), sd))
    });
    let facts = [
        blocks,
        notes
            .seat_height_cm
            .map(|cm| format!("seat {}", centimetres(cm))),
        depth,
        notes.load_kg.map(kilograms),
        notes.belt.map(|worn| belt(worn).into()),
    ];
    SessionView {
        id: entry.id,
        day: entry.day.long(),
        key: words::verdict_key(measured.verdict()),
        counts: counts(&entry.milestone()).replace(", ", " · "),
        rounded,
        facts: whole(facts.into_iter().flatten()).join(" · "),
        discomfort: notes_block::discomfort(notes.discomfort)
            .map(|said| whole(said.split(", ").map(Into::into)).join(", ")),
        tags: notes_block::tags(&notes.tags),
        note: notes.note.as_deref().map(tame_lines),
        link: link(entry),
    }
}

/// Each with blanks at which no line is broken, so that "33° ±5°" stays together.
fn whole(parts: impl Iterator<Item = String>) -> Vec<String> {
    parts.map(|part| part.replace(' ', "\u{a0}")).collect()
}
