//! What a typed text means for a field: its value and an echo of what was understood, what is
//! wrong with it, and how it could go on.

use crate::domain::field::{Field, Shape};
use crate::domain::id::Id;
use crate::domain::kind::Kind;
use crate::domain::record::Record;
use crate::domain::values::dates::Due;
use crate::domain::values::text::fold;
use crate::domain::values::{Value, ValueError};
use crate::domain::{kind_by_name, read, show};
use crate::tui::model::Shared;
use crate::tui::next_step;
use chrono::NaiveDate;
use std::collections::BTreeSet;

/// How many ways to go on are offered.
const MOST_OFFERS: usize = 5;
/// How many records are looked at for words that are in use.
const MOST_LOOKED_AT: usize = 20_000;

/// How the text of a field is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reader {
    /// As the shape says.
    Shape(Shape),
    /// `WHEN: TEXT`, a follow-up.
    NextStep,
}

/// What a text means.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Reading {
    /// Nothing was typed.
    Empty,
    /// A value, and what was understood, in words.
    Value(Value, String),
    /// A text for the reader of a later layer, and what was understood.
    Text(String),
    /// Not understood, and why.
    Wrong(String),
}

/// What is known beside the text itself.
pub(crate) struct Beside<'a> {
    /// The data.
    pub(crate) shared: &'a Shared,
    /// The pipeline in which stages are looked up; the default one when empty.
    pub(crate) pipeline: &'a str,
    /// Names that stand for certain records: what stood there before, what was chosen.
    pub(crate) known: &'a [(String, Id)],
}

impl Reader {
    /// Reads a text.
    pub(crate) fn read(self, text: &str, beside: &Beside<'_>) -> Reading {
        let context = &beside.shared.context;
        if text.trim().is_empty() {
            return Reading::Empty;
        }
        match self {
            Self::NextStep => match next_step::parse(text, context) {
                Ok(next) => {
                    let what = if next.text.is_empty() {
                        "follow up"
                    } else {
                        &next.text
                    };
                    Reading::Text(format!("{}: {what}", due_echo(&next.due, beside.shared)))
                }
                Err(error) => Reading::Wrong(wrong(&error)),
            },
            Self::Shape(Shape::Link(kind)) => link(kind, text, beside),
            Self::Shape(Shape::Links(kind)) => links(kind, text, beside),
            Self::Shape(Shape::Stage) => stage(text, beside),
            Self::Shape(Shape::Pipeline) => pipeline(text, beside),
            Self::Shape(shape) => match read::value(shape, text, context) {
                Ok(value) => {
                    let echo = echo(shape, &value, text, beside.shared);
                    Reading::Value(value, echo)
                }
                Err(error) => Reading::Wrong(wrong(&error)),
            },
        }
    }

    /// The words that ← and → go through.
    pub(crate) fn choices(self, beside: &Beside<'_>) -> Vec<String> {
        let pipelines = beside.shared.snapshot.pipelines();
        match self {
            Self::Shape(Shape::Choice(words)) => {
                words.iter().map(|&word| word.to_owned()).collect()
            }
            Self::Shape(Shape::Flag) => vec!["yes".to_owned(), "no".to_owned()],
            Self::Shape(Shape::Pipeline) => pipelines
                .0
                .iter()
                .map(|pipeline| pipeline.name.clone())
                .collect(),
            Self::Shape(Shape::Stage) => {
                let name = Some(beside.pipeline).filter(|name| !name.is_empty());
                let stages = pipelines.get(name).map(|pipeline| &pipeline.stages);
                stages
                    .into_iter()
                    .flatten()
                    .map(|stage| stage.name.clone())
                    .collect()
            }
            _ => Vec::new(),
        }
    }

    /// How the text could go on: whole texts for the field, with the records that they name.
    pub(crate) fn offers(
        self,
        text: &str,
        kind: Option<&'static Kind>,
        field: Option<&'static Field>,
        beside: &Beside<'_>,
    ) -> Vec<(String, Option<Id>)> {
        let list = match self {
            Self::Shape(shape) => shape.is_list(),
            Self::NextStep => false,
        };
        let (before, last) = if list { split_last(text) } else { ("", text) };
        let whole = |word: &str| format!("{before}{word}");
        let wanted = fold(last.trim());
        match self {
            Self::Shape(Shape::Link(linked) | Shape::Links(linked)) if !wanted.is_empty() => {
                let found = candidates(linked, last, beside.shared);
                found
                    .into_iter()
                    .map(|record| (whole(record.title()), Some(record.id)))
                    .collect()
            }
            Self::Shape(Shape::Choice(_) | Shape::Stage | Shape::Pipeline | Shape::Flag) => {
                let words = self.choices(beside).into_iter();
                let fits = words.filter(|word| fold(word).starts_with(&wanted) && word != last);
                fits.map(|word| (word, None)).collect()
            }
            Self::Shape(Shape::Text | Shape::Texts) if !wanted.is_empty() => {
                let (Some(kind), Some(field)) = (kind, field) else {
                    return Vec::new();
                };
                if field.number == kind.title.number() {
                    return Vec::new();
                }
                let used = in_use(kind, field, &wanted, beside.shared);
                used.into_iter().map(|word| (whole(&word), None)).collect()
            }
            _ => Vec::new(),
        }
    }
}

/// Splits a list before its last member.
fn split_last(text: &str) -> (&str, &str) {
    let separator = if text.contains(';') { ';' } else { ',' };
    match text.rfind(separator) {
        Some(at) => {
            let rest = &text[at + 1..];
            let blank = rest.len() - rest.trim_start().len();
            text.split_at(at + 1 + blank)
        }
        None => ("", text),
    }
}

/// Records whose names hold every typed word, those that begin with the text first.
fn candidates<'a>(kind: &str, text: &str, shared: &'a Shared) -> Vec<&'a Record> {
    let Some(kind) = kind_by_name(kind) else {
        return Vec::new();
    };
    let wanted = fold(text.trim());
    let words: Vec<&str> = wanted.split_whitespace().collect();
    let mut found: Vec<(bool, &Record)> = Vec::new();
    for record in shared.snapshot.of_kind(kind) {
        let name = fold(record.title());
        if words.iter().all(|word| name.contains(word)) {
            found.push((!name.starts_with(&wanted), record));
            if found.len() >= MOST_OFFERS * 4 {
                break;
            }
        }
    }
    found.sort_by_key(|(later, _)| *later);
    found
        .into_iter()
        .take(MOST_OFFERS)
        .map(|(_, record)| record)
        .collect()
}

/// Words of a field that are in use and go on from what was typed.
fn in_use(
    kind: &'static Kind,
    field: &'static Field,
    wanted: &str,
    shared: &Shared,
) -> Vec<String> {
    let mut found: BTreeSet<String> = BTreeSet::new();
    for record in shared.snapshot.of_kind(kind).take(MOST_LOOKED_AT) {
        let words: &[String] = match record.field(field) {
            Some(Value::Text(word)) => std::slice::from_ref(word),
            Some(Value::Texts(words)) => words,
            _ => match record.custom.get(field.name) {
                Some(word) if field.number == Field::CUSTOM => std::slice::from_ref(word),
                _ => continue,
            },
        };
        let longer = |word: &&String| fold(word).starts_with(wanted) && fold(word) != wanted;
        found.extend(words.iter().filter(longer).cloned());
    }
    found.into_iter().take(MOST_OFFERS).collect()
}

fn one(kind: &str, text: &str, beside: &Beside<'_>) -> Result<Id, String> {
    let wanted = fold(text.trim());
    if let Some((_, id)) = beside
        .known
        .iter()
        .rev()
        .find(|(name, _)| fold(name.trim()) == wanted)
    {
        return Ok(*id);
    }
    let found = candidates(kind, text, beside.shared);
    let exact: Vec<&&Record> = found
        .iter()
        .filter(|record| fold(record.title()) == wanted)
        .collect();
    match (exact.as_slice(), found.as_slice()) {
        ([record], _) => Ok(record.id),
        ([], [record]) => Ok(record.id),
        ([], []) => Err(format!("no {kind} is called `{}`", text.trim())),
        (several, _) if several.len() > 1 => Err(format!(
            "{} {kind} records are called that: choose one",
            several.len()
        )),
        _ => {
            let names: Vec<&str> = found.iter().map(|record| record.title()).collect();
            Err(format!("several fit: {}", names.join(", ")))
        }
    }
}

fn link(kind: &str, text: &str, beside: &Beside<'_>) -> Reading {
    match one(kind, text, beside) {
        Ok(id) => {
            let name = beside.shared.snapshot.name_of(id);
            let echo = if name == text.trim() {
                String::new()
            } else {
                name
            };
            Reading::Value(Value::Link(id), echo)
        }
        Err(reason) => Reading::Wrong(reason),
    }
}

fn links(kind: &str, text: &str, beside: &Beside<'_>) -> Reading {
    let separator = if text.contains(';') { ';' } else { ',' };
    let mut ids: Vec<Id> = Vec::new();
    for part in text.split(separator).filter(|part| !part.trim().is_empty()) {
        match one(kind, part, beside) {
            Ok(id) if !ids.contains(&id) => ids.push(id),
            Ok(_) => {}
            Err(reason) => return Reading::Wrong(reason),
        }
    }
    let names: Vec<String> = ids
        .iter()
        .map(|id| beside.shared.snapshot.name_of(*id))
        .collect();
    let echo = names.join("; ");
    let same = echo == text.trim();
    Reading::Value(Value::Links(ids), if same { String::new() } else { echo })
}

fn stage(text: &str, beside: &Beside<'_>) -> Reading {
    let name = Some(beside.pipeline).filter(|name| !name.is_empty());
    let pipelines = beside.shared.snapshot.pipelines();
    match pipelines
        .get(name)
        .and_then(|pipeline| pipeline.stage(text))
    {
        Some(stage) => {
            let echo = format!("{}% to win", stage.probability.get());
            Reading::Value(Value::Text(stage.name.clone()), echo)
        }
        None => {
            let names = Reader::Shape(Shape::Stage).choices(beside).join(", ");
            Reading::Wrong(format!("one of: {names}"))
        }
    }
}

fn pipeline(text: &str, beside: &Beside<'_>) -> Reading {
    match beside.shared.snapshot.pipelines().get(Some(text)) {
        Some(found) => Reading::Value(Value::Text(found.name.clone()), String::new()),
        None => {
            let names = Reader::Shape(Shape::Pipeline).choices(beside).join(", ");
            Reading::Wrong(format!("one of: {names}"))
        }
    }
}

/// What was understood, where it says more than what was typed.
fn echo(shape: Shape, value: &Value, typed: &str, shared: &Shared) -> String {
    let context = &shared.context;
    let words = match value {
        Value::Date(day) => day_echo(*day, shared),
        Value::Due(due) => due_echo(due, shared),
        Value::Moment(moment) => due_echo(&Due::At(*moment), shared),
        Value::Text(_) if matches!(shape, Shape::Text | Shape::LongText) => return String::new(),
        Value::PartialDate(date) => {
            let next = date.next_on_or_after(context.today());
            next.map_or_else(String::new, |day| {
                format!("next on {}", show::day_words(day, context))
            })
        }
        other => show::words(other, context, &|id| shared.snapshot.name_of(id)),
    };
    if words == typed.trim() {
        String::new()
    } else {
        words
    }
}

fn day_echo(day: NaiveDate, shared: &Shared) -> String {
    let distance = show::distance_words(day, &shared.context);
    format!("{}, {distance}", day.format("%a %-d %b %Y"))
}

/// A due day in full: `Fri 27 Nov 2026 09:00, in 2 days`.
pub(crate) fn due_echo(due: &Due, shared: &Shared) -> String {
    let zone = shared.context.zone;
    match due {
        Due::Day(day) => day_echo(*day, shared),
        Due::At(moment) => {
            let local = moment.at.with_timezone(&zone);
            let distance = show::distance_words(local.date_naive(), &shared.context);
            format!("{}, {distance}", local.format("%a %-d %b %Y %H:%M"))
        }
    }
}

/// Why a text is no value, in a few words.
pub(crate) fn wrong(error: &ValueError) -> String {
    match error {
        ValueError::Empty => "nothing stands here".to_owned(),
        ValueError::Malformed => "not understood".to_owned(),
        ValueError::OutOfRange(least, most) if *most > 1_000_000_000 => format!("at least {least}"),
        ValueError::OutOfRange(least, most) => format!("from {least} to {most}"),
        ValueError::NotOneOf(words) => format!("one of: {}", words.join(", ")),
        ValueError::UnknownCurrency(code) => format!("`{code}` is no currency; try EUR or €"),
        ValueError::TooFine { currency, digits } => format!("{currency} has {digits} decimals"),
        ValueError::When(part) if part.is_empty() => "no date or time: try fri 9am, +3d".to_owned(),
        ValueError::When(part) => format!("`{part}` is no date or time: try fri 9am, +3d"),
        ValueError::NeedsLookup => "names a record".to_owned(),
        ValueError::ReadOnly => "kept by the program".to_owned(),
    }
}
