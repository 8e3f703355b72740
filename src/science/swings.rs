//! The ups and downs of the body: bottoms and tops of the drop of hips and shoulders, by hysteresis, so that pauses and
//! jitter do not count. Every lift is made of them; which of them are reps is for `reps` to say.

use super::filter::range;

/// A descent or ascent smaller than this, in thigh lengths, is never a rep: shallower than a quarter squat.
const SMALLEST: f64 = 0.20;
/// … nor one smaller than this share of the clip's whole range.
const SMALLEST_SHARE: f64 = 0.35;

/// A turning point.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Turn {
    /// Frame index.
    pub index: usize,
    /// Whether the body is lowest there.
    pub bottom: bool,
    /// Drop there, thigh lengths.
    pub drop: f64,
}

/// Alternating bottoms and tops. The first and the last are where the clip begins and ends, when it moves from there.
pub fn turns(drop: &[Option<f64>]) -> Vec<Turn> {
    let known: Vec<(usize, f64)> = drop
        .iter()
        .enumerate()
        .filter_map(|(i, d)| d.map(|d| (i, d)))
        .collect();
    let Some(way) = range(&known.iter().map(|k| k.1).collect::<Vec<_>>()) else {
        return Vec::new();
    };
    let step = SMALLEST.max(SMALLEST_SHARE * way);
    let mut found: Vec<Turn> = Vec::new();
    let (Some(&first), Some(_)) = (known.first(), known.last()) else {
        return found;
    };
    let (mut least, mut most) = (first, first);
    let mut falling: Option<bool> = None;
    for &(i, d) in &known {
        if d > most.1 {
            most = (i, d);
        }
        if d < least.1 {
            least = (i, d);
        }
        if falling != Some(true) && d - least.1 > step {
            found.push(top(least));
            (falling, most) = (Some(true), (i, d));
        } else if falling != Some(false) && most.1 - d > step {
            found.push(bottom(most));
            (falling, least) = (Some(false), (i, d));
        }
    }
    found.extend(falling.map(|falls| if falls { bottom(most) } else { top(least) }));
    found
}

fn top((index, drop): (usize, f64)) -> Turn {
    Turn {
        index,
        bottom: false,
        drop,
    }
}

fn bottom((index, drop): (usize, f64)) -> Turn {
    Turn {
        index,
        bottom: true,
        drop,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wave(reps: usize, depth: f64) -> Vec<Option<f64>> {
        let rep = |i: usize| 0.5 * depth * (1.0 - (std::f64::consts::TAU * i as f64 / 60.0).cos());
        (0..reps * 60).map(|i| Some(rep(i))).collect()
    }

    #[test]
    fn every_bottom_and_top_is_found_once() {
        let found = turns(&wave(5, 1.0));
        assert_eq!(found.iter().filter(|t| t.bottom).count(), 5);
        assert_eq!(
            found.iter().filter(|t| !t.bottom).count(),
            6,
            "tops before, between and after"
        );
    }

    #[test]
    fn swaying_is_not_a_rep() {
        assert!(turns(&wave(5, 0.1)).is_empty());
    }
}
