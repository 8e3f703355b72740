//! The plots, as SVG text: flexion over time of one rep, all reps over their phase, a dot and interval per rep, and
//! flexion against depth or bar height, and the sessions of some weeks. All share one vertical scale. What each shows is said in words and in a table
//! beside it; the SVG itself is hidden from screen readers.

mod both;
mod canvas;
mod depth;
mod rep;
mod set;
mod weeks;

pub use both::{both_dots, both_over_phase};
pub use depth::against_depth;
pub use rep::{over_time, shown};
pub use set::{dots, over_phase};
pub use weeks::weeks;

use crate::error::Result;
use crate::report::limits::Band;
use crate::session::{Rep, SessionReport, TrackPoint, Verdict};
use crate::units::Angle;
use canvas::{Canvas, Hang, ink};
use plotters::style::RGBColor;

/// Lowest and highest flexion of every plot, degrees; widened in steps of 10 only when a report goes beyond.
const USUAL_SCALE: (f64, f64) = (-20.0, 60.0);
/// Height of a plot as shown.
const HEIGHT_PX: f64 = 236.0;
/// Points in one drawn line at most: more than the plot has pixels says nothing.
const LINE_POINTS: usize = 160;

/// The vertical scale of all plots of one report, degrees.
pub fn scale(report: &SessionReport) -> (f64, f64) {
    let in_reps = report
        .track
        .iter()
        .filter(|p| p.rep.is_some())
        .filter_map(|p| p.lumbar_flexion_deg);
    let peaks = report.reps.iter().filter_map(|r| r.peak_lumbar_flexion_deg);
    let leave = report.settings.limits.of(report.lift.kind).leave_deg;
    widened(in_reps.chain(peaks).chain([leave]))
}

/// The usual scale, widened in steps of 10 until it holds these angles.
fn widened(angles: impl Iterator<Item = Angle>) -> (f64, f64) {
    let (mut low, mut high) = USUAL_SCALE;
    for angle in angles {
        low = low.min((angle.degrees() / 10.0).floor() * 10.0).max(-60.0);
        high = high.max((angle.degrees() / 10.0).ceil() * 10.0).min(110.0);
    }
    (low, high)
}

/// The colour of a verdict.
fn colour(verdict: Verdict) -> RGBColor {
    match verdict {
        Verdict::Held => ink::HELD,
        Verdict::Close => ink::CLOSE,
        Verdict::LeftNeutral => ink::LEFT,
        Verdict::CannotTell => ink::UNSURE,
    }
}

/// The band, its limits, the degrees at the left and the words of the vertical axis.
fn flexion_axis(sheet: &Canvas, scale: (f64, f64), band: &Band) -> Result<()> {
    let (left, right) = sheet.span();
    let stripe = |low: f64, high: f64| [(left, low), (right, low), (right, high), (left, high)];
    let (watch, leave) = (band.watch.degrees(), band.leave.degrees());
    sheet.area(&stripe(band.arch_watch.degrees(), watch), ink::BAND, 1.0)?;
    sheet.area(&stripe(watch, leave), ink::WATCH, 1.0)?;
    sheet.area(
        &stripe(band.arch_leave.degrees(), band.arch_watch.degrees()),
        ink::WATCH,
        1.0,
    )?;
    let mut tick = (scale.0 / 20.0).ceil() * 20.0;
    while tick <= scale.1 {
        let tone = if tick == 0.0 { ink::ZERO } else { ink::LINE };
        sheet.line(
            &[(left, tick), (right, tick)],
            tone,
            if tick == 0.0 { 1.4 } else { 0.7 },
        )?;
        let sign = if tick < 0.0 { "−" } else { "" };
        sheet.words(
            &format!("{sign}{:.0}°", tick.abs()),
            (left, tick),
            (-5.0, 0.0),
            Hang::Left,
        )?;
        tick += 20.0;
    }
    sheet.dashes((left, leave), (right, leave), ink::LEFT)?;
    Ok(())
}

/// "rounded ↑ · your standing · arched ↓", over the lines so that it is always read.
fn axis_words(sheet: &Canvas, scale: (f64, f64)) -> Result<()> {
    let right = sheet.span().1;
    let left = sheet.span().0;
    sheet.words("rounded ↑", (left, scale.1), (5.0, 9.0), Hang::Right)?;
    sheet.words("arched ↓", (left, scale.0), (5.0, -9.0), Hang::Right)?;
    sheet.words("your standing", (right, 0.0), (-4.0, 13.0), Hang::Left)
}

/// The measured frames of one rep, in order.
fn frames_of<'a>(report: &'a SessionReport, rep: &Rep) -> impl Iterator<Item = &'a TrackPoint> {
    let (start, end) = (rep.start_s, rep.end_s);
    report
        .track
        .iter()
        .filter(move |p| p.time_s >= start && p.time_s <= end)
}

/// Cuts a series where it was not measured, and thins each piece to what can be seen.
fn pieces(series: impl Iterator<Item = Option<(f64, f64)>>) -> Vec<Vec<(f64, f64)>> {
    let mut all: Vec<Vec<(f64, f64)>> = vec![Vec::new()];
    for point in series {
        match (point, all.last_mut()) {
            (Some(point), Some(piece)) => piece.push(point),
            _ => all.push(Vec::new()),
        }
    }
    all.retain(|piece| piece.len() > 1);
    let total: usize = all.iter().map(Vec::len).sum();
    let step = total.div_ceil(LINE_POINTS).max(1);
    all.iter().map(|piece| thinned(piece, step)).collect()
}

fn thinned(piece: &[(f64, f64)], step: usize) -> Vec<(f64, f64)> {
    let last = piece.len() - 1;
    piece
        .iter()
        .enumerate()
        .filter(|(i, _)| i % step == 0 || *i == last)
        .map(|(_, p)| *p)
        .collect()
}
