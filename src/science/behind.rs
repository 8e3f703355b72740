//! Whether the plate in front of the lifter misled a reading of the video, and whether a reading with that plate painted over
//! was misled less.
//!
//! A big plate hides head and trunk. The pose network then finds nobody, or takes the plate for the trunk and lays the hips
//! on it. On 88 rendered clips a reading behind the plate that mends this brought the peak of a rep nearer to the
//! truth (docs/ACCURACY.md); one that does not is no better, and its outline is partly made up.

use super::bar::in_frames;
use super::body::Body;
use super::facing_side;
use super::posture::Posture;
use crate::recording::{Frame, PlatePlace, Recording};
use crate::skeleton::HIPS;

/// A reading without the lifter in this share of its frames more than another is worse,
const LOST: f64 = 0.05;
/// and so is one with the hips on the plate in this share more. In pulls the plate does pass in front of the hips.
const ON_PLATE: f64 = 0.1;
/// The hips are on the plate within this share of its radius.
const WITHIN: f64 = 0.9;

/// Places of the plate in front, where it may have misled the reading; none where it did not.
pub fn misleading_plate(recording: &Recording) -> Vec<PlatePlace> {
    let Some(body) = Body::new(recording) else {
        return Vec::new();
    };
    let side = facing_side(recording);
    let path = Posture::new(&body, side, &recording.header.plate_path).bar_path;
    let plates: Vec<PlatePlace> = (0..body.len())
        .filter_map(|i| path.hiding(i))
        .copied()
        .collect();
    let shares = Shares::of(recording, &plates);
    match shares.lost >= LOST || shares.on_plate >= ON_PLATE {
        true => plates,
        false => Vec::new(),
    }
}

/// Whether the reading `behind` the plate was misled less than the one before.
pub fn is_better(behind: &Recording, before: &Recording, plates: &[PlatePlace]) -> bool {
    let (behind, before) = (Shares::of(behind, plates), Shares::of(before, plates));
    let found = before.lost - behind.lost;
    found > -LOST && (found >= LOST || before.on_plate - behind.on_plate >= ON_PLATE)
}

/// Shares of the frames of a reading.
struct Shares {
    /// Without the lifter.
    lost: f64,
    /// With the hips on the plate.
    on_plate: f64,
}

impl Shares {
    fn of(recording: &Recording, plates: &[PlatePlace]) -> Self {
        let frames = &recording.frames;
        let times: Vec<f64> = frames.iter().map(|f| f.time_s.get()).collect();
        let plates = in_frames(plates, &times);
        let on_plate = |(frame, plate): &(&Frame, &Option<PlatePlace>)| {
            let hips = frame.person.as_ref().map(|p| p.middle(HIPS));
            let off = hips.zip(plate.as_ref());
            off.is_some_and(|(at, plate)| (at - plate.at).length() < WITHIN * 0.5 * plate.height_px)
        };
        let share = |count: usize| count as f64 / frames.len().max(1) as f64;
        Shares {
            lost: share(frames.iter().filter(|f| f.person.is_none()).count()),
            on_plate: share(frames.iter().zip(&plates).filter(on_plate).count()),
        }
    }
}
