//! `touchbase untag`: take tags off a contact, a company or a deal.

use super::tag::{Arguments, retag};
use crate::cli::CommandDef;
use crate::cli::help::Group;
use crate::cli::output::Output;
use crate::cli::work::Work;
use crate::error::Result;
use clap::{ArgMatches, Args as _, FromArgMatches as _};

/// The command.
pub(super) const COMMAND: CommandDef = CommandDef {
    name: "untag",
    group: Group::Records,
    about: "Take tags off a contact, a company or a deal",
    examples: "  touchbase untag ana vip berlin",
    changes: true,
    arguments: Arguments::augment_args,
    run,
};

fn run(work: &mut Work<'_>, matches: &ArgMatches) -> Result<Output> {
    let arguments = super::arguments::<Arguments>(Arguments::from_arg_matches(matches))?;
    retag(work, &arguments.who, Vec::new(), arguments.tags)
}
