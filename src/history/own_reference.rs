//! Each lifter's own standing and range, as a calibration found them. Here they are only kept; what is in one is the
//! business of the calibration.

use super::{History, rows};
use crate::day::Day;
use crate::error::Result;
use rusqlite::{OptionalExtension, params};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What one calibration of a lifter found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OwnReference {
    /// Whose.
    pub lifter: String,
    /// When, `YYYY-MM-DD`.
    pub made_on: String,
    /// What was found.
    pub payload: Value,
}

impl History {
    /// Keeps a reference; one of the same lifter and day is replaced, older ones stay. A usage error when the day is none.
    pub fn put_reference(&mut self, reference: &OwnReference) -> Result<()> {
        let day = Day::read(&reference.made_on).ok_or_else(|| crate::error::Error::Usage {
            what: format!("{:?} is no day", reference.made_on),
            hint: "Write it as YYYY-MM-DD.".into(),
        })?;
        self.change(|db| write(db, reference, day))
    }

    /// The latest reference of a lifter (capitals do not matter); `None` when there is none.
    pub fn reference(&self, lifter: &str) -> Result<Option<OwnReference>> {
        let sql = format!("{SELECT} WHERE lifter_key = ?1 ORDER BY made_on DESC LIMIT 1");
        self.connection
            .query_row(&sql, [rows::lifter_key(lifter)], read)
            .optional()
            .map_err(|e| self.fault(&e))
    }

    /// All references, oldest first.
    pub fn references(&self) -> Result<Vec<OwnReference>> {
        let sql = format!("{SELECT} ORDER BY made_on, lifter_key");
        let all = || -> rusqlite::Result<Vec<OwnReference>> {
            let mut statement = self.connection.prepare(&sql)?;
            statement.query_map([], read)?.collect()
        };
        all().map_err(|e| self.fault(&e))
    }
}

const SELECT: &str = "SELECT lifter, made_on, payload FROM lifter_references";

fn read(row: &rusqlite::Row) -> rusqlite::Result<OwnReference> {
    let payload: String = row.get(2)?;
    Ok(OwnReference {
        lifter: row.get(0)?,
        made_on: Day::from_number(row.get(1)?).to_string(),
        payload: serde_json::from_str(&payload).map_err(rows::not_json)?,
    })
}

/// Puts the reference in place of one of the same lifter and day.
pub(super) fn write(
    db: &rusqlite::Connection,
    reference: &OwnReference,
    day: Day,
) -> rusqlite::Result<()> {
    db.execute(
        "INSERT OR REPLACE INTO lifter_references (lifter_key, lifter, made_on, payload) VALUES (?1, ?2, ?3, ?4)",
        params![
            rows::lifter_key(&reference.lifter),
            reference.lifter.trim(),
            day.number(),
            rows::text(&reference.payload)?
        ],
    )
    .map(drop)
}
