//! The diary as a user of the program meets it.

use crate::synthetic_lifter;
use std::path::Path;
use std::process::{Command, Output};
use tempfile::TempDir;

pub fn formcheck(folder: &Path, diary: &str, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_formcheck"))
        .args(args)
        .current_dir(folder)
        .env("FORMCHECK_HISTORY", diary)
        .output()
        .expect("the program starts")
}

pub fn said(output: &Output) -> (i32, String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (
        output.status.code().unwrap(),
        text(&output.stdout),
        text(&output.stderr),
    )
}

fn with_recordings(names: &[&str]) -> TempDir {
    let home = TempDir::new().unwrap();
    for name in names {
        let lines = synthetic_lifter::lines(&synthetic_lifter::squats(&format!("{name}.mp4")));
        std::fs::write(home.path().join(format!("{name}.jsonl")), lines).unwrap();
    }
    home
}

pub fn list(folder: &Path) -> Vec<serde_json::Value> {
    let output = formcheck(folder, "h.sqlite", &["history", "--json"]);
    let all: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    all["sessions"].as_array().unwrap().clone()
}

#[test]
fn an_analysed_set_is_in_the_diary_once_with_what_was_said() {
    let home = with_recordings(&["set"]);
    let run = |args: &[&str]| {
        let (code, _, errors) = said(&formcheck(home.path(), "h.sqlite", args));
        assert_eq!(code, 0, "{errors}");
        errors
    };
    run(&[
        "analyze",
        "set.jsonl",
        "--lifter",
        " Anna ",
        "--load-kg",
        "62,5",
        "--no-belt",
        "--tag",
        "light",
    ]);
    run(&[
        "analyze",
        "set.jsonl",
        "--discomfort-after",
        "2",
        "--date",
        "2026-10-05",
    ]);
    run(&[
        "history",
        "edit",
        "1",
        "--discomfort-next-morning",
        "3",
        "--load-kg",
        "60",
    ]);
    let errors = run(&["analyze", "set.jsonl", "--force", "--load-kg", "62.5"]);
    assert!(errors.contains("history edit 1 --load-kg"), "{errors}");

    let all = list(home.path());
    assert_eq!(all.len(), 1);
    let notes = &all[0]["notes"];
    assert_eq!(notes["lifter"], "Anna");
    assert_eq!(notes["load_kg"], 60.0);
    assert_eq!(notes["belt"], false);
    assert_eq!(notes["discomfort"]["after"], 2);
    assert_eq!(notes["discomfort"]["next_morning"], 3);
    assert_eq!(all[0]["day"], "2026-10-05");
    let report = std::fs::read_to_string(home.path().join("set.jsonl.formcheck/report.json"));
    let report: serde_json::Value = serde_json::from_str(&report.unwrap()).unwrap();
    assert_eq!(&report["notes"], notes, "the report says the same");
    let page = std::fs::read_to_string(home.path().join("set.jsonl.formcheck/report.html"));
    assert!(page.unwrap().contains("after 2, next morning 3"));
    assert!(run(&["analyze", "set.jsonl"]).contains("Unchanged"));
}

#[test]
fn a_diary_that_fails_costs_a_warning_and_not_the_report() {
    let home = with_recordings(&["set"]);
    std::fs::create_dir(home.path().join("folder")).unwrap();
    std::fs::write(home.path().join("text.sqlite"), "no diary ".repeat(100)).unwrap();
    for (i, diary) in ["folder", "text.sqlite", "set.jsonl/h.sqlite"]
        .iter()
        .enumerate()
    {
        let out = format!("out{i}");
        let output = formcheck(home.path(), diary, &["analyze", "set.jsonl", "--out", &out]);
        let (code, text, errors) = said(&output);
        assert_eq!(code, 0, "{diary}: {errors}");
        assert!(text.contains("report.html"));
        assert!(
            errors.contains("formcheck: warning: the report is there"),
            "{errors}"
        );
        assert_eq!(errors.lines().count(), 2, "a warning and a hint: {errors}");
        let (code, _, errors) = said(&formcheck(home.path(), diary, &["history"]));
        assert_eq!(code, 5, "{errors}");
    }
    let out = ["analyze", "set.jsonl", "--out", "out9", "--no-history"];
    let (code, _, errors) = said(&formcheck(home.path(), "folder", &out));
    assert_eq!((code, errors.as_str()), (0, ""));
}

#[test]
fn no_history_leaves_no_trace_and_keeps_the_notes_in_the_report() {
    let home = with_recordings(&["set"]);
    let args = [
        "analyze",
        "set.jsonl",
        "--no-history",
        "--note",
        "slow",
        "--json",
    ];
    let output = formcheck(home.path(), "h.sqlite", &args);
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["notes"]["note"], "slow");
    assert!(!home.path().join("h.sqlite").exists());
    let args = ["analyze", "set.jsonl", "--no-history", "--force", "--json"];
    let output = formcheck(home.path(), "h.sqlite", &args);
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["notes"]["note"], "slow", "said once is said");
    // as after a kill between the report and the diary
    let (code, _, errors) = said(&formcheck(
        home.path(),
        "h.sqlite",
        &["analyze", "set.jsonl"],
    ));
    assert!(code == 0 && errors.contains("Unchanged"), "{errors}");
    assert_eq!(list(home.path())[0]["notes"]["note"], "slow");
}

#[test]
fn values_that_cannot_be_are_refused_with_the_range() {
    let home = with_recordings(&["set"]);
    for (flag, value, range) in [
        ("--load-kg", "-3", "between 0 and 600 kg"),
        ("--load-kg", "nan", "between 0 and 600 kg"),
        ("--load-kg", "heavy", "not a number of kg"),
        ("--block-cm", "300", "between 0 and 100 cm"),
        ("--seat-cm", "inf", "between 0 and 150 cm"),
        ("--discomfort-after", "11", "from 0 to 10"),
        ("--discomfort-before", "-1", "from 0 to 10"),
        ("--date", "2026-02-30", "YYYY-MM-DD"),
        ("--date", "2199-01-01", "not come yet"),
        ("--date", "1026-01-01", "begins with 1990-01-01"),
        ("--lifter", "  ", "empty"),
        ("--tag", &"x".repeat(31), "at most 30"),
    ] {
        let output = formcheck(
            home.path(),
            "h.sqlite",
            &["analyze", "set.jsonl", flag, value],
        );
        let (code, _, errors) = said(&output);
        assert_eq!(code, 2, "{flag} {value}");
        assert!(errors.contains(range), "{flag} {value}: {errors}");
    }
    let both = ["analyze", "set.jsonl", "--belt", "--no-belt"];
    assert_eq!(said(&formcheck(home.path(), "h.sqlite", &both)).0, 2);
    assert!(!home.path().join("h.sqlite").exists());
}

#[test]
fn the_diary_lists_edits_removes_exports_imports_and_draws() {
    let home = with_recordings(&["a", "b"]);
    let run = |args: &[&str]| said(&formcheck(home.path(), "h.sqlite", args));
    assert!(run(&["history"]).1.contains("No sessions yet"));
    assert_eq!(
        run(&["analyze", "a.jsonl", "b.jsonl", "--lifter", "Anna"]).0,
        0
    );
    assert_eq!(list(home.path()).len(), 2);
    let (_, table, _) = run(&["history", "--lifter", "anna"]);
    assert_eq!(table.lines().count(), 3, "{table}");
    assert!(
        run(&["history", "--lifter", "Ben"])
            .1
            .contains("No sessions yet")
    );
    assert_eq!(run(&["history", "edit", "2", "--lifter", "Ben"]).0, 0);
    assert_eq!(run(&["history", "edit", "2", "--clear", "lifter"]).0, 0);
    assert_eq!(
        list(home.path())[1]["notes"]["lifter"],
        serde_json::Value::Null
    );
    assert_eq!(run(&["history", "edit", "2"]).0, 2);
    assert_eq!(run(&["history", "remove", "9"]).0, 2);

    let (_, lines, _) = run(&["history", "export"]);
    std::fs::write(home.path().join("copy.jsonl"), &lines).unwrap();
    assert_eq!(run(&["history", "remove", "1"]).0, 0);
    assert_eq!(list(home.path()).len(), 1);
    assert!(
        run(&["history", "import", "copy.jsonl"])
            .1
            .starts_with("1 new")
    );
    assert!(
        run(&["history", "import", "copy.jsonl"])
            .1
            .starts_with("0 new")
    );
    assert_eq!(
        run(&["history", "add", "b.jsonl.formcheck", "--load-kg", "70"]).0,
        0
    );
    let loads: Vec<_> = list(home.path())
        .iter()
        .map(|s| s["notes"]["load_kg"].clone())
        .collect();
    assert_eq!(loads.iter().filter(|l| **l == 70.0).count(), 1);

    assert_eq!(
        run(&["history", "html", "--out", "weeks.html"]).1,
        "weeks.html\n"
    );
    let page = std::fs::read_to_string(home.path().join("weeks.html")).unwrap();
    assert!(page.contains("href=\"a.jsonl.formcheck/report.html\""));
    assert_eq!(
        run(&["history", "html", "--out", "nowhere/weeks.html"]).0,
        5
    );
}

#[test]
fn a_diary_is_for_the_eyes_of_its_owner() {
    use std::os::unix::fs::PermissionsExt;
    let home = with_recordings(&["set"]);
    assert_eq!(
        said(&formcheck(
            home.path(),
            "data/h.sqlite",
            &["analyze", "set.jsonl"]
        ))
        .0,
        0
    );
    let mode = |name: &str| {
        let facts = std::fs::metadata(home.path().join(name)).unwrap();
        facts.permissions().mode() & 0o777
    };
    assert_eq!((mode("data"), mode("data/h.sqlite")), (0o700, 0o600));
}

#[test]
fn several_clips_end_in_one_page_over_all() {
    let home = with_recordings(&["a", "b", "c d"]);
    std::fs::write(home.path().join("bad.jsonl"), "no recording").unwrap();
    let clips = [
        "analyze",
        "a.jsonl",
        "b.jsonl",
        "c d.jsonl",
        "bad.jsonl",
        "--out",
        "all",
    ];
    let (code, text, _) = said(&formcheck(home.path(), "h.sqlite", &clips));
    assert_eq!(code, 7);
    assert!(text.trim_end().ends_with("all/index.html"), "{text}");
    let index = home.path().join("all/index.html");
    let page = std::fs::read_to_string(&index).unwrap();
    for link in [
        "a.jsonl.formcheck/report.html",
        "c%20d.jsonl.formcheck/report.html",
    ] {
        assert!(page.contains(&format!("href=\"{link}\"")), "{link}");
    }
    assert!(page.contains("bad.jsonl"));
    assert_eq!(said(&formcheck(home.path(), "h.sqlite", &clips)).0, 7);

    std::fs::write(&index, "<p>my own page</p>").unwrap();
    let (code, _, errors) = said(&formcheck(home.path(), "h.sqlite", &clips));
    assert_eq!(code, 7);
    assert!(errors.contains("index.html is not ours"), "{errors}");
    assert_eq!(
        std::fs::read_to_string(&index).unwrap(),
        "<p>my own page</p>"
    );
}

/// Two sets of one lift that can be judged, as clips of different content.
pub fn with_two_sets() -> TempDir {
    let home = TempDir::new().unwrap();
    let sample = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/samples/squat_butt_wink.recording.jsonl"
    );
    let text = std::fs::read_to_string(sample).unwrap();
    for name in ["first", "second"] {
        let text = text.replacen("squat_butt_wink.mp4", &format!("{name}.mp4"), 1);
        std::fs::write(home.path().join(format!("{name}.jsonl")), text).unwrap();
    }
    home
}

pub fn done(folder: &Path, args: &[&str]) -> String {
    let (code, text, errors) = said(&formcheck(folder, "h.sqlite", args));
    assert_eq!(code, 0, "{args:?}: {errors}");
    text
}

fn compares_with_last_time(folder: &Path, clip: &str) -> bool {
    let page = folder.join(format!("{clip}.jsonl.formcheck/report.html"));
    let page = std::fs::read_to_string(page).unwrap();
    page.contains("Compared with last time")
}

#[test]
fn a_report_is_compared_with_the_lifters_last_session_of_the_lift() {
    let home = with_two_sets();
    let run = |args: &[&str]| done(home.path(), args);
    run(&["analyze", "first.jsonl", "--lifter", "Anna"]);
    assert!(!compares_with_last_time(home.path(), "first"));
    run(&["analyze", "first.jsonl", "--force"]);
    assert!(
        !compares_with_last_time(home.path(), "first"),
        "a clip is no session before itself"
    );
    run(&["analyze", "second.jsonl"]);
    assert!(
        !compares_with_last_time(home.path(), "second"),
        "it may be of another lifter"
    );
    run(&["analyze", "second.jsonl", "--force", "--lifter", "anna"]);
    assert!(compares_with_last_time(home.path(), "second"));
    run(&["report", "second.jsonl.formcheck"]);
    assert!(
        compares_with_last_time(home.path(), "second"),
        "drawing again keeps it"
    );
}

#[test]
fn sessions_are_compared_by_their_numbers_and_a_path_goes_before_a_number() {
    let home = with_two_sets();
    let run = |args: &[&str]| done(home.path(), args);
    run(&["analyze", "first.jsonl"]);
    run(&["analyze", "second.jsonl"]);
    let text = run(&["compare", "1", "2"]);
    assert!(
        text.contains("first.mp4") && text.contains("second.mp4"),
        "{text}"
    );
    let (code, _, errors) = said(&formcheck(home.path(), "h.sqlite", &["compare", "1", "7"]));
    assert_eq!(code, 2);
    assert!(errors.contains("no session 7"), "{errors}");
    std::fs::rename(
        home.path().join("first.jsonl.formcheck"),
        home.path().join("2"),
    )
    .unwrap();
    let text = run(&["compare", "1", "2"]);
    assert!(!text.contains("second.mp4"), "{text}");
}

#[test]
fn the_diary_follows_corrected_reps() {
    let home = with_two_sets();
    let run = |args: &[&str]| done(home.path(), args);
    run(&["analyze", "first.jsonl"]);
    let reps = |all: &[serde_json::Value]| -> u64 {
        let kinds = ["held", "close", "left_neutral", "cannot_tell"];
        let count = |kind: &&str| all[0]["measured"][*kind].as_u64().unwrap();
        kinds.iter().map(count).sum()
    };
    let before = reps(&list(home.path()));
    run(&["reps", "first.jsonl", "drop", "1"]);
    let all = list(home.path());
    assert_eq!((all.len(), reps(&all)), (1, before - 1));
}

#[test]
fn a_seat_height_said_later_judges_anew() {
    let home = with_two_sets();
    let run = |args: &[&str]| done(home.path(), args);
    run(&["analyze", "first.jsonl"]);
    run(&["analyze", "first.jsonl", "--seat-cm", "42"]);
    let report = std::fs::read(home.path().join("first.jsonl.formcheck/report.json")).unwrap();
    let report: serde_json::Value = serde_json::from_slice(&report).unwrap();
    assert_eq!(report["notes"]["seat_height_cm"], 42.0);
    assert_eq!(report["settings"]["depth"]["seat_height_cm"], 42.0);
}
