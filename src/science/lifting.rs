//! From landmarks to lifts: takes a recording and what a person corrected; gives the reps, the standing, and from them, with the
//! flexion, the numbers of every frame and the verdict of every rep.

use super::body::Body;
use super::facing_side;
use super::flexion::{self, FlexionTrack};
use super::judge::{Scene, judge};
use super::posture::Posture;
use super::reference::{self, StandingFrames};
use super::reps::{self, Span};
use super::scale::{self, Sizes};
use super::{bar, edited, filter, lift, proofs, reference_kind, seat, swings, velocity};
use crate::edits::{Edit, RepEdit};
use crate::error::{Error, Result};
use crate::recording::{PlateSighting, Recording};
use crate::session::{Lift, LiftKind, Proof, Rep, Scale, Side, TrackPoint, Verdict, View};
use crate::settings::Settings;
use crate::units::{Angle, Seconds};

/// What is known of a clip before the back is looked at: who lifts what, when, and when they stand.
pub struct Lifting<'a> {
    recording: &'a Recording,
    settings: &'a Settings,
    /// Joint paths.
    pub body: Body,
    posture: Posture,
    /// The side that faces the camera.
    pub side: Side,
    /// The lift.
    pub lift: Lift,
    spans: Vec<Span>,
    /// Where the lifter stands.
    pub standing: StandingFrames,
    /// Clear sightings of the plate at the near end of the bar.
    sightings: Vec<PlateSighting>,
}

impl<'a> Lifting<'a> {
    /// Finds the reps and corrects them by hand; also says what became of the corrections.
    pub fn found(
        recording: &'a Recording,
        settings: &'a Settings,
        edits: &[RepEdit],
    ) -> Result<(Self, Vec<Edit>)> {
        let name = || recording.header.clip.name.clone();
        let no_reps = |what: &str| Error::NoReps {
            name: name(),
            what: what.into(),
        };
        let body = Body::new(recording).ok_or_else(|| Error::NoPerson { name: name() })?;
        let side = facing_side(recording);
        let mut posture = Posture::new(&body, side, &recording.header.plate_path);
        let (lift, spans) = find_reps(&body, &posture, settings);
        let lift = lift
            .filter(|_| !spans.is_empty())
            .ok_or_else(|| no_reps("the lifter never bends and rises as in a lift"))?;
        // from the reps as found: dropping one must not move the zero of the others
        let standing = reference::standing_frames(&body.times, &posture, &spans);
        let edited::Edited { spans, edits } = corrected(&body, &posture, (lift, &spans), edits);
        if spans.is_empty() {
            return Err(no_reps("every rep that was found has been dropped by hand"));
        }
        rezero_depth(&mut posture, &standing);
        let sightings = &recording.header.plate_sightings;
        let lifting = Lifting {
            recording,
            settings,
            body,
            side,
            lift,
            spans,
            standing,
            sightings: posture.bar_path.sightings(sightings),
            posture,
        };
        Ok((lifting, edits))
    }

    /// Flexion of every frame.
    pub fn flexion(&self) -> FlexionTrack {
        flexion::flexion_track(
            self.recording,
            &self.body,
            &self.posture,
            &self.standing,
            self.side,
        )
    }

    /// The scale, or why there is none.
    pub fn scale(&self, view: &View) -> std::result::Result<Scale, String> {
        scale::scale(&self.sizes(view), &self.settings.depth)
    }

    /// Every frame, as the report gives it.
    pub fn track(&self, flexion: &FlexionTrack, scale: Option<&Scale>) -> Vec<TrackPoint> {
        let mut track = track(&self.body, &self.posture, flexion, &self.spans);
        if let Some(scale) = scale {
            let plate_mm = self.settings.depth.plate_diameter_mm;
            bar::fill(&mut track, &self.posture.bar_path.plate, scale, plate_mm);
        }
        track
    }

    /// The reps with their verdicts, proofs and, given a scale, speeds.
    pub fn judged(
        &self,
        flexion: &FlexionTrack,
        track: &[TrackPoint],
        scale: Option<&Scale>,
    ) -> Vec<Rep> {
        let scene = Scene {
            times: &self.body.times,
            posture: &self.posture,
            flexion,
            track,
            kind: self.lift.kind,
            reference: reference_kind(flexion, &self.standing),
            settings: self.settings,
        };
        let numbered = self.spans.iter().zip(1..);
        let (mut reps, moments): (Vec<Rep>, Vec<_>) = numbered
            .map(|(span, number)| judge(&scene, number, *span))
            .unzip();
        prove(&mut reps, proofs::proofs(self.recording, flexion, &moments));
        if let Some(scale) = scale {
            velocity::fill(&mut reps, track, self.lift.kind, scale);
        }
        reps
    }

    /// What there is to measure by.
    fn sizes(&self, view: &View) -> Sizes<'_> {
        let clip = &self.recording.header.clip;
        let kind = self.lift.kind;
        let at_lift_off = self
            .spans
            .iter()
            .filter_map(|s| self.posture.wrist_height[s.start]);
        Sizes {
            plates: &self.sightings,
            picture_px: (f64::from(clip.width_px), f64::from(clip.height_px)),
            yaw_deg: view.yaw_deg.map(|y| y.degrees()),
            lens_mm: clip.lens_35mm_equivalent_mm,
            thigh_px: self.body.thigh_px,
            stretched_px: self.body.stretched_px,
            kind,
            hands_at_lift_off: filter::median(&mut at_lift_off.collect::<Vec<_>>()),
            hips_on_seat: (kind == LiftKind::SitToChair)
                .then(|| seat::hips_on_seat(&self.body, &self.spans))
                .flatten(),
        }
    }
}

/// The reps as a person has corrected them.
fn corrected(
    body: &Body,
    posture: &Posture,
    (lift, spans): (Lift, &[Span]),
    edits: &[RepEdit],
) -> edited::Edited {
    let found = edited::Found {
        times: &body.times,
        drop: reps::drop_of(posture, Some(lift.kind)),
        kind: lift.kind,
        spans,
    };
    edited::edited(&found, edits)
}

fn find_reps(body: &Body, posture: &Posture, settings: &Settings) -> (Option<Lift>, Vec<Span>) {
    let named = settings.lift.map(|kind: LiftKind| Lift {
        kind,
        confidence: 1.0,
    });
    let turns = swings::turns(reps::drop_of(posture, None));
    let lowest = reps::lifting_bottoms(&turns);
    let bottoms: Vec<swings::Turn> = lowest.iter().map(|&k| turns[k]).collect();
    let tops = lowest.iter().flat_map(|&k| reps::tops_beside(&turns, k));
    let tops: Vec<swings::Turn> = tops.collect();
    let lift = named.or_else(|| lift::recognise(posture, &bottoms, &tops));
    let of = |kind: LiftKind| reps::reps(posture, body, kind);
    let sitting = lift.filter(|_| named.is_none()).and_then(|lift| {
        let spans = of(LiftKind::SitToChair);
        seat::sits(lift, &body.times, posture, &spans)
    });
    let lift = sitting.or(lift);
    let mut spans = lift.map_or(Vec::new(), |l| of(l.kind));
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
