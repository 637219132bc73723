//! The user's pager, for what is higher than the terminal.

use signal_hook::consts::SIGINT;
use std::io::Write as _;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// The pager where the user names none.
const USUAL: &str = "less";
/// No pager, in the settings.
pub const NONE: &str = "none";
/// How `less` behaves unless the user says so: it ends when all fits, keeps colours and links,
/// and leaves the text on the terminal.
const LESS: &str = "FRX";

/// A program that shows a long text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pager {
    /// The command line.
    pub command: String,
    /// Whether the user has not said how `less` is to behave.
    pub sets_less: bool,
    /// The width of the terminal.
    pub width: usize,
    /// How many lines it has.
    pub height: usize,
}

impl Pager {
    /// The pager of the settings, else that of the environment; none where there is none.
    pub fn named(setting: &str, variable: Option<&str>) -> Option<String> {
        let named = Some(setting).filter(|setting| !setting.is_empty());
        let command = named.or(variable).unwrap_or(USUAL).trim();
        (command != NONE && !command.is_empty()).then(|| command.to_owned())
    }

    /// Whether a text is too high for the terminal, with the prompt below it.
    pub(crate) fn is_wanted(&self, text: &[u8]) -> bool {
        let text = String::from_utf8_lossy(text);
        let mut rows = 0;
        for line in text.lines() {
            rows += super::style::width(&visible(line))
                .div_ceil(self.width.max(1))
                .max(1);
            if rows >= self.height {
                return true;
            }
        }
        false
    }

    /// Shows a text until the user has seen enough of it; not at all where the program cannot be
    /// started.
    pub(crate) fn show(&self, text: &[u8]) -> bool {
        let words = shell_words::split(&self.command).unwrap_or_default();
        let Some((program, arguments)) = words.split_first() else {
            return false;
        };
        let mut command = Command::new(program);
        command.args(arguments).stdin(Stdio::piped());
        if self.sets_less {
            command.env("LESS", LESS);
        }
        // Ctrl-C is for the pager: ended before it, this process would leave it without a terminal.
        let is_over: Arc<AtomicBool> = Arc::default();
        let _ = signal_hook::flag::register_conditional_default(SIGINT, Arc::clone(&is_over));
        let started = command.spawn();
        let Ok(mut child) = started else {
            is_over.store(true, Ordering::Relaxed);
            return false;
        };
        if let Some(mut input) = child.stdin.take() {
            // One who has seen enough need not read the rest.
            let _ = input.write_all(text);
        }
        let _ = child.wait();
        is_over.store(true, Ordering::Relaxed);
        true
    }
}

/// A line without what only steers the terminal: colours and the targets of links.
fn visible(line: &str) -> String {
    let mut seen = String::new();
    let mut rest = line;
    while let Some(at) = rest.find('\x1b') {
        seen.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let end = if let Some(link) = rest.strip_prefix(']') {
            link.find("\x1b\\").map(|end| end + 3)
        } else {
            rest.find('m').map(|end| end + 1)
        };
        rest = rest.get(end.unwrap_or(rest.len())..).unwrap_or_default();
    }
    seen.push_str(rest);
    seen
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_setting_comes_before_the_environment() {
        for (setting, variable, expect) in [
            ("", None, Some("less")),
            ("", Some("most -s"), Some("most -s")),
            ("moar", Some("most"), Some("moar")),
            ("none", Some("most"), None),
            ("", Some("none"), None),
            (" ", None, None),
        ] {
            assert_eq!(Pager::named(setting, variable).as_deref(), expect);
        }
    }

    #[test]
    fn only_what_is_too_high_is_paged() {
        let pager = Pager {
            command: String::new(),
            sets_less: false,
            width: 10,
            height: 4,
        };
        for (text, expect) in [
            ("", false),
            ("a\nb\nc\n", false),
            ("a\nb\nc\nd\n", true),
            ("a line that takes three\n", false),
            ("a line that takes three\nd", true),
            (
                "\x1b[1mhead\x1b[0m\n\x1b]8;;https://a.example/long\x1b\\x\x1b]8;;\x1b\\\n",
                false,
            ),
        ] {
            assert_eq!(pager.is_wanted(text.as_bytes()), expect, "{text:?}");
        }
        assert!(!pager.show(b"text"), "there is nothing to start");
        let missing = Pager {
            command: "no-such-program-at-all".to_owned(),
            ..pager
        };
        assert!(!missing.show(b"text"));
    }
}
