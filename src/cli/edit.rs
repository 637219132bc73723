//! Editing a record in the user's editor: written as a text, read back, and saved unless somebody
//! else changed the same meanwhile. A text that is not saved is kept.

use super::editor;
use super::opened::Opened;
use super::output::Output;
use super::record_text::{self, Form};
use super::work::{Work, target};
use crate::domain::kind::Kind;
use crate::domain::record::Record;
use crate::domain::show::NameOf;
use crate::error::{Error, Result};
use crate::services::intent::{FieldEdit, Intent};
use crate::services::list::SessionLookup;
use crate::services::who::{self, Reach};
use clap::{Arg, ArgMatches};

/// `--editor`, and the form of the text.
pub(crate) fn argument() -> Arg {
    Arg::new("editor")
        .long("editor")
        .value_name("FORM")
        .num_args(0..=1)
        .require_equals(true)
        .default_missing_value("toml")
        .value_parser(["toml", "markdown"])
        .hide_possible_values(true)
        .help(
            "Edit it in $VISUAL or $EDITOR as toml or markdown; without any field that is the way",
        )
}

/// Lets the user edit a record.
///
/// # Errors
/// When the editor fails, or what was written makes no sense and is not mended.
pub(crate) fn in_editor(
    work: &mut Work<'_>,
    session: Opened,
    record: &Record,
    matches: &ArgMatches,
) -> Result<Output> {
    let form = match matches.get_one::<String>("editor").map(String::as_str) {
        Some("markdown") => Form::Markdown,
        _ => Form::Toml,
    };
    let mut text = with_names(work, &session, record.kind, |name_of| {
        record_text::write(record, form, &work.env.context, name_of)
    });
    drop(session);
    loop {
        let Some(edited) = editor::edit(&work.editor, &text, form.ending())? else {
            let nothing = format!("nothing was changed of {}", record.title());
            return Ok(Output::said(nothing));
        };
        let session = work.session()?;
        let changes = with_names(work, &session, record.kind, |name_of| {
            record_text::changes(record, &edited, form, &work.env, name_of)
        });
        let error = match changes.and_then(|fields| save(work, session, record, fields)) {
            Ok(output) => return Ok(output),
            Err(error) => error,
        };
        if !work.can_ask {
            return Err(editor::kept(error, &edited, form.ending()));
        }
        work.show_error(&error);
        if work.confirm("edit it again?").is_err() {
            return Err(editor::kept(error, &edited, form.ending()));
        }
        text = edited;
    }
}

fn save(
    work: &mut Work<'_>,
    session: Opened,
    record: &Record,
    fields: Vec<FieldEdit>,
) -> Result<Output> {
    if fields.is_empty() {
        let nothing = format!("nothing was changed of {}", record.title());
        return Ok(Output::said(nothing));
    }
    let targets = vec![(target(record), Some(record.revision))];
    work.perform(session, Intent::Edit { targets, fields })
}

/// Names of linked records as they can be typed again: the title where it means exactly that
/// record, else the id.
fn with_names<T>(
    work: &Work<'_>,
    session: &Opened,
    kind: &'static Kind,
    give: impl FnOnce(NameOf<'_>) -> T,
) -> T {
    let lookup = SessionLookup::new(session, &work.env);
    let linked = kind
        .fields
        .iter()
        .filter_map(|field| field.shape.links_to());
    let kinds: Vec<&'static Kind> = linked.filter_map(crate::domain::kind_by_name).collect();
    give(&|id| {
        let title = lookup.title(id).unwrap_or_default();
        let means = |kind: &&&'static Kind| {
            who::find(session, &work.env, kind, &title, Reach::Working)
                .is_ok_and(|found| found.id == id)
        };
        let is_plain = !title.contains([';', ',']);
        match kinds.iter().find(means).filter(|_| is_plain) {
            Some(_) => title,
            None => id.text(),
        }
    })
}

/// What is said where there is nothing to change and nobody who could edit.
pub(crate) fn nothing_to_change(kind: &'static Kind) -> Error {
    let verb = format!("touchbase {} edit", kind.name);
    Error::usage("say what to change").hint(format!("see `{verb} --help`"))
}
