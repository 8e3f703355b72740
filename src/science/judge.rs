//! One rep: its numbers, its verdict, and why anything is missing.

use super::filter::percentile;
use super::flexion::{Curve, FlexionTrack};
use super::missing::missing;
use super::neutral::{Fit, Passing};
use super::perceptron::Estimate;
use super::posture::Posture;
use super::proofs::Moments;
use super::reps::Span;
use super::set_up;
use super::verdict::{Evidence, Ruling, decide};
use super::words;
use crate::session::{
    DepthMeasure, Direction, LiftKind, ReferenceKind, Rep, Tempo, TrackPoint, Verdict,
};
use crate::settings::Settings;
use crate::units::{Angle, Seconds, rounded};
use std::collections::BTreeMap;

/// The set-up of a deadlift is judged with the pull, from this long before lift-off.
const SET_UP_WITH_PULL_S: f64 = 0.5;

/// Angles are shown to whole degrees: a picture this far past the stated one agrees with it.
const SHOWN_TO_DEG: f64 = 1.0;

/// A smaller bend than this is not shared out: the errors of both parts are as large.
const LEAST_SHARED_BEND_DEG: f64 = 20.0;

/// Everything about the clip that a rep is judged by.
pub struct Scene<'a> {
    /// Frame times, seconds.
    pub times: &'a [f64],
    /// Segment angles.
    pub posture: &'a Posture,
    /// Flexion.
    pub flexion: &'a FlexionTrack,
    /// The same, frame by frame, as the report gives it.
    pub track: &'a [TrackPoint],
    /// The lift.
    pub kind: LiftKind,
    /// What zero is.
    pub reference: ReferenceKind,
    /// Limits.
    pub settings: &'a Settings,
}

/// What was found out about a rep.
struct Findings {
    evidence: Evidence,
    ruling: Ruling,
    passing: Passing,
    moments: Moments,
}

/// Judges the rep `number` at `span`; also says which frames prove it.
pub fn judge(scene: &Scene, number: u32, span: Span) -> (Rep, Moments) {
    let findings = findings(scene, span);
    let mut rep = stated(scene, (number, span), &findings);
    let hidden = findings.evidence.hides_most_bent(scene.settings);
    if rep.verdict == Verdict::CannotTell && (hidden || rep.rule == "max_yaw_deg") {
        leave_out_ends(&mut rep);
    }
    rep.reason = words::rep_reason(&rep, scene.kind, scene.settings);
    rep.missing = missing(&rep, scene.kind);
    (rep, findings.moments)
}

/// Of a rep whose most bent part was hidden nobody knows the most and the least; nor of one that was filmed from too far off the
/// side, where the stated uncertainty is known not to hold (docs/ACCURACY.md).
fn leave_out_ends(rep: &mut Rep) {
    rep.peak_lumbar_flexion_deg = None;
    rep.peak_lumbar_flexion_sd_deg = None;
    rep.min_lumbar_flexion_deg = None;
    rep.peak_thoracic_flexion_deg = None;
    rep.over_set_up_deg = None;
    rep.peak_time_s = None;
    rep.left_neutral_probability = None;
}

fn findings(scene: &Scene, span: Span) -> Findings {
    let frames = judged_frames(scene, span);
    let evidence = evidence(scene, span);
    let ruling = decide(&evidence, scene.kind, scene.settings);
    let arched = ruling.direction == Some(Direction::Arched);
    let shown = if arched { evidence.low } else { evidence.peak };
    let worst = shown.and_then(|e| most(&scene.flexion.lumbar, frames.clone(), (arched, e.value)));
    let passing = passing(scene, span);
    let watch = scene.settings.watch(scene.kind).degrees();
    let onset = passing
        .depth
        .filter(|_| scene.kind != LiftKind::Deadlift)
        .and_then(|depth| reaches(scene, span, depth))
        .or_else(|| onset(scene, frames, watch));
    let moments = Moments {
        start: span.start,
        onset,
        worst,
        turn: span.turn,
    };
    Findings {
        evidence,
        ruling,
        passing,
        moments,
    }
}

fn evidence(scene: &Scene, span: Span) -> Evidence {
    let frames = judged_frames(scene, span);
    let lumbar = &scene.flexion.lumbar;
    let settings = scene.settings;
    let over = settings.still_past(settings.leave(scene.kind)).degrees();
    let under = -settings
        .still_past(-settings.limits.arch_leave_deg)
        .degrees();
    let curve = || frames.clone().map(|i| (scene.times[i], lumbar.value[i]));
    let peak = extreme(lumbar, frames.clone(), 0.95);
    Evidence {
        peak,
        low: extreme(lumbar, frames.clone(), 0.05),
        over_set_up: set_up::over(scene, span, peak),
        over_s: longest(curve(), |f| f > over),
        under_s: longest(curve(), |f| f < under),
        seen_share: lumbar.seen_share(frames.clone()),
        seen_bent_share: lumbar.seen_share(scene.posture.most_bent(span.start..=span.end)),
        yaw: scene.flexion.yaw.map(|y| y.value),
        reference: scene.reference,
    }
}

/// The rep in the report's numbers, before anything is put in words.
fn stated(scene: &Scene, (number, span): (u32, Span), findings: &Findings) -> Rep {
    let Findings {
        evidence,
        ruling,
        passing,
        moments,
    } = findings;
    let given = |deep: f64| rounded(DepthMeasure::of(scene.kind).sign() * deep, 1000.0);
    let thoracic = extreme(&scene.flexion.thoracic, judged_frames(scene, span), 0.95);
    let deepest = deepest(scene, span);
    let share = deepest.and_then(|i| hip_share(scene, i));
    let change = set_up::change(scene, span);
    let turned = |t: usize| Seconds::new(scene.times[t]);
    Rep {
        number,
        start_s: turned(span.start),
        turn_s: turned(span.turn),
        end_s: turned(span.end),
        verdict: ruling.verdict,
        direction: ruling.direction,
        reason: String::new(),
        rule: ruling.rule.into(),
        peak_lumbar_flexion_deg: angle(evidence.peak),
        peak_lumbar_flexion_sd_deg: uncertainty(evidence.peak),
        min_lumbar_flexion_deg: angle(evidence.low),
        peak_thoracic_flexion_deg: angle(thoracic),
        set_up_lumbar_flexion_deg: angle(set_up::at_lift_off(scene, span)),
        over_set_up_deg: angle(evidence.over_set_up),
        set_up_change_deg: angle(change),
        change_sd_deg: uncertainty(evidence.over_set_up.or(change)),
        lockout_lumbar_flexion_deg: set_up::lockout(scene, span).map(Angle::from_degrees),
        peak_time_s: moments.worst.map(turned),
        onset_time_s: moments.onset.map(turned),
        onset_depth: passing.depth.map(given),
        onset_depth_earliest: passing.earliest.map(given),
        onset_depth_latest: passing.latest.map(given),
        left_neutral_probability: ruling.probability,
        hip_share: share.map(|s| s.0),
        hip_flexion_deg: share.map(|s| Angle::from_degrees(s.1)),
        depth: deepest.and_then(|i| scene.posture.depth[i]),
        concentric_velocity_m_s: None,
        concentric_velocity_sd_m_s: None,
        tempo: tempo(scene, span),
        seen_share: evidence.seen_share,
        proofs: Vec::new(),
        missing: BTreeMap::new(),
    }
}

fn angle(estimate: Option<Estimate>) -> Option<Angle> {
    estimate.map(|e| Angle::from_degrees(e.value))
}

fn uncertainty(estimate: Option<Estimate>) -> Option<Angle> {
    estimate.map(|e| Angle::from_degrees(e.sd))
}

fn judged_frames(scene: &Scene, span: Span) -> std::ops::Range<usize> {
    let before = if scene.kind == LiftKind::Deadlift {
        SET_UP_WITH_PULL_S
    } else {
        0.0
    };
    let first = scene
        .times
        .partition_point(|&t| t < scene.times[span.start] - before);
    first..span.end + 1
}

/// The `share` quantile of the curve, with the uncertainty of the frames near it.
pub fn extreme(
    curve: &Curve,
    frames: impl Iterator<Item = usize> + Clone,
    share: f64,
) -> Option<Estimate> {
    let mut values: Vec<f64> = frames.clone().filter_map(|i| curve.value[i]).collect();
    let value = percentile(&mut values, share)?;
    let nearest = frames.filter_map(|i| Some(((curve.value[i]? - value).abs(), curve.sd[i]?)));
    let mut near: Vec<(f64, f64)> = nearest.collect();
    near.sort_by(|a, b| a.0.total_cmp(&b.0));
    near.truncate(values.len().div_ceil(10).max(3));
    let sd = (near.iter().map(|n| n.1 * n.1).sum::<f64>() / near.len() as f64).sqrt();
    Some(Estimate { value, sd })
}

/// Longest unbroken time for which flexion satisfies `past`, seconds; frames without a measure neither break nor extend it.
pub fn longest(curve: impl Iterator<Item = (f64, Option<f64>)>, past: impl Fn(f64) -> bool) -> f64 {
    let (mut best, mut since) = (0.0_f64, None);
    for (time, flexion) in curve.filter_map(|(time, flexion)| Some((time, flexion?))) {
        if !past(flexion) {
            since = None;
            continue;
        }
        best = best.max(time - *since.get_or_insert(time));
    }
    best
}

/// The frame that shows what is stated of the rep: the furthest one that does not go beyond it. The stated value is a
/// quantile, so a picture of the very extreme would contradict it: it may be one stray frame, or the rep before.
fn most(
    curve: &Curve,
    frames: std::ops::Range<usize>,
    (arched, stated): (bool, f64),
) -> Option<usize> {
    let sign = if arched { -1.0 } else { 1.0 };
    let known = frames.filter_map(|i| curve.value[i].map(|v| (i, sign * v)));
    let shows = known.filter(|(_, v)| *v <= sign * stated + SHOWN_TO_DEG);
    shows.max_by(|a, b| a.1.total_cmp(&b.1)).map(|(i, _)| i)
}

/// Where the rep's own fit passes the watch level on the loaded way.
fn passing(scene: &Scene, span: Span) -> Passing {
    let way = &scene.track[span.start..=span.turn.max(span.start)];
    let fit = Fit::of_way(way, DepthMeasure::of(scene.kind));
    let level = scene.settings.watch(scene.kind).degrees();
    fit.map_or(Passing::default(), |f| f.passing(level))
}

/// First frame of the way down that is at `depth`.
fn reaches(scene: &Scene, span: Span, depth: f64) -> Option<usize> {
    let measure = DepthMeasure::of(scene.kind);
    (span.start..=span.turn).find(|&i| {
        let point = &scene.track[i];
        point.lumbar_flexion_deg.is_some()
            && measure
                .at(point)
                .is_some_and(|d| measure.sign() * d >= depth)
    })
}

/// First frame past the watch level that stays there for as long as the settings ask.
fn onset(scene: &Scene, frames: std::ops::Range<usize>, watch: f64) -> Option<usize> {
    let past = |i: usize| scene.flexion.lumbar.value[i].is_some_and(|f| f >= watch);
    let stays = |i: usize| {
        let until = scene.times[i] + scene.settings.dwell_s.get();
        frames
            .clone()
            .filter(|&j| j >= i && scene.times[j] <= until)
            .all(past)
    };
    frames.clone().find(|&i| past(i) && stays(i))
}

fn deepest(scene: &Scene, span: Span) -> Option<usize> {
    let bent = (span.start..=span.end).filter_map(|i| scene.posture.hip[i].map(|h| (i, h)));
    bent.max_by(|a, b| a.1.total_cmp(&b.1)).map(|(i, _)| i)
}

/// How much of the bend between thigh and chest the hips made: (share, hip flexion in degrees).
fn hip_share(scene: &Scene, i: usize) -> Option<(f64, f64)> {
    let bend = scene.posture.hip[i].filter(|b| *b > LEAST_SHARED_BEND_DEG)?;
    let hip = bend - scene.flexion.lumbar.value[i]?;
    Some(((hip / bend).clamp(0.0, 1.0), hip))
}

fn tempo(scene: &Scene, span: Span) -> Tempo {
    let lasted = |a: usize, b: usize, shown: bool| {
        shown.then(|| Seconds::new(scene.times[b] - scene.times[a]))
    };
    let (first, last) = span.pause;
    let before = lasted(span.start, first.max(span.start), span.whole.0);
    let after = lasted(last.min(span.end), span.end, span.whole.1);
    let pause_s = Some(Seconds::new(
        scene.times[last.min(span.end)] - scene.times[first.max(span.start)],
    ));
    match scene.kind {
        LiftKind::Deadlift => Tempo {
            down_s: after,
            pause_s,
            up_s: before,
        },
        _ => Tempo {
            down_s: before,
            pause_s,
            up_s: after,
        },
    }
}
