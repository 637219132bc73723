//! Believable data to try the program on: the same every time, relative to today.
//!
//! A freelancer who designs, builds and advises has worked for a year. The story is told in
//! order: people and companies, their deals, what was said, what is to be done, and last what
//! follows from all that for each contact.

mod calendar;
mod cast;
mod firms;
mod lines;
mod outcome;
mod people;
mod places;
mod planning;
mod random;
mod segments;
mod selling;
mod talking;
mod words;

use super::Env;
use super::words as error_words;
use crate::domain::change::{Cause, ChangeSet, Edit, Who};
use crate::domain::context::Context;
use crate::domain::id::{CountedIds, Id, IdSource};
use crate::domain::pipeline::Pipelines;
use crate::domain::record::Record;
use crate::error::Result;
use crate::store::session::Session;
use calendar::Calendar;
use cast::Person;
use chrono::{DateTime, TimeDelta, Utc};
use random::Random;
use selling::Plan;

/// What the story is told with.
struct Teller<'a> {
    context: &'a Context,
    calendar: Calendar<'a>,
    ids: &'a mut dyn IdSource,
    random: Random,
}

impl Teller<'_> {
    /// A working time between so many and so many days ago.
    fn past(&mut self, least: i64, most: i64) -> DateTime<Utc> {
        let days_ago = self.random.between(least, most);
        self.calendar.past(days_ago, &mut self.random)
    }
}

/// Puts demo data into an empty store; leaves one that already has data alone.
///
/// # Errors
/// When the store cannot be written.
pub fn fill(session: &mut Session, env: &Env) -> Result<()> {
    if session.last_change() > 0 {
        return Ok(());
    }
    let records = records(&env.context, &env.pipelines, &mut CountedIds::default());
    let edits = records.into_iter().map(|record| Edit {
        before: None,
        after: Some(record),
    });
    let change = ChangeSet {
        at: env.context.now,
        who: Who::Import,
        cause: Cause::Beginning,
        summary: "made demo data".to_owned(),
        edits: edits.collect(),
    };
    session.commit(change).map_err(error_words::store)?;
    Ok(())
}

/// About 110 contacts, 40 companies, 80 deals, 400 activities and 90 follow-ups, all linked.
pub fn records(context: &Context, pipelines: &Pipelines, ids: &mut dyn IdSource) -> Vec<Record> {
    let (calendar, random) = (Calendar::new(context), Random::new());
    let mut teller = Teller {
        context,
        calendar,
        ids,
        random,
    };
    let people = cast::people(&mut teller.random);
    let plans = selling::plans(pipelines.0.first(), &teller.calendar, &mut teller.random);
    let companies = cast::companies(&mut teller);
    let firm = |person: &Person| person.firm.map(|place| companies[place].id);

    let mut contacts: Vec<Record> = Vec::new();
    for (place, person) in people.iter().enumerate() {
        let known = known_since(place, &plans, &mut teller);
        contacts.push(cast::contact(
            person,
            firm(person),
            known,
            place,
            &mut teller,
        ));
    }
    let mut deals: Vec<Record> = Vec::new();
    for plan in &plans {
        let person = &people[plan.buyer];
        let buyers = buyers(plan, &people, &contacts, &mut teller.random);
        deals.push(selling::deal(
            plan,
            person,
            buyers,
            firm(person),
            &mut teller,
        ));
    }
    let activities = talking::activities(&contacts, &plans, &deals, &mut teller);
    outcome::touch(&mut contacts, &mut deals, &activities);
    outcome::live(
        &mut contacts,
        &plans,
        &deals,
        &teller.calendar,
        &mut teller.random,
    );
    let subjects = planning::Subjects {
        contacts: &contacts,
        deals: &deals,
        activities: &activities,
        pipelines,
    };
    let follow_ups = planning::follow_ups(&subjects, &mut teller);
    outcome::next_steps(&mut deals, &plans, &follow_ups, &mut teller);
    let segments = segments::segments(&mut teller);
    [companies, contacts, deals, activities, follow_ups, segments].concat()
}

/// When the contact of that place came into the store: before their first deal.
fn known_since(place: usize, plans: &[Plan], teller: &mut Teller<'_>) -> DateTime<Utc> {
    let began = plans
        .iter()
        .filter(|plan| plan.buyer == place)
        .filter_map(Plan::began)
        .min();
    match began {
        Some(began) => began - TimeDelta::days(teller.random.between(2, 25)),
        None => teller
            .calendar
            .past(teller.random.between(9, 170), &mut teller.random),
    }
}

/// The buyer, and at times a colleague who was known before the deal began.
fn buyers(plan: &Plan, people: &[Person], contacts: &[Record], random: &mut Random) -> Vec<Id> {
    let buyer = &contacts[plan.buyer];
    let firm = people[plan.buyer].firm;
    let colleague = contacts.iter().enumerate().find(|(place, contact)| {
        *place != plan.buyer
            && firm.is_some()
            && people[*place].firm == firm
            && plan
                .began()
                .is_some_and(|began| contact.created < began - TimeDelta::hours(1))
    });
    let mut buyers = vec![buyer.id];
    if let Some((_, colleague)) = colleague.filter(|_| random.in_a_hundred(50)) {
        buyers.push(colleague.id);
    }
    buyers
}

#[cfg(test)]
mod tests;
