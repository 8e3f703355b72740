//! Calendar days: read, counted, named. The diary and its plots over weeks need no more of a calendar than this.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A day of the Gregorian calendar; `YYYY-MM-DD` in JSON.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
pub struct Day {
    /// Days since 1970-01-01.
    number: i64,
}

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

impl Day {
    /// So many days after 1970-01-01.
    pub const fn from_number(number: i64) -> Self {
        Day { number }
    }

    /// Days since 1970-01-01.
    pub const fn number(self) -> i64 {
        self.number
    }

    /// Reads `YYYY-MM-DD`; `None` when it is not one, or not a day of the calendar.
    pub fn read(text: &str) -> Option<Self> {
        let shape = |i: usize, c: u8| {
            if i == 4 || i == 7 {
                c == b'-'
            } else {
                c.is_ascii_digit()
            }
        };
        if text.len() != 10 || !text.bytes().enumerate().all(|(i, c)| shape(i, c)) {
            return None;
        }
        let part = |from: usize, to: usize| text[from..to].parse::<i64>().ok();
        let (year, month, date) = (part(0, 4)?, part(5, 7)?, part(8, 10)?);
        let day = Day::of(year, month, date);
        // a day that does not exist, such as 31 June, comes back as another
        (day.parts() == (year, month, date)).then_some(day)
    }

    /// The day of a date; one outside its month runs over into the next. After Howard Hinnant, "chrono-Compatible
    /// Low-Level Date Algorithms", days_from_civil.
    fn of(year: i64, month: i64, date: i64) -> Self {
        let year = if month <= 2 { year - 1 } else { year };
        let era = year.div_euclid(400);
        let year_of_era = year.rem_euclid(400);
        let day_of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + date - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        Day::from_number(era * 146_097 + day_of_era - 719_468)
    }

    /// Year, month from 1, day of the month; the same source, civil_from_days.
    fn parts(self) -> (i64, i64, i64) {
        let shifted = self.number + 719_468;
        let day_of_era = shifted.rem_euclid(146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let part = (5 * day_of_year + 2) / 153;
        let month = if part < 10 { part + 3 } else { part - 9 };
        let year = year_of_era + shifted.div_euclid(146_097) * 400 + i64::from(month <= 2);
        (year, month, day_of_year - (153 * part + 2) / 5 + 1)
    }

    /// "3 Nov".
    pub fn short(self) -> String {
        let (_, month, date) = self.parts();
        format!("{date} {}", month_name(month))
    }

    /// "3 Nov 2026".
    pub fn long(self) -> String {
        let (year, month, date) = self.parts();
        format!("{date} {} {year}", month_name(month))
    }

    /// "Nov 2026".
    pub fn month(self) -> String {
        let (year, month, _) = self.parts();
        format!("{} {year}", month_name(month))
    }

    /// A Monday?
    pub fn starts_week(self) -> bool {
        // 1970-01-01 was a Thursday
        (self.number + 3).rem_euclid(7) == 0
    }
}

impl TryFrom<String> for Day {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Day::read(&text).ok_or_else(|| format!("{text:?} is no day: YYYY-MM-DD"))
    }
}

impl From<Day> for String {
    fn from(day: Day) -> String {
        day.to_string()
    }
}

/// As it is written: `YYYY-MM-DD`.
impl std::fmt::Display for Day {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (year, month, date) = self.parts();
        write!(f, "{year:04}-{month:02}-{date:02}")
    }
}

fn month_name(month: i64) -> &'static str {
    usize::try_from(month - 1)
        .ok()
        .and_then(|i| MONTHS.get(i))
        .copied()
        .unwrap_or("?")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_days_have_their_numbers() {
        for (text, number) in [
            ("1970-01-01", 0),
            ("2000-02-29", 11_016),
            ("2026-11-21", 20_778),
        ] {
            let day = Day::read(text).unwrap();
            assert_eq!((day.number(), day.to_string().as_str()), (number, text));
        }
        assert!(Day::read("2026-11-23").unwrap().starts_week());
        assert_eq!(Day::read("2026-11-03").unwrap().short(), "3 Nov");
    }

    #[test]
    fn every_day_of_a_century_reads_back() {
        for number in -20_000..20_000 {
            let day = Day::from_number(number);
            assert_eq!(Day::read(&day.to_string()), Some(day));
        }
    }

    #[test]
    fn what_is_no_day_is_none() {
        for text in [
            "",
            "2026-02-30",
            "2026-13-01",
            "2026-00-10",
            "26-01-01",
            "2026/01/01",
            "2026-01-1",
            "+026-01-01",
            "２026-01",
        ] {
            assert_eq!(Day::read(text), None, "{text}");
        }
    }
}
