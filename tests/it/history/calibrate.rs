//! `formcheck calibrate`, and what later reports say of it.

use crate::cli::formcheck;
use crate::synthetic_lifter::{CAMERA, film};
use crate::synthetic_lifts as lifts;
use std::fs::File;

#[test]
fn a_calibrated_lifters_reports_say_how_much_of_the_own_range_a_rep_used() {
    let folder = tempfile::tempdir().unwrap();
    for (name, script) in [
        ("toes.jsonl", lifts::rdls(&[50.0])),
        ("set.jsonl", lifts::deadlifts(&[30.0, 30.0])),
    ] {
        let mut file = File::create(folder.path().join(name)).unwrap();
        film(&script, &CAMERA).write(&mut file).unwrap();
    }
    let run = |args: &[&str]| {
        let done = formcheck(folder.path(), args);
        assert!(done.status.success(), "{args:?}: {done:?}");
        String::from_utf8(done.stdout).unwrap()
    };
    let said = run(&["calibrate", "toes.jsonl", "--lifter", "Ada"]);
    assert!(
        said.starts_with("Ada: ") && said.contains("toe-touch"),
        "{said}"
    );
    run(&["analyze", "set.jsonl", "--out", "set", "--lifter", "ada"]);
    let report = std::fs::read_to_string(folder.path().join("set/report.json")).unwrap();
    let report: serde_json::Value = serde_json::from_str(&report).unwrap();
    let range = report["own_range"]["flexion_deg"].as_f64();
    assert!(range.is_some_and(|r| r > 20.0), "{}", report["own_range"]);
    let page = std::fs::read_to_string(folder.path().join("set/report.html")).unwrap();
    let told = report["reps"][0]["verdict"] != "cannot_tell";
    assert_eq!(page.contains("in your own toe-touch"), told);
    run(&[
        "analyze",
        "set.jsonl",
        "--out",
        "set",
        "--lifter",
        "Bo",
        "--force",
    ]);
    let other = std::fs::read_to_string(folder.path().join("set/report.json")).unwrap();
    assert!(other.contains("\"own_range\": null") || other.contains("\"own_range\":null"));
}
