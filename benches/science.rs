//! How long the science takes for a minute of 30 frames a second: `cargo bench --bench science`. Goal: under 100 ms.

use formcheck::recording::{Frame, Recording};
use formcheck::science::analyze;
use formcheck::settings::Settings;
use formcheck::units::Seconds;
use std::error::Error;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;
use std::time::Instant;

const FRAMES: usize = 1800;
const ROUNDS: usize = 9;

fn main() -> Result<(), Box<dyn Error>> {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/squat_butt_wink.recording.jsonl");
    let mut recording = Recording::read(BufReader::new(File::open(path)?), "squats")?;
    let once = std::mem::take(&mut recording.frames);
    let again = once.iter().cycle().zip(0..FRAMES);
    recording.frames = again
        .map(|(frame, i)| Frame {
            time_s: Seconds::new(i as f64 / 30.0),
            ..frame.clone()
        })
        .collect();
    let mut milliseconds = Vec::new();
    let mut reps = 0;
    for _ in 0..ROUNDS {
        let begun = Instant::now();
        reps = analyze(&recording, &Settings::default())?.reps.len();
        milliseconds.push(begun.elapsed().as_secs_f64() * 1000.0);
    }
    milliseconds.sort_by(f64::total_cmp);
    println!(
        "science, {FRAMES} frames, {reps} reps: {:.0} ms (median of {ROUNDS}, fastest {:.0} ms)",
        milliseconds[ROUNDS / 2],
        milliseconds[0]
    );
    Ok(())
}
