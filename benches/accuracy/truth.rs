//! What is known of a rendered clip: `NAME.json` (lift, view, reps) and `NAME.truth.csv` (angles of every frame).

use serde_json::Value;
use std::error::Error;
use std::path::Path;

/// One rep as it was posed. In lifts from the floor `start_s` is lift-off.
pub struct TrueRep {
    /// From 1.
    pub number: usize,
    /// First moment.
    pub start_s: f64,
    /// Bottom, or lockout in lifts from the floor.
    pub turn_s: f64,
    /// Last moment.
    pub end_s: f64,
    /// Lumbar flexion at lift-off, degrees.
    pub set_up_deg: f64,
}

/// One clip.
pub struct Truth {
    /// Name of the clip.
    pub name: String,
    /// Lift, in the names of the report.
    pub lift: String,
    /// Yaw of the camera, degrees.
    pub yaw_deg: f64,
    /// Whether the shirt hangs loose.
    pub loose: bool,
    /// Radius of the plates, metres.
    pub plate_radius_m: f64,
    /// Its reps.
    pub reps: Vec<TrueRep>,
    /// Frame times, seconds.
    pub times: Vec<f64>,
    /// Lumbar flexion at each, degrees.
    pub lumbar_deg: Vec<f64>,
}

impl Truth {
    /// Reads `NAME.json` and `NAME.truth.csv` of `folder`.
    pub fn read(folder: &Path, name: &str) -> Result<Self, Box<dyn Error>> {
        let text = std::fs::read_to_string(folder.join(format!("{name}.json")))?;
        let facts: Value = serde_json::from_str(&text)?;
        let lift = facts["lift"].as_str().ok_or("no lift")?;
        let floor = matches!(lift, "deadlift" | "sumo");
        let reps = facts["reps"].as_array().ok_or("no reps")?.iter();
        let csv = std::fs::read_to_string(folder.join(format!("{name}.truth.csv")))?;
        Ok(Truth {
            name: name.into(),
            reps: (1..)
                .zip(reps)
                .map(|(number, facts)| rep(number, facts, floor))
                .collect::<Option<_>>()
                .ok_or("a rep lacks a time")?,
            times: column(&csv, "time_s")?,
            lumbar_deg: column(&csv, "lumbar_flexion_deg")?,
            loose: number(&facts["loose_m"], &facts["spec"]["look"]["loose"]) > 0.0,
            plate_radius_m: number(&facts["plate_radius_m"], &facts["spec"]["plates"]["r"]),
            yaw_deg: facts["yaw_deg"].as_f64().ok_or("no yaw_deg")?,
            lift: match lift {
                "sumo" => "deadlift".into(),
                "goodmorning" => "good_morning".into(),
                other => other.into(),
            },
        })
    }

    /// Whether it is pulled from the floor.
    pub fn is_from_the_floor(&self) -> bool {
        self.lift == "deadlift"
    }

    /// Frames of a rep; with the set-up, half a second, when pulled from the floor.
    pub fn frames(&self, rep: &TrueRep) -> std::ops::Range<usize> {
        let start_s = if self.is_from_the_floor() {
            rep.start_s - 0.5
        } else {
            rep.start_s
        };
        self.times.partition_point(|&t| t < start_s)
            ..self.times.partition_point(|&t| t <= rep.end_s)
    }

    /// Lumbar flexion in the frame nearest to a time; `None` outside the clip.
    pub fn lumbar_at(&self, time_s: f64) -> Option<f64> {
        let after = self.times.partition_point(|&t| t < time_s);
        let near = [after.checked_sub(1), Some(after)].into_iter().flatten();
        let away = |i: &usize| (self.times[*i] - time_s).abs();
        let nearest = near
            .filter(|i| *i < self.times.len())
            .min_by(|a, b| away(a).total_cmp(&away(b)))?;
        Some(self.lumbar_deg[nearest]).filter(|_| away(&nearest) < 0.05)
    }
}

/// The one that is there; 0 when neither is.
fn number(named: &Value, of_spec: &Value) -> f64 {
    named.as_f64().or(of_spec.as_f64()).unwrap_or(0.0)
}

/// The older clips name their times without the unit.
fn rep(number: usize, facts: &Value, floor: bool) -> Option<TrueRep> {
    let moment = |name: &str, unit: &str| {
        facts[format!("{name}_{unit}")]
            .as_f64()
            .or(facts[name].as_f64())
    };
    Some(TrueRep {
        number,
        start_s: moment("start", "s")?,
        turn_s: moment(if floor { "top" } else { "bottom" }, "s")?,
        end_s: moment("end", "s")?,
        set_up_deg: moment("lumbar_at_start", "deg")?,
    })
}

fn column(csv: &str, name: &str) -> Result<Vec<f64>, Box<dyn Error>> {
    let mut lines = csv.lines();
    let header = lines.next().ok_or("the truth is empty")?;
    let index = header
        .split(',')
        .position(|h| h == name)
        .ok_or_else(|| format!("no column {name}"))?;
    lines
        .map(|l| Ok(l.split(',').nth(index).ok_or("a row is short")?.parse()?))
        .collect()
}
