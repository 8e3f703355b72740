//! Small multilayer perceptrons, several trained on different draws of the same bodies: the arithmetic and the file.
//!
//! Each states a mean and the logarithm of a standard deviation for every number, having been trained on the Gaussian
//! likelihood (Nix & Weigend 1994, doi 10.1109/ICNN.1994.374138); where the members disagree the stated uncertainty grows
//! (Lakshminarayanan et al. 2017, arXiv 1612.01474).

/// A number with its standard uncertainty, in the same unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// Best value.
    pub value: f64,
    /// Standard uncertainty.
    pub sd: f64,
}

/// The trained members, and how their inputs are scaled.
pub struct Ensemble {
    mean: Vec<f32>,
    scale: Vec<f32>,
    members: Vec<Vec<Layer>>,
    outputs: usize,
}

struct Layer {
    /// Row-major, one row an output.
    weights: Vec<f32>,
    bias: Vec<f32>,
}

impl Ensemble {
    /// Little-endian: member count, layer count, layer sizes (u32), then input means, input scales and, member by
    /// member and layer by layer, weights and bias (f32). `None` when the file is cut or made for other numbers;
    /// `outputs` counts means alone.
    pub fn parse(bytes: &[u8], inputs: usize, outputs: usize) -> Option<Self> {
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
        if sizes.first() != Some(&inputs) || sizes.last() != Some(&(2 * outputs)) || members == 0 {
            return None;
        }
        let mut numbers = |n: usize| -> Option<Vec<f32>> {
            let taken: Vec<f32> = words.by_ref().take(n).map(f32::from_le_bytes).collect();
            (taken.len() == n).then_some(taken)
        };
        let (mean, scale) = (numbers(inputs)?, numbers(inputs)?);
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
        Some(Ensemble {
            mean,
            scale,
            members,
            outputs,
        })
    }

    /// How many members there are.
    pub fn len(&self) -> usize {
        self.members.len()
    }

    /// Inputs in standard deviations; from `known` on they are unknown, which is zero.
    pub fn scaled(&self, mut inputs: Vec<f32>, known: usize) -> Vec<f32> {
        for (i, x) in inputs.iter_mut().enumerate() {
            // Five standard deviations are far outside anything trained on.
            *x = if i < known {
                ((*x - self.mean[i]) / self.scale[i]).clamp(-5.0, 5.0)
            } else {
                0.0
            };
        }
        inputs
    }

    /// What one member says of scaled inputs: means, then logarithms of standard deviations.
    pub fn member(&self, index: usize, scaled: &[f32]) -> Vec<f32> {
        forward(&self.members[index], scaled)
    }

    /// The estimates of all members together, one a number.
    pub fn estimates(&self, scaled: &[f32]) -> Vec<Estimate> {
        let said: Vec<Vec<f32>> = (0..self.len()).map(|m| self.member(m, scaled)).collect();
        (0..self.outputs)
            .map(|i| mixture(&said, i, self.outputs))
            .collect()
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
fn mixture(outputs: &[Vec<f32>], i: usize, means: usize) -> Estimate {
    let count = outputs.len() as f64;
    let value = outputs.iter().map(|o| f64::from(o[i])).sum::<f64>() / count;
    let variance = |o: &Vec<f32>| {
        let own = f64::from(o[i + means]).clamp(-3.0, 2.0);
        (2.0 * own).exp() + (f64::from(o[i]) - value).powi(2)
    };
    let sd = (outputs.iter().map(variance).sum::<f64>() / count).sqrt();
    Estimate { value, sd }
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
