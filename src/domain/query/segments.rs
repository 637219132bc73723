//! Segments in queries: `segment:vip-north` stands for the query that was saved by that name.

use super::error::{QueryError, QueryErrorKind};
use super::parse::{self, Node};
use super::{Known, Query};
use crate::domain::context::Context;
use crate::domain::kind::Kind;
use crate::domain::values::ValueError;
use crate::domain::values::text::handle;

/// How many segments may stand within each other.
const DEEPEST: usize = 8;
/// The word before the name.
pub(super) const NAME: &str = "segment";

/// A query that was saved by a name.
#[derive(Clone, Debug)]
pub struct Segment {
    /// The name.
    pub name: String,
    /// The kind of record that it is over.
    pub kind: &'static Kind,
    /// The query.
    pub query: String,
}

impl Query {
    /// Puts the queries that segments stand for in their places, and refuses names of segments,
    /// stages and pipelines that do not exist: the text alone cannot tell.
    ///
    /// # Errors
    /// The first such name, with those that exist, or a segment whose query makes no sense.
    pub fn resolve(mut self, known: &Known<'_>, context: &Context) -> Result<Self, QueryError> {
        self.check_stages(known.pipelines)?;
        let (text, kind) = (self.text.clone(), self.kind);
        let mut expand = Expander {
            text: &text,
            kind,
            known,
            context,
        };
        expand.expand(&mut self.root, 0)?;
        Ok(self)
    }
}

/// Replaces segments in one query's tree.
struct Expander<'a> {
    text: &'a str,
    kind: &'static Kind,
    known: &'a Known<'a>,
    context: &'a Context,
}

impl Expander<'_> {
    fn expand(&mut self, node: &mut Node, depth: usize) -> Result<(), QueryError> {
        match node {
            Node::All(nodes) | Node::Any(nodes) => nodes
                .iter_mut()
                .try_for_each(|node| self.expand(node, depth)),
            Node::Not(node) => self.expand(node, depth),
            Node::Segment(name, at) => {
                let fault = |kind| QueryError::new(self.text, at.clone(), kind);
                let segment = self.find(name).map_err(fault)?;
                if depth == DEEPEST {
                    return Err(fault(QueryErrorKind::TooDeep(DEEPEST)));
                }
                let broken = || QueryErrorKind::BrokenSegment {
                    name: segment.name.clone(),
                };
                let inner = Query::parse(&segment.query, self.kind, self.known.own, self.context);
                let inner = inner.and_then(|query| {
                    query.check_stages(self.known.pipelines)?;
                    Ok(query)
                });
                let mut root = inner.map_err(|_| fault(broken()))?.root;
                mark(&mut root, at);
                self.expand(&mut root, depth + 1)?;
                *node = root;
                Ok(())
            }
            Node::Term(_) | Node::Word(_) | Node::Phrase(_) => Ok(()),
        }
    }

    fn find(&self, name: &str) -> Result<&Segment, QueryErrorKind> {
        let of_kind = || {
            self.known
                .segments
                .iter()
                .filter(|known| known.kind == self.kind)
        };
        let wanted = handle(name);
        let found = of_kind().find(|known| handle(&known.name) == wanted);
        found.ok_or_else(|| {
            let mut names: Vec<String> = of_kind().map(|known| handle(&known.name)).collect();
            names.sort();
            QueryErrorKind::BadValue {
                field: NAME.to_owned(),
                value: name.to_owned(),
                error: ValueError::NotOneOf(names),
            }
        })
    }
}

/// Segments within a segment are told by the place of the outermost: only that is in the text.
fn mark(node: &mut Node, place: &std::ops::Range<usize>) {
    match node {
        Node::All(nodes) | Node::Any(nodes) => nodes.iter_mut().for_each(|node| mark(node, place)),
        Node::Not(node) => mark(node, place),
        Node::Segment(_, at) => *at = place.clone(),
        Node::Term(_) | Node::Word(_) | Node::Phrase(_) => {}
    }
}

/// The part of the tree that names a segment.
pub(super) fn node(name: &str, at: std::ops::Range<usize>) -> parse::Node {
    Node::Segment(name.to_owned(), at)
}

#[cfg(test)]
mod tests {
    use super::super::examples::world::{context, world};
    use super::*;
    use crate::domain::contact;
    use crate::domain::custom::CustomFields;
    use crate::domain::pipeline::Pipelines;

    fn segments() -> Vec<Segment> {
        let rows = [
            ("VIP North", "tag:vip"),
            ("both", "segment:vip-north or weiss"),
            ("round", "segment:round"),
            ("broken", "frobnicate:1"),
        ];
        let segment = |(name, query): (&str, &str)| Segment {
            name: name.to_owned(),
            kind: &contact::KIND,
            query: query.to_owned(),
        };
        rows.into_iter().map(segment).collect()
    }

    fn resolve(text: &str) -> Result<Query, QueryError> {
        let (pipelines, segments) = (Pipelines::default(), segments());
        let known = Known {
            pipelines: &pipelines,
            own: CustomFields::default(),
            segments: &segments,
        };
        Query::parse(text, &contact::KIND, known.own, &context())?.resolve(&known, &context())
    }

    #[test]
    fn a_segment_stands_for_its_query() {
        let world = world();
        let same = [
            ("segment:vip-north", "tag:vip"),
            ("segment:\"VIP North\"", "tag:vip"),
            ("segment=vip-north zoe", "tag:vip zoe"),
            ("-segment:vip-north", "-tag:vip"),
            ("segment!=vip-north", "-tag:vip"),
            ("not segment:vip-north", "-tag:vip"),
            ("segment:both", "tag:vip or weiss"),
            ("-(segment:both) or pat", "-(tag:vip or weiss) or pat"),
        ];
        for (segment, plain) in same {
            let found = world.find_by(&resolve(segment).expect(segment));
            let wanted = world.find(&contact::KIND, plain).expect(plain);
            assert_eq!(found, wanted, "{segment}");
        }
    }

    #[test]
    fn what_cannot_be_is_refused_at_its_place() {
        let rows = [
            ("zoe segment:nobody", 12, "BadValue"),
            ("segment:round", 8, "TooDeep"),
            ("a b segment:broken", 12, "BrokenSegment"),
            ("segment>vip-north", 7, "BadOperator"),
        ];
        for (text, column, kind) in rows {
            let error = resolve(text).expect_err(text);
            assert_eq!(error.column(), column, "{text}");
            assert!(
                format!("{:?}", error.kind).starts_with(kind),
                "{text}: {error:?}"
            );
        }
    }
}
