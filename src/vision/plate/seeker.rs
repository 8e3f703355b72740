//! When to look for plates: in still moments, some time apart, so that frames are sharp and the search costs little, and more
//! often while none is in sight. Between them they are followed.

use super::path::Path;
use super::sight;
use crate::error::Result;
use crate::recording::{Person, PlateSighting};
use crate::skeleton::{HIPS, SHOULDERS, WRISTS};
use crate::units::{Point, Seconds};
use crate::vision::picture::Picture;

/// Least time between two looks; longer in long clips.
const APART_S: f64 = 0.35;
/// … and while no plate is in sight.
const APART_UNSEEN_S: f64 = 0.15;
/// Looks in a clip at most: 24 take about a second of computing.
const MOST_LOOKS: f64 = 24.0;
/// … and of those while no plate is in sight.
const MOST_LOOKS_UNSEEN: f64 = 60.0;
/// The hands are still when they move by less than this share of the trunk ...
const STILL: f64 = 0.04;
/// ... over this long
const STILL_S: f64 = 0.15;

/// Collects sightings while a clip is read.
pub struct Seeker {
    /// Least time between two looks, and while no plate is in sight.
    apart_s: [f64; 2],
    looked_s: f64,
    /// Where the hands were lately.
    hands: Vec<(f64, Point)>,
    trunk_px: f64,
    /// What was found.
    pub sightings: Vec<PlateSighting>,
    /// Where it went from there.
    pub path: Path,
}

impl Seeker {
    /// For a clip of this length.
    pub fn new(duration: Seconds) -> Self {
        let least = |looks: f64| duration.get() / looks;
        Seeker {
            apart_s: [
                APART_S.max(least(MOST_LOOKS)),
                APART_UNSEEN_S.max(least(MOST_LOOKS_UNSEEN)),
            ],
            looked_s: f64::NEG_INFINITY,
            hands: Vec::new(),
            trunk_px: 0.0,
            sightings: Vec::new(),
            path: Path::default(),
        }
    }

    /// Looks at a frame, whether or not the lifter was found in it: for rims when it is worth it, for places whenever a rim
    /// is known.
    pub fn look(
        &mut self,
        time: Seconds,
        picture: &Picture,
        person: Option<&Person>,
    ) -> Result<()> {
        self.path.follow(time, picture)?;
        let now = time.get();
        let still = person.is_some_and(|person| self.is_still(now, person));
        let Some(&(_, hands)) = self.hands.last() else {
            return Ok(());
        };
        let [apart, unseen] = self.apart_s.map(|apart| now - self.looked_s >= apart);
        let due = (still && apart) || (unseen && !self.path.follows());
        if !due || self.trunk_px < 30.0 {
            return Ok(());
        }
        self.looked_s = now;
        let plates = sight(picture, time, hands, self.trunk_px)?;
        self.path.sighted(&plates);
        self.sightings.extend(plates);
        Ok(())
    }

    /// Whether the hands rest; notes where they are.
    fn is_still(&mut self, now: f64, person: &Person) -> bool {
        let hands = person.middle(WRISTS);
        self.trunk_px = (person.middle(SHOULDERS) - person.middle(HIPS)).length();
        self.hands.retain(|(then, _)| now - then <= STILL_S);
        let watched = self
            .hands
            .first()
            .is_some_and(|h| now - h.0 > 0.6 * STILL_S);
        let near = |h: &(f64, Point)| (h.1 - hands).length() < STILL * self.trunk_px;
        let still = watched && self.hands.iter().all(near);
        self.hands.push((now, hands));
        still
    }
}
