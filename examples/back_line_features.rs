//! What the two small networks are trained on: `back_line_features OUT.f32 landmarks|refined|refined-front FOLDER` reads every
//! `NAME.jsonl` of the folder with its `NAME.truth.csv`; rays are cast along the landmarks' trunk axis, or the one that
//! is refined by the networks for the usual loads, or for a load in front.
//!
//! Three rows a frame, one as it is and two with the trunk axis moved a little, as another frame's landmarks would have
//! it. Little-endian f32: a look, what differs from the standing look, that look and whether there is one (the spine network's
//! inputs but the bent look, which `fit.py` draws), then lumbar, thoracic and yaw truth in degrees, whether the
//! frame is a standing one, the seed of the body, the share of the back that was seen, and the true hip and shoulder in
//! trunk coordinates.

use formcheck::recording::{Person, PlatePlace, Recording};
use formcheck::science::back_line::TrunkFrame;
use formcheck::science::bar::in_frames;
use formcheck::science::look::{Look, WIDTH};
use formcheck::science::trunk_axis::AxisNetwork;
use formcheck::science::{Load, facing_side};
use formcheck::session::Side;
use formcheck::skeleton::{HIPS, SHOULDERS};
use formcheck::units::Point;
use std::error::Error;
use std::fs::{File, read_dir, read_to_string};
use std::io::{BufReader, BufWriter, Write};

const USAGE: &str = "usage: back_line_features OUT.f32 landmarks|refined|refined-front FOLDER";

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let mut out = BufWriter::new(File::create(arguments.next().ok_or(USAGE)?)?);
    let axis = match arguments.next().as_deref() {
        Some("landmarks") => Axis::Landmarks,
        Some("refined") => Axis::Refined(Load::Usual),
        Some("refined-front") => Axis::Refined(Load::InFront),
        _ => return Err(USAGE.into()),
    };
    let mut paths: Vec<String> = read_dir(arguments.next().ok_or(USAGE)?)?
        .map(|entry| Ok(entry?.path().to_string_lossy().into_owned()))
        .collect::<Result<_, std::io::Error>>()?;
    paths.retain(|path| path.ends_with(".jsonl"));
    paths.sort();
    for path in &paths {
        rows(path, axis, &mut out).map_err(|e| format!("{path}: {e}"))?;
    }
    println!(
        "{} recordings, {} numbers a row",
        paths.len(),
        3 * WIDTH + 1 + 10
    );
    Ok(())
}

/// Along which trunk axis the rays are cast.
#[derive(Clone, Copy, PartialEq)]
enum Axis {
    Landmarks,
    Refined(Load),
}

fn rows(path: &str, axis: Axis, out: &mut impl Write) -> Result<(), Box<dyn Error>> {
    let recording = Recording::read(BufReader::new(File::open(path)?), path)?;
    let truth = read_to_string(path.replace(".jsonl", ".truth.csv"))?;
    let header: Vec<&str> = truth
        .lines()
        .next()
        .ok_or("empty truth")?
        .split(',')
        .collect();
    let column = |line: &str, name: &str| -> Option<f32> {
        line.split(',')
            .nth(header.iter().position(|h| *h == name)?)?
            .parse()
            .ok()
    };
    let times: Vec<f64> = recording.frames.iter().map(|f| f.time_s.get()).collect();
    let plate = in_frames(&recording.header.plate_path, &times);
    let seen: Vec<Option<Seen>> = recording
        .frames
        .iter()
        .zip(&plate)
        .map(|(frame, plate)| Some((frame.person.as_ref()?, plate.as_ref())))
        .collect();
    let lines: Vec<&str> = truth.lines().skip(1).collect();
    let seed = lines
        .first()
        .and_then(|l| column(l, "seed"))
        .ok_or("no truth")?;
    let looking = Looking {
        side: facing_side(&recording),
        refine: match axis {
            Axis::Landmarks => None,
            Axis::Refined(load) => Some((AxisNetwork::load(load), seed as usize)),
        },
    };
    let looks: Vec<Option<(TrunkFrame, Look)>> = seen
        .iter()
        .map(|s| s.and_then(|s| looking.look(s, [0.0; 4])))
        .collect();
    let stands = |line: &str| column(line, "standing") == Some(1.0);
    let standing: Vec<&Look> = looks
        .iter()
        .zip(&lines)
        .filter(|(_, l)| stands(l))
        .filter_map(|(k, _)| k.as_ref().map(|k| &k.1))
        .collect();
    let reference = Look::typical(&standing);
    let mut random = Random(
        recording
            .header
            .clip
            .name
            .bytes()
            .fold(7, |h, b| h * 31 % 1_000_003 + u64::from(b)),
    );
    for ((seen, known), line) in seen.iter().zip(&looks).zip(&lines) {
        let (Some(seen), Some(known)) = (seen, known) else {
            continue;
        };
        let moved = (0..2)
            .filter_map(|_| looking.look(*seen, std::array::from_fn(|_| MOVED * random.normal())));
        for look in std::iter::once(known.clone()).chain(moved.collect::<Vec<_>>()) {
            let mut row = inputs(&look.1, reference.as_ref());
            for name in [
                "lumbar_flexion_deg",
                "thoracic_flexion_deg",
                "yaw_deg",
                "standing",
                "seed",
            ] {
                row.push(column(line, name).ok_or("a truth column is missing")?);
            }
            row.push(look.1.seen() as f32);
            for name in ["hip", "shoulder"] {
                let at = |axis: &str| column(line, &format!("{name}_{axis}")).map(f64::from);
                let (x, y) = at("x").zip(at("y")).ok_or("a truth column is missing")?;
                let place = look.0.trunk_from_image(Point::new(x, y));
                row.extend([place.x as f32, place.y as f32]);
            }
            for number in row {
                out.write_all(&number.to_le_bytes())?;
            }
        }
    }
    Ok(())
}

/// A look, what differs from the standing look, that look, and whether there is one.
fn inputs(look: &Look, standing: Option<&Look>) -> Vec<f32> {
    let (reference, flag) = standing.map_or((look, 0.0), |s| (s, 1.0));
    let change = look.change_from(reference);
    let numbers = [look.numbers, change, reference.numbers];
    let row = numbers.iter().flatten().chain([&flag]);
    row.map(|&v| v as f32).collect()
}

/// Standard deviation by which the ends of the trunk axis are moved, trunk lengths: the frame-to-frame jitter of hips
/// and shoulders (0.9 to 2.5 % of the trunk) and a little more.
const MOVED: f64 = 0.03;

/// A person, and the plate when it was seen.
type Seen<'a> = (&'a Person, Option<&'a PlatePlace>);

/// A person's look along the landmarks' axis, its ends moved, or along the one that is refined from it.
struct Looking {
    side: Side,
    /// The network that refines, and its member that has not seen this body.
    refine: Option<(AxisNetwork, usize)>,
}

impl Looking {
    fn look(&self, (person, plate): Seen, moved: [f64; 4]) -> Option<(TrunkFrame, Look)> {
        let side = self.side;
        let (hip, shoulder) = (person.middle(HIPS), person.middle(SHOULDERS));
        let length = (shoulder - hip).length();
        let shift = |x: f64, y: f64| Point::new(x, y) * length;
        let trunk = TrunkFrame::new(
            hip + shift(moved[0], moved[1]),
            shoulder + shift(moved[2], moved[3]),
            side,
        )?;
        let look = (trunk, Look::new(person, plate, &trunk, side)?);
        let Some((network, member)) = &self.refine else {
            return Some(look);
        };
        let trunk = network.refined_by(*member, &look, side)?;
        Some((trunk, Look::new(person, plate, &trunk, side)?))
    }
}

/// A small generator with a fixed start, so that the same recordings give the same rows (Knuth's MMIX constants).
struct Random(u64);

impl Random {
    fn uniform(&mut self) -> f64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// About normal: the sum of twelve uniform numbers less six.
    fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.uniform()).sum::<f64>() - 6.0
    }
}
