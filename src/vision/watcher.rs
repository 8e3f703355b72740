//! Watches one lifter: every frame for the whole body, some for the trunk.

use super::Networks;
use super::choose::Track;
use super::follow::Follower;
use super::outline;
use super::picture::Picture;
use super::pose::Mask;
use super::roi::Roi;
use crate::error::Result;
use crate::recording::Person;
use crate::skeleton::{HIPS, SHOULDERS};
use crate::units::Seconds;

/// The trunk is looked at closely no more often than this: every third frame of a 30 Hz video. On rendered clips every frame
/// or every second one gives the same error (every second: 4.5° over all reps of set1, as every third).
const CLOSER_STEP: Seconds = Seconds::new(0.09);
/// The look at the trunk shows a person from this probability. Low, since the network expects a whole body: on rendered
/// pictures the closer outline is the better one from 0.15.
const MIN_TRUNK_PRESENCE: f64 = 0.2;

/// The lifter, and when the next closer look is due.
pub struct Watcher<'a> {
    follower: Follower<'a>,
    closer_due: Seconds,
}

impl<'a> Watcher<'a> {
    /// Watches the one who was followed roughly.
    pub fn new(lifter: &'a Track) -> Self {
        Watcher {
            follower: Follower::new(lifter),
            closer_due: Seconds::new(f64::NEG_INFINITY),
        }
    }

    /// The lifter in this frame, as the recording keeps it; times rise from call to call.
    pub fn person(
        &mut self,
        networks: &mut dyn Networks,
        time: Seconds,
        picture: &Picture,
    ) -> Result<Option<Person>> {
        let Some(pose) = self.follower.pose(networks, time, picture)? else {
            return Ok(None);
        };
        let (hips, shoulders) = (pose.middle(HIPS), pose.middle(SHOULDERS));
        let outline = |mask: &Mask| outline::outline(mask, hips, shoulders);
        let mut trunk_outline = Vec::new();
        if time.get() >= self.closer_due.get() {
            self.closer_due = time + CLOSER_STEP;
            let roi = Roi::of_trunk(pose.anchor, hips, shoulders);
            let trunk = networks.pose(picture, roi)?;
            let shown = trunk.presence >= MIN_TRUNK_PRESENCE;
            trunk_outline = outline(if shown { &trunk.mask } else { &pose.mask });
        }
        Ok(Some(Person {
            presence: pose.presence,
            outline: outline(&pose.mask),
            trunk_outline,
            landmarks: pose.landmarks,
            world: pose.world,
        }))
    }
}
