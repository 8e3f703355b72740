//! The lifter's joints over time, cleaned once: spikes dropped, smoothed without delay, left and right averaged.
//!
//! Middles of left and right, not the near side: a near-side point moves the trunk line by up to 4° at 20° of yaw, and by
//! a different amount bent and upright, so it would not cancel against standing.

use super::filter::{median, percentile, smooth, without_spikes};
use crate::recording::{Person, Recording};
use crate::skeleton::{
    ANKLES, EARS, ELBOWS, HEELS, HIPS, Joint, KNEES, Pair, SHOULDERS, TOES, WRISTS,
};
use crate::units::{Angle, Point};

/// A joint that jumps by more than this within [`SPIKE_REACH_S`], trunk lengths, has leapt (onto a plate, say).
pub const SPIKE: f64 = 0.10;
/// Reach of the running median that spikes are measured against.
const SPIKE_REACH_S: f64 = 0.17;
/// Smoothing of landmark paths: a Gaussian of 0.04 s passes 3.3 Hz at half power, above the
/// swing of any lift (about 1 Hz for the quickest jump squats).
const SMOOTHING_S: f64 = 0.04;
/// A frame counts as seen when the network is this sure that a person is there.
const PRESENT: f64 = 0.5;

/// Which joints are tracked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Mid-hip.
    Hip,
    /// Mid-shoulder.
    Shoulder,
    /// Between the knees.
    Knee,
    /// Between the ankles.
    Ankle,
    /// Between the wrists.
    Wrist,
    /// Between the elbows.
    Elbow,
    /// Between the heels.
    Heel,
    /// Between the toes.
    Toe,
    /// Between the ears.
    Ear,
    /// Nose.
    Nose,
}

const PARTS: [(Part, Pair); 10] = [
    (Part::Hip, HIPS),
    (Part::Shoulder, SHOULDERS),
    (Part::Knee, KNEES),
    (Part::Ankle, ANKLES),
    (Part::Wrist, WRISTS),
    (Part::Elbow, ELBOWS),
    (Part::Heel, HEELS),
    (Part::Toe, TOES),
    (Part::Ear, EARS),
    (Part::Nose, (Joint::Nose, Joint::Nose)),
];

/// Joint paths of one clip, upright image pixels.
#[derive(Clone, Debug)]
pub struct Body {
    /// Frame times, seconds.
    pub times: Vec<f64>,
    paths: Vec<Vec<Option<Point>>>,
    /// Typical trunk length (hip to shoulder), pixels.
    pub trunk_px: f64,
    /// Typical thigh length (hip to knee), pixels.
    pub thigh_px: f64,
    /// Trunk, thigh and shank laid end to end, pixels: steadier than each of them, as a landmark between two bones that is
    /// off makes one longer and the other shorter.
    pub stretched_px: f64,
    /// Yaw of the camera by the pose network's own metres, positive from in front. Coarse: in 50 rendered clips from 30° on it tells
    /// front from behind in all and is 8° off (median).
    pub coarse_yaw: Angle,
}

impl Body {
    /// Cleans the landmarks of a recording; `None` when no frame shows a person.
    pub fn new(recording: &Recording) -> Option<Self> {
        let times: Vec<f64> = recording.frames.iter().map(|f| f.time_s.get()).collect();
        let people: Vec<Option<&Person>> = recording
            .frames
            .iter()
            .map(|f| f.person.as_ref().filter(|p| p.presence >= PRESENT))
            .collect();
        let raw = |pair: Pair| -> Vec<Option<Point>> {
            people.iter().map(|p| p.map(|p| p.middle(pair))).collect()
        };
        let trunk_px = upper_length(&raw(HIPS), &raw(SHOULDERS))?;
        let thigh_px = upper_length(&raw(HIPS), &raw(KNEES))?;
        let shank_px = upper_length(&raw(KNEES), &raw(ANKLES))?;
        let mut yaws: Vec<f64> = people.iter().flatten().map(|p| yaw(p).degrees()).collect();
        let paths = PARTS
            .iter()
            .map(|&(_, pair)| cleaned(&times, &raw(pair), SPIKE * trunk_px))
            .collect();
        Some(Body {
            times,
            paths,
            trunk_px,
            thigh_px,
            stretched_px: trunk_px + thigh_px + shank_px,
            coarse_yaw: Angle::from_degrees(median(&mut yaws)?),
        })
    }

    /// Where `part` is in frame `index`; `None` where it was not seen.
    pub fn at(&self, part: Part, index: usize) -> Option<Point> {
        self.paths[part as usize][index]
    }

    /// Number of frames.
    pub fn len(&self) -> usize {
        self.times.len()
    }

    /// One value a frame, from that frame's joints.
    pub fn each(&self, measure: impl Fn(usize) -> Option<f64>) -> Vec<Option<f64>> {
        (0..self.len()).map(measure).collect()
    }
}

/// How far hips and shoulders are turned towards the camera.
fn yaw(person: &Person) -> Angle {
    let across = person.across(HIPS) + person.across(SHOULDERS);
    Angle::from_radians(f64::atan2(-across.x, across.y.abs()))
}

/// A path without leaps, smoothed.
pub fn cleaned(times: &[f64], path: &[Option<Point>], spike_px: f64) -> Vec<Option<Point>> {
    let axis = |pick: fn(Point) -> f64| {
        let values: Vec<Option<f64>> = path.iter().map(|p| p.map(pick)).collect();
        without_spikes(times, &values, SPIKE_REACH_S, spike_px)
    };
    let (mut x, mut y) = (axis(|p| p.x), axis(|p| p.y));
    for (x, y) in x.iter_mut().zip(&mut y) {
        if x.is_none() || y.is_none() {
            (*x, *y) = (None, None);
        }
    }
    let x = smooth(times, &x, None, SMOOTHING_S);
    let y = smooth(times, &y, None, SMOOTHING_S);
    x.into_iter()
        .zip(y)
        .map(|(x, y)| Some(Point::new(x?, y?)))
        .collect()
}

/// Length that is reached in the longest quarter of frames: bones look short when they point at the camera.
fn upper_length(a: &[Option<Point>], b: &[Option<Point>]) -> Option<f64> {
    let mut lengths: Vec<f64> = a
        .iter()
        .zip(b)
        .filter_map(|(a, b)| Some(((*a)? - (*b)?).length()))
        .collect();
    percentile(&mut lengths, 0.75).filter(|l| *l >= 1.0)
}
