//! Lumbar and thoracic flexion of one frame, from its look and the same lifter's look when standing.
//!
//! Small multilayer perceptrons, trained on rendered and posed bodies whose spine angles are known exactly
//! (`models/train`, model card in `models/README.md`). They state their own standard uncertainty for each number, having
//! been trained on the Gaussian likelihood (Nix & Weigend 1994, doi 10.1109/ICNN.1994.374138).

use super::look::{Look, WIDTH};

/// Numbers the network takes: a look, what differs from the standing look, that look, and whether there is one.
pub const INPUTS: usize = 3 * WIDTH + 1;
const OUTPUTS: usize = 6;
/// Angles leave the network in units of this many degrees.
const UNIT_DEG: f64 = 10.0;

static WEIGHTS: &[u8] = include_bytes!("../../models/spine.bin");

/// A number with its standard uncertainty, degrees.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// Best value.
    pub value: f64,
    /// Standard uncertainty.
    pub sd: f64,
}

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

/// The trained networks: an ensemble, so that where its members disagree the stated uncertainty grows
/// (Lakshminarayanan et al. 2017, arXiv 1612.01474).
pub struct SpineNetwork {
    mean: Vec<f32>,
    scale: Vec<f32>,
    members: Vec<Vec<Layer>>,
}

struct Layer {
    /// Row-major, one row an output.
    weights: Vec<f32>,
    bias: Vec<f32>,
}

impl SpineNetwork {
    /// The networks that this program carries.
    pub fn load() -> Self {
        Self::parse(WEIGHTS).expect("models/spine.bin is compiled in and read by a test")
    }

    /// Little-endian: member count, layer count, layer sizes (u32), then input means, input scales and, member by
    /// member and layer by layer, weights and bias (f32).
    fn parse(bytes: &[u8]) -> Option<Self> {
        let words: Vec<[u8; 4]> = bytes
            .chunks_exact(4)
            .map(|w| [w[0], w[1], w[2], w[3]])
            .collect();
        let mut words = words.into_iter();
        let members = u32::from_le_bytes(words.next()?) as usize;
        let count = u32::from_le_bytes(words.next()?) as usize;
        let sizes: Vec<usize> = words
            .by_ref()
            .take(count + 1)
            .map(|w| u32::from_le_bytes(w) as usize)
            .collect();
        if sizes.first() != Some(&INPUTS) || sizes.last() != Some(&OUTPUTS) || members == 0 {
            return None;
        }
        let mut numbers = |n: usize| -> Option<Vec<f32>> {
            let taken: Vec<f32> = words.by_ref().take(n).map(f32::from_le_bytes).collect();
            (taken.len() == n).then_some(taken)
        };
        let (mean, scale) = (numbers(INPUTS)?, numbers(INPUTS)?);
        let mut layer = |s: &[usize]| {
            Some(Layer {
                weights: numbers(s[0] * s[1])?,
                bias: numbers(s[1])?,
            })
        };
        let mut member = || {
            sizes
                .windows(2)
                .map(&mut layer)
                .collect::<Option<Vec<Layer>>>()
        };
        let members = (0..members).map(|_| member()).collect::<Option<_>>()?;
        Some(SpineNetwork {
            mean,
            scale,
            members,
        })
    }

    /// The estimate for one frame.
    pub fn estimate(&self, look: &Look, standing: Option<&Look>) -> SpineEstimate {
        let mut x = inputs(look, standing);
        let known = if standing.is_some() { INPUTS } else { WIDTH };
        for (i, x) in x.iter_mut().enumerate() {
            // Five standard deviations are far outside anything trained on; without a reference its part is silent.
            *x = if i < known {
                ((*x - self.mean[i]) / self.scale[i]).clamp(-5.0, 5.0)
            } else {
                0.0
            };
        }
        let outputs: Vec<Vec<f32>> = self
            .members
            .iter()
            .map(|layers| forward(layers, &x))
            .collect();
        SpineEstimate {
            lumbar: mixture(&outputs, 0),
            thoracic: mixture(&outputs, 1),
            yaw: mixture(&outputs, 2),
        }
    }
}

fn forward(layers: &[Layer], input: &[f32]) -> Vec<f32> {
    let (last, hidden) = layers
        .split_last()
        .expect("a network has layers, checked when it was read");
    let rectified = |x: Vec<f32>| x.into_iter().map(|v| v.max(0.0)).collect();
    let inner = hidden
        .iter()
        .fold(input.to_vec(), |x, layer| rectified(layer.apply(&x)));
    last.apply(&inner)
}

/// Mean of the members, and the spread of their mixture: what each states and how much they differ.
fn mixture(outputs: &[Vec<f32>], i: usize) -> Estimate {
    let count = outputs.len() as f64;
    let value = outputs.iter().map(|o| f64::from(o[i])).sum::<f64>() / count;
    let variance = |o: &Vec<f32>| {
        let own = f64::from(o[i + OUTPUTS / 2]).clamp(-3.0, 2.0);
        (2.0 * own).exp() + (f64::from(o[i]) - value).powi(2)
    };
    let sd = (outputs.iter().map(variance).sum::<f64>() / count).sqrt();
    Estimate {
        value: value * UNIT_DEG,
        sd: sd * UNIT_DEG,
    }
}

impl Layer {
    fn apply(&self, x: &[f32]) -> Vec<f32> {
        let rows = self.weights.chunks_exact(x.len());
        rows.zip(&self.bias)
            .map(|(row, bias)| bias + dot(row, x))
            .collect()
    }
}

/// Eight sums side by side, so that the compiler can use wide registers.
fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut sums = [0.0_f32; 8];
    let (a8, b8) = (a.chunks_exact(8), b.chunks_exact(8));
    let rest: f32 = a8
        .remainder()
        .iter()
        .zip(b8.remainder())
        .map(|(x, y)| x * y)
        .sum();
    for (x, y) in a8.zip(b8) {
        for (sum, (x, y)) in sums.iter_mut().zip(x.iter().zip(y)) {
            *sum += x * y;
        }
    }
    sums.iter().sum::<f32>() + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_weights_that_the_program_carries_fit_its_inputs() {
        assert!(SpineNetwork::parse(WEIGHTS).is_some());
    }

    #[test]
    fn cut_weights_are_refused() {
        assert!(SpineNetwork::parse(&WEIGHTS[..WEIGHTS.len() - 4]).is_none());
    }
}
