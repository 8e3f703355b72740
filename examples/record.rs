//! `cargo run --release --example record CLIP OUT.jsonl`: video to recording, as the program makes it.

use formcheck::analysis::read;
use formcheck::vision::Options;
use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [clip, out] = arguments.as_slice() else {
        eprintln!("usage: record CLIP OUT.jsonl");
        return ExitCode::from(2);
    };
    let recording = match read(Path::new(clip), &Options::default(), &mut |_| ()) {
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
