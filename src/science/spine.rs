//! Lumbar and thoracic flexion of one frame, from its look and the same lifter's look when standing.
//!
//! An ensemble trained on rendered bodies whose spine angles are known exactly (`models/train`, model card in
//! `models/README.md`).

use super::look::{Look, WIDTH};
use super::perceptron::{Ensemble, Estimate};

/// Numbers the network takes: a look, what differs from the standing look, that look, and whether there is one.
pub const INPUTS: usize = 3 * WIDTH + 1;
const OUTPUTS: usize = 3;
/// Angles leave the network in units of this many degrees.
const UNIT_DEG: f64 = 10.0;

static WEIGHTS: &[u8] = include_bytes!("../../models/spine.bin");

/// What one frame says of the spine.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SpineEstimate {
    /// Rotation of T12/L1 against the pelvis, less the same in standing.
    pub lumbar: Estimate,
    /// Rotation of T3–C7 against T12/L1, less the same in standing.
    pub thoracic: Estimate,
    /// Yaw of the camera off a side view, positive = from in front.
    pub yaw: Estimate,
}

/// The numbers the network is shown, before scaling.
pub fn inputs(look: &Look, standing: Option<&Look>) -> Vec<f32> {
    let (reference, flag) = standing.map_or((look.numbers, 0.0), |s| (s.numbers, 1.0));
    let change: Vec<f64> = look
        .numbers
        .iter()
        .zip(&reference)
        .map(|(now, then)| now - then)
        .collect();
    look.numbers
        .iter()
        .chain(&change)
        .chain(&reference)
        .chain([&flag])
        .map(|&v| v as f32)
        .collect()
}

/// The trained networks.
pub struct SpineNetwork(Ensemble);

impl SpineNetwork {
    /// The networks that this program carries.
    pub fn load() -> Self {
        let ensemble = Ensemble::parse(WEIGHTS, INPUTS, OUTPUTS);
        SpineNetwork(ensemble.expect("models/spine.bin is compiled in and read by a test"))
    }

    /// The estimate of each frame; `None` for frames without a look.
    pub fn estimates(
        &self,
        looks: &[Option<&Look>],
        standing: Option<&Look>,
    ) -> Vec<Option<SpineEstimate>> {
        let known = if standing.is_some() { INPUTS } else { WIDTH };
        let seen = looks.iter().flatten().map(|look| inputs(look, standing));
        let scaled = self.0.scaled(&seen.collect::<Vec<_>>(), known);
        let mut estimates = self.0.estimates(scaled.view()).into_iter();
        looks
            .iter()
            .map(|look| look.and_then(|_| estimates.next().map(spine_estimate)))
            .collect()
    }
}

fn spine_estimate(said: Vec<Estimate>) -> SpineEstimate {
    let degrees = |e: Estimate| Estimate {
        value: e.value * UNIT_DEG,
        sd: e.sd * UNIT_DEG,
    };
    SpineEstimate {
        lumbar: degrees(said[0]),
        thoracic: degrees(said[1]),
        yaw: degrees(said[2]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_weights_that_the_program_carries_fit_its_inputs() {
        assert!(Ensemble::parse(WEIGHTS, INPUTS, OUTPUTS).is_some());
    }

    #[test]
    fn cut_weights_are_refused() {
        let cut = &WEIGHTS[..WEIGHTS.len() - 4];
        assert!(Ensemble::parse(cut, INPUTS, OUTPUTS).is_none());
    }
}
