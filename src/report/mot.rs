//! OpenSim motion file (.mot): joint angles over time, OpenSim's names and signs, degrees.
//! Format: SimTK's "OpenSim Motion (.mot) Files"; `hip_flexion_r` positive forward, `knee_angle_r` positive bending in
//! the models since Rajagopal 2016, `lumbar_extension` positive backwards, so rounding is negative there.

use crate::session::{SessionReport, Side, TrackPoint};
use crate::units::Angle;
use std::fmt::Write;

/// The file. Frames in which any of the angles is missing are left out: the format has no empty cell.
pub fn mot(report: &SessionReport) -> String {
    let side = match report.view.side {
        Side::Left => 'l',
        Side::Right => 'r',
    };
    let rows: Vec<[f64; 5]> = report.track.iter().filter_map(row).collect();
    let mut text = format!(
        "formcheck\nversion=1\nnRows={}\nnColumns=5\ninDegrees=yes\nendheader\n",
        rows.len()
    );
    let names = [
        "time".into(),
        "lumbar_extension".into(),
        format!("hip_flexion_{side}"),
        format!("knee_angle_{side}"),
        format!("ankle_angle_{side}"),
    ];
    text += &names.join("\t");
    text.push('\n');
    for row in rows {
        let cells: Vec<String> = row.iter().map(|v| format!("{v:.4}")).collect();
        // writing to a String cannot fail
        let _ = writeln!(text, "{}", cells.join("\t"));
    }
    text
}

fn row(point: &TrackPoint) -> Option<[f64; 5]> {
    let degrees = |a: Option<Angle>| a.map(Angle::degrees);
    Some([
        point.time_s.get(),
        -degrees(point.lumbar_flexion_deg)? + 0.0,
        degrees(point.hip_flexion_deg)?,
        degrees(point.knee_flexion_deg)?,
        degrees(point.ankle_dorsiflexion_deg)?,
    ])
}
