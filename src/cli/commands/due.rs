//! `touchbase due`: what is due, for people and for cron.

use crate::cli::CommandDef;
use crate::cli::generic;
use crate::cli::help::Group;
use crate::cli::output::{self, Output, Then};
use crate::cli::style::Look;
use crate::cli::table::{Cell, Row, Table};
use crate::cli::wanted;
use crate::cli::work::Work;
use crate::domain::record::Record;
use crate::domain::values::Value;
use crate::domain::{follow_up, when};
use crate::error::Result;
use crate::services::due::{self, Item, Span, Telling};
use crate::services::list::SessionLookup;
use crate::services::notify::{self, Message, Way};
use crate::services::words;
use crate::store::folder::StoreFolder;
use crate::store::session::Session;
use clap::{ArgMatches, Args, FromArgMatches as _};
use serde_json::json;
use std::time::Duration;

/// The exit code of `--exit-status` when something is due.
const SOMETHING_IS_DUE: u8 = 10;
/// A mail is that wide.
const MAIL_WIDTH: usize = 72;
/// What was told by another program must be kept, however long others hold the store.
const PATIENCE_AFTER_TELLING: Duration = Duration::from_secs(600);

/// The command.
pub(super) const COMMAND: CommandDef = CommandDef {
    name: "due",
    group: Group::Needs,
    about: "What is due: overdue and today, or up to a day",
    examples: "  touchbase due\n  touchbase due +4d\n  touchbase due --since last   # in cron: \
               tells each reminder once\n  touchbase due --since last --notify desktop",
    changes: false,
    arguments: Arguments::augment_args,
    run,
};

#[derive(Args)]
struct Arguments {
    /// Up to when, that day included [default: today]
    #[arg(allow_hyphen_values = true)]
    when: Option<String>,
    /// Only what is overdue
    #[arg(long, conflicts_with_all = ["when", "since"])]
    overdue: bool,
    /// Only what became due since it was last told (`last`), or since a time
    #[arg(
        long,
        value_name = "last|TIME",
        conflicts_with = "when",
        allow_hyphen_values = true
    )]
    since: Option<String>,
    /// Tell it on the desktop, by mail, or by the command of the settings, and print nothing
    #[arg(long, value_name = "WAY", value_parser = Way::NAMES)]
    notify: Option<String>,
    /// Exit with 10 when something is due
    #[arg(long)]
    exit_status: bool,
}

fn run(work: &mut Work<'_>, matches: &ArgMatches) -> Result<Output> {
    let arguments = super::arguments::<Arguments>(Arguments::from_arg_matches(matches))?;
    let context = work.env.context;
    let wrong = |text: &str| {
        let text = text.to_owned();
        move |error| words::value_named(&format!("`{text}`"), error)
    };
    let way = arguments.notify.as_deref().and_then(Way::named);
    if let Some(way) = way {
        // Another program takes its time, and nobody may hold the store meanwhile.
        work.whole_store()?;
        notify::check(way, &work.env.settings.remind)?;
    }
    let span = match (&arguments.when, arguments.since.as_deref()) {
        (Some(text), _) => Span::Until(when::due(text, &context).map_err(wrong(text))?),
        (None, Some("last")) => return tell(work, way, arguments.exit_status),
        (None, Some(text)) => Span::Since(when::moment(text, &context).map_err(wrong(text))?.at),
        (None, None) if arguments.overdue => Span::Overdue,
        (None, None) => Span::Today,
    };
    let session = work.session()?;
    let items = due::due(&session, &work.env, span)?;
    let table = table(&items, &session, work)?;
    drop(session);
    let output = match way {
        Some(way) => {
            send(way, &items, &table, work)?;
            Output::Nothing
        }
        None => Output::Table(table),
    };
    Ok(with_status(output, arguments.exit_status, &items))
}

fn with_status(output: Output, exit_status: bool, items: &[Item]) -> Output {
    if exit_status && !items.is_empty() {
        Output::WithCode(Box::new(output), SOMETHING_IS_DUE)
    } else {
        output
    }
}

/// Tells what became due since it was last told. It counts as told once it was written, or once
/// the program that tells it has succeeded; until then nobody else tells.
fn tell(work: &mut Work<'_>, way: Option<Way>, exit_status: bool) -> Result<Output> {
    let folder = work.whole_store()?.clone();
    if work.outside.program.is_some() && !work.outside.is_handed_over {
        if is_nothing_new(&folder, work)? {
            return Ok(match way {
                Some(_) => Output::Nothing,
                None => Output::Table(Table::default()),
            });
        }
        // A kill between the writing and the keeping would tell twice: the rest is done by a
        // process that lives on when this one is killed.
        return Ok(Output::Again);
    }
    let turn = folder.turn_to_tell().map_err(words::store)?;
    let mut session = folder.open().map_err(words::store)?;
    let telling = due::untold(&session, &work.env)?;
    let table = table(&telling.items, &session, work)?;
    let Some(way) = way else {
        let output = with_status(Output::Table(table), exit_status, &telling.items);
        let then = move || {
            let kept = due::keep_told(&mut session, &telling);
            drop((session, turn));
            kept
        };
        return Ok(Output::Then(Box::new(output), Then(Box::new(then))));
    };
    drop(session);
    send(way, &telling.items, &table, work)?;
    keep(folder, &telling)?;
    drop(turn);
    Ok(with_status(Output::Nothing, exit_status, &telling.items))
}

fn is_nothing_new(folder: &StoreFolder, work: &Work<'_>) -> Result<bool> {
    if due::is_nothing_due(folder.head(), &work.env) {
        return Ok(true);
    }
    let session = folder.open().map_err(words::store)?;
    Ok(due::untold(&session, &work.env)?.items.is_empty())
}

fn keep(folder: StoreFolder, telling: &Telling) -> Result<()> {
    let folder = folder.waiting(PATIENCE_AFTER_TELLING);
    let mut session = folder.open().map_err(words::store)?;
    due::keep_told(&mut session, telling)
}

fn table(items: &[Item], session: &Session, work: &Work<'_>) -> Result<Table> {
    let context = &work.env.context;
    let columns = generic::columns(
        &follow_up::KIND,
        Some(&"due,text,contact,priority".to_owned()),
        work.env.custom,
    )?;
    let lookup = SessionLookup::new(session, &work.env);
    let records: Vec<_> = items
        .iter()
        .filter_map(|item| match item {
            Item::FollowUp(record) => Some(record.clone()),
            Item::Occasion(_) => None,
        })
        .collect();
    let mut table = Table::of_records(&records, &columns, session, &lookup, context);
    let all: Vec<&Record> = records.iter().collect();
    wanted::add(&mut table, work, &[&follow_up::KIND], &all, &lookup)?;
    let wide = table.heads.len();
    let mut rows = std::mem::take(&mut table.rows).into_iter();
    for item in items {
        match item {
            Item::FollowUp(_) => table.rows.extend(rows.next()),
            Item::Occasion(occasion) => {
                let value = |value| Cell::value(Some(&value), context, &lookup);
                let mut cells = vec![
                    value(Value::Due(occasion.due())),
                    Cell::text(occasion.words()),
                    value(Value::Links(vec![occasion.contact])),
                ];
                cells.resize(wide, Cell::default());
                let id = occasion.contact;
                let short_id = session.short_id(id).unwrap_or_else(|_| id.text());
                table.rows.push(Row {
                    id: Some(id),
                    short_id,
                    cells,
                });
            }
        }
    }
    Ok(table)
}

/// Tells it by another program; nothing when there is nothing to tell.
fn send(way: Way, items: &[Item], table: &Table, work: &Work<'_>) -> Result<()> {
    if items.is_empty() {
        return Ok(());
    }
    let short = table.rows.iter().map(|row| {
        let words = |place: usize| row.cells.get(place).map_or("", |cell| &cell.words);
        match words(2) {
            "" => format!("{}: {}", words(0), words(1)),
            with => format!("{}: {} ({with})", words(0), words(1)),
        }
    });
    let look = Look {
        width: MAIL_WIDTH,
        ..Look::default()
    };
    let message = Message {
        subject: format!("{} due", items.len()),
        short: short.collect(),
        text: table.lines(&look),
        html: None,
        json: json!({ "schema": 1, "data": output::objects(table) }),
    };
    let settings = &work.env.settings.remind;
    notify::send(way, &message, settings, &work.env, &work.outside.vars)
}
