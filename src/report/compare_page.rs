//! The comparison as a page of its own: side by side crops of both sets' clearest frames, both flexion curves on one pair
//! of axes, a dot and interval a rep, and the table. And the same, without crops, as the report's "Compared with last time".

use crate::compare::{Comparison, LAST_AND_THIS, Names, SetFacts};
use crate::error::{Error, Result};
use crate::report::compare::{self, Row};
use crate::report::html::{clearest, worst};
use crate::report::picture::{self, ProofView, Sprite, Zoom};
use crate::report::{Pictures, plot, words};
use crate::session::{Proof, ProofKind, Rep, SessionReport};
use askama::Template;

/// Look of the page: the report's own, and what only comparisons need.
pub const CSS: &str = concat!(
    include_str!("../../templates/page.css"),
    include_str!("../../templates/compare.css")
);

/// A report with the JPEGs that its proofs name.
#[derive(Clone, Copy)]
pub struct Illustrated<'a> {
    /// The report.
    pub report: &'a SessionReport,
    /// Its pictures; where one is missing the lifter's outline is drawn.
    pub pictures: &'a Pictures,
}

/// Two sets and how they differ.
#[derive(Clone, Copy)]
pub struct Pair<'a> {
    /// How they differ.
    pub comparison: &'a Comparison,
    /// The first set.
    pub a: Illustrated<'a>,
    /// The second set.
    pub b: Illustrated<'a>,
}

#[derive(Template)]
#[template(path = "compare.html")]
struct Page<'a> {
    css: &'static str,
    sprites: Vec<Sprite>,
    title: String,
    pairs: Vec<PairView<'a>>,
}

struct PairView<'a> {
    id: String,
    comparison: &'a Comparison,
    a: SetView,
    b: SetView,
    warnings: Vec<String>,
    moments: Vec<Moment>,
    plots: Plots,
}

/// A set as it is named.
pub struct SetView {
    pub name: String,
    pub about: String,
}

/// The same moment in both sets.
struct Moment {
    title: &'static str,
    shots: Vec<Shot>,
}

/// A crop, its rep, and whose it is.
struct Shot {
    of: &'static str,
    rep: u32,
    proof: ProofView,
}

/// What page and block have in common: the plots and the table behind them.
pub struct Plots {
    /// What the sets are called, A then B; capital first.
    pub names: [String; 2],
    /// `None` when no rep of either set could be judged, as for the dots.
    pub phase: Option<String>,
    pub dots: Option<String>,
    pub rows: Vec<Row>,
    /// Percent of the rep, then A and B.
    pub phase_rows: Vec<[String; 3]>,
}

/// The block "Compared with last time".
pub struct LastTime {
    pub sentence: String,
    pub last: SetView,
    pub warnings: Vec<String>,
    pub plots: Plots,
}

/// The page of one comparison or of several.
pub fn html(pairs: &[Pair]) -> Result<String> {
    let views: Result<Vec<PairView>> = pairs
        .iter()
        .zip(1..)
        .map(|(p, n)| pair_view(p, n))
        .collect();
    let title = match pairs {
        [one] => one.comparison.sentence.clone(),
        _ => format!("{} comparisons", pairs.len()),
    };
    let page = Page {
        css: CSS,
        sprites: pairs
            .iter()
            .zip(1..)
            .flat_map(|(p, n)| sprites(p, n))
            .collect(),
        title,
        pairs: views?,
    };
    page.render()
        .map_err(|e| Error::Internal(format!("the page could not be written: {e}")))
}

/// The block, when the two were measured alike; else there is nothing to show.
pub fn last_time(report: &SessionReport, last: Option<&Comparison>) -> Result<Option<LastTime>> {
    let Some(comparison) = last.filter(|c| c.is_fair()) else {
        return Ok(None);
    };
    Ok(Some(LastTime {
        sentence: comparison.sentence(LAST_AND_THIS),
        last: set_view(&comparison.a),
        warnings: compare::warnings(comparison),
        plots: plots(comparison, report, LAST_AND_THIS)?,
    }))
}

fn pair_view<'a>(pair: &Pair<'a>, number: usize) -> Result<PairView<'a>> {
    Ok(PairView {
        id: format!("pair-{number}"),
        comparison: pair.comparison,
        a: set_view(&pair.comparison.a),
        b: set_view(&pair.comparison.b),
        warnings: compare::warnings(pair.comparison),
        moments: moments(pair, number),
        plots: plots(pair.comparison, pair.b.report, crate::compare::A_AND_B)?,
    })
}

/// Each part of "50 kg · no belt · 2 reps" kept on one line.
fn whole(parts: &str) -> String {
    let parts = parts.split(" · ").map(|part| part.replace(' ', "\u{a0}"));
    parts.collect::<Vec<_>>().join(" · ")
}

fn set_view(set: &SetFacts) -> SetView {
    SetView {
        name: compare::name(set),
        about: whole(&compare::about(set)),
    }
}

fn plots(comparison: &Comparison, report: &SessionReport, names: Names) -> Result<Plots> {
    let names = [names.a, names.b].map(|n| words::sentence(n).trim_end_matches('.').to_string());
    let degrees = |a: Option<crate::units::Angle>| a.map_or("–".into(), words::degrees);
    let phase_rows = comparison.phase.iter().step_by(5).map(|p| {
        [
            format!("{:.0} %", p.percent),
            degrees(p.a_deg),
            degrees(p.b_deg),
        ]
    });
    let mut points = comparison.phase.iter();
    let curves = points.any(|p| p.a_deg.or(p.b_deg).is_some());
    let peak = &comparison.peak_lumbar_flexion_deg;
    let peaks = peak.a.or(peak.b).is_some();
    Ok(Plots {
        phase: curves
            .then(|| plot::both_over_phase(comparison, report))
            .transpose()?,
        dots: peaks
            .then(|| plot::both_dots(comparison, report, &names))
            .transpose()?,
        rows: compare::rows(comparison),
        phase_rows: phase_rows.collect(),
        names,
    })
}

/// The clearest rep's worst moment, and its turn.
fn moments(pair: &Pair, number: usize) -> Vec<Moment> {
    let kind = pair.comparison.lift;
    let turn = words::moment(ProofKind::Turn, kind);
    let titled: [(&'static str, Pick); 2] = [
        ("Where the lower back bent most", |rep| worst(rep)),
        (turn, |rep| {
            rep.proofs.iter().find(|p| p.kind == ProofKind::Turn)
        }),
    ];
    titled
        .into_iter()
        .map(|(title, pick)| Moment {
            title,
            shots: [("A", pair.a), ("B", pair.b)]
                .into_iter()
                .filter_map(|(of, set)| shot(of, set, number, pick))
                .collect(),
        })
        .filter(|m| !m.shots.is_empty())
        .collect()
}

type Pick = fn(&Rep) -> Option<&Proof>;

fn shot(of: &'static str, set: Illustrated, number: usize, pick: Pick) -> Option<Shot> {
    let rep = clearest(set.report)?;
    let mut proof = picture::close_up(set.report, rep, pick(rep)?, set.pictures, Zoom::Beside);
    proof.sprite = proof.sprite.map(|id| own_id(of, number, &id));
    Some(Shot {
        of,
        rep: rep.number,
        proof,
    })
}

/// Both sets have a picture of rep 1: in one page their names must differ.
fn own_id(of: &str, number: usize, id: &str) -> String {
    format!("{of}{number}-{id}")
}

/// The pictures that the crops show.
fn sprites(pair: &Pair, number: usize) -> Vec<Sprite> {
    let shown: Vec<String> = moments(pair, number)
        .into_iter()
        .flat_map(|m| m.shots)
        .filter_map(|s| s.proof.sprite)
        .collect();
    [("A", pair.a), ("B", pair.b)]
        .into_iter()
        .flat_map(|(of, set)| {
            let all = picture::sprites(set.report, set.pictures).into_iter();
            all.map(move |s| Sprite {
                id: own_id(of, number, &s.id),
                ..s
            })
        })
        .filter(|s| shown.contains(&s.id))
        .collect()
}
