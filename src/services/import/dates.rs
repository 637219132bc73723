//! Dates as other programs write them into files: never relative, never guessed from today.

use crate::domain::context::{Context, DateOrder};
use crate::domain::values::dates::{Due, Moment, resolve, start_of_day};
use chrono::{DateTime, Days, FixedOffset, NaiveDate, NaiveTime, Utc};

/// A date of a file, with its time and offset where the file gives them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct FileDate {
    pub(super) day: NaiveDate,
    pub(super) time: Option<NaiveTime>,
    offset: Option<FixedOffset>,
}

impl FileDate {
    /// Reads a date; one of digits only in the given order.
    pub(super) fn parse(text: &str, order: DateOrder) -> Option<Self> {
        let text = text.trim();
        if text.is_empty() || text.len() > 60 || !text.is_ascii() {
            return None;
        }
        if let Some(day) = serial(text) {
            return Some(Self {
                day,
                time: None,
                offset: None,
            });
        }
        let (date, clock) = split_clock(text);
        let day = day(date, order)?;
        let Some(clock) = clock else {
            return Some(Self {
                day,
                time: None,
                offset: None,
            });
        };
        let (time, offset) = time(clock)?;
        Some(Self {
            day,
            time: Some(time),
            offset,
        })
    }

    /// The instant: without a time the start of the day in the user's zone.
    pub(super) fn instant(&self, context: &Context) -> DateTime<Utc> {
        match (self.time, self.offset) {
            (None, _) => start_of_day(self.day, context.zone),
            (Some(time), None) => resolve(self.day.and_time(time), context.zone),
            (Some(time), Some(offset)) => {
                let wall = self.day.and_time(time);
                let utc = wall.checked_sub_offset(offset).unwrap_or(wall);
                utc.and_utc()
            }
        }
    }

    /// When something happened.
    pub(super) fn moment(&self, context: &Context) -> Moment {
        Moment::new(self.instant(context), context.zone)
    }

    /// When something is due.
    pub(super) fn due(&self, context: &Context) -> Due {
        match self.time {
            None => Due::Day(self.day),
            Some(_) => Due::At(self.moment(context)),
        }
    }

    /// The day for the user.
    pub(super) fn local_day(&self, context: &Context) -> NaiveDate {
        match self.offset {
            Some(_) => self
                .instant(context)
                .with_timezone(&context.zone)
                .date_naive(),
            None => self.day,
        }
    }
}

/// The order that dates of digits prove by a part that can be no month.
pub(super) fn order_of<'a>(texts: impl Iterator<Item = &'a str>, usual: DateOrder) -> DateOrder {
    for text in texts {
        let numbers: Vec<u32> = split_clock(text.trim())
            .0
            .split(['/', '.', '-'])
            .map_while(|part| part.trim().parse().ok())
            .collect();
        match numbers.as_slice() {
            [13..=31, 1..=12, _] => return DateOrder::Dmy,
            [1..=12, 13..=31, _] => return DateOrder::Mdy,
            _ => {}
        }
    }
    usual
}

/// A day as spreadsheets count them: `45631.0` is 5 December 2024.
fn serial(text: &str) -> Option<NaiveDate> {
    let whole = text.split_once('.').map_or(text, |(whole, _)| whole);
    let is_number = text
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'.');
    let days: u64 = whole.parse().ok()?;
    if !is_number || whole.len() != 5 || !(20_000..80_000).contains(&days) {
        return None;
    }
    NaiveDate::from_ymd_opt(1899, 12, 30)?.checked_add_days(Days::new(days))
}

/// The date and, from the first part with a colon on, the time.
fn split_clock(text: &str) -> (&str, Option<&str>) {
    let Some(colon) = text.find(':') else {
        return (text, None);
    };
    let start = text[..colon]
        .rfind([' ', 'T', 't', ','])
        .map_or(0, |index| index + 1);
    let date = text[..start].trim_end_matches([' ', 'T', 't', ',']);
    (date, Some(&text[start..]))
}

fn day(text: &str, order: DateOrder) -> Option<NaiveDate> {
    let parts: Vec<&str> = text
        .split([' ', ',', '/', '.', '-'])
        .filter(|part| !part.is_empty())
        .filter(|part| !is_weekday(part))
        .collect();
    let [first, second, third] = parts[..] else {
        let is_compact = text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit());
        return is_compact
            .then(|| NaiveDate::parse_from_str(text, "%Y%m%d").ok())
            .flatten();
    };
    let number = |text: &str| -> Option<u32> {
        let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        (digits.len() <= 4).then(|| digits.parse().ok()).flatten()
    };
    if let Some(month) = month(first) {
        return make(year(third)?, month, number(second)?);
    }
    if let Some(month) = month(second) {
        return if first.len() == 4 {
            make(year(first)?, month, number(third)?)
        } else {
            make(year(third)?, month, number(first)?)
        };
    }
    if first.len() == 4 {
        return make(year(first)?, number(second)?, number(third)?);
    }
    let (year, first, second) = match order {
        DateOrder::Ymd if third.len() <= 2 => {
            return make(year(first)?, number(second)?, number(third)?);
        }
        _ => (year(third)?, number(first)?, number(second)?),
    };
    let (day, month) = match order {
        DateOrder::Mdy => (second, first),
        DateOrder::Dmy | DateOrder::Ymd => (first, second),
    };
    make(year, month, day).or_else(|| make(year, day, month))
}

fn make(year: i32, month: u32, day: u32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(year, month, day)
}

/// Four digits, or two that mean 1970 to 2069.
fn year(text: &str) -> Option<i32> {
    let number: i32 = text.parse().ok()?;
    match text.len() {
        4 => Some(number),
        2 if number < 70 => Some(2000 + number),
        2 => Some(1900 + number),
        _ => None,
    }
}

fn is_weekday(text: &str) -> bool {
    let beginning = text.get(..3).unwrap_or("").to_ascii_lowercase();
    text.bytes().all(|byte| byte.is_ascii_alphabetic())
        && ["mon", "tue", "wed", "thu", "fri", "sat", "sun"].contains(&beginning.as_str())
}

fn month(text: &str) -> Option<u32> {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let lower = text.to_ascii_lowercase();
    let place = MONTHS.iter().position(|name| {
        lower.len() >= 3 && name.starts_with(&lower) || lower == "sept" && *name == "september"
    })?;
    u32::try_from(place + 1).ok()
}

/// `00:02`, `3:04:05 PM`, `12:00:00.000Z`, `12:00:00+02:00`, `12:00:00.000Z-0300`.
fn time(text: &str) -> Option<(NaiveTime, Option<FixedOffset>)> {
    let text = text.trim();
    let end = text
        .find(|c: char| !c.is_ascii_digit() && c != ':' && c != '.')
        .unwrap_or(text.len());
    let (clock, rest) = text.split_at(end);
    let clock = clock.split_once('.').map_or(clock, |(whole, _)| whole);
    let mut parts = clock.split(':').map(|part| part.parse::<u32>().ok());
    let (mut hour, minute) = (parts.next()??, parts.next()??);
    let second = parts.next().unwrap_or(Some(0))?;
    let rest = rest.trim().to_ascii_lowercase();
    let rest = match rest
        .strip_prefix("pm")
        .or_else(|| rest.strip_prefix("p.m."))
    {
        Some(rest) if (1..=12).contains(&hour) => {
            hour = hour % 12 + 12;
            rest
        }
        Some(_) => return None,
        None => match rest
            .strip_prefix("am")
            .or_else(|| rest.strip_prefix("a.m."))
        {
            Some(rest) if (1..=12).contains(&hour) => {
                hour %= 12;
                rest
            }
            Some(_) => return None,
            None => rest.as_str(),
        },
    };
    Some((
        NaiveTime::from_hms_opt(hour, minute, second)?,
        offset(rest.trim())?,
    ))
}

/// None outside for what is no offset.
fn offset(text: &str) -> Option<Option<FixedOffset>> {
    let bare = text.strip_prefix(['z', 'Z']).unwrap_or(text);
    let bare = bare
        .strip_prefix("utc")
        .or(bare.strip_prefix("gmt"))
        .unwrap_or(bare);
    if bare.is_empty() {
        return Some(
            (!text.is_empty())
                .then(|| FixedOffset::east_opt(0))
                .flatten(),
        );
    }
    let (sign, digits) = match bare.split_at_checked(1)? {
        ("+", digits) => (1, digits),
        ("-", digits) => (-1, digits),
        _ => return None,
    };
    let digits: String = digits.chars().filter(|&c| c != ':').collect();
    let (hours, minutes) = match digits.len() {
        2 => (digits.parse::<i32>().ok()?, 0),
        4 => (
            digits.get(..2)?.parse().ok()?,
            digits.get(2..)?.parse::<i32>().ok()?,
        ),
        _ => return None,
    };
    FixedOffset::east_opt(sign * (hours * 3600 + minutes * 60)).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::values::money::Currency;
    use crate::domain::values::phone::Region;

    fn context() -> Context {
        Context {
            now: DateTime::UNIX_EPOCH,
            zone: chrono_tz::Europe::Berlin,
            region: Region::DE,
            currency: Currency::EUR,
            date_order: DateOrder::Dmy,
        }
    }

    #[test]
    fn dates_of_other_programs_are_read() {
        let check = |text: &str, expect: &str| {
            let date = FileDate::parse(text, DateOrder::Dmy);
            let shown = date.map_or_else(String::new, |date| match date.time {
                None => date.day.to_string(),
                Some(_) => date.instant(&context()).to_rfc3339(),
            });
            assert_eq!(shown, expect, "{text}");
        };
        check("2016-10-20", "2016-10-20");
        check("2021-04-15 23:03:00", "2021-04-15T21:03:00+00:00");
        check("15 Apr, 2021 00:02:00", "2021-04-14T22:02:00+00:00");
        check("14 May 2026", "2026-05-14");
        check("May 14, 2026", "2026-05-14");
        check("Thu, 14 May 2026 3:04 PM", "2026-05-14T13:04:00+00:00");
        check("3/14/2026", "2026-03-14");
        check("4/2/2026", "2026-02-04");
        check("31.12.26", "2026-12-31");
        check("20210415", "2021-04-15");
        check("45631.0", "2024-12-05");
        check("2024-07-01T11:54:49.95+00:00", "2024-07-01T11:54:49+00:00");
        check("2010-10-14T12:00:00.000Z", "2010-10-14T12:00:00+00:00");
        check("2010-10-14T12:00:00.000Z-0300", "2010-10-14T15:00:00+00:00");
        for wrong in [
            "",
            "soon",
            "2021-13-01",
            "12:00",
            "1/2",
            "30 Feb 2020",
            "2021-01-01 25:00",
            "5",
            "1800.0",
            "99/99/99",
            "-",
            "a:b",
        ] {
            check(wrong, "");
        }
    }

    #[test]
    fn a_day_that_is_no_month_tells_the_order_of_a_file() {
        let order = |texts: &[&str]| order_of(texts.iter().copied(), DateOrder::Dmy);
        assert_eq!(order(&["4/2/2026", "3/14/2026"]), DateOrder::Mdy);
        assert_eq!(order(&["4/2/2026", "14.3.2026"]), DateOrder::Dmy);
        assert_eq!(order(&["2026-03-14"]), DateOrder::Dmy);
    }
}
