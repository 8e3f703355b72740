//! How lumbar flexion changes from rep to rep of a set: the slope of the reps' peaks over their numbers.

use super::table::{Judged, error_and_coverage, is_held, mean};
use formcheck::session::{SessionReport, Verdict};

/// A set whose true slope is at least this changes; degrees a rep.
const CHANGES_DEG: f64 = 2.0;
/// One whose true slope is less does not.
const STEADY_DEG: f64 = 1.0;

/// The slope of one set, degrees a rep.
pub struct Drift {
    truth_deg: f64,
    found_deg: f64,
    sd_deg: f64,
}

impl Drift {
    /// Of the judged reps of one clip; `None` where the program states no slope.
    pub fn new(reps: &[Judged], report: &SessionReport) -> Option<Self> {
        let (found, sd) = (report.set.drift_deg_per_rep).zip(report.set.drift_sd_deg_per_rep)?;
        let judged = reps
            .iter()
            .filter(|r| r.verdict != Verdict::CannotTell && r.found.is_some());
        let peaks: Vec<(f64, f64)> = judged.map(|r| (r.rep as f64, r.peak_deg)).collect();
        Some(Drift {
            truth_deg: slope(&peaks)?,
            found_deg: found.degrees(),
            sd_deg: sd.degrees(),
        })
    }

    fn error(&self) -> f64 {
        self.found_deg - self.truth_deg
    }

    /// As the report says: it changes when zero is outside the 80 % interval.
    fn is_said_to_change(&self) -> bool {
        !is_held(self.found_deg, self.sd_deg)
    }
}

/// Least-squares slope; `None` of fewer than three points, as the program has it.
fn slope(points: &[(f64, f64)]) -> Option<f64> {
    let (x, y) = (
        mean(points.iter().map(|p| p.0)),
        mean(points.iter().map(|p| p.1)),
    );
    let spread: f64 = points.iter().map(|p| (p.0 - x).powi(2)).sum();
    let along: f64 = points.iter().map(|p| (p.0 - x) * (p.1 - y)).sum();
    (points.len() >= 3).then_some(along / spread)
}

/// Prints error, bias and coverage of the slopes, and in which sets a change was seen; nothing without a set of three reps.
pub fn print(drifts: &[Drift]) {
    if drifts.is_empty() {
        return;
    }
    println!("change from rep to rep, sets with three judged reps: sets, MAE, bias, degrees a rep");
    let errors: Vec<(f64, f64)> = drifts.iter().map(|d| (d.error(), d.sd_deg)).collect();
    println!("{}", error_and_coverage("drift per rep", &errors));
    let said = |belongs: &dyn Fn(f64) -> bool| {
        let those: Vec<&Drift> = drifts
            .iter()
            .filter(|d| belongs(d.truth_deg.abs()))
            .collect();
        let seen = those.iter().filter(|d| d.is_said_to_change()).count();
        format!("{seen} of {}", those.len())
    };
    println!(
        "said to change: {} sets that do by {CHANGES_DEG}° a rep and more, {} that do by less than {STEADY_DEG}°",
        said(&|size| size >= CHANGES_DEG),
        said(&|size| size < STEADY_DEG)
    );
}
