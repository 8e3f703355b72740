//! The reps as a person corrected them: dropped, merged, re-timed.
//!
//! Corrections that change reps are matched against the reps as found, so that their order does not matter; those that
//! only say something also find a rep by its corrected times.

use super::reps::Span;
use super::words;
use crate::edits::{Dropped, Edit, RepEdit};
use crate::session::LiftKind;
use crate::units::Seconds;

/// A moment this far outside a rep still means it: people read clocks to the half second.
const NEAR_S: f64 = 0.5;

/// The reps that are left, and what became of each correction.
pub struct Edited {
    /// The reps, in order.
    pub spans: Vec<Span>,
    /// The corrections, in the order given.
    pub edits: Vec<Edit>,
}

/// What the corrections are applied to.
pub struct Found<'a> {
    /// Frame times, seconds.
    pub times: &'a [f64],
    /// The height that reps are counted by: how far the body is down.
    pub drop: &'a [Option<f64>],
    /// The lift.
    pub kind: LiftKind,
    /// The reps as found.
    pub spans: &'a [Span],
}

/// A rep on its way: the reps as found that it is made of, and its span.
struct Group {
    first: usize,
    last: usize,
    span: Span,
    dropped: bool,
}

/// Applies `edits`.
pub fn edited(found: &Found, edits: &[RepEdit]) -> Edited {
    let mut groups = merged(found, edits);
    let mut wrong_times = vec![None; edits.len()];
    for (edit, wrong) in edits.iter().zip(&mut wrong_times) {
        let Some(group) = found.matching(edit.at_s).and_then(|k| holder(&groups, k)) else {
            continue;
        };
        groups[group].dropped |= edit.drop;
        if edit.retimes() {
            match found.retimed(groups[group].span, edit) {
                Ok(span) => groups[group].span = span,
                Err(why) => *wrong = Some(why),
            }
        }
    }
    let told = |(edit, wrong): (&RepEdit, Option<&'static str>)| {
        let group = group_of(found, &groups, edit);
        outcome(
            found,
            &groups,
            edit,
            group.ok_or(NO_REP).and_then(|g| wrong.map_or(Ok(g), Err)),
        )
    };
    Edited {
        edits: edits.iter().zip(wrong_times).map(told).collect(),
        spans: groups
            .iter()
            .filter(|g| !g.dropped)
            .map(|g| g.span)
            .collect(),
    }
}

const NO_REP: &str = "no rep was found there";

fn merged(found: &Found, edits: &[RepEdit]) -> Vec<Group> {
    let alone = |(k, span): (usize, &Span)| Group {
        first: k,
        last: k,
        span: *span,
        dropped: false,
    };
    let mut groups: Vec<Group> = found.spans.iter().enumerate().map(alone).collect();
    for edit in edits {
        let ends = edit.merge_with_s.and_then(|other| {
            let (a, b) = (found.matching(edit.at_s)?, found.matching(other)?);
            Some((holder(&groups, a.min(b))?, holder(&groups, a.max(b))?))
        });
        let Some((low, high)) = ends.filter(|(low, high)| low < high) else {
            continue;
        };
        let one = groups.drain(low..=high).reduce(|a, b| found.joined(a, b));
        groups.splice(low..low, one);
    }
    groups
}

/// The group that holds the rep `k` as found.
fn holder(groups: &[Group], k: usize) -> Option<usize> {
    groups.iter().position(|g| (g.first..=g.last).contains(&k))
}

fn group_of(found: &Found, groups: &[Group], edit: &RepEdit) -> Option<usize> {
    let as_found = found.matching(edit.at_s).and_then(|k| holder(groups, k));
    let other = edit.merge_with_s.map(|s| found.matching(s));
    if other.is_some_and(|k| k.is_none() || k.and_then(|k| holder(groups, k)) != as_found) {
        return None;
    }
    let spans: Vec<Span> = groups.iter().map(|g| g.span).collect();
    as_found.or_else(|| nearest(found.times, &spans, edit.at_s).filter(|_| edit.only_says()))
}

fn outcome(
    found: &Found,
    groups: &[Group],
    edit: &RepEdit,
    group: Result<usize, &'static str>,
) -> Edit {
    let at = |i: usize| Seconds::new(found.times[i]);
    let dropped = group.ok().filter(|g| groups[*g].dropped).map(|g| {
        let span = groups[g].span;
        Dropped {
            start_s: at(span.start),
            turn_s: at(span.turn),
            end_s: at(span.end),
        }
    });
    let number = |g: usize| groups[..g].iter().filter(|g| !g.dropped).count() as u32 + 1;
    let rep = group.ok().filter(|_| dropped.is_none()).map(number);
    Edit {
        sentence: words::edit(edit, rep, group.err()),
        written: edit.clone(),
        rep,
        dropped,
        unmatched: group.err().map(Into::into),
    }
}

/// The span that holds `at`, or is nearest to it within [`NEAR_S`]; of several the one whose turn is nearest.
fn nearest(times: &[f64], spans: &[Span], at: Seconds) -> Option<usize> {
    let outside = |s: &Span| {
        (times[s.start] - at.get())
            .max(at.get() - times[s.end])
            .max(0.0)
    };
    let from_turn = |s: &Span| (times[s.turn] - at.get()).abs();
    let near = spans
        .iter()
        .enumerate()
        .filter(|(_, s)| outside(s) <= NEAR_S);
    near.min_by(|(_, a), (_, b)| {
        (outside(a), from_turn(a))
            .partial_cmp(&(outside(b), from_turn(b)))
            .unwrap_or(std::cmp::Ordering::Equal)
    })
    .map(|(k, _)| k)
}

impl Found<'_> {
    fn matching(&self, at: Seconds) -> Option<usize> {
        nearest(self.times, self.spans, at)
    }

    /// Two neighbours as one: it turns where the body is lowest, or for a pull highest.
    fn joined(&self, a: Group, b: Group) -> Group {
        let down = |i: usize| self.drop[i].unwrap_or(0.0);
        let pull = self.kind == LiftKind::Deadlift;
        let later = (down(b.span.turn) > down(a.span.turn)) != pull;
        Group {
            first: a.first,
            last: b.last,
            dropped: a.dropped || b.dropped,
            span: Span {
                start: a.span.start,
                turn: if later { b.span.turn } else { a.span.turn },
                end: b.span.end,
                pause: (a.span.pause.0, b.span.pause.1),
                whole: (a.span.whole.0, b.span.whole.1),
            },
        }
    }

    /// The frame nearest to `at`; `None` outside the clip.
    fn frame(&self, at: Seconds) -> Option<usize> {
        let (first, last) = (self.times.first()?, self.times.last()?);
        if at.get() < first - NEAR_S || at.get() > last + NEAR_S {
            return None;
        }
        let off = |i: &usize| (self.times[*i] - at.get()).abs();
        (0..self.times.len()).min_by(|a, b| off(a).total_cmp(&off(b)))
    }

    fn retimed(&self, span: Span, edit: &RepEdit) -> Result<Span, &'static str> {
        let moved = |given: Option<Seconds>, was: usize| match given {
            Some(at) => self.frame(at).ok_or("its times lie outside the clip"),
            None => Ok(was),
        };
        let start = moved(edit.start_s, span.start)?;
        let end = moved(edit.end_s, span.end)?;
        let turn = moved(edit.turn_s, span.turn)?;
        if !(start < turn && turn < end) {
            return Err("its start, turn and end must follow each other");
        }
        let within = |i: usize| i.clamp(start, end);
        let still_turns_in_pause = (span.pause.0..=span.pause.1).contains(&turn);
        Ok(Span {
            start,
            turn,
            end,
            pause: if still_turns_in_pause {
                (within(span.pause.0), within(span.pause.1))
            } else {
                (turn, turn)
            },
            whole: (
                span.whole.0 || edit.start_s.is_some(),
                span.whole.1 || edit.end_s.is_some(),
            ),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(start: usize, turn: usize, end: usize) -> Span {
        Span {
            start,
            turn,
            end,
            pause: (turn, turn),
            whole: (true, true),
        }
    }

    /// Three reps of 4 s, one frame a second: 1–5, 6–10, 11–15.
    fn with(edits: &[RepEdit]) -> Edited {
        let times: Vec<f64> = (0..20).map(f64::from).collect();
        let mut drop = vec![Some(0.0); 20];
        (drop[3], drop[8], drop[13]) = (Some(1.0), Some(1.2), Some(1.1));
        let spans = [span(1, 3, 5), span(6, 8, 10), span(11, 13, 15)];
        let found = Found {
            times: &times,
            drop: &drop,
            kind: LiftKind::Squat,
            spans: &spans,
        };
        edited(&found, edits)
    }

    fn at(s: f64) -> RepEdit {
        RepEdit::at(Seconds::new(s))
    }

    #[test]
    fn a_dropped_rep_is_listed_and_the_rest_move_up() {
        let drop = RepEdit {
            drop: true,
            ..at(8.0)
        };
        let note = RepEdit {
            note: Some("belt".into()),
            ..at(13.0)
        };
        let done = with(&[drop, note]);
        assert_eq!(done.spans, [span(1, 3, 5), span(11, 13, 15)]);
        assert_eq!(done.edits[0].dropped.unwrap().start_s, Seconds::new(6.0));
        assert_eq!((done.edits[0].rep, done.edits[1].rep), (None, Some(2)));
    }

    #[test]
    fn merged_reps_turn_at_the_lowest_bottom() {
        let merge = RepEdit {
            merge_with_s: Some(Seconds::new(8.0)),
            ..at(3.0)
        };
        let done = with(std::slice::from_ref(&merge));
        assert_eq!(done.spans.len(), 2);
        assert_eq!(
            (done.spans[0].start, done.spans[0].turn, done.spans[0].end),
            (1, 8, 10)
        );
        let all = RepEdit {
            merge_with_s: Some(Seconds::new(13.0)),
            ..at(8.0)
        };
        assert_eq!(with(&[merge, all]).spans.len(), 1, "merges add up");
    }

    #[test]
    fn a_retimed_rep_takes_the_nearest_frames_and_is_still_found_as_it_was() {
        let time = RepEdit {
            start_s: Some(Seconds::new(6.6)),
            end_s: Some(Seconds::new(10.6)),
            ..at(8.0)
        };
        let note = RepEdit {
            note: Some("slow".into()),
            ..at(10.9)
        };
        let done = with(&[time, note]);
        assert_eq!(done.spans[1], span(7, 8, 11));
        assert_eq!(done.edits[0].rep, Some(2));
        assert_eq!(
            done.edits[1].rep,
            Some(3),
            "as found, 10.9 s is nearer to rep 3"
        );
    }

    #[test]
    fn what_fits_no_rep_changes_nothing_and_says_so() {
        let nowhere = RepEdit {
            drop: true,
            ..at(19.0)
        };
        let backwards = RepEdit {
            start_s: Some(Seconds::new(9.0)),
            ..at(8.0)
        };
        let half = RepEdit {
            merge_with_s: Some(Seconds::new(19.0)),
            ..at(8.0)
        };
        let done = with(&[nowhere, backwards, half]);
        assert_eq!(done.spans.len(), 3);
        assert!(done.edits.iter().all(|e| e.unmatched.is_some()));
        assert!(done.edits[1].sentence.contains("must follow each other"));
    }
}
