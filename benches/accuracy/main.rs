//! How near the numbers are to the truth: `cargo bench --bench accuracy -- [--recordings DIR] [--truth DIR] [--each]`.
//!
//! Reads `NAME.recording.jsonl` or `NAME.jsonl` from the one folder, `NAME.json` and `NAME.truth.csv` from the other; both are
//! `samples/` unless said otherwise. `--each` prints every rep. Needs no video.
//!
//! Definitions: a rep's true peak is the 95th percentile of true lumbar flexion over it, in lifts from the floor with half a
//! second of set-up. A rep should be flagged when it passes a limit by 5° or more, and should not when it stays 5° short of
//! all of them; what lies between counts for neither. Limits of agreement are bias ± 1.96 SD (Bland & Altman 1986).

mod again;
mod baseline;
mod drift;
mod table;
mod truth;

use baseline::Baseline;
use drift::Drift;
use formcheck::recording::Recording;
use formcheck::science::analyze;
use formcheck::session::{DepthMeasure, LiftKind, Rep, SessionReport, TrackPoint, Verdict};
use formcheck::settings::Settings;
use std::error::Error;
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use table::{Judged, print_head, print_over_set_up, print_row, print_verdicts, print_ways};
use truth::{TrueRep, Truth};

/// Reps nearer to a limit than this are neither to be flagged nor not.
const GREY_DEG: f64 = 5.0;
/// A rep found is the true one when they turn within this.
const SAME_REP_S: f64 = 0.8;

#[derive(Default)]
struct Clips {
    judged: Vec<Judged>,
    drifts: Vec<Drift>,
    clips: usize,
    counted: usize,
    recognised: usize,
}

struct Arguments {
    recordings: PathBuf,
    truth: PathBuf,
    each: bool,
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments = arguments()?;
    let mut all = Clips::default();
    for (name, path) in recordings(&arguments.recordings)? {
        if arguments.truth.join(format!("{name}.truth.csv")).exists() {
            let truth = Truth::read(&arguments.truth, &name).map_err(|e| format!("{name}: {e}"))?;
            let before = all.judged.len();
            add(&mut all, &name, &path, &truth)?;
            if arguments.each {
                print_clip(&name, &all.judged[before..]);
            }
        }
    }
    if all.clips == 0 {
        return Err(format!(
            "no recording in {} has its truth",
            arguments.recordings.display()
        )
        .into());
    }
    println!(
        "{} clips: rep count right in {}, lift in {}",
        all.clips, all.counted, all.recognised
    );
    print_table(&all.judged);
    drift::print(&all.drifts);
    Ok(())
}

fn print_table(judged: &[Judged]) {
    print_head();
    let group = |name: &str, belongs: &dyn Fn(&Judged) -> bool| {
        print_row(
            name,
            &judged.iter().filter(|r| belongs(r)).collect::<Vec<_>>(),
        );
    };
    group("yaw to 15", &|r| r.yaw_deg <= 15.0);
    group("yaw 15 to 30", &|r| r.yaw_deg > 15.0 && r.yaw_deg <= 30.0);
    group("yaw past 30", &|r| r.yaw_deg > 30.0);
    println!("yaw to 30:");
    let near = |r: &Judged| r.yaw_deg <= 30.0;
    for lift in ["squat", "sit_to_chair", "deadlift", "rdl", "good_morning"] {
        group(lift, &|r| near(r) && r.lift == lift);
    }
    group("loose shirt", &|r| near(r) && r.loose);
    group("other clothes", &|r| near(r) && !r.loose);
    group("450 mm plates", &|r| near(r) && r.large_plates);
    group("smaller plates", &|r| near(r) && !r.large_plates);
    let near: Vec<&Judged> = judged.iter().filter(|r| near(r)).collect();
    println!("what was said of judged reps {GREY_DEG}° and more off the limits, yaw to 30:");
    print_verdicts(&near);
    println!("rounding beyond the set-up in judged pulls, yaw to 30: reps, MAE, bias");
    print_over_set_up(&near);
    again::print(&again::pairs(judged.iter()));
    println!("peak of the rep by simpler ways, yaw to 30, reps that all could measure:");
    print_ways(&near);
}

fn arguments() -> Result<Arguments, Box<dyn Error>> {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    let mut found = Arguments {
        recordings: samples.clone(),
        truth: samples,
        each: false,
    };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let mut folder = || {
            words
                .next()
                .map(PathBuf::from)
                .ok_or_else(|| format!("{word} needs a folder"))
        };
        match word.as_str() {
            "--recordings" => found.recordings = folder()?,
            "--truth" => found.truth = folder()?,
            "--each" => found.each = true,
            // cargo says so to every benchmark
            "--bench" => {}
            _ => {
                return Err(
                    format!("unknown: {word}; --recordings DIR, --truth DIR, --each").into(),
                );
            }
        }
    }
    Ok(found)
}

/// Names and paths, in the order of the names.
fn recordings(folder: &Path) -> Result<Vec<(String, PathBuf)>, Box<dyn Error>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(|e| format!("{}: {e}", folder.display()))? {
        let path = entry?.path();
        let file = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if let Some(name) = file.strip_suffix(".jsonl") {
            found.push((
                name.strip_suffix(".recording").unwrap_or(name).to_owned(),
                path,
            ));
        }
    }
    found.sort();
    Ok(found)
}

/// Judges one clip. Reps that were not found are left out of the table; the rep count tells of them.
fn add(all: &mut Clips, name: &str, path: &Path, truth: &Truth) -> Result<(), Box<dyn Error>> {
    all.clips += 1;
    let recording = Recording::read(BufReader::new(File::open(path)?), name)?;
    let report = match analyze(&recording, &Settings::default()) {
        Ok(report) => report,
        Err(error) => {
            println!("{name}: {error}");
            return Ok(());
        }
    };
    all.counted += usize::from(report.reps.len() == truth.reps.len());
    let kind =
        kind_of(&truth.lift).ok_or_else(|| format!("{name}: unknown lift {}", truth.lift))?;
    all.recognised += usize::from(report.lift.kind == kind);
    let baseline = Baseline::new(&recording, &report);
    let before = all.judged.len();
    let mut left: Vec<&Rep> = report.reps.iter().collect();
    for true_rep in &truth.reps {
        let away = |r: &&Rep| (r.turn_s.get() - true_rep.turn_s).abs();
        let nearest = (0..left.len()).min_by(|&a, &b| away(&left[a]).total_cmp(&away(&left[b])));
        if let Some(index) = nearest.filter(|&i| away(&left[i]) <= SAME_REP_S) {
            let mut judged = judged(truth, true_rep, kind, (&report, left.remove(index)));
            let from_s = truth.times[truth.frames(true_rep).start];
            judged.other_ways = baseline.peaks(from_s, true_rep.end_s);
            all.judged.push(judged);
        }
    }
    all.drifts
        .extend(Drift::new(&all.judged[before..], &report));
    Ok(())
}

fn kind_of(lift: &str) -> Option<LiftKind> {
    serde_json::from_value(lift.into()).ok()
}

fn judged(truth: &Truth, rep: &TrueRep, kind: LiftKind, found: (&SessionReport, &Rep)) -> Judged {
    let frames = truth.frames(rep);
    let mut flexion = truth.lumbar_deg[frames.clone()].to_vec();
    let (peak, low) = (
        percentile(&mut flexion, 0.95),
        percentile(&mut flexion, 0.05),
    );
    let most = percentile(&mut flexion, 1.0);
    let settings = Settings::default();
    let limit = settings.limits.of(kind);
    let over_set_up = limit
        .leave_over_set_up_deg
        .map(|l| most - rep.set_up_deg - l.degrees());
    let over = (peak - limit.leave_deg.degrees())
        .max(over_set_up.unwrap_or(f64::NEG_INFINITY))
        .max(settings.limits.arch_leave_deg.degrees() - low);
    let estimate = found
        .1
        .peak_lumbar_flexion_deg
        .zip(found.1.peak_lumbar_flexion_sd_deg);
    let past_watch = |&i: &usize| truth.lumbar_deg[i] >= limit.watch_deg.degrees();
    // the loaded way: down to the turn; in a pull up to it, so that neutral begins where the last frame past the level is
    let mut way = frames.clone().filter(|&i| truth.times[i] <= rep.turn_s);
    let onset = if kind == LiftKind::Deadlift {
        way.rfind(past_watch)
    } else {
        way.find(past_watch)
    };
    let onset = onset.map(|i| truth.times[i]);
    Judged {
        clip: truth.name.clone(),
        rep: rep.number,
        lift: truth.lift.clone(),
        yaw_deg: truth.yaw_deg.abs(),
        loose: truth.loose,
        large_plates: truth.plate_radius_m > 0.2,
        other_ways: [None; 2],
        peak_deg: peak,
        found: estimate.map(|(v, sd)| (v.degrees(), sd.degrees())),
        curve: curve(truth, (truth.times[frames.start], rep.end_s), found.0),
        onset_depth_error: onset
            .and_then(|t| Some(found.1.onset_depth? - depth_at(found.0, kind, t)?)),
        over_set_up: over_set_up_of(truth, peak, found),
        verdict: found.1.verdict,
        flag: (over.abs() >= GREY_DEG).then_some(over > 0.0),
    }
}

/// In the frames in which the trunk is at least 0.6 times as bent as at lift-off, as the program has it; no more than the peak.
fn over_set_up_of(
    truth: &Truth,
    peak_deg: f64,
    (report, rep): (&SessionReport, &Rep),
) -> Option<(f64, f64, f64)> {
    let (over, sd) = rep.over_set_up_deg.zip(rep.change_sd_deg)?;
    let (start, end) = (rep.start_s.get(), rep.end_s.get());
    let bent = |p: &TrackPoint| Some(p.trunk_inclination_deg?.degrees());
    let lift_off = report.track.iter().find(|p| p.time_s.get() >= start)?;
    let least = 0.6 * bent(lift_off)?;
    let within = report.track.iter().filter(|p| {
        (start..=end).contains(&p.time_s.get())
            && p.lumbar_flexion_deg.is_some()
            && bent(p).is_some_and(|b| b >= least)
    });
    let mut flexion: Vec<f64> = within
        .filter_map(|p| truth.lumbar_at(p.time_s.get()))
        .collect();
    let set_up = truth.lumbar_at(start)?.max(0.0);
    (rep.verdict != Verdict::CannotTell).then_some((
        percentile(&mut flexion, 0.95).min(peak_deg) - set_up,
        over.degrees(),
        sd.degrees(),
    ))
}

/// Squared differences of the measured frames between two times.
fn curve(truth: &Truth, (from_s, to_s): (f64, f64), report: &SessionReport) -> (f64, usize) {
    let within = report
        .track
        .iter()
        .filter(|p| (from_s..=to_s).contains(&p.time_s.get()));
    let differences = within
        .filter_map(|p| Some(p.lumbar_flexion_deg?.degrees() - truth.lumbar_at(p.time_s.get())?));
    differences.fold((0.0, 0), |(sum, count), d| (sum + d * d, count + 1))
}

/// Depth measured in the first frame from a time on.
fn depth_at(report: &SessionReport, kind: LiftKind, time_s: f64) -> Option<f64> {
    let point = report.track.iter().find(|p| p.time_s.get() >= time_s)?;
    DepthMeasure::of(kind).at(point)
}

fn percentile(values: &mut [f64], share: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    let Some(last) = values.len().checked_sub(1) else {
        return f64::NAN;
    };
    let rank = last as f64 * share;
    let low = rank.floor() as usize;
    values[low] + (values[(low + 1).min(last)] - values[low]) * (rank - low as f64)
}

fn print_clip(name: &str, reps: &[Judged]) {
    print!("{name:<24}");
    for rep in reps {
        let found = rep
            .found
            .map_or("-".into(), |(v, sd)| format!("{v:.0}±{sd:.0}"));
        print!("  {:.0}>{found} {:?}", rep.peak_deg, rep.verdict);
    }
    println!();
}
