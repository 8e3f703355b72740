//! Proof pictures: JPEG crops of chosen moments, in one pass over the video.

use super::faces::{Faces, cover};
use super::picture::{Picture, fault};
use super::video::Video;
use crate::error::Result;
use crate::recording::Recording;
use crate::units::Seconds;
use opencv::core::{Mat, Rect, Size, Vector};
use opencv::{imgcodecs, imgproc};
use std::path::Path;

/// One picture wanted.
#[derive(Clone, Debug, PartialEq)]
pub struct PictureRequest {
    /// The frame nearest to this time is taken.
    pub time_s: Seconds,
    /// Left, top, width, height in upright image pixels; cut where it leaves the picture.
    pub crop_px: [f64; 4],
    /// Width of the JPEG, pixels; the height follows. Never larger than the crop, nor is its longest side than 480.
    pub width_px: u32,
}

/// JPEG quality, percent: above 80 the files grow and nothing more is seen.
const QUALITY: i32 = 80;
/// Longest side of a picture, pixels: twenty of them keep a report under 1 MB.
const MAX_SIDE_PX: f64 = 480.0;

/// A JPEG for every request, in the order of the requests. Reads the video once; a second time when `hide_faces` names
/// the recording of the video, whose faces are then covered.
pub fn pictures(
    path: &Path,
    requests: &[PictureRequest],
    hide_faces: Option<&Recording>,
) -> Result<Vec<Vec<u8>>> {
    let times: Vec<Seconds> = requests.iter().map(|r| r.time_s).collect();
    let faces = hide_faces
        .map(|recording| Faces::find(path, recording, Some(&times)))
        .transpose()?;
    let mut order: Vec<usize> = (0..requests.len()).collect();
    order.sort_by(|&a, &b| {
        requests[a]
            .time_s
            .get()
            .total_cmp(&requests[b].time_s.get())
    });
    let mut files = vec![Vec::new(); requests.len()];
    let mut video = Video::open(path)?;
    let (mut done, mut newest) = (0, None);
    while done < order.len() {
        let Some(time) = video.grab()? else { break };
        let due = |index: usize| requests[index].time_s.get() <= time.get() + video.step_s() / 2.0;
        if !due(order[done]) {
            continue;
        }
        let last = order[done..]
            .iter()
            .take_while(|&&index| due(index))
            .count()
            + done;
        let mut picture = video.picture()?;
        if let Some(faces) = &faces {
            cover(&mut picture, &faces.at(time))?;
        }
        for &index in &order[done..last] {
            files[index] = jpeg(&picture, &requests[index])?;
        }
        done = last;
        newest = Some(picture);
    }
    if let Some(picture) = newest.filter(|_| done < order.len()) {
        for &index in &order[done..] {
            files[index] = jpeg(&picture, &requests[index])?;
        }
    }
    Ok(files)
}

fn jpeg(picture: &Picture, request: &PictureRequest) -> Result<Vec<u8>> {
    let [left, top, width, height] = request.crop_px;
    let span = |start: f64, length: f64, limit: i32| {
        let first = (start.round() as i32).clamp(0, limit - 1);
        (
            first,
            ((start + length).round() as i32).clamp(first + 1, limit) - first,
        )
    };
    let ((x, wide), (y, high)) = (
        span(left, width, picture.width()),
        span(top, height, picture.height()),
    );
    let crop = Mat::roi(picture.pixels(), Rect::new(x, y, wide, high)).map_err(fault)?;
    let (wide, high) = (f64::from(wide), f64::from(high));
    let scale = (f64::from(request.width_px) / wide)
        .min(MAX_SIDE_PX / wide.max(high))
        .min(1.0);
    let size = Size::new(
        (wide * scale).round().max(1.0) as i32,
        (high * scale).round().max(1.0) as i32,
    );
    let mut small = Mat::default();
    imgproc::resize(&crop, &mut small, size, 0.0, 0.0, imgproc::INTER_AREA).map_err(fault)?;
    let mut bytes = Vector::<u8>::new();
    let quality = Vector::from_slice(&[imgcodecs::IMWRITE_JPEG_QUALITY, QUALITY]);
    imgcodecs::imencode(".jpg", &small, &mut bytes, &quality).map_err(fault)?;
    Ok(bytes.into())
}
