//! How deep the set stays neutral, in numbers and in words: "Neutral until your thighs are about 20° above parallel (±6)."
//!
//! Depth is counted in thigh lengths (what a picture without a scale gives) and told as what a lifter can see: the thigh
//! against level in squats, the lean of the trunk in hinges, the share of the bar's way in pulls.

use super::filter::median;
use super::neutral::{Fit, Passing, fits, way};
use super::words::INTERVAL;
use crate::session::{
    DepthMeasure, LiftKind, NeutralDepth, NeutralFinding, Rep, Scale, TrackPoint, Verdict,
};
use crate::settings::Settings;
use crate::units::rounded;

/// Frames that say how the body is at a depth: the nearest ones, so many.
const NEAREST: usize = 9;
/// A thigh within this of level is called parallel, degrees.
const PARALLEL_DEG: f64 = 2.5;

/// What the set shows. `reps` must have their own onsets already.
pub fn neutral_depth(
    reps: &[Rep],
    track: &[TrackPoint],
    kind: LiftKind,
    settings: &Settings,
    scale: Option<&Scale>,
) -> NeutralDepth {
    let measure = DepthMeasure::of(kind);
    let curves = fits(reps, track, measure);
    let least = settings.depth.least_reps as usize;
    let fit = (curves.len() >= least)
        .then(|| Fit::of_set(&curves))
        .flatten();
    let watch_deg = settings.watch(kind);
    let passing = fit.as_ref().map(|f| f.passing(watch_deg.degrees()));
    let finding = match passing {
        None => NeutralFinding::Unknown,
        Some(Passing { depth: None, .. }) => NeutralFinding::AllTheWay,
        Some(_) => NeutralFinding::Until,
    };
    let given = |deep: f64| rounded(measure.sign() * deep, 1000.0);
    let mut found = NeutralDepth {
        finding,
        measure,
        watch_deg,
        depth: passing.and_then(|p| p.depth).map(given),
        earliest: passing.and_then(|p| p.earliest).map(given),
        latest: passing.and_then(|p| p.latest).map(given),
        deepest: fit.map(|f| given(f.deepest())),
        raise_cm: None,
        raise_interval_cm: None,
        reps: curves.len() as u32,
        sentence: String::new(),
        reason: passing.is_none().then(|| {
            format!(
                "neutral depth needs at least {least} reps whose lower back was measured on the way"
            )
        }),
    };
    let raise = scale.and_then(|s| raise(&found, s));
    found.raise_cm = raise.map(|r| rounded(r.0, 1.0));
    found.raise_interval_cm = raise.map(|r| r.1.ceil().max(1.0));
    found.sentence = Sight::of(reps, track, measure).sentence(&found, reps, least);
    let to_seat = settings.depth.seat_height_cm.is_some();
    if let Some(step) = raise_words(&found, kind, to_seat) {
        found.sentence = format!("{} {step}", found.sentence);
    }
    found
}

/// How much higher the deepest point would have to be, with the half width of its 80 % interval, centimetres.
fn raise(found: &NeutralDepth, scale: &Scale) -> Option<(f64, f64)> {
    let (depth, deepest) = (found.depth?, found.deepest?);
    let cm = |lengths: f64| (lengths * scale.thigh_mm / 10.0).abs();
    let raise = cm(deepest - depth);
    let off = |end: Option<f64>| end.map_or(0.0, |e| cm(e - depth));
    let half = off(found.earliest).max(off(found.latest));
    Some((raise, half.hypot(INTERVAL * scale.share_sd() * raise)))
}

/// What to change to stop there; `to_seat`: the lifter named the height of a seat.
fn raise_words(found: &NeutralDepth, kind: LiftKind, to_seat: bool) -> Option<String> {
    found.depth?;
    let by = found
        .raise_cm
        .zip(found.raise_interval_cm)
        .map(|(raise, half)| format!("by about {raise:.0} cm (±{half:.0})"));
    match kind {
        LiftKind::Deadlift => by.map(|by| format!("To start there, raise the bar {by}.")),
        LiftKind::Squat if !to_seat => None,
        LiftKind::Squat | LiftKind::SitToChair => Some(match by {
            Some(by) => format!("Raise the seat {by}."),
            None => "A higher seat, one that stops you there, stays neutral.".into(),
        }),
        LiftKind::Rdl | LiftKind::GoodMorning => None,
    }
}

/// How the lifter looks at each depth.
struct Sight {
    kind: DepthMeasure,
    /// Depth in the measure, and what a lifter sees there: degrees, or percent of the bar's way up.
    seen: Vec<(f64, f64)>,
}

impl Sight {
    fn of(reps: &[Rep], track: &[TrackPoint], measure: DepthMeasure) -> Self {
        let judged = || reps.iter().filter(|r| r.verdict != Verdict::CannotTell);
        let points = || judged().flat_map(|rep| way(rep, track));
        let bar = || points().filter_map(|p| p.shoulder_height);
        let low = bar().fold(f64::INFINITY, f64::min);
        let high = bar().fold(f64::NEG_INFINITY, f64::max);
        let look = |p: &TrackPoint| match measure {
            DepthMeasure::HipDrop => p.thigh_above_level_deg.map(|a| a.degrees()),
            DepthMeasure::ShoulderHeight => p.trunk_inclination_deg.map(|a| a.degrees()),
            DepthMeasure::BarHeight => {
                Some(100.0 * (p.shoulder_height? - low) / (high - low).max(0.05))
            }
        };
        Sight {
            kind: measure,
            seen: points()
                .filter_map(|p| Some((measure.at(p)?, look(p)?)))
                .collect(),
        }
    }

    /// What is seen at a depth: the median of the frames nearest to it.
    fn at(&self, depth: f64) -> f64 {
        let mut near = self.seen.clone();
        near.sort_by(|a, b| (a.0 - depth).abs().total_cmp(&(b.0 - depth).abs()));
        let mut seen: Vec<f64> = near.iter().take(NEAREST).map(|s| s.1).collect();
        median(&mut seen).unwrap_or(0.0)
    }

    fn sentence(&self, found: &NeutralDepth, reps: &[Rep], least: usize) -> String {
        match (found.finding, found.depth, found.deepest) {
            (NeutralFinding::Until, Some(depth), _) => {
                let until = self.until(depth);
                match (found.earliest, found.latest) {
                    (Some(earliest), Some(latest)) => {
                        let off = |d: f64| (self.at(d) - self.at(depth)).abs();
                        let half = off(earliest).max(off(latest)).ceil().max(1.0);
                        format!("{until} (±{half:.0}{}).", self.unit())
                    }
                    (Some(earliest), None) => {
                        let end = match self.kind {
                            DepthMeasure::BarHeight => "the start",
                            _ => "all the way",
                        };
                        let from = self.place(earliest);
                        format!("{until}; from {from} to {end} is possible.")
                    }
                    _ => format!("{until}."),
                }
            }
            (NeutralFinding::AllTheWay, _, Some(deepest)) => self.all_the_way(deepest, found, reps),
            _ => format!(
                "How deep your lower back stays neutral takes at least {least} measured reps; this set has {}.",
                found.reps
            ),
        }
    }

    fn all_the_way(&self, deepest: f64, found: &NeutralDepth, reps: &[Rep]) -> String {
        let head = match self.kind {
            DepthMeasure::BarHeight => "Neutral all the way from the start".to_owned(),
            DepthMeasure::HipDrop => {
                format!(
                    "Neutral all the way down, to thighs {}",
                    self.place(deepest)
                )
            }
            DepthMeasure::ShoulderHeight => {
                format!(
                    "Neutral all the way down, to a trunk lean of {}",
                    self.place(deepest)
                )
            }
        };
        let near = found.earliest.map_or(String::new(), |earliest| {
            format!(" Near the watch level from {} on.", self.place(earliest))
        });
        let passed: Vec<u32> = reps
            .iter()
            .filter(|r| r.onset_depth.is_some())
            .map(|r| r.number)
            .collect();
        if passed.is_empty() {
            return format!("{head}.{near}");
        }
        format!(
            "{head}, in most reps; {} went past the watch level.",
            super::words::reps_listed(&passed)
        )
    }

    fn until(&self, depth: f64) -> String {
        match self.kind {
            DepthMeasure::HipDrop => {
                format!("Neutral until your thighs are {}", self.place(depth))
            }
            DepthMeasure::ShoulderHeight => {
                format!("Neutral until your trunk leans {}", self.place(depth))
            }
            DepthMeasure::BarHeight => format!("Neutral once the bar is {}", self.place(depth)),
        }
    }

    /// A depth in words.
    fn place(&self, depth: f64) -> String {
        let seen = self.at(depth);
        let size = seen.abs().round();
        match self.kind {
            DepthMeasure::HipDrop if seen.abs() < PARALLEL_DEG => "about parallel".into(),
            DepthMeasure::HipDrop if seen > 0.0 => format!("about {size:.0}° above parallel"),
            DepthMeasure::HipDrop => format!("about {size:.0}° below parallel"),
            DepthMeasure::ShoulderHeight => format!("about {size:.0}°"),
            DepthMeasure::BarHeight => format!("about {size:.0} % of its way up"),
        }
    }

    fn unit(&self) -> &'static str {
        match self.kind {
            DepthMeasure::BarHeight => " %",
            _ => "",
        }
    }
}
