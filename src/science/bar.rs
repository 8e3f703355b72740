//! How high the bar is, from the plate that was followed: in the plate's own plane, so without a guess at the lens.
//!
//! Takes the places of the plates that were followed; picks the one at the near end of the lifter's bar, and gives its height
//! for each frame above the lowest of the clip.

mod places;

pub use places::in_frames;

use super::body::{Body, Part};
use super::filter::{interpolated, median, percentile, range, smooth};
use super::plate::is_same;
use super::posture::Posture;
use crate::recording::{PlatePlace, PlateSighting};
use crate::session::{Scale, Side, TrackPoint};
use crate::units::rounded;
use places::{bridged, height_px, is_far_end, lifts, lost_s, plates};

/// Where the plate moves by another share of what the shoulders do, one of the two was mistaken: a plate of the rack stands
/// still, and a plate over the shoulders draws their landmarks along.
pub const OF_SHOULDERS: std::ops::Range<f64> = 0.5..1.6;
/// … unless their ups and downs agree as well as this (Pearson's r): then it is the bar, however the camera stretches the one
/// or the other.
const SURE_CORRELATION: f64 = 0.9;
/// A bar on the back goes up and down as the shoulders do (Pearson's r).
const LEAST_CORRELATION: f64 = 0.8;
/// A bar moves when it goes this far, thigh lengths …
const MOVES: f64 = 0.08;
/// … within this time,
const MOVES_WITHIN_S: f64 = 0.3;
/// and something goes along with it when it goes this share of the way in the same direction.
const GOES_ALONG: f64 = 0.25;
/// Whatever the shoulders do, a plate is the lifter's when it goes this far up and down, plate heights: in rendered lifts the bar's
/// plates that were followed throughout have 0.71 and more, other things up to 0.6; a camera that pans or shakes moves a plate of
/// the room by up to 0.5.
const LIFTS: f64 = 0.7;
/// A bar is the lifter's when the shoulders go along in this share of the moments in which it moves: in rendered lifts they do
/// in 0.78 and more.
const LEAST_ALONG: f64 = 0.6;
/// … and it is never put down when it goes along in this share of those in which the shoulders move: RDLs have 0.83 and more,
/// pulls from the floor, where the shoulders come down to it, 0.44 to 0.78.
const NEVER_PUT_DOWN: f64 = 0.8;
/// … and it is surely put down below this share.
const SURELY_PUT_DOWN: f64 = 0.75;
/// A bar in the hands alone tells the reps when it was followed in this share of the frames.
const NEARLY_ALWAYS: f64 = 0.8;
/// … and was never lost for longer than this: half a rep could be in it.
const LOST_S: f64 = 1.0;
/// A plate that is followed in a smaller share of the frames does not tell the reps.
const LEAST_FOLLOWED: f64 = 0.6;
/// A plate that was followed for this share of the time of another is as good.
const AS_LONG: f64 = 0.6;
/// A bar is in the hands when its plate is this far below the shoulders for half of the clip, trunk lengths: in rendered lifts
/// and real clips pulls have 0.97 and more, bars on the back 0.39 and less.
const BELOW_SHOULDERS: f64 = 0.68;
/// … and on the back when it is no further below them than this.
const AT_SHOULDERS: f64 = 0.45;
/// A bar on the back goes straight down when it goes sideways by less than this share of its way down: in rendered lifts and
/// real clips squats have up to 0.22 (one of 47 followed throughout has 0.29), good mornings 0.29 and more. Past it the knees decide.
const STRAIGHT: f64 = 0.25;
/// Highest and lowest are this share of the bar's way.
const END_OF_WAY: f64 = 0.15;
/// How the bar is when a clip begins and ends is told by this long.
const END_S: f64 = 0.3;
/// Smoothing of the plate's path, as of the joints.
const SMOOTHING_S: f64 = 0.04;
/// Fills `bar_rise_cm` of the frames from the plate's places in them; `plate_mm` is the diameter of the plate.
pub fn fill(track: &mut [TrackPoint], plate: &[Option<PlatePlace>], scale: &Scale, plate_mm: f64) {
    if scale.plate_mm_per_px.is_none() {
        return;
    }
    let followed = || plate.iter().flatten();
    let by_height = |a: &&PlatePlace, b: &&PlatePlace| a.at.y.total_cmp(&b.at.y);
    let Some(lowest) = followed().max_by(by_height) else {
        return;
    };
    for (frame, place) in track.iter_mut().zip(plate) {
        let rise_mm = |p: &PlatePlace| {
            (lowest.at.y - p.at.y) * 2.0 * plate_mm / (lowest.height_px + p.height_px)
        };
        frame.bar_rise_cm = place.as_ref().map(|p| rounded(rise_mm(p) / 10.0, 10.0));
    }
}

/// A bar in the hands, as its plate tells it.
#[derive(Clone, Debug, PartialEq)]
pub struct InHands {
    /// Whether it is put down: not when it is up as the clip begins and ends and always goes along with the shoulders, surely
    /// when these often move without it, or now and then and it lies lowest as the clip begins and ends.
    pub put_down: Option<bool>,
    /// How far it is down in each frame in which it was followed, thigh lengths.
    pub drop: Vec<Option<f64>>,
    /// The same in every frame, where it was followed nearly always.
    pub way: Option<Vec<Option<f64>>>,
}

/// A bar on the back, as its plate tells it.
#[derive(Clone, Debug, PartialEq)]
pub struct OnBack {
    /// How far it is down in every frame, thigh lengths; between and beside the frames in which the plate was followed the body
    /// lends its own. Plates hide head and shoulders, so their landmarks leap where the bar moves evenly.
    pub drop: Vec<Option<f64>>,
    /// It goes straight down, as in a squat.
    pub straight_down: bool,
}

/// The plate of the bar, and how it moves in the frames in which it was followed.
#[derive(Clone, Debug, Default)]
pub struct BarPath {
    /// Where it is in every frame.
    pub plate: Vec<Option<PlatePlace>>,
    /// The same, and between frames in which it was followed.
    bridged: Vec<Option<PlatePlace>>,
    frames: Vec<BarFrame>,
    /// Share of them in which the plate was followed.
    followed: f64,
    /// Longest time for which it was not, seconds.
    lost_s: f64,
    /// Travel of the bar up and down, plate heights.
    lifts: f64,
    /// The same as a share of the shoulders'.
    of_shoulders: Option<f64>,
    /// Pearson's r of bar and shoulders.
    agreement: f64,
    /// Share of the bar's movement in which the shoulders go along.
    shoulders_along: f64,
    /// Share of the shoulders' movement in which the bar goes along.
    bar_along: f64,
    /// It is at the other end of the bar, behind the lifter: it tells how the bar moves, but hides nothing and is no measure.
    is_far_end: bool,
}

/// The bar in one of them.
#[derive(Clone, Debug)]
struct BarFrame {
    index: usize,
    time_s: f64,
    /// Downwards in the picture, thigh lengths.
    bar: f64,
    /// To the right in the picture, thigh lengths.
    sideways: f64,
    /// How far the bar is below the shoulders, trunk lengths.
    below_shoulder: f64,
}

impl BarPath {
    /// Of the plate at the near end of the bar: of those that move with the lifter and were followed about as long as any, the
    /// largest. Nothing is in front of it, but plates at the far end, or in the room, may be seen for longer.
    pub fn of_nearest(places: &[PlatePlace], posture: &Posture, body: &Body, side: Side) -> Self {
        let mut paths: Vec<BarPath> = plates(places)
            .map(|plate| BarPath::new(in_frames(plate, &body.times), posture, body))
            .collect();
        paths.sort_by(|a, b| b.followed.total_cmp(&a.followed));
        let moving = || paths.iter().filter(|p| p.is_moved_by_lifter());
        let least = moving().next().map_or(0.0, |p| AS_LONG * p.followed);
        let height = |path: &BarPath| height_px(&path.plate).unwrap_or_default();
        let long = || moving().filter(|p| p.followed >= least);
        let nearest = long().max_by(|a, b| height(a).total_cmp(&height(b)));
        let nearest = nearest.or(paths.first()).cloned();
        let mut nearest =
            nearest.unwrap_or_else(|| BarPath::new(vec![None; body.len()], posture, body));
        nearest.is_far_end = long().count() == 1 && is_far_end(&nearest.plate, body, side);
        nearest
    }

    /// Of the plate's places in all frames.
    fn new(plate: Vec<Option<PlatePlace>>, posture: &Posture, body: &Body) -> Self {
        let raw: Vec<Option<f64>> = plate.iter().map(|p| p.map(|p| p.at.y)).collect();
        let path = smooth(&body.times, &raw, None, SMOOTHING_S);
        let frame = |index: usize| {
            let y = path[index]?;
            let frame = BarFrame {
                index,
                time_s: body.times[index],
                bar: y / body.thigh_px,
                sideways: plate[index]?.at.x / body.thigh_px,
                below_shoulder: (y - body.at(Part::Shoulder, index)?.y) / body.trunk_px,
            };
            Some((frame, posture.shoulder_drop[index]?))
        };
        let (frames, shoulders): (Vec<BarFrame>, Vec<f64>) =
            (0..plate.len()).filter_map(frame).unzip();
        let bar: Vec<f64> = frames.iter().map(|f| f.bar).collect();
        let times: Vec<f64> = frames.iter().map(|f| f.time_s).collect();
        BarPath {
            shoulders_along: along(&times, &bar, &shoulders),
            bar_along: along(&times, &shoulders, &bar),
            frames,
            lost_s: lost_s(&plate, &body.times),
            followed: plate.iter().flatten().count() as f64 / plate.len() as f64,
            lifts: lifts(&plate).unwrap_or_default(),
            of_shoulders: range(&bar).zip(range(&shoulders)).map(|(a, b)| a / b),
            agreement: correlation(&bar, &shoulders),
            bridged: bridged(&plate, &body.times),
            plate,
            is_far_end: false,
        }
    }

    /// The plate that hides the lifter in frame `i`: not one that hangs in the rack, perhaps behind, and so does not move with
    /// the lifter.
    pub fn hiding(&self, i: usize) -> Option<&PlatePlace> {
        let plate = self.bridged[i].as_ref();
        plate.filter(|_| self.is_moved_by_lifter() && !self.is_far_end)
    }

    /// Those of the sightings that are of this plate; all of them where no plate was followed, none at the far end.
    pub fn sightings(&self, all: &[PlateSighting]) -> Vec<PlateSighting> {
        let height_px = height_px(&self.plate);
        let own = |s: &&PlateSighting| {
            !self.is_far_end && height_px.is_none_or(|own| is_same(s.height_px, own))
        };
        all.iter().filter(own).cloned().collect()
    }

    /// It goes as the shoulders do, or so far up and down by itself that nobody else moves it: shoulders that a plate hides are
    /// not where the landmarks are.
    fn is_moved_by_lifter(&self) -> bool {
        self.goes_up_and_down()
            || self.goes_as_far_as_shoulders() && self.shoulders_along >= LEAST_ALONG
    }

    fn goes_up_and_down(&self) -> bool {
        self.lifts >= LIFTS
    }

    /// The bar in the hands; `None` when the plate was followed too little, does not move with the lifter, or is on the back.
    /// Plates hide legs and hands, so their landmarks may be anywhere.
    pub fn in_hands(&self) -> Option<InHands> {
        if !self.is_long() || !self.is_moved_by_lifter() {
            return None;
        }
        let (top, low) = (self.height_at(0.02)?, self.height_at(0.98)?);
        let end = END_OF_WAY * (low - top);
        let below = self.below_shoulders()?;
        let (first, last) = (self.frames.first()?.time_s, self.frames.last()?.time_s);
        let bar = |from: f64, to: f64| {
            let frames = self.frames.iter();
            let there = frames.filter(|f| (from..=to).contains(&f.time_s));
            median(&mut there.map(|f| f.bar).collect::<Vec<_>>())
        };
        let ends = [bar(first, first + END_S), bar(last - END_S, last)];
        let kept_up = ends.iter().all(|at| at.is_some_and(|at| at < top + end));
        let kept_down = ends.iter().all(|at| at.is_some_and(|at| at > low - end));
        let drop = self.drop_below(top);
        (below > BELOW_SHOULDERS).then(|| InHands {
            put_down: match self.bar_along {
                along if along >= NEVER_PUT_DOWN => kept_up.then_some(false),
                along if along < SURELY_PUT_DOWN => Some(true),
                _ => kept_down.then_some(true),
            },
            way: (self.followed >= NEARLY_ALWAYS && self.lost_s <= LOST_S).then(|| whole(&drop)),
            drop,
        })
    }

    /// How far the plate is below the shoulders for half of the clip, trunk lengths.
    fn below_shoulders(&self) -> Option<f64> {
        let below = self.frames.iter().map(|f| f.below_shoulder);
        median(&mut below.collect::<Vec<_>>())
    }

    /// The bar on the back; `None` when the plate was followed too little, or neither moves as the shoulders do nor lies on them.
    pub fn on_back(&self, posture: &Posture) -> Option<OnBack> {
        let lies_on_shoulders = self.goes_up_and_down() && self.below_shoulders()? < AT_SHOULDERS;
        let moves_with_them = self.is_moved_by_lifter() && self.agreement >= LEAST_CORRELATION;
        if !self.is_long() || !(moves_with_them || lies_on_shoulders) {
            return None;
        }
        let drop = self.drop_below(self.height_at(0.05)?);
        let ahead: Vec<(usize, f64)> = (0..self.plate.len())
            .filter_map(|i| Some((i, drop[i]? - posture.drop[i]?)))
            .collect();
        let lent = |i: usize| Some(posture.drop[i]? + interpolated(&ahead, i));
        let each = drop.iter().enumerate();
        let down: Vec<f64> = self.frames.iter().map(|f| f.bar).collect();
        let sideways: Vec<f64> = self.frames.iter().map(|f| f.sideways).collect();
        Some(OnBack {
            drop: each.map(|(i, known)| known.or_else(|| lent(i))).collect(),
            straight_down: range(&sideways)? < STRAIGHT * range(&down)?,
        })
    }

    fn is_long(&self) -> bool {
        self.followed >= LEAST_FOLLOWED
    }

    fn goes_as_far_as_shoulders(&self) -> bool {
        self.of_shoulders.is_some_and(|share| {
            OF_SHOULDERS.contains(&share)
                || share >= OF_SHOULDERS.start && self.agreement >= SURE_CORRELATION
        })
    }

    /// Quantile of the bar's heights, thigh lengths downwards.
    fn height_at(&self, share: f64) -> Option<f64> {
        percentile(
            &mut self.frames.iter().map(|f| f.bar).collect::<Vec<_>>(),
            share,
        )
    }

    /// How far the bar is below `top` in each frame in which it was followed, thigh lengths.
    fn drop_below(&self, top: f64) -> Vec<Option<f64>> {
        let mut drop = vec![None; self.plate.len()];
        for frame in &self.frames {
            drop[frame.index] = Some(frame.bar - top);
        }
        drop
    }
}

/// Gaps filled in between their ends.
fn whole(values: &[Option<f64>]) -> Vec<Option<f64>> {
    let each = values.iter().enumerate();
    let known: Vec<(usize, f64)> = each.filter_map(|(i, v)| Some((i, (*v)?))).collect();
    (0..values.len())
        .map(|i| Some(interpolated(&known, i)))
        .collect()
}

/// Share of the moments in which `a` moves where `b` goes along; 0 when it never moves.
fn along(times: &[f64], a: &[f64], b: &[f64]) -> f64 {
    let (mut moves, mut goes_along) = (0_usize, 0_usize);
    for (i, time) in times.iter().enumerate() {
        let later = times.partition_point(|t| *t < time + MOVES_WITHIN_S);
        let Some((after, with)) = a.get(later).zip(b.get(later)) else {
            break;
        };
        let (way, other) = (after - a[i], with - b[i]);
        if way.abs() > MOVES && times[later] < time + 2.0 * MOVES_WITHIN_S {
            moves += 1;
            goes_along += usize::from(other * way.signum() > GOES_ALONG * way.abs());
        }
    }
    goes_along as f64 / moves.max(1) as f64
}

/// Pearson's r.
fn correlation(a: &[f64], b: &[f64]) -> f64 {
    let mean = |v: &[f64]| v.iter().sum::<f64>() / v.len() as f64;
    let (mean_a, mean_b) = (mean(a), mean(b));
    let (mut aa, mut bb, mut ab) = (0.0, 0.0, 0.0);
    for (a, b) in a.iter().zip(b) {
        let (a, b) = (a - mean_a, b - mean_b);
        (aa, bb, ab) = (aa + a * a, bb + b * b, ab + a * b);
    }
    ab / (aa * bb).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::science::scale::tests::by_plate;
    use crate::units::Seconds;
    use places::tests::place;

    fn rises(places: &[PlatePlace]) -> Vec<Option<f64>> {
        let mut track: Vec<TrackPoint> = (0..6)
            .map(|k| TrackPoint {
                time_s: Seconds::new(0.1 * f64::from(k)),
                ..TrackPoint::default()
            })
            .collect();
        let times: Vec<f64> = track.iter().map(|p| p.time_s.get()).collect();
        fill(&mut track, &in_frames(places, &times), &by_plate(), 450.0);
        track.iter().map(|p| p.bar_rise_cm).collect()
    }

    #[test]
    fn the_bar_rises_by_what_its_plate_rises_in_its_own_plane() {
        let path: Vec<PlatePlace> = (0..6)
            .map(|k| place(k, 900.0 - 50.0 * k as f64, 225.0))
            .collect();
        assert_eq!(rises(&path)[5], Some(50.0));
        assert_eq!(rises(&path[1..])[0], None);
    }

    #[test]
    fn a_plate_that_grows_on_its_way_down_rises_by_what_both_its_sizes_say() {
        let path = [(900.0, 240.0), (775.0, 225.0), (650.0, 210.0)];
        let path: Vec<PlatePlace> = (0..3).map(|k| place(k, path[k].0, path[k].1)).collect();
        // by one size alone 46.9 or 53.6
        assert_eq!(rises(&path)[2], Some(50.0));
    }

    #[test]
    fn of_two_plates_the_one_followed_longest_counts_and_the_far_one_is_its_own_measure() {
        let near = (0..2).map(|k| place(k, 900.0 - 50.0 * k as f64, 225.0));
        let far = (2..6).map(|k| place(k, 700.0 - 40.0 * (k - 2) as f64, 180.0));
        let both: Vec<PlatePlace> = near.chain(far).collect();
        let rises = rises(&both);
        assert_eq!((rises[0], rises[1]), (None, None));
        assert_eq!((rises[2], rises[5]), (Some(0.0), Some(30.0)));
    }

    /// Whether a bar that goes along with the shoulders in this share of their moments is put down, when it is at these heights.
    fn put_down(bar_along: f64, down: [f64; 7]) -> Option<bool> {
        let frame = |(index, bar)| BarFrame {
            index,
            time_s: index as f64,
            bar,
            sideways: 0.0,
            below_shoulder: 1.0,
        };
        let path = BarPath {
            plate: vec![None; 7],
            frames: down.into_iter().enumerate().map(frame).collect(),
            followed: 1.0,
            lifts: 1.0,
            bar_along,
            ..BarPath::default()
        };
        path.in_hands().unwrap().put_down
    }

    #[test]
    fn a_bar_that_lies_lowest_at_both_ends_of_the_clip_is_put_down_unless_it_always_goes_along() {
        let (pulls, hinges) = (
            [1.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0],
            [0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 0.0],
        );
        assert_eq!(put_down(0.77, pulls), Some(true));
        assert_eq!(put_down(0.77, hinges), None);
        assert_eq!(put_down(0.9, pulls), None);
        assert_eq!(put_down(0.9, hinges), Some(false));
        assert_eq!(put_down(0.5, hinges), Some(true));
    }
}
