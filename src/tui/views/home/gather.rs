//! What the panes of the home view hold, worked out from the records.

use super::pane::{Content, Entry, Link};
use crate::domain::id::Id;
use crate::domain::pipeline::Outcome;
use crate::domain::record::Record;
use crate::domain::values::dates::Due;
use crate::domain::values::money::Money;
use crate::domain::{activity, company, contact, deal, derived, follow_up, show};
use crate::services::ranking;
use crate::tui::brief::{age_words, due_mark, due_short, first_name, party};
use crate::tui::marks::{self, HOT_FROM, Mark, Sums};
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
        let action = ranking::action(&shared.snapshot, record, &shared.context);
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
    let cadence = |record: &Record| {
        record
            .get(contact::CADENCE)
            .map_or(1, |days| i64::from(days.0.max(1)))
    };
    let all = shared.snapshot.of_kind(&contact::KIND);
    let mut lost: Vec<(TimeDelta, &Record)> = all
        .filter_map(|record| Some((marks::losing_touch(record, shared.context.now)?, record)))
        .collect();
    lost.sort_by_key(|(over, record)| {
        Reverse(over.num_hours().saturating_mul(100) / cadence(record))
    });
    let entry = |(over, record): &(TimeDelta, &Record)| Entry {
        detail: company_of(record, shared),
        note: format!("every {}d", cadence(record)),
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

fn open_deals(shared: &Shared) -> impl Iterator<Item = &Record> {
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

/// What the open deals are worth: in the main currency, of it in each stage (in each pipeline,
/// where there are several), and in every other currency. Currencies are never added.
pub(super) fn value(shared: &Shared) -> Content {
    let all: Vec<&Record> = open_deals(shared).collect();
    let summary = vec![(Mark::None, format!("{} open", all.len()))];
    if all.is_empty() {
        return Content {
            summary: Vec::new(),
            entries: Vec::new(),
        };
    }
    let (sum, weighted) = marks::sums(all.iter().copied(), shared);
    let row = |lead: String, count: usize, note: String, bar: usize| Entry {
        mark: Mark::None,
        lead,
        text: count.to_string(),
        detail: String::new(),
        note,
        bar,
        link: Link::View("pipeline"),
    };
    let mut entries: Vec<Entry> = Vec::new();
    for (money, share) in sum.each().iter().zip(weighted.each()) {
        let is_of = |deal: &&&Record| {
            deal.get(deal::VALUE)
                .is_some_and(|value| value.currency == money.currency)
        };
        let count = all.iter().filter(is_of).count();
        let note = format!("{}  ≈ {}", marks::bare(*money), marks::bare(*share));
        entries.push(row(format!("in {}", money.currency.code()), count, note, 0));
    }
    let main = sum.each().first().map(|money| money.currency);
    let of_main = |sums: &Sums| {
        sums.each()
            .iter()
            .find(|money| Some(money.currency) == main)
            .copied()
    };
    let groups: Vec<(String, usize, Option<Money>)> = grouped(&all, shared)
        .into_iter()
        .map(|(name, deals)| {
            let sums = marks::sums(deals.iter().copied(), shared).0;
            (name, deals.len(), of_main(&sums))
        })
        .collect();
    let minor = |money: &Option<Money>| money.map_or(0, |money| money.minor.max(0));
    let longest = groups
        .iter()
        .map(|(_, _, money)| minor(money))
        .fold(1, i64::max);
    let rows = groups.into_iter().map(|(name, count, money)| {
        let part = i128::from(minor(&money)) * 1000 / i128::from(longest);
        row(
            name,
            count,
            money.map_or_else(String::new, marks::whole),
            usize::try_from(part).unwrap_or(0),
        )
    });
    let behind_main = entries.len().min(1);
    entries.splice(behind_main..behind_main, rows);
    Content { summary, entries }
}

/// Open deals by stage; by pipeline, where there are several.
fn grouped<'a>(deals: &[&'a Record], shared: &Shared) -> Vec<(String, Vec<&'a Record>)> {
    let pipelines = shared.snapshot.pipelines();
    let several = pipelines.0.len() > 1;
    let mut groups: Vec<(String, Vec<&Record>)> = Vec::new();
    for pipeline in &pipelines.0 {
        let open = pipeline
            .stages
            .iter()
            .filter(|stage| stage.outcome == Outcome::Open);
        if several {
            groups.push((pipeline.name.clone(), Vec::new()));
        } else {
            groups.extend(open.map(|stage| (stage.name.clone(), Vec::new())));
        }
    }
    for deal in deals {
        let pipeline = pipelines.get(deal.get(deal::PIPELINE).map(String::as_str));
        let name = match (several, pipeline) {
            (true, Some(pipeline)) => &pipeline.name,
            (true, None) => deal.text(deal::PIPELINE),
            _ => pipelines
                .stage_of(deal)
                .map_or(deal.text(deal::STAGE), |stage| &stage.name),
        };
        match groups.iter_mut().find(|(known, _)| known == name) {
            Some((_, found)) => found.push(deal),
            None => groups.push((name.to_owned(), vec![deal])),
        }
    }
    groups
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
