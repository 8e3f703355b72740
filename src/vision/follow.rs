//! Keeps to the lifter from frame to frame: each pose says where to look next; a pose that leaps away is refused.
//!
//! Landmarks place the next crop as in MediaPipe. The lifter's track over the whole clip guards it: the pose must stay near
//! where the lifter was seen, and after a loss only the person nearest to that place is taken up again, never another.

use super::Networks;
use super::choose::Track;
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
const POOR: f64 = 0.6;
/// ... but no more often than this: each doubt costs up to two inferences.
const DOUBT_STEP: Seconds = Seconds::new(0.25);
/// Another pose must be better by this, or the old one is kept: changes make steps in the curves.
const MIN_GAIN: f64 = 0.04;
/// Sightings this near in time are of this frame.
const SAME_FRAME: Seconds = Seconds::new(1e-4);

/// Follows one person.
pub struct Follower<'a> {
    track: &'a Track,
    next: Option<Anchor>,
    last: Option<(Seconds, Anchor)>,
    searched: Option<Seconds>,
    doubted: Option<Seconds>,
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
        let person = pose.presence >= MIN_PRESENCE && pose.anchor.radius() > 1.0;
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
        if !disputed && !(rested && merit(&pose) < POOR) {
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
            {
                best = (merit(&other), other);
                self.steadier.reset();
            }
        }
        Ok(best.1)
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

/// How far the pose can be trusted, at most 1: mean visibility of shoulders, hips, knees and ankles, less the gap between
/// the lowest landmark and the foot of the mask (in crop heights, doubled). A pose folded onto a plate leaves the legs of the
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
    visible - 2.0 * (foot as f64 - lowest).abs() / CROP_SIDE as f64
}
