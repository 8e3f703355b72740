//! `formcheck compare`: two sets side by side, or the sets of a folder paired by what was different about them.

use crate::cli::Compare;
use formcheck::analysis::{self, Opened};
use formcheck::compare::{self, Comparison};
use formcheck::error::{Error, Result};
use formcheck::report::{self, Illustrated, Pair};
use std::path::Path;

/// A pair of sets and how they differ.
struct Compared {
    a: Opened,
    b: Opened,
    comparison: Comparison,
}

/// What goes to stdout. The page is written when it was asked for.
pub fn run(args: &Compare, diary: Option<&Path>) -> Result<Vec<u8>> {
    let compared = match (&args.by, args.sets.as_slice()) {
        (None, [a, b]) => vec![two(a, b, diary)?],
        (Some(by), [folder]) => paired(folder, by)?,
        (None, _) => {
            return Err(usage(
                "two sets are needed",
                "Give two clips, reports, recordings or numbers of the diary, or one folder with --by belt, block or tag:NAME.",
            ));
        }
        (Some(_), _) => {
            return Err(usage(
                "--by pairs the sets of one folder",
                "Give one folder that holds the results of several clips.",
            ));
        }
    };
    if let Some(place) = &args.html {
        write_page(place, &compared)?;
    }
    if args.json {
        json(&compared, args)
    } else {
        Ok(text(&compared, args))
    }
}

/// The set that a user names: by a path, or where nothing lies there by its number in the diary. One place for every kind
/// of name.
fn resolve(given: &Path, diary: Option<&Path>) -> Result<Opened> {
    match (number(given), given.exists()) {
        (Some(id), false) => from_diary(id, diary),
        _ => analysis::opened(given),
    }
}

fn number(given: &Path) -> Option<i64> {
    given.to_str()?.parse().ok()
}

#[cfg(feature = "history")]
fn from_diary(id: i64, diary: Option<&Path>) -> Result<Opened> {
    let diary = super::history::open(diary)?;
    let report = diary.report(id)?;
    let results = diary.entry(id)?.results;
    // where the results have gone, or are of another run, outlines stand in for the pictures
    let home = results
        .filter(|home| analysis::stored(Path::new(home)).is_ok_and(|r| r.clip == report.clip));
    let pictures = home.map(|home| analysis::pictures_of(Path::new(&home), &report));
    Ok(Opened {
        report,
        pictures: pictures.unwrap_or_default(),
    })
}

#[cfg(not(feature = "history"))]
fn from_diary(id: i64, _: Option<&Path>) -> Result<Opened> {
    Err(usage(
        &format!("{id} may be a session of a diary, and this build keeps none"),
        "Give a clip, a report or a recording, or build with the feature `history`.",
    ))
}

fn two(a: &Path, b: &Path, diary: Option<&Path>) -> Result<Compared> {
    compared(resolve(a, diary)?, resolve(b, diary)?)
}

fn compared(a: Opened, b: Opened) -> Result<Compared> {
    let comparison = compare::compare(&a.report, &b.report)?;
    Ok(Compared { a, b, comparison })
}

fn paired(folder: &Path, by: &compare::By) -> Result<Vec<Compared>> {
    let sets: Vec<Opened> = analysis::sets_in(folder)?
        .into_iter()
        .map(|s| s.1)
        .collect();
    let reports: Vec<_> = sets.iter().map(|s| s.report.clone()).collect();
    let pairs = compare::pairs(&reports, by);
    if pairs.is_empty() {
        let hint = match by {
            compare::By::Belt => {
                "It takes one set with a belt and one without, of the same lift, lifter and height, and notes that say so."
            }
            compare::By::Block => {
                "It takes two block heights of the same lift and lifter, and notes that say so."
            }
            compare::By::Tag(_) => {
                "It takes one set with the tag and one without, of the same lift, lifter and height."
            }
        };
        let what = format!(
            "no two of the {} sets in {} make a pair",
            sets.len(),
            folder.display()
        );
        return Err(usage(&what, hint));
    }
    let pair = |(a, b): (usize, usize)| compared(sets[a].clone(), sets[b].clone());
    pairs.into_iter().map(pair).collect()
}

fn text(compared: &[Compared], args: &Compare) -> Vec<u8> {
    let blocks: Vec<String> = compared
        .iter()
        .map(|c| report::compare::text(&c.comparison))
        .collect();
    let page = args
        .html
        .as_ref()
        .map(|place| format!("\n  {}\n", place.display()));
    (blocks.join("\n") + &page.unwrap_or_default()).into_bytes()
}

/// One pair is a comparison; pairs of a folder are a list of them.
fn json(compared: &[Compared], args: &Compare) -> Result<Vec<u8>> {
    let all: Vec<&Comparison> = compared.iter().map(|c| &c.comparison).collect();
    match all.as_slice() {
        [one] if args.by.is_none() => report::compare::json(one),
        all => {
            let document =
                serde_json::json!({"schema": "formcheck/comparisons/1", "comparisons": all});
            Ok(format!("{document}\n").into_bytes())
        }
    }
}

fn write_page(place: &Path, compared: &[Compared]) -> Result<()> {
    // a slip of the keys must not replace a clip by a page
    if !place
        .extension()
        .is_some_and(|e| e.eq_ignore_ascii_case("html"))
    {
        let what = format!("{} is not the name of a page", place.display());
        return Err(usage(&what, "Give a file name that ends in .html."));
    }
    let pairs: Vec<Pair> = compared
        .iter()
        .map(|c| Pair {
            comparison: &c.comparison,
            a: illustrated(&c.a),
            b: illustrated(&c.b),
        })
        .collect();
    analysis::write_file(place, report::comparison_page(&pairs)?.as_bytes())
}

fn illustrated(set: &Opened) -> Illustrated<'_> {
    Illustrated {
        report: &set.report,
        pictures: &set.pictures,
    }
}

fn usage(what: &str, hint: &str) -> Error {
    Error::Usage {
        what: what.into(),
        hint: hint.into(),
    }
}
