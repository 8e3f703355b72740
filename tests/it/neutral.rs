//! Neutral depth on sets whose onset depth is known, with errors as the estimator states them: a part that all frames of a
//! set share, a part of each rep, a part of each frame.

use crate::made_up;
use crate::synthetic_lifter::{CAMERA, Noise, film};
use crate::synthetic_lifts::{self as lifts, Script};
use formcheck::science::{analyze, neutral_depth};
use formcheck::session::*;
use formcheck::settings::Settings;
use formcheck::units::{Angle, Seconds};

/// Standard deviations of the errors, degrees.
#[derive(Clone, Copy)]
struct Errors {
    shared: f64,
    rep: f64,
    frame: f64,
}

const NONE: Errors = Errors {
    shared: 0.0,
    rep: 0.0,
    frame: 0.0,
};
/// What frames of rendered clips state and show.
const USUAL: Errors = Errors {
    shared: 4.0,
    rep: 1.5,
    frame: 1.0,
};

/// Reps and track of a squat script as the report has them, every angle known up to `errors`.
fn measured(script: &Script, errors: Errors, seed: u64) -> (Vec<Rep>, Vec<TrackPoint>) {
    let mut noise = Noise(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    (0..20).for_each(|_| {
        noise.normal();
    });
    let shared = errors.shared * noise.normal();
    let own: Vec<f64> = script
        .reps
        .iter()
        .map(|_| errors.rep * noise.normal())
        .collect();
    let within = |t: f64| {
        let rep = |r: &lifts::TrueRep| (r.start_s..=r.end_s).contains(&t);
        script.reps.iter().position(rep)
    };
    let stated = errors.shared.max(1.0);
    let frames = (0..(script.length_s() * 30.0) as u32).map(|i| f64::from(i) / 30.0);
    let track = frames.map(|t| {
        let pose = script.at(t);
        let rep = within(t);
        let off = shared + rep.map_or(0.0, |r| own[r]) + errors.frame * noise.normal();
        TrackPoint {
            time_s: Seconds::new(t),
            lumbar_flexion_deg: Some(Angle::from_degrees(pose.lumbar + off)),
            lumbar_flexion_sd_deg: Some(Angle::from_degrees(stated)),
            depth: Some(pose.hip_drop()),
            thigh_above_level_deg: Some(Angle::from_degrees(90.0 + pose.thigh)),
            rep: rep.map(|r| r as u32 + 1),
            ..TrackPoint::default()
        }
    });
    let track = track.collect();
    let reps = script.reps.iter().zip(1..).map(|(r, number)| Rep {
        number,
        start_s: Seconds::new(r.start_s),
        turn_s: Seconds::new(r.turn_s),
        end_s: Seconds::new(r.end_s),
        verdict: Verdict::Close,
        onset_depth: None,
        ..made_up::report().reps[0].clone()
    });
    (reps.collect(), track)
}

fn found(script: &Script, errors: Errors, seed: u64) -> NeutralDepth {
    let (reps, track) = measured(script, errors, seed);
    neutral_depth(&reps, &track, LiftKind::Squat, &Settings::default(), None)
}

/// Hip drop at which the script passes the watch level of squats, 12°.
fn truth(script: &Script) -> f64 {
    let rep = script.reps[script.reps.len() / 2];
    let mut t = rep.start_s;
    while script.at(t).lumbar < 12.0 && t < rep.turn_s {
        t += 0.001;
    }
    script.at(t).hip_drop()
}

#[test]
fn neutral_depth_is_where_the_script_passes_the_watch_level() {
    for onset in [0.4, 0.6, 0.8] {
        for lumbar in [20.0, 30.0, 45.0] {
            let script = lifts::squats_that_round_from(onset, &[lumbar; 5]);
            let depth = found(&script, NONE, 1).depth.unwrap();
            // the goal is 0.07; without noise only the steps of depth are left
            let truth = truth(&script);
            assert!((depth - truth).abs() < 0.02, "{depth}, truth {truth}");
        }
    }
}

#[test]
fn a_squat_to_a_seat_is_told_to_raise_it() {
    let (reps, track) = measured(&lifts::squats_that_round_from(0.6, &[30.0; 5]), NONE, 1);
    let sentence = |seat_height_cm| {
        let mut settings = Settings::default();
        settings.depth.seat_height_cm = seat_height_cm;
        neutral_depth(&reps, &track, LiftKind::Squat, &settings, None).sentence
    };
    let raised = "A higher seat, one that stops you there, stays neutral.";
    assert!(sentence(Some(45.0)).ends_with(raised));
    assert!(!sentence(None).contains("seat"));
}

#[test]
fn noise_of_frames_and_reps_moves_neutral_depth_by_less_than_the_goal() {
    let errors = Errors {
        shared: 0.0,
        ..USUAL
    };
    let script = lifts::squats_that_round_from(0.6, &[30.0; 5]);
    let truth = truth(&script);
    for seed in 1..=100 {
        let depth = found(&script, errors, seed).depth.unwrap();
        assert!(
            (depth - truth).abs() < 0.07,
            "seed {seed}: {depth}, truth {truth}"
        );
    }
}

/// Share of seeds whose interval holds the truth, in hundredths.
fn coverage(script: &Script, errors: Errors) -> u32 {
    let truth = truth(script);
    let holds = |seed: &u64| {
        let found = found(script, errors, *seed);
        // an open end holds everything beyond it
        found.earliest.is_some_and(|e| e <= truth) && found.latest.is_none_or(|l| truth <= l)
    };
    let seeds = 400;
    (1..=seeds).filter(holds).count() as u32 * 100 / seeds as u32
}

#[test]
fn the_interval_holds_the_truth_in_about_80_of_100_sets() {
    for (reps, lumbar) in [(3, 30.0), (5, 25.0), (8, 40.0)] {
        let script = lifts::squats_that_round_from(0.6, &vec![lumbar; reps]);
        for shared in [2.0, 4.0, 6.0] {
            let errors = Errors { shared, ..USUAL };
            let share = coverage(&script, errors);
            assert!(
                (75..=88).contains(&share),
                "{reps} reps, {shared}°: {share} %"
            );
        }
    }
}

#[test]
fn the_interval_does_not_shrink_with_the_number_of_frames_or_reps() {
    let width = |reps: usize| {
        let script = lifts::squats_that_round_from(0.6, &vec![30.0; reps]);
        let found = found(&script, Errors { rep: 0.0, ..USUAL }, 7);
        found.latest.unwrap() - found.earliest.unwrap()
    };
    let (few, many) = (width(3), width(12));
    assert!((few / many - 1.0).abs() < 0.1, "{few} {many}");
}

#[test]
fn a_back_that_never_passes_the_level_is_neutral_all_the_way_and_the_depth_is_named() {
    let found = found(&lifts::squats_that_round_from(0.6, &[3.0; 4]), NONE, 1);
    assert_eq!(found.finding, NeutralFinding::AllTheWay);
    assert_eq!((found.depth, found.latest), (None, None));
    assert!(found.deepest.is_some_and(|d| d > 1.0));
    assert_eq!(
        found.sentence,
        "Neutral all the way down, to thighs about parallel."
    );
}

#[test]
fn two_measured_reps_are_too_few_and_reps_that_cannot_be_told_do_not_count() {
    let script = lifts::squats_that_round_from(0.6, &[30.0; 4]);
    let (mut reps, track) = measured(&script, NONE, 1);
    for rep in &mut reps[..2] {
        rep.verdict = Verdict::CannotTell;
    }
    let found = neutral_depth(&reps, &track, LiftKind::Squat, &Settings::default(), None);
    assert_eq!((found.finding, found.reps), (NeutralFinding::Unknown, 2));
    assert!(found.depth.is_none() && found.reason.is_some());
    assert!(found.sentence.contains("at least 3"), "{}", found.sentence);
}

#[test]
fn the_sentence_speaks_of_thighs_with_an_interval() {
    let script = lifts::squats_that_round_from(0.4, &[50.0; 5]);
    let found = found(
        &script,
        Errors {
            shared: 3.0,
            ..NONE
        },
        3,
    );
    let said = &found.sentence;
    assert!(
        said.starts_with("Neutral until your thighs are about "),
        "{said}"
    );
    assert!(said.contains("° above parallel (±"), "{said}");
}

#[test]
fn the_whole_line_gives_each_rep_its_depth_and_the_set_its_own() {
    // how well the weights read this figure is not the question: the depths are those of the report's own curve
    let script = lifts::squats_that_round_from(0.5, &[45.0; 3]);
    // nor how sure they are of it
    let settings = Settings {
        max_sd_deg: Angle::from_degrees(30.0),
        ..Settings::default()
    };
    let report = analyze(&film(&script, &CAMERA), &settings).unwrap();
    let set = report.set.neutral_depth.as_ref().unwrap();
    assert_eq!(set.measure, DepthMeasure::HipDrop);
    let mut own: Vec<f64> = report.reps.iter().filter_map(|r| r.onset_depth).collect();
    own.sort_by(f64::total_cmp);
    assert_eq!(own.len(), 3);
    for rep in &report.reps {
        let at = rep.onset_time_s.unwrap();
        let point = report.track.iter().find(|p| p.time_s == at).unwrap();
        let depth = rep.onset_depth.unwrap();
        assert!((point.depth.unwrap() - depth).abs() < 0.06);
        let flexion = point.lumbar_flexion_deg.unwrap().degrees();
        assert!((flexion - 12.0).abs() < 4.0, "{flexion}");
        assert!(rep.onset_depth_earliest.unwrap() <= depth);
    }
}
