//! The diary beside an analysis. A diary that fails costs a warning, never the report.

use crate::talk::Talk;
use formcheck::analysis::Outcome;
#[cfg(feature = "history")]
use formcheck::analysis::{self, Known};
#[cfg(feature = "history")]
use formcheck::day::Day;
#[cfg(feature = "history")]
use formcheck::diary::{Ramp, SetNotes};
#[cfg(feature = "history")]
use formcheck::error::Result;
#[cfg(feature = "history")]
use formcheck::history::{History, Recorded, Session};
#[cfg(feature = "history")]
use formcheck::session::OwnRange;
use std::path::Path;
use std::time::SystemTime;

/// The diary of one run: opened when the first report is there.
pub struct Diary<'a> {
    wanted: bool,
    place: Option<&'a Path>,
    #[cfg(feature = "history")]
    open: Option<History>,
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
    pub fn record(&mut self, _: Option<SystemTime>, _: &mut Outcome, _: &mut Talk) {
        let _ = (self.wanted, self.place);
    }

    /// Nor asks one.
    pub fn follow(&mut self, _: &mut Outcome, _: &mut Talk) {}

    /// Nor asks one.
    pub fn ask(&mut self, _: &mut Outcome, _: &mut Talk) {}
}

#[cfg(feature = "history")]
impl Diary<'_> {
    /// Records the session; `filmed` as far as the clip's file tells. What was written by hand in the diary goes into its
    /// report too, the next step looks at the sessions before it, and the page compares it with the last of them.
    pub fn record(&mut self, filmed: Option<SystemTime>, outcome: &mut Outcome, talk: &mut Talk) {
        if !self.wanted {
            return;
        }
        match self.try_record(filmed, outcome) {
            Ok(recorded) => {
                for field in &recorded.kept {
                    talk.note(&format!(
                        "The diary keeps what was written there by hand; to change it: formcheck history edit {} {} …",
                        recorded.entry.id,
                        field.flag()
                    ));
                }
            }
            Err(error) => self.failed(&error, talk),
        }
    }

    /// Results that were judged again where they are: a diary that knows the clip takes them over, another is only asked.
    pub fn follow(&mut self, outcome: &mut Outcome, talk: &mut Talk) {
        if !self.is_there() {
            return;
        }
        let known = self
            .opened()
            .and_then(|diary| diary.entry_of(&outcome.report.clip.identity()));
        match known {
            Ok(Some(_)) => self.record(None, outcome, talk),
            Ok(None) => self.ask(outcome, talk),
            Err(error) => self.failed(&error, talk),
        }
    }

    /// The sessions before this one go into its report; nothing is written to the diary.
    pub fn ask(&mut self, outcome: &mut Outcome, talk: &mut Talk) {
        if !self.is_there() {
            return;
        }
        let asked = self.opened().and_then(|diary| {
            let known = diary.entry_of(&outcome.report.clip.identity())?;
            let notes = outcome.report.notes.clone();
            look_back(diary, outcome, notes, known.map(|entry| entry.day))
        });
        if let Err(error) = asked {
            self.failed(&error, talk);
        }
    }

    /// One warning a run.
    fn failed(&mut self, error: &formcheck::error::Error, talk: &mut Talk) {
        self.wanted = false;
        talk.error(&formcheck::report::terminal::warning(
            "the report is there, but the diary is not",
            error,
        ));
    }

    /// Is there a diary to be asked? Asking makes none.
    fn is_there(&self) -> bool {
        self.wanted && super::history::place_of(self.place).is_ok_and(|place| place.exists())
    }

    fn opened(&mut self) -> Result<&mut History> {
        let open = match self.open.take() {
            Some(open) => open,
            None => super::history::open(self.place)?,
        };
        Ok(self.open.insert(open))
    }

    fn try_record(
        &mut self,
        filmed: Option<SystemTime>,
        outcome: &mut Outcome,
    ) -> Result<Recorded> {
        let results = std::path::absolute(&outcome.folder).ok();
        let diary = self.opened()?;
        let recorded = diary.record(&Session {
            report: &outcome.report,
            filmed_at: filmed,
            results: results.as_deref(),
        })?;
        let entry = &recorded.entry;
        look_back(diary, outcome, entry.notes.clone(), Some(entry.day))?;
        Ok(recorded)
    }
}

/// Puts the notes and the sessions before this one into its report. `day` is that of the set; `None` when the diary does
/// not know it, and a ramp that the report brings along stays.
#[cfg(feature = "history")]
fn look_back(
    diary: &History,
    outcome: &mut Outcome,
    notes: SetNotes,
    day: Option<Day>,
) -> Result<()> {
    let clip = outcome.report.clip.identity();
    let earlier = diary.before(&clip, notes.lifter.as_deref(), outcome.report.lift.kind)?;
    let range = own_range(diary, notes.lifter.as_deref())?;
    let ramp = match day {
        Some(day) => Ramp::of(day, &outcome.report, &earlier.sessions),
        None => outcome.report.ramp.clone(),
    };
    let known = Known {
        notes,
        range,
        ramp,
        before: &earlier.outcomes,
        last: earlier.last.as_ref(),
    };
    analysis::rewrite(outcome, &known)
}

/// What the lifter's last calibration found; `None` without one, or when it is of a later format.
#[cfg(feature = "history")]
fn own_range(diary: &History, lifter: Option<&str>) -> Result<Option<OwnRange>> {
    let Some(lifter) = lifter else {
        return Ok(None);
    };
    let kept = diary.reference(lifter)?;
    Ok(kept.and_then(|k| serde_json::from_value(k.payload).ok()))
}
