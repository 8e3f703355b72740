//! Results made again: what the diary adds to them, and what leaves them when it is taken back.

use super::made_up_weeks::fill;
use super::program::{done, formcheck, list, said, with_two_sets};
use super::{anna, entries, open, record, report};
use crate::made_up;
use formcheck::day::Day;
use formcheck::diary::{Entry, Ramp, SetNotes};
use formcheck::session::SessionReport;
use std::path::Path;
use tempfile::TempDir;

fn page(folder: &Path, results: &str) -> String {
    std::fs::read_to_string(folder.join(results).join("report.html")).unwrap()
}

fn day(text: &str) -> Day {
    Day::read(text).unwrap()
}

/// Anna's pulls, and a report of the day after them.
fn pulls() -> (Vec<Entry>, SessionReport) {
    let home = TempDir::new().unwrap();
    let mut history = open(&home);
    fill(&mut history);
    let anna = |e: &Entry| e.notes.block_height_cm.is_some();
    let mut today = made_up::report();
    today.notes = SetNotes {
        block_height_cm: Some(9.0),
        load_kg: Some(60.0),
        ..super::anna(60.0)
    };
    (entries(&history).into_iter().filter(anna).collect(), today)
}

#[test]
fn the_weeks_stand_in_the_report_with_their_table() {
    let (sessions, mut today) = pulls();
    today.ramp = Ramp::of(day("2026-11-16"), &today, &sessions);
    let html = made_up::page(&today);
    for words in [
        "<h2 id=\"last\">Over the weeks</h2>",
        "15 deadlift sessions in 6 weeks, 5 Oct 2026 to 16 Nov 2026. Blocks: 30\u{a0}cm at first, 9\u{a0}cm last.",
        "height of the blocks, cm",
        "<th scope=\"row\">16 Nov 2026</th><td>9 cm</td><td>46° ±4°</td><td>60 kg</td><td>–</td>",
    ] {
        assert!(html.contains(words), "{words}");
    }
    let without = made_up::page(&made_up::report());
    assert!(!without.contains("Over the weeks"));
    // 15 sessions: some kilobytes for what they say, most of it the plot
    assert!(
        html.len() - without.len() < 25_000,
        "{}",
        html.len() - without.len()
    );
}

#[test]
fn many_sessions_are_cut_to_three_dozen_and_the_page_says_so() {
    let (sessions, mut today) = pulls();
    let many: Vec<Entry> = (0..200)
        .map(|i| Entry {
            day: Day::from_number(day("2024-01-01").number() + 5 * i),
            ..sessions[i as usize % sessions.len()].clone()
        })
        .collect();
    today.ramp = Ramp::of(day("2026-11-16"), &today, &many);
    let html = made_up::page(&today);
    assert!(
        html.contains("The last 36 of 201 deadlift sessions in "),
        "the count is said"
    );
    let weight = html.len() - made_up::page(&made_up::report()).len();
    assert!(weight < 45_000, "{weight}");
    let json = formcheck::report::json::json(&today).unwrap();
    let back = formcheck::report::json::read(&json).unwrap();
    assert_eq!(back.ramp, today.ramp, "carried as plain data");
}

#[test]
fn only_what_can_be_compared_is_laid_on_one_axis() {
    let (sessions, today) = pulls();
    let on = |day, sessions: &[Entry]| Ramp::of(day, &today, sessions);
    assert_eq!(
        on(day("2026-11-16"), &[]),
        None,
        "a first session has no weeks"
    );
    let earlier = on(day("2026-10-08"), &sessions).unwrap();
    assert_eq!(earlier.before.len(), 3, "later days are not before");
    let mut other = sessions.clone();
    for entry in &mut other[2..] {
        entry.measured.models = vec!["another.onnx".into()];
    }
    assert_eq!(on(day("2026-11-16"), &other).unwrap().before.len(), 2);
    for entry in &mut other {
        entry.measured.peak_lumbar_flexion_deg = None;
    }
    let unseen = on(day("2026-11-16"), &other).unwrap();
    assert_eq!(unseen.with(&today), None, "one measured set is no ramp");
}

#[test]
fn the_diary_keeps_each_report_without_the_ones_before_it() {
    let home = TempDir::new().unwrap();
    let mut history = open(&home);
    let (sessions, _) = pulls();
    let mut set = report(1, anna(60.0));
    set.ramp = Ramp::of(day("2026-11-16"), &set, &sessions);
    assert!(set.ramp.is_some());
    let id = record(&mut history, &set).entry.id;
    assert_eq!(history.report(id).unwrap().ramp, None);
}

#[test]
fn the_weeks_are_in_the_report_and_stay_there_where_there_is_no_diary() {
    let home = with_two_sets();
    let run = |args: &[&str]| done(home.path(), args);
    let weeks = "2 squat sessions in a week, 5 Oct 2026 to 12 Oct 2026.";
    run(&[
        "analyze",
        "first.jsonl",
        "--lifter",
        "Anna",
        "--date",
        "2026-10-05",
    ]);
    assert!(!page(home.path(), "first.jsonl.formcheck").contains("squat sessions"));
    run(&[
        "analyze",
        "second.jsonl",
        "--lifter",
        "Anna",
        "--date",
        "2026-10-12",
    ]);
    assert!(page(home.path(), "second.jsonl.formcheck").contains(weeks));
    run(&["report", "second.jsonl.formcheck", "--limit", "25"]);
    assert!(page(home.path(), "second.jsonl.formcheck").contains(weeks));

    let passed_on = home.path().join("passed_on");
    std::fs::rename(home.path().join("second.jsonl.formcheck"), passed_on).unwrap();
    let (code, _, errors) = said(&formcheck(
        home.path(),
        "none.sqlite",
        &["report", "passed_on"],
    ));
    assert_eq!(code, 0, "{errors}");
    assert!(page(home.path(), "passed_on").contains(weeks));
    assert!(!home.path().join("none.sqlite").exists());
}

#[test]
fn results_made_without_the_diary_get_what_it_knows_once_it_is_asked() {
    let home = with_two_sets();
    let run = |args: &[&str]| done(home.path(), args);
    run(&["analyze", "first.jsonl"]);
    run(&["analyze", "second.jsonl", "--no-history"]);
    let results = "second.jsonl.formcheck";
    assert!(!page(home.path(), results).contains("Compared with last time"));
    let (_, _, errors) = said(&formcheck(
        home.path(),
        "h.sqlite",
        &["analyze", "second.jsonl"],
    ));
    assert!(errors.contains("Unchanged"), "{errors}");
    assert!(page(home.path(), results).contains("Compared with last time"));
    assert!(page(home.path(), results).contains("2 squat sessions"));
    // more words for it later leave it compared
    run(&["analyze", "second.jsonl", "--load-kg", "40"]);
    assert!(page(home.path(), results).contains("Compared with last time"));
}

#[test]
fn a_note_taken_out_of_the_clips_own_file_leaves_the_report_and_the_diary() {
    let home = with_two_sets();
    let file = home.path().join("first.jsonl.formcheck.toml");
    let run = |args: &[&str]| done(home.path(), args);
    let write = |text: &str| std::fs::write(&file, text).unwrap();
    let notes = || list(home.path())[0]["notes"].clone();
    let results = "first.jsonl.formcheck";
    write("[notes]\nnote = \"felt stiff\"\nload_kg = 40\n");
    run(&["analyze", "first.jsonl", "--tag", "light"]);
    assert!(page(home.path(), results).contains("felt stiff"));
    assert_eq!(
        (&notes()["note"], &notes()["load_kg"]),
        (&"felt stiff".into(), &40.0.into())
    );

    write("[notes]\nload_kg = 42.5\n");
    run(&["analyze", "first.jsonl"]);
    assert!(!page(home.path(), results).contains("felt stiff"));
    assert_eq!(
        (&notes()["note"], &notes()["load_kg"]),
        (&serde_json::Value::Null, &42.5.into())
    );
    assert_eq!(notes()["tags"][0], "light", "what a flag said stays");

    run(&["history", "edit", "1", "--load-kg", "45"]);
    write("");
    run(&["report", results]);
    assert_eq!(notes()["load_kg"], 45.0, "what was written by hand stays");
    assert!(page(home.path(), results).contains("45 kg"));
}

#[test]
fn a_flag_goes_over_the_clips_own_file_also_when_the_report_is_drawn_again() {
    let home = with_two_sets();
    let file = home.path().join("first.jsonl.formcheck.toml");
    std::fs::write(&file, "[notes]\nload_kg = 50\nnote = \"from the file\"\n").unwrap();
    let load = |args: &[&str]| {
        let text = done(home.path(), args);
        let report: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(report["notes"]["note"], "from the file");
        report["notes"]["load_kg"].as_f64()
    };
    assert_eq!(
        load(&["analyze", "first.jsonl", "--no-history", "--json"]),
        Some(50.0)
    );
    let heavier = [
        "analyze",
        "first.jsonl",
        "--no-history",
        "--load-kg",
        "60",
        "--json",
    ];
    assert_eq!(load(&heavier), Some(60.0));
    assert_eq!(
        load(&["report", "first.jsonl.formcheck", "--json"]),
        Some(60.0)
    );
    let forced = [
        "analyze",
        "first.jsonl",
        "--no-history",
        "--force",
        "--json",
    ];
    assert_eq!(load(&forced), Some(60.0), "said once is said");
}
