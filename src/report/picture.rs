//! A proof as it stands in the page: the crop (or, without a video, the lifter's outline), the back line in two colours
//! and the ghost of the lifter's own neutral line, all in the same upright image pixels.

use crate::report::{Pictures, words};
use crate::session::{Proof, ProofKind, Rep, SessionReport, TrackPoint, Verdict};
use crate::units::{Angle, Point, rounded};
use base64::Engine;
use std::collections::BTreeSet;

/// What the template draws.
pub struct ProofView {
    /// Name of the sprite that holds the picture; `None` draws the outline.
    pub sprite: Option<String>,
    /// Left, top, width, height of the crop.
    pub view_box: String,
    pub outline: String,
    pub lumbar: String,
    pub thoracic: String,
    pub neutral: String,
    /// "Most rounded".
    pub title: &'static str,
    /// "46° ±4°" or nothing.
    pub angle: String,
    /// "0:12.3".
    pub clock: String,
    pub time_s: f64,
    /// The finding in words.
    pub alt: String,
}

/// A picture that the page holds once and shows in several places.
pub struct Sprite {
    pub id: String,
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
    /// `data:image/jpeg;base64,…`
    pub uri: String,
}

/// The view of one proof. `pictures` only decides between picture and outline.
pub fn view(report: &SessionReport, rep: &Rep, proof: &Proof, pictures: &Pictures) -> ProofView {
    let has_picture = proof
        .picture
        .as_ref()
        .is_some_and(|name| pictures.contains_key(name));
    let title = words::proof_title(proof, rep, report.lift.kind);
    let [x, y, width, height] = proof.crop_px.map(|v| rounded(v, 10.0));
    ProofView {
        sprite: has_picture.then(|| sprite_id(rep, proof)),
        view_box: format!("{x} {y} {width} {height}"),
        outline: points(&proof.outline),
        lumbar: points(&proof.lumbar_line),
        thoracic: points(&proof.thoracic_line),
        neutral: points(&proof.neutral_line),
        title,
        angle: angle(report, rep, proof),
        clock: words::clock(proof.time_s),
        time_s: rounded(proof.time_s.get(), 1000.0),
        alt: alt(report, rep, proof, title),
    }
}

/// A view closed in on the back is at least this share of the picture's height: about the length of the trunk.
const LEAST_SIDE: f64 = 0.35;

/// How a view closes in on the back.
#[derive(Clone, Copy)]
pub enum Zoom {
    /// A square about the back: for tiles.
    Tile,
    /// A wider square, with the trunk and the thighs: for two lifters side by side.
    Beside,
    /// The whole width, hardly higher than wide: for the first picture of the page.
    Hero,
}

/// The same proof, closed in on the back.
pub fn close_up(
    report: &SessionReport,
    rep: &Rep,
    proof: &Proof,
    pictures: &Pictures,
    zoom: Zoom,
) -> ProofView {
    let mut shown = view(report, rep, proof, pictures);
    let line = || proof.lumbar_line.iter().chain(&proof.thoracic_line);
    let span = |pick: fn(&Point) -> f64| {
        line()
            .map(pick)
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| {
                (l.min(v), h.max(v))
            })
    };
    let (x, y) = (span(|p| p.x), span(|p| p.y));
    let [left, top, width, height] = proof.crop_px;
    let room = match zoom {
        Zoom::Beside => 2.4,
        _ => 1.7,
    };
    // of a line that is mostly hidden the picture still shows the trunk
    let line_px = (x.1 - x.0).max(y.1 - y.0);
    let side = (room * line_px)
        .max(LEAST_SIDE * height)
        .min(width)
        .min(height);
    if !(line_px.is_finite() && side > 0.0) {
        return shown;
    }
    let (across, up) = match zoom {
        Zoom::Tile | Zoom::Beside => (side, side),
        Zoom::Hero => (width, (1.15 * width).min(height)),
    };
    // inside the crop, so that the picture fills the view
    let corner = |(low, high): (f64, f64), from: f64, whole: f64, size: f64| {
        ((low + high - size) / 2.0).clamp(from, from + whole - size)
    };
    let corners = [
        corner(x, left, width, across),
        corner(y, top, height, up),
        across,
        up,
    ];
    shown.view_box = corners.map(|v| rounded(v, 10.0).to_string()).join(" ");
    shown
}

/// Every picture that a proof of the report names and that is there, once.
pub fn sprites(report: &SessionReport, pictures: &Pictures) -> Vec<Sprite> {
    let mut known = BTreeSet::new();
    let proofs = report
        .reps
        .iter()
        .flat_map(|rep| rep.proofs.iter().map(move |proof| (rep, proof)));
    proofs
        .filter_map(|(rep, proof)| {
            let bytes = pictures.get(proof.picture.as_ref()?)?;
            let id = sprite_id(rep, proof);
            let [x, y, width, height] = proof.crop_px.map(|v| rounded(v, 10.0));
            let data = base64::engine::general_purpose::STANDARD.encode(bytes);
            known.insert(id.clone()).then(|| Sprite {
                id,
                x,
                y,
                width,
                height,
                uri: format!("data:image/jpeg;base64,{data}"),
            })
        })
        .collect()
}

/// The angle in this frame with the frame's own interval; none in a rep that could not be judged.
fn angle(report: &SessionReport, rep: &Rep, proof: &Proof) -> String {
    let judged = rep.verdict != Verdict::CannotTell;
    let Some(angle) = proof.lumbar_flexion_deg.filter(|_| judged) else {
        return String::new();
    };
    words::with_interval(Some(angle), uncertainty(report, proof))
}

/// Standard uncertainty of the angle in a picture, as of its frame.
fn uncertainty(report: &SessionReport, proof: &Proof) -> Option<Angle> {
    let same = |p: &&TrackPoint| (p.time_s - proof.time_s).get().abs() < 1e-3;
    report.track.iter().find(same)?.lumbar_flexion_sd_deg
}

fn sprite_id(rep: &Rep, proof: &Proof) -> String {
    let kind = match proof.kind {
        ProofKind::Start => "start",
        ProofKind::Onset => "onset",
        ProofKind::Worst => "worst",
        ProofKind::Turn => "turn",
    };
    format!("picture-{}-{kind}", rep.number)
}

fn points(line: &[Point]) -> String {
    let pairs: Vec<String> = line
        .iter()
        .map(|p| format!("{},{}", rounded(p.x, 10.0), rounded(p.y, 10.0)))
        .collect();
    pairs.join(" ")
}

fn alt(report: &SessionReport, rep: &Rep, proof: &Proof, title: &str) -> String {
    let judged = rep.verdict != Verdict::CannotTell;
    let Some(angle) = proof.lumbar_flexion_deg.filter(|_| judged) else {
        return format!(
            "Rep {}, {}: the lower back was not seen well enough to judge.",
            rep.number,
            title.to_lowercase()
        );
    };
    let size = words::with_interval(Some(angle.abs()), uncertainty(report, proof));
    let shape = match angle.degrees().round() {
        0.0 => "as when you stand".into(),
        ..0.0 => format!("arched {size} from your standing"),
        _ => format!("rounded {size} from your standing"),
    };
    format!(
        "Rep {}, {}: the lower back is {shape}.",
        rep.number,
        title.to_lowercase()
    )
}
