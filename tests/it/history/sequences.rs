//! Random sequences of adding, editing, removing, analysing again, closing, and work that was cut off, against a model
//! that is a map in memory.

use super::{entries, exported, record, report};
use formcheck::diary::{Discomfort, NoteField, SetNotes};
use formcheck::history::{Edit, History};
use std::collections::{BTreeMap, BTreeSet};
use tempfile::TempDir;

const SEQUENCES: u64 = 15;
const STEPS: u32 = 40;
const CLIPS: u64 = 6;

/// Numbers without a pattern, the same on each run. SplitMix64.
pub struct Dice(pub u64);

impl Dice {
    pub fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % sides
    }

    fn maybe<T>(&mut self, value: impl FnOnce(&mut Self) -> T) -> Option<T> {
        (self.roll(3) == 0).then(|| value(self))
    }

    pub fn notes(&mut self) -> SetNotes {
        let names = ["Anna", "Ben", "\"><script>", "Zoë 🏋️"];
        let rating = |d: &mut Self| d.roll(11) as u8;
        SetNotes {
            lifter: self.maybe(|d| names[d.roll(4) as usize].into()),
            performed_on: self.maybe(|d| format!("2026-10-{:02}", 1 + d.roll(28))),
            load_kg: self.maybe(|d| d.roll(400) as f64 / 2.0),
            belt: self.maybe(|d| d.roll(2) == 1),
            block_height_cm: self.maybe(|d| d.roll(40) as f64),
            seat_height_cm: self.maybe(|d| d.roll(60) as f64),
            discomfort: Discomfort {
                before: self.maybe(rating),
                during: self.maybe(rating),
                after: self.maybe(rating),
                next_morning: self.maybe(rating),
            },
            note: self.maybe(|d| format!("note {}\n'); DROP TABLE sessions; --", d.roll(9))),
            tags: self
                .maybe(|d| vec![format!("tag{}", d.roll(3))])
                .unwrap_or_default(),
        }
    }
}

/// What the diary has to hold of one clip.
#[derive(Clone, Debug, Default, PartialEq)]
struct Expected {
    notes: SetNotes,
    by_hand: BTreeSet<NoteField>,
    left_neutral: u32,
}

type Model = BTreeMap<String, Expected>;

fn held(history: &History) -> BTreeMap<String, (SetNotes, u32)> {
    let all = entries(history);
    let map: BTreeMap<_, _> = all
        .iter()
        .map(|e| {
            (
                e.content_sha256.clone(),
                (e.notes.clone(), e.measured.left_neutral),
            )
        })
        .collect();
    assert_eq!(map.len(), all.len(), "a clip is in the diary twice");
    map
}

fn expected(model: &Model) -> BTreeMap<String, (SetNotes, u32)> {
    let pair = |e: &Expected| (e.notes.clone(), e.left_neutral);
    model.iter().map(|(k, e)| (k.clone(), pair(e))).collect()
}

fn analyse(history: &mut History, model: &mut Model, dice: &mut Dice) {
    let mut report = report(dice.roll(CLIPS) as u32, dice.notes());
    report.set.left_neutral = dice.roll(9) as u32;
    record(history, &report);
    let entry = model.entry(report.clip.identity()).or_default();
    entry.left_neutral = report.set.left_neutral;
    for field in NoteField::ALL {
        if field.said(&report.notes) && !entry.by_hand.contains(&field) {
            field.copy(&report.notes, &mut entry.notes);
        }
    }
}

fn edit(history: &mut History, model: &mut Model, dice: &mut Dice) {
    let all = entries(history);
    if all.is_empty() {
        assert!(history.edit(1, &Edit::default()).is_err());
        return;
    }
    let chosen = &all[dice.roll(all.len() as u64) as usize];
    let cleared = (0..dice.roll(3)).map(|_| NoteField::ALL[dice.roll(12) as usize]);
    let cleared: Vec<_> = cleared.collect();
    let mut notes = dice.notes();
    for field in &cleared {
        field.copy(&SetNotes::default(), &mut notes);
    }
    let entry = model.get_mut(&chosen.content_sha256).unwrap();
    for field in NoteField::ALL {
        if field.said(&notes) || cleared.contains(&field) {
            field.copy(&notes, &mut entry.notes);
            entry.by_hand.insert(field);
        }
    }
    history.edit(chosen.id, &Edit { notes, cleared }).unwrap();
}

fn remove(history: &mut History, model: &mut Model, dice: &mut Dice) {
    let all = entries(history);
    if let Some(chosen) = all.get(dice.roll(all.len() as u64 + 1) as usize) {
        history.remove(chosen.id).unwrap();
        model.remove(&chosen.content_sha256);
        assert!(
            history.report(chosen.id).is_err(),
            "its report went with it"
        );
    }
}

/// Another process begins to change things, and is gone before it is done.
fn cut_off(path: &std::path::Path, dice: &mut Dice) {
    let mut other = rusqlite::Connection::open(path).unwrap();
    let work = other.transaction().unwrap();
    let steps = [
        "UPDATE sessions SET notes = '{}'",
        "DELETE FROM reports",
        "DELETE FROM sessions",
    ];
    for step in steps.iter().take(1 + dice.roll(3) as usize) {
        work.execute(step, []).unwrap();
    }
    std::mem::drop(work);
}

#[test]
fn random_sequences_lose_nothing_and_double_nothing() {
    for seed in 0..SEQUENCES {
        let home = TempDir::new().unwrap();
        let path = home.path().join("history.sqlite");
        let mut history = History::open(&path).unwrap();
        let (mut model, mut dice) = (Model::new(), Dice(seed));
        for step in 0..STEPS {
            match dice.roll(10) {
                0..4 => analyse(&mut history, &mut model, &mut dice),
                4..7 => edit(&mut history, &mut model, &mut dice),
                7 => remove(&mut history, &mut model, &mut dice),
                8 => cut_off(&path, &mut dice),
                _ => history = History::open(&path).unwrap(),
            }
            assert_eq!(held(&history), expected(&model), "seed {seed}, step {step}");
        }
        let copy = TempDir::new().unwrap();
        let mut other = History::open(&copy.path().join("copy.sqlite")).unwrap();
        other.import(exported(&history).as_slice(), "copy").unwrap();
        assert_eq!(held(&other), expected(&model), "seed {seed}, the copy");
    }
}

#[test]
fn two_writers_at_once_lose_nothing() {
    let home = TempDir::new().unwrap();
    let path = home.path().join("history.sqlite");
    std::thread::scope(|threads| {
        for writer in 0..4 {
            let path = &path;
            // each opens, and makes, the diary itself
            threads.spawn(move || {
                let mut history = History::open(path).unwrap();
                for clip in 0..15 {
                    let own = 100 * (writer + 1) + clip;
                    record(&mut history, &report(own, SetNotes::default()));
                    record(&mut history, &report(clip, Dice(u64::from(own)).notes()));
                }
            });
        }
    });
    let history = History::open(&path).unwrap();
    assert_eq!(held(&history).len(), 4 * 15 + 15);
}
