//! What the spine network is trained on: `back_line_features OUT.f32 RECORDING.jsonl…`, each with its `RECORDING.truth.csv`.
//!
//! A row a frame, little-endian f32: the network's inputs, then lumbar, thoracic and yaw truth in degrees, whether the
//! frame is a standing one, the seed of the body, and the share of the back that was seen.

use formcheck::recording::Recording;
use formcheck::science::back_line::TrunkFrame;
use formcheck::science::look::Look;
use formcheck::science::{facing_side, spine};
use formcheck::skeleton::{HIPS, SHOULDERS};
use std::error::Error;
use std::fs::{File, read_to_string};
use std::io::{BufReader, BufWriter, Write};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let mut out = BufWriter::new(File::create(arguments.next().ok_or("usage: back_line_features OUT.f32 RECORDING…")?)?);
    for path in arguments {
        rows(&path, &mut out).map_err(|e| format!("{path}: {e}"))?;
    }
    println!("{} numbers a row", spine::INPUTS + 6);
    Ok(())
}

fn rows(path: &str, out: &mut impl Write) -> Result<(), Box<dyn Error>> {
    let recording = Recording::read(BufReader::new(File::open(path)?), path)?;
    let truth = read_to_string(path.replace(".jsonl", ".truth.csv"))?;
    let header: Vec<&str> = truth.lines().next().ok_or("empty truth")?.split(',').collect();
    let column = |line: &str, name: &str| -> Option<f32> {
        line.split(',').nth(header.iter().position(|h| *h == name)?)?.parse().ok()
    };
    let side = facing_side(&recording);
    let looks: Vec<Option<Look>> = recording
        .frames
        .iter()
        .map(|f| f.person.as_ref())
        .map(|p| p.and_then(|p| Look::new(p, &TrunkFrame::new(p.middle(HIPS), p.middle(SHOULDERS), side)?, side)))
        .collect();
    let lines: Vec<&str> = truth.lines().skip(1).collect();
    let stands = |line: &str| column(line, "standing") == Some(1.0);
    let standing: Vec<&Look> = looks.iter().zip(&lines).filter(|(_, l)| stands(l)).filter_map(|(k, _)| k.as_ref()).collect();
    let reference = Look::typical(&standing);
    for (look, line) in looks.iter().zip(&lines) {
        let Some(look) = look else { continue };
        let mut row = spine::inputs(look, reference.as_ref());
        for name in ["lumbar_flexion_deg", "thoracic_flexion_deg", "yaw_deg", "standing", "seed"] {
            row.push(column(line, name).ok_or("a truth column is missing")?);
        }
        row.push(look.seen as f32);
        for number in row {
            out.write_all(&number.to_le_bytes())?;
        }
    }
    Ok(())
}
