//! The field table: what a kind of record says about each of its fields, once.
//!
//! Flags, forms, columns, CSV headers, search and indexes are derived from it. A
//! typed constructor ties the shape that is read from text to the type that is stored.

use super::id::Id;
use super::record::Key;
use super::values::contact_points::{Address, Email, Labelled, Site};
use super::values::dates::{Due, Moment, PartialDate};
use super::values::money::Money;
use super::values::phone::Phone;
use super::values::repeat::Repeat;
use super::values::{Days, Instant, Minutes, Percent, Step, Stored};
use chrono::NaiveDate;

/// How a field's text is read, checked and completed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// One line.
    Text,
    /// Several lines, edited in a text area or an editor.
    LongText,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// A list of short texts: tags, products, hobbies.
    Texts,
    /// Labelled e-mail addresses.
    Emails,
    /// Labelled phone numbers.
    Phones,
    /// Labelled postal addresses.
    Addresses,
    /// Labelled sites or handles.
    Sites,
    /// Labelled dates whose year may be unknown.
    Dates,
    /// An amount with its currency.
    Money,
    /// A whole number.
    Number,
    /// 0 to 100.
    Percent,
    /// A length of time: `12m`, `1h 30m`.
    Minutes,
    /// A number of days: `30`, `2 weeks`.
    Days,
    /// Yes or no.
    Flag,
    /// A day.
    Date,
    /// A day whose year may be unknown.
    PartialDate,
    /// A day, or a day and time.
    Due,
    /// A date and time with the zone in which it was meant.
    Moment,
    /// An instant that the program keeps.
    Instant,
    /// The record of that kind that a text means.
    Link(&'static str),
    /// Several records of that kind.
    Links(&'static str),
    /// The name of a pipeline.
    Pipeline,
    /// A stage of the record's pipeline.
    Stage,
    /// Dated changes of a state.
    Steps,
    /// Stages with their probabilities.
    Stages,
    /// A rule of recurrence.
    Repeat,
}

impl Shape {
    /// The kind of record that the field links to.
    pub const fn links_to(self) -> Option<&'static str> {
        match self {
            Self::Link(kind) | Self::Links(kind) => Some(kind),
            _ => None,
        }
    }

    /// Whether the field holds a list, so that `+VALUE` and `-VALUE` change it.
    pub const fn is_list(self) -> bool {
        matches!(
            self,
            Self::Texts
                | Self::Emails
                | Self::Phones
                | Self::Addresses
                | Self::Sites
                | Self::Dates
                | Self::Links(_)
        )
    }
}

/// How the store finds records by a field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Index {
    /// Not at all.
    #[default]
    None,
    /// By each whole value, in its compared form.
    Exact,
    /// By each folded word.
    Words,
    /// By the instant.
    Time,
    /// From the linked record, in the order of this record's own time.
    Link,
}

/// Who fills a field in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Filled {
    /// The user, by flag, form or import.
    #[default]
    ByUser,
    /// The program, as a consequence of an action.
    ByProgram,
}

/// One row of a kind's field table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// The permanent number under which records store it.
    pub number: u16,
    /// The word for it in flags, columns, headers and queries: `expected-close`.
    pub name: &'static str,
    /// One line of help.
    pub help: &'static str,
    /// How it is read.
    pub shape: Shape,
    /// How records are found by it.
    pub index: Index,
    /// Who fills it in.
    pub filled: Filled,
    /// Whether a record cannot be without it.
    pub required: bool,
    /// Headers under which other programs export it, in lower case.
    pub aliases: &'static [&'static str],
}

impl Field {
    /// The number of fields that no table has: those of the user's own.
    pub const CUSTOM: u16 = 0;

    /// A field of the user's own, which records keep as a text under its name.
    pub const fn custom(name: &'static str, help: &'static str, shape: Shape) -> Self {
        let key: Key<String> = Key::new(Self::CUSTOM);
        Self::new(key, name, help, shape)
    }

    /// A field of the given shape. Prefer the constructors that tie shape and type together.
    pub const fn new<T: Stored>(
        key: Key<T>,
        name: &'static str,
        help: &'static str,
        shape: Shape,
    ) -> Self {
        Self {
            number: key.number(),
            name,
            help,
            shape,
            index: Index::None,
            filled: Filled::ByUser,
            required: false,
            aliases: &[],
        }
    }

    /// Adds the headers under which other programs export the field.
    #[must_use]
    pub const fn aka(mut self, aliases: &'static [&'static str]) -> Self {
        self.aliases = aliases;
        self
    }

    /// Lets the store find records by the field.
    #[must_use]
    pub const fn indexed(mut self, index: Index) -> Self {
        self.index = index;
        self
    }

    /// A record cannot be without it.
    #[must_use]
    pub const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// Kept by the program: shown, never asked for.
    #[must_use]
    pub const fn read_only(mut self) -> Self {
        self.filled = Filled::ByProgram;
        self
    }

    /// The name as a label for people: `Expected close`.
    pub fn label(&self) -> String {
        let spaced = self.name.replace('-', " ");
        let mut letters = spaced.chars();
        letters.next().map_or_else(String::new, |first| {
            first.to_uppercase().chain(letters).collect()
        })
    }
}

macro_rules! constructors {
    ($($(#[$doc:meta])* $name:ident($kind:ty) => $shape:expr;)*) => {
        impl Field {
            $($(#[$doc])*
            pub const fn $name(key: Key<$kind>, name: &'static str, help: &'static str) -> Self {
                Self::new(key, name, help, $shape)
            })*
        }
    };
}

constructors! {
    /// One line of text.
    text(String) => Shape::Text;
    /// Several lines of text.
    long_text(String) => Shape::LongText;
    /// A list of short texts.
    texts(Vec<String>) => Shape::Texts;
    /// E-mail addresses.
    emails(Vec<Labelled<Email>>) => Shape::Emails;
    /// Phone numbers.
    phones(Vec<Labelled<Phone>>) => Shape::Phones;
    /// Postal addresses.
    addresses(Vec<Labelled<Address>>) => Shape::Addresses;
    /// Sites or handles.
    sites(Vec<Labelled<Site>>) => Shape::Sites;
    /// Labelled dates.
    dates(Vec<Labelled<PartialDate>>) => Shape::Dates;
    /// An amount.
    money(Money) => Shape::Money;
    /// A whole number.
    number(i64) => Shape::Number;
    /// A share of a hundred.
    percent(Percent) => Shape::Percent;
    /// A length of time in minutes.
    minutes(Minutes) => Shape::Minutes;
    /// A number of days.
    days(Days) => Shape::Days;
    /// Yes or no.
    flag(bool) => Shape::Flag;
    /// A day.
    date(NaiveDate) => Shape::Date;
    /// A day whose year may be unknown.
    partial_date(PartialDate) => Shape::PartialDate;
    /// When something is due.
    due(Due) => Shape::Due;
    /// When something happened.
    moment(Moment) => Shape::Moment;
    /// When the program saw something.
    instant(Instant) => Shape::Instant;
    /// A deal's pipeline.
    pipeline(String) => Shape::Pipeline;
    /// A deal's stage.
    stage(String) => Shape::Stage;
    /// Dated changes.
    steps(Vec<Step>) => Shape::Steps;
    /// A rule of recurrence.
    repeat(Repeat) => Shape::Repeat;
}

impl Field {
    /// One of a few words.
    pub const fn choice(
        key: Key<String>,
        name: &'static str,
        help: &'static str,
        words: &'static [&'static str],
    ) -> Self {
        Self::new(key, name, help, Shape::Choice(words))
    }

    /// A record of another kind, found from there too.
    pub const fn link(
        key: Key<Id>,
        name: &'static str,
        help: &'static str,
        kind: &'static str,
    ) -> Self {
        Self::new(key, name, help, Shape::Link(kind)).indexed(Index::Link)
    }

    /// Records of another kind, found from there too.
    pub const fn links(
        key: Key<Vec<Id>>,
        name: &'static str,
        help: &'static str,
        kind: &'static str,
    ) -> Self {
        Self::new(key, name, help, Shape::Links(kind)).indexed(Index::Link)
    }
}
