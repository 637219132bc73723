//! Rankings over a snapshot: leads by score, and whom to touch now.

use super::snapshot::Snapshot;
use crate::domain::context::Context;
use crate::domain::occasion::{self, Occasion};
use crate::domain::record::Record;
use crate::domain::settings::{ScoreSettings, Settings};
use crate::domain::values::dates::Due;
use crate::domain::values::text::fold;
use crate::domain::{cadence, contact, deal, follow_up};
use crate::scoring::Score;
use crate::scoring::next::{NextAction, next_action};
use crate::scoring::ranking::{Candidate, Ranked, rank_next};
use chrono::Days;
use std::cmp::Reverse;

/// Active contacts with their scores, the best first.
pub fn contacts<'a>(
    snapshot: &'a Snapshot,
    context: &Context,
    settings: &ScoreSettings,
) -> Vec<(&'a Record, Score)> {
    let scored = snapshot.of_kind(&contact::KIND);
    let mut scored: Vec<_> = scored
        .map(|record| (record, snapshot.score(record, context, settings)))
        .collect();
    scored.sort_by_cached_key(|(record, score)| {
        (Reverse(score.points), fold(record.title()), record.id)
    });
    scored
}

/// Whether a contact is still to be won: a lead or a prospect.
pub fn is_lead(record: &Record) -> bool {
    matches!(record.text(contact::LIFECYCLE), "" | "lead" | "prospect")
}

/// What to do next with a contact.
pub fn action(
    snapshot: &Snapshot,
    record: &Record,
    context: &Context,
    settings: &Settings,
) -> NextAction {
    let due = open_follow_ups(snapshot, record)
        .iter()
        .filter_map(|record| record.get(follow_up::DUE).copied())
        .min_by_key(|due: &Due| due.starts(context.zone));
    let cadence = cadence::of(record, &settings.cadence);
    next_action(&snapshot.facts(record, context), cadence, due)
}

fn open_follow_ups<'a>(snapshot: &'a Snapshot, record: &Record) -> Vec<&'a Record> {
    let linked = snapshot.linked_from(record.id, &follow_up::KIND);
    linked
        .filter(|record| (follow_up::KIND.is_live)(record))
        .collect()
}

/// The dates of a contact that are to be reminded today.
pub fn occasions(record: &Record, context: &Context, settings: &Settings) -> Vec<Occasion> {
    let settings = &settings.remind;
    let today = context.today();
    let before = Days::new(settings.birthday_days_before.into());
    let last = today.checked_add_days(before).unwrap_or(today);
    occasion::of(record, settings, today, last)
}

/// Whom to touch now, the most urgent first.
pub fn next<'a>(snapshot: &'a Snapshot, context: &Context, settings: &Settings) -> Vec<Ranked<'a>> {
    let people = snapshot.of_kind(&contact::KIND).map(|record| Candidate {
        subject: record,
        score: is_lead(record).then(|| snapshot.score(record, context, &settings.score).points),
        cadence: cadence::of(record, &settings.cadence),
        occasions: occasions(record, context, settings),
        follow_ups: open_follow_ups(snapshot, record),
        deals: snapshot.linked_from(record.id, &deal::KIND).collect(),
        action: Some(action(snapshot, record, context, settings)),
    });
    // A deal or a follow-up without a person still must not be forgotten.
    let deals = snapshot
        .of_kind(&deal::KIND)
        .filter(|deal| deal.list(deal::CONTACTS).is_empty());
    let deals = deals.map(|record| Candidate {
        subject: record,
        score: None,
        cadence: None,
        occasions: Vec::new(),
        follow_ups: open_follow_ups(snapshot, record),
        deals: vec![record],
        action: None,
    });
    let alone = snapshot.of_kind(&follow_up::KIND).filter(|record| {
        record.list(follow_up::CONTACTS).is_empty()
            && record.get(follow_up::DEAL).is_none()
            && (follow_up::KIND.is_live)(record)
    });
    let alone = alone.map(|record| Candidate {
        subject: record,
        score: None,
        cadence: None,
        occasions: Vec::new(),
        follow_ups: vec![record],
        deals: Vec::new(),
        action: None,
    });
    rank_next(
        people.chain(deals).chain(alone),
        context,
        snapshot.pipelines(),
    )
}
