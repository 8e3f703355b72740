//! The plates of the bar, found as ellipses in one still frame and followed through the video.
//!
//! Takes a picture, the place of the hands and the length of the trunk; gives the plates' rims in upright image pixels.
//! Edges vote for centres along their gradients (Kimme 1975, doi 10.1145/360666.360677); around the best centres the rim is
//! followed along rays and fitted with an upright ellipse, outliers left out. Of several rims that fit about as well the
//! largest is taken: hubs and raised faces lie inside the rim. What sightings mean in millimetres is for the science to say.

mod ellipse;
mod followed;
mod gradient;
mod growth;
mod path;
mod rim;
mod seeker;

pub use path::Path;
pub use seeker::Seeker;

use super::picture::{Border, Picture};
use super::roi::Affine;
use crate::error::Result;
use crate::recording::PlateSighting;
use crate::units::{Point, Seconds};
use ellipse::Ellipse;
use gradient::Gradient;

/// Trunk length in the searched crop, pixels: a rim of 60 to 110 pixels, found to a few tenths of one.
const TRUNK_PX: f64 = 120.0;
/// The crop reaches this far from the hands, trunk lengths: a plate on the floor beside a standing lifter is still in it.
const REACH: f64 = 1.9;
/// Radii that are looked for, trunk lengths. A 450 mm plate beside a trunk of 0.5 m, and nearer to the camera, has 0.5 to 0.8.
const RADII: (f64, f64) = (0.36, 0.95);
/// Centres that are tried.
const CENTRES: usize = 12;
/// Rays on which the rim is looked for.
const RAYS: usize = 180;
/// A rim is there when this share of the rays finds it.
const LEAST_COVERAGE: f64 = 0.55;
/// Plates that are kept of one picture: those of both ends of the bar, and one of the room.
const PLATES: usize = 3;
/// Rims whose coverage is within this of the best are about as good.
const ABOUT_AS_GOOD: f64 = 0.2;

/// Looks for plates near `hands`; the clearest first.
pub fn sight(
    picture: &Picture,
    time_s: Seconds,
    hands: Point,
    trunk_px: f64,
) -> Result<Vec<PlateSighting>> {
    let scale = trunk_px / TRUNK_PX;
    let (gradient, image_from_crop) = edges(picture, hands, scale, REACH * TRUNK_PX)?;
    let sighting = |rim: Ellipse| PlateSighting {
        time_s,
        at: image_from_crop.map(rim.centre.x, rim.centre.y),
        width_px: 2.0 * rim.across * scale,
        height_px: 2.0 * rim.up * scale,
        coverage: rim.coverage,
    };
    Ok(rims(&gradient).into_iter().map(sighting).collect())
}

/// The edges within `half` crop pixels of a place, `scale` image pixels each.
fn edges(picture: &Picture, about: Point, scale: f64, half: f64) -> Result<(Gradient, Affine)> {
    let corner = about - Point::new(half, half) * scale;
    let image_from_crop = Affine {
        rows: [[scale, 0.0, corner.x], [0.0, scale, corner.y]],
    };
    let crop = picture.crop(&image_from_crop, (2.0 * half) as usize, Border::Edge)?;
    let end = Point::new(f64::from(picture.width()), f64::from(picture.height()));
    let shown = [Point::default(), end].map(|at| image_from_crop.unmap(at));
    Ok((Gradient::of(&crop, shown)?, image_from_crop))
}

/// The rims of up to [`PLATES`] plates: of several about one centre that fit about as well, the largest.
fn rims(gradient: &Gradient) -> Vec<Ellipse> {
    let radii = (RADII.0 * TRUNK_PX, RADII.1 * TRUNK_PX);
    let mut all: Vec<Ellipse> = gradient
        .centres(radii, CENTRES)
        .into_iter()
        .flat_map(|centre| {
            let near = rims_about(gradient, centre, radii);
            near.into_iter()
                .filter_map(move |radius| Ellipse::fitted(gradient, centre, radius))
        })
        .filter(|rim| rim.coverage >= LEAST_COVERAGE)
        .collect();
    let mut plates = Vec::new();
    while let Some(best) = all
        .iter()
        .copied()
        .max_by(|a, b| a.coverage.total_cmp(&b.coverage))
        && plates.len() < PLATES
    {
        let good = |rim: &&Ellipse| rim.coverage >= best.coverage - ABOUT_AS_GOOD;
        let here = all.iter().filter(|rim| best.shares_centre(rim));
        let largest = here.filter(good).max_by(|a, b| a.up.total_cmp(&b.up));
        plates.extend(largest.copied());
        all.retain(|rim| !best.shares_centre(rim));
    }
    plates
}

/// Radii about `centre` at which many rays cross an edge.
fn rims_about(gradient: &Gradient, centre: Point, radii: (f64, f64)) -> Vec<f64> {
    /// Pixels to either side within which an edge counts for a radius.
    const NEAR: usize = 4;
    let first = radii.0 * 0.9;
    let count = (radii.1 * 1.1 - first) as usize;
    let mut crossed = vec![0.0; count];
    for (along, sideways) in rays(RAYS) {
        let edge: Vec<bool> = (0..count)
            .map(|k| {
                let r = first + k as f64;
                let at = centre + Point::new(r * along, r * sideways);
                gradient.across(at, (along, sideways)) > gradient::EDGE
            })
            .collect();
        for (k, crossed) in crossed.iter_mut().enumerate() {
            let near = k.saturating_sub(NEAR)..(k + NEAR + 1).min(count);
            *crossed += f64::from(u8::from(edge[near].contains(&true))) / RAYS as f64;
        }
    }
    let is_peak = |k: &usize| {
        let near = k.saturating_sub(5)..(k + 6).min(count);
        crossed[*k] >= 0.5 && crossed[near].iter().all(|c| *c <= crossed[*k])
    };
    (5..count.saturating_sub(5))
        .filter(is_peak)
        .map(|k| first + k as f64)
        .collect()
}

/// So many unit vectors all round.
fn rays(count: usize) -> impl Iterator<Item = (f64, f64)> {
    (0..count).map(move |k| {
        let turn = std::f64::consts::TAU * k as f64 / count as f64;
        (turn.cos(), turn.sin())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use opencv::core::{CV_8UC3, Mat, Point as Pixel, Scalar, Size};
    use opencv::imgproc;

    /// A plate with its hub and a raised face before a wall.
    fn drawn(half: (i32, i32), bodies: &[(i32, i32)], wall: f64) -> Picture {
        let mut image =
            Mat::new_rows_cols_with_default(900, 700, CV_8UC3, Scalar::all(wall)).unwrap();
        let mut oval = |at: (i32, i32), size: (i32, i32), grey: f64| {
            imgproc::ellipse(
                &mut image,
                Pixel::new(at.0, at.1),
                Size::new(size.0, size.1),
                0.0,
                0.0,
                360.0,
                Scalar::all(grey),
                -1,
                imgproc::LINE_AA,
                0,
            )
            .unwrap();
        };
        for at in bodies {
            oval(*at, (40, 160), 90.0);
        }
        oval((360, 600), half, 30.0);
        oval((360, 600), (half.0 * 8 / 10, half.1 * 8 / 10), 45.0);
        oval((360, 600), (half.0 * 4 / 10, half.1 * 4 / 10), 160.0);
        Picture::new(image)
    }

    fn seen(picture: &Picture) -> Option<PlateSighting> {
        let seen = sight(picture, Seconds::new(0.0), Point::new(330.0, 520.0), 200.0);
        seen.unwrap().into_iter().next()
    }

    #[test]
    fn a_plate_seen_at_an_angle_has_its_rim_found_to_one_percent() {
        for half in [(120, 120), (113, 120), (104, 111)] {
            let plate = seen(&drawn(half, &[(300, 420)], 120.0)).unwrap();
            for (found, truth) in [(plate.width_px, half.0), (plate.height_px, half.1)] {
                // OpenCV draws filled shapes about half a pixel larger
                let truth = 2.0 * f64::from(truth) + 1.0;
                assert!((found / truth - 1.0).abs() < 0.01, "{found}, drawn {truth}");
            }
        }
    }

    #[test]
    fn a_black_plate_is_found_before_a_dark_wall() {
        let plate = seen(&drawn((118, 120), &[], 42.0)).unwrap();
        assert!((plate.height_px / 241.0 - 1.0).abs() < 0.01, "{plate:?}");
    }

    #[test]
    fn where_there_is_no_plate_none_is_found() {
        let image = Mat::new_rows_cols_with_default(900, 700, CV_8UC3, Scalar::all(120.0)).unwrap();
        assert_eq!(seen(&Picture::new(image)), None);
    }
}
