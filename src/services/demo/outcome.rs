//! What follows for contacts and deals from everything that happened in the demo data.

use super::Teller;
use super::calendar::Calendar;
use super::random::Random;
use super::selling::Plan;
use super::words::{CHURN_REASONS, COMPETITORS, NEXT_STEPS};
use crate::domain::pipeline::Outcome;
use crate::domain::record::{Key, Record};
use crate::domain::values::dates::Due;
use crate::domain::values::{Days, Instant, Step};
use crate::domain::{activity, contact, deal, follow_up, id::Id};
use chrono::{DateTime, Utc};

/// How many customers have left.
const CHURNED: usize = 3;
/// How many customers were left alone for longer than their cadence.
const LOSING_TOUCH: usize = 6;
/// Days between touches that people choose.
const CADENCES: &[u32] = &[14, 30, 60, 90, 180];

/// Dates of the last contact, from the activities.
pub(super) fn touch(contacts: &mut [Record], deals: &mut [Record], activities: &[Record]) {
    let latest = |is_linked: &dyn Fn(&Record) -> bool| {
        activities
            .iter()
            .filter(|record| is_linked(record))
            .map(|record| record.created)
            .max()
    };
    let keep = |record: &mut Record, key: Key<Instant>, at: Option<DateTime<Utc>>| {
        if let Some(at) = at {
            record.set(key, Instant(at));
            record.updated = record.updated.max(at);
        }
    };
    for contact in contacts {
        let id = contact.id;
        let at = latest(&|record| record.list(activity::CONTACTS).contains(&id));
        keep(contact, contact::LAST_CONTACT, at);
    }
    for deal in deals {
        let id = deal.id;
        let at = latest(&|record| record.get(activity::DEAL) == Some(&id));
        keep(deal, deal::LAST_ACTIVITY, at);
    }
}

/// Lifecycles with their history, churn, and cadences.
pub(super) fn live(
    contacts: &mut [Record],
    plans: &[Plan],
    deals: &[Record],
    calendar: &Calendar<'_>,
    random: &mut Random,
) {
    for (place, contact) in contacts.iter_mut().enumerate() {
        let own = |outcome| {
            plans
                .iter()
                .filter(move |plan| plan.buyer == place && plan.outcome == outcome)
        };
        let all = plans.iter().filter(|plan| plan.buyer == place);
        step(contact, "lead", Some(contact.created));
        step(contact, "prospect", all.filter_map(Plan::began).min());
        step(
            contact,
            "customer",
            own(Outcome::Won).filter_map(Plan::since).min(),
        );
    }
    let is_open = |(plan, _): &(&Plan, &Record)| plan.outcome == Outcome::Open;
    let open: Vec<_> = plans.iter().zip(deals).filter(is_open).collect();
    let decides = |id| {
        open.iter()
            .any(|(_, deal)| deal.list(deal::CONTACTS).contains(&id))
    };
    let customers =
        (0..contacts.len()).filter(|&p| contacts[p].text(contact::LIFECYCLE) == "customer");
    let mut quiet: Vec<usize> = customers.collect();
    quiet.sort_by_key(|&place| contacts[place].get(contact::LAST_CONTACT).copied());
    let mut left = 0;
    let mut losing = 0;
    for place in quiet {
        let contact = &mut contacts[place];
        let last = contact
            .get(contact::LAST_CONTACT)
            .map_or(contact.created, |last| last.0);
        let age = u32::try_from(calendar.age(last)).unwrap_or(0);
        if left < CHURNED && !decides(contact.id) {
            left += 1;
            churn(contact, last, calendar, random);
        } else if losing < LOSING_TOUCH && age > CADENCES[1] {
            losing += 1;
            contact.set(contact::CADENCE, Days(CADENCES[1]));
        } else if let Some(&fitting) = CADENCES
            .iter()
            .filter(|&&days| days > age + 3)
            .nth(random.index(2))
        {
            contact.set(contact::CADENCE, Days(fitting));
        }
    }
}

/// A change of the lifecycle, if it came about.
fn step(contact: &mut Record, to: &str, at: Option<DateTime<Utc>>) {
    let Some(at) = at else {
        return;
    };
    let from = contact.get(contact::LIFECYCLE).cloned();
    contact.push(
        contact::LIFECYCLE_HISTORY,
        Step {
            at,
            from,
            to: to.to_owned(),
            note: None,
        },
    );
    contact.set(contact::LIFECYCLE, to.to_owned());
    contact.updated = contact.updated.max(at);
}

fn churn(contact: &mut Record, last: DateTime<Utc>, calendar: &Calendar<'_>, random: &mut Random) {
    step(contact, "churned", Some(last + (calendar.now() - last) / 2));
    contact.set(contact::CHURN_REASON, random.pick(CHURN_REASONS).to_owned());
    contact.set(contact::COMPETITOR, random.pick(COMPETITORS).to_owned());
}

/// Next steps of open deals: what the earliest follow-up says, or words without a date; some
/// have none.
pub(super) fn next_steps(
    deals: &mut [Record],
    plans: &[Plan],
    follow_ups: &[Record],
    teller: &mut Teller<'_>,
) {
    for (deal, plan) in deals.iter_mut().zip(plans) {
        if plan.outcome != Outcome::Open {
            continue;
        }
        match earliest(deal.id, follow_ups, &teller.calendar) {
            Some((due, text)) => {
                deal.set(deal::NEXT_STEP, text.to_owned());
                deal.set(deal::NEXT_STEP_DUE, due);
            }
            None if teller.random.in_a_hundred(40) => {
                let steps = NEXT_STEPS[plan.steps.len().saturating_sub(1).min(3)];
                deal.set(deal::NEXT_STEP, teller.random.pick(steps).to_owned());
            }
            None => {}
        }
    }
}

fn earliest<'a>(
    deal: Id,
    follow_ups: &'a [Record],
    calendar: &Calendar<'_>,
) -> Option<(Due, &'a str)> {
    follow_ups
        .iter()
        .filter(|record| record.get(follow_up::DEAL) == Some(&deal))
        .filter(|record| record.get(follow_up::DONE).is_none())
        .filter_map(|record| Some((*record.get(follow_up::DUE)?, record.text(follow_up::TEXT))))
        .min_by_key(|(due, _)| due.starts(calendar.zone()))
}
