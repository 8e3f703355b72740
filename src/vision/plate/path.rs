//! Where plates are from frame to frame: a rim keeps its size, so only its centre is looked for, near where its last two places
//! lead. While the video is read, plates are followed from where they are sighted, each as large as it was seen most clearly.
//! Then all that was seen of a plate tells its size, and it is followed anew through the whole video. One that is lost is looked
//! for about its last place for a while, then where it was known to be, then anywhere. Which of them is at the near end of the
//! lifter's bar is for the science to say.

use super::ABOUT_AS_GOOD;
use super::rim::{Found, Rim};
use crate::error::Result;
use crate::recording::{PlatePlace, PlateSighting};
use crate::units::{Point, Seconds};
use crate::vision::picture::Picture;

/// The rim is looked for this far about its expected place, radii: a bar that changes its speed by 1 m/s within a frame of
/// 1/30 s is 0.15 of them off.
const REACH: f64 = 0.29;
/// A rim that was lost is looked for this far about its last place …
const LOST_REACH: f64 = 0.83;
/// … for this long.
const LOST_S: f64 = 1.0;
/// A rim of known size is looked for in the whole picture no more often than this.
const SEARCH_STEP_S: f64 = 0.2;
/// A sighting of less is not followed: backs and heads are round too. Of 850 true rims in rendered clips a tenth have less, of
/// 1,000 other things two thirds.
const NEW_COVERAGE: f64 = 0.62;
/// A new sighting corrects the rim that is followed when it covers this much more.
const CLEARER: f64 = 0.1;
/// What is covered less than this on average was no plate: round backs that were followed have 0.58 to 0.65, of plates in
/// rendered clips nine of ten more than 0.75.
const CLEAR: f64 = 0.66;
/// A sighting is of a plate that is followed when they are this near, shares of its radius …
const SAME_PLACE: f64 = 0.3;
/// … and of a lost one when their heights agree within this share.
const SAME_SIZE: f64 = 0.12;
/// A plate that was followed in a smaller share of the frames than the one followed most was a mistake.
const SELDOM: f64 = 0.25;
/// … and the larger is the plate's rim when it was followed in this share of the frames of the other.
const AS_OFTEN: f64 = 0.6;
/// Two rims are of one plate when they are about one centre in this share of the frames of the one that was followed less.
const MOSTLY: f64 = 0.5;
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

    /// One more plate, in place of the lost one that was followed least when there are too many.
    fn begin(&mut self, sighting: &PlateSighting) {
        if self.plates.len() == PLATES {
            let lost = (0..PLATES).filter(|&k| self.plates[k].lost);
            let Some(least) = lost.min_by_key(|&k| self.plates[k].places.len()) else {
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

    /// The same plates, each as large as all its sightings have it, to be followed from the clip's start.
    pub fn anew(self) -> Self {
        Path {
            plates: self.plates.into_iter().map(Plate::anew).collect(),
        }
    }

    /// Leaves out what is no plate, or was hardly followed, and of several rims about one centre all but one.
    pub fn settle(&mut self) {
        self.plates.retain(Plate::is_clear);
        let most = self.plates.iter().map(|p| p.places.len()).max();
        let least = SELDOM * most.unwrap_or_default() as f64;
        self.plates.retain(|p| p.places.len() as f64 >= least);
        let rims = self.plates.clone();
        let is_other = |a: &Plate, b: &Plate| a.rim.height_px() != b.rim.height_px();
        self.plates.retain(|plate| {
            let mut others = rims.iter().filter(|other| is_other(plate, other));
            !others.any(|other| other.shares_centre(plate) && other.is_rim_of(plate))
        });
    }

    /// Everywhere they were, plate after plate, each as large as its rim.
    pub fn places(self) -> Vec<PlatePlace> {
        let sized = |plate: Plate| {
            let height_px = plate.rim.height_px();
            let places = plate.places.into_iter();
            places.map(move |place| PlatePlace { height_px, ..place })
        };
        self.plates.into_iter().flat_map(sized).collect()
    }
}

/// A plate, and where it was.
#[derive(Clone, Debug)]
struct Plate {
    rim: Rim,
    /// What was seen of it.
    sightings: Vec<PlateSighting>,
    /// Where it was when it was followed the last time, in the order of time.
    known: Vec<PlatePlace>,
    /// Its last two places; they give its speed.
    last: Vec<(f64, Point)>,
    /// Not found in the last frame.
    lost: bool,
    /// Everywhere it was seen.
    places: Vec<PlatePlace>,
    /// Shares of the rays that found it there, all together.
    covered: f64,
    /// It is looked for in the whole picture no earlier than this.
    search_s: f64,
}

impl Plate {
    fn new(sighting: &PlateSighting) -> Self {
        Plate {
            rim: Rim::of(sighting),
            sightings: vec![sighting.clone()],
            known: Vec::new(),
            last: vec![(sighting.time_s.get(), sighting.at)],
            lost: false,
            places: Vec::new(),
            covered: 0.0,
            search_s: f64::INFINITY,
        }
    }

    /// The same plate, not seen yet.
    fn anew(self) -> Self {
        Plate {
            rim: Rim::of(&typical(&self.sightings)),
            known: self.places,
            last: Vec::new(),
            lost: true,
            places: Vec::new(),
            covered: 0.0,
            search_s: f64::NEG_INFINITY,
            ..self
        }
    }

    /// Whether the other is followed where this one is.
    fn shares_centre(&self, other: &Plate) -> bool {
        let here = |place: &&PlatePlace| {
            let own = place_at(&self.places, place.time_s.get());
            own.is_some_and(|own| self.is_near(own, place.at))
        };
        let both = other.places.iter().filter(here).count();
        both as f64 >= MOSTLY * self.places.len().min(other.places.len()) as f64
    }

    /// Of two rims about one centre this is the plate's, the other its hub or a raised face: the larger, unless it is followed
    /// or seen much less.
    fn is_rim_of(&self, other: &Plate) -> bool {
        let is_about_as_good = |a: &Plate, b: &Plate| {
            a.clarity() >= b.clarity() - ABOUT_AS_GOOD
                && a.places.len() as f64 >= AS_OFTEN * b.places.len() as f64
        };
        match self.rim.height_px() > other.rim.height_px() {
            true => is_about_as_good(self, other),
            false => !is_about_as_good(other, self),
        }
    }

    /// Share of the rays that found it, on average.
    fn clarity(&self) -> f64 {
        self.covered / self.places.len().max(1) as f64
    }

    fn is_clear(&self) -> bool {
        self.clarity() >= CLEAR
    }

    fn is_at(&self, sighting: &PlateSighting) -> bool {
        let (_, at) = self.last[self.last.len() - 1];
        !self.lost && self.is_near(at, sighting.at)
    }

    fn is_near(&self, a: Point, b: Point) -> bool {
        (a - b).length() < 0.5 * SAME_PLACE * self.rim.height_px()
    }

    fn was(&self, sighting: &PlateSighting) -> bool {
        self.lost && (self.rim.height_px() / sighting.height_px - 1.0).abs() < SAME_SIZE
    }

    fn take_up(&mut self, sighting: &PlateSighting) {
        self.last = vec![(sighting.time_s.get(), sighting.at)];
        self.lost = false;
    }

    fn correct(&mut self, sighting: &PlateSighting) {
        self.sightings.push(sighting.clone());
        if sighting.coverage >= self.rim.coverage + CLEARER {
            self.rim = Rim::of(sighting);
            self.last = vec![(sighting.time_s.get(), sighting.at)];
        }
    }

    fn follow(&mut self, time: Seconds, picture: &Picture) -> Result<()> {
        let now = time.get();
        let found = self.found(now, picture)?;
        self.lost = found.is_none();
        let Some(Found { at, coverage }) = found else {
            return Ok(());
        };
        self.covered += coverage;
        self.last.push((now, at));
        if self.last.len() > 2 {
            self.last.remove(0);
        }
        self.places.push(PlatePlace {
            time_s: time,
            at,
            height_px: self.rim.height_px(),
        });
        Ok(())
    }

    fn found(&mut self, now: f64, picture: &Picture) -> Result<Option<Found>> {
        let near = match self.last.last() {
            Some(_) if !self.lost => self.rim.near(picture, self.expected(now), REACH)?,
            Some(&(then, at)) if now - then <= LOST_S => self.rim.near(picture, at, LOST_REACH)?,
            _ => None,
        };
        let known = match (near, place_at(&self.known, now)) {
            (None, Some(at)) => self.rim.near(picture, at, REACH)?,
            _ => near,
        };
        if known.is_some() || now < self.search_s {
            return Ok(known);
        }
        self.search_s = now + SEARCH_STEP_S;
        self.rim.anywhere(picture)
    }

    /// Where its last two places lead.
    fn expected(&self, now: f64) -> Point {
        let (then, at) = self.last[self.last.len() - 1];
        at + self.speed() * (now - then)
    }

    /// Pixels a second.
    fn speed(&self) -> Point {
        match self.last.as_slice() {
            [(first, from), (then, to)] if then > first => (*to - *from) * (1.0 / (then - first)),
            _ => Point::default(),
        }
    }
}

/// Where the plate was at exactly this time; `places` are in the order of time.
fn place_at(places: &[PlatePlace], time_s: f64) -> Option<Point> {
    let place = places.get(places.partition_point(|p| p.time_s.get() < time_s))?;
    (place.time_s.get() == time_s).then_some(place.at)
}

/// A plate as its sightings have it: of the median height of those that are about as good as the best, each weighed by its
/// coverage.
fn typical(sightings: &[PlateSighting]) -> PlateSighting {
    let best = sightings.iter().map(|s| s.coverage).fold(0.0, f64::max);
    let good = sightings
        .iter()
        .filter(|s| s.coverage >= best - ABOUT_AS_GOOD);
    let mut good: Vec<&PlateSighting> = good.collect();
    good.sort_by(|a, b| a.height_px.total_cmp(&b.height_px));
    let half = 0.5 * good.iter().map(|s| s.coverage).sum::<f64>();
    let mut so_far = 0.0;
    let before = good.iter().take_while(|s| {
        so_far += s.coverage;
        so_far < half
    });
    good[before.count()].clone()
}

#[cfg(test)]
mod tests {
    use super::*;
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
        (21..=30).for_each(|k| path.follow(time(k), &shown(height(k))).unwrap());
        let mut path = path.anew();
        (0..=30).for_each(|k| path.follow(time(k), &shown(height(k))).unwrap());
        path.settle();
        let places = path.places();
        assert_eq!(places.len(), 31);
        assert!((places[0].at - height(0)).length() < 4.0);
        assert!(places.windows(2).all(|w| w[0].time_s < w[1].time_s));
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
        assert_eq!(places[0].height_px, 200.0);
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
