//! The passphrase of backups: what a command of the user's prints, so that it is in no file of
//! ours, in no flag and in no history.

use crate::error::{Error, Result};
use std::process::{Command, Stdio};

/// Runs the command of the settings and gives the first line that it prints.
///
/// # Errors
/// When none is set, it fails, or prints nothing.
pub(crate) fn ask(command: &str) -> Result<String> {
    if command.trim().is_empty() {
        return Err(Error::usage("there is no command for the passphrase")
            .hint("set `passphrase-command` in the settings: touchbase config path"));
    }
    let failed = |why: String| Error::invalid(format!("passphrase-command `{command}`: {why}"));
    let done = Command::new("sh")
        .args(["-c", command])
        .stdin(Stdio::inherit())
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| failed(error.to_string()))?;
    if !done.status.success() {
        return Err(failed(format!("it ended with {}", done.status)));
    }
    let text = String::from_utf8(done.stdout).map_err(|_| failed("it is no text".to_owned()))?;
    let line = text.lines().next().unwrap_or_default();
    if line.is_empty() {
        return Err(failed("it printed nothing".to_owned()));
    }
    Ok(line.to_owned())
}
