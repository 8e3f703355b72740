//! Small multilayer perceptrons, several trained on different draws of the same bodies: the arithmetic and the file.
//!
//! Each states a mean and the logarithm of a standard deviation for every number, having been trained on the Gaussian
//! likelihood (Nix & Weigend 1994, doi 10.1109/ICNN.1994.374138); where the members disagree the stated uncertainty grows
//! (Lakshminarayanan et al. 2017, arXiv 1612.01474).

use ndarray::{Array1, Array2, ArrayView1, Axis};

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
    /// One row an output, one column an input.
    weights: Array2<f32>,
    bias: Array1<f32>,
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
        if count < 2
            || sizes.first() != Some(&inputs)
            || sizes.last() != Some(&(2 * outputs))
            || members == 0
        {
            return None;
        }
        let mut numbers = |n: usize| -> Option<Vec<f32>> {
            let taken: Vec<f32> = words.by_ref().take(n).map(f32::from_le_bytes).collect();
            (taken.len() == n).then_some(taken)
        };
        let (mean, scale) = (numbers(inputs)?, numbers(inputs)?);
        let mut layer = |s: &[usize]| {
            let weights = numbers(s[0] * s[1])?;
            Some(Layer {
                weights: Array2::from_shape_vec((s[1], s[0]), weights).ok()?,
                bias: numbers(s[1])?.into(),
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

    /// Numbers for the inputs from `first` on, in standard deviations.
    pub fn scaled(
        &self,
        first: usize,
        numbers: impl IntoIterator<Item = f64>,
    ) -> impl Iterator<Item = f32> {
        let scales = self.mean.iter().zip(&self.scale).skip(first);
        // Five standard deviations are far outside anything trained on.
        let scaled = |(number, (mean, scale)): (f64, (&f32, &f32))| {
            ((number as f32 - mean) / scale).clamp(-5.0, 5.0)
        };
        numbers.into_iter().zip(scales).map(scaled)
    }

    /// What one member says of scaled frames, one row each: means, then logarithms of standard deviations. `shared` are
    /// the inputs after the frames' own that are the same for all of them.
    pub fn member(&self, index: usize, frames: &Array2<f32>, shared: &[f32]) -> Array2<f32> {
        let (last, hidden) = self.members[index]
            .split_last()
            .expect("a network has layers, checked when it was read");
        let (first, inner) = hidden
            .split_first()
            .expect("a network has hidden layers, checked when it was read");
        let rectified = |x: Array2<f32>| x.mapv_into(|v| v.max(0.0));
        let start = rectified(first.apply(frames, shared));
        let end = inner
            .iter()
            .fold(start, |x, layer| rectified(layer.apply(&x, &[])));
        last.apply(&end, &[])
    }

    /// The estimates of all members together: for each scaled frame, one a number.
    pub fn estimates(&self, frames: &[Vec<f32>], shared: &[f32]) -> Vec<Vec<Estimate>> {
        let rows = rows(frames, self.mean.len() - shared.len());
        let said: Vec<Array2<f32>> = (0..self.len())
            .map(|m| self.member(m, &rows, shared))
            .collect();
        let of_frame = |frame: usize| {
            (0..self.outputs)
                .map(|i| mixture(&said, (frame, i), self.outputs))
                .collect()
        };
        (0..rows.nrows()).map(of_frame).collect()
    }
}

/// One row a frame, of `width` numbers.
pub fn rows(frames: &[Vec<f32>], width: usize) -> Array2<f32> {
    Array2::from_shape_fn((frames.len(), width), |(row, i)| frames[row][i])
}

/// Mean of the members for number `i` of a frame, and the spread of their mixture: what each states and how much they differ.
fn mixture(said: &[Array2<f32>], (frame, i): (usize, usize), means: usize) -> Estimate {
    let count = said.len() as f64;
    let mean = |m: &Array2<f32>| f64::from(m[[frame, i]]);
    let value = said.iter().map(mean).sum::<f64>() / count;
    let variance = |m: &Array2<f32>| {
        let own = f64::from(m[[frame, i + means]]).clamp(LOG_SD.0, LOG_SD.1);
        (2.0 * own).exp() + (mean(m) - value).powi(2)
    };
    let sd = (said.iter().map(variance).sum::<f64>() / count).sqrt();
    Estimate { value, sd }
}

/// Logarithms of standard deviations are kept within these, in training too; in units of the outputs.
const LOG_SD: (f64, f64) = (-4.0, 2.0);

impl Layer {
    fn apply(&self, frames: &Array2<f32>, shared: &[f32]) -> Array2<f32> {
        let (own, common) = self.weights.view().split_at(Axis(1), frames.ncols());
        frames.dot(&own.t()) + &(common.dot(&ArrayView1::from(shared)) + &self.bias)
    }
}
