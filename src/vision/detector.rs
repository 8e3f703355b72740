//! Picture → people: MediaPipe's pose detector, an SSD with four key points a box.
//!
//! Source: MediaPipe `modules/pose_detection/pose_detection_cpu.pbtxt` (anchors, thresholds, weighted non-maximum
//! suppression) and Bazarevsky et al. 2020, arXiv 2006.10204.

use super::faces::Disc;
use super::network::{DETECTION, Network};
use super::picture::{Border, Picture, planar_rgb};
use super::roi::{Affine, Anchor};
use crate::error::Result;
use crate::units::Point;

/// Somebody found in the whole picture. Places in upright image pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Detection {
    /// Probability, 0.5 to 1.
    pub score: f64,
    /// Hips and reach of the body.
    pub anchor: Anchor,
    /// Middle of the shoulders.
    pub shoulders: Point,
}

const SIDE: usize = 224;
/// A box counts from this probability (MediaPipe: 0.5).
const MIN_SCORE: f64 = 0.5;
/// Boxes that overlap more are one person (MediaPipe: 0.3).
const SAME_PERSON_OVERLAP: f64 = 0.3;
/// Numbers a box: centre x, y, width, height, then four points.
const BOX: usize = 12;

/// The detector.
pub struct Detector {
    network: Network,
    anchors: Vec<Point>,
}

/// A box in units of the network's input square.
#[derive(Clone, Copy)]
struct Candidate {
    score: f64,
    /// Left, top, right, bottom.
    edges: [f64; 4],
    /// Hips, reach, shoulders, reach of the upper body.
    points: [[f64; 2]; 4],
}

/// A square of the picture that the network looks at, upright image pixels.
#[derive(Clone, Copy)]
struct Square {
    left: f64,
    top: f64,
    side: f64,
}

/// Tiles are half as wide as the picture's longer side, and overlap by at least this share of themselves.
const TILE_OVERLAP: f64 = 0.4;

impl Square {
    /// The smallest square about the whole picture.
    fn whole(picture: &Picture) -> Self {
        let (width, height) = (f64::from(picture.width()), f64::from(picture.height()));
        let side = width.max(height);
        Square {
            left: (width - side) / 2.0,
            top: (height - side) / 2.0,
            side,
        }
    }

    /// The whole, and overlapping squares half as large.
    fn tiles(picture: &Picture) -> Vec<Self> {
        let whole = Square::whole(picture);
        let side = whole.side / 2.0;
        let starts = |length: i32| {
            let room = (f64::from(length) - side).max(0.0);
            let steps = (room / (side * (1.0 - TILE_OVERLAP))).ceil();
            (0..=steps as u32).map(move |k| room * f64::from(k) / steps.max(1.0))
        };
        let mut tiles = vec![whole];
        for top in starts(picture.height()) {
            tiles.extend(starts(picture.width()).map(|left| Square { left, top, side }));
        }
        tiles
    }

    /// Image point of a point in units of the square.
    fn place(&self, [x, y]: [f64; 2]) -> Point {
        Point::new(x * self.side + self.left, y * self.side + self.top)
    }
}

impl Detector {
    /// Loads the network.
    pub fn load() -> Result<Self> {
        Ok(Detector {
            network: Network::load(&DETECTION, SIDE, &["boxes", "scores"])?,
            anchors: anchors(),
        })
    }

    /// Everybody in the picture, the surest first.
    pub fn people(&mut self, picture: &Picture) -> Result<Vec<Detection>> {
        let whole = Square::whole(picture);
        let found = self.look(picture, whole)?;
        let place = |at: [f64; 2]| whole.place(at);
        Ok(found
            .into_iter()
            .map(|c| Detection {
                score: c.score,
                anchor: Anchor {
                    hips: place(c.points[0]),
                    reach: place(c.points[1]),
                },
                shoulders: place(c.points[2]),
            })
            .collect())
    }

    /// The faces of everybody found in the picture or in a tile of it, each as the circle within its box (the box of
    /// this detector is the face's). The same face may come more than once.
    pub fn faces(&mut self, picture: &Picture) -> Result<Vec<Disc>> {
        let mut faces = Vec::new();
        for square in Square::tiles(picture) {
            for c in self.look(picture, square)? {
                let [left, top, right, bottom] = c.edges;
                faces.push(Disc {
                    centre: square.place([(left + right) / 2.0, (top + bottom) / 2.0]),
                    radius: (right - left).max(bottom - top) / 2.0 * square.side,
                });
            }
        }
        Ok(faces)
    }

    fn look(&mut self, picture: &Picture, square: Square) -> Result<Vec<Candidate>> {
        let scale = square.side / SIDE as f64;
        let image_from_input = Affine {
            rows: [[scale, 0.0, square.left], [0.0, scale, square.top]],
        };
        let crop = picture.crop(&image_from_input, SIDE, Border::Black)?;
        let outputs = self.network.run(&planar_rgb(&crop, 2.0 / 255.0, -1.0)?)?;
        Ok(merge(self.candidates(&outputs[0], &outputs[1])))
    }

    fn candidates(&self, boxes: &[f32], scores: &[f32]) -> Vec<Candidate> {
        let each = boxes.chunks_exact(BOX).zip(scores).zip(&self.anchors);
        let each =
            each.map(|((values, &logit), anchor)| (values, sigmoid(f64::from(logit)), anchor));
        each.filter(|(_, score, _)| *score >= MIN_SCORE)
            .map(|(values, score, anchor)| decode(values, score, *anchor))
            .collect()
    }
}

fn decode(values: &[f32], score: f64, anchor: Point) -> Candidate {
    let unit = |i: usize| f64::from(values[i]) / SIDE as f64;
    let (x, y, half_width, half_height) = (
        unit(0) + anchor.x,
        unit(1) + anchor.y,
        unit(2) / 2.0,
        unit(3) / 2.0,
    );
    let point = |k: usize| [unit(4 + 2 * k) + anchor.x, unit(5 + 2 * k) + anchor.y];
    let edges = [
        x - half_width,
        y - half_height,
        x + half_width,
        y + half_height,
    ];
    Candidate {
        score,
        edges,
        points: [point(0), point(1), point(2), point(3)],
    }
}

/// Weighted non-maximum suppression: boxes that overlap the surest one are averaged with it, by score.
fn merge(mut left: Vec<Candidate>) -> Vec<Candidate> {
    left.sort_by(|a, b| b.score.total_cmp(&a.score));
    let mut people = Vec::new();
    while !left.is_empty() {
        let best = left.remove(0);
        let (mut same, other): (Vec<_>, Vec<_>) = left
            .into_iter()
            .partition(|c| overlap(c, &best) > SAME_PERSON_OVERLAP);
        same.push(best);
        people.push(average(&same, best.score));
        left = other;
    }
    people
}

fn average(same: &[Candidate], score: f64) -> Candidate {
    let total: f64 = same.iter().map(|c| c.score).sum();
    let mean = |value: &dyn Fn(&Candidate) -> f64| {
        same.iter().map(|c| c.score * value(c)).sum::<f64>() / total
    };
    let edges = std::array::from_fn(|i| mean(&|c| c.edges[i]));
    let points = std::array::from_fn(|k| std::array::from_fn(|axis| mean(&|c| c.points[k][axis])));
    Candidate {
        score,
        edges,
        points,
    }
}

/// Intersection over union.
fn overlap(a: &Candidate, b: &Candidate) -> f64 {
    let area = |e: [f64; 4]| (e[2] - e[0]) * (e[3] - e[1]);
    let span = |low: usize, high: usize| {
        (a.edges[high].min(b.edges[high]) - a.edges[low].max(b.edges[low])).max(0.0)
    };
    let common = span(0, 2) * span(1, 3);
    common / (area(a.edges) + area(b.edges) - common)
}

/// Centres of the 2254 boxes: two a cell on the 28 × 28 and 14 × 14 grids, six on the 7 × 7 grid.
fn anchors() -> Vec<Point> {
    let mut centres = Vec::with_capacity(2254);
    for (cells, boxes) in [(28u16, 2), (14, 2), (7, 6)] {
        for row in 0..cells {
            for column in 0..cells {
                let centre = |index: u16| (f64::from(index) + 0.5) / f64::from(cells);
                centres.extend(std::iter::repeat_n(
                    Point::new(centre(column), centre(row)),
                    boxes,
                ));
            }
        }
    }
    centres
}

/// Probability of a logit.
pub fn sigmoid(logit: f64) -> f64 {
    1.0 / (1.0 + (-logit).exp())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidate(score: f64, left: f64) -> Candidate {
        Candidate {
            score,
            edges: [left, 0.0, left + 1.0, 1.0],
            points: [[left, 0.0]; 4],
        }
    }

    #[test]
    fn boxes_that_overlap_are_one_person_averaged_by_score() {
        let people = merge(vec![
            candidate(0.6, 0.2),
            candidate(0.9, 0.0),
            candidate(0.7, 5.0),
        ]);
        assert_eq!(people.len(), 2);
        assert!((people[0].points[0][0] - 0.6 * 0.2 / 1.5).abs() < 1e-12);
        assert_eq!((people[0].score, people[1].score), (0.9, 0.7));
    }

    #[test]
    fn there_is_one_anchor_for_each_box_of_the_network() {
        let anchors = anchors();
        assert_eq!(anchors.len(), 2254);
        assert_eq!(anchors[2], Point::new(1.5 / 28.0, 0.5 / 28.0));
    }
}
