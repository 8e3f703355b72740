//! The synthetic lifter: a flat articulated figure, side on, with limbs of some thickness. It does what a script says, and
//! is filmed into a recording: landmarks at its joints, and the edge of its silhouette.

use crate::synthetic_lifts::{Pose, Script, squats as squat_script, standing as standing_script};
use formcheck::recording::*;
use formcheck::skeleton::LANDMARKS;
use formcheck::units::{Angle, Point, Seconds};

const SHANK_M: f64 = 0.42;
const THIGH_M: f64 = 0.43;
const UPPER_ARM_M: f64 = 0.29;
const FOREARM_M: f64 = 0.29;
const ANKLE_M: f64 = 0.08;
/// Hip to the top of the sacrum.
const PELVIS_M: f64 = 0.10;
/// Each of the lumbar vertebrae.
const VERTEBRA_M: f64 = 0.036;
const VERTEBRAE: usize = 5;
/// Each third of the thorax, up to the shoulders, and how much of the thorax's bend is below it: most is high up.
const THIRD_THORAX_M: f64 = 0.09;
const BENT_BELOW: [f64; 3] = [0.1, 0.5, 1.0];
/// Lordosis and kyphosis when standing, degrees: flexion adds to them.
const LORDOSIS_DEG: f64 = -22.0;
const KYPHOSIS_DEG: f64 = 24.0;
/// Half the distance between left and right joints.
const HALF_WIDTH_M: f64 = 0.14;
/// Cell of the grid that the silhouette is traced on, metres; edges fall between its nodes.
const CELL_M: f64 = 0.02;

/// Which way the lifter faces in the picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Facing {
    /// To the right: the right side is towards the camera.
    Right,
    /// To the left, a mirror image.
    Left,
}

/// Where, how large, how often.
#[derive(Clone, Copy, Debug)]
pub struct Camera {
    /// Frames a second.
    pub frame_rate_hz: f64,
    /// The ankle at the start, in the picture of a lifter who faces right.
    pub ankle: Point,
    /// Pixels a metre.
    pub px_per_m: f64,
    /// Which way.
    pub facing: Facing,
    /// Standard deviation of each landmark's place, millimetres; the edge has a fifth of it.
    pub noise_mm: f64,
}

/// A phone upright, the lifter in the middle.
pub const CAMERA: Camera = Camera {
    frame_rate_hz: 30.0,
    ankle: Point::new(520.0, 1500.0),
    px_per_m: 700.0,
    facing: Facing::Right,
    noise_mm: 0.0,
};

const WIDTH_PX: f64 = 1080.0;

/// Films `script` from beginning to end.
pub fn film(script: &Script, camera: &Camera) -> Recording {
    let count = (script.length_s() * camera.frame_rate_hz).round() as u32;
    let mut noise = Noise(1);
    // tracing is the slow part, and half the time a pose is held
    let mut last: Option<(Pose, Vec<Point>)> = None;
    let frames = (0..count).map(|i| {
        let time_s = f64::from(i) / camera.frame_rate_hz;
        let pose = script.at(time_s);
        let figure = figure(&pose);
        let (_, ring) = last
            .take_if(|l| l.0 == pose)
            .unwrap_or_else(|| (pose, silhouette(&figure.limbs())));
        let person = person(&figure, &ring, camera, &mut noise);
        last = Some((pose, ring));
        Frame {
            time_s: Seconds::new(time_s),
            person: Some(person),
        }
    });
    let clip = Clip {
        name: "synthetic.mp4".into(),
        duration_s: Seconds::new(script.length_s()),
        width_px: WIDTH_PX as u32,
        height_px: 1920,
        rotation_deg: 0,
        codec: "h264".into(),
        frame_rate_hz: camera.frame_rate_hz,
        frames: count,
        content_sha256: None,
        lens_35mm_equivalent_mm: None,
    };
    let models = vec![ModelId {
        name: "synthetic.onnx".into(),
        sha256: "00".repeat(32),
    }];
    Recording {
        frames: frames.collect(),
        header: Header {
            schema: SCHEMA.into(),
            clip,
            models,
            version: "0.1.0".into(),
            plate_sightings: Vec::new(),
            plate_path: Vec::new(),
        },
    }
}

/// Three squats in a clip of this name, 20 frames a second.
pub fn squats(name: &str) -> Recording {
    named(&squat_script(&[0.0, 0.0, 0.0], 0.1), name)
}

/// The same lifter, who only stands.
pub fn standing(name: &str) -> Recording {
    named(&standing_script(), name)
}

fn named(script: &Script, name: &str) -> Recording {
    let camera = Camera {
        frame_rate_hz: 20.0,
        ..CAMERA
    };
    let mut recording = film(script, &camera);
    recording.header.clip.name = name.into();
    recording
}

/// JSON lines of a recording.
pub fn lines(recording: &Recording) -> Vec<u8> {
    let mut bytes = Vec::new();
    recording.write(&mut bytes).expect("memory takes it");
    bytes
}

/// Joints in metres: x the way the lifter faces, y down, origin at the first ankle.
struct Figure {
    toe: Point,
    heel: Point,
    ankle: Point,
    knee: Point,
    /// From the hip to the shoulder.
    spine: Vec<Point>,
    ear: Point,
    nose: Point,
    elbow: Point,
    wrist: Point,
}

/// `length` from `from`, in a direction `lean` degrees forward of straight up.
fn up(from: Point, length: f64, lean: f64) -> Point {
    let r = Angle::from_degrees(lean).radians();
    from + Point::new(r.sin() * length, -r.cos() * length)
}

fn figure(pose: &Pose) -> Figure {
    let ankle = Point::new(pose.along_m, 0.0);
    let knee = up(ankle, SHANK_M, pose.shank);
    let hip = up(knee, THIGH_M, pose.thigh);
    let (spine, thorax) = spine(hip, pose);
    let shoulder = spine[spine.len() - 1];
    let ear = up(up(shoulder, 0.10, thorax), 0.12, 0.5 * thorax);
    let elbow = up(shoulder, UPPER_ARM_M, 180.0 - pose.upper_arm);
    Figure {
        toe: ankle + Point::new(0.17, ANKLE_M - 0.02),
        heel: ankle + Point::new(-0.06, ANKLE_M - 0.03),
        ankle,
        knee,
        spine,
        ear,
        nose: up(ear, 0.11, 0.5 * thorax + 90.0),
        elbow,
        wrist: up(elbow, FOREARM_M, 180.0 - pose.forearm),
    }
}

/// The spine bent as the pose says, then turned about the hip until the shoulder is where the trunk's inclination puts it.
/// Also the inclination of the upper thorax.
fn spine(hip: Point, pose: &Pose) -> (Vec<Point>, f64) {
    let per_vertebra = (LORDOSIS_DEG + pose.lumbar) / VERTEBRAE as f64;
    let mut segments = vec![(PELVIS_M, 0.0)];
    segments.extend((1..=VERTEBRAE).map(|k| (VERTEBRA_M, per_vertebra * k as f64)));
    let lower = LORDOSIS_DEG + pose.lumbar;
    let bend = KYPHOSIS_DEG + pose.thoracic;
    let upper = lower + bend;
    segments.extend(BENT_BELOW.map(|share| (THIRD_THORAX_M, lower + share * bend)));
    let chain = |turn: f64| -> Vec<Point> {
        let mut points = vec![hip];
        for &(length, lean) in &segments {
            points.push(up(points[points.len() - 1], length, lean + turn));
        }
        points
    };
    let untwisted = chain(0.0);
    let axis = untwisted[untwisted.len() - 1] - hip;
    let lean = Angle::between(Point::new(0.0, -1.0), axis).degrees();
    (chain(pose.trunk - lean), upper + pose.trunk - lean)
}

impl Figure {
    fn hip(&self) -> Point {
        self.spine[0]
    }

    fn shoulder(&self) -> Point {
        self.spine[self.spine.len() - 1]
    }

    /// Thick lines that the body is made of: from, to, radius.
    fn limbs(&self) -> Vec<(Point, Point, f64)> {
        let toe = self.toe + Point::new(0.02, 0.0);
        let mut limbs = vec![
            (self.heel, toe, 0.035),
            (self.ankle, self.knee, 0.05),
            (self.knee, self.hip(), 0.075),
            (self.shoulder(), self.ear, 0.055),
            (self.ear, self.ear.midpoint(self.nose), 0.09),
            (self.shoulder(), self.elbow, 0.045),
            (self.elbow, self.wrist, 0.035),
        ];
        let joints = self.spine.len() - 1;
        let radius = |k: usize| {
            if k == 0 || k + 2 >= joints {
                0.115
            } else {
                0.1
            }
        };
        limbs.extend((0..joints).map(|k| (self.spine[k], self.spine[k + 1], radius(k))));
        limbs
    }

    fn joint(&self, index: usize) -> Point {
        match index {
            0 => self.nose,
            1..=6 => self.nose.midpoint(self.ear) + Point::new(0.0, -0.03),
            7 | 8 => self.ear,
            9 | 10 => self.nose + Point::new(-0.02, 0.04),
            11 | 12 => self.shoulder(),
            13 | 14 => self.elbow,
            15..=22 => self.wrist,
            23 | 24 => self.hip(),
            25 | 26 => self.knee,
            27 | 28 => self.ankle,
            29 | 30 => self.heel,
            _ => self.toe,
        }
    }
}

/// -1 for what belongs to the side towards the camera, 1 for the far side, 0 for the middle. A lifter who faces right
/// shows the right side, and the even landmarks from the ears down are the right ones.
fn far(index: usize, facing: Facing) -> f64 {
    let left = match index {
        0 => return 0.0,
        1..=6 => index <= 3,
        _ => index % 2 == 1,
    };
    if left == (facing == Facing::Right) {
        1.0
    } else {
        -1.0
    }
}

fn person(figure: &Figure, ring: &[Point], camera: &Camera, noise: &mut Noise) -> Person {
    let image = |at: Point| {
        let right = camera.ankle + at * camera.px_per_m;
        match camera.facing {
            Facing::Right => right,
            Facing::Left => Point::new(WIDTH_PX - right.x, right.y),
        }
    };
    let jitter_m = camera.noise_mm / 1000.0;
    let mut landmarks = Vec::new();
    let mut world = Vec::new();
    for index in 0..LANDMARKS {
        let aside = far(index, camera.facing);
        // the far side is a little higher in the picture, as from a camera at chest height
        let at = figure.joint(index) + noise.point(jitter_m) + Point::new(0.0, -0.004 * aside);
        let metres = image(at) - image(figure.hip());
        landmarks.push(Landmark {
            at: image(at),
            depth: aside * HALF_WIDTH_M * camera.px_per_m,
            visibility: if aside > 0.0 { 0.8 } else { 0.98 },
        });
        world.push(World {
            x: metres.x / camera.px_per_m,
            y: metres.y / camera.px_per_m,
            z: aside * HALF_WIDTH_M,
        });
    }
    let edge = |at: Point| EdgePoint {
        at: image(at),
        sharpness: 0.9,
    };
    let outline = ring.iter().map(|&p| edge(p + noise.point(0.2 * jitter_m)));
    Person {
        presence: 0.99,
        landmarks,
        world,
        outline: vec![outline.collect()],
        trunk_outline: Vec::new(),
    }
}

/// Distance from the edge of the body, negative inside.
fn distance(limbs: &[(Point, Point, f64)], at: Point) -> f64 {
    let to_limb = |&(a, b, radius): &(Point, Point, f64)| {
        let (along, off) = (b - a, at - a);
        let share = (off.x * along.x + off.y * along.y)
            / (along.x * along.x + along.y * along.y).max(1e-12);
        (off - along * share.clamp(0.0, 1.0)).length() - radius
    };
    limbs.iter().map(to_limb).fold(f64::INFINITY, f64::min)
}

/// The outer edge of the limbs: walked round clockwise, from node to node of a grid, with the edge placed between an inner
/// and an outer node by their distances.
fn silhouette(limbs: &[(Point, Point, f64)]) -> Vec<Point> {
    let xs = limbs.iter().flat_map(|l| [l.0.x - l.2, l.1.x - l.2]);
    let ys = limbs.iter().flat_map(|l| [l.0.y - l.2, l.1.y - l.2]);
    let corner = Point::new(
        xs.fold(f64::INFINITY, f64::min) - 2.0 * CELL_M,
        ys.fold(f64::INFINITY, f64::min) - 2.0 * CELL_M,
    );
    let node = |(x, y): (i32, i32)| corner + Point::new(f64::from(x), f64::from(y)) * CELL_M;
    let mut known = std::collections::HashMap::new();
    let mut value = |at: (i32, i32)| *known.entry(at).or_insert_with(|| distance(limbs, node(at)));
    // right, down, left, up
    const WAYS: [(i32, i32); 4] = [(1, 0), (0, 1), (-1, 0), (0, -1)];
    let step = |at: (i32, i32), way: usize| (at.0 + WAYS[way % 4].0, at.1 + WAYS[way % 4].1);
    // the heel end of the foot is certainly inside: go left from it until outside
    let middle = (limbs[0].0 - corner) * (1.0 / CELL_M);
    let mut inner = (middle.x.round() as i32, middle.y.round() as i32);
    while value(step(inner, 2)) < 0.0 {
        inner = step(inner, 2);
    }
    let (start, mut way) = ((inner, 2), 2);
    let mut ring = Vec::new();
    loop {
        let outer = step(inner, way);
        let (inside, outside) = (value(inner), value(outer));
        let share = inside / (inside - outside);
        ring.push(node(inner) + (node(outer) - node(inner)) * share);
        // the cell to the right of the way out: its two other nodes say where the edge goes on
        let (beside, across) = (step(inner, way + 1), step(outer, way + 1));
        if value(across) < 0.0 {
            (inner, way) = (across, way + 3);
        } else if value(beside) < 0.0 {
            inner = beside;
        } else {
            way += 1;
        }
        way %= 4;
        if (inner, way) == start {
            return ring;
        }
    }
}

/// Repeatable noise (Knuth's MMIX constants).
pub struct Noise(pub u64);

impl Noise {
    fn point(&mut self, sd: f64) -> Point {
        Point::new(self.normal() * sd, self.normal() * sd)
    }

    /// About normal: the sum of twelve uniform numbers less six.
    pub fn normal(&mut self) -> f64 {
        let mut uniform = || {
            self.0 = self
                .0
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (self.0 >> 11) as f64 / (1_u64 << 53) as f64
        };
        (0..12).map(|_| uniform()).sum::<f64>() - 6.0
    }
}

#[test]
fn the_silhouette_runs_along_the_edge_of_the_body_and_closes() {
    for pose in [Pose::STANDING, crate::synthetic_lifts::SQUAT] {
        let limbs = figure(&pose).limbs();
        let ring = silhouette(&limbs);
        // straight lines between nodes 2 cm apart cut the corners where limbs meet by a few mm
        let off = ring.iter().map(|p| distance(&limbs, *p).abs());
        assert!(off.fold(0.0, f64::max) < 0.006);
        let longest = ring
            .iter()
            .zip(ring.iter().cycle().skip(1))
            .map(|(a, b)| (*a - *b).length());
        assert!(longest.fold(0.0, f64::max) < 2.0 * CELL_M);
        assert!(ring.len() > 200, "{} points", ring.len());
    }
}
