//! The places of plates that were followed: those of one plate, frame by frame, and which end of the bar it is at.

use crate::recording::PlatePlace;
use crate::science::body::{Body, Part};
use crate::science::filter::{median, range};
use crate::science::plate::is_same;
use crate::session::Side;
use crate::units::Seconds;

/// A plate that was lost for no longer than this was on its way from the one place to the other.
const BRIDGED_S: f64 = 0.5;
/// From this yaw on both ends of the bar are seen apart, …
const OBLIQUE_DEG: f64 = 20.0;
/// … each this far beside the hands, trunk lengths: of 59 far ends in rendered clips 45 are both, of 115 near ones, on the wrong side, two,
/// of which the far end was followed as well.
const BESIDE_HANDS: f64 = 0.4;

/// The places of each plate: they follow each other in time, and from one to the next it grows and shrinks little.
pub fn plates(places: &[PlatePlace]) -> impl Iterator<Item = &[PlatePlace]> {
    places.chunk_by(|a, b| a.time_s < b.time_s && is_same(a.height_px, b.height_px))
}

/// Where the plate that was followed longest is in every frame, as far as it was.
pub fn in_frames(places: &[PlatePlace], times: &[f64]) -> Vec<Option<PlatePlace>> {
    let longest = plates(places).max_by_key(|plate| plate.len());
    let places = longest.unwrap_or_default();
    let at = |time: &f64| PlatePlace::at_time(places, Seconds::new(*time)).copied();
    times.iter().map(at).collect()
}

/// Frames between two places that are at most [`BRIDGED_S`] apart get a place between theirs.
pub fn bridged(plate: &[Option<PlatePlace>], times: &[f64]) -> Vec<Option<PlatePlace>> {
    let each = plate.iter().enumerate();
    let known: Vec<(usize, PlatePlace)> = each.filter_map(|(i, p)| Some((i, (*p)?))).collect();
    let mut whole = plate.to_vec();
    for ends in known.windows(2) {
        let ((first, from), (last, to)) = (ends[0], ends[1]);
        let span_s = times[last] - times[first];
        for i in (first + 1..last).filter(|_| span_s <= BRIDGED_S) {
            whole[i] = Some(PlatePlace {
                time_s: Seconds::new(times[i]),
                at: from.at + (to.at - from.at) * ((times[i] - times[first]) / span_s),
                ..from
            });
        }
    }
    whole
}

/// Longest time without a place, from the clip's start to its end.
pub fn lost_s(plate: &[Option<PlatePlace>], times: &[f64]) -> f64 {
    let each = times.iter().zip(plate);
    let followed = each
        .filter(|(_, place)| place.is_some())
        .map(|(time, _)| *time);
    let ends = times.first().into_iter().copied().chain(followed);
    let ends: Vec<f64> = ends.chain(times.last().copied()).collect();
    let gaps = ends.windows(2).map(|ends| ends[1] - ends[0]);
    gaps.fold(0.0, f64::max)
}

/// How large a plate looks, in the middle of what it grows and shrinks.
pub fn height_px(plate: &[Option<PlatePlace>]) -> Option<f64> {
    let heights = plate.iter().flatten().map(|p| p.height_px);
    median(&mut heights.collect::<Vec<_>>())
}

/// How far a plate goes up and down, plate heights.
pub fn lifts(plate: &[Option<PlatePlace>]) -> Option<f64> {
    let heights: Vec<f64> = plate.iter().flatten().map(|p| p.at.y).collect();
    Some(range(&heights)? / height_px(plate)?)
}

/// Whether a plate is at the end of the bar that is farther from the camera. Filmed from in front, the near end is seen on the side
/// that the lifter's back is on, from behind on the side that they face; the hands are between both ends.
pub fn is_far_end(plate: &[Option<PlatePlace>], body: &Body, side: Side) -> bool {
    let beside_hands = |(i, place): (usize, &Option<PlatePlace>)| {
        Some((place.as_ref()?.at.x - body.at(Part::Wrist, i)?.x) / body.trunk_px)
    };
    let beside = plate.iter().enumerate().filter_map(beside_hands);
    let Some(right) = median(&mut beside.collect::<Vec<_>>()) else {
        return false;
    };
    let yaw = body.coarse_yaw.degrees();
    yaw.abs() >= OBLIQUE_DEG && right * side.faces() * yaw.signum() >= BESIDE_HANDS
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use crate::units::Point;

    /// Of a plate in the k-th tenth of a second.
    pub fn place(k: usize, y: f64, height_px: f64) -> PlatePlace {
        PlatePlace {
            time_s: Seconds::new(0.1 * k as f64),
            at: Point::new(300.0, y),
            height_px,
        }
    }

    #[test]
    fn a_plate_lost_for_a_moment_is_between_its_places_and_one_lost_for_long_is_nowhere() {
        let times: Vec<f64> = (0..12).map(|k| 0.1 * f64::from(k)).collect();
        let seen = [0, 3, 10].map(|k| place(k, 900.0 - 50.0 * k as f64, 225.0));
        let whole = bridged(&in_frames(&seen, &times), &times);
        let heights: Vec<Option<f64>> = whole
            .iter()
            .map(|p| Some(p.as_ref()?.at.y.round()))
            .collect();
        assert_eq!(heights[..4], [900.0, 850.0, 800.0, 750.0].map(Some));
        assert_eq!(heights[4..10], [None; 6]);
        assert_eq!((heights[10], heights[11]), (Some(400.0), None));
        assert!((lost_s(&in_frames(&seen, &times), &times) - 0.7).abs() < 1e-9);
    }
}
