//! How well readings repeat: clips `NAME_a` and `NAME_b` show the same reps of one lifter, filmed on two days.

use super::table::Judged;
use formcheck::session::Verdict;
use std::collections::BTreeMap;

/// Errors of the judged reps that were filmed on both days, degrees.
pub fn pairs<'a>(judged: impl Iterator<Item = &'a Judged> + Clone) -> Vec<[f64; 2]> {
    let on = |day: &str| -> BTreeMap<(&'a str, usize), f64> {
        let known = judged.clone().filter_map(|r| {
            let lifter = r.clip.strip_suffix(day)?;
            let error = r.found?.0 - r.peak_deg;
            (r.verdict != Verdict::CannotTell).then_some(((lifter, r.rep), error))
        });
        known.collect()
    };
    let (first, second) = (on("_a"), on("_b"));
    let both = first
        .iter()
        .filter_map(|(rep, error)| Some([*error, *second.get(rep)?]));
    both.collect()
}

/// Prints how far the readings of two days differ beyond what the lifter did; nothing where nobody was filmed twice.
pub fn print(pairs: &[[f64; 2]]) {
    if pairs.is_empty() {
        return;
    }
    let mean = |value: &dyn Fn(&[f64; 2]) -> f64| {
        pairs.iter().map(value).sum::<f64>() / pairs.len() as f64
    };
    let apart = mean(&|[a, b]| (a - b).powi(2)).sqrt();
    let size = mean(&|[a, b]| 0.5 * (a * a + b * b));
    println!(
        "filmed again: {} reps judged on both days, readings {:.1} apart; SD of one {:.1}, smallest detectable change {:.1} (95 %); errors correlate by {:.2}",
        pairs.len(),
        mean(&|[a, b]| (a - b).abs()),
        apart / 2.0_f64.sqrt(),
        1.96 * apart,
        mean(&|[a, b]| a * b) / size
    );
}
