//! `analyze FOLDER`: which files in a folder are sets.

use crate::cli::formcheck;
use crate::synthetic_lifter;
use serde_json::Value;
use std::path::Path;
use tempfile::TempDir;

fn put(folder: &Path, name: &str, clip: &str) {
    let lines = synthetic_lifter::lines(&synthetic_lifter::squats(clip));
    std::fs::write(folder.join(name), lines).unwrap();
}

/// Names of the clips with a report, and of those without one, after `analyze FOLDER --json`.
fn analyzed(folder: &Path) -> (Vec<String>, Vec<String>) {
    let output = formcheck(folder, &["analyze", ".", "--json", "--no-history"]);
    let all: Value =
        serde_json::from_slice(&output.stdout).unwrap_or_else(|e| panic!("{e}, {output:?}"));
    let texts = |list: &Value, at: &str| -> Vec<String> {
        let items = list.as_array().unwrap();
        let text = |item: &Value| item.pointer(at).unwrap().as_str().unwrap().to_owned();
        items.iter().map(text).collect()
    };
    (
        texts(&all["reports"], "/clip/name"),
        texts(&all["failed"], "/clip"),
    )
}

#[test]
fn recordings_in_a_folder_are_sets() {
    let home = TempDir::new().unwrap();
    put(home.path(), "b.jsonl", "b.mp4");
    put(home.path(), "a.jsonl", "a.mp4");
    put(home.path(), ".hidden.jsonl", "hidden.mp4");
    let first = analyzed(home.path());
    assert_eq!(first.0, ["a.mp4", "b.mp4"]);
    assert!(first.1.is_empty());
    assert!(
        home.path()
            .join("a.jsonl.formcheck/recording.jsonl")
            .exists()
    );
    assert!(home.path().join("index.html").exists());
    assert_eq!(
        analyzed(home.path()),
        first,
        "kept recordings are no new sets"
    );
}

#[test]
fn other_json_lines_in_a_folder_are_no_sets() {
    let home = TempDir::new().unwrap();
    put(home.path(), "a.jsonl", "a.mp4");
    put(home.path(), "b.jsonl", "b.mp4");
    std::fs::write(home.path().join("diary.jsonl"), "{\"lifter\":\"Ana\"}\n").unwrap();
    let cut = "{\"schema\":\"formcheck/recording/1\",\"clip\":{";
    std::fs::write(home.path().join("cut.jsonl"), cut).unwrap();
    let (done, failed) = analyzed(home.path());
    assert_eq!(done.len(), 2);
    assert_eq!(failed, ["cut.jsonl"], "a damaged recording is said");
}

#[test]
fn a_recording_beside_its_clip_is_the_same_set() {
    let home = TempDir::new().unwrap();
    put(home.path(), "a.recording.jsonl", "a.mp4");
    put(home.path(), "b.jsonl", "b.mp4");
    std::fs::write(home.path().join("a.mp4"), "not a video").unwrap();
    assert_eq!(
        analyzed(home.path()),
        (vec!["b.mp4".into()], vec!["a.mp4".into()])
    );
}
