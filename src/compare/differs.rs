//! What else differs between two sets, so that their numbers may differ without the lifter.

use crate::session::{ReferenceKind, SessionReport, Side};
use crate::settings::{DepthSettings, NextStepTable, Settings};
use crate::units::Angle;
use schemars::JsonSchema;
use serde::Serialize;

/// Yaw is told apart in these bands, as in the error tables of docs/ACCURACY.md.
const YAW_BANDS_DEG: [f64; 2] = [15.0, 30.0];

/// Something that differs.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Warning {
    /// What.
    pub code: Differs,
    /// One sentence.
    pub message: String,
}

/// What can differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Differs {
    /// Who lifts.
    Lifter,
    /// The networks.
    Model,
    /// What zero is.
    ReferenceKind,
    /// How far the camera is off the side.
    YawBand,
    /// Which side is seen.
    Side,
    /// The version of formcheck.
    Version,
    /// The limits and rules.
    Settings,
}

impl Differs {
    /// Would the degrees themselves be measured differently? A new version says in its changes whether they are, and
    /// settings only change what is said of them.
    pub fn spoils(self) -> bool {
        !matches!(self, Differs::Version | Differs::Settings)
    }
}

/// Everything that differs, the gravest first.
pub fn warnings(a: &SessionReport, b: &SessionReport) -> Vec<Warning> {
    let named = [a.notes.lifter_key(), b.notes.lifter_key()];
    let other_lifter = named.iter().all(|n| n.is_some()) && named[0] != named[1];
    let found = [
        (
            other_lifter,
            Differs::Lifter,
            "The sets are of two lifters.".to_string(),
        ),
        (
            a.run.models != b.run.models,
            Differs::Model,
            "Other networks read the two clips, so angles may differ by that alone.".into(),
        ),
        (
            a.reference.kind != b.reference.kind,
            Differs::ReferenceKind,
            format!("Zero is {} in A and {} in B.", zero(a), zero(b)),
        ),
        (
            band(a) != band(b),
            Differs::YawBand,
            format!("A was filmed {}, B {}.", seen_from(a), seen_from(b)),
        ),
        (
            a.view.side != b.view.side,
            Differs::Side,
            format!("A shows the {} side, B the {}.", side(a), side(b)),
        ),
        (
            a.run.version != b.run.version,
            Differs::Version,
            format!(
                "A was measured by version {}, B by {}; analyse the older clip again.",
                shown(&a.run.version),
                shown(&b.run.version)
            ),
        ),
        (
            rules(&a.settings) != rules(&b.settings),
            Differs::Settings,
            "The two sets were judged by other limits, so their verdicts cannot be compared."
                .into(),
        ),
    ];
    let differing = found.into_iter().filter(|f| f.0);
    differing
        .map(|(_, code, message)| Warning { code, message })
        .collect()
}

/// The settings that decide about reps.
fn rules(settings: &Settings) -> Settings {
    Settings {
        lift: None,
        next_step: NextStepTable::default(),
        depth: DepthSettings::default(),
        ..settings.clone()
    }
}

/// Band of the yaw with its sign; side on has none. `None` when the yaw is not known.
fn band(report: &SessionReport) -> Option<i32> {
    let yaw = report.view.yaw_deg?.degrees();
    let band = YAW_BANDS_DEG
        .iter()
        .filter(|edge| yaw.abs() > **edge)
        .count() as i32;
    Some(if yaw < 0.0 { -band } else { band })
}

fn seen_from(report: &SessionReport) -> String {
    let Some(yaw) = report.view.yaw_deg else {
        return "from an unknown angle".into();
    };
    let size = yaw.abs().degrees();
    match yaw {
        _ if size <= YAW_BANDS_DEG[0] => "from the side".into(),
        yaw if yaw > Angle::ZERO => format!("about {size:.0}° off the side, from in front"),
        _ => format!("about {size:.0}° off the side, from behind"),
    }
}

fn zero(report: &SessionReport) -> &'static str {
    match report.reference.kind {
        ReferenceKind::Standing => "your standing",
        ReferenceKind::Upright => "the most upright moment of your reps",
        ReferenceKind::Population => "an average person’s standing",
        ReferenceKind::Missing => "missing",
    }
}

fn side(report: &SessionReport) -> &'static str {
    match report.view.side {
        Side::Left => "left",
        Side::Right => "right",
    }
}

fn shown(version: &str) -> &str {
    if version.is_empty() {
        "unknown"
    } else {
        version
    }
}
