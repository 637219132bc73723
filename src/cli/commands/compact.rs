//! `touchbase compact`: the store written anew, without what it holds of older versions.

use crate::cli::CommandDef;
use crate::cli::output::Output;
use crate::cli::work::Work;
use crate::error::Result;
use crate::services::words;
use clap::{ArgMatches, Command};
use serde_json::json;

/// The command.
pub(super) const COMMAND: CommandDef = CommandDef {
    name: "compact",
    about: "Write the store anew, as small as it can be",
    examples: "  touchbase compact",
    changes: false,
    arguments: |command: Command| command,
    run,
};

fn run(work: &mut Work<'_>, _: &ArgMatches) -> Result<Output> {
    let (before, after) = work.folder.compact().map_err(words::store)?;
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
