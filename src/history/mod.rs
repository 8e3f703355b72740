//! The history room: the diary of sessions, one SQLite file. The only room that names `rusqlite`.
//!
//! Takes a [`SessionReport`] with what the user said, gives back [`Entry`]s, [`Outcome`]s and reports. A session is known
//! by the content of its clip: analysing it again replaces what was measured and leaves alone what the user wrote by
//! hand. Every change is one transaction, so a killed process or a full disk loses nothing that was recorded before, and
//! two processes may write at once.

mod exchange;
mod own_reference;
mod rows;
mod schema;

pub use exchange::Imported;
pub use own_reference::OwnReference;

use crate::day::Day;
use crate::diary::{Entry, Measured, NoteField, Outcome, SetNotes};
use crate::error::{Error, Result};
use crate::session::{LiftKind, SessionReport};
use rows::Row;
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

/// The diary, open.
pub struct History {
    connection: Connection,
    path: PathBuf,
}

/// A session to be recorded.
#[derive(Clone, Copy, Debug)]
pub struct Session<'a> {
    /// The report; its notes are what the user said this time, its clip carries the content hash.
    pub report: &'a SessionReport,
    /// When the clip was filmed, as far as its file tells; `None` takes today.
    pub filmed_at: Option<SystemTime>,
    /// The folder of the results.
    pub results: Option<&'a Path>,
}

/// What became of a session.
#[derive(Clone, Debug, PartialEq)]
pub struct Recorded {
    /// The entry as it is now.
    pub entry: Entry,
    /// Fields that were said now, but stay as they were written by hand later.
    pub kept: Vec<NoteField>,
}

/// Which entries.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Whose {
    /// Only of this lifter (capitals do not matter); `None` = of all.
    pub lifter: Option<String>,
    /// Only this lift.
    pub lift: Option<LiftKind>,
}

/// A change by hand.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Edit {
    /// What is said replaces what was there.
    pub notes: SetNotes,
    /// These are taken back.
    pub cleared: Vec<NoteField>,
}

/// What came before a session.
#[derive(Clone, Debug, PartialEq)]
pub struct Before {
    /// The sessions, oldest first.
    pub outcomes: Vec<Outcome>,
    /// The same as the diary has them; none where it is not sure that they are of the same lifter.
    pub sessions: Vec<Entry>,
    /// The report of the last of them, to compare with; `None` too where it is not sure that it is of the same lifter.
    pub last: Option<SessionReport>,
}

impl History {
    /// Opens the diary at `path`, makes it when it is not there, and brings an older one up to date.
    pub fn open(path: &Path) -> Result<Self> {
        Ok(History {
            connection: schema::open(path)?,
            path: path.into(),
        })
    }

    /// Adds a session, or renews one that is known by the content of its clip.
    pub fn record(&mut self, session: &Session) -> Result<Recorded> {
        let today = self.day_of(session.filmed_at)?;
        self.change(|db| record(db, session, today))
    }

    /// Changes by hand what was said about a session.
    pub fn edit(&mut self, id: i64, edit: &Edit) -> Result<Entry> {
        let found = self.change(|db| {
            let Some(mut row) = rows::by_id(db, id)? else {
                return Ok(None);
            };
            for field in NoteField::ALL {
                let cleared = edit.cleared.contains(&field);
                if cleared || field.said(&edit.notes) {
                    field.copy(&edit.notes, &mut row.notes);
                    row.edited.insert(field);
                }
            }
            row.write(db)?;
            rows::by_id(db, id)
        })?;
        found.map(Row::entry).ok_or_else(|| nothing_there(id))
    }

    /// Takes a session out of the diary; its results on disk stay.
    pub fn remove(&mut self, id: i64) -> Result<Entry> {
        let found = self.change(|db| {
            let row = rows::by_id(db, id)?;
            db.execute("DELETE FROM sessions WHERE id = ?1", [id])?;
            Ok(row)
        })?;
        found.map(Row::entry).ok_or_else(|| nothing_there(id))
    }

    /// The entries, oldest first.
    pub fn entries(&self, whose: &Whose) -> Result<Vec<Entry>> {
        let rows = rows::all(&self.connection, whose).map_err(|e| self.fault(&e))?;
        Ok(rows.into_iter().map(Row::entry).collect())
    }

    /// One entry; a usage error when there is none of this number.
    pub fn entry(&self, id: i64) -> Result<Entry> {
        let row = rows::by_id(&self.connection, id).map_err(|e| self.fault(&e))?;
        row.map(Row::entry).ok_or_else(|| nothing_there(id))
    }

    /// The entry of a clip by its content; `None` when it was never recorded.
    pub fn entry_of(&self, content_sha256: &str) -> Result<Option<Entry>> {
        let row = rows::by_content(&self.connection, content_sha256);
        Ok(row.map_err(|e| self.fault(&e))?.map(Row::entry))
    }

    /// The whole report of an entry, with the notes as they are in the diary now.
    pub fn report(&self, id: i64) -> Result<SessionReport> {
        let entry = self.entry(id)?;
        let text: Option<String> = self
            .connection
            .query_row(
                "SELECT report FROM reports WHERE session_id = ?1",
                [id],
                |row| row.get(0),
            )
            .optional()
            .map_err(|e| self.fault(&e))?;
        let read = crate::report::json::read(text.unwrap_or_default().as_bytes());
        let mut report = read.map_err(|what| Error::History {
            path: self.path.clone(),
            what: format!("the report of session {id} cannot be read: {what}"),
            hint: "Analyse the clip again: the diary then takes the new report.".into(),
        })?;
        report.notes = entry.notes;
        Ok(report)
    }

    /// The sessions of one lifter (`None`: those without a name) and one lift, oldest first, as the choice of the next
    /// step needs them.
    pub fn outcomes(&self, lifter: Option<&str>, lift: LiftKind) -> Result<Vec<Outcome>> {
        Ok(self
            .sessions_of(lifter, lift)?
            .iter()
            .map(Entry::outcome)
            .collect())
    }

    /// The same that come before a clip: of an earlier day, or the same day and recorded before it. All of them when the
    /// clip is not in the diary.
    pub fn before(
        &self,
        content_sha256: &str,
        lifter: Option<&str>,
        lift: LiftKind,
    ) -> Result<Before> {
        let mut sessions = self.sessions_of(lifter, lift)?;
        let this = |e: &Entry| e.content_sha256 == content_sha256;
        sessions.truncate(sessions.iter().position(this).unwrap_or(sessions.len()));
        let outcomes = sessions.iter().map(Entry::outcome).collect();
        if lifter.is_none() && !self.is_of_nobody_named() {
            sessions.clear();
        }
        Ok(Before {
            outcomes,
            // a report of an older version that cannot be read any more costs the comparison only
            last: sessions.last().and_then(|e| self.report(e.id).ok()),
            sessions,
        })
    }

    /// Was no lifter ever named? Then the diary is of one.
    fn is_of_nobody_named(&self) -> bool {
        let entries = self.entries(&Whose::default());
        entries.is_ok_and(|all| all.iter().all(|e| e.notes.lifter.is_none()))
    }

    fn sessions_of(&self, lifter: Option<&str>, lift: LiftKind) -> Result<Vec<Entry>> {
        let mut entries = self.entries(&Whose {
            lifter: lifter.map(Into::into),
            lift: Some(lift),
        })?;
        if lifter.is_none() {
            entries.retain(|e| e.notes.lifter.is_none());
        }
        Ok(entries)
    }

    /// Runs `work` in one transaction: all of it or nothing. The lock is taken at once, so that what is read is still
    /// so when it is written.
    fn change<T>(&mut self, work: impl FnOnce(&Transaction) -> rusqlite::Result<T>) -> Result<T> {
        let run = |connection: &mut Connection| {
            let transaction =
                connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let done = work(&transaction)?;
            transaction.commit()?;
            Ok(done)
        };
        run(&mut self.connection).map_err(|e| fault(&self.path, &e))
    }

    /// The day of a moment by the clock on the wall here; today for `None`.
    pub fn day_of(&self, moment: Option<SystemTime>) -> Result<Day> {
        let seconds = moment
            .unwrap_or_else(SystemTime::now)
            .duration_since(UNIX_EPOCH)
            .map_or(0, |d| d.as_secs() as i64);
        let text: String = self
            .connection
            .query_row(
                "SELECT date(?1, 'unixepoch', 'localtime')",
                [seconds],
                |row| row.get(0),
            )
            .map_err(|e| self.fault(&e))?;
        Ok(Day::read(&text).unwrap_or(Day::from_number(seconds.div_euclid(86_400))))
    }

    fn fault(&self, error: &rusqlite::Error) -> Error {
        fault(&self.path, error)
    }
}

fn record(db: &Transaction, session: &Session, day: Day) -> rusqlite::Result<Recorded> {
    let report = session.report;
    let known = rows::by_content(db, &report.clip.identity())?;
    let withdrawn = match &known {
        Some(row) => rows::notes_from_file(db, row.id)?,
        None => BTreeSet::new(),
    };
    let mut row = known.unwrap_or_else(|| Row::new(report, day));
    let mut kept = Vec::new();
    for field in NoteField::ALL {
        if !field.said(&report.notes) {
            // taken out of the clip's own file, and never written here by hand
            if withdrawn.contains(&field) && !row.edited.contains(&field) {
                field.copy(&report.notes, &mut row.notes);
            }
            continue;
        }
        if !row.edited.contains(&field) {
            field.copy(&report.notes, &mut row.notes);
        } else if !field.same(&report.notes, &row.notes) {
            kept.push(field);
        }
    }
    row.clip.clone_from(&report.clip.name);
    row.measured = Measured::of(report);
    row.results = session
        .results
        .map(|p| p.to_string_lossy().into_owned())
        .or(row.results);
    let id = row.write(db)?;
    // what came before is in the diary itself
    let alone = SessionReport {
        ramp: None,
        ..report.clone()
    };
    rows::write_report(db, id, &rows::text(&alone)?)?;
    let entry = Row { id, ..row }.entry();
    Ok(Recorded { entry, kept })
}

fn nothing_there(id: i64) -> Error {
    Error::Usage {
        what: format!("there is no session {id} in the diary"),
        hint: "`formcheck history` lists them with their numbers.".into(),
    }
}

/// What SQLite says, by what can be done about it.
fn fault(path: &Path, error: &rusqlite::Error) -> Error {
    use rusqlite::ErrorCode as Code;
    let hint = match error.sqlite_error_code() {
        Some(Code::DiskFull) => "Make room on the disk; nothing that was recorded before is lost.",
        Some(Code::DatabaseBusy | Code::DatabaseLocked) => {
            "Another formcheck is writing to it; try again in a moment."
        }
        Some(Code::NotADatabase | Code::DatabaseCorrupt) => {
            "Move this file away, and bring back an export with `formcheck history import`."
        }
        _ => "Check free space and permissions, or keep the diary elsewhere with --history FILE.",
    };
    Error::History {
        path: path.into(),
        what: error.to_string(),
        hint: hint.into(),
    }
}
