//! The forms: from the field table of a kind, and those of logging, reminding and closing.

use super::model::{Model, Shared};
use super::next_step;
use super::popups::form::{Form, FormField};
use super::popups::reading::{Reader, Reading};
use super::verbs::{about, about_targets, target};
use crate::domain::custom::{CustomField, Kept};
use crate::domain::field::{Field, Filled, Shape};
use crate::domain::id::Id;
use crate::domain::kind::Kind;
use crate::domain::pipeline::Outcome;
use crate::domain::record::Record;
use crate::domain::values::Value;
use crate::domain::{activity, contact, deal, follow_up, show};
use crate::services::intent::{
    FieldChange, FieldEdit, Intent, LogEntry, NextStep, Reminder, StageMove, StageTarget,
};

/// What stands in a field, as it is typed, and the records that its names mean.
fn typed(record: &Record, field: &Field, shared: &Shared) -> (String, Vec<(String, Id)>) {
    let ids = record.linked(field);
    if ids.is_empty() {
        let text = record
            .field(field)
            .map(|value| show::plain(value, &shared.context));
        return (text.unwrap_or_default(), Vec::new());
    }
    let names: Vec<(String, Id)> = ids
        .into_iter()
        .map(|id| (shared.snapshot.name_of(id), id))
        .collect();
    let text: Vec<&str> = names.iter().map(|(name, _)| name.as_str()).collect();
    (text.join("; "), names)
}

/// The rows of the fields that the settings declare. What stands there may not fit them, and a
/// record from before may lack what a new one needs: neither keeps it from being changed.
fn own_rows(kind: &'static Kind, record: Option<&Record>, shared: &Shared) -> Vec<FormField> {
    let row = |own: &'static CustomField| {
        let context = &shared.context;
        let text = record.and_then(|record| {
            Some(match own.kept(record, context)? {
                Kept::Value(value) => show::plain(&value, context),
                Kept::Text(text) => text.to_owned(),
            })
        });
        let is_old = record.is_some() && text.is_none();
        let mut row = FormField::of(&own.field, &text.unwrap_or_default(), Vec::new());
        row.required &= !is_old;
        row
    };
    shared.custom.of_kind(kind).map(row).collect()
}

fn rows(kind: &'static Kind) -> impl Iterator<Item = &'static Field> {
    kind.fields
        .iter()
        .filter(|field| field.filled == Filled::ByUser)
}

/// What to do with a row's field: a link is resolved here, everything else read by the service.
fn edit_of(form: &Form, at: usize, shared: &Shared) -> Option<FieldEdit> {
    let field = form.fields[at].field?;
    let change = match form.reading(at, shared) {
        Reading::Empty => FieldChange::Clear,
        Reading::Value(value @ (Value::Link(_) | Value::Links(_)), _) => FieldChange::Put(value),
        _ => FieldChange::Set(form.fields[at].text()),
    };
    Some(FieldEdit::new(field.name, change))
}

/// The form of a new record. What is selected is linked to it, where it has a field for that.
pub(crate) fn create(kind: &'static Kind, model: &Model) -> Form {
    let selected = model.selected();
    let shared = &model.shared;
    let fields = rows(kind).map(|field| {
        let linked = selected
            .filter(|record| record.kind != kind)
            .and_then(|record| {
                let (Shape::Link(name) | Shape::Links(name)) = field.shape else {
                    return None;
                };
                let id = match (record.kind.name, name) {
                    (own, wanted) if own == wanted => Some(record.id),
                    ("contact", "company") => record.get(contact::COMPANY).copied(),
                    ("deal", "company") => record.get(deal::COMPANY).copied(),
                    ("deal", "contact") => record.list(deal::CONTACTS).first().copied(),
                    _ => None,
                };
                id.filter(|_| field.name != "parent")
            });
        let known: Vec<(String, Id)> = linked
            .map(|id| (shared.snapshot.name_of(id), id))
            .into_iter()
            .collect();
        let text = known
            .first()
            .map_or(String::new(), |(name, _)| name.clone());
        FormField::of(field, "", known).filled_in(&text)
    });
    let submit = move |form: &Form, shared: &Shared| {
        let filled = (0..form.fields.len()).filter(|at| !form.fields[*at].text().trim().is_empty());
        let fields = filled.filter_map(|at| edit_of(form, at, shared)).collect();
        Ok(Intent::Create { kind, fields })
    };
    let mut fields: Vec<FormField> = fields.collect();
    fields.extend(own_rows(kind, None, shared));
    Form::new(
        format!("New {}", kind.name),
        Some(kind),
        fields,
        Box::new(submit),
    )
}

/// The form of a record.
pub(crate) fn edit(record: &Record, shared: &Shared) -> Form {
    let fields = rows(record.kind).map(|field| {
        let (text, known) = typed(record, field, shared);
        FormField::of(field, &text, known)
    });
    let (target, revision) = (target(record), record.revision);
    let submit = move |form: &Form, shared: &Shared| {
        let changed = (0..form.fields.len()).filter(|at| form.fields[*at].is_changed());
        let fields = changed.filter_map(|at| edit_of(form, at, shared)).collect();
        Ok(Intent::Edit {
            targets: vec![(target, Some(revision))],
            fields,
        })
    };
    let title = format!("Edit {}", record.title());
    let mut fields: Vec<FormField> = fields.collect();
    fields.extend(own_rows(record.kind, Some(record), shared));
    Form::new(title, Some(record.kind), fields, Box::new(submit))
}

fn text_row(label: &str, help: &str) -> FormField {
    FormField::new(label, help, Reader::Shape(Shape::Text), "")
}

fn next_row(label: &str) -> FormField {
    FormField::new(
        label,
        "when, and after a colon what: fri: send the quote",
        Reader::NextStep,
        "",
    )
}

/// What is decided while looking at a record: it is refused where others changed that since.
pub(crate) fn seen(record: &Record, shared: &Shared) -> impl Fn(Intent) -> Intent + 'static {
    let version = (target(record), record.revision);
    // A change of our own that is on its way makes another version: that is no conflict.
    let versions: Vec<_> = (!shared.changing).then_some(version).into_iter().collect();
    move |intent| Intent::Seen {
        versions: versions.clone(),
        intent: Box::new(intent),
    }
}

/// The text of a row; none when it is empty.
fn filled(form: &Form, at: usize) -> Option<String> {
    let text = form.fields[at].text().trim().to_owned();
    (!text.is_empty()).then_some(text)
}

fn next(form: &Form, at: usize, shared: &Shared) -> Result<Option<NextStep>, (usize, String)> {
    let Some(text) = filled(form, at) else {
        return Ok(None);
    };
    let read = next_step::parse(&text, &shared.context);
    read.map(Some)
        .map_err(|error| (at, super::popups::reading::wrong(&error)))
}

/// Logs what happened with a record.
pub(crate) fn log(record: &Record, kind: &'static str, shared: &Shared) -> Form {
    let mut fields = vec![text_row("What", "what was said or done")];
    let timed = matches!(kind, "call" | "meeting" | "visit");
    if kind != "note" {
        let known = activity::KIND.field("outcome");
        let outcome = known.map_or_else(
            || text_row("Outcome", "answered, no-answer, interested, …"),
            |field| FormField::of(field, "", Vec::new()),
        );
        fields.push(outcome);
    }
    if timed {
        let duration = Reader::Shape(Shape::Minutes);
        fields.push(FormField::new("Duration", "12m, 1h 30m", duration, ""));
    }
    fields.push(next_row("Follow-up"));
    let (entry, seen) = (about(record), seen(record, shared));
    let last = fields.len() - 1;
    let submit = move |form: &Form, shared: &Shared| {
        let duration = match form.reading(2.min(last), shared) {
            Reading::Value(Value::Minutes(minutes), _) if timed => Some(minutes),
            _ => None,
        };
        Ok(seen(Intent::Log(LogEntry {
            kind: kind.to_owned(),
            text: filled(form, 0).unwrap_or_default(),
            outcome: filled(form, 1).filter(|_| kind != "note"),
            duration,
            follow_up: next(form, last, shared)?,
            ..entry.clone()
        })))
    };
    let what = match kind {
        "email" => "mail",
        other => other,
    };
    let title = format!("Log a {what} with {}", with_whom(record, shared));
    Form::new(title, Some(&activity::KIND), fields, Box::new(submit))
}

/// The people of a record in words, or its own title.
fn with_whom(record: &Record, shared: &Shared) -> String {
    if matches!(record.kind.name, "contact" | "company") {
        return record.title().to_owned();
    }
    let entry = about(record);
    let names: Vec<String> = entry
        .contacts
        .iter()
        .map(|id| shared.snapshot.name_of(*id))
        .collect();
    if names.is_empty() {
        record.title().to_owned()
    } else {
        names.join(", ")
    }
}

/// Sets a follow-up about a record.
pub(crate) fn remind(record: &Record, shared: &Shared) -> Form {
    let shape = |shape, label, help| FormField::new(label, help, Reader::Shape(shape), "");
    let fields = vec![
        shape(Shape::Due, "When", "fri 9am, +3d, 1 dec").required(),
        text_row("What", "what to do"),
        shape(
            Shape::Repeat,
            "Every",
            "2 weeks, month, 1st monday; empty for once",
        ),
        shape(
            Shape::Choice(follow_up::PRIORITIES),
            "Priority",
            "low, normal or high",
        ),
    ];
    let (about, seen) = (about_targets(record), seen(record, shared));
    let submit = move |form: &Form, shared: &Shared| {
        let Reading::Value(Value::Due(due), _) = form.reading(0, shared) else {
            return Err((0, "a date or time is needed".to_owned()));
        };
        let repeat = match form.reading(2, shared) {
            Reading::Value(Value::Repeat(repeat), _) => Some(repeat),
            _ => None,
        };
        Ok(seen(Intent::Remind(Reminder {
            about: about.clone(),
            due,
            text: filled(form, 1).unwrap_or_default(),
            repeat,
            priority: filled(form, 3),
        })))
    };
    let title = format!("Follow up with {}", with_whom(record, shared));
    Form::new(title, Some(&follow_up::KIND), fields, Box::new(submit))
}

/// Puts a follow-up off to a typed time.
pub(crate) fn snooze(record: &Record, shared: &Shared) -> Form {
    let due = FormField::new(
        "Until",
        "fri 9am, +3d, 1 dec",
        Reader::Shape(Shape::Due),
        "",
    );
    let (id, seen) = (record.id, seen(record, shared));
    let submit = move |form: &Form, shared: &Shared| match form.reading(0, shared) {
        Reading::Value(Value::Due(due), _) => Ok(seen(Intent::Snooze(vec![id], due))),
        _ => Err((0, "a date or time is needed".to_owned())),
    };
    let title = format!("Put off: {}", record.title());
    Form::new(
        title,
        Some(&follow_up::KIND),
        vec![due.required()],
        Box::new(submit),
    )
}

/// Says what was done and sets what comes next.
pub(crate) fn done_and_next(record: &Record, shared: &Shared) -> Form {
    let fields = vec![
        next_row("Next").required(),
        text_row("What was done", "logged as a note; empty for nothing"),
    ];
    let (follow_up, seen) = (record.id, seen(record, shared));
    let submit = move |form: &Form, shared: &Shared| {
        let log = filled(form, 1).map(|text| ("note".to_owned(), text));
        Ok(seen(Intent::Done {
            follow_up,
            log,
            next: next(form, 0, shared)?,
        }))
    };
    let title = format!("Done: {}", record.title());
    Form::new(title, Some(&follow_up::KIND), fields, Box::new(submit))
}

/// Wins or loses a deal: asks why, and what comes next.
pub(crate) fn close(record: &Record, to: StageTarget, outcome: Outcome, shared: &Shared) -> Form {
    let won = outcome == Outcome::Won;
    let of = |name: &str, help: &str| {
        let field = deal::KIND.field(name);
        field.map_or_else(
            || text_row(name, help),
            |field| FormField::of(field, "", Vec::new()),
        )
    };
    let mut fields = vec![of("reason", "why"), of("competitor", "who else was in it")];
    fields.push(next_row(if won { "Follow-up" } else { "Ask again" }));
    let (id, seen) = (record.id, seen(record, shared));
    let submit = move |form: &Form, shared: &Shared| {
        Ok(seen(Intent::Move(StageMove {
            deal: id,
            to: to.clone(),
            note: None,
            reason: filled(form, 0),
            competitor: filled(form, 1),
            follow_up: next(form, 2, shared)?,
        })))
    };
    let word = if won { "Won" } else { "Lost" };
    let title = format!("{word}: {}", record.title());
    let start = if won { 2 } else { 0 };
    Form::new(title, Some(&deal::KIND), fields, Box::new(submit)).starting_at(start)
}
