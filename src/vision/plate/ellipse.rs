//! An upright ellipse fitted to the edge about a centre. Upright: a plate is turned about the vertical by the camera's yaw,
//! which shortens its width only.

use super::gradient::{EDGE, Gradient};
use super::{RAYS, rays};
use crate::units::Point;

/// How far from the ellipse the edge is looked for, shares of its radius, narrower from step to step.
const BANDS: [f64; 4] = [0.14, 0.08, 0.05, 0.04];
/// Step along a ray, share of the radius.
const STEP: f64 = 0.008;
/// Fewer rays than this that find an edge are no rim.
const LEAST_RAYS: usize = 60;
/// Rims whose centres are this near are of one plate, shares of the larger one's radius.
const SAME_CENTRE: f64 = 0.5;
/// Fewer rays than this whose rim is in the picture are too few to know it by.
const LEAST_SHOWN: usize = RAYS / 2;
/// A rim is wider than this share of its height (45° of yaw), and hardly wider than high.
const ASPECT: std::ops::Range<f64> = 0.7..1.06;
/// Rays whose edge lies within this of the ellipse have found it, pixels.
const ON_RIM_PX: f64 = 2.0;

/// An upright ellipse in crop pixels.
#[derive(Clone, Copy, Debug)]
pub struct Ellipse {
    pub centre: Point,
    /// Half its width.
    pub across: f64,
    /// Half its height.
    pub up: f64,
    /// Share of the rays in the picture whose strongest edge lies on it, 0 to 1.
    pub coverage: f64,
}

impl Ellipse {
    /// Follows the rim near a circle; `None` when there is none.
    pub fn fitted(gradient: &Gradient, centre: Point, radius: f64) -> Option<Self> {
        let mut rim = Ellipse {
            centre,
            across: radius,
            up: radius,
            coverage: 0.0,
        };
        let mut edge = Vec::new();
        for band in BANDS {
            edge = rim.edge(gradient, band);
            rim = trimmed(&edge, &rim)?;
        }
        let on_rim = edge.iter().filter(|p| off(&rim, **p) < ON_RIM_PX).count();
        let in_picture = |ray: &OnRim| gradient.shows(rim.centre + ray.at);
        let shown = rim.all_round().filter(in_picture).count();
        rim.coverage = on_rim as f64 / shown.max(1) as f64;
        Some(rim).filter(|rim| shown >= LEAST_SHOWN && ASPECT.contains(&(rim.across / rim.up)))
    }

    /// Whether the other is drawn about the same place, as a hub is in its rim.
    pub fn shares_centre(&self, other: &Ellipse) -> bool {
        (self.centre - other.centre).length() < SAME_CENTRE * self.up.max(other.up)
    }

    /// On each ray the strongest edge within `band` of the ellipse.
    fn edge(&self, gradient: &Gradient, band: f64) -> Vec<Point> {
        let steps = (2.0 * band / STEP).round() as i32;
        let strongest = |ray: OnRim| {
            let on_ray = (0..=steps).map(|k| {
                let share = 1.0 - band + STEP * f64::from(k);
                let at = self.centre + ray.at * share;
                (at, gradient.across(at, ray.normal))
            });
            on_ray
                .max_by(|a, b| a.1.total_cmp(&b.1))
                .filter(|(_, size)| *size > EDGE)
                .map(|(at, _)| at)
        };
        self.all_round().filter_map(strongest).collect()
    }

    fn all_round(&self) -> impl Iterator<Item = OnRim> + use<> {
        let half = (self.across, self.up);
        rays(RAYS).map(move |ray| OnRim::new(half, ray))
    }
}

/// A point of an upright ellipse.
pub struct OnRim {
    /// From the centre.
    pub at: Point,
    /// Across the rim, of unit length: the direction that the edge's gradient has there.
    pub normal: (f64, f64),
}

impl OnRim {
    /// Of an ellipse of such a half width and height, on the ray that has this direction in the unit circle.
    pub fn new((across, up): (f64, f64), (cos, sin): (f64, f64)) -> Self {
        let (nx, ny) = (cos / across, sin / up);
        let length = nx.hypot(ny);
        OnRim {
            at: Point::new(across * cos, up * sin),
            normal: (nx / length, ny / length),
        }
    }
}

/// Least squares over the points, those that lie off left out five times over.
fn trimmed(points: &[Point], about: &Ellipse) -> Option<Ellipse> {
    let mut kept: Vec<Point> = points.to_vec();
    let mut rim = *about;
    for _ in 0..5 {
        if kept.len() < LEAST_RAYS {
            return None;
        }
        rim = least_squares(&kept, &rim)?;
        let mut sizes: Vec<f64> = kept.iter().map(|p| off(&rim, *p)).collect();
        sizes.sort_by(f64::total_cmp);
        let reach = 2.0 * (1.4826 * sizes[sizes.len() / 2]).max(1.0);
        kept = points
            .iter()
            .copied()
            .filter(|p| off(&rim, *p) < reach)
            .collect();
    }
    Some(rim)
}

/// Distance of a point from the ellipse, about, in pixels.
fn off(rim: &Ellipse, at: Point) -> f64 {
    let from = at - rim.centre;
    let share = (from.x / rim.across).hypot(from.y / rim.up);
    (share - 1.0).abs() * rim.up
}

/// A x² + B y² + C x + D y = 1 about the old centre, in units of the old radius.
fn least_squares(points: &[Point], about: &Ellipse) -> Option<Ellipse> {
    let unit = about.up;
    let mut normal = [[0.0; 5]; 4];
    for point in points {
        let (x, y) = (
            (point.x - about.centre.x) / unit,
            (point.y - about.centre.y) / unit,
        );
        let row = [x * x, y * y, x, y];
        for i in 0..4 {
            for j in 0..4 {
                normal[i][j] += row[i] * row[j];
            }
            normal[i][4] += row[i];
        }
    }
    let [a, b, c, d] = solved(normal)?;
    if a <= 0.0 || b <= 0.0 {
        return None;
    }
    let (x, y) = (-0.5 * c / a, -0.5 * d / b);
    let size = 1.0 + a * x * x + b * y * y;
    Some(Ellipse {
        centre: about.centre + Point::new(x, y) * unit,
        across: (size / a).sqrt() * unit,
        up: (size / b).sqrt() * unit,
        coverage: 0.0,
    })
}

/// Gaussian elimination with pivots; `None` when the points do not make an ellipse.
fn solved(mut m: [[f64; 5]; 4]) -> Option<[f64; 4]> {
    for k in 0..4 {
        let pivot = (k..4).max_by(|&a, &b| m[a][k].abs().total_cmp(&m[b][k].abs()))?;
        m.swap(k, pivot);
        if m[k][k].abs() < 1e-9 {
            return None;
        }
        for i in 0..4 {
            if i == k {
                continue;
            }
            let factor = m[i][k] / m[k][k];
            let pivot_row = m[k];
            for (value, above) in m[i].iter_mut().zip(pivot_row) {
                *value -= factor * above;
            }
        }
    }
    Some(std::array::from_fn(|k| m[k][4] / m[k][k]))
}
