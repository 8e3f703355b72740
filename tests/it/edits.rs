//! Corrections by hand: they change what they say, survive, are shown, and never pass for a finding.

use crate::cli::{document, formcheck, refuses, with_recording};
use serde_json::Value;
use std::path::Path;
use tempfile::TempDir;

const RESULTS: &str = "set.jsonl.formcheck";
const FILE: &str = "set.jsonl.formcheck.toml";

/// A set of three reps, analysed.
fn analysed() -> TempDir {
    let home = with_recording();
    let output = formcheck(home.path(), &["analyze", "set.jsonl"]);
    assert_eq!(output.status.code(), Some(0));
    home
}

fn reps(home: &Path, args: &[&str]) -> String {
    let output = formcheck(home, &[&["reps", "set.jsonl"], args].concat());
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(0), "{args:?}: {said}");
    String::from_utf8(output.stdout).unwrap()
}

fn report(home: &Path) -> Value {
    let bytes = std::fs::read(home.join(RESULTS).join("report.json")).unwrap();
    serde_json::from_slice(&bytes).unwrap()
}

fn page(home: &Path) -> String {
    std::fs::read_to_string(home.join(RESULTS).join("report.html")).unwrap()
}

fn peaks(report: &Value) -> Vec<f64> {
    let reps = report["reps"].as_array().unwrap();
    reps.iter()
        .map(|r| r["peak_lumbar_flexion_deg"].as_f64().unwrap())
        .collect()
}

#[test]
fn a_dropped_rep_is_listed_and_the_others_keep_their_numbers_of_degrees() {
    let home = analysed();
    let before = report(home.path());
    assert_eq!(peaks(&before).len(), 3);
    let listed = reps(home.path(), &["drop", "2"]);
    assert_eq!(listed.matches("rep  ").count(), 2, "{listed}");
    assert!(listed.contains("was dropped: no rep."), "{listed}");
    let after = report(home.path());
    let (b, a) = (peaks(&before), peaks(&after));
    assert_eq!(a, [b[0], b[2]], "the zero of the others must not move");
    assert_eq!(
        after["edits"][0]["dropped"]["turn_s"],
        before["reps"][1]["turn_s"]
    );
    assert!(page(home.path()).contains("Corrected by hand"));
    let shown = formcheck(home.path(), &["report", RESULTS]);
    let shown = String::from_utf8(shown.stdout).unwrap();
    assert!(shown.contains("was dropped: no rep."), "{shown}");
}

#[test]
fn merged_and_retimed_reps_say_so_and_undo_takes_them_back() {
    let home = analysed();
    let before = report(home.path());
    reps(home.path(), &["merge", "1", "2"]);
    assert_eq!(peaks(&report(home.path())).len(), 2);
    let end = report(home.path())["reps"][1]["end_s"].as_f64().unwrap();
    let later = format!("{:.2}", end + 0.4);
    reps(home.path(), &["time", "2", "--end", &later]);
    let now = report(home.path());
    let moved = now["reps"][1]["end_s"].as_f64().unwrap();
    // the nearest frame of a 30 Hz clip
    assert!((moved - end - 0.4).abs() < 0.03, "{moved} for {later}");
    assert_eq!(now["edits"][0]["rep"], 1);
    assert_eq!(
        now["edits"][1]["sentence"],
        "Rep 2 was given its times by hand."
    );
    reps(home.path(), &["undo"]);
    reps(home.path(), &["undo"]);
    assert_eq!(peaks(&report(home.path())), peaks(&before));
    refuses(home.path(), &["reps", "set.jsonl", "undo"], 2);
}

#[test]
fn notes_and_tags_are_told_of_their_rep_and_harm_nothing() {
    let home = analysed();
    reps(home.path(), &["note", "3", "\"><script>alert(1)</script>"]);
    let listed = reps(home.path(), &["tag", "3", "belt", "12 cm"]);
    assert!(listed.contains("#belt  #12 cm"), "{listed}");
    let html = page(home.path());
    assert!(!html.contains("<script>alert") && html.contains("12 cm"));
    let csv = std::fs::read_to_string(home.path().join(RESULTS).join("reps.csv")).unwrap();
    assert!(csv.contains("belt 12 cm"), "{csv}");
}

#[test]
fn edits_survive_and_are_judged_from_the_kept_recording() {
    let home = analysed();
    reps(home.path(), &["drop", "1"]);
    // judged from the recording in the results: the page of before has gone without --force
    let again = formcheck(home.path(), &["analyze", "set.jsonl", "--json"]);
    assert_eq!(document(&again)["reps"].as_array().unwrap().len(), 2);
    let once_more = formcheck(home.path(), &["analyze", "set.jsonl", "--json"]);
    let said = String::from_utf8(once_more.stderr).unwrap();
    assert!(said.contains("Unchanged"), "{said}");
    let forced = formcheck(home.path(), &["analyze", "set.jsonl", "--json", "--force"]);
    assert_eq!(document(&forced)["reps"].as_array().unwrap().len(), 2);
    // sent elsewhere, without the file: the report's own corrections stay
    let sent = home.path().join("sent.formcheck");
    std::fs::rename(home.path().join(RESULTS), &sent).unwrap();
    let drawn = formcheck(home.path(), &["report", "sent.formcheck", "--json"]);
    assert_eq!(document(&drawn)["reps"].as_array().unwrap().len(), 2);
}

#[test]
fn layers_of_settings_win_in_their_order() {
    let home = with_recording();
    let limit = |args: &[&str]| {
        let all = [&["analyze", "set.jsonl", "--json", "--force"], args].concat();
        let settings = document(&formcheck(home.path(), &all))["settings"].clone();
        (settings["limit_deg"].as_f64(), settings["profile"].clone())
    };
    assert_eq!(limit(&[]), (None, "default".into()));
    let config = home.path().join("config/formcheck");
    std::fs::create_dir_all(&config).unwrap();
    let text = "[settings]\nprofile = \"strict\"\nlimit_deg = 11\n";
    std::fs::write(config.join("config.toml"), text).unwrap();
    assert_eq!(limit(&[]), (Some(11.0), "strict".into()));
    std::fs::write(home.path().join(FILE), "[settings]\nlimit_deg = 12\n").unwrap();
    assert_eq!(limit(&[]), (Some(12.0), "strict".into()));
    assert_eq!(
        limit(&["--limit", "13", "--profile", "relaxed"]),
        (Some(13.0), "relaxed".into())
    );
}

#[test]
fn notes_of_the_set_come_from_the_clips_own_file() {
    let home = with_recording();
    let text = "[notes]\nload_kg = 100\nnote = \"felt fine\"\ndiscomfort = { before = 1 }\n";
    std::fs::write(home.path().join(FILE), text).unwrap();
    let report = document(&formcheck(home.path(), &["analyze", "set.jsonl", "--json"]));
    assert_eq!(report["notes"]["load_kg"], 100.0);
    assert_eq!(report["notes"]["discomfort"]["before"], 1);
}

#[test]
fn what_cannot_be_done_is_refused_and_not_written() {
    let home = with_recording();
    assert!(refuses(home.path(), &["reps", "set.jsonl"], 2).contains("no results yet"));
    let home = analysed();
    for args in [
        &["drop", "7"][..],
        &["merge", "2", "2"],
        &["time", "1", "--start", "900"],
        &["drop", "1", "2", "3"],
        &["note", "1", " "],
    ] {
        let output = formcheck(home.path(), &[&["reps", "set.jsonl"], args].concat());
        assert!(matches!(output.status.code(), Some(2 | 4)), "{args:?}");
        assert!(!home.path().join(FILE).exists(), "{args:?}");
    }
    std::fs::write(home.path().join(FILE), "[[rep]]\nat_s = 1\ndorp = true\n").unwrap();
    let said = refuses(home.path(), &["analyze", "set.jsonl"], 3);
    assert!(said.contains("line 3") && said.contains("dorp"), "{said}");
}

#[test]
fn a_correction_that_fits_nothing_is_a_caution() {
    let home = with_recording();
    std::fs::write(home.path().join(FILE), "[[rep]]\nat_s = 900\ndrop = true\n").unwrap();
    let report = document(&formcheck(home.path(), &["analyze", "set.jsonl", "--json"]));
    let cautions = report["cautions"].as_array().unwrap();
    assert!(cautions.iter().any(|c| c["code"] == "edit_unmatched"));
    assert_eq!(report["reps"].as_array().unwrap().len(), 3);
}
