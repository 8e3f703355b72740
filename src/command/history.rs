//! `formcheck history`: the diary listed, edited, written as a page.

use crate::cli::history::{Add, Edit, History as Args, Html, What};
use crate::print;
use formcheck::analysis;
use formcheck::diary::Entry;
use formcheck::error::{Error, Result};
use formcheck::history::{self, History, Session, Whose};
use formcheck::report::{ramp, sessions};
use std::fs::File;
use std::io::{BufReader, BufWriter};
use std::path::{Path, PathBuf};

/// Where the page goes when no place is given.
const PAGE: &str = "formcheck-history.html";

/// The diary at `place`, else where the environment says, else at its usual place.
pub fn open(place: Option<&Path>) -> Result<History> {
    History::open(&place_of(place)?)
}

/// Where the diary is, or would be.
pub fn place_of(place: Option<&Path>) -> Result<PathBuf> {
    let said = |name: &str| std::env::var_os(name).filter(|v| !v.is_empty());
    let usual = || {
        // the XDG specification: what is not absolute is ignored
        let data = said("XDG_DATA_HOME")
            .map(PathBuf::from)
            .filter(|p| p.is_absolute());
        let data = data.or_else(|| Some(PathBuf::from(said("HOME")?).join(".local/share")));
        Some(data?.join("formcheck/history.sqlite"))
    };
    place
        .map(Into::into)
        .or_else(|| said("FORMCHECK_HISTORY").map(PathBuf::from))
        .or_else(usual)
        .ok_or_else(|| Error::Usage {
            what: "no place for the diary: neither HOME nor XDG_DATA_HOME is set".into(),
            hint: "Name a file with --history FILE.".into(),
        })
}

/// Runs the command.
pub fn run(args: &Args, place: Option<&Path>) -> Result<u8> {
    if args.what.is_some() && (args.list.lifter.is_some() || args.list.json) {
        return Err(Error::Usage {
            what: "--lifter and --json before the subcommand say nothing".into(),
            hint: "Put them behind it, where it has them: formcheck history html --lifter NAME"
                .into(),
        });
    }
    let mut diary = open(place)?;
    match &args.what {
        None => {
            let entries = entries(&diary, args.list.lifter.as_deref())?;
            let text = if args.list.json {
                sessions::json(&entries)?
            } else {
                sessions::table(&entries)
            };
            print(text.as_bytes())
        }
        Some(What::Add(add)) => added(&mut diary, add),
        Some(What::Edit(edit)) => edited(&mut diary, edit),
        Some(What::Remove { ids }) => removed(&mut diary, ids),
        Some(What::Export) => exported(&diary),
        Some(What::Import { file }) => imported(&mut diary, file),
        Some(What::Html(html)) => page(&diary, html),
    }
}

fn entries(diary: &History, lifter: Option<&str>) -> Result<Vec<Entry>> {
    diary.entries(&Whose {
        lifter: lifter.map(Into::into),
        lift: None,
    })
}

fn added(diary: &mut History, add: &Add) -> Result<u8> {
    let mut report = analysis::stored(&add.report)?;
    report.notes = report.notes.overlaid(&add.notes.said());
    let home = if add.report.is_dir() {
        &add.report
    } else {
        analysis::home_of(&add.report)
    };
    let written = std::fs::metadata(&add.report).and_then(|m| m.modified());
    let recorded = diary.record(&Session {
        report: &report,
        filmed_at: written.ok(),
        results: std::path::absolute(home).ok().as_deref(),
    })?;
    print(sessions::table(&[recorded.entry]).as_bytes())
}

fn edited(diary: &mut History, edit: &Edit) -> Result<u8> {
    let change = history::Edit {
        notes: edit.notes.said(),
        cleared: edit.clear.iter().map(|c| c.field()).collect(),
    };
    if change == history::Edit::default() {
        return Err(Error::Usage {
            what: "nothing to change was given".into(),
            hint: "For example: formcheck history edit 3 --discomfort-next-morning 1".into(),
        });
    }
    let entry = diary.edit(edit.id, &change)?;
    print(sessions::table(&[entry]).as_bytes())
}

fn removed(diary: &mut History, ids: &[i64]) -> Result<u8> {
    for id in ids {
        let entry = diary.remove(*id)?;
        print(sessions::removed(&entry).as_bytes())?;
    }
    Ok(0)
}

fn exported(diary: &History) -> Result<u8> {
    match diary.export(BufWriter::new(std::io::stdout().lock())) {
        // a reader that has gone away (`| head`) is no error
        Err(Error::Output { source, .. }) if source.kind() == std::io::ErrorKind::BrokenPipe => {
            Ok(0)
        }
        done => done.map(|()| 0),
    }
}

fn imported(diary: &mut History, file: &Path) -> Result<u8> {
    let done = if file == Path::new("-") {
        diary.import(std::io::stdin().lock(), "stdin")?
    } else {
        let opened = File::open(file).map_err(|e| Error::BadInput {
            path: file.into(),
            what: e.to_string(),
            hint: "Give a file that `formcheck history export` wrote.".into(),
        })?;
        diary.import(BufReader::new(opened), &file.display().to_string())?
    };
    let text = format!(
        "{} new, {} filled in, {} already known; {} calibrations new\n",
        done.added, done.filled_in, done.known, done.references
    );
    print(text.as_bytes())
}

fn page(diary: &History, html: &Html) -> Result<u8> {
    let entries = entries(diary, html.lifter.as_deref())?;
    let out = html.out.clone().unwrap_or_else(|| PAGE.into());
    let page = ramp::html(&entries, &|entry| super::overview::link_to(entry, &out))?;
    analysis::write_file(&out, page.as_bytes())?;
    print(format!("{}\n", out.display()).as_bytes())
}
