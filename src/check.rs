//! What a filming check says: whether a clip can be judged as it was filmed, and what to change. Plain data; printed as it is
//! by `formcheck check --json`.
//!
//! A check looks at a few moments of a clip, each a burst of frames, and says no more than those show.

use crate::recording::Clip;
use crate::session::{Caution, Reference, Side, View};
use crate::units::{Angle, Seconds};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Schema name of the document.
pub const SCHEMA: &str = "formcheck/check/1";

/// What a look at a few moments of a clip found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FilmingCheck {
    /// Always [`SCHEMA`].
    pub schema: String,
    /// The video; of a video that was not read to its end, frames and duration are what its container says.
    pub clip: Clip,
    /// Frames that were looked at.
    pub frames_looked_at: u32,
    /// The answer.
    pub answer: Answer,
    /// The answer in one sentence.
    pub sentence: String,
    /// Who is measured; `None` when nobody was seen, which `cautions` then say.
    pub lifter: Option<SeenLifter>,
    /// From where it is filmed; `None` when nobody was seen, or the picture is not upright.
    pub view: Option<View>,
    /// What zero would be; `None` when nobody was seen, or the picture is not upright.
    pub reference: Option<Reference>,
    /// Share of the frames looked at in which the lower back could be measured, 0 to 1.
    pub lower_back_seen_share: f64,
    /// Standard uncertainty to expect of an angle; `None` where the lower back was not measured, which `cautions` then say.
    pub expected_sd_deg: Option<Angle>,
    /// What was seen, in plain sentences.
    pub findings: Vec<String>,
    /// What to change, worst first.
    pub cautions: Vec<Caution>,
    /// Version of formcheck.
    pub version: String,
}

/// Whether a set filmed like this can be judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// It can, and nothing has to change.
    Usable,
    /// It can; changes make it better.
    UsableWithCautions,
    /// Every rep would be "can't tell".
    NotUsable,
}

/// The person that would be measured.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SeenLifter {
    /// Middle of the hips as a share of the picture's width, 0 left to 1 right.
    pub across_share: f64,
    /// Height of the body as a share of the picture's height, when most upright.
    pub height_share: f64,
    /// The side towards the camera.
    pub side: Side,
    /// Other people in the same picture, at most; `None` when it was not counted, as in a recording.
    pub others: Option<u32>,
}

/// What the pixels say besides: only where there is a video.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Scenery {
    /// Most people seen at one moment.
    pub people: u32,
    /// Median brightness about the lifter, 0 black to 255 white; `None` when nobody was seen.
    pub brightness: Option<f64>,
}

/// Moments spread evenly over the clip ...
const EVENLY: u32 = 8;
/// ... and where lifters stand still: after its begin and before its end, seconds.
const NEAR_ENDS_S: [f64; 3] = [0.2, 0.9, 1.6];
/// Moments closer together than this are one.
const LEAST_APART_S: f64 = 0.4;
/// Frames of a burst, and the time between two of them: three show whether somebody stands still.
pub const BURST_FRAMES: u32 = 3;
/// See [`BURST_FRAMES`].
pub const BURST_STEP_S: f64 = 0.08;

/// When a check looks at a clip of this length: the begins of its bursts, in the order of time.
pub fn moments(duration: Seconds) -> Vec<Seconds> {
    let end_s = duration.get() - BURST_STEP_S * f64::from(BURST_FRAMES);
    let evenly = (0..EVENLY).map(|k| end_s * (f64::from(k) + 0.5) / f64::from(EVENLY));
    let ends = NEAR_ENDS_S.iter().flat_map(|s| [*s, end_s - s]);
    let mut all: Vec<f64> = evenly
        .chain(ends)
        .filter(|s| (0.0..=end_s).contains(s))
        .collect();
    all.sort_by(f64::total_cmp);
    let mut kept: Vec<Seconds> = Vec::new();
    for s in all {
        if kept
            .last()
            .is_none_or(|last| s - last.get() >= LEAST_APART_S)
        {
            kept.push(Seconds::new(s));
        }
    }
    if kept.is_empty() {
        kept.push(Seconds::default());
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minute_is_looked_at_in_fewer_than_fifteen_moments_from_its_first_second_to_its_last() {
        let moments = moments(Seconds::new(60.0));
        assert!((10..15).contains(&moments.len()), "{moments:?}");
        assert!(moments[0].get() < 1.0 && moments[moments.len() - 1].get() > 59.0);
    }

    #[test]
    fn even_a_clip_of_two_frames_has_a_moment() {
        assert_eq!(moments(Seconds::new(0.07)), [Seconds::default()]);
    }
}
