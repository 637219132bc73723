//! `touchbase compact`: the store written anew, without what it holds of older versions.

use crate::cli::CommandDef;
use crate::cli::help::Group;
use crate::cli::output::Output;
use crate::cli::work::Work;
use crate::error::Result;
use crate::services::words;
use crate::store::compact::Compacted;
use clap::{Arg, ArgAction, ArgMatches, Command};
use serde_json::json;

/// The command.
pub(super) const COMMAND: CommandDef = CommandDef {
    name: "compact",
    group: Group::Care,
    about: "Write the store anew, as small as it can be",
    examples: "  touchbase compact",
    changes: false,
    arguments,
    run,
};

fn arguments(command: Command) -> Command {
    command.arg(
        Arg::new("if-due")
            .long("if-due")
            .action(ArgAction::SetTrue)
            .help("Only if the store has grown to twice what it needs"),
    )
}

fn run(work: &mut Work<'_>, matches: &ArgMatches) -> Result<Output> {
    let done = if matches.get_flag("if-due") {
        work.whole_store()?.compact_if_due()
    } else {
        work.whole_store()?.compact().map(Some)
    };
    let Some(Compacted { before, after }) = done.map_err(words::store)? else {
        return Ok(Output::Nothing);
    };
    let line = format!(
        "the store takes {} KiB, {} KiB before",
        after.div_ceil(1024),
        before.div_ceil(1024)
    );
    Ok(Output::Page(
        vec![line],
        json!({ "before": before, "after": after }),
    ))
}
