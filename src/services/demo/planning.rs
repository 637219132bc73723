//! Follow-ups of the demo data: overdue, for today, for later, and done.

use super::Teller;
use super::calendar::{Calendar, shifted};
use super::random::Random;
use super::words::{DONE, FOLLOW_UPS, LEAD_FOLLOW_UPS, NEXT_STEPS};
use crate::domain::pipeline::{Outcome, Pipelines};
use crate::domain::record::Record;
use crate::domain::values::Instant;
use crate::domain::values::dates::Due;
use crate::domain::values::repeat::Repeat;
use crate::domain::{activity, contact, deal, derived, follow_up};
use chrono::TimeDelta;

/// How many are open.
const OPEN: usize = 60;
/// How many of those are overdue.
const OVERDUE: usize = 8;
/// How many of those are for today, and the minutes after midnight of those with a time.
const TODAY: &[Option<i64>] = &[None, None, None, Some(15 * 60), Some(17 * 60 + 30)];
/// Every so many-th activity did a follow-up.
const DONE_EVERY: usize = 15;
/// Every so many-th open deal has none.
const WITHOUT: usize = 4;
/// How many come again.
const REPEATED: usize = 4;

/// What the follow-ups are about.
pub(super) struct Subjects<'a> {
    pub(super) contacts: &'a [Record],
    pub(super) deals: &'a [Record],
    pub(super) activities: &'a [Record],
    pub(super) pipelines: &'a Pipelines,
}

/// Every follow-up: open ones, then done ones.
pub(super) fn follow_ups(subjects: &Subjects<'_>, teller: &mut Teller<'_>) -> Vec<Record> {
    let mut made = Vec::new();
    let later = later(&mut teller.random);
    let dues = teller.random.shuffled(dues(&teller.calendar, later));
    let abouts = abouts(subjects, &mut teller.random);
    for ((number, due), subject) in dues.into_iter().enumerate().zip(abouts) {
        let mut record = open(due, subject.0.created, teller);
        record.set(follow_up::TEXT, subject.1.to_owned());
        record.set(follow_up::DUE, due);
        about(&mut record, subject.0);
        decorate(&mut record, due, number, teller);
        made.push(record);
    }
    let done = subjects.activities.iter().rev().step_by(DONE_EVERY);
    made.extend(done.map(|activity| done_by(activity, subjects, teller)));
    made
}

/// Distances and times of the later ones.
fn later(random: &mut Random) -> Vec<(i64, Option<i64>)> {
    let later = OPEN - OVERDUE - TODAY.len();
    let days = (0..later).map(|number| match number {
        0..5 => 1,
        5..15 => random.between(2, 7),
        _ => random.between(8, 62),
    });
    let days: Vec<i64> = days.collect();
    days.into_iter()
        .map(|days| {
            (
                days,
                random.in_a_hundred(25).then(|| random.between(18, 34) * 30),
            )
        })
        .collect()
}

fn dues(calendar: &Calendar<'_>, later: Vec<(i64, Option<i64>)>) -> Vec<Due> {
    let due = |day, minutes: Option<i64>| match minutes {
        Some(minutes) => Due::At(calendar.moment(calendar.at(day, minutes))),
        None => Due::Day(day),
    };
    let overdue = (1..)
        .take(OVERDUE)
        .map(|days: i64| Due::Day(calendar.past_day(days + days / 4)));
    let today = TODAY.iter().map(|&minutes| due(calendar.today(), minutes));
    let later = later
        .into_iter()
        .map(|(days, minutes)| due(calendar.coming_day(days), minutes));
    overdue.chain(today).chain(later).collect()
}

/// What each open one is about, with its text: most open deals, then people.
fn abouts<'a>(subjects: &Subjects<'a>, random: &mut Random) -> Vec<(&'a Record, &'static str)> {
    let pipelines = subjects.pipelines;
    let is_open = |deal: &&Record| derived::outcome(deal, pipelines) == Outcome::Open;
    let mut abouts = Vec::new();
    for (number, deal) in subjects.deals.iter().filter(is_open).enumerate() {
        if number % WITHOUT != WITHOUT - 1 {
            let steps = NEXT_STEPS[(deal.list(deal::STAGE_HISTORY).len().max(1) - 1).min(3)];
            abouts.push((deal, random.pick(steps)));
        }
    }
    let stays = |contact: &&Record| contact.get(contact::CHURN_REASON).is_none();
    let people: Vec<&Record> = subjects.contacts.iter().filter(stays).collect();
    let people = random.shuffled(people);
    for (place, contact) in people.into_iter().enumerate() {
        let texts = match contact.text(contact::LIFECYCLE) {
            "customer" => FOLLOW_UPS,
            _ => LEAD_FOLLOW_UPS,
        };
        abouts.push((contact, texts[place % texts.len()]));
    }
    abouts
}

fn open(due: Due, known_since: chrono::DateTime<chrono::Utc>, teller: &mut Teller<'_>) -> Record {
    let late = (teller.calendar.today() - due.day(teller.calendar.zone()))
        .num_days()
        .max(0);
    let created = teller.past(late + 1, late + 12).max(known_since);
    Record::new(&follow_up::KIND, teller.ids.next_id(created), created)
}

/// Links it to a contact, or to a deal with its people and company.
fn about(record: &mut Record, subject: &Record) {
    let (contacts, company) = if *subject.kind == deal::KIND {
        record.set(follow_up::DEAL, subject.id);
        (
            subject.list(deal::CONTACTS).to_vec(),
            subject.get(deal::COMPANY),
        )
    } else {
        (vec![subject.id], subject.get(contact::COMPANY))
    };
    record.set(follow_up::CONTACTS, contacts);
    if let Some(company) = company {
        record.set(follow_up::COMPANY, *company);
    }
}

/// Priority, snoozes and repeats of some.
fn decorate(record: &mut Record, due: Due, number: usize, teller: &mut Teller<'_>) {
    match teller.random.between(1, 10) {
        1..=2 => record.set(follow_up::PRIORITY, "high".to_owned()),
        3 => record.set(follow_up::PRIORITY, "low".to_owned()),
        _ => {}
    }
    if number % 9 == 4 {
        let first = shifted(
            due.day(teller.calendar.zone()),
            -teller.random.between(2, 9),
        );
        record.set(follow_up::FIRST_DUE, Due::Day(first));
        record.set(follow_up::SNOOZED, teller.random.between(1, 3));
    }
    let is_regular = record.get(follow_up::DEAL).is_none();
    if is_regular
        && number % (OPEN / REPEATED / 2) == 1
        && let Ok(rule) = Repeat::parse("month")
    {
        record.set(follow_up::REPEAT, rule);
    }
}

/// One that an activity did, on the day it was due or a little later.
fn done_by(activity: &Record, subjects: &Subjects<'_>, teller: &mut Teller<'_>) -> Record {
    let at = activity.created;
    let contacts = activity.list(activity::CONTACTS).to_vec();
    let known = subjects
        .contacts
        .iter()
        .find(|contact| contacts.contains(&contact.id));
    let since = known.map_or(at, |contact| contact.created);
    let created = (at - TimeDelta::days(teller.random.between(2, 9)))
        .max(since)
        .min(at);
    let mut record = Record::new(&follow_up::KIND, teller.ids.next_id(created), created);
    let day = shifted(teller.calendar.day(at), -teller.random.between(0, 1))
        .max(teller.calendar.day(created));
    let kind = activity.text(activity::TYPE);
    let text = DONE
        .iter()
        .find(|(done, _)| *done == kind)
        .map_or("Keep in touch", |(_, text)| text);
    record.set(follow_up::TEXT, text.to_owned());
    record.set(follow_up::DUE, Due::Day(day));
    record.set(follow_up::DONE, Instant(at));
    record.set(follow_up::DONE_BY, activity.id);
    record.set(follow_up::CONTACTS, contacts);
    if let Some(company) = activity.get(activity::COMPANY) {
        record.set(follow_up::COMPANY, *company);
    }
    if let Some(deal) = activity.get(activity::DEAL) {
        record.set(follow_up::DEAL, *deal);
    }
    record.updated = at;
    record
}
