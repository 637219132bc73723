//! `touchbase snooze`: a follow-up waits until later.

use crate::cli::CommandDef;
use crate::cli::output::Output;
use crate::cli::work::Work;
use crate::domain::{follow_up, when};
use crate::error::Result;
use crate::services::intent::Intent;
use crate::services::who::{self, Reach};
use crate::services::words;
use clap::{ArgMatches, Args, FromArgMatches as _};

/// The command.
pub(super) const COMMAND: CommandDef = CommandDef {
    name: "snooze",
    about: "Let a follow-up wait until later",
    examples: "  touchbase snooze 7fk2 +3d\n  touchbase snooze 'send the quote' 'mon 9am'",
    changes: true,
    arguments: Arguments::augment_args,
    run,
};

#[derive(Args)]
struct Arguments {
    /// An id or its beginning, or words of the follow-up
    follow_up: String,
    /// Until when: +3d, mon 9am, next week
    #[arg(allow_hyphen_values = true)]
    when: String,
}

fn run(work: &mut Work<'_>, matches: &ArgMatches) -> Result<Output> {
    let arguments = super::arguments::<Arguments>(Arguments::from_arg_matches(matches))?;
    let due = when::due(&arguments.when, &work.env.context)
        .map_err(|error| words::value_named(&format!("`{}`", arguments.when), error))?;
    let session = work.session()?;
    let wanted = &arguments.follow_up;
    let record = who::find(
        &session,
        &work.env,
        &follow_up::KIND,
        wanted,
        Reach::Working,
    )?;
    work.perform(session, Intent::Snooze(vec![record.id], due))
}
