//! The program as a user meets it: inputs that are no inputs, results that are kept, exit codes.

use crate::{made_up, synthetic_lifter};
use formcheck::recording::Recording;
use formcheck::report;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;
use tempfile::TempDir;

/// A diary for each test's folder that does not lie within it: never the one of whoever runs the tests.
fn diary(folder: &Path) -> PathBuf {
    static HOME: OnceLock<PathBuf> = OnceLock::new();
    let home = HOME.get_or_init(|| {
        let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join("diaries");
        let _ = std::fs::remove_dir_all(&home);
        home
    });
    home.join(folder.file_name().unwrap())
        .with_extension("sqlite")
}

/// Runs the program in `folder`; diary and settings of whoever runs the tests are out of reach.
pub fn formcheck(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_formcheck"))
        .args(args)
        .env("XDG_CONFIG_HOME", folder.join("config"))
        .current_dir(folder)
        .env("FORMCHECK_HISTORY", diary(folder))
        .output()
        .expect("the program starts")
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|e| e.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

/// One sentence, one hint, the exit code, nothing on stdout and nothing new on the disk.
pub fn refuses(folder: &Path, args: &[&str], code: i32) -> String {
    let before = names(folder);
    let output = formcheck(folder, args);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(code), "{args:?}: {said}");
    assert_eq!(said.trim_end().lines().count(), 2, "{said}");
    assert!(said.starts_with("formcheck: "), "{said}");
    assert!(output.stdout.is_empty());
    assert_eq!(names(folder), before, "something was left behind");
    said
}

#[test]
fn a_missing_file_is_said_with_code_3() {
    let home = TempDir::new().unwrap();
    assert!(refuses(home.path(), &["analyze", "nowhere.mp4"], 3).contains("there is no such file"));
    assert!(refuses(home.path(), &["report", "nowhere"], 3).contains("there is no such file"));
}

#[test]
fn a_folder_without_clips_is_said_with_code_3() {
    let home = TempDir::new().unwrap();
    std::fs::create_dir(home.path().join("empty")).unwrap();
    assert!(refuses(home.path(), &["analyze", "empty"], 3).contains("no video and no recording"));
}

#[test]
fn a_text_file_named_mp4_is_said_with_code_3() {
    let home = TempDir::new().unwrap();
    std::fs::write(home.path().join("notes.mp4"), "squats on Monday").unwrap();
    refuses(
        home.path(),
        &["analyze", "notes.mp4", "--out", "results"],
        3,
    );
}

#[test]
fn a_damaged_recording_names_its_line() {
    let home = TempDir::new().unwrap();
    std::fs::write(home.path().join("a.jsonl"), "{\"schema\":").unwrap();
    assert!(refuses(home.path(), &["analyze", "a.jsonl"], 3).contains("line 1"));
}

#[test]
fn a_report_that_is_none_is_said_with_code_3() {
    let home = TempDir::new().unwrap();
    std::fs::write(home.path().join("report.json"), "{}").unwrap();
    assert!(
        refuses(home.path(), &["explain", "report.json", "--rep", "1"], 3).contains("not a report")
    );
}

#[test]
fn a_name_with_escape_codes_cannot_colour_the_terminal() {
    let home = TempDir::new().unwrap();
    let said = refuses(home.path(), &["analyze", "a\u{1b}[31mb\u{202e}.mp4"], 3);
    assert!(!said.contains('\u{1b}') && !said.contains('\u{202e}'));
}

#[test]
fn wrong_flags_end_with_code_2() {
    let home = TempDir::new().unwrap();
    for args in [
        &["analyze"][..],
        &["analyze", "a.mp4", "--limit", "400"],
        &["analyze", "a.mp4", "--lifter-at", "7"],
        &["dance"],
    ] {
        assert_eq!(
            formcheck(home.path(), args).status.code(),
            Some(2),
            "{args:?}"
        );
    }
}

fn with_report() -> TempDir {
    let home = TempDir::new().unwrap();
    std::fs::write(
        home.path().join("report.json"),
        report::json::json(&made_up::report()).unwrap(),
    )
    .unwrap();
    home
}

#[test]
fn a_report_is_drawn_again_without_its_video() {
    let home = with_report();
    let output = formcheck(home.path(), &["report", "report.json"]);
    assert_eq!(
        output.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert_eq!(
        names(home.path()),
        ["frames.csv", "report.html", "report.json", "reps.csv"]
    );
    let json = formcheck(home.path(), &["report", ".", "--json"]);
    assert_eq!(document(&json)["reps"].as_array().map(Vec::len), Some(5));
}

#[test]
fn limits_cannot_change_without_the_recording() {
    let home = with_report();
    assert!(
        refuses(home.path(), &["report", "report.json", "--limit", "20"], 2)
            .contains("recording.jsonl")
    );
}

#[test]
fn explain_gives_frames_interval_rule_and_limit() {
    let home = with_report();
    let output = formcheck(home.path(), &["explain", "report.json", "--rep", "4"]);
    let text = String::from_utf8(output.stdout).unwrap();
    for part in [
        "left neutral (rounded)",
        "(leave_deg)",
        "46° ±4°",
        "40°",
        "0:14.9",
    ] {
        assert!(text.contains(part), "{part} is missing in {text}");
    }
    assert!(
        refuses(home.path(), &["explain", "report.json", "--rep", "9"], 2).contains("no rep 9")
    );
}

#[test]
fn exports_schema_completions_and_manual_are_printed() {
    let home = with_report();
    for args in [
        &["export", ".", "csv"][..],
        &["export", ".", "reps-csv"],
        &["export", ".", "mot"],
        &["schema"],
        &["schema", "comparison"],
        &["completions", "bash"],
        &["man"],
        &["doctor"],
    ] {
        let output = formcheck(home.path(), args);
        assert_eq!(output.status.code(), Some(0), "{args:?}");
        assert!(!output.stdout.is_empty(), "{args:?}");
    }
}

fn put(folder: &Path, name: &str, recording: &Recording) {
    std::fs::write(folder.join(name), synthetic_lifter::lines(recording)).unwrap();
}

pub fn with_recording() -> TempDir {
    let home = TempDir::new().unwrap();
    put(
        home.path(),
        "set.jsonl",
        &synthetic_lifter::squats("set.mp4"),
    );
    home
}

pub fn document(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|e| panic!("one JSON document: {e}, {output:?}"))
}

#[test]
fn a_recording_gives_every_file_beside_it() {
    let home = with_recording();
    let output = formcheck(home.path(), &["analyze", "set.jsonl"]);
    assert_eq!(
        output.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let results = home.path().join("set.jsonl.formcheck");
    assert_eq!(
        names(&results),
        [
            ".stamp.json",
            "frames.csv",
            "recording.jsonl",
            "report.html",
            "report.json",
            "reps.csv"
        ]
    );
    let summary = String::from_utf8(output.stdout).unwrap();
    assert!(
        summary.contains("rep  3") && summary.contains("report.html"),
        "{summary}"
    );
    assert_eq!(
        std::fs::read(results.join("recording.jsonl")).unwrap(),
        std::fs::read(home.path().join("set.jsonl")).unwrap()
    );
}

#[test]
fn the_same_input_gives_the_same_json_but_for_run() {
    let home = with_recording();
    let report = |out: &str| {
        let mut report = document(&formcheck(
            home.path(),
            &["analyze", "set.jsonl", "--out", out, "--json", "--force"],
        ));
        assert!(report["run"]["elapsed_s"].as_f64().unwrap() > 0.0);
        report.as_object_mut().unwrap().remove("run");
        report.to_string()
    };
    assert_eq!(report("one"), report("two"));
}

#[test]
fn a_produced_report_keeps_to_the_schema() {
    let home = with_recording();
    let report = document(&formcheck(home.path(), &["analyze", "set.jsonl", "--json"]));
    let schema: Value =
        serde_json::from_slice(&formcheck(home.path(), &["schema"]).stdout).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let faults: Vec<String> = validator
        .iter_errors(&report)
        .map(|e| e.to_string())
        .collect();
    assert!(faults.is_empty(), "{faults:?}");
}

#[test]
fn an_unchanged_clip_is_skipped_and_a_changed_one_is_not_overwritten() {
    let home = with_recording();
    let page = home.path().join("set.jsonl.formcheck/report.html");
    assert_eq!(
        formcheck(home.path(), &["analyze", "set.jsonl"])
            .status
            .code(),
        Some(0)
    );
    std::fs::write(&page, "mine").unwrap();
    let again = formcheck(home.path(), &["analyze", "set.jsonl", "--json"]);
    assert_eq!(again.status.code(), Some(0));
    assert_eq!(document(&again)["reps"].as_array().map(Vec::len), Some(3));
    let other = refuses(home.path(), &["analyze", "set.jsonl", "--limit", "15"], 2);
    assert!(other.contains("--force"), "{other}");
    assert_eq!(std::fs::read_to_string(&page).unwrap(), "mine");
    assert_eq!(
        formcheck(
            home.path(),
            &["analyze", "set.jsonl", "--limit", "15", "--force"]
        )
        .status
        .code(),
        Some(0)
    );
    assert_ne!(std::fs::read_to_string(&page).unwrap(), "mine");
}

#[test]
fn other_files_in_the_results_folder_stay() {
    let home = with_recording();
    std::fs::create_dir(home.path().join("out")).unwrap();
    std::fs::write(home.path().join("out/diary.txt"), "slept well").unwrap();
    assert_eq!(
        formcheck(home.path(), &["analyze", "set.jsonl", "--out", "out"])
            .status
            .code(),
        Some(0)
    );
    assert_eq!(
        std::fs::read_to_string(home.path().join("out/diary.txt")).unwrap(),
        "slept well"
    );
    assert!(
        names(&home.path().join("out"))
            .iter()
            .all(|n| !n.starts_with(".formcheck-"))
    );
}

#[test]
fn nobody_lifting_is_said_with_code_4() {
    let home = TempDir::new().unwrap();
    put(
        home.path(),
        "rest.jsonl",
        &synthetic_lifter::standing("rest.mp4"),
    );
    assert!(refuses(home.path(), &["analyze", "rest.jsonl"], 4).contains("no squat or deadlift"));
}

#[test]
fn one_bad_clip_never_stops_the_rest() {
    let home = with_recording();
    std::fs::write(home.path().join("bad.jsonl"), "no recording").unwrap();
    let output = formcheck(
        home.path(),
        &["analyze", "bad.jsonl", "set.jsonl", "--json"],
    );
    assert_eq!(output.status.code(), Some(7));
    let all = document(&output);
    assert_eq!(all["reports"].as_array().map(Vec::len), Some(1));
    assert_eq!(all["failed"][0]["exit_code"], 3);
    assert!(!home.path().join("bad.jsonl.formcheck").exists());
}

#[test]
fn limits_are_tried_again_without_the_video() {
    let home = with_recording();
    formcheck(home.path(), &["analyze", "set.jsonl"]);
    let results = "set.jsonl.formcheck";
    let limit =
        |args: &[&str]| document(&formcheck(home.path(), args))["settings"]["limit_deg"].as_f64();
    assert_eq!(
        limit(&["report", results, "--limit", "33", "--json"]),
        Some(33.0)
    );
    assert_eq!(
        limit(&["report", results, "--json"]),
        Some(33.0),
        "the report keeps its own settings"
    );
    let squat = &["report", results, "--lift", "rdl", "--json"];
    assert_eq!(
        document(&formcheck(home.path(), squat))["lift"]["kind"],
        "rdl"
    );
}

#[test]
fn markers_need_the_recording() {
    assert!(refuses(with_report().path(), &["export", ".", "trc"], 2).contains("recording.jsonl"));
    let home = with_recording();
    formcheck(home.path(), &["analyze", "set.jsonl"]);
    let markers = formcheck(home.path(), &["export", "set.jsonl.formcheck", "trc"]);
    assert!(markers.stdout.starts_with(b"PathFileType"));
}

#[test]
fn a_closed_place_is_said_before_the_work() {
    let home = with_recording();
    std::fs::write(home.path().join("taken"), "a file").unwrap();
    assert!(
        refuses(home.path(), &["analyze", "set.jsonl", "--out", "taken"], 5)
            .contains("cannot write")
    );
}
