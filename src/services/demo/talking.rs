//! Activities of the demo data: along the deals, with leads, and with customers ever after.

use super::Teller;
use super::lines::{DISCOVERY, INTRO, KEEPING, LOST, Line, MINUTES, NEGOTIATION, PROPOSAL, WON};
use super::selling::{CUSTOMERS, Plan};
use crate::domain::activity;
use crate::domain::contact;
use crate::domain::deal;
use crate::domain::pipeline::Outcome;
use crate::domain::record::Record;
use crate::domain::values::Minutes;
use chrono::{DateTime, TimeDelta, Utc};

/// How many there are.
const ACTIVITIES: usize = 400;
/// Every so many-th lead was not talked to yet.
const UNTOUCHED: usize = 6;
/// After so many days a project runs, and there are other things to talk about.
const SETTLED: i64 = 14;
/// Every so many-th customer has not been talked to for a while.
const QUIET: usize = 3;

/// Something that happened, before it has a record.
struct Talk {
    at: DateTime<Utc>,
    line: Line,
    contact: usize,
    deal: Option<usize>,
}

/// Every activity, the oldest first.
pub(super) fn activities(
    contacts: &[Record],
    plans: &[Plan],
    deals: &[Record],
    teller: &mut Teller<'_>,
) -> Vec<Record> {
    let mut talks: Vec<Talk> = Vec::new();
    for (number, plan) in plans.iter().enumerate() {
        along(plan, number, &mut talks, teller);
    }
    let has_deal = |place: usize| plans.iter().any(|plan| plan.buyer == place);
    let leads = (0..contacts.len()).filter(|&place| !has_deal(place));
    for (number, contact) in leads.enumerate() {
        if number % UNTOUCHED != UNTOUCHED - 1 {
            let at = between(contacts[contact].created, (2, 150), teller);
            talks.push(Talk {
                at,
                line: teller.random.pick(INTRO),
                contact,
                deal: None,
            });
        }
    }
    let customers = customers(contacts, plans, teller);
    while !customers.is_empty() && talks.len() < ACTIVITIES {
        let (contact, since) = teller.random.pick(&customers);
        let days = if contact.is_multiple_of(QUIET) {
            (50, 200)
        } else {
            (0, 120)
        };
        let at = between(since, days, teller);
        talks.push(Talk {
            at,
            line: teller.random.pick(KEEPING),
            contact,
            deal: None,
        });
    }
    talks.sort_by_key(|talk| talk.at);
    talks
        .iter()
        .map(|talk| {
            let deal = talk.deal.map(|number| &deals[number]);
            record(talk, &contacts[talk.contact], deal, teller)
        })
        .collect()
}

/// What was said before each move of a deal, and since the last one.
fn along(plan: &Plan, number: usize, talks: &mut Vec<Talk>, teller: &mut Teller<'_>) {
    let mut say = |at, line| {
        talks.push(Talk {
            at,
            line,
            contact: plan.buyer,
            deal: Some(number),
        });
    };
    let last = plan.steps.len().saturating_sub(1);
    for (place, step) in plan.steps.iter().enumerate() {
        let lines = match (place, plan.outcome) {
            (place, Outcome::Won) if place == last => WON,
            (place, Outcome::Lost) if place == last => LOST,
            // Nobody who said no is offered a deal.
            (0, _) => &INTRO[..INTRO.len() - 1],
            (1, _) => DISCOVERY,
            (2, _) => PROPOSAL,
            _ => NEGOTIATION,
        };
        if place == last || teller.random.in_a_hundred(65) {
            let before = TimeDelta::minutes(teller.random.between(2, 9) * 5);
            say(step.at - before, teller.random.pick(lines));
        }
    }
    let since = plan.since().map_or(0, |at| teller.calendar.age(at));
    let goes_on = plan.outcome == Outcome::Open && !plan.is_stale && since > 6;
    if goes_on && teller.random.in_a_hundred(70) {
        let lines = [DISCOVERY, DISCOVERY, PROPOSAL, NEGOTIATION][last.min(3)];
        say(teller.past(1, since - 4), teller.random.pick(lines));
    }
}

/// A working time so many days ago, since then.
fn between(
    since: DateTime<Utc>,
    (least, most): (i64, i64),
    teller: &mut Teller<'_>,
) -> DateTime<Utc> {
    // A weekend moves a day back by two at most.
    let most = most.min(teller.calendar.age(since) - 4).max(0);
    teller.past(least.min(most), most).max(since)
}

/// Customers of some weeks, each with the time of their first deal.
fn customers(
    contacts: &[Record],
    plans: &[Plan],
    teller: &Teller<'_>,
) -> Vec<(usize, DateTime<Utc>)> {
    let since = |(place, contact): (usize, &Record)| {
        let won = plans
            .iter()
            .filter(|p| p.buyer == place && p.outcome == Outcome::Won);
        (
            place,
            won.filter_map(Plan::since).min().unwrap_or(contact.created),
        )
    };
    let known = contacts.iter().enumerate().take(CUSTOMERS).map(since);
    known
        .filter(|(_, since)| teller.calendar.age(*since) > SETTLED)
        .collect()
}

fn record(talk: &Talk, contact: &Record, deal: Option<&Record>, teller: &mut Teller<'_>) -> Record {
    let (kind, direction, outcome, text) = talk.line;
    let mut record = Record::new(&activity::KIND, teller.ids.next_id(talk.at), talk.at);
    record.set(activity::TEXT, text.to_owned());
    record.set(activity::TYPE, kind.to_owned());
    record.set(activity::AT, teller.calendar.moment(talk.at));
    record.set(activity::DIRECTION, direction.to_owned());
    record.set(activity::OUTCOME, outcome.to_owned());
    let minutes = match (kind, outcome) {
        ("call", "no-answer") => None,
        ("call", "voicemail") => Some(1),
        ("call", _) => Some(teller.random.between(3, 42)),
        ("meeting", _) => Some(teller.random.between(2, 8) * 15),
        ("visit", _) => Some(teller.random.between(2, 8) * 30),
        _ => None,
    };
    if let Some(minutes) = minutes.and_then(|minutes| u32::try_from(minutes).ok()) {
        record.set(activity::DURATION, Minutes(minutes));
    }
    if kind == "meeting" && teller.random.in_a_hundred(60) {
        record.set(activity::NOTES, teller.random.pick(MINUTES).to_owned());
    }
    record.set(activity::CONTACTS, vec![contact.id]);
    if let Some(company) = contact.get(contact::COMPANY) {
        record.set(activity::COMPANY, *company);
    }
    if let Some(deal) = deal {
        // Whoever else decides sits in the meeting.
        if kind == "meeting" {
            record.set(activity::CONTACTS, deal.list(deal::CONTACTS).to_vec());
        }
        record.set(activity::DEAL, deal.id);
    }
    record
}
