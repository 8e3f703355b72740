//! Keeps to the lifter from frame to frame: each pose says where to look next; a pose that leaps away is refused.
//!
//! Landmarks place the next crop as in MediaPipe. The lifter's track over the whole clip guards it: the pose must stay near
//! where the lifter was seen, and after a loss only the person nearest to that place is taken up again, never another.

use super::Networks;
use super::choose::{Track, quantile};
use super::picture::Picture;
use super::pose::Pose;
use super::roi::{Anchor, CROP_SIDE, Roi, Steadier};
use crate::error::Result;
use crate::recording::Landmark;
use crate::skeleton::{ANKLES, HIPS, KNEES, SHOULDERS};
use crate::units::Seconds;

/// The crop shows a person from this probability (MediaPipe: 0.5).
const MIN_PRESENCE: f64 = 0.5;
/// Hips may move this far between two frames, in body radii (landmark noise) ...
const MAX_LEAP_RADII: f64 = 0.3;
/// ... plus this fast (4 radii/s is about 4 m/s; a snatch moves the hips at 2 m/s).
const MAX_SPEED_RADII_PER_S: f64 = 4.0;
/// Body size may change by this ratio between two frames.
const MAX_GROWTH: f64 = 1.4;
/// A pose further than this from where the lifter was seen is somebody else, in body radii.
const MAX_STRAY_RADII: f64 = 0.8;
/// A pose with another size than the lifter's by this ratio is somebody else (bending changes the size by about 1.4).
const MAX_STRAY_RATIO: f64 = 2.0;
/// Sightings guide this far in time.
const GUIDE_REACH: Seconds = Seconds::new(0.75);
/// A lost lifter's last place guides this long.
const MEMORY: Seconds = Seconds::new(2.0);
/// The leap test compares with the last pose only while that is this fresh.
const FRESH: Seconds = Seconds::new(0.3);
/// A lost lifter is looked for no more often than this.
const SEARCH_STEP: Seconds = Seconds::new(0.09);
/// The detector's hips and the pose's hips agree within this many body radii (its noise is about 0.08).
const DOUBT_RADII: f64 = 0.2;
/// A pose of less merit than this is doubted (a clear view has 0.7 to 0.95) ...
const POOR: f64 = 0.55;
/// ... but no more often than this: each doubt costs up to two inferences.
const DOUBT_STEP: Seconds = Seconds::new(0.25);
/// Another pose must be better by this, or the old one is kept: changes make steps in the curves.
const MIN_GAIN: f64 = 0.1;
/// A pose looked at again from itself stays within this many body radii, when it is true.
const SETTLED_RADII: f64 = 0.1;
/// From shoulder to ankle a lifter looks no shorter than this share of how long within the last [`REMEMBERED`]: bent double from
/// 45° off the side it is 0.8. What looks shorter is somebody behind, or a body folded onto its arms or a plate. Of 0.6 to 0.75 the
/// best on 39 rendered clips that have such pictures: peaks 6.9° off, 7.5° without (docs/ACCURACY.md).
const LEAST_LENGTH: f64 = 0.65;
/// Lengths are remembered this long.
const REMEMBERED: Seconds = Seconds::new(3.0);
/// Sightings this near in time are of this frame.
const SAME_FRAME: Seconds = Seconds::new(1e-4);

/// Follows one person.
pub struct Follower<'a> {
    track: &'a Track,
    next: Option<Anchor>,
    last: Option<(Seconds, Anchor)>,
    searched: Option<Seconds>,
    doubted: Option<Seconds>,
    /// From shoulder to ankle, pixels, of the poses so far.
    lengths: Vec<(Seconds, f64)>,
    steadier: Steadier,
}

impl<'a> Follower<'a> {
    /// A follower of the lifter seen in `track`.
    pub fn new(track: &'a Track) -> Self {
        Follower {
            track,
            next: None,
            last: None,
            searched: None,
            doubted: None,
            lengths: Vec::new(),
            steadier: Steadier::default(),
        }
    }

    /// The lifter in this frame; times rise from call to call. `None` when not found.
    pub fn pose(
        &mut self,
        networks: &mut dyn Networks,
        time: Seconds,
        picture: &Picture,
    ) -> Result<Option<Pose>> {
        let followed = match self.next {
            Some(anchor) => self
                .look(networks, picture, anchor, time)?
                .filter(|pose| !self.leaps(time, pose.anchor)),
            None => None,
        };
        let found = match followed {
            Some(pose) => Some(pose),
            None => self.search(networks, time, picture)?,
        };
        let found = match found {
            Some(pose) => Some(self.second_opinion(networks, time, picture, pose)?),
            None => None,
        };
        match &found {
            Some(pose) => {
                self.last = Some((time, pose.anchor));
                self.searched = None;
                self.lengths.push((time, length(pose)));
                self.next = Some(self.steadier.follow(time, pose.anchor));
            }
            None => self.next = None,
        }
        Ok(found)
    }

    /// The pose in the crop about `anchor`, when it shows a person who can be the lifter.
    fn look(
        &self,
        networks: &mut dyn Networks,
        picture: &Picture,
        anchor: Anchor,
        time: Seconds,
    ) -> Result<Option<Pose>> {
        let pose = networks.pose(picture, Roi::around(anchor))?;
        let person = pose.presence >= MIN_PRESENCE
            && pose.anchor.radius() > 1.0
            && !is_upside_down(&pose)
            && !self.is_shrunk(time, &pose);
        Ok((person
            && self
                .stray(time, pose.anchor)
                .is_none_or(|stray| stray <= MAX_STRAY_RADII))
        .then_some(pose))
    }

    /// Looks for the lifter where seen or last followed: first by the detector, then straight in that place.
    fn search(
        &mut self,
        networks: &mut dyn Networks,
        time: Seconds,
        picture: &Picture,
    ) -> Result<Option<Pose>> {
        if self
            .searched
            .is_some_and(|last| (time - last).get() < SEARCH_STEP.get())
        {
            return Ok(None);
        }
        self.searched = Some(time);
        self.steadier.reset();
        let people = networks.people(picture)?;
        let strays = people
            .iter()
            .filter_map(|person| Some((self.stray(time, person.anchor)?, person.anchor)));
        let nearest = strays
            .filter(|(stray, _)| *stray <= MAX_STRAY_RADII)
            .min_by(|a, b| a.0.total_cmp(&b.0));
        if let Some((_, anchor)) = nearest
            && let Some(pose) = self.look(networks, picture, anchor, time)?
        {
            return Ok(Some(pose));
        }
        for start in [self.guide(time), self.track.usual(time)]
            .into_iter()
            .flatten()
        {
            if let Some(pose) = self.look(networks, picture, start, time)? {
                return Ok(Some(pose));
            }
        }
        Ok(None)
    }

    /// Tracking can settle on a plate or an arm and stay there. Where the detector saw the lifter elsewhere in this very
    /// frame, or the pose is poor, poses from other starts are tried, and the best is kept.
    fn second_opinion(
        &mut self,
        networks: &mut dyn Networks,
        time: Seconds,
        picture: &Picture,
        pose: Pose,
    ) -> Result<Pose> {
        let off = |seen: Anchor| (pose.anchor.hips - seen.hips).length() / seen.radius();
        let disputed = self
            .track
            .expected(time, SAME_FRAME)
            .is_some_and(|seen| off(seen) > DOUBT_RADII);
        let rested = self
            .doubted
            .is_none_or(|last| (time - last).get() >= DOUBT_STEP.get());
        if !(disputed || rested) || merit(&pose) >= POOR {
            return Ok(pose);
        }
        self.doubted = Some(time);
        let mut best = (merit(&pose) + MIN_GAIN, pose);
        for start in [
            self.track.expected(time, GUIDE_REACH),
            self.track.usual(time),
        ]
        .into_iter()
        .flatten()
        {
            if let Some(other) = self.look(networks, picture, start, time)?
                && merit(&other) > best.0
                && self.settles(networks, picture, &other, time)?
            {
                best = (merit(&other), other);
                self.steadier.reset();
            }
        }
        Ok(best.1)
    }

    /// Whether a second look, from where the pose itself says, shows the same: a mistaken pose falls back to the true one.
    fn settles(
        &self,
        networks: &mut dyn Networks,
        picture: &Picture,
        pose: &Pose,
        time: Seconds,
    ) -> Result<bool> {
        let again = self.look(networks, picture, pose.anchor, time)?;
        let near = |other: &Pose| {
            (other.anchor.hips - pose.anchor.hips).length() <= SETTLED_RADII * pose.anchor.radius()
        };
        Ok(again.is_some_and(|other| near(&other)))
    }

    /// Whether the body would have to move or grow impossibly fast since the last frame.
    fn leaps(&self, time: Seconds, to: Anchor) -> bool {
        let Some((last_time, last)) = self
            .last
            .filter(|(last, _)| (time - *last).get() <= FRESH.get())
        else {
            return false;
        };
        let limit = MAX_LEAP_RADII + MAX_SPEED_RADII_PER_S * (time - last_time).get();
        let ratio = to.radius() / last.radius();
        (to.hips - last.hips).length() > limit * last.radius()
            || !(1.0 / MAX_GROWTH..=MAX_GROWTH).contains(&ratio)
    }

    /// Whether the body would have shrunk since a moment ago; not when none was seen then.
    fn is_shrunk(&self, time: Seconds, pose: &Pose) -> bool {
        let late = |(seen, _): &&(Seconds, f64)| (time - *seen).get() <= REMEMBERED.get();
        let lengths = self.lengths.iter().rev().take_while(late);
        length(pose) < LEAST_LENGTH * quantile(lengths.map(|(_, length)| *length), 0.5)
    }

    /// How far `anchor` is from the lifter's place, in body radii; infinite for another size, `None` where nothing guides.
    fn stray(&self, time: Seconds, anchor: Anchor) -> Option<f64> {
        let guide = self.guide(time)?;
        let ratio = anchor.radius() / self.track.radius().max(1.0);
        let same_size = (1.0 / MAX_STRAY_RATIO..=MAX_STRAY_RATIO).contains(&ratio);
        let radius = guide.radius().max(self.track.radius());
        Some(if same_size {
            (anchor.hips - guide.hips).length() / radius
        } else {
            f64::INFINITY
        })
    }

    /// Where the lifter should be: by the sightings, else where last followed.
    fn guide(&self, time: Seconds) -> Option<Anchor> {
        let remembered = || {
            self.last
                .filter(|(last, _)| (time - *last).get() <= MEMORY.get())
                .map(|(_, anchor)| anchor)
        };
        self.track.expected(time, GUIDE_REACH).or_else(remembered)
    }
}

/// Feet above the hips or the shoulders: no lifter is, but a pose that lost the body among plates turns its crop over, and keeps
/// it so. With the hands on the floor and the knees straight the feet are still lowest.
fn is_upside_down(pose: &Pose) -> bool {
    let ankles = pose.middle(ANKLES).y;
    ankles < pose.middle(HIPS).y || ankles < pose.middle(SHOULDERS).y
}

/// From shoulder over hip and knee to the ankle, pixels.
fn length(pose: &Pose) -> f64 {
    let joints = [SHOULDERS, HIPS, KNEES, ANKLES].map(|pair| pose.middle(pair));
    joints
        .windows(2)
        .map(|ends| (ends[1] - ends[0]).length())
        .sum()
}

/// How far the pose can be trusted, at most 1: mean visibility of shoulders, hips, knees and ankles, less the gap from
/// the lowest landmark down to the foot of the mask (in crop heights, doubled). A pose folded onto a plate leaves the legs of the
/// mask without landmarks.
fn merit(pose: &Pose) -> f64 {
    let joints = [SHOULDERS, HIPS, KNEES, ANKLES]
        .into_iter()
        .flat_map(|(left, right)| [left, right]);
    let visible = joints
        .map(|joint| pose.landmarks[joint.index()].visibility)
        .sum::<f64>()
        / 8.0;
    let place = |landmark: &Landmark| pose.mask.image_from_crop.unmap(landmark.at).y;
    let lowest = pose
        .landmarks
        .iter()
        .map(place)
        .fold(0.0, f64::max)
        .min(CROP_SIDE as f64);
    let mut rows = pose.mask.logits.chunks_exact(CROP_SIDE);
    let foot = rows
        .rposition(|row| row.iter().filter(|&&logit| logit > 0.0).count() > 2)
        .unwrap_or(0);
    visible - 2.0 * (foot as f64 - lowest).max(0.0) / CROP_SIDE as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recording::World;
    use crate::skeleton::LANDMARKS;
    use crate::units::Point;
    use crate::vision::detector::Detection;
    use crate::vision::pose::Mask;
    use opencv::core::Mat;

    const RADIUS: f64 = 200.0;

    /// A gym without pixels: people at known places, each a body that a crop near enough shows.
    struct Gym {
        people: Vec<Anchor>,
        /// The detector does not see who is bent over.
        detector_sees: bool,
    }

    fn body(x: f64, y: f64) -> Anchor {
        let hips = Point::new(x, y);
        Anchor {
            hips,
            reach: hips - Point::new(0.0, RADIUS),
        }
    }

    fn detection(anchor: Anchor) -> Detection {
        Detection {
            score: 0.9,
            anchor,
            shoulders: anchor.hips - Point::new(0.0, RADIUS / 2.0),
        }
    }

    impl Networks for Gym {
        fn people(&mut self, _: &Picture) -> Result<Vec<Detection>> {
            Ok(self
                .people
                .iter()
                .filter(|_| self.detector_sees)
                .map(|&anchor| detection(anchor))
                .collect())
        }

        /// Shows whoever is nearest to the middle of the square, as the network does, when inside it.
        fn pose(&mut self, _: &Picture, roi: Roi) -> Result<Pose> {
            let away = |anchor: &Anchor| (anchor.hips - roi.centre).length();
            let nearest = self
                .people
                .iter()
                .copied()
                .min_by(|a, b| away(a).total_cmp(&away(b)));
            let anchor = nearest.filter(|anchor| away(anchor) < roi.side_px / 2.0);
            let at = anchor.map_or(roi.centre, |anchor| anchor.hips);
            let landmark = Landmark {
                at,
                depth: 0.0,
                visibility: 0.9,
            };
            let world = World {
                x: 0.0,
                y: 0.0,
                z: 0.0,
            };
            let mut landmarks = vec![landmark; LANDMARKS];
            for ankle in [ANKLES.0, ANKLES.1] {
                let legs = anchor.map_or(Point::default(), |anchor| anchor.hips - anchor.reach);
                landmarks[ankle.index()].at = at + legs;
            }
            let mut logits = vec![-9.0; CROP_SIDE * CROP_SIDE];
            let row = roi.image_from_crop().unmap(at).y.clamp(0.0, 255.0) as usize;
            logits[row * CROP_SIDE..][..4].fill(9.0);
            Ok(Pose {
                presence: if anchor.is_some() { 0.99 } else { 0.1 },
                landmarks,
                world: vec![world; LANDMARKS],
                anchor: anchor.unwrap_or(body(roi.centre.x, roi.centre.y)),
                mask: Mask {
                    logits,
                    image_from_crop: roi.image_from_crop(),
                },
            })
        }
    }

    fn empty() -> Picture {
        Picture::new(Mat::default())
    }

    fn track(places: &[(f64, f64, f64)]) -> Track {
        Track {
            seen: places
                .iter()
                .map(|&(time, x, y)| (Seconds::new(time), detection(body(x, y))))
                .collect(),
        }
    }

    /// Hip places followed, frame by frame, while `people` says who is where.
    fn followed(
        track: &Track,
        detector_sees: bool,
        people: impl Fn(f64) -> Vec<Anchor>,
    ) -> Vec<Option<Point>> {
        let mut follower = Follower::new(track);
        let mut gym = Gym {
            people: Vec::new(),
            detector_sees,
        };
        let frames = (0..90).map(|i| f64::from(i) / 30.0);
        frames
            .map(|time| {
                gym.people = people(time);
                follower
                    .pose(&mut gym, Seconds::new(time), &empty())
                    .unwrap()
                    .map(|pose| pose.anchor.hips)
            })
            .collect()
    }

    #[test]
    fn a_passer_by_in_front_of_the_lifter_is_never_followed_away() {
        let lifter = track(&[
            (0.0, 400.0, 500.0),
            (1.0, 400.0, 500.0),
            (2.0, 400.0, 500.0),
            (2.9, 400.0, 500.0),
        ]);
        // The passer-by crosses, and hides the lifter from 1.0 s to 1.4 s.
        let places = followed(&lifter, true, |time| {
            let mut people = vec![body(150.0 + 250.0 * time, 480.0)];
            if !(1.0..1.4).contains(&time) {
                people.push(body(400.0, 500.0));
            }
            people
        });
        let last = places.last().unwrap().unwrap();
        assert_eq!(last.x, 400.0);
        assert!(
            places
                .iter()
                .flatten()
                .all(|hips| (hips.x - 400.0).abs() < 0.8 * RADIUS)
        );
    }

    #[test]
    fn a_lost_lifter_is_not_replaced_by_somebody_far_away() {
        let lifter = track(&[(0.0, 400.0, 500.0), (0.9, 400.0, 500.0)]);
        let places = followed(&lifter, true, |time| {
            if time < 1.0 {
                vec![body(400.0, 500.0), body(900.0, 500.0)]
            } else {
                vec![body(900.0, 500.0)]
            }
        });
        assert!(places[..30].iter().all(Option::is_some));
        assert!(places[31..].iter().all(Option::is_none));
    }

    /// The lifter is lost while a body that reaches so far from the hips is in the same place, from 1 to 2 s, and found again.
    fn is_never_taken_for_the_lifter(reach: Point) {
        let lifter = track(&[(0.0, 400.0, 500.0), (2.9, 400.0, 500.0)]);
        let hips = Point::new(400.0, 500.0);
        let other = Anchor {
            hips,
            reach: hips + reach,
        };
        let places = followed(&lifter, false, |time| {
            let seen = !(1.0..2.0).contains(&time);
            vec![if seen { body(hips.x, hips.y) } else { other }]
        });
        let found: Vec<bool> = places.iter().map(Option::is_some).collect();
        assert!(found[..30].iter().all(|f| *f), "{found:?}");
        assert!(found[30..60].iter().all(|f| !f), "{found:?}");
        assert!(found[63..].iter().all(|f| *f), "{found:?}");
    }

    #[test]
    fn a_body_on_its_head_is_not_the_lifter() {
        is_never_taken_for_the_lifter(Point::new(0.0, RADIUS));
    }

    #[test]
    fn somebody_much_shorter_in_the_same_place_is_not_the_lifter() {
        is_never_taken_for_the_lifter(Point::new(0.0, -0.55 * RADIUS));
    }

    #[test]
    fn a_lifter_whom_the_detector_misses_is_found_where_seen_before() {
        let lifter = track(&[(0.0, 400.0, 500.0), (0.5, 400.0, 520.0)]);
        let places = followed(&lifter, false, |_| {
            vec![body(400.0, 510.0), body(900.0, 500.0)]
        });
        assert!(
            places
                .iter()
                .all(|hips| hips.is_some_and(|hips| hips.x == 400.0))
        );
    }
}
