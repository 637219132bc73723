//! Telling the user by another program: on the desktop, by mail, or by a command of their own.
//!
//! Whoever calls this holds no session: the other program takes its time.

mod desktop;
mod mail;

use super::Env;
use super::program::{self, Ended};
use crate::domain::settings::remind::RemindSettings;
use crate::error::{Error, ErrorKind, Result};
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::process::Command;
use std::time::Duration;

/// A way to tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// A notification on the desktop.
    Desktop,
    /// A mail to the user's own address.
    Mail,
    /// The command of the settings.
    Command,
}

impl Way {
    /// The names of all ways.
    pub const NAMES: [&str; 3] = ["desktop", "mail", "command"];

    /// The way of that name.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "desktop" => Some(Self::Desktop),
            "mail" => Some(Self::Mail),
            "command" => Some(Self::Command),
            _ => None,
        }
    }
}

/// What is to be told.
#[derive(Clone, Debug)]
pub struct Message {
    /// What it is about, in a line.
    pub subject: String,
    /// Each thing in a line.
    pub short: Vec<String>,
    /// All of it, as a mail has it.
    pub text: Vec<String>,
    /// The same as a page, where there is one.
    pub html: Option<String>,
    /// The same for a program.
    pub json: Json,
}

/// Whether the settings have what a way needs.
///
/// # Errors
/// When something is missing.
pub fn check(way: Way, settings: &RemindSettings) -> Result<()> {
    let missing = |what: &str, key: &str, example: &str| {
        Error::invalid(format!("there is no {what} to tell by")).hint(format!(
            "set `{key} = \"{example}\"` below `[remind]` in the settings: touchbase config path"
        ))
    };
    match way {
        Way::Mail if settings.mail.0.is_none() => {
            Err(missing("address", "mail", "you@example.org"))
        }
        Way::Command if settings.command.trim().is_empty() => {
            Err(missing("command", "command", "jq . >> ~/due.log"))
        }
        _ => Ok(()),
    }
}

/// Tells it, and waits until the other program has succeeded. `vars` is the environment.
///
/// # Errors
/// When a setting is missing, or the other program fails or takes too long.
pub fn send(
    way: Way,
    message: &Message,
    settings: &RemindSettings,
    env: &Env,
    vars: &BTreeMap<String, String>,
) -> Result<()> {
    check(way, settings)?;
    let limit = Duration::from_secs(settings.time_limit.max(1));
    match way {
        Way::Desktop => run(desktop::command(message, vars)?, &[], limit),
        Way::Mail => {
            let (command, bytes) = mail::command(message, settings, env, vars)?;
            run(command, &bytes, limit)
        }
        Way::Command => {
            let mut command = Command::new("sh");
            command.args(["-c", &settings.command]).envs(vars);
            let input = format!("{}\n", message.json);
            run(command, input.as_bytes(), limit)
        }
    }
}

/// Runs it and waits for its success.
fn run(command: Command, input: &[u8], limit: Duration) -> Result<()> {
    let name = command.get_program().to_string_lossy().into_owned();
    let failed = |why: &str| Error::new(ErrorKind::Io, format!("`{name}` did not tell it: {why}"));
    let ended = program::run(command, input, limit).map_err(|error| failed(&error.to_string()))?;
    match ended {
        Ended::Itself(status, _) if status.success() => Ok(()),
        Ended::Itself(status, said) => {
            let said = said.lines().filter(|line| !line.trim().is_empty());
            let error = failed(&status.to_string());
            Err(said.take(5).fold(error, Error::detail))
        }
        Ended::TooLate => Err(failed(&format!("it took longer than {}s", limit.as_secs()))
            .hint("allow it more with `time-limit` below `[remind]` in the settings")),
    }
}
