//! The diary: nothing lost, nothing doubled, whatever happens to the process, the disk or the schema.

mod again;
mod calibrate;
mod crash;
mod made_up_weeks;
mod pages;
mod program;
mod sequences;

use crate::made_up;
use formcheck::diary::{Discomfort, Entry, NoteField, SetNotes};
use formcheck::history::{Edit, History, OwnReference, Recorded, Session, Whose};
use formcheck::session::{LiftKind, SessionReport};
use std::path::Path;
use tempfile::TempDir;

/// A small report of the clip with this number.
pub fn report(clip: u32, notes: SetNotes) -> SessionReport {
    let mut report = made_up::report();
    report.clip.name = format!("clip_{clip}.mp4");
    report.clip.content_sha256 = Some(format!("{clip:064x}"));
    report.track.truncate(20);
    for rep in &mut report.reps {
        rep.proofs.clear();
    }
    report.notes = notes;
    report
}

fn record(history: &mut History, report: &SessionReport) -> Recorded {
    let session = Session {
        report,
        filmed_at: None,
        results: None,
    };
    history.record(&session).unwrap()
}

fn entries(history: &History) -> Vec<Entry> {
    history.entries(&Whose::default()).unwrap()
}

fn open(home: &TempDir) -> History {
    History::open(&home.path().join("history.sqlite")).unwrap()
}

fn anna(load_kg: f64) -> SetNotes {
    SetNotes {
        lifter: Some("Anna".into()),
        load_kg: Some(load_kg),
        ..Default::default()
    }
}

fn next_morning(rating: u8) -> Edit {
    Edit {
        notes: SetNotes {
            discomfort: Discomfort {
                next_morning: Some(rating),
                ..Default::default()
            },
            ..Default::default()
        },
        cleared: Vec::new(),
    }
}

#[test]
fn analysing_the_same_clip_again_renews_what_was_measured_and_keeps_what_was_written() {
    let home = TempDir::new().unwrap();
    let mut history = open(&home);
    let first = record(&mut history, &report(1, anna(60.0))).entry;
    let edit = Edit {
        notes: SetNotes {
            load_kg: Some(62.5),
            ..next_morning(3).notes
        },
        cleared: Vec::new(),
    };
    history.edit(first.id, &edit).unwrap();

    let mut again = report(1, anna(60.0));
    again.clip.name = "renamed.mp4".into();
    again.set.left_neutral = 4;
    let recorded = record(&mut history, &again);
    assert_eq!(recorded.kept, [NoteField::Load]);
    let all = entries(&history);
    assert_eq!(all.len(), 1);
    assert_eq!((all[0].id, all[0].clip.as_str()), (first.id, "renamed.mp4"));
    assert_eq!(all[0].measured.left_neutral, 4);
    assert_eq!(all[0].notes.load_kg, Some(62.5));
    assert_eq!(all[0].notes.discomfort.next_morning, Some(3));
    assert_eq!(
        history.report(first.id).unwrap().notes,
        all[0].notes,
        "a report from the diary has the notes of the diary"
    );
}

#[test]
fn what_was_taken_back_by_hand_does_not_come_back() {
    let home = TempDir::new().unwrap();
    let mut history = open(&home);
    let id = record(&mut history, &report(1, anna(60.0))).entry.id;
    let edit = Edit {
        notes: SetNotes::default(),
        cleared: vec![NoteField::Load],
    };
    history.edit(id, &edit).unwrap();
    let again = record(&mut history, &report(1, anna(60.0)));
    assert_eq!(again.entry.notes.load_kg, None);
    assert_eq!(again.kept, [NoteField::Load]);
}

#[test]
fn outcomes_are_of_one_lifter_and_lift_oldest_first() {
    let home = TempDir::new().unwrap();
    let mut history = open(&home);
    let days = ["2026-10-12", "2026-10-05", "2026-10-19"];
    for (clip, day) in (1..).zip(days) {
        let notes = SetNotes {
            performed_on: Some(day.into()),
            ..anna(60.0)
        };
        record(&mut history, &report(clip, notes));
    }
    record(&mut history, &report(8, SetNotes::default()));
    let mut squat = report(9, anna(60.0));
    squat.lift.kind = LiftKind::Squat;
    record(&mut history, &squat);

    let found = history.outcomes(Some("ANNA "), LiftKind::Deadlift).unwrap();
    let found: Vec<_> = found
        .iter()
        .map(|o| o.notes.performed_on.as_deref().unwrap())
        .collect();
    assert_eq!(found, ["2026-10-05", "2026-10-12", "2026-10-19"]);
    let nobody = history.outcomes(None, LiftKind::Deadlift).unwrap();
    assert_eq!(nobody.len(), 1);
    let before = history.before(&format!("{:064x}", 1), Some("Anna"), LiftKind::Deadlift);
    let before = before.unwrap();
    assert_eq!(before.outcomes.len(), 1, "only what was lifted before it");
    let last = before.last.expect("the report of the one before it");
    assert_eq!(
        last.notes.performed_on,
        before.outcomes[0].notes.performed_on
    );
}

#[test]
fn a_reference_of_a_lifter_is_kept_and_the_latest_is_given() {
    let home = TempDir::new().unwrap();
    let mut history = open(&home);
    let made = |made_on: &str, range: f64| OwnReference {
        lifter: "Anna".into(),
        made_on: made_on.into(),
        payload: serde_json::json!({ "range_deg": range }),
    };
    assert_eq!(history.reference("Anna").unwrap(), None);
    for (day, range) in [
        ("2026-10-05", 61.5),
        ("2026-11-02", 63.0),
        ("2026-10-20", 60.0),
    ] {
        history.put_reference(&made(day, range)).unwrap();
    }
    history.put_reference(&made("2026-11-02", 64.0)).unwrap();
    assert_eq!(
        history.reference("anna").unwrap(),
        Some(made("2026-11-02", 64.0))
    );
    assert_eq!(history.references().unwrap().len(), 3);
    assert!(history.put_reference(&made("yesterday", 1.0)).is_err());
}

#[test]
fn an_export_read_elsewhere_is_the_same_diary() {
    let (home, other) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let mut history = open(&home);
    for clip in 0..5 {
        record(&mut history, &report(clip, anna(60.0 + f64::from(clip))));
    }
    history.edit(3, &next_morning(2)).unwrap();
    history
        .put_reference(&OwnReference {
            lifter: "Anna".into(),
            made_on: "2026-10-05".into(),
            payload: serde_json::json!([1.5, null]),
        })
        .unwrap();
    let lines = exported(&history);
    let mut copy = open(&other);
    let done = copy.import(lines.as_slice(), "copy").unwrap();
    assert_eq!((done.added, done.references), (5, 1));
    assert_eq!(entries(&copy), entries(&history));
    assert_eq!(exported(&copy), lines);
    let again = copy.import(lines.as_slice(), "copy").unwrap();
    assert_eq!((again.added, again.filled_in, again.known), (0, 0, 5));
    assert_eq!(exported(&copy), lines);
}

#[test]
fn an_import_fills_in_and_never_replaces() {
    let (home, other) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let (mut history, mut copy) = (open(&home), open(&other));
    record(&mut history, &report(1, anna(60.0)));
    history.edit(1, &next_morning(2)).unwrap();
    record(&mut copy, &report(1, anna(65.0)));
    let done = copy.import(exported(&history).as_slice(), "copy").unwrap();
    assert_eq!(done.filled_in, 1);
    let notes = &entries(&copy)[0].notes;
    assert_eq!(
        (notes.load_kg, notes.discomfort.next_morning),
        (Some(65.0), Some(2))
    );
}

#[test]
fn an_import_with_one_bad_line_changes_nothing_and_names_it() {
    let (home, other) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let (mut history, mut copy) = (open(&home), open(&other));
    record(&mut history, &report(1, anna(60.0)));
    let good = String::from_utf8(exported(&history)).unwrap();
    for bad in [
        "no line",
        "{}",
        &good.replace("\"content_sha256\":\"0", "\"content_sha256\":\"../"),
        &good.replace("\"filmed_on\":\"2", "\"filmed_on\":\"9999"),
    ] {
        let lines = format!("{good}{bad}");
        let error = copy.import(lines.as_bytes(), "copy").unwrap_err();
        assert!(error.to_string().contains("line 2"), "{error}");
        assert_eq!(error.exit_code(), 3);
        assert!(entries(&copy).is_empty());
    }
}

#[test]
fn a_diary_of_the_first_schema_is_brought_up_to_date() {
    let home = TempDir::new().unwrap();
    let path = home.path().join("history.sqlite");
    first_schema(&path);
    let mut history = History::open(&path).unwrap();
    let all = entries(&history);
    assert_eq!(all.len(), 1);
    assert_eq!(all[0].notes, anna(60.0));
    assert_eq!(history.report(all[0].id).unwrap().reps.len(), 5);
    assert_eq!(history.reference("Anna").unwrap(), None);
    assert_eq!(record(&mut history, &report(1, anna(70.0))).entry.id, 7);
}

/// A diary as the first version wrote it, with one session, number 7.
fn first_schema(path: &Path) {
    let db = rusqlite::Connection::open(path).unwrap();
    db.execute_batch(include_str!("../../../src/history/v1.sql"))
        .unwrap();
    let report = report(1, anna(60.0));
    let measured = formcheck::diary::Measured::of(&report);
    let text = |value: serde_json::Value| value.to_string();
    db.execute(
        "INSERT INTO sessions VALUES (7, ?1, 'clip_1.mp4', 'anna', 'deadlift', 20700, 20700, ?2, '[]', ?3, NULL)",
        rusqlite::params![
            format!("{:064x}", 1),
            text(serde_json::to_value(&report.notes).unwrap()),
            text(serde_json::to_value(measured).unwrap())
        ],
    )
    .unwrap();
    let whole = text(serde_json::to_value(&report).unwrap());
    db.execute("INSERT INTO reports VALUES (7, ?1)", [whole])
        .unwrap();
    db.pragma_update(None, "user_version", 1).unwrap();
}

#[test]
fn a_diary_of_a_newer_program_is_left_alone() {
    let home = TempDir::new().unwrap();
    record(&mut open(&home), &report(1, anna(60.0)));
    let path = home.path().join("history.sqlite");
    let db = rusqlite::Connection::open(&path).unwrap();
    db.pragma_update(None, "user_version", 99).unwrap();
    let Err(error) = History::open(&path) else {
        panic!("it was opened");
    };
    assert!(error.to_string().contains("newer"), "{error}");
    let rows: u32 = db
        .query_row("SELECT count(*) FROM sessions", [], |row| row.get(0))
        .unwrap();
    assert_eq!(rows, 1);
}

/// The diary as JSON lines.
fn exported(history: &History) -> Vec<u8> {
    let mut lines = Vec::new();
    history.export(&mut lines).unwrap();
    lines
}
