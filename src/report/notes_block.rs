//! The block "Your notes" of the page: what the user said, as said.

use crate::day::Day;
use crate::diary::{Discomfort, SetNotes};
use crate::report::explain::Fact;
use crate::report::sessions::{centimetres, kilograms};
use crate::report::words::{tame, tame_lines};

/// What the template shows.
pub struct NotesView {
    /// Name and value; none when nothing was said.
    pub facts: Vec<Fact>,
}

/// Gathers the block.
pub fn notes_view(notes: &SetNotes) -> NotesView {
    let day = notes.performed_on.as_deref();
    let long = day.map(|d| Day::read(d).map_or(tame(d), Day::long));
    let height = |cm: f64| match cm {
        0.0 => "none, from the floor".into(),
        cm => centimetres(cm),
    };
    let belt = |worn| if worn { "worn" } else { "not worn" };
    let said = [
        ("Lifter", notes.lifter.as_deref().map(tame)),
        ("Day", long),
        ("Load", notes.load_kg.map(kilograms)),
        ("Belt", notes.belt.map(|worn| belt(worn).into())),
        ("Blocks", notes.block_height_cm.map(height)),
        ("Seat", notes.seat_height_cm.map(centimetres)),
        ("Discomfort, 0 to 10", discomfort(notes.discomfort)),
        ("Tags", tags(&notes.tags)),
        ("Note", notes.note.as_deref().map(tame_lines)),
    ];
    NotesView {
        facts: said
            .into_iter()
            .filter_map(|(name, value)| Some((name.into(), value?)))
            .collect(),
    }
}

/// "before 1, during 3, next morning 2"; `None` when nothing was said.
pub fn discomfort(said: Discomfort) -> Option<String> {
    let times = [
        ("before", said.before),
        ("during", said.during),
        ("after", said.after),
        ("next morning", said.next_morning),
    ];
    let words: Vec<String> = times
        .iter()
        .filter_map(|(when, rating)| Some(format!("{when} {}", (*rating)?)))
        .collect();
    (!words.is_empty()).then(|| words.join(", "))
}

/// The tags, side by side.
pub fn tags(tags: &[String]) -> Option<String> {
    (!tags.is_empty()).then(|| tame(&tags.join(" · ")))
}
