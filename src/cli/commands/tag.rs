//! `touchbase tag`: put tags on a contact, a company or a deal.

use crate::cli::CommandDef;
use crate::cli::help::Group;
use crate::cli::output::Output;
use crate::cli::work::{Work, target};
use crate::domain::{company, contact, deal};
use crate::error::Result;
use crate::services::intent::Intent;
use crate::services::who::{self, Reach};
use clap::{ArgMatches, Args, FromArgMatches as _};

/// The command.
pub(super) const COMMAND: CommandDef = CommandDef {
    name: "tag",
    group: Group::Records,
    about: "Put tags on a contact, a company or a deal",
    examples: "  touchbase tag ana vip berlin",
    changes: true,
    arguments: Arguments::augment_args,
    run,
};

/// Whom, and which tags.
#[derive(Args)]
pub(super) struct Arguments {
    /// Whom or what
    pub(super) who: String,
    /// Which tags
    #[arg(required = true)]
    pub(super) tags: Vec<String>,
}

fn run(work: &mut Work<'_>, matches: &ArgMatches) -> Result<Output> {
    let arguments = super::arguments::<Arguments>(Arguments::from_arg_matches(matches))?;
    retag(work, &arguments.who, arguments.tags, Vec::new())
}

/// Adds and removes tags of what a text means.
pub(super) fn retag(
    work: &mut Work<'_>,
    who: &str,
    add: Vec<String>,
    remove: Vec<String>,
) -> Result<Output> {
    let session = work.session()?;
    let kinds = [&contact::KIND, &company::KIND, &deal::KIND];
    let found = who::of_kinds(&session, &work.env, &kinds, who, Reach::Working)?;
    let targets = vec![target(&found)];
    let intent = Intent::Tag {
        targets,
        add,
        remove,
    };
    work.perform(session, intent)
}
