//! How the lifter sits in the picture: how large, cut at which edge, and whether the picture is upright at all.

use super::cautions::caution;
use super::filter::{median, percentile};
use crate::recording::{Clip, Person, Recording};
use crate::session::Caution;
use crate::skeleton::{ANKLES, EARS, HEELS, HIPS, Joint, SHOULDERS, TOES};
use crate::units::{Angle, Point};

/// Cut off in more than this share of the frames is cut off. Single frames are the network's guesses at the edge.
const CUT_SHARE: f64 = 0.2;
/// Landmarks at an edge are guessed a little inside it: nearer to it than this, as a share of the picture, is on it.
const EDGE: f64 = 0.003;
/// Legs that lie further than this from upright belong to a picture on its side; a squat's lean 30 to 40°.
const ON_ITS_SIDE_DEG: f64 = 60.0;
/// Legs further than this from upright point upwards.
const UPSIDE_DOWN_DEG: f64 = 120.0;

/// Where the lifter is in the picture.
#[derive(Clone, Copy, Debug)]
pub struct Framing {
    /// Middle of the hips as a share of the picture's width, 0 left to 1 right.
    pub across: f64,
    /// Height of the body as a share of the picture's height, when most upright.
    pub height: f64,
    /// Ankle to hip from upright, median, degrees, 0 to 180.
    legs_deg: f64,
    /// Share of frames in which the feet, the head, the trunk are beyond an edge.
    cut: [f64; 3],
}

impl Framing {
    /// Over all frames that show somebody; `None` when none does.
    pub fn new(recording: &Recording) -> Option<Self> {
        let clip = &recording.header.clip;
        let people: Vec<&Person> = recording
            .frames
            .iter()
            .filter_map(|f| f.person.as_ref())
            .collect();
        let each = |measure: &dyn Fn(&Person) -> f64| {
            people.iter().map(|p| measure(p)).collect::<Vec<_>>()
        };
        let share = |part: &dyn Fn(&Person) -> bool| {
            people.iter().filter(|p| part(p)).count() as f64 / people.len().max(1) as f64
        };
        Some(Framing {
            across: median(&mut each(&|p| p.middle(HIPS).x))? / f64::from(clip.width_px),
            height: percentile(&mut each(&|p| height_px(p, clip)), 0.9)?
                / f64::from(clip.height_px),
            legs_deg: median(&mut each(&legs_deg))?,
            cut: [
                share(&|p| beyond(clip, &[p.middle(HEELS), p.middle(TOES)])),
                share(&|p| beyond(clip, &[p.landmark(Joint::Nose).at, p.middle(EARS)])),
                share(&|p| beyond(clip, &[p.middle(HIPS), p.middle(SHOULDERS)])),
            ],
        })
    }

    /// The picture is not upright: angles against the vertical mean nothing.
    pub fn turned(&self) -> Option<Caution> {
        let how = match self.legs_deg {
            d if d > UPSIDE_DOWN_DEG => "is upside down",
            d if d > ON_ITS_SIDE_DEG => "lies on its side",
            _ => return None,
        };
        let remedy = "Turn the clip upright in the phone's editor, or film again with the phone held as it will stand.";
        Some(caution(
            "picture_turned",
            format!("The picture {how}."),
            remedy,
        ))
    }

    /// Parts of the lifter that are out of the picture.
    pub fn cut_off(&self) -> Option<Caution> {
        let parts = ["feet", "head", "back"];
        let cut: Vec<&str> = parts
            .into_iter()
            .zip(self.cut)
            .filter(|(_, share)| *share > CUT_SHARE)
            .map(|(part, _)| part)
            .collect();
        let (last, first) = cut.split_last()?;
        let named = if first.is_empty() {
            (*last).into()
        } else {
            format!("{} and {last}", first.join(", "))
        };
        let (verb, rest) = if named == "head" || named == "back" {
            ("is", "it is")
        } else {
            ("are", "they are")
        };
        let message = format!("Your {named} {verb} out of the picture.");
        let remedy = format!(
            "Step back or tilt the phone until {rest} well inside, standing and bent over."
        );
        Some(caution("cut_off", message, &remedy))
    }
}

/// Height of the outline that is inside the picture, pixels.
fn height_px(person: &Person, clip: &Clip) -> f64 {
    let edge = person
        .outline
        .iter()
        .flatten()
        .map(|e| e.at.y.clamp(0.0, f64::from(clip.height_px)));
    let (low, high) = edge.fold((f64::MAX, f64::MIN), |(low, high), y| {
        (low.min(y), high.max(y))
    });
    (high - low).max(0.0)
}

fn legs_deg(person: &Person) -> f64 {
    let up = Point::new(0.0, -1.0);
    Angle::between(up, person.middle(HIPS) - person.middle(ANKLES))
        .abs()
        .degrees()
}

fn beyond(clip: &Clip, points: &[Point]) -> bool {
    let (width, height) = (f64::from(clip.width_px), f64::from(clip.height_px));
    let inside = |p: &Point| {
        (EDGE..=1.0 - EDGE).contains(&(p.x / width))
            && (EDGE..=1.0 - EDGE).contains(&(p.y / height))
    };
    !points.iter().all(inside)
}
