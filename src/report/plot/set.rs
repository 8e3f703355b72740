//! The plots of the whole set: a dot and interval per rep, all reps over their phase, and the key plot, flexion against
//! depth (squats) or bar height (pulls): where does the back leave?

use super::canvas::{self, Canvas, Hang, WIDTH_PX, ink};
use super::{HEIGHT_PX, axis_words, colour, flexion_axis, frames_of, pieces, scale};
use crate::error::Result;
use crate::report::{limits, words};
use crate::session::{Rep, SessionReport, TrackPoint, Verdict};

/// Peak flexion of each rep with its 80 % interval, marked by the shape of its verdict.
pub fn dots(report: &SessionReport) -> Result<String> {
    let range = scale(report);
    let across = (0.4, report.reps.len() as f64 + 0.6);
    canvas::svg(HEIGHT_PX, across, range, |sheet| {
        flexion_axis(sheet, range, &limits::of_lift(report))?;
        axis_words(sheet, range)?;
        let every = report.reps.len().div_ceil(14);
        for rep in &report.reps {
            let x = f64::from(rep.number);
            dot(sheet, rep, x)?;
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

fn dot(sheet: &Canvas, rep: &Rep, x: f64) -> Result<()> {
    let tone = colour(rep.verdict);
    // an arched rep is judged by its least flexion, so that is its dot
    let shown = match rep.direction {
        Some(crate::session::Direction::Arched) => rep.min_lumbar_flexion_deg,
        _ => rep.peak_lumbar_flexion_deg,
    };
    let Some(peak) = shown.map(|f| f.degrees()) else {
        return mark(sheet, rep.verdict, sheet.place((x, 0.0)));
    };
    let half = rep
        .peak_lumbar_flexion_sd_deg
        .map_or(0.0, |sd| words::interval(sd).degrees());
    sheet.line(&[(x, peak - half), (x, peak + half)], tone, 2.0)?;
    mark(sheet, rep.verdict, sheet.place((x, peak)))
}

/// Circle held, triangle left neutral, square close, dash can't tell.
pub(super) fn mark(sheet: &Canvas, verdict: Verdict, (x, y): (f64, f64)) -> Result<()> {
    let tone = colour(verdict);
    match verdict {
        Verdict::Held => sheet.disc_px((x, y), 5.0, tone),
        Verdict::LeftNeutral => sheet.shape_px(
            &[(x, y - 7.0), (x + 6.5, y + 5.0), (x - 6.5, y + 5.0)],
            tone,
        ),
        Verdict::Close => sheet.shape_px(
            &[
                (x - 5.0, y - 5.0),
                (x + 5.0, y - 5.0),
                (x + 5.0, y + 5.0),
                (x - 5.0, y + 5.0),
            ],
            tone,
        ),
        Verdict::CannotTell => sheet.shape_px(
            &[
                (x - 6.0, y - 1.5),
                (x + 6.0, y - 1.5),
                (x + 6.0, y + 1.5),
                (x - 6.0, y + 1.5),
            ],
            tone,
        ),
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

/// Where does it leave? The loaded way that sets the back (down in a squat, up in a pull), bold for flagged reps.
pub fn against_depth(report: &SessionReport) -> Result<Option<String>> {
    let pulls = words::pulls_first(report.lift.kind);
    let across = |p: &TrackPoint| if pulls { p.wrist_height } else { p.depth };
    let values = || {
        report
            .reps
            .iter()
            .flat_map(|r| frames_of(report, r))
            .filter(|p| p.lumbar_flexion_deg.is_some())
            .filter_map(across)
    };
    let (low, high) = values().fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| {
        (l.min(v), h.max(v))
    });
    if !(high - low).is_finite() || high - low < 0.05 {
        return Ok(None);
    }
    let range = scale(report);
    let drawn = canvas::svg(HEIGHT_PX, (low, high), range, |sheet| {
        flexion_axis(sheet, range, &limits::of_lift(report))?;
        for rep in quiet_first(report) {
            let way = frames_of(report, rep).filter(|p| p.time_s <= rep.turn_s);
            for piece in pieces(way.map(|p| Some((across(p)?, p.lumbar_flexion_deg?.degrees())))) {
                sheet.line(&piece, colour(rep.verdict), width(rep))?;
            }
        }
        leavings(sheet, report, &across)?;
        axis_words(sheet, range)?;
        depth_axis(sheet, pulls)
    })?;
    Ok(Some(drawn))
}

/// Radius of the numbered markers as shown.
const MARKER_PX: f64 = 8.5;

/// A marker with the rep's number where each rep first passed the watch limit; one that would cover another moves aside,
/// and is left out where there is no room (the words below the plot name all reps).
fn leavings(
    sheet: &Canvas,
    report: &SessionReport,
    across: &dyn Fn(&TrackPoint) -> Option<f64>,
) -> Result<()> {
    let mut taken: Vec<(f64, f64)> = Vec::new();
    let last_px = sheet.place((sheet.span().1, 0.0)).0;
    for rep in report
        .reps
        .iter()
        .filter(|r| r.verdict != Verdict::CannotTell)
    {
        let Some(place) = leaving(report, rep, across) else {
            continue;
        };
        let (mut x, y) = sheet.place(place);
        while taken
            .iter()
            .any(|t| (t.0 - x).hypot(t.1 - y) < 2.0 * MARKER_PX)
        {
            x += 2.0 * MARKER_PX;
        }
        if x > last_px {
            continue;
        }
        taken.push((x, y));
        sheet.disc_px((x, y), MARKER_PX, colour(rep.verdict))?;
        sheet.words_px(
            &rep.number.to_string(),
            (x, y),
            Hang::Middle,
            plotters::style::WHITE,
        )?;
    }
    Ok(())
}

/// Depth or bar height, and flexion, at the onset of the rep.
fn leaving(
    report: &SessionReport,
    rep: &Rep,
    across: &dyn Fn(&TrackPoint) -> Option<f64>,
) -> Option<(f64, f64)> {
    let onset = rep.onset_time_s?.get();
    let seen = frames_of(report, rep).filter_map(|p| {
        Some((
            (p.time_s.get() - onset).abs(),
            across(p)?,
            p.lumbar_flexion_deg?,
        ))
    });
    seen.min_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, x, flexion)| (x, flexion.degrees()))
}

fn depth_axis(sheet: &Canvas, pulls: bool) -> Result<()> {
    let (left, right) = sheet.span();
    let foot = sheet.foot_px() + 10.0;
    let (from, to) = if pulls {
        ("floor", "lockout")
    } else {
        ("standing", "deepest")
    };
    let name = if pulls { "bar height →" } else { "depth →" };
    sheet.words_px(
        from,
        (sheet.place((left, 0.0)).0, foot),
        Hang::Right,
        ink::TEXT,
    )?;
    sheet.words_px(
        to,
        (sheet.place((right, 0.0)).0, foot),
        Hang::Left,
        ink::TEXT,
    )?;
    sheet.words_px(
        name,
        (sheet.place(((left + right) / 2.0, 0.0)).0, foot + 18.0),
        Hang::Middle,
        ink::TEXT,
    )
}

fn width(rep: &Rep) -> f64 {
    if matches!(rep.verdict, Verdict::LeftNeutral | Verdict::Close) {
        2.2
    } else {
        1.3
    }
}

/// Held reps first, so that flagged ones lie on top.
fn quiet_first(report: &SessionReport) -> Vec<&Rep> {
    let mut reps: Vec<&Rep> = report.reps.iter().collect();
    reps.sort_by_key(|r| match r.verdict {
        Verdict::CannotTell => 0,
        Verdict::Held => 1,
        Verdict::Close => 2,
        Verdict::LeftNeutral => 3,
    });
    reps
}
