//! `touchbase config`: the settings.

use crate::cli::CommandDef;
use crate::cli::output::Output;
use crate::cli::work::Work;
use crate::domain::settings::Settings;
use crate::error::{Error, Result};
use clap::{Arg, ArgAction, ArgMatches, Command};
use serde_json::json;

/// The command.
pub(super) const COMMAND: CommandDef = CommandDef {
    name: "config",
    about: "The settings: where they are, what they say, whether they make sense",
    examples: "  touchbase config path\n  touchbase config show --defaults",
    changes: false,
    arguments,
    run,
};

fn arguments(command: Command) -> Command {
    let defaults = Arg::new("defaults")
        .long("defaults")
        .action(ArgAction::SetTrue)
        .help("Every setting with its default, ready to be copied");
    command
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(Command::new("path").about("Where the settings, the data and the lock lie"))
        .subcommand(
            Command::new("show")
                .about("The settings that hold")
                .arg(defaults),
        )
        .subcommand(Command::new("check").about("Whether the settings make sense"))
}

fn run(work: &mut Work<'_>, matches: &ArgMatches) -> Result<Output> {
    match matches.subcommand() {
        Some(("path", _)) => {
            let (config, data) = (work.config.display(), work.data().display());
            let json = json!({ "settings": config.to_string(), "data": data.to_string() });
            Ok(Output::Page(
                vec![format!("settings  {config}"), format!("data      {data}")],
                json,
            ))
        }
        Some(("show", matches)) => {
            let settings = if matches.get_flag("defaults") {
                Settings::default()
            } else {
                work.env.settings.clone()
            };
            let text = toml::to_string_pretty(&settings).map_err(|error| {
                Error::invalid(format!("the settings cannot be shown: {error}"))
            })?;
            let json = serde_json::to_value(&settings).unwrap_or_default();
            Ok(Output::Page(
                text.lines().map(str::to_owned).collect(),
                json,
            ))
        }
        // What is wrong with the settings is an error before any command runs.
        _ => Ok(Output::Page(
            vec!["the settings make sense".to_owned()],
            json!({ "ok": true }),
        )),
    }
}
