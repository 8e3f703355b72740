//! reps.csv and frames.csv: one row a rep, one row a frame; the unit is in the column's name, empty means not measured.

use crate::report::edited;
use crate::report::words::verdict_key;
use crate::session::{Rep, SessionReport, TrackPoint};
use crate::units::{Angle, Seconds, rounded};
use std::fmt::Write;

const REPS: &str = "number,start_s,turn_s,end_s,verdict,direction,peak_lumbar_flexion_deg,peak_lumbar_flexion_sd_deg,\
min_lumbar_flexion_deg,peak_thoracic_flexion_deg,set_up_lumbar_flexion_deg,peak_time_s,onset_time_s,onset_depth,\
left_neutral_probability,hip_share,hip_flexion_deg,depth,down_s,pause_s,up_s,seen_share,\
onset_depth_earliest,onset_depth_latest,over_set_up_deg,set_up_change_deg,change_sd_deg,lockout_lumbar_flexion_deg,\
concentric_velocity_m_s,rule,reason,\
edited,tags,note";

/// The bar twice, by what it was measured from: its height above the floor as the shoulders carry it, and how far its plate has
/// risen from the lowest place, which is the surer of the two.
const FRAMES: &str = "time_s,lumbar_flexion_deg,lumbar_flexion_sd_deg,thoracic_flexion_deg,trunk_inclination_deg,\
hip_flexion_deg,knee_flexion_deg,depth,rep,ankle_dorsiflexion_deg,wrist_height,shoulder_height,thigh_above_level_deg,\
bar_height_from_shoulders_cm,bar_rise_from_plate_cm";

/// One row a rep.
pub fn reps(report: &SessionReport) -> String {
    table(REPS, report.reps.iter().map(|rep| rep_row(report, rep)))
}

/// One row a frame that was looked at.
pub fn frames(report: &SessionReport) -> String {
    // without a scale the column stays empty
    let bar = |point: &TrackPoint| {
        report
            .scale
            .as_ref()?
            .bar_height_cm(point, report.lift.kind)
    };
    let rows = report.track.iter().map(|point| {
        let mut row = frame_row(point);
        row.push(bar(point).map_or(String::new(), |cm| rounded(cm, 10.0).to_string()));
        row.push(number(point.bar_rise_cm));
        row
    });
    table(FRAMES, rows)
}

fn table(header: &str, rows: impl Iterator<Item = Vec<String>>) -> String {
    let mut text = String::from(header);
    text.push('\n');
    for row in rows {
        // writing to a String cannot fail
        let _ = writeln!(text, "{}", row.join(","));
    }
    text
}

fn rep_row(report: &SessionReport, rep: &Rep) -> Vec<String> {
    let said = edited::of_rep(report, rep);
    vec![
        rep.number.to_string(),
        time(Some(rep.start_s)),
        time(Some(rep.turn_s)),
        time(Some(rep.end_s)),
        verdict_key(rep.verdict).into(),
        crate::report::words::direction(rep.direction)
            .unwrap_or_default()
            .into(),
        angle(rep.peak_lumbar_flexion_deg),
        angle(rep.peak_lumbar_flexion_sd_deg),
        angle(rep.min_lumbar_flexion_deg),
        angle(rep.peak_thoracic_flexion_deg),
        angle(rep.set_up_lumbar_flexion_deg),
        time(rep.peak_time_s),
        time(rep.onset_time_s),
        number(rep.onset_depth),
        number(rep.left_neutral_probability),
        number(rep.hip_share),
        angle(rep.hip_flexion_deg),
        number(rep.depth),
        time(rep.tempo.down_s),
        time(rep.tempo.pause_s),
        time(rep.tempo.up_s),
        number(Some(rep.seen_share)),
        number(rep.onset_depth_earliest),
        number(rep.onset_depth_latest),
        angle(rep.over_set_up_deg),
        angle(rep.set_up_change_deg),
        angle(rep.change_sd_deg),
        angle(rep.lockout_lumbar_flexion_deg),
        number(rep.concentric_velocity_m_s),
        quoted(&rep.rule),
        quoted(&rep.reason),
        quoted(&said.changes.join(" ")),
        quoted(&said.tags.join(" ")),
        quoted(&said.notes.join("\n")),
    ]
}

fn frame_row(point: &TrackPoint) -> Vec<String> {
    vec![
        time(Some(point.time_s)),
        angle(point.lumbar_flexion_deg),
        angle(point.lumbar_flexion_sd_deg),
        angle(point.thoracic_flexion_deg),
        angle(point.trunk_inclination_deg),
        angle(point.hip_flexion_deg),
        angle(point.knee_flexion_deg),
        number(point.depth),
        point.rep.map(|r| r.to_string()).unwrap_or_default(),
        angle(point.ankle_dorsiflexion_deg),
        number(point.wrist_height),
        number(point.shoulder_height),
        angle(point.thigh_above_level_deg),
    ]
}

fn angle(angle: Option<Angle>) -> String {
    angle
        .map(|a| rounded(a.degrees(), 100.0).to_string())
        .unwrap_or_default()
}

fn time(time: Option<Seconds>) -> String {
    time.map(|t| rounded(t.get(), 1e4).to_string())
        .unwrap_or_default()
}

fn number(value: Option<f64>) -> String {
    value
        .map(|v| rounded(v, 1000.0).to_string())
        .unwrap_or_default()
}

/// RFC 4180 quoting.
fn quoted(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.into()
    }
}
