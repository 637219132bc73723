//! `touchbase next`: whom to touch now, and why.

use crate::cli::CommandDef;
use crate::cli::help::Group;
use crate::cli::output::Output;
use crate::cli::table::{Cell, Head, Row, Table};
use crate::cli::work::Work;
use crate::error::Result;
use crate::scoring::ranking::Ranked;
use crate::services::ranking;
use clap::{ArgMatches, Args, FromArgMatches as _};
use serde_json::json;

/// The command.
pub(super) const COMMAND: CommandDef = CommandDef {
    name: "next",
    group: Group::Needs,
    about: "Whom to touch now, and why: due, losing touch, hot, stale",
    examples: "  touchbase next\n  touchbase next -n 3",
    changes: false,
    arguments: Arguments::augment_args,
    run,
};

#[derive(Args)]
struct Arguments {
    /// At most so many
    #[arg(short = 'n', long = "limit", default_value_t = 10)]
    limit: usize,
}

fn run(work: &mut Work<'_>, matches: &ArgMatches) -> Result<Output> {
    let arguments = super::arguments::<Arguments>(Arguments::from_arg_matches(matches))?;
    let session = work.session()?;
    let snapshot = work.snapshot(&session)?;
    let ranked = ranking::next(&snapshot, &work.env.context, &work.env.settings);
    let rows = ranked.iter().take(arguments.limit).map(|row| Row {
        id: Some(row.subject.id),
        short_id: session
            .short_id(row.subject.id)
            .unwrap_or_else(|_| row.subject.id.text()),
        cells: cells(row),
    });
    Ok(Output::Table(Table {
        rows: rows.collect(),
        heads: vec![
            Head::right("urgency"),
            Head::left("who"),
            Head::left("do"),
            Head::left("why"),
        ],
        with_ids: true,
        when_empty: "nobody needs a touch now".to_owned(),
    }))
}

fn cells(row: &Ranked<'_>) -> Vec<Cell> {
    let why: Vec<&str> = row
        .causes
        .iter()
        .map(|cause| cause.words.as_str())
        .collect();
    let action = row.action.as_ref();
    let reasons = json!(
        row.causes
            .iter()
            .map(|cause| json!({ "points": cause.points, "words": cause.words }))
            .collect::<Vec<_>>()
    );
    vec![
        Cell::number(row.urgency),
        Cell::text(row.subject.title()),
        Cell::text(action.map_or("", |action| action.verb.word())),
        Cell {
            words: why.join("; "),
            plain: why.join("; "),
            json: reasons,
        },
    ]
}
