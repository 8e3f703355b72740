//! One upright frame, and crops of it. Keeps `opencv::core::Mat` out of the stages that only want pixels.

use super::roi::Affine;
use crate::error::{Error, Result};
use crate::units::Point;
use opencv::core::{
    self, BORDER_CONSTANT, BORDER_REPLICATE, CV_8UC1, Mat, MatExprTraitConst, MatTraitConst,
    MatTraitConstManual, Point as Pixel, Scalar, Size,
};
use opencv::{imgproc, photo};

/// An upright frame, 8-bit BGR.
pub struct Picture {
    pixels: Mat,
    hidden: Option<Disc>,
}

/// A disc in upright image pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Disc {
    /// Its centre.
    pub centre: Point,
    /// Its radius.
    pub radius: f64,
}

/// What is painted over is filled in from this far around it, crop pixels.
const FILL_REACH_PX: f64 = 5.0;

/// What a crop shows beyond the picture's edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Border {
    /// Black.
    Black,
    /// The edge's own colour.
    Edge,
}

impl Picture {
    /// From an upright 8-bit BGR image.
    pub fn new(pixels: Mat) -> Self {
        Picture {
            pixels,
            hidden: None,
        }
    }

    /// The same frame with a disc that no crop shows: it is filled in from around it (Telea 2004,
    /// doi 10.1080/10867651.2004.10487596).
    pub fn without(self, disc: Disc) -> Self {
        Picture {
            hidden: Some(disc),
            ..self
        }
    }

    /// Width in pixels.
    pub fn width(&self) -> i32 {
        self.pixels.cols()
    }

    /// Height in pixels.
    pub fn height(&self) -> i32 {
        self.pixels.rows()
    }

    /// The image itself.
    pub fn pixels(&self) -> &Mat {
        &self.pixels
    }

    /// The image itself, to draw on.
    pub fn pixels_mut(&mut self) -> &mut Mat {
        &mut self.pixels
    }

    /// A square crop of `side` pixels, bilinear.
    pub fn crop(&self, image_from_crop: &Affine, side: usize, border: Border) -> Result<Mat> {
        let matrix = Mat::from_slice_2d(&image_from_crop.rows).map_err(fault)?;
        let mode = match border {
            Border::Black => BORDER_CONSTANT,
            Border::Edge => BORDER_REPLICATE,
        };
        let size = Size::new(side as i32, side as i32);
        let flags = imgproc::INTER_LINEAR | imgproc::WARP_INVERSE_MAP;
        let mut crop = Mat::default();
        imgproc::warp_affine(
            &self.pixels,
            &mut crop,
            &matrix,
            size,
            flags,
            mode,
            Scalar::default(),
        )
        .map_err(fault)?;
        match &self.hidden {
            Some(disc) => painted_over(&crop, disc, image_from_crop),
            None => Ok(crop),
        }
    }
}

/// The crop without the disc.
fn painted_over(crop: &Mat, disc: &Disc, image_from_crop: &Affine) -> Result<Mat> {
    let centre = image_from_crop.unmap(disc.centre);
    let scale = image_from_crop.rows[0][0].hypot(image_from_crop.rows[1][0]);
    let mut mask = Mat::zeros(crop.rows(), crop.cols(), CV_8UC1)
        .and_then(|zeros| zeros.to_mat())
        .map_err(fault)?;
    let centre = Pixel::new(centre.x.round() as i32, centre.y.round() as i32);
    let radius = (disc.radius / scale).round() as i32;
    imgproc::circle(
        &mut mask,
        centre,
        radius,
        Scalar::all(255.0),
        imgproc::FILLED,
        imgproc::LINE_8,
        0,
    )
    .map_err(fault)?;
    if core::count_non_zero(&mask).map_err(fault)? == 0 {
        return Ok(crop.clone());
    }
    let mut filled = Mat::default();
    photo::inpaint(
        crop,
        &mask,
        &mut filled,
        FILL_REACH_PX,
        photo::INPAINT_TELEA,
    )
    .map_err(fault)?;
    Ok(filled)
}

/// The network's input: planes of red, green and blue, each value `byte * factor + shift`.
pub fn planar_rgb(crop: &Mat, factor: f32, shift: f32) -> Result<Vec<f32>> {
    let bytes = crop.data_bytes().map_err(fault)?;
    let plane = bytes.len() / 3;
    let mut values = vec![0.0; 3 * plane];
    let (red, rest) = values.split_at_mut(plane);
    let (green, blue) = rest.split_at_mut(plane);
    for (index, pixel) in bytes.chunks_exact(3).enumerate() {
        red[index] = f32::from(pixel[2]) * factor + shift;
        green[index] = f32::from(pixel[1]) * factor + shift;
        blue[index] = f32::from(pixel[0]) * factor + shift;
    }
    Ok(values)
}

/// OpenCV refused something it should not.
pub fn fault(error: opencv::Error) -> Error {
    Error::Internal(format!("OpenCV: {}", error.message))
}

#[cfg(test)]
mod tests {
    use super::*;
    use opencv::core::CV_8UC3;

    /// A white wall with a black plate.
    fn wall() -> Picture {
        let white = Scalar::all(255.0);
        let mut pixels = Mat::new_rows_cols_with_default(400, 300, CV_8UC3, white).unwrap();
        let middle = Pixel::new(150, 200);
        imgproc::circle(
            &mut pixels,
            middle,
            60,
            Scalar::all(0.0),
            imgproc::FILLED,
            8,
            0,
        )
        .unwrap();
        Picture::new(pixels)
    }

    fn darkest(picture: &Picture, corner: Point) -> u8 {
        let image_from_crop = Affine {
            rows: [[2.0, 0.0, corner.x], [0.0, 2.0, corner.y]],
        };
        let crop = picture.crop(&image_from_crop, 100, Border::Edge).unwrap();
        crop.data_bytes().unwrap().iter().copied().min().unwrap()
    }

    #[test]
    fn what_is_painted_over_looks_like_what_is_around_it_in_every_crop() {
        let plate = Disc {
            centre: Point::new(150.0, 200.0),
            radius: 64.0,
        };
        for corner in [Point::new(50.0, 100.0), Point::new(140.0, 190.0)] {
            assert_eq!(darkest(&wall(), corner), 0);
            assert!(darkest(&wall().without(plate), corner) > 250);
        }
        let elsewhere = Disc {
            centre: Point::new(900.0, 200.0),
            ..plate
        };
        assert_eq!(
            darkest(&wall().without(elsewhere), Point::new(50.0, 100.0)),
            0
        );
    }
}
