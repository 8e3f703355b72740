//! Faces made unrecognisable: the lifter's by its landmarks, everybody else's by the people detector, over the whole
//! picture and over tiles of it, since a detector that sees the whole picture overlooks small people.
//!
//! A face is covered from a little before it is seen to a little after, so that one frame without a detection shows
//! nothing. What the detector never finds stays visible.

use super::detector::Detector;
use super::picture::{Picture, fault};
use super::video::Video;
use crate::error::Result;
use crate::recording::{Person, Recording};
use crate::skeleton::{HIPS, SHOULDERS};
use crate::units::{Point, Seconds};
use opencv::core::{CV_8U, Mat, MatTraitConst, Point as Pixel, Rect, Scalar, Size};
use opencv::imgproc;
use std::path::Path;

/// The first landmarks are those of the face: nose, eyes, ears, mouth.
const FACE_LANDMARKS: usize = 11;
/// The cover reaches this many times farther than the farthest landmark of the face ...
const BEYOND_LANDMARKS: f64 = 1.5;
/// ... and at least this share of the trunk, about half a head: seen from behind or above, landmarks of a face crowd.
const LEAST_SHARE_OF_TRUNK: f64 = 0.32;
/// The cover of a detected face, in half sides of its box: the boxes are 1.5 to 2.5 times as large as a head, and lie up
/// to 0.2 trunk lengths off its middle (measured on 4 clips).
const OF_BOX: f64 = 0.8;
/// A detection this near to the lifter's face, in radii of its cover, is the lifter's face.
const SAME_FACE: f64 = 1.2;
/// People are looked for this often ...
const STEP_S: f64 = 0.2;
/// ... and a face found is covered this long before and after.
const HOLD_S: f64 = 0.31;
/// The lifter's face is where it was, or will be, within this time, when its landmarks are lost.
const LOST_S: f64 = 2.0;
/// A covered face has so many cells across: nobody is recognised from that.
const CELLS: i32 = 5;

/// A round place in upright image pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Disc {
    /// Its middle.
    pub centre: Point,
    /// Its radius, pixels.
    pub radius: f64,
}

/// Where faces are, over a whole clip.
pub struct Faces {
    lifter: Vec<(f64, Disc)>,
    others: Vec<(f64, Vec<Disc>)>,
}

impl Faces {
    /// Looks for faces in the video at `path`; `near` limits the search to the neighbourhood of some moments.
    pub fn find(path: &Path, recording: &Recording, near: Option<&[Seconds]>) -> Result<Self> {
        let mut detector = Detector::load()?;
        let mut video = Video::open(path)?;
        let lifter = lifters_face(recording);
        let (mut others, mut due) = (Vec::new(), f64::NEG_INFINITY);
        while let Some(time) = video.grab()? {
            let t = time.get();
            let wanted = near.is_none_or(|near| near.iter().any(|n| (n.get() - t).abs() <= HOLD_S));
            if t < due || !wanted {
                continue;
            }
            due = t + STEP_S - video.step_s() / 2.0;
            let picture = video.picture()?;
            let own = own(&lifter, t);
            let body = nearest(recording, t).and_then(|p| p.outline.first());
            let found = detector.faces(&picture)?.into_iter().map(|face| Disc {
                radius: OF_BOX * face.radius,
                ..face
            });
            // the lifter's own face is covered by its landmarks, more closely than a box can; and a "face" on the
            // lifter's trunk is none, but what the report is about
            let lifters = |d: &Disc| {
                own.iter()
                    .any(|o| (d.centre - o.centre).length() <= SAME_FACE * o.radius)
                    || body.is_some_and(|ring| inside(ring.iter().map(|e| e.at), d.centre))
            };
            others.push((t, found.filter(|d| !lifters(d)).collect()));
        }
        Ok(Faces { lifter, others })
    }

    /// The faces at one moment.
    pub fn at(&self, time: Seconds) -> Vec<Disc> {
        let held = |t: f64| (t - time.get()).abs() <= HOLD_S;
        let others = self.others.iter().filter(|o| held(o.0));
        let others = others.flat_map(|o| o.1.iter().copied());
        own(&self.lifter, time.get())
            .into_iter()
            .chain(others)
            .collect()
    }
}

fn lifters_face(recording: &Recording) -> Vec<(f64, Disc)> {
    let people = || {
        let seen = |f: &'_ crate::recording::Frame| f.time_s.get();
        recording
            .frames
            .iter()
            .filter_map(move |f| Some((seen(f), f.person.as_ref()?)))
    };
    let trunk = |p: &Person| (p.middle(SHOULDERS) - p.middle(HIPS)).length();
    let mut trunks: Vec<f64> = people().map(|(_, p)| trunk(p)).collect();
    trunks.sort_by(f64::total_cmp);
    let usual = trunks.get(trunks.len() / 2).copied().unwrap_or(0.0);
    people()
        .map(|(t, person)| {
            let face = &person.landmarks[..FACE_LANDMARKS];
            let sum = face.iter().fold(Point::default(), |a, l| a + l.at);
            let centre = sum * (1.0 / FACE_LANDMARKS as f64);
            let reach = face.iter().map(|l| (l.at - centre).length());
            let reach = BEYOND_LANDMARKS * reach.fold(0.0, f64::max);
            let radius = reach.max(LEAST_SHARE_OF_TRUNK * usual);
            (t, Disc { centre, radius })
        })
        .collect()
}

/// The lifter's face at `t`: wherever it was a moment before and after, too; when it is lost, where it was last and will
/// be next.
fn own(lifter: &[(f64, Disc)], t: f64) -> Vec<Disc> {
    let split = lifter.partition_point(|l| l.0 < t);
    let near: Vec<Disc> = lifter
        .iter()
        .filter(|l| (l.0 - t).abs() <= HOLD_S / 3.0)
        .map(|l| l.1)
        .collect();
    if !near.is_empty() {
        return near;
    }
    let around = lifter[..split].last().into_iter().chain(lifter.get(split));
    around
        .filter(|l| (l.0 - t).abs() <= LOST_S)
        .map(|l| l.1)
        .collect()
}

fn nearest(recording: &Recording, t: f64) -> Option<&Person> {
    let off = |f: &&crate::recording::Frame| (f.time_s.get() - t).abs();
    let frame = recording
        .frames
        .iter()
        .min_by(|a, b| off(a).total_cmp(&off(b)))?;
    frame.person.as_ref()
}

/// Even-odd rule.
fn inside(ring: impl Iterator<Item = Point>, at: Point) -> bool {
    let ring: Vec<Point> = ring.collect();
    let Some(mut a) = ring.last().copied() else {
        return false;
    };
    let mut inside = false;
    for b in ring {
        if (a.y > at.y) != (b.y > at.y) {
            let x = a.x + (at.y - a.y) / (b.y - a.y) * (b.x - a.x);
            inside ^= at.x < x;
        }
        a = b;
    }
    inside
}

/// Covers the discs: a few cells of mean colour, smoothly joined. What was there cannot be computed back.
pub fn cover(picture: &mut Picture, discs: &[Disc]) -> Result<()> {
    for disc in discs {
        let span = |middle: f64, limit: i32| {
            let low = (middle - disc.radius).floor().clamp(0.0, f64::from(limit)) as i32;
            let high = (middle + disc.radius).ceil().clamp(0.0, f64::from(limit)) as i32;
            (low, high - low)
        };
        let (x, wide) = span(disc.centre.x, picture.width());
        let (y, high) = span(disc.centre.y, picture.height());
        if wide < 1 || high < 1 {
            continue;
        }
        let mut place =
            Mat::roi_mut(picture.pixels_mut(), Rect::new(x, y, wide, high)).map_err(fault)?;
        let (mut cells, mut smooth) = (Mat::default(), Mat::default());
        let few = Size::new(CELLS.min(wide), CELLS.min(high));
        imgproc::resize(&place, &mut cells, few, 0.0, 0.0, imgproc::INTER_AREA).map_err(fault)?;
        let whole = Size::new(wide, high);
        imgproc::resize(&cells, &mut smooth, whole, 0.0, 0.0, imgproc::INTER_LINEAR)
            .map_err(fault)?;
        let mut mask =
            Mat::new_size_with_default(whole, CV_8U, Scalar::default()).map_err(fault)?;
        let middle = Pixel::new(
            (disc.centre.x - f64::from(x)).round() as i32,
            (disc.centre.y - f64::from(y)).round() as i32,
        );
        let radius = disc.radius.round() as i32;
        imgproc::circle(&mut mask, middle, radius, Scalar::all(255.0), -1, 8, 0).map_err(fault)?;
        smooth.copy_to_masked(&mut place, &mask).map_err(fault)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lost_face_stays_covered_where_it_was_and_will_be() {
        let disc = |x: f64| Disc {
            centre: Point::new(x, 0.0),
            radius: 10.0,
        };
        let lifter = [(0.0, disc(0.0)), (1.0, disc(50.0)), (9.0, disc(90.0))];
        assert_eq!(own(&lifter, 0.02), [disc(0.0)]);
        assert_eq!(own(&lifter, 0.5), [disc(0.0), disc(50.0)]);
        assert_eq!(own(&lifter, 5.0), []);
    }

    #[test]
    fn a_point_is_inside_a_ring_or_not() {
        let ring = [(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0)];
        let ring = || ring.iter().map(|&(x, y)| Point::new(x, y));
        assert!(inside(ring(), Point::new(5.0, 5.0)));
        assert!(!inside(ring(), Point::new(15.0, 5.0)));
    }
}
