//! `touchbase undo`: takes a change back.

use crate::cli::CommandDef;
use crate::cli::help::Group;
use crate::cli::output::Output;
use crate::cli::work::Work;
use crate::error::Result;
use crate::services::intent::Intent;
use clap::{ArgMatches, Args, FromArgMatches as _};

/// The command.
pub(super) const COMMAND: CommandDef = CommandDef {
    name: "undo",
    group: Group::Back,
    about: "Take back the last change, or one by its number",
    examples: "  touchbase undo\n  touchbase undo 12",
    changes: true,
    arguments: Arguments::augment_args,
    run,
};

#[derive(Args)]
struct Arguments {
    /// The change's number, as `touchbase history` shows it
    change: Option<u64>,
}

fn run(work: &mut Work<'_>, matches: &ArgMatches) -> Result<Output> {
    let arguments = super::arguments::<Arguments>(Arguments::from_arg_matches(matches))?;
    let session = work.session()?;
    work.perform(session, Intent::Undo(arguments.change))
}
