//! A made-up report: five deadlifts with all four verdicts, with a lifter drawn from a few joints. No video, no person.

use formcheck::diary::SetNotes;
use formcheck::recording::{Clip, ModelId};
use formcheck::report::Pictures;
use formcheck::session::*;
use formcheck::settings::Settings;
use formcheck::units::{Angle, Point, Seconds};
use std::collections::BTreeMap;

fn deg(value: f64) -> Angle {
    Angle::from_degrees(value)
}

fn s(value: f64) -> Seconds {
    Seconds::new(value)
}

const CROP: [f64; 4] = [120.0, 300.0, 840.0, 1050.0];

/// Peak flexion, its standard uncertainty, and the verdict of each rep.
const REPS: [(f64, f64, Verdict); 5] = [
    (22.0, 3.0, Verdict::Held),
    (24.0, 3.0, Verdict::Held),
    (33.0, 3.2, Verdict::Close),
    (46.0, 3.1, Verdict::LeftNeutral),
    (38.0, 9.5, Verdict::CannotTell),
];

/// The report.
pub fn report() -> SessionReport {
    with(&REPS)
}

/// The same ten reps long.
pub fn ten_reps() -> SessionReport {
    with(&[REPS, REPS].concat())
}

/// Fifty of them, as in a set of good mornings.
pub fn fifty_reps() -> SessionReport {
    with(&REPS.repeat(10))
}

fn with(reps: &[(f64, f64, Verdict)]) -> SessionReport {
    let reps: Vec<Rep> = reps
        .iter()
        .enumerate()
        .map(|(i, r)| rep(i as u32 + 1, *r))
        .collect();
    let track = track(&reps);
    SessionReport {
        schema: SCHEMA.into(),
        clip: clip("deadlift_blocks.mp4"),
        lift: Lift {
            kind: LiftKind::Deadlift,
            confidence: 0.96,
        },
        view: View {
            side: Side::Right,
            yaw_deg: Some(deg(8.0)),
            yaw_sd_deg: Some(deg(4.0)),
            reason: None,
        },
        reference: Reference {
            kind: ReferenceKind::Standing,
            lumbar_flexion_sd_deg: Some(deg(2.0)),
            frames: 42,
            time_s: Some(s(1.0)),
            reason: None,
        },
        reps,
        set: set(),
        cautions: vec![Caution {
            code: "back_hidden".into(),
            message: "The plate hid your lower back at the floor in rep 5.".into(),
            remedy: "Film from a little behind, or use smaller plates.".into(),
        }],
        edits: Vec::new(),
        own_range: None,
        notes: SetNotes::default(),
        notes_from_file: Default::default(),
        ramp: None,
        compared_with: None,
        scale: Some(Scale {
            source: ScaleSource::Plate,
            mm_per_px: 2.58,
            mm_per_px_sd: 0.14,
            plate_mm_per_px: Some(1.85),
            plate_mm_per_px_sd: Some(0.02),
            thigh_mm: 428.0,
            sentence: "Scale from the round plate nearest to the camera, taken to be 450 mm across: lengths are good to about ±7 %.".into(),
        }),
        scale_reason: None,
        settings: Settings::default(),
        track,
        run: Run {
            version: "0.1.0".into(),
            models: vec![ModelId {
                name: "pose_landmark_full.onnx".into(),
                sha256: "4a1c0ffee5".repeat(6),
            }],
            elapsed_s: 9.5,
        },
    }
}

/// Facts of a phone clip of this name.
pub fn clip(name: &str) -> Clip {
    Clip {
        name: name.into(),
        duration_s: s(24.0),
        width_px: 1080,
        height_px: 1920,
        rotation_deg: 90,
        codec: "hevc".into(),
        frame_rate_hz: 29.97,
        frames: 719,
        content_sha256: None,
        lens_35mm_equivalent_mm: None,
    }
}

fn set() -> Set {
    Set {
        sentence: "Set of 5 deadlifts: your lower back held in 2 reps, was close in 1, left neutral in 1 (rep 4), and 1 could not be judged.".into(),
        next_step: "Stop at 3 reps next time, at the same height.".into(),
        next_step_rule: "left_once".into(),
        next_step_action: Some(formcheck::settings::Step::Hold),
        certainty: "Side view good: ±4°. Your standing was seen for 1.4 s.".into(),
        held: 2,
        close: 1,
        left_neutral: 1,
        cannot_tell: 1,
        drift_deg_per_rep: Some(deg(5.6)),
        drift_sd_deg_per_rep: Some(deg(1.4)),
        drift_reason: None,
        neutral_depth: Some(NeutralDepth {
            finding: NeutralFinding::Until,
            measure: DepthMeasure::BarHeight,
            watch_deg: deg(30.0),
            depth: Some(2.03),
            earliest: Some(2.19),
            latest: Some(1.87),
            deepest: Some(1.6),
            raise_cm: Some(16.0),
            raise_interval_cm: Some(6.0),
            reps: 4,
            sentence: "Neutral once the bar is about 27 % of its way up (±10 %). To start there, raise the bar by about 16 cm (±6).".into(),
            reason: None,
        }),
    }
}

fn rep(number: u32, (peak, sd, verdict): (f64, f64, Verdict)) -> Rep {
    let start = 2.0 + 4.2 * f64::from(number - 1);
    let judged = verdict != Verdict::CannotTell;
    let moved = matches!(verdict, Verdict::Close | Verdict::LeftNeutral);
    let reason = match verdict {
        Verdict::CannotTell => {
            "The plate hid your lower back for most of this rep, so it cannot be judged.".into()
        }
        Verdict::Held => format!("No rounding past the band: {peak:.0}° (±4) from your standing."),
        _ => format!(
            "Your lower back rounded {peak:.0}° (±4) more than when you stand, just after the bar left the floor."
        ),
    };
    let mut missing = BTreeMap::new();
    if !judged {
        missing.insert(
            "peak_thoracic_flexion_deg".into(),
            "the upper back was hidden by the plate".into(),
        );
    }
    Rep {
        number,
        start_s: s(start),
        turn_s: s(start + 1.5),
        end_s: s(start + 3.2),
        verdict,
        direction: moved.then_some(Direction::Rounded),
        reason,
        rule: match verdict {
            Verdict::LeftNeutral => "leave_deg".into(),
            Verdict::CannotTell => "max_sd_deg".into(),
            _ => "watch_deg".into(),
        },
        peak_lumbar_flexion_deg: Some(deg(peak)),
        peak_lumbar_flexion_sd_deg: Some(deg(sd)),
        min_lumbar_flexion_deg: Some(deg(-3.0)),
        peak_thoracic_flexion_deg: judged.then_some(deg(12.0)),
        set_up_lumbar_flexion_deg: Some(deg(peak - 6.0)),
        peak_time_s: Some(s(start + 0.3)),
        onset_time_s: moved.then_some(s(start + 0.12)),
        onset_depth: moved.then_some(1.95),
        onset_depth_earliest: moved.then_some(2.05),
        onset_depth_latest: moved.then_some(1.84),
        over_set_up_deg: judged.then_some(deg(6.0)),
        set_up_change_deg: judged.then_some(deg(2.0)),
        change_sd_deg: judged.then_some(deg(2.5)),
        lockout_lumbar_flexion_deg: judged.then_some(deg(-4.0)),
        left_neutral_probability: Some(if verdict == Verdict::LeftNeutral {
            0.97
        } else {
            0.02
        }),
        hip_share: Some(0.75),
        hip_flexion_deg: Some(deg(92.0)),
        depth: Some(0.62),
        concentric_velocity_m_s: Some(0.41),
        concentric_velocity_sd_m_s: Some(0.03),
        tempo: Tempo {
            down_s: Some(s(1.2)),
            pause_s: Some(s(0.5)),
            up_s: Some(s(1.5)),
        },
        seen_share: if judged { 0.95 } else { 0.41 },
        proofs: proofs(start, peak, moved),
        missing,
    }
}

fn proofs(start: f64, peak: f64, moved: bool) -> Vec<Proof> {
    let mut proofs = vec![proof(ProofKind::Start, start, 75.0, peak - 6.0)];
    if moved {
        proofs.push(proof(ProofKind::Onset, start + 0.12, 74.0, 30.0));
    }
    proofs.push(proof(ProofKind::Worst, start + 0.3, 70.0, peak));
    proofs.push(proof(ProofKind::Turn, start + 1.5, 2.0, -2.0));
    proofs
}

/// A lifter facing right with his trunk inclined and his lower back bent, degrees.
fn proof(kind: ProofKind, time: f64, trunk: f64, flexion: f64) -> Proof {
    let bend = trunk / 75.0;
    let ankle = Point::new(520.0, 1240.0);
    let knee = ankle + Point::new(20.0 + 50.0 * bend, -210.0);
    let hip = knee + Point::new(-10.0 - 190.0 * bend, -215.0 + 80.0 * bend);
    let line = |bent: f64| back(hip, trunk, bent);
    let lumbar = line(flexion);
    let chest: Vec<Point> = lumbar
        .iter()
        .rev()
        .map(|p| *p + forward(trunk) * 125.0)
        .collect();
    let neck = lumbar[lumbar.len() - 1];
    let head = |a: f64| {
        neck + along(trunk) * (95.0 + 75.0 * a.sin()) + forward(trunk) * (75.0 + 62.0 * a.cos())
    };
    let mut outline = vec![
        ankle + Point::new(-45.0, 50.0),
        ankle + Point::new(-40.0, -60.0),
        knee + Point::new(-75.0, 20.0),
    ];
    outline.push(hip + Point::new(-70.0 - 20.0 * bend, 60.0 - 40.0 * bend));
    outline.extend(&lumbar);
    outline
        .extend((0..18).map(|i| head(std::f64::consts::PI * (1.15 - 1.9 * f64::from(i) / 17.0))));
    outline.extend(chest);
    outline.extend([
        hip + Point::new(85.0, 45.0),
        knee + Point::new(65.0, -20.0),
        ankle + Point::new(40.0, -50.0),
        ankle + Point::new(125.0, 50.0),
    ]);
    let joint = lumbar.len() / 2;
    Proof {
        kind,
        time_s: s(time),
        crop_px: CROP,
        lumbar_flexion_deg: Some(deg(flexion)),
        thoracic_line: lumbar[joint..].to_vec(),
        neutral_line: line(0.0),
        outline,
        picture: None,
        lumbar_line: lumbar[..=joint].to_vec(),
    }
}

fn along(trunk: f64) -> Point {
    let r = deg(trunk).radians();
    Point::new(r.sin(), -r.cos())
}

fn forward(trunk: f64) -> Point {
    let r = deg(trunk).radians();
    Point::new(r.cos(), r.sin())
}

/// The back line from the sacrum up, bent by `flexion` in its lower half; the pelvis stays where it is.
fn back(hip: Point, trunk: f64, flexion: f64) -> Vec<Point> {
    let mut at = hip + forward(trunk) * -75.0;
    let mut points = vec![at];
    for i in 0..24 {
        let bent = flexion * (f64::from(i) / 12.0).min(1.0)
            - 12.0 * (f64::from(i) / 24.0 * std::f64::consts::PI).sin();
        at = at + along(trunk - flexion * 0.4 + bent) * 15.0;
        points.push(at);
    }
    points
}

fn track(reps: &[Rep]) -> Vec<TrackPoint> {
    (0..reps.len() * 130 + 40)
        .map(|i| i as u32)
        .map(|i| f64::from(i) / 30.0)
        .map(|t| track_point(reps, t))
        .collect()
}

fn track_point(reps: &[Rep], t: f64) -> TrackPoint {
    let within = reps
        .iter()
        .find(|r| t >= r.start_s.get() && t <= r.end_s.get());
    let near = reps
        .iter()
        .min_by(|a, b| gap(a, t).total_cmp(&gap(b, t)))
        .expect("there are reps");
    let into = t - near.start_s.get();
    // 1 on the floor, 0 standing
    let low = if into < 1.5 {
        1.0 - smooth(into / 1.5)
    } else {
        smooth((into - 2.0) / 1.2)
    };
    let peak = near.peak_lumbar_flexion_deg.expect("made so").degrees();
    let wave = (t * 9.0).sin() * 0.8 + 5.0 * (-((into - 0.3) / 0.25).powi(2)).exp();
    let hidden = near.verdict == Verdict::CannotTell && into > 0.4 && into < 1.2;
    let angle = |v: f64| (!hidden).then_some(deg(v));
    TrackPoint {
        time_s: s(t),
        lumbar_flexion_deg: angle(low * (peak - 5.0) + wave - 2.0),
        lumbar_flexion_sd_deg: angle(near.peak_lumbar_flexion_sd_deg.expect("made so").degrees()),
        thoracic_flexion_deg: angle(low * 12.0),
        trunk_inclination_deg: Some(deg(2.0 + 73.0 * low)),
        hip_flexion_deg: Some(deg(92.0 * low)),
        knee_flexion_deg: Some(deg(60.0 * low)),
        ankle_dorsiflexion_deg: Some(deg(12.0 * low)),
        depth: Some(0.62 * low),
        wrist_height: Some(0.6 + 1.3 * (1.0 - low)),
        shoulder_height: Some(1.6 + 1.6 * (1.0 - low)),
        bar_rise_cm: Some(51.0 * (1.0 - low)),
        thigh_above_level_deg: Some(deg(35.0 + 52.0 * (1.0 - low))),
        rep: within.map(|r| r.number),
    }
}

fn gap(rep: &Rep, t: f64) -> f64 {
    if t < rep.start_s.get() {
        rep.start_s.get() - t
    } else {
        (t - rep.end_s.get()).max(0.0)
    }
}

fn smooth(x: f64) -> f64 {
    let x = x.clamp(0.0, 1.0);
    x * x * (3.0 - 2.0 * x)
}

/// The same report with a picture (the smallest JPEG there is) named by every proof.
pub fn with_pictures() -> (SessionReport, Pictures) {
    let mut report = report();
    let mut pictures = Pictures::new();
    for rep in &mut report.reps {
        for (i, proof) in rep.proofs.iter_mut().enumerate() {
            let name = format!("crops/rep-{:02}-{i}.jpg", rep.number);
            pictures.insert(name.clone(), vec![0xff, 0xd8, 0xff, 0xd9]);
            proof.picture = Some(name);
        }
    }
    (report, pictures)
}

/// The page of a report, for the lifter, without pictures.
pub fn page(report: &SessionReport) -> String {
    formcheck::report::html(
        report,
        &Pictures::new(),
        formcheck::report::Audience::Lifter,
        None,
    )
    .expect("a made-up report renders")
}
