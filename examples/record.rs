//! `cargo run --release --example record CLIP OUT.jsonl`: video to recording, as the program makes it.

use formcheck::error::Result;
use formcheck::recording::Recording;
use formcheck::science::{is_better, misleading_plate};
use formcheck::vision::{Options, record, record_behind};
use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [clip, out] = arguments.as_slice() else {
        eprintln!("usage: record CLIP OUT.jsonl");
        return ExitCode::from(2);
    };
    let recording = match read(Path::new(clip)) {
        Ok(recording) => recording,
        Err(error) => {
            eprintln!("{error}. {}", error.hint());
            return ExitCode::from(error.exit_code());
        }
    };
    let written =
        std::fs::File::create(out).and_then(|file| recording.write(std::io::BufWriter::new(file)));
    match written {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("cannot write {out}: {error}");
            ExitCode::from(5)
        }
    }
}

/// Where a plate in front misled the reading, once more behind that plate.
fn read(clip: &Path) -> Result<Recording> {
    let options = Options::default();
    let recording = record(clip, &options, &mut |_| ())?;
    let plates = misleading_plate(&recording);
    if plates.is_empty() {
        return Ok(recording);
    }
    let behind = record_behind(&plates, clip, &options, &recording, &mut |_| ())?;
    Ok(match is_better(&behind, &recording, &plates) {
        true => behind,
        false => recording,
    })
}
