//! What was corrected by hand, as the reader is told: nothing a person changed looks like a finding of the program.

use crate::edits::Edit;
use crate::session::{Rep, SessionReport};

/// What a person said about one rep.
pub struct Said {
    /// Notes, in the order written.
    pub notes: Vec<String>,
    /// Tags, each once.
    pub tags: Vec<String>,
    /// Corrections of its times, one sentence each.
    pub changes: Vec<String>,
}

/// All that is written about `rep`.
pub fn of_rep(report: &SessionReport, rep: &Rep) -> Said {
    let own = || report.edits.iter().filter(|e| e.rep == Some(rep.number));
    let mut tags: Vec<String> = Vec::new();
    for tag in own().flat_map(|e| &e.written.tags) {
        if !tags.contains(tag) {
            tags.push(tag.clone());
        }
    }
    Said {
        notes: own().filter_map(|e| e.written.note.clone()).collect(),
        tags,
        changes: own()
            .filter(|e| changes_reps(e))
            .map(|e| e.sentence.clone())
            .collect(),
    }
}

/// What was changed in the set, one sentence each. Corrections that fit nothing are among the cautions.
pub fn changes(report: &SessionReport) -> Vec<String> {
    let made = report
        .edits
        .iter()
        .filter(|e| changes_reps(e) && e.unmatched.is_none());
    made.map(|e| e.sentence.clone()).collect()
}

/// For a terminal: the changes, then what is said of single reps.
pub fn lines(report: &SessionReport) -> Vec<String> {
    let said = report.reps.iter().flat_map(|rep| {
        let said = of_rep(report, rep);
        let tags = said.tags.iter().map(|t| format!("#{t}"));
        let words: Vec<String> = said.notes.iter().cloned().chain(tags).collect();
        (!words.is_empty()).then(|| format!("rep {}: {}", rep.number, words.join("  ")))
    });
    changes(report).into_iter().chain(said).collect()
}

fn changes_reps(edit: &Edit) -> bool {
    !edit.written.only_says()
}
