//! Lumbar and thoracic flexion over time: every frame's estimate, wild ones left out, zeroed on the lifter's own
//! standing, smoothed without delay, each with its standard uncertainty.
//!
//! Where the pose network looked at the trunk twice, once as in a mirror, both outlines are read on their own, and what they say is
//! fused: the curve's error is 7 % smaller than by one of them (94 rendered clips; docs/ACCURACY.md). One look at the mean of both outlines
//! was no better than one of them.

use super::body::Body;
use super::filter::{median, smooth, without_spikes};
use super::look::Look;
use super::looks::{Outline, TrunkLook, bridged, finest, measured};
use super::perceptron::Estimate;
use super::posture::Posture;
use super::reference::StandingFrames;
use super::spine::{SpineEstimate, SpineNetwork, Typical};
use super::trunk_axis::AxisNetwork;
use crate::recording::Recording;
use crate::session::Side;

/// A frame that differs by more than this from its neighbours within [`REACH_S`] is left out. A steady change of any
/// speed is its own running median and stays; leaps of the pose go.
const WILD_DEG: f64 = 14.0;
const REACH_S: f64 = 0.17;
/// Smoothing of flexion: 0.07 s passes 1.9 Hz at half power, and blunts a 0.4 s bump by under a tenth.
const SMOOTHING_S: f64 = 0.07;
/// A frame whose own uncertainty is above this has nothing to say.
const USELESS_SD_DEG: f64 = 14.0;
/// What the network states is multiplied by this: neighbouring frames are averaged. Chosen on 94 rendered clips of bodies it was
/// not trained on (`models/train/README.md`), where 80 % intervals then hold 79 % of rep peaks.
const SD_FACTOR: f64 = 0.8;

/// One quantity over time.
#[derive(Clone, Debug)]
pub struct Curve {
    /// Best value, degrees, one a frame; `None` where not measured.
    pub value: Vec<Option<f64>>,
    /// Standard uncertainty, degrees.
    pub sd: Vec<Option<f64>>,
}

impl Curve {
    /// Share of `frames` in which it was measured.
    pub fn seen_share(&self, frames: impl Iterator<Item = usize>) -> f64 {
        let (mut all, mut seen) = (0_usize, 0_usize);
        for i in frames {
            all += 1;
            seen += usize::from(self.value[i].is_some());
        }
        seen as f64 / all.max(1) as f64
    }
}

/// What is known of the spine over the clip.
#[derive(Clone, Debug)]
pub struct FlexionTrack {
    /// Lumbar flexion from own standing.
    pub lumbar: Curve,
    /// Thoracic flexion from own standing.
    pub thoracic: Curve,
    /// Yaw of the camera, median over the clip, with its standard uncertainty, degrees.
    pub yaw: Option<Estimate>,
    /// The lifter's standing look and trunk length in pixels, when there is one.
    pub standing: Option<(Look, f64)>,
    /// The looks of all frames; between two closer looks they are interpolated.
    pub looks: Vec<Option<TrunkLook>>,
}

/// Measures every frame.
pub fn flexion_track(
    recording: &Recording,
    body: &Body,
    posture: &Posture,
    standing: &StandingFrames,
    side: Side,
) -> FlexionTrack {
    let networks = (AxisNetwork::load(), SpineNetwork::load());
    let read = |outline: &Outline| {
        let looks = measured(recording, body, posture, side, outline, &networks.0);
        Reading::new(looks, standing, &networks.1)
    };
    let (straight, mirrored) = std::thread::scope(|scope| {
        let mirrored = scope.spawn(|| read(&|person| &person.mirrored_trunk_outline));
        let straight = read(&finest(recording));
        (straight, mirrored.join())
    });
    let mirrored = mirrored.unwrap_or_else(|panic| std::panic::resume_unwind(panic));
    let both = straight.estimates.iter().zip(&mirrored.estimates);
    let estimates: Vec<Option<SpineEstimate>> = both.map(|(a, b)| fused(*a, *b)).collect();
    // The lifter stands, but the back is hidden then: without a zero nothing is measured.
    let zeroless = straight.standing.is_none() && !standing.frames.is_empty();
    let curve = |pick: fn(&SpineEstimate) -> Estimate| {
        let measured = |e: &Option<SpineEstimate>| e.as_ref().filter(|_| !zeroless).map(pick);
        let raw: Vec<Option<Estimate>> = estimates.iter().map(measured).collect();
        zeroed_and_smoothed(&body.times, &raw, standing)
    };
    FlexionTrack {
        lumbar: curve(|e| e.lumbar),
        thoracic: curve(|e| e.thoracic),
        yaw: yaw(&estimates),
        standing: straight.standing,
        looks: bridged(&body.times, straight.looks, side),
    }
}

/// What one outline of each frame says.
struct Reading {
    looks: Vec<Option<TrunkLook>>,
    /// The lifter's standing look and trunk length in pixels.
    standing: Option<(Look, f64)>,
    estimates: Vec<Option<SpineEstimate>>,
}

impl Reading {
    fn new(
        looks: Vec<Option<TrunkLook>>,
        standing: &StandingFrames,
        network: &SpineNetwork,
    ) -> Self {
        let reference = standing.frames.iter().filter_map(|&i| looks[i].as_ref());
        let (lengths, standing): (Vec<f64>, Vec<&Look>) = reference
            .map(|(trunk, look)| (trunk.length(), look))
            .unzip();
        let seen: Vec<Option<&Look>> = looks.iter().map(|l| l.as_ref().map(|l| &l.1)).collect();
        let lifter = Typical {
            standing: Look::typical(&standing),
            bent: Look::bent(&seen),
        };
        let estimates = network.estimates(&seen, &lifter);
        let length = median(&mut { lengths });
        Reading {
            looks,
            standing: lifter.standing.zip(length),
            estimates,
        }
    }
}

/// What both say of one frame together: the mean and spread of their mixture, so that it is less sure where they differ.
fn fused(a: Option<SpineEstimate>, b: Option<SpineEstimate>) -> Option<SpineEstimate> {
    let (Some(a), Some(b)) = (a, b) else {
        return a.or(b);
    };
    let both = |pick: fn(&SpineEstimate) -> Estimate| Estimate::mixture([a, b].iter().map(pick));
    Some(SpineEstimate {
        lumbar: both(|e| e.lumbar),
        thoracic: both(|e| e.thoracic),
        yaw: both(|e| e.yaw),
    })
}

fn zeroed_and_smoothed(
    times: &[f64],
    raw: &[Option<Estimate>],
    standing: &StandingFrames,
) -> Curve {
    let useful = |e: &Option<Estimate>| e.filter(|e| e.sd <= USELESS_SD_DEG);
    let zero = median(
        &mut standing
            .frames
            .iter()
            .filter_map(|&i| useful(&raw[i]).map(|e| e.value))
            .collect::<Vec<_>>(),
    );
    let values: Vec<Option<f64>> = raw
        .iter()
        .map(|e| useful(e).map(|e| e.value - zero.unwrap_or(0.0)))
        .collect();
    let values = without_spikes(times, &values, REACH_S, WILD_DEG);
    let weights: Vec<f64> = raw
        .iter()
        .map(|e| e.map_or(0.0, |e| e.sd.max(1.0).powi(-2)))
        .collect();
    let value = smooth(times, &values, Some(&weights), SMOOTHING_S);
    let kept: Vec<Option<f64>> = raw
        .iter()
        .zip(&values)
        .map(|(e, v)| v.and(*e).map(|e| e.sd))
        .collect();
    let own = smooth(times, &kept, None, SMOOTHING_S);
    let sd = own
        .iter()
        .map(|sd| sd.map(|sd| (SD_FACTOR * sd.max(0.5)).hypot(standing.sd_deg)))
        .collect();
    Curve { value, sd }
}

fn yaw(estimates: &[Option<SpineEstimate>]) -> Option<Estimate> {
    let of = |pick: fn(&Estimate) -> f64| {
        median(
            &mut estimates
                .iter()
                .flatten()
                .map(|e| pick(&e.yaw))
                .collect::<Vec<_>>(),
        )
    };
    Some(Estimate {
        value: of(|y| y.value)?,
        sd: of(|y| y.sd)?,
    })
}
