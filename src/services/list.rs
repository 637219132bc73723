//! Lists: the records of a kind that a query matches, in an order, with values for columns.

use super::{Env, facts, plan, words};
use crate::domain::context::Context;
use crate::domain::custom::{CustomField, CustomFields, Kept, key};
use crate::domain::derived;
use crate::domain::field::{Field, Shape};
use crate::domain::id::Id;
use crate::domain::kind::Kind;
use crate::domain::lookup::Lookup;
use crate::domain::nearest::nearest;
use crate::domain::pipeline::Pipelines;
use crate::domain::query::{Known, Query, QueryError, QueryErrorKind, Segment};
use crate::domain::record::Record;
use crate::domain::values::text::fold;
use crate::domain::values::{Value, ValueError};
use crate::domain::{KINDS, activity, contact, deal, segment};
use crate::error::{Error, Result};
use crate::scoring::{self, Facts, MOST_ACTIVITIES, Score};
use crate::store::session::Session;
use std::borrow::Cow;
use std::cell::RefCell;
use std::cmp::Ordering;
use std::collections::HashMap;

/// The deals of a contact that a score looks at.
const MOST_DEALS: usize = 1_000;

/// What to list.
#[derive(Clone, Debug)]
pub struct ListRequest {
    /// Which kind.
    pub kind: &'static Kind,
    /// Which records, in the query language; empty for all.
    pub query: String,
    /// By which column, `-` before it for descending; the kind's own order when none.
    pub sort: Option<String>,
    /// At most how many.
    pub limit: Option<usize>,
    /// How many to pass over.
    pub offset: usize,
    /// Archived ones too.
    pub archived: bool,
    /// Those in the trash, and only those.
    pub trashed: bool,
}

impl ListRequest {
    /// All active records of a kind.
    pub const fn all(kind: &'static Kind) -> Self {
        Self {
            kind,
            query: String::new(),
            sort: None,
            limit: None,
            offset: 0,
            archived: false,
            trashed: false,
        }
    }
}

/// The records that a request asks for.
///
/// # Errors
/// When the query or the order is wrong, or the store cannot be read.
pub fn list(session: &Session, env: &Env, request: &ListRequest) -> Result<Vec<Record>> {
    let kind = request.kind;
    let query = Query::parse(&request.query, kind, env.custom, &env.context)
        .map_err(|error| query_error(&request.query, &error))?;
    let lookup = SessionLookup::new(session, env);
    let segments = segments(session)?;
    let known = Known {
        pipelines: lookup.pipelines(),
        own: env.custom,
        segments: &segments,
    };
    let query = query
        .resolve(&known, &env.context)
        .map_err(|error| query_error(&request.query, &error))?;
    let mut found = Vec::new();
    for record in session.all(kind) {
        let record = record.map_err(words::store)?;
        let wanted = if request.trashed {
            record.is_trashed()
        } else {
            record.is_active() || request.archived && !record.is_trashed()
        };
        if wanted && query.matches(&record, &lookup, &env.context) {
            found.push(record);
        }
    }
    sort(&mut found, request, &lookup)?;
    let shown = found.into_iter().skip(request.offset);
    Ok(match request.limit {
        Some(limit) => shown.take(limit).collect(),
        None => shown.collect(),
    })
}

/// The saved queries.
///
/// # Errors
/// When the store cannot be read.
pub fn segments(session: &Session) -> Result<Vec<Segment>> {
    let records = session.all(&segment::KIND);
    let read = records.map(|record| Ok(segment::segment(&record.map_err(words::store)?)));
    Ok(read
        .collect::<Result<Vec<_>>>()?
        .into_iter()
        .flatten()
        .collect())
}

/// Which records come first, however they are sorted.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    /// Those with a value.
    Value,
    /// Those with a text that does not fit what the settings declare.
    Misfit,
    /// Those without.
    Nothing,
}

/// Sorts by a column; records without a value come last.
fn sort(records: &mut [Record], request: &ListRequest, lookup: &SessionLookup<'_>) -> Result<()> {
    let Some(wanted) = &request.sort else {
        if request.kind.time.is_some() {
            records.sort_by_cached_key(|record| (record.kind.time_of(record), record.id));
        } else {
            records.sort_by_cached_key(|record| (fold(record.title()), record.id));
        }
        return Ok(());
    };
    let (name, falling) = match wanted.strip_prefix('-') {
        Some(name) => (name, true),
        None => (wanted.as_str(), false),
    };
    let column = Column::named(request.kind, name, lookup.env.custom)?;
    let context = &lookup.env.context;
    let mut keyed: Vec<(Rank, Option<Value>, Record)> = records
        .iter()
        .map(|record| {
            let value = column.value(record, lookup, context);
            let value = value.map(|value| lookup.resolved(value));
            (
                column.rank(record, value.as_ref(), context),
                value,
                record.clone(),
            )
        })
        .collect();
    keyed.sort_by(|(rank, one, first), (other_rank, other, second)| {
        let by_value = || match (one, other) {
            (Some(one), Some(other)) => {
                let order = compare(one, other);
                if falling { order.reverse() } else { order }
            }
            _ => Ordering::Equal,
        };
        rank.cmp(other_rank)
            .then_with(by_value)
            .then_with(|| first.id.cmp(&second.id))
    });
    for (place, (_, _, record)) in records.iter_mut().zip(keyed) {
        *place = record;
    }
    Ok(())
}

/// The order of two values of one column: amounts by currency first, texts without accents.
pub fn compare(one: &Value, other: &Value) -> Ordering {
    match (one, other) {
        (Value::Text(one), Value::Text(other)) => fold(one).cmp(&fold(other)),
        (Value::Money(one), Value::Money(other)) => one
            .currency
            .code()
            .cmp(other.currency.code())
            .then_with(|| one.minor.cmp(&other.minor)),
        (Value::Number(one), Value::Number(other)) => one.cmp(other),
        (Value::Percent(one), Value::Percent(other)) => one.cmp(other),
        (Value::Minutes(one), Value::Minutes(other)) => one.cmp(other),
        (Value::Days(one), Value::Days(other)) => one.cmp(other),
        (Value::Flag(one), Value::Flag(other)) => one.cmp(other),
        (Value::Date(one), Value::Date(other)) => one.cmp(other),
        (Value::PartialDate(one), Value::PartialDate(other)) => one.cmp(other),
        (Value::Due(one), Value::Due(other)) => one
            .starts(chrono_tz::UTC)
            .cmp(&other.starts(chrono_tz::UTC)),
        (Value::Moment(one), Value::Moment(other)) => one.cmp(other),
        (Value::Instant(one), Value::Instant(other)) => one.cmp(other),
        (Value::Texts(one), Value::Texts(other)) => one.cmp(other),
        (Value::Emails(one), Value::Emails(other)) => one.cmp(other),
        (Value::Phones(one), Value::Phones(other)) => one.cmp(other),
        (Value::Addresses(one), Value::Addresses(other)) => one.cmp(other),
        (Value::Sites(one), Value::Sites(other)) => one.cmp(other),
        _ => Ordering::Equal,
    }
}

/// What a column shows: a field of the table, a derived value or a custom field.
#[derive(Clone, Debug)]
pub enum Column {
    /// A field of the table.
    Field(&'static Field),
    /// A derived value.
    Derived(&'static str),
    /// A custom field that the settings declare.
    Declared(&'static CustomField),
    /// Another custom field.
    Custom(String),
}

impl Column {
    /// The column of that name: a field, a derived value, a field that the settings declare,
    /// or `custom.NAME`.
    ///
    /// # Errors
    /// When the kind has none of that name.
    pub fn named(kind: &'static Kind, name: &str, own: CustomFields) -> Result<Self> {
        if let Some(field) = kind.field(name) {
            return Ok(Self::Field(field));
        }
        if let Some(derived) = derived::of_kind(kind.name).find(|derived| derived.name == name) {
            return Ok(Self::Derived(derived.name));
        }
        if let Some(declared) = own.named(kind, name) {
            return Ok(Self::Declared(declared));
        }
        if let Some(custom) = name.strip_prefix("custom.") {
            return Ok(Self::Custom(custom.to_owned()));
        }
        let known = kind.fields.iter().map(|field| field.name);
        let known: Vec<&str> = known
            .chain(derived::of_kind(kind.name).map(|derived| derived.name))
            .chain(own.of_kind(kind).map(|own| own.field.name))
            .collect();
        let error = Error::invalid(format!("a {} has no column `{name}`", kind.name));
        Err(match nearest(name, known) {
            Some(near) => error.hint(format!("did you mean `{near}`?")),
            None => error.hint(format!("a field of your own is `custom.{name}`")),
        })
    }

    /// Its name, as in headers.
    pub fn name(&self) -> String {
        match self {
            Self::Field(field) => field.name.to_owned(),
            Self::Derived(name) => (*name).to_owned(),
            Self::Declared(own) => own.field.name.to_owned(),
            Self::Custom(name) => name.clone(),
        }
    }

    /// Whether it shows amounts or numbers that the settings declare.
    pub fn is_number(&self) -> bool {
        matches!(self, Self::Declared(own) if matches!(own.field.shape, Shape::Number | Shape::Money))
    }

    fn rank(&self, record: &Record, value: Option<&Value>, context: &Context) -> Rank {
        match (value, self) {
            (None, _) => Rank::Nothing,
            (_, Self::Declared(own)) => match own.kept(record, context) {
                Some(Kept::Text(_)) => Rank::Misfit,
                _ => Rank::Value,
            },
            _ => Rank::Value,
        }
    }

    /// Its value in a record.
    pub fn value(&self, record: &Record, lookup: &dyn Lookup, context: &Context) -> Option<Value> {
        match self {
            Self::Field(field) => record.field(field).cloned(),
            Self::Derived(name) => lookup.derived(record, name),
            Self::Declared(own) => own.kept(record, context).map(Kept::into_value),
            Self::Custom(name) => {
                let named = |own: &str| key(own) == key(name);
                let spelled = || record.custom.iter().find(|(own, _)| named(own));
                let text = record.custom.get(name);
                let text = text.or_else(|| spelled().map(|(_, text)| text));
                text.cloned().map(Value::Text)
            }
        }
    }
}

/// What is wrong with a query, with a mark under the character.
pub fn query_error(query: &str, error: &QueryError) -> Error {
    let what = match &error.kind {
        QueryErrorKind::UnknownField { name, .. } => format!("there is no field `{name}`"),
        QueryErrorKind::BadValue { field, value, .. } => {
            format!("`{value}` does not fit `{field}`")
        }
        QueryErrorKind::NotALink { field } => format!("`{field}` does not link to other records"),
        QueryErrorKind::BadOperator { field, operator } if field.is_empty() => {
            format!("`{operator}` stands alone")
        }
        QueryErrorKind::BadOperator { field, operator } => {
            format!("`{operator}` makes no sense for `{field}`")
        }
        QueryErrorKind::BrokenSegment { name } => {
            format!("the query of the segment `{name}` makes no sense")
        }
        QueryErrorKind::UnclosedQuote => "a quote is not closed".to_owned(),
        QueryErrorKind::UnclosedParenthesis => "a parenthesis is not closed".to_owned(),
        QueryErrorKind::UnopenedParenthesis => "a parenthesis closes what none opened".to_owned(),
        QueryErrorKind::ExpectedTerm => "a word or a term is missing".to_owned(),
        QueryErrorKind::TooDeep(most) => format!("more than {most} levels within each other"),
        QueryErrorKind::TooLong(most) => format!("longer than {most} characters"),
    };
    let mark = format!("{}^", " ".repeat(error.column()));
    let out = Error::invalid(format!("query: {what}"))
        .detail(query.to_owned())
        .detail(mark);
    match &error.kind {
        QueryErrorKind::UnknownField {
            nearest: Some(near),
            ..
        } => out.hint(format!("did you mean `{near}`?")),
        QueryErrorKind::BrokenSegment { name } => out.hint(format!(
            "look at it with `touchbase segment show {}`",
            super::who::quoted(name)
        )),
        QueryErrorKind::BadValue {
            error: ValueError::NotOneOf(names),
            field,
            ..
        } if names.is_empty() && field == "segment" => out.hint(
            "there are none over these: `touchbase segment add NAME --of KIND --query QUERY`",
        ),
        QueryErrorKind::BadValue { error, .. } => {
            let inner = words::value_named("the value", error.clone());
            inner.hints.into_iter().fold(out, Error::hint)
        }
        _ => out,
    }
}

/// Records of a session as the rules look them up; each is read once.
pub struct SessionLookup<'a> {
    session: &'a Session,
    env: &'a Env,
    pipelines: Pipelines,
    known: RefCell<HashMap<Id, Option<Record>>>,
}

impl<'a> SessionLookup<'a> {
    /// A lookup without anything read yet.
    pub fn new(session: &'a Session, env: &'a Env) -> Self {
        let pipelines = plan::pipelines(session, env).unwrap_or_else(|_| env.pipelines.clone());
        Self {
            session,
            env,
            pipelines,
            known: RefCell::default(),
        }
    }

    /// The pipelines, with what the store adds.
    pub const fn pipelines(&self) -> &Pipelines {
        &self.pipelines
    }

    /// The title of a record of whatever kind.
    pub fn title(&self, id: Id) -> Option<String> {
        if let Some(known) = self.known.borrow().get(&id) {
            return known.as_ref().map(|record| record.title().to_owned());
        }
        let found = KINDS
            .iter()
            .find_map(|kind| self.session.get(kind, id).ok().flatten());
        let title = found.as_ref().map(|record| record.title().to_owned());
        self.known.borrow_mut().insert(id, found);
        title
    }

    /// A link as the title of what it links to, for sorting.
    fn resolved(&self, value: Value) -> Value {
        match value {
            Value::Link(id) => Value::Text(self.title(id).unwrap_or_default()),
            Value::Links(ids) => {
                let titles: Vec<_> = ids.iter().filter_map(|id| self.title(*id)).collect();
                Value::Text(titles.join(", "))
            }
            other => other,
        }
    }

    /// A contact's score.
    pub fn score(&self, contact: &Record) -> Score {
        score(self.session, self.env, &self.pipelines, contact)
    }
}

/// A contact's score, from the records that it depends on.
pub fn score(session: &Session, env: &Env, pipelines: &Pipelines, record: &Record) -> Score {
    let deals = session
        .linked_from(record.id, &deal::KIND, MOST_DEALS)
        .unwrap_or_default();
    // Notes do not count, so that more are read than count at most.
    let activities = session
        .linked_from(record.id, &activity::KIND, MOST_ACTIVITIES * 2)
        .unwrap_or_default();
    let company = record.get(contact::COMPANY).and_then(|id| {
        session
            .get(&crate::domain::company::KIND, *id)
            .ok()
            .flatten()
    });
    let facts = Facts {
        contact: record,
        company: company.as_ref(),
        deals: deals
            .iter()
            .map(|deal| facts::deal_fact(deal, pipelines))
            .collect(),
        activities: facts::activity_facts(activities.iter(), env.context.now),
        now: env.context.now,
        zone: env.context.zone,
        currency: env.context.currency,
    };
    scoring::score(&facts, &env.settings.score)
}

impl Lookup for SessionLookup<'_> {
    fn pipelines(&self) -> Option<&Pipelines> {
        Some(&self.pipelines)
    }

    fn record(&self, kind: &'static Kind, id: Id) -> Option<Cow<'_, Record>> {
        if let Some(known) = self.known.borrow().get(&id) {
            return known.clone().map(Cow::Owned);
        }
        let found = self.session.get(kind, id).ok().flatten();
        self.known.borrow_mut().insert(id, found.clone());
        found.map(Cow::Owned)
    }

    fn derived(&self, record: &Record, name: &str) -> Option<Value> {
        if record.kind == &contact::KIND && name == "score" {
            return Some(Value::Number(self.score(record).points.into()));
        }
        derived::value(record, name, &self.env.context, &self.pipelines)
    }
}
