//! How high the bar is, from the plate that was followed: in the plate's own plane, so without a guess at the lens.
//!
//! Takes the plate's places and its scale; gives a height for each frame above the lowest of the clip. A path that was lost
//! may be found again at the other end of the bar, where things look smaller: only the plate that was followed longest counts.

use super::body::{Body, Part};
use super::filter::{interpolated, median, percentile, smooth};
use super::plate::is_same;
use super::posture::Posture;
use crate::recording::PlatePlace;
use crate::session::{Scale, TrackPoint};
use crate::units::rounded;

/// Where the plate moves by another share of what the shoulders do, one of the two was mistaken: a plate of the rack stands
/// still, and a plate over the shoulders draws their landmarks along.
pub const OF_SHOULDERS: std::ops::Range<f64> = 0.5..1.6;
/// … and where their ups and downs agree less than this (Pearson's r).
const LEAST_CORRELATION: f64 = 0.8;
/// … unless they agree as well as this: then it is the bar, however the camera stretches the one or the other.
const SURE_CORRELATION: f64 = 0.9;
/// A plate that is followed in a smaller share of the frames does not tell the reps.
const LEAST_FOLLOWED: f64 = 0.6;
/// A bar in the hands lies on the floor while the shoulders come down to it, so those need to agree only this much …
const LEAST_CORRELATION_IN_HANDS: f64 = 0.4;
/// … and all but this much when it is never put down. In rendered lifts and real clips RDLs have 0.99 and more, pulls from the
/// floor with the way down to the bar 0.4 to 0.7.
const NEVER_PUT_DOWN: f64 = 0.97;
/// A bar is in the hands when its plate is this far below the shoulders where it is lowest, trunk lengths: pulls have 0.67 and
/// more, bars on the back 0.26 and less.
const BELOW_SHOULDERS: f64 = 0.45;
/// Highest and lowest are this share of the bar's way.
const END_OF_WAY: f64 = 0.15;
/// How the bar is when a clip begins and ends is told by this long.
const END_S: f64 = 0.3;
/// Smoothing of the plate's path, as of the joints.
const SMOOTHING_S: f64 = 0.04;
/// A place is of a frame when their times agree to this.
const SAME_TIME_S: f64 = 0.002;

/// Where the plate is in every frame, as far as it was followed.
pub fn in_frames(places: &[PlatePlace], times: &[f64]) -> Vec<Option<PlatePlace>> {
    let mut frames = vec![None; times.len()];
    for place in longest_followed(places) {
        let time = place.time_s.get();
        let frame = times.partition_point(|&t| t < time - SAME_TIME_S);
        if times.get(frame).is_some_and(|t| t - time <= SAME_TIME_S) {
            frames[frame] = Some(*place);
        }
    }
    frames
}

/// Where the plate is, if it is the bar's: one that does not move with the lifter hangs in the rack, perhaps behind, and hides
/// nothing.
pub fn moved_by_lifter(
    plate: Vec<Option<PlatePlace>>,
    posture: &Posture,
    body: &Body,
) -> Vec<Option<PlatePlace>> {
    match BarPath::new(&plate, posture, body).moves_as_shoulders(LEAST_CORRELATION_IN_HANDS) {
        true => plate,
        false => vec![None; plate.len()],
    }
}

/// Fills `bar_rise_cm` of the frames from the plate's places in them; `plate_mm` is the diameter of the plate.
pub fn fill(track: &mut [TrackPoint], plate: &[Option<PlatePlace>], scale: &Scale, plate_mm: f64) {
    let Some(near) = scale.plate_mm_per_px else {
        return;
    };
    let followed = || plate.iter().flatten();
    let Some(height_px) = followed().next().map(|p| p.height_px) else {
        return;
    };
    // the far plate is as large as the near one, and so its own measure
    let mm_per_px = match is_same(height_px, plate_mm / near) {
        true => near,
        false => plate_mm / height_px,
    };
    let lowest = followed().map(|p| p.at.y).fold(f64::MIN, f64::max);
    for (frame, place) in track.iter_mut().zip(plate) {
        let rise = |p: &PlatePlace| rounded((lowest - p.at.y) * mm_per_px / 10.0, 10.0);
        frame.bar_rise_cm = place.as_ref().map(rise);
    }
}

/// A bar in the hands, as its plate tells it.
#[derive(Clone, Debug, PartialEq)]
pub struct InHands {
    /// It is up when the clip begins and when it ends, and always moves with the shoulders.
    pub never_put_down: bool,
    /// How far it is down in each frame in which it was followed, thigh lengths.
    pub drop: Vec<Option<f64>>,
}

/// The frames of a clip in which the plate was followed, and how it moves in them.
pub struct BarPath {
    frames: Vec<BarFrame>,
    /// Frames of the clip.
    count: usize,
    /// Share of them in which the plate was followed.
    followed: f64,
    /// Travel of the bar, as a share of the shoulders'.
    of_shoulders: Option<f64>,
    /// Pearson's r of bar and shoulders.
    agreement: f64,
}

/// The bar in one of them.
struct BarFrame {
    index: usize,
    time_s: f64,
    /// Downwards in the picture, thigh lengths.
    bar: f64,
    /// How far the bar is below the shoulders, trunk lengths.
    below_shoulder: f64,
}

impl BarPath {
    /// Of the plate's places in all frames.
    pub fn new(plate: &[Option<PlatePlace>], posture: &Posture, body: &Body) -> Self {
        let raw: Vec<Option<f64>> = plate.iter().map(|p| p.map(|p| p.at.y)).collect();
        let path = smooth(&body.times, &raw, None, SMOOTHING_S);
        let frame = |index: usize| {
            let y = path[index]?;
            let frame = BarFrame {
                index,
                time_s: body.times[index],
                bar: y / body.thigh_px,
                below_shoulder: (y - body.at(Part::Shoulder, index)?.y) / body.trunk_px,
            };
            Some((frame, posture.shoulder_drop[index]?))
        };
        let (frames, shoulders): (Vec<BarFrame>, Vec<f64>) =
            (0..plate.len()).filter_map(frame).unzip();
        let bar: Vec<f64> = frames.iter().map(|f| f.bar).collect();
        BarPath {
            frames,
            count: plate.len(),
            followed: plate.iter().flatten().count() as f64 / plate.len() as f64,
            of_shoulders: range(&bar).zip(range(&shoulders)).map(|(a, b)| a / b),
            agreement: correlation(&bar, &shoulders),
        }
    }

    /// The bar in the hands; `None` when the plate was followed too little, does not move with the lifter, or is on the back.
    /// Plates hide legs and hands, so their landmarks may be anywhere.
    pub fn in_hands(&self) -> Option<InHands> {
        if !self.is_long() || !self.moves_as_shoulders(LEAST_CORRELATION_IN_HANDS) {
            return None;
        }
        let (top, low) = (self.height_at(0.02)?, self.height_at(0.98)?);
        let end = END_OF_WAY * (low - top);
        let typical = |there: &dyn Fn(&BarFrame) -> bool, value: fn(&BarFrame) -> f64| {
            let frames = self.frames.iter().filter(|f| there(f));
            median(&mut frames.map(value).collect::<Vec<_>>())
        };
        let below = typical(&|f| f.bar > low - end, |f| f.below_shoulder)?;
        let (first, last) = (self.frames.first()?.time_s, self.frames.last()?.time_s);
        let up = |from: f64, to: f64| {
            typical(&|f| (from..=to).contains(&f.time_s), |f| f.bar).is_some_and(|b| b < top + end)
        };
        (below > BELOW_SHOULDERS).then(|| InHands {
            never_put_down: up(first, first + END_S)
                && up(last - END_S, last)
                && self.moves_as_shoulders(NEVER_PUT_DOWN),
            drop: self.drop_below(top),
        })
    }

    /// Drop of a bar on the back below its highest, thigh lengths; between and beside the frames in which the plate was followed
    /// the body lends its own. Plates hide head and shoulders, so their landmarks leap where the bar moves evenly. `None` when
    /// the plate was followed too little, or does not move as the shoulders do: a plate of the rack.
    pub fn drop_on_back(&self, posture: &Posture) -> Option<Vec<Option<f64>>> {
        if !self.is_long() || !self.moves_as_shoulders(LEAST_CORRELATION) {
            return None;
        }
        let drop = self.drop_below(self.height_at(0.05)?);
        let ahead: Vec<(usize, f64)> = (0..self.count)
            .filter_map(|i| Some((i, drop[i]? - posture.drop[i]?)))
            .collect();
        let lent = |i: usize| Some(posture.drop[i]? + interpolated(&ahead, i));
        Some(
            (0..self.count)
                .map(|i| drop[i].or_else(|| lent(i)))
                .collect(),
        )
    }

    fn is_long(&self) -> bool {
        self.followed >= LEAST_FOLLOWED
    }

    fn moves_as_shoulders(&self, least_correlation: f64) -> bool {
        self.of_shoulders.is_some_and(|share| {
            OF_SHOULDERS.contains(&share)
                || share >= OF_SHOULDERS.start && self.agreement >= SURE_CORRELATION
        }) && self.agreement >= least_correlation
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
        let mut drop = vec![None; self.count];
        for frame in &self.frames {
            drop[frame.index] = Some(frame.bar - top);
        }
        drop
    }
}

/// From the 2nd to the 98th percentile.
fn range(values: &[f64]) -> Option<f64> {
    let values = &mut values.to_vec();
    Some(percentile(values, 0.98)? - percentile(values, 0.02)?)
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

/// The places of the plate that was followed longest: the near one, or the one at the far end of the bar.
fn longest_followed(places: &[PlatePlace]) -> Vec<&PlatePlace> {
    let like = |one: &PlatePlace| {
        let same = places
            .iter()
            .filter(|p| is_same(p.height_px, one.height_px));
        same.collect::<Vec<_>>()
    };
    // places of one size follow each other
    let sizes = places.chunk_by(|a, b| a.height_px == b.height_px);
    sizes
        .map(|size| like(&size[0]))
        .max_by_key(Vec::len)
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::science::scale::tests::by_plate;
    use crate::units::{Point, Seconds};

    fn place(k: usize, y: f64, height_px: f64) -> PlatePlace {
        PlatePlace {
            time_s: Seconds::new(0.1 * k as f64),
            at: Point::new(300.0, y),
            height_px,
        }
    }

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
    fn of_two_plates_the_one_followed_longest_counts_and_the_far_one_is_its_own_measure() {
        let near = (0..2).map(|k| place(k, 900.0 - 50.0 * k as f64, 225.0));
        let far = (2..6).map(|k| place(k, 700.0 - 40.0 * (k - 2) as f64, 180.0));
        let both: Vec<PlatePlace> = near.chain(far).collect();
        let rises = rises(&both);
        assert_eq!((rises[0], rises[1]), (None, None));
        assert_eq!((rises[2], rises[5]), (Some(0.0), Some(30.0)));
    }
}
