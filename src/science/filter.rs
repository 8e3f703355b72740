//! Filters on irregular timestamps: zero-phase, so that no event moves in time, and proof against single wild frames.

/// Median of `values`; `None` when there are none. Sorts in place.
pub fn median(values: &mut [f64]) -> Option<f64> {
    percentile(values, 0.5)
}

/// The `share` quantile (0 to 1) by linear interpolation between order statistics; `None` when empty. Sorts in place.
pub fn percentile(values: &mut [f64], share: f64) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let last = values.len().checked_sub(1)?;
    let rank = last as f64 * share;
    let low = rank.floor() as usize;
    let high = (low + 1).min(last);
    Some(values[low] + (values[high] - values[low]) * (rank - low as f64))
}

/// From the 2nd to the 98th percentile; `None` when empty.
pub fn range(values: &[f64]) -> Option<f64> {
    let values = &mut values.to_vec();
    Some(percentile(values, 0.98)? - percentile(values, 0.02)?)
}

/// Value at index `i` on straight lines between `known` (index, value) pairs, level beyond the ends; 0 of none.
pub fn interpolated(known: &[(usize, f64)], i: usize) -> f64 {
    let after = known.partition_point(|&(k, _)| k < i);
    match (after.checked_sub(1).map(|b| known[b]), known.get(after)) {
        (Some((a, da)), Some(&(b, db))) => da + (db - da) * (i - a) as f64 / (b - a) as f64,
        (Some((_, d)), None) | (None, Some(&(_, d))) => d,
        (None, None) => 0.0,
    }
}

/// Drops samples that differ from the median of their neighbours (within `reach_s`) by more than `tolerance`
/// (Hampel 1974). What is dropped becomes `None`; nothing is invented.
pub fn without_spikes(
    times: &[f64],
    values: &[Option<f64>],
    reach_s: f64,
    tolerance: f64,
) -> Vec<Option<f64>> {
    let mut near = Vec::new();
    (0..times.len())
        .map(|i| {
            near.clear();
            near.extend(window(times, times[i], reach_s).filter_map(|j| values[j]));
            let centre = median(&mut near)?;
            values[i].filter(|v| (v - centre).abs() <= tolerance)
        })
        .collect()
}

/// Local straight-line fit with Gaussian weights of standard deviation `sigma_s` (Cleveland 1979): smooths without
/// delay, on any timestamps, and bridges gaps of up to about `2 sigma_s`; `None` where no sample is that near.
/// Optional weights scale each sample's say.
pub fn smooth(
    times: &[f64],
    values: &[Option<f64>],
    weights: Option<&[f64]>,
    sigma_s: f64,
) -> Vec<Option<f64>> {
    times
        .iter()
        .map(|&t| local_line(times, values, weights, sigma_s, t))
        .collect()
}

fn local_line(
    times: &[f64],
    values: &[Option<f64>],
    weights: Option<&[f64]>,
    sigma_s: f64,
    t: f64,
) -> Option<f64> {
    let (mut s0, mut s1, mut s2, mut y0, mut y1) = (0.0, 0.0, 0.0, 0.0, 0.0);
    let mut nearest = f64::INFINITY;
    for j in window(times, t, 3.0 * sigma_s) {
        let Some(value) = values[j] else { continue };
        let dt = times[j] - t;
        nearest = nearest.min(dt.abs());
        let w = (-0.5 * (dt / sigma_s).powi(2)).exp() * weights.map_or(1.0, |w| w[j]);
        s0 += w;
        s1 += w * dt;
        s2 += w * dt * dt;
        y0 += w * value;
        y1 += w * value * dt;
    }
    if s0 <= 0.0 || nearest > 2.0 * sigma_s {
        return None;
    }
    let determinant = s0 * s2 - s1 * s1;
    let one_sided = determinant <= 1e-6 * s0 * s0 * sigma_s * sigma_s;
    Some(if one_sided {
        y0 / s0
    } else {
        (s2 * y0 - s1 * y1) / determinant
    })
}

/// Indices of the samples within `reach_s` of `t`; `times` must rise.
pub fn window(times: &[f64], t: f64, reach_s: f64) -> std::ops::Range<usize> {
    times.partition_point(|&u| u < t - reach_s)..times.partition_point(|&u| u <= t + reach_s)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_straight_line_passes_the_smoother_unchanged_and_undelayed() {
        let times = [0.0, 0.03, 0.07, 0.11, 0.2, 0.22, 0.25];
        let values: Vec<_> = times.iter().map(|t| Some(3.0 + 40.0 * t)).collect();
        for (smoothed, t) in smooth(&times, &values, None, 0.05).into_iter().zip(times) {
            assert!((smoothed.unwrap() - (3.0 + 40.0 * t)).abs() < 1e-9);
        }
    }

    #[test]
    fn one_wild_frame_is_dropped_and_its_neighbours_stay() {
        let times: Vec<f64> = (0..9).map(|i| i as f64 / 30.0).collect();
        let mut values = vec![Some(1.0); 9];
        values[4] = Some(50.0);
        let kept = without_spikes(&times, &values, 0.1, 5.0);
        assert_eq!(kept.iter().filter(|v| v.is_none()).count(), 1);
        assert_eq!(kept[4], None);
    }

    #[test]
    fn a_long_gap_is_not_bridged() {
        let times: Vec<f64> = (0..30).map(|i| i as f64 / 30.0).collect();
        let values: Vec<_> = (0..30).map(|i| (i < 5).then_some(1.0)).collect();
        assert_eq!(smooth(&times, &values, None, 0.05)[20], None);
    }

    #[test]
    fn percentile_interpolates_between_neighbours() {
        assert_eq!(percentile(&mut [3.0, 1.0, 2.0, 4.0], 0.5), Some(2.5));
        assert_eq!(percentile(&mut [], 0.5), None);
    }
}
