//! The diary beside an analysis. A diary that fails costs a warning, never the report.

use crate::talk::Talk;
#[cfg(feature = "history")]
use formcheck::analysis;
use formcheck::analysis::{Input, Outcome};
use formcheck::error::Result;
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
    pub fn record(&mut self, _: &Input, _: &mut Outcome, _: Audience, _: &mut Talk) -> Result<()> {
        let _ = (self.wanted, self.place);
        Ok(())
    }
}

#[cfg(feature = "history")]
impl Diary<'_> {
    /// Records the session. What was written by hand in the diary goes into its report too.
    pub fn record(
        &mut self,
        input: &Input,
        outcome: &mut Outcome,
        audience: Audience,
        talk: &mut Talk,
    ) -> Result<()> {
        if !self.wanted {
            return Ok(());
        }
        match self.try_record(input, outcome) {
            Ok(recorded) => {
                for field in &recorded.kept {
                    talk.note(&format!(
                        "The diary keeps what was written there by hand; to change it: formcheck history edit {} {} …",
                        recorded.entry.id,
                        field.flag()
                    ));
                }
                let notes = recorded.entry.notes;
                analysis::rewrite(outcome, audience, |report| report.notes = notes)
            }
            Err(error) => {
                // one warning a run
                self.wanted = false;
                talk.error(&formcheck::report::terminal::warning(
                    "the report is there, but the diary is not",
                    &error,
                ));
                Ok(())
            }
        }
    }

    fn try_record(
        &mut self,
        input: &Input,
        outcome: &Outcome,
    ) -> Result<formcheck::history::Recorded> {
        let open = match self.open.take() {
            Some(open) => open,
            None => super::history::open(self.place)?,
        };
        let results = std::path::absolute(&outcome.folder).ok();
        self.open.insert(open).record(&formcheck::history::Session {
            report: &outcome.report,
            filmed_at: analysis::filmed_at(input.path()),
            results: results.as_deref(),
        })
    }
}
