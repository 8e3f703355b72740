//! Rows of the table of sessions.

use super::{Whose, params};
use crate::day::Day;
use crate::diary::{Entry, Measured, NoteField, SetNotes};
use crate::session::{LiftKind, SessionReport};
use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// One session as it is stored.
#[derive(Clone, Debug)]
pub(super) struct Row {
    /// 0 until it is written for the first time.
    pub id: i64,
    pub content_sha256: String,
    pub clip: String,
    pub filmed_on: Day,
    pub notes: SetNotes,
    /// Fields that were written by hand later.
    pub edited: BTreeSet<NoteField>,
    pub measured: Measured,
    pub results: Option<String>,
}

const COLUMNS: &str =
    "id, content_sha256, clip, filmed_on, notes, edited, measured, results FROM sessions";

impl Row {
    /// A session that is not in the diary yet.
    pub fn new(report: &SessionReport, filmed_on: Day) -> Self {
        Row {
            id: 0,
            content_sha256: report.clip.identity(),
            clip: report.clip.name.clone(),
            filmed_on,
            notes: SetNotes::default(),
            edited: BTreeSet::new(),
            measured: Measured::of(report),
            results: None,
        }
    }

    fn read(row: &rusqlite::Row) -> rusqlite::Result<Self> {
        Ok(Row {
            id: row.get(0)?,
            content_sha256: row.get(1)?,
            clip: row.get(2)?,
            filmed_on: Day::from_number(row.get(3)?),
            notes: json(row, 4)?,
            edited: json(row, 5)?,
            measured: json(row, 6)?,
            results: row.get(7)?,
        })
    }

    /// The day of the set: as said, else as filmed.
    pub fn day(&self) -> Day {
        let said = self.notes.performed_on.as_deref().and_then(Day::read);
        said.unwrap_or(self.filmed_on)
    }

    /// Writes the row, a new one or over the one with its number, and gives the number.
    pub fn write(&self, db: &Connection) -> rusqlite::Result<i64> {
        // no upsert: one would use up a number each time
        let sql = if self.id == 0 {
            "INSERT INTO sessions (content_sha256, clip, lifter_key, lift, day, filmed_on, notes, edited, measured, results)
             VALUES (?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) RETURNING id + ?1"
        } else {
            "UPDATE sessions SET content_sha256 = ?2, clip = ?3, lifter_key = ?4, lift = ?5, day = ?6, filmed_on = ?7,
             notes = ?8, edited = ?9, measured = ?10, results = ?11 WHERE id = ?1 RETURNING id"
        };
        let values = params![
            self.id,
            self.content_sha256,
            self.clip,
            self.notes.lifter.as_deref().map(lifter_key),
            lift_key(self.measured.lift),
            self.day().number(),
            self.filmed_on.number(),
            text(&self.notes)?,
            text(&self.edited)?,
            text(&self.measured)?,
            self.results,
        ];
        db.prepare_cached(sql)?.query_row(values, |row| row.get(0))
    }

    pub fn entry(self) -> Entry {
        Entry {
            id: self.id,
            day: self.day(),
            content_sha256: self.content_sha256,
            clip: self.clip,
            notes: self.notes,
            measured: self.measured,
            results: self.results,
        }
    }
}

/// Puts the report of a session in place of an older one.
pub(super) fn write_report(db: &Connection, id: i64, text: &str) -> rusqlite::Result<()> {
    db.prepare_cached("INSERT OR REPLACE INTO reports (session_id, report) VALUES (?1, ?2)")?
        .execute(params![id, text])
        .map(drop)
}

/// Which notes a session had from its clip's own file when it was last recorded.
pub(super) fn notes_from_file(db: &Connection, id: i64) -> rusqlite::Result<BTreeSet<NoteField>> {
    /// The one field of a stored report that is read here; a report of an older version lacks it.
    #[derive(Default, Deserialize)]
    #[serde(default)]
    struct Told {
        notes_from_file: BTreeSet<NoteField>,
    }
    let told = db
        .prepare_cached("SELECT report FROM reports WHERE session_id = ?1")?
        .query_row([id], |row| json::<Told>(row, 0))
        .optional();
    // a report that cannot be read tells nothing, and is about to be replaced
    Ok(told.ok().flatten().unwrap_or_default().notes_from_file)
}

/// The session of this number.
pub(super) fn by_id(db: &Connection, id: i64) -> rusqlite::Result<Option<Row>> {
    db.prepare_cached(&format!("SELECT {COLUMNS} WHERE id = ?1"))?
        .query_row([id], Row::read)
        .optional()
}

/// The session of a clip.
pub(super) fn by_content(db: &Connection, sha256: &str) -> rusqlite::Result<Option<Row>> {
    db.prepare_cached(&format!("SELECT {COLUMNS} WHERE content_sha256 = ?1"))?
        .query_row([sha256], Row::read)
        .optional()
}

/// The sessions asked for, oldest first.
pub(super) fn all(db: &Connection, whose: &Whose) -> rusqlite::Result<Vec<Row>> {
    let sql = format!(
        "SELECT {COLUMNS} WHERE (?1 IS NULL OR lifter_key = ?1) AND (?2 IS NULL OR lift = ?2) ORDER BY day, id"
    );
    let lifter = whose.lifter.as_deref().map(lifter_key);
    let lift = whose.lift.map(lift_key);
    db.prepare_cached(&sql)?
        .query_map(params![lifter, lift], Row::read)?
        .collect()
}

/// Names are the same when only capitals or blanks around them differ.
pub(super) fn lifter_key(name: &str) -> String {
    name.trim().to_lowercase()
}

fn lift_key(lift: LiftKind) -> &'static str {
    match lift {
        LiftKind::Squat => "squat",
        LiftKind::Deadlift => "deadlift",
        LiftKind::Rdl => "rdl",
        LiftKind::GoodMorning => "good_morning",
        LiftKind::SitToChair => "sit_to_chair",
    }
}

/// JSON text of a value.
pub(super) fn text<T: Serialize>(value: &T) -> rusqlite::Result<String> {
    serde_json::to_string(value).map_err(not_json)
}

/// A value that cannot be written as JSON.
pub(super) fn not_json(error: serde_json::Error) -> rusqlite::Error {
    rusqlite::Error::ToSqlConversionFailure(Box::new(error))
}

fn json<T: DeserializeOwned>(row: &rusqlite::Row, column: usize) -> rusqlite::Result<T> {
    let text = row.get_ref(column)?.as_str()?;
    serde_json::from_str(text)
        .map_err(|e| rusqlite::Error::FromSqlConversionFailure(column, Type::Text, Box::new(e)))
}
