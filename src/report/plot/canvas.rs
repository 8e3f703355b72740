//! A small sheet to plot on: plotters' SVG backend with our own axes, so that every flexion plot has the same vertical
//! scale and no text is under 12 px on a phone. plotters works in whole pixels; the sheet is therefore drawn ten times
//! larger than it is shown.

use crate::error::{Error, Result};
use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

/// Drawn units in a shown pixel.
const FINE: f64 = 10.0;
/// plotters writes a font size divided by this.
const FONT_FACTOR: f64 = 1.24;
/// Width of every plot as shown on a 360 px phone (360 less the margins of page and card), so that text is never scaled down.
pub const WIDTH_PX: f64 = 296.0;
/// Text size at that width.
const TEXT_PX: f64 = 12.5;

/// Width of a letter for its size, on the wide side of what phones set.
const LETTER: f64 = 0.6;

/// Room that words take, shown pixels.
pub fn wide_px(text: &str) -> f64 {
    text.chars().count() as f64 * TEXT_PX * LETTER
}

/// The colours; each is one meaning, and `page.css` finds it by this value to recolour it in the dark.
pub mod ink {
    use plotters::style::RGBColor;
    /// A rep that held.
    pub const HELD: RGBColor = RGBColor(0x1B, 0x6E, 0x55);
    /// A rep too close to call.
    pub const CLOSE: RGBColor = RGBColor(0x8A, 0x5A, 0x00);
    /// A rep that left neutral.
    pub const LEFT: RGBColor = RGBColor(0xB8, 0x3A, 0x14);
    /// A rep that could not be judged.
    pub const UNSURE: RGBColor = RGBColor(0x66, 0x6B, 0x75);
    /// Words.
    pub const TEXT: RGBColor = RGBColor(0x52, 0x58, 0x63);
    /// Axis lines.
    pub const LINE: RGBColor = RGBColor(0xD5, 0xD2, 0xC9);
    /// The zero line.
    pub const ZERO: RGBColor = RGBColor(0x9A, 0x9A, 0x94);
    /// The first of two sets.
    pub const FIRST: RGBColor = RGBColor(0x7A, 0x52, 0x9E);
    /// The second.
    pub const SECOND: RGBColor = RGBColor(0x1F, 0x5F, 0xBF);
    /// Inside the band.
    pub const BAND: RGBColor = RGBColor(0xE3, 0xEE, 0xE7);
    /// Between watch and left neutral.
    pub const WATCH: RGBColor = RGBColor(0xF6, 0xEC, 0xD6);
}

/// Where text sits against its point.
#[derive(Clone, Copy)]
pub enum Hang {
    /// Starts at the point.
    Right,
    /// Ends at the point.
    Left,
    /// Centred over it.
    Middle,
}

/// The sheet: shown pixels from the top left, plus the data ranges of the plotting area.
pub struct Canvas<'a> {
    area: DrawingArea<SVGBackend<'a>, Shift>,
    /// Data range across.
    x: (f64, f64),
    /// Data range upwards.
    y: (f64, f64),
    /// Top and foot of the plotting area, shown pixels.
    up_px: (f64, f64),
}

/// Margins of the plotting area within the sheet, shown pixels.
pub const LEFT_PX: f64 = 34.0;
const RIGHT_PX: f64 = 8.0;
/// Room above for the words of the phases.
pub const TOP_PX: f64 = 22.0;
const BOTTOM_PX: f64 = 38.0;

/// Runs `draw` on a fresh sheet and gives the SVG text, ready to stand in a page.
pub fn svg(
    height_px: f64,
    x: (f64, f64),
    y: (f64, f64),
    draw: impl FnOnce(&Canvas) -> Result<()>,
) -> Result<String> {
    let mut text = String::new();
    {
        let size = ((WIDTH_PX * FINE) as u32, (height_px * FINE) as u32);
        let canvas = Canvas {
            area: SVGBackend::with_string(&mut text, size).into_drawing_area(),
            x,
            y,
            up_px: (TOP_PX, height_px - BOTTOM_PX),
        };
        draw(&canvas)?;
        canvas.area.present().map_err(fault)?;
    }
    Ok(tidy(&text))
}

/// Takes off the fixed size, so that the page decides it, and the parts of every tag that say nothing.
fn tidy(text: &str) -> String {
    let start = text.find("viewBox=").unwrap_or(0);
    let body = text[start..]
        .replace(" opacity=\"1\"", "")
        .replace(">\n", ">")
        .replace("\n<", "<")
        .replace(" xmlns=\"http://www.w3.org/2000/svg\"", "");
    format!(
        "<svg aria-hidden=\"true\" focusable=\"false\" {}",
        body.trim_end()
    )
}

fn fault<E: std::error::Error + Send + Sync>(error: DrawingAreaErrorKind<E>) -> Error {
    Error::Internal(format!("a plot could not be drawn: {error}"))
}

impl Canvas<'_> {
    /// Shown pixels of a data point.
    pub fn place(&self, (x, y): (f64, f64)) -> (f64, f64) {
        let across = WIDTH_PX - LEFT_PX - RIGHT_PX;
        let (top, foot) = self.up_px;
        let share = |value: f64, range: (f64, f64)| {
            ((value - range.0) / (range.1 - range.0)).clamp(0.0, 1.0)
        };
        (
            LEFT_PX + share(x, self.x) * across,
            top + (1.0 - share(y, self.y)) * (foot - top),
        )
    }

    /// Left and right end of the data.
    pub fn span(&self) -> (f64, f64) {
        self.x
    }

    /// Foot of the plotting area in shown pixels.
    pub fn foot_px(&self) -> f64 {
        self.up_px.1
    }

    /// A part of the sheet with the same range across and its own upwards, between two heights in shown pixels. A range
    /// that is turned round (`y.0 > y.1`) puts the greater values lower.
    pub fn panel(&self, up_px: (f64, f64), y: (f64, f64)) -> Self {
        Canvas {
            area: self.area.clone(),
            x: self.x,
            y,
            up_px,
        }
    }

    fn fine(&self, at_px: (f64, f64)) -> (i32, i32) {
        (
            (at_px.0 * FINE).round() as i32,
            (at_px.1 * FINE).round() as i32,
        )
    }

    /// A line through data points.
    pub fn line(&self, points: &[(f64, f64)], colour: RGBColor, width_px: f64) -> Result<()> {
        let path: Vec<_> = points.iter().map(|p| self.fine(self.place(*p))).collect();
        self.area
            .draw(&PathElement::new(
                path,
                colour.stroke_width((width_px * FINE) as u32),
            ))
            .map_err(fault)
    }

    /// A dashed line between two data points.
    pub fn dashes(&self, from: (f64, f64), to: (f64, f64), colour: RGBColor) -> Result<()> {
        let (from, to) = (self.place(from), self.place(to));
        let length = (to.0 - from.0).hypot(to.1 - from.1);
        let at = |s: f64| {
            (
                from.0 + (to.0 - from.0) * s / length,
                from.1 + (to.1 - from.1) * s / length,
            )
        };
        let mut done = 0.0;
        while done < length {
            let path = vec![self.fine(at(done)), self.fine(at((done + 4.0).min(length)))];
            self.area
                .draw(&PathElement::new(
                    path,
                    colour.stroke_width((1.2 * FINE) as u32),
                ))
                .map_err(fault)?;
            done += 7.0;
        }
        Ok(())
    }

    /// A filled shape through data points, `opacity` 0 to 1.
    pub fn area(&self, points: &[(f64, f64)], colour: RGBColor, opacity: f64) -> Result<()> {
        let shape: Vec<_> = points.iter().map(|p| self.fine(self.place(*p))).collect();
        self.area
            .draw(&Polygon::new(shape, colour.mix(opacity).filled()))
            .map_err(fault)
    }

    /// A filled shape in shown pixels.
    pub fn shape_px(&self, points: &[(f64, f64)], colour: RGBColor) -> Result<()> {
        let shape: Vec<_> = points.iter().map(|p| self.fine(*p)).collect();
        self.area
            .draw(&Polygon::new(shape, colour.filled()))
            .map_err(fault)
    }

    /// A filled disc at a place in shown pixels.
    pub fn disc_px(&self, at_px: (f64, f64), radius_px: f64, colour: RGBColor) -> Result<()> {
        self.area
            .draw(&Circle::new(
                self.fine(at_px),
                (radius_px * FINE) as i32,
                colour.filled(),
            ))
            .map_err(fault)
    }

    /// Words at a place in shown pixels; the point is at half their height.
    pub fn words_px(
        &self,
        text: &str,
        at_px: (f64, f64),
        hang: Hang,
        colour: RGBColor,
    ) -> Result<()> {
        let side = match hang {
            Hang::Right => HPos::Left,
            Hang::Left => HPos::Right,
            Hang::Middle => HPos::Center,
        };
        let style = TextStyle::from(("sans-serif", TEXT_PX * FINE * FONT_FACTOR).into_font())
            .color(&colour)
            .pos(Pos::new(side, VPos::Center));
        self.area
            .draw(&Text::new(text.to_string(), self.fine(at_px), style))
            .map_err(fault)
    }

    /// Words at a data point, moved by shown pixels.
    pub fn words(
        &self,
        text: &str,
        at: (f64, f64),
        moved_px: (f64, f64),
        hang: Hang,
    ) -> Result<()> {
        let (x, y) = self.place(at);
        self.words_px(text, (x + moved_px.0, y + moved_px.1), hang, ink::TEXT)
    }
}
