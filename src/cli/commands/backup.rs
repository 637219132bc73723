//! `touchbase backup`: everything in one packed file.

use crate::cli::CommandDef;
use crate::cli::help::Group;
use crate::cli::output::Output;
use crate::cli::passphrase;
use crate::cli::work::Work;
use crate::error::{Error, Result};
use crate::services::backup;
use clap::{ArgMatches, Args, FromArgMatches as _};
use serde_json::json;
use std::path::PathBuf;

/// The command.
pub(super) const COMMAND: CommandDef = CommandDef {
    name: "backup",
    group: Group::Exchange,
    about: "Write everything, the log included, to one packed file",
    examples: "  touchbase backup\n  touchbase backup today.jsonl.gz\n  \
               touchbase backup --to ~/backups --keep 14",
    changes: false,
    arguments: Arguments::augment_args,
    run,
};

#[derive(Args)]
struct Arguments {
    /// The file [default: a name with the time, in this folder]
    file: Option<PathBuf>,
    /// Into this folder, under a name with the time
    #[arg(long, value_name = "FOLDER", conflicts_with = "file")]
    to: Option<PathBuf>,
    /// Keep so many of that folder's backups and remove the older ones
    #[arg(long, value_name = "COUNT", requires = "to", value_parser = clap::value_parser!(u32).range(1..))]
    keep: Option<u32>,
    /// Encrypt it with the passphrase that `passphrase-command` of the settings prints
    #[arg(long)]
    encrypt: bool,
}

fn run(work: &mut Work<'_>, matches: &ArgMatches) -> Result<Output> {
    let arguments = super::arguments::<Arguments>(Arguments::from_arg_matches(matches))?;
    let passphrase = if arguments.encrypt {
        Some(passphrase::ask(&work.env.settings.passphrase_command)?)
    } else {
        None
    };
    let name = backup::name(&work.env, arguments.encrypt);
    let path = match (&arguments.file, &arguments.to) {
        (Some(file), _) => file.clone(),
        (None, Some(folder)) => {
            std::fs::create_dir_all(folder)
                .map_err(|error| Error::io(format!("cannot make `{}`", folder.display()), error))?;
            folder.join(name)
        }
        (None, None) => PathBuf::from(name),
    };
    let contents = backup::write(work.whole_store()?, &work.env, &path, passphrase.as_deref())?;
    let removed = match (&arguments.to, arguments.keep) {
        (Some(folder), Some(keep)) => {
            backup::keep_latest(folder, usize::try_from(keep).unwrap_or(usize::MAX))?
        }
        _ => Vec::new(),
    };
    let mut lines = vec![format!(
        "wrote {} records and {} changes to {}",
        contents.records,
        changes(&contents.title),
        path.display()
    )];
    lines.extend(
        removed
            .iter()
            .map(|old| format!("removed {}", old.display())),
    );
    let removed: Vec<String> = removed
        .iter()
        .map(|old| old.display().to_string())
        .collect();
    let json = json!({
        "file": path.display().to_string(),
        "records": contents.records,
        "changes": changes(&contents.title),
        "removed": removed,
    });
    Ok(Output::Page(lines, json))
}

/// How many changes are in a backup's log.
pub(super) const fn changes(title: &crate::services::backup::Title) -> u64 {
    (title.last_change + 1).saturating_sub(title.first_change)
}
