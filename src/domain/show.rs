//! Values to text: for machines in the form that [`super::read`] takes back, for people in words.

use super::context::Context;
use super::id::Id;
use super::links;
use super::values::contact_points::Labelled;
use super::values::dates::{Due, Moment, resolve};
use super::values::{Step, Value};
use chrono::{DateTime, Datelike as _, NaiveDate, SecondsFormat, Timelike as _, Utc};

/// The name of a linked record, for people; its id where there is none.
pub type NameOf<'a> = &'a dyn Fn(Id) -> String;

/// The form for machines: exact, in one line unless the text itself has more, readable again.
pub fn plain(value: &Value, context: &Context) -> String {
    match value {
        Value::Text(text) => text.clone(),
        Value::Texts(list) => join(list.iter().map(Clone::clone)),
        Value::Emails(list) => labelled(list, |email| email.as_str().to_owned()),
        Value::Phones(list) => labelled(list, |phone| match phone.extension() {
            Some(extension) => format!("{} ext. {extension}", phone.e164()),
            None => phone.e164().to_owned(),
        }),
        Value::Addresses(list) => labelled(list, super::values::contact_points::Address::line),
        Value::Sites(list) => labelled(list, |site| site.as_str().to_owned()),
        Value::Dates(list) => labelled(list, ToString::to_string),
        Value::Money(money) => format!("{} {}", money.amount(), money.currency.code()),
        Value::Number(number) => number.to_string(),
        Value::Percent(share) => share.get().to_string(),
        Value::Minutes(minutes) => format!("{}m", minutes.0),
        Value::Days(days) => days.0.to_string(),
        Value::Flag(flag) => (if *flag { "yes" } else { "no" }).to_owned(),
        Value::Date(day) => day.to_string(),
        Value::PartialDate(date) => date.to_string(),
        Value::Due(Due::Day(day)) => day.to_string(),
        Value::Due(Due::At(moment)) | Value::Moment(moment) => wall(moment, context),
        Value::Instant(instant) => instant.0.to_rfc3339_opts(SecondsFormat::Millis, true),
        Value::Link(id) => id.text(),
        Value::Links(ids) => join(ids.iter().map(|id| id.text())),
        Value::Steps(steps) => join(steps.iter().map(step)),
        Value::Repeat(repeat) => repeat.rule().to_owned(),
        Value::Stages(stages) => join(stages.iter().map(|stage| stage.name.clone())),
    }
}

/// The members of a list, each in the form for machines; a value that is no list as a whole.
pub fn members(value: &Value, context: &Context) -> Vec<String> {
    fn each<T: Clone>(list: &[T], of: fn(Vec<T>) -> Value, context: &Context) -> Vec<String> {
        let alone = |member: &T| plain(&of(vec![member.clone()]), context);
        list.iter().map(alone).collect()
    }
    match value {
        Value::Texts(list) => each(list, Value::Texts, context),
        Value::Emails(list) => each(list, Value::Emails, context),
        Value::Phones(list) => each(list, Value::Phones, context),
        Value::Addresses(list) => each(list, Value::Addresses, context),
        Value::Sites(list) => each(list, Value::Sites, context),
        Value::Dates(list) => each(list, Value::Dates, context),
        Value::Links(list) => each(list, Value::Links, context),
        other => vec![plain(other, context)],
    }
}

/// The form for people: short, dates in words, links by name.
pub fn words(value: &Value, context: &Context, name_of: NameOf<'_>) -> String {
    match value {
        Value::Phones(_) | Value::Emails(_) | Value::Sites(_) => pieces(value, context, name_of)
            .into_iter()
            .map(|piece| piece.text)
            .collect(),
        Value::Texts(list) => list.join(", "),
        Value::Money(money) => money.to_string(),
        Value::Percent(share) => format!("{}%", share.get()),
        Value::Minutes(minutes) if minutes.0 >= 60 && minutes.0 % 60 == 0 => {
            format!("{}h", minutes.0 / 60)
        }
        Value::Minutes(minutes) if minutes.0 >= 60 => {
            format!("{}h {}m", minutes.0 / 60, minutes.0 % 60)
        }
        Value::Days(days) => format!("{} days", days.0),
        Value::Date(day) => day_words(*day, context),
        Value::Due(due) => due_words(due, context),
        Value::Moment(moment) => instant_words(moment.at, context),
        Value::Instant(instant) => instant_words(instant.0, context),
        Value::Link(id) => name_of(*id),
        Value::Links(ids) => ids
            .iter()
            .map(|id| name_of(*id))
            .collect::<Vec<_>>()
            .join(", "),
        Value::Repeat(repeat) => repeat.words(),
        Value::Steps(steps) => steps
            .iter()
            .map(|step| {
                let day = step.at.with_timezone(&context.zone).date_naive();
                format!("{} {}", step.to, day_words(day, context))
            })
            .collect::<Vec<_>>()
            .join(" → "),
        other => plain(other, context),
    }
}

/// A part of what people read of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// The text.
    pub text: String,
    /// Where it leads.
    pub link: Option<String>,
}

/// The form for people in parts, of which some lead somewhere: together they are [`words`].
pub fn pieces(value: &Value, context: &Context, name_of: NameOf<'_>) -> Vec<Piece> {
    let plain = |text: String| Piece { text, link: None };
    match value {
        Value::Emails(list) => linked(list, |email| Piece {
            text: email.as_str().to_owned(),
            link: Some(links::mail(email)),
        }),
        Value::Phones(list) => linked(list, |phone| Piece {
            text: phone.display(),
            link: Some(links::phone(phone)),
        }),
        Value::Sites(list) => linked(list, |site| Piece {
            text: site.as_str().to_owned(),
            link: links::site(site),
        }),
        other => vec![plain(words(other, context, name_of))],
    }
}

/// The members with their labels behind them.
fn linked<T>(list: &[Labelled<T>], show: impl Fn(&T) -> Piece) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for (index, member) in list.iter().enumerate() {
        let plain = |text: String| Piece { text, link: None };
        if index > 0 {
            pieces.push(plain(", ".to_owned()));
        }
        pieces.push(show(&member.value));
        if !member.label.is_empty() {
            pieces.push(plain(format!(" ({})", member.label)));
        }
    }
    pieces
}

/// A day: `today`, `tomorrow`, `yesterday`, `Fri 27 Nov`, with the year when it is another.
pub fn day_words(day: NaiveDate, context: &Context) -> String {
    let today = context.today();
    match (day - today).num_days() {
        0 => "today".to_owned(),
        1 => "tomorrow".to_owned(),
        -1 => "yesterday".to_owned(),
        _ if day.year() == today.year() => day.format("%a %-d %b").to_string(),
        _ => day.format("%a %-d %b %Y").to_string(),
    }
}

/// A due day, with its time when it has one.
pub fn due_words(due: &Due, context: &Context) -> String {
    match due {
        Due::Day(day) => day_words(*day, context),
        Due::At(moment) => instant_words(moment.at, context),
    }
}

/// An instant in the user's zone: `today 09:00`.
pub fn instant_words(at: DateTime<Utc>, context: &Context) -> String {
    let local = at.with_timezone(&context.zone);
    format!(
        "{} {}",
        day_words(local.date_naive(), context),
        local.format("%H:%M")
    )
}

/// How far a day lies from today: `today`, `in 3 days`, `2 weeks ago`.
pub fn distance_words(day: NaiveDate, context: &Context) -> String {
    let days = (day - context.today()).num_days();
    let (count, unit) = match days.unsigned_abs() {
        0 => return "today".to_owned(),
        count @ 1..=13 => (count, "day"),
        count @ 14..=59 => (count / 7, "week"),
        count @ 60..=729 => (count / 30, "month"),
        count => (count / 365, "year"),
    };
    let plural = if count == 1 { "" } else { "s" };
    if days > 0 {
        format!("in {count} {unit}{plural}")
    } else {
        format!("{count} {unit}{plural} ago")
    }
}

/// A moment as the user's wall clock shows it, in a form that reads back as the same instant.
fn wall(moment: &Moment, context: &Context) -> String {
    let local = moment.at.with_timezone(&context.zone);
    // A clock that is set back shows an hour twice: only the offset tells the second one.
    let again = resolve(local.naive_local(), context.zone) != moment.at;
    let form = match (local.second(), again) {
        (0, false) => "%Y-%m-%d %H:%M",
        (_, false) => "%Y-%m-%d %H:%M:%S",
        (_, true) => "%Y-%m-%d %H:%M:%S%:z",
    };
    local.format(form).to_string()
}

fn step(step: &Step) -> String {
    let at = step.at.to_rfc3339_opts(SecondsFormat::Secs, true);
    match &step.from {
        Some(from) => format!("{at} {from} → {}", step.to),
        None => format!("{at} {}", step.to),
    }
}

fn labelled<T>(list: &[Labelled<T>], show: impl Fn(&T) -> String) -> String {
    join(list.iter().map(|member| {
        let value = show(&member.value);
        if member.label.is_empty() {
            value
        } else {
            format!("{}:{value}", member.label)
        }
    }))
}

fn join(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join("; ")
}
