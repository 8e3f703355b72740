//! Why each empty field of a rep is empty.

use crate::session::{LiftKind, Rep};
use std::collections::BTreeMap;

/// Why each empty field is empty.
pub fn missing(rep: &Rep, kind: LiftKind) -> BTreeMap<String, String> {
    let measured = rep.peak_lumbar_flexion_deg.is_some();
    let unseen = match rep.rule.as_str() {
        "not_measured" | "no_reference" => "the lower back could not be measured in this rep",
        "max_yaw_deg" => "the clip was filmed from too far off the side",
        _ => "the lower back was hidden where this rep bends most",
    };
    let seen_or = |otherwise| if measured { otherwise } else { unseen };
    let (set_up, still) = if kind == LiftKind::Deadlift {
        (
            "the set-up was not seen",
            "there is no still moment between taking the bar and pulling, or it was not seen",
        )
    } else {
        let none = "only deadlifts have a set-up on the floor";
        (none, none)
    };
    let hips = "hips or lower back were not seen at the deepest point";
    let part = "the clip does not show this part of the rep from end to end";
    let fields = [
        ("peak_lumbar_flexion_deg", !measured, unseen),
        ("peak_lumbar_flexion_sd_deg", !measured, unseen),
        ("min_lumbar_flexion_deg", !measured, unseen),
        ("peak_time_s", !measured, unseen),
        ("left_neutral_probability", !measured, unseen),
        (
            "peak_thoracic_flexion_deg",
            rep.peak_thoracic_flexion_deg.is_none(),
            unseen,
        ),
        (
            "direction",
            rep.direction.is_none(),
            "the lower back did not come near a limit, or could not be judged",
        ),
        (
            "set_up_lumbar_flexion_deg",
            rep.set_up_lumbar_flexion_deg.is_none(),
            set_up,
        ),
        (
            "onset_time_s",
            rep.onset_time_s.is_none(),
            seen_or("flexion never passed the watch limit"),
        ),
        (
            "onset_depth",
            rep.onset_depth.is_none(),
            seen_or("flexion never passed the watch level on the loaded way"),
        ),
        (
            "onset_depth_earliest",
            rep.onset_depth_earliest.is_none(),
            "flexion stays clear of the watch level on the loaded way, or was not measured",
        ),
        (
            "onset_depth_latest",
            rep.onset_depth_latest.is_none(),
            "the rep may have held all the way, or was not measured",
        ),
        (
            "concentric_velocity_m_s",
            rep.concentric_velocity_m_s.is_none(),
            "there is no scale: nothing of known size was seen or given",
        ),
        (
            "concentric_velocity_sd_m_s",
            rep.concentric_velocity_sd_m_s.is_none(),
            "there is no velocity",
        ),
        (
            "over_set_up_deg",
            rep.over_set_up_deg.is_none(),
            if rep.set_up_lumbar_flexion_deg.is_some() {
                unseen
            } else {
                set_up
            },
        ),
        ("set_up_change_deg", rep.set_up_change_deg.is_none(), still),
        (
            "change_sd_deg",
            rep.change_sd_deg.is_none(),
            "there is no change within the rep that it would be of",
        ),
        (
            "lockout_lumbar_flexion_deg",
            rep.lockout_lumbar_flexion_deg.is_none(),
            "the lower back was not seen standing at the end of the rep",
        ),
        ("hip_share", rep.hip_share.is_none(), hips),
        ("hip_flexion_deg", rep.hip_flexion_deg.is_none(), hips),
        (
            "depth",
            rep.depth.is_none(),
            "the hips were not seen at the deepest point",
        ),
        ("tempo.down_s", rep.tempo.down_s.is_none(), part),
        ("tempo.up_s", rep.tempo.up_s.is_none(), part),
        ("tempo.pause_s", rep.tempo.pause_s.is_none(), part),
    ];
    let empty = fields.into_iter().filter(|(_, empty, _)| *empty);
    empty
        .map(|(name, _, reason)| (name.into(), reason.into()))
        .collect()
}
