//! Lumbar and thoracic flexion of one frame, from its look and the same lifter's typical looks standing and bent.
//!
//! An ensemble trained on rendered bodies whose spine angles are known exactly (`models/train`, model card in
//! `models/README.md`).

use super::lift::Load;
use super::look::{Look, WIDTH};
use super::perceptron::{Ensemble, Estimate};

/// Numbers the network takes: a look, what differs from the standing look, that look, whether there is one, and the typical
/// look of the bent lifter.
const INPUTS: usize = 4 * WIDTH + 1;
const OUTPUTS: usize = 3;
/// Angles leave the network in units of this many degrees.
const UNIT_DEG: f64 = 10.0;

static USUAL: &[u8] = include_bytes!("../../models/spine.bin");
static IN_FRONT: &[u8] = include_bytes!("../../models/spine_front.bin");

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

/// The lifter as seen over the whole clip, which tells the body, the clothes and the camera better than one frame does.
#[derive(Clone, Debug, Default)]
pub struct Typical {
    /// Standing, the zero.
    pub standing: Option<Look>,
    /// Bent, in the middle of the lift; see [`Look::bent`].
    pub bent: Option<Look>,
}

/// The trained networks.
pub struct SpineNetwork(Ensemble);

impl SpineNetwork {
    /// The networks that this program carries for lifters with that load.
    pub fn load(load: Load) -> Self {
        let ensemble = Ensemble::parse(load.choose(USUAL, IN_FRONT), INPUTS, OUTPUTS);
        SpineNetwork(ensemble.expect("the weights are compiled in and read by a test"))
    }

    /// The estimate of each frame; `None` for frames without a look. What is not known of the lifter is taken to be average.
    pub fn estimates(
        &self,
        looks: &[Option<&Look>],
        lifter: &Typical,
    ) -> Vec<Option<SpineEstimate>> {
        let standing = lifter.standing.as_ref();
        let frames: Vec<Vec<f32>> = looks
            .iter()
            .flatten()
            .map(|look| {
                let change = self.part(WIDTH, standing.map(|s| look.change_from(s)));
                self.0.scaled(0, look.numbers).chain(change).collect()
            })
            .collect();
        let mut shared = self.part(2 * WIDTH, standing.map(|s| s.numbers));
        shared.push(f32::from(u8::from(standing.is_some())));
        shared.extend(self.part(3 * WIDTH + 1, lifter.bent.as_ref().map(|b| b.numbers)));
        let mut estimates = self.0.estimates(&frames, &shared).into_iter();
        looks
            .iter()
            .map(|look| look.and_then(|_| estimates.next().map(spine_estimate)))
            .collect()
    }

    /// Inputs from `first` on, average when unknown.
    fn part(&self, first: usize, numbers: Option<[f64; WIDTH]>) -> Vec<f32> {
        numbers.map_or(vec![0.0; WIDTH], |n| self.0.scaled(first, n).collect())
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
        for load in [Load::Usual, Load::InFront] {
            assert!(Ensemble::parse(load.choose(USUAL, IN_FRONT), INPUTS, OUTPUTS).is_some());
        }
    }

    #[test]
    fn cut_weights_are_refused() {
        let cut = &USUAL[..USUAL.len() - 4];
        assert!(Ensemble::parse(cut, INPUTS, OUTPUTS).is_none());
    }
}
