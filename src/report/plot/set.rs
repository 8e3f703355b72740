//! The plots of the whole set: a dot and interval per rep, and all reps over their phase. The key plot is in `depth`.

use super::canvas::{self, Canvas, Hang, WIDTH_PX, ink};
use super::{HEIGHT_PX, axis_words, colour, flexion_axis, frames_of, pieces, scale};
use crate::error::Result;
use crate::report::{limits, words};
use crate::session::{Rep, SessionReport, Verdict};

/// Reps that have room for marks of full size.
const USUAL_REPS: f64 = 20.0;

/// Peak flexion of each rep with its 80 % interval, marked by the shape of its verdict.
pub fn dots(report: &SessionReport) -> Result<String> {
    let range = scale(report);
    let across = (0.4, report.reps.len() as f64 + 0.6);
    canvas::svg(HEIGHT_PX, across, range, |sheet| {
        flexion_axis(sheet, range, &limits::of_lift(report))?;
        axis_words(sheet, range)?;
        let every = report.reps.len().div_ceil(14);
        // many reps have little room each
        let size = (USUAL_REPS / report.reps.len().max(1) as f64).clamp(0.4, 1.0);
        for rep in &report.reps {
            let x = f64::from(rep.number);
            dot(sheet, rep, x, size)?;
            if (rep.number as usize - 1).is_multiple_of(every) {
                let at = (sheet.place((x, 0.0)).0, sheet.foot_px() + 10.0);
                sheet.words_px(&rep.number.to_string(), at, Hang::Middle, ink::TEXT)?;
            }
        }
        sheet.words_px(
            "rep",
            (WIDTH_PX / 2.0 + 13.0, sheet.foot_px() + 28.0),
            Hang::Middle,
            ink::TEXT,
        )
    })
}

fn dot(sheet: &Canvas, rep: &Rep, x: f64, size: f64) -> Result<()> {
    let tone = colour(rep.verdict);
    // an arched rep is judged by its least flexion, so that is its dot
    let shown = match rep.direction {
        Some(crate::session::Direction::Arched) => rep.min_lumbar_flexion_deg,
        _ => rep.peak_lumbar_flexion_deg,
    };
    let Some(peak) = shown.map(|f| f.degrees()) else {
        // not measured: a mark at any height would look like a measurement
        let at = (sheet.place((x, 0.0)).0, sheet.foot_px() - 30.0);
        return sheet.words_px("?", at, Hang::Middle, tone);
    };
    let half = rep
        .peak_lumbar_flexion_sd_deg
        .map_or(0.0, |sd| words::interval(sd).degrees());
    sheet.line(&[(x, peak - half), (x, peak + half)], tone, 2.0 * size)?;
    mark(sheet, rep.verdict, sheet.place((x, peak)), size)
}

/// Circle held, triangle left neutral, square close, dash can't tell.
pub(super) fn mark(sheet: &Canvas, verdict: Verdict, (x, y): (f64, f64), size: f64) -> Result<()> {
    let tone = colour(verdict);
    let shape = |corners: &[(f64, f64)]| {
        let moved: Vec<_> = corners
            .iter()
            .map(|c| (x + size * c.0, y + size * c.1))
            .collect();
        sheet.shape_px(&moved, tone)
    };
    match verdict {
        Verdict::Held => sheet.disc_px((x, y), 5.0 * size, tone),
        Verdict::LeftNeutral => shape(&[(0.0, -7.0), (6.5, 5.0), (-6.5, 5.0)]),
        Verdict::Close => shape(&[(-5.0, -5.0), (5.0, -5.0), (5.0, 5.0), (-5.0, 5.0)]),
        Verdict::CannotTell => shape(&[(-6.0, -1.5), (6.0, -1.5), (6.0, 1.5), (-6.0, 1.5)]),
    }
}

/// Every rep over its phase: 0 % the start, 50 % the turn, 100 % the end.
pub fn over_phase(report: &SessionReport) -> Result<String> {
    let range = scale(report);
    canvas::svg(HEIGHT_PX, (0.0, 100.0), range, |sheet| {
        flexion_axis(sheet, range, &limits::of_lift(report))?;
        for rep in quiet_first(report) {
            let series = frames_of(report, rep)
                .map(|p| Some((rep.phase(p.time_s), p.lumbar_flexion_deg?.degrees())));
            for piece in pieces(series) {
                sheet.line(&piece, colour(rep.verdict), width(rep))?;
            }
        }
        axis_words(sheet, range)?;
        let (ends, middle) = if words::pulls_first(report.lift.kind) {
            ("floor", "lockout")
        } else {
            ("standing", "bottom")
        };
        let foot = sheet.foot_px() + 10.0;
        sheet.words_px(
            ends,
            (sheet.place((0.0, 0.0)).0, foot),
            Hang::Right,
            ink::TEXT,
        )?;
        sheet.words_px(
            middle,
            (sheet.place((50.0, 0.0)).0, foot),
            Hang::Middle,
            ink::TEXT,
        )?;
        sheet.words_px(
            ends,
            (sheet.place((100.0, 0.0)).0, foot),
            Hang::Left,
            ink::TEXT,
        )?;
        sheet.words_px(
            "through the rep",
            (sheet.place((50.0, 0.0)).0, foot + 18.0),
            Hang::Middle,
            ink::TEXT,
        )
    })
}

/// Flagged reps are drawn bolder.
pub fn width(rep: &Rep) -> f64 {
    if matches!(rep.verdict, Verdict::LeftNeutral | Verdict::Close) {
        2.2
    } else {
        1.3
    }
}

/// Held reps first, so that flagged ones lie on top.
pub fn quiet_first(report: &SessionReport) -> Vec<&Rep> {
    let mut reps: Vec<&Rep> = report.reps.iter().collect();
    reps.sort_by_key(|r| match r.verdict {
        Verdict::CannotTell => 0,
        Verdict::Held => 1,
        Verdict::Close => 2,
        Verdict::LeftNeutral => 3,
    });
    reps
}
