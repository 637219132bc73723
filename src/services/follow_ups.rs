//! Logging what happened and seeing to what comes next.

use super::consequences::settle;
use super::intent::{FieldChange, FieldEdit, LogEntry, NewContact, NextStep, Reminder, Target};
use super::plan::Plan;
use super::records;
use super::words;
use crate::domain::id::Id;
use crate::domain::record::Record;
use crate::domain::values::contact_points::Labelled;
use crate::domain::values::dates::{Due, Moment};
use crate::domain::values::{Instant, Value};
use crate::domain::{activity, company, contact, deal, follow_up, show};
use crate::error::{Error, Result};

/// How many follow-ups of one contact are looked at for one that a log entry answers.
const LOOK_AT: usize = 200;

/// Logs something that happened, does the follow-up that it answers, and makes the next one.
///
/// # Errors
/// When a record that it names does not exist, or a value is wrong.
pub fn log(plan: &mut Plan<'_>, entry: &LogEntry) -> Result<(Vec<Target>, String)> {
    let kind = if entry.kind.is_empty() {
        "note"
    } else {
        &entry.kind
    };
    if !activity::TYPES.contains(&kind) {
        return Err(Error::invalid(format!("`{kind}` is no type of activity"))
            .hint(format!("choose one of: {}", activity::TYPES.join(", "))));
    }
    if let Some(known) = logged_already(plan, entry)? {
        return Ok(known);
    }
    if let Some(at) = entry.at.filter(|at| at.at > plan.context().now) {
        let words = show::instant_words(at.at, &plan.context());
        return Err(
            Error::invalid(format!("cannot log what is to happen `{words}`"))
                .hint("for what lies ahead use `touchbase remind`"),
        );
    }
    let mut added = String::new();
    let mut contacts = entry.contacts.clone();
    for newcomer in &entry.new_contacts {
        let (made, words) = records::create(plan, &contact::KIND, &fields_of(newcomer))?;
        contacts.extend(made.iter().map(|target| target.id));
        added.push_str(&format!("{words}; "));
    }
    let entry = &LogEntry {
        contacts: unique(contacts.into_iter()),
        ..entry.clone()
    };
    let people = names(plan, &entry.contacts)?;
    let about = about_words(plan, &people, entry.company, entry.deal)?;
    let record = happened(plan, entry, kind)?;
    let made = Target {
        kind: &activity::KIND,
        id: record.id,
    };
    let mut touched = vec![made];
    let mut summary = format!("{added}logged {kind} with {about}");
    if let Some(id) = answered(plan, entry, kind)? {
        let (done, again) = finish(plan, id, Some(record.id))?;
        touched.push(Target {
            kind: &follow_up::KIND,
            id,
        });
        summary.push_str(&format!("; done: {}{again}", done.title()));
    }
    settle(plan, None, record, None)?;
    if let Some(next) = &entry.follow_up {
        let (id, words) = make_next(plan, next, &entry.contacts, entry.company, entry.deal)?;
        touched.push(id);
        summary.push_str(&format!("; {words}"));
    }
    Ok((touched, summary))
}

/// What another program knows by the same id, where it was logged before.
fn logged_already(plan: &Plan<'_>, entry: &LogEntry) -> Result<Option<(Vec<Target>, String)>> {
    let Some(external) = &entry.external else {
        return Ok(None);
    };
    let kind = &activity::KIND;
    let known = plan
        .session
        .find_external(kind, &external.source, &external.id)
        .map_err(words::store)?;
    let Some(&id) = known.first() else {
        return Ok(None);
    };
    let record = plan.get(kind, id)?;
    let at = record.get(activity::AT).map(|at| at.at);
    let at = show::instant_words(at.unwrap_or(record.created), &plan.context());
    let place = if record.is_trashed() {
        ", and lies in the trash"
    } else {
        ""
    };
    let summary = format!("`{}` of {at} was logged already{place}", record.title());
    Ok(Some((vec![Target { kind, id }], summary)))
}

fn fields_of(newcomer: &NewContact) -> Vec<FieldEdit> {
    let put = |name, value| FieldEdit::new(name, FieldChange::Put(value));
    let email = newcomer.email.clone().map(Labelled::plain);
    let email = email.map(|email| put("email", Value::Emails(vec![email])));
    let company = newcomer.company.map(|id| put("company", Value::Link(id)));
    let name = FieldEdit::set("name", newcomer.name.as_str());
    [Some(name), email, company].into_iter().flatten().collect()
}

/// The activity that a log entry describes.
fn happened(plan: &mut Plan<'_>, entry: &LogEntry, kind: &str) -> Result<Record> {
    let mut record = plan.blank(&activity::KIND);
    let now = Moment::new(plan.context().now, plan.context().zone);
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    set_text(&mut record, &entry.text, kind);
    if !entry.notes.trim().is_empty() {
        record.set(activity::NOTES, entry.notes.clone());
    }
    record.external.extend(entry.external.clone());
    record.set(activity::TYPE, kind.to_owned());
    record.set(activity::AT, entry.at.unwrap_or(now));
    record.set(activity::CONTACTS, entry.contacts.clone());
    record.set(activity::DIRECTION, text(&entry.direction));
    record.set(activity::OUTCOME, text(&entry.outcome));
    if let Some(minutes) = entry.duration {
        record.set(activity::DURATION, minutes);
    }
    if let Some(id) = entry.deal {
        record.set(activity::DEAL, id);
    }
    if let Some(id) = company_of(plan, entry)? {
        record.set(activity::COMPANY, id);
    }
    Ok(record)
}

/// What was said in one line, a default where nothing was; all of it where it has several.
fn set_text(record: &mut Record, text: &str, default: &str) {
    let text = text.trim();
    let title = if text.is_empty() {
        default.to_owned()
    } else {
        first_line(text)
    };
    record.set(activity::TEXT, title);
    if text.contains('\n') {
        record.set(activity::NOTES, text.to_owned());
    }
}

/// The company of a log entry: the one named, or the one that a single contact belongs to.
fn company_of(plan: &Plan<'_>, entry: &LogEntry) -> Result<Option<Id>> {
    if let (None, [only]) = (entry.company, entry.contacts.as_slice()) {
        return Ok(plan
            .get(&contact::KIND, *only)?
            .get(contact::COMPANY)
            .copied());
    }
    Ok(entry.company)
}

/// The follow-up that a log entry answers: the one it names, or the only one that is due with
/// its single contact. A note answers nothing of itself, nor does what another program
/// logs: nobody looks on.
fn answered(plan: &mut Plan<'_>, entry: &LogEntry, kind: &str) -> Result<Option<Id>> {
    if entry.answers.is_some() || kind == "note" || entry.external.is_some() {
        return Ok(entry.answers);
    }
    let [contact] = entry.contacts.as_slice() else {
        return Ok(None);
    };
    let context = plan.context();
    let open = plan
        .session
        .linked_from(*contact, &follow_up::KIND, LOOK_AT)
        .map_err(words::store)?;
    let due: Vec<&Record> = open
        .iter()
        .filter(|record| (follow_up::KIND.is_live)(record))
        .filter(|record| {
            record
                .get(follow_up::DUE)
                .is_some_and(|due| due.day(context.zone) <= context.today())
        })
        .filter(|record| {
            entry
                .deal
                .is_none_or(|deal| record.get(follow_up::DEAL) == Some(&deal))
        })
        .collect();
    match due.as_slice() {
        [only] => Ok(Some(only.id)),
        [] => Ok(None),
        several => {
            let warning = format!(
                "{} follow-ups are due with them; none was closed",
                several.len()
            );
            plan.warnings.push(warning);
            Ok(None)
        }
    }
}

/// Makes a follow-up.
///
/// # Errors
/// When a record that it is about does not exist.
pub fn remind(plan: &mut Plan<'_>, reminder: &Reminder) -> Result<(Vec<Target>, String)> {
    let of = |name: &str| {
        let about = reminder.about.iter();
        unique(about.filter(|t| t.kind.name == name).map(|t| t.id))
    };
    let contacts = of("contact");
    let (company, deal) = (only(&of("company"), "company")?, only(&of("deal"), "deal")?);
    let people = names(plan, &contacts)?;
    let about = about_words(plan, &people, company, deal)?;
    let mut record = blank(plan, &reminder.text, &about, reminder.due);
    record.set(follow_up::CONTACTS, contacts);
    link(&mut record, company, deal);
    if let Some(rule) = &reminder.repeat {
        record.set(follow_up::REPEAT, rule.clone());
    }
    if let Some(priority) = &reminder.priority {
        let field = follow_up::KIND.field("priority");
        let value = field.map(|field| super::fields::read(plan, &record, field, priority));
        record.set_value(follow_up::PRIORITY.number(), value.transpose()?);
    }
    let made = Target {
        kind: &follow_up::KIND,
        id: record.id,
    };
    let due = show::due_words(&reminder.due, &plan.context());
    let summary = format!("will remind you {due}: {}", record.title());
    settle(plan, None, record, None)?;
    Ok((vec![made], summary))
}

/// Marks a follow-up as done, logs what was done, and makes the next one.
///
/// # Errors
/// When it does not exist or is done already.
pub fn done(
    plan: &mut Plan<'_>,
    id: Id,
    logged: Option<&(String, String)>,
    next: Option<&NextStep>,
) -> Result<(Vec<Target>, String)> {
    let record = plan.get(&follow_up::KIND, id)?;
    let contacts = plan.existing(&contact::KIND, record.list(follow_up::CONTACTS))?;
    let one = |plan: &Plan<'_>, kind, id: Option<&Id>| -> Result<Option<Id>> {
        Ok(plan.existing(kind, id.copied().as_slice())?.pop())
    };
    let company = one(plan, &company::KIND, record.get(follow_up::COMPANY))?;
    let deal = one(plan, &deal::KIND, record.get(follow_up::DEAL))?;
    let mut touched = vec![Target {
        kind: &follow_up::KIND,
        id,
    }];
    let mut summary = format!("done: {}", record.title());
    if let Some((kind, text)) = logged {
        let entry = LogEntry {
            contacts: contacts.clone(),
            company,
            deal,
            kind: kind.clone(),
            text: if text.is_empty() {
                record.title().to_owned()
            } else {
                text.clone()
            },
            answers: Some(id),
            ..LogEntry::default()
        };
        let (logged, words) = log(plan, &entry)?;
        touched.extend(logged);
        summary = words;
    } else {
        let (_, again) = finish(plan, id, None)?;
        summary.push_str(&again);
    }
    if let Some(next) = next {
        let (made, words) = make_next(plan, next, &contacts, company, deal)?;
        touched.push(made);
        summary.push_str(&format!("; {words}"));
    }
    Ok((touched, summary))
}

/// Closes a follow-up and, when it repeats, makes the one that comes next, and says when that is.
fn finish(plan: &mut Plan<'_>, id: Id, by: Option<Id>) -> Result<(Record, String)> {
    let context = plan.context();
    let mut words = String::new();
    let before = plan.get(&follow_up::KIND, id)?;
    if before.get(follow_up::DONE).is_some() {
        return Err(Error::invalid(format!(
            "`{}` is done already",
            before.title()
        )));
    }
    let mut record = before.clone();
    record.set(follow_up::DONE, Instant(context.now));
    if let Some(by) = by {
        record.set(follow_up::DONE_BY, by);
    }
    if let (Some(rule), Some(due)) = (before.get(follow_up::REPEAT), before.get(follow_up::DUE)) {
        let from = before.get(follow_up::FIRST_DUE).unwrap_or(due);
        let tomorrow = context.today().succ_opt().unwrap_or(context.today());
        if let Some((next, next_rule)) = rule.follow(from, tomorrow, &context) {
            let mut again = plan.blank(&follow_up::KIND);
            for field in follow_up::KIND.fields {
                let kept = !matches!(field.name, "done" | "done-by" | "first-due" | "snoozed");
                again.set_value(field.number, before.field(field).filter(|_| kept).cloned());
            }
            again.custom.clone_from(&before.custom);
            again.set(follow_up::DUE, next);
            again.set(follow_up::REPEAT, next_rule);
            words = format!("; again {}", show::due_words(&next, &context));
            settle(plan, None, again, None)?;
        }
    }
    let done = record.clone();
    settle(plan, Some(&before), record, None)?;
    Ok((done, words))
}

/// Lets follow-ups wait until another time.
///
/// # Errors
/// When one does not exist or is done.
pub fn snooze(plan: &mut Plan<'_>, ids: &[Id], due: Due) -> Result<(Vec<Target>, String)> {
    let context = plan.context();
    if due.is_overdue(context.now, context.zone) {
        let words = show::due_words(&due, &context);
        return Err(
            Error::invalid(format!("cannot snooze until `{words}`: it has passed"))
                .hint("try: +3d, mon 9am, next week"),
        );
    }
    let mut titles = Vec::new();
    for &id in ids {
        let before = plan.get(&follow_up::KIND, id)?;
        if before.get(follow_up::DONE).is_some() {
            return Err(Error::invalid(format!(
                "`{}` is done already",
                before.title()
            )));
        }
        let mut record = before.clone();
        record.set(follow_up::DUE, due);
        let times = before.get(follow_up::SNOOZED).copied().unwrap_or(0);
        record.set(follow_up::SNOOZED, times.saturating_add(1));
        titles.push(record.title().to_owned());
        settle(plan, Some(&before), record, None)?;
    }
    let words = show::due_words(&due, &plan.context());
    let targets = ids
        .iter()
        .map(|&id| Target {
            kind: &follow_up::KIND,
            id,
        })
        .collect();
    Ok((
        targets,
        format!("snoozed {} until {words}", words::names(&titles)),
    ))
}

/// Makes the follow-up that comes after something, and says so.
///
/// # Errors
/// When a record that it is about does not exist.
pub fn make_next(
    plan: &mut Plan<'_>,
    next: &NextStep,
    contacts: &[Id],
    company: Option<Id>,
    deal: Option<Id>,
) -> Result<(Target, String)> {
    let people = names(plan, contacts)?;
    let about = about_words(plan, &people, company, deal)?;
    let mut record = blank(plan, &next.text, &about, next.due);
    record.set(follow_up::CONTACTS, contacts.to_vec());
    link(&mut record, company, deal);
    let made = Target {
        kind: &follow_up::KIND,
        id: record.id,
    };
    let words = format!("follow-up {}", show::due_words(&next.due, &plan.context()));
    settle(plan, None, record, None)?;
    Ok((made, words))
}

fn blank(plan: &mut Plan<'_>, text: &str, about: &str, due: Due) -> Record {
    let mut record = plan.blank(&follow_up::KIND);
    let text = text.trim();
    let default = || format!("follow up with {about}");
    record.set(
        follow_up::TEXT,
        if text.is_empty() {
            default()
        } else {
            first_line(text)
        },
    );
    if text.contains('\n') {
        record.set(follow_up::NOTES, text.to_owned());
    }
    record.set(follow_up::DUE, due);
    record
}

fn link(record: &mut Record, company: Option<Id>, deal: Option<Id>) {
    if let Some(id) = company {
        record.set(follow_up::COMPANY, id);
    }
    if let Some(id) = deal {
        record.set(follow_up::DEAL, id);
    }
}

/// Ids without repetitions, in their order.
fn unique(ids: impl Iterator<Item = Id>) -> Vec<Id> {
    let mut unique = Vec::new();
    for id in ids {
        if !unique.contains(&id) {
            unique.push(id);
        }
    }
    unique
}

/// The only one of a few, or none.
fn only(ids: &[Id], word: &str) -> Result<Option<Id>> {
    match ids {
        [] => Ok(None),
        [one] => Ok(Some(*one)),
        several => Err(Error::invalid(format!(
            "a follow-up is about one {word}, not {}",
            several.len()
        ))),
    }
}

fn names(plan: &Plan<'_>, contacts: &[Id]) -> Result<Vec<String>> {
    let title = |&id: &Id| {
        plan.get(&contact::KIND, id)
            .map(|record| record.title().to_owned())
    };
    contacts.iter().map(title).collect()
}

/// Whom something is about: the people, else the company, else the deal.
fn about_words(
    plan: &Plan<'_>,
    people: &[String],
    company: Option<Id>,
    deal: Option<Id>,
) -> Result<String> {
    if !people.is_empty() {
        return Ok(words::names(people));
    }
    let about = match (company, deal) {
        (Some(id), _) => plan.get(&company::KIND, id)?,
        (None, Some(id)) => plan.get(&deal::KIND, id)?,
        (None, None) => return Ok("yourself".to_owned()),
    };
    Ok(about.title().to_owned())
}

fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or(text).trim().to_owned()
}
