//! A notification on the desktop, also from cron, whose environment knows no desktop.

use super::Message;
use crate::domain::values::text;
use crate::error::{Error, ErrorKind, Result};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

/// A notification shows so many lines.
const MOST_LINES: usize = 8;
/// Where the session bus is named.
const BUS: &str = "DBUS_SESSION_BUS_ADDRESS";

/// The program that notifies.
///
/// # Errors
/// When there is no desktop.
pub(super) fn command(message: &Message, vars: &BTreeMap<String, String>) -> Result<Command> {
    let title = format!("touchbase: {}", text::line(&message.subject));
    let mut lines: Vec<String> = message.short.iter().map(|line| text::line(line)).collect();
    let more = lines.len().saturating_sub(MOST_LINES);
    lines.truncate(MOST_LINES);
    if more > 0 {
        lines.push(format!("and {more} more"));
    }
    let body = lines.join("\n");
    if cfg!(target_os = "macos") {
        let mut command = Command::new("osascript");
        let script = "on run argv\ndisplay notification (item 2 of argv) with title (item 1 of argv)\n\
                      end run";
        command.args(["-e", script, "--", &title, &body]).envs(vars);
        return Ok(command);
    }
    let mut command = Command::new("notify-send");
    command.args(["--app-name=touchbase", "--", &title, &escaped(&body)]);
    command.envs(vars);
    if vars.get(BUS).is_none_or(String::is_empty) {
        let user = rustix::process::getuid().as_raw();
        let runtime = vars.get("XDG_RUNTIME_DIR").filter(|path| !path.is_empty());
        let runtime = runtime.map_or_else(|| format!("/run/user/{user}"), Clone::clone);
        let bus = Path::new(&runtime).join("bus");
        if !bus.exists() {
            return Err(Error::new(
                ErrorKind::Io,
                format!("nobody is at a desktop: there is no `{}`", bus.display()),
            )
            .hint("use `--notify mail` on a machine without a desktop"));
        }
        command.env(BUS, format!("unix:path={}", bus.display()));
    }
    Ok(command)
}

/// The body of a notification may hold marks like those of HTML; names may not.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
