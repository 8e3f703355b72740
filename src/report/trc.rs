//! Marker file (.trc) for OpenSim: the lifter's landmarks in metres about the mid-hip, X right, Y up, Z to the camera.
//! Format: "Marker (.trc) Files" of the OpenSim documentation. A frame without a person has empty cells, as it allows.
//! Takes the recording, since the report keeps angles and no landmarks.

use crate::recording::{Frame, Recording};
use crate::skeleton::Joint;
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

/// The file.
pub fn trc(recording: &Recording) -> String {
    let (rate, frames) = (recording.header.clip.frame_rate_hz, recording.frames.len());
    let count = MARKERS.len();
    let mut text = String::from("PathFileType\t4\t(X/Y/Z)\tformcheck.trc\n");
    text += "DataRate\tCameraRate\tNumFrames\tNumMarkers\tUnits\tOrigDataRate\tOrigDataStartFrame\tOrigNumFrames\n";
    // writing to a String cannot fail
    let _ = writeln!(
        text,
        "{rate:.4}\t{rate:.4}\t{frames}\t{count}\tm\t{rate:.4}\t1\t{frames}"
    );
    let names: Vec<String> = MARKERS.iter().map(|m| format!("{}\t\t", m.0)).collect();
    let axes: Vec<String> = (1..=count).map(|i| format!("X{i}\tY{i}\tZ{i}")).collect();
    let _ = writeln!(text, "Frame#\tTime\t{}", names.join("\t"));
    let _ = writeln!(text, "\t\t{}\n", axes.join("\t"));
    for (frame, number) in recording.frames.iter().zip(1..) {
        let _ = writeln!(
            text,
            "{number}\t{:.4}\t{}",
            frame.time_s.get(),
            cells(frame).join("\t")
        );
    }
    text
}

fn cells(frame: &Frame) -> Vec<String> {
    let Some(person) = &frame.person else {
        return vec![String::new(); 3 * MARKERS.len()];
    };
    let at = |joint: Joint| person.world[joint.index()];
    let metres = |v: f64| format!("{:.4}", v + 0.0);
    MARKERS
        .iter()
        .map(|m| at(m.1))
        .flat_map(|w| [w.x, -w.y, -w.z].map(metres))
        .collect()
}
