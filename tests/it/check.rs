//! The filming check: what few frames say, what to change, and no more.

use crate::cli::{document, formcheck, refuses};
use crate::synthetic_lifter;
use formcheck::check::{Answer, FilmingCheck, Scenery};
use formcheck::recording::Recording;
use formcheck::report;
use formcheck::science::check;
use formcheck::settings::Settings;
use formcheck::units::{Angle, Point, Seconds};
use tempfile::TempDir;

fn squats() -> Recording {
    synthetic_lifter::squats("set.mp4")
}

fn checked(recording: &Recording) -> FilmingCheck {
    check(recording, None, &Settings::default())
}

fn codes(check: &FilmingCheck) -> Vec<&str> {
    check.cautions.iter().map(|c| c.code.as_str()).collect()
}

/// Every landmark and every point of the outline moved.
fn moved(mut recording: Recording, to: impl Fn(Point) -> Point) -> Recording {
    for person in recording
        .frames
        .iter_mut()
        .filter_map(|f| f.person.as_mut())
    {
        for landmark in &mut person.landmarks {
            landmark.at = to(landmark.at);
        }
        for edge in person.outline.iter_mut().flatten() {
            edge.at = to(edge.at);
        }
    }
    recording
}

fn sample(name: &str) -> Recording {
    let path = format!(
        "{}/samples/{name}.recording.jsonl",
        env!("CARGO_MANIFEST_DIR")
    );
    let file = std::fs::File::open(path).unwrap();
    Recording::read(std::io::BufReader::new(file), name).unwrap()
}

#[test]
fn a_sample_can_be_judged_and_its_expected_interval_is_near_that_of_its_report() {
    for name in ["deadlift_one_rounded", "rdl_neutral"] {
        let recording = sample(name);
        let check = checked(&recording);
        assert_eq!(check.answer, Answer::Usable, "{check:?}");
        let report = formcheck::science::analyze(&recording, &Settings::default()).unwrap();
        let sds = report
            .reps
            .iter()
            .filter_map(|r| r.peak_lumbar_flexion_sd_deg);
        let mean = sds.map(Angle::degrees).sum::<f64>() / report.reps.len() as f64;
        let expected = check.expected_sd_deg.unwrap().degrees();
        // a first look: within 3 degrees of what the whole clip gives
        assert!(
            (expected - mean).abs() < 3.0,
            "{name}: {expected} for {mean}"
        );
    }
}

#[test]
fn few_frames_of_a_long_recording_are_looked_at() {
    let recording = sample("deadlift_one_rounded");
    let looked = checked(&recording).frames_looked_at as usize;
    assert!(
        looked < 50 && looked * 5 < recording.frames.len(),
        "{looked}"
    );
}

#[test]
fn standing_alone_is_enough_and_the_check_says_that_bending_was_not_seen() {
    let check = checked(&synthetic_lifter::standing("standing.mp4"));
    assert_ne!(check.answer, Answer::NotUsable, "{check:?}");
    assert!(check.findings.iter().any(|f| f.contains("Still standing")));
    assert!(
        check
            .findings
            .iter()
            .any(|f| f.contains("bent over was not seen"))
    );
}

#[test]
fn nobody_in_the_picture_is_an_answer_with_code_4() {
    let home = TempDir::new().unwrap();
    let mut empty = squats();
    empty.frames.iter_mut().for_each(|f| f.person = None);
    std::fs::write(home.path().join("a.jsonl"), synthetic_lifter::lines(&empty)).unwrap();
    let output = formcheck(home.path(), &["check", "a.jsonl", "--json"]);
    assert_eq!(output.status.code(), Some(4));
    let said = document(&output);
    assert_eq!(said["answer"], "not_usable");
    assert_eq!(said["cautions"][0]["code"], "nobody");
    assert!(said["lifter"].is_null());
}

#[test]
fn feet_below_the_picture_are_said() {
    let check = checked(&moved(squats(), |p| p + Point::new(0.0, 450.0)));
    assert!(codes(&check).contains(&"cut_off"), "{check:?}");
    let said = &check
        .cautions
        .iter()
        .find(|c| c.code == "cut_off")
        .unwrap()
        .message;
    assert_eq!(said, "Your feet are out of the picture.");
}

#[test]
fn a_picture_on_its_side_is_said_and_nothing_else() {
    let check = checked(&moved(squats(), |p| Point::new(p.y, p.x)));
    assert_eq!(check.answer, Answer::NotUsable);
    assert_eq!(codes(&check), ["picture_turned"]);
    assert!(check.expected_sd_deg.is_none() && check.view.is_none());
}

#[test]
fn who_never_stands_still_is_told_to_stand() {
    let mut bent = squats();
    // only the frames around the bottoms stay
    let deep = |f: &formcheck::recording::Frame| {
        let person = f.person.as_ref().unwrap();
        let (hip, knee) = (
            person.middle(formcheck::skeleton::HIPS),
            person.middle(formcheck::skeleton::KNEES),
        );
        knee.y - hip.y < 200.0
    };
    bent.frames.iter_mut().for_each(|f| {
        if !deep(f) {
            f.person = None;
        }
    });
    let check = checked(&bent);
    assert!(codes(&check).contains(&"no_standing"), "{check:?}");
    assert!(!check.findings.iter().any(|f| f.contains("Still standing")));
}

#[test]
fn a_back_hidden_at_the_bottom_is_said() {
    let mut hidden = squats();
    for person in hidden.frames.iter_mut().filter_map(|f| f.person.as_mut()) {
        let thigh = person.middle(formcheck::skeleton::KNEES).y
            - person.middle(formcheck::skeleton::HIPS).y;
        if thigh < 100.0 {
            person.outline.clear();
        }
    }
    let check = checked(&hidden);
    let said = check.cautions.iter().find(|c| c.code == "back_hidden");
    assert_eq!(
        said.unwrap().message,
        "The lower back was hidden or lost for the moments in which you bend most."
    );
    assert_eq!(check.answer, Answer::UsableWithCautions);
}

#[test]
fn a_dark_picture_is_said_only_where_there_are_pixels() {
    let scenery = |brightness| Scenery {
        people: 1,
        brightness: Some(brightness),
    };
    let dark = check(&squats(), Some(scenery(15.0)), &Settings::default());
    assert_eq!(dark.cautions[0].code, "dark");
    let light = check(&squats(), Some(scenery(90.0)), &Settings::default());
    assert!(!codes(&light).contains(&"dark"));
    assert!(!codes(&checked(&squats())).contains(&"dark"));
}

#[test]
fn other_people_are_counted_in_a_video_and_unknown_in_a_recording() {
    let scenery = Scenery {
        people: 3,
        brightness: None,
    };
    let crowd = check(&squats(), Some(scenery), &Settings::default());
    assert_eq!(crowd.lifter.as_ref().unwrap().others, Some(2));
    assert!(
        crowd
            .findings
            .iter()
            .any(|f| f.starts_with("2 more people are in the picture."))
    );
    assert_eq!(checked(&squats()).lifter.unwrap().others, None);
}

#[test]
fn a_view_too_far_off_the_side_says_which_way_to_turn_and_how_far() {
    let settings = Settings {
        max_yaw_deg: Angle::from_degrees(0.0),
        ..Settings::default()
    };
    let check = check(&sample("squat_butt_wink"), None, &settings);
    assert_eq!(check.answer, Answer::NotUsable);
    let caution = check
        .cautions
        .iter()
        .find(|c| c.code == "yaw_wide")
        .unwrap();
    assert!(caution.message.contains("from in front"), "{caution:?}");
    assert!(
        caution
            .remedy
            .contains("away from it, or carry it as far round towards your back")
    );
}

#[test]
fn a_moment_of_a_clip_is_too_short_to_stand_in() {
    let mut short = squats();
    let whole = short.frames.clone();
    short.frames = whole
        .into_iter()
        .skip_while(|f| f.time_s.get() < 4.0)
        .take(12)
        .collect();
    let begin = short.frames[0].time_s;
    short
        .frames
        .iter_mut()
        .for_each(|f| f.time_s = f.time_s - begin);
    short.header.clip.duration_s = Seconds::new(0.6);
    let check = checked(&short);
    let standing = check.findings.iter().any(|f| f.contains("Still standing"));
    assert!(
        standing || codes(&check).contains(&"clip_short"),
        "{check:?}"
    );
}

#[test]
fn a_check_prints_its_answer_and_leaves_nothing_on_the_disk() {
    let home = TempDir::new().unwrap();
    let recording = synthetic_lifter::lines(&sample("deadlift_one_rounded"));
    std::fs::write(home.path().join("set.jsonl"), recording).unwrap();
    let before = std::fs::read_dir(home.path()).unwrap().count();
    let output = formcheck(home.path(), &["check", "set.jsonl"]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(
        said.starts_with("A set filmed like this can be judged"),
        "{said}"
    );
    assert_eq!(std::fs::read_dir(home.path()).unwrap().count(), before);
}

#[test]
fn what_cannot_be_read_is_refused_with_code_3() {
    let home = TempDir::new().unwrap();
    std::fs::write(home.path().join("notes.jsonl"), "squats on Monday").unwrap();
    refuses(home.path(), &["check", "notes.jsonl", "--json"], 3);
    refuses(home.path(), &["check", "nowhere.mp4"], 3);
}

#[test]
fn a_check_keeps_to_the_checked_in_schema() {
    let schema = report::check::schema().unwrap();
    let kept = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/check.schema.json");
    let checked_in = std::fs::read_to_string(kept).expect("docs/check.schema.json is there");
    assert_eq!(
        schema, checked_in,
        "the types changed: formcheck schema check > docs/check.schema.json"
    );
    let validator = jsonschema::validator_for(&serde_json::from_str(&schema).unwrap()).unwrap();
    for recording in [squats(), synthetic_lifter::standing("a.mp4")] {
        let bytes = report::check::json(&checked(&recording)).unwrap();
        let document = serde_json::from_slice(&bytes).unwrap();
        assert!(validator.is_valid(&document));
    }
}
