//! Dates and moments: instants in UTC, plus the zone where a person meant a wall-clock time.

use chrono::{DateTime, Datelike as _, Days, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

/// An instant with the zone in which a person meant it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Moment {
    /// When.
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub at: DateTime<Utc>,
    /// Where the clock hung.
    pub zone: Zone,
}

/// A named zone of the IANA database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Zone(pub Tz);

impl PartialOrd for Zone {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Zone {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.name().cmp(other.0.name())
    }
}

impl Moment {
    /// An instant as seen in a zone.
    pub const fn new(at: DateTime<Utc>, zone: Tz) -> Self {
        Self {
            at,
            zone: Zone(zone),
        }
    }

    /// What the wall clock in its zone shows.
    pub fn wall(&self) -> NaiveDateTime {
        self.at.with_timezone(&self.zone.0).naive_local()
    }
}

/// When something is due: on a day, or at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Due {
    /// Any time that day, wherever the user is.
    Day(#[serde(with = "as_days")] NaiveDate),
    /// At that moment.
    At(Moment),
}

impl Due {
    /// The day it falls on for someone in `zone`.
    pub fn day(&self, zone: Tz) -> NaiveDate {
        match self {
            Self::Day(day) => *day,
            Self::At(moment) => moment.at.with_timezone(&zone).date_naive(),
        }
    }

    /// The instant from which it is due: the start of the day, or the moment.
    pub fn starts(&self, zone: Tz) -> DateTime<Utc> {
        match self {
            Self::Day(day) => start_of_day(*day, zone),
            Self::At(moment) => moment.at,
        }
    }

    /// Whether it is overdue: its day is over, or its moment has passed.
    pub fn is_overdue(&self, now: DateTime<Utc>, zone: Tz) -> bool {
        match self {
            Self::Day(day) => *day < now.with_timezone(&zone).date_naive(),
            Self::At(moment) => moment.at < now,
        }
    }
}

/// The first instant of a day in a zone, also where daylight saving skips midnight.
pub fn start_of_day(day: NaiveDate, zone: Tz) -> DateTime<Utc> {
    resolve(day.and_time(NaiveTime::MIN), zone)
}

/// The first instant of the day after.
pub fn end_of_day(day: NaiveDate, zone: Tz) -> DateTime<Utc> {
    start_of_day(day.checked_add_days(Days::new(1)).unwrap_or(day), zone)
}

/// The instant of a wall-clock time: the earlier one where a clock shows it twice, the next
/// that exists where daylight saving skips it.
pub fn resolve(wall: NaiveDateTime, zone: Tz) -> DateTime<Utc> {
    let mut candidate = wall;
    // No zone has ever skipped more than a day; steps of a minute find the end of the gap.
    for _ in 0..=24 * 60 {
        if let Some(found) = candidate.and_local_timezone(zone).earliest() {
            return found.with_timezone(&Utc);
        }
        candidate += chrono::TimeDelta::minutes(1);
    }
    wall.and_utc()
}

/// A date of which the year may be unknown: a birthday.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PartialDate {
    /// The year, when known.
    pub year: Option<i32>,
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31.
    pub day: u8,
}

impl PartialDate {
    /// A day that exists (in a leap year, when the year is unknown).
    pub fn new(year: Option<i32>, month: u8, day: u8) -> Option<Self> {
        NaiveDate::from_ymd_opt(year.unwrap_or(2000), month.into(), day.into())?;
        Some(Self { year, month, day })
    }

    /// Reads `1980-05-17`, `--05-17`, `05-17`, `19800517`, `--0517`.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        if !text.chars().all(|c| c.is_ascii_digit() || c == '-') {
            return None;
        }
        let number = |range: std::ops::Range<usize>| digits.get(range)?.parse::<u8>().ok();
        match digits.len() {
            8 => Self::new(digits[..4].parse().ok(), number(4..6)?, number(6..8)?),
            4 => Self::new(None, number(0..2)?, number(2..4)?),
            _ => None,
        }
    }

    /// The next time it comes round, today included; 29 February falls on 1 March in other years.
    pub fn next_on_or_after(&self, today: NaiveDate) -> Option<NaiveDate> {
        [today.year(), today.year() + 1]
            .into_iter()
            .filter_map(|year| {
                NaiveDate::from_ymd_opt(year, self.month.into(), self.day.into())
                    .or_else(|| NaiveDate::from_ymd_opt(year, 3, 1))
            })
            .find(|&day| day >= today)
    }
}

/// ISO 8601, with two hyphens for an unknown year.
impl std::fmt::Display for PartialDate {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.year {
            Some(year) => write!(formatter, "{year:04}-{:02}-{:02}", self.month, self.day),
            None => write!(formatter, "--{:02}-{:02}", self.month, self.day),
        }
    }
}

/// Stores a date as its number of days from 1 January of the year 1.
pub mod as_days {
    use chrono::{Datelike as _, NaiveDate};
    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

    /// Writes the day number.
    ///
    /// # Errors
    /// Whatever the serializer says.
    pub fn serialize<S: Serializer>(date: &NaiveDate, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i32(date.num_days_from_ce())
    }

    /// Reads the day number.
    ///
    /// # Errors
    /// When there is no such day.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<NaiveDate, D::Error> {
        let days = i32::deserialize(deserializer)?;
        NaiveDate::from_num_days_from_ce_opt(days).ok_or_else(|| D::Error::custom("no such day"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_skipped_midnight_starts_at_the_next_time_that_exists() {
        // Beirut skipped 00:00 to 01:00 on 27 March 2022.
        let day = NaiveDate::from_ymd_opt(2022, 3, 27).expect("a day");
        let start = start_of_day(day, chrono_tz::Asia::Beirut);
        assert_eq!(start.to_rfc3339(), "2022-03-26T22:00:00+00:00");
    }

    #[test]
    fn a_birthday_needs_no_year() {
        let check = |text: &str, expect: Option<&str>| {
            assert_eq!(
                PartialDate::parse(text).map(|d| d.to_string()).as_deref(),
                expect,
                "{text}"
            );
        };
        check("1980-05-17", Some("1980-05-17"));
        check("19800517", Some("1980-05-17"));
        check("--0229", Some("--02-29"));
        check("1981-02-29", None);
        check("13-13", None);
        check("soon", None);
    }
}
