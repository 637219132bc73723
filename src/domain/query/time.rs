//! Dates and times in queries: days, moments, and ages of what lies in the past.

use super::lex::Operator;
use crate::domain::context::Context;
use crate::domain::values::ValueError;
use crate::domain::values::dates::{Due, PartialDate};
use crate::domain::when;
use chrono::{DateTime, Datelike as _, NaiveDate, Utc};
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
        let signed = |sign: char| when::due(&format!("{sign}{text}"), context);
        let is_length = text.starts_with(|c: char| c.is_ascii_digit()) && signed('+').is_ok();
        let is_age = is_length && is_past;
        let due = match (is_length, is_past) {
            (true, true) => signed('-'),
            (true, false) => signed('+'),
            (false, true) => when::past(text, context),
            (false, false) => when::due(text, context),
        }?;
        Ok(Self {
            operator: if is_age { operator.flipped() } else { operator },
            target: match due {
                Due::Day(day) => Target::Day(day),
                Due::At(moment) => Target::At(moment.at),
            },
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
    /// Reads days of the past and `--05-17` as dates, all else as a time at which it comes round.
    pub(super) fn read(
        operator: Operator,
        text: &str,
        context: &Context,
    ) -> Result<Self, ValueError> {
        let written = || when::partial_date_in(text, context.date_order);
        let date = PartialDate::parse(text).or_else(|| written().filter(|it| it.year.is_some()));
        let today = context.today();
        let is_past = |date: &PartialDate| {
            let (month, day) = (date.month.into(), date.day.into());
            let this_year = (i64::from(today.year()), today.month(), today.day());
            let year = date.year.map_or(i64::MIN, i64::from);
            (year, month, day) < this_year
        };
        match date.filter(is_past) {
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
