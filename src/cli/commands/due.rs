//! `touchbase due`: what is due, for people and for cron.

use crate::cli::CommandDef;
use crate::cli::generic;
use crate::cli::help::Group;
use crate::cli::output::Output;
use crate::cli::table::Table;
use crate::cli::wanted;
use crate::cli::work::Work;
use crate::domain::record::Record;
use crate::domain::{follow_up, when};
use crate::error::Result;
use crate::services::due::{self, Span};
use crate::services::list::SessionLookup;
use crate::services::words;
use clap::{ArgMatches, Args, FromArgMatches as _};

/// The exit code of `--exit-status` when something is due.
const SOMETHING_IS_DUE: u8 = 10;

/// The command.
pub(super) const COMMAND: CommandDef = CommandDef {
    name: "due",
    group: Group::Needs,
    about: "What is due: overdue and today, or up to a day",
    examples: "  touchbase due\n  touchbase due +4d\n  touchbase due --since last   # in cron: \
               tells each reminder once",
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
    let span = match (&arguments.when, arguments.since.as_deref()) {
        (Some(text), _) => Some(Span::Until(when::due(text, &context).map_err(wrong(text))?)),
        (None, Some("last")) => None,
        (None, Some(text)) => Some(Span::Since(
            when::moment(text, &context).map_err(wrong(text))?.at,
        )),
        (None, None) if arguments.overdue => Some(Span::Overdue),
        (None, None) => Some(Span::Today),
    };
    let mut session = work.session()?;
    let records = match span {
        Some(span) => due::due(&session, &work.env, span)?,
        None => due::tell_once(&mut session, &work.env)?,
    };
    let columns = generic::columns(
        &follow_up::KIND,
        Some(&"due,text,contact,priority".to_owned()),
        work.env.custom,
    )?;
    let lookup = SessionLookup::new(&session, &work.env);
    let mut table = Table::of_records(&records, &columns, &session, &lookup, &context);
    let all: Vec<&Record> = records.iter().collect();
    wanted::add(&mut table, work, &[&follow_up::KIND], &all, &lookup)?;
    let code = if arguments.exit_status && !records.is_empty() {
        SOMETHING_IS_DUE
    } else {
        0
    };
    Ok(Output::WithCode(Box::new(Output::Table(table)), code))
}
