//! The diary as JSON lines: out for a copy or another machine, and in again. Importing the same lines twice changes nothing.

use super::{History, OwnReference, Whose, own_reference, rows};
use crate::day::Day;
use crate::diary::{Measured, NoteField, SetNotes};
use crate::error::{Error, Result};
use crate::session::SessionReport;
use rows::Row;
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::io::{BufRead, Write};

/// One line.
#[derive(Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Line {
    Session(Box<SessionLine>),
    Reference(OwnReference),
}

#[derive(Serialize, Deserialize)]
struct SessionLine {
    content_sha256: String,
    clip: String,
    filmed_on: String,
    notes: SetNotes,
    /// Fields that were written by hand later.
    edited: BTreeSet<NoteField>,
    results: Option<String>,
    report: SessionReport,
}

/// What an import did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// Sessions that were not in the diary.
    pub added: u32,
    /// Sessions that were there, and now say more.
    pub filled_in: u32,
    /// Sessions that were there already.
    pub known: u32,
    /// Calibrations of lifters that were not in the diary.
    pub references: u32,
}

impl History {
    /// Writes the whole diary, a session or a reference a line, oldest first.
    pub fn export(&self, mut out: impl Write) -> Result<()> {
        // all lines from one moment, whatever another process does meanwhile
        let _moment = self
            .connection
            .unchecked_transaction()
            .map_err(|e| self.fault(&e))?;
        let rows = rows::all(&self.connection, &Whose::default()).map_err(|e| self.fault(&e))?;
        for row in rows {
            let mut report = self.report(row.id)?;
            report.notes = row.notes.clone();
            let line = SessionLine {
                content_sha256: row.content_sha256,
                clip: row.clip,
                filmed_on: row.filmed_on.to_string(),
                notes: row.notes,
                edited: row.edited,
                results: row.results,
                report,
            };
            write_line(&mut out, &Line::Session(Box::new(line)))?;
        }
        for reference in self.references()? {
            write_line(&mut out, &Line::Reference(reference))?;
        }
        out.flush().map_err(unwritten)
    }

    /// Reads lines of an export: all of them or, when one is no such line, none. A session that is in the diary already
    /// keeps all it has, and gets what it did not say. `name` is how messages call the input.
    pub fn import(&mut self, input: impl BufRead, name: &str) -> Result<Imported> {
        let mut fault = None;
        let done = self.change(|db| {
            let mut done = Imported::default();
            for (index, line) in input.lines().enumerate() {
                let read = line.map_err(|e| e.to_string()).and_then(|l| parse(&l));
                match read {
                    Ok(Some(line)) => take(db, line, &mut done)?,
                    Ok(None) => {}
                    Err(what) => {
                        fault = Some(bad_line(name, index + 1, what));
                        // any error ends the transaction
                        return Err(rusqlite::Error::InvalidQuery);
                    }
                }
            }
            Ok(done)
        });
        match fault {
            Some(error) => Err(error),
            None => done,
        }
    }
}

fn parse(line: &str) -> std::result::Result<Option<Line>, String> {
    if line.trim().is_empty() {
        return Ok(None);
    }
    let line: Line = serde_json::from_str(line).map_err(|e| e.to_string())?;
    let day = |text: &str| match Day::read(text) {
        Some(_) => Ok(()),
        None => Err(format!("{text:?} is no day")),
    };
    match &line {
        Line::Session(session) => {
            day(&session.filmed_on)?;
            session.notes.performed_on.as_deref().map_or(Ok(()), day)?;
            let hash = &session.content_sha256;
            if hash.len() != 64 || !hash.bytes().all(|c| c.is_ascii_hexdigit()) {
                return Err("content_sha256 is no SHA-256".into());
            }
        }
        Line::Reference(reference) => day(&reference.made_on)?,
    }
    Ok(Some(line))
}

fn take(db: &Connection, line: Line, done: &mut Imported) -> rusqlite::Result<()> {
    match line {
        Line::Session(session) => take_session(db, *session, done),
        Line::Reference(reference) => {
            let day = Day::read(&reference.made_on).unwrap_or(Day::from_number(0));
            let there: bool = db.query_row(
                "SELECT EXISTS (SELECT 1 FROM lifter_references WHERE lifter_key = ?1 AND made_on = ?2)",
                super::params![rows::lifter_key(&reference.lifter), day.number()],
                |row| row.get(0),
            )?;
            if !there {
                done.references += 1;
                own_reference::write(db, &reference, day)?;
            }
            Ok(())
        }
    }
}

fn take_session(db: &Connection, line: SessionLine, done: &mut Imported) -> rusqlite::Result<()> {
    if let Some(mut row) = rows::by_content(db, &line.content_sha256)? {
        if fill_in(&mut row, &line) {
            done.filled_in += 1;
            row.write(db)?;
        } else {
            done.known += 1;
        }
        return Ok(());
    }
    let row = Row {
        id: 0,
        content_sha256: line.content_sha256,
        clip: line.clip,
        filmed_on: Day::read(&line.filmed_on).unwrap_or(Day::from_number(0)),
        notes: line.notes,
        edited: line.edited,
        measured: Measured::of(&line.report),
        results: line.results,
    };
    let id = row.write(db)?;
    done.added += 1;
    rows::write_report(db, id, &rows::text(&line.report)?)
}

/// Adds what the row does not say and nobody took back by hand. `true` when there was something.
fn fill_in(row: &mut Row, line: &SessionLine) -> bool {
    let mut more = false;
    for field in NoteField::ALL {
        let open = !field.said(&row.notes) && !row.edited.contains(&field);
        if open && field.said(&line.notes) {
            field.copy(&line.notes, &mut row.notes);
            if line.edited.contains(&field) {
                row.edited.insert(field);
            }
            more = true;
        }
    }
    more
}

fn write_line(out: &mut impl Write, line: &Line) -> Result<()> {
    let mut text = serde_json::to_vec(line).map_err(|e| Error::Internal(e.to_string()))?;
    text.push(b'\n');
    out.write_all(&text).map_err(unwritten)
}

fn unwritten(source: std::io::Error) -> Error {
    Error::Output {
        path: "the export".into(),
        source,
    }
}

fn bad_line(name: &str, line: usize, what: String) -> Error {
    Error::BadInput {
        path: name.into(),
        what: format!("line {line}: {what}; nothing was imported"),
        hint: "Give a file that `formcheck history export` wrote.".into(),
    }
}
