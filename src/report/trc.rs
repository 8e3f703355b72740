//! Marker file (.trc) for OpenSim: the lifter's landmarks in metres about the mid-hip, X right, Y up, Z to the camera,
//! and points of the back line. Format: "Marker (.trc) Files" of the OpenSim documentation. A frame without a person, or
//! without a back line, has empty cells, as it allows. Takes the recording, since the report keeps angles and no landmarks.
//!
//! The back line is seen in the picture only: its points lie in the plane of the mid-hip (Z = 0), scaled by the clip's
//! median of trunk length in metres over trunk length in pixels. Their shape is measured, their depth is not.

use crate::recording::{Frame, Person, Recording};
use crate::science::{DrawnBack, back_lines};
use crate::skeleton::{HIPS, Joint, SHOULDERS};
use crate::units::Point;
use std::fmt::Write;

/// The landmarks that are written, under the names that OpenSim's full-body marker sets use.
const MARKERS: [(&str, Joint); 19] = [
    ("Nose", Joint::Nose),
    ("LEar", Joint::LeftEar),
    ("REar", Joint::RightEar),
    ("LShoulder", Joint::LeftShoulder),
    ("RShoulder", Joint::RightShoulder),
    ("LElbow", Joint::LeftElbow),
    ("RElbow", Joint::RightElbow),
    ("LWrist", Joint::LeftWrist),
    ("RWrist", Joint::RightWrist),
    ("LHip", Joint::LeftHip),
    ("RHip", Joint::RightHip),
    ("LKnee", Joint::LeftKnee),
    ("RKnee", Joint::RightKnee),
    ("LAnkle", Joint::LeftAnkle),
    ("RAnkle", Joint::RightAnkle),
    ("LHeel", Joint::LeftHeel),
    ("RHeel", Joint::RightHeel),
    ("LBigToe", Joint::LeftToe),
    ("RBigToe", Joint::RightToe),
];

/// Points of the back line, from the sacrum (`Back1`) up to the shoulder blades (`Back7`); `Back4` is about T12/L1.
const BACK_POINTS: usize = 7;

/// The file.
pub fn trc(recording: &Recording) -> String {
    let (rate, frames) = (recording.header.clip.frame_rate_hz, recording.frames.len());
    let count = MARKERS.len() + BACK_POINTS;
    let mut text = String::from("PathFileType\t4\t(X/Y/Z)\tformcheck.trc\n");
    text += "DataRate\tCameraRate\tNumFrames\tNumMarkers\tUnits\tOrigDataRate\tOrigDataStartFrame\tOrigNumFrames\n";
    // writing to a String cannot fail
    let _ = writeln!(
        text,
        "{rate:.4}\t{rate:.4}\t{frames}\t{count}\tm\t{rate:.4}\t1\t{frames}"
    );
    let landmarks = MARKERS.iter().map(|m| m.0.to_owned());
    let names = landmarks.chain((1..=BACK_POINTS).map(|i| format!("Back{i}")));
    let names: Vec<String> = names.map(|name| format!("{name}\t\t")).collect();
    let axes: Vec<String> = (1..=count).map(|i| format!("X{i}\tY{i}\tZ{i}")).collect();
    let _ = writeln!(text, "Frame#\tTime\t{}", names.join("\t"));
    let _ = writeln!(text, "\t\t{}\n", axes.join("\t"));
    let metres_per_px = metres_per_px(recording);
    let lines = back_lines(recording);
    for ((frame, line), number) in recording.frames.iter().zip(&lines).zip(1..) {
        let mut cells = cells(frame);
        cells.extend(back(frame, line.as_ref(), metres_per_px));
        let _ = writeln!(
            text,
            "{number}\t{:.4}\t{}",
            frame.time_s.get(),
            cells.join("\t")
        );
    }
    text
}

fn cells(frame: &Frame) -> Vec<String> {
    let Some(person) = &frame.person else {
        return vec![String::new(); 3 * MARKERS.len()];
    };
    let at = |joint: Joint| person.world[joint.index()];
    MARKERS
        .iter()
        .map(|m| at(m.1))
        .flat_map(|w| [w.x, -w.y, -w.z].map(metres))
        .collect()
}

fn metres(v: f64) -> String {
    format!("{:.4}", v + 0.0)
}

fn back(frame: &Frame, line: Option<&DrawnBack>, metres_per_px: Option<f64>) -> Vec<String> {
    let (Some(person), Some(line), Some(scale)) = (&frame.person, line, metres_per_px) else {
        return vec![String::new(); 3 * BACK_POINTS];
    };
    let points: Vec<Option<Point>> = line.lumbar.iter().chain(&line.thoracic).copied().collect();
    let hip = person.middle(HIPS);
    let last = points.len().saturating_sub(1);
    (0..BACK_POINTS)
        .map(|k| points[k * last / (BACK_POINTS - 1)].map(|point| (point - hip) * scale))
        .flat_map(|v| match v {
            Some(v) => [v.x, -v.y, 0.0].map(metres),
            None => Default::default(),
        })
        .collect()
}

/// Median over the clip; `None` when nobody was seen.
fn metres_per_px(recording: &Recording) -> Option<f64> {
    let scale = |person: &Person| {
        let world = |joint: Joint| {
            let w = person.world[joint.index()];
            Point::new(w.x, w.y)
        };
        let middle = |(a, b): (Joint, Joint)| world(a).midpoint(world(b));
        let metres = (middle(SHOULDERS) - middle(HIPS)).length();
        let px = (person.middle(SHOULDERS) - person.middle(HIPS)).length();
        (px > 1.0).then_some(metres / px)
    };
    let people = recording.frames.iter().filter_map(|f| f.person.as_ref());
    let mut scales: Vec<f64> = people.filter_map(scale).collect();
    scales.sort_by(f64::total_cmp);
    scales.get(scales.len() / 2).copied()
}
