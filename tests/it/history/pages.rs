//! The pages of many sessions: what they say, that nothing written into them can act, and how long they take.

use super::made_up_weeks::fill;
use super::{anna, entries, exported, open, record, report};
use crate::made_up;
use crate::report::says_no_more_than_the_evidence;
use formcheck::diary::SetNotes;
use formcheck::history::{History, Whose};
use formcheck::report::{self, Audience, Pictures, overview, ramp, sessions};
use formcheck::session::{SessionReport, Verdict};
use formcheck::units::Angle;
use std::time::Instant;
use tempfile::TempDir;

const HOSTILE: &str = "\"><script>alert(1)</script><img src=x onerror=alert(1)>\u{202e}\u{1b}[31m";

fn weeks() -> String {
    let home = TempDir::new().unwrap();
    let mut history = open(&home);
    fill(&mut history);
    ramp::html(&entries(&history), &|e| {
        (e.id < 9).then(|| format!("set{}/report.html", e.id))
    })
    .unwrap()
}

/// One clip of each kind, worst last.
fn clips() -> Vec<SessionReport> {
    let kinds = [
        (5, 0, 0, 0, "ben_squat.mp4"),
        (0, 0, 0, 5, "cat_hidden.mp4"),
        (3, 2, 0, 0, "dora_close.mp4"),
        (3, 0, 2, 0, "anna_left.mp4"),
    ];
    let of = |(held, close, left, unseen, name): (u32, u32, u32, u32, &str)| {
        let mut report = made_up::report();
        report.clip.name = name.into();
        let set = &mut report.set;
        (set.held, set.close, set.left_neutral, set.cannot_tell) = (held, close, left, unseen);
        set.sentence = format!(
            "Set of 5 deadlifts: your lower back held in {held}, was close in {close}, left neutral in {left}, and {unseen} could not be judged."
        );
        set.drift_deg_per_rep = None;
        report.notes.lifter = name.split('_').next().map(Into::into);
        report
    };
    kinds.into_iter().map(of).collect()
}

fn index(reports: &[SessionReport]) -> String {
    let clips: Vec<_> = reports
        .iter()
        .map(|report| overview::Clip {
            report,
            pictures: Pictures::new(),
            link: format!("{}.formcheck/report.html", report.clip.name),
        })
        .collect();
    let failed = [overview::Failed {
        clip: "dance.mp4".into(),
        why: "no squat or deadlift found. Film one.".into(),
    }];
    overview::html(&clips, &failed).unwrap()
}

#[test]
fn the_pages_of_many_sessions_can_be_looked_at() {
    let Some(folder) = std::env::var_os("FORMCHECK_LOOK") else {
        return;
    };
    let folder = std::path::Path::new(&folder);
    std::fs::write(folder.join("weeks.html"), weeks()).unwrap();
    std::fs::write(folder.join("index.html"), index(&clips())).unwrap();
    let mut noted = made_up::report();
    noted.notes = super::sequences::Dice(5).notes().overlaid(&anna(62.5));
    let page = report::html(&noted, &Pictures::new(), Audience::Lifter, None).unwrap();
    std::fs::write(folder.join("noted.html"), page).unwrap();
}

#[test]
fn the_ramp_has_a_part_for_each_lifter_and_lift() {
    let page = weeks();
    for title in ["Anna · deadlift", "Anna · sit-to-chair", "Ben · squat"] {
        assert!(page.contains(&format!("{title}</h2>")), "{title}");
    }
    for words in [
        "20 sessions in 6 weeks",
        "Blocks: 30\u{a0}cm at first, 9\u{a0}cm last.",
        "height of the blocks, cm",
        "seat height, cm",
        "depth, % of the thigh",
        "beyond your neutral depth, % of the thigh",
        "load, kg",
        "discomfort, 0–10",
        "left neutral 2",
        "before\u{a0}2, after\u{a0}4, next\u{a0}morning\u{a0}4",
        "href=\"set1/report.html\"",
        "5 Oct",
    ] {
        assert!(page.contains(words), "{words} is missing");
    }
    assert_eq!(
        page.matches("<svg aria-hidden=\"true\" focusable=\"false\"")
            .count(),
        3
    );
    assert!(!page.contains("http:") && !page.contains("https:") && !page.contains("<script"));
}

#[test]
fn an_empty_diary_is_a_page_too() {
    assert!(
        ramp::html(&[], &|_| None)
            .unwrap()
            .contains("No sessions yet")
    );
    assert!(sessions::table(&[]).contains("No sessions yet"));
}

#[test]
fn the_overview_begins_with_what_to_look_at_first() {
    let page = index(&clips());
    let order = [
        "anna_left",
        "dora_close",
        "cat_hidden",
        "ben_squat",
        "dance",
    ];
    let places: Vec<usize> = order
        .iter()
        .map(|n| {
            page.find(&format!("<bdi>{n}"))
                .unwrap_or_else(|| panic!("{n}"))
        })
        .collect();
    assert!(places.is_sorted(), "{places:?}");
    assert!(page.contains("4 sets: one left neutral"));
    assert!(page.contains("href=\"anna_left.mp4.formcheck/report.html\""));
}

#[test]
fn a_rise_over_the_set_puts_a_set_that_held_before_one_that_could_not_be_judged() {
    let mut reports = clips();
    reports[0].set.drift_deg_per_rep = Some(Angle::from_degrees(3.0));
    reports[0].set.drift_sd_deg_per_rep = Some(Angle::from_degrees(1.0));
    let page = index(&reports);
    assert!(page.find("ben_squat") < page.find("cat_hidden"));
    assert!(page.contains("It rounds more from rep to rep."));
    reports[0].set.sentence = "Set of 5 deadlifts: your lower back held in every rep, but rounded more as the set went on.".into();
    assert!(
        !index(&reports).contains("It rounds more from rep to rep."),
        "once is enough"
    );
    reports[0].set.drift_sd_deg_per_rep = Some(Angle::from_degrees(4.0));
    let page = index(&reports);
    assert!(
        page.find("cat_hidden") < page.find("ben_squat"),
        "noise is no rise"
    );
}

#[test]
fn a_tile_says_the_day_of_the_set() {
    let mut reports = clips();
    reports[0].notes.performed_on = Some("2026-10-26".into());
    assert!(index(&reports).contains("26 Oct 2026 · <bdi>"));
}

#[test]
fn the_last_session_is_told_in_words() {
    let page = weeks();
    let told = page.split("Last session: ").nth(1).unwrap();
    let told = told.split('.').next().unwrap();
    assert!(
        told.starts_with(|c: char| c.is_ascii_digit()) && told.contains(" rep"),
        "{told}"
    );
}

#[test]
fn the_last_date_of_the_axis_stays_on_the_sheet() {
    let page = weeks();
    let mut seen = 0;
    for text in page.split("<text ").skip(1) {
        let (place, words) = text.split_once('>').unwrap();
        let words = words.split('<').next().unwrap().trim();
        if !place.contains("text-anchor=\"middle\"") || words.parse::<f64>().is_ok() {
            continue;
        }
        let x = place.split("x=\"").nth(1).unwrap();
        let x: f64 = x.split('"').next().unwrap().parse().unwrap();
        // drawn ten times larger than shown, 296 px wide; a letter takes about 7.5 px
        assert!(
            x / 10.0 + words.chars().count() as f64 * 3.75 <= 296.5,
            "{words} at {x}"
        );
        seen += 1;
    }
    assert!(seen > 5, "{seen} dates");
}

fn hostile_notes() -> SetNotes {
    SetNotes {
        lifter: Some(HOSTILE.into()),
        performed_on: Some(HOSTILE.into()),
        note: Some(HOSTILE.into()),
        tags: vec![HOSTILE.into()],
        ..anna(60.0)
    }
}

#[test]
fn a_hostile_note_does_no_harm_on_any_page() {
    let home = TempDir::new().unwrap();
    let mut history = open(&home);
    let mut hostile = report(1, hostile_notes());
    hostile.clip.name = HOSTILE.into();
    hostile.set.sentence = HOSTILE.into();
    record(&mut history, &hostile);
    let all = entries(&history);
    let pages = [
        ramp::html(&all, &|_| Some(HOSTILE.into())).unwrap(),
        index(&[hostile.clone()]),
        report::html(&hostile, &Pictures::new(), Audience::Lifter, None).unwrap(),
    ];
    for (page, scripts) in pages.iter().zip([0, 0, 1]) {
        assert_eq!(page.matches("<script>").count(), scripts);
        assert!(!page.contains("<img") && !page.contains("<script>alert"));
    }
    let table = sessions::table(&all);
    assert!(!table.contains('\u{1b}') && !table.contains('\u{202e}'));
}

#[test]
fn notes_stand_in_the_report_when_something_was_said() {
    let mut report = made_up::report();
    let page =
        |r: &SessionReport| report::html(r, &Pictures::new(), Audience::Lifter, None).unwrap();
    assert!(page(&report).contains("data-keep=\"load\""));
    report.notes = anna(62.5);
    report.notes.discomfort.during = Some(2);
    report.notes.block_height_cm = Some(0.0);
    let page = page(&report);
    for words in [
        "<dd>Anna</dd>",
        "62.5 kg",
        "during 2",
        "none, from the floor",
    ] {
        assert!(page.contains(words), "{words}");
    }
    assert!(!page.contains("data-keep=\"load\""));
}

#[test]
fn no_page_of_many_sessions_says_what_the_evidence_does_not_support() {
    let home = TempDir::new().unwrap();
    let mut history = open(&home);
    fill(&mut history);
    for page in [
        weeks(),
        index(&clips()),
        sessions::table(&entries(&history)),
    ] {
        let body = &page[page.find("</style>").unwrap_or(0)..];
        says_no_more_than_the_evidence(body, &["because"]);
    }
}

/// Ten thousand sessions of twenty lifters over some years.
fn ten_thousand(history: &mut History) {
    let home = TempDir::new().unwrap();
    let mut one = open(&home);
    let mut short = report(0, anna(60.0));
    short.track.clear();
    short.reps.truncate(1);
    record(&mut one, &short);
    let line = String::from_utf8(exported(&one)).unwrap();
    let mut lines = String::new();
    for clip in 0..10_000_u32 {
        let day = formcheck::day::Day::from_number(19_000 + i64::from(clip / 6)).to_string();
        let one = line
            .replace(&format!("{:064x}", 0), &format!("{clip:064x}"))
            .replace("\"Anna\"", &format!("\"Lifter {}\"", clip % 20))
            .replace(
                "\"performed_on\":null",
                &format!("\"performed_on\":\"{day}\""),
            );
        lines += &one;
    }
    let done = history.import(lines.as_bytes(), "made up").unwrap();
    assert_eq!(done.added, 10_000);
}

/// The goal is a second in a release build (`cargo test --release -- ten_thousand --nocapture` prints the figures); the
/// bound here is for an unoptimised SQLite on a busy machine.
#[test]
fn ten_thousand_sessions_list_and_render_in_seconds() {
    let home = TempDir::new().unwrap();
    let mut history = open(&home);
    ten_thousand(&mut history);
    let begun = Instant::now();
    let all = history.entries(&Whose::default()).unwrap();
    let read = begun.elapsed();
    let table = sessions::table(&all);
    let listed = begun.elapsed();
    let page = ramp::html(&all, &|_| None).unwrap();
    let rendered = begun.elapsed();
    println!(
        "10,000 sessions: read {read:?}, and listed {listed:?}, and rendered {rendered:?}; {} kB of page",
        page.len() / 1000
    );
    assert_eq!(table.lines().count(), 10_001);
    assert_eq!(page.matches("</h2>").count(), 20);
    assert!(rendered.as_secs_f64() < 6.0, "{rendered:?}");
    assert!(page.len() < 6_000_000, "{} bytes", page.len());
}

#[test]
fn a_set_where_nothing_was_seen_has_a_dash_and_no_angle() {
    let home = TempDir::new().unwrap();
    let mut history = open(&home);
    let mut unseen = report(1, SetNotes::default());
    for rep in &mut unseen.reps {
        rep.verdict = Verdict::CannotTell;
    }
    (
        unseen.set.held,
        unseen.set.close,
        unseen.set.left_neutral,
        unseen.set.cannot_tell,
    ) = (0, 0, 0, 5);
    record(&mut history, &unseen);
    let page = ramp::html(&entries(&history), &|_| None).unwrap();
    assert!(page.contains("can&#39;t tell 5") && !page.contains("most\u{a0}rounded"));
}
