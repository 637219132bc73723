//! Times of day as they are written, with the offset from UTC that may follow.

use super::words::{Word, number};
use chrono::{FixedOffset, NaiveTime};

/// A time of day, and the offset when the text names one.
pub(super) struct Clock {
    pub(super) time: NaiveTime,
    pub(super) offset: Option<FixedOffset>,
}

/// Reads the time that the words begin with, and says how many words it takes:
/// `9am`, `9:30 pm`, `15:30`, `09:00:00.5`, `noon`, `09:00:00+01:00`, `09:00 UTC`.
pub(super) fn read(words: &[Word<'_>]) -> Option<(Clock, usize)> {
    let first = words.first()?.low.as_str();
    let second = words.get(1).map(|word| word.low.as_str());
    if let Some(half @ ("am" | "pm")) = second {
        let time = twelve(first, half == "pm")?;
        return Some((Clock { time, offset: None }, 2));
    }
    let (bare, attached) = split_offset(first)?;
    let time = time(bare)?;
    if attached.is_some() {
        return Some((
            Clock {
                time,
                offset: attached,
            },
            1,
        ));
    }
    let offset = second.and_then(offset);
    let used = 1 + usize::from(offset.is_some());
    Some((Clock { time, offset }, used))
}

fn time(text: &str) -> Option<NaiveTime> {
    match text {
        "noon" => return NaiveTime::from_hms_opt(12, 0, 0),
        "midnight" => return Some(NaiveTime::MIN),
        _ => {}
    }
    if let Some(body) = text.strip_suffix("am") {
        return twelve(body, false);
    }
    if let Some(body) = text.strip_suffix("pm") {
        return twelve(body, true);
    }
    let (hour, rest) = text.split_once(':')?;
    of_parts(number(hour, 2)?, Some(rest))
}

/// A time on a dial of twelve hours.
fn twelve(text: &str, after_noon: bool) -> Option<NaiveTime> {
    let (hour, rest) = match text.split_once(':') {
        Some((hour, rest)) => (hour, Some(rest)),
        None => (text, None),
    };
    let hour = number(hour, 2).filter(|hour| (1..=12).contains(hour))?;
    of_parts(hour % 12 + if after_noon { 12 } else { 0 }, rest)
}

/// The minutes and seconds after the first colon; a fraction of a second is dropped.
fn of_parts(hour: u32, rest: Option<&str>) -> Option<NaiveTime> {
    let Some(rest) = rest else {
        return NaiveTime::from_hms_opt(hour, 0, 0);
    };
    let (minute, seconds) = match rest.split_once(':') {
        Some((minute, seconds)) => (minute, seconds),
        None => (rest, "00"),
    };
    let second = match seconds.split_once('.') {
        Some((second, fraction)) => {
            number(fraction, 9)?;
            second
        }
        None => seconds,
    };
    NaiveTime::from_hms_opt(hour, two(minute)?, two(second)?)
}

fn two(text: &str) -> Option<u32> {
    number(text, 2).filter(|_| text.len() == 2)
}

/// Parts a time from the offset written right behind it.
fn split_offset(word: &str) -> Option<(&str, Option<FixedOffset>)> {
    if let Some(sign) = word.find(['+', '-']) {
        let (bare, attached) = word.split_at_checked(sign)?;
        return Some((bare, Some(offset(attached)?)));
    }
    match word.strip_suffix('z') {
        Some(bare) => Some((bare, FixedOffset::east_opt(0))),
        None => Some((word, None)),
    }
}

/// Reads `z`, `utc`, `gmt`, `+01:00`, `-0530`.
fn offset(word: &str) -> Option<FixedOffset> {
    if matches!(word, "z" | "utc" | "gmt") {
        return FixedOffset::east_opt(0);
    }
    let (sign, digits) = match word.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, word.strip_prefix('+')?),
    };
    let (hours, minutes) = match digits.split_once(':') {
        Some((hours, minutes)) => (two(hours)?, two(minutes)?),
        None if digits.len() == 4 => {
            let joined = number(digits, 4)?;
            (joined / 100, joined % 100)
        }
        None => return None,
    };
    // The widest offsets in use are -12:00 and +14:00.
    if hours > 14 || minutes > 59 {
        return None;
    }
    FixedOffset::east_opt(sign * i32::try_from(hours * 3600 + minutes * 60).ok()?)
}
