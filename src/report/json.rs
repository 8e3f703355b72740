//! report.json: the session report itself, on one line. The same report gives the same bytes.

use crate::error::{Error, Result};
use crate::session::{SCHEMA, SessionReport};

/// The document, with a line end.
pub fn json(report: &SessionReport) -> Result<Vec<u8>> {
    let mut bytes = serde_json::to_vec(report).map_err(|e| Error::Internal(e.to_string()))?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// Reads a report.json back. `Err` says in plain words what is wrong with it.
pub fn read(bytes: &[u8]) -> std::result::Result<SessionReport, String> {
    let report: SessionReport =
        serde_json::from_slice(bytes).map_err(|e| format!("not a report of formcheck ({e})"))?;
    if report.schema != SCHEMA {
        return Err(format!(
            "its schema is {:?}, this version reads {SCHEMA:?}",
            report.schema
        ));
    }
    Ok(report)
}

/// The JSON Schema of report.json, generated from the types.
pub fn schema() -> Result<String> {
    let schema = schemars::schema_for!(SessionReport);
    let text = serde_json::to_string_pretty(&schema).map_err(|e| Error::Internal(e.to_string()))?;
    Ok(text + "\n")
}
