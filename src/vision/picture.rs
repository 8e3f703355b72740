//! One upright frame, and crops of it. Keeps `opencv::core::Mat` out of the stages that only want pixels.

use super::roi::Affine;
use crate::error::{Error, Result};
use opencv::core::{
    BORDER_CONSTANT, BORDER_REPLICATE, Mat, MatTraitConst, MatTraitConstManual, Scalar, Size,
};
use opencv::imgproc;

/// An upright frame, 8-bit BGR.
pub struct Picture {
    pixels: Mat,
}

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
        Picture { pixels }
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
        Ok(crop)
    }
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
