//! Whether a record fits a query.

use super::condition::{Condition, LinkTest, TextTest, decimal, digits, number_of};
use super::fields::{Hop, Place};
use super::lex::Operator;
use super::parse::{Node, Term, Word, phrase_key};
use crate::domain::context::Context;
use crate::domain::custom::{Kept, key};
use crate::domain::deal;
use crate::domain::field::Shape;
use crate::domain::fuzzy;
use crate::domain::id::Id;
use crate::domain::lookup::Lookup;
use crate::domain::record::Record;
use crate::domain::values::dates::Due;
use crate::domain::values::money::{Currency, Money};
use crate::domain::values::text::{fold, words};
use crate::domain::values::{Value, dates::Moment};
use crate::domain::{kind_by_name, when};
use std::borrow::Cow;
use std::cell::OnceCell;
use std::cmp::Ordering;

/// One record under the eyes of one query; its texts are folded once, when a word asks for them.
pub(super) struct Subject<'a> {
    record: &'a Record,
    lookup: &'a dyn Lookup,
    context: &'a Context,
    title: OnceCell<Vec<String>>,
    texts: OnceCell<Vec<String>>,
}

impl<'a> Subject<'a> {
    pub(super) const fn new(
        record: &'a Record,
        lookup: &'a dyn Lookup,
        context: &'a Context,
    ) -> Self {
        Self {
            record,
            lookup,
            context,
            title: OnceCell::new(),
            texts: OnceCell::new(),
        }
    }

    pub(super) fn fits(&self, node: &Node) -> bool {
        match node {
            Node::All(nodes) => nodes.iter().all(|node| self.fits(node)),
            Node::Any(nodes) => nodes.iter().any(|node| self.fits(node)),
            Node::Not(node) => !self.fits(node),
            Node::Word(word) => self.has_word(word),
            Node::Phrase(phrase) => self.texts().iter().any(|text| text.contains(phrase)),
            Node::Term(term) => self.reaches(self.record, &term.path.hops, term),
            // It is resolved before records are asked.
            Node::Segment(..) => false,
        }
    }

    /// The words of the title fit with gaps; everything else has the word as a part.
    fn has_word(&self, word: &Word) -> bool {
        let title = self.title.get_or_init(|| words(self.record.title()));
        let fits = |part: &String| {
            title
                .iter()
                .any(|own| own.contains(part) || fuzzy::score(own, part).is_some())
        };
        (!word.parts.is_empty() && word.parts.iter().all(fits))
            || self.texts().iter().any(|text| text.contains(&word.needle))
            || word
                .digits
                .as_deref()
                .is_some_and(|digits| self.has_phone(digits))
    }

    fn has_phone(&self, wanted: &str) -> bool {
        let phones =
            self.record
                .kind
                .fields
                .iter()
                .filter_map(|field| match self.record.field(field) {
                    Some(Value::Phones(phones)) => Some(phones),
                    _ => None,
                });
        let mut phones = phones.flatten();
        phones.any(|phone| digits(phone.value.e164()).contains(wanted))
    }

    /// Every text of the record and the titles that it links to, folded.
    fn texts(&self) -> &[String] {
        self.texts.get_or_init(|| {
            let mut texts = Vec::new();
            let mut add = |text: &str| {
                texts.extend(phrase_key(text));
                false
            };
            for field in self.record.kind.fields {
                let Some(value) = self.record.field(field) else {
                    continue;
                };
                any_text(value, &mut add);
                if let Shape::Link(kind) | Shape::Links(kind) = field.shape {
                    for id in self.record.linked(field) {
                        self.with_record(kind, id, |linked| add(linked.title()));
                    }
                }
            }
            for value in self.record.custom.values() {
                add(value);
            }
            texts
        })
    }

    fn with_record(&self, kind: &str, id: Id, test: impl FnOnce(&Record) -> bool) -> bool {
        kind_by_name(kind)
            .and_then(|kind| self.lookup.record(kind, id))
            .is_some_and(|record| test(&record))
    }

    /// Whether a record at the end of the links fits.
    fn reaches(&self, record: &Record, hops: &[Hop], term: &Term) -> bool {
        let Some((hop, rest)) = hops.split_first() else {
            return self.holds(record, &term.path.place, &term.condition);
        };
        record.linked(hop.field).into_iter().any(|id| {
            self.lookup
                .record(hop.kind, id)
                .is_some_and(|linked| self.reaches(&linked, rest, term))
        })
    }

    fn holds(&self, record: &Record, place: &Place, condition: &Condition) -> bool {
        let value = match place {
            Place::Field(field) => record.field(field).map(Cow::Borrowed),
            Place::Derived(derived) => self.lookup.derived(record, derived.name).map(Cow::Owned),
            Place::Declared(own) => match own.kept(record, self.context) {
                Some(Kept::Text(_)) => return matches!(condition, Condition::Set),
                Some(Kept::Value(value)) => Some(Cow::Owned(value)),
                None => None,
            },
            Place::Custom(name) => record
                .custom
                .iter()
                .find(|(own, _)| key(own) == *name)
                .map(|(_, text)| Cow::Owned(Value::Text(text.clone()))),
        };
        let value = value.filter(|value| !value.is_empty());
        if matches!(condition, Condition::Set) {
            return value.is_some();
        }
        let implied = || {
            place
                .when_unset(record.kind)
                .or_else(|| self.default_pipeline(place))
                .map(Cow::Owned)
        };
        match value.or_else(implied) {
            Some(value) => self.fits_value(record, place, condition, &value),
            // Who was never touched was not touched for longer than any time.
            None => matches!((condition, place), (Condition::Time(test), Place::Field(field))
                if test.holds_for_never() && field.name.starts_with("last-")),
        }
    }

    /// A deal without a pipeline stands in the first.
    fn default_pipeline(&self, place: &Place) -> Option<Value> {
        if place.shape() != Shape::Pipeline {
            return None;
        }
        let first = self.lookup.pipelines()?.get(None)?;
        Some(Value::Text(first.name.clone()))
    }

    fn fits_value(
        &self,
        record: &Record,
        place: &Place,
        condition: &Condition,
        value: &Value,
    ) -> bool {
        match (condition, value) {
            (Condition::Set, _) => true,
            (Condition::Text(test), value) => text_fits(test, value),
            (Condition::Id(start), Value::Text(id)) => id.starts_with(start),
            (Condition::Link(test), value) => self.link_fits(place, test, value),
            (Condition::Phone(test), Value::Phones(phones)) => phones
                .iter()
                .any(|phone| test.holds(&digits(phone.value.e164()))),
            (
                Condition::Choice {
                    words,
                    operator,
                    place,
                },
                Value::Text(word),
            ) => words
                .iter()
                .position(|known| *known == word)
                .is_some_and(|own| operator.holds(own.cmp(place))),
            (Condition::Stage { operator, name }, Value::Text(stage)) => {
                self.stage_fits(record, *operator, stage, name)
            }
            (Condition::Number(operator, wanted), value) => {
                number_of(value).is_some_and(|own| operator.holds(own.cmp(wanted)))
            }
            (Condition::Decimal(operator, wanted), Value::Text(text)) => {
                decimal(text).is_some_and(|own| operator.holds(own.total_cmp(wanted)))
            }
            (Condition::Money(operator, wanted, currency), Value::Money(own)) => {
                currency.is_none_or(|currency| own.currency == currency)
                    && operator.holds(compare_amounts(*own, *wanted))
            }
            (Condition::Flag(wanted), Value::Flag(own)) => wanted == own,
            (Condition::Time(test), value) => self
                .time_of(value)
                .is_some_and(|due| test.holds(&due, self.context)),
            (Condition::Anniversary(test), Value::PartialDate(date)) => {
                test.holds(date, self.context)
            }
            (Condition::Anniversary(test), Value::Dates(dates)) => dates
                .iter()
                .any(|date| test.holds(&date.value, self.context)),
            _ => false,
        }
    }

    fn time_of(&self, value: &Value) -> Option<Due> {
        match value {
            Value::Due(due) => Some(*due),
            Value::Date(day) => Some(Due::Day(*day)),
            Value::Moment(moment) => Some(Due::At(*moment)),
            Value::Instant(instant) => Some(Due::At(Moment::new(instant.0, self.context.zone))),
            Value::Text(text) => when::due(text, self.context).ok(),
            _ => None,
        }
    }

    fn link_fits(&self, place: &Place, test: &LinkTest, value: &Value) -> bool {
        let (Shape::Link(kind) | Shape::Links(kind)) = place.shape() else {
            return false;
        };
        let ids = match value {
            Value::Link(id) => std::slice::from_ref(id),
            Value::Links(ids) => ids,
            _ => return false,
        };
        ids.iter().any(|id| {
            let has_id = |start: &String| id.text().starts_with(start);
            test.id.as_ref().is_some_and(has_id)
                || self.with_record(kind, *id, |linked| title_fits(test, linked.title()))
        })
    }

    /// More and less follow the order of the deal's own pipeline.
    fn stage_fits(&self, record: &Record, operator: Operator, own: &str, wanted: &str) -> bool {
        if !operator.is_order() {
            return fold(own) == wanted;
        }
        let order = || {
            let pipelines = self.lookup.pipelines()?;
            let pipeline = pipelines.get(record.get(deal::PIPELINE).map(String::as_str))?;
            Some(pipeline.position(own)?.cmp(&pipeline.position(wanted)?))
        };
        order().is_some_and(|ordering| operator.holds(ordering))
    }
}

fn title_fits(test: &LinkTest, title: &str) -> bool {
    if test.title.whole || test.words.is_empty() {
        return test.title.holds(title);
    }
    let title = fold(title);
    test.words.iter().all(|word| title.contains(word))
}

fn text_fits(test: &TextTest, value: &Value) -> bool {
    match value {
        Value::Sites(sites) => sites.iter().any(|site| test.holds(&site.value.key())),
        value => any_text(value, &mut |text| test.holds(text)),
    }
}

/// Whether one of a value's texts passes. Numbers, dates and links have none.
fn any_text(value: &Value, test: &mut dyn FnMut(&str) -> bool) -> bool {
    match value {
        Value::Text(text) => test(text),
        Value::Texts(list) => list.iter().any(|text| test(text)),
        Value::Emails(list) => list.iter().any(|email| test(email.value.as_str())),
        Value::Phones(list) => list.iter().any(|phone| test(phone.value.e164())),
        Value::Sites(list) => list.iter().any(|site| test(site.value.as_str())),
        Value::Addresses(list) => list.iter().any(|address| {
            let address = &address.value;
            let parts = [
                &address.city,
                &address.postcode,
                &address.region,
                &address.country,
            ];
            test(&address.line()) || parts.into_iter().any(|part| test(part))
        }),
        Value::Steps(steps) => steps.iter().any(|step| test(&step.to)),
        Value::Stages(stages) => stages.iter().any(|stage| test(&stage.name)),
        Value::Repeat(repeat) => test(repeat.rule()) || test(&repeat.words()),
        _ => false,
    }
}

/// By the numbers, whatever the currencies; the caller knows whether that makes sense.
fn compare_amounts(own: Money, wanted: Money) -> Ordering {
    // No currency of ISO 4217 has more than four digits after the point.
    let scaled = |money: Money| {
        let digits = |currency: Currency| u32::from(currency.digits()).min(4);
        i128::from(money.minor) * 10_i128.pow(4 - digits(money.currency))
    };
    scaled(own).cmp(&scaled(wanted))
}
