//! Files for other programs, read back by what their formats say. `scripts/check_exports.sh` reads them with the
//! programs' own readers.

use crate::synthetic_lifter;
use formcheck::recording::Recording;
use formcheck::report::{openpose, trc};
use formcheck::science::back_lines;
use formcheck::skeleton::{HIPS, Joint};
use serde_json::Value;

fn sample() -> Recording {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/samples/rdl_neutral.recording.jsonl"
    );
    let file = std::io::BufReader::new(std::fs::File::open(path).unwrap());
    Recording::read(file, "rdl_neutral").unwrap()
}

/// Marker name → its place in every frame; `None` where the cells are empty.
type Markers = Vec<(String, Vec<Option<[f64; 3]>>)>;

/// A reader of .trc by the format's description: five header lines, a blank one, then a row a frame.
fn read_trc(text: &str) -> Markers {
    let lines: Vec<&str> = text.lines().collect();
    let facts: Vec<&str> = lines[2].split('\t').collect();
    let (frames, count) = (
        facts[2].parse::<usize>().unwrap(),
        facts[3].parse::<usize>().unwrap(),
    );
    let names: Vec<&str> = lines[3]
        .split('\t')
        .skip(2)
        .filter(|n| !n.is_empty())
        .collect();
    assert_eq!(names.len(), count);
    assert!(lines[4].ends_with(&format!("X{count}\tY{count}\tZ{count}")));
    assert_eq!(lines[5], "");
    let rows = &lines[6..];
    assert_eq!(rows.len(), frames);
    let mut markers: Markers = names.iter().map(|n| (n.to_string(), Vec::new())).collect();
    for row in rows {
        let cells: Vec<&str> = row.split('\t').collect();
        assert_eq!(cells.len(), 2 + 3 * count, "{row}");
        for (marker, place) in markers.iter_mut().zip(cells[2..].chunks(3)) {
            let place: Vec<f64> = place.iter().filter_map(|c| c.parse().ok()).collect();
            marker.1.push(<[f64; 3]>::try_from(place).ok());
        }
    }
    markers
}

#[test]
fn markers_hold_landmarks_and_the_back_line_in_metres() {
    let recording = sample();
    let markers = read_trc(&trc::trc(&recording));
    let of = |name: &str| &markers.iter().find(|m| m.0 == name).unwrap().1;
    let seen = back_lines(&recording);
    assert_eq!(seen.len(), recording.frames.len());
    let back = of("Back4");
    assert!(back.iter().flatten().count() > recording.frames.len() / 2);
    for (line, place) in seen.iter().zip(back) {
        let points = line.iter().flat_map(|l| l.lumbar.iter().chain(&l.thoracic));
        let points: Vec<_> = points.copied().collect();
        let middle = points.get(points.len().saturating_sub(1) / 2);
        assert_eq!(middle.copied().flatten().is_some(), place.is_some());
    }
    // standing, the shoulder blades are about half a metre above the mid-hip, and nobody is larger than that
    let standing = of("Back7").iter().flatten().next().unwrap();
    assert!((0.25..0.7).contains(&standing[1]), "{standing:?}");
    let hips = of("LHip")[0].unwrap()[1] + of("RHip")[0].unwrap()[1];
    assert!(hips.abs() < 0.02, "the origin is the mid-hip: {hips} m");
}

#[test]
fn openpose_files_hold_body_25_in_pixels_one_file_a_frame() {
    let recording = sample();
    let files = openpose::files(&recording);
    assert_eq!(files.len(), recording.frames.len() + 1);
    let times = String::from_utf8(files["frame_times.csv"].clone()).unwrap();
    assert_eq!(times.lines().count(), recording.frames.len() + 1);
    for (number, frame) in recording.frames.iter().enumerate() {
        let name = format!("rdl_neutral_{number:012}_keypoints.json");
        let document: Value = serde_json::from_slice(&files[&name]).unwrap();
        let Some(person) = &frame.person else {
            assert_eq!(document["people"].as_array().unwrap().len(), 0);
            continue;
        };
        let points: Vec<f64> = document["people"][0]["pose_keypoints_2d"]
            .as_array()
            .unwrap()
            .iter()
            .map(|v| v.as_f64().unwrap())
            .collect();
        assert_eq!(points.len(), 75);
        let at = |index: usize| &points[3 * index..3 * index + 2];
        let near = |index: usize, x: f64, y: f64| {
            assert!((at(index)[0] - x).abs() < 1e-3 && (at(index)[1] - y).abs() < 1e-3)
        };
        let knee = person.landmark(Joint::RightKnee).at;
        near(10, knee.x, knee.y);
        let hip = person.middle(HIPS);
        near(8, hip.x, hip.y);
        assert_eq!(at(20), [0.0, 0.0], "no small toe");
    }
}

#[test]
fn a_clips_name_cannot_lead_an_export_elsewhere() {
    let mut recording = synthetic_lifter::standing("../../etc/pass wd\u{202e}.mp4");
    recording.frames.truncate(2);
    let files = openpose::files(&recording);
    assert!(files.keys().all(|name| {
        name.chars()
            .all(|c| c.is_ascii_alphanumeric() || "_-.".contains(c))
    }));
    assert!(files.keys().all(|name| !name.starts_with('.')));
}
