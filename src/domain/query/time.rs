//! Dates and times in queries: days, moments, and ages of what lies in the past.

use super::lex::Operator;
use crate::domain::context::Context;
use crate::domain::values::ValueError;
use crate::domain::values::dates::{Due, PartialDate};
use crate::domain::when;
use chrono::{DateTime, Days, Months, NaiveDate, TimeDelta, Utc};
use std::cmp::Ordering;

/// A day or an instant that a value is compared with.
#[derive(Clone, Copy, Debug)]
enum Target {
    Day(NaiveDate),
    At(DateTime<Utc>),
}

/// A comparison with a day or an instant.
#[derive(Clone, Copy, Debug)]
pub(super) struct TimeTest {
    operator: Operator,
    target: Target,
    /// Whether it asks for what is long ago, so that what never was fits too.
    is_old: bool,
}

impl TimeTest {
    /// Reads a value. For what lies in the past, a bare length of time is an age; else it is
    /// counted from now.
    pub(super) fn read(
        operator: Operator,
        text: &str,
        is_past: bool,
        context: &Context,
    ) -> Result<Self, ValueError> {
        let Some((sign, count, unit)) = span(text) else {
            let target = match when::due(text, context)? {
                Due::Day(day) => Target::Day(day),
                Due::At(moment) => Target::At(moment.at),
            };
            return Ok(Self {
                operator,
                target,
                is_old: false,
            });
        };
        let is_age = is_past && sign.is_none();
        let back = is_age || sign == Some('-');
        Ok(Self {
            operator: if is_age { operator.flipped() } else { operator },
            target: shift(context, back, count, unit).ok_or(ValueError::OutOfRange(0, 36_500))?,
            is_old: is_age && matches!(operator, Operator::More | Operator::AtLeast),
        })
    }

    /// Whether what never was counts as long enough ago.
    pub(super) const fn holds_for_never(&self) -> bool {
        self.is_old
    }

    /// Whether it holds for something at that day or moment.
    pub(super) fn holds(&self, value: &Due, context: &Context) -> bool {
        self.operator.holds(match (self.target, value) {
            (Target::Day(day), value) => value.day(context.zone).cmp(&day),
            (Target::At(at), Due::At(moment)) if !self.operator.is_order() => {
                minute(moment.at).cmp(&minute(at))
            }
            (Target::At(at), Due::At(moment)) => moment.at.cmp(&at),
            // A day begins before every moment in it.
            (Target::At(at), Due::Day(day)) => {
                match day.cmp(&at.with_timezone(&context.zone).date_naive()) {
                    Ordering::Greater => Ordering::Greater,
                    _ => Ordering::Less,
                }
            }
        })
    }
}

const fn minute(at: DateTime<Utc>) -> i64 {
    at.timestamp().div_euclid(60)
}

/// A comparison with a date whose year may be unknown.
#[derive(Clone, Copy, Debug)]
pub(super) enum AnniversaryTest {
    /// With the date itself.
    Date(Operator, PartialDate),
    /// With the next time that it comes round.
    Next(TimeTest),
}

impl AnniversaryTest {
    /// Reads `1980-05-17` and `--05-17` as dates, all else as a time at which it comes round.
    pub(super) fn read(
        operator: Operator,
        text: &str,
        context: &Context,
    ) -> Result<Self, ValueError> {
        match PartialDate::parse(text) {
            Some(date) => Ok(Self::Date(operator, date)),
            None => TimeTest::read(operator, text, false, context).map(Self::Next),
        }
    }

    pub(super) fn holds(&self, value: &PartialDate, context: &Context) -> bool {
        match self {
            Self::Next(test) => value
                .next_on_or_after(context.today())
                .is_some_and(|day| test.holds(&Due::Day(day), context)),
            Self::Date(operator, wanted) => {
                let days = (value.month, value.day).cmp(&(wanted.month, wanted.day));
                match (value.year, wanted.year) {
                    (Some(year), Some(other)) => operator.holds(year.cmp(&other).then(days)),
                    (None, Some(_)) if operator.is_order() => false,
                    _ => operator.holds(days),
                }
            }
        }
    }
}

#[derive(Clone, Copy, Debug)]
enum Unit {
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Year,
}

/// Words for units; `m` is not one, since it could be minutes or months.
const UNITS: &[(&[&str], Unit)] = &[
    (&["min", "mins", "minute", "minutes"], Unit::Minute),
    (&["h", "hour", "hours"], Unit::Hour),
    (&["d", "day", "days"], Unit::Day),
    (&["w", "week", "weeks"], Unit::Week),
    (&["mo", "month", "months"], Unit::Month),
    (&["y", "year", "years"], Unit::Year),
];

/// A length of time: its sign if it has one, its number and unit.
fn span(text: &str) -> Option<(Option<char>, u32, Unit)> {
    let text = text.trim();
    let sign = text.chars().next().filter(|c| matches!(c, '+' | '-'));
    let text = text.strip_prefix(['+', '-']).unwrap_or(text);
    let digits = text.find(|c: char| !c.is_ascii_digit())?;
    let (number, unit) = text.split_at(digits);
    let unit = unit.trim().to_lowercase();
    let known = UNITS
        .iter()
        .find(|(words, _)| words.contains(&unit.as_str()));
    Some((sign, number.parse().ok()?, known?.1))
}

/// What lies that far from now. Days and longer give a day, whatever the time.
fn shift(context: &Context, back: bool, count: u32, unit: Unit) -> Option<Target> {
    let today = context.today();
    let by_time = |seconds: i64| {
        // Beyond a century the edge of what a calendar can show comes near.
        if count > 1_000_000 {
            return None;
        }
        let length = TimeDelta::try_seconds(i64::from(count).checked_mul(seconds)?)?;
        let at = if back {
            context.now.checked_sub_signed(length)
        } else {
            context.now.checked_add_signed(length)
        };
        at.map(Target::At)
    };
    let by_days = |days: u64| {
        let days = Days::new(u64::from(count) * days);
        let day = if back {
            today.checked_sub_days(days)
        } else {
            today.checked_add_days(days)
        };
        day.map(Target::Day)
    };
    let by_months = |months: u32| {
        let months = Months::new(count.checked_mul(months)?);
        let day = if back {
            today.checked_sub_months(months)
        } else {
            today.checked_add_months(months)
        };
        day.map(Target::Day)
    };
    match unit {
        Unit::Minute => by_time(60),
        Unit::Hour => by_time(3_600),
        Unit::Day => by_days(1),
        Unit::Week => by_days(7),
        Unit::Month => by_months(1),
        Unit::Year => by_months(12),
    }
}
