//! What a template is rendered with: JSON whose objects and lists also read well as they are.

use crate::domain::values::text;
use minijinja::value::{Enumerator, Object, ObjectRepr, Value};
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// What becomes of line breaks within a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lines {
    /// They become spaces.
    Joined,
    /// They stay.
    Kept,
}

/// A name as a template writes it.
pub(super) fn variable(name: &str) -> String {
    name.replace(['-', ' '], "_")
}

/// A member of the data. Fields of the user's own are there or not, in each record anew.
pub(super) fn member(name: &str, json: &Json, lines: Lines) -> Value {
    match json {
        Json::Object(object) if name == "custom" => members(object, lines, true),
        other => value(other, lines),
    }
}

/// JSON as a value.
fn value(json: &Json, lines: Lines) -> Value {
    match json {
        Json::Null => Absent::value(),
        Json::Bool(flag) => Value::from(*flag),
        Json::Number(number) => match (number.as_i64(), number.as_u64()) {
            (Some(whole), _) => Value::from(whole),
            (None, Some(whole)) => Value::from(whole),
            _ => Value::from(number.as_f64().unwrap_or_default()),
        },
        Json::String(text) => Value::from(match lines {
            Lines::Joined => text::line(text),
            Lines::Kept => text::lines(text),
        }),
        Json::Array(list) => {
            let members = list.iter().map(|member| value(member, lines)).collect();
            Value::from_object(List(members))
        }
        Json::Object(object) => members(object, lines, false),
    }
}

fn members(object: &serde_json::Map<String, Json>, lines: Lines, is_open: bool) -> Value {
    let mut named = BTreeMap::new();
    for (name, json) in object {
        let member = value(json, lines);
        named.insert(variable(name), member.clone());
        named.insert(text::line(name), member);
    }
    Value::from_object(Members { named, is_open })
}

/// Text that may reach a terminal: line breaks and tabs stay, they are the template's own.
pub(super) fn clean(text: &str) -> String {
    let is_safe = |c: &char| matches!(c, '\n' | '\t') || !text::is_unsafe(*c);
    text.chars().filter(is_safe).collect()
}

/// What is not set: empty, and so is whatever is looked up in it.
#[derive(Debug)]
pub(super) struct Absent;

impl Absent {
    pub(super) fn value() -> Value {
        Value::from_object(Self)
    }
}

impl Object for Absent {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Seq
    }

    fn get_value(self: &Arc<Self>, _: &Value) -> Option<Value> {
        Some(Self::value())
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Empty
    }

    fn is_true(self: &Arc<Self>) -> bool {
        false
    }

    fn render(self: &Arc<Self>, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}

/// A list; as text its members with commas.
#[derive(Debug)]
struct List(Vec<Value>);

impl Object for List {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Seq
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        // A list that is shorter than was thought is like a value that is not set.
        let member = |index: usize| self.0.get(index).cloned();
        let index = key.as_usize()?;
        Some(member(index).unwrap_or_else(Absent::value))
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Seq(self.0.len())
    }

    fn render(self: &Arc<Self>, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let members: Vec<String> = self.0.iter().map(ToString::to_string).collect();
        formatter.write_str(&members.join(", "))
    }
}

/// An object; as text what people call it: an amount with its currency, a name, a value.
#[derive(Debug)]
struct Members {
    named: BTreeMap<String, Value>,
    /// Whether any name could be there.
    is_open: bool,
}

impl Object for Members {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let found = self.named.get(key.as_str()?).cloned();
        found.or_else(|| self.is_open.then(Absent::value))
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Values(
            self.named
                .keys()
                .map(|name| Value::from(name.as_str()))
                .collect(),
        )
    }

    fn is_true(self: &Arc<Self>) -> bool {
        !self.named.is_empty()
    }

    fn render(self: &Arc<Self>, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let (Some(amount), Some(currency)) =
            (self.named.get("amount"), self.named.get("currency"))
        {
            return write!(formatter, "{amount} {currency}");
        }
        let called = ["name", "value", "words", "to", "id"];
        if let Some(word) = called.iter().find_map(|name| self.named.get(*name)) {
            return write!(formatter, "{word}");
        }
        let members = self
            .named
            .iter()
            .map(|(name, value)| format!("{name}: {value}"));
        formatter.write_str(&members.collect::<Vec<_>>().join(", "))
    }
}
