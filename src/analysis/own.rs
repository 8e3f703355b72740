//! The user's own files: `config.toml` for every clip, and `CLIP.formcheck.toml` beside one clip with its lift and
//! limits, its notes, and its corrected reps. Both are read strictly: a key that is not known is an error with its line.

use super::input::{Input, results_folder, unreadable};
use crate::choices::{Choices, LIMIT_DEG, PLATE_DIAMETER_MM, STATURE_CM};
use crate::diary::SetNotes;
use crate::edits::RepEdit;
use crate::error::{Error, Result};
use crate::units::{Angle, Seconds};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use toml_edit::{ArrayOfTables, DocumentMut, Item, Table, value};

/// `CLIP.formcheck.toml`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ClipFile {
    /// The lift and the limits, over `config.toml` and under the flags.
    pub settings: Choices,
    /// What the lifter says about the set.
    pub notes: SetNotes,
    /// Corrections of single reps.
    pub rep: Vec<RepEdit>,
}

/// `config.toml`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct ConfigFile {
    settings: Choices,
}

/// What the user's `config.toml` says; nothing when there is none. It lies in `formcheck/` of `$XDG_CONFIG_HOME`, or of
/// `~/.config`.
pub fn config() -> Result<Choices> {
    let variable = |name| std::env::var_os(name).filter(|v| !v.is_empty());
    let home = variable("XDG_CONFIG_HOME")
        .map(PathBuf::from)
        .or_else(|| variable("HOME").map(|h| Path::new(&h).join(".config")));
    let Some(home) = home else {
        return Ok(Choices::default());
    };
    let path = home.join("formcheck/config.toml");
    let settings = read::<ConfigFile>(&path)?.unwrap_or_default().settings;
    check_limit(&path, &settings).map(|()| settings)
}

/// Where the file of `input` is, whether it is there or not.
pub fn clip_file(input: &Input) -> PathBuf {
    with_type(results_folder(input))
}

/// Where the file is that belongs to the results in `folder`; `None` when the folder's name does not say so.
pub fn file_of_results(folder: &Path) -> Option<PathBuf> {
    let named = folder.extension().is_some_and(|e| e == "formcheck");
    named.then(|| with_type(folder.into()))
}

fn with_type(folder: PathBuf) -> PathBuf {
    let mut name = folder.into_os_string();
    name.push(".toml");
    name.into()
}

/// Reads a clip's file; `None` when there is none.
pub fn clip(path: &Path) -> Result<Option<ClipFile>> {
    let Some(file) = read::<ClipFile>(path)? else {
        return Ok(None);
    };
    check_limit(path, &file.settings)?;
    let mut times = file.rep.iter().flat_map(|edit| {
        let given = [edit.merge_with_s, edit.start_s, edit.turn_s, edit.end_s];
        given.into_iter().flatten().chain([edit.at_s])
    });
    if times.any(|t| !t.get().is_finite()) {
        return Err(bad(
            path,
            "a time of a [[rep]] is not a number of seconds".into(),
        ));
    }
    Ok(Some(file))
}

fn check_limit(path: &Path, choices: &Choices) -> Result<()> {
    match choices.limit_deg.map(Angle::degrees) {
        Some(limit) if !LIMIT_DEG.contains(&limit) => Err(bad(
            path,
            format!("limit_deg is {limit}; a limit lies between 1 and 90 degrees"),
        )),
        _ if choices.discomfort_limit.is_some_and(|d| d > 10) => {
            Err(bad(path, "discomfort_limit lies between 0 and 10".into()))
        }
        _ if choices.sessions_before_deeper == Some(0) => {
            Err(bad(path, "sessions_before_deeper is at least 1".into()))
        }
        _ if choices.step_cm.is_some_and(|s| !(0.5..=30.0).contains(&s)) => {
            Err(bad(path, "step_cm lies between 0.5 and 30".into()))
        }
        _ if choices.stature_cm.is_some_and(|s| !STATURE_CM.contains(&s)) => {
            Err(bad(path, "stature_cm lies between 120 and 230".into()))
        }
        _ if choices
            .plate_diameter_mm
            .is_some_and(|d| !PLATE_DIAMETER_MM.contains(&d)) =>
        {
            Err(bad(
                path,
                "plate_diameter_mm lies between 150 and 500".into(),
            ))
        }
        _ => Ok(()),
    }
}

fn read<T: DeserializeOwned>(path: &Path) -> Result<Option<T>> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(e) => return Err(unreadable(path, &e)),
    };
    toml_edit::de::from_str(&text).map(Some).map_err(|e| {
        let line = e.span().map_or(1, |span| line_of(&text, span.start));
        // the message may go on with hints on lines of their own
        let what = e.message().lines().collect::<Vec<_>>().join(", ");
        bad(path, format!("line {line}: {what}"))
    })
}

fn line_of(text: &str, byte: usize) -> usize {
    text.as_bytes()[..byte.min(text.len())]
        .iter()
        .filter(|b| **b == b'\n')
        .count()
        + 1
}

fn bad(path: &Path, what: String) -> Error {
    Error::BadInput {
        path: path.into(),
        what,
        hint: "Mend the line, or take it out; the README shows what the file may say.".into(),
    }
}

/// Puts a correction at the end of a clip's file, which need not exist. Comments and order stay.
pub fn add(path: &Path, edit: &RepEdit) -> Result<()> {
    change(path, |reps| {
        reps.push(table(edit));
        Ok(())
    })
}

/// Takes the last correction out of a clip's file again.
pub fn undo(path: &Path) -> Result<()> {
    change(path, |reps| match reps.len() {
        0 => Err(nothing_to_undo()),
        n => {
            reps.remove(n - 1);
            Ok(())
        }
    })
}

/// The error when there is no correction to take back.
pub fn nothing_to_undo() -> Error {
    Error::Usage {
        what: "there is no correction to take back".into(),
        hint: "formcheck reps CLIP lists what there is.".into(),
    }
}

fn change(path: &Path, act: impl FnOnce(&mut ArrayOfTables) -> Result<()>) -> Result<()> {
    // strict reading first: what is not understood is not written to
    clip(path)?;
    let text = fs::read_to_string(path).unwrap_or_default();
    let mut document: DocumentMut = text
        .parse()
        .map_err(|e: toml_edit::TomlError| bad(path, e.message().into()))?;
    let reps = document
        .entry("rep")
        .or_insert(Item::ArrayOfTables(ArrayOfTables::new()));
    let Some(reps) = reps.as_array_of_tables_mut() else {
        return Err(bad(path, "its reps are not [[rep]] tables".into()));
    };
    act(reps)?;
    store(path, &document.to_string())
}

fn table(edit: &RepEdit) -> Table {
    let mut table = Table::new();
    let mut put = |name: &str, what: Option<Item>| {
        if let Some(what) = what {
            table.insert(name, what);
        }
    };
    let time = |t: Seconds| value(crate::units::rounded(t.get(), 1000.0));
    put("at_s", Some(time(edit.at_s)));
    put("drop", edit.drop.then(|| value(true)));
    put("merge_with_s", edit.merge_with_s.map(time));
    put("start_s", edit.start_s.map(time));
    put("turn_s", edit.turn_s.map(time));
    put("end_s", edit.end_s.map(time));
    put("note", edit.note.as_ref().map(value));
    let tags: toml_edit::Array = edit.tags.iter().collect();
    put("tags", (!tags.is_empty()).then(|| value(tags)));
    table
}

/// Writes beside the place and renames, so that the file is never half there.
fn store(path: &Path, text: &str) -> Result<()> {
    let failed = |source| Error::Output {
        path: path.into(),
        source,
    };
    let _writing = super::folder::hold_writes();
    let mut file = tempfile::Builder::new()
        .prefix(".formcheck-")
        .tempfile_in(super::home_of(path))
        .map_err(failed)?;
    file.write_all(text.as_bytes()).map_err(failed)?;
    // the file is the user's own: readable as any file they make
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let open = fs::Permissions::from_mode(0o644);
        file.as_file().set_permissions(open).map_err(failed)?;
    }
    file.persist(path).map_err(|e| failed(e.error))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(text: &str) -> (tempfile::TempDir, PathBuf) {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("set.mp4.formcheck.toml");
        fs::write(&path, text).unwrap();
        (home, path)
    }

    #[test]
    fn all_that_a_clip_file_may_say_is_read() {
        let (_home, path) = written(
            "[settings]\nlift = \"rdl\"\nprofile = \"strict\"\nlimit_deg = 25\n\
             [notes]\nload_kg = 80\nbelt = true\nnote = \"easy\"\n\
             [[rep]]\nat_s = 12\ndrop = true\n[[rep]]\nat_s = 20.5\nstart_s = 19\ntags = [\"belt\"]\n",
        );
        let file = clip(&path).unwrap().unwrap();
        assert_eq!(file.settings.limit_deg, Some(Angle::from_degrees(25.0)));
        assert_eq!(file.notes.load_kg, Some(80.0));
        assert_eq!(file.rep.len(), 2);
        assert!(file.rep[0].drop && file.rep[1].retimes());
    }

    #[test]
    fn a_fault_is_named_with_its_line() {
        for (text, line, word) in [
            ("[settings]\n\nlimt = 3\n", "line 3", "limt"),
            ("[[rep]]\nat_s = 1\ndorp = true\n", "line 3", "dorp"),
            ("[[rep]]\ndrop = true\n", "line 1", "at_s"),
            ("[notes]\nload_kg = \"heavy\"\n", "line 2", "string"),
            ("[settings]\nlift = \"curl\"\n", "line 2", "curl"),
            ("a = [\n", "line", ""),
            ("[settings]\nlimit_deg = 120\n", "limit_deg", "1 and 90"),
            ("[[rep]]\nat_s = nan\n", "time", ""),
        ] {
            let (_home, path) = written(text);
            let said = clip(&path).unwrap_err().to_string();
            assert!(said.contains(line) && said.contains(word), "{said}");
            assert!(!said.contains('\n'), "{said}");
        }
    }

    #[test]
    fn writing_keeps_comments_and_undo_takes_the_last_back() {
        let before = "# my set\n[settings]  # strict for now\nprofile = \"strict\"\n";
        let (_home, path) = written(before);
        let edit = RepEdit {
            note: Some("said \"ow\"\nthen fine".into()),
            tags: vec!["belt".into()],
            ..RepEdit::at(Seconds::new(12.34567))
        };
        add(&path, &edit).unwrap();
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.starts_with(before), "{text}");
        let read = clip(&path).unwrap().unwrap().rep;
        assert_eq!(read[0].note, edit.note);
        assert_eq!(read[0].at_s, Seconds::new(12.346));
        undo(&path).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap().trim(), before.trim());
        assert!(undo(&path).is_err());
    }
}
