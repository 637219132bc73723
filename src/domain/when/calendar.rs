//! Dates as they are written: ISO, with the name of the month, or of digits in an order.

use super::words::{Word, month, number, ordinal};
use crate::domain::context::DateOrder;
use chrono::NaiveDate;

/// A date on paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Written {
    /// With its year.
    Full(NaiveDate),
    /// Month and day of a year that is left open.
    Yearless { month: u32, day: u32 },
}

/// Reads the date that the words begin with, and says how many words it takes.
pub(super) fn read(words: &[Word<'_>], order: DateOrder) -> Option<(Written, usize)> {
    let first = words.first()?.low.as_str();
    if let Some(date) = iso(first).or_else(|| hyphens(first)) {
        return Some((Written::Full(date), 1));
    }
    if let Some(date) = digits(first, order) {
        return Some((date, 1));
    }
    let second = words.get(1)?.low.as_str();
    let (month, day) = match month(first) {
        Some(month) => (month, day_of_month(second)?),
        None => (month(second)?, day_of_month(first)?),
    };
    match words.get(2).and_then(|word| year(&word.low)) {
        Some(year) => {
            let date = NaiveDate::from_ymd_opt(year, month, day)?;
            Some((Written::Full(date), 3))
        }
        None => Some((yearless(month, day)?, 2)),
    }
}

/// `2026-12-01`.
pub(super) fn iso(word: &str) -> Option<NaiveDate> {
    let mut parts = word.split('-');
    let (year_part, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || month.len() != 2 || day.len() != 2 {
        return None;
    }
    NaiveDate::from_ymd_opt(year(year_part)?, number(month, 2)?, number(day, 2)?)
}

/// `16-apr-2021`.
fn hyphens(word: &str) -> Option<NaiveDate> {
    let mut parts = word.split('-');
    let (day, name, year_part) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    NaiveDate::from_ymd_opt(year(year_part)?, month(name)?, number(day, 2)?)
}

/// `3/4/2026`, `3.4.2026`, `3/4/26`, `3/4`, `3.4.`, in the given order only.
fn digits(word: &str, order: DateOrder) -> Option<Written> {
    let separator = if word.contains('/') { '/' } else { '.' };
    let parts: Vec<&str> = word.split(separator).collect();
    let (year, one, two) = match (parts.as_slice(), order) {
        // A number such as 3.4 is no date; with its second point it is one.
        ([one, two, ""], _) if separator == '.' => (None, *one, *two),
        ([one, two], _) if separator == '/' => (None, *one, *two),
        ([year, one, two], DateOrder::Ymd) => (Some(self::year(year)?), *one, *two),
        ([one, two, year], DateOrder::Dmy | DateOrder::Mdy) => (
            Some(self::year(year).or_else(|| century(year))?),
            *one,
            *two,
        ),
        _ => return None,
    };
    let (one, two) = (number(one, 2)?, number(two, 2)?);
    let (month, day) = match order {
        DateOrder::Dmy => (two, one),
        DateOrder::Mdy | DateOrder::Ymd => (one, two),
    };
    match year {
        Some(year) => NaiveDate::from_ymd_opt(year, month, day).map(Written::Full),
        None => yearless(month, day),
    }
}

/// A day that some year has.
fn yearless(month: u32, day: u32) -> Option<Written> {
    NaiveDate::from_ymd_opt(2000, month, day)?;
    Some(Written::Yearless { month, day })
}

fn day_of_month(word: &str) -> Option<u32> {
    ordinal(word).or_else(|| number(word.strip_suffix('.').unwrap_or(word), 2))
}

fn year(word: &str) -> Option<i32> {
    let year = number(word, 4).filter(|_| word.len() == 4)?;
    i32::try_from(year).ok()
}

/// A year of two digits, from 1970 to 2069.
fn century(word: &str) -> Option<i32> {
    let short = number(word, 2).filter(|_| word.len() == 2)?;
    i32::try_from(if short < 70 {
        2000 + short
    } else {
        1900 + short
    })
    .ok()
}
