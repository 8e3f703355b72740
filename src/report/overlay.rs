//! What is drawn over a video at each moment: back line, bones, the angle against its band, rep and verdict.

use crate::recording::{Frame, Recording};
use crate::report::{limits, words};
use crate::science::{DrawnBack, back_lines};
use crate::session::{Rep, SessionReport, TrackPoint, Verdict};
use crate::skeleton::BONES;
use crate::units::{Angle, Point, Seconds};

/// A frame that was looked at speaks for this long before and after: frames between two of them are drawn like the nearer.
const SPEAKS_S: f64 = 0.06;
/// A joint that is surer than this is drawn.
const SEEN: f64 = 0.5;

/// One moment. Points are upright image pixels.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Overlay {
    /// The back line, when the back was seen.
    pub back: Option<DrawnBack>,
    /// Bones between joints that were seen.
    pub bones: Vec<(Point, Point)>,
    /// The rep that is going on, or the last one that ended.
    pub rep: Option<(u32, Verdict)>,
    /// Lumbar flexion; `None` where it was not measured, or not surely enough to judge by, and in a rep that could not be
    /// judged.
    pub angle: Option<Angle>,
    /// The words beside the gauge: `24° ±4°`, or nothing.
    pub said: String,
}

/// The scale that the angle is shown on: where the answers change.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gauge {
    /// Left end.
    pub low: Angle,
    /// Arched: left neutral below this.
    pub arch_leave: Angle,
    /// Arched: watched below this.
    pub arch_watch: Angle,
    /// Rounded: watched above this.
    pub watch: Angle,
    /// Rounded: left neutral above this.
    pub leave: Angle,
    /// Right end.
    pub high: Angle,
}

/// The words of a verdict, for a drawing.
pub fn word(verdict: Verdict) -> &'static str {
    words::verdict(verdict)
}

/// Everything that is drawn over a clip.
pub struct Reel<'a> {
    report: &'a SessionReport,
    frames: &'a [Frame],
    backs: Vec<Option<DrawnBack>>,
}

impl<'a> Reel<'a> {
    /// `recording` is the one that `report` was made from.
    pub fn new(report: &'a SessionReport, recording: &'a Recording) -> Self {
        Reel {
            report,
            frames: &recording.frames,
            backs: back_lines(recording),
        }
    }

    /// The gauge: as far as any angle of the clip goes, and at least past the limits.
    pub fn gauge(&self) -> Gauge {
        let band = limits::of_lift(self.report);
        let known = self
            .report
            .track
            .iter()
            .filter_map(|p| p.lumbar_flexion_deg);
        let most = known.fold(band.leave, |a, b| if b > a { b } else { a });
        Gauge {
            low: band.arch_leave - Angle::from_degrees(10.0),
            arch_leave: band.arch_leave,
            arch_watch: band.arch_watch,
            watch: band.watch,
            leave: band.leave,
            high: most + Angle::from_degrees(10.0),
        }
    }

    /// What is drawn at `time`.
    pub fn at(&self, time: Seconds) -> Overlay {
        let rep = self.rep(time);
        let mut overlay = Overlay {
            rep: rep.map(|r| (r.number, r.verdict)),
            ..Overlay::default()
        };
        if let Some(i) = nearest(self.frames, time, |f| f.time_s) {
            overlay.back = self.backs[i].clone();
            overlay.bones = bones(&self.frames[i]);
        }
        let going_on = rep.filter(|r| time <= r.end_s);
        let judged = going_on.is_none_or(|r| r.verdict != Verdict::CannotTell);
        let sure = |sd: Angle| sd <= self.report.settings.max_sd_deg;
        let point = nearest(&self.report.track, time, |p| p.time_s).filter(|_| judged);
        let point = point.map(|i| &self.report.track[i]);
        if let Some(point) = point.filter(|p| p.lumbar_flexion_sd_deg.is_some_and(sure)) {
            overlay.angle = point.lumbar_flexion_deg;
            overlay.said = said(point);
        }
        overlay
    }

    fn rep(&self, time: Seconds) -> Option<&Rep> {
        self.report.reps.iter().rev().find(|r| r.start_s <= time)
    }
}

fn said(point: &TrackPoint) -> String {
    match point.lumbar_flexion_deg {
        Some(angle) => words::with_interval(Some(angle), point.lumbar_flexion_sd_deg),
        None => String::new(),
    }
}

fn bones(frame: &Frame) -> Vec<(Point, Point)> {
    let Some(person) = &frame.person else {
        return Vec::new();
    };
    let ends = BONES
        .iter()
        .map(|(a, b)| (person.landmark(*a), person.landmark(*b)));
    ends.filter(|(a, b)| a.visibility > SEEN && b.visibility > SEEN)
        .map(|(a, b)| (a.at, b.at))
        .collect()
}

/// Index of the item nearest to `time`, when it is near enough to speak for it; `items` are in the order of time.
fn nearest<T>(items: &[T], time: Seconds, of: impl Fn(&T) -> Seconds) -> Option<usize> {
    let after = items.partition_point(|item| of(item) < time);
    let off = |i: &usize| (of(&items[*i]) - time).get().abs();
    let around = [after.checked_sub(1), Some(after)].into_iter().flatten();
    around
        .filter(|i| *i < items.len())
        .min_by(|a, b| off(a).total_cmp(&off(b)))
        .filter(|i| off(i) <= SPEAKS_S)
}
