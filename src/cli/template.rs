//! The user's own form of output: a template in the syntax of Jinja, rendered with the JSON of a
//! row or a record.
//!
//! A name that the data does not have is an error, with its place; so are a filter that there is
//! not and a template that does not end. What is not set in a record is empty, however deep a
//! template looks into it.

mod data;

use crate::domain::nearest::nearest;
use crate::error::{Error, Result};
use data::{Absent, Lines};
use minijinja::value::{Rest, Value};
use minijinja::{Environment, ErrorKind, UndefinedBehavior};
use serde_json::{Map, Value as Json};
use std::collections::BTreeSet;

/// How many steps one rendering may take.
const FUEL: u64 = 100_000;
/// What can stand behind a `|`, for the hint at the nearest.
const FILTERS: &[&str] = &[
    "abs",
    "attr",
    "batch",
    "bool",
    "capitalize",
    "count",
    "default",
    "dictsort",
    "first",
    "float",
    "format",
    "groupby",
    "indent",
    "int",
    "items",
    "join",
    "last",
    "length",
    "lines",
    "list",
    "lower",
    "map",
    "max",
    "min",
    "reject",
    "rejectattr",
    "replace",
    "reverse",
    "round",
    "select",
    "selectattr",
    "slice",
    "sort",
    "split",
    "string",
    "sum",
    "title",
    "trim",
    "unique",
    "upper",
];
/// What a template can call.
const FUNCTIONS: &[&str] = &["range", "dict", "namespace", "debug"];

/// A template that was understood.
#[derive(Clone, Debug)]
pub struct Template {
    source: String,
    names: BTreeSet<String>,
}

impl Template {
    /// Reads a template.
    ///
    /// # Errors
    /// When it is no template, or names a filter, test or function that there is not.
    pub fn parse(source: &str) -> Result<Self> {
        let environment = environment();
        let parsed = environment
            .template_from_named_str("template", source)
            .map_err(|error| explained(source, &error))?;
        let names: BTreeSet<String> = parsed
            .undeclared_variables(false)
            .into_iter()
            .filter(|name| !FUNCTIONS.contains(&name.as_str()))
            .collect();
        // A command that changes something must not find out afterwards.
        let nothing = names.iter().map(|name| (name.clone(), Absent::value()));
        if let Err(error) = parsed.render(Value::from_iter(nothing))
            && matches!(
                error.kind(),
                ErrorKind::UnknownFilter | ErrorKind::UnknownTest | ErrorKind::UnknownFunction
            )
        {
            return Err(explained(source, &error));
        }
        let source = source.to_owned();
        Ok(Self { source, names })
    }

    /// What it names, with hyphens.
    pub fn names(&self) -> impl Iterator<Item = String> {
        self.names.iter().map(|name| name.replace('_', "-"))
    }

    /// Checks that everything it names is among `known`.
    ///
    /// # Errors
    /// The first that is not, with its place and the nearest name.
    pub fn check<'a>(&self, known: impl IntoIterator<Item = &'a str>) -> Result<()> {
        let known: Vec<String> = known.into_iter().map(data::variable).collect();
        let unknown = self.names.iter().filter(|name| !known.contains(name));
        let first = unknown.min_by_key(|name| place_of(&self.source, name));
        let Some(name) = first else { return Ok(()) };
        let at = place_of(&self.source, name);
        let error = placed(&self.source, at, &format!("there is no `{name}` here"));
        Err(match nearest(name, known.iter().map(String::as_str)) {
            Some(near) => error.hint(format!("did you mean `{near}`?")),
            None if known.is_empty() => error,
            None => error.hint(format!("there are: {}", known.join(", "))),
        })
    }

    /// Renders rows: a line break within a value becomes a space.
    ///
    /// # Errors
    /// Where it does not fit the data.
    pub fn rows(&self, rows: impl Iterator<Item = Map<String, Json>>) -> Result<Vec<String>> {
        self.render(rows, &[], Lines::Joined)
    }

    /// Renders a page, of whose names some may have no value.
    ///
    /// # Errors
    /// Where it does not fit the data.
    pub fn page(&self, object: &Map<String, Json>, names: &[String]) -> Result<String> {
        let one = std::iter::once(object.clone());
        Ok(self.render(one, names, Lines::Kept)?.concat())
    }

    fn render(
        &self,
        objects: impl Iterator<Item = Map<String, Json>>,
        names: &[String],
        lines: Lines,
    ) -> Result<Vec<String>> {
        let environment = environment();
        let template = environment
            .template_from_named_str("template", &self.source)
            .map_err(|error| explained(&self.source, &error))?;
        let one = |object: Map<String, Json>| {
            let absent = names
                .iter()
                .map(|name| (data::variable(name), Absent::value()));
            let present = object
                .iter()
                .map(|(name, json)| (data::variable(name), data::member(name, json, lines)));
            let text = template
                .render(Value::from_iter(absent.chain(present)))
                .map_err(|error| explained(&self.source, &error))?;
            Ok(data::clean(&text))
        };
        objects.map(one).collect()
    }
}

fn environment() -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_debug(true);
    environment.set_fuel(Some(FUEL));
    for name in ["default", "d"] {
        environment.add_filter(name, |value: Value, other: Rest<Value>| {
            let is_empty = value.is_undefined() || value.is_none() || value.to_string().is_empty();
            let other = other.first().cloned().unwrap_or_else(|| Value::from(""));
            if is_empty { other } else { value }
        });
    }
    environment
}

/// The first place of a name in the code of a template, in bytes.
fn place_of(source: &str, name: &str) -> usize {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let inside = |at: usize| {
        let before = &source[..at];
        let last = |one: &str, other: &str| before.rfind(one).max(before.rfind(other));
        last("{{", "{%") > last("}}", "%}")
    };
    let places = source.match_indices(name).map(|(at, _)| at);
    let mut whole = places.filter(|&at| {
        let before = source[..at].chars().next_back();
        let after = source[at + name.len()..].chars().next();
        inside(at)
            && !before.is_some_and(|c| is_part(c) || matches!(c, '.' | '\'' | '"'))
            && !after.is_some_and(is_part)
    });
    whole.next().unwrap_or_default()
}

/// An error that points at a place.
fn placed(source: &str, at: usize, what: &str) -> Error {
    let at = at.min(source.len());
    let before = source.get(..at).unwrap_or(source);
    let line = before.matches('\n').count();
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let column = super::style::width(&before[start..]);
    let text = source.lines().nth(line).unwrap_or_default();
    let place = match line {
        0 => format!("column {}", column + 1),
        line => format!("line {}, column {}", line + 1, column + 1),
    };
    Error::invalid(format!("--template, {place}: {what}"))
        .detail(text.to_owned())
        .detail(format!("{}^", " ".repeat(column)))
}

/// What the engine says, in our words.
fn explained(source: &str, error: &minijinja::Error) -> Error {
    let line_start = || {
        let line = error.line().unwrap_or(1).saturating_sub(1);
        let ends = source.match_indices('\n').map(|(at, _)| at + 1);
        std::iter::once(0).chain(ends).nth(line).unwrap_or_default()
    };
    let range = error.range();
    let at = range.as_ref().map_or_else(line_start, |range| range.start);
    let part = range
        .and_then(|range| source.get(range))
        .unwrap_or_default();
    let detail = error.detail().unwrap_or_default();
    let what = match error.kind() {
        ErrorKind::OutOfFuel => "it does not come to an end".to_owned(),
        ErrorKind::UndefinedError if !part.is_empty() => format!("there is no `{part}` here"),
        _ if detail.is_empty() => error.kind().to_string(),
        _ => detail.to_owned(),
    };
    let placed = placed(source, at, &what);
    if error.kind() == ErrorKind::UnknownFilter {
        let wanted = detail.split_whitespace().nth(1).unwrap_or_default();
        let wanted = wanted.trim_matches(|c: char| !c.is_alphanumeric());
        return match nearest(wanted, FILTERS.iter().copied()) {
            Some(near) => placed.hint(format!("did you mean `{near}`?")),
            None => placed.hint(format!("there are: {}", FILTERS.join(", "))),
        };
    }
    placed
}

#[cfg(test)]
mod tests;
