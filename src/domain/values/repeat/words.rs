//! Rules in words, both ways.

use super::rule::{DAYS, Frequency, Rule, Until};
use crate::domain::values::ValueError;
use crate::domain::when::words;
use chrono::NaiveDate;

/// Monday to Friday.
const WORKDAYS: &str = "MO,TU,WE,TH,FR";
/// The dates that a month may lack: the last one that it has, from the 28th up to them.
const LATE_DATES: [(u32, &str); 3] = [(29, "28,29"), (30, "28,29,30"), (31, "28,29,30,31")];
/// For people, Monday first.
const NAMES: [&str; 7] = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
];

/// Reads a rule in words; `day` reads the date of its end.
pub(super) fn parse(
    text: &str,
    day: &dyn Fn(&str) -> Option<NaiveDate>,
) -> Result<Rule, ValueError> {
    let low = text.to_lowercase().replace(',', " ");
    let all: Vec<&str> = low.split_whitespace().collect();
    let (core, count, until) = match all.as_slice() {
        [core @ .., number, "times" | "time"] => (core, Some(counted(number)?), None),
        [core @ .., last] if counted_short(last).is_some() => (core, counted_short(last), None),
        all => match all.iter().position(|word| *word == "until") {
            Some(at) => {
                let (core, end) = all.split_at(at);
                (core, None, Some(ended(end, day)?))
            }
            None => (all, None, None),
        },
    };
    let core = match core {
        ["every" | "each", core @ ..] => core,
        core => core,
    };
    let mut rule = named(core)
        .or_else(|| of_week(core))
        .or_else(|| of_month(core))
        .ok_or(ValueError::Malformed)?;
    (rule.count, rule.until) = (count, until);
    Ok(rule)
}

fn counted(number: &str) -> Result<u32, ValueError> {
    words::number(number, 9)
        .filter(|&count| count > 0)
        .ok_or(ValueError::Malformed)
}

/// `x5`.
fn counted_short(word: &str) -> Option<u32> {
    counted(word.strip_prefix('x')?).ok()
}

/// The date behind `until`.
fn ended(words: &[&str], day: &dyn Fn(&str) -> Option<NaiveDate>) -> Result<Until, ValueError> {
    let date = words.get(1..).unwrap_or_default().join(" ");
    day(&date).map(Until::Day).ok_or(ValueError::When(date))
}

/// `week`, `weekly`, `2 weeks`, `2w`, `other week`.
fn named(words: &[&str]) -> Option<Rule> {
    let (count, word) = match words {
        [word] => match word.find(|c: char| !c.is_ascii_digit()) {
            Some(end) if end > 0 => {
                let (digits, unit) = word.split_at_checked(end)?;
                (words::number(digits, 3)?, unit)
            }
            _ => (1, *word),
        },
        ["other", word] => (2, *word),
        [digits, word] => (words::number(digits, 3)?, *word),
        _ => return None,
    };
    let (frequency, months) = match word {
        "d" | "day" | "days" => (Frequency::Daily, 1),
        "w" | "week" | "weeks" => (Frequency::Weekly, 1),
        "mo" | "month" | "months" => (Frequency::Monthly, 1),
        "quarter" | "quarters" => (Frequency::Monthly, 3),
        "y" | "year" | "years" => (Frequency::Yearly, 1),
        "daily" if count == 1 => (Frequency::Daily, 1),
        "weekly" if count == 1 => (Frequency::Weekly, 1),
        "monthly" if count == 1 => (Frequency::Monthly, 1),
        "quarterly" if count == 1 => (Frequency::Monthly, 3),
        "yearly" | "annually" if count == 1 => (Frequency::Yearly, 1),
        _ => return None,
    };
    let interval = u16::try_from(count * months).ok()?;
    (interval > 0).then(|| Rule::new(frequency, interval))
}

/// `weekdays`, `mon thu`, `2 weeks on monday and thursday`.
fn of_week(words: &[&str]) -> Option<Rule> {
    if let ["weekday" | "weekdays"] = words {
        return Some(Rule::new(Frequency::Weekly, 1).with("BYDAY", WORKDAYS));
    }
    let (rule, days) = match words.iter().position(|word| *word == "on") {
        Some(0) => (Rule::new(Frequency::Weekly, 1), words.get(1..)?),
        Some(at) => {
            let rule = named(words.get(..at)?)?;
            (rule, words.get(at + 1..)?)
        }
        None => (Rule::new(Frequency::Weekly, 1), words),
    };
    if rule.frequency != Frequency::Weekly || days.last().is_none_or(|last| *last == "and") {
        return None;
    }
    let mut found = [false; 7];
    for word in days.iter().filter(|word| **word != "and") {
        *found.get_mut(weekday(word)?)? = true;
    }
    let letters: Vec<&str> = DAYS
        .iter()
        .zip(found)
        .filter_map(|(letters, is_there)| is_there.then_some(*letters))
        .collect();
    Some(rule.with("BYDAY", letters.join(",")))
}

/// `1st monday`, `last friday of the month`, `15th`, `last day of every 2 months`.
fn of_month(words: &[&str]) -> Option<Rule> {
    let words = match words {
        ["the", words @ ..] => words,
        words => words,
    };
    let (words, interval) = match words {
        [words @ .., "of", "the" | "every" | "each", "month"] => (words, 1),
        [words @ .., "of", "every", count, "months"] => {
            let count = words::number(count, 3).filter(|&count| count > 0)?;
            (words, u16::try_from(count).ok()?)
        }
        words => (words, 1),
    };
    let rule = Rule::new(Frequency::Monthly, interval);
    let (first, rest) = words.split_first()?;
    let number = ordinal(first)?;
    match rest {
        [] if *first == "last" => None,
        [] | ["day"] => match LATE_DATES.iter().find(|(date, _)| number == Some(*date)) {
            Some((_, dates)) => Some(rule.with("BYMONTHDAY", *dates).with("BYSETPOS", "-1")),
            None => {
                let date = number.map_or_else(|| "-1".to_owned(), |date| date.to_string());
                Some(rule.with("BYMONTHDAY", date)).filter(|_| number.is_none_or(|it| it <= 31))
            }
        },
        [day] => {
            let letters = DAYS.get(weekday(day)?)?;
            let number = match number {
                Some(number) if number <= 5 => number.to_string(),
                None => "-1".to_owned(),
                Some(_) => return None,
            };
            Some(rule.with("BYDAY", format!("{number}{letters}")))
        }
        _ => None,
    }
}

/// A place in the month; inside, nothing stands for the last.
fn ordinal(word: &str) -> Option<Option<u32>> {
    Some(match word {
        "last" => None,
        "first" => Some(1),
        "second" => Some(2),
        "third" => Some(3),
        "fourth" => Some(4),
        "fifth" => Some(5),
        word => Some(words::ordinal(word).filter(|&number| number > 0)?),
    })
}

/// A weekday as a number from Monday on, also in the plural.
fn weekday(word: &str) -> Option<usize> {
    let day = words::weekday(word).or_else(|| words::weekday(word.strip_suffix('s')?))?;
    usize::try_from(day.num_days_from_monday()).ok()
}

/// The words of a rule, where there are short ones.
pub(super) fn of(rule: &Rule) -> Option<String> {
    let core = match (rule.frequency, rule.parts().as_slice()) {
        (frequency, []) => plain(frequency, rule.interval),
        (Frequency::Weekly, [("BYDAY", WORKDAYS)]) if rule.interval == 1 => {
            "every weekday".to_owned()
        }
        (Frequency::Weekly, [("BYDAY", days)]) => {
            let names: Option<Vec<&str>> = days.split(',').map(name).collect();
            let names = listed(&names?);
            match rule.interval {
                1 => format!("every {names}"),
                interval => format!("{} on {names}", plain(Frequency::Weekly, interval)),
            }
        }
        (Frequency::Monthly, [("BYDAY", day)]) => {
            let (number, letters) = day.split_at_checked(day.len().checked_sub(2)?)?;
            format!("{} {} of {}", place(number)?, name(letters)?, months(rule))
        }
        (Frequency::Monthly, [("BYMONTHDAY", "-1")]) => format!("last day of {}", months(rule)),
        (Frequency::Monthly, [("BYMONTHDAY", date)]) => {
            format!("{} of {}", place(date)?, months(rule))
        }
        (Frequency::Monthly, [("BYMONTHDAY", dates), ("BYSETPOS", "-1")]) => {
            let (date, _) = LATE_DATES.iter().find(|(_, late)| late == dates)?;
            format!("{} of {}", place(&date.to_string())?, months(rule))
        }
        _ => return None,
    };
    Some(match (rule.count, rule.until) {
        (Some(1), _) => format!("{core}, 1 time"),
        (Some(count), _) => format!("{core}, {count} times"),
        (_, Some(Until::Day(day))) => format!("{core} until {day}"),
        (_, Some(_)) => return None,
        _ => core,
    })
}

/// `every week`, `every 2 weeks`.
fn plain(frequency: Frequency, interval: u16) -> String {
    let unit = match frequency {
        Frequency::Daily => "day",
        Frequency::Weekly => "week",
        Frequency::Monthly if interval == 3 => return "every quarter".to_owned(),
        Frequency::Monthly => "month",
        Frequency::Yearly => "year",
    };
    match interval {
        1 => format!("every {unit}"),
        interval => format!("every {interval} {unit}s"),
    }
}

fn months(rule: &Rule) -> String {
    match rule.interval {
        1 => "the month".to_owned(),
        interval => format!("every {interval} months"),
    }
}

fn name(letters: &str) -> Option<&'static str> {
    let index = DAYS.iter().position(|known| *known == letters)?;
    NAMES.get(index).copied()
}

/// `1st`, `22nd`, `last`.
fn place(number: &str) -> Option<String> {
    if number == "-1" {
        return Some("last".to_owned());
    }
    let number = words::number(number, 2)?;
    let ending = match (number % 10, number / 10) {
        (_, 1) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    Some(format!("{number}{ending}"))
}

/// `Monday`, `Monday and Thursday`, `Monday, Tuesday and Friday`.
fn listed(names: &[&str]) -> String {
    match names.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => names.concat(),
    }
}
