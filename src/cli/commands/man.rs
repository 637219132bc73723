//! `touchbase man`: manual pages, from the command tree.

use crate::cli::CommandDef;
use crate::cli::output::Output;
use crate::cli::work::Work;
use crate::error::{Error, Result};
use clap::{ArgMatches, Args, Command, FromArgMatches as _};
use clap_mangen::Man;
use serde_json::json;
use std::fs;
use std::path::{Path, PathBuf};

/// The command.
pub(super) const COMMAND: CommandDef = CommandDef {
    name: "man",
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
        let page = Man::new(command.clone()).manual("touchbase");
        let path = folder.join(page.get_filename());
        let mut bytes = Vec::new();
        page.render(&mut bytes)
            .and_then(|()| fs::write(&path, bytes))
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

/// A command and all below it.
fn with_subcommands(command: &Command) -> Vec<&Command> {
    let below = command
        .get_subcommands()
        .filter(|below| !below.is_hide_set());
    let below = below.flat_map(with_subcommands);
    std::iter::once(command).chain(below).collect()
}
