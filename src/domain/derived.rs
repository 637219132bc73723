//! Values that are worked out from a record rather than stored in it: usable as columns and
//! in queries by their names.

use super::context::Context;
use super::deal;
use super::field::Shape;
use super::follow_up;
use super::pipeline::{Outcome, Pipelines};
use super::record::{Record, State};
use super::values::{Days, Instant, Percent, Value};
use chrono::{DateTime, Utc};

/// A value that is worked out.
#[derive(Clone, Copy, Debug)]
pub struct Derived {
    /// The kind that has it; every kind when empty.
    pub kind: &'static str,
    /// Its name, as a column and in queries.
    pub name: &'static str,
    /// One line of help.
    pub help: &'static str,
    /// How a text that it is compared with is read.
    pub shape: Shape,
}

/// The words of a record's state.
pub const STATES: &[&str] = &["active", "archived", "trashed"];
/// The words of a deal's status.
pub const DEAL_STATUSES: &[&str] = &["open", "won", "lost"];
/// The words of a follow-up's status.
pub const FOLLOW_UP_STATUSES: &[&str] = &["open", "overdue", "done"];

/// Every derived value. `score` needs the whole store and comes from the scoring service.
pub const DERIVED: &[Derived] = &[
    Derived {
        kind: "",
        name: "id",
        help: "The record's id",
        shape: Shape::Text,
    },
    Derived {
        kind: "",
        name: "state",
        help: "active, archived or trashed",
        shape: Shape::Choice(STATES),
    },
    Derived {
        kind: "",
        name: "created",
        help: "When it came into the store",
        shape: Shape::Instant,
    },
    Derived {
        kind: "",
        name: "updated",
        help: "When it was last changed",
        shape: Shape::Instant,
    },
    Derived {
        kind: "",
        name: "revision",
        help: "How often it was changed",
        shape: Shape::Number,
    },
    Derived {
        kind: "contact",
        name: "score",
        help: "How promising, 0 to 100",
        shape: Shape::Number,
    },
    Derived {
        kind: "deal",
        name: "status",
        help: "open, won or lost",
        shape: Shape::Choice(DEAL_STATUSES),
    },
    Derived {
        kind: "deal",
        name: "chance",
        help: "The probability that counts, in percent",
        shape: Shape::Percent,
    },
    Derived {
        kind: "deal",
        name: "weighted",
        help: "Value times chance",
        shape: Shape::Money,
    },
    Derived {
        kind: "deal",
        name: "age",
        help: "Days in its stage",
        shape: Shape::Days,
    },
    Derived {
        kind: "deal",
        name: "stale",
        help: "Open and untouched for longer than its stage allows",
        shape: Shape::Flag,
    },
    Derived {
        kind: "follow-up",
        name: "status",
        help: "open, overdue or done",
        shape: Shape::Choice(FOLLOW_UP_STATUSES),
    },
];

/// The derived values of a kind.
pub fn of_kind(kind: &str) -> impl Iterator<Item = &'static Derived> {
    DERIVED
        .iter()
        .filter(move |derived| derived.kind.is_empty() || derived.kind == kind)
}

/// Works out a value that needs nothing but the record and the pipelines.
pub fn value(
    record: &Record,
    name: &str,
    context: &Context,
    pipelines: &Pipelines,
) -> Option<Value> {
    let text = |word: &str| Some(Value::Text(word.to_owned()));
    match (record.kind.name, name) {
        (_, "id") => Some(Value::Text(record.id.text())),
        (_, "created") => Some(Value::Instant(Instant(record.created))),
        (_, "updated") => Some(Value::Instant(Instant(record.updated))),
        (_, "revision") => i64::try_from(record.revision).ok().map(Value::Number),
        (_, "state") => text(match record.state {
            State::Active => "active",
            State::Archived(_) => "archived",
            State::Trashed(_) => "trashed",
        }),
        ("deal", "status") => text(match outcome(record, pipelines) {
            Outcome::Open => "open",
            Outcome::Won => "won",
            Outcome::Lost => "lost",
        }),
        ("deal", "chance") => Some(Value::Percent(chance(record, pipelines))),
        ("deal", "weighted") => record
            .get(deal::VALUE)
            .map(|value| Value::Money(value.share(chance(record, pipelines)))),
        ("deal", "age") => {
            let days = (context.now - stage_since(record)).num_days();
            u32::try_from(days).ok().map(|days| Value::Days(Days(days)))
        }
        ("deal", "stale") => Some(Value::Flag(is_stale(record, context.now, pipelines))),
        ("follow-up", "status") => text(match record.get(follow_up::DUE) {
            _ if record.get(follow_up::DONE).is_some() => "done",
            Some(due) if due.is_overdue(context.now, context.zone) => "overdue",
            _ => "open",
        }),
        _ => None,
    }
}

/// Whether a deal is open, won or lost. A stage that no pipeline has counts as open.
pub fn outcome(deal: &Record, pipelines: &Pipelines) -> Outcome {
    pipelines
        .stage_of(deal)
        .map_or(Outcome::Open, |stage| stage.outcome)
}

/// The chance of winning: the deal's own where the user set it and it is open, else its stage's.
pub fn chance(deal: &Record, pipelines: &Pipelines) -> Percent {
    let stage = pipelines.stage_of(deal);
    match (
        stage.map(|stage| stage.outcome),
        deal.get(deal::PROBABILITY),
    ) {
        (Some(Outcome::Open) | None, Some(own)) => *own,
        _ => stage.map_or_else(Percent::default, |stage| stage.probability),
    }
}

/// Since when a deal stands in its stage.
pub fn stage_since(deal: &Record) -> DateTime<Utc> {
    deal.list(deal::STAGE_HISTORY)
        .last()
        .map_or(deal.created, |step| step.at)
}

/// The day on which a deal was won or lost; for one that an import left without it, that of the
/// last move, or of the last change.
pub fn closed_on(deal: &Record, zone: chrono_tz::Tz) -> chrono::NaiveDate {
    let moved = deal
        .list(deal::STAGE_HISTORY)
        .last()
        .map_or(deal.updated, |step| step.at);
    let stated = deal.get(deal::CLOSED).copied();
    stated.unwrap_or_else(|| moved.with_timezone(&zone).date_naive())
}

/// When a deal was last worked on: moved, or the subject of an activity.
pub fn last_worked_on(deal: &Record) -> DateTime<Utc> {
    let activity = deal
        .get(deal::LAST_ACTIVITY)
        .map_or(deal.created, |instant| instant.0);
    activity.max(stage_since(deal))
}

/// Whether an open deal was left alone for longer than its stage allows.
pub fn is_stale(deal: &Record, now: DateTime<Utc>, pipelines: &Pipelines) -> bool {
    let Some(stage) = pipelines.stage_of(deal) else {
        return false;
    };
    let limit = stage.stale_after.map(i64::from);
    stage.outcome == Outcome::Open
        && limit.is_some_and(|days| (now - last_worked_on(deal)).num_days() > days)
}
