//! What the user said about a set, in its layers: the clip's own file, over it what was said by flags or in the diary at
//! earlier times (the report that was there has it), and over all the flags of now.

use crate::diary::{NoteField, SetNotes};
use crate::session::SessionReport;
use std::collections::BTreeSet;

/// The notes, and which of them are the file's.
#[derive(Clone, Debug, Default)]
pub(super) struct Said {
    pub notes: SetNotes,
    pub from_file: BTreeSet<NoteField>,
}

impl Said {
    /// Puts the layers together. `file` is what the clip's own file says now; `None` where that cannot be known, and what
    /// the earlier report had from it stands.
    pub fn layered(
        earlier: Option<&SessionReport>,
        file: Option<&SetNotes>,
        flags: &SetNotes,
    ) -> Self {
        let mut above = SetNotes::default();
        let mut told = SetNotes::default();
        for field in NoteField::ALL {
            let Some(report) = earlier else { break };
            let layer = match report.notes_from_file.contains(&field) {
                true => &mut told,
                false => &mut above,
            };
            field.copy(&report.notes, layer);
        }
        let above = above.overlaid(flags);
        let file = file.unwrap_or(&told);
        let from_file = NoteField::ALL
            .into_iter()
            .filter(|f| f.said(file) && !f.said(&above))
            .collect();
        Said {
            notes: file.overlaid(&above),
            from_file,
        }
    }

    /// The notes of a report when the diary says others: what it changed is the file's no more.
    pub fn changed(report: &SessionReport, notes: &SetNotes) -> Self {
        let same = |f: &NoteField| f.same(&report.notes, notes);
        let from_file = report.notes_from_file.iter().copied().filter(same);
        Said {
            notes: notes.clone(),
            from_file: from_file.collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(load_kg: f64) -> SetNotes {
        SetNotes {
            load_kg: Some(load_kg),
            ..SetNotes::default()
        }
    }

    #[test]
    fn a_flag_covers_the_file_and_the_file_shows_which_words_are_its_own() {
        let file = SetNotes {
            note: Some("easy".into()),
            ..load(50.0)
        };
        let said = Said::layered(None, Some(&file), &load(60.0));
        assert_eq!(said.notes.load_kg, Some(60.0));
        assert_eq!(said.notes.note.as_deref(), Some("easy"));
        assert_eq!(said.from_file, BTreeSet::from([NoteField::Note]));
    }
}
