//! What a view's list is narrowed to: a query, the one of the command line.

use super::model::Shared;
use crate::domain::kind::Kind;
use crate::domain::query::{Known, Query};
use crate::domain::record::Record;
use crate::domain::segment;
use crate::services::list::query_error;

/// A query over a view's records.
#[derive(Clone, Debug)]
pub(crate) struct Filter {
    text: String,
    query: Option<Query>,
    error: Option<(usize, String)>,
}

impl Filter {
    /// Reads a query; none when it is empty. While it does not parse, the one before counts.
    pub(crate) fn new(
        text: &str,
        kind: Option<&'static Kind>,
        before: Option<&Self>,
        shared: &Shared,
    ) -> Option<Self> {
        let kind = kind?;
        if text.trim().is_empty() {
            return None;
        }
        let parsed = Query::parse(text, kind, shared.custom, &shared.context).and_then(|query| {
            let records = shared.snapshot.of_kind(&segment::KIND);
            let segments: Vec<_> = records.filter_map(segment::segment).collect();
            let known = Known {
                pipelines: shared.snapshot.pipelines(),
                own: shared.custom,
                segments: &segments,
            };
            query.resolve(&known, &shared.context)
        });
        Some(match parsed {
            Ok(query) => Self {
                text: text.to_owned(),
                query: Some(query),
                error: None,
            },
            Err(error) => Self {
                text: text.to_owned(),
                query: before.and_then(|before| before.query.clone()),
                error: Some((error.column(), reason(text, &error))),
            },
        })
    }

    /// As it was typed.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Before which character the query goes wrong, and why.
    pub(crate) fn error(&self) -> Option<(usize, &str)> {
        self.error
            .as_ref()
            .map(|(at, reason)| (*at, reason.as_str()))
    }

    /// Whether a record is among those that are meant.
    pub(crate) fn matches(&self, record: &Record, shared: &Shared) -> bool {
        let lookup = shared
            .snapshot
            .lookup(&shared.context, &shared.settings.score);
        let fits = |query: &Query| query.matches(record, &lookup, &shared.context);
        self.query.as_ref().is_none_or(fits)
    }
}

/// The words of a fault, without the query itself.
fn reason(text: &str, error: &crate::domain::query::QueryError) -> String {
    let message = query_error(text, error).message;
    message
        .strip_prefix("query: ")
        .unwrap_or(&message)
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::contact;
    use crate::tui::sample::{lines, model, press, screen_text};

    #[test]
    fn a_list_narrows_while_typing_and_a_fault_keeps_what_was_found() {
        let mut model = model(80, 24);
        press(&mut model, "1 / text:tag:vip_lifecycle:customer");
        assert!(
            lines(&model)[2].contains("Zoë Müller"),
            "{}",
            screen_text(&model)
        );
        assert!(!screen_text(&model).contains("Ben"));
        press(&mut model, "text:_(");
        let text = screen_text(&model);
        assert!(
            text.contains("✗ at 29: a word or a term is missing"),
            "{text}"
        );
        assert!(lines(&model)[2].contains("Zoë Müller"), "{text}");
        press(&mut model, "esc");
        assert!(screen_text(&model).contains("Ben"));
    }

    #[test]
    fn the_chip_stays_with_its_count_until_esc() {
        let mut model = model(80, 24);
        press(&mut model, "1 / text:ana enter");
        let last = lines(&model).pop().unwrap();
        assert!(last.starts_with(" /ana · 1 of 5"), "{last}");
        press(&mut model, "esc");
        assert!(!lines(&model).pop().unwrap().contains("/ana"));
        let filter = Filter::new(" ", Some(&contact::KIND), None, &model.shared);
        assert!(filter.is_none());
    }
}
