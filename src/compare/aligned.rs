//! Two sets laid over each other: by the phase of the rep, and at like depth.

use super::sets::{self, Noise, Sample};
use crate::session::{LiftKind, Rep, SessionReport, TrackPoint, Verdict};
use crate::units::{Angle, rounded};
use schemars::JsonSchema;
use serde::Serialize;

/// Points through a rep, percent apart.
const STEP_PERCENT: usize = 5;
/// A frame stands for a phase when it is this near, percent of the rep.
const NEAR_PERCENT: f64 = 4.0;

/// Lumbar flexion of both sets at one share of the rep; `None` where not measured.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, JsonSchema)]
pub struct PhasePoint {
    /// 0 the start, 50 the turn, 100 the end.
    pub percent: f64,
    /// Mean of A.
    pub a_deg: Option<Angle>,
    /// Its standard uncertainty.
    pub a_sd_deg: Option<Angle>,
    /// Mean of B.
    pub b_deg: Option<Angle>,
    /// Its standard uncertainty.
    pub b_sd_deg: Option<Angle>,
}

/// Both sets through the rep.
pub fn phase_curves(a: &SessionReport, b: &SessionReport) -> Vec<PhasePoint> {
    let point = |step: usize| {
        let percent = (step * STEP_PERCENT) as f64;
        let (a, b) = (mean_at(a, percent), mean_at(b, percent));
        let value = |e: Option<sets::Estimate>| e.map(|e| Angle::from_degrees(e.value));
        let sd = |e: Option<sets::Estimate>| e.map(|e| Angle::from_degrees(e.sd));
        PhasePoint {
            percent,
            a_deg: value(a),
            a_sd_deg: sd(a),
            b_deg: value(b),
            b_sd_deg: sd(b),
        }
    };
    (0..=100 / STEP_PERCENT).map(point).collect()
}

fn mean_at(report: &SessionReport, percent: f64) -> Option<sets::Estimate> {
    let sample = |rep: &Rep| {
        let frames = frames_of(report, rep).map(|p| ((rep.phase(p.time_s) - percent).abs(), p));
        let near = frames.filter(|(gap, p)| *gap <= NEAR_PERCENT && p.lumbar_flexion_deg.is_some());
        let (_, frame) = near.min_by(|x, y| x.0.total_cmp(&y.0))?;
        flexion(report, frame)
    };
    let reps: Vec<Sample> = judged(report).filter_map(sample).collect();
    sets::mean(&reps)
}

/// Flexion of each rep at the deepest place that both sets usually reach, on the way that sets the back (down in a squat,
/// up in a pull). `None` when one of them was not seen there.
pub fn at_like_depth(a: &SessionReport, b: &SessionReport) -> Option<[Vec<Sample>; 2]> {
    let place = deepest(a)?.min(deepest(b)?);
    let found = [a, b].map(|report| {
        let reps = judged(report).filter_map(|rep| at(report, rep, place));
        reps.collect::<Vec<_>>()
    });
    (!found.iter().any(Vec::is_empty)).then_some(found)
}

/// How deep the middle rep goes.
fn deepest(report: &SessionReport) -> Option<f64> {
    let of = |rep: &Rep| {
        let places = way(report, rep)
            .filter_map(|p| Some((p.lumbar_flexion_deg?, like_place(report.lift.kind).deep(p)?).1));
        places.max_by(f64::total_cmp)
    };
    let mut places: Vec<f64> = judged(report).filter_map(of).collect();
    places.sort_by(f64::total_cmp);
    places.get(places.len() / 2).copied()
}

fn at(report: &SessionReport, rep: &Rep, place: f64) -> Option<Sample> {
    let frames = way(report, rep).filter(|p| p.lumbar_flexion_deg.is_some());
    let near = frames
        .filter_map(|p| Some(((like_place(report.lift.kind).deep(p)? - place).abs(), p)))
        .filter(|(gap, _)| *gap <= like_place(report.lift.kind).tolerance());
    let (_, frame) = near.min_by(|x, y| x.0.total_cmp(&y.0))?;
    flexion(report, frame)
}

/// What makes two moments of two sets like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LikePlace {
    /// Hip drop: squats.
    Depth,
    /// Wrist height: pulls.
    BarHeight,
    /// Inclination of the trunk: hinges, whose hips hardly drop.
    TrunkAngle,
}

/// What makes two moments of this lift like.
pub fn like_place(kind: LiftKind) -> LikePlace {
    match kind {
        LiftKind::Squat | LiftKind::SitToChair => LikePlace::Depth,
        LiftKind::Deadlift => LikePlace::BarHeight,
        LiftKind::Rdl | LiftKind::GoodMorning => LikePlace::TrunkAngle,
    }
}

impl LikePlace {
    /// How deep a frame is, rising downwards.
    fn deep(self, frame: &TrackPoint) -> Option<f64> {
        match self {
            LikePlace::Depth => frame.depth,
            LikePlace::BarHeight => frame.wrist_height.map(|h| -h),
            LikePlace::TrunkAngle => frame.trunk_inclination_deg.map(Angle::degrees),
        }
    }

    /// Places this near are like: thigh lengths, or degrees of trunk. About the noise of a frame.
    fn tolerance(self) -> f64 {
        match self {
            LikePlace::Depth | LikePlace::BarHeight => 0.05,
            LikePlace::TrunkAngle => 4.0,
        }
    }
}

fn flexion(report: &SessionReport, frame: &TrackPoint) -> Option<Sample> {
    let noise = Noise::of_flexion(frame.lumbar_flexion_sd_deg?, &report.reference);
    Sample::new(rounded(frame.lumbar_flexion_deg?.degrees(), 1e6), noise)
}

fn judged(report: &SessionReport) -> impl Iterator<Item = &Rep> {
    let seen = |r: &&Rep| r.verdict != Verdict::CannotTell;
    report.reps.iter().filter(seen)
}

fn frames_of<'a>(report: &'a SessionReport, rep: &Rep) -> impl Iterator<Item = &'a TrackPoint> {
    let (start, end) = (rep.start_s, rep.end_s);
    let frames = report.track.iter();
    frames.filter(move |p| p.time_s >= start && p.time_s <= end)
}

fn way<'a>(report: &'a SessionReport, rep: &Rep) -> impl Iterator<Item = &'a TrackPoint> {
    let turn = rep.turn_s;
    frames_of(report, rep).filter(move |p| p.time_s <= turn)
}
