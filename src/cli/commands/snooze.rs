//! `touchbase snooze`: a follow-up waits until later.

use crate::cli::CommandDef;
use crate::cli::bulk;
use crate::cli::help::Group;
use crate::cli::output::Output;
use crate::cli::work::Work;
use crate::domain::{follow_up, when};
use crate::error::{Error, Result};
use crate::services::intent::Intent;
use crate::services::who::{self, Reach};
use crate::services::words;
use clap::{ArgMatches, Args, FromArgMatches as _};

/// The command.
pub(super) const COMMAND: CommandDef = CommandDef {
    name: "snooze",
    group: Group::Plan,
    about: "Let a follow-up wait until later",
    examples: "  touchbase snooze 'send the quote' 'mon 9am'\n  \
               touchbase snooze --where status:overdue mon --yes",
    changes: true,
    arguments: |command| Arguments::augment_args(command).arg(bulk::argument()),
    run,
};

#[derive(Args)]
struct Arguments {
    /// The follow-up, by its id or words of it (not with `--where`), and until when: +3d, mon 9am
    #[arg(
        value_names = ["FOLLOW-UP", "WHEN"],
        num_args = 1..=2,
        required = true
    )]
    what: Vec<String>,
}

fn run(work: &mut Work<'_>, matches: &ArgMatches) -> Result<Output> {
    let arguments = super::arguments::<Arguments>(Arguments::from_arg_matches(matches))?;
    let in_bulk = matches.contains_id("where");
    let (wanted, when_text) = match arguments.what.as_slice() {
        [when] if in_bulk => ("", when.as_str()),
        [wanted, when] if !in_bulk => (wanted.as_str(), when.as_str()),
        _ => return Err(wrong_number(in_bulk)),
    };
    let due = when::due(when_text, &work.env.context)
        .map_err(|error| words::value_named(&format!("`{when_text}`"), error))?;
    let session = work.session()?;
    let kind = &follow_up::KIND;
    if let Some(mut records) = bulk::wanted(work, &session, kind, matches, Reach::Working)? {
        records.retain(|record| (kind.is_live)(record));
        let ids = records.iter().map(|record| record.id).collect();
        return bulk::carry_out(work, session, kind, &records, Intent::Snooze(ids, due));
    }
    let record = who::find(
        &session,
        &work.env,
        &follow_up::KIND,
        wanted,
        Reach::Working,
    )?;
    work.perform(session, Intent::Snooze(vec![record.id], due))
}

fn wrong_number(in_bulk: bool) -> Error {
    if in_bulk {
        Error::usage("with `--where` only say until when")
            .hint("try `touchbase snooze --where status:overdue mon`")
    } else {
        Error::usage("say which follow-up, and until when")
            .hint("try `touchbase snooze 'send the quote' +3d`")
    }
}
