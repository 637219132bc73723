//! `touchbase completions`: the script that a shell sources to complete touchbase's words.

use crate::cli::CommandDef;
use crate::cli::completion::shells::Shell;
use crate::cli::help::Group;
use crate::cli::output::Output;
use crate::cli::work::Work;
use crate::error::{Error, Result};
use clap::{ArgMatches, Args, FromArgMatches as _};

/// The command.
pub(super) const COMMAND: CommandDef = CommandDef {
    name: "completions",
    group: Group::Care,
    about: "The script with which a shell completes commands, names, stages, tags",
    examples: "  touchbase completions bash\n  touchbase completions zsh --static\n\n\
               In ~/.bashrc:                 source <(touchbase completions bash)\n\
               In ~/.zshrc, after compinit:  source <(touchbase completions zsh)\n\
               In fish's config.fish:        touchbase completions fish | source",
    changes: false,
    arguments: Arguments::augment_args,
    run,
};

#[derive(Args)]
struct Arguments {
    /// Which shell: bash, zsh, fish, powershell or elvish
    #[arg(hide_possible_values = true)]
    shell: Shell,
    /// A script that completes commands and flags without running the program
    #[arg(long = "static")]
    plain: bool,
}

fn run(_: &mut Work<'_>, matches: &ArgMatches) -> Result<Output> {
    let arguments = super::arguments::<Arguments>(Arguments::from_arg_matches(matches))?;
    let Arguments { shell, plain } = arguments;
    if plain {
        return Ok(Output::Bytes(shell.plain_script()));
    }
    let script = shell.script();
    let script = script.map_err(|error| Error::io("cannot write the script", error))?;
    Ok(Output::Bytes(script))
}
