//! What is done to all records that a query finds: shown before, agreed to, one change.

use super::opened::Opened;
use super::output::Output;
use super::work::{Work, target};
use crate::domain::kind::Kind;
use crate::domain::record::Record;
use crate::domain::values::text;
use crate::error::{Error, Result};
use crate::services::differences;
use crate::services::intent::Intent;
use crate::services::list::{self, ListRequest, SessionLookup};
use crate::services::who::Reach;
use crate::services::{plan, words};
use clap::{Arg, ArgMatches};

/// So many records are shown before somebody is asked.
const SHOWN: usize = 12;

/// `--where`, in place of a name.
pub(crate) fn argument() -> Arg {
    Arg::new("where")
        .long("where")
        .value_name("QUERY")
        .help("All that a query finds, in place of one: shown first, one undo")
}

/// The records that `--where` asks for; none when it is not given. Those that are archived are
/// among them where everything is to be reached, or what is put away.
///
/// # Errors
/// When the query is wrong, or the store cannot be read.
pub(crate) fn wanted(
    work: &Work<'_>,
    session: &Opened,
    kind: &'static Kind,
    matches: &ArgMatches,
    reach: Reach,
) -> Result<Option<Vec<Record>>> {
    let Some(query) = matches.get_one::<String>("where") else {
        return Ok(None);
    };
    if query.trim().is_empty() {
        return Err(Error::usage("`--where` needs a query")
            .hint("for all of them name what they have in common: `--where 'state:active'`"));
    }
    let request = ListRequest {
        query: query.clone(),
        archived: reach != Reach::Working,
        ..ListRequest::all(kind)
    };
    let mut found = list::list(session, &work.env, &request)?;
    if reach == Reach::PutAway {
        found.retain(|record| !record.is_active());
        let trash = ListRequest {
            trashed: true,
            ..request
        };
        found.extend(list::list(session, &work.env, &trash)?);
    }
    Ok(Some(found))
}

/// Carries out an intent on many records, when the user agrees: what would change is shown
/// first. The store is not held while they think; what others change meanwhile is not
/// overwritten.
///
/// # Errors
/// When nobody agrees, or as the intent does.
pub(crate) fn carry_out(
    work: &mut Work<'_>,
    session: Opened,
    kind: &'static Kind,
    records: &[Record],
    intent: Intent,
) -> Result<Output> {
    if records.is_empty() {
        let nothing = format!("no {} match: nothing was changed", kind.plural);
        return Ok(Output::said(nothing));
    }
    if work.dry_run || !work.yes {
        for line in preview(work, &session, records, &intent)? {
            work.printer.say(&line);
        }
    }
    drop(session);
    work.confirm(&format!("change {}?", words::count(records.len(), kind)))?;
    let versions = records
        .iter()
        .map(|record| (target(record), record.revision));
    let intent = Intent::Seen {
        versions: versions.collect(),
        intent: Box::new(intent),
    };
    let session = work.session()?;
    work.perform(session, intent)
}

/// What would change, a line for each record.
fn preview(
    work: &mut Work<'_>,
    session: &Opened,
    records: &[Record],
    intent: &Intent,
) -> Result<Vec<String>> {
    let (change, ..) = plan(session, &mut work.env, intent.clone())?;
    let lookup = SessionLookup::new(session, &work.env);
    let context = &work.env.context;
    let name_of = |id| lookup.title(id).unwrap_or_else(|| format!("{id}"));
    let mut lines = Vec::new();
    for record in records.iter().take(SHOWN) {
        let edit = change
            .edits
            .iter()
            .find(|edit| edit.id() == Some(record.id));
        let found =
            edit.map(|edit| differences::between(edit.before.as_ref(), edit.after.as_ref()));
        let told = found.into_iter().flatten().map(|difference| {
            let (was, is) = (
                difference.was(context, &name_of),
                difference.is(context, &name_of),
            );
            format!("{}: {was} → {is}", difference.name)
        });
        let told: Vec<String> = told.collect();
        let what = match told.is_empty() {
            true => "stays as it is".to_owned(),
            false => told.join("; "),
        };
        let id = session
            .short_id(record.id)
            .unwrap_or_else(|_| record.id.text());
        lines.push(text::line(&format!("{id}  {}  {what}", record.title())));
    }
    if records.len() > SHOWN {
        lines.push(format!("… and {} more", records.len() - SHOWN));
    }
    Ok(lines)
}
