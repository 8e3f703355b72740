//! From the reps of a set to the set: a mean with its uncertainty, for comparing it with another set of the same lifter. Part of each
//! rep's error is common to the whole clip (the zero, clothing, the camera) and does not average out; part is the lifter's own (the
//! body) and cancels.

use crate::session::Reference;
use crate::units::Angle;

/// Of the variance that a rep's flexion states, this share is the rep's own: the errors of two judged reps of one rendered clip
/// correlate by 0.47 (110 pairs) …
const OWN_SHARE: f64 = 0.55;
/// … and this share at least is common to the clip: those of one rendered lifter filmed on another day, in other clothes, room and
/// light, still correlate by 0.33 (27 pairs of reps, `models/train/again_clips.json`).
const COMMON_SHARE: f64 = 0.2;

/// Standard uncertainties of one rep's value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Noise {
    /// Its own, independent from rep to rep.
    own: f64,
    /// Common to all reps of the clip, and to no other clip of the lifter.
    common: f64,
}

impl Noise {
    /// Thigh lengths; an estimate, not measured: landmarks of hip and knee are a few hundredths off.
    pub const DEPTH: Noise = Noise {
        own: 0.02,
        common: 0.04,
    };
    /// Shares of 1; an estimate, not measured: 3° of about 80° of bend.
    pub const HIP_SHARE: Noise = Noise {
        own: 0.02,
        common: 0.04,
    };
    /// Seconds: turns are found to about 0.15 s (docs/ACCURACY.md).
    pub const TURN_S: Noise = Noise {
        own: 0.15,
        common: 0.0,
    };

    /// Of lumbar flexion with this standard uncertainty, measured from this zero.
    pub fn of_flexion(sd: Angle, reference: &Reference) -> Noise {
        let zero = reference.lumbar_flexion_sd_deg.map_or(0.0, Angle::degrees);
        let whole = sd.degrees().powi(2);
        let common = (COMMON_SHARE * whole).max(zero.powi(2)).min(whole);
        Noise {
            own: (OWN_SHARE * whole).min(whole - common).sqrt(),
            common: common.sqrt(),
        }
    }
}

/// A rep's value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sample {
    value: f64,
    noise: Noise,
}

impl Sample {
    /// `None` when the value is not a number, as no measured one is.
    pub fn new(value: f64, noise: Noise) -> Option<Self> {
        value.is_finite().then_some(Sample { value, noise })
    }
}

/// A mean and its standard uncertainty.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// The mean.
    pub value: f64,
    /// Its standard uncertainty.
    pub sd: f64,
}

/// Mean of a set; `None` without reps. The reps scatter by their own noise or by the lifter, whichever shows as more.
pub fn mean(samples: &[Sample]) -> Option<Estimate> {
    if samples.is_empty() {
        return None;
    }
    let n = samples.len() as f64;
    let of = |pick: &dyn Fn(&Sample) -> f64| samples.iter().map(pick).sum::<f64>() / n;
    let value = of(&|s| s.value);
    let scatter = if samples.len() > 1 {
        of(&|s| (s.value - value).powi(2)) * n / (n - 1.0)
    } else {
        0.0
    };
    let own = of(&|s| s.noise.own.powi(2)).max(scatter);
    let common = of(&|s| s.noise.common.powi(2));
    Some(Estimate {
        value,
        sd: (own / n + common).sqrt(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(values: &[f64], own: f64, common: f64) -> Estimate {
        let noise = Noise { own, common };
        let samples: Vec<_> = values
            .iter()
            .filter_map(|v| Sample::new(*v, noise))
            .collect();
        mean(&samples).unwrap()
    }

    #[test]
    fn what_is_common_to_a_clip_does_not_average_out() {
        let many = [20.0; 100];
        let sd = set(&many, 4.0, 3.0).sd;
        // 4 / sqrt(100) is 0.4°, beside 3°
        assert!((sd - 3.0_f64.hypot(0.4)).abs() < 1e-9, "{sd}");
    }

    #[test]
    fn reps_that_scatter_by_more_than_their_noise_are_believed() {
        assert!(set(&[10.0, 30.0], 1.0, 1.0).sd > 5.0);
        assert!(set(&[20.0, 20.0], 1.0, 1.0).sd < 2.0);
    }
}
