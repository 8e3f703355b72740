//! A filming check: whether a set filmed like this can be judged, and what to change. The same rules as for a report, applied
//! to a few moments of the clip; of what those do not show nothing is said.

use super::body::Body;
use super::cautions::{self, STAND, caution, nearly_all};
use super::filter::median;
use super::flexion::{FlexionTrack, flexion_track};
use super::framing::Framing;
use super::posture::Posture;
use super::reference::{StandingFrames, standing_frames};
use super::words::INTERVAL;
use super::{facing_side, reference_of, summary, view_of};
use crate::check::{
    Answer, BURST_FRAMES, BURST_STEP_S, FilmingCheck, SCHEMA, Scenery, SeenLifter, moments,
};
use crate::recording::{Frame, Recording};
use crate::session::{Caution, ReferenceKind, Side, View};
use crate::settings::Settings;
use crate::units::{Angle, Seconds, rounded};

/// A clip this short holds no rep with standing before and after it.
const SHORT_CLIP: Seconds = Seconds::new(3.0);
/// Darker than this the outline suffers. A sample clip darkened, with noise: from 32 on the ± grew from 6° to 9° and standing was
/// not found; at 14 the back was lost in most frames, at 7 nobody was found.
const DARK: f64 = 35.0;
/// Who bends the hips by more than this between standing and the lowest moment lifts; clips of mere standing stay below.
const LEAST_LIFT_BEND_DEG: f64 = 40.0;
/// Off the side by more than this is worth saying, though it is judged.
const OFF_SIDE_DEG: f64 = 10.0;

/// Checks the filming of `recording`: of few frames, or of all, of which the same moments are picked.
pub fn check(recording: &Recording, scenery: Option<Scenery>, settings: &Settings) -> FilmingCheck {
    let few = picked(recording);
    let mut check = FilmingCheck {
        schema: SCHEMA.into(),
        clip: recording.header.clip.clone(),
        frames_looked_at: few.frames.len() as u32,
        answer: Answer::NotUsable,
        sentence: String::new(),
        lifter: None,
        view: None,
        reference: None,
        lower_back_seen_share: 0.0,
        expected_sd_deg: None,
        findings: Vec::new(),
        cautions: Vec::new(),
        version: env!("CARGO_PKG_VERSION").into(),
    };
    match Seen::new(&few) {
        Some(seen) => seen.report(&mut check, scenery, settings),
        None => check.cautions.push(nobody(few.frames.len())),
    }
    check.sentence = sentence(check.answer).into();
    check
}

fn sentence(answer: Answer) -> &'static str {
    match answer {
        Answer::Usable => "A set filmed like this can be judged.",
        Answer::UsableWithCautions => {
            "A set filmed like this can be judged, and better with a change."
        }
        Answer::NotUsable => "A set filmed like this cannot be judged.",
    }
}

fn nobody(frames: usize) -> Caution {
    let message = format!("Nobody was found in the {frames} frames looked at.");
    caution(
        "nobody",
        message,
        "Film the whole body from the side, 3 to 4 m away, in good light.",
    )
}

/// The frames that a check looks at.
fn picked(recording: &Recording) -> Recording {
    let mut frames = Vec::new();
    let mut left = recording
        .frames
        .iter()
        .filter(|f| can_be_measured(f, recording))
        .peekable();
    for moment in moments(recording.header.clip.duration_s) {
        for k in 0..BURST_FRAMES {
            // half a millisecond: times are written down in tenths of one
            let due_s = moment.get() + BURST_STEP_S * f64::from(k) - 5e-4;
            while left.next_if(|f| f.time_s.get() < due_s).is_some() {}
            frames.extend(left.next().cloned());
        }
    }
    Recording {
        header: recording.header.clone(),
        frames,
    }
}

/// Not one of the frames between two closer looks.
fn can_be_measured(frame: &Frame, recording: &Recording) -> bool {
    let person = frame.person.as_ref();
    !recording.looked_closer() || person.is_none_or(|p| !p.trunk_outline.is_empty())
}

/// What the science makes of the few frames.
struct Seen<'a> {
    recording: &'a Recording,
    body: Body,
    side: Side,
    posture: Posture,
    standing: StandingFrames,
    flexion: FlexionTrack,
    framing: Framing,
}

impl<'a> Seen<'a> {
    fn new(recording: &'a Recording) -> Option<Self> {
        let body = Body::new(recording)?;
        let side = facing_side(recording);
        let posture = Posture::new(&body, side, &recording.header.plate_path);
        let standing = standing_frames(&body.times, &posture, &[]);
        let flexion = flexion_track(recording, &body, &posture, &standing, side);
        let framing = Framing::new(recording)?;
        Some(Seen {
            recording,
            body,
            side,
            posture,
            standing,
            flexion,
            framing,
        })
    }

    /// Fills in what was seen.
    fn report(&self, check: &mut FilmingCheck, scenery: Option<Scenery>, settings: &Settings) {
        let view = view_of(&self.flexion, self.side);
        let reference = reference_of(&self.body, &self.flexion, &self.standing);
        check.lower_back_seen_share = rounded(self.seen_share(), 1000.0);
        check.expected_sd_deg = self.expected_sd_deg().map(Angle::from_degrees);
        check.lifter = Some(SeenLifter {
            across_share: rounded(self.framing.across, 1000.0),
            height_share: rounded(self.framing.height, 1000.0),
            side: self.side,
            others: scenery.map(|s| s.people.saturating_sub(1)),
        });
        let stops = self.stops(&view, reference.kind, settings);
        let mut doubts = self.doubts(reference.kind, settings);
        // what stops is not said a second time as a doubt, and the dark is the likeliest reason for all else
        doubts.retain(|d| stops.iter().all(|s| s.code != d.code));
        check.answer = match (stops.is_empty(), doubts.is_empty()) {
            (false, _) => Answer::NotUsable,
            (true, true) if dark(scenery).is_none() => Answer::Usable,
            (true, _) => Answer::UsableWithCautions,
        };
        check.findings = self.findings(scenery, &view, reference.kind);
        check.cautions = dark(scenery)
            .into_iter()
            .chain(stops)
            .chain(doubts)
            .collect();
        (check.view, check.reference) = (Some(view), Some(reference));
        if let Some(turned) = self.framing.turned() {
            // angles against the vertical, and all that rests on them, mean nothing
            (check.view, check.reference, check.expected_sd_deg) = (None, None, None);
            check.findings = vec![self.who()];
            check.cautions = vec![turned];
        }
    }

    /// By the rules that make every rep of a set "can't tell".
    fn stops(&self, view: &View, zero: ReferenceKind, settings: &Settings) -> Vec<Caution> {
        let share = self.seen_share();
        let unsure = self
            .expected_sd_deg()
            .is_some_and(|sd| sd > settings.max_sd_deg.degrees());
        let found = [
            self.framing.turned(),
            cautions::yaw_wide(view, settings),
            (share < settings.min_seen_share).then(|| self.hidden()),
            (zero == ReferenceKind::Missing).then(|| cautions::back_hidden("every moment that you stand")),
            unsure.then(|| caution("unsure", "The lower back is not seen clearly enough.".into(), "Film the whole body straight from the side, in good light, without a loose shirt over the lower back.")),
        ];
        found.into_iter().flatten().collect()
    }

    /// By the rules that weaken a judgement.
    fn doubts(&self, zero: ReferenceKind, settings: &Settings) -> Vec<Caution> {
        let clip = &self.recording.header.clip;
        let stands = zero == ReferenceKind::Standing || zero == ReferenceKind::Missing;
        let short = clip.duration_s < SHORT_CLIP;
        let found = [
            self.framing.cut_off(),
            (!stands && !short).then(|| {
                cautions::no_standing("In none of the moments looked at do you stand still")
            }),
            (!stands && short).then(|| {
                let message = format!(
                    "The clip is only {:.1} s long, and no still standing is in it.",
                    clip.duration_s.get()
                );
                caution("clip_short", message, STAND)
            }),
            self.hidden_when_bent(settings).or_else(|| {
                let hidden = nearly_all(self.seen_share()).is_none();
                hidden.then(|| self.hidden())
            }),
            cautions::lifter_small(self.body.trunk_px),
            cautions::frame_rate_low(clip.frame_rate_hz),
        ];
        found.into_iter().flatten().collect()
    }

    fn hidden(&self) -> Caution {
        let all = self.body.len();
        let missing = all - self.measured().count();
        cautions::back_hidden(&format!("{missing} of the {all} frames looked at"))
    }

    /// Nothing is held whose most bent part was hidden; of a clip that shows no bend nothing is said.
    fn hidden_when_bent(&self, settings: &Settings) -> Option<Caution> {
        let bent: Vec<usize> = self.posture.most_bent(0..=self.body.len() - 1).collect();
        let bend = |frames: &[usize]| {
            let known = frames.iter().filter_map(|&i| self.posture.hip[i]);
            median(&mut known.collect::<Vec<_>>())
        };
        let lifts =
            bend(&bent)? - bend(&self.standing.frames).unwrap_or_default() > LEAST_LIFT_BEND_DEG;
        let share = self.flexion.lumbar.seen_share(bent.into_iter());
        let hidden = lifts && share < settings.min_seen_bent_share;
        hidden.then(|| cautions::back_hidden("the moments in which you bend most"))
    }

    /// Standard uncertainty of every frame whose lower back was measured, with its number.
    fn measured(&self) -> impl Iterator<Item = (usize, f64)> {
        self.flexion
            .lumbar
            .sd
            .iter()
            .enumerate()
            .filter_map(|(i, sd)| Some((i, (*sd)?)))
    }

    fn seen_share(&self) -> f64 {
        self.flexion.lumbar.seen_share(0..self.body.len())
    }

    /// Standard uncertainties away from standing, or where there is none of these of all that was measured.
    fn bent_sds(&self) -> Vec<f64> {
        self.measured()
            .filter(|(i, _)| !self.standing.frames.contains(i))
            .map(|(_, sd)| sd)
            .collect()
    }

    fn expected_sd_deg(&self) -> Option<f64> {
        let mut bent = self.bent_sds();
        if bent.is_empty() {
            bent = self.measured().map(|(_, sd)| sd).collect();
        }
        median(&mut bent)
    }

    /// What was seen, in plain sentences.
    fn findings(&self, scenery: Option<Scenery>, view: &View, zero: ReferenceKind) -> Vec<String> {
        let found = [
            Some(self.who()),
            scenery
                .filter(|s| s.people > 1)
                .map(|s| others(s.people - 1)),
            filmed_from(view),
            (zero == ReferenceKind::Standing).then(|| self.stands()),
            self.expectation(),
            Some(pictures_a_second(self.recording.header.clip.frame_rate_hz)),
        ];
        found.into_iter().flatten().collect()
    }

    fn who(&self) -> String {
        let place = match self.framing.across {
            a if a < 0.35 => "on the left of",
            a if a > 0.65 => "on the right of",
            _ => "in the middle of",
        };
        let facing = if self.side == Side::Left {
            "left"
        } else {
            "right"
        };
        let percent = 100.0 * self.framing.height;
        format!(
            "Measured is the person {place} the picture, facing {facing}, {percent:.0} % of its height."
        )
    }

    fn stands(&self) -> String {
        let times: Vec<f64> = self
            .standing
            .frames
            .iter()
            .map(|&i| self.body.times[i])
            .collect();
        let first = times.first().copied().unwrap_or_default();
        let last = times.last().copied().unwrap_or(first);
        let span = [first, last].map(|t| Seconds::new(t).clock());
        format!(
            "Still standing, the zero of all angles, is seen between {} and {}.",
            span[0], span[1]
        )
    }

    fn expectation(&self) -> Option<String> {
        let good = format!("Each angle {}", summary::good_to(self.expected_sd_deg()?));
        let bent = self.bent_sds().len();
        Some(if bent == 0 {
            format!("{good} That is upright; bent over was not seen.")
        } else {
            good
        })
    }
}

fn dark(scenery: Option<Scenery>) -> Option<Caution> {
    let brightness = scenery.and_then(|s| s.brightness)?;
    (brightness < DARK).then(|| {
        caution(
            "dark",
            "The picture is dark.".into(),
            "Turn on more light, or film with the light behind the phone.",
        )
    })
}

fn others(count: u32) -> String {
    let (people, are) = if count == 1 {
        ("person", "is")
    } else {
        ("people", "are")
    };
    format!(
        "{count} more {people} {are} in the picture. If you are not the one measured: --lifter-at X,Y points at you."
    )
}

/// From where, and how far that is off the side.
fn filmed_from(view: &View) -> Option<String> {
    let (yaw, sd) = view.yaw_deg.zip(view.yaw_sd_deg)?;
    let half = (INTERVAL * sd.degrees()).ceil();
    let from = match yaw.degrees() {
        d if d.abs() < OFF_SIDE_DEG => return Some(format!("Filmed from the side (±{half:.0}°).")),
        d if d > 0.0 => "in front",
        _ => "behind",
    };
    Some(format!(
        "Filmed from about {:.0}° (±{half:.0}) {from} of straight from the side.",
        yaw.abs().degrees()
    ))
}

fn pictures_a_second(frame_rate_hz: f64) -> String {
    let slow = if frame_rate_hz > 100.0 {
        ": slow motion, fine as long as the clip's times are true"
    } else {
        ""
    };
    format!("{frame_rate_hz:.0} pictures a second{slow}.")
}
