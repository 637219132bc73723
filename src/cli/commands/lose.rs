//! `touchbase lose`: a deal is lost.

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
    name: "lose",
    group: Group::Pipeline,
    about: "A deal is lost",
    examples: "  touchbase lose 'new site' --reason 'too expensive' --competitor 'Big Agency'",
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
    let to = StageTarget::Outcome(Outcome::Lost);
    move_deal(work, &arguments.deal, to, arguments.closing)
}
