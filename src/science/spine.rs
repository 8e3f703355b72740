//! Lumbar and thoracic flexion of one frame, from its look and the same lifter's look when standing.
//!
//! A small multilayer perceptron, trained on rendered and posed bodies whose spine angles are known exactly
//! (`models/train`, model card in `models/README.md`). It states its own standard uncertainty for each number, having
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
    let change: Vec<f64> = look.numbers.iter().zip(&reference).map(|(now, then)| now - then).collect();
    look.numbers.iter().chain(&change).chain(&reference).chain([&flag]).map(|&v| v as f32).collect()
}

/// The trained network.
pub struct SpineNetwork {
    mean: Vec<f32>,
    scale: Vec<f32>,
    layers: Vec<Layer>,
}

struct Layer {
    /// Row-major, one row an output.
    weights: Vec<f32>,
    bias: Vec<f32>,
}

impl SpineNetwork {
    /// The network that this program carries.
    pub fn load() -> Self {
        Self::parse(WEIGHTS).expect("models/spine.bin is compiled in and read by a test")
    }

    /// Little-endian: layer count, layer sizes (u32), then input means, input scales and, layer by layer, weights and bias (f32).
    fn parse(bytes: &[u8]) -> Option<Self> {
        let words: Vec<[u8; 4]> = bytes.chunks_exact(4).map(|w| [w[0], w[1], w[2], w[3]]).collect();
        let mut words = words.into_iter();
        let count = u32::from_le_bytes(words.next()?) as usize;
        let sizes: Vec<usize> = words.by_ref().take(count + 1).map(|w| u32::from_le_bytes(w) as usize).collect();
        if sizes.first() != Some(&INPUTS) || sizes.last() != Some(&OUTPUTS) {
            return None;
        }
        let mut numbers = |n: usize| -> Option<Vec<f32>> {
            let taken: Vec<f32> = words.by_ref().take(n).map(f32::from_le_bytes).collect();
            (taken.len() == n).then_some(taken)
        };
        let (mean, scale) = (numbers(INPUTS)?, numbers(INPUTS)?);
        let layers = sizes
            .windows(2)
            .map(|s| Some(Layer { weights: numbers(s[0] * s[1])?, bias: numbers(s[1])? }))
            .collect::<Option<_>>()?;
        Some(SpineNetwork { mean, scale, layers })
    }

    /// The estimate for one frame.
    pub fn estimate(&self, look: &Look, standing: Option<&Look>) -> SpineEstimate {
        let mut x = inputs(look, standing);
        let known = if standing.is_some() { INPUTS } else { WIDTH };
        for (i, x) in x.iter_mut().enumerate() {
            // Five standard deviations are far outside anything trained on; without a reference its half is silent.
            *x = if i < known { ((*x - self.mean[i]) / self.scale[i]).clamp(-5.0, 5.0) } else { 0.0 };
        }
        for (i, layer) in self.layers.iter().enumerate() {
            x = layer.apply(&x);
            if i + 1 < self.layers.len() {
                x.iter_mut().for_each(|v| *v = v.max(0.0));
            }
        }
        let output = |i: usize| Estimate {
            value: f64::from(x[i]) * UNIT_DEG,
            sd: f64::from(x[i + OUTPUTS / 2]).clamp(-4.0, 2.0).exp() * UNIT_DEG,
        };
        SpineEstimate { lumbar: output(0), thoracic: output(1), yaw: output(2) }
    }
}

impl Layer {
    fn apply(&self, x: &[f32]) -> Vec<f32> {
        let rows = self.weights.chunks_exact(x.len());
        rows.zip(&self.bias).map(|(row, bias)| bias + dot(row, x)).collect()
    }
}

/// Eight sums side by side, so that the compiler can use wide registers.
fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut sums = [0.0_f32; 8];
    let (a8, b8) = (a.chunks_exact(8), b.chunks_exact(8));
    let rest: f32 = a8.remainder().iter().zip(b8.remainder()).map(|(x, y)| x * y).sum();
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
