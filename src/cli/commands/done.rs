//! `touchbase done`: a follow-up is done.

use crate::cli::CommandDef;
use crate::cli::help::Group;
use crate::cli::output::Output;
use crate::cli::work::Work;
use crate::domain::follow_up;
use crate::error::Result;
use crate::services::intent::Intent;
use crate::services::who::{self, Reach};
use clap::{ArgMatches, Args, FromArgMatches as _};

/// The command.
pub(super) const COMMAND: CommandDef = CommandDef {
    name: "done",
    group: Group::Plan,
    about: "A follow-up is done",
    examples: "  touchbase done 'send the quote'\n  touchbase done 'send the quote' --log 'sent it' --next '+1w: ask again'",
    changes: true,
    arguments: Arguments::augment_args,
    run,
};

#[derive(Args)]
struct Arguments {
    /// An id or its beginning, or words of the follow-up
    follow_up: String,
    /// Log what was done
    #[arg(long, value_name = "TEXT")]
    log: Option<String>,
    /// What the logged activity was
    #[arg(
        short = 't',
        long = "type",
        value_name = "TYPE",
        default_value = "call",
        requires = "log"
    )]
    kind: String,
    /// What comes next, and when
    #[arg(long, value_name = "WHEN[: TEXT]", allow_hyphen_values = true)]
    next: Option<String>,
}

fn run(work: &mut Work<'_>, matches: &ArgMatches) -> Result<Output> {
    let arguments = super::arguments::<Arguments>(Arguments::from_arg_matches(matches))?;
    let context = work.env.context;
    let next = arguments
        .next
        .as_deref()
        .map(|next| super::log::next_step(next, &context));
    let next = next.transpose()?;
    let log = match &arguments.log {
        Some(text) => Some((arguments.kind.clone(), work.text_or_input(text)?)),
        None => None,
    };
    let session = work.session()?;
    let wanted = &arguments.follow_up;
    let record = who::find(
        &session,
        &work.env,
        &follow_up::KIND,
        wanted,
        Reach::Working,
    )?;
    work.perform(
        session,
        Intent::Done {
            follow_up: record.id,
            log,
            next,
        },
    )
}
