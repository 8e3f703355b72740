//! The block "The whole set" of the page: its plots, what they say in words, and the numbers behind them.

use crate::error::Result;
use crate::report::depth_block::{self, DepthView};
use crate::report::{limits, plot, words};
use crate::session::{Rep, SessionReport, Verdict};
use crate::units::Angle;

/// Limits that the slider offers, degrees.
const SLIDER_DEG: std::ops::RangeInclusive<u8> = 5..=60;

/// What the template shows.
pub struct SetView {
    pub depth: DepthView,
    pub dots: String,
    pub against: Option<String>,
    pub phase: String,
    pub last_neutral: String,
    pub drift: String,
    pub leaves: String,
    pub bar: &'static str,
    /// Whether any rep was measured: without one the plots would be empty.
    pub measured: bool,
    /// Numbers for the limit slider, see [`slider`].
    pub slider: String,
    pub limit: i64,
    /// Lowest and highest degree of the plots' axis.
    pub scale: (f64, f64),
    pub phase_rows: Vec<(u32, Vec<String>)>,
}

/// Gathers the block.
pub fn set_view(report: &SessionReport) -> Result<SetView> {
    Ok(SetView {
        depth: depth_block::depth_view(report),
        dots: plot::dots(report)?,
        against: plot::against_depth(report)?,
        phase: plot::over_phase(report)?,
        last_neutral: last_neutral(report),
        drift: drift(report),
        leaves: leaves(report),
        bar: if words::pulls_first(report.lift.kind) {
            "bar height"
        } else {
            "depth"
        },
        measured: report
            .reps
            .iter()
            .any(|r| r.peak_lumbar_flexion_deg.is_some()),
        slider: slider(report),
        limit: limits::of_lift(report).leave.degrees().round() as i64,
        scale: plot::scale(report),
        phase_rows: phase_rows(report),
    })
}

/// "Last clearly neutral rep: 3 of 5."
fn last_neutral(report: &SessionReport) -> String {
    let total = report.reps.len();
    match report
        .reps
        .iter()
        .rev()
        .find(|r| r.verdict == Verdict::Held)
    {
        Some(rep) => {
            let earlier = report.reps.iter().take_while(|r| r.number < rep.number);
            let moved: Vec<u32> = earlier
                .filter(|r| matches!(r.verdict, Verdict::Close | Verdict::LeftNeutral))
                .map(|r| r.number)
                .collect();
            let but = match moved.as_slice() {
                [] => String::new(),
                [one] => format!(", but rep {one} before it was not"),
                many => format!(", but {} before it were not", words::reps_listed(many)),
            };
            format!("Last clearly neutral rep: {} of {total}{but}.", rep.number)
        }
        None if report.reps.iter().all(|r| r.verdict == Verdict::CannotTell) => {
            "No rep could be judged.".into()
        }
        None if total == 1 => "The rep did not clearly hold.".into(),
        None => format!("None of the {total} reps clearly held."),
    }
}

/// What the lower back rounded more from the first judged rep to the last, by the slope over all of them.
pub struct OverSet {
    pub first: u32,
    pub last: u32,
    pub more: Angle,
    pub sd: Angle,
}

impl OverSet {
    /// Whether zero is outside the interval.
    pub fn is_clear(&self) -> bool {
        self.more.abs() > words::interval(self.sd)
    }
}

/// `None` where no slope is stated.
pub fn over_set(report: &SessionReport) -> Option<OverSet> {
    let (slope, sd) = (report.set.drift_deg_per_rep).zip(report.set.drift_sd_deg_per_rep)?;
    let judged = |r: &&Rep| r.verdict != Verdict::CannotTell;
    let mut numbers = report.reps.iter().filter(judged).map(|r| r.number);
    let (first, last) = numbers.next().zip(numbers.next_back())?;
    let steps = f64::from(last - first);
    Some(OverSet {
        first,
        last,
        more: slope * steps,
        sd: sd * steps,
    })
}

/// "From rep 1 to rep 5 it rounded about 9° more (±6°)."; `None` while zero is within the interval.
pub fn clear_drift(report: &SessionReport) -> Option<String> {
    let over = over_set(report).filter(OverSet::is_clear)?;
    let way = if over.more >= Angle::ZERO {
        "more"
    } else {
        "less"
    };
    Some(format!(
        "From rep {} to rep {} it rounded about {} {way} ({}).",
        over.first,
        over.last,
        words::degrees(over.more.abs()),
        words::plus_minus(over.sd)
    ))
}

fn drift(report: &SessionReport) -> String {
    let unclear = |slope| {
        let sd = report.set.drift_sd_deg_per_rep;
        format!(
            "No clear change from rep to rep ({} {} a rep).",
            words::degrees(slope),
            sd.map(words::plus_minus).unwrap_or_default()
        )
    };
    clear_drift(report)
        .or_else(|| report.set.drift_deg_per_rep.map(unclear))
        .unwrap_or_default()
}

/// What the numbered dots of the key plot are. Where the set as a whole leaves is said above it.
fn leaves(report: &SessionReport) -> String {
    let judged: Vec<&Rep> = report
        .reps
        .iter()
        .filter(|r| r.verdict != Verdict::CannotTell)
        .collect();
    let numbers = |pick: fn(&Rep) -> bool| -> Vec<u32> {
        let those = judged.iter().filter(|r| pick(r));
        those.map(|r| r.number).collect()
    };
    let on_the_way = numbers(|r| r.onset_depth.is_some());
    let later = numbers(|r| r.onset_depth.is_none() && r.onset_time_s.is_some());
    let mut said = match on_the_way.len() {
        0 if judged.is_empty() => return "No rep could be judged, so this stays open.".into(),
        0 if later.is_empty() => {
            "In no judged rep did your lower back pass the watch level.".into()
        }
        0 => String::new(),
        many => {
            let show = if many == 1 { "dot shows" } else { "dots show" };
            let reps = words::reps_listed(&on_the_way);
            format!("The {show} where {reps} passed the watch level.")
        }
    };
    if !later.is_empty() {
        let other = if words::pulls_first(report.lift.kind) {
            "only before or after the pull"
        } else {
            "only on the way up"
        };
        said += &format!(" Passed {other}: {}.", words::reps_listed(&later));
    }
    said.trim_start().into()
}

/// `number highest other` a rep: the highest whole limit at which the program's own rule flags it for its peak (0 =
/// none), and whether another rule flags it anyway. "Can't tell" is never decided anew, so such reps are not listed.
fn slider(report: &SessionReport) -> String {
    let judged = report
        .reps
        .iter()
        .filter(|r| r.verdict != Verdict::CannotTell);
    let rows = judged.map(|rep| {
        let highest = SLIDER_DEG
            .rev()
            .find(|limit| limits::flagged_at(report, rep, Angle::from_degrees(f64::from(*limit))));
        let other = rep.verdict == Verdict::LeftNeutral && rep.rule != "leave_deg";
        format!(
            "{} {} {}",
            rep.number,
            highest.unwrap_or(0),
            u8::from(other)
        )
    });
    rows.collect::<Vec<_>>().join(";")
}

/// Flexion at 0, 25, 50, 75 and 100 % of each rep: the table of the phase plot.
fn phase_rows(report: &SessionReport) -> Vec<(u32, Vec<String>)> {
    let at = |rep: &Rep, wanted: f64| {
        let near = report
            .track
            .iter()
            .filter(|p| p.rep == Some(rep.number))
            .filter_map(|p| {
                let gap = (rep.phase(p.time_s) - wanted).abs();
                p.lumbar_flexion_deg.filter(|_| gap < 6.0).map(|f| (gap, f))
            });
        near.min_by(|a, b| a.0.total_cmp(&b.0))
            .map_or("–".into(), |(_, f)| words::degrees(f))
    };
    report
        .reps
        .iter()
        .map(|rep| {
            (
                rep.number,
                [0.0, 25.0, 50.0, 75.0, 100.0]
                    .iter()
                    .map(|w| at(rep, *w))
                    .collect(),
            )
        })
        .collect()
}
