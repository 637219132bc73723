//! `touchbase add`: a contact in one line.

use crate::cli::CommandDef;
use crate::cli::help::Group;
use crate::cli::output::Output;
use crate::cli::work::Work;
use crate::error::Result;
use crate::services::intent::Intent;
use crate::services::quick;
use clap::{ArgMatches, Args, FromArgMatches as _};

/// The command.
pub(super) const COMMAND: CommandDef = CommandDef {
    name: "add",
    group: Group::Happened,
    about: "Add a contact in one line, with company, tags and what comes next",
    examples: "  touchbase add 'Zoë Müller @Acme #vip zoe@acme.example +fri: call back'\n  \
               touchbase add 'Bo Berg @\"Two Words\" 0171 1234567 !prospect ~fair' --create\n\n\
               Words without a mark are the name. @COMPANY, #TAG, !LIFECYCLE, ~SOURCE; an e-mail,\n\
               a phone number, a site are known by their form; +WHEN or +WHEN: TEXT is a follow-up\n\
               and its text runs to the end. A quoted word is one of the name.",
    changes: true,
    arguments: Arguments::augment_args,
    run,
};

#[derive(Args)]
struct Arguments {
    /// The line; `-` reads it from standard input
    #[arg(required = true)]
    line: Vec<String>,
    /// Make a company that nobody has yet
    #[arg(long)]
    create: bool,
}

fn run(work: &mut Work<'_>, matches: &ArgMatches) -> Result<Output> {
    let arguments = super::arguments::<Arguments>(Arguments::from_arg_matches(matches))?;
    let line = work.text_or_input(&arguments.line.join(" "))?;
    let add = quick::read(line.trim_end_matches(['\n', '\r']), &work.env.context)?;
    let create = arguments.create;
    let session = work.session()?;
    work.perform(session, Intent::QuickAdd { add, create })
}
