//! The program as a user meets it: inputs that are no inputs, results that are kept, exit codes.

use crate::made_up;
use formcheck::report;
use std::path::Path;
use std::process::{Command, Output};
use tempfile::TempDir;

fn formcheck(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_formcheck")).args(args).current_dir(folder).output().expect("the program starts")
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// One sentence, one hint, the exit code, nothing on stdout and nothing new on the disk.
fn refuses(folder: &Path, args: &[&str], code: i32) -> String {
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
    assert!(refuses(home.path(), &["analyze", "empty"], 3).contains("no video in this folder"));
}

#[test]
fn a_text_file_named_mp4_is_said_with_code_3() {
    let home = TempDir::new().unwrap();
    std::fs::write(home.path().join("notes.mp4"), "squats on Monday").unwrap();
    refuses(home.path(), &["analyze", "notes.mp4", "--out", "results"], 3);
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
    assert!(refuses(home.path(), &["explain", "report.json", "--rep", "1"], 3).contains("not a report"));
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
    for args in [&["analyze"][..], &["analyze", "a.mp4", "--limit", "400"], &["analyze", "a.mp4", "--lifter-at", "7"], &["dance"]] {
        assert_eq!(formcheck(home.path(), args).status.code(), Some(2), "{args:?}");
    }
}

fn with_report() -> TempDir {
    let home = TempDir::new().unwrap();
    std::fs::write(home.path().join("report.json"), report::json::json(&made_up::report()).unwrap()).unwrap();
    home
}

#[test]
fn a_report_is_drawn_again_without_its_video() {
    let home = with_report();
    let output = formcheck(home.path(), &["report", "report.json"]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(names(home.path()), ["frames.csv", "report.html", "report.json", "reps.csv"]);
    let json = formcheck(home.path(), &["report", ".", "--json"]);
    let document: serde_json::Value = serde_json::from_slice(&json.stdout).expect("one JSON document");
    assert_eq!(document["reps"].as_array().map(Vec::len), Some(5));
}

#[test]
fn limits_cannot_change_without_the_recording() {
    let home = with_report();
    assert!(refuses(home.path(), &["report", "report.json", "--limit", "20"], 2).contains("recording.jsonl"));
}

#[test]
fn explain_gives_frames_interval_rule_and_limit() {
    let home = with_report();
    let output = formcheck(home.path(), &["explain", "report.json", "--rep", "4"]);
    let text = String::from_utf8(output.stdout).unwrap();
    for part in ["left neutral (rounded)", "(leave_deg)", "46° ±4°", "40°", "0:14.9"] {
        assert!(text.contains(part), "{part} is missing in {text}");
    }
    assert!(refuses(home.path(), &["explain", "report.json", "--rep", "9"], 2).contains("no rep 9"));
}

#[test]
fn exports_schema_completions_and_manual_are_printed() {
    let home = with_report();
    for args in [
        &["export", ".", "csv"][..],
        &["export", ".", "reps-csv"],
        &["export", ".", "mot"],
        &["schema"],
        &["completions", "bash"],
        &["man"],
        &["doctor"],
    ] {
        let output = formcheck(home.path(), args);
        assert_eq!(output.status.code(), Some(0), "{args:?}");
        assert!(!output.stdout.is_empty(), "{args:?}");
    }
}
