//! Millimetres a pixel from a round plate: in the plate's own plane, and in the lifter's.
//!
//! In the plate's plane the rim alone tells, whatever the lens. The lifter's midline is farther away by half a bar; how much
//! smaller things look there depends on the angle of view, which few phones write down. So lenses of phones are weighed by
//! how common they are and by whether they make a lifter of human size, and what remains open is in the uncertainty. In the
//! same way a plate that makes too large a lifter is weighed against the smaller plates there are: which one it is is not
//! guessed.

use super::filter::{median, percentile};
use super::scale::{STRETCHED_SHARE, STRETCHED_SHARE_SD, Sizes};
use crate::recording::PlateSighting;
use crate::session::LiftKind;
use crate::settings::DepthSettings;
use crate::units::Angle;

/// Middle of the bar to the outer face of the plates, mm: sleeves begin at 655 mm, a collar and a stack follow.
const HALF_BAR_MM: f64 = 750.0;
/// 35 mm film is 36 mm along its longer side.
const FILM_MM: f64 = 36.0;
/// Lenses of phones, as the focal length on 35 mm film: millimetres, spread as a share, how common. Main cameras have 23 to
/// 28 mm in stills; video and its stabilisation cut that to 26 to 35. Chosen from makers' data sheets, not counted.
const LENSES: [(f64, f64, f64); 3] = [(15.0, 0.10, 0.08), (29.0, 0.12, 0.77), (57.0, 0.16, 0.15)];
/// What the file says of the lens is off by this share: stabilisation cuts, and the diagonal may be meant.
const SAID_LENS_SD: f64 = 0.07;
/// Lenses that are weighed: from, to, and the step between them as a share.
const LENS_MM: (f64, f64, f64) = (11.0, 90.0, 0.03);
/// Stature of adults, women and men together, mm, and its spread as a share (NCD-RisC 2016, doi 10.7554/eLife.13410).
const STATURE_MM: f64 = 1710.0;
const STATURE_SD: f64 = 0.055;
/// Smaller round plates: steel discs of 15 and 10 kg have 400 and 325 mm (IPF Technical Rules), those of gyms 350 and 280 too.
const SMALLER_MM: [f64; 4] = [400.0, 350.0, 325.0, 280.0];
/// How common a smaller plate is as the largest on the bar, all of them together. A bar pulled from the floor needs plates of
/// full size.
const SMALLER_SHARE: f64 = 0.2;
const SMALLER_SHARE_OF_PULLS: f64 = 0.05;
/// The plate is taken for what the settings say when this is at least as probable.
const LEAST_SURE: f64 = 0.75;
/// Sightings of which less of the rim was seen are left out.
const LEAST_COVERAGE: f64 = 0.6;
/// Sightings are of one plate when their heights agree within this share.
const SAME_PLATE: f64 = 0.08;
/// Fewer agreeing sightings are no plate.
const LEAST_SIGHTINGS: usize = 3;
/// Uncertainty of one rim, share of its height: rendered clips read 1 % off up to 20° of yaw.
const RIM_SD: f64 = 0.012;

/// What a plate gives, with standard uncertainties as shares.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measured {
    /// Millimetres a pixel in the plate's plane.
    pub near: f64,
    pub near_sd: f64,
    /// The same at the lifter's midline.
    pub midline: f64,
    pub midline_sd: f64,
}

/// A rim beside a lifter.
#[derive(Clone, Copy, Debug)]
struct Rim {
    diameter_px: f64,
    share_sd: f64,
    cos_yaw: f64,
    long_side_px: f64,
    stretched_px: f64,
}

/// What the nearest plate measures, or why it does not.
pub fn measured(sizes: &Sizes, settings: &DepthSettings) -> Result<Measured, String> {
    let rim = rim(sizes, settings)?;
    let belief = Belief::of(sizes, settings);
    let assumed = belief.weigh(&rim, settings.plate_diameter_mm);
    if !settings.plate_diameter_said && !is_believed(&rim, &belief, sizes.kind, settings) {
        return Err(format!(
            "beside this lifter the round plate may well be smaller than {:.0} mm; say how wide it is (--plate-diameter) to have lengths",
            settings.plate_diameter_mm
        ));
    }
    Ok(Measured {
        near: settings.plate_diameter_mm / rim.diameter_px,
        near_sd: rim.share_sd,
        midline: assumed.mm_per_px,
        midline_sd: assumed.share_sd.hypot(rim.share_sd),
    })
}

/// Whether the assumed plate explains the picture better than the smaller ones.
fn is_believed(rim: &Rim, belief: &Belief, kind: LiftKind, settings: &DepthSettings) -> bool {
    let smaller = match kind {
        LiftKind::Deadlift => SMALLER_SHARE_OF_PULLS,
        _ => SMALLER_SHARE,
    };
    let assumed = (1.0 - smaller) * belief.weigh(rim, settings.plate_diameter_mm).evidence;
    let others = SMALLER_MM
        .iter()
        .map(|mm| smaller / SMALLER_MM.len() as f64 * belief.weigh(rim, *mm).evidence);
    assumed >= LEAST_SURE * (assumed + others.sum::<f64>())
}

/// What is known before the plate is looked at: the lens, and how large lifters are.
struct Belief {
    /// Focal lengths on 35 mm film, mm, with their weights.
    lenses: Vec<(f64, f64)>,
    stretched_mm: f64,
    stretched_sd: f64,
}

/// What one size of plate would mean.
struct Weighed {
    /// How well it explains the lifter's size.
    evidence: f64,
    /// Millimetres a pixel at the lifter's midline.
    mm_per_px: f64,
    share_sd: f64,
}

impl Belief {
    fn of(sizes: &Sizes, settings: &DepthSettings) -> Self {
        let said = sizes.lens_mm.map(|mm| [(mm, SAID_LENS_SD, 1.0)]);
        let common: &[(f64, f64, f64)] = said.as_ref().map_or(&LENSES, |s| s);
        let steps = ((LENS_MM.1 / LENS_MM.0).ln() / LENS_MM.2) as usize;
        let weight = |mm: f64| -> f64 {
            let each = common
                .iter()
                .map(|(centre, sd, share)| share / sd * normal((mm / centre).ln() / sd));
            each.sum()
        };
        let lens = |k: usize| LENS_MM.0 * (LENS_MM.2 * k as f64).exp();
        let (stature_mm, stature_sd) = settings
            .stature_cm
            .map_or((STATURE_MM, STATURE_SD), |cm| (10.0 * cm, 0.0));
        Belief {
            lenses: (0..=steps).map(|k| (lens(k), weight(lens(k)))).collect(),
            stretched_mm: STRETCHED_SHARE * stature_mm,
            stretched_sd: STRETCHED_SHARE_SD.hypot(stature_sd),
        }
    }

    fn weigh(&self, rim: &Rim, plate_mm: f64) -> Weighed {
        let near = plate_mm / rim.diameter_px;
        let midline = |lens_mm: f64| {
            let plate_away_mm = lens_mm / FILM_MM * rim.long_side_px * near;
            near * (1.0 + HALF_BAR_MM * rim.cos_yaw / plate_away_mm)
        };
        let (mut sum, mut first, mut second) = (0.0, 0.0, 0.0);
        for (lens_mm, common) in &self.lenses {
            let log = midline(*lens_mm).ln();
            let size_off = log + (rim.stretched_px / self.stretched_mm).ln();
            let weight = common * normal(size_off / self.stretched_sd);
            sum += weight;
            first += weight * log;
            second += weight * log * log;
        }
        // far outside of anything human: the weights vanish, and so does the belief
        let mean = if sum > 0.0 { first / sum } else { near.ln() };
        let spread = if sum > 0.0 {
            second / sum - mean * mean
        } else {
            1.0
        };
        Weighed {
            evidence: sum,
            mm_per_px: mean.exp(),
            share_sd: spread.max(0.0).sqrt(),
        }
    }
}

/// Density of a standard normal, without its constant.
fn normal(off: f64) -> f64 {
    (-0.5 * off * off).exp()
}

fn rim(sizes: &Sizes, settings: &DepthSettings) -> Result<Rim, String> {
    let yaw = sizes.yaw_deg.ok_or("the camera's angle is not known")?;
    if yaw.abs() > settings.plate_max_yaw_deg.degrees() {
        return Err("filmed too far from the side to measure the plate".into());
    }
    let cos_yaw = Angle::from_degrees(yaw).radians().cos();
    let (diameter_px, share_sd) = diameter(sizes.plates, cos_yaw)
        .ok_or("no round plate was seen clearly at the near end of the bar")?;
    Ok(Rim {
        diameter_px,
        share_sd,
        cos_yaw,
        long_side_px: sizes.picture_px.0.max(sizes.picture_px.1),
        stretched_px: sizes.stretched_px,
    })
}

/// Diameter of the plate in pixels, with its standard uncertainty as a share; `None` when the sightings do not agree. The
/// height is not shortened by the yaw, but looks larger when the stack behind the rim is seen from above or below; the width,
/// straightened by the yaw, looks larger when the stack is seen from the side. The smaller of the two is the rim.
fn diameter(sightings: &[PlateSighting], cos_yaw: f64) -> Option<(f64, f64)> {
    let size = |s: &PlateSighting| s.height_px.min(s.width_px / cos_yaw);
    let clear = sightings.iter().filter(|s| s.coverage >= LEAST_COVERAGE);
    let sizes: Vec<f64> = clear.map(size).collect();
    let friends = |a: f64| sizes.iter().filter(|b| is_same(a, **b)).count();
    // of two plates seen as often, the nearer
    let one = sizes
        .iter()
        .copied()
        .max_by(|&a, &b| friends(a).cmp(&friends(b)).then(a.total_cmp(&b)))?;
    let mut plates: Vec<f64> = sizes.iter().copied().filter(|b| is_same(one, *b)).collect();
    if plates.len() < LEAST_SIGHTINGS {
        return None;
    }
    let typical = median(&mut plates)?;
    let scatter = 0.5 * (percentile(&mut plates, 0.84)? - percentile(&mut plates, 0.16)?);
    Some((typical, (scatter / typical).hypot(RIM_SD)))
}

/// Whether two sizes in pixels are of one plate.
pub fn is_same(a: f64, b: f64) -> bool {
    (a / b - 1.0).abs() < SAME_PLATE
}
