//! Correcting reps by hand: a correction is written to the clip's own file, and the results beside it are judged and
//! drawn again from their recording. A correction that would change nothing is refused and not kept.

use super::again::{Drawn, Rerender, draw, judged_again};
use super::own::{self, ClipFile};
use super::{Input, Outcome, folder, input};
use crate::edits::RepEdit;
use crate::error::{Error, Result};
use crate::session::{Rep, SessionReport};
use crate::units::Seconds;
use std::path::{Path, PathBuf};

/// What to correct. Reps are given by the numbers they have now.
#[derive(Clone, Debug, PartialEq)]
pub enum Correction {
    /// No reps at all.
    Drop(Vec<u32>),
    /// One rep, from the first to the last of these.
    Merge(u32, u32),
    /// Other times.
    Time {
        /// Of this rep.
        rep: u32,
        /// When it begins.
        start: Option<Seconds>,
        /// Its bottom or lockout.
        turn: Option<Seconds>,
        /// When it ends.
        end: Option<Seconds>,
    },
    /// Words about a rep.
    Note(u32, String),
    /// Words to find a rep by.
    Tag(u32, Vec<String>),
    /// The last correction is taken back.
    Undo,
}

/// The files that belong together: the clip's own file, and the results with their recording.
struct Place {
    file: PathBuf,
    results: PathBuf,
}

/// The reps of a clip with the corrections made so far; nothing is written. `given` is a clip that was analysed, or its
/// results; `results` says where they are when not beside the clip.
pub fn corrected(given: &Path, results: Option<&Path>, change: &Rerender) -> Result<SessionReport> {
    let place = place(given, results)?;
    let own = own::clip(&place.file)?.unwrap_or_default();
    judged(&place, own, change)
}

/// Makes a correction: writes it down, judges anew, and draws the results again.
pub fn correct(
    given: &Path,
    results: Option<&Path>,
    correction: &Correction,
    change: &Rerender,
) -> Result<Outcome> {
    let place = place(given, results)?;
    let before = own::clip(&place.file)?.unwrap_or_default();
    let now = judged(&place, before.clone(), change)?;
    let (own, wanted) = match correction {
        Correction::Undo => (without_last(&before)?, Vec::new()),
        _ => {
            let wanted = written(&now, correction)?;
            let mut own = before;
            own.rep.extend(wanted.iter().cloned());
            (own, wanted)
        }
    };
    // judged before it is written down: what fails or fits nothing is not kept
    let report = judged(&place, own.clone(), change)?;
    let new = &report.edits[report.edits.len() - wanted.len()..];
    if let Some(edit) = new.iter().find(|e| e.unmatched.is_some()) {
        return Err(Error::Usage {
            what: edit.sentence.clone(),
            hint: "formcheck reps CLIP lists the reps with their times.".into(),
        });
    }
    if wanted.is_empty() {
        own::undo(&place.file)?;
    }
    for edit in &wanted {
        own::add(&place.file, edit)?;
    }
    drawn_again(given, &place, own, change)
}

/// The results as they were drawn before, for the same reader and with the same faces shown.
fn drawn_again(given: &Path, place: &Place, own: ClipFile, change: &Rerender) -> Result<Outcome> {
    let stamp = folder::stamp(&place.results);
    let audience = stamp.as_ref().and_then(|s| s.audience());
    draw(Drawn {
        given: &place.results,
        folder: &place.results,
        own: Some(own),
        change: &Rerender {
            audience: audience.unwrap_or(change.audience),
            ..change.clone()
        },
        clip: stamp.and_then(|s| Some((clip_of(given, place)?, s.faces()))),
    })
}

fn without_last(file: &ClipFile) -> Result<ClipFile> {
    let mut file = file.clone();
    match file.rep.pop() {
        Some(_) => Ok(file),
        None => Err(own::nothing_to_undo()),
    }
}

fn place(given: &Path, results: Option<&Path>) -> Result<Place> {
    let kind = Input::of(given.into());
    let folder_given = given.is_dir() || given.extension().is_some_and(|e| e == "json");
    let found = match (folder_given, results) {
        (true, _) => {
            let folder = match given.is_dir() {
                true => given.to_path_buf(),
                false => super::home_of(given).to_path_buf(),
            };
            let file = own::file_of_results(&folder).ok_or_else(|| Error::Usage {
                what: format!("{} does not say which clip it belongs to", folder.display()),
                hint: "Name the clip: formcheck reps CLIP --results FOLDER.".into(),
            })?;
            Place {
                file,
                results: folder,
            }
        }
        (false, results) => Place {
            file: own::clip_file(&kind),
            results: results.map_or_else(|| super::results_folder(&kind), Path::to_path_buf),
        },
    };
    if !found.results.join(folder::RECORDING).exists() {
        return Err(Error::Usage {
            what: format!("{} holds no results yet", found.results.display()),
            hint: "Analyse the clip first: formcheck analyze CLIP.".into(),
        });
    }
    Ok(found)
}

/// The video that the results were made from, when it is still there.
fn clip_of(given: &Path, place: &Place) -> Option<PathBuf> {
    let named = Some(given.to_path_buf());
    let named = named.filter(|p| is_video(p));
    named.or_else(|| clip_beside(&place.results))
}

/// The video beside a folder of results that is named after it.
pub fn clip_beside(results: &Path) -> Option<PathBuf> {
    let clip = results
        .extension()
        .filter(|e| *e == "formcheck")
        .map(|_| results.with_extension(""));
    clip.filter(|p| is_video(p))
}

fn is_video(path: &Path) -> bool {
    let named_so = path.extension().is_some_and(|e| e != "json" && e != "toml");
    named_so && path.is_file() && matches!(Input::of(path.into()), Input::Video(_))
}

fn judged(place: &Place, own: ClipFile, change: &Rerender) -> Result<SessionReport> {
    let recording = input::read_recording(&place.results.join(folder::RECORDING))?;
    let earlier = folder::stored(&place.results).ok();
    judged_again(&recording, earlier, Some(own), change)
}

/// A correction as it is written down.
fn written(report: &SessionReport, correction: &Correction) -> Result<Vec<RepEdit>> {
    let at = |number: u32| rep(report, number).map(|rep| RepEdit::at(moment(report, rep)));
    Ok(match correction {
        Correction::Drop(numbers) => numbers
            .iter()
            .map(|n| at(*n).map(|edit| RepEdit { drop: true, ..edit }))
            .collect::<Result<_>>()?,
        Correction::Merge(first, last) if first == last => {
            return Err(Error::Usage {
                what: "a rep cannot be merged with itself".into(),
                hint: "Name the first and the last rep of those that are one.".into(),
            });
        }
        Correction::Merge(first, last) => vec![RepEdit {
            merge_with_s: Some(at(*last)?.at_s),
            ..at(*first)?
        }],
        Correction::Time {
            rep,
            start,
            turn,
            end,
        } => vec![RepEdit {
            start_s: *start,
            turn_s: *turn,
            end_s: *end,
            ..at(*rep)?
        }],
        Correction::Note(rep, text) => vec![RepEdit {
            note: Some(text.clone()),
            ..at(*rep)?
        }],
        Correction::Tag(rep, tags) => vec![RepEdit {
            tags: tags.clone(),
            ..at(*rep)?
        }],
        Correction::Undo => Vec::new(),
    })
}

fn rep(report: &SessionReport, number: u32) -> Result<&Rep> {
    let found = report.reps.iter().find(|r| r.number == number);
    found.ok_or_else(|| Error::Usage {
        what: format!("there is no rep {number}"),
        hint: format!("There are reps 1 to {}.", report.reps.len()),
    })
}

/// A moment that means this rep as it was found: that of an earlier correction of it, else its turn.
fn moment(report: &SessionReport, rep: &Rep) -> Seconds {
    let earlier = report
        .edits
        .iter()
        .find(|e| e.rep == Some(rep.number) && !e.written.only_says());
    earlier.map_or(rep.turn_s, |e| e.written.at_s)
}
