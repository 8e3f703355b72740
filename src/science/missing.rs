//! Why each empty field of a rep is empty.

use crate::session::{LiftKind, Rep};
use std::collections::BTreeMap;

/// Why each empty field is empty.
pub fn missing(rep: &Rep, kind: LiftKind) -> BTreeMap<String, String> {
    let unseen = "the lower back could not be measured in this rep";
    let mut reasons = BTreeMap::new();
    let mut note = |name: &str, empty: bool, reason: &str| {
        if empty {
            reasons.insert(name.to_owned(), reason.to_owned());
        }
    };
    let measured = rep.peak_lumbar_flexion_deg.is_some();
    for name in [
        "peak_lumbar_flexion_deg",
        "peak_lumbar_flexion_sd_deg",
        "min_lumbar_flexion_deg",
        "peak_time_s",
        "left_neutral_probability",
    ] {
        note(name, !measured, unseen);
    }
    note(
        "peak_thoracic_flexion_deg",
        rep.peak_thoracic_flexion_deg.is_none(),
        unseen,
    );
    note(
        "direction",
        rep.direction.is_none(),
        "the lower back did not come near a limit, or could not be judged",
    );
    let set_up = if kind == LiftKind::Deadlift {
        "the set-up was not seen"
    } else {
        "only deadlifts have a set-up on the floor"
    };
    let still = if kind == LiftKind::Deadlift {
        "there is no still moment between taking the bar and pulling, or it was not seen"
    } else {
        set_up
    };
    note(
        "set_up_lumbar_flexion_deg",
        rep.set_up_lumbar_flexion_deg.is_none(),
        set_up,
    );
    let never = if measured {
        "flexion never passed the watch limit"
    } else {
        unseen
    };
    note("onset_time_s", rep.onset_time_s.is_none(), never);
    let on_the_way = if measured {
        "flexion never passed the watch level on the loaded way"
    } else {
        unseen
    };
    note("onset_depth", rep.onset_depth.is_none(), on_the_way);
    note(
        "onset_depth_earliest",
        rep.onset_depth_earliest.is_none(),
        "flexion stays clear of the watch level on the loaded way, or was not measured",
    );
    note(
        "onset_depth_latest",
        rep.onset_depth_latest.is_none(),
        "the rep may have held all the way, or was not measured",
    );
    note(
        "concentric_velocity_m_s",
        rep.concentric_velocity_m_s.is_none(),
        "there is no scale: nothing of known size was seen or given",
    );
    note("set_up_change_deg", rep.set_up_change_deg.is_none(), still);
    note(
        "lockout_lumbar_flexion_deg",
        rep.lockout_lumbar_flexion_deg.is_none(),
        "the lower back was not seen standing at the end of the rep",
    );
    note(
        "hip_share",
        rep.hip_share.is_none(),
        "hips or lower back were not seen at the deepest point",
    );
    note(
        "hip_flexion_deg",
        rep.hip_flexion_deg.is_none(),
        "hips or lower back were not seen at the deepest point",
    );
    note(
        "depth",
        rep.depth.is_none(),
        "the hips were not seen at the deepest point",
    );
    for (name, part) in [
        ("tempo.down_s", rep.tempo.down_s),
        ("tempo.up_s", rep.tempo.up_s),
        ("tempo.pause_s", rep.tempo.pause_s),
    ] {
        note(
            name,
            part.is_none(),
            "the clip does not show this part of the rep from end to end",
        );
    }
    reasons
}
