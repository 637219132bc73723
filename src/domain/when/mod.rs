//! Dates and times as people type them: one grammar for flags, forms, queries and imports.
//!
//! A text is a day, a time of day, or both in either order; all of it must be understood and
//! no part may stand twice. Case and extra spaces do not matter, a comma may follow a word,
//! `at` may stand before a time and `on` before a day. Only years 1900 to 2200 are read.
//!
//! | Part | Forms |
//! |---|---|
//! | now | `now`, and from now `+3d`, `-2w`, `+1h30min`, `in 3 days`, `in a week`, `2 weeks ago`, in `min h d w mo y` and their long forms; a bare `m` is refused |
//! | day | `today`, `tomorrow`, `yesterday`, `tonight` (20:00), `eow`, `eom`, `eoq`, `eoy` (the last day) |
//! | weekday | `mon` to `sun` and full names; `last fri`, `this fri`, `next fri` are the Friday of last, this and next week, Monday first |
//! | period | `next week`, `last month`, `next quarter`, `next year`: its first day; `this week`: its last day when due, today for a moment |
//! | date | `2026-12-01`, `1 dec`, `1st dec 2026`, `dec 1 2026`, `16-Apr-2021`, and `3/4/2026`, `3.4.2026`, `3/4/26`, `3/4`, `3.4.` by the configured order only |
//! | time | `9am`, `9:30 pm`, `15:30`, `09:00:00`, `noon`, `midnight`; behind a full date also with `Z` or `+01:00` |
//!
//! A weekday beside a written date must be the weekday of that date. Days and months move on
//! the calendar and stop at the end of a shorter month; hours and minutes are exact. A time
//! that daylight saving skips is the next that exists, one that comes twice is the first.
//!
//! `said` holds the grammar, and knows no clock; this file decides what was meant.

mod calendar;
mod clock;
mod said;
pub(in crate::domain) mod words;

#[cfg(test)]
mod tests;
#[cfg(test)]
mod zones;

use super::context::{Context, DateOrder};
use super::values::ValueError;
use super::values::dates::{Due, Moment, PartialDate, resolve};
use calendar::Written;
use chrono::{
    DateTime, Datelike as _, Months, NaiveDate, NaiveTime, SubsecRound as _, TimeDelta,
    Timelike as _, Utc, Weekday,
};
use said::{Day, Said, Shift};
use std::ops::RangeInclusive;
use words::Unit;

/// The years in which something can lie.
pub(in crate::domain) const YEARS: RangeInclusive<i32> = 1900..=2200;

/// Reads a day, or a day and time, that lies ahead where the text leaves it open: a weekday is
/// the next one, not today; a date without year is the next such, today included; a time
/// without day is its next occurrence.
///
/// # Errors
/// The part that is not understood.
pub fn due(text: &str, context: &Context) -> Result<Due, ValueError> {
    read(text, context, Aim::Ahead)
}

/// Reads a moment, that lies behind where the text leaves it open: a weekday is the latest one,
/// not today; a date without year is the latest such, today included; a time without day is
/// today. A day without time is its noon, today is now.
///
/// # Errors
/// The part that is not understood.
pub fn moment(text: &str, context: &Context) -> Result<Moment, ValueError> {
    match read(text, context, Aim::Behind)? {
        Due::At(moment) => Ok(moment),
        Due::Day(day) if day == context.today() => Ok(here(present(context), context)),
        Due::Day(day) => Ok(here(at(day, NOON, context), context)),
    }
}

/// Reads a day, or a day and time, like [`due`], but behind where the text leaves it open.
///
/// # Errors
/// The part that is not understood.
pub fn past(text: &str, context: &Context) -> Result<Due, ValueError> {
    read(text, context, Aim::Behind)
}

/// Reads a written date with its year, numeric dates in the given order: for imports that know
/// the order of their source.
pub fn date_in(text: &str, order: DateOrder) -> Option<NaiveDate> {
    match written(text, order)? {
        Written::Full(date) => in_range(date),
        Written::Yearless { .. } => None,
    }
}

/// Reads a written date whose year may be left open: a birthday.
pub fn partial_date_in(text: &str, order: DateOrder) -> Option<PartialDate> {
    let (year, month, day) = match written(text, order)? {
        Written::Full(date) => {
            let date = in_range(date)?;
            (Some(date.year()), date.month(), date.day())
        }
        Written::Yearless { month, day } => (None, month, day),
    };
    PartialDate::new(year, u8::try_from(month).ok()?, u8::try_from(day).ok()?)
}

/// The only part of a text, when that is a written date.
fn written(text: &str, order: DateOrder) -> Option<Written> {
    let words = words::split(text);
    let (date, used) = calendar::read(&words, order)?;
    (used == words.len()).then_some(date)
}

/// Where an open text points.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Aim {
    Ahead,
    Behind,
}

const NOON: NaiveTime = match NaiveTime::from_hms_opt(12, 0, 0) {
    Some(time) => time,
    None => NaiveTime::MIN,
};
const EVENING: NaiveTime = match NaiveTime::from_hms_opt(20, 0, 0) {
    Some(time) => time,
    None => NaiveTime::MIN,
};

fn read(text: &str, context: &Context, aim: Aim) -> Result<Due, ValueError> {
    let said = Said::parse(text, context.date_order)?;
    meant(&said, context, aim)
        .filter(|due| in_range(due.day(context.zone)).is_some())
        .ok_or_else(|| ValueError::When(text.trim().to_owned()))
}

/// What the parts mean at this moment; nothing when there is no such day or time.
fn meant(said: &Said, context: &Context, aim: Aim) -> Option<Due> {
    if said.now.is_some() {
        return Some(Due::At(here(present(context), context)));
    }
    if let Some((shift, minutes)) = said.shift.and_then(|it| Some((it, it.minutes?))) {
        return Some(Due::At(here(shifted_at(shift, minutes, context)?, context)));
    }
    let day = match said.has_day() {
        true => Some(in_range(day_said(said, context, aim)?)?),
        false => None,
    };
    let tonight = said.tonight.is_some();
    let instant = match (&said.clock, day) {
        (None, Some(day)) if !tonight => return Some(Due::Day(day)),
        (None, day) => at(day?, EVENING, context),
        (Some(clock), _) if tonight && clock.time < NOON => return None,
        (Some(clock), Some(day)) => match clock.offset {
            Some(offset) => {
                let there = day.and_time(clock.time).and_local_timezone(offset);
                there.single()?.with_timezone(&Utc)
            }
            None => at(day, clock.time, context),
        },
        (Some(clock), None) => {
            let today = at(context.today(), clock.time, context);
            if aim == Aim::Ahead && today <= present(context) {
                at(context.today().succ_opt()?, clock.time, context)
            } else {
                today
            }
        }
    };
    Some(Due::At(here(instant, context)))
}

/// The day that the parts name together.
fn day_said(said: &Said, context: &Context, aim: Aim) -> Option<NaiveDate> {
    if let Some(day) = said.day {
        let found = day_meant(day, context, aim)?;
        let agrees = said.weekday.is_none_or(|it| it == found.weekday());
        return agrees.then_some(found);
    }
    if let Some(shift) = said.shift {
        return shifted(shift, context);
    }
    match said.weekday {
        Some(weekday) => weekday_meant(weekday, context, aim),
        None => Some(context.today()),
    }
}

fn day_meant(day: Day, context: &Context, aim: Aim) -> Option<NaiveDate> {
    let today = context.today();
    match day {
        Day::Written(Written::Full(date)) => Some(date),
        Day::Written(Written::Yearless { month, day }) => {
            // Nine years hold a leap day even around 2100, which is no leap year.
            let mut years = 0..=8;
            years.find_map(|count| {
                let year = match aim {
                    Aim::Ahead => today.year() + count,
                    Aim::Behind => today.year() - count,
                };
                let found = NaiveDate::from_ymd_opt(year, month, day)?;
                let fits = match aim {
                    Aim::Ahead => found >= today,
                    Aim::Behind => found <= today,
                };
                fits.then_some(found)
            })
        }
        Day::FromToday(days) => add_days(today, days),
        Day::OfWeek(count, weekday) => {
            let monday = first_day(today, Unit::Week)?;
            let days = i64::from(weekday.num_days_from_monday());
            add_days(monday, count * 7 + days)
        }
        Day::Period(0, unit) => match aim {
            Aim::Ahead => last_day(today, unit),
            Aim::Behind => Some(today),
        },
        Day::Period(count, unit) => move_period(first_day(today, unit)?, count, unit),
        Day::EndOf(unit) => last_day(today, unit),
    }
}

/// The nearest such weekday that is not today.
fn weekday_meant(weekday: Weekday, context: &Context, aim: Aim) -> Option<NaiveDate> {
    let today = context.today();
    let days = (1..=7).map(|days| if aim == Aim::Ahead { days } else { -days });
    days.filter_map(|days| add_days(today, days))
        .find(|day| day.weekday() == weekday)
}

fn first_day(day: NaiveDate, unit: Unit) -> Option<NaiveDate> {
    match unit {
        Unit::Week => add_days(day, -i64::from(day.weekday().num_days_from_monday())),
        Unit::Month => day.with_day(1),
        Unit::Quarter => NaiveDate::from_ymd_opt(day.year(), day.month0() / 3 * 3 + 1, 1),
        Unit::Year => NaiveDate::from_ymd_opt(day.year(), 1, 1),
        Unit::Minute | Unit::Hour | Unit::Day => Some(day),
    }
}

fn last_day(day: NaiveDate, unit: Unit) -> Option<NaiveDate> {
    move_period(first_day(day, unit)?, 1, unit)?.pred_opt()
}

fn move_period(start: NaiveDate, count: i64, unit: Unit) -> Option<NaiveDate> {
    match unit {
        Unit::Week => add_days(start, count * 7),
        Unit::Month => add_months(start, count),
        Unit::Quarter => add_months(start, count * 3),
        Unit::Year => add_months(start, count * 12),
        Unit::Minute | Unit::Hour | Unit::Day => add_days(start, count),
    }
}

/// The instant that lies so many minutes from now, or from this time on another day.
fn shifted_at(shift: Shift, minutes: i64, context: &Context) -> Option<DateTime<Utc>> {
    let now = present(context);
    let start = if shift.months == 0 && shift.days == 0 {
        now
    } else {
        let time = now.with_timezone(&context.zone).time();
        at(shifted(shift, context)?, time, context)
    };
    start.checked_add_signed(TimeDelta::try_minutes(minutes)?)
}

/// The day that lies so many months and days from today.
fn shifted(shift: Shift, context: &Context) -> Option<NaiveDate> {
    let day = add_months(context.today(), shift.months)?;
    in_range(add_days(day, shift.days)?)
}

fn add_months(day: NaiveDate, months: i64) -> Option<NaiveDate> {
    let count = Months::new(u32::try_from(months.unsigned_abs()).ok()?);
    if months < 0 {
        day.checked_sub_months(count)
    } else {
        day.checked_add_months(count)
    }
}

fn add_days(day: NaiveDate, days: i64) -> Option<NaiveDate> {
    day.checked_add_signed(TimeDelta::try_days(days)?)
}

fn in_range(day: NaiveDate) -> Option<NaiveDate> {
    YEARS.contains(&day.year()).then_some(day)
}

/// Now, in whole seconds: what is shown of a moment must read back as the same.
fn present(context: &Context) -> DateTime<Utc> {
    context.now.trunc_subsecs(0)
}

fn at(day: NaiveDate, time: NaiveTime, context: &Context) -> DateTime<Utc> {
    let whole = time.with_nanosecond(0).unwrap_or(time);
    resolve(day.and_time(whole), context.zone)
}

const fn here(at: DateTime<Utc>, context: &Context) -> Moment {
    Moment::new(at, context.zone)
}
