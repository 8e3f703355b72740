//! How a rim's size changes with its height in the picture: a camera that is near and tilted is not as far from the bottom of a
//! lift as from the top.

/// So many frames say beforehand that the size stays what it was, …
const FRAMES: f64 = 12.0;
/// … this far above and below the place where it was sighted, plate heights.
const SPREAD: f64 = 0.5;
/// Nothing grows or shrinks by more: rendered plates filmed from near change by up to 18 % from the one end to the other.
const MOST: f64 = 0.12;

/// A straight line through sizes at heights in the picture, as shares of the size in which it was sighted: least squares over all
/// frames so far, drawn towards no change.
#[derive(Clone, Copy, Debug, Default)]
pub struct Growth {
    /// Height in the picture at which it was sighted, pixels downwards; those of the sums are from there.
    sighted_y: f64,
    frames: f64,
    y: f64,
    size: f64,
    y_squared: f64,
    y_size: f64,
}

impl Growth {
    /// Of a plate of this height that was sighted there: it keeps its size.
    pub fn none(sighted_y: f64, height_px: f64) -> Self {
        Growth {
            sighted_y,
            frames: FRAMES,
            y_squared: FRAMES * (SPREAD * height_px).powi(2),
            ..Growth::default()
        }
    }

    /// Its size there.
    pub fn note(&mut self, y: f64, size: f64) {
        let (y, size) = (y - self.sighted_y, size - 1.0);
        self.frames += 1.0;
        self.y += y;
        self.size += size;
        self.y_squared += y * y;
        self.y_size += y * size;
    }

    /// The size that it should have there.
    pub fn size_at(&self, y: f64) -> f64 {
        let (mean_y, mean_size) = (self.y / self.frames, self.size / self.frames);
        let per_px = (self.y_size - mean_y * self.size) / (self.y_squared - mean_y * self.y);
        let change = mean_size + per_px * (y - self.sighted_y - mean_y);
        1.0 + change.clamp(-MOST, MOST)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plate_that_grows_on_its_way_down_is_known_to_the_percent_after_a_few_seconds() {
        let true_size = |y: f64| 1.0 + 0.1 * (y - 400.0) / 350.0;
        let mut growth = Growth::none(400.0, 220.0);
        assert_eq!(growth.size_at(750.0), 1.0);
        for k in 0..100 {
            let y = 400.0 + 3.5 * f64::from(k);
            growth.note(y, true_size(y));
        }
        for y in [400.0, 600.0, 750.0] {
            assert!((growth.size_at(y) - true_size(y)).abs() < 0.01, "at {y}");
        }
    }
}
