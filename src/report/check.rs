//! A filming check for a reader: the answer, what to change, and what was seen.

use super::words::tame;
use crate::check::FilmingCheck;
use crate::error::{Error, Result};

/// For a terminal.
pub fn text(check: &FilmingCheck) -> String {
    let mut lines = vec![check.sentence.clone()];
    let caution = |c: &crate::session::Caution| format!("  ! {} {}", c.message, c.remedy);
    lines.extend(check.cautions.iter().map(caution));
    lines.extend(check.findings.iter().map(|f| format!("  {f}")));
    let (name, frames) = (&check.clip.name, check.frames_looked_at);
    lines.push(format!(
        "  Seen in {frames} frames of {name}; formcheck analyze looks at all of them."
    ));
    lines.iter().map(|line| tame(line) + "\n").collect()
}

/// One document on one line.
pub fn json(check: &FilmingCheck) -> Result<Vec<u8>> {
    let mut bytes = serde_json::to_vec(check).map_err(|e| Error::Internal(e.to_string()))?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// The JSON Schema of the document, generated from the types.
pub fn schema() -> Result<String> {
    let schema = schemars::schema_for!(FilmingCheck);
    let text = serde_json::to_string_pretty(&schema).map_err(|e| Error::Internal(e.to_string()))?;
    Ok(text + "\n")
}
