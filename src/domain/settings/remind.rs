//! Settings of reminders: what is reminded besides follow-ups, when nobody wants to be disturbed,
//! and the ways by which one is told.

use crate::domain::context::Context;
use crate::domain::values::contact_points::Email;
use chrono::{NaiveTime, Weekday};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Reminders. Nothing is reminded that is not set or switched on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct RemindSettings {
    /// Your own address: where reminders and digests are mailed to.
    pub mail: OwnAddress,
    /// The program that takes mail on its standard input, with its arguments.
    pub sendmail: String,
    /// A command of yours that is told what is due, as JSON on standard input; it is run by `sh`.
    pub command: String,
    /// Seconds after which a program that tells counts as failed.
    pub time_limit: u64,
    /// Hours in which `due --since last` tells nothing, such as 20:00-08:00; it is told when they end.
    pub quiet: QuietHours,
    /// Days on which `due --since last` tells nothing: sat, sun.
    #[schemars(with = "Vec<String>")]
    pub days_off: Vec<Weekday>,
    /// Whether birthdays are reminded.
    pub birthdays: bool,
    /// How many days before the birthday or the date.
    pub birthday_days_before: u16,
    /// Labels of other dates of contacts that are reminded each year, such as anniversary.
    pub dates: Vec<String>,
}

impl Default for RemindSettings {
    fn default() -> Self {
        Self {
            mail: OwnAddress::default(),
            sendmail: "sendmail".to_owned(),
            command: String::new(),
            time_limit: 30,
            quiet: QuietHours::default(),
            days_off: Vec::new(),
            birthdays: false,
            birthday_days_before: 0,
            dates: Vec::new(),
        }
    }
}

impl RemindSettings {
    /// Whether nothing is to be told now of itself, by the clock and the calendar of the user.
    pub fn is_quiet(&self, context: &Context) -> bool {
        let local = context.now.with_timezone(&context.zone);
        let day = chrono::Datelike::weekday(&local);
        self.days_off.contains(&day) || self.quiet.contains(local.time())
    }

    /// Whether any dates of contacts are reminded.
    pub const fn has_dates(&self) -> bool {
        self.birthdays || !self.dates.is_empty()
    }
}

/// The user's own mail address, if there is one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
pub struct OwnAddress(#[schemars(skip)] pub Option<Email>);

impl TryFrom<String> for OwnAddress {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        if text.trim().is_empty() {
            return Ok(Self(None));
        }
        let address = Email::parse(&text).map_err(|_| format!("`{text}` is no mail address"))?;
        Ok(Self(Some(address)))
    }
}

impl From<OwnAddress> for String {
    fn from(own: OwnAddress) -> Self {
        own.0
            .map_or_else(Self::new, |address| address.as_str().to_owned())
    }
}

/// Hours of the day, from one time to another; over midnight when the first is the later one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
pub struct QuietHours(Option<(NaiveTime, NaiveTime)>);

impl QuietHours {
    /// Whether a time of day lies in them: the first minute does, the last does not.
    pub fn contains(self, time: NaiveTime) -> bool {
        match self.0 {
            Some((from, to)) if from < to => (from..to).contains(&time),
            Some((from, to)) => time >= from || time < to,
            None => false,
        }
    }
}

impl TryFrom<String> for QuietHours {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let time = |text: &str| match text.trim() {
            "24:00" => Some(NaiveTime::MIN),
            text => NaiveTime::parse_from_str(text, "%H:%M").ok(),
        };
        if text.trim().is_empty() {
            return Ok(Self(None));
        }
        text.split_once('-')
            .and_then(|(from, to)| Some((time(from)?, time(to)?)))
            .filter(|(from, to)| from != to)
            .map(|hours| Self(Some(hours)))
            .ok_or_else(|| format!("`{text}` are no hours: write them like `20:00-08:00`"))
    }
}

impl From<QuietHours> for String {
    fn from(hours: QuietHours) -> Self {
        hours.0.map_or_else(Self::new, |(from, to)| {
            format!("{}-{}", from.format("%H:%M"), to.format("%H:%M"))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::context::DateOrder;
    use crate::domain::values::money::Currency;
    use crate::domain::values::phone::Region;

    fn quiet(text: &str) -> Result<QuietHours, String> {
        QuietHours::try_from(text.to_owned())
    }

    #[test]
    fn hours_have_a_first_minute_and_end_before_the_last() {
        for (hours, inside, outside) in [
            ("", &[][..], &["00:00", "12:00"][..]),
            ("12:00-13:00", &["12:00", "12:59"], &["11:59", "13:00"]),
            (
                "20:00-08:00",
                &["20:00", "23:59", "00:00", "07:59"],
                &["08:00", "19:59"],
            ),
            ("20:00 - 24:00", &["20:00", "23:59"], &["00:00", "19:59"]),
            ("0:00-6:30", &["00:00", "06:29"], &["06:30", "23:59"]),
        ] {
            let hours = quiet(hours).expect(hours);
            for (times, is_inside) in [(inside, true), (outside, false)] {
                for text in times {
                    let time = NaiveTime::parse_from_str(text, "%H:%M").expect("a time");
                    assert_eq!(hours.contains(time), is_inside, "{hours:?} {text}");
                }
            }
            assert_eq!(quiet(&String::from(hours)), Ok(hours));
        }
        for wrong in ["8", "20-8", "08:00-08:00", "25:00-08:00", "8:00", "a-b"] {
            assert!(quiet(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn quiet_is_by_the_users_clock_and_calendar() {
        let settings = RemindSettings {
            quiet: quiet("22:00-07:00").expect("hours"),
            days_off: vec![Weekday::Sat, Weekday::Sun],
            ..RemindSettings::default()
        };
        // The clock in Berlin is set back on Sunday 2026-10-25 and forward on 2026-03-29.
        for (now, is_quiet) in [
            ("2026-11-25T05:59:00Z", true),
            ("2026-11-25T06:00:00Z", false),
            ("2026-11-25T20:59:00Z", false),
            ("2026-11-25T21:00:00Z", true),
            ("2026-07-01T04:59:00Z", true),
            ("2026-07-01T05:00:00Z", false),
            // Friday night until Monday morning.
            ("2026-11-27T20:59:00Z", false),
            ("2026-11-28T12:00:00Z", true),
            ("2026-11-29T12:00:00Z", true),
            ("2026-11-30T05:59:00Z", true),
            ("2026-11-30T06:00:00Z", false),
            // Sunday ends at eleven in the evening in UTC in winter, at ten in summer.
            ("2026-10-25T22:59:00Z", true),
            ("2026-10-26T06:00:00Z", false),
            ("2026-03-30T05:00:00Z", false),
            ("2026-03-30T04:59:00Z", true),
        ] {
            let context = Context {
                now: now.parse().expect(now),
                zone: chrono_tz::Europe::Berlin,
                region: Region::DE,
                currency: Currency::EUR,
                date_order: DateOrder::Dmy,
            };
            assert_eq!(settings.is_quiet(&context), is_quiet, "{now}");
        }
    }
}
