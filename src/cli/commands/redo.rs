//! `touchbase redo`: brings back what was undone.

use crate::cli::CommandDef;
use crate::cli::help::Group;
use crate::cli::output::Output;
use crate::cli::work::Work;
use crate::error::Result;
use crate::services::intent::Intent;
use clap::{ArgMatches, Command};

/// The command.
pub(super) const COMMAND: CommandDef = CommandDef {
    name: "redo",
    group: Group::Back,
    about: "Bring back what was undone last",
    examples: "",
    changes: true,
    arguments: |command: Command| command,
    run,
};

fn run(work: &mut Work<'_>, _: &ArgMatches) -> Result<Output> {
    let session = work.session()?;
    work.perform(session, Intent::Redo)
}
