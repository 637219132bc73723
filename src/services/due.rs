//! What is due: overdue and today, up to a moment, or what became due since it was last told.
//!
//! Follow-ups always; birthdays and other dates of contacts where the settings switch them on.

use super::{Env, words};
use crate::domain::id::Id;
use crate::domain::occasion::{self, Occasion};
use crate::domain::record::Record;
use crate::domain::values::dates::{Due, end_of_day, start_of_day};
use crate::domain::{contact, follow_up};
use crate::error::Result;
use crate::store::head::Head;
use crate::store::session::Session;
use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// Zones lie at most 14 hours from UTC, by which days are indexed.
const ZONE_SLACK: TimeDelta = TimeDelta::hours(14);
/// Under this name the store keeps what was told.
const TOLD: &str = "told";
/// A birthday that nobody was there to tell in time is told for so many days after it.
const LATE: Days = Days::new(7);

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

/// Something that is due.
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    /// A follow-up.
    FollowUp(Record),
    /// A date of a contact.
    Occasion(Occasion),
}

impl Item {
    /// When it is due.
    pub fn due(&self) -> Option<Due> {
        match self {
            Self::FollowUp(record) => record.get(follow_up::DUE).copied(),
            Self::Occasion(occasion) => Some(occasion.due()),
        }
    }

    /// The record that it stands for.
    pub const fn id(&self) -> Id {
        match self {
            Self::FollowUp(record) => record.id,
            Self::Occasion(occasion) => occasion.contact,
        }
    }

    /// What it is, in a few words.
    pub fn title(&self) -> String {
        match self {
            Self::FollowUp(record) => record.title().to_owned(),
            Self::Occasion(occasion) => occasion.words(),
        }
    }
}

/// What is due in a span, the earliest first.
///
/// # Errors
/// When the store cannot be read.
pub fn due(session: &Session, env: &Env, span: Span) -> Result<Vec<Item>> {
    let mut found: Vec<Item> = follow_ups(session, env, span)?
        .into_iter()
        .map(Item::FollowUp)
        .collect();
    let today = env.context.today();
    let zone = env.context.zone;
    let starts =
        |occasion: &Occasion| start_of_day(occasion.reminded_from(&env.settings.remind), zone);
    let wanted = |occasion: &Occasion| match span {
        Span::Today => starts(occasion) <= env.context.now,
        Span::Until(Due::Day(last)) => occasion.reminded_from(&env.settings.remind) <= last,
        Span::Until(Due::At(last)) => starts(occasion) <= last.at,
        Span::Overdue => false,
        Span::Since(from) => starts(occasion) > from && starts(occasion) <= env.context.now,
    };
    let occasions = occasions(session, env, today)?;
    found.extend(occasions.into_iter().filter(wanted).map(Item::Occasion));
    sort(&mut found, env);
    Ok(found)
}

fn sort(items: &mut [Item], env: &Env) {
    let zone = env.context.zone;
    items.sort_by_key(|item| {
        let due = item.due();
        (
            due.map(|due| (due.day(zone), matches!(due, Due::Day(_)), due.starts(zone))),
            item.id(),
        )
    });
}

/// Open follow-ups in a span.
fn follow_ups(session: &Session, env: &Env, span: Span) -> Result<Vec<Record>> {
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
        Span::Until(Due::Day(day)) => end_of_day(day, zone),
        Span::Today => end_of_day(today, zone),
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
    Ok(found)
}

/// The occasions of active contacts in the year that begins on a day.
fn occasions(session: &Session, env: &Env, from: NaiveDate) -> Result<Vec<Occasion>> {
    let settings = &env.settings.remind;
    let mut found = Vec::new();
    if !settings.has_dates() {
        return Ok(found);
    }
    let to = from.checked_add_days(Days::new(364)).unwrap_or(from);
    for record in session.all(&contact::KIND) {
        let record = record.map_err(words::store)?;
        if record.is_active() {
            found.extend(occasion::of(&record, settings, from, to));
        }
    }
    Ok(found)
}

/// A reminder that was told: of what and when it was due, so that a snoozed one is told
/// again. A day begins in UTC here, so that a traveller is not told twice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Told {
    id: Id,
    due: i64,
    /// The label of a contact's date; empty for a follow-up.
    #[serde(default)]
    label: String,
}

impl Told {
    fn of(item: &Item) -> Self {
        let label = match item {
            Item::FollowUp(_) => String::new(),
            Item::Occasion(occasion) => occasion.label.clone(),
        };
        Self {
            id: item.id(),
            due: item.due().map_or(0, in_utc),
            label,
        }
    }
}

fn in_utc(due: Due) -> i64 {
    due.starts(chrono_tz::UTC).timestamp_millis()
}

/// What is to be told now, and what is to be kept once it was.
#[derive(Clone, Debug, PartialEq)]
pub struct Telling {
    /// What is due and was not told yet, the earliest first.
    pub items: Vec<Item>,
    told: Vec<Told>,
    is_kept: bool,
}

/// Whether the head of a store tells that nothing can be due, so that it need not be opened.
pub fn is_nothing_due(head: Option<Head>, env: &Env) -> bool {
    let latest = (env.context.now + ZONE_SLACK).timestamp_millis();
    head.is_some_and(|head| head.next_due.is_none_or(|next| next > latest))
        && !env.settings.remind.has_dates()
}

/// What is due now and was not told yet; nothing in quiet hours.
///
/// # Errors
/// When the store cannot be read.
pub fn untold(session: &Session, env: &Env) -> Result<Telling> {
    let context = &env.context;
    let told: Vec<Told> = session
        .fact(TOLD)
        .map_err(words::store)?
        .and_then(|bytes| serde_json::from_slice(&bytes).ok())
        .unwrap_or_default();
    if env.settings.remind.is_quiet(context) {
        return Ok(Telling {
            items: Vec::new(),
            told,
            is_kept: true,
        });
    }
    let mut items: Vec<Item> = follow_ups(session, env, Span::Today)?
        .into_iter()
        .map(Item::FollowUp)
        .collect();
    let (zone, today) = (context.zone, context.today());
    let since = today.checked_sub_days(LATE).unwrap_or(today);
    let occasions = occasions(session, env, since)?.into_iter();
    let reminded = |it: &Occasion| it.reminded_from(&env.settings.remind) <= today;
    items.extend(occasions.filter(reminded).map(Item::Occasion));
    items.retain(|item| match item {
        Item::FollowUp(_) => item
            .due()
            .is_some_and(|due| due.starts(zone) <= context.now),
        Item::Occasion(_) => true,
    });
    sort(&mut items, env);
    let mut now_told: Vec<Told> = items.iter().map(Told::of).collect();
    // A date stays told until nobody would tell it any more, whatever the settings say meanwhile.
    let oldest = in_utc(Due::Day(since));
    let still = told
        .iter()
        .filter(|it| !it.label.is_empty() && it.due >= oldest && !now_told.contains(it));
    let still: Vec<Told> = still.cloned().collect();
    now_told.extend(still);
    items.retain(|item| !told.contains(&Told::of(item)));
    Ok(Telling {
        items,
        is_kept: now_told == told,
        told: now_told,
    })
}

/// From now on it counts as told.
///
/// # Errors
/// When the store cannot be written.
pub fn keep_told(session: &mut Session, telling: &Telling) -> Result<()> {
    if telling.is_kept {
        return Ok(());
    }
    let bytes = serde_json::to_vec(&telling.told).map_err(|error| {
        crate::error::Error::io("cannot keep what was told", std::io::Error::other(error))
    })?;
    session.keep_fact(TOLD, bytes).map_err(words::store)
}
