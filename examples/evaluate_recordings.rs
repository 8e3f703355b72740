//! `cargo run --release --example evaluate_recordings RECORDING.jsonl…`: judges recordings, writes `RECORDING.report.json`
//! beside each, and prints lift, view, reference and rep times.

use formcheck::recording::Recording;
use formcheck::settings::Settings;
use std::error::Error;
use std::fs::File;
use std::io::BufReader;

fn main() -> Result<(), Box<dyn Error>> {
    for path in std::env::args().skip(1) {
        println!("{path} {}", evaluate(&path)?);
    }
    Ok(())
}

/// One line of what was found, or why nothing was; then an earlier report of the same recording is taken away.
fn evaluate(path: &str) -> Result<String, Box<dyn Error>> {
    let recording = Recording::read(BufReader::new(File::open(path)?), path)?;
    let out = path.replace(".jsonl", ".report.json");
    let report = match formcheck::science::analyze(&recording, &Settings::default()) {
        Ok(report) => report,
        Err(error) => {
            std::fs::remove_file(&out).ok();
            return Ok(error.to_string());
        }
    };
    std::fs::write(&out, serde_json::to_string(&report)?)?;
    let rep = |r: &formcheck::session::Rep| {
        let times = [r.start_s, r.turn_s, r.end_s].map(|t| t.get());
        format!("{times:.1?}")
    };
    let reps: Vec<String> = report.reps.iter().map(rep).collect();
    Ok(format!(
        "{:?} yaw {:?} reference {:?} reps {}",
        report.lift,
        report.view.yaw_deg,
        report.reference.kind,
        reps.join(" ")
    ))
}
