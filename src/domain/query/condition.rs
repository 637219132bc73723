//! What a term asks of a value: read once, with the field's shape, from the text behind it.

use super::fields::Place;
use super::lex::Operator;
use super::time::{AnniversaryTest, TimeTest};
use crate::domain::context::Context;
use crate::domain::field::{Field, Filled, Shape};
use crate::domain::id::Id;
use crate::domain::read;
use crate::domain::values::contact_points::Site;
use crate::domain::values::money::{Currency, Money};
use crate::domain::values::phone::Phone;
use crate::domain::values::text::{fold, words};
use crate::domain::values::{Value, ValueError};

/// What a term asks of a value.
#[derive(Clone, Debug)]
pub(super) enum Condition {
    /// That there is one.
    Set,
    Text(TextTest),
    /// That the id begins so.
    Id(String),
    Link(LinkTest),
    Phone(PhoneTest),
    /// One of these words, compared by their order.
    Choice {
        words: &'static [&'static str],
        operator: Operator,
        place: usize,
    },
    /// A folded name of a stage, compared by the order of the pipeline.
    Stage {
        operator: Operator,
        name: String,
    },
    Number(Operator, i64),
    /// For custom fields, which are texts.
    Decimal(Operator, f64),
    Money(Operator, Money, Option<Currency>),
    Flag(bool),
    Time(TimeTest),
    Anniversary(AnniversaryTest),
}

/// A folded text to be found in another, or to be the same.
#[derive(Clone, Debug)]
pub(super) struct TextTest {
    pub(super) needle: String,
    pub(super) whole: bool,
}

impl TextTest {
    /// Whether a text fits.
    pub(super) fn holds(&self, text: &str) -> bool {
        let folded = fold(text);
        if self.whole {
            folded.trim() == self.needle
        } else {
            folded.contains(&self.needle)
        }
    }
}

/// A linked record, by words of its title or the beginning of its id.
#[derive(Clone, Debug)]
pub(super) struct LinkTest {
    pub(super) title: TextTest,
    pub(super) words: Vec<String>,
    pub(super) id: Option<String>,
}

/// Digits of a phone number with its country's code.
#[derive(Clone, Debug)]
pub(super) enum PhoneTest {
    Whole(String),
    /// One of these stands in it: as dialled from the user's region, or as typed.
    Part([String; 2]),
}

impl PhoneTest {
    pub(super) fn holds(&self, own: &str) -> bool {
        match self {
            Self::Whole(digits) => own == digits,
            Self::Part(parts) => parts.iter().any(|part| own.contains(part)),
        }
    }
}

/// Why a term makes no sense.
pub(super) enum Fault {
    Operator,
    Value(ValueError),
}

impl From<ValueError> for Fault {
    fn from(error: ValueError) -> Self {
        Self::Value(error)
    }
}

/// Reads what stands behind the operator of a term.
pub(super) fn read(
    place: &Place,
    operator: Operator,
    value: &str,
    context: &Context,
) -> Result<Condition, Fault> {
    let value = value.trim();
    let folded = fold(value);
    if folded.is_empty() {
        return Err(ValueError::Empty.into());
    }
    match place {
        Place::Custom(_) if operator.is_order() => return custom_order(operator, value, context),
        place if place.is_id() => return same(operator, Condition::Id(value.to_lowercase())),
        _ => {}
    }
    let number = |number: i64| Ok(Condition::Number(operator, number));
    match place.shape() {
        Shape::Text
        | Shape::LongText
        | Shape::Texts
        | Shape::Emails
        | Shape::Addresses
        | Shape::Repeat
        | Shape::Stages => same(operator, text(operator, folded)),
        Shape::Sites => same(operator, text(operator, fold(&Site::key_of(value)))),
        Shape::Pipeline | Shape::Steps => same(operator, text(Operator::Equal, folded)),
        Shape::Phones => same(operator, phone(operator, value, context)?),
        Shape::Choice(words) => choice(words, operator, &folded),
        Shape::Stage => Ok(Condition::Stage {
            operator,
            name: folded,
        }),
        Shape::Link(_) | Shape::Links(_) => same(operator, link(operator, value, folded)),
        Shape::Money => money(operator, value, context),
        shape @ (Shape::Number | Shape::Percent | Shape::Minutes | Shape::Days) => {
            number(whole_number(shape, value, context)?)
        }
        Shape::Flag => match read::value(Shape::Flag, value, context)? {
            Value::Flag(flag) => same(operator, Condition::Flag(flag)),
            _ => Err(ValueError::Malformed.into()),
        },
        Shape::Date | Shape::Due | Shape::Moment | Shape::Instant => {
            let test = TimeTest::read(operator, value, is_past(place), context)?;
            Ok(Condition::Time(test))
        }
        Shape::PartialDate | Shape::Dates => Ok(Condition::Anniversary(AnniversaryTest::read(
            operator, value, context,
        )?)),
    }
}

/// A condition that knows no more and no less.
fn same(operator: Operator, condition: Condition) -> Result<Condition, Fault> {
    if operator.is_order() {
        Err(Fault::Operator)
    } else {
        Ok(condition)
    }
}

fn text(operator: Operator, needle: String) -> Condition {
    let whole = operator == Operator::Equal;
    Condition::Text(TextTest { needle, whole })
}

fn link(operator: Operator, value: &str, folded: String) -> Condition {
    let whole = operator == Operator::Equal;
    Condition::Link(LinkTest {
        title: TextTest {
            needle: folded,
            whole,
        },
        words: words(value),
        id: Id::is_prefix(value).then(|| value.to_lowercase()),
    })
}

/// A number as it is dialled, or a part of one.
fn phone(operator: Operator, value: &str, context: &Context) -> Result<Condition, Fault> {
    let is_phone = |c: char| c.is_ascii_digit() || " +-/().".contains(c);
    let part = digits(value).trim_start_matches('0').to_owned();
    if part.is_empty() || !value.chars().all(is_phone) {
        return Err(ValueError::Malformed.into());
    }
    let whole = Phone::parse(value, context.region).map(|phone| digits(phone.e164()));
    Ok(Condition::Phone(if operator == Operator::Equal {
        PhoneTest::Whole(whole?)
    } else {
        PhoneTest::Part([whole.unwrap_or_else(|_| part.clone()), part])
    }))
}

/// The digits of a text.
pub(super) fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

fn choice(
    words: &'static [&'static str],
    operator: Operator,
    folded: &str,
) -> Result<Condition, Fault> {
    let place = words.iter().position(|word| fold(word) == folded);
    let place = place
        .ok_or_else(|| ValueError::NotOneOf(words.iter().map(|&word| word.to_owned()).collect()))?;
    Ok(Condition::Choice {
        words,
        operator,
        place,
    })
}

fn money(operator: Operator, value: &str, context: &Context) -> Result<Condition, Fault> {
    let amount = Money::parse(value, context.currency)?;
    let is_number = |c: char| c.is_ascii_digit() || " .,'’_+-−".contains(c);
    let currency = (!value.chars().all(is_number)).then_some(amount.currency);
    Ok(Condition::Money(operator, amount, currency))
}

/// A number that may be zero or negative where a field of that shape may not.
fn whole_number(shape: Shape, value: &str, context: &Context) -> Result<i64, Fault> {
    if shape != Shape::Percent
        && let Ok(number) = value.parse()
    {
        return Ok(number);
    }
    let value = read::value(shape, value, context)?;
    Ok(number_of(&value).ok_or(ValueError::Malformed)?)
}

/// The number that a value is.
pub(super) fn number_of(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => Some(*number),
        Value::Percent(share) => Some(i64::from(share.get())),
        Value::Minutes(minutes) => Some(i64::from(minutes.0)),
        Value::Days(days) => Some(i64::from(days.0)),
        _ => None,
    }
}

/// Custom fields are texts: they have an order where they read as numbers or dates.
fn custom_order(operator: Operator, value: &str, context: &Context) -> Result<Condition, Fault> {
    if let Some(number) = decimal(value) {
        return Ok(Condition::Decimal(operator, number));
    }
    let test = TimeTest::read(operator, value, false, context)?;
    Ok(Condition::Time(test))
}

/// The number that a text is; infinity is none.
pub(super) fn decimal(text: &str) -> Option<f64> {
    let number: f64 = text.trim().parse().ok()?;
    number.is_finite().then_some(number)
}

/// Whether a field tells of something that was, so that a length of time is an age.
fn is_past(place: &Place) -> bool {
    match place.shape() {
        Shape::Instant | Shape::Moment => true,
        Shape::Date => matches!(
            place,
            Place::Field(Field {
                filled: Filled::ByProgram,
                ..
            })
        ),
        _ => false,
    }
}
