//! The ramp over the weeks: small plots under each other on one time axis, for the height or depth, the flexion, the load
//! and the discomfort of each session. A plot that nobody gave a number for is left out.

use super::canvas::{self, Canvas, Hang, ink};
use super::set::mark;
use super::{USUAL_SCALE, colour};
use crate::day::Day;
use crate::diary::{Discomfort, Milestone};
use crate::error::Result;
use crate::report::words;
use crate::session::LiftKind;

/// Heights of the parts of the sheet, shown pixels.
const NAME_PX: f64 = 20.0;
const TALL_PX: f64 = 130.0;
const SMALL_PX: f64 = 64.0;
const GAP_PX: f64 = 12.0;
const FOOT_PX: f64 = 24.0;
/// The axis shows at least so many days, so that two sessions do not stand at its ends.
const FEWEST_DAYS: f64 = 14.0;
/// Share of a day over which the sets of one day are spread.
const SPREAD_DAYS: f64 = 0.7;
/// Steps between two dates of the axis, days, and how many dates fit side by side.
const STEPS_DAYS: [i64; 10] = [1, 2, 7, 14, 28, 56, 91, 182, 364, 1820];
const MOST_DATES: f64 = 5.0;

/// Where a session stands on the time axis, days since 1970-01-01.
struct Across<'a> {
    at: f64,
    session: &'a Milestone,
}

impl<'a> Across<'a> {
    /// The sessions, oldest first; those of one day stand side by side.
    fn spread(sessions: &'a [Milestone]) -> Vec<Self> {
        let same_day = sessions.chunk_by(|a, b| a.day == b.day);
        same_day
            .flat_map(|sets| {
                let count = sets.len() as f64;
                sets.iter().enumerate().map(move |(i, session)| Across {
                    at: session.day.number() as f64
                        + SPREAD_DAYS * ((i as f64 + 0.5) / count - 0.5) * f64::from(count > 1.0),
                    session,
                })
            })
            .collect()
    }
}

/// One of the small plots.
struct Panel {
    name: &'static str,
    range: (f64, f64),
    height_px: f64,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Height,
    Depth,
    PastNeutral,
    Flexion,
    Load,
    Discomfort,
}

/// The stacked plots of the sessions of one lifter and this lift, oldest first; `None` without any session.
pub fn weeks(sessions: &[Milestone], lift: LiftKind) -> Result<Option<String>> {
    let sessions = &Across::spread(sessions)[..];
    let (Some(first), Some(last)) = (sessions.first(), sessions.last()) else {
        return Ok(None);
    };
    let pad = ((last.at - first.at) * 0.04).max((FEWEST_DAYS - (last.at - first.at)) / 2.0);
    let across = (first.at - pad.max(0.5), last.at + pad.max(0.5));
    let panels = panels(sessions, lift);
    let height = panels
        .iter()
        .map(|p| NAME_PX + p.height_px + GAP_PX)
        .sum::<f64>()
        + FOOT_PX;
    let drawn = canvas::svg(height, across, (0.0, 1.0), |sheet| {
        let mut top = 0.0;
        for panel in &panels {
            let from = top + NAME_PX;
            let part = sheet.panel((from, from + panel.height_px), panel.range);
            draw(&part, panel, sessions)?;
            part.words_px(
                panel.name,
                (canvas::LEFT_PX, top + NAME_PX / 2.0),
                Hang::Right,
                ink::TEXT,
            )?;
            top = from + panel.height_px + GAP_PX;
        }
        for day in dates(across) {
            let text = date(day, across);
            // the last date stays on the sheet
            let room = canvas::WIDTH_PX - canvas::wide_px(&text) / 2.0;
            let x = sheet.place((day.number() as f64, 0.0)).0.min(room);
            sheet.words_px(&text, (x, height - FOOT_PX / 2.0), Hang::Middle, ink::TEXT)?;
        }
        Ok(())
    })?;
    Ok(Some(drawn))
}

fn panels(sessions: &[Across], lift: LiftKind) -> Vec<Panel> {
    let panel = |name, range, height_px, kind| Panel {
        name,
        range,
        height_px,
        kind,
    };
    let mut panels = Vec::new();
    let blocks = |s: &Across| s.session.block_height_cm.is_some();
    if let Some((low, high)) = span(sessions, Kind::Height) {
        // blocks end at the floor; a seat is never down there
        let (name, foot) = if sessions.iter().any(blocks) {
            ("height of the blocks, cm", 0.0)
        } else {
            ("seat height, cm", step_down(low, 10.0))
        };
        panels.push(panel(
            name,
            (foot, step_up(high, 10.0)),
            SMALL_PX,
            Kind::Height,
        ));
    } else if let Some((_, high)) =
        span(sessions, Kind::Depth).filter(|_| !words::pulls_first(lift))
    {
        let name = "depth, % of the thigh (deeper ↓)";
        let deep = step_up(high, 20.0).max(100.0);
        panels.push(panel(name, (deep, 0.0), SMALL_PX, Kind::Depth));
    }
    if let Some((_, most)) = span(sessions, Kind::PastNeutral) {
        let name = "beyond your neutral depth, % of the thigh";
        let range = (0.0, step_up(most, 20.0));
        panels.push(panel(name, range, SMALL_PX, Kind::PastNeutral));
    }
    let name = "most rounded (bars: ±, dashes: limit)";
    panels.push(panel(name, flexion_range(sessions), TALL_PX, Kind::Flexion));
    if let Some((low, high)) = span(sessions, Kind::Load) {
        let range = (step_down(low, 20.0), step_up(high, 20.0));
        panels.push(panel("load, kg", range, SMALL_PX, Kind::Load));
    }
    if span(sessions, Kind::Discomfort).is_some() {
        let name = "discomfort, 0–10 (bar: least to most)";
        panels.push(panel(name, (0.0, 10.0), SMALL_PX, Kind::Discomfort));
    }
    panels
}

/// Least and greatest number of a plot; `None` when nobody gave one.
fn span(sessions: &[Across], kind: Kind) -> Option<(f64, f64)> {
    let values = sessions.iter().filter_map(|s| value(s.session, kind));
    values.fold(None, |span, v| {
        let (low, high) = span.unwrap_or((v, v));
        Some((f64::min(low, v), f64::max(high, v)))
    })
}

/// The next step above, with room for the mark.
fn step_up(value: f64, step: f64) -> f64 {
    (value / step + 0.1).ceil() * step
}

/// The next step below, with room for the mark, but never under 0.
fn step_down(value: f64, step: f64) -> f64 {
    ((value / step - 0.1).floor() * step).max(0.0)
}

fn flexion_range(sessions: &[Across]) -> (f64, f64) {
    let upper = |s: &Across| {
        let sd = s.session.peak_lumbar_flexion_sd_deg.unwrap_or_default();
        Some(s.session.peak_lumbar_flexion_deg? + words::interval(sd))
    };
    let peaks = sessions.iter().filter_map(upper);
    let limits = sessions.iter().map(|s| s.session.leave_deg);
    peaks
        .chain(limits)
        .fold((0.0, USUAL_SCALE.1), |(low, high), a| {
            let (down, up) = (a.degrees() / 10.0, a.degrees() / 10.0);
            (
                f64::min(low, down.floor() * 10.0).max(-60.0),
                f64::max(high, up.ceil() * 10.0).min(110.0),
            )
        })
}

/// The number that a plot shows of a session.
fn value(session: &Milestone, kind: Kind) -> Option<f64> {
    match kind {
        Kind::Height => session.height_cm(),
        Kind::Depth => session.depth.map(|d| d * 100.0),
        Kind::PastNeutral => session.past_neutral.map(|d| d * 100.0),
        Kind::Flexion => session.peak_lumbar_flexion_deg.map(|a| a.degrees()),
        Kind::Load => session.load_kg,
        Kind::Discomfort => session.discomfort.worst().map(f64::from),
    }
}

fn draw(sheet: &Canvas, panel: &Panel, sessions: &[Across]) -> Result<()> {
    if panel.kind == Kind::Flexion {
        bands(sheet, sessions)?;
    }
    grid(sheet, panel)?;
    if panel.kind == Kind::Flexion {
        limits(sheet, sessions)?;
    } else if panel.kind != Kind::Discomfort {
        let path = |s: &Across| Some((s.at, value(s.session, panel.kind)?));
        let path: Vec<_> = sessions.iter().filter_map(path).collect();
        sheet.line(&path, ink::ZERO, 1.0)?;
    }
    for session in sessions {
        let Some(y) = value(session.session, panel.kind) else {
            continue;
        };
        let at = (session.at, y);
        match panel.kind {
            Kind::Flexion => flexion(sheet, session, at)?,
            Kind::Discomfort => discomfort(sheet, session, at)?,
            _ => sheet.disc_px(sheet.place(at), 3.2, ink::TEXT)?,
        }
    }
    Ok(())
}

/// The days of the axis as upright lines; the foot, the top and, in the tall plot, each 20° as level ones.
fn grid(sheet: &Canvas, panel: &Panel) -> Result<()> {
    let (left, right) = sheet.span();
    let (from, to) = panel.range;
    for day in dates((left, right)) {
        let x = day.number() as f64;
        sheet.line(&[(x, from), (x, to)], ink::LINE, 0.7)?;
    }
    let ticks: Vec<f64> = match panel.kind {
        Kind::Flexion => {
            let low = (from / 20.0).ceil() as i64;
            (low..=(to / 20.0) as i64)
                .map(|t| t as f64 * 20.0)
                .collect()
        }
        _ => vec![from, (from + to) / 2.0, to],
    };
    for tick in ticks {
        let tone = if tick == 0.0 { ink::ZERO } else { ink::LINE };
        sheet.line(&[(left, tick), (right, tick)], tone, 0.8)?;
        let sign = if tick < 0.0 { "−" } else { "" };
        let unit = if panel.kind == Kind::Flexion {
            "°"
        } else {
            ""
        };
        let text = match (panel.kind, tick == 0.0) {
            (Kind::Height | Kind::PastNeutral, true) => "0".into(),
            _ => format!("{sign}{}{unit}", crate::units::rounded(tick.abs(), 10.0)),
        };
        sheet.words(&text, (left, tick), (-5.0, 0.0), Hang::Left)?;
    }
    Ok(())
}

/// Stretches of the axis with the same limits: from, to, watch, leave.
fn stretches(sheet: &Canvas, sessions: &[Across]) -> Vec<(f64, f64, f64, f64)> {
    let (left, right) = sheet.span();
    let limits = |s: &Across| {
        let measured = s.session;
        (measured.watch_deg.degrees(), measured.leave_deg.degrees())
    };
    let mut all: Vec<(f64, f64, f64, f64)> = Vec::new();
    for (i, session) in sessions.iter().enumerate() {
        let (watch, leave) = limits(session);
        let from = match i {
            0 => left,
            _ => (sessions[i - 1].at + session.at) / 2.0,
        };
        match all.last_mut() {
            Some(last) if (last.2, last.3) == (watch, leave) => {}
            Some(last) => {
                last.1 = from;
                all.push((from, right, watch, leave));
            }
            None => all.push((from, right, watch, leave)),
        }
    }
    all
}

fn bands(sheet: &Canvas, sessions: &[Across]) -> Result<()> {
    for (from, to, watch, leave) in stretches(sheet, sessions) {
        let stripe = |low: f64, high: f64| [(from, low), (to, low), (to, high), (from, high)];
        sheet.area(&stripe(-60.0, watch), ink::BAND, 1.0)?;
        sheet.area(&stripe(watch, leave), ink::WATCH, 1.0)?;
    }
    Ok(())
}

fn limits(sheet: &Canvas, sessions: &[Across]) -> Result<()> {
    for (from, to, _, leave) in stretches(sheet, sessions) {
        sheet.dashes((from, leave), (to, leave), ink::LEFT)?;
    }
    Ok(())
}

fn flexion(sheet: &Canvas, session: &Across, at: (f64, f64)) -> Result<()> {
    let measured = session.session;
    let verdict = measured.verdict();
    if let Some(sd) = measured.peak_lumbar_flexion_sd_deg {
        let half = words::interval(sd).degrees();
        let bar = [(at.0, at.1 - half), (at.0, at.1 + half)];
        sheet.line(&bar, colour(verdict), 1.6)?;
    }
    mark(sheet, verdict, sheet.place(at), 1.0)
}

fn discomfort(sheet: &Canvas, session: &Across, worst: (f64, f64)) -> Result<()> {
    let Discomfort {
        before,
        during,
        after,
        next_morning,
    } = session.session.discomfort;
    let said = [before, during, after, next_morning].into_iter().flatten();
    if let Some(least) = said.min().map(f64::from).filter(|l| *l < worst.1) {
        sheet.line(&[(worst.0, least), worst], ink::TEXT, 1.6)?;
    }
    sheet.disc_px(sheet.place(worst), 3.2, ink::TEXT)
}

/// The days that the axis names: Mondays as soon as there is more than a week or two to show.
fn dates((from, to): (f64, f64)) -> Vec<Day> {
    let length = to - from;
    let step = STEPS_DAYS
        .into_iter()
        .find(|s| length / *s as f64 <= MOST_DATES)
        .unwrap_or((length / MOST_DATES) as i64 + 1);
    let mut first = from.ceil() as i64;
    while step >= 7 && !Day::from_number(first).starts_week() {
        first += 1;
    }
    let count = ((to - first as f64) / step as f64).floor() as i64;
    (0..=count)
        .map(|i| Day::from_number(first + i * step))
        .collect()
}

/// As short as the length of the axis allows.
fn date(day: Day, (from, to): (f64, f64)) -> String {
    if to - from > 400.0 {
        day.month()
    } else {
        day.short()
    }
}
