//! When to look for the plate: in still moments, some time apart, so that frames are sharp and the search costs little.
//! Between them it is followed.

use super::path::Path;
use super::sight;
use crate::error::Result;
use crate::recording::{Person, PlateSighting};
use crate::skeleton::{HIPS, SHOULDERS, WRISTS};
use crate::units::{Point, Seconds};
use crate::vision::picture::Picture;

/// Least time between two looks; longer in long clips.
const APART_S: f64 = 0.35;
/// Looks in a clip at most: 24 take about a second of computing.
const MOST_LOOKS: f64 = 24.0;
/// The hands are still when they move by less than this share of the trunk ...
const STILL: f64 = 0.04;
/// ... over this long
const STILL_S: f64 = 0.15;

/// Collects sightings while a clip is read.
pub struct Seeker {
    apart_s: f64,
    looked_s: f64,
    /// Where the hands were lately.
    hands: Vec<(f64, Point)>,
    /// What was found.
    pub sightings: Vec<PlateSighting>,
    /// Where it went from there.
    pub path: Path,
}

impl Seeker {
    /// For a clip of this length.
    pub fn new(duration: Seconds) -> Self {
        Seeker {
            apart_s: APART_S.max(duration.get() / MOST_LOOKS),
            looked_s: f64::NEG_INFINITY,
            hands: Vec::new(),
            sightings: Vec::new(),
            path: Path::default(),
        }
    }

    /// Looks at a frame: for the rim when it is worth it, for the plate's place whenever the rim is known.
    pub fn look(&mut self, time: Seconds, picture: &Picture, person: &Person) -> Result<()> {
        self.path.follow(time, picture)?;
        let now = time.get();
        let hands = person.middle(WRISTS);
        self.hands.retain(|(then, _)| now - then <= STILL_S);
        let trunk_px = (person.middle(SHOULDERS) - person.middle(HIPS)).length();
        let watched = self
            .hands
            .first()
            .is_some_and(|h| now - h.0 > 0.6 * STILL_S);
        let near = |h: &(f64, Point)| (h.1 - hands).length() < STILL * trunk_px;
        let still = watched && self.hands.iter().all(near);
        self.hands.push((now, hands));
        if !still || trunk_px < 30.0 || now - self.looked_s < self.apart_s {
            return Ok(());
        }
        self.looked_s = now;
        if let Some(sighting) = sight(picture, time, hands, trunk_px)? {
            self.path.sighted(&sighting);
            self.sightings.push(sighting);
        }
        Ok(())
    }
}
