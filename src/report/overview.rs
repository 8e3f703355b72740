//! index.html of a folder of clips, for a coach with twenty lifters: one tile a clip, in the order in which they want to
//! be looked at.

use crate::day::Day;
use crate::error::{Error, Result};
use crate::report::Pictures;
use crate::report::html::{clearest, signal, worst};
use crate::report::picture::{self, ProofView, Zoom};
use crate::report::set_block::over_set;
use crate::report::words::{self, tame};
use crate::session::{SessionReport, Verdict};
use crate::units::Angle;
use askama::Template;
use base64::Engine;

/// Characters of a clip's name that a tile shows.
const NAME_LENGTH: usize = 44;
/// What marks a page as ours, so that an index.html of somebody else is never written over.
pub const MARK: &str = "<meta name=\"generator\" content=\"formcheck overview\">";

/// A finished clip.
pub struct Clip<'a> {
    /// Its report.
    pub report: &'a SessionReport,
    /// Its pictures, by the names in the report.
    pub pictures: Pictures,
    /// The place of its page, as seen from the overview.
    pub link: String,
}

/// A clip without a report.
pub struct Failed {
    /// Its name.
    pub clip: String,
    /// What is wrong and what to do.
    pub why: String,
}

#[derive(Template)]
#[template(path = "overview.html")]
struct Page<'a> {
    css: &'static str,
    lists_css: &'static str,
    title: String,
    mark: &'static str,
    tiles: Vec<Tile<'a>>,
    failed: &'a [Failed],
}

struct Tile<'a> {
    title: String,
    sentence: &'a str,
    /// Why it stands so far ahead, when the verdicts alone do not say it.
    rise: &'static str,
    key: &'static str,
    counts: String,
    /// Day of the set, when it is known.
    day: Option<String>,
    file: String,
    link: &'a str,
    thumb: Option<Thumb>,
}

struct Thumb {
    proof: ProofView,
    /// The picture as a data URI with its place; the outline is drawn without one.
    picture: Option<(String, [f64; 4])>,
}

/// The page.
pub fn html(clips: &[Clip], failed: &[Failed]) -> Result<String> {
    let mut order: Vec<&Clip> = clips.iter().collect();
    order.sort_by(|a, b| look_first(b.report).total_cmp(&look_first(a.report)));
    let page = Page {
        css: include_str!("../../templates/page.css"),
        lists_css: include_str!("../../templates/lists.css"),
        title: title(clips),
        mark: MARK,
        tiles: order.into_iter().map(tile).collect(),
        failed,
    };
    page.render()
        .map_err(|e| Error::Internal(format!("the page could not be written: {e}")))
}

fn title(clips: &[Clip]) -> String {
    let with = |verdict| {
        let of_set = clips.iter().filter(|c| gravest(c.report) == verdict);
        of_set.count()
    };
    let total = match clips.len() {
        1 => "One set".into(),
        count => format!("{count} sets"),
    };
    match (with(Verdict::LeftNeutral), with(Verdict::Close)) {
        (0, 0) => format!("{total}: no rep left neutral"),
        (0, close) => format!("{total}: none left neutral, {close} came close"),
        (1, _) => format!("{total}: one left neutral"),
        (left, _) => format!("{total}: {left} left neutral"),
    }
}

/// The gravest verdict, where being unseen is graver than having held: somebody has to look.
fn gravest(report: &SessionReport) -> Verdict {
    let set = &report.set;
    match (set.left_neutral, set.close, set.cannot_tell) {
        (1.., _, _) => Verdict::LeftNeutral,
        (0, 1.., _) => Verdict::Close,
        (0, 0, unseen) if unseen > set.held => Verdict::CannotTell,
        _ => Verdict::Held,
    }
}

/// Does flexion rise over the set by more than its uncertainty?
fn rises(report: &SessionReport) -> bool {
    over_set(report).is_some_and(|over| over.is_clear() && over.more > Angle::ZERO)
}

/// That it rises, unless the sentence says so itself.
fn rise(report: &SessionReport) -> &'static str {
    let said = report
        .set
        .sentence
        .contains("rounded more as the set went on");
    if rises(report) && !said {
        "It rounds more from rep to rep."
    } else {
        ""
    }
}

/// Greater = look first. The verdict counts most; then whether flexion rises over the set, which also puts a set that
/// held among those that came close; then how many reps left, or were not seen; then how clear the worst rep is.
fn look_first(report: &SessionReport) -> f64 {
    let rise = f64::from(u8::from(rises(report)));
    let grade: f64 = match gravest(report) {
        Verdict::LeftNeutral => 3.0,
        Verdict::Close => 2.0,
        Verdict::CannotTell => 1.0,
        Verdict::Held => 0.0,
    };
    let grade = grade.max(2.0 * rise);
    let count = f64::from(report.set.left_neutral.max(report.set.cannot_tell).min(99));
    let clear = clearest(report).map_or(0.0, signal).clamp(0.0, 99.0);
    grade * 1e6 + rise * 1e5 + count * 1e3 + clear
}

fn tile<'a>(clip: &'a Clip) -> Tile<'a> {
    let report = clip.report;
    let lift = words::lift(report.lift.kind);
    let set = &report.set;
    let counts = [
        (Verdict::LeftNeutral, set.left_neutral),
        (Verdict::Close, set.close),
        (Verdict::CannotTell, set.cannot_tell),
        (Verdict::Held, set.held),
    ];
    let said = counts.iter().filter(|(_, count)| *count > 0);
    Tile {
        title: match &report.notes.lifter {
            Some(name) => format!("{} · {lift}", tame(name)),
            None => words::sentence(lift).trim_end_matches('.').into(),
        },
        sentence: &set.sentence,
        rise: rise(report),
        key: words::verdict_key(gravest(report)),
        counts: said
            .map(|(verdict, count)| format!("{} {count}", words::verdict(*verdict)))
            .collect::<Vec<_>>()
            .join(" · "),
        day: day(report),
        file: words::shortened(&tame(&report.clip.name), NAME_LENGTH),
        link: &clip.link,
        thumb: thumb(clip),
    }
}

fn day(report: &SessionReport) -> Option<String> {
    let written = report.notes.performed_on.as_deref()?;
    Day::read(written).map(Day::long)
}

fn thumb(clip: &Clip) -> Option<Thumb> {
    let rep = clearest(clip.report)?;
    let proof = worst(rep)?;
    let jpeg = proof.picture.as_ref().and_then(|n| clip.pictures.get(n));
    let picture = jpeg.map(|bytes| {
        let data = base64::engine::general_purpose::STANDARD.encode(bytes);
        (format!("data:image/jpeg;base64,{data}"), proof.crop_px)
    });
    Some(Thumb {
        proof: picture::close_up(clip.report, rep, proof, &clip.pictures, Zoom::Tile),
        picture,
    })
}
