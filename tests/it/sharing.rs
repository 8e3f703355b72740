//! What is passed on: the annotated video plays anywhere and tells true times; faces are covered; nothing says where or
//! with what a clip was filmed, or where it lies on the disk. Needs the programs ffmpeg and ffprobe.

use crate::cli::formcheck;
use formcheck::recording::Recording;
use formcheck::report::overlay::Reel;
use formcheck::science::analyze;
use formcheck::settings::Settings;
use formcheck::units::Seconds;
use formcheck::vision::{Faces, Film, PictureRequest, annotate, pictures};
use opencv::core::{self, Mat, MatTraitConst, Rect, Vec3b};
use opencv::imgcodecs::{IMREAD_COLOR, IMREAD_GRAYSCALE, imdecode, imread};
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn sample() -> Recording {
    let file = std::fs::File::open(here("samples/rdl_neutral.recording.jsonl")).unwrap();
    Recording::read(std::io::BufReader::new(file), "rdl_neutral").unwrap()
}

fn ffmpeg(args: &[&str]) {
    let status = Command::new("ffmpeg")
        .args(["-v", "error", "-y"])
        .args(args)
        .status()
        .expect("ffmpeg is installed, see scripts/setup.sh");
    assert!(status.success(), "{args:?}");
}

fn probe(path: &Path, entries: &str) -> String {
    let output = Command::new("ffprobe")
        .args(["-v", "error", "-select_streams", "v:0", "-show_entries"])
        .args([entries, "-of", "csv=p=0"])
        .arg(path)
        .output()
        .expect("ffprobe comes with ffmpeg");
    String::from_utf8(output.stdout).unwrap()
}

fn times(path: &Path) -> Vec<f64> {
    let text = probe(path, "packet=pts_time");
    let mut times: Vec<f64> = text
        .lines()
        .filter_map(|l| l.trim_end_matches(',').parse().ok())
        .collect();
    times.sort_by(f64::total_cmp);
    times
}

fn filmed(clip: &Path, out: &Path, faces: Option<Faces>) {
    let recording = sample();
    let report = analyze(&recording, &Settings::default()).unwrap();
    let reel = Reel::new(&report, &recording);
    let film = Film {
        clip,
        reel: &reel,
        faces,
    };
    annotate(&film, out, &mut |_| ()).unwrap();
}

#[test]
fn the_annotated_video_plays_anywhere_and_keeps_a_variable_frame_rate() {
    let home = TempDir::new().unwrap();
    let (clip, out) = (home.path().join("clip.mp4"), home.path().join("out.mp4"));
    let source = here("samples/rdl_neutral.mp4");
    let keep = "select='lt(n,90)*not(eq(mod(n,7),3))*not(between(n,40,52))'";
    ffmpeg(&[
        "-i",
        source.to_str().unwrap(),
        "-vf",
        keep,
        "-fps_mode",
        "vfr",
        clip.to_str().unwrap(),
    ]);
    filmed(&clip, &out, None);
    let stream = probe(&out, "stream=codec_name,width,height,pix_fmt");
    assert_eq!(stream.trim(), "h264,720,1396,yuv420p");
    let (before, after) = (times(&clip), times(&out));
    assert!(before.len() > 60, "{} frames", before.len());
    assert_eq!(before.len(), after.len());
    for (a, b) in before.iter().zip(&after) {
        // the tick of the video's own clock is 1/90000 s
        assert!(
            ((a - before[0]) - (b - after[0])).abs() < 1e-3,
            "{a} became {b}"
        );
    }
    let bytes = std::fs::read(&out).unwrap();
    let place = |name: &[u8]| bytes.windows(4).position(|w| w == name).unwrap();
    assert!(place(b"moov") < place(b"mdat"), "the index must come first");
}

#[test]
fn the_annotated_video_is_upright_whichever_way_the_phone_was_held() {
    let home = TempDir::new().unwrap();
    for turn in [90, 180, 270] {
        let out = home.path().join(format!("{turn}.mp4"));
        let frame = home.path().join(format!("{turn}.png"));
        filmed(
            &here(&format!("tests/vision/turned_{turn}.mp4")),
            &out,
            None,
        );
        assert!(!probe(&out, "stream_side_data=rotation").contains("90"));
        ffmpeg(&[
            "-i",
            out.to_str().unwrap(),
            "-frames:v",
            "1",
            frame.to_str().unwrap(),
        ]);
        let ours = imread(frame.to_str().unwrap(), IMREAD_COLOR).unwrap();
        let truth = here(&format!("tests/vision/turned_{turn}.png"));
        let truth = imread(truth.to_str().unwrap(), IMREAD_COLOR).unwrap();
        assert_eq!(ours.cols(), truth.cols(), "turned by {turn}");
        for (down, right) in [(1, 1), (1, 3), (3, 1), (3, 3)] {
            let at = |image: &Mat| {
                let (y, x) = (truth.rows() * down / 4, truth.cols() * right / 4);
                *image.at_2d::<Vec3b>(y, x).unwrap()
            };
            let (found, want) = (at(&ours), at(&truth));
            let off = (0..3).map(|i| found[i].abs_diff(want[i])).max().unwrap();
            // lossy coders apart, and joints that are drawn thin
            assert!(off < 40, "turned by {turn}: {found:?} for {want:?}");
        }
    }
}

/// Mean absolute difference of neighbouring pixels: what makes a face a face.
fn detail(jpeg: &[u8], area: Rect) -> f64 {
    let image = imdecode(&jpeg, IMREAD_GRAYSCALE).unwrap();
    let face = Mat::roi(&image, area).unwrap();
    let (width, height) = (area.width - 1, area.height);
    let left = Mat::roi(&face, Rect::new(0, 0, width, height)).unwrap();
    let right = Mat::roi(&face, Rect::new(1, 0, width, height)).unwrap();
    let mut apart = Mat::default();
    core::absdiff(&left, &right, &mut apart).unwrap();
    core::mean(&apart, &core::no_array()).unwrap()[0]
}

#[test]
fn faces_are_covered_and_backs_are_not() {
    let recording = sample();
    let clip = here("samples/rdl_neutral.mp4");
    let frames: Vec<usize> = (5..recording.frames.len()).step_by(40).collect();
    assert!(frames.len() >= 8);
    let requests: Vec<PictureRequest> = frames
        .iter()
        .map(|&i| {
            // 100 px about the nose, as large as it is
            let nose = recording.frames[i].person.as_ref().unwrap().landmarks[0].at;
            PictureRequest {
                time_s: recording.frames[i].time_s,
                crop_px: [nose.x - 50.0, nose.y - 50.0, 100.0, 100.0],
                width_px: 100,
            }
        })
        .collect();
    let shown = pictures(&clip, &requests, None).unwrap();
    let hidden = pictures(&clip, &requests, Some(&recording)).unwrap();
    let face = Rect::new(30, 30, 40, 40);
    for ((shown, hidden), i) in shown.iter().zip(&hidden).zip(&frames) {
        let (before, after) = (detail(shown, face), detail(hidden, face));
        assert!(
            after < 0.5 * before && after < 2.0,
            "frame {i}: {before} became {after}"
        );
    }
    let faces = Faces::find(&clip, &recording, Some(&[Seconds::new(1.0)])).unwrap();
    let lines = formcheck::science::back_lines(&recording);
    for (frame, line) in recording.frames.iter().zip(&lines) {
        let seen = || line.iter().flat_map(|l| &l.lumbar).flatten();
        for disc in faces.at(frame.time_s) {
            assert!(
                seen().all(|&lumbar| (disc.centre - lumbar).length() > disc.radius),
                "at {:?}",
                frame.time_s
            );
        }
    }
}

/// Every file below `folder`.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder)
        .unwrap()
        .map(|e| e.unwrap().path());
    entries
        .flat_map(|p| if p.is_dir() { files(&p) } else { vec![p] })
        .collect()
}

#[test]
fn nothing_tells_where_or_with_what_a_clip_was_filmed_or_where_it_lies() {
    let home = TempDir::new().unwrap();
    let folder = home.path().join("Anna-Beispiel-back-pain");
    std::fs::create_dir(&folder).unwrap();
    let clip = folder.join("set.mp4");
    let needles = [
        "Anna-Beispiel",
        "48.8566",
        "SecretMake",
        "SecretModel",
        "filmed at home",
        "1999-",
    ];
    ffmpeg(&[
        "-i",
        here("samples/rdl_neutral.mp4").to_str().unwrap(),
        "-c",
        "copy",
        "-movflags",
        "use_metadata_tags",
        "-metadata",
        "location=+48.8566+002.3522/",
        "-metadata",
        "com.apple.quicktime.location.ISO6709=+48.8566+002.3522+035/",
        "-metadata",
        "com.apple.quicktime.make=SecretMake",
        "-metadata",
        "com.apple.quicktime.model=SecretModel",
        "-metadata",
        "comment=filmed at home",
        "-metadata",
        "creation_time=1999-12-31T10:00:00Z",
        clip.to_str().unwrap(),
    ]);
    let source = std::fs::read(&clip).unwrap();
    for needle in ["48.8566", "SecretMake", "SecretModel"] {
        let there = source.windows(needle.len()).any(|w| w == needle.as_bytes());
        assert!(there, "{needle} is in the clip");
    }
    let run = formcheck(
        home.path(),
        &["analyze", clip.to_str().unwrap(), "--video", "--blur-faces"],
    );
    let said = String::from_utf8(run.stderr).unwrap();
    assert_eq!(run.status.code(), Some(0), "{said}");
    let results = folder.join("set.mp4.formcheck");
    let crops = || files(&results.join("crops")).len();
    let cut = crops();
    assert!(cut >= 4, "{cut} pictures");
    for args in [&["report", "."][..], &["report", ".", "--limit", "25"]] {
        formcheck(&results, args);
        assert!(crops() >= cut - 2, "drawing again lost pictures");
    }
    assert!(
        !results.join("annotated.mp4").exists(),
        "it told of another limit"
    );
    let again = formcheck(
        home.path(),
        &["analyze", clip.to_str().unwrap(), "--video", "--blur-faces"],
    );
    assert_eq!(again.status.code(), Some(0));
    let poses = results.join("poses");
    formcheck(
        &results,
        &["export", ".", "openpose", "--out", poses.to_str().unwrap()],
    );
    let written = files(&results);
    for name in ["annotated.mp4", "report.html", "frame_times.csv"] {
        assert!(written.iter().any(|p| p.ends_with(name)), "{name}");
    }
    for path in &written {
        let bytes = std::fs::read(path).unwrap();
        for needle in needles {
            let found = bytes.windows(needle.len()).any(|w| w == needle.as_bytes());
            assert!(!found, "{needle} is in {}", path.display());
        }
    }
}

#[test]
fn without_ffmpeg_the_lack_is_said_before_the_work() {
    let home = TempDir::new().unwrap();
    std::fs::copy(here("samples/rdl_neutral.mp4"), home.path().join("set.mp4")).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_formcheck"))
        .args(["analyze", "set.mp4", "--video"])
        .env("PATH", home.path())
        .current_dir(home.path())
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(5), "{said}");
    assert!(
        said.contains("ffmpeg") && said.contains("scripts/setup.sh"),
        "{said}"
    );
    assert!(!home.path().join("set.mp4.formcheck").exists());
}
