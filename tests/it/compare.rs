//! Comparisons: laws that hold for any two sets, what is warned of, and what is refused.

use crate::compare_page::page;
use crate::made_up;
use formcheck::compare::{By, Comparison, Difference, Differs, LAST_AND_THIS, compare, pairs};
use formcheck::session::{LiftKind, ReferenceKind, SessionReport, Side, Verdict};
use formcheck::settings::{Profile, Settings};
use formcheck::units::{Angle, Seconds};

pub fn deg(value: f64) -> Angle {
    Angle::from_degrees(value)
}

/// Two sets, made up, that can be compared rep by rep: all reps judged.
pub fn judged() -> SessionReport {
    let mut report = made_up::report();
    report.reps.truncate(4);
    report
}

/// The same with every angle of the lower back moved.
pub fn shifted(by_deg: f64) -> SessionReport {
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
pub fn even(peak_deg: f64, sd_deg: f64) -> SessionReport {
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
            .starts_with("No clear difference in rounding between A and B (4° ± 5)."),
        "{}",
        c.sentence
    );
    let c = compare(&even(34.0, 4.5), &even(30.0, 4.5)).unwrap();
    assert!(
        c.sentence
            .starts_with("No clear difference in rounding between A and B (−4° ± 5)."),
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

#[test]
fn another_height_of_the_blocks_is_no_other_limit() {
    let a = made_up::report();
    let mut b = a.clone();
    b.settings.depth.block_height_cm = Some(12.0);
    let warned = compare(&a, &b).unwrap().warnings;
    assert!(
        !warned.iter().any(|w| w.message.contains("other limits")),
        "{warned:?}"
    );
}
