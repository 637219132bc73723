//! The verbs that every kind has, from its field table: add, show, list, edit, rm, archive, restore.

use super::output::Output;
use super::table::Table;
use super::work::{Work, target};
use super::{bulk, edit as editing};
use crate::domain::custom::CustomFields;
use crate::domain::field::{Field, Filled};
use crate::domain::id::Id;
use crate::domain::json::to_json;
use crate::domain::kind::Kind;
use crate::domain::record::Record;
use crate::domain::{derived, show};
use crate::error::{Error, ErrorKind, Result};
use crate::services::intent::{FieldChange, FieldEdit, Intent, Place, Target};
use crate::services::list::{self, Column, ListRequest, SessionLookup};
use crate::services::who::{self, Reach};
use crate::services::{history, words};
use crate::store::session::Session;
use clap::{Arg, ArgAction, ArgMatches, Command};

/// Where flags of fields get their own names, apart from those of the verbs.
pub(super) const FIELD: &str = "field:";

/// The command of a kind with its verbs.
pub fn command(kind: &'static Kind) -> Command {
    Command::new(kind.name)
        .visible_alias(kind.plural)
        .about(kind.help)
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(add(kind))
        .subcommand(
            Command::new("show")
                .about(format!(
                    "Show a {} with its fields and what happened",
                    kind.name
                ))
                .arg(who_argument(kind).required(true)),
        )
        .subcommand(list_command(kind))
        .subcommand(edit(kind))
        .subcommand(
            remove_verb(
                kind,
                "rm",
                "to the trash, from where `restore` brings it back",
            )
            .arg(
                Arg::new("purge")
                    .long("purge")
                    .action(ArgAction::SetTrue)
                    .conflicts_with("where")
                    .help("Remove it for good; asks for its name"),
            ),
        )
        .subcommand(remove_verb(kind, "archive", "out of sight"))
        .subcommand(remove_verb(
            kind,
            "restore",
            "back from the archive or the trash",
        ))
}

fn add(kind: &'static Kind) -> Command {
    let title = kind.title_field().map_or("name", |field| field.name);
    let command = Command::new("add")
        .about(format!("Add a {}", kind.name))
        .arg(
            Arg::new("title")
                .value_name(title.to_uppercase())
                .help(format!("The {title}, or `-` for JSON on standard input")),
        )
        .arg(set_argument())
        .arg(super::dry_run())
        .after_help(format!(
            "Examples:\n  touchbase {} add {}",
            kind.name, kind.example
        ));
    with_fields(command, kind, title)
}

fn edit(kind: &'static Kind) -> Command {
    let command = Command::new("edit")
        .about(format!("Change fields of a {}", kind.name))
        .after_help("A list takes `--field +VALUE` and `--field -VALUE`; `none` clears a field.")
        .arg(who_argument(kind).required_unless_present("where"))
        .arg(bulk::argument().conflicts_with_all(["who", "revision", "editor"]))
        .arg(editing::argument())
        .arg(set_argument())
        .arg(revision_argument())
        .arg(super::dry_run());
    with_fields(command, kind, "")
}

/// One flag per field that the user fills in; repeated flags of a list add up.
fn with_fields(command: Command, kind: &'static Kind, except: &str) -> Command {
    let fields = kind
        .fields
        .iter()
        .filter(|field| field.filled == Filled::ByUser);
    fields
        .filter(|field| field.name != except)
        .fold(command, |command, field| {
            command.arg(
                Arg::new(format!("{FIELD}{}", field.name))
                    .long(field.name)
                    .value_name("VALUE")
                    .action(ArgAction::Append)
                    .allow_hyphen_values(true)
                    .help(field.help),
            )
        })
}

fn set_argument() -> Arg {
    Arg::new("set")
        .long("set")
        .value_name("NAME=VALUE")
        .action(ArgAction::Append)
        .help("A field of your own")
}

fn revision_argument() -> Arg {
    Arg::new("revision")
        .long("revision")
        .value_name("N")
        .value_parser(clap::value_parser!(u64))
        .help(
            "The revision that the change was made from: fields changed by others since are not \
             overwritten",
        )
}

fn who_argument(kind: &'static Kind) -> Arg {
    let help = "An id or its beginning, a name, an e-mail, a phone number";
    Arg::new("who")
        .value_name(kind.name.to_uppercase())
        .help(help)
}

fn remove_verb(kind: &'static Kind, verb: &'static str, what: &str) -> Command {
    Command::new(verb)
        .about(format!("Move {} {what}", kind.plural))
        .arg(
            who_argument(kind)
                .num_args(1..)
                .required_unless_present("where"),
        )
        .arg(bulk::argument().conflicts_with("who"))
        .arg(super::dry_run())
}

fn list_command(kind: &'static Kind) -> Command {
    let option = |name: &'static str, value: &'static str, help: &'static str| {
        Arg::new(name).long(name).value_name(value).help(help)
    };
    let flag = |name: &'static str, help: &'static str| {
        Arg::new(name)
            .long(name)
            .action(ArgAction::SetTrue)
            .help(help)
    };
    let names = super::work::column_names(kind).join(", ");
    Command::new("list")
        .about(format!("List {}", kind.plural))
        .after_help(format!(
            "Examples:\n  touchbase {} list --sort -updated --limit 10\n\n\
             Columns and query fields: {names}, those that the settings declare, custom.NAME",
            kind.name
        ))
        .arg(
            Arg::new("query")
                .value_name("QUERY")
                .num_args(0..)
                .help("Which: words, field:value, field>=value, -not, or, (…)"),
        )
        .arg(option("columns", "NAME,…", "Which columns"))
        .arg(
            option("sort", "COLUMN", "By which column; -COLUMN for descending")
                .allow_hyphen_values(true),
        )
        .arg(option("limit", "N", "At most so many").value_parser(clap::value_parser!(usize)))
        .arg(option("offset", "N", "Pass over so many").value_parser(clap::value_parser!(usize)))
        .arg(flag("archived", "Archived ones too"))
        .arg(flag("trash", "Those in the trash"))
}

/// Runs a verb of a kind.
///
/// # Errors
/// What went wrong, in words.
pub fn run(work: &mut Work<'_>, kind: &'static Kind, matches: &ArgMatches) -> Result<Output> {
    let Some((verb, matches)) = matches.subcommand() else {
        return Err(Error::usage(format!("say what to do with {}", kind.plural)));
    };
    match verb {
        "add" => run_add(work, kind, matches),
        "show" => run_show(work, kind, matches),
        "list" => run_list(work, kind, matches),
        "edit" => run_edit(work, kind, matches),
        "rm" if matches.get_flag("purge") => run_purge(work, kind, matches),
        "rm" => run_place(work, kind, matches, Place::Trash),
        "archive" => run_place(work, kind, matches, Place::Archive),
        _ => run_place(work, kind, matches, Place::Active),
    }
}

fn run_add(work: &mut Work<'_>, kind: &'static Kind, matches: &ArgMatches) -> Result<Output> {
    let mut fields = Vec::new();
    match matches.get_one::<String>("title").map(String::as_str) {
        Some("-") => fields.extend(from_json(kind, work.env.custom, &work.read_input()?)?),
        Some(title) => {
            let name = kind.title_field().map_or("name", |field| field.name);
            fields.push(FieldEdit::set(name, title));
        }
        None => {}
    }
    fields.extend(field_edits(kind, matches, true)?);
    let session = work.session()?;
    work.perform(session, Intent::Create { kind, fields })
}

fn run_edit(work: &mut Work<'_>, kind: &'static Kind, matches: &ArgMatches) -> Result<Output> {
    let fields = field_edits(kind, matches, false)?;
    let session = work.session()?;
    if let Some(records) = bulk::wanted(work, &session, kind, matches, Reach::Working)? {
        if fields.is_empty() {
            return Err(editing::nothing_to_change(kind));
        }
        let targets = records
            .iter()
            .map(|record| (target(record), None))
            .collect();
        return bulk::carry_out(
            work,
            session,
            kind,
            &records,
            Intent::Edit { targets, fields },
        );
    }
    let in_editor = matches.contains_id("editor");
    if fields.is_empty() && !in_editor && !work.can_ask {
        return Err(editing::nothing_to_change(kind));
    }
    let revision = matches.get_one::<u64>("revision").copied();
    // What one has seen may lie in the trash by now; the service says so.
    let reach = revision.map_or(Reach::Working, |_| Reach::Everything);
    let target = match wanted(work, &session, kind, matches, reach) {
        Ok(records) if fields.is_empty() => {
            return editing::in_editor(work, session, &records[0], matches);
        }
        Ok(mut records) => target(&records.remove(0)),
        Err(error) => revision
            .and_then(|_| gone(kind, matches, &error))
            .ok_or(error)?,
    };
    let targets = vec![(target, revision)];
    work.perform(session, Intent::Edit { targets, fields })
}

/// A record that is meant by its whole id, even if it is not there any more: the service says
/// what became of it.
fn gone(kind: &'static Kind, matches: &ArgMatches, error: &Error) -> Option<Target> {
    let id = matches
        .get_one::<String>("who")
        .and_then(|who| Id::parse(who));
    let is_missing = error.kind == ErrorKind::NotFound;
    id.filter(|_| is_missing).map(|id| Target { kind, id })
}

fn run_place(
    work: &mut Work<'_>,
    kind: &'static Kind,
    matches: &ArgMatches,
    place: Place,
) -> Result<Output> {
    let session = work.session()?;
    let reach = if place == Place::Active {
        Reach::PutAway
    } else {
        Reach::Working
    };
    let bulk_reach = match place {
        Place::Active => Reach::PutAway,
        Place::Archive => Reach::Working,
        Place::Trash => Reach::Everything,
    };
    if let Some(records) = bulk::wanted(work, &session, kind, matches, bulk_reach)? {
        let targets = records.iter().map(target).collect();
        return bulk::carry_out(work, session, kind, &records, Intent::Place(targets, place));
    }
    let records = wanted(work, &session, kind, matches, reach)?;
    if place == Place::Trash && records.len() >= 3 {
        work.confirm(&format!(
            "move {} to the trash?",
            words::count(records.len(), kind)
        ))?;
    }
    let targets = records.iter().map(target).collect();
    work.perform(session, Intent::Place(targets, place))
}

fn run_purge(work: &mut Work<'_>, kind: &'static Kind, matches: &ArgMatches) -> Result<Output> {
    let session = work.session()?;
    let records = wanted(work, &session, kind, matches, Reach::Everything)?;
    // A store is never held while a person thinks.
    drop(session);
    for record in &records {
        if work.yes || work.dry_run {
            continue;
        }
        let typed = work.ask(&format!(
            "type `{}` to remove it for good: ",
            record.title()
        ))?;
        if typed.trim() != record.title() {
            return Err(Error::usage("nothing was removed: the name does not fit"));
        }
    }
    let session = work.session()?;
    work.perform(session, Intent::Purge(records.iter().map(target).collect()))
}

fn wanted(
    work: &Work<'_>,
    session: &Session,
    kind: &'static Kind,
    matches: &ArgMatches,
    reach: Reach,
) -> Result<Vec<Record>> {
    let names = matches.get_many::<String>("who").into_iter().flatten();
    names
        .map(|name| who::find(session, &work.env, kind, name, reach))
        .collect()
}

/// The changes of fields that flags ask for.
fn field_edits(kind: &'static Kind, matches: &ArgMatches, is_new: bool) -> Result<Vec<FieldEdit>> {
    let mut edits = Vec::new();
    for field in kind.fields {
        let flag = format!("{FIELD}{}", field.name);
        let texts = matches
            .try_get_many::<String>(&flag)
            .ok()
            .flatten()
            .into_iter()
            .flatten();
        for (place, text) in texts.enumerate() {
            edits.push(FieldEdit::new(
                field.name,
                change(field, text, is_new || place > 0),
            ));
        }
    }
    for text in matches.get_many::<String>("set").into_iter().flatten() {
        let (name, value) = text.split_once('=').ok_or_else(|| {
            Error::usage(format!("`--set {text}` has no `=`")).hint("write `--set name=value`")
        })?;
        edits.push(FieldEdit::custom(name.trim(), value));
    }
    Ok(edits)
}

fn change(field: &Field, text: &str, adds: bool) -> FieldChange {
    let is_phone = matches!(field.shape, crate::domain::field::Shape::Phones);
    // `+49…` is a number, `++49…` adds one.
    let plus = if is_phone {
        text.strip_prefix("++").map(|rest| format!("+{rest}"))
    } else {
        None
    };
    let plus = plus.or_else(|| {
        let more = text
            .strip_prefix('+')
            .filter(|_| !is_phone || !starts_with_digit(text))?;
        Some(more.to_owned())
    });
    match (field.shape.is_list(), plus, text.strip_prefix('-')) {
        (true, Some(more), _) => FieldChange::Add(more),
        (true, None, Some(less)) if !less.is_empty() => FieldChange::Remove(less.to_owned()),
        (true, None, _) if adds && text != "none" => FieldChange::Add(text.to_owned()),
        _ => FieldChange::Set(text.to_owned()),
    }
}

fn starts_with_digit(text: &str) -> bool {
    text.chars()
        .nth(1)
        .is_some_and(|second| second.is_ascii_digit())
}

/// Fields from a JSON object: texts, numbers and flags, lists of texts, and `custom`.
fn from_json(kind: &'static Kind, own: CustomFields, text: &str) -> Result<Vec<FieldEdit>> {
    let parsed: serde_json::Value = serde_json::from_str(text)
        .map_err(|error| Error::invalid(format!("standard input is no JSON: {error}")))?;
    let Some(object) = parsed.as_object() else {
        return Err(Error::invalid("standard input is no JSON object"));
    };
    let mut edits = Vec::new();
    for (name, value) in object {
        if name == "custom" {
            for (name, value) in value.as_object().into_iter().flatten() {
                edits.push(FieldEdit::custom(name.clone(), plain_json(value)?));
            }
        } else if let Some(declared) = own.named(kind, name) {
            let name = declared.field.name;
            edits.push(FieldEdit::custom(name, plain_json(value)?));
        } else {
            let name = kind
                .field_for_header(name)
                .map_or(name.as_str(), |field| field.name);
            edits.push(FieldEdit::set(name, plain_json(value)?));
        }
    }
    Ok(edits)
}

fn plain_json(value: &serde_json::Value) -> Result<String> {
    use serde_json::Value as Json;
    let member = |object: &serde_json::Map<String, Json>, name: &str| {
        object.get(name).and_then(Json::as_str).map(str::to_owned)
    };
    match value {
        Json::Null => Ok(String::new()),
        Json::String(text) => Ok(text.clone()),
        Json::Bool(flag) => Ok((if *flag { "yes" } else { "no" }).to_owned()),
        Json::Number(number) => Ok(number.to_string()),
        Json::Array(list) => {
            let members: Vec<String> = list.iter().map(plain_json).collect::<Result<_>>()?;
            Ok(members.join("; "))
        }
        Json::Object(object) => {
            let amount = member(object, "amount").zip(member(object, "currency"));
            let labelled = member(object, "label").zip(member(object, "value"));
            let money = amount.map(|(amount, currency)| format!("{amount} {currency}"));
            money
                .or(labelled.map(|(label, value)| {
                    if label.is_empty() {
                        value
                    } else {
                        format!("{label}:{value}")
                    }
                }))
                .or(member(object, "id"))
                .ok_or_else(|| Error::invalid(format!("`{value}` is no value of a field")))
        }
    }
}

fn run_list(work: &mut Work<'_>, kind: &'static Kind, matches: &ArgMatches) -> Result<Output> {
    let words: Vec<&str> = matches
        .get_many::<String>("query")
        .into_iter()
        .flatten()
        .map(String::as_str)
        .collect();
    let request = ListRequest {
        kind,
        query: words.join(" "),
        sort: matches.get_one::<String>("sort").cloned(),
        limit: matches.get_one::<usize>("limit").copied(),
        offset: matches.get_one::<usize>("offset").copied().unwrap_or(0),
        archived: matches.get_flag("archived"),
        trashed: matches.get_flag("trash"),
    };
    // JSON of named fields needs those, whether or not a listing shows them.
    let fields = matches.get_one::<String>("json").map(|names| {
        let names = names
            .split(',')
            .map(str::trim)
            .filter(|name| !matches!(*name, "" | "id"));
        names.collect::<Vec<_>>().join(",")
    });
    let fields = fields.filter(|names| !names.is_empty());
    let wanted = matches.get_one::<String>("columns").or(fields.as_ref());
    let columns = columns(kind, wanted, work.env.custom)?;
    let session = work.session()?;
    let records = list::list(&session, &work.env, &request)?;
    let lookup = SessionLookup::new(&session, &work.env);
    let mut table = Table::of_records(&records, &columns, &session, &lookup, &work.env.context);
    table.when_empty = if request.query.is_empty() {
        format!(
            "no {} yet: `touchbase {} add` makes one",
            kind.plural, kind.name
        )
    } else {
        format!("no {} match `{}`", kind.plural, request.query)
    };
    Ok(Output::Table(table))
}

/// The columns asked for, or the kind's own.
pub(crate) fn columns(
    kind: &'static Kind,
    wanted: Option<&String>,
    own: CustomFields,
) -> Result<Vec<Column>> {
    match wanted {
        None => kind
            .columns
            .iter()
            .map(|name| Column::named(kind, name, own))
            .collect(),
        Some(names) => names
            .split(',')
            .map(str::trim)
            .filter(|name| !name.is_empty())
            .map(|name| Column::named(kind, name, own))
            .collect(),
    }
}

fn run_show(work: &mut Work<'_>, kind: &'static Kind, matches: &ArgMatches) -> Result<Output> {
    let session = work.session()?;
    let record = wanted(work, &session, kind, matches, Reach::Everything)?.remove(0);
    let lookup = SessionLookup::new(&session, &work.env);
    let context = &work.env.context;
    let name_of = |id: Id| lookup.title(id).unwrap_or_else(|| id.text());
    let mut lines = vec![record.title().to_owned(), String::new()];
    let mut pairs: Vec<(String, String)> = Vec::new();
    for field in kind
        .fields
        .iter()
        .filter(|field| field.number != kind.title.number())
    {
        if let Some(value) = record.field(field) {
            pairs.push((field.label(), show::words(value, context, &name_of)));
        }
    }
    let told = derived::of_kind(kind.name)
        .filter(|derived| !matches!(derived.name, "updated" | "revision"));
    for derived in told {
        use crate::domain::lookup::Lookup as _;
        if let Some(value) = lookup.derived(&record, derived.name) {
            let name = derived.name.replace('-', " ");
            pairs.push((name, show::words(&value, context, &name_of)));
        }
    }
    let own = work.env.custom.told(&record, context).into_iter();
    pairs.extend(own.map(|(label, value)| (label, show::words(&value, context, &name_of))));
    for known in &record.external {
        pairs.push((
            "known as".to_owned(),
            format!("{} {}", known.source, known.id),
        ));
    }
    let width = pairs
        .iter()
        .map(|(name, _)| name.chars().count())
        .max()
        .unwrap_or(0);
    for (name, value) in &pairs {
        let padding = " ".repeat(width - name.chars().count());
        let indented = value.replace('\n', &format!("\n{}", " ".repeat(width + 2)));
        lines.push(format!("{name}{padding}  {indented}"));
    }
    lines.extend(timeline(work, &session, &record)?);
    Ok(Output::Page(
        lines,
        to_json(&record, work.env.custom, context, &name_of),
    ))
}

/// What links to a record, the newest first, and the changes of the record itself.
fn timeline(work: &Work<'_>, session: &Session, record: &Record) -> Result<Vec<String>> {
    const MOST: usize = 20;
    let mut lines = Vec::new();
    for kind in crate::services::snapshot::visible_kinds() {
        let linked = session
            .linked_from(record.id, kind, MOST)
            .map_err(words::store)?;
        if linked.is_empty() {
            continue;
        }
        lines.push(String::new());
        lines.push(kind.plural.to_owned());
        for other in linked {
            lines.push(format!(
                "  {}",
                who::describe(session, &work.env, &other, Some(record.id))
            ));
        }
    }
    let changes = history::of_record(session, record.id, MOST)?;
    if !changes.is_empty() {
        lines.push(String::new());
        lines.push("changes".to_owned());
    }
    for (entry, _) in changes {
        let (number, summary) = (entry.head.number, entry.head.summary);
        let at = show::instant_words(entry.head.at, &work.env.context);
        let undone = entry.undone_by.map(|by| format!("  (undone by {by})"));
        let undone = undone.unwrap_or_default();
        lines.push(format!("  {number}  {at}  {summary}{undone}"));
    }
    Ok(lines)
}
