//! The plates of a video. While it is read, they are followed from where they are sighted, each as large as it was seen most
//! clearly. Then all that was seen of a plate tells its size, and it is followed anew through the whole video. Which of them is at
//! the near end of the lifter's bar is for the science to say.

use super::followed::Plate;
use crate::error::Result;
use crate::recording::{PlatePlace, PlateSighting};
use crate::units::Seconds;
use crate::vision::picture::Picture;

/// A sighting of less is not followed: backs and heads are round too. Of 850 true rims in rendered clips a tenth have less, of
/// 1,000 other things two thirds.
const NEW_COVERAGE: f64 = 0.62;
/// A plate that was followed in a smaller share of the frames than the one followed most was a mistake.
const SELDOM: f64 = 0.25;
/// What was followed in so many frames without being clear is hardly a plate: of 46 such things in rendered clips 43 came to nothing
/// when they were followed anew, and three were doubles of others; of 62 that were followed in fewer frames eight were plates.
const LONG_ENOUGH: usize = 10;
/// Plates that are followed at most: both ends of the bar, and two of the room.
const PLATES: usize = 4;

/// Follows plates.
#[derive(Debug, Default)]
pub struct Path {
    plates: Vec<Plate>,
}

impl Path {
    /// Sightings in one picture start paths, take up those that were lost, and correct those whose rim is seen more clearly.
    pub fn sighted(&mut self, sightings: &[PlateSighting]) {
        for sighting in sightings {
            let here = self.plates.iter_mut().find(|plate| plate.is_at(sighting));
            if let Some(plate) = here {
                plate.correct(sighting);
                continue;
            }
            let lost = self.plates.iter_mut().find(|plate| plate.was(sighting));
            if let Some(plate) = lost {
                plate.take_up(sighting);
                plate.correct(sighting);
            } else if sighting.coverage >= NEW_COVERAGE {
                self.begin(sighting);
            }
        }
    }

    /// Sightings in one picture take up the plates that are lost then.
    pub fn found_again(&mut self, sightings: &[PlateSighting]) {
        for sighting in sightings {
            if let Some(lost) = self.plates.iter_mut().find(|plate| plate.was(sighting)) {
                lost.take_up(sighting);
            }
        }
    }

    /// One more plate; when there are too many, in place of one that is hardly a plate, or else of the lost one that was followed
    /// least.
    fn begin(&mut self, sighting: &PlateSighting) {
        if self.plates.len() == PLATES {
            let of_no_use = |plate: &Plate| plate.lost || is_hardly_one(plate);
            let no_use = (0..PLATES).filter(|&k| of_no_use(&self.plates[k]));
            let rank = |plate: &Plate| (!is_hardly_one(plate), plate.seen.len());
            let Some(least) = no_use.min_by_key(|&k| rank(&self.plates[k])) else {
                return;
            };
            self.plates.remove(least);
        }
        self.plates.push(Plate::new(sighting));
    }

    /// Looks for the plates in the next frame.
    pub fn follow(&mut self, time: Seconds, picture: &Picture) -> Result<()> {
        let mut each = self.plates.iter_mut();
        each.try_for_each(|plate| plate.follow(time, picture))
    }

    /// Whether any plate is in sight.
    pub fn follows(&self) -> bool {
        self.plates.iter().any(|plate| !plate.lost)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.plates.is_empty()
    }

    /// The same plates, each as large as all its sightings have it, to be followed from the clip's start.
    pub fn anew(mut self) -> Self {
        self.plates.iter_mut().for_each(Plate::drop_hops);
        let plates = self.plates.into_iter().filter(|p| !is_hardly_one(p));
        let mut anew = Path::default();
        for plate in plates.map(Plate::anew) {
            match anew.plates.iter_mut().find(|p| p.goes_on_as(&plate)) {
                Some(same) => same.joined_with(plate),
                None => anew.plates.push(plate),
            }
        }
        anew
    }

    /// Leaves out hops, what is no plate, or was hardly followed, and of several rims about one centre all but one.
    pub fn settle(&mut self) {
        self.plates.iter_mut().for_each(Plate::drop_hops);
        self.plates.retain(Plate::is_clear);
        let most = self.plates.iter().map(|p| p.seen.len()).max();
        let least = SELDOM * most.unwrap_or_default() as f64;
        self.plates.retain(|p| p.seen.len() as f64 >= least);
        let is_hub_of = |plate: &Plate, other: &Plate| {
            !std::ptr::eq(plate, other) && other.shares_centre(plate) && other.is_rim_of(plate)
        };
        let is_rim = |plate| !self.plates.iter().any(|other| is_hub_of(plate, other));
        let mut rims = self
            .plates
            .iter()
            .map(is_rim)
            .collect::<Vec<_>>()
            .into_iter();
        self.plates.retain(|_| rims.next() == Some(true));
    }

    /// Everywhere they were, plate after plate, each as large as its rim.
    pub fn places(&self) -> Vec<PlatePlace> {
        self.plates.iter().flat_map(Plate::places).collect()
    }
}

fn is_hardly_one(plate: &Plate) -> bool {
    plate.seen.len() >= LONG_ENOUGH && !plate.is_clear()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Point;
    use crate::vision::plate::followed::Seen;
    use opencv::core::{CV_8UC3, Mat, Point as Pixel, Scalar, Size};
    use opencv::imgproc;

    /// A dark plate with its hub before a wall.
    fn shown(at: Point) -> Picture {
        pictured(at, None)
    }

    /// The same with a leg in front of a third of it.
    fn drawn(at: Point) -> Picture {
        pictured(at, Some(Point::new(at.x - 80.0, 500.0)))
    }

    fn pictured(at: Point, leg: Option<Point>) -> Picture {
        let mut image =
            Mat::new_rows_cols_with_default(900, 700, CV_8UC3, Scalar::all(150.0)).unwrap();
        let mut oval = |at: Point, size: (i32, i32), grey: f64| {
            let shift = 4;
            let fixed = |v: f64| (v * 16.0).round() as i32;
            imgproc::ellipse(
                &mut image,
                Pixel::new(fixed(at.x), fixed(at.y)),
                Size::new(size.0 * 16, size.1 * 16),
                0.0,
                0.0,
                360.0,
                Scalar::all(grey),
                -1,
                imgproc::LINE_AA,
                shift,
            )
            .unwrap();
        };
        oval(at, (96, 100), 40.0);
        oval(at, (40, 42), 170.0);
        if let Some(leg) = leg {
            oval(leg, (35, 300), 90.0);
        }
        Picture::new(image)
    }

    fn sighting(at: Point) -> PlateSighting {
        PlateSighting {
            time_s: Seconds::new(0.0),
            at,
            width_px: 192.0,
            height_px: 200.0,
            coverage: 0.8,
        }
    }

    /// A pull of 300 px in a second, seen 30 times a second.
    fn height(k: i32) -> Point {
        let share = (f64::from(k) / 30.0).min(1.0);
        Point::new(350.0, 640.0 - 300.0 * share * share * (3.0 - 2.0 * share))
    }

    #[test]
    fn a_plate_is_followed_to_two_percent_of_its_width_behind_a_leg() {
        let mut path = Path::default();
        path.sighted(&[sighting(height(0))]);
        for k in 1..=30 {
            let time = Seconds::new(f64::from(k) / 30.0);
            path.follow(time, &drawn(height(k))).unwrap();
        }
        let places = path.places();
        assert_eq!(places.len(), 30);
        for (place, k) in places.iter().zip(1..) {
            let off = (place.at - height(k)).length();
            // edges as hard as drawn ones count no more than STRONG_EDGE, so that the fit is flat over 3 px
            assert!(off < 4.0, "{off} px off in frame {k}");
        }
    }

    #[test]
    fn a_plate_is_followed_from_the_start_once_it_is_known() {
        let time = |k: i32| Seconds::new(f64::from(k) / 30.0);
        let mut path = Path::default();
        path.sighted(&[PlateSighting {
            time_s: time(20),
            ..sighting(height(20))
        }]);
        (21..=30).for_each(|k| path.follow(time(k), &drawn(height(k))).unwrap());
        let mut path = path.anew();
        (0..=30).for_each(|k| path.follow(time(k), &drawn(height(k))).unwrap());
        path.settle();
        let places = path.places();
        assert_eq!(places.len(), 31);
        assert!((places[0].at - height(0)).length() < 4.0);
        assert!(places.windows(2).all(|w| w[0].time_s < w[1].time_s));
    }

    #[test]
    fn what_is_found_with_little_in_sight_and_does_not_lead_to_the_plate_is_not_the_plate() {
        let time = |k: i32| Seconds::new(f64::from(k) / 30.0);
        let elsewhere = Point::new(200.0, 500.0);
        let picture = |k: i32| drawn(if k < 18 { elsewhere } else { height(k) });
        let mut path = Path::default();
        path.sighted(&[PlateSighting {
            time_s: time(20),
            ..sighting(height(20))
        }]);
        (21..=30).for_each(|k| path.follow(time(k), &picture(k)).unwrap());
        let mut path = path.anew();
        (0..=30).for_each(|k| path.follow(time(k), &picture(k)).unwrap());
        let places = path.places();
        let off = |place: &PlatePlace| (place.at - elsewhere).length();
        assert!(places.len() >= 10);
        assert!(places.iter().all(|place| off(place) > 100.0));
    }

    #[test]
    fn a_plate_does_not_hop() {
        let elsewhere = Point::new(500.0, 150.0);
        let is_mistaken = |k: i32| (12..16).contains(&k);
        let mut plate = Plate::new(&sighting(height(0)));
        plate.seen = (0..=30)
            .map(|k| Seen {
                time: Seconds::new(f64::from(k) / 30.0),
                at: if is_mistaken(k) { elsewhere } else { height(k) },
                coverage: 0.8,
            })
            .collect();
        plate.drop_hops();
        assert_eq!(plate.seen.len(), 27);
        assert!(plate.seen.iter().all(|seen| seen.at != elsewhere));
    }

    /// A plate of this height as it was followed in those of 60 frames of a pull and its way back.
    fn followed(height_px: f64, shift: Point, frames: impl Fn(i32) -> bool) -> Plate {
        let mut plate = Plate::new(&seen_as(height_px, 0.8));
        let frames = (0..60).filter(|&k| frames(k));
        plate.seen = frames
            .map(|k| Seen {
                time: Seconds::new(f64::from(k) / 30.0),
                at: height(k.min(60 - k)) + shift,
                coverage: 0.8,
            })
            .collect();
        plate.anew()
    }

    #[test]
    fn what_goes_on_in_another_size_farther_up_is_one_plate() {
        let at_the_top = |k: i32| (16..44).contains(&k);
        let here = Point::default();
        let low = || followed(200.0, here, |k| !at_the_top(k));
        let mut one = low();
        let high = followed(176.0, here, at_the_top);
        assert!(one.goes_on_as(&high));
        one.joined_with(high);
        for (k, size) in [(5, 200.0), (30, 176.0)] {
            let found = one.height_at(height(k));
            assert!((found / size - 1.0).abs() < 0.03, "{found} px for {size}");
        }
        let others = [
            (
                "another",
                followed(176.0, Point::new(150.0, 0.0), at_the_top),
            ),
            ("its hub", followed(176.0, here, |_| true)),
            ("smaller", followed(150.0, here, at_the_top)),
        ];
        for (name, other) in others {
            assert!(!low().goes_on_as(&other), "{name}");
        }
    }

    #[test]
    fn what_is_hardly_a_plate_makes_room_for_another() {
        let plate = |k: usize| {
            let at = Point::new(100.0 * k as f64, 200.0);
            let seen = |i: usize| Seen {
                time: Seconds::new(i as f64 / 30.0),
                at,
                coverage: if k == 2 { 0.6 } else { 0.9 },
            };
            let mut plate = Plate::new(&sighting(at));
            plate.seen = (0..40).map(seen).collect();
            plate
        };
        let mut path = Path {
            plates: (0..PLATES).map(plate).collect(),
        };
        path.sighted(&[sighting(Point::new(600.0, 700.0))]);
        let lengths = path.plates.iter().map(|plate| plate.seen.len());
        assert_eq!(lengths.collect::<Vec<_>>(), [40, 40, 40, 0]);
        assert!(path.plates.iter().all(|plate| !is_hardly_one(plate)));
    }

    fn seen_as(height_px: f64, coverage: f64) -> PlateSighting {
        PlateSighting {
            width_px: 0.96 * height_px,
            height_px,
            coverage,
            ..sighting(height(0))
        }
    }

    #[test]
    fn a_plate_whose_hub_was_seen_best_is_as_large_as_its_rim() {
        let mut path = Path::default();
        for (height_px, coverage) in [(84.0, 0.95), (200.0, 0.8), (202.0, 0.85), (330.0, 0.6)] {
            path.sighted(&[seen_as(height_px, coverage)]);
        }
        assert_eq!(path.anew().plates[0].rim.height_px(), 200.0);
    }

    #[test]
    fn of_a_rim_and_its_hub_the_rim_is_the_plate() {
        let both = [seen_as(84.0, 0.95), seen_as(200.0, 0.8)];
        let mut path = Path {
            plates: both.iter().map(Plate::new).collect(),
        };
        for k in 1..=30 {
            let time = Seconds::new(f64::from(k) / 30.0);
            path.follow(time, &shown(height(k))).unwrap();
        }
        path.settle();
        let places = path.places();
        assert_eq!(places.len(), 30);
        // OpenCV draws filled shapes about half a pixel larger
        assert!((places[0].height_px / 201.0 - 1.0).abs() < 0.01);
    }

    #[test]
    fn a_plate_that_is_gone_is_found_near_its_place_for_a_while_then_when_it_is_sighted_again() {
        let blank = Mat::new_rows_cols_with_default(900, 700, CV_8UC3, Scalar::all(150.0)).unwrap();
        let (wall, plate) = (Picture::new(blank), drawn(height(0)));
        let mut path = Path::default();
        path.sighted(&[sighting(height(0))]);
        for (time_s, picture) in [(0.03, &wall), (0.5, &plate), (0.53, &wall), (2.0, &plate)] {
            path.follow(Seconds::new(time_s), picture).unwrap();
        }
        path.sighted(&[PlateSighting {
            time_s: Seconds::new(2.0),
            ..sighting(height(0))
        }]);
        path.follow(Seconds::new(2.03), &plate).unwrap();
        let times: Vec<f64> = path.places().iter().map(|p| p.time_s.get()).collect();
        assert_eq!(times, [0.5, 2.03]);
    }
}
