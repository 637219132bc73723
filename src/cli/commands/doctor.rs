//! `touchbase doctor`: whether the store is whole, and putting a damaged one together again.

use crate::cli::CommandDef;
use crate::cli::help::Group;
use crate::cli::output::Output;
use crate::cli::work::Work;
use crate::error::Result;
use crate::services::doctor;
use clap::{ArgMatches, Args, FromArgMatches as _};

/// The exit code when something is damaged or lost.
const DAMAGED: u8 = 1;

/// The command.
pub(super) const COMMAND: CommandDef = CommandDef {
    name: "doctor",
    group: Group::Care,
    about: "Whether the store is whole; with `--repair`, put a damaged one together again",
    examples: "  touchbase doctor\n  touchbase doctor --repair",
    changes: false,
    arguments: Arguments::augment_args,
    run,
};

#[derive(Args)]
struct Arguments {
    /// Save what can be read of a damaged store into a fresh one; the damaged one is kept aside
    #[arg(long)]
    repair: bool,
}

fn run(work: &mut Work<'_>, matches: &ArgMatches) -> Result<Output> {
    let arguments = super::arguments::<Arguments>(Arguments::from_arg_matches(matches))?;
    let answer = if arguments.repair {
        doctor::mend(work.whole_store()?, &work.env)?
    } else {
        doctor::check(work.whole_store()?, &work.env)?
    };
    let page = Output::Page(answer.lines, answer.json);
    Ok(if answer.is_bad {
        Output::WithCode(Box::new(page), DAMAGED)
    } else {
        page
    })
}
