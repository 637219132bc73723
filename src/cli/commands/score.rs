//! `touchbase score`: the ranking of leads, or one score explained.

use crate::cli::CommandDef;
use crate::cli::help::Group;
use crate::cli::output::Output;
use crate::cli::table::{Cell, Head, Row, Table};
use crate::cli::work::Work;
use crate::domain::record::Record;
use crate::error::Result;
use crate::scoring::Score;
use crate::services::{list, plan, ranking, who};
use clap::{ArgMatches, Args, FromArgMatches as _};
use serde_json::json;

/// How many reasons a row of the ranking names.
const REASONS: usize = 3;

/// The command.
pub(super) const COMMAND: CommandDef = CommandDef {
    name: "score",
    group: Group::Needs,
    about: "Leads ranked by score, or one score explained",
    examples: "  touchbase score\n  touchbase score ana",
    changes: false,
    arguments: Arguments::augment_args,
    run,
};

#[derive(Args)]
struct Arguments {
    /// Whose score to explain
    who: Option<String>,
    /// Customers and churned ones too
    #[arg(long)]
    all: bool,
    /// At most so many
    #[arg(long)]
    limit: Option<usize>,
}

fn run(work: &mut Work<'_>, matches: &ArgMatches) -> Result<Output> {
    let arguments = super::arguments::<Arguments>(Arguments::from_arg_matches(matches))?;
    let session = work.session()?;
    if let Some(name) = &arguments.who {
        let record = who::contact(&session, &work.env, name)?;
        let pipelines = plan::pipelines(&session, &work.env)?;
        let score = list::score(&session, &work.env, &pipelines, &record);
        return Ok(explained(&record, &score));
    }
    let snapshot = work.snapshot(&session)?;
    let ranked = ranking::contacts(&snapshot, &work.env.context, &work.env.settings.score);
    let wanted = ranked
        .iter()
        .filter(|(record, _)| arguments.all || ranking::is_lead(record));
    let rows = wanted
        .take(arguments.limit.unwrap_or(usize::MAX))
        .map(|(record, score)| Row {
            id: Some(record.id),
            short_id: session
                .short_id(record.id)
                .unwrap_or_else(|_| record.id.text()),
            cells: vec![
                Cell::number(score.points),
                Cell::text(record.title()),
                Cell::text(record.text(crate::domain::contact::LIFECYCLE)),
                Cell::text(strongest(score)),
            ],
        });
    Ok(Output::Table(Table {
        rows: rows.collect(),
        heads: vec![
            Head::right("score"),
            Head::left("name"),
            Head::left("lifecycle"),
            Head::left("why"),
        ],
        with_ids: true,
        when_empty: "no leads yet: `touchbase contact add NAME` makes one".to_owned(),
    }))
}

/// The strongest reasons in one line.
fn strongest(score: &Score) -> String {
    let counted = score
        .reasons
        .iter()
        .filter(|reason| reason.points != 0)
        .take(REASONS);
    counted
        .map(|reason| reason.words.clone())
        .collect::<Vec<_>>()
        .join("; ")
}

fn explained(record: &Record, score: &Score) -> Output {
    let mut lines = vec![
        format!("{}  {} of 100", record.title(), score.points),
        String::new(),
    ];
    for reason in &score.reasons {
        let points = format!("{:+}", reason.points);
        let most = match reason.most {
            0 => String::new(),
            most => format!("of {most:>2}"),
        };
        lines.push(format!(
            "{points:>4} {most:<5}  {:<13} {}",
            reason.rule, reason.words
        ));
    }
    let reasons: Vec<_> = score
        .reasons
        .iter()
        .map(|reason| {
            let (points, most) = (reason.points, reason.most);
            json!({ "rule": reason.rule, "points": points, "most": most, "words": reason.words })
        })
        .collect();
    let json = json!({ "id": record.id.text(), "name": record.title(), "score": score.points,
                       "reasons": reasons });
    Output::Page(lines, json)
}
