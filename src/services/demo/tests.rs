//! What must hold for the demo data whenever and wherever it is made.

use super::*;
use crate::domain::context::DateOrder;
use crate::domain::field::Shape;
use crate::domain::id::CountedIds;
use crate::domain::kind::Kind;
use crate::domain::pipeline::Outcome;
use crate::domain::values::dates::Due;
use crate::domain::values::money::Currency;
use crate::domain::values::phone::Region;
use crate::domain::values::{Instant, Value};
use crate::domain::{activity, company, contact, deal, derived, follow_up, read, show};
use chrono_tz::Tz;
use std::collections::{BTreeMap, BTreeSet};

fn context(now: &str, zone: Tz) -> Context {
    Context {
        now: now.parse().expect("a time"),
        zone,
        region: Region::DE,
        currency: Currency::EUR,
        date_order: DateOrder::Dmy,
    }
}

fn made(context: &Context) -> Vec<Record> {
    records(context, &Pipelines::default(), &mut CountedIds::default())
}

/// Weekday noon, an early Sunday, a leap day, the other end of the world.
fn contexts() -> [Context; 4] {
    [
        context("2026-11-24T11:00:00Z", chrono_tz::Europe::Berlin),
        context("2026-11-22T03:05:00Z", chrono_tz::Europe::Berlin),
        context("2028-02-29T22:30:00Z", chrono_tz::America::New_York),
        context("2027-01-01T00:10:00Z", chrono_tz::Pacific::Auckland),
    ]
}

fn of<'a>(records: &'a [Record], kind: &'static Kind) -> Vec<&'a Record> {
    records
        .iter()
        .filter(|record| *record.kind == *kind)
        .collect()
}

#[test]
fn the_story_has_its_size_and_its_variety() {
    for context in contexts() {
        let all = made(&context);
        let pipelines = Pipelines::default();
        let count = |kind| of(&all, kind).len();
        assert!(
            (105..=125).contains(&count(&contact::KIND)),
            "{}",
            count(&contact::KIND)
        );
        assert_eq!((count(&company::KIND), count(&activity::KIND)), (40, 400));
        let deals = of(&all, &deal::KIND);
        let number = |outcome| {
            deals
                .iter()
                .filter(|deal| derived::outcome(deal, &pipelines) == outcome)
                .count()
        };
        let numbers = [Outcome::Open, Outcome::Won, Outcome::Lost].map(number);
        assert_eq!(numbers, [35, 28, 17]);
        let stale = deals
            .iter()
            .filter(|deal| derived::is_stale(deal, context.now, &pipelines));
        assert!((4..=9).contains(&stale.count()));
        let currencies: BTreeSet<_> = deals
            .iter()
            .filter_map(|deal| deal.get(deal::VALUE))
            .map(|m| m.currency)
            .collect();
        assert_eq!(currencies.len(), 5);
        let texts: BTreeSet<_> = of(&all, &activity::KIND)
            .into_iter()
            .map(|record| record.title())
            .collect();
        assert!(texts.len() >= 60, "{}", texts.len());
        let names: BTreeSet<_> = of(&all, &contact::KIND)
            .into_iter()
            .map(|record| record.title())
            .collect();
        assert_eq!(names.len(), count(&contact::KIND));
    }
}

#[test]
fn the_day_has_something_to_do() {
    for context in contexts() {
        let all = made(&context);
        let today = context.today();
        let open: Vec<&Record> = of(&all, &follow_up::KIND)
            .into_iter()
            .filter(|record| record.get(follow_up::DONE).is_none())
            .collect();
        let days: Vec<_> = open
            .iter()
            .map(|record| {
                record
                    .get(follow_up::DUE)
                    .expect("a due day")
                    .day(context.zone)
            })
            .collect();
        assert_eq!(open.len(), 60);
        assert_eq!(days.iter().filter(|&&day| day == today).count(), 5);
        assert!(days.iter().filter(|&&day| day < today).count() >= 6);
        let repeats = open
            .iter()
            .filter(|record| record.get(follow_up::REPEAT).is_some())
            .count();
        assert!((2..=8).contains(&repeats), "{repeats}");
        let week = today + TimeDelta::days(7);
        let birthdays = of(&all, &contact::KIND)
            .into_iter()
            .filter_map(|record| record.get(contact::BIRTHDAY)?.next_on_or_after(today))
            .filter(|&day| day < week)
            .count();
        assert!(birthdays >= 3, "{birthdays}");
        let losing = of(&all, &contact::KIND).into_iter().filter(|record| {
            let last = record
                .get(contact::LAST_CONTACT)
                .map(|last| (context.now - last.0).num_days());
            record
                .get(contact::CADENCE)
                .zip(last)
                .is_some_and(|(days, last)| last > days.0.into())
        });
        assert!((3..=8).contains(&losing.count()));
    }
}

#[test]
fn two_runs_are_equal_and_ids_are_unique() {
    let context = contexts()[0];
    let all = made(&context);
    assert_eq!(all, made(&context));
    let ids: BTreeSet<Id> = all.iter().map(|record| record.id).collect();
    assert_eq!(ids.len(), all.len());
}

#[test]
fn every_link_resolves_to_its_kind() {
    let all = made(&contexts()[0]);
    let kinds: BTreeMap<Id, &str> = all
        .iter()
        .map(|record| (record.id, record.kind.name))
        .collect();
    let mut links = 0;
    for record in &all {
        for field in record.kind.fields {
            let (Shape::Link(kind) | Shape::Links(kind)) = field.shape else {
                continue;
            };
            for id in record.linked(field) {
                links += 1;
                assert_eq!(
                    kinds.get(&id),
                    Some(&kind),
                    "{} {}",
                    record.title(),
                    field.name
                );
            }
        }
    }
    assert!(links > 1_000, "{links}");
}

#[test]
fn nothing_happened_in_the_future_or_before_it_could() {
    for context in contexts() {
        let all = made(&context);
        let created: BTreeMap<Id, _> = all.iter().map(|r| (r.id, r.created)).collect();
        for record in &all {
            assert!(record.created <= context.now, "{record:?}");
            assert!(record.updated >= record.created && record.updated <= context.now);
            let steps = [deal::STAGE_HISTORY, contact::LIFECYCLE_HISTORY];
            for step in steps.iter().flat_map(|&key| record.list(key)) {
                assert!(
                    step.at <= context.now && step.at >= record.created,
                    "{record:?}"
                );
            }
            if *record.kind != company::KIND && *record.kind != contact::KIND {
                for field in record
                    .kind
                    .fields
                    .iter()
                    .filter(|field| field.name == "contact")
                {
                    for id in record.linked(field) {
                        assert!(created[&id] <= record.created, "{} {id}", record.title());
                    }
                }
            }
        }
        for record in of(&all, &activity::KIND) {
            assert!(record.get(activity::AT).expect("a time").at <= context.now);
        }
    }
}

#[test]
fn the_last_touch_is_the_latest_activity() {
    let all = made(&contexts()[0]);
    let latest = |field: &str, id: Id| {
        let field = activity::KIND.field(field).expect(field);
        of(&all, &activity::KIND)
            .into_iter()
            .filter(|record| record.linked(field).contains(&id))
            .filter_map(|record| record.get(activity::AT).map(|moment| Instant(moment.at)))
            .max()
    };
    for record in &all {
        if *record.kind == contact::KIND {
            let last = record.get(contact::LAST_CONTACT).copied();
            assert_eq!(last, latest("contact", record.id), "{}", record.title());
        } else if *record.kind == deal::KIND {
            let last = record.get(deal::LAST_ACTIVITY).copied();
            assert_eq!(last, latest("deal", record.id), "{}", record.title());
        }
    }
}

#[test]
fn lifecycles_agree_with_deals() {
    let all = made(&contexts()[0]);
    let pipelines = Pipelines::default();
    let deals = of(&all, &deal::KIND);
    for contact in of(&all, &contact::KIND) {
        let own = |outcome| {
            deals.iter().any(|deal| {
                deal.list(deal::CONTACTS).first() == Some(&contact.id)
                    && derived::outcome(deal, &pipelines) == outcome
            })
        };
        let lifecycle = contact.text(contact::LIFECYCLE);
        let bought = matches!(lifecycle, "customer" | "churned");
        assert_eq!(bought, own(Outcome::Won), "{}", contact.title());
        assert!(
            lifecycle != "churned" || !own(Outcome::Open),
            "{}",
            contact.title()
        );
        let last = contact
            .list(contact::LIFECYCLE_HISTORY)
            .last()
            .map(|step| step.to.as_str());
        assert_eq!(last, Some(lifecycle));
    }
}

#[test]
fn every_value_is_one_that_its_field_takes() {
    let context = contexts()[0];
    for record in made(&context) {
        for field in record.kind.fields {
            let Some(value) = record.field(field) else {
                assert!(!field.required, "{} {}", record.kind.name, field.name);
                continue;
            };
            // Dates have their own grammar; links and steps are not read from text.
            let is_read = !matches!(
                value,
                Value::Date(_) | Value::Due(_) | Value::Moment(_) | Value::Repeat(_)
            );
            match read::value(field.shape, &show::plain(value, &context), &context) {
                Ok(back) if is_read => assert_eq!(&back, value, "{}", field.name),
                Err(error) if is_read => assert!(
                    matches!(
                        field.shape,
                        Shape::Link(_)
                            | Shape::Links(_)
                            | Shape::Stage
                            | Shape::Steps
                            | Shape::Instant
                    ),
                    "{} {value:?} {error:?}",
                    field.name
                ),
                _ => {}
            }
        }
    }
}

#[test]
fn a_pipeline_without_stages_leaves_the_rest() {
    let all = records(
        &contexts()[0],
        &Pipelines(Vec::new()),
        &mut CountedIds::default(),
    );
    assert_eq!(of(&all, &deal::KIND).len(), 0);
    assert_eq!(of(&all, &activity::KIND).len(), 400);
    let days = of(&all, &follow_up::KIND);
    assert!(
        days.iter()
            .all(|record| matches!(record.get(follow_up::DUE), Some(Due::Day(_) | Due::At(_))))
    );
}
