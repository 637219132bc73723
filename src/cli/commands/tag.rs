//! `touchbase tag`: put tags on a contact, a company or a deal.

use crate::cli::CommandDef;
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
    about: "Put tags on a contact, a company or a deal",
    examples: "  touchbase tag ana vip berlin",
    changes: true,
    arguments: Arguments::augment_args,
    run,
};

#[derive(Args)]
struct Arguments {
    /// Whom or what
    who: String,
    /// Which tags
    #[arg(required = true)]
    tags: Vec<String>,
}

fn run(work: &mut Work<'_>, matches: &ArgMatches) -> Result<Output> {
    let arguments = super::arguments::<Arguments>(Arguments::from_arg_matches(matches))?;
    let mut session = work.session()?;
    let kinds = [&contact::KIND, &company::KIND, &deal::KIND];
    let found = who::of_kinds(&session, &work.env, &kinds, &arguments.who, Reach::Working)?;
    let targets = vec![target(&found)];
    work.perform(
        &mut session,
        Intent::Tag {
            targets,
            add: arguments.tags,
            remove: Vec::new(),
        },
    )
}
