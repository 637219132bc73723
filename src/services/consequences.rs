//! What follows from a change of a record, whichever way it came: dated histories, closing
//! dates, a won deal's contacts becoming customers.

use super::list::query_error;
use super::plan::Plan;
use super::who::quoted;
use super::words;
use crate::domain::pipeline::Outcome;
use crate::domain::query::{Known, Query, Segment};
use crate::domain::record::Record;
use crate::domain::values::text;
use crate::domain::values::{Instant, Step};
use crate::domain::{activity, contact, deal, derived, follow_up, segment};
use crate::error::{Error, Result};

/// Puts a record into the plan with everything that follows from how it differs from `before`.
///
/// # Errors
/// When the record contradicts itself, or the store cannot be read.
pub fn settle(
    plan: &mut Plan<'_>,
    before: Option<&Record>,
    mut record: Record,
    note: Option<&str>,
) -> Result<()> {
    match record.kind.name {
        "contact" => settle_contact(plan, before, &mut record, note),
        "deal" => settle_deal(plan, before, &mut record, note)?,
        "follow-up" => settle_follow_up(plan, before, &mut record),
        "activity" => settle_activity(plan, &mut record)?,
        "segment" => settle_segment(plan, &mut record)?,
        _ => {}
    }
    plan.put(record)
}

/// A segment has a name of its own and a query that makes sense.
fn settle_segment(plan: &Plan<'_>, record: &mut Record) -> Result<()> {
    if record.get(segment::OF).is_none() {
        record.set(segment::OF, contact::KIND.name.to_owned());
    }
    let mut others = Vec::new();
    for other in plan.session.all(&segment::KIND) {
        let other = other.map_err(words::store)?;
        others.extend(segment::segment(&other).filter(|_| other.id != record.id));
    }
    let Some(own) = segment::segment(record) else {
        return Ok(());
    };
    let is_same = |other: &&Segment| {
        other.kind == own.kind && text::handle(&other.name) == text::handle(&own.name)
    };
    if let Some(other) = others.iter().find(is_same) {
        let (kind, name) = (own.kind.plural, &other.name);
        let error = Error::invalid(format!(
            "there is a segment of {kind} named `{name}` already"
        ));
        return Err(error.hint(format!(
            "change it with `touchbase segment edit {}`",
            quoted(name)
        )));
    }
    let query = own.query.clone();
    let wrong = |error| query_error(&query, &error);
    others.push(own.clone());
    let known = Known {
        pipelines: &plan.pipelines,
        own: plan.env.custom,
        segments: &others,
    };
    let parsed = Query::parse(&query, own.kind, plan.env.custom, &plan.context()).map_err(wrong)?;
    parsed.resolve(&known, &plan.context()).map_err(wrong)?;
    Ok(())
}

fn settle_contact(
    plan: &Plan<'_>,
    before: Option<&Record>,
    record: &mut Record,
    note: Option<&str>,
) {
    let now = plan.context().now;
    if before.is_none() && record.get(contact::LIFECYCLE).is_none() {
        record.set(contact::LIFECYCLE, "lead".to_owned());
    }
    let was = before.map_or("", |record| record.text(contact::LIFECYCLE));
    let is = record.text(contact::LIFECYCLE).to_owned();
    if was != is && !is.is_empty() {
        let from = Some(was.to_owned()).filter(|word| !word.is_empty());
        let note = note
            .map(str::to_owned)
            .or_else(|| record.get(contact::CHURN_REASON).cloned());
        let note = if is == "churned" {
            note
        } else {
            note.filter(|_| before.is_some())
        };
        record.push(
            contact::LIFECYCLE_HISTORY,
            Step {
                at: now,
                from,
                to: is,
                note,
            },
        );
    }
    let consent = |record: Option<&Record>| record.and_then(|r| r.get(contact::CONSENT).cloned());
    if consent(before) != consent(Some(record)) {
        record.set(contact::CONSENT_AT, Instant(now));
    }
}

fn settle_deal(
    plan: &mut Plan<'_>,
    before: Option<&Record>,
    record: &mut Record,
    note: Option<&str>,
) -> Result<()> {
    let was = before.map_or("", |record| record.text(deal::STAGE));
    take_stage(plan, before, record)?;
    let is = record.text(deal::STAGE).to_owned();
    if was == is {
        return Ok(());
    }
    let step = Step {
        at: plan.context().now,
        from: Some(was.to_owned()).filter(|stage| !stage.is_empty()),
        to: is,
        note: note.map(str::to_owned),
    };
    record.push(deal::STAGE_HISTORY, step);
    record.clear(deal::RANK);
    let outcome = derived::outcome(record, &plan.pipelines);
    if outcome == Outcome::Open {
        record.clear(deal::CLOSED);
        return Ok(());
    }
    let was_closed_otherwise = before.is_some_and(|before| {
        before.get(deal::CLOSED) == record.get(deal::CLOSED)
            && derived::outcome(before, &plan.pipelines) != outcome
    });
    if record.get(deal::CLOSED).is_none() || was_closed_otherwise {
        record.set(deal::CLOSED, plan.context().today());
    }
    if outcome == Outcome::Won {
        make_customers(plan, record)?;
    }
    Ok(())
}

/// A deal stands in a stage of its pipeline: the first, where it has none or was carried over
/// from a pipeline whose stages are others.
fn take_stage(plan: &Plan<'_>, before: Option<&Record>, record: &mut Record) -> Result<()> {
    let name = record.get(deal::PIPELINE).map(String::as_str);
    let pipeline = plan
        .pipelines
        .get(name)
        .ok_or_else(|| Error::invalid(format!("there is no pipeline `{}`", name.unwrap_or(""))))?;
    let was = before.map_or("", |record| record.text(deal::STAGE));
    let is = record.text(deal::STAGE);
    let is_known = pipeline.stage(is).is_some();
    let has_moved = before.is_some_and(|b| b.get(deal::PIPELINE) != record.get(deal::PIPELINE));
    if (is.is_empty() || has_moved && is == was && !is_known)
        && let Some(first) = pipeline.first(Outcome::Open)
    {
        record.set(deal::STAGE, first.name.clone());
    } else if !is_known && was != is {
        let message = format!("pipeline `{}` has no stage `{is}`", pipeline.name);
        return Err(Error::invalid(message));
    }
    Ok(())
}

/// The contacts of a won deal are customers from now on.
fn make_customers(plan: &mut Plan<'_>, deal: &Record) -> Result<()> {
    let note = format!("won {}", deal.title());
    for id in plan.existing(&contact::KIND, deal.list(deal::CONTACTS))? {
        let mut person = plan.get(&contact::KIND, id)?;
        if person.text(contact::LIFECYCLE) != "customer" {
            let was = person.clone();
            person.set(contact::LIFECYCLE, "customer".to_owned());
            settle_contact(plan, Some(&was), &mut person, Some(&note));
            plan.put(person)?;
        }
    }
    Ok(())
}

fn settle_follow_up(plan: &Plan<'_>, before: Option<&Record>, record: &mut Record) {
    if record.get(follow_up::DUE).is_none() {
        let today = plan.context().today();
        record.set(
            follow_up::DUE,
            crate::domain::values::dates::Due::Day(today),
        );
    }
    if let Some(before) = before
        && before.get(follow_up::DUE) != record.get(follow_up::DUE)
        && record.get(follow_up::FIRST_DUE).is_none()
        && let Some(due) = before.get(follow_up::DUE)
    {
        record.set(follow_up::FIRST_DUE, *due);
    }
}

/// An activity has a time and a type, and touches whom it names.
fn settle_activity(plan: &mut Plan<'_>, record: &mut Record) -> Result<()> {
    let context = plan.context();
    if record.get(activity::AT).is_none() {
        let now = crate::domain::values::dates::Moment::new(context.now, context.zone);
        record.set(activity::AT, now);
    }
    if record.get(activity::TYPE).is_none() {
        record.set(activity::TYPE, "note".to_owned());
    }
    let Some(moment) = record.get(activity::AT).copied() else {
        return Ok(());
    };
    if record.text(activity::TYPE) == "note" || moment.at > context.now {
        return Ok(());
    }
    for id in plan.existing(&contact::KIND, record.list(activity::CONTACTS))? {
        let mut person = plan.get(&contact::KIND, id)?;
        if person
            .get(contact::LAST_CONTACT)
            .is_none_or(|last| last.0 < moment.at)
        {
            person.set(contact::LAST_CONTACT, Instant(moment.at));
            plan.put(person)?;
        }
    }
    let deal = record.get(activity::DEAL).copied();
    for id in plan.existing(&deal::KIND, deal.as_slice())? {
        let mut deal = plan.get(&deal::KIND, id)?;
        if deal
            .get(deal::LAST_ACTIVITY)
            .is_none_or(|last| last.0 < moment.at)
        {
            deal.set(deal::LAST_ACTIVITY, Instant(moment.at));
            plan.put(deal)?;
        }
    }
    Ok(())
}
