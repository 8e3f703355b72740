//! Opening the file: its pragmas, and the steps from any older version of the schema to this one.

use super::fault;
use crate::error::{Error, Result};
use rusqlite::{Connection, TransactionBehavior};
use std::path::Path;
use std::time::{Duration, Instant};

/// Each step leads from the version before it; `PRAGMA user_version` counts the steps done. Never change one that was
/// released: add another.
pub(super) const STEPS: [&str; 2] = [include_str!("v1.sql"), include_str!("v2.sql")];

/// How long one process waits for another. Writes take milliseconds; an import of thousands may take some seconds.
const PATIENCE: Duration = Duration::from_secs(10);
/// Between two tries where SQLite does not wait by itself.
const PAUSE: Duration = Duration::from_millis(15);

/// Opens and brings up to date. The file is made, readable for its owner only, when it is not there.
pub(super) fn open(path: &Path) -> Result<Connection> {
    make_private(path)?;
    let begun = Instant::now();
    loop {
        match prepare(path) {
            // the switch to WAL does not wait for others by itself
            Err(Opening::Sql(e)) if is_busy(&e) && begun.elapsed() < PATIENCE => {
                std::thread::sleep(PAUSE);
            }
            Err(Opening::Sql(e)) => return Err(fault(path, &e)),
            Err(Opening::Newer(version)) => return Err(newer(path, version)),
            Ok(connection) => return Ok(connection),
        }
    }
}

enum Opening {
    Sql(rusqlite::Error),
    Newer(i64),
}

impl From<rusqlite::Error> for Opening {
    fn from(error: rusqlite::Error) -> Self {
        Opening::Sql(error)
    }
}

fn prepare(path: &Path) -> std::result::Result<Connection, Opening> {
    let mut connection = Connection::open(path)?;
    connection.busy_timeout(PATIENCE)?;
    // WAL: readers and a writer do not stop each other; FULL: what was recorded survives a power cut
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    migrate(&mut connection)?;
    Ok(connection)
}

fn version_of(connection: &Connection) -> rusqlite::Result<i64> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}

fn migrate(connection: &mut Connection) -> std::result::Result<(), Opening> {
    let known = STEPS.len() as i64;
    match version_of(connection)? {
        version if version > known => return Err(Opening::Newer(version)),
        version if version == known => return Ok(()),
        _ => {}
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // again under the lock: another process may have done it meanwhile
    let done = usize::try_from(version_of(&transaction)?).unwrap_or(0);
    for step in STEPS.iter().skip(done) {
        transaction.execute_batch(step)?;
    }
    transaction.pragma_update(None, "user_version", known.max(done as i64))?;
    transaction.commit()?;
    Ok(())
}

/// Notes on how a back feels are nobody else's business.
fn make_private(path: &Path) -> Result<()> {
    if path.exists() {
        return Ok(());
    }
    let failed = |source: std::io::Error| Error::History {
        path: path.into(),
        what: source.to_string(),
        hint: "Check free space and permissions, or keep the diary elsewhere with --history FILE."
            .into(),
    };
    if let Some(home) = path.parent().filter(|h| !h.as_os_str().is_empty()) {
        let mut builder = std::fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(home).map_err(failed)?;
    }
    let mut options = std::fs::OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop).map_err(failed)
}

fn is_busy(error: &rusqlite::Error) -> bool {
    use rusqlite::ErrorCode::{DatabaseBusy, DatabaseLocked};
    matches!(
        error.sqlite_error_code(),
        Some(DatabaseBusy | DatabaseLocked)
    )
}

fn newer(path: &Path, version: i64) -> Error {
    Error::History {
        path: path.into(),
        what: format!(
            "it was written by a newer formcheck (its version is {version}, this one reads up to {})",
            STEPS.len()
        ),
        hint: "Use the newer formcheck, or keep another diary with --history FILE.".into(),
    }
}
