//! The annotated video: every frame of the clip at its own time, with the back line over the lifter and below the
//! picture a strip with rep, verdict, and the angle on its band. Nothing of the picture is hidden by the strip.

use super::encode::{Encoder, stated_times};
use super::faces::{Faces, cover};
use super::picture::{Picture, fault};
use super::video::Video;
use crate::error::{Error, Result};
use crate::report::overlay::{self, Gauge, Overlay, Reel};
use crate::session::Verdict;
use crate::units::{Angle, Point, Seconds};
use opencv::core::{self, BORDER_CONSTANT, Mat, Point as Pixel, Rect, Scalar, Size, Vector};
use opencv::imgproc::{self, FONT_HERSHEY_SIMPLEX, LINE_AA};
use std::path::Path;

pub use super::encode::ready;

/// Longest side of the picture in the video, pixels: what phones send on without making it smaller.
const MAX_SIDE_PX: f64 = 1280.0;
/// Height of the strip, share of the picture's width: its words are about 12 px high on a phone 360 px wide.
const STRIP: f64 = 0.16;

/// A stated time this near to the one read is that of the same frame.
const SAME_FRAME_S: f64 = 0.1;
/// Frames follow each other by at least this.
const LEAST_STEP_S: f64 = 0.001;

/// How a video is made.
pub struct Film<'a> {
    /// The clip.
    pub clip: &'a Path,
    /// What is drawn.
    pub reel: &'a Reel<'a>,
    /// Where faces are that are covered.
    pub faces: Option<Faces>,
}

/// Writes the annotated video to `path`. `seen_to` is told each frame's time.
pub fn annotate(film: &Film, path: &Path, seen_to: &mut dyn FnMut(Seconds)) -> Result<()> {
    let gauge = film.reel.gauge();
    let stated = stated_times(film.clip);
    let mut last_s = f64::NEG_INFINITY;
    let mut video = Video::open(film.clip)?;
    let mut encoder: Option<(Encoder, Seconds)> = None;
    for index in 0.. {
        let Some(time) = video.grab()? else { break };
        let mut picture = video.picture()?;
        if let Some(faces) = &film.faces {
            cover(&mut picture, &faces.at(time))?;
        }
        let layout = Layout::of(&picture);
        let frame = drawn(&picture, layout, &film.reel.at(time), &gauge)?;
        let (encoder, first) = match &mut encoder {
            Some(running) => running,
            none => none.insert((layout.begin(path)?, time)),
        };
        let read_s = (time - *first).get();
        let own_s = stated.get(index).copied();
        let time_s = own_s
            .filter(|t| (t - read_s).abs() < SAME_FRAME_S && *t > last_s)
            .unwrap_or(read_s.max(last_s + LEAST_STEP_S));
        last_s = time_s;
        encoder.add(&frame, time_s)?;
        seen_to(time);
    }
    match encoder {
        Some((encoder, _)) => encoder.finish(),
        None => Err(Error::Internal("the clip has no frame".into())),
    }
}

/// Sizes in the video, pixels; all even, as yuv420p asks.
#[derive(Clone, Copy)]
struct Layout {
    width: i32,
    height: i32,
    strip: i32,
    /// Video pixels per image pixel.
    scale: f64,
    /// Video pixels per pixel of a phone's page, 360 of which are as wide as the video.
    unit: f64,
}

impl Layout {
    fn of(picture: &Picture) -> Self {
        let (width, height) = (f64::from(picture.width()), f64::from(picture.height()));
        let scale = (MAX_SIDE_PX / width.max(height)).min(1.0);
        let even = |length: f64| ((length / 2.0).round() as i32).max(1) * 2;
        let wide = even(width * scale);
        Layout {
            width: wide,
            height: even(height * scale),
            strip: even(STRIP * f64::from(wide)),
            scale,
            unit: f64::from(wide) / 360.0,
        }
    }

    fn begin(self, path: &Path) -> Result<Encoder> {
        let height = self.height + self.strip;
        Encoder::begin(path, self.width.unsigned_abs(), height.unsigned_abs())
    }

    fn thick(self, pixels: f64) -> i32 {
        ((pixels * self.unit).round() as i32).max(1)
    }
}

// Colours as in the page's dark mode; OpenCV wants blue first.
const fn colour(rgb: u32) -> [f64; 3] {
    [
        (rgb & 255) as f64,
        (rgb >> 8 & 255) as f64,
        (rgb >> 16 & 255) as f64,
    ]
}
const PAPER: [f64; 3] = colour(0x14171c);
const INK: [f64; 3] = colour(0xebe9e4);
const SOFT: [f64; 3] = colour(0xa9afba);
const DARK: [f64; 3] = colour(0x101215);
const LOWER: [f64; 3] = colour(0xff6a3d);
const UPPER: [f64; 3] = colour(0x5cc8ff);
const BONE: [f64; 3] = colour(0xd5d2c9);
const HELD: [f64; 3] = colour(0x6fcfae);
const CLOSE: [f64; 3] = colour(0xe6b450);
const LEFT: [f64; 3] = colour(0xff9068);
const NEUTRAL: [f64; 3] = colour(0x2f6b57);
const WATCHED: [f64; 3] = colour(0x80662a);
const BEYOND: [f64; 3] = colour(0x7c3a25);

fn ink(c: [f64; 3]) -> Scalar {
    Scalar::new(c[0], c[1], c[2], 0.0)
}

fn drawn(picture: &Picture, layout: Layout, overlay: &Overlay, gauge: &Gauge) -> Result<Mat> {
    let mut small = Mat::default();
    let size = Size::new(layout.width, layout.height);
    imgproc::resize(
        picture.pixels(),
        &mut small,
        size,
        0.0,
        0.0,
        imgproc::INTER_AREA,
    )
    .map_err(fault)?;
    let mut frame = Mat::default();
    core::copy_make_border(
        &small,
        &mut frame,
        0,
        layout.strip,
        0,
        0,
        BORDER_CONSTANT,
        ink(PAPER),
    )
    .map_err(fault)?;
    let mut pen = Pen {
        frame: &mut frame,
        layout,
    };
    for (a, b) in &overlay.bones {
        pen.line(&[*a, *b], BONE, 1.0)?;
    }
    if let Some(back) = &overlay.back {
        let [lumbar, thoracic] = back.seen_parts();
        for (line, colour) in [(thoracic, UPPER), (lumbar, LOWER)] {
            pen.line(&line, DARK, 4.5)?;
            pen.line(&line, colour, 2.5)?;
        }
    }
    pen.rep(overlay)?;
    pen.gauge(overlay, gauge)?;
    Ok(frame)
}

/// Draws on one frame of the video.
struct Pen<'a> {
    frame: &'a mut Mat,
    layout: Layout,
}

impl Pen<'_> {
    /// A line through points of the image; those outside the picture do not reach into the strip.
    fn line(&mut self, points: &[Point], c: [f64; 3], width: f64) -> Result<()> {
        if points.len() < 2 {
            return Ok(());
        }
        // a sixteenth of a pixel: a line of a few points must not jump from pixel to pixel
        let fine = |v: f64| (v * self.layout.scale * 16.0).round().clamp(-1e6, 1e6) as i32;
        let points = points.iter().map(|p| Pixel::new(fine(p.x), fine(p.y)));
        let lines: Vector<Vector<Pixel>> = Vector::from_iter([Vector::from_iter(points)]);
        let area = Rect::new(0, 0, self.layout.width, self.layout.height);
        let mut picture = Mat::roi_mut(self.frame, area).map_err(fault)?;
        let thick = self.layout.thick(width);
        imgproc::polylines(&mut picture, &lines, false, ink(c), thick, LINE_AA, 4).map_err(fault)
    }

    /// Left part of the strip: rep and verdict, the verdict as shape, word and colour.
    fn rep(&mut self, overlay: &Overlay) -> Result<()> {
        let Some((number, verdict)) = overlay.rep else {
            return Ok(());
        };
        self.text(12.0, 24.0, &format!("Rep {number}"), INK)?;
        let c = match verdict {
            Verdict::Held => HELD,
            Verdict::Close => CLOSE,
            Verdict::LeftNeutral => LEFT,
            Verdict::CannotTell => SOFT,
        };
        self.mark(verdict, c)?;
        self.text(30.0, 46.0, overlay::word(verdict), c).map(|_| ())
    }

    fn mark(&mut self, verdict: Verdict, c: [f64; 3]) -> Result<()> {
        let (x, y) = (18.0, 41.0);
        let corners: &[(f64, f64)] = match verdict {
            Verdict::Held => return self.dot(x, y, 5.5, c),
            Verdict::LeftNeutral => &[(0.0, -6.0), (6.0, 5.0), (-6.0, 5.0)],
            Verdict::Close => &[(-5.0, -5.0), (5.0, -5.0), (5.0, 5.0), (-5.0, 5.0)],
            Verdict::CannotTell => &[(-6.0, -1.2), (6.0, -1.2), (6.0, 1.2), (-6.0, 1.2)],
        };
        let corners: Vec<(f64, f64)> = corners.iter().map(|(a, b)| (x + a, y + b)).collect();
        self.area(&corners, c)
    }

    /// Right part of the strip: the angle in words, and a needle on the band.
    fn gauge(&mut self, overlay: &Overlay, gauge: &Gauge) -> Result<()> {
        let (left, right, top, foot) = (140.0, 348.0, 33.0, 45.0);
        let span = (gauge.high - gauge.low).degrees();
        let x =
            |a: Angle| left + (right - left) * ((a - gauge.low).degrees() / span).clamp(0.0, 1.0);
        let zones = [
            (gauge.low, gauge.arch_leave, BEYOND),
            (gauge.arch_leave, gauge.arch_watch, WATCHED),
            (gauge.arch_watch, gauge.watch, NEUTRAL),
            (gauge.watch, gauge.leave, WATCHED),
            (gauge.leave, gauge.high, BEYOND),
        ];
        for (from, to, c) in zones {
            self.bar((x(from), x(to)), (top, foot), c)?;
        }
        let zero = x(Angle::ZERO);
        self.bar((zero - 0.6, zero + 0.6), (top - 3.0, foot + 3.0), SOFT)?;
        let Some(angle) = overlay.angle else {
            return self.text(left, 24.0, "not measured", SOFT).map(|_| ());
        };
        let at = x(angle);
        self.bar((at - 3.2, at + 3.2), (top - 4.0, foot + 4.0), DARK)?;
        self.bar((at - 1.8, at + 1.8), (top - 3.0, foot + 3.0), INK)?;
        let way = if angle < Angle::ZERO {
            "arched"
        } else {
            "rounded"
        };
        let said = overlay.said.trim_start_matches('−');
        self.text(left, 24.0, &format!("{way} {said}"), INK)
            .map(|_| ())
    }

    /// Text with its foot at `y`; returns where it ends. OpenCV's font has no ° and no ±: they are drawn.
    fn text(&mut self, x: f64, y: f64, text: &str, c: [f64; 3]) -> Result<f64> {
        let scale = 0.52 * self.layout.unit;
        let thick = self.layout.thick(0.9);
        let mut x = x;
        for part in text.split_inclusive(['°', '±']) {
            let plain = part.trim_end_matches(['°', '±']);
            let at = self.place(x, y);
            imgproc::put_text(
                self.frame,
                plain,
                at,
                FONT_HERSHEY_SIMPLEX,
                scale,
                ink(c),
                thick,
                LINE_AA,
                false,
            )
            .map_err(fault)?;
            let size = imgproc::get_text_size(plain, FONT_HERSHEY_SIMPLEX, scale, thick, &mut 0)
                .map_err(fault)?;
            x += f64::from(size.width) / self.layout.unit;
            if part.ends_with('°') {
                let at = self.place(x + 2.5, y - 8.5);
                let radius = self.layout.thick(1.8);
                imgproc::circle(self.frame, at, radius, ink(c), thick, LINE_AA, 0)
                    .map_err(fault)?;
                x += 6.0;
            }
            if part.ends_with('±') {
                for (a, b) in [
                    ((0.0, -6.5), (8.0, -6.5)),
                    ((4.0, -10.5), (4.0, -2.5)),
                    ((0.0, 0.0), (8.0, 0.0)),
                ] {
                    let from = self.place(x + a.0, y + a.1);
                    let to = self.place(x + b.0, y + b.1);
                    imgproc::line(self.frame, from, to, ink(c), thick, LINE_AA, 0)
                        .map_err(fault)?;
                }
                x += 10.0;
            }
        }
        Ok(x)
    }

    fn dot(&mut self, x: f64, y: f64, radius: f64, c: [f64; 3]) -> Result<()> {
        let at = self.place(x, y);
        let radius = self.layout.thick(radius);
        imgproc::circle(self.frame, at, radius, ink(c), -1, LINE_AA, 0).map_err(fault)
    }

    /// An upright bar between two places across and two down.
    fn bar(&mut self, x: (f64, f64), y: (f64, f64), c: [f64; 3]) -> Result<()> {
        self.area(&[(x.0, y.0), (x.1, y.0), (x.1, y.1), (x.0, y.1)], c)
    }

    /// A filled area, corners in phone pixels from the strip's top left.
    fn area(&mut self, corners: &[(f64, f64)], c: [f64; 3]) -> Result<()> {
        let corners: Vector<Pixel> = corners.iter().map(|(x, y)| self.place(*x, *y)).collect();
        imgproc::fill_convex_poly(self.frame, &corners, ink(c), LINE_AA, 0).map_err(fault)
    }

    /// Video pixel of a place in the strip, in phone pixels.
    fn place(&self, x: f64, y: f64) -> Pixel {
        let (x, y) = (
            x * self.layout.unit,
            y * self.layout.unit + f64::from(self.layout.height),
        );
        Pixel::new(x.round() as i32, y.round() as i32)
    }
}
