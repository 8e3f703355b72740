//! A made-up ramp of six weeks: Anna pulls from lower and lower blocks, with a step back, and sits to a lower seat; Ben
//! squats and says little.

use super::report;
use formcheck::diary::{Discomfort, SetNotes};
use formcheck::history::{History, Session};
use formcheck::session::{LiftKind, SessionReport, Verdict};
use formcheck::units::Angle;

/// Day, height in cm, load in kg, greatest flexion and its uncertainty, discomfort before, after and next morning.
const PULLS: [(&str, [f64; 4], [u8; 3]); 14] = [
    ("2026-10-05", [30.0, 40.0, 14.0, 3.2], [2, 2, 2]),
    ("2026-10-05", [30.0, 50.0, 16.0, 3.1], [2, 2, 2]),
    ("2026-10-08", [30.0, 50.0, 15.0, 3.0], [2, 1, 1]),
    ("2026-10-12", [24.0, 50.0, 19.0, 3.4], [1, 1, 1]),
    ("2026-10-15", [24.0, 55.0, 22.0, 3.1], [1, 1, 1]),
    ("2026-10-19", [18.0, 55.0, 27.0, 3.6], [1, 2, 1]),
    ("2026-10-22", [18.0, 57.5, 28.0, 3.3], [1, 1, 1]),
    ("2026-10-26", [12.0, 57.5, 34.0, 3.9], [1, 2, 3]),
    ("2026-10-29", [12.0, 60.0, 47.0, 3.5], [2, 4, 4]),
    ("2026-11-02", [18.0, 55.0, 29.0, 3.0], [3, 2, 2]),
    ("2026-11-05", [18.0, 57.5, 26.0, 2.9], [2, 1, 1]),
    ("2026-11-09", [12.0, 57.5, 30.0, 3.2], [1, 1, 1]),
    ("2026-11-12", [12.0, 60.0, 27.0, 3.1], [1, 0, 1]),
    ("2026-11-14", [9.0, 60.0, 33.0, 7.9], [0, 1, 0]),
];

fn set(clip: u32, notes: SetNotes, kind: LiftKind, peak: (f64, f64)) -> SessionReport {
    let mut report = report(clip, notes);
    report.lift.kind = kind;
    let (watch, leave) = (report.settings.watch(kind), report.settings.leave(kind));
    let verdict = |deg: f64| match Angle::from_degrees(deg) {
        a if a >= leave => Verdict::LeftNeutral,
        a if a >= watch => Verdict::Close,
        _ => Verdict::Held,
    };
    for rep in &mut report.reps {
        let deg = peak.0 - 2.0 * f64::from(5 - rep.number);
        rep.peak_lumbar_flexion_deg = Some(Angle::from_degrees(deg));
        rep.peak_lumbar_flexion_sd_deg = Some(Angle::from_degrees(peak.1));
        rep.verdict = verdict(deg);
    }
    let count = |v: Verdict| report.reps.iter().filter(|r| r.verdict == v).count() as u32;
    let counts = [Verdict::Held, Verdict::Close, Verdict::LeftNeutral].map(count);
    [report.set.held, report.set.close, report.set.left_neutral] = counts;
    report.set.cannot_tell = 0;
    report
}

/// The diary with all of it.
pub fn fill(history: &mut History) {
    let mut clip = 1000;
    let mut add = |notes, kind, peak| {
        clip += 1;
        let report = set(clip, notes, kind, peak);
        let session = Session {
            report: &report,
            filmed_at: None,
            results: None,
        };
        history.record(&session).unwrap();
    };
    for (i, (day, [height, load, peak, sd], [before, after, morning])) in PULLS.iter().enumerate() {
        let notes = SetNotes {
            lifter: Some("Anna".into()),
            performed_on: Some((*day).into()),
            load_kg: Some(*load),
            belt: Some(i % 5 == 4),
            block_height_cm: Some(*height),
            discomfort: Discomfort {
                before: Some(*before),
                during: (i % 3 == 0).then_some(*after),
                after: Some(*after),
                next_morning: Some(*morning),
            },
            note: (i == 8)
                .then(|| "Felt it give on the last two. Slept badly, hurried the set-up.".into()),
            tags: vec![format!("{height} cm")],
            ..Default::default()
        };
        add(notes, LiftKind::Deadlift, (*peak, *sd));
    }
    for (i, day) in ["2026-10-06", "2026-10-20", "2026-11-03"]
        .iter()
        .enumerate()
    {
        let seat = SetNotes {
            lifter: Some("Anna".into()),
            performed_on: Some((*day).into()),
            seat_height_cm: Some(52.0 - 4.0 * i as f64),
            ..Default::default()
        };
        add(seat, LiftKind::SitToChair, (8.0 + 3.0 * i as f64, 3.0));
        let ben = SetNotes {
            lifter: Some("Ben".into()),
            performed_on: Some((*day).into()),
            ..Default::default()
        };
        add(ben, LiftKind::Squat, (9.0 + 7.0 * i as f64, 4.0));
    }
}
