//! One plate from frame to frame: a rim has the size that its height in the picture gives it, so only its centre is looked for,
//! near where its last two places lead, then about its last place for a while, then where it was known to be, then as far from
//! there as it can have gone. Where little of the rim shows, what is found far away is only believed once it leads to a place that
//! is sure.

use super::ABOUT_AS_GOOD;
use super::growth::Growth;
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
/// A rim of known size is looked for as far as it can have gone no more often than this.
const SEARCH_STEP_S: f64 = 0.2;
/// A new sighting corrects the rim that is followed when it covers this much more.
const CLEARER: f64 = 0.1;
/// What is covered less than this on average was no plate: round backs that were followed have 0.58 to 0.65, of plates in
/// rendered clips nine of ten more than 0.75.
const CLEAR: f64 = 0.66;
/// A sighting is of a plate that is followed when they are this near, shares of its radius …
const SAME_PLACE: f64 = 0.3;
/// … and of a lost one when their heights agree within this share.
const SAME_SIZE: f64 = 0.12;
/// Two rims are of one plate when they are about one centre in this share of the frames of the one that was followed less …
const MOSTLY: f64 = 0.5;
/// … and the larger is the plate's rim when it was followed in this share of the frames of the other.
const AS_OFTEN: f64 = 0.6;
/// A plate that was sighted in two sizes grows by no more than this from the one to the other, …
const MOST_GROWN: f64 = 1.16;
/// … on a way of at least so many of its heights: of a rim and its hub, or both ends of a bar, one is not so far above the other.
const GROWN_WITHIN: f64 = 0.5;
/// From one place to the next it moves by no more than this, plate heights, …
const HOP: f64 = 0.25;
/// … and by so many a second: sideways as a lifter walks, 1.5 m/s, and up or down as a bar that is dropped, 4 m/s …
const FASTEST: (f64, f64) = (3.3, 9.0);
/// … and by no more than this however long it was lost: a lift raises a bar by 1.6 of them.
const FARTHEST: f64 = 2.0;

/// A plate, and where it was.
#[derive(Debug)]
pub struct Plate {
    /// Its rim, as large as it was sighted.
    pub rim: Rim,
    /// How large it is elsewhere.
    growth: Growth,
    /// What was seen of it.
    sightings: Vec<PlateSighting>,
    /// Where it was when it was followed the last time, in the order of time.
    known: Vec<PlatePlace>,
    /// Its last two places; they give its speed.
    last: Vec<(f64, Point)>,
    /// Not found in the last frame.
    pub lost: bool,
    /// Everywhere it was seen.
    pub seen: Vec<Seen>,
    /// Where it may have been since it was found with little of its rim in sight.
    doubtful: Option<Vec<Seen>>,
    /// It is looked for far from its last place no earlier than this.
    search_s: f64,
}

/// A place of a plate.
#[derive(Clone, Copy, Debug)]
pub struct Seen {
    /// When.
    pub time: Seconds,
    /// Where its centre was.
    pub at: Point,
    /// Share of the rays that found its rim there.
    pub coverage: f64,
}

impl Seen {
    fn place(&self) -> (Seconds, Point) {
        (self.time, self.at)
    }
}

impl Plate {
    /// As it was sighted.
    pub fn new(sighting: &PlateSighting) -> Self {
        Plate {
            rim: Rim::of(sighting),
            growth: Growth::none(sighting.at.y, sighting.height_px),
            sightings: vec![sighting.clone()],
            known: Vec::new(),
            last: vec![(sighting.time_s.get(), sighting.at)],
            lost: false,
            seen: Vec::new(),
            doubtful: None,
            search_s: f64::INFINITY,
        }
    }

    /// The same plate, as large as all its sightings have it, not followed yet.
    pub fn anew(self) -> Self {
        let typical = typical(&self.sightings);
        Plate {
            rim: Rim::of(&typical),
            growth: Growth::none(typical.at.y, typical.height_px),
            known: self.places().collect(),
            last: Vec::new(),
            lost: true,
            seen: Vec::new(),
            doubtful: None,
            search_s: f64::NEG_INFINITY,
            ..self
        }
    }

    /// Whether both are one plate that was sighted in two sizes, near the camera and farther off: each goes on where the other was
    /// lost. Both are known, but not followed yet.
    pub fn goes_on_as(&self, other: &Plate) -> bool {
        let own = self.known.iter().map(|place| (true, place));
        let others = other.known.iter().map(|place| (false, place));
        let mut turns: Vec<(bool, &PlatePlace)> = own.chain(others).collect();
        turns.sort_by(|a, b| a.1.time_s.get().total_cmp(&b.1.time_s.get()));
        let mut changes = turns.windows(2).filter(|w| w[0].0 != w[1].0);
        let goes_on = |w: &[(bool, &PlatePlace)]| {
            let [from, to] = [w[0].1, w[1].1];
            (to.time_s - from.time_s).get() <= LOST_S
                && self.can_go((from.time_s, from.at), (to.time_s, to.at))
        };
        let ratio = self.rim.height_px() / other.rim.height_px();
        let apart_px = (self.mean_y() - other.mean_y()).abs();
        (1.0 / MOST_GROWN..=MOST_GROWN).contains(&ratio)
            && apart_px >= GROWN_WITHIN * self.rim.height_px()
            && changes.all(goes_on)
    }

    /// Height in the picture at which it is known to have been on average.
    fn mean_y(&self) -> f64 {
        let all: f64 = self.known.iter().map(|place| place.at.y).sum();
        all / self.known.len() as f64
    }

    /// One plate of both, whose size goes from the one to the other.
    pub fn joined_with(&mut self, other: Plate) {
        self.sightings.extend(other.sightings);
        self.known.extend(other.known);
        let time = |place: &PlatePlace| place.time_s.get();
        self.known.sort_by(|a, b| time(a).total_cmp(&time(b)));
        for place in &self.known {
            let size = place.height_px / self.rim.height_px();
            self.growth.note(place.at.y, size);
        }
    }

    /// Whether the other is followed where this one is.
    pub fn shares_centre(&self, other: &Plate) -> bool {
        let own: Vec<PlatePlace> = self.places().collect();
        let here = |place: &PlatePlace| {
            let own = PlatePlace::at_time(&own, place.time_s);
            own.is_some_and(|own| self.is_near(own.at, place.at))
        };
        let both = other.places().filter(here).count();
        both as f64 >= MOSTLY * self.seen.len().min(other.seen.len()) as f64
    }

    /// Of two rims about one centre this is the plate's, the other its hub or a raised face: the larger, unless it is followed
    /// or seen much less.
    pub fn is_rim_of(&self, other: &Plate) -> bool {
        let is_about_as_good = |a: &Plate, b: &Plate| {
            a.clarity() >= b.clarity() - ABOUT_AS_GOOD
                && a.seen.len() as f64 >= AS_OFTEN * b.seen.len() as f64
        };
        match self.rim.height_px() > other.rim.height_px() {
            true => is_about_as_good(self, other),
            false => !is_about_as_good(other, self),
        }
    }

    /// Share of the rays that found it, on average.
    fn clarity(&self) -> f64 {
        let covered: f64 = self.seen.iter().map(|seen| seen.coverage).sum();
        covered / self.seen.len().max(1) as f64
    }

    /// Whether it was seen well enough to be a plate.
    pub fn is_clear(&self) -> bool {
        self.clarity() >= CLEAR
    }

    /// Whether the sighting is of this plate, where it is followed.
    pub fn is_at(&self, sighting: &PlateSighting) -> bool {
        let last = self.last.last().filter(|_| !self.lost);
        last.is_some_and(|(_, at)| self.is_near(*at, sighting.at))
    }

    /// Everywhere it was seen, as large as its rim is there.
    pub fn places(&self) -> impl Iterator<Item = PlatePlace> {
        self.seen.iter().map(|seen| PlatePlace {
            time_s: seen.time,
            at: seen.at,
            height_px: self.height_at(seen.at),
        })
    }

    /// Its height there, image pixels.
    pub fn height_at(&self, at: Point) -> f64 {
        self.rim_at(at).height_px()
    }

    /// Its rim as large as it should be there.
    fn rim_at(&self, at: Point) -> Rim {
        self.rim.scaled(self.growth.size_at(at.y))
    }

    /// Keeps the longest way that it can have gone, and leaves out where it would have had to hop.
    pub fn drop_hops(&mut self) {
        let parts: Vec<&[Seen]> = self
            .seen
            .chunk_by(|a, b| self.can_go(a.place(), b.place()))
            .collect();
        // the longest way to the end of each part, and the part before it
        let mut ways: Vec<(usize, Option<usize>)> = Vec::new();
        for (k, part) in parts.iter().enumerate() {
            let leads_here =
                |j: &usize| self.can_go(parts[*j][parts[*j].len() - 1].place(), part[0].place());
            let before = (0..k).filter(leads_here).max_by_key(|&j| ways[j].0);
            ways.push((part.len() + before.map_or(0, |j| ways[j].0), before));
        }
        let mut way = Vec::new();
        let mut last = (0..parts.len()).max_by_key(|&k| ways[k].0);
        while let Some(k) = last {
            way.push(parts[k]);
            last = ways[k].1;
        }
        way.reverse();
        self.seen = way.concat();
    }

    fn can_go(&self, from: (Seconds, Point), to: (Seconds, Point)) -> bool {
        let lost_s = (to.0 - from.0).get();
        let way = (to.1 - from.1) * (1.0 / self.rim.height_px());
        let reaches = |way: f64, fastest: f64| way.abs() <= HOP + fastest * lost_s;
        way.length() <= FARTHEST && reaches(way.x, FASTEST.0) && reaches(way.y, FASTEST.1)
    }

    fn is_near(&self, a: Point, b: Point) -> bool {
        (a - b).length() < 0.5 * SAME_PLACE * self.rim.height_px()
    }

    /// Whether the sighting may be of this plate, which is lost.
    pub fn was(&self, sighting: &PlateSighting) -> bool {
        self.lost && (self.rim.height_px() / sighting.height_px - 1.0).abs() < SAME_SIZE
    }

    /// It was seen again there, having been lost.
    pub fn take_up(&mut self, sighting: &PlateSighting) {
        let now = sighting.time_s.get();
        self.is_surely_at(now, sighting.at);
        self.last = vec![(now, sighting.at)];
        self.lost = false;
    }

    /// Notes what was seen of it; its rim is the one that was seen most clearly.
    pub fn correct(&mut self, sighting: &PlateSighting) {
        self.sightings.push(sighting.clone());
        if sighting.coverage >= self.rim.coverage + CLEARER {
            self.rim = Rim::of(sighting);
            self.growth = Growth::none(sighting.at.y, sighting.height_px);
            self.last = vec![(sighting.time_s.get(), sighting.at)];
        }
    }

    /// Looks for it in the next frame.
    pub fn follow(&mut self, time: Seconds, picture: &Picture) -> Result<()> {
        let now = time.get();
        let found = self.found(now, picture)?;
        self.lost = found.is_none();
        let Some(Found {
            at,
            coverage,
            height_px,
        }) = found
        else {
            return Ok(());
        };
        self.growth.note(at.y, height_px / self.rim.height_px());
        self.last.push((now, at));
        if self.last.len() > 2 {
            self.last.remove(0);
        }
        let seen = self.doubtful.as_mut().unwrap_or(&mut self.seen);
        seen.push(Seen { time, at, coverage });
        Ok(())
    }

    fn found(&mut self, now: f64, picture: &Picture) -> Result<Option<Found>> {
        let known = PlatePlace::at_time(&self.known, Seconds::new(now)).map(|p| p.at);
        if let Some(at) = known {
            self.is_surely_at(now, at);
        }
        let mut found = self.found_near_last(now, picture)?;
        if let (None, Some(at)) = (found, known) {
            found = self.rim_at(at).near(picture, at, REACH)?;
        }
        let is_sure = found.is_some() && self.doubtful.is_none();
        if is_sure || now < self.search_s {
            return Ok(found);
        }
        self.search_s = now + SEARCH_STEP_S;
        let about = self.whereabouts(now);
        let far = self.rim_at(about).near(picture, about, 2.0 * FARTHEST)?;
        match far {
            Some(best) if self.rim.is_as_clear(&best) => self.is_surely_at(now, best.at),
            Some(_) if found.is_none() && self.may_come_to_known(now) => {
                self.doubtful = Some(Vec::new());
            }
            _ => return Ok(found),
        }
        // nothing led from its last place to this one
        self.last.clear();
        Ok(far)
    }

    /// Where it was followed or sighted at the time that is nearest to `now`.
    fn whereabouts(&self, now: f64) -> Point {
        let followed = self.known.iter().map(|place| (place.time_s, place.at));
        let sighted = self.sightings.iter().map(|seen| (seen.time_s, seen.at));
        let away_s = |at: &(Seconds, Point)| (at.0.get() - now).abs();
        let nearest = followed
            .chain(sighted)
            .min_by(|a, b| away_s(a).total_cmp(&away_s(b)));
        nearest.map_or_else(Point::default, |(_, at)| at)
    }

    fn found_near_last(&self, now: f64, picture: &Picture) -> Result<Option<Found>> {
        let (about, reach) = match self.last.last() {
            Some(_) if !self.lost => (self.expected(now), REACH),
            Some(&(then, at)) if now - then <= LOST_S => (at, LOST_REACH),
            _ => return Ok(None),
        };
        self.rim_at(about).near(picture, about, reach)
    }

    /// Whether it has been lost for long, and is known to be somewhere later.
    fn may_come_to_known(&self, now: f64) -> bool {
        let later = self.known.last().is_some_and(|p| p.time_s.get() > now);
        later && self.last.last().is_none_or(|(then, _)| now - then > LOST_S)
    }

    /// It is there for sure: what led here was the plate, and what led elsewhere was not.
    fn is_surely_at(&mut self, now: f64, at: Point) {
        let Some(doubtful) = self.doubtful.take() else {
            return;
        };
        if self.is_near(self.expected(now), at) {
            self.seen.extend(doubtful);
        } else {
            self.last.clear();
            self.lost = true;
        }
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
