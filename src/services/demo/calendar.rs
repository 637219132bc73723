//! Working days and hours around today, in the user's zone.

use super::random::Random;
use crate::domain::context::Context;
use crate::domain::values::dates::{Moment, resolve};
use chrono::{DateTime, Datelike as _, NaiveDate, TimeDelta, Utc, Weekday};
use chrono_tz::Tz;

/// Turns distances from today into days and times at which people work.
pub(super) struct Calendar<'a> {
    context: &'a Context,
}

impl<'a> Calendar<'a> {
    pub(super) const fn new(context: &'a Context) -> Self {
        Self { context }
    }

    /// The working day so many days ago, or the last one before it.
    pub(super) fn past_day(&self, days_ago: i64) -> NaiveDate {
        let day = shifted(self.context.today(), -days_ago);
        match day.weekday() {
            Weekday::Sat => shifted(day, -1),
            Weekday::Sun => shifted(day, -2),
            _ => day,
        }
    }

    /// The working day in so many days, or the first one after it; today is always itself.
    pub(super) fn coming_day(&self, days: i64) -> NaiveDate {
        let day = shifted(self.context.today(), days);
        match day.weekday() {
            Weekday::Sat if days != 0 => shifted(day, 2),
            Weekday::Sun if days != 0 => shifted(day, 1),
            _ => day,
        }
    }

    /// A time on the working day so many days ago: between nine and six, and before now.
    pub(super) fn past(&self, days_ago: i64, random: &mut Random) -> DateTime<Utc> {
        let minutes = random.between(9 * 60 / 5, 17 * 60 / 5 + 10) * 5;
        let at = self.at(self.past_day(days_ago), minutes);
        // Later today has not happened yet: that was on the working day before.
        if at < self.context.now {
            at
        } else {
            self.at(self.past_day(days_ago + 1), minutes)
        }
    }

    /// So many minutes after midnight of a day.
    pub(super) fn at(&self, day: NaiveDate, minutes: i64) -> DateTime<Utc> {
        let wall = day.and_time(chrono::NaiveTime::MIN) + TimeDelta::minutes(minutes);
        resolve(wall, self.context.zone)
    }

    /// An instant, as seen in the user's zone.
    pub(super) const fn moment(&self, at: DateTime<Utc>) -> Moment {
        Moment::new(at, self.context.zone)
    }

    /// The user's day of an instant.
    pub(super) fn day(&self, at: DateTime<Utc>) -> NaiveDate {
        at.with_timezone(&self.context.zone).date_naive()
    }

    /// Whole days from an instant to now.
    pub(super) fn age(&self, at: DateTime<Utc>) -> i64 {
        (self.context.now - at).num_days()
    }

    pub(super) const fn now(&self) -> DateTime<Utc> {
        self.context.now
    }

    pub(super) const fn zone(&self) -> Tz {
        self.context.zone
    }

    pub(super) fn today(&self) -> NaiveDate {
        self.context.today()
    }
}

/// A day moved by so many days; itself at the ends of the calendar.
pub(super) fn shifted(day: NaiveDate, days: i64) -> NaiveDate {
    day.checked_add_signed(TimeDelta::days(days)).unwrap_or(day)
}
