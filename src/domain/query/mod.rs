//! The query language: words, `field:value` terms, `or`, `not` and parentheses.
//!
//! [`Query::parse`] checks every name and value against the field table, so that a
//! query that parses means something; [`Query::matches`] asks one record.

mod condition;
mod error;
mod eval;
mod fields;
mod lex;
mod parse;
mod segments;
mod time;

#[cfg(test)]
mod examples;

pub use error::{QueryError, QueryErrorKind};
pub use fields::{FieldName, field_names};
pub use segments::Segment;

use super::context::Context;
use super::custom::CustomFields;
use super::field::Shape;
use super::kind::Kind;
use super::lookup::Lookup;
use super::pipeline::Pipelines;
use super::record::Record;
use super::values::ValueError;
use condition::Condition;
use parse::Node;

/// What the text of a query alone cannot tell.
#[derive(Clone, Copy)]
pub struct Known<'a> {
    /// The pipelines with their stages.
    pub pipelines: &'a Pipelines,
    /// The fields of the user's own that the settings declare.
    pub own: CustomFields,
    /// The saved queries.
    pub segments: &'a [Segment],
}

/// A query over the records of a kind.
#[derive(Clone, Debug)]
pub struct Query {
    text: String,
    kind: &'static Kind,
    root: Node,
}

impl Query {
    /// Reads a query. An empty one matches everything; `own` are the fields that the settings
    /// declare. Times such as `7d` are counted from the context's now, once.
    ///
    /// # Errors
    /// What is wrong, and where.
    pub fn parse(
        text: &str,
        kind: &'static Kind,
        own: CustomFields,
        context: &Context,
    ) -> Result<Self, QueryError> {
        Ok(Self {
            text: text.to_owned(),
            kind,
            root: parse::parse(text, kind, own, context)?,
        })
    }

    /// Refuses names of stages and pipelines that do not exist.
    fn check_stages(&self, pipelines: &Pipelines) -> Result<(), QueryError> {
        let mut error = None;
        visit(&self.root, &mut |term| {
            if error.is_none() {
                error = self.unknown_stage(term, pipelines);
            }
        });
        error.map_or(Ok(()), Err)
    }

    /// Whether it asks for nothing, so that every record fits.
    pub fn is_empty(&self) -> bool {
        matches!(&self.root, Node::All(nodes) if nodes.is_empty())
    }

    /// The kind of record that it asks for.
    pub const fn kind(&self) -> &'static Kind {
        self.kind
    }

    /// The text that it was read from.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether a record fits; one of another kind never does.
    pub fn matches(&self, record: &Record, lookup: &dyn Lookup, context: &Context) -> bool {
        *record.kind == *self.kind && eval::Subject::new(record, lookup, context).fits(&self.root)
    }

    fn unknown_stage(&self, term: &parse::Term, pipelines: &Pipelines) -> Option<QueryError> {
        let place = &term.path.place;
        let (is_known, names): (bool, Vec<String>) = match (place.shape(), &term.condition) {
            (Shape::Stage, Condition::Stage { name, .. }) => {
                let mut all = pipelines.0.iter();
                let known = all.any(|pipeline| pipeline.stage(name).is_some());
                let stages = pipelines.0.iter().flat_map(|pipeline| &pipeline.stages);
                (known, stages.map(|stage| stage.name.clone()).collect())
            }
            (Shape::Pipeline, Condition::Text(test)) => {
                let names = pipelines.0.iter().map(|pipeline| pipeline.name.clone());
                (pipelines.get(Some(&test.needle)).is_some(), names.collect())
            }
            _ => return None,
        };
        let slice = || self.text.get(term.value_at.clone()).unwrap_or("");
        let fault = QueryErrorKind::BadValue {
            field: place.name().to_owned(),
            value: slice().trim_matches('"').to_owned(),
            error: ValueError::NotOneOf(names),
        };
        (!is_known).then(|| QueryError::new(&self.text, term.value_at.clone(), fault))
    }
}

/// Shows every term of a tree.
fn visit(node: &Node, see: &mut dyn FnMut(&parse::Term)) {
    match node {
        Node::All(nodes) | Node::Any(nodes) => nodes.iter().for_each(|node| visit(node, see)),
        Node::Not(node) => visit(node, see),
        Node::Term(term) => see(term),
        Node::Word(_) | Node::Phrase(_) | Node::Segment(..) => {}
    }
}
