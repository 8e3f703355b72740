//! From a recording to a report: pure, same input, same bytes; no clock, files, threads or printing.
//!
//! ```text
//! landmarks ─body─▶ joint paths ─posture─▶ angles, heights ─swings─▶ turns ─lift, reps─▶ spans ─┐
//! outline ─back_line─▶ rays ─look─▶ numbers ─spine─▶ estimates ─reference, flexion─▶ curves ────┴─judge, verdict, neutral─▶ reps
//! ```

pub mod back_line;
mod bar;
mod body;
mod cautions;
mod check;
mod edited;
mod filter;
mod flexion;
mod framing;
mod judge;
mod lift;
pub mod look;
mod missing;
pub mod neutral;
mod neutral_depth;
mod next_step;
mod own_range;
mod perceptron;
mod plate;
mod posture;
mod proofs;
mod reference;
mod reps;
mod rung;
mod scale;
mod seat;
mod set_up;
pub mod spine;
mod summary;
mod swings;
pub mod trunk_axis;
mod velocity;
mod verdict;
mod view;
mod words;

pub use check::check;
pub use judge::longest;
pub use neutral_depth::neutral_depth;
pub use next_step::{NextStep, next_step};
pub use own_range::own_range;
pub use proofs::DrawnBack;
pub use verdict::normal_share;
pub use view::facing_side;
pub use words::{INTERVAL, lift as lift_name, reps_listed};

use crate::diary::{Outcome, SetNotes};
use crate::edits::{Edit, RepEdit};
use crate::error::{Error, Result};
use crate::recording::Recording;
use crate::session::{
    Caution, Lift, LiftKind, Proof, Reference, ReferenceKind, Rep, Run, SCHEMA, SessionReport,
    TrackPoint, Verdict, View,
};
use crate::settings::Settings;
use crate::units::{Angle, Seconds};
use body::Body;
use flexion::FlexionTrack;
use judge::{Scene, judge};
use posture::Posture;
use reference::StandingFrames;
use reps::Span;
use scale::Sizes;

/// The report of a recording. Errors: nobody is in it, or nobody lifts.
pub fn analyze(recording: &Recording, settings: &Settings) -> Result<SessionReport> {
    analyze_edited(recording, settings, &[])
}

/// The report of a recording whose reps a person has corrected. Errors also when every rep was dropped.
pub fn analyze_edited(
    recording: &Recording,
    settings: &Settings,
    edits: &[RepEdit],
) -> Result<SessionReport> {
    let name = recording.header.clip.name.clone();
    let body = Body::new(recording).ok_or_else(|| Error::NoPerson { name: name.clone() })?;
    let side = facing_side(recording);
    let mut posture = Posture::new(&body, side);
    let (lift, spans) = find_reps(&body, &posture, settings);
    let (Some(lift), false) = (lift, spans.is_empty()) else {
        return Err(Error::NoReps {
            name,
            what: "the lifter never bends and rises as in a lift".into(),
        });
    };
    // from the reps as found: dropping one must not move the zero of the others
    let standing = reference::standing_frames(&body.times, &posture, &spans);
    let found = edited::Found {
        times: &body.times,
        drop: reps::drop_of(&posture, Some(lift.kind)),
        kind: lift.kind,
        spans: &spans,
    };
    let edited::Edited { spans, edits } = edited::edited(&found, edits);
    if spans.is_empty() {
        return Err(Error::NoReps {
            name,
            what: "every rep that was found has been dropped by hand".into(),
        });
    }
    rezero_depth(&mut posture, &standing);
    let flexion = flexion::flexion_track(recording, &body, &posture, &standing, side);
    let mut track = track(&body, &posture, &flexion, &spans);
    let view = view_of(&flexion, side);
    let scale = scale::scale(
        &sizes(recording, &body, &posture, (&view, lift.kind), &spans),
        &settings.depth,
    );
    if let Ok(scale) = &scale {
        let places = &recording.header.plate_path;
        bar::fill(&mut track, places, scale, settings.depth.plate_diameter_mm);
    }
    let scene = Scene {
        times: &body.times,
        posture: &posture,
        flexion: &flexion,
        track: &track,
        kind: lift.kind,
        reference: reference_kind(&flexion, &standing),
        settings,
    };
    let (mut reps, moments): (Vec<Rep>, Vec<_>) = spans
        .iter()
        .zip(1..)
        .map(|(span, n)| judge(&scene, n, *span))
        .unzip();
    prove(&mut reps, proofs::proofs(recording, &flexion, &moments));
    if let Ok(scale) = &scale {
        velocity::fill(&mut reps, &track, lift.kind, scale);
    }
    let reference = reference_of(&body, &flexion, &standing);
    let filming = cautions::Filming {
        frame_rate_hz: recording.header.clip.frame_rate_hz,
        trunk_px: body.trunk_px,
    };
    let mut cautions = cautions::cautions(&view, &reference, &reps, settings, filming);
    cautions.extend(edits.iter().filter_map(unmatched));
    let mut report = SessionReport {
        schema: SCHEMA.into(),
        clip: recording.header.clip.clone(),
        lift,
        cautions,
        set: summary::set(
            &reps,
            &reference,
            &view,
            neutral_depth(&reps, &track, lift.kind, settings, scale.as_ref().ok()),
        ),
        scale_reason: scale.as_ref().err().cloned(),
        scale: scale.ok(),
        view,
        reference,
        track,
        reps,
        edits,
        own_range: None,
        notes: SetNotes::default(),
        notes_from_file: Default::default(),
        ramp: None,
        compared_with: None,
        settings: settings.clone(),
        run: Run {
            version: env!("CARGO_PKG_VERSION").into(),
            models: recording.header.models.clone(),
            elapsed_s: 0.0,
        },
    };
    conclude(&mut report, &[]);
    Ok(report)
}

/// Says anew what the set came to and what is next: [`analyze`] knows neither the notes nor the earlier sessions of the
/// same lifter and lift (`history`, oldest first). To be called once `report.notes` are filled in.
pub fn conclude(report: &mut SessionReport, history: &[Outcome]) {
    let chosen = next_step(history, report);
    report.set.sentence = summary::sentence(report, &chosen);
    report.set.next_step = chosen.sentence;
    report.set.next_step_rule = chosen.rule;
    report.set.next_step_action = Some(chosen.action);
}

/// The back line of every frame of a recording, as the proofs draw it; `None` where the back is not seen.
pub fn back_lines(recording: &Recording) -> Vec<Option<DrawnBack>> {
    let Some(body) = Body::new(recording) else {
        return vec![None; recording.frames.len()];
    };
    let side = facing_side(recording);
    let posture = Posture::new(&body, side);
    let looks = flexion::looks(recording, &body, &posture, side);
    looks.iter().map(|l| proofs::drawn(l.as_ref())).collect()
}

/// Gives each rep its proofs.
fn prove(reps: &mut [Rep], proofs: Vec<Vec<Proof>>) {
    for (rep, proofs) in reps.iter_mut().zip(proofs) {
        rep.proofs = proofs;
        if rep.verdict == Verdict::CannotTell {
            // A ghost is drawn from the flexion; where that cannot be told, neither can the ghost.
            rep.proofs.iter_mut().for_each(|p| p.neutral_line.clear());
        }
    }
}

/// A correction that fits nothing is named: it may be a slip, or reps are found differently than when it was made.
fn unmatched(edit: &Edit) -> Option<Caution> {
    edit.unmatched.as_ref().map(|_| Caution {
        code: "edit_unmatched".into(),
        message: edit.sentence.clone(),
        remedy: "Look at the list of reps and correct it anew.".into(),
    })
}

/// What there is to measure by.
fn sizes<'a>(
    recording: &'a Recording,
    body: &Body,
    posture: &Posture,
    (view, kind): (&View, LiftKind),
    spans: &[Span],
) -> Sizes<'a> {
    let clip = &recording.header.clip;
    let mut hands: Vec<f64> = spans
        .iter()
        .filter_map(|s| posture.wrist_height[s.start])
        .collect();
    Sizes {
        plates: &recording.header.plate_sightings,
        picture_px: (f64::from(clip.width_px), f64::from(clip.height_px)),
        yaw_deg: view.yaw_deg.map(|y| y.degrees()),
        lens_mm: clip.lens_35mm_equivalent_mm,
        thigh_px: body.thigh_px,
        stretched_px: body.stretched_px,
        kind,
        hands_at_lift_off: filter::median(&mut hands),
        hips_on_seat: (kind == LiftKind::SitToChair)
            .then(|| seat::hips_on_seat(body, spans))
            .flatten(),
    }
}

fn find_reps(body: &Body, posture: &Posture, settings: &Settings) -> (Option<Lift>, Vec<Span>) {
    let named = settings.lift.map(|kind: LiftKind| Lift {
        kind,
        confidence: 1.0,
    });
    let turns = swings::turns(reps::drop_of(posture, None));
    let bottoms: Vec<swings::Turn> = reps::lifting_bottoms(&turns)
        .into_iter()
        .map(|k| turns[k])
        .collect();
    let lift = named.or_else(|| lift::recognise(posture, &bottoms));
    let mut spans = lift.map_or(Vec::new(), |l| reps::reps(posture, body, l.kind));
    let lift = match lift {
        Some(lift) if named.is_none() => {
            Some(seat::reconsidered(lift, &body.times, posture, &spans))
        }
        other => other,
    };
    if lift.is_some_and(|l| l.kind == LiftKind::SitToChair) {
        seat::turn_at_contact(&body.times, posture, &mut spans);
    }
    (lift, spans)
}

/// Depth counts from standing, not from the highest moment of the clip.
fn rezero_depth(posture: &mut Posture, standing: &StandingFrames) {
    let depths = standing.frames.iter().filter_map(|&i| posture.depth[i]);
    if let Some(zero) = filter::median(&mut depths.collect::<Vec<_>>()) {
        posture.rezero(zero);
    }
}

fn view_of(flexion: &FlexionTrack, side: crate::session::Side) -> View {
    let reason = flexion
        .yaw
        .is_none()
        .then(|| "the back was never seen, so the camera's angle is not known".into());
    View {
        side,
        yaw_deg: flexion.yaw.map(|y| Angle::from_degrees(y.value)),
        yaw_sd_deg: flexion.yaw.map(|y| Angle::from_degrees(y.sd)),
        reason,
    }
}

/// Standing frames whose back is hidden are no reference.
fn reference_kind(flexion: &FlexionTrack, standing: &StandingFrames) -> ReferenceKind {
    if flexion.standing.is_none() && standing.kind != ReferenceKind::Population {
        return ReferenceKind::Missing;
    }
    standing.kind
}

fn reference_of(body: &Body, flexion: &FlexionTrack, standing: &StandingFrames) -> Reference {
    let time = standing
        .frames
        .get(standing.frames.len() / 2)
        .map(|&i| Seconds::new(body.times[i]));
    let kind = reference_kind(flexion, standing);
    let reason = match kind {
        ReferenceKind::Standing => None,
        ReferenceKind::Upright => Some(
            "nobody stands still in this clip, so the most upright moments of the reps are zero",
        ),
        ReferenceKind::Population => {
            Some("nobody stands upright in this clip, so an average lifter's standing is zero")
        }
        ReferenceKind::Missing => Some("the back is hidden whenever the lifter stands"),
    };
    Reference {
        kind,
        lumbar_flexion_sd_deg: (kind != ReferenceKind::Missing)
            .then(|| Angle::from_degrees(standing.sd_deg)),
        frames: standing.frames.len() as u32,
        time_s: time,
        reason: reason.map(Into::into),
    }
}

fn track(
    body: &Body,
    posture: &Posture,
    flexion: &FlexionTrack,
    spans: &[Span],
) -> Vec<TrackPoint> {
    let angle = |values: &[Option<f64>], i: usize| values[i].map(Angle::from_degrees);
    let point = |i: usize| TrackPoint {
        time_s: Seconds::new(body.times[i]),
        lumbar_flexion_deg: angle(&flexion.lumbar.value, i),
        lumbar_flexion_sd_deg: angle(&flexion.lumbar.sd, i),
        thoracic_flexion_deg: angle(&flexion.thoracic.value, i),
        trunk_inclination_deg: angle(&posture.trunk, i),
        hip_flexion_deg: angle(&posture.hip, i),
        knee_flexion_deg: angle(&posture.knee, i),
        ankle_dorsiflexion_deg: angle(&posture.ankle, i),
        depth: posture.depth[i].map(|d| crate::units::rounded(d, 1000.0)),
        wrist_height: posture.wrist_height[i].map(|h| crate::units::rounded(h, 1000.0)),
        shoulder_height: posture.shoulder_height[i].map(|h| crate::units::rounded(h, 1000.0)),
        bar_rise_cm: None,
        thigh_above_level_deg: angle(&posture.thigh, i),
        rep: spans
            .iter()
            .position(|s| (s.start..=s.end).contains(&i))
            .map(|r| r as u32 + 1),
    };
    (0..body.len()).map(point).collect()
}
