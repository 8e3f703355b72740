//! How large things are: millimetres a pixel at the lifter's midline, and at the bar's near end, from something of known size.

use super::plate;
use super::words::INTERVAL;
use crate::recording::PlateSighting;
use crate::session::{LiftKind, Scale, ScaleSource};
use crate::settings::DepthSettings;
use crate::units::rounded;

/// Trunk, thigh and shank as the landmarks have them, laid end to end, as a share of stature: mean over ten rendered lifters
/// (the held-out clips; 0.779 between the joints themselves, Drillis & Contini 1966, in Winter 2009,
/// doi 10.1002/9780470549148). Spread over those lifters: 0.034; the thigh alone has 0.056.
pub const STRETCHED_SHARE: f64 = 0.737;
pub const STRETCHED_SHARE_SD: f64 = 0.04;
/// Adults by any scale that holds, trunk, thigh and shank, mm: statures of 1.45 to 2.05 m, and 4 % for the landmarks.
const STRETCHED_MM: std::ops::Range<f64> = 1025.0..1570.0;
/// Grip to wrist joint plus bar above the floor, less the ankle: 225 mm of plate, 85 mm of hand, 70 mm of ankle.
const HAND_LESS_ANKLE_MM: f64 = 15.0;
const HAND_SD_MM: f64 = 30.0;
/// Hip joint above a seat that is sat on, less the ankle above the floor, mm: about 90 less 70.
const HIP_ON_SEAT_MM: f64 = 20.0;
const HIP_ON_SEAT_SD_MM: f64 = 30.0;

/// What the picture and the user say about sizes.
#[derive(Clone, Debug)]
pub struct Sizes<'a> {
    /// Rims of plates, from the recording.
    pub plates: &'a [PlateSighting],
    /// Width and height of the picture, pixels.
    pub picture_px: (f64, f64),
    /// Yaw of the camera, degrees.
    pub yaw_deg: Option<f64>,
    /// Focal length of the lens as on 35 mm film, millimetres, when the file says.
    pub lens_mm: Option<f64>,
    /// Thigh length, pixels.
    pub thigh_px: f64,
    /// Trunk, thigh and shank laid end to end, pixels.
    pub stretched_px: f64,
    /// The lift.
    pub kind: LiftKind,
    /// Height of the hands above the ankles at lift-off, thigh lengths.
    pub hands_at_lift_off: Option<f64>,
    /// Height of the hips above the ankles on the seat, thigh lengths.
    pub hips_on_seat: Option<f64>,
}

/// The best scale there is, or why there is none.
pub fn scale(sizes: &Sizes, settings: &DepthSettings) -> Result<Scale, String> {
    let given = [
        stature(sizes, settings),
        seat(sizes, settings),
        blocks(sizes, settings),
    ];
    let plate = plate::measured(sizes, settings);
    let from_plate = plate.clone().and_then(|p| of_plate(sizes, settings, &p));
    let reason = from_plate.as_ref().err().cloned();
    let all = given.into_iter().flatten().chain(from_plate);
    let best = all.min_by(|a, b| a.share_sd().total_cmp(&b.share_sd()));
    let mut best = best.ok_or(reason.unwrap_or_default())?;
    // whatever the body is measured by, the bar's end is measured by the plate
    if let Ok(plate) = plate {
        best.plate_mm_per_px = Some(rounded(plate.near, 1000.0));
        best.plate_mm_per_px_sd = Some(rounded(plate.near * plate.near_sd, 1e4));
    }
    Ok(best)
}

fn built(
    sizes: &Sizes,
    source: ScaleSource,
    mm_per_px: (f64, f64),
    sentence: String,
) -> Option<Scale> {
    let thigh_mm = sizes.thigh_px * mm_per_px.0;
    let stretched_mm = sizes.stretched_px * mm_per_px.0;
    STRETCHED_MM.contains(&stretched_mm).then(|| Scale {
        source,
        mm_per_px: rounded(mm_per_px.0, 1000.0),
        mm_per_px_sd: rounded(mm_per_px.1, 1000.0),
        plate_mm_per_px: None,
        plate_mm_per_px_sd: None,
        thigh_mm: rounded(thigh_mm, 1.0),
        sentence: format!(
            "{sentence}{} lengths of the body to about ±{:.0} %.",
            if source == ScaleSource::Plate {
                ","
            } else {
                ": good for"
            },
            (100.0 * INTERVAL * mm_per_px.1 / mm_per_px.0).ceil()
        ),
    })
}

fn stature(sizes: &Sizes, settings: &DepthSettings) -> Option<Scale> {
    let stature_cm = settings.stature_cm?;
    let mm_per_px = 10.0 * stature_cm * STRETCHED_SHARE / sizes.stretched_px;
    let sentence = format!("Scale from your stature of {stature_cm:.0} cm");
    let sd = mm_per_px * STRETCHED_SHARE_SD;
    built(sizes, ScaleSource::Stature, (mm_per_px, sd), sentence)
}

/// The hips come to rest a known height above the seat.
fn seat(sizes: &Sizes, settings: &DepthSettings) -> Option<Scale> {
    let seat_cm = settings
        .seat_height_cm
        .filter(|_| sizes.kind == LiftKind::SitToChair)?;
    let height_px = sizes.hips_on_seat? * sizes.thigh_px;
    let sentence = format!("Scale from the seat height of {seat_cm:.0} cm");
    let lengths = (10.0 * seat_cm + HIP_ON_SEAT_MM, HIP_ON_SEAT_SD_MM);
    from_height(
        sizes,
        ScaleSource::SeatHeight,
        lengths,
        (height_px, sentence),
    )
}

/// The hands hold the bar a known height above the floor.
fn blocks(sizes: &Sizes, settings: &DepthSettings) -> Option<Scale> {
    let block_cm = settings
        .block_height_cm
        .filter(|_| sizes.kind == LiftKind::Deadlift)?;
    let height_px = sizes.hands_at_lift_off? * sizes.thigh_px;
    let mm = 0.5 * settings.plate_diameter_mm + 10.0 * block_cm + HAND_LESS_ANKLE_MM;
    let sentence = format!(
        "Scale from the block height of {block_cm:.0} cm under plates of {:.0} mm",
        settings.plate_diameter_mm
    );
    from_height(
        sizes,
        ScaleSource::BlockHeight,
        (mm, HAND_SD_MM),
        (height_px, sentence),
    )
}

fn from_height(
    sizes: &Sizes,
    source: ScaleSource,
    (mm, sd_mm): (f64, f64),
    (height_px, sentence): (f64, String),
) -> Option<Scale> {
    (height_px > 1.0).then_some(())?;
    built(sizes, source, (mm / height_px, sd_mm / height_px), sentence)
}

fn of_plate(
    sizes: &Sizes,
    settings: &DepthSettings,
    plate: &plate::Measured,
) -> Result<Scale, String> {
    let percent = |share: f64| (100.0 * INTERVAL * share).ceil();
    let sentence = format!(
        "Scale from the round plate nearest to the camera, taken to be {:.0} mm across: what moves with the bar is good to \
         about ±{:.0} %",
        settings.plate_diameter_mm,
        percent(plate.near_sd)
    );
    let scale = (plate.midline, plate.midline * plate.midline_sd);
    built(sizes, ScaleSource::Plate, scale, sentence).ok_or_else(|| {
        format!(
            "the round plate does not look like one of {:.0} mm beside this lifter; say how wide it is (--plate-diameter) to have lengths",
            settings.plate_diameter_mm
        )
    })
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use crate::units::{Point, Seconds};

    /// A scale from a plate, for tests of what is measured by it.
    pub fn by_plate() -> Scale {
        Scale {
            source: ScaleSource::Plate,
            mm_per_px: 2.5,
            mm_per_px_sd: 0.1,
            plate_mm_per_px: Some(2.0),
            plate_mm_per_px_sd: Some(0.02),
            thigh_mm: 400.0,
            sentence: String::new(),
        }
    }

    fn seen(width_px: f64, height_px: f64) -> PlateSighting {
        PlateSighting {
            time_s: Seconds::new(0.0),
            at: Point::new(400.0, 900.0),
            width_px,
            height_px,
            coverage: 0.9,
        }
    }

    /// A plate of 450 mm at 1.9 m and a lifter at 2.6 m, filmed with 1000 px of focal length and a thigh of 400 mm.
    fn sizes(plates: &[PlateSighting]) -> Sizes<'_> {
        Sizes {
            plates,
            picture_px: (720.0, 1280.0),
            yaw_deg: Some(0.0),
            lens_mm: None,
            thigh_px: 154.0,
            stretched_px: 510.0,
            kind: LiftKind::Deadlift,
            hands_at_lift_off: Some(0.64),
            hips_on_seat: Some(1.12),
        }
    }

    #[test]
    fn a_plate_gives_the_scale_at_itself_and_at_the_lifter() {
        let plates = [seen(236.0, 237.0), seen(237.0, 236.0), seen(238.0, 249.0)];
        let scale = scale(&sizes(&plates), &DepthSettings::default()).unwrap();
        // 3 % is the goal; the rest is the assumed angle of view
        let near = scale.plate_mm_per_px.unwrap();
        assert!((near / 1.9 - 1.0).abs() < 0.03, "{near}");
        assert!((scale.mm_per_px / 2.6 - 1.0).abs() < 0.05, "{scale:?}");
        assert!(scale.share_sd() > 0.02);
        assert!(scale.sentence.contains("450 mm"));
    }

    #[test]
    fn plates_that_do_not_agree_or_do_not_fit_the_lifter_give_no_scale() {
        let settings = DepthSettings::default();
        let scattered = [seen(236.0, 237.0), seen(130.0, 131.0), seen(180.0, 180.0)];
        let reason = scale(&sizes(&scattered), &settings).unwrap_err();
        assert!(reason.contains("no round plate"), "{reason}");
        let small = [seen(150.0, 150.0), seen(150.0, 151.0), seen(151.0, 150.0)];
        let reason = scale(&sizes(&small), &settings).unwrap_err();
        assert!(reason.contains("--plate-diameter"), "{reason}");
        let said = DepthSettings {
            plate_diameter_said: true,
            ..settings
        };
        let reason = scale(&sizes(&small), &said).unwrap_err();
        assert!(reason.contains("does not look like"), "{reason}");
        let oblique = Sizes {
            yaw_deg: Some(40.0),
            ..sizes(&scattered)
        };
        assert!(scale(&oblique, &settings).unwrap_err().contains("side"));
    }

    #[test]
    fn a_smaller_plate_is_not_taken_for_a_full_one_and_measures_once_its_width_is_said() {
        let settings = DepthSettings::default();
        // 325 mm where 450 mm are assumed: the lifter would be 2.3 m tall
        let small = [seen(171.0, 171.0), seen(172.0, 172.0), seen(171.0, 172.0)];
        let squat = Sizes {
            kind: LiftKind::Squat,
            ..sizes(&small)
        };
        let reason = scale(&squat, &settings).unwrap_err();
        assert!(reason.contains("smaller than 450 mm"), "{reason}");
        let said = DepthSettings {
            plate_diameter_mm: 325.0,
            plate_diameter_said: true,
            ..settings
        };
        let scale = scale(&squat, &said).unwrap();
        assert!((scale.mm_per_px / 2.6 - 1.0).abs() < 0.06, "{scale:?}");
    }

    #[test]
    fn a_lens_that_is_known_narrows_the_scale_of_the_body_and_leaves_that_of_the_plate() {
        let plates = [seen(236.0, 237.0), seen(237.0, 236.0), seen(238.0, 249.0)];
        let settings = DepthSettings::default();
        let open = scale(&sizes(&plates), &settings).unwrap();
        let known = Sizes {
            lens_mm: Some(28.0),
            ..sizes(&plates)
        };
        let known = scale(&known, &settings).unwrap();
        assert_eq!(open.plate_mm_per_px, known.plate_mm_per_px);
        assert!(
            known.mm_per_px_sd < 0.75 * open.mm_per_px_sd,
            "{known:?}, {open:?}"
        );
    }

    #[test]
    fn a_given_length_gives_a_scale_without_a_plate() {
        let given = |settings: DepthSettings, kind: LiftKind| {
            let sizes = Sizes { kind, ..sizes(&[]) };
            scale(&sizes, &settings).unwrap()
        };
        let none = DepthSettings::default();
        let stature = DepthSettings {
            stature_cm: Some(180.0),
            ..none
        };
        let blocks = DepthSettings {
            block_height_cm: Some(0.0),
            ..none
        };
        let seat = DepthSettings {
            seat_height_cm: Some(45.0),
            ..none
        };
        for (settings, kind, source) in [
            (stature, LiftKind::Squat, ScaleSource::Stature),
            (blocks, LiftKind::Deadlift, ScaleSource::BlockHeight),
            (seat, LiftKind::SitToChair, ScaleSource::SeatHeight),
        ] {
            let scale = given(settings, kind);
            assert_eq!(scale.source, source);
            assert!((scale.mm_per_px / 2.6 - 1.0).abs() < 0.1, "{scale:?}");
        }
    }
}
