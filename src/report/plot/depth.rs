//! The key plot: flexion against depth on the loaded way (down; in a pull up), all reps on one pair of axes, with the
//! neutral depth of the set and its interval: where does it leave?

use super::canvas::{self, Canvas, Hang, ink};
use super::set::{quiet_first, width};
use super::{HEIGHT_PX, axis_words, colour, flexion_axis, frames_of, pieces, scale};
use crate::error::Result;
use crate::report::limits;
use crate::session::{DepthMeasure, NeutralFinding, SessionReport, TrackPoint, Verdict};

/// Radius of the numbered markers as shown.
const MARKER_PX: f64 = 8.5;
/// More markers than this are small and without numbers.
const NUMBERED: usize = 8;
const SMALL_PX: f64 = 3.5;

/// What runs across: depth, deeper to the right; in pulls the height of the bar, as it rises.
fn across(measure: DepthMeasure, depth: f64) -> f64 {
    match measure {
        DepthMeasure::ShoulderHeight => -depth,
        DepthMeasure::HipDrop | DepthMeasure::BarHeight => depth,
    }
}

/// The plot; `None` when nothing was measured.
pub fn against_depth(report: &SessionReport) -> Result<Option<String>> {
    let measure = DepthMeasure::of(report.lift.kind);
    let x = |p: &TrackPoint| measure.at(p).map(|d| across(measure, d));
    let values = report
        .reps
        .iter()
        .flat_map(|r| frames_of(report, r))
        .filter(|p| p.lumbar_flexion_deg.is_some())
        .filter_map(x);
    let (low, high) = values.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| {
        (l.min(v), h.max(v))
    });
    if !(high - low).is_finite() || high - low < 0.05 {
        return Ok(None);
    }
    let range = scale(report);
    let drawn = canvas::svg(HEIGHT_PX, (low, high), range, |sheet| {
        flexion_axis(sheet, range, &limits::of_lift(report))?;
        neutral_until(sheet, range, report)?;
        for rep in quiet_first(report) {
            let way = frames_of(report, rep).filter(|p| p.time_s <= rep.turn_s);
            for piece in pieces(way.map(|p| Some((x(p)?, p.lumbar_flexion_deg?.degrees())))) {
                sheet.line(&piece, colour(rep.verdict), width(rep))?;
            }
        }
        leavings(sheet, report, measure)?;
        axis_words(sheet, range)?;
        depth_axis(sheet, measure)
    })?;
    Ok(Some(drawn))
}

/// An upright line where the set leaves, and a stripe as wide as its interval.
fn neutral_until(sheet: &Canvas, range: (f64, f64), report: &SessionReport) -> Result<()> {
    let Some(found) = &report.set.neutral_depth else {
        return Ok(());
    };
    let (NeutralFinding::Until, Some(depth)) = (found.finding, found.depth) else {
        return Ok(());
    };
    let (left, right) = sheet.span();
    let x = |depth: f64| across(found.measure, depth);
    let deep_end = match found.measure {
        DepthMeasure::BarHeight => left,
        _ => right,
    };
    let from = found.earliest.map_or(x(depth), x);
    let to = found.latest.map_or(deep_end, x);
    // below the words of the axis
    let top = range.1 - 0.12 * (range.1 - range.0);
    let stripe = [(from, range.0), (to, range.0), (to, top), (from, top)];
    sheet.area(&stripe, ink::UNSURE, 0.16)?;
    sheet.line(&[(x(depth), range.0), (x(depth), top)], ink::UNSURE, 2.0)?;
    let (at, top) = sheet.place((x(depth), range.1));
    let middle = (sheet.place((left, 0.0)).0 + sheet.place((right, 0.0)).0) / 2.0;
    let (word, neutral_side) = match found.measure {
        DepthMeasure::BarHeight => ("neutral →", Hang::Right),
        _ => ("← neutral", Hang::Left),
    };
    // words that would run off the sheet sit on the other side of the line
    let hang = if at < middle { Hang::Right } else { Hang::Left };
    let word = match (neutral_side, hang) {
        (Hang::Right, Hang::Left) | (Hang::Left, Hang::Right) => "neutral until here",
        _ => word,
    };
    sheet.words_px(word, (at, top - 9.0), hang, ink::TEXT)
}

/// A marker with the rep's number where each rep passes the watch level; one that would cover another moves aside.
fn leavings(sheet: &Canvas, report: &SessionReport, measure: DepthMeasure) -> Result<()> {
    let watch = limits::of_lift(report).watch.degrees();
    let judged = report
        .reps
        .iter()
        .filter(|r| r.verdict != Verdict::CannotTell);
    let places: Vec<_> = judged
        .filter_map(|rep| {
            let x = across(measure, rep.onset_depth?);
            Some((rep, sheet.place((x, watch))))
        })
        .collect();
    let mut taken: Vec<(f64, f64)> = Vec::new();
    for (rep, (mut x, mut y)) in places.iter().copied() {
        if places.len() > NUMBERED {
            sheet.disc_px((x, y), SMALL_PX, colour(rep.verdict))?;
            continue;
        }
        let covers = |x: f64, y: f64| {
            let near = |t: &(f64, f64)| (t.0 - x).hypot(t.1 - y) < 2.0 * MARKER_PX;
            taken.iter().any(near)
        };
        while covers(x, y) {
            if x + 3.0 * MARKER_PX < canvas::WIDTH_PX {
                x += 2.0 * MARKER_PX;
            } else {
                // no room at the right: start a row above
                (x, y) = (x - 5.0 * MARKER_PX, y - 2.0 * MARKER_PX);
            }
        }
        taken.push((x, y));
        sheet.disc_px((x, y), MARKER_PX, colour(rep.verdict))?;
        let number = rep.number.to_string();
        sheet.words_px(&number, (x, y), Hang::Middle, plotters::style::WHITE)?;
    }
    Ok(())
}

fn depth_axis(sheet: &Canvas, measure: DepthMeasure) -> Result<()> {
    let (left, right) = sheet.span();
    let foot = sheet.foot_px() + 10.0;
    let (from, to, name) = match measure {
        DepthMeasure::BarHeight => ("start", "lockout", "bar height →"),
        DepthMeasure::HipDrop | DepthMeasure::ShoulderHeight => ("standing", "deepest", "depth →"),
    };
    let x = |value: f64| sheet.place((value, 0.0)).0;
    sheet.words_px(from, (x(left), foot), Hang::Right, ink::TEXT)?;
    sheet.words_px(to, (x(right), foot), Hang::Left, ink::TEXT)?;
    let middle = (x(left) + x(right)) / 2.0;
    sheet.words_px(name, (middle, foot + 18.0), Hang::Middle, ink::TEXT)
}
