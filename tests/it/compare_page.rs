//! The comparison as page, block, text and command: escaping, self-containment, words, exit codes.

use crate::compare::{deg, even, judged, shifted};
use crate::made_up;
use crate::report::says_no_more_than_the_evidence;
use formcheck::compare::compare;
use formcheck::report::{self, Audience, Illustrated, Pair, Pictures};
use formcheck::session::{LiftKind, SessionReport};

pub fn page(a: &SessionReport, b: &SessionReport) -> String {
    let pictures = Pictures::new();
    let comparison = compare(a, b).unwrap();
    let illustrated = |report| Illustrated {
        report,
        pictures: &pictures,
    };
    let pair = Pair {
        comparison: &comparison,
        a: illustrated(a),
        b: illustrated(b),
    };
    report::comparison_page(&[pair]).unwrap()
}

fn hostile() -> SessionReport {
    let mut report = judged();
    let text = format!(
        "\"><script>alert(1)</script>\u{202e}cod.4pm🏋️{}",
        "x".repeat(300)
    );
    report.clip.name = text.clone();
    report.notes.tags = vec![text.clone(), "</style><img src=x>".into()];
    report.notes.performed_on = Some("<b>today</b>".into());
    report.run.version = text;
    report
}

#[test]
fn a_hostile_name_does_no_harm_in_a_comparison() {
    let (a, b) = (hostile(), judged());
    let page = page(&a, &b);
    for text in ["<script", "<img", "<b>today", "\u{202e}"] {
        assert!(!page.contains(text), "{text}");
    }
    let comparison = compare(&a, &b).unwrap();
    let text = report::compare::text(&comparison);
    assert!(!text.contains('\u{202e}') && !text.contains('\u{1b}'));
    assert!(text.lines().all(|l| l.chars().count() < 500));
    let with_block =
        report::html(&b, &Pictures::new(), Audience::Lifter, Some(&comparison)).unwrap();
    assert_eq!(with_block.matches("<script").count(), 1);
    assert!(!with_block.contains("<img"));
}

#[test]
fn the_page_holds_the_pictures_it_shows_once_and_asks_for_nothing() {
    let (report, pictures) = made_up::with_pictures();
    let comparison = compare(&report, &report).unwrap();
    let illustrated = Illustrated {
        report: &report,
        pictures: &pictures,
    };
    let pair = Pair {
        comparison: &comparison,
        a: illustrated,
        b: illustrated,
    };
    let page = report::comparison_page(&[pair, pair]).unwrap();
    for word in ["src=", "url(", "@import", "http://", "https://", "<script"] {
        assert!(!page.contains(word), "{word} is in the page");
    }
    // two pairs of two sets, each with its worst moment and its turn
    assert_eq!(page.matches("data:image/jpeg;base64,").count(), 8);
    let mut ids: Vec<&str> = page
        .split(" id=\"")
        .skip(1)
        .map(|t| t.split('"').next().unwrap())
        .collect();
    let total = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), total, "every id is there once");
}

#[test]
fn a_comparison_says_nothing_that_the_evidence_does_not_support() {
    let c = compare(&judged(), &shifted(-20.0)).unwrap();
    let page = page(&judged(), &shifted(-20.0));
    let body = page[page.find("<body>").unwrap()..].to_string();
    for text in [body, report::compare::text(&c)] {
        says_no_more_than_the_evidence(&text, &["better", "worse"]);
    }
}

#[test]
fn the_report_shows_last_time_only_when_it_was_measured_alike() {
    let today = even(20.0, 3.0);
    let show = |last: &SessionReport| {
        let c = compare(last, &today).unwrap();
        report::html(&today, &Pictures::new(), Audience::Lifter, Some(&c)).unwrap()
    };
    assert!(!made_up::page(&today).contains("Compared with last time"));
    let clear = show(&even(40.0, 3.0));
    assert!(
        clear.contains("Compared with last time")
            && clear.contains("less this time than last time")
    );
    let unclear = show(&even(21.0, 3.0));
    assert!(unclear.contains("No clear difference in rounding between last time and this time"));
    let mut other = even(40.0, 3.0);
    other.view.yaw_deg = Some(deg(28.0));
    assert!(!show(&other).contains("Compared with last time"));
}

/// A folder with the results of three clips; each is a change of the made-up report.
fn results(home: &std::path::Path) {
    type Change = fn(&mut SessionReport);
    let sets: [(&str, Change); 3] = [
        ("a.mp4.formcheck", |r| r.notes.belt = Some(false)),
        ("b.mp4.formcheck", |r| r.notes.belt = Some(true)),
        ("c.mp4.formcheck", |r| r.lift.kind = LiftKind::Squat),
    ];
    for (name, change) in sets {
        let mut report = judged();
        change(&mut report);
        std::fs::create_dir(home.join(name)).unwrap();
        let json = report::json::json(&report).unwrap();
        std::fs::write(home.join(name).join("report.json"), json).unwrap();
    }
    std::fs::write(home.join("a.mp4"), "no video").unwrap();
}

#[test]
fn the_command_takes_clips_folders_reports_and_pairs() {
    let home = tempfile::TempDir::new().unwrap();
    results(home.path());
    let run = |args: &[&str]| crate::cli::formcheck(home.path(), args);
    for sets in [
        ["a.mp4", "b.mp4.formcheck"],
        ["a.mp4.formcheck/report.json", "b.mp4.formcheck"],
    ] {
        let output = run(&["compare", sets[0], sets[1]]);
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert_eq!(
            output.status.code(),
            Some(0),
            "{said}{}",
            String::from_utf8_lossy(&output.stderr)
        );
        assert!(
            said.starts_with("No clear difference in rounding between A and B (0° ±"),
            "{said}"
        );
    }
    let output = run(&[
        "compare",
        "a.mp4",
        "b.mp4.formcheck",
        "--json",
        "--html",
        "page.html",
    ]);
    let document: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(document["schema"], "formcheck/comparison/1");
    assert_eq!(document["peak_lumbar_flexion_deg"]["difference"], 0.0);
    assert!(home.path().join("page.html").exists());
    let output = run(&["compare", ".", "--by", "belt", "--json"]);
    let document: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(document["comparisons"].as_array().map(Vec::len), Some(1));
}

#[test]
fn what_cannot_be_compared_is_refused_in_one_sentence() {
    let home = tempfile::TempDir::new().unwrap();
    results(home.path());
    std::fs::write(home.path().join("new.mp4"), "no video").unwrap();
    let refused: [(&[&str], i32, &str); 7] = [
        (&["compare", "a.mp4", "c.mp4.formcheck"], 2, "unlike lifts"),
        (
            &["compare", "a.mp4", "new.mp4"],
            2,
            "has not been analysed yet",
        ),
        (&["compare", "a.mp4", "nowhere.mp4"], 3, "no such file"),
        (&["compare", "a.mp4"], 2, "two sets are needed"),
        (
            &["compare", "a.mp4", "b.mp4.formcheck", "--by", "belt"],
            2,
            "one folder",
        ),
        (&["compare", ".", "--by", "tag:cue"], 2, "make a pair"),
        (
            &["compare", "a.mp4", "a.mp4", "--html", "a.mp4"],
            2,
            "not the name of a page",
        ),
    ];
    for (args, code, words) in refused {
        let said = crate::cli::refuses(home.path(), args, code);
        assert!(said.contains(words), "{said}");
    }
    let kept = std::fs::read_to_string(home.path().join("a.mp4")).unwrap();
    assert_eq!(kept, "no video", "a clip is never overwritten");
}

/// `FORMCHECK_LOOK=DIR cargo test looked_at` writes pages to look at.
#[test]
fn the_comparison_can_be_looked_at() {
    let Some(folder) = std::env::var_os("FORMCHECK_LOOK") else {
        return;
    };
    let write = |name: &str, page: String| {
        std::fs::write(std::path::Path::new(&folder).join(name), page).unwrap();
    };
    let mut last = shifted(9.0);
    last.clip.name = "last_week.mp4".into();
    last.notes.performed_on = Some("2026-03-02".into());
    last.notes.load_kg = Some(60.0);
    last.notes.block_height_cm = Some(15.0);
    for (name, last) in [("clear", even(41.0, 2.0)), ("unclear", last)] {
        let today = judged();
        let comparison = compare(&last, &today).unwrap();
        let block = report::html(
            &today,
            &Pictures::new(),
            Audience::Lifter,
            Some(&comparison),
        );
        write(&format!("last_{name}.html"), block.unwrap());
        write(&format!("compare_{name}.html"), page(&last, &today));
    }
    write("compare_hostile.html", page(&hostile(), &judged()));
}

#[test]
fn a_comparison_keeps_to_the_checked_in_schema() {
    let schema = report::compare::schema().unwrap();
    let kept = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/comparison.schema.json");
    if std::env::var_os("FORMCHECK_BLESS").is_some() {
        std::fs::write(kept, &schema).unwrap();
    }
    let checked_in = std::fs::read_to_string(kept).expect("docs/comparison.schema.json is there");
    assert_eq!(
        schema, checked_in,
        "the types changed: formcheck schema comparison > docs/comparison.schema.json"
    );
    let schema: serde_json::Value = serde_json::from_str(&schema).unwrap();
    let validator = jsonschema::validator_for(&schema).expect("the schema is one");
    let comparison = compare(&judged(), &judged()).unwrap();
    let bytes = report::compare::json(&comparison).unwrap();
    let document: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
    let faults: Vec<String> = validator
        .iter_errors(&document)
        .map(|e| e.to_string())
        .collect();
    assert!(faults.is_empty(), "{faults:?}");
    let mut broken = document;
    broken["depth"]["clear"] = "perhaps".into();
    assert!(
        !validator.is_valid(&broken),
        "the schema refuses a word for yes or no"
    );
}
