//! Rules of recurrence: an RFC 5545 RRULE without its start, read from words or from itself.
//!
//! Words are, with or without `every` in front:
//!
//! | Form | Meaning |
//! |---|---|
//! | `day`, `daily`, `week`, `monthly`, `quarter`, `yearly` | once in each |
//! | `2 weeks`, `2w`, `other month` | once in so many |
//! | `weekdays` | Monday to Friday |
//! | `mon`, `mon,thu`, `2 weeks on mon and thu` | on those days of the week |
//! | `1st monday`, `last friday`, `2nd tue of every 3 months` | on that day of the month |
//! | `15th`, `31st`, `last day`, `15th of the month` | on that date; `29th` to `31st` fall on the last day of a shorter month |
//!
//! Behind them may stand an end: `until 2026-12-31` (that day included), or `x5`, `5 times`.
//!
//! What is done late comes again on the first day of the series that lies ahead; what is done
//! early, on the one after the day it was due. The series is that of the first day it was due,
//! also when it was snoozed.
//!
//! A RRULE is kept in one spelling, so that equal rules are equal texts. It may come at most
//! once a day: rules by the hour, or with several times of day, are refused.
//!
//! `rule` holds the RRULE, `words` the words; this file walks a series.

mod rule;
mod words;

#[cfg(test)]
mod tests;

use super::ValueError;
use super::dates::{Due, Moment, resolve};
use crate::domain::context::{Context, DateOrder};
use crate::domain::when::{YEARS, date_in, due};
use chrono::{Datelike as _, NaiveDate, NaiveDateTime, NaiveTime, Timelike as _};
use rule::{Frequency, Rule};
use serde::{Deserialize, Serialize};

/// How many occurrences are looked through for one that is late enough: every day of all years.
const MOST: usize = 120_000;

/// A rule by which a follow-up comes again, as an RFC 5545 RRULE.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Repeat(String);

impl Repeat {
    /// Reads a rule in words, or a RRULE with or without its prefix.
    ///
    /// # Errors
    /// [`ValueError::Empty`]; [`ValueError::When`] with an end that is no date;
    /// [`ValueError::Malformed`].
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        Self::parse_with(text, &|date| date_in(date, DateOrder::Ymd))
    }

    /// Like [`Repeat::parse`], with an end in the user's words: `month until 1 mar`, `day until
    /// fri`.
    ///
    /// # Errors
    /// As [`Repeat::parse`].
    pub fn read(text: &str, context: &Context) -> Result<Self, ValueError> {
        let day = |date: &str| Some(due(date, context).ok()?.day(context.zone));
        Self::parse_with(text, &day)
    }

    fn parse_with(text: &str, day: &dyn Fn(&str) -> Option<NaiveDate>) -> Result<Self, ValueError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(ValueError::Empty);
        }
        let rule = if text.contains('=') {
            Rule::parse(text).ok_or(ValueError::Malformed)?
        } else {
            words::parse(text, day)?
        };
        Ok(Self(rule.to_string()))
    }

    /// The RRULE, without its prefix.
    pub fn rule(&self) -> &str {
        &self.0
    }

    /// For people, in a form that reads back as the same rule: `every 2 weeks`, `1st Monday of
    /// the month`; the RRULE itself where there are no short words for it.
    pub fn words(&self) -> String {
        Rule::parse(&self.0)
            .and_then(|rule| words::of(&rule))
            .filter(|words| Self::parse(words).as_ref() == Ok(self))
            .unwrap_or_else(|| self.0.clone())
    }

    /// The first occurrence of the series starting at `from` that lies after `from` and not
    /// before the day `after`; nothing when the rule has ended.
    ///
    /// A time keeps what the clock in its zone shows, also when daylight saving begins or ends.
    pub fn next(&self, from: &Due, after: NaiveDate, context: &Context) -> Option<Due> {
        self.walk(from, after, context).map(|step| step.due)
    }

    /// Like [`Repeat::next`], with the rule for what is due then: one that counts has counted
    /// every occurrence up to it, also those passed over.
    ///
    /// A rule that names no day keeps that of its start: once a month from the 31st on is the
    /// last day of a shorter month, and the 31st again after it. Where daylight saving skips the
    /// time of day, the rule keeps it for the next one.
    pub fn follow(&self, from: &Due, after: NaiveDate, context: &Context) -> Option<(Due, Self)> {
        let step = self.walk(from, after, context)?;
        let mut rule = pinned(Rule::parse(&self.0)?, from);
        let is_moved = matches!(step.due, Due::At(moment) if moment.wall() != step.wall);
        if is_moved && !rule.parts().iter().any(|(name, _)| *name == "BYHOUR") {
            rule = rule
                .with("BYHOUR", step.wall.hour().to_string())
                .with("BYMINUTE", step.wall.minute().to_string());
        }
        Some((step.due, Self(rule.to_string()).after_some(step.passed)?))
    }

    /// The rule for the next one when one is done: with one less, if it counts; nothing when
    /// that was the last.
    pub fn after_one(&self) -> Option<Self> {
        self.after_some(1)
    }

    fn after_some(&self, passed: u32) -> Option<Self> {
        let Some(mut rule) = Rule::parse(&self.0) else {
            return Some(self.clone());
        };
        if let Some(count) = rule.count {
            rule.count = Some(count.checked_sub(passed).filter(|&left| left > 0)?);
        }
        Some(Self(rule.to_string()))
    }

    /// The occurrence, and how many steps from the start it is.
    fn walk(&self, from: &Due, after: NaiveDate, context: &Context) -> Option<Step> {
        let rule = pinned(Rule::parse(&self.0)?, from);
        let (start, zone) = match from {
            Due::Day(day) => (day.and_time(NaiveTime::MIN), None),
            Due::At(moment) => (moment.wall().with_nanosecond(0)?, Some(moment.zone.0)),
        };
        if !YEARS.contains(&start.year()) {
            return None;
        }
        let mut steps: u32 = 0;
        for wall in rule.series(start)?.take(MOST) {
            let is_ahead = match zone {
                Some(_) => wall > start,
                None => wall.date() > start.date(),
            };
            if !is_ahead {
                continue;
            }
            steps += 1;
            // The start is the first that is counted.
            let is_counted_out = rule.count.is_some_and(|count| steps >= count);
            if is_counted_out || !YEARS.contains(&wall.year()) {
                return None;
            }
            let due = match zone {
                Some(zone) => Due::At(Moment::new(resolve(wall, zone), zone)),
                None => Due::Day(wall.date()),
            };
            if rule
                .until
                .is_some_and(|until| until.is_before(wall, &due, context))
            {
                return None;
            }
            if due.day(context.zone) >= after {
                return Some(Step {
                    due,
                    wall,
                    passed: steps,
                });
            }
        }
        None
    }
}

/// An occurrence that was walked to.
struct Step {
    due: Due,
    /// What the clock would show, if it showed every time.
    wall: NaiveDateTime,
    /// How many occurrences from the start it is.
    passed: u32,
}

/// The rule with the day of its start, where it names none and some months lack that day.
fn pinned(rule: Rule, from: &Due) -> Rule {
    let start = match from {
        Due::Day(day) => *day,
        Due::At(moment) => moment.wall().date(),
    };
    let days = match start.day() {
        29 => "28,29",
        30 => "28,29,30",
        31 => "28,29,30,31",
        _ => return rule,
    };
    if !rule.parts().is_empty() {
        return rule;
    }
    let rule = match rule.frequency {
        Frequency::Monthly => rule,
        Frequency::Yearly if start.month() == 2 => rule.with("BYMONTH", "2"),
        _ => return rule,
    };
    rule.with("BYMONTHDAY", days).with("BYSETPOS", "-1")
}
