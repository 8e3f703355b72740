//! OpenPose's JSON, one file a frame, in the order of its model BODY_25 and in pixels of the upright image.
//! Format: `doc/02_output.md` of OpenPose, version 1.3. What MediaPipe has no landmark for is the middle of two (neck, mid-hip)
//! or, as in OpenPose where nothing was found, three zeros (small toes). Confidence is the landmark's visibility.

use crate::recording::{Person, Recording};
use crate::report::Files;
use crate::skeleton::{HIPS, Joint, Pair, SHOULDERS};
use crate::units::{Point, rounded};
use serde_json::json;
use std::fmt::Write;

/// Where a point of BODY_25 comes from.
#[derive(Clone, Copy)]
enum Source {
    One(Joint),
    Middle(Pair),
    Nothing,
}

use Source::{Middle, Nothing, One};

/// BODY_25 in its order.
const BODY_25: [(&str, Source); 25] = [
    ("Nose", One(Joint::Nose)),
    ("Neck", Middle(SHOULDERS)),
    ("RShoulder", One(Joint::RightShoulder)),
    ("RElbow", One(Joint::RightElbow)),
    ("RWrist", One(Joint::RightWrist)),
    ("LShoulder", One(Joint::LeftShoulder)),
    ("LElbow", One(Joint::LeftElbow)),
    ("LWrist", One(Joint::LeftWrist)),
    ("MidHip", Middle(HIPS)),
    ("RHip", One(Joint::RightHip)),
    ("RKnee", One(Joint::RightKnee)),
    ("RAnkle", One(Joint::RightAnkle)),
    ("LHip", One(Joint::LeftHip)),
    ("LKnee", One(Joint::LeftKnee)),
    ("LAnkle", One(Joint::LeftAnkle)),
    ("REye", One(Joint::RightEye)),
    ("LEye", One(Joint::LeftEye)),
    ("REar", One(Joint::RightEar)),
    ("LEar", One(Joint::LeftEar)),
    ("LBigToe", One(Joint::LeftToe)),
    ("LSmallToe", Nothing),
    ("LHeel", One(Joint::LeftHeel)),
    ("RBigToe", One(Joint::RightToe)),
    ("RSmallToe", Nothing),
    ("RHeel", One(Joint::RightHeel)),
];

/// All files by name: `CLIP_000000000000_keypoints.json` and on, one a frame that was looked at, and `frame_times.csv`,
/// since the format itself has no times.
pub fn files(recording: &Recording) -> Files {
    let stem = stem(&recording.header.clip.name);
    let mut times = String::from("file,time_s\n");
    let mut files = Files::new();
    for (frame, number) in recording.frames.iter().zip(0..) {
        let name = format!("{stem}_{number:012}_keypoints.json");
        // writing to a String cannot fail
        let _ = writeln!(times, "{name},{}", rounded(frame.time_s.get(), 1e4));
        let people: Vec<_> = frame.person.iter().map(person).collect();
        let document = json!({"version": 1.3, "people": people});
        files.insert(name, document.to_string().into_bytes());
    }
    files.insert("frame_times.csv".into(), times.into_bytes());
    files
}

fn person(person: &Person) -> serde_json::Value {
    let keypoints: Vec<f64> = BODY_25.iter().flat_map(|p| keypoint(person, p.1)).collect();
    let none: [f64; 0] = [];
    json!({
        "person_id": [-1],
        "pose_keypoints_2d": keypoints,
        "face_keypoints_2d": none,
        "hand_left_keypoints_2d": none,
        "hand_right_keypoints_2d": none,
        "pose_keypoints_3d": none,
        "face_keypoints_3d": none,
        "hand_left_keypoints_3d": none,
        "hand_right_keypoints_3d": none,
    })
}

fn keypoint(person: &Person, source: Source) -> [f64; 3] {
    let (at, confidence): (Point, f64) = match source {
        Nothing => return [0.0; 3],
        One(joint) => {
            let landmark = person.landmark(joint);
            (landmark.at, landmark.visibility)
        }
        Middle((left, right)) => {
            let (a, b) = (person.landmark(left), person.landmark(right));
            (a.at.midpoint(b.at), a.visibility.min(b.visibility))
        }
    };
    [
        rounded(at.x, 1000.0),
        rounded(at.y, 1000.0),
        rounded(confidence, 1e4),
    ]
}

/// The clip's name without its type, as a file name that every system takes.
fn stem(name: &str) -> String {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let letters = stem.chars().map(|c| {
        if c.is_ascii_alphanumeric() || c == '-' {
            c
        } else {
            '_'
        }
    });
    let stem: String = letters.take(60).collect();
    if stem.is_empty() { "clip".into() } else { stem }
}
