//! `touchbase schema`: what the JSON of records and answers looks like.

use crate::cli::CommandDef;
use crate::cli::help::Group;
use crate::cli::output::Output;
use crate::cli::table::{Cell, Fit, Head, Row, Table};
use crate::cli::work::Work;
use crate::domain::json::schema;
use crate::domain::nearest::nearest;
use crate::error::{Error, Result};
use crate::services::settings;
use crate::services::snapshot::visible_kinds;
use clap::{ArgMatches, Args, FromArgMatches as _};
use serde_json::Value as Json;

/// The command.
pub(super) const COMMAND: CommandDef = CommandDef {
    name: "schema",
    group: Group::Exchange,
    about: "The JSON Schema of a kind of record, of a change or of the settings",
    examples: "  touchbase schema\n  touchbase schema contact",
    changes: false,
    arguments: Arguments::augment_args,
    run,
};

#[derive(Args)]
struct Arguments {
    /// A kind of record, `change` or `settings` [default: list them]
    kind: Option<String>,
}

/// The schemas that are of no kind of record.
const OTHERS: &[Other] = &[
    Other {
        name: "change",
        help: "What a command with --json says it changed",
        make: schema::of_change,
    },
    Other {
        name: "settings",
        help: "The settings, as `config show --json` gives them",
        make: settings::schema,
    },
];

/// A schema of its own.
struct Other {
    name: &'static str,
    help: &'static str,
    make: fn() -> Json,
}

fn run(work: &mut Work<'_>, matches: &ArgMatches) -> Result<Output> {
    let arguments = super::arguments::<Arguments>(Arguments::from_arg_matches(matches))?;
    let Some(wanted) = arguments.kind else {
        return Ok(Output::Table(list()));
    };
    let of_kind = visible_kinds()
        .find(|kind| kind.name == wanted || kind.plural == wanted)
        .map(|kind| schema::of_kind(kind, work.env.custom));
    let other = || OTHERS.iter().find(|other| other.name == wanted);
    let schema = of_kind.or_else(|| other().map(|other| (other.make)()));
    let schema = schema.ok_or_else(|| {
        let error = Error::not_found(format!("there is no schema of `{wanted}`"));
        match nearest(&wanted, names()) {
            Some(near) => error.hint(format!("did you mean `{near}`?")),
            None => error.hint("see them with `touchbase schema`"),
        }
    })?;
    Ok(Output::Bytes(format!("{schema:#}\n").into_bytes()))
}

fn names() -> impl Iterator<Item = &'static str> + Clone {
    let kinds: Vec<&str> = visible_kinds().map(|kind| kind.name).collect();
    let others = OTHERS.iter().map(|other| other.name);
    kinds.into_iter().chain(others)
}

fn list() -> Table {
    let kinds = visible_kinds().map(|kind| (kind.name, kind.help));
    let others = OTHERS.iter().map(|other| (other.name, other.help));
    let row = |(name, help)| Row {
        id: None,
        short_id: String::new(),
        cells: vec![Cell::text(name), Cell::text(help)],
    };
    Table {
        heads: vec![Head::left("name").fit(Fit::Main), Head::left("what")],
        rows: kinds.chain(others).map(row).collect(),
        ..Table::default()
    }
}
