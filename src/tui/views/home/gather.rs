//! What the panes of the home view hold, worked out from the records.

use super::pane::{Content, Entry};
use crate::domain::id::Id;
use crate::domain::pipeline::Outcome;
use crate::domain::record::Record;
use crate::domain::values::dates::Due;
use crate::domain::{activity, cadence, company, contact, deal, derived, follow_up, show};
use crate::services::ranking;
use crate::tui::brief::{age_words, due_mark, due_short, first_name, party};
use crate::tui::marks::{self, HOT_FROM, Mark};
use crate::tui::model::Shared;
use chrono::{Datelike as _, NaiveDate, TimeDelta};
use std::cmp::Reverse;

/// How many leads are shown, and how much of what happened.
const MOST_LEADS: usize = 20;
const MOST_EVENTS: usize = 40;
/// How many days birthdays are told ahead.
const BIRTHDAYS_AHEAD: i64 = 7;

/// Whether the store holds nothing that people see.
pub(super) fn is_empty(shared: &Shared) -> bool {
    let kinds = [
        &contact::KIND,
        &company::KIND,
        &deal::KIND,
        &follow_up::KIND,
    ];
    kinds.iter().all(|kind| shared.snapshot.count(kind) == 0)
}

fn company_of(record: &Record, shared: &Shared) -> String {
    record
        .get(contact::COMPANY)
        .map_or_else(String::new, |id| shared.snapshot.name_of(*id))
}

/// Follow-ups that are overdue or for today, the earliest first.
pub(super) fn due(shared: &Shared) -> Content {
    let (context, today) = (&shared.context, shared.context.today());
    let zone = context.zone;
    let open = shared
        .snapshot
        .of_kind(&follow_up::KIND)
        .filter(|record| (follow_up::KIND.is_live)(record));
    let mut open: Vec<(&Record, &Due)> = open
        .filter_map(|record| Some((record, record.get(follow_up::DUE)?)))
        .filter(|(_, due)| due.day(zone) <= today)
        .collect();
    open.sort_by_cached_key(|(record, due)| {
        (
            due.day(zone),
            matches!(due, Due::Day(_)),
            due.starts(zone),
            record.id,
        )
    });
    let late = open
        .iter()
        .filter(|(_, due)| due_mark(due, shared) == Mark::Overdue)
        .count();
    let mut summary = Vec::new();
    if late > 0 {
        summary.push((Mark::Overdue, format!("{late} overdue")));
    }
    if open.len() > late {
        summary.push((Mark::Today, format!("{} today", open.len() - late)));
    }
    let entry = |(record, due): (&Record, &Due)| {
        let lead = match due {
            Due::At(moment) if due.day(zone) == today => {
                moment.at.with_timezone(&zone).format("%H:%M").to_string()
            }
            _ => due_short(due, shared),
        };
        let mark = due_mark(due, shared);
        let note = party(record, shared);
        Entry {
            mark,
            note,
            ..Entry::new(record.id, lead, record.title().to_owned())
        }
    };
    Content {
        summary,
        entries: open.into_iter().map(entry).collect(),
    }
}

/// Leads and prospects with the best scores.
pub(super) fn leads(shared: &Shared) -> Content {
    let score = |record: &Record| {
        shared
            .snapshot
            .score(record, &shared.context, &shared.settings.score)
            .points
    };
    let leads = shared
        .snapshot
        .of_kind(&contact::KIND)
        .filter(|record| ranking::is_lead(record));
    let mut scored: Vec<(u8, &Record)> = leads.map(|record| (score(record), record)).collect();
    // Titles come in their order, which a stable sort keeps.
    scored.sort_by_key(|(points, _)| Reverse(*points));
    let hot = scored
        .iter()
        .take_while(|(points, _)| *points >= HOT_FROM)
        .count();
    let summary = if hot > 0 {
        vec![(Mark::Hot, format!("{hot} hot"))]
    } else {
        Vec::new()
    };
    let entry = |(points, record): &(u8, &Record)| {
        let action = ranking::action(&shared.snapshot, record, &shared.context, &shared.settings);
        Entry {
            mark: if *points >= HOT_FROM {
                Mark::Hot
            } else {
                Mark::None
            },
            note: action.words,
            ..Entry::new(record.id, points.to_string(), record.title().to_owned())
        }
    };
    Content {
        summary,
        entries: scored.iter().take(MOST_LEADS).map(entry).collect(),
    }
}

/// Contacts that were not touched for longer than they should, the longest by comparison first.
pub(super) fn losing_touch(shared: &Shared) -> Content {
    let cadence = |record: &Record| cadence::of(record, &shared.settings.cadence);
    let all = shared.snapshot.of_kind(&contact::KIND);
    let mut lost: Vec<(TimeDelta, &Record)> = all
        .filter_map(|record| {
            Some((
                marks::losing_touch(record, cadence(record), shared.context.now)?,
                record,
            ))
        })
        .collect();
    lost.sort_by_key(|(over, record)| {
        let days = cadence(record).map_or(1, i64::from);
        Reverse(over.num_hours().saturating_mul(100) / days)
    });
    let entry = |(over, record): &(TimeDelta, &Record)| Entry {
        detail: company_of(record, shared),
        note: format!("every {}d", cadence(record).unwrap_or(1)),
        ..Entry::new(
            record.id,
            format!("{} over", age_words(*over)),
            record.title().to_owned(),
        )
    };
    let summary = if lost.is_empty() {
        Vec::new()
    } else {
        vec![(Mark::None, lost.len().to_string())]
    };
    Content {
        summary,
        entries: lost.iter().map(entry).collect(),
    }
}

pub(super) fn open_deals(shared: &Shared) -> impl Iterator<Item = &Record> {
    let pipelines = shared.snapshot.pipelines();
    let deals = shared.snapshot.of_kind(&deal::KIND);
    deals.filter(|deal| derived::outcome(deal, pipelines) == Outcome::Open)
}

/// Open deals that nobody worked on for longer than their stage allows, the largest first.
pub(super) fn stale(shared: &Shared) -> Content {
    let (now, pipelines) = (shared.context.now, shared.snapshot.pipelines());
    let stale = open_deals(shared).filter(|deal| derived::is_stale(deal, now, pipelines));
    let mut stale: Vec<&Record> = stale.collect();
    stale.sort_by_key(|deal| {
        (
            Reverse(deal.get(deal::VALUE).map(|value| value.minor)),
            deal.id,
        )
    });
    let (sum, _) = marks::sums(stale.iter().copied(), shared);
    let mut summary = Vec::new();
    if !stale.is_empty() {
        summary.push((Mark::Overdue, stale.len().to_string()));
        summary.push((Mark::None, sum.words()));
    }
    let entry = |deal: &&Record| {
        let name = |id: &Id| shared.snapshot.name_of(*id);
        let party = deal.get(deal::COMPANY).map(name);
        Entry {
            mark: Mark::Overdue,
            detail: party
                .or_else(|| first_name(deal.list(deal::CONTACTS), shared))
                .unwrap_or_default(),
            note: deal
                .get(deal::VALUE)
                .copied()
                .map_or_else(String::new, marks::whole),
            ..Entry::new(
                deal.id,
                age_words(now - derived::last_worked_on(deal)),
                deal.title().to_owned(),
            )
        }
    };
    Content {
        summary,
        entries: stale.iter().map(entry).collect(),
    }
}

/// Birthdays from today on.
pub(super) fn birthdays(shared: &Shared) -> Content {
    let today = shared.context.today();
    let all = shared.snapshot.of_kind(&contact::KIND);
    let mut soon: Vec<(NaiveDate, &Record)> = all
        .filter_map(|record| {
            Some((
                record.get(contact::BIRTHDAY)?.next_on_or_after(today)?,
                record,
            ))
        })
        .filter(|(day, _)| (*day - today).num_days() < BIRTHDAYS_AHEAD)
        .collect();
    soon.sort_by_key(|(day, _)| *day);
    let entry = |(day, record): &(NaiveDate, &Record)| {
        let born = record.get(contact::BIRTHDAY).and_then(|date| date.year);
        let lead = match (*day - today).num_days() {
            0 => "today".to_owned(),
            1 => "tomorrow".to_owned(),
            _ => day.format("%a").to_string(),
        };
        Entry {
            mark: if *day == today {
                Mark::Today
            } else {
                Mark::None
            },
            detail: company_of(record, shared),
            note: born.map_or_else(String::new, |year| {
                format!("turns {}", day.year().saturating_sub(year))
            }),
            ..Entry::new(record.id, lead, record.title().to_owned())
        }
    };
    Content {
        summary: Vec::new(),
        entries: soon.iter().map(entry).collect(),
    }
}

/// What happened last: activities, and deals that were won or lost.
pub(super) fn events(shared: &Shared) -> Content {
    let now = shared.context.now.timestamp_millis();
    let pipelines = shared.snapshot.pipelines();
    let closed = |deal: &&Record| derived::outcome(deal, pipelines) != Outcome::Open;
    let moved = |deal: &Record| derived::stage_since(deal).timestamp_millis();
    let activities = shared.snapshot.of_kind(&activity::KIND);
    let activities = activities.map(|record| (activity::KIND.time_of(record), record));
    let deals = shared.snapshot.of_kind(&deal::KIND).filter(closed);
    let deals = deals.map(|record| (moved(record), record));
    let mut all: Vec<(i64, &Record)> = activities
        .chain(deals)
        .filter(|(at, _)| *at <= now)
        .collect();
    let latest = |(at, record): &(i64, &Record)| (Reverse(*at), record.id);
    if all.len() > MOST_EVENTS {
        all.select_nth_unstable_by_key(MOST_EVENTS, latest);
        all.truncate(MOST_EVENTS);
    }
    all.sort_by_key(latest);
    let entries = all
        .into_iter()
        .map(|(at, record)| event(at, record, shared));
    Content {
        summary: Vec::new(),
        entries: entries.collect(),
    }
}

fn event(millis: i64, record: &Record, shared: &Shared) -> Entry {
    let at = chrono::DateTime::from_timestamp_millis(millis).unwrap_or_default();
    let day = at.with_timezone(&shared.context.zone).date_naive();
    let lead = match (shared.context.today() - day).num_days() {
        0 | 1 => show::day_words(day, &shared.context),
        days => format!("{} ago", age_words(TimeDelta::days(days))),
    };
    if record.kind == &deal::KIND {
        let won = derived::outcome(record, shared.snapshot.pipelines()) == Outcome::Won;
        let (mark, word) = if won {
            (Mark::Won, "won")
        } else {
            (Mark::Lost, "lost")
        };
        let value = record
            .get(deal::VALUE)
            .copied()
            .map_or_else(String::new, marks::whole);
        return Entry {
            mark,
            detail: format!("{word} {value}").trim().to_owned(),
            ..Entry::new(record.id, lead, record.title().to_owned())
        };
    }
    let company = || {
        record
            .get(activity::COMPANY)
            .map(|id| shared.snapshot.name_of(*id))
    };
    let who = first_name(record.list(activity::CONTACTS), shared).or_else(company);
    Entry {
        detail: format!("{}: {}", record.text(activity::TYPE), record.title()),
        ..Entry::new(record.id, lead, who.unwrap_or_default())
    }
}
