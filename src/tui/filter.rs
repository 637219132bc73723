//! What a view's list is narrowed to.

use super::model::Shared;
use crate::domain::kind::Kind;
use crate::domain::record::Record;
use crate::domain::values::Value;
use crate::domain::values::text::{fold, words};

/// A query over a view's records.
#[derive(Clone, Debug)]
pub(crate) struct Filter {
    text: String,
    words: Vec<String>,
}

impl Filter {
    /// Reads a query; none when it is empty.
    pub(crate) fn new(text: &str, kind: Option<&'static Kind>, shared: &Shared) -> Option<Self> {
        let _ = (kind, shared);
        (!text.trim().is_empty()).then(|| Self {
            text: text.to_owned(),
            words: words(text),
        })
    }

    /// As it was typed.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Where the query goes wrong, counted in characters, and why.
    pub(crate) fn error(&self) -> Option<(usize, &str)> {
        None
    }

    /// Whether a record is among those that are meant.
    pub(crate) fn matches(&self, record: &Record, shared: &Shared) -> bool {
        let mut all = fold(record.title());
        for field in record.kind.fields {
            match record.field(field) {
                Some(Value::Text(text)) if field.number != record.kind.title.number() => {
                    all.push('\n');
                    all.push_str(&fold(text));
                }
                Some(Value::Link(id)) => {
                    all.push('\n');
                    all.push_str(&fold(&shared.snapshot.name_of(*id)));
                }
                Some(Value::Texts(list)) => {
                    all.push('\n');
                    all.push_str(&fold(&list.join(" ")));
                }
                _ => {}
            }
        }
        self.words.iter().all(|word| all.contains(word.as_str()))
    }
}
