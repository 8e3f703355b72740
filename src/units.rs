//! Units: angles, times, and places in the upright image. The only degree/radian code of the program.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::ops::{Add, Div, Mul, Neg, Sub};

/// A plane angle. Positive = flexion (rounding) wherever it describes the spine.
/// Serialised as degrees, rounded to 0.01°, which is far below what is claimed.
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd)]
pub struct Angle(f64);

impl Angle {
    /// No rotation.
    pub const ZERO: Angle = Angle(0.0);

    /// From degrees.
    pub const fn from_degrees(degrees: f64) -> Self {
        Angle(degrees)
    }

    /// From radians.
    pub const fn from_radians(radians: f64) -> Self {
        Angle(radians * (180.0 / std::f64::consts::PI))
    }

    /// Of a line that rises by `slope` per unit along.
    pub fn from_slope(slope: f64) -> Self {
        Angle::from_radians(slope.atan())
    }

    /// In degrees.
    pub const fn degrees(self) -> f64 {
        self.0
    }

    /// In radians.
    pub const fn radians(self) -> f64 {
        self.0 * (std::f64::consts::PI / 180.0)
    }

    /// Signed angle that turns `from` into `to`, in (-180°, 180°]; with y down, positive is clockwise on the screen.
    /// By `atan2(cross, dot)`: exact near 0° and 180°, where an arc cosine is not.
    pub fn between(from: Point, to: Point) -> Self {
        Angle::from_radians((from.x * to.y - from.y * to.x).atan2(from.x * to.x + from.y * to.y))
    }

    /// The smaller of two.
    pub fn min(self, other: Self) -> Self {
        if other < self { other } else { self }
    }

    /// Without its sign.
    pub fn abs(self) -> Self {
        Angle(self.0.abs())
    }
}

impl Add for Angle {
    type Output = Angle;
    fn add(self, other: Angle) -> Angle {
        Angle(self.0 + other.0)
    }
}

impl Sub for Angle {
    type Output = Angle;
    fn sub(self, other: Angle) -> Angle {
        Angle(self.0 - other.0)
    }
}

impl Neg for Angle {
    type Output = Angle;
    fn neg(self) -> Angle {
        Angle(-self.0)
    }
}

impl Mul<f64> for Angle {
    type Output = Angle;
    fn mul(self, factor: f64) -> Angle {
        Angle(self.0 * factor)
    }
}

/// A time on the clip's own clock (frame timestamps), or a span of it, in seconds. Serialised to 0.1 ms.
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd)]
pub struct Seconds(f64);

impl Seconds {
    /// From seconds.
    pub const fn new(seconds: f64) -> Self {
        Seconds(seconds)
    }

    /// As a number of seconds.
    pub const fn get(self) -> f64 {
        self.0
    }

    /// `0:07.3`, a place on the clip's clock.
    pub fn clock(self) -> String {
        let tenths = (self.0 * 10.0).round() as i64;
        format!("{}:{:02}.{}", tenths / 600, tenths / 10 % 60, tenths % 10)
    }
}

impl Add for Seconds {
    type Output = Seconds;
    fn add(self, other: Seconds) -> Seconds {
        Seconds(self.0 + other.0)
    }
}

impl Sub for Seconds {
    type Output = Seconds;
    fn sub(self, other: Seconds) -> Seconds {
        Seconds(self.0 - other.0)
    }
}

impl Div for Seconds {
    type Output = f64;
    /// How many times as long it is.
    fn div(self, other: Self) -> f64 {
        self.0 / other.0
    }
}

/// A place, or a displacement, in the upright image: pixels, x to the right, y down. Serialised as `[x, y]` to 0.01 px.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Point {
    /// Pixels to the right.
    pub x: f64,
    /// Pixels down.
    pub y: f64,
}

impl Point {
    /// From pixels.
    pub const fn new(x: f64, y: f64) -> Self {
        Point { x, y }
    }

    /// Length in pixels.
    pub fn length(self) -> f64 {
        self.x.hypot(self.y)
    }

    /// Half way to `other`.
    pub fn midpoint(self, other: Point) -> Point {
        (self + other) * 0.5
    }
}

impl Add for Point {
    type Output = Point;
    fn add(self, other: Point) -> Point {
        Point::new(self.x + other.x, self.y + other.y)
    }
}

impl Sub for Point {
    type Output = Point;
    fn sub(self, other: Point) -> Point {
        Point::new(self.x - other.x, self.y - other.y)
    }
}

impl Mul<f64> for Point {
    type Output = Point;
    fn mul(self, factor: f64) -> Point {
        Point::new(self.x * factor, self.y * factor)
    }
}

/// `value` to the nearest multiple of `1 / per_unit`, without a negative zero: what is written has no false digits.
pub fn rounded(value: f64, per_unit: f64) -> f64 {
    (value * per_unit).round() / per_unit + 0.0
}

impl Serialize for Angle {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(rounded(self.0, 100.0))
    }
}

impl<'de> Deserialize<'de> for Angle {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        f64::deserialize(deserializer).map(Angle)
    }
}

impl Serialize for Seconds {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(rounded(self.0, 1e4))
    }
}

impl<'de> Deserialize<'de> for Seconds {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        f64::deserialize(deserializer).map(Seconds)
    }
}

impl Serialize for Point {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        [rounded(self.x, 100.0), rounded(self.y, 100.0)].serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Point {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        <[f64; 2]>::deserialize(deserializer).map(|[x, y]| Point::new(x, y))
    }
}

impl JsonSchema for Angle {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Angle".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "number", "description": "degrees" })
    }
}

impl JsonSchema for Seconds {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Seconds".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "number", "description": "seconds on the clip's own clock, or a span of it" })
    }
}

impl JsonSchema for Point {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Point".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "array",
            "items": { "type": "number" },
            "minItems": 2,
            "maxItems": 2,
            "description": "[x, y] in upright image pixels, y down"
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quarter_turn_clockwise_on_the_screen_is_plus_90_degrees() {
        let right = Point::new(1.0, 0.0);
        let down = Point::new(0.0, 1.0);
        assert_eq!(Angle::between(right, down).degrees(), 90.0);
        assert_eq!(Angle::between(down, right).degrees(), -90.0);
    }

    #[test]
    fn a_negative_zero_is_never_written() {
        assert_eq!(
            serde_json::to_string(&Angle::from_degrees(-0.001)).unwrap(),
            "0.0"
        );
    }
}
