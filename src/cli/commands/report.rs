//! `touchbase report`: figures from the list of reports.

use crate::cli::CommandDef;
use crate::cli::help::Group;
use crate::cli::output::Output;
use crate::cli::table::{Cell, Head, Row, Table};
use crate::cli::work::Work;
use crate::domain::KINDS;
use crate::domain::context::Context;
use crate::error::{Error, Result};
use crate::reports::{self, Input, REPORTS, period};
use crate::services::words;
use clap::{Arg, ArgMatches, Command};
use serde_json::Value as Json;

/// The command.
pub(super) const COMMAND: CommandDef = CommandDef {
    name: "report",
    group: Group::Needs,
    about: "Figures: pipeline, activity, sources, won and lost",
    examples: "  touchbase report pipeline\n  touchbase report won-lost --period this-year",
    changes: false,
    arguments,
    run,
};

fn arguments(command: Command) -> Command {
    let names: Vec<&str> = REPORTS.iter().map(|report| report.name).collect();
    let list: Vec<String> = REPORTS
        .iter()
        .map(|report| format!("  {:<10} {}", report.name, report.help))
        .collect();
    command
        .after_long_help(format!("Reports:\n{}", list.join("\n")))
        .arg(
            Arg::new("name")
                .value_name("NAME")
                .required(true)
                .help(format!("One of: {}", names.join(", "))),
        )
        .arg(
            Arg::new("period")
                .long("period")
                .value_name("PERIOD")
                .help(format!(
                    "One of: {}; or a year, quarter or month",
                    period::PERIODS.join(", ")
                )),
        )
}

fn run(work: &mut Work<'_>, matches: &ArgMatches) -> Result<Output> {
    let name = matches.get_one::<String>("name").map_or("", String::as_str);
    let report = reports::report(name).ok_or_else(|| {
        let names: Vec<&str> = REPORTS.iter().map(|report| report.name).collect();
        Error::not_found(format!("there is no report `{name}`"))
            .hint(format!("choose one of: {}", names.join(", ")))
    })?;
    let context = work.env.context;
    let wanted = matches
        .get_one::<String>("period")
        .map_or(report.period, String::as_str);
    let period = period::period(wanted, &context).ok_or_else(|| {
        Error::invalid(format!("`{wanted}` is not a period"))
            .hint(format!("choose one of: {}", period::PERIODS.join(", ")))
    })?;
    let session = work.session()?;
    let pipelines = crate::services::plan::pipelines(&session, &work.env)?;
    let mut records = Vec::new();
    for kind in KINDS {
        for record in session.all(kind) {
            records.push(record.map_err(words::store)?);
        }
    }
    let table = (report.run)(&Input::new(&records, &pipelines, context, period));
    let notes = std::iter::once(table.title.clone())
        .chain(table.notes.clone())
        .collect();
    Ok(Output::Report(shown(&table, &context), notes))
}

fn shown(table: &reports::Table, context: &Context) -> Table {
    let is_number = |column: usize| {
        let cells = table.rows.iter().filter_map(|row| row.get(column));
        cells.clone().any(reports::Cell::is_number)
    };
    let heads = table.columns.iter().enumerate();
    let heads = heads.map(|(column, name)| Head {
        name: (*name).to_owned(),
        right: is_number(column),
    });
    let rows = table.rows.iter().chain(&table.total).map(|cells| Row {
        id: None,
        short_id: String::new(),
        cells: cells.iter().map(|cell| self::cell(cell, context)).collect(),
    });
    Table {
        heads: heads.collect(),
        rows: rows.collect(),
        with_ids: false,
        when_empty: "nothing to report for this period".to_owned(),
    }
}

fn cell(cell: &reports::Cell, context: &Context) -> Cell {
    let plain = cell.plain();
    let json = match cell {
        reports::Cell::Number(number) => (*number).into(),
        reports::Cell::Percent(share) => share.get().into(),
        reports::Cell::Empty => Json::Null,
        reports::Cell::Money(amounts) => amounts
            .iter()
            .map(|money| {
                let (amount, code) = (money.amount(), money.currency.code().to_owned());
                serde_json::json!({ "amount": amount, "currency": code })
            })
            .collect(),
        reports::Cell::Text(_) | reports::Cell::Date(_) => Json::String(plain.clone()),
    };
    let words = match cell {
        // A line per currency: side by side they would not fit.
        reports::Cell::Money(amounts) => {
            let lines: Vec<String> = amounts.iter().map(ToString::to_string).collect();
            lines.join("\n")
        }
        other => other.words(context),
    };
    Cell { words, plain, json }
}
