//! `touchbase demo`: the screen on believable data.

use crate::cli::CommandDef;
use crate::cli::help::Group;
use crate::cli::output::Output;
use crate::cli::work::Work;
use crate::error::Result;
use clap::{ArgMatches, Command};

/// The command.
pub(super) const COMMAND: CommandDef = CommandDef {
    name: "demo",
    group: Group::Care,
    about: "The screen on a throw-away store with believable data",
    examples: "  touchbase demo\n  touchbase demo --dir ~/demo   # keeps the store there",
    changes: false,
    arguments: |command: Command| command,
    run,
};

fn run(_: &mut Work<'_>, matches: &ArgMatches) -> Result<Output> {
    // Only a folder named on the command line: the user's own store is never filled with demo data.
    Ok(Output::Demo(
        matches.get_one::<String>("dir").map(Into::into),
    ))
}
