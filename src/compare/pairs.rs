//! Which sets of a folder belong together: with and without a belt, one block height and the next, with and without a tag.
//! Only sets of one lifter and lift are paired, and only where the notes are alike in what is not asked about.

use crate::diary::SetNotes;
use crate::session::SessionReport;

/// What tells the two sets of a pair apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum By {
    /// Without a belt, then with one.
    Belt,
    /// Higher blocks, then lower ones.
    Block,
    /// Without this tag, then with it.
    Tag(String),
}

/// Pairs as indices into `reports`, A before B. Sets whose notes do not say are left out. With several candidates the
/// first by day and clip name goes with the first.
pub fn pairs(reports: &[SessionReport], by: &By) -> Vec<(usize, usize)> {
    let mut order: Vec<usize> = (0..reports.len()).collect();
    let when = |i: &usize| {
        (
            reports[*i].notes.performed_on.clone(),
            reports[*i].clip.name.clone(),
        )
    };
    order.sort_by_key(when);
    match by {
        By::Belt => halves(reports, &order, |notes| notes.belt),
        By::Tag(tag) => halves(reports, &order, |notes| Some(notes.tags.contains(tag))),
        By::Block => steps(reports, &order),
    }
}

/// Each set without goes with the first set with that is alike and still free.
fn halves(
    reports: &[SessionReport],
    order: &[usize],
    has: impl Fn(&SetNotes) -> Option<bool>,
) -> Vec<(usize, usize)> {
    let (with, without): (Vec<usize>, Vec<usize>) = order
        .iter()
        .filter(|i| has(&reports[**i].notes).is_some())
        .partition(|i| has(&reports[**i].notes) == Some(true));
    let mut free = with;
    let mut pairs = Vec::new();
    for a in without {
        let alike = |b: &usize| {
            same_lift(&reports[a], &reports[*b]) && same_height(&reports[a], &reports[*b])
        };
        if let Some(place) = free.iter().position(alike) {
            pairs.push((a, free.remove(place)));
        }
    }
    pairs
}

/// Each block height with the next lower one, the newest set of each.
fn steps(reports: &[SessionReport], order: &[usize]) -> Vec<(usize, usize)> {
    let height = |i: usize| reports[i].notes.block_height_cm.filter(|h| h.is_finite());
    let mut newest: Vec<usize> = Vec::new();
    for &i in order.iter().filter(|i| height(**i).is_some()) {
        let again = |k: &usize| same_lift(&reports[*k], &reports[i]) && height(*k) == height(i);
        newest.retain(|k| !again(k));
        newest.push(i);
    }
    newest.sort_by(|x, y| {
        height(*y)
            .partial_cmp(&height(*x))
            .unwrap_or(std::cmp::Ordering::Equal)
    });
    let lower = |a: usize| {
        let next = |b: &&usize| same_lift(&reports[a], &reports[**b]) && height(**b) < height(a);
        newest.iter().find(next).map(|b| (a, *b))
    };
    newest.iter().filter_map(|a| lower(*a)).collect()
}

fn same_lift(a: &SessionReport, b: &SessionReport) -> bool {
    a.lift.kind == b.lift.kind && a.notes.lifter_key() == b.notes.lifter_key()
}

fn same_height(a: &SessionReport, b: &SessionReport) -> bool {
    let heights = |r: &SessionReport| (r.notes.block_height_cm, r.notes.seat_height_cm);
    heights(a) == heights(b)
}
