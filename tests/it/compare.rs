//! Comparisons: laws that hold for any two sets, what is warned of, what is refused, and what the pages may not do.

use crate::made_up;
use formcheck::compare::{By, Comparison, Difference, Differs, LAST_AND_THIS, compare, pairs};
use formcheck::report::{self, Audience, Illustrated, Pair, Pictures};
use formcheck::session::{LiftKind, ReferenceKind, SessionReport, Side, Verdict};
use formcheck::settings::{Profile, Settings};
use formcheck::units::{Angle, Seconds};

fn deg(value: f64) -> Angle {
    Angle::from_degrees(value)
}

/// Two sets, made up, that can be compared rep by rep: all reps judged.
fn judged() -> SessionReport {
    let mut report = made_up::report();
    report.reps.truncate(4);
    report
}

/// The same with every angle of the lower back moved.
fn shifted(by_deg: f64) -> SessionReport {
    let mut report = judged();
    let move_it = |angle: &mut Option<Angle>| *angle = angle.map(|a| a + deg(by_deg));
    for rep in &mut report.reps {
        move_it(&mut rep.peak_lumbar_flexion_deg);
        move_it(&mut rep.min_lumbar_flexion_deg);
    }
    for point in &mut report.track {
        move_it(&mut point.lumbar_flexion_deg);
    }
    report
}

/// Reps alike, each with this standard uncertainty.
fn even(peak_deg: f64, sd_deg: f64) -> SessionReport {
    let mut report = judged();
    for rep in &mut report.reps {
        rep.verdict = Verdict::Held;
        rep.peak_lumbar_flexion_deg = Some(deg(peak_deg));
        rep.peak_lumbar_flexion_sd_deg = Some(deg(sd_deg));
    }
    report
}

fn all(c: &Comparison) -> Vec<&Difference> {
    vec![
        &c.peak_lumbar_flexion_deg,
        &c.min_lumbar_flexion_deg,
        &c.lumbar_flexion_at_like_depth_deg,
        &c.peak_thoracic_flexion_deg,
        &c.hip_share,
        &c.depth,
        &c.down_s,
        &c.pause_s,
        &c.up_s,
    ]
}

fn peak(c: &Comparison) -> (f64, f64) {
    let peak = &c.peak_lumbar_flexion_deg;
    (peak.difference.unwrap(), peak.interval.unwrap())
}

#[test]
fn a_set_against_itself_has_no_difference() {
    let c = compare(&judged(), &judged()).unwrap();
    for difference in all(&c) {
        assert_eq!(difference.difference, Some(0.0));
        assert!(difference.interval.unwrap() > 0.0 && !difference.clear);
    }
    assert!(
        c.sentence
            .starts_with("No clear difference in rounding between A and B (0° ± "),
        "{}",
        c.sentence
    );
    assert!(c.warnings.is_empty());
    for point in &c.phase {
        assert_eq!(point.a_deg, point.b_deg);
    }
}

#[test]
fn a_shift_of_all_angles_is_found_everywhere() {
    let c = compare(&judged(), &shifted(-14.0)).unwrap();
    for difference in [
        &c.peak_lumbar_flexion_deg,
        &c.min_lumbar_flexion_deg,
        &c.lumbar_flexion_at_like_depth_deg,
    ] {
        // what is kept is rounded to a thousandth of a degree
        assert!(
            (difference.difference.unwrap() + 14.0).abs() < 2e-3,
            "{difference:?}"
        );
    }
    let both = c.phase.iter().filter_map(|p| Some((p.a_deg?, p.b_deg?)));
    assert!(both.clone().count() > 15);
    for (a, b) in both {
        assert!((b - a + deg(14.0)).degrees().abs() < 1e-6);
    }
}

#[test]
fn a_clear_difference_is_said_with_its_interval_and_an_unclear_one_as_such() {
    let c = compare(&even(30.0, 3.0), &even(15.0, 3.0)).unwrap();
    assert!(c.peak_lumbar_flexion_deg.clear);
    assert!(
        c.sentence
            .starts_with("Your lower back rounded 15° (±5) less in B than in A: 15° against 30°."),
        "{}",
        c.sentence
    );
    let last = c.sentence(LAST_AND_THIS);
    assert!(
        last.starts_with(
            "Your lower back rounded 15° (±5) less this time than last time: 15° against 30°."
        ),
        "{last}"
    );
    let c = compare(&even(30.0, 4.5), &even(34.0, 4.5)).unwrap();
    assert!(
        c.sentence
            .starts_with("No clear difference in rounding between A and B (4° ± 7)."),
        "{}",
        c.sentence
    );
    let c = compare(&even(34.0, 4.5), &even(30.0, 4.5)).unwrap();
    assert!(
        c.sentence
            .starts_with("No clear difference in rounding between A and B (−4° ± 7)."),
        "{}",
        c.sentence
    );
}

#[test]
fn the_interval_grows_with_the_uncertainty_of_a_rep() {
    let halves: Vec<f64> = [1.0, 2.0, 4.0, 8.0]
        .map(|sd| peak(&compare(&even(20.0, 2.0), &even(20.0, sd)).unwrap()).1)
        .into();
    assert!(halves.is_sorted_by(|a, b| a < b), "{halves:?}");
}

#[test]
fn the_zero_of_a_clip_does_not_average_out() {
    let mut weak = even(20.0, 5.0);
    weak.reference.lumbar_flexion_sd_deg = Some(deg(4.9));
    let strong = peak(&compare(&even(20.0, 5.0), &even(20.0, 5.0)).unwrap()).1;
    let weak = peak(&compare(&weak, &weak).unwrap()).1;
    assert!(weak > 1.2 * strong, "{weak} against {strong}");
    // two zeros of 4.9° each, at 80 %: no number of reps takes that away
    assert!(weak > 1.28 * 4.9 * 2.0_f64.sqrt());
}

#[test]
fn swapping_the_sets_only_turns_the_signs() {
    let (a, b) = (judged(), shifted(9.0));
    let (there, back) = (compare(&a, &b).unwrap(), compare(&b, &a).unwrap());
    assert_eq!(all(&there).len(), all(&back).len());
    for (one, other) in all(&there).into_iter().zip(all(&back)) {
        assert_eq!(one.difference, other.difference.map(|d| -d + 0.0));
        assert_eq!((one.interval, one.clear), (other.interval, other.clear));
        assert_eq!((one.a, one.b), (other.b, other.a));
    }
}

/// Rounding that only follows depth: a deeper set rounds more, and at like depth the two are one.
#[test]
fn going_deeper_is_told_from_rounding_more_at_the_same_depth() {
    let squats = |deepest: f64| {
        let mut report = even(40.0 * deepest, 2.0);
        report.lift.kind = LiftKind::Squat;
        for point in &mut report.track {
            let depth = point.depth.map(|d| d / 0.62 * deepest);
            point.depth = depth;
            point.lumbar_flexion_deg = depth.map(|d| deg(40.0 * d));
            point.lumbar_flexion_sd_deg = Some(deg(2.0));
        }
        // the made-up lifter starts low: swap down and up
        for rep in &mut report.reps {
            rep.depth = Some(deepest);
            rep.start_s = rep.start_s + Seconds::new(1.6);
            rep.turn_s = rep.start_s + Seconds::new(1.6);
            rep.end_s = rep.start_s + Seconds::new(1.61);
        }
        report
    };
    let c = compare(&squats(0.7), &squats(1.1)).unwrap();
    let (by, half) = peak(&c);
    assert!((by - 16.0).abs() < 0.1 && half < 4.0, "{by} {half}");
    let like = &c.lumbar_flexion_at_like_depth_deg;
    // frames are up to 0.05 thigh lengths from the like depth: 2° here
    assert!(
        like.difference.unwrap().abs() < 2.0 && !like.clear,
        "{like:?}"
    );
    assert!(
        c.depth.clear
            && c.sentence
                .contains("At the same depth there is no clear difference"),
        "{}",
        c.sentence
    );
}

#[test]
fn unlike_lifts_are_refused() {
    let mut squats = judged();
    squats.lift.kind = LiftKind::Squat;
    let error = compare(&judged(), &squats).unwrap_err();
    assert_eq!(error.exit_code(), 2);
    assert!(error.to_string().contains("deadlifts") && error.to_string().contains("squats"));
}

#[test]
fn all_that_makes_numbers_differ_is_warned_of() {
    type Change = fn(&mut SessionReport);
    let changes: [(Differs, Change); 7] = [
        (Differs::Lifter, |r| r.notes.lifter = Some("Bo".into())),
        (Differs::Model, |r| r.run.models[0].sha256 = "other".into()),
        (Differs::ReferenceKind, |r| {
            r.reference.kind = ReferenceKind::Upright
        }),
        (Differs::YawBand, |r| r.view.yaw_deg = Some(deg(-22.0))),
        (Differs::Side, |r| r.view.side = Side::Left),
        (Differs::Version, |r| r.run.version = "0.0.9".into()),
        (Differs::Settings, |r| {
            r.settings = Settings::of(Profile::Strict)
        }),
    ];
    let mut a = judged();
    a.notes.lifter = Some("Al".into());
    assert!(compare(&a, &a).unwrap().is_fair());
    for (code, change) in changes {
        let mut b = a.clone();
        change(&mut b);
        let c = compare(&a, &b).unwrap();
        let codes: Vec<Differs> = c.warnings.iter().map(|w| w.code).collect();
        assert_eq!(codes, [code]);
        assert_eq!(c.is_fair(), !code.spoils(), "{code:?}");
    }
    let mut b = a.clone();
    b.settings.lift = Some(LiftKind::Deadlift);
    b.settings.next_step.step_cm = 5.0;
    b.view.yaw_deg = Some(deg(-12.0));
    assert!(
        compare(&a, &b).unwrap().warnings.is_empty(),
        "none of this moves a degree"
    );
}

#[test]
fn a_set_nobody_could_judge_is_said_so() {
    let mut hidden = judged();
    hidden
        .reps
        .iter_mut()
        .for_each(|r| r.verdict = Verdict::CannotTell);
    let c = compare(&judged(), &hidden).unwrap();
    assert_eq!(
        c.sentence,
        "No comparison of the lower back: no rep of B could be judged."
    );
    assert!(!c.is_fair());
    assert_eq!(c.peak_lumbar_flexion_deg.difference, None);
    page(&judged(), &hidden);
    let mut empty = hidden.clone();
    empty.reps.clear();
    empty.track.clear();
    page(&judged(), &empty);
    page(&empty, &empty);
}

fn page(a: &SessionReport, b: &SessionReport) -> String {
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
        let text = text.to_lowercase();
        for word in [
            "dangerous",
            "safe",
            "injur",
            "risk",
            "bad form",
            "perfect",
            "score",
            "better",
            "worse",
        ] {
            assert!(!text.contains(word), "{word:?} is said");
        }
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

#[test]
fn sets_pair_up_by_belt_block_and_tag() {
    let set = |lift: LiftKind, day: &str, block: f64, belt: Option<bool>, tag: &str| {
        let mut report = judged();
        report.lift.kind = lift;
        report.notes.performed_on = Some(day.into());
        report.notes.block_height_cm = Some(block);
        report.notes.belt = belt;
        report.notes.tags = vec![tag.into()];
        report
    };
    let pull = LiftKind::Deadlift;
    let sets = vec![
        set(pull, "2026-03-09", 12.0, Some(true), "cue"),
        set(pull, "2026-03-02", 12.0, Some(false), "none"),
        set(pull, "2026-03-16", 9.0, Some(false), "none"),
        set(pull, "2026-03-20", 9.0, None, "none"),
        set(pull, "2026-03-01", 15.0, Some(true), "none"),
        set(LiftKind::Rdl, "2026-03-01", 12.0, Some(true), "cue"),
    ];
    assert_eq!(
        pairs(&sets, &By::Belt),
        [(1, 0)],
        "same height and lift only"
    );
    assert_eq!(
        pairs(&sets, &By::Block),
        [(4, 0), (0, 3)],
        "each height's newest set"
    );
    assert_eq!(pairs(&sets, &By::Tag("cue".into())), [(1, 0)]);
    assert_eq!(pairs(&sets, &By::Tag("nowhere".into())), []);
    assert_eq!(pairs(&[], &By::Belt), []);
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
