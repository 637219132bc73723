//! Text to values: one reader per shape, used by flags, forms, queries and imports alike.

use super::context::Context;
use super::field::Shape;
use super::values::contact_points::{Address, Email, Labelled, Site};
use super::values::dates::PartialDate;
use super::values::money::Money;
use super::values::phone::Phone;
use super::values::repeat::Repeat;
use super::values::text::fold;
use super::values::{Days, Minutes, Percent, Value, ValueError};
use super::when;

/// Reads the text of a field. Shapes that name other records or a pipeline's stage need more
/// than the text and are refused with [`ValueError::NeedsLookup`].
///
/// # Errors
/// What is wrong with the text, without words for a person.
pub fn value(shape: Shape, text: &str, context: &Context) -> Result<Value, ValueError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(ValueError::Empty);
    }
    Ok(match shape {
        Shape::Text => Value::Text(text.split_whitespace().collect::<Vec<_>>().join(" ")),
        Shape::LongText => Value::Text(text.to_owned()),
        Shape::Choice(words) => Value::Text(choice(words, text)?),
        Shape::Texts => Value::Texts(texts(text)),
        Shape::Emails => Value::Emails(labelled(text, ';', Email::parse)?),
        Shape::Phones => Value::Phones(labelled(text, ';', |part| {
            Phone::parse(part, context.region)
        })?),
        Shape::Addresses => Value::Addresses(labelled(text, ';', |part| Ok(Address::parse(part)))?),
        Shape::Sites => Value::Sites(labelled(text, ';', Site::parse)?),
        Shape::Dates => Value::Dates(labelled(text, ';', |part| partial_date(part, context))?),
        Shape::Money => Value::Money(Money::parse(text, context.currency)?),
        Shape::Number => Value::Number(number(text)?),
        Shape::Percent => Value::Percent(percent(text)?),
        Shape::Minutes => Value::Minutes(minutes(text)?),
        Shape::Days => Value::Days(days(text)?),
        Shape::Flag => Value::Flag(flag(text)?),
        Shape::Date => Value::Date(when::due(text, context)?.day(context.zone)),
        Shape::PartialDate => Value::PartialDate(partial_date(text, context)?),
        Shape::Due => Value::Due(when::due(text, context)?),
        Shape::Moment => Value::Moment(when::moment(text, context)?),
        Shape::Repeat => Value::Repeat(Repeat::read(text, context)?),
        Shape::Link(_) | Shape::Links(_) | Shape::Pipeline | Shape::Stage => {
            return Err(ValueError::NeedsLookup);
        }
        Shape::Instant | Shape::Steps | Shape::Stages => return Err(ValueError::ReadOnly),
    })
}

/// The word that a text means, whatever its case.
fn choice(words: &[&str], text: &str) -> Result<String, ValueError> {
    let wanted = fold(text);
    words
        .iter()
        .find(|word| fold(word) == wanted)
        .map(|&word| word.to_owned())
        .ok_or_else(|| ValueError::NotOneOf(words.iter().map(|&word| word.to_owned()).collect()))
}

/// The members of a list: split at semicolons, or at commas where there are none.
fn texts(text: &str) -> Vec<String> {
    let separator = if text.contains(';') { ';' } else { ',' };
    let mut members: Vec<String> = Vec::new();
    for member in text
        .split(separator)
        .map(str::trim)
        .filter(|member| !member.is_empty())
    {
        if !members.iter().any(|known| fold(known) == fold(member)) {
            members.push(member.to_owned());
        }
    }
    members
}

/// Members separated by semicolons, each `value` or `label:value`.
fn labelled<T: PartialEq>(
    text: &str,
    separator: char,
    read: impl Fn(&str) -> Result<T, ValueError>,
) -> Result<Vec<Labelled<T>>, ValueError> {
    let mut members: Vec<Labelled<T>> = Vec::new();
    for part in text
        .split(separator)
        .map(str::trim)
        .filter(|part| !part.is_empty())
    {
        let (label, rest) = split_label(part);
        let value = read(rest)?;
        if !members.iter().any(|known| known.value == value) {
            members.push(Labelled { label, value });
        }
    }
    Ok(members)
}

/// A label is letters before a colon, unless that is the scheme of a link.
fn split_label(part: &str) -> (String, &str) {
    match part.split_once(':') {
        Some((label, rest))
            if !label.is_empty()
                && !rest.starts_with("//")
                && !matches!(label, "tel" | "mailto")
                && label
                    .chars()
                    .all(|c| c.is_alphabetic() || matches!(c, ' ' | '-' | '_')) =>
        {
            (label.trim().to_lowercase(), rest.trim())
        }
        _ => (String::new(), part),
    }
}

fn partial_date(text: &str, context: &Context) -> Result<PartialDate, ValueError> {
    use chrono::Datelike as _;
    if let Some(date) = PartialDate::parse(text) {
        return Ok(date);
    }
    if let Some(date) = when::partial_date_in(text, context.date_order) {
        return Ok(date);
    }
    let day = when::due(text, context)?.day(context.zone);
    let small = |number: u32| u8::try_from(number).unwrap_or(0);
    PartialDate::new(Some(day.year()), small(day.month()), small(day.day()))
        .ok_or(ValueError::Malformed)
}

fn number(text: &str) -> Result<i64, ValueError> {
    let plain: String = text
        .chars()
        .filter(|c| !matches!(c, ',' | '\'' | '_' | ' '))
        .collect();
    plain.parse().map_err(|_| ValueError::Malformed)
}

fn percent(text: &str) -> Result<Percent, ValueError> {
    let digits = text.strip_suffix('%').unwrap_or(text).trim();
    let share: i64 = digits.parse().map_err(|_| ValueError::Malformed)?;
    u8::try_from(share)
        .ok()
        .and_then(Percent::new)
        .ok_or(ValueError::OutOfRange(0, 100))
}

/// `12m`, `1h`, `1h 30m`, `1:30`, `90`.
fn minutes(text: &str) -> Result<Minutes, ValueError> {
    if let Ok(plain) = text.parse::<u32>() {
        return Ok(Minutes(plain));
    }
    if let Some((hours, rest)) = text.split_once(':') {
        let hours: u32 = hours.parse().map_err(|_| ValueError::Malformed)?;
        let rest: u32 = rest.parse().map_err(|_| ValueError::Malformed)?;
        let total = hours
            .checked_mul(60)
            .and_then(|minutes| minutes.checked_add(rest));
        return match total {
            Some(total) if rest < 60 => Ok(Minutes(total)),
            _ => Err(ValueError::Malformed),
        };
    }
    let units: &[(&[&str], u32)] = &[
        (&["m", "min", "mins", "minute", "minutes"], 1),
        (&["h", "hr", "hour", "hours"], 60),
    ];
    quantity(text, units).map(Minutes)
}

/// `30`, `30d`, `2 weeks`, `3 months` (of 30 days), `1y`.
fn days(text: &str) -> Result<Days, ValueError> {
    if let Ok(plain) = text.parse::<u32>() {
        return if plain == 0 {
            Err(ValueError::OutOfRange(1, 36_500))
        } else {
            Ok(Days(plain))
        };
    }
    let units: &[(&[&str], u32)] = &[
        (&["d", "day", "days"], 1),
        (&["w", "week", "weeks"], 7),
        (&["mo", "month", "months"], 30),
        (&["y", "year", "years"], 365),
    ];
    quantity(text, units).map(Days)
}

/// A sum of numbers with units; the whole text must be understood.
fn quantity(text: &str, units: &[(&[&str], u32)]) -> Result<u32, ValueError> {
    let lower = text.to_lowercase();
    let mut rest = lower.trim();
    let mut total: u32 = 0;
    while !rest.is_empty() {
        let digits = rest
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(rest.len());
        let count: u32 = rest[..digits].parse().map_err(|_| ValueError::Malformed)?;
        rest = rest[digits..].trim_start();
        let end = rest
            .find(|c: char| !c.is_alphabetic())
            .unwrap_or(rest.len());
        let (_, size) = units
            .iter()
            .find(|(names, _)| names.contains(&&rest[..end]))
            .ok_or(ValueError::Malformed)?;
        total = count
            .checked_mul(*size)
            .and_then(|part| total.checked_add(part))
            .ok_or(ValueError::OutOfRange(0, i64::from(u32::MAX)))?;
        rest = rest[end..].trim_start();
    }
    if total == 0 {
        Err(ValueError::OutOfRange(1, i64::from(u32::MAX)))
    } else {
        Ok(total)
    }
}

fn flag(text: &str) -> Result<bool, ValueError> {
    match text.to_lowercase().as_str() {
        "yes" | "y" | "true" | "1" | "on" => Ok(true),
        "no" | "n" | "false" | "0" | "off" => Ok(false),
        _ => Err(ValueError::NotOneOf(vec![
            "yes".to_owned(),
            "no".to_owned(),
        ])),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_time_are_understood_whole_or_refused() {
        for (text, expect) in [
            ("12m", Some(12)),
            ("1h 30m", Some(90)),
            ("1:30", Some(90)),
            ("45", Some(45)),
            ("1h30", None),
            ("0m", None),
            ("soon", None),
            ("1:75", None),
            ("99999999999h", None),
        ] {
            assert_eq!(minutes(text).ok().map(|m| m.0), expect, "{text}");
        }
        for (text, expect) in [
            ("30", Some(30)),
            ("2 weeks", Some(14)),
            ("1mo", Some(30)),
            ("0", None),
            ("x", None),
        ] {
            assert_eq!(days(text).ok().map(|d| d.0), expect, "{text}");
        }
    }

    #[test]
    fn labels_stand_before_a_colon_but_schemes_do_not() {
        for (text, expect) in [
            ("work:zoe@acme.de", ("work", "zoe@acme.de")),
            ("https://acme.de", ("", "https://acme.de")),
            ("tel:+49", ("", "tel:+49")),
            ("mobile: 0171", ("mobile", "0171")),
        ] {
            let (label, rest) = split_label(text);
            assert_eq!((label.as_str(), rest), expect);
        }
    }
}
