//! The parts of a RRULE, in one spelling.
//!
//! The `rrule` crate checks and expands what lies between the start and the end. The end is
//! kept from it: it would read a local `UNTIL` by the zone of the machine, and it takes any
//! text before the letters of a weekday.

use crate::domain::context::Context;
use crate::domain::values::dates::Due;
use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use rrule::{RRule, RRuleSet, Tz, Unvalidated};
use std::collections::BTreeMap;
use std::fmt;

/// No rule that means something is longer.
const LONGEST: usize = 400;

/// Parts that narrow or widen the rule, in the order in which they are written.
const BY: &[&str] = &[
    "BYMONTH",
    "BYWEEKNO",
    "BYYEARDAY",
    "BYMONTHDAY",
    "BYDAY",
    "BYHOUR",
    "BYMINUTE",
    "BYSECOND",
    "BYSETPOS",
    "WKST",
];

/// The letters of the weekdays, Monday first.
pub(super) const DAYS: [&str; 7] = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];

/// How often a rule comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Frequency {
    Daily,
    Weekly,
    Monthly,
    Yearly,
}

impl Frequency {
    fn parse(text: &str) -> Option<Self> {
        [Self::Daily, Self::Weekly, Self::Monthly, Self::Yearly]
            .into_iter()
            .find(|frequency| frequency.name() == text)
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Daily => "DAILY",
            Self::Weekly => "WEEKLY",
            Self::Monthly => "MONTHLY",
            Self::Yearly => "YEARLY",
        }
    }
}

/// The last day or time that a rule allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Until {
    Day(NaiveDate),
    Wall(NaiveDateTime),
    Instant(DateTime<Utc>),
}

/// A rule taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Rule {
    pub(super) frequency: Frequency,
    pub(super) interval: u16,
    /// Indexes into [`BY`], with the text of the part.
    by: BTreeMap<usize, String>,
    pub(super) count: Option<u32>,
    pub(super) until: Option<Until>,
}

impl Rule {
    /// A rule without further parts.
    pub(super) const fn new(frequency: Frequency, interval: u16) -> Self {
        Self {
            frequency,
            interval,
            by: BTreeMap::new(),
            count: None,
            until: None,
        }
    }

    /// The rule with one more part.
    pub(super) fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        if let Some(index) = BY.iter().position(|known| *known == name) {
            self.by.insert(index, value.into());
        }
        self
    }

    /// The further parts, by name.
    pub(super) fn parts(&self) -> Vec<(&'static str, &str)> {
        self.by
            .iter()
            .filter_map(|(index, value)| Some((*BY.get(*index)?, value.as_str())))
            .collect()
    }

    /// Reads a RRULE, with or without its prefix.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let text = text.trim().to_ascii_uppercase();
        let text = text.strip_prefix("RRULE:").unwrap_or(&text);
        let text = text.strip_suffix(';').unwrap_or(text);
        if text.len() > LONGEST || !text.is_ascii() {
            return None;
        }
        let mut parts: BTreeMap<&str, &str> = BTreeMap::new();
        for part in text.split(';') {
            let (name, value) = part.split_once('=')?;
            if value.is_empty() || parts.insert(name, value).is_some() {
                return None;
            }
        }
        let mut rule = Self::new(Frequency::parse(parts.remove("FREQ")?)?, 1);
        if let Some(interval) = parts.remove("INTERVAL") {
            rule.interval = interval.parse().ok().filter(|&interval| interval > 0)?;
        }
        if let Some(count) = parts.remove("COUNT") {
            rule.count = Some(count.parse().ok().filter(|&count| count > 0)?);
        }
        if let Some(until) = parts.remove("UNTIL") {
            rule.until = Some(Until::parse(until)?);
        }
        if rule.count.is_some() && rule.until.is_some() {
            return None;
        }
        for (name, value) in parts {
            let index = BY.iter().position(|known| *known == name)?;
            match (name, value) {
                // The week begins on Monday where a rule does not say otherwise.
                ("WKST", "MO") => continue,
                ("BYHOUR" | "BYMINUTE" | "BYSECOND", list) if list.contains(',') => return None,
                ("BYDAY", list) => rule.by.insert(index, weekdays(list, &rule)?),
                (_, value) => rule.by.insert(index, value.to_owned()),
            };
        }
        // Without its end, a rule is valid for any start or for none.
        let is_valid = rule.series(DateTime::UNIX_EPOCH.naive_utc()).is_some();
        is_valid.then_some(rule)
    }

    /// What the clock shows at each occurrence from `start` on, without regard to the end.
    /// Finite: the crate gives up on a rule that has matched nothing for long.
    pub(super) fn series(
        &self,
        start: NaiveDateTime,
    ) -> Option<impl Iterator<Item = NaiveDateTime> + use<>> {
        let mut endless = self.clone();
        (endless.count, endless.until) = (None, None);
        let start = start.and_utc().with_timezone(&Tz::UTC);
        let rule: RRule<Unvalidated> = format!("RRULE:{endless}").parse().ok()?;
        let rule = rule.validate(start).ok()?;
        let set = RRuleSet::new(start).rrule(rule).limit();
        Some(set.into_iter().map(|at| at.naive_utc()))
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "FREQ={}", self.frequency.name())?;
        if self.interval != 1 {
            write!(formatter, ";INTERVAL={}", self.interval)?;
        }
        for (name, value) in self.parts() {
            write!(formatter, ";{name}={value}")?;
        }
        if let Some(count) = self.count {
            write!(formatter, ";COUNT={count}")?;
        }
        match self.until {
            Some(Until::Day(day)) => write!(formatter, ";UNTIL={}", day.format("%Y%m%d")),
            Some(Until::Wall(wall)) => {
                write!(formatter, ";UNTIL={}", wall.format("%Y%m%dT%H%M%S"))
            }
            Some(Until::Instant(at)) => {
                write!(formatter, ";UNTIL={}", at.format("%Y%m%dT%H%M%SZ"))
            }
            None => Ok(()),
        }
    }
}

impl Until {
    fn parse(text: &str) -> Option<Self> {
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let (day, time) = match text.split_once('T') {
            Some((day, time)) => (day, Some(time)),
            None => (text, None),
        };
        let zulu = time.is_some_and(|time| time.ends_with('Z'));
        let time = time.map(|time| time.strip_suffix('Z').unwrap_or(time));
        if day.len() != 8 || !digits(day) || !time.is_none_or(|it| it.len() == 6 && digits(it)) {
            return None;
        }
        let day = NaiveDate::parse_from_str(day, "%Y%m%d").ok()?;
        let Some(time) = time else {
            return Some(Self::Day(day));
        };
        let wall = day.and_time(chrono::NaiveTime::parse_from_str(time, "%H%M%S").ok()?);
        Some(if zulu {
            Self::Instant(wall.and_utc())
        } else {
            Self::Wall(wall)
        })
    }

    /// Whether an occurrence comes too late.
    pub(super) fn is_before(self, wall: NaiveDateTime, due: &Due, context: &Context) -> bool {
        match (self, due) {
            (Self::Day(until), _) => until < wall.date(),
            (Self::Wall(until), Due::Day(day)) => until.date() < *day,
            (Self::Wall(until), Due::At(_)) => until < wall,
            (Self::Instant(until), Due::Day(day)) => {
                until.with_timezone(&context.zone).date_naive() < *day
            }
            (Self::Instant(until), Due::At(moment)) => until < moment.at,
        }
    }
}

/// Checks the days of a `BYDAY` and puts them in order. Numbers count weekdays in a month or
/// year, so that other rules may not have them.
fn weekdays(list: &str, rule: &Rule) -> Option<String> {
    let numbered = matches!(rule.frequency, Frequency::Monthly | Frequency::Yearly);
    let mut days = Vec::new();
    for text in list.split(',') {
        let (number, letters) = text.split_at_checked(text.len().checked_sub(2)?)?;
        let day = DAYS.iter().position(|known| *known == letters)?;
        let number: i16 = match number {
            "" => 0,
            number if numbered => number.parse().ok().filter(|&number| number != 0)?,
            _ => return None,
        };
        days.push((number, day));
    }
    days.sort_unstable();
    days.dedup();
    let written = days.into_iter().filter_map(|(number, day)| {
        let letters = DAYS.get(day)?;
        Some(match number {
            0 => (*letters).to_owned(),
            number => format!("{number}{letters}"),
        })
    });
    Some(written.collect::<Vec<_>>().join(","))
}
