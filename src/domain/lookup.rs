//! How the rules reach other records without knowing where they are kept.

use super::id::Id;
use super::kind::Kind;
use super::pipeline::Pipelines;
use super::record::Record;
use super::values::Value;
use std::borrow::Cow;

/// Records by their identity, and values that are worked out rather than stored.
pub trait Lookup {
    /// The record, when it exists.
    fn record(&self, kind: &'static Kind, id: Id) -> Option<Cow<'_, Record>>;

    /// A value that is worked out: a score, the age of a stage, a weighted value. Their names
    /// are in [`super::derived::DERIVED`].
    fn derived(&self, record: &Record, name: &str) -> Option<Value>;

    /// The pipelines, by which stages have an order; without them stages compare as equal or not.
    fn pipelines(&self) -> Option<&Pipelines> {
        None
    }
}
