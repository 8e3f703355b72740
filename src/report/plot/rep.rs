//! Flexion over time of one rep, with its interval, the band, and the movement's phases.

use super::canvas::{self, Canvas, Hang, TOP_PX, ink};
use super::{HEIGHT_PX, axis_words, colour, flexion_axis, pieces, scale};
use crate::error::Result;
use crate::report::{limits, words};
use crate::session::{Rep, SessionReport, TrackPoint};

/// Shown before and after the rep, seconds.
pub const MARGIN_S: f64 = 0.4;

/// From and to when the plot runs, on the clip's clock.
pub fn window(rep: &Rep) -> (f64, f64) {
    (rep.start_s.get() - MARGIN_S, rep.end_s.get() + MARGIN_S)
}

/// The frames the plot shows.
pub fn shown<'a>(report: &'a SessionReport, rep: &Rep) -> impl Iterator<Item = &'a TrackPoint> {
    let (from, to) = window(rep);
    report
        .track
        .iter()
        .filter(move |p| (from..=to).contains(&p.time_s.get()))
}

/// The plot.
pub fn over_time(report: &SessionReport, rep: &Rep) -> Result<String> {
    let range = scale(report);
    canvas::svg(HEIGHT_PX, window(rep), range, |sheet| {
        flexion_axis(sheet, range, &limits::of_rep(report, rep))?;
        phases(sheet, range, report, rep)?;
        interval(sheet, report, rep)?;
        let series =
            shown(report, rep).map(|p| p.lumbar_flexion_deg.map(|f| (p.time_s.get(), f.degrees())));
        for piece in pieces(series) {
            sheet.line(&piece, colour(rep.verdict), 2.4)?;
        }
        axis_words(sheet, range)?;
        time_axis(sheet, rep)
    })
}

/// The 80 % interval about the curve.
fn interval(sheet: &Canvas, report: &SessionReport, rep: &Rep) -> Result<()> {
    let edge = |side: f64| {
        pieces(shown(report, rep).map(move |p| {
            let half = words::interval(p.lumbar_flexion_sd_deg?).degrees();
            p.lumbar_flexion_deg
                .map(|f| (p.time_s.get(), f.degrees() + side * half))
        }))
    };
    for (upper, lower) in edge(1.0).into_iter().zip(edge(-1.0)) {
        let ring: Vec<_> = upper.into_iter().chain(lower.into_iter().rev()).collect();
        sheet.area(&ring, colour(rep.verdict), 0.2)?;
    }
    Ok(())
}

/// Upright lines at the ends of the phases, and their names above.
fn phases(sheet: &Canvas, range: (f64, f64), report: &SessionReport, rep: &Rep) -> Result<()> {
    for (name, from, to) in parts(report, rep) {
        for x in [from, to] {
            sheet.line(&[(x, range.0), (x, range.1)], ink::LINE, 1.0)?;
        }
        let (left, right) = (sheet.place((from, 0.0)).0, sheet.place((to, 0.0)).0);
        // a word needs its own width, about 7 px a letter
        if right - left > 7.0 * name.len() as f64 {
            sheet.words_px(
                name,
                ((left + right) / 2.0, TOP_PX - 10.0),
                Hang::Middle,
                ink::TEXT,
            )?;
        }
    }
    Ok(())
}

/// Name, from and to of each phase that the clip shows.
fn parts(report: &SessionReport, rep: &Rep) -> Vec<(&'static str, f64, f64)> {
    let (start, turn, end) = (rep.start_s.get(), rep.turn_s.get(), rep.end_s.get());
    let pause = rep.tempo.pause_s.map_or(0.0, |p| p.get());
    let pulls = words::pulls_first(report.lift.kind);
    let first = if pulls {
        rep.tempo.up_s
    } else {
        rep.tempo.down_s
    }
    .map_or(turn - start, |t| t.get());
    let still_from = (start + first).min(end);
    let still_to = (still_from + pause).max(still_from).min(end);
    let (one, two) = if pulls {
        ("up", "down")
    } else {
        ("down", "up")
    };
    vec![
        (one, start, still_from),
        ("pause", still_from, still_to),
        (two, still_to, end),
    ]
}

fn time_axis(sheet: &Canvas, rep: &Rep) -> Result<()> {
    let length = rep.end_s.get() - rep.start_s.get();
    let step = [0.5, 1.0, 2.0, 5.0, 10.0, 30.0]
        .into_iter()
        .find(|s| length / s <= 5.0)
        .unwrap_or(60.0);
    let mut after = 0.0;
    while after <= length + MARGIN_S {
        let x = sheet.place((rep.start_s.get() + after, 0.0)).0;
        let text = if step < 1.0 {
            format!("{after:.1}")
        } else {
            format!("{after:.0}")
        };
        sheet.words_px(&text, (x, sheet.foot_px() + 10.0), Hang::Middle, ink::TEXT)?;
        after += step;
    }
    let middle =
        (sheet.place((sheet.span().0, 0.0)).0 + sheet.place((sheet.span().1, 0.0)).0) / 2.0;
    sheet.words_px(
        "seconds into the rep",
        (middle, sheet.foot_px() + 28.0),
        Hang::Middle,
        ink::TEXT,
    )
}
