//! Quick add: one line becomes a contact, its company and what comes next, in one change.

use super::follow_ups::make_next;
use super::intent::{FieldChange, FieldEdit, NextStep, Target};
use super::plan::Plan;
use super::records;
use super::who::{self, Reach};
use crate::domain::context::Context;
use crate::domain::id::Id;
use crate::domain::quick::line::LogLine;
use crate::domain::quick::{Part, PartKind, QuickAdd, QuickError, QuickErrorKind};
use crate::domain::record::Record;
use crate::domain::values::Value;
use crate::domain::values::contact_points::Labelled;
use crate::domain::{company, contact};
use crate::error::{Error, ErrorKind, Result};

/// Reads a line of quick add.
///
/// # Errors
/// What is wrong, with a mark under the character.
pub fn read(text: &str, context: &Context) -> Result<QuickAdd> {
    QuickAdd::parse(text, context).map_err(|error| fault(text, &error))
}

/// Reads a line of what happened.
///
/// # Errors
/// What is wrong, with a mark under the character.
pub fn read_log(text: &str, context: &Context) -> Result<LogLine> {
    LogLine::parse(text, context).map_err(|error| fault(text, &error))
}

fn fault(text: &str, error: &QuickError) -> Error {
    let part = text.get(error.span.clone()).unwrap_or_default();
    let (what, hint) = match &error.kind {
        QuickErrorKind::Empty => (format!("nothing stands behind `{part}`"), None),
        QuickErrorKind::UnclosedQuote => ("a quote is not closed".to_owned(), None),
        QuickErrorKind::NotAnEmail => (format!("`{part}` is no e-mail address"), None),
        QuickErrorKind::NotAPhone => (
            format!("`{part}` is no phone number"),
            Some(format!(
                "if it belongs to the name, put it in quotes: \"{part}\""
            )),
        ),
        QuickErrorKind::NotADate => (
            format!("`{part}` is not a date or time"),
            Some("try: +fri, +3d, +next mon 9am, +1 dec: what to do".to_owned()),
        ),
        QuickErrorKind::NotATime => (
            format!("`{part}` is no length of time"),
            Some("try: !12m, !1h30m".to_owned()),
        ),
        QuickErrorKind::NotOneOf(words) => {
            let words: Vec<String> = words.iter().map(|word| format!("!{word}")).collect();
            (
                format!("`{part}` is not one of the choices"),
                Some(format!("choose one of: {}", words.join(", "))),
            )
        }
        QuickErrorKind::Twice(name) => (format!("`{part}` is a second {name}"), None),
        QuickErrorKind::NoName => (
            "a contact needs a name".to_owned(),
            Some("words without a mark are the name: touchbase add Zoë Müller #vip".to_owned()),
        ),
    };
    let mark = format!("{}^", " ".repeat(error.column(text)));
    let made = Error::invalid(what).detail(text).detail(mark);
    match hint {
        Some(hint) => made.hint(hint),
        None => made,
    }
}

/// Makes the contact of a line, links or makes its company, and makes the follow-up.
///
/// # Errors
/// When the company is not known and is not to be made, or could be several.
pub fn add(plan: &mut Plan<'_>, wanted: &QuickAdd, create: bool) -> Result<(Vec<Target>, String)> {
    let mut touched = Vec::new();
    let mut summary = String::new();
    let mut told = Vec::new();
    let mut fields = vec![FieldEdit::set("name", wanted.name())];
    let company = match wanted.company() {
        Some(name) => {
            let (found, words) = company_named(plan, name, create)?;
            if let Some(words) = words {
                touched.push(Target {
                    kind: found.kind,
                    id: found.id,
                });
                summary.push_str(&format!("{words}; "));
            }
            told.push(format!("at {}", found.title()));
            let link = FieldChange::Put(Value::Link(found.id));
            fields.push(FieldEdit::new("company", link));
            Some(found.id)
        }
        None => None,
    };
    fields.extend(fields_of(&wanted.parts, &mut told));
    let (made, words) = records::create(plan, &contact::KIND, &fields)?;
    let contacts: Vec<Id> = made.iter().map(|target| target.id).collect();
    // The contact is what was asked for, so it is named first.
    touched.splice(0..0, made);
    summary.push_str(&words);
    if !told.is_empty() {
        summary.push_str(&format!(" ({})", told.join(", ")));
    }
    if let Some((due, text)) = wanted.follow_up() {
        let next = NextStep {
            due: *due,
            text: text.to_owned(),
        };
        let (target, words) = make_next(plan, &next, &contacts, company, None)?;
        touched.push(target);
        summary.push_str(&format!("; {words}"));
        if !text.is_empty() {
            summary.push_str(&format!(": {text}"));
        }
    }
    Ok((touched, summary))
}

/// The company of that name, and what was done in words where it had to be made.
fn company_named(
    plan: &mut Plan<'_>,
    name: &str,
    create: bool,
) -> Result<(Record, Option<String>)> {
    let kind = &company::KIND;
    match who::find(plan.session, plan.env, kind, name, Reach::Working) {
        Ok(found) => Ok((found, None)),
        Err(error) if error.kind == ErrorKind::NotFound && create => {
            let fields = [FieldEdit::set("name", name)];
            let (made, words) = records::create(plan, kind, &fields)?;
            let target = made.first().ok_or(error)?;
            Ok((plan.get(kind, target.id)?, Some(words)))
        }
        Err(mut error) if error.kind == ErrorKind::NotFound => {
            // Near misses help; how to make a company by hand does not.
            error.hints.retain(|hint| hint.starts_with("did you mean"));
            Err(error.hint("to make the company too, repeat with `--create`"))
        }
        Err(error) => Err(error),
    }
}

/// The fields that the parts mean, the name apart, each said in words too.
fn fields_of(parts: &[Part], told: &mut Vec<String>) -> Vec<FieldEdit> {
    let (mut emails, mut phones, mut sites, mut tags) = (vec![], vec![], vec![], vec![]);
    let mut fields = Vec::new();
    let put = |name: &str, value: Value| FieldEdit::new(name, FieldChange::Put(value));
    for part in parts {
        match &part.kind {
            PartKind::Name(_) | PartKind::Company(_) | PartKind::FollowUp(..) => {}
            PartKind::Tag(tag) if tags.contains(tag) => {}
            PartKind::Tag(tag) => {
                told.push(format!("#{tag}"));
                tags.push(tag.clone());
            }
            PartKind::Email(email) => {
                told.push(email.as_str().to_owned());
                emails.push(Labelled::plain(email.clone()));
            }
            PartKind::Phone(phone) => {
                told.push(phone.display());
                phones.push(Labelled::plain(phone.clone()));
            }
            PartKind::Site(site) => {
                told.push(site.as_str().to_owned());
                sites.push(Labelled::plain(site.clone()));
            }
            PartKind::Lifecycle(word) => {
                told.push((*word).to_owned());
                fields.push(put("lifecycle", Value::Text((*word).to_owned())));
            }
            PartKind::Source(source) => {
                told.push(format!("source {source}"));
                fields.push(put("source", Value::Text(source.clone())));
            }
        }
    }
    fields.push(put("email", Value::Emails(emails)));
    fields.push(put("phone", Value::Phones(phones)));
    fields.push(put("site", Value::Sites(sites)));
    fields.push(put("tag", Value::Texts(tags)));
    fields
}
