//! From a recording to a report: pure, same input, same bytes; no clock, files, threads or printing.
//!
//! ```text
//! landmarks ─body─▶ joint paths ─posture─▶ angles, heights ─swings─▶ turns ─lift, reps─▶ spans ─┐
//! outline ─back_line─▶ rays ─look─▶ numbers ─spine─▶ estimates ─reference, flexion─▶ curves ────┴─judge, verdict, neutral─▶ reps
//! ```

pub mod back_line;
pub mod bar;
mod behind;
mod body;
mod cautions;
mod check;
mod edited;
mod filter;
mod flexion;
mod framing;
mod judge;
mod lift;
mod lifting;
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

pub use behind::{is_better, misleading_plate};
pub use check::check;
pub use judge::longest;
pub use lift::Load;
pub use neutral_depth::neutral_depth;
pub use next_step::{NextStep, next_step};
pub use own_range::own_range;
pub use proofs::DrawnBack;
pub use verdict::normal_share;
pub use view::facing_side;
pub use words::{INTERVAL, lift as lift_name, reps_listed};

use crate::diary::{Outcome, SetNotes};
use crate::edits::{Edit, RepEdit};
use crate::error::Result;
use crate::recording::Recording;
use crate::session::{Caution, Reference, ReferenceKind, Run, SCHEMA, SessionReport, Side, View};
use crate::settings::Settings;
use crate::units::{Angle, Seconds};
use body::Body;
use flexion::FlexionTrack;
use lifting::Lifting;
use posture::Posture;
use reference::StandingFrames;

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
    let (lifting, edits) = Lifting::found(recording, settings, edits)?;
    let flexion = lifting.flexion();
    let view = view_of(&flexion, lifting.side);
    let scale = lifting.scale(&view);
    let track = lifting.track(&flexion, scale.as_ref().ok());
    let reps = lifting.judged(&flexion, &track, scale.as_ref().ok());
    let reference = reference_of(&lifting.body, &flexion, &lifting.standing);
    let filming = cautions::Filming {
        frame_rate_hz: recording.header.clip.frame_rate_hz,
        trunk_px: lifting.body.trunk_px,
    };
    let mut cautions = cautions::cautions(&view, &reference, &reps, settings, filming);
    cautions.extend(edits.iter().filter_map(unmatched));
    let kind = lifting.lift.kind;
    let neutral_depth = neutral_depth(&reps, &track, kind, settings, scale.as_ref().ok());
    let mut report = SessionReport {
        schema: SCHEMA.into(),
        clip: recording.header.clip.clone(),
        lift: lifting.lift,
        cautions,
        set: summary::set(&reps, &reference, &view, neutral_depth),
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
        run: run_of(recording),
    };
    conclude(&mut report, &[]);
    Ok(report)
}

/// What made the report; how long it took is filled in by whoever has a clock.
fn run_of(recording: &Recording) -> Run {
    Run {
        version: env!("CARGO_PKG_VERSION").into(),
        models: recording.header.models.clone(),
        elapsed_s: 0.0,
    }
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
    let posture = Posture::new(&body, side, &recording.header.plate_path);
    let looks = flexion::looks(recording, &body, &posture, side);
    looks.iter().map(|l| proofs::drawn(l.as_ref())).collect()
}

/// A correction that fits nothing is named: it may be a slip, or reps are found differently than when it was made.
fn unmatched(edit: &Edit) -> Option<Caution> {
    edit.unmatched.as_ref().map(|_| Caution {
        code: "edit_unmatched".into(),
        message: edit.sentence.clone(),
        remedy: "Look at the list of reps and correct it anew.".into(),
    })
}

fn view_of(flexion: &FlexionTrack, side: Side) -> View {
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
