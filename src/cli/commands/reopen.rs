//! `touchbase reopen`: a deal that was won or lost is open again.

use super::r#move::{Closing, move_deal};
use crate::cli::CommandDef;
use crate::cli::help::Group;
use crate::cli::output::Output;
use crate::cli::work::Work;
use crate::domain::pipeline::Outcome;
use crate::error::Result;
use crate::services::intent::StageTarget;
use clap::{ArgMatches, Args, FromArgMatches as _};

/// The command.
pub(super) const COMMAND: CommandDef = CommandDef {
    name: "reopen",
    group: Group::Pipeline,
    about: "A deal that was won or lost is open again",
    examples: "  touchbase reopen 'old site'",
    changes: true,
    arguments: Arguments::augment_args,
    run,
};

#[derive(Args)]
struct Arguments {
    /// An id or its beginning, or words of the title
    deal: String,
    #[command(flatten)]
    closing: Closing,
}

fn run(work: &mut Work<'_>, matches: &ArgMatches) -> Result<Output> {
    let arguments = super::arguments::<Arguments>(Arguments::from_arg_matches(matches))?;
    let to = StageTarget::Outcome(Outcome::Open);
    move_deal(work, &arguments.deal, to, arguments.closing)
}
