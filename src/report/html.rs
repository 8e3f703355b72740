//! report.html: one self-contained page. This file gathers what the templates show;
//! `templates/page.html` has the blocks in their order, `page.css` the look, `page.js` the little that moves.

use crate::compare::Comparison;
use crate::error::{Error, Result};
use crate::report::compare_page::{self, LastTime};
use crate::report::notes_block::{self, NotesView};
use crate::report::picture::{self, ProofView, Sprite, Zoom};
use crate::report::picture_budget;
use crate::report::set_block::{self, SetView};
use crate::report::weeks_block::{self, WeeksView};
use crate::report::{Audience, Pictures, edited, explain, limits, plan, plot, words};
use crate::session::{
    DepthMeasure, Direction, LiftKind, ProofKind, ReferenceKind, Rep, SessionReport, Verdict,
};
use crate::settings::Profile;
use crate::units::{Angle, Seconds, rounded};
use askama::Template;

/// Characters of the clip's name that the page shows; the rest is in report.json.
const NAME_LENGTH: usize = 60;
/// Rep cards that stand open: the ones to look at first.
const OPEN_CARDS: usize = 2;

#[derive(Template)]
#[template(path = "page.html")]
struct Page<'a> {
    report: &'a SessionReport,
    /// The finding and the action, as they stand large.
    headline: String,
    /// How the set clearly changed from rep to rep.
    change: Option<String>,
    next_step: String,
    coach: Coach,
    css: &'static str,
    js: &'static str,
    clip: String,
    lift: &'static str,
    sprites: Vec<Sprite>,
    hero: Option<Hero>,
    cards: Vec<Card<'a>>,
    /// What was corrected by hand, one sentence each.
    changes: Vec<String>,
    set: SetView,
    last_time: Option<LastTime>,
    weeks: Option<WeeksView>,
    notes: NotesView,
    /// What zero is in this report: the end of a sentence.
    zero: String,
    flag: String,
    profile: &'static str,
    plan: Plan,
    band: BandWords,
    sources: &'static [(&'static str, &'static str)],
}

/// The rules of the next step.
struct Plan {
    fired: String,
    lines: Vec<plan::Line>,
}

/// Whether the coach's table stands open.
enum Coach {
    Yes,
    No,
}

struct Hero {
    proof: ProofView,
    caption: String,
}

/// A rep as tile and as card.
struct Card<'a> {
    rep: &'a Rep,
    said: edited::Said,
    key: &'static str,
    word: &'static str,
    angle: String,
    tile: Option<ProofView>,
    /// `open` or nothing.
    open: &'static str,
    proofs: Vec<ProofView>,
    plot: String,
    plot_alt: String,
    own_limit: Option<String>,
    /// `time flexion interval;…` for the cursor, numbers only.
    track: String,
    hip_share: Option<String>,
    of_range: Option<String>,
    facts: Vec<explain::Fact>,
    why: Vec<explain::Fact>,
}

struct BandWords {
    watch: String,
    leave: String,
    arch_watch: String,
    arch_leave: String,
}

/// The page. `pictures` are the JPEGs that the proofs name; where one is missing the lifter's outline is drawn. `last` is
/// the lifter's last set of the same lift against this one.
pub fn html(
    report: &SessionReport,
    pictures: &Pictures,
    audience: Audience,
    last: Option<&Comparison>,
) -> Result<String> {
    let pictures = &picture_budget::fitting(report, pictures);
    let page = Page {
        report,
        headline: words::unbroken(&report.set.sentence),
        change: set_block::clear_drift(report),
        next_step: words::unbroken(&report.set.next_step),
        coach: if audience == Audience::Coach {
            Coach::Yes
        } else {
            Coach::No
        },
        css: compare_page::CSS,
        js: include_str!("../../templates/page.js"),
        clip: words::shortened(&words::tame(&report.clip.name), NAME_LENGTH),
        lift: words::lift(report.lift.kind),
        sprites: picture::sprites(report, pictures),
        hero: hero(report, pictures),
        cards: cards(report, pictures)?,
        changes: edited::changes(report),
        set: set_block::set_view(report)?,
        last_time: compare_page::last_time(report, last)?,
        weeks: weeks_block::weeks_view(report)?,
        notes: notes_block::notes_view(&report.notes),
        zero: zero(report),
        flag: format!("{:.0} %", report.settings.flag_probability * 100.0),
        profile: profile(report.settings.profile),
        plan: Plan {
            fired: plan::fired(report),
            lines: plan::lines(report),
        },
        band: band_words(report),
        sources: SOURCES,
    };
    page.render()
        .map_err(|e| Error::Internal(format!("the page could not be written: {e}")))
}

fn zero(report: &SessionReport) -> String {
    let end = match report.reference.kind {
        ReferenceKind::Standing => ", measured in this clip.",
        ReferenceKind::Upright => {
            ", taken from the most upright moments of your reps, since nobody stood still in this clip."
        }
        ReferenceKind::Population => {
            "; it was not seen in this clip, so an average person’s was used."
        }
        ReferenceKind::Missing => "; it was not seen in this clip.",
    };
    match &report.reference.reason {
        Some(why) => format!("{end} {}", words::sentence(why)),
        None => end.into(),
    }
}

fn profile(profile: Profile) -> &'static str {
    match profile {
        Profile::Strict => "strict",
        Profile::Default => "default",
        Profile::Relaxed => "relaxed",
    }
}

/// Where the limits come from, for the last block.
const SOURCES: &[(&str, &str)] = &[
    (
        "Deadlift",
        "trained lifters’ lower backs were on average 33° from standing at the start of a heavy pull (Bengtsson 2022, doi 10.26603/001c.37859)",
    ),
    (
        "Squat",
        "on average 13° (women) and 26° (men) on the way down (McKean 2010)",
    ),
    (
        "Arching",
        "about half of an average person’s range backwards (Mitchell 2008)",
    ),
];

/// The rep with the clearest worst frame of the set: one that left neutral before a close one before a held one, and among them the
/// one that lies furthest out in units of its own uncertainty. A rep that could not be judged
/// is shown only when there is no other.
pub(super) fn clearest(report: &SessionReport) -> Option<&Rep> {
    let rank = |rep: &Rep| match rep.verdict {
        Verdict::LeftNeutral => 2.0,
        Verdict::Close => 1.0,
        Verdict::Held => 0.0,
        Verdict::CannotTell => -1.0,
    };
    let clear = |rep: &Rep| rank(rep) * 1000.0 + signal(rep).clamp(0.0, 999.0);
    report
        .reps
        .iter()
        .max_by(|a, b| clear(a).total_cmp(&clear(b)))
}

fn hero(report: &SessionReport, pictures: &Pictures) -> Option<Hero> {
    let rep = clearest(report)?;
    let proof = picture::close_up(report, rep, worst(rep)?, pictures, Zoom::Hero);
    let caption = format!("Rep {} at {}: {}", rep.number, proof.clock, rep.reason);
    Some(Hero { proof, caption })
}

/// Flexion in units of its uncertainty, at least 1° of it.
pub(super) fn signal(rep: &Rep) -> f64 {
    let size = |a: Option<Angle>| a.map_or(0.0, |a| a.degrees().abs());
    let angle = match rep.direction {
        Some(Direction::Arched) => size(rep.min_lumbar_flexion_deg),
        _ => size(rep.peak_lumbar_flexion_deg),
    };
    angle / size(rep.peak_lumbar_flexion_sd_deg).max(1.0)
}

pub(super) fn worst(rep: &Rep) -> Option<&crate::session::Proof> {
    rep.proofs
        .iter()
        .find(|p| p.kind == ProofKind::Worst)
        .or(rep.proofs.first())
}

fn cards<'a>(report: &'a SessionReport, pictures: &Pictures) -> Result<Vec<Card<'a>>> {
    let mut flagged: Vec<&Rep> = report
        .reps
        .iter()
        .filter(|r| r.verdict == Verdict::LeftNeutral)
        .collect();
    flagged.sort_by(|a, b| signal(b).total_cmp(&signal(a)));
    let open: Vec<u32> = flagged.iter().take(OPEN_CARDS).map(|r| r.number).collect();
    report
        .reps
        .iter()
        .map(|rep| card(report, rep, pictures, &open))
        .collect()
}

fn card<'a>(
    report: &'a SessionReport,
    rep: &'a Rep,
    pictures: &Pictures,
    open: &[u32],
) -> Result<Card<'a>> {
    Ok(Card {
        rep,
        said: edited::of_rep(report, rep),
        key: words::verdict_key(rep.verdict),
        word: words::verdict(rep.verdict),
        angle: words::headline(rep),
        tile: worst(rep).map(|proof| picture::close_up(report, rep, proof, pictures, Zoom::Tile)),
        open: if open.contains(&rep.number) {
            "open"
        } else {
            ""
        },
        proofs: rep
            .proofs
            .iter()
            .map(|proof| picture::view(report, rep, proof, pictures))
            .collect(),
        plot: plot::over_time(report, rep)?,
        plot_alt: format!(
            "Lower back flexion through rep {}: {}",
            rep.number, rep.reason
        ),
        own_limit: explain::own_limit(report, rep),
        track: track(report, rep),
        hip_share: words::hip_share(rep).filter(|_| rep.verdict != Verdict::CannotTell),
        of_range: words::of_range(report, rep).filter(|_| rep.verdict != Verdict::CannotTell),
        facts: facts(report, rep),
        why: explain::facts(report, rep),
    })
}

fn track(report: &SessionReport, rep: &Rep) -> String {
    let rows = plot::shown(report, rep).filter_map(|p| {
        let half = p
            .lumbar_flexion_sd_deg
            .map_or(0.0, |sd| words::interval(sd).degrees());
        Some(format!(
            "{} {} {}",
            rounded(p.time_s.get(), 1000.0),
            p.lumbar_flexion_deg?.degrees().round() + 0.0,
            half.ceil()
        ))
    });
    rows.collect::<Vec<_>>().join(";")
}

/// The card's list. A rep that could not be judged shows no angles: they would be taken for answers.
fn facts(report: &SessionReport, rep: &Rep) -> Vec<explain::Fact> {
    let sd = rep.peak_lumbar_flexion_sd_deg;
    let arched = rep
        .min_lumbar_flexion_deg
        .filter(|_| rep.direction == Some(Direction::Arched));
    let angles = [
        ("Lower back, most arched", arched, sd),
        ("Lower back, most rounded", rep.peak_lumbar_flexion_deg, sd),
        (
            "Lower back in the set-up",
            rep.set_up_lumbar_flexion_deg,
            sd,
        ),
        (
            "Change in the set-up",
            rep.set_up_change_deg,
            rep.change_sd_deg,
        ),
        (
            "Rounding beyond the set-up",
            rep.over_set_up_deg,
            rep.change_sd_deg,
        ),
        (
            at_the_end(report.lift.kind),
            rep.lockout_lumbar_flexion_deg,
            sd,
        ),
        (
            "Upper back, most rounded",
            rep.peak_thoracic_flexion_deg,
            None,
        ),
    ];
    let judged = rep.verdict != Verdict::CannotTell;
    let said = |angle, sd: Option<Angle>| match sd {
        Some(_) => words::with_interval(angle, sd),
        // no interval is known for it
        None => format!("about {}", words::with_interval(angle, sd)),
    };
    let mut facts: Vec<explain::Fact> = angles
        .into_iter()
        .filter(|(_, angle, _)| judged && angle.is_some())
        .map(|(name, angle, sd)| (name.into(), said(angle, sd)))
        .collect();
    let kind = report.lift.kind;
    if let Some(depth) = rep.depth.filter(|_| !words::pulls_first(kind)) {
        facts.push(("Depth".into(), words::depth(depth)));
    }
    if let Some(speed) = words::speed(rep) {
        facts.push(("Bar speed on the way up".into(), speed));
    }
    facts.push(("Tempo".into(), words::tempo(&rep.tempo, kind)));
    facts
}

fn at_the_end(kind: LiftKind) -> &'static str {
    if words::pulls_first(kind) {
        "Lower back at lockout"
    } else {
        "Lower back standing at the end"
    }
}

fn band_words(report: &SessionReport) -> BandWords {
    let band = limits::of_lift(report);
    BandWords {
        watch: words::degrees(band.watch),
        leave: words::degrees(band.leave),
        arch_watch: words::degrees(band.arch_watch),
        arch_leave: words::degrees(band.arch_leave),
    }
}

impl Page<'_> {
    /// Is where a rep leaves counted in the depth of the hips? Heights of bar and shoulders mean nothing in percent.
    fn by_depth(&self) -> bool {
        DepthMeasure::of(self.report.lift.kind) == DepthMeasure::HipDrop
    }

    fn percent(&self, share: &Option<f64>) -> String {
        share.map_or("–".into(), |s| format!("{:.0} %", s * 100.0))
    }

    fn angle(&self, angle: &Option<Angle>) -> String {
        angle.map_or("–".into(), words::degrees)
    }

    fn time(&self, time: &Option<Seconds>) -> String {
        time.map_or("–".into(), words::seconds)
    }
}
