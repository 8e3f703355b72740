//! Two sets on one pair of axes: mean flexion through the rep with its interval, and a dot and interval a rep.

use super::canvas::{self, Canvas, Hang, ink};
use super::set::mark;
use super::{HEIGHT_PX, axis_words, colour, flexion_axis, widened};
use crate::compare::{Comparison, PhasePoint, RepPeak};
use crate::error::Result;
use crate::report::{limits, words};
use crate::session::SessionReport;
use crate::units::Angle;
use plotters::style::RGBColor;

/// Share of a dashed line that is drawn.
const DASH: f64 = 0.6;
/// Room between the reps of the two sets, in reps.
const GAP: f64 = 1.0;

type Edge = Vec<(f64, f64)>;

/// Both means through the rep: A dashed, B drawn through. The band is that of `report`, the second set.
pub fn both_over_phase(comparison: &Comparison, report: &SessionReport) -> Result<String> {
    let range = range(comparison, report);
    canvas::svg(HEIGHT_PX, (0.0, 100.0), range, |sheet| {
        flexion_axis(sheet, range, &limits::of_lift(report))?;
        let a = curve(comparison, |p| Some((p.a_deg?, p.a_sd_deg?)));
        let b = curve(comparison, |p| Some((p.b_deg?, p.b_sd_deg?)));
        for (points, tone) in [(&a, ink::FIRST), (&b, ink::SECOND)] {
            for piece in points {
                interval(sheet, piece, tone)?;
            }
        }
        for piece in &a {
            dashed(sheet, &line(piece), ink::FIRST)?;
        }
        for piece in &b {
            sheet.line(&line(piece), ink::SECOND, 2.4)?;
        }
        axis_words(sheet, range)?;
        phase_axis(sheet, words::pulls_first(comparison.lift))
    })
}

/// Percent, flexion and half width of the interval, cut where not measured.
type Point = (f64, f64, f64);

fn curve(
    comparison: &Comparison,
    pick: impl Fn(&PhasePoint) -> Option<(Angle, Angle)>,
) -> Vec<Vec<Point>> {
    let measured = |p: &PhasePoint| {
        let (flexion, sd) = pick(p)?;
        Some((p.percent, flexion.degrees(), words::interval(sd).degrees()))
    };
    let points: Vec<Option<Point>> = comparison.phase.iter().map(measured).collect();
    points
        .split(Option::is_none)
        .map(|piece| piece.iter().copied().flatten().collect::<Vec<_>>())
        .filter(|piece| piece.len() > 1)
        .collect()
}

fn line(piece: &[Point]) -> Edge {
    piece.iter().map(|p| (p.0, p.1)).collect()
}

fn interval(sheet: &Canvas, piece: &[Point], tone: RGBColor) -> Result<()> {
    let upper = piece.iter().map(|p| (p.0, p.1 + p.2));
    let lower = piece.iter().rev().map(|p| (p.0, p.1 - p.2));
    sheet.area(&upper.chain(lower).collect::<Vec<_>>(), tone, 0.14)
}

fn dashed(sheet: &Canvas, points: &[(f64, f64)], tone: RGBColor) -> Result<()> {
    for step in points.windows(2) {
        let (from, to) = (step[0], step[1]);
        let end = (
            from.0 + (to.0 - from.0) * DASH,
            from.1 + (to.1 - from.1) * DASH,
        );
        sheet.line(&[from, end], tone, 2.4)?;
    }
    Ok(())
}

fn phase_axis(sheet: &Canvas, pulls: bool) -> Result<()> {
    let (ends, middle) = if pulls {
        ("floor", "lockout")
    } else {
        ("standing", "bottom")
    };
    let foot = sheet.foot_px() + 10.0;
    let places = [
        (ends, 0.0, Hang::Right),
        (middle, 50.0, Hang::Middle),
        (ends, 100.0, Hang::Left),
    ];
    for (text, at, hang) in places {
        sheet.words_px(text, (sheet.place((at, 0.0)).0, foot), hang, ink::TEXT)?;
    }
    let middle = (sheet.place((50.0, 0.0)).0, foot + 18.0);
    sheet.words_px("through the rep", middle, Hang::Middle, ink::TEXT)
}

/// Peak flexion of each rep with its interval, A's reps at the left, B's at the right, each set's mean as a line.
pub fn both_dots(
    comparison: &Comparison,
    report: &SessionReport,
    names: &[String; 2],
) -> Result<String> {
    let range = range(comparison, report);
    let (a, b) = (&comparison.a.reps, &comparison.b.reps);
    let second = a.len() as f64 + GAP;
    let across = (0.4, second + b.len() as f64 + 0.6);
    let peak = &comparison.peak_lumbar_flexion_deg;
    canvas::svg(HEIGHT_PX, across, range, |sheet| {
        flexion_axis(sheet, range, &limits::of_lift(report))?;
        axis_words(sheet, range)?;
        let sets = [
            (a, 0.0, peak.a, ink::FIRST, &names[0]),
            (b, second, peak.b, ink::SECOND, &names[1]),
        ];
        for (reps, from, mean, tone, name) in sets {
            let (left, right) = (from + 0.5, from + reps.len() as f64 + 0.5);
            if let Some(mean) = mean {
                sheet.line(&[(left, mean), (right, mean)], tone, 2.4)?;
            }
            for (rep, x) in reps.iter().zip(1..) {
                dot(sheet, rep, from + f64::from(x))?;
            }
            let middle = (
                sheet.place(((left + right) / 2.0, 0.0)).0,
                sheet.foot_px() + 12.0,
            );
            sheet.words_px(name, middle, Hang::Middle, tone)?;
        }
        Ok(())
    })
}

fn dot(sheet: &Canvas, rep: &RepPeak, x: f64) -> Result<()> {
    let Some(peak) = rep.peak_lumbar_flexion_deg.map(Angle::degrees) else {
        return mark(sheet, rep.verdict, sheet.place((x, 0.0)), 1.0);
    };
    let sd = rep.peak_lumbar_flexion_sd_deg;
    let half = sd.map_or(0.0, |sd| words::interval(sd).degrees());
    let tone = colour(rep.verdict);
    sheet.line(&[(x, peak - half), (x, peak + half)], tone, 2.0)?;
    mark(sheet, rep.verdict, sheet.place((x, peak)), 1.0)
}

/// One scale for all plots of a comparison.
fn range(comparison: &Comparison, report: &SessionReport) -> (f64, f64) {
    let reps = comparison.a.reps.iter().chain(&comparison.b.reps);
    let peaks = reps.filter_map(|r| r.peak_lumbar_flexion_deg);
    let curves = comparison
        .phase
        .iter()
        .flat_map(|p| [p.a_deg, p.b_deg])
        .flatten();
    let limit = limits::of_lift(report).leave;
    widened(peaks.chain(curves).chain([limit]))
}
