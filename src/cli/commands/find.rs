//! `touchbase find`: across all kinds, ranked.

use crate::cli::CommandDef;
use crate::cli::help::Group;
use crate::cli::output::Output;
use crate::cli::table::{Cell, Head, Row, Table};
use crate::cli::work::Work;
use crate::error::Result;
use crate::services::find;
use clap::{ArgMatches, Args, FromArgMatches as _};

/// The command.
pub(super) const COMMAND: CommandDef = CommandDef {
    name: "find",
    group: Group::Needs,
    about: "Find records of every kind by words",
    examples: "  touchbase find muller berlin\n  touchbase find @acme.de",
    changes: false,
    arguments: Arguments::augment_args,
    run,
};

#[derive(Args)]
struct Arguments {
    /// Words of names, e-mails, companies, tags, texts; in any order
    #[arg(required = true)]
    words: Vec<String>,
    /// At most so many
    #[arg(long, default_value_t = 20)]
    limit: usize,
}

fn run(work: &mut Work<'_>, matches: &ArgMatches) -> Result<Output> {
    let arguments = super::arguments::<Arguments>(Arguments::from_arg_matches(matches))?;
    let session = work.session()?;
    let words = arguments.words.join(" ");
    let found = find::find(&session, &work.env, &words, arguments.limit)?;
    let rows = found.iter().map(|hit| Row {
        id: Some(hit.record.id),
        short_id: session
            .short_id(hit.record.id)
            .unwrap_or_else(|_| hit.record.id.text()),
        cells: vec![
            Cell::text(hit.record.kind.name),
            Cell::text(hit.record.title()),
            Cell::text(hit.beside.clone()),
        ],
    });
    Ok(Output::Table(Table {
        rows: rows.collect(),
        heads: vec![Head::left("kind"), Head::left("what"), Head::left("with")],
        with_ids: true,
        when_empty: format!("nothing is found by `{words}`"),
    }))
}
