//! The table: one row a group of reps.

use formcheck::science::INTERVAL;
use formcheck::session::Verdict;

/// One true rep and what was said of it.
pub struct Judged {
    /// Name of the clip.
    pub clip: String,
    /// Which of its true reps, from 1.
    pub rep: usize,
    /// Lift, in the names of the report.
    pub lift: String,
    /// Yaw of the camera without its sign, degrees.
    pub yaw_deg: f64,
    /// Whether the shirt hangs loose.
    pub loose: bool,
    /// Whether the plates are 450 mm wide.
    pub large_plates: bool,
    /// Peaks by the ways of [`super::baseline::NAMES`].
    pub other_ways: [Option<f64>; 2],
    /// True 95th percentile of lumbar flexion, degrees.
    pub peak_deg: f64,
    /// Found, with its standard uncertainty; `None` when not measured.
    pub found: Option<(f64, f64)>,
    /// Sum of squares and number of the differences of the two curves over the rep.
    pub curve: (f64, usize),
    /// Depth found at the onset less depth at the true onset, when both are.
    pub onset_depth_error: Option<f64>,
    /// Rounding beyond the set-up: true, found, and its standard uncertainty, degrees; pulls from the floor only.
    pub over_set_up: Option<(f64, f64, f64)>,
    /// What was said.
    pub verdict: Verdict,
    /// Whether the truth is past a limit by more than the grey zone (true), short of all by more than it (false), or in it.
    pub flag: Option<bool>,
}

/// Prints the head of the table.
pub fn print_head() {
    println!(
        "{:<14}{:>5}{:>7}{:>7}{:>15}{:>7}{:>8}{:>8}{:>7}{:>7}{:>8}",
        "",
        "reps",
        "MAE",
        "bias",
        "95 % limits",
        "curve",
        "onset",
        "80 %",
        "sens.",
        "spec.",
        "can't"
    );
    println!(
        "{:<14}{:>5}{:>7}{:>7}{:>15}{:>7}{:>8}{:>8}{:>7}{:>7}{:>8}",
        "", "", "deg", "deg", "deg", "RMSE", "depth", "held", "", "", "tell"
    );
}

/// Prints one row; nothing for an empty group.
pub fn print_row(name: &str, reps: &[&Judged]) {
    if reps.is_empty() {
        return;
    }
    let errors: Vec<f64> = reps
        .iter()
        .filter_map(|r| Some(r.found?.0 - r.peak_deg))
        .collect();
    let bias = mean(errors.iter().copied());
    let spread = mean(errors.iter().map(|e| (e - bias).powi(2))).sqrt();
    let held = reps
        .iter()
        .filter_map(|r| r.found.map(|(v, sd)| share(is_held(v - r.peak_deg, sd))));
    let curve = reps
        .iter()
        .fold((0.0, 0), |sum, r| (sum.0 + r.curve.0, sum.1 + r.curve.1));
    let told = |flag: bool| {
        reps.iter()
            .filter(move |r| r.flag == Some(flag) && r.verdict != Verdict::CannotTell)
    };
    let flagged = |r: &&&Judged| r.verdict == Verdict::LeftNeutral;
    println!(
        "{name:<14}{:>5}{:>7.2}{:>7.2}{:>15}{:>7.2}{:>8.3}{:>8.2}{:>7.2}{:>7.2}{:>8.2}",
        reps.len(),
        mean(errors.iter().map(|e| e.abs())),
        bias,
        format!("{:.1} to {:.1}", bias - 1.96 * spread, bias + 1.96 * spread),
        (curve.0 / curve.1 as f64).sqrt(),
        mean(
            reps.iter()
                .filter_map(|r| r.onset_depth_error)
                .map(f64::abs)
        ),
        mean(held),
        mean(told(true).map(|r| share(flagged(&r)))),
        mean(told(false).map(|r| share(!flagged(&r)))),
        mean(reps.iter().map(|r| share(r.verdict == Verdict::CannotTell))),
    );
}

/// Prints error, bias and coverage of the rounding beyond the set-up.
pub fn print_over_set_up(reps: &[&Judged]) {
    let known: Vec<(f64, f64)> = reps
        .iter()
        .filter_map(|r| r.over_set_up.map(|(truth, found, sd)| (found - truth, sd)))
        .collect();
    if !known.is_empty() {
        println!("{}", error_and_coverage("beyond set-up", &known));
    }
}

/// Prints error and bias of the simpler ways beside ours.
pub fn print_ways(reps: &[&Judged]) {
    let all: Vec<(f64, [f64; 3])> = reps
        .iter()
        .filter_map(|r| {
            let [chord, geometric] = r.other_ways;
            Some((r.peak_deg, [chord?, geometric?, r.found?.0]))
        })
        .collect();
    for (way, name) in super::baseline::NAMES
        .iter()
        .chain(&["formcheck"])
        .enumerate()
    {
        let errors: Vec<f64> = all.iter().map(|(truth, ways)| ways[way] - truth).collect();
        println!("{}", error_and_bias(name, &errors));
    }
}

/// Prints what was said of the judged reps that are well past a limit, and well short of all.
pub fn print_verdicts(reps: &[&Judged]) {
    for (name, flag) in [("past a limit", true), ("short of all", false)] {
        let said = |verdict: Verdict| {
            let same = |r: &&&Judged| r.flag == Some(flag) && r.verdict == verdict;
            reps.iter().filter(same).count()
        };
        println!(
            "{name:<14}{:>5} left neutral, {} close, {} held",
            said(Verdict::LeftNeutral),
            said(Verdict::Close),
            said(Verdict::Held)
        );
    }
}

/// A row of errors with their standard uncertainties: how many, mean size, bias, and coverage.
pub fn error_and_coverage(name: &str, known: &[(f64, f64)]) -> String {
    let errors: Vec<f64> = known.iter().map(|(error, _)| *error).collect();
    format!(
        "{}, 80 % intervals hold {:.2}",
        error_and_bias(name, &errors),
        mean(known.iter().map(|(error, sd)| share(is_held(*error, *sd))))
    )
}

/// A row's head: how many, mean size of the error, and bias.
fn error_and_bias(name: &str, errors: &[f64]) -> String {
    format!(
        "{name:<14}{:>5}{:>7.2}{:>7.2}",
        errors.len(),
        mean(errors.iter().map(|e| e.abs())),
        mean(errors.iter().copied())
    )
}

/// Whether the 80 % interval of such a standard uncertainty holds the truth.
pub fn is_held(error: f64, sd: f64) -> bool {
    error.abs() <= INTERVAL * sd
}

fn share(yes: bool) -> f64 {
    f64::from(u8::from(yes))
}

/// NaN of nothing: the table shows it as such.
pub fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, count) = values.fold((0.0, 0), |(sum, count), v| (sum + v, count + 1));
    sum / f64::from(count)
}
