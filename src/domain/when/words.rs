//! The words of the date grammar, and text cut into them.

use chrono::Weekday;

/// A word as the user wrote it, and in lower case.
pub(super) struct Word<'a> {
    /// For messages.
    pub(super) written: &'a str,
    /// For comparing.
    pub(super) low: String,
}

/// Cuts at white space; a comma may follow a word.
pub(super) fn split(text: &str) -> Vec<Word<'_>> {
    text.split_whitespace()
        .map(|written| {
            let low = written.to_lowercase();
            let low = match low.strip_suffix(',') {
                Some(bare) if !bare.is_empty() => bare.to_owned(),
                _ => low,
            };
            Word { written, low }
        })
        .collect()
}

/// Units of a distance in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Quarter,
    Year,
}

/// Reads a unit. A bare `m` is refused: minutes and months both claim it.
pub(super) fn unit(word: &str) -> Option<Unit> {
    Some(match word {
        "min" | "mins" | "minute" | "minutes" => Unit::Minute,
        "h" | "hr" | "hrs" | "hour" | "hours" => Unit::Hour,
        "d" | "day" | "days" => Unit::Day,
        "w" | "wk" | "wks" | "week" | "weeks" => Unit::Week,
        "mo" | "mos" | "month" | "months" => Unit::Month,
        "quarter" | "quarters" => Unit::Quarter,
        "y" | "yr" | "yrs" | "year" | "years" => Unit::Year,
        _ => return None,
    })
}

/// Reads the name of a weekday, in full or shortened.
pub(in crate::domain) fn weekday(word: &str) -> Option<Weekday> {
    Some(match word {
        "mon" | "monday" => Weekday::Mon,
        "tue" | "tues" | "tuesday" => Weekday::Tue,
        "wed" | "weds" | "wednesday" => Weekday::Wed,
        "thu" | "thur" | "thurs" | "thursday" => Weekday::Thu,
        "fri" | "friday" => Weekday::Fri,
        "sat" | "saturday" => Weekday::Sat,
        "sun" | "sunday" => Weekday::Sun,
        _ => return None,
    })
}

/// Reads the name of a month, in full or shortened: 1 to 12.
pub(super) fn month(word: &str) -> Option<u32> {
    Some(match word.strip_suffix('.').unwrap_or(word) {
        "jan" | "january" => 1,
        "feb" | "february" => 2,
        "mar" | "march" => 3,
        "apr" | "april" => 4,
        "may" => 5,
        "jun" | "june" => 6,
        "jul" | "july" => 7,
        "aug" | "august" => 8,
        "sep" | "sept" | "september" => 9,
        "oct" | "october" => 10,
        "nov" | "november" => 11,
        "dec" | "december" => 12,
        _ => return None,
    })
}

/// Reads a number of at most `most` digits; no sign, no space.
pub(in crate::domain) fn number(word: &str, most: usize) -> Option<u32> {
    let digits = !word.is_empty() && word.len() <= most && word.bytes().all(|b| b.is_ascii_digit());
    digits.then(|| word.parse().ok()).flatten()
}

/// Reads `1st`, `2nd`, `3rd`, `15th`.
pub(in crate::domain) fn ordinal(word: &str) -> Option<u32> {
    let digits = ["st", "nd", "rd", "th"]
        .iter()
        .find_map(|ending| word.strip_suffix(ending))?;
    number(digits, 2)
}
