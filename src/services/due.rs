//! What is due: overdue and today, up to a moment, or what became due since it was last told.

use super::{Env, words};
use crate::domain::follow_up;
use crate::domain::id::Id;
use crate::domain::record::Record;
use crate::domain::values::dates::Due;
use crate::error::Result;
use crate::store::session::Session;
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// Zones lie at most 14 hours from UTC, by which days are indexed.
const ZONE_SLACK: TimeDelta = TimeDelta::hours(14);
/// Under this name the store keeps what was told.
const TOLD: &str = "told";

/// What to ask for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Span {
    /// Overdue, and all of today.
    Today,
    /// Everything up to then: the whole day, or the moment.
    Until(Due),
    /// Only what is overdue.
    Overdue,
    /// What became due after then, up to now.
    Since(DateTime<Utc>),
}

/// Open follow-ups in a span, the earliest first.
///
/// # Errors
/// When the store cannot be read.
pub fn due(session: &Session, env: &Env, span: Span) -> Result<Vec<Record>> {
    let context = &env.context;
    let zone = context.zone;
    let today = context.today();
    let wanted = |due: &Due| match span {
        Span::Today => due.day(zone) <= today,
        Span::Until(Due::Day(last)) => due.day(zone) <= last,
        Span::Until(Due::At(last)) => due.starts(zone) <= last.at,
        Span::Overdue => due.is_overdue(context.now, zone),
        Span::Since(from) => due.starts(zone) > from && due.starts(zone) <= context.now,
    };
    let last = match span {
        Span::Today | Span::Until(Due::Day(_)) => {
            let day = if let Span::Until(Due::Day(day)) = span {
                day
            } else {
                today
            };
            crate::domain::values::dates::end_of_day(day, zone)
        }
        Span::Until(Due::At(moment)) => moment.at,
        Span::Overdue | Span::Since(_) => context.now,
    };
    let to = (last + ZONE_SLACK).timestamp_millis();
    let ids = session
        .find_time(&follow_up::KIND, follow_up::DUE.number(), i64::MIN, to)
        .map_err(words::store)?;
    let mut found = Vec::new();
    for id in ids {
        let record = session.get(&follow_up::KIND, id).map_err(words::store)?;
        found.extend(record.filter(|record| {
            (follow_up::KIND.is_live)(record) && record.get(follow_up::DUE).is_some_and(wanted)
        }));
    }
    found.sort_by_key(|record| {
        let due = record.get(follow_up::DUE);
        (
            due.map(|due| (due.day(zone), matches!(due, Due::Day(_)), due.starts(zone))),
            record.id,
        )
    });
    Ok(found)
}

/// A reminder that was told: the follow-up and when it was due, so that a snoozed one is told
/// again. A day begins in UTC here, so that a traveller is not told twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Told {
    id: Id,
    due: i64,
}

/// What is due now and was not told yet. From now on it counts as told.
///
/// # Errors
/// When the store cannot be read or written.
pub fn tell_once(session: &mut Session, env: &Env) -> Result<Vec<Record>> {
    let zone = env.context.zone;
    let now = env.context.now;
    let mut records = due(session, env, Span::Today)?;
    records.retain(|record| {
        record
            .get(follow_up::DUE)
            .is_some_and(|due| due.starts(zone) <= now)
    });
    let told: Vec<Told> = session
        .fact(TOLD)
        .map_err(words::store)?
        .and_then(|bytes| serde_json::from_slice(&bytes).ok())
        .unwrap_or_default();
    let as_told = |record: &Record| Told {
        id: record.id,
        due: record
            .get(follow_up::DUE)
            .map_or(0, |due| due.starts(chrono_tz::UTC).timestamp_millis()),
    };
    let now_told: Vec<Told> = records.iter().map(as_told).collect();
    records.retain(|record| !told.contains(&as_told(record)));
    if now_told != told
        && let Ok(bytes) = serde_json::to_vec(&now_told)
    {
        session.keep_fact(TOLD, bytes).map_err(words::store)?;
    }
    Ok(records)
}
