//! How high the bar is, from the plate that was followed: in the plate's own plane, so without a guess at the lens.
//!
//! Takes the plate's places and its scale; gives a height for each frame above the lowest of the clip. A path that was lost
//! may be found again at the other end of the bar, where things look smaller: only the plate that was followed longest counts.

use super::plate::is_same;
use crate::recording::PlatePlace;
use crate::session::{Scale, TrackPoint};
use crate::units::rounded;

/// A place is of a frame when their times agree to this.
const SAME_TIME_S: f64 = 0.002;

/// Fills `bar_rise_cm` of the frames; `plate_mm` is the diameter of the plate.
pub fn fill(track: &mut [TrackPoint], places: &[PlatePlace], scale: &Scale, plate_mm: f64) {
    let Some(near) = scale.plate_mm_per_px else {
        return;
    };
    let followed = longest_followed(places);
    let Some(height_px) = followed.first().map(|p| p.height_px) else {
        return;
    };
    // the far plate is as large as the near one, and so its own measure
    let mm_per_px = match is_same(height_px, plate_mm / near) {
        true => near,
        false => plate_mm / height_px,
    };
    let lowest = followed.iter().map(|p| p.at.y).fold(f64::MIN, f64::max);
    for place in followed {
        let frame = track.partition_point(|p| p.time_s.get() < place.time_s.get() - SAME_TIME_S);
        let frame = track.get_mut(frame);
        if let Some(frame) = frame.filter(|f| (f.time_s - place.time_s).get().abs() <= SAME_TIME_S)
        {
            frame.bar_rise_cm = Some(rounded((lowest - place.at.y) * mm_per_px / 10.0, 10.0));
        }
    }
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
    use crate::session::ScaleSource;
    use crate::units::{Point, Seconds};

    fn place(k: usize, y: f64, height_px: f64) -> PlatePlace {
        PlatePlace {
            time_s: Seconds::new(0.1 * k as f64),
            at: Point::new(300.0, y),
            height_px,
        }
    }

    fn rises(places: &[PlatePlace]) -> Vec<Option<f64>> {
        let scale = Scale {
            source: ScaleSource::Plate,
            mm_per_px: 2.5,
            mm_per_px_sd: 0.1,
            plate_mm_per_px: Some(2.0),
            plate_mm_per_px_sd: Some(0.02),
            thigh_mm: 400.0,
            sentence: String::new(),
        };
        let mut track: Vec<TrackPoint> = (0..6)
            .map(|k| TrackPoint {
                time_s: Seconds::new(0.1 * f64::from(k)),
                ..TrackPoint::default()
            })
            .collect();
        fill(&mut track, places, &scale, 450.0);
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
