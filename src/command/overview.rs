//! The page over many clips: where it goes, and what its links look like.

use formcheck::analysis::{self, Outcome};
use formcheck::error::{Error, Result};
use formcheck::report::overview::{self, Clip, Failed, MARK};
use formcheck::report::terminal;
use std::path::{Component, Path, PathBuf};

/// Name of the page.
const PAGE: &str = "index.html";

/// Writes the page over all clips of a run; `Ok(None)` when the user gave no one place for it.
pub fn write(
    done: &[Outcome],
    failed: &[(String, Error)],
    given: &[PathBuf],
    out: Option<&Path>,
) -> Result<Option<PathBuf>> {
    let folder = match (out, given) {
        (Some(out), _) => out,
        (None, [folder]) if folder.is_dir() => folder,
        _ => return Ok(None),
    };
    let page = folder.join(PAGE);
    if std::fs::read_to_string(&page).is_ok_and(|text| !text.contains(MARK)) {
        return Err(Error::Usage {
            what: format!(
                "{} is not ours, so the overview was not written over it",
                page.display()
            ),
            hint: "Move it away, or write elsewhere with --out.".into(),
        });
    }
    let clips: Vec<Clip> = done
        .iter()
        .map(|outcome| Clip {
            report: &outcome.report,
            pictures: analysis::pictures_of(&outcome.folder, &outcome.report),
            link: link(&outcome.folder.join("report.html"), folder),
        })
        .collect();
    let failed: Vec<Failed> = failed
        .iter()
        .map(|(clip, error)| Failed {
            clip: clip.clone(),
            why: terminal::tamed(&format!("{error}. {}", error.hint())),
        })
        .collect();
    std::fs::create_dir_all(folder).map_err(|source| Error::Output {
        path: folder.into(),
        source,
    })?;
    analysis::write_file(&page, overview::html(&clips, &failed)?.as_bytes())?;
    Ok(Some(page))
}

/// The place of a session's report as seen from the page at `page`, when it is still there.
#[cfg(feature = "history")]
pub fn link_to(entry: &formcheck::diary::Entry, page: &Path) -> Option<String> {
    let report = Path::new(entry.results.as_ref()?).join("report.html");
    let home = std::path::absolute(analysis::home_of(page)).ok()?;
    report.exists().then(|| link(&report, &home))
}

/// A link from a page in `home` to `path`: relative when it lies within, so that both can be moved together.
fn link(path: &Path, home: &Path) -> String {
    match path.strip_prefix(home) {
        Ok(within) => encoded(within),
        Err(_) => {
            let whole = std::path::absolute(path).unwrap_or_else(|_| path.into());
            format!("file://{}", encoded(&whole))
        }
    }
}

/// The path for a link: `/` between its parts, all else than letters, digits and `-._~` as %XX.
fn encoded(path: &Path) -> String {
    let mut text = String::new();
    for part in path.components() {
        match part {
            Component::RootDir => {}
            part => {
                if !text.is_empty() || path.is_absolute() {
                    text.push('/');
                }
                for byte in part.as_os_str().as_encoded_bytes() {
                    if byte.is_ascii_alphanumeric() || b"-._~".contains(byte) {
                        text.push(char::from(*byte));
                    } else {
                        text.push_str(&format!("%{byte:02X}"));
                    }
                }
            }
        }
    }
    text
}
