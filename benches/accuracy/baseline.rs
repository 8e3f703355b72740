//! What simpler ways make of the same recordings: landmarks alone, and lines laid on the back line.

use formcheck::recording::Recording;
use formcheck::science::Load;
use formcheck::science::back_line::{TrunkFrame, ray_height};
use formcheck::science::bar::in_frames;
use formcheck::science::facing_side;
use formcheck::science::look::Look;
use formcheck::science::trunk_axis::AxisNetwork;
use formcheck::session::SessionReport;
use formcheck::skeleton::{HIPS, SHOULDERS};

/// Names of the ways, in the order of [`Baseline::flexion`].
pub const NAMES: [&str; 2] = ["chord", "geometric"];
/// Heights of the sacrum and of the lower thorax (about T8 to T12) above the hip, trunk lengths.
const SACRUM: (f64, f64) = (-0.05, 0.12);
const THORAX: (f64, f64) = (0.45, 0.70);
/// Frames this near to the reference's moment are taken as standing.
const STANDING_S: f64 = 0.25;
/// Frames on either side of one in a running median.
const REACH: usize = 2;

/// Lumbar flexion over time as each simpler way has it, degrees; `None` where it has none.
pub struct Baseline {
    times: Vec<f64>,
    curves: [Vec<Option<f64>>; 2],
}

impl Baseline {
    /// Measures every frame; the report lends its moment of standing.
    pub fn new(recording: &Recording, report: &SessionReport) -> Self {
        let times: Vec<f64> = recording.frames.iter().map(|f| f.time_s.get()).collect();
        let raw = frames(recording);
        let at = report.reference.time_s.map(|t| t.get());
        let stands = |i: usize| at.is_some_and(|at| (times[i] - at).abs() <= STANDING_S);
        let standing = |way: usize| {
            let mut values: Vec<f64> = (0..times.len())
                .filter(|&i| stands(i))
                .filter_map(|i| raw[i].map(|r| r[way]))
                .collect();
            median(&mut values)
        };
        let (chord0, bend0) = (standing(0), standing(1));
        let chord = each(&raw, |r| Some(arc_deg(r[0] / chord0?)));
        let bend = each(&raw, |r| Some(r[1] - bend0?));
        Baseline {
            times,
            curves: [smoothed(&chord), smoothed(&bend)],
        }
    }

    /// 95th percentile between two times, by each way.
    pub fn peaks(&self, from_s: f64, to_s: f64) -> [Option<f64>; 2] {
        [0, 1].map(|way: usize| {
            let within = self.times.iter().zip(&self.curves[way]);
            let mut values: Vec<f64> = within
                .filter(|(t, _)| (from_s..=to_s).contains(*t))
                .filter_map(|(_, v)| *v)
                .collect();
            (!values.is_empty()).then(|| super::percentile(&mut values, 0.95))
        })
    }
}

/// Per frame: hip-to-shoulder distance in pixels (the spine's chord, as landmarks have it), and the angle in degrees
/// between lines laid on thorax and sacrum.
fn frames(recording: &Recording) -> Vec<Option<[f64; 2]>> {
    let side = facing_side(recording);
    let trunks: Vec<Option<TrunkFrame>> = recording
        .frames
        .iter()
        .map(|f| {
            let person = f.person.as_ref()?;
            TrunkFrame::new(person.middle(HIPS), person.middle(SHOULDERS), side)
        })
        .collect();
    let times: Vec<f64> = recording.frames.iter().map(|f| f.time_s.get()).collect();
    let plate = in_frames(&recording.header.plate_path, &times);
    let looks_along = |axes: &[Option<TrunkFrame>]| -> Vec<Option<(TrunkFrame, Look)>> {
        let look = |i: usize| {
            let axis = axes[i]?;
            let person = recording.frames[i].person.as_ref()?;
            let look = Look::new(person, plate[i].as_ref(), &axis, side)?;
            Some((axis, look))
        };
        (0..axes.len()).map(look).collect()
    };
    let refined = AxisNetwork::load(Load::Usual).refined(&looks_along(&trunks), side);
    // Distances grow towards the back, so a thorax that tips forward has the smaller slope.
    let bend = |look: &Look| slope_deg(look, SACRUM) - slope_deg(look, THORAX);
    let looks = looks_along(&refined);
    let one = |(trunk, look): (&Option<TrunkFrame>, &Option<(TrunkFrame, Look)>)| {
        Some([trunk.as_ref()?.length(), bend(&look.as_ref()?.1)])
    };
    trunks.iter().zip(&looks).map(one).collect()
}

/// Inclination of the back line to the trunk axis between two heights, by least squares.
fn slope_deg(look: &Look, (low, high): (f64, f64)) -> f64 {
    let part: Vec<(f64, f64)> = (0..look.distances.len())
        .map(|i| (ray_height(i), look.distances[i]))
        .filter(|(h, _)| (low..=high).contains(h))
        .collect();
    let count = part.len() as f64;
    let (h, d) = part
        .iter()
        .fold((0.0, 0.0), |s, p| (s.0 + p.0 / count, s.1 + p.1 / count));
    let (along, across) = part.iter().fold((0.0, 0.0), |s, p| {
        (s.0 + (p.0 - h).powi(2), s.1 + (p.0 - h) * (p.1 - d))
    });
    formcheck::units::Angle::from_slope(across / along).degrees()
}

/// Angle of an arc whose chord is this share of its length: `share` = sin(θ/2) ÷ (θ/2), by halving. 0 from 1 up.
fn arc_deg(share: f64) -> f64 {
    let (mut low, mut high) = (0.0_f64, std::f64::consts::PI);
    for _ in 0..40 {
        let half = (low + high) / 4.0;
        if half.sin() / half > share {
            low = half * 2.0;
        } else {
            high = half * 2.0;
        }
    }
    formcheck::units::Angle::from_radians(low).degrees()
}

fn each(raw: &[Option<[f64; 2]>], value: impl Fn([f64; 2]) -> Option<f64>) -> Vec<Option<f64>> {
    raw.iter().map(|r| r.and_then(&value)).collect()
}

fn smoothed(values: &[Option<f64>]) -> Vec<Option<f64>> {
    let around = |i: usize| {
        let window = &values[i.saturating_sub(REACH)..(i + REACH + 1).min(values.len())];
        median(&mut window.iter().flatten().copied().collect::<Vec<_>>())
    };
    (0..values.len()).map(around).collect()
}

fn median(values: &mut [f64]) -> Option<f64> {
    (!values.is_empty()).then(|| super::percentile(values, 0.5))
}
