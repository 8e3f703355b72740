//! Neutral depth: where on the loaded way (down; in a pull up) the lower back passes the watch level and stays past it.
//!
//! Takes flexion and depth of the frames of the reps; gives the depth with its 80 % interval. Flexion against depth is made
//! monotone (isotonic regression, pool adjacent violators: Ayer 1955, doi 10.1214/aoms/1177728423), so that "stays past it"
//! holds by construction and a blip is averaged away. The interval is the fit's own band read off sideways: as shallow as
//! where the upper edge of the band passes the level, as deep as where the lower edge does; a lower edge that never
//! passes leaves the deep end open. Errors of the frames of a set are shared (one body, one shirt, one zero), so they are
//! never divided by the number of frames or reps; only the spread from rep to rep is.

use super::words::INTERVAL;
use crate::session::{DepthMeasure, Rep, TrackPoint, Verdict};
use std::collections::BTreeMap;

/// Width of a step of depth, thigh lengths: about a frame of an ordinary descent.
const STEP: f64 = 0.02;
/// Uncertainty of the median of a sample against that of its mean, for a normal spread.
const MEDIAN_OVER_MEAN: f64 = 1.2533;

/// Flexion against depth: what was measured within one step of depth. Depth counts downwards whatever the measure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    depth: f64,
    flexion_deg: f64,
    /// Standard uncertainty of the flexion, degrees.
    sd_deg: f64,
}

/// Flexion as a rising function of depth.
#[derive(Clone, Debug, PartialEq)]
pub struct Fit(Vec<Step>);

/// Where the watch level is passed.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Passing {
    /// That depth; `None` when it is not passed.
    pub depth: Option<f64>,
    /// Shallow end of the 80 % interval; `None` when even the upper edge does not pass.
    pub earliest: Option<f64>,
    /// Deep end; `None` when the lower edge does not pass.
    pub latest: Option<f64>,
}

/// The rep's loaded way: down to the turn, or up to the lockout.
pub fn way<'a>(rep: &Rep, track: &'a [TrackPoint]) -> &'a [TrackPoint] {
    let from = track.partition_point(|p| p.time_s < rep.start_s);
    let to = track.partition_point(|p| p.time_s <= rep.turn_s);
    &track[from..to.max(from)]
}

/// The fits of the reps that take part: judged ones whose way was seen.
pub fn fits(reps: &[Rep], track: &[TrackPoint], measure: DepthMeasure) -> Vec<Fit> {
    let judged = reps.iter().filter(|r| r.verdict != Verdict::CannotTell);
    judged
        .filter_map(|rep| Fit::of_way(way(rep, track), measure))
        .collect()
}

impl Fit {
    /// Fits one rep; `None` when nothing was measured.
    pub fn of_way(way: &[TrackPoint], measure: DepthMeasure) -> Option<Self> {
        let mut steps: BTreeMap<i64, (f64, Step)> = BTreeMap::new();
        for point in way {
            let (Some(depth), Some(flexion), Some(sd)) = (
                measure.at(point),
                point.lumbar_flexion_deg,
                point.lumbar_flexion_sd_deg,
            ) else {
                continue;
            };
            let depth = measure.sign() * depth;
            let (count, sum) = steps.entry((depth / STEP).round() as i64).or_insert((
                0.0,
                Step {
                    depth: 0.0,
                    flexion_deg: 0.0,
                    sd_deg: 0.0,
                },
            ));
            *count += 1.0;
            sum.depth += depth;
            sum.flexion_deg += flexion.degrees();
            sum.sd_deg += sd.degrees();
        }
        let means = steps.into_values().map(|(count, sum)| Step {
            depth: sum.depth / count,
            flexion_deg: sum.flexion_deg / count,
            sd_deg: sum.sd_deg / count,
        });
        Fit::rising(means.collect())
    }

    /// The fit of the whole set: at each depth that at least half of the reps reach, the median of their fits. Its
    /// uncertainty is what the frames share, and the spread of the reps about it.
    pub fn of_set(reps: &[Fit]) -> Option<Self> {
        let ends = |pick: fn(&Fit) -> f64| reps.iter().map(pick);
        let (first, last) = (
            ends(Fit::shallowest).fold(f64::INFINITY, f64::min),
            ends(Fit::deepest).fold(f64::NEG_INFINITY, f64::max),
        );
        if first > last {
            return None;
        }
        let count = ((last - first) / STEP).floor() as usize;
        let depths = (0..=count).map(|k| first + STEP * k as f64);
        let steps = depths.filter_map(|depth| {
            let there: Vec<Step> = reps.iter().filter_map(|fit| fit.at(depth)).collect();
            (2 * there.len() >= reps.len().max(1)).then(|| typical(depth, &there))
        });
        Fit::rising(steps.collect())
    }

    /// Pools neighbours until flexion never falls with depth; `None` of nothing.
    fn rising(steps: Vec<Step>) -> Option<Self> {
        // mean flexion and number of the steps of each block
        let mut blocks: Vec<(f64, usize)> = Vec::new();
        for step in &steps {
            let mut block = (step.flexion_deg, 1);
            while let Some(&(mean, size)) = blocks.last()
                && mean >= block.0
            {
                let both = size + block.1;
                block = (
                    (mean * size as f64 + block.0 * block.1 as f64) / both as f64,
                    both,
                );
                blocks.pop();
            }
            blocks.push(block);
        }
        let level = blocks
            .iter()
            .flat_map(|&(mean, size)| std::iter::repeat_n(mean, size));
        let fitted = steps.iter().zip(level).map(|(step, flexion_deg)| Step {
            flexion_deg,
            ..*step
        });
        let fitted: Vec<Step> = fitted.collect();
        (!fitted.is_empty()).then_some(Fit(fitted))
    }

    fn shallowest(&self) -> f64 {
        self.0.first().map_or(f64::INFINITY, |s| s.depth)
    }

    /// The greatest depth of the fit.
    pub fn deepest(&self) -> f64 {
        self.0.last().map_or(f64::NEG_INFINITY, |s| s.depth)
    }

    /// The fit at a depth; `None` outside it.
    fn at(&self, depth: f64) -> Option<Step> {
        let after = self.0.partition_point(|s| s.depth < depth);
        let next = self.0.get(after)?;
        let Some(before) = after.checked_sub(1).map(|k| self.0[k]) else {
            return (next.depth - depth < STEP).then_some(*next);
        };
        let share = (depth - before.depth) / (next.depth - before.depth).max(1e-9);
        let mix = |a: f64, b: f64| a + (b - a) * share;
        Some(Step {
            depth,
            flexion_deg: mix(before.flexion_deg, next.flexion_deg),
            sd_deg: mix(before.sd_deg, next.sd_deg),
        })
    }

    /// Where `level_deg` is passed.
    pub fn passing(&self, level_deg: f64) -> Passing {
        let at = |edge: f64| self.first(level_deg, edge);
        Passing {
            depth: at(0.0),
            earliest: at(INTERVAL),
            latest: at(-INTERVAL),
        }
    }

    /// First depth at which the fit, moved by `edge` standard uncertainties, is at the level.
    fn first(&self, level_deg: f64, edge: f64) -> Option<f64> {
        let moved = |s: &Step| s.flexion_deg + edge * s.sd_deg;
        let k = self.0.iter().position(|s| moved(s) >= level_deg)?;
        let here = &self.0[k];
        let Some(before) = k.checked_sub(1).map(|j| &self.0[j]) else {
            return Some(here.depth);
        };
        let rise = moved(here) - moved(before);
        let share = (level_deg - moved(before)) / rise.max(1e-9);
        Some(before.depth + (here.depth - before.depth) * share)
    }
}

fn typical(depth: f64, there: &[Step]) -> Step {
    let n = there.len() as f64;
    let mut flexion: Vec<f64> = there.iter().map(|s| s.flexion_deg).collect();
    let mean = flexion.iter().sum::<f64>() / n;
    let squares: f64 = flexion.iter().map(|f| (f - mean).powi(2)).sum();
    let spread = MEDIAN_OVER_MEAN * (squares / (n - 1.0).max(1.0) / n).sqrt();
    let shared = there.iter().map(|s| s.sd_deg).sum::<f64>() / n;
    Step {
        depth,
        flexion_deg: super::filter::median(&mut flexion).unwrap_or(mean),
        sd_deg: shared.hypot(spread),
    }
}
