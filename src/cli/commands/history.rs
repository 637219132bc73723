//! `touchbase history`: what was changed, by which door, from what to what.

use crate::cli::CommandDef;
use crate::cli::help::Group;
use crate::cli::output::Output;
use crate::cli::sheet::{Part, Sheet};
use crate::cli::table::{Cell, Fit, Head, Row, Table};
use crate::cli::work::Work;
use crate::domain::change::{Cause, Edit, Who};
use crate::domain::context::Context;
use crate::domain::id::Id;
use crate::domain::json::value_to_json;
use crate::domain::show::{self, NameOf};
use crate::error::Result;
use crate::services::differences::{self, Difference};
use crate::services::history::{self, Entry};
use crate::services::list::SessionLookup;
use crate::services::snapshot::visible_kinds;
use crate::services::who::{self, Reach};
use crate::store::session::Session;
use clap::{ArgMatches, Args, FromArgMatches as _};
use serde_json::{Value as Json, json};

/// So many records of one change are shown.
const MOST_RECORDS: usize = 50;

/// The command.
pub(super) const COMMAND: CommandDef = CommandDef {
    name: "history",
    group: Group::Back,
    about: "What was changed: in the store, of one record, or by one change",
    examples: "  touchbase history\n  touchbase history ana\n  touchbase history --change 12",
    changes: false,
    arguments: Arguments::augment_args,
    run,
};

#[derive(Args)]
struct Arguments {
    /// Whose history [default: everything]
    record: Option<String>,
    /// Everything that the change of that number did, record by record
    #[arg(long, value_name = "N", conflicts_with = "record")]
    change: Option<u64>,
    /// At most so many
    #[arg(long, default_value_t = 20)]
    limit: usize,
}

fn run(work: &mut Work<'_>, matches: &ArgMatches) -> Result<Output> {
    let arguments = super::arguments::<Arguments>(Arguments::from_arg_matches(matches))?;
    let session = work.session()?;
    let lookup = SessionLookup::new(&session, &work.env);
    let name_of = |id: Id| lookup.title(id).unwrap_or_else(|| id.text());
    let context = work.env.context;
    if let Some(number) = arguments.change {
        let (entry, edits) = history::change(&session, number)?;
        return Ok(one_change(&entry, &edits, &session, &context, &name_of));
    }
    let rows = match &arguments.record {
        None => {
            let entries = history::latest(&session, arguments.limit)?;
            let nothing = Cell::default;
            entries
                .iter()
                .map(|entry| row(entry, nothing(), &context))
                .collect()
        }
        Some(name) => {
            let id = whose(&session, work, name)?;
            let changes = history::of_record(&session, id, arguments.limit)?;
            changes
                .iter()
                .map(|(entry, edit)| row(entry, fields(edit, &context, &name_of), &context))
                .collect()
        }
    };
    Ok(Output::Table(Table {
        heads: vec![
            Head::right("change"),
            Head::left("when").fit(Fit::Whole),
            Head::left("by").fit(Fit::Whole),
            Head::left("what").fit(Fit::Main),
            Head::left("fields"),
            Head::left("undone-by"),
            Head::right("records"),
            Head::left("undoes"),
            Head::left("redoes"),
        ],
        rows,
        with_ids: false,
        when_empty: "nothing was changed yet".to_owned(),
    }))
}

/// The record that is meant; one that was removed for good is meant by its whole id.
fn whose(session: &Session, work: &Work<'_>, name: &str) -> Result<Id> {
    let kinds: Vec<_> = visible_kinds().collect();
    let found = who::of_kinds(session, &work.env, &kinds, name, Reach::Everything);
    match (found, Id::parse(name)) {
        (Ok(record), _) => Ok(record.id),
        (Err(_), Some(id)) if !history::of_record(session, id, 1)?.is_empty() => Ok(id),
        (Err(error), _) => Err(error),
    }
}

fn row(entry: &Entry, fields: Cell, context: &Context) -> Row {
    let head = &entry.head;
    let (undoes, redoes) = takes_back(head.cause);
    Row {
        id: None,
        short_id: String::new(),
        cells: vec![
            Cell::number(signed(head.number)),
            Cell {
                words: show::instant_words(head.at, context),
                plain: head.at.to_rfc3339(),
                json: head.at.to_rfc3339().into(),
                ..Cell::default()
            },
            Cell::text(door(head.who)),
            Cell {
                // In front, where no narrow terminal cuts it off.
                words: match entry.undone_by {
                    Some(by) => format!("(undone by {by}) {}", head.summary),
                    None => head.summary.clone(),
                },
                ..Cell::text(head.summary.clone())
            },
            fields,
            for_programs(entry.undone_by),
            for_programs(Some(head.records)),
            for_programs(undoes),
            for_programs(redoes),
        ],
    }
}

/// The changes that one takes back, and brings back.
const fn takes_back(cause: Cause) -> (Option<u64>, Option<u64>) {
    match cause {
        Cause::Undo(other) => (Some(other), None),
        Cause::Redo(other) => (None, Some(other)),
        Cause::Plain | Cause::Beginning => (None, None),
    }
}

fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// A number that the words of the row say already.
fn for_programs(number: Option<u64>) -> Cell {
    Cell {
        words: String::new(),
        ..number.map_or_else(Cell::default, |number| Cell::number(signed(number)))
    }
}

const fn door(who: Who) -> &'static str {
    match who {
        Who::Cli => "shell",
        Who::Tui => "screen",
        Who::Import => "import",
        Who::Rule => "rule",
    }
}

/// Each field that differs, from what to what.
fn fields(edit: &Edit, context: &Context, name_of: NameOf<'_>) -> Cell {
    let found = differences::between(edit.before.as_ref(), edit.after.as_ref());
    let say = |one: &Difference| {
        let (name, is) = (&one.name, one.is(context, name_of));
        match edit.before {
            Some(_) => format!("{name}: {} → {is}", one.was(context, name_of)),
            None => format!("{name}: {is}"),
        }
    };
    let all: Vec<String> = match edit.after {
        Some(_) => found.iter().map(say).collect(),
        None => vec!["removed for good".to_owned()],
    };
    // A line for each change; all that a new record says stands in one.
    let between = if edit.before.is_some() { "\n" } else { "; " };
    Cell {
        words: all.join(between),
        plain: all.join("; "),
        json: fields_json(&found, context, name_of),
        ..Cell::default()
    }
}

fn fields_json(found: &[Difference], context: &Context, name_of: NameOf<'_>) -> Json {
    let value = |value: &Option<crate::domain::values::Value>| {
        value
            .as_ref()
            .map_or(Json::Null, |value| value_to_json(value, context, name_of))
    };
    found
        .iter()
        .map(|one| {
            json!({ "field": one.name, "before": value(&one.before), "after": value(&one.after) })
        })
        .collect()
}

/// Everything that a change did, record by record.
fn one_change(
    entry: &Entry,
    edits: &[Edit],
    session: &Session,
    context: &Context,
    name_of: NameOf<'_>,
) -> Output {
    let head = &entry.head;
    let at = show::instant_words(head.at, context);
    let line = |words: String| Part::Item(String::new(), Cell::text(words));
    let mut parts = vec![line(head.summary.clone())];
    let undone = entry.undone_by;
    parts.extend(undone.map(|by| line(format!("undone by change {by}"))));
    let mut records = Vec::new();
    for edit in edits.iter().take(MOST_RECORDS) {
        if let Some((told, record)) = one_record(edit, session, context, name_of) {
            parts.extend(told);
            records.push(record);
        }
    }
    let more = edits.len() - edits.len().min(MOST_RECORDS);
    if more > 0 {
        let records = if more == 1 { "record" } else { "records" };
        parts.extend([Part::Gap, line(format!("… and {more} more {records}"))]);
    }
    let (undoes, redoes) = takes_back(head.cause);
    let json = json!({
        "change": head.number,
        "when": head.at.to_rfc3339(),
        "by": door(head.who),
        "what": head.summary,
        "undone-by": entry.undone_by,
        "undoes": undoes,
        "redoes": redoes,
        "records": records,
        "more-records": more,
    });
    Output::Sheet(Sheet {
        title: format!("change {}  {at}  {}", head.number, door(head.who)),
        parts,
        json,
        names: Vec::new(),
    })
}

/// What a change did to one record, for people and for programs.
fn one_record(
    edit: &Edit,
    session: &Session,
    context: &Context,
    name_of: NameOf<'_>,
) -> Option<(Vec<Part>, Json)> {
    let record = edit.either()?;
    let found = differences::between(edit.before.as_ref(), edit.after.as_ref());
    let (did, words) = match (&edit.before, &edit.after) {
        (None, _) => ("added", ", added"),
        (_, None) => ("removed", ", removed for good"),
        _ => ("changed", ""),
    };
    let id = session.short_id(record.id);
    let id = id.unwrap_or_else(|_| record.id.text());
    let (kind, title) = (record.kind.name, record.title());
    let head = format!("{kind} {title} ({id}){words}");
    let mut parts = vec![Part::Gap, Part::Head(head)];
    parts.extend(field_lines(&found, edit, context, name_of));
    let json = json!({
        "kind": kind,
        "id": record.id.text(),
        "name": title,
        "did": did,
        "fields": fields_json(&found, context, name_of),
    });
    Some((parts, json))
}

/// A line for each field, aligned.
fn field_lines(
    found: &[Difference],
    edit: &Edit,
    context: &Context,
    name_of: NameOf<'_>,
) -> Vec<Part> {
    let widest = found.iter().map(|one| one.name.chars().count()).max();
    let width = widest.unwrap_or(0);
    let line = |one: &Difference| {
        let gap = " ".repeat(width - one.name.chars().count());
        let (was, is) = (one.was(context, name_of), one.is(context, name_of));
        let values = match (&edit.before, &edit.after) {
            (None, _) => is,
            (_, None) => was,
            _ => format!("{was} → {is}"),
        };
        Part::Item(format!("  {}{gap}  ", one.name), Cell::text(values))
    };
    found.iter().map(line).collect()
}
