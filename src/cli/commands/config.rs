//! `touchbase config`: the settings.

use crate::cli::CommandDef;
use crate::cli::help::Group;
use crate::cli::output::Output;
use crate::cli::work::Work;
use crate::cli::{editor, files};
use crate::domain::settings::Settings;
use crate::error::{Error, Result};
use crate::services::custom;
use crate::services::settings::{self, Over, Problem};
use clap::{Arg, ArgAction, ArgMatches, Command};
use serde_json::json;
use std::path::Path;

/// The command.
pub(super) const COMMAND: CommandDef = CommandDef {
    name: "config",
    group: Group::Care,
    about: "The settings: where they are, what they say, whether they make sense",
    examples: "  touchbase config path\n  touchbase config show --defaults\n  \
               touchbase config check\n  touchbase config edit",
    changes: false,
    arguments,
    run,
};

fn arguments(command: Command) -> Command {
    let defaults = Arg::new("defaults")
        .long("defaults")
        .action(ArgAction::SetTrue)
        .help("Every setting with its description and its default, ready to be copied");
    command
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(Command::new("path").about("Where the settings and the data lie"))
        .subcommand(
            Command::new("show")
                .about("The settings that hold")
                .arg(defaults),
        )
        .subcommand(Command::new("check").about("Whether the settings make sense"))
        .subcommand(
            Command::new("edit")
                .about("Edit the settings in $VISUAL or $EDITOR; what makes no sense is not saved"),
        )
}

fn run(work: &mut Work<'_>, matches: &ArgMatches) -> Result<Output> {
    match matches.subcommand() {
        Some(("path", _)) => {
            let (config, data) = (work.config.display(), work.data().display());
            let json = json!({ "settings": config.to_string(), "data": data.to_string() });
            let lines = vec![format!("settings  {config}"), format!("data      {data}")];
            Ok(Output::Page(lines, json))
        }
        Some(("show", matches)) if matches.get_flag("defaults") => Ok(shown(&Settings::default())),
        Some(("show", _)) => {
            check(work)?;
            Ok(shown(&work.env.settings))
        }
        Some(("edit", _)) => edit(work),
        _ => {
            check(work)?;
            let mut lines = vec!["the settings make sense".to_owned()];
            // A store is not made to be looked at.
            if work.kept.folder().head().is_some() {
                let notes = custom::misfits(&*work.session()?, &work.env)?;
                lines.extend(notes.iter().map(|note| format!("note: {note}")));
            }
            let notes = lines.get(1..).unwrap_or_default();
            let json = json!({ "ok": true, "notes": notes });
            Ok(Output::Page(lines, json))
        }
    }
}

fn shown(settings: &Settings) -> Output {
    let text = settings::documented(settings);
    let lines = text.lines().map(str::to_owned).collect();
    Output::Page(lines, settings::to_json(settings))
}

/// Refuses settings with mistakes, and names them all.
fn check(work: &Work<'_>) -> Result<()> {
    refuse(work, &work.problems)
}

fn refuse(work: &Work<'_>, problems: &[Problem]) -> Result<()> {
    let Some((first, others)) = problems.split_first() else {
        return Ok(());
    };
    let mut error = first.error(&work.config);
    for other in others {
        error = error.detail(other.words(&work.config));
    }
    Err(error)
}

fn edit(work: &mut Work<'_>) -> Result<Output> {
    let before = match std::fs::read_to_string(&work.config) {
        Ok(text) => Some(text),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => {
            let what = format!("cannot read `{}`", work.config.display());
            return Err(Error::io(what, error));
        }
    };
    let mut text = before.clone().unwrap_or_else(beginning);
    loop {
        let Some(edited) = editor::edit(&work.editor, &text, ".toml")? else {
            return Ok(Output::said("nothing was changed".to_owned()));
        };
        let Err(problems) = settings::read(&edited, &Over::default()) else {
            save(&work.config, &edited)?;
            let said = format!("saved the settings in {}", work.config.display());
            return Ok(Output::said(said));
        };
        let error = match refuse(work, &problems) {
            Err(error) => error,
            Ok(()) => return Ok(Output::Nothing),
        };
        if !work.can_ask {
            return Err(editor::kept(error, &edited, ".toml"));
        }
        work.show_error(&error);
        if work.confirm("edit them again?").is_err() {
            return Err(editor::kept(error, &edited, ".toml"));
        }
        text = edited;
    }
}

fn save(path: &Path, text: &str) -> Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)
            .map_err(|error| Error::io(format!("cannot make `{}`", folder.display()), error))?;
    }
    files::write(path, text.as_bytes())
}

/// What somebody without settings begins with: all of them, as comments.
fn beginning() -> String {
    let all = settings::documented(&Settings::default());
    let mut text = String::from("# Settings of touchbase; a key without `#` before it holds.\n\n");
    for line in all.lines() {
        let is_plain = line.is_empty() || line.starts_with('#');
        text.push_str(if is_plain { "" } else { "# " });
        text.push_str(line);
        text.push('\n');
    }
    text
}
