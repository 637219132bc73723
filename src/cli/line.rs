//! A line that a person types, with editing and completion.

use crate::error::{Error, ErrorKind, Result};
use rustyline::completion::Completer;
use rustyline::error::ReadlineError;
use rustyline::highlight::Highlighter;
use rustyline::hint::Hinter;
use rustyline::history::MemHistory;
use rustyline::validate::Validator;
use rustyline::{Behavior, CompletionType, Config, Context, Editor, Helper};

/// What may be typed from a place on: where it begins in the line, and the texts.
pub(crate) type Completions = (usize, Vec<String>);

/// What is asked for.
pub(crate) struct Question<'a> {
    /// What stands before the line.
    pub(crate) prompt: &'a str,
    /// What stands in the line at first.
    pub(crate) initial: &'a str,
    /// Completes the line up to the cursor.
    pub(crate) complete: &'a dyn Fn(&str) -> Completions,
}

struct Completing<'a>(&'a dyn Fn(&str) -> Completions);

impl Completer for Completing<'_> {
    type Candidate = String;

    fn complete(
        &self,
        line: &str,
        cursor: usize,
        _: &Context<'_>,
    ) -> rustyline::Result<(usize, Vec<String>)> {
        let typed = line.get(..cursor).unwrap_or(line);
        Ok((self.0)(typed))
    }
}

impl Hinter for Completing<'_> {
    type Hint = String;
}

impl Highlighter for Completing<'_> {}
impl Validator for Completing<'_> {}
impl Helper for Completing<'_> {}

/// Reads a line from the terminal itself, so that standard output stays for data.
///
/// # Errors
/// When who is asked gives up by Ctrl-C or Ctrl-D, or the terminal fails.
pub(crate) fn read(question: &Question<'_>) -> Result<String> {
    let config = Config::builder()
        .behavior(Behavior::PreferTerm)
        .completion_type(CompletionType::List)
        .completion_show_all_if_ambiguous(true)
        .auto_add_history(false)
        .build();
    let fail = |error: ReadlineError| match error {
        ReadlineError::Interrupted | ReadlineError::Eof => {
            Error::new(ErrorKind::Interrupted, "given up; nothing was saved")
        }
        ReadlineError::Io(error) => Error::io("cannot read the answer", error),
        other => Error::io("cannot read the answer", std::io::Error::other(other)),
    };
    let history = MemHistory::with_config(&config);
    let mut editor = Editor::with_history(config, history).map_err(fail)?;
    editor.set_helper(Some(Completing(question.complete)));
    editor
        .readline_with_initial(question.prompt, (question.initial, ""))
        .map_err(fail)
}
