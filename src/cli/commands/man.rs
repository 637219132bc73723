//! `touchbase man`: manual pages, from the command tree.

use crate::cli::CommandDef;
use crate::cli::help::Group;
use crate::cli::output::Output;
use crate::cli::work::Work;
use crate::error::{Error, Result};
use clap::{ArgMatches, Args, Command, FromArgMatches as _};
use clap_mangen::Man;
use clap_mangen::roff::{Roff, roman};
use serde_json::json;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The command.
pub(super) const COMMAND: CommandDef = CommandDef {
    name: "man",
    group: Group::Care,
    about: "Write manual pages into a folder",
    examples: "  touchbase man ~/.local/share/man/man1",
    changes: false,
    arguments: Arguments::augment_args,
    run,
};

#[derive(Args)]
struct Arguments {
    /// The folder; it is made when it is missing
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

fn run(_: &mut Work<'_>, matches: &ArgMatches) -> Result<Output> {
    let arguments = super::arguments::<Arguments>(Arguments::from_arg_matches(matches))?;
    let folder = &arguments.folder;
    let failed = |path: &Path, error| {
        Error::io(format!("cannot write `{}`", path.display()), error)
            .hint("name a folder of your own: `touchbase man ~/.local/share/man/man1`")
    };
    fs::create_dir_all(folder).map_err(|error| failed(folder, error))?;
    let mut root = crate::cli::command();
    root.build();
    let mut written = Vec::new();
    for command in with_subcommands(&root) {
        let path = folder.join(format!("{}.1", name_of(command)));
        page(command)
            .and_then(|page| fs::write(&path, page))
            .map_err(|error| failed(&path, error))?;
        written.push(path.display().to_string());
    }
    let line = format!(
        "wrote {} manual pages to `{}`",
        written.len(),
        folder.display()
    );
    Ok(Output::Page(vec![line], json!({ "pages": written })))
}

/// The name of a command's page: `touchbase-log`.
fn name_of(command: &Command) -> &str {
    command
        .get_display_name()
        .unwrap_or_else(|| command.get_name())
}

/// A command's page.
fn page(command: &Command) -> io::Result<Vec<u8>> {
    // Every flag that works everywhere, in every synopsis, would hide what is a command's own.
    let usage = command.clone().render_usage().to_string();
    let usage = usage.trim_start_matches("Usage: ").to_owned();
    let man = Man::new(command.clone().override_usage(usage)).manual("touchbase");
    let man = man.source(concat!("touchbase ", env!("CARGO_PKG_VERSION")));
    let mut out = Vec::new();
    man.render_title(&mut out)?;
    man.render_name_section(&mut out)?;
    man.render_synopsis_section(&mut out)?;
    man.render_options_section(&mut out)?;
    if command.has_subcommands() {
        man.render_subcommands_section(&mut out)?;
    }
    let more = command.get_after_long_help().or(command.get_after_help());
    if let Some(more) = more.map(ToString::to_string) {
        let mut roff = Roff::new();
        match more.strip_prefix("Examples:\n") {
            Some(examples) => {
                roff.control("SH", ["EXAMPLES"]).control("nf", []);
                for line in examples.lines() {
                    roff.text([roman(line)]);
                }
                roff.control("fi", []);
            }
            None => {
                roff.control("SH", ["NOTES"]).text([roman(more)]);
            }
        }
        roff.to_writer(&mut out)?;
    }
    Ok(out)
}

/// A command and all below it.
fn with_subcommands(command: &Command) -> Vec<&Command> {
    let below = command
        .get_subcommands()
        .filter(|below| !below.is_hide_set());
    let below = below.flat_map(with_subcommands);
    std::iter::once(command).chain(below).collect()
}
