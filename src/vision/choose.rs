//! Who is the lifter? Decided once, from people seen in frames spread over the whole clip.
//!
//! Sightings are linked into tracks; the track that moves most like a lift wins: shoulders go up and down while the hips
//! stay in place, large in the picture, seen most of the time, near the middle. Other people, mirrors and spotters are common.

use super::LifterAt;
use super::detector::Detection;
use super::roi::Anchor;
use crate::units::{Point, Seconds};

/// Everybody seen at one moment.
#[derive(Clone, Debug, PartialEq)]
pub struct Sighting {
    /// When.
    pub time: Seconds,
    /// Who.
    pub people: Vec<Detection>,
}

/// Where one person was seen, in the order of time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Track {
    /// When and where.
    pub seen: Vec<(Seconds, Detection)>,
}

/// A step between sightings links when shorter than this many body radii ...
const MAX_STEP_RADII: f64 = 0.5;
/// ... plus this much for each second beyond the first half second, for walking, up to [`MAX_GAP_STEP_RADII`].
const WALK_RADII_PER_S: f64 = 0.5;
const MAX_GAP_STEP_RADII: f64 = 1.2;
/// Two sightings with sizes further apart than this ratio are two people.
const MAX_SIZE_RATIO: f64 = 1.6;
/// The usual place is that of the sightings this near in time.
const USUAL_REACH_S: f64 = 2.0;

impl Track {
    /// Where the person should be at `time`: between the sightings around it, unless these are further away than `reach`.
    pub fn expected(&self, time: Seconds, reach: Seconds) -> Option<Anchor> {
        let after = self.seen.partition_point(|(seen, _)| *seen < time);
        let near = |index: usize| {
            self.seen
                .get(index)
                .filter(|(seen, _)| (*seen - time).get().abs() <= reach.get())
        };
        match (after.checked_sub(1).and_then(near), near(after)) {
            (Some((t0, before)), Some((t1, next))) => {
                let share = (time - *t0).get() / (*t1 - *t0).get().max(1e-9);
                let mix = |a: Point, b: Point| a + (b - a) * share;
                let (a, b) = (before.anchor, next.anchor);
                Some(Anchor {
                    hips: mix(a.hips, b.hips),
                    reach: mix(a.reach, b.reach),
                })
            }
            (Some((_, one)), None) | (None, Some((_, one))) => Some(one.anchor),
            (None, None) => None,
        }
    }

    /// An upright body of usual size where the person mostly was around `time`, or, when not seen then, in the whole clip: holds
    /// the whole lifter in any phase of a lift. A plate may hide head and shoulders from the detector for long.
    pub fn usual(&self, time: Seconds) -> Option<Anchor> {
        let near = |seen: &&(Seconds, Detection)| (seen.0 - time).get().abs() <= USUAL_REACH_S;
        let mut around: Vec<&(Seconds, Detection)> = self.seen.iter().filter(near).collect();
        if around.is_empty() {
            around.extend(&self.seen);
        }
        around.first()?;
        let middle = |pick: fn(Point) -> f64| {
            let hips = around.iter().map(|(_, d)| pick(d.anchor.hips));
            quantile(hips, 0.5)
        };
        let hips = Point::new(middle(|p| p.x), middle(|p| p.y));
        Some(Anchor {
            hips,
            reach: hips - Point::new(0.0, self.radius()),
        })
    }

    /// Middle size of the body, pixels.
    pub fn radius(&self) -> f64 {
        quantile(self.seen.iter().map(|(_, d)| d.anchor.radius()), 0.5)
    }

    /// How far `person` is from where the track's end was heading, in body radii; `None` when it cannot be the same person.
    fn distance(&self, time: Seconds, person: &Detection) -> Option<f64> {
        let (last_time, last) = self.seen.last()?;
        let (radius, hips) = (last.anchor.radius().max(1.0), person.anchor.hips);
        let ratio = person.anchor.radius() / radius;
        let gap_s = (time - *last_time).get();
        let limit =
            (MAX_STEP_RADII + WALK_RADII_PER_S * (gap_s - 0.5).max(0.0)).min(MAX_GAP_STEP_RADII);
        let step = (hips - last.anchor.hips).length() / radius;
        let possible = step <= limit && (1.0 / MAX_SIZE_RATIO..=MAX_SIZE_RATIO).contains(&ratio);
        let heading = match self
            .seen
            .len()
            .checked_sub(2)
            .map(|before| self.seen[before])
        {
            Some((before_time, before)) if gap_s <= 1.0 => {
                let share = gap_s / (*last_time - before_time).get().max(gap_s);
                last.anchor.hips + (last.anchor.hips - before.anchor.hips) * share
            }
            _ => last.anchor.hips,
        };
        possible.then_some((hips - heading).length() / radius)
    }

    /// How much this person moves like a lifter, among `moments` sightings in a picture `width_px` wide.
    fn merit(&self, moments: usize, width_px: f64) -> f64 {
        let radius = self.radius();
        let span = |value: &dyn Fn(&Detection) -> f64| {
            let values = || self.seen.iter().map(|(_, d)| value(d));
            (quantile(values(), 0.95) - quantile(values(), 0.05)) / radius
        };
        let rise = span(&|d| d.shoulders.y).min(0.5);
        let wander = span(&|d| d.anchor.hips.x);
        let off_middle =
            (quantile(self.seen.iter().map(|(_, d)| d.anchor.hips.x), 0.5) / width_px - 0.5).abs();
        let present = (self.seen.len() as f64 / moments as f64).sqrt();
        radius * present * (0.15 + rise) * (-wander).exp() * (1.0 - off_middle)
    }
}

/// The lifter's track, or `None` when nobody was seen. `at` is the user's own pointer, which overrides the choice.
pub fn choose(sightings: &[Sighting], width_px: f64, at: Option<LifterAt>) -> Option<Track> {
    let tracks = link(sightings);
    match at {
        Some(pointer) => tracks
            .into_iter()
            .min_by(|a, b| pointed(a, pointer).total_cmp(&pointed(b, pointer))),
        None => {
            let merit = |track: &Track| track.merit(sightings.len(), width_px);
            tracks
                .into_iter()
                .max_by(|a, b| merit(a).total_cmp(&merit(b)))
        }
    }
}

/// How far the pointer is from the track, in body radii; a second off the pointer's time counts as much as a radius.
fn pointed(track: &Track, pointer: LifterAt) -> f64 {
    let away = |(time, person): &(Seconds, Detection)| {
        let body = (person.anchor.hips + person.shoulders) * 0.5;
        let late_s = pointer.time.map_or(0.0, |t| (*time - t).get().abs());
        (pointer.at - body).length() / person.anchor.radius().max(1.0) + late_s
    };
    track.seen.iter().map(away).fold(f64::INFINITY, f64::min)
}

/// Links sightings into tracks, the nearest pairs first.
fn link(sightings: &[Sighting]) -> Vec<Track> {
    let mut tracks: Vec<Track> = Vec::new();
    for sighting in sightings {
        let mut pairs: Vec<(f64, usize, usize)> = Vec::new();
        for (t, track) in tracks.iter().enumerate() {
            let near = |(p, person)| {
                track
                    .distance(sighting.time, person)
                    .map(|step| (step, t, p))
            };
            pairs.extend(sighting.people.iter().enumerate().filter_map(near));
        }
        pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
        let (mut tracks_taken, mut people_taken) = (
            vec![false; tracks.len()],
            vec![false; sighting.people.len()],
        );
        for (_, t, p) in pairs {
            if !tracks_taken[t] && !people_taken[p] {
                (tracks_taken[t], people_taken[p]) = (true, true);
                tracks[t].seen.push((sighting.time, sighting.people[p]));
            }
        }
        let new = sighting
            .people
            .iter()
            .zip(people_taken)
            .filter(|(_, taken)| !taken);
        tracks.extend(new.map(|(person, _)| Track {
            seen: vec![(sighting.time, *person)],
        }));
    }
    tracks
}

/// The value below which `share` of the values lie; 0 for none.
pub(super) fn quantile(values: impl Iterator<Item = f64>, share: f64) -> f64 {
    let mut sorted: Vec<f64> = values.collect();
    sorted.sort_by(f64::total_cmp);
    let index = (sorted.len().saturating_sub(1) as f64 * share).round() as usize;
    sorted.get(index).copied().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(x: f64, y: f64, radius: f64) -> Detection {
        let hips = Point::new(x, y);
        let anchor = Anchor {
            hips,
            reach: hips - Point::new(0.0, radius),
        };
        Detection {
            score: 0.9,
            anchor,
            shoulders: hips - Point::new(0.0, radius * 0.5),
        }
    }

    /// A squatter at x = 300, a still bystander at 100, and a walker who crosses.
    fn gym() -> Vec<Sighting> {
        let moment = |i: usize| {
            let time = i as f64 * 0.5;
            let squat = 60.0 * (1.0 - (time * 2.0).cos());
            let people = vec![
                person(100.0, 400.0, 210.0),
                person(300.0, 380.0 + squat, 200.0),
                person(i as f64 * 60.0, 390.0, 190.0),
            ];
            Sighting {
                time: Seconds::new(time),
                people,
            }
        };
        (0..20).map(moment).collect()
    }

    #[test]
    fn the_one_who_goes_up_and_down_in_place_is_the_lifter() {
        let lifter = choose(&gym(), 640.0, None).unwrap();
        assert!(lifter.seen.iter().all(|(_, d)| d.anchor.hips.x == 300.0));
        assert_eq!(lifter.seen.len(), 20);
    }

    #[test]
    fn a_pointer_overrides_the_choice() {
        let at = LifterAt {
            at: Point::new(105.0, 300.0),
            time: Some(Seconds::new(8.0)),
        };
        let chosen = choose(&gym(), 640.0, Some(at)).unwrap();
        assert_eq!(chosen.seen.last().unwrap().1.anchor.hips.x, 100.0);
    }

    #[test]
    fn nobody_seen_gives_no_lifter() {
        assert_eq!(
            choose(
                &[Sighting {
                    time: Seconds::new(0.0),
                    people: Vec::new()
                }],
                640.0,
                None
            ),
            None
        );
    }

    #[test]
    fn between_sightings_the_expected_place_is_between_and_far_from_them_unknown() {
        let seen = vec![
            (Seconds::new(0.0), person(0.0, 0.0, 100.0)),
            (Seconds::new(1.0), person(10.0, 0.0, 100.0)),
        ];
        let track = Track { seen };
        let reach = Seconds::new(1.0);
        assert_eq!(
            track.expected(Seconds::new(0.5), reach).unwrap().hips,
            Point::new(5.0, 0.0)
        );
        assert_eq!(track.expected(Seconds::new(2.5), reach), None);
    }
}
