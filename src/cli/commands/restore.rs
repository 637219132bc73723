//! `touchbase restore`: a backup in the place of the store.

use super::backup::changes;
use crate::cli::CommandDef;
use crate::cli::help::Group;
use crate::cli::output::Output;
use crate::cli::passphrase;
use crate::cli::work::Work;
use crate::domain::show;
use crate::error::Result;
use crate::services::backup;
use clap::{ArgMatches, Args, FromArgMatches as _};
use serde_json::json;
use std::path::PathBuf;

/// The command.
pub(super) const COMMAND: CommandDef = CommandDef {
    name: "restore",
    group: Group::Exchange,
    about: "Put a backup in the place of the store, which is kept aside",
    examples: "  touchbase restore touchbase-20261124-060000.jsonl.gz --yes\n  \
               touchbase restore -n everything.jsonl.gz",
    changes: true,
    arguments: Arguments::augment_args,
    run,
};

#[derive(Args)]
struct Arguments {
    /// The backup
    file: PathBuf,
}

fn run(work: &mut Work<'_>, matches: &ArgMatches) -> Result<Output> {
    let arguments = super::arguments::<Arguments>(Arguments::from_arg_matches(matches))?;
    let path = &arguments.file;
    let passphrase = if backup::needs_passphrase(path)? {
        Some(passphrase::ask(&work.env.settings.passphrase_command)?)
    } else {
        None
    };
    let contents = backup::check(path, passphrase.as_deref())?;
    let title = &contents.title;
    let made = show::instant_words(title.made, &work.env.context);
    let what = format!(
        "{} records and {} changes, of {made}",
        contents.records,
        changes(title)
    );
    let json = json!({
        "records": contents.records,
        "changes": changes(title),
        "made": title.made.to_rfc3339(),
    });
    if work.dry_run {
        return Ok(Output::Page(vec![format!("would restore {what}")], json));
    }
    if let Some(head) = work.whole_store()?.head().filter(|head| head.number > 0) {
        work.confirm(&format!(
            "put {what} in the place of the store, whose last change is number {}?",
            head.number
        ))?;
    }
    let (_, aside) = backup::restore(work.whole_store()?, path, passphrase.as_deref())?;
    let mut lines = vec![format!("restored {what}")];
    lines
        .extend(aside.map(|aside| format!("the store before it is kept in `{}`", aside.display())));
    Ok(Output::Page(lines, json))
}
