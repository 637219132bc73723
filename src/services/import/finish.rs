//! What a new record needs beyond its cells: a name, a history, and what follows for others.

use super::Importer;
use super::row::Draft;
use crate::domain::pipeline::{Outcome, Stage};
use crate::domain::record::Record;
use crate::domain::values::dates::{Due, Moment};
use crate::domain::values::text::fold;
use crate::domain::values::{Instant, Step};
use crate::domain::{activity, company, contact, deal, derived, follow_up};
use crate::error::Result;
use chrono::{DateTime, Utc};

/// Names a draft that has no title by what else it has; says so where that may surprise.
pub(super) fn title(draft: &mut Draft, company_name: &str) {
    let record = &draft.record;
    if !record.title().trim().is_empty() {
        return;
    }
    let first_line = |text: &str| -> String {
        let line = text
            .lines()
            .find(|line| !line.trim().is_empty())
            .unwrap_or("");
        line.trim().chars().take(80).collect()
    };
    let name = match record.kind.name {
        "contact" => {
            let email = record.list(contact::EMAILS).first();
            let phone = record.list(contact::PHONES).first();
            email
                .map(|email| email.value.as_str().to_owned())
                .or_else(|| phone.map(|phone| phone.value.display()))
                .unwrap_or_else(|| company_name.to_owned())
        }
        "company" => {
            let site = record.list(company::SITES).first();
            let email = record.list(company::EMAILS).first();
            record
                .get(company::DOMAIN)
                .cloned()
                .or_else(|| site.map(|site| site.value.as_str().to_owned()))
                .or_else(|| email.map(|email| email.value.domain().to_owned()))
                .unwrap_or_default()
        }
        "deal" => {
            let products = record.list(deal::PRODUCTS).join(", ");
            let parts = [products.as_str(), company_name];
            let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
            parts.join(" – ")
        }
        "activity" => match first_line(record.text(activity::NOTES)) {
            line if line.is_empty() => record.text(activity::TYPE).to_owned(),
            line => line,
        },
        "follow-up" => first_line(record.text(follow_up::NOTES)),
        _ => String::new(),
    };
    if name.is_empty() {
        return;
    }
    if matches!(record.kind.name, "contact" | "company") {
        draft
            .warnings
            .push("has no name and is called after what else it has".to_owned());
    }
    let title = draft.record.kind.title;
    draft.record.set(title, name);
}

/// Completes a draft of a new record: states, histories and times as the file tells them.
pub(super) fn complete(importer: &Importer<'_>, draft: &mut Draft, module: Option<&str>) {
    let now = importer.plan.context().now;
    if let Some(created) = draft.created.or(draft.started) {
        draft.record.created = created;
    }
    match draft.record.kind.name {
        "contact" => complete_contact(draft, now),
        "deal" => complete_deal(importer, draft, now),
        "activity" => complete_activity(draft, module, importer.plan.context().zone, now),
        "follow-up" => complete_follow_up(draft, now),
        _ => {}
    }
}

fn complete_contact(draft: &mut Draft, now: DateTime<Utc>) {
    let at = draft.created.unwrap_or(now);
    let record = &mut draft.record;
    let usual = if draft.converted { "prospect" } else { "lead" };
    let is = record
        .get(contact::LIFECYCLE)
        .cloned()
        .unwrap_or_else(|| usual.to_owned());
    record.set(contact::LIFECYCLE, is.clone());
    record.push(
        contact::LIFECYCLE_HISTORY,
        Step {
            at,
            from: None,
            to: is,
            note: None,
        },
    );
    if record.get(contact::CONSENT).is_some() {
        record.set(contact::CONSENT_AT, Instant(at));
    }
}

/// The moves between stages that the file dates: when selling began, when it was closed.
fn complete_deal(importer: &Importer<'_>, draft: &mut Draft, now: DateTime<Utc>) {
    let pipelines = &importer.plan.pipelines;
    let context = importer.plan.context();
    let record = &mut draft.record;
    let Some(pipeline) = pipelines.get(record.get(deal::PIPELINE).map(String::as_str)) else {
        return;
    };
    if record.get(deal::STAGE).is_none()
        && let Some(first) = pipeline.first(Outcome::Open)
    {
        record.set(deal::STAGE, first.name.clone());
    }
    let step = |at, from, to: &str| {
        let (to, note) = (to.to_owned(), None);
        Step { at, from, to, note }
    };
    let is = record.text(deal::STAGE).to_owned();
    if derived::outcome(record, pipelines) == Outcome::Open {
        let at = draft.started.or(draft.created).unwrap_or(now);
        record.push(deal::STAGE_HISTORY, step(at, None, &is));
        return;
    }
    let closed = draft.closing.or(draft.modified).unwrap_or(now);
    let mut from = None;
    if let Some(at) = draft.started.filter(|at| *at <= closed) {
        // `engage_date` is when the deal came to the stage `Engaging`, where there is one.
        let is_engaging = |stage: &&Stage| fold(&stage.name).starts_with("engag");
        let engaging = pipeline.stages.iter().find(is_engaging);
        if let Some(open) = engaging.or_else(|| pipeline.first(Outcome::Open)) {
            record.push(deal::STAGE_HISTORY, step(at, None, &open.name));
            from = Some(open.name.clone());
        }
    }
    record.push(deal::STAGE_HISTORY, step(closed, from, &is));
    let day = closed.with_timezone(&context.zone).date_naive();
    record.set(deal::CLOSED, day);
    record.clear(deal::EXPECTED_CLOSE);
}

fn complete_activity(
    draft: &mut Draft,
    module: Option<&str>,
    zone: chrono_tz::Tz,
    now: DateTime<Utc>,
) {
    let record = &mut draft.record;
    if record.get(activity::TYPE).is_none() {
        let kind = match module {
            Some("call") => "call",
            Some("event" | "meeting") => "meeting",
            _ => "note",
        };
        record.set(activity::TYPE, kind.to_owned());
    }
    if record.get(activity::AT).is_none() {
        let at = draft.created.unwrap_or(now);
        record.set(activity::AT, Moment::new(at, zone));
    }
    let is_alone = record.list(activity::CONTACTS).is_empty()
        && record.get(activity::COMPANY).is_none()
        && record.get(activity::DEAL).is_none();
    if is_alone {
        draft.warnings.push("is linked to nobody".to_owned());
    }
}

fn complete_follow_up(draft: &mut Draft, now: DateTime<Utc>) {
    if draft.record.get(follow_up::DUE).is_none() {
        let day = draft.created.unwrap_or(now).date_naive();
        draft.record.set(follow_up::DUE, Due::Day(day));
    }
    if draft.done {
        let at = draft.done_at(now);
        draft.record.set(follow_up::DONE, Instant(at));
    }
}

impl Importer<'_> {
    /// What follows for the records that a new one links to.
    pub(super) fn follow(&mut self, record: &Record) -> Result<()> {
        match record.kind.name {
            "deal" if derived::outcome(record, &self.plan.pipelines) == Outcome::Won => {
                self.make_customers(record)
            }
            "activity" => self.touch(record),
            _ => Ok(()),
        }
    }

    /// Whoever bought is a customer, from the day of the sale.
    fn make_customers(&mut self, deal: &Record) -> Result<()> {
        let at = derived::stage_since(deal);
        for &id in deal.list(deal::CONTACTS) {
            let Ok(mut person) = self.plan.get(&contact::KIND, id) else {
                continue;
            };
            let was = person.text(contact::LIFECYCLE).to_owned();
            if matches!(was.as_str(), "customer" | "churned") {
                continue;
            }
            person.set(contact::LIFECYCLE, "customer".to_owned());
            let last = person
                .list(contact::LIFECYCLE_HISTORY)
                .last()
                .map(|step| step.at);
            let at = last.map_or(at, |last| last.max(at));
            let note = Some(format!("won {}", deal.title()));
            let step = Step {
                at,
                from: Some(was),
                to: "customer".to_owned(),
                note,
            };
            person.push(contact::LIFECYCLE_HISTORY, step);
            self.plan.put(person)?;
        }
        Ok(())
    }

    /// An activity touches whom it names.
    fn touch(&mut self, record: &Record) -> Result<()> {
        let Some(at) = record.get(activity::AT).map(|moment| moment.at) else {
            return Ok(());
        };
        if record.text(activity::TYPE) == "note" || at > self.plan.context().now {
            return Ok(());
        }
        for &id in record.list(activity::CONTACTS) {
            let Ok(mut person) = self.plan.get(&contact::KIND, id) else {
                continue;
            };
            if person
                .get(contact::LAST_CONTACT)
                .is_none_or(|last| last.0 < at)
            {
                person.set(contact::LAST_CONTACT, Instant(at));
                self.plan.put(person)?;
            }
        }
        if let Some(&id) = record.get(activity::DEAL)
            && let Ok(mut deal) = self.plan.get(&deal::KIND, id)
            && deal.get(deal::LAST_ACTIVITY).is_none_or(|last| last.0 < at)
        {
            deal.set(deal::LAST_ACTIVITY, Instant(at));
            self.plan.put(deal)?;
        }
        Ok(())
    }
}
