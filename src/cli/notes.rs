//! What the user says about a set: the same flags for `analyze`, `history add` and `history edit`.

use clap::Args;
use formcheck::day::Day;
use formcheck::diary::{Discomfort, SetNotes};
use std::time::{SystemTime, UNIX_EPOCH};

/// Longest name of a lifter, note and tag, characters: enough for anybody, and no page bursts.
const LONGEST_NAME: usize = 60;
const LONGEST_NOTE: usize = 2000;
const LONGEST_TAG: usize = 30;
/// Heaviest bar, kilograms; the record deadlift is about 500.
const HEAVIEST_KG: f64 = 600.0;
/// Highest blocks and seat, centimetres.
const HIGHEST_BLOCK_CM: f64 = 100.0;
const HIGHEST_SEAT_CM: f64 = 150.0;
/// The end of the scale that `Discomfort` is given on.
const WORST_DISCOMFORT: u8 = 10;
/// 1990-01-01: an older set is a slip of the finger.
const EARLIEST: Day = Day::from_number(7305);
const SECONDS_A_DAY: u64 = 86_400;

/// What the user says about a set when it is analysed.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "What you say about the set (kept in the diary)")]
pub struct Notes {
    /// Who lifts
    #[arg(long, value_name = "NAME", value_parser = name)]
    pub lifter: Option<String>,
    /// Day of the set; the day the clip was filmed, when not given
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = date)]
    pub date: Option<String>,
    /// Bar and plates together, kilograms
    #[arg(long, value_name = "KG", value_parser = load, allow_negative_numbers = true)]
    pub load_kg: Option<f64>,
    /// A belt was worn
    #[arg(long, conflicts_with = "no_belt")]
    pub belt: bool,
    /// No belt was worn
    #[arg(long)]
    pub no_belt: bool,
    /// Height of the blocks under the plates, centimetres; 0 = from the floor
    #[arg(long, value_name = "CM", value_parser = block, allow_negative_numbers = true)]
    pub block_cm: Option<f64>,
    /// Height of the seat, centimetres
    #[arg(long, value_name = "CM", value_parser = seat, allow_negative_numbers = true)]
    pub seat_cm: Option<f64>,
    /// How your back felt before the set, 0 (nothing) to 10
    #[arg(long, value_name = "0-10", value_parser = discomfort, allow_negative_numbers = true)]
    pub discomfort_before: Option<u8>,
    /// During it
    #[arg(long, value_name = "0-10", value_parser = discomfort, allow_negative_numbers = true)]
    pub discomfort_during: Option<u8>,
    /// Right after it
    #[arg(long, value_name = "0-10", value_parser = discomfort, allow_negative_numbers = true)]
    pub discomfort_after: Option<u8>,
    /// Words to keep beside the set
    #[arg(long, value_name = "TEXT", value_parser = note)]
    pub note: Option<String>,
    /// A word to pair sets by; may be given several times
    #[arg(long, value_name = "WORD", value_parser = tag)]
    pub tag: Vec<String>,
}

/// The same for a set that is in the diary already.
#[cfg(feature = "history")]
#[derive(Args, Clone, Debug, Default)]
pub struct LaterNotes {
    #[command(flatten)]
    pub notes: Notes,
    /// How your back felt the next morning
    #[arg(long, value_name = "0-10", value_parser = discomfort, allow_negative_numbers = true)]
    pub discomfort_next_morning: Option<u8>,
}

impl Notes {
    /// As plain data.
    pub fn said(&self) -> SetNotes {
        SetNotes {
            lifter: self.lifter.clone(),
            performed_on: self.date.clone(),
            load_kg: self.load_kg,
            belt: match (self.belt, self.no_belt) {
                (true, _) => Some(true),
                (_, true) => Some(false),
                _ => None,
            },
            block_height_cm: self.block_cm,
            seat_height_cm: self.seat_cm,
            discomfort: Discomfort {
                before: self.discomfort_before,
                during: self.discomfort_during,
                after: self.discomfort_after,
                next_morning: None,
            },
            note: self.note.clone(),
            tags: self.tag.clone(),
        }
    }
}

#[cfg(feature = "history")]
impl LaterNotes {
    /// As plain data.
    pub fn said(&self) -> SetNotes {
        let mut notes = self.notes.said();
        notes.discomfort.next_morning = self.discomfort_next_morning;
        notes
    }
}

fn discomfort(text: &str) -> Result<u8, String> {
    let rating = text
        .parse()
        .ok()
        .filter(|rating| *rating <= WORST_DISCOMFORT);
    rating.ok_or_else(|| format!("discomfort is a whole number from 0 to {WORST_DISCOMFORT}"))
}

/// A name of a lifter.
pub fn name(text: &str) -> Result<String, String> {
    words(text, LONGEST_NAME)
}

fn note(text: &str) -> Result<String, String> {
    words(text, LONGEST_NOTE)
}

fn tag(text: &str) -> Result<String, String> {
    words(text, LONGEST_TAG)
}

fn words(text: &str, longest: usize) -> Result<String, String> {
    let text = text.trim();
    match text.chars().count() {
        0 => Err("it is empty".into()),
        length if length > longest => Err(format!(
            "{length} characters; at most {longest} fit in the diary"
        )),
        _ => Ok(text.into()),
    }
}

fn load(text: &str) -> Result<f64, String> {
    number(text, HEAVIEST_KG, "a load", "kg")
}

fn block(text: &str) -> Result<f64, String> {
    number(text, HIGHEST_BLOCK_CM, "the height of blocks", "cm")
}

fn seat(text: &str) -> Result<f64, String> {
    number(text, HIGHEST_SEAT_CM, "the height of a seat", "cm")
}

fn number(text: &str, most: f64, what: &str, unit: &str) -> Result<f64, String> {
    // many a keyboard has a comma where the point is
    let value: f64 = text
        .replace(',', ".")
        .parse()
        .map_err(|_| format!("not a number of {unit}"))?;
    if (0.0..=most).contains(&value) {
        // no -0
        Ok(value.abs())
    } else {
        Err(format!("{what} lies between 0 and {most:.0} {unit}"))
    }
}

fn date(text: &str) -> Result<String, String> {
    let day = Day::read(text).ok_or("not a day written as YYYY-MM-DD")?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let today = now.map_or(i64::MAX - 1, |t| (t.as_secs() / SECONDS_A_DAY) as i64);
    if day.number() < EARLIEST.number() {
        return Err(format!("the diary begins with {EARLIEST}"));
    }
    // it may be tomorrow already where the lifter is
    if day.number() > today + 1 {
        return Err("this day has not come yet".into());
    }
    Ok(day.to_string())
}
