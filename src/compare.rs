//! Two sets of the same lift side by side: how they differ, and whether that is more than the measuring could have made of
//! two equal sets. Pure: two reports in, a [`Comparison`] out. `formcheck compare` and the report's "Compared with last
//! time" both show this.
//!
//! Differences are B less A. Angles come from reps that could be judged; a rep that could not shows none.

mod aligned;
mod differs;
mod pairs;
mod sets;

pub use aligned::{LikePlace, PhasePoint, like_place};
pub use differs::{Differs, Warning};
pub use pairs::{By, pairs};

use crate::diary::SetNotes;
use crate::error::{Error, Result};
use crate::science::INTERVAL;
use crate::session::{LiftKind, Rep, SessionReport, Verdict};
use crate::units::{Angle, Seconds, rounded};
use schemars::JsonSchema;
use serde::Serialize;
use sets::{Estimate, Noise, Sample};

/// Schema name of the document.
pub const SCHEMA: &str = "formcheck/comparison/1";

/// How B differs from A. Every unit is in the name.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Comparison {
    /// Always [`SCHEMA`].
    pub schema: &'static str,
    /// The lift of both.
    pub lift: LiftKind,
    /// The finding in one sentence.
    pub sentence: String,
    /// The first set.
    pub a: SetFacts,
    /// The second set.
    pub b: SetFacts,
    /// Mean over the reps of the most rounded moment.
    pub peak_lumbar_flexion_deg: Difference,
    /// Mean over the reps of the most arched moment.
    pub min_lumbar_flexion_deg: Difference,
    /// The same with both at the deepest place that both reach, on the way down (pulls: up).
    pub lumbar_flexion_at_like_depth_deg: Difference,
    /// Upper back, most rounded.
    pub peak_thoracic_flexion_deg: Difference,
    /// Hip flexion as a share of the bend, 0 to 1.
    pub hip_share: Difference,
    /// Hip drop, thigh lengths.
    pub depth: Difference,
    /// Time down.
    pub down_s: Difference,
    /// Time at the turn.
    pub pause_s: Difference,
    /// Time up.
    pub up_s: Difference,
    /// Mean lumbar flexion of both through the rep, at the same shares of it.
    pub phase: Vec<PhasePoint>,
    /// What else differs, so that the numbers may.
    pub warnings: Vec<Warning>,
}

/// One of the two sets.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct SetFacts {
    /// File name of the clip.
    pub clip: String,
    /// What the user said.
    pub notes: SetNotes,
    /// Its reps.
    pub reps: Vec<RepPeak>,
    /// The limit for rounding it was judged by.
    pub leave_deg: Angle,
}

/// One rep of a set.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct RepPeak {
    /// From 1.
    pub number: u32,
    /// The answer.
    pub verdict: Verdict,
    /// Most rounded moment; `None` when the rep could not be judged.
    pub peak_lumbar_flexion_deg: Option<Angle>,
    /// Its standard uncertainty.
    pub peak_lumbar_flexion_sd_deg: Option<Angle>,
}

/// A quantity in both sets. `None` has its reason.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Difference {
    /// In A.
    pub a: Option<f64>,
    /// In B.
    pub b: Option<f64>,
    /// B less A.
    pub difference: Option<f64>,
    /// Standard uncertainty of the difference.
    pub sd: Option<f64>,
    /// Half width of its 80 % interval.
    pub interval: Option<f64>,
    /// Is it beyond that interval, as both are shown?
    pub clear: bool,
    /// Why there is none.
    pub reason: Option<String>,
}

/// What the two sets are called in sentences.
#[derive(Clone, Copy, Debug)]
pub struct Names {
    /// The first.
    pub a: &'static str,
    /// The second.
    pub b: &'static str,
}

/// As the command calls them.
pub const A_AND_B: Names = Names { a: "A", b: "B" };
/// As the report calls them.
pub const LAST_AND_THIS: Names = Names {
    a: "last time",
    b: "this time",
};

/// Shown to whole degrees.
const DEGREE: f64 = 1.0;
/// Thigh lengths and shares are shown in percent.
const PERCENT: f64 = 0.01;
/// Times are shown to a tenth of a second.
const TENTH_S: f64 = 0.1;

/// Compares two sets. Errors: they are different lifts.
pub fn compare(a: &SessionReport, b: &SessionReport) -> Result<Comparison> {
    if a.lift.kind != b.lift.kind {
        return Err(unlike(a.lift.kind, b.lift.kind));
    }
    let both = Both { a, b };
    let judged = |r: &Rep| r.verdict != Verdict::CannotTell;
    let seconds = |s: Option<Seconds>| Sample::new(s?.get(), Noise::TURN_S);
    let mut comparison = Comparison {
        schema: SCHEMA,
        lift: a.lift.kind,
        sentence: String::new(),
        a: facts(a),
        b: facts(b),
        peak_lumbar_flexion_deg: both.angle(|r| r.peak_lumbar_flexion_deg),
        min_lumbar_flexion_deg: both.angle(|r| r.min_lumbar_flexion_deg),
        lumbar_flexion_at_like_depth_deg: both.at_like_depth(),
        peak_thoracic_flexion_deg: both.angle(|r| r.peak_thoracic_flexion_deg),
        hip_share: both.by(PERCENT, |r| {
            Sample::new(r.hip_share.filter(|_| judged(r))?, Noise::HIP_SHARE)
        }),
        depth: both.by(PERCENT, |r| Sample::new(r.depth?, Noise::DEPTH)),
        down_s: both.by(TENTH_S, |r| seconds(r.tempo.down_s)),
        pause_s: both.by(TENTH_S, |r| seconds(r.tempo.pause_s)),
        up_s: both.by(TENTH_S, |r| seconds(r.tempo.up_s)),
        phase: aligned::phase_curves(a, b),
        warnings: differs::warnings(a, b),
    };
    comparison.sentence = comparison.sentence(A_AND_B);
    Ok(comparison)
}

impl Comparison {
    /// The finding in one sentence; in a second one what holds at like depth, where that is clear.
    pub fn sentence(&self, names: Names) -> String {
        let peak = &self.peak_lumbar_flexion_deg;
        let Names { a, b } = names;
        let (Some(change), Some(was), Some(is)) = (change(peak), peak.a, peak.b) else {
            let why = peak.reason.as_deref().unwrap_or("nothing was measured");
            return format!("No comparison of the lower back: {why}.");
        };
        let like = self.like_depth_sentence();
        if !peak.clear {
            let (by, half) = (degrees(change.by), change.half);
            return format!(
                "No clear difference in rounding between {a} and {b} ({by} ± {half:.0}).{like}"
            );
        }
        format!(
            "Your lower back rounded {} {} than {}: {} against {}.{like}",
            change.words(),
            within(b),
            within(a),
            degrees(is),
            degrees(was)
        )
    }

    /// Leads with a space; empty when it says nothing more than the first.
    fn like_depth_sentence(&self) -> String {
        let like = &self.lumbar_flexion_at_like_depth_deg;
        let Some(change) = change(like) else {
            return String::new();
        };
        let place = match like_place(self.lift) {
            LikePlace::Depth => "depth",
            LikePlace::BarHeight => "bar height",
            LikePlace::TrunkAngle => "trunk angle",
        };
        match (self.peak_lumbar_flexion_deg.clear, like.clear) {
            (true, false) => {
                let (by, half) = (degrees(change.by), change.half);
                format!(" At the same {place} there is no clear difference ({by} ± {half:.0}).")
            }
            (false, true) => format!(" At the same {place} it rounded {}.", change.words()),
            _ => String::new(),
        }
    }

    /// Were both measured alike, and measured at all, so that a reader may take the difference for the lifter's?
    pub fn is_fair(&self) -> bool {
        let measured = self.peak_lumbar_flexion_deg.difference.is_some();
        measured && !self.warnings.iter().any(|w| w.code.spoils())
    }
}

/// A change as it is shown: whole degrees, and the interval rounded up.
struct Change {
    by: f64,
    half: f64,
}

impl Change {
    /// "9° (±5) less".
    fn words(&self) -> String {
        let way = if self.by > 0.0 { "more" } else { "less" };
        format!("{} (±{:.0}) {way}", degrees(self.by.abs()), self.half)
    }
}

fn change(difference: &Difference) -> Option<Change> {
    Some(Change {
        by: difference.difference?,
        half: difference.interval?.ceil().max(1.0),
    })
}

/// "in A", but "last time".
fn within(name: &str) -> String {
    if name.contains(' ') {
        name.into()
    } else {
        format!("in {name}")
    }
}

fn degrees(value: f64) -> String {
    let whole = rounded(value, 1.0);
    let sign = if whole < 0.0 { "−" } else { "" };
    format!("{sign}{:.0}°", whole.abs())
}

fn unlike(a: LiftKind, b: LiftKind) -> Error {
    let name = |kind| crate::science::lift_name(kind, 2);
    Error::Usage {
        what: format!(
            "A is a set of {} and B of {}: unlike lifts are not compared",
            name(a),
            name(b)
        ),
        hint: "Compare two sets of one lift; if a lift was not recognised rightly, analyse it again with --lift.".into(),
    }
}

fn facts(report: &SessionReport) -> SetFacts {
    let rep = |rep: &Rep| {
        let judged = rep.verdict != Verdict::CannotTell;
        RepPeak {
            number: rep.number,
            verdict: rep.verdict,
            peak_lumbar_flexion_deg: rep.peak_lumbar_flexion_deg.filter(|_| judged),
            peak_lumbar_flexion_sd_deg: rep.peak_lumbar_flexion_sd_deg.filter(|_| judged),
        }
    };
    SetFacts {
        clip: report.clip.name.clone(),
        notes: report.notes.clone(),
        reps: report.reps.iter().map(rep).collect(),
        leave_deg: report.settings.leave(report.lift.kind),
    }
}

struct Both<'a> {
    a: &'a SessionReport,
    b: &'a SessionReport,
}

impl Both<'_> {
    /// An angle of the back. The report states no uncertainty for the upper back; that of the lower back stands in.
    fn angle(&self, pick: fn(&Rep) -> Option<Angle>) -> Difference {
        let of = |report: &SessionReport| {
            let reps = report.reps.iter();
            let judged = reps.filter(|r| r.verdict != Verdict::CannotTell);
            let sample = |r: &Rep| {
                let noise = Noise::of_flexion(r.peak_lumbar_flexion_sd_deg?, &report.reference);
                Sample::new(pick(r)?.degrees(), noise)
            };
            sets::mean(&judged.filter_map(sample).collect::<Vec<_>>())
        };
        let found = self.difference(DEGREE, of(self.a), of(self.b));
        let unjudged = match (&found.a, &found.b) {
            (Some(_), Some(_)) => None,
            (None, Some(_)) => Some("no rep of A could be judged"),
            (Some(_), None) => Some("no rep of B could be judged"),
            (None, None) => Some("no rep of either could be judged"),
        };
        Difference {
            reason: unjudged.map(Into::into),
            ..found
        }
    }

    fn by(&self, shown_to: f64, pick: impl Fn(&Rep) -> Option<Sample>) -> Difference {
        let of = |report: &SessionReport| {
            sets::mean(&report.reps.iter().filter_map(&pick).collect::<Vec<_>>())
        };
        self.difference(shown_to, of(self.a), of(self.b))
    }

    fn at_like_depth(&self) -> Difference {
        match aligned::at_like_depth(self.a, self.b) {
            Some([a, b]) => self.difference(DEGREE, sets::mean(&a), sets::mean(&b)),
            None => self.difference(DEGREE, None, None),
        }
    }

    fn difference(&self, shown_to: f64, a: Option<Estimate>, b: Option<Estimate>) -> Difference {
        let lacks = match (a, b) {
            (Some(_), Some(_)) => None,
            (None, Some(_)) => Some("not measured in A"),
            (Some(_), None) => Some("not measured in B"),
            (None, None) => Some("measured in neither"),
        };
        let by = a.zip(b).map(|(a, b)| (b.value - a.value, a.sd.hypot(b.sd)));
        let kept = |value: f64| rounded(value, 1000.0);
        let shown = |(by, sd): (f64, f64)| {
            let (by, half) = (by.abs() / shown_to, INTERVAL * sd / shown_to);
            by.round() > half.ceil()
        };
        Difference {
            a: a.map(|e| kept(e.value)),
            b: b.map(|e| kept(e.value)),
            difference: by.map(|d| kept(d.0)),
            sd: by.map(|d| kept(d.1)),
            interval: by.map(|d| kept(d.1 * INTERVAL)),
            clear: by.is_some_and(shown),
            reason: lacks.map(Into::into),
        }
    }
}
