//! `touchbase keys`: the keys of the screen, from the one registry of actions.

use crate::cli::CommandDef;
use crate::cli::help::Group;
use crate::cli::output::Output;
use crate::cli::work::Work;
use crate::error::Result;
use clap::{ArgMatches, Command};

/// The command.
pub(super) const COMMAND: CommandDef = CommandDef {
    name: "keys",
    group: Group::Care,
    about: "The keys of the screen",
    examples: "",
    changes: false,
    arguments: |command: Command| command,
    run,
};

fn run(_: &mut Work<'_>, _: &ArgMatches) -> Result<Output> {
    Ok(Output::Keys)
}
