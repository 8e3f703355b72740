//! The fields of the notes, one by one: so that a later word on one of them leaves the others alone.

use super::SetNotes;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One thing that a user can say about a set.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum NoteField {
    /// Who lifts.
    Lifter,
    /// The day.
    PerformedOn,
    /// Kilograms.
    Load,
    /// Belt worn or not.
    Belt,
    /// Height of the blocks.
    BlockHeight,
    /// Height of the seat.
    SeatHeight,
    /// Discomfort before the set.
    DiscomfortBefore,
    /// Discomfort during it.
    DiscomfortDuring,
    /// Discomfort right after it.
    DiscomfortAfter,
    /// Discomfort the next morning.
    DiscomfortNextMorning,
    /// Free words.
    Note,
    /// Tags.
    Tags,
}

impl NoteField {
    /// Every field.
    pub const ALL: [NoteField; 12] = [
        NoteField::Lifter,
        NoteField::PerformedOn,
        NoteField::Load,
        NoteField::Belt,
        NoteField::BlockHeight,
        NoteField::SeatHeight,
        NoteField::DiscomfortBefore,
        NoteField::DiscomfortDuring,
        NoteField::DiscomfortAfter,
        NoteField::DiscomfortNextMorning,
        NoteField::Note,
        NoteField::Tags,
    ];

    /// Do `notes` say something here?
    pub fn said(self, notes: &SetNotes) -> bool {
        !self.same(notes, &SetNotes::default())
    }

    /// Do both say the same here?
    pub fn same(self, a: &SetNotes, b: &SetNotes) -> bool {
        let mut with_b = a.clone();
        self.copy(b, &mut with_b);
        with_b == *a
    }

    /// What `from` says here, also when it is nothing, goes into `to`.
    pub fn copy(self, from: &SetNotes, to: &mut SetNotes) {
        let (ache, into) = (&from.discomfort, &mut to.discomfort);
        match self {
            NoteField::Lifter => to.lifter.clone_from(&from.lifter),
            NoteField::PerformedOn => to.performed_on.clone_from(&from.performed_on),
            NoteField::Load => to.load_kg = from.load_kg,
            NoteField::Belt => to.belt = from.belt,
            NoteField::BlockHeight => to.block_height_cm = from.block_height_cm,
            NoteField::SeatHeight => to.seat_height_cm = from.seat_height_cm,
            NoteField::DiscomfortBefore => into.before = ache.before,
            NoteField::DiscomfortDuring => into.during = ache.during,
            NoteField::DiscomfortAfter => into.after = ache.after,
            NoteField::DiscomfortNextMorning => into.next_morning = ache.next_morning,
            NoteField::Note => to.note.clone_from(&from.note),
            NoteField::Tags => to.tags.clone_from(&from.tags),
        }
    }

    /// The flag that sets it.
    pub fn flag(self) -> &'static str {
        match self {
            NoteField::Lifter => "--lifter",
            NoteField::PerformedOn => "--date",
            NoteField::Load => "--load-kg",
            NoteField::Belt => "--belt or --no-belt",
            NoteField::BlockHeight => "--block-cm",
            NoteField::SeatHeight => "--seat-cm",
            NoteField::DiscomfortBefore => "--discomfort-before",
            NoteField::DiscomfortDuring => "--discomfort-during",
            NoteField::DiscomfortAfter => "--discomfort-after",
            NoteField::DiscomfortNextMorning => "--discomfort-next-morning",
            NoteField::Note => "--note",
            NoteField::Tags => "--tag",
        }
    }
}
