//! `touchbase emails`: the address book of mail programs.

use crate::cli::CommandDef;
use crate::cli::help::Group;
use crate::cli::output::Output;
use crate::cli::table::{Cell, Head, Row, Table};
use crate::cli::work::Work;
use crate::domain::values::text;
use crate::error::Result;
use crate::services::emails::{self, Entry};
use clap::{ArgMatches, Args, FromArgMatches as _};

/// The command.
pub(super) const COMMAND: CommandDef = CommandDef {
    name: "emails",
    group: Group::Needs,
    about: "Find e-mail addresses; the address book of mail programs",
    examples: "  touchbase emails muller\n  touchbase emails --mutt zoe\n\n\
               In aerc.conf:  address-book-cmd = touchbase emails -- %s\n\
               In muttrc:     set query_command = \"touchbase emails --mutt -- %s\"",
    changes: false,
    arguments: Arguments::augment_args,
    run,
};

#[derive(Args)]
struct Arguments {
    /// Words of names, addresses, companies, tags; all addresses without any
    words: Vec<String>,
    /// At most so many [default: 99 with words, else all]
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
    /// With a first line that says how many there are, as mutt's query_command wants it
    #[arg(long)]
    mutt: bool,
}

/// More than 99 lines are too many for aerc.
const MOST: usize = 99;

fn run(work: &mut Work<'_>, matches: &ArgMatches) -> Result<Output> {
    let arguments = super::arguments::<Arguments>(Arguments::from_arg_matches(matches))?;
    let session = work.session()?;
    let words = arguments.words.join(" ");
    let most = (!words.trim().is_empty()).then_some(MOST);
    let found = emails::book(&session, &words, arguments.limit.or(most))?;
    if arguments.mutt {
        return Ok(Output::Bytes(for_mutt(&found).into_bytes()));
    }
    let rows = found.iter().map(|entry| Row {
        id: Some(entry.id),
        short_id: String::new(),
        cells: vec![
            Cell::text(entry.email.as_str()),
            Cell::text(entry.name.as_str()),
            Cell::text(beside(entry)),
        ],
    });
    let heads = ["email", "name", "company"].map(Head::left);
    Ok(Output::Table(Table {
        rows: rows.collect(),
        heads: heads.into(),
        with_ids: false,
        when_empty: format!("no address is found by `{words}`"),
    }))
}

/// The company, and why one should not write.
fn beside(entry: &Entry) -> String {
    match (entry.company.as_str(), entry.mark) {
        (company, None) => company.to_owned(),
        ("", Some(mark)) => format!("({mark})"),
        (company, Some(mark)) => format!("{company} ({mark})"),
    }
}

fn for_mutt(found: &[Entry]) -> String {
    let count = found.len();
    let mut lines = vec![match count {
        1 => "1 address".to_owned(),
        count => format!("{count} addresses"),
    }];
    lines.extend(found.iter().map(|entry| {
        let cells = [entry.email.as_str(), entry.name.as_str(), &beside(entry)];
        cells.map(text::line).join("\t")
    }));
    lines.push(String::new());
    lines.join("\n")
}
