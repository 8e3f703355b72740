//! The diary beside an analysis. A diary that fails costs a warning, never the report.

use crate::talk::Talk;
#[cfg(feature = "history")]
use formcheck::analysis;
use formcheck::analysis::{Input, Outcome};
use formcheck::report::Audience;
use std::path::Path;

/// The diary of one run: opened when the first report is there.
pub struct Diary<'a> {
    wanted: bool,
    place: Option<&'a Path>,
    #[cfg(feature = "history")]
    open: Option<formcheck::history::History>,
}

/// Whether sessions go into the diary.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Keeping {
    /// They do.
    Diary,
    /// `--no-history`.
    Nothing,
}

impl<'a> Diary<'a> {
    /// The diary at `place`; `None` = at its usual place.
    pub fn new(keeping: Keeping, place: Option<&'a Path>) -> Self {
        Diary {
            wanted: keeping == Keeping::Diary,
            place,
            #[cfg(feature = "history")]
            open: None,
        }
    }
}

#[cfg(not(feature = "history"))]
impl Diary<'_> {
    /// This build keeps no diary.
    pub fn record(&mut self, _: &Input, _: &mut Outcome, _: Audience, _: &mut Talk) {
        let _ = (self.wanted, self.place);
    }
}

#[cfg(feature = "history")]
impl Diary<'_> {
    /// Records the session. What was written by hand in the diary goes into its report too, and the next step looks at
    /// the sessions before it.
    pub fn record(
        &mut self,
        input: &Input,
        outcome: &mut Outcome,
        audience: Audience,
        talk: &mut Talk,
    ) {
        if !self.wanted {
            return;
        }
        match self.try_record(input, outcome, audience) {
            Ok(recorded) => {
                for field in &recorded.kept {
                    talk.note(&format!(
                        "The diary keeps what was written there by hand; to change it: formcheck history edit {} {} …",
                        recorded.entry.id,
                        field.flag()
                    ));
                }
            }
            Err(error) => {
                // one warning a run
                self.wanted = false;
                talk.error(&formcheck::report::terminal::warning(
                    "the report is there, but the diary is not",
                    &error,
                ));
            }
        }
    }

    fn try_record(
        &mut self,
        input: &Input,
        outcome: &mut Outcome,
        audience: Audience,
    ) -> formcheck::error::Result<formcheck::history::Recorded> {
        let open = match self.open.take() {
            Some(open) => open,
            None => super::history::open(self.place)?,
        };
        let results = std::path::absolute(&outcome.folder).ok();
        let history = self.open.insert(open);
        let recorded = history.record(&formcheck::history::Session {
            report: &outcome.report,
            filmed_at: analysis::filmed_at(input.path()),
            results: results.as_deref(),
        })?;
        let entry = &recorded.entry;
        let lifter = entry.notes.lifter.as_deref();
        let before = history.outcomes_before(&entry.content_sha256, lifter, entry.measured.lift)?;
        analysis::rewrite(outcome, audience, |report| {
            report.notes = entry.notes.clone();
            formcheck::science::choose_next_step(report, &before);
        })?;
        Ok(recorded)
    }
}
