//! What a command works with: the store's folder, the settings, and how the user asked to see things.

use super::line::Question;
use super::opened::{Kept, Opened};
use super::output::{OF_CHANGE, Output, Printer};
use crate::domain::derived;
use crate::domain::values::text;
use crate::error::{Error, Result};
use crate::services::intent::{Intent, Receipt, Target};
use crate::services::settings::Problem;
use crate::services::snapshot::Snapshot;
use crate::services::{self, Env, hooks, words};
use crate::store::folder::StoreFolder;
use crate::store::session::Session;
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;
use std::io::BufRead;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The clock.
pub type Clock = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;

/// What a command works with.
pub struct Work<'a> {
    /// The moment, the settings, fresh ids.
    pub env: Env,
    /// The clock, for work that takes longer than a moment.
    pub clock: Clock,
    /// The store, or what several commands share of it.
    pub kept: Kept,
    /// The settings file.
    pub config: PathBuf,
    /// What is wrong with it.
    pub problems: Vec<Problem>,
    /// The user's editor, as a command line.
    pub editor: String,
    /// Only say what would change.
    pub dry_run: bool,
    /// Every question is answered with yes.
    pub yes: bool,
    /// Whether a person can be asked.
    pub can_ask: bool,
    /// Whether a person can watch the progress of long work.
    pub shows_progress: bool,
    /// Whether output goes to a terminal.
    pub is_terminal: bool,
    /// What is typed or piped in.
    pub input: &'a mut dyn BufRead,
    /// Whether more of it can be read without waiting.
    pub has_input: &'a dyn Fn() -> bool,
    /// Where answers and questions are printed.
    pub printer: Printer<'a>,
    /// What was answered and piped in so far, for a command that starts again.
    pub heard: Heard,
    /// The process around it.
    pub outside: Outside,
}

/// What was answered and piped in so far. A command that could not tell which of several
/// records is meant starts again with the choice, and is given the same answers.
#[derive(Debug, Default)]
pub struct Heard {
    answers: Vec<String>,
    given: usize,
    input: Option<String>,
    has_changed: bool,
}

impl Heard {
    /// Gives the answers once more, from the first on.
    pub(crate) const fn again(&mut self) {
        self.given = 0;
    }

    /// Whether the command has changed the store, so that it must not start again.
    pub(crate) const fn has_changed(&self) -> bool {
        self.has_changed
    }

    /// The answer that was given to this question before.
    fn next(&mut self) -> Option<String> {
        let answer = self.answers.get(self.given).cloned();
        self.given += usize::from(answer.is_some());
        answer
    }

    fn keep(&mut self, answer: &str) {
        self.answers.push(answer.to_owned());
        self.given = self.answers.len();
    }
}

/// What a command knows of the process that it runs in.
#[derive(Clone, Debug, Default)]
pub struct Outside {
    /// The program itself, where it can start itself again.
    pub program: Option<PathBuf>,
    /// The environment.
    pub vars: BTreeMap<String, String>,
    /// Whether this process was started by one of the same command line, to outlive it.
    pub is_handed_over: bool,
}

impl Work<'_> {
    /// Opens the store for one piece of work.
    ///
    /// # Errors
    /// When it is held for too long, or damaged.
    pub fn session(&self) -> Result<Opened> {
        self.kept.open()
    }

    /// The store's folder, for work that needs all of it for itself.
    ///
    /// # Errors
    /// In a batch, whose commands share a session.
    pub fn whole_store(&self) -> Result<&StoreFolder> {
        self.kept.whole()
    }

    /// Where the data lies.
    pub fn data(&self) -> &Path {
        self.kept.folder().path()
    }

    /// Carries out an intent, or says what it would do.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn perform(&mut self, session: Opened, intent: Intent) -> Result<Output> {
        let receipt = self.receipt(session, intent)?;
        Ok(Output::Done(receipt))
    }

    /// Carries out an intent, or plans it, and gives the receipt.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn receipt(&mut self, session: Opened, intent: Intent) -> Result<Receipt> {
        if let Some(template) = &self.printer.template {
            template.check(OF_CHANGE)?;
        }
        if !self.dry_run {
            let (env, kept) = (&mut self.env, &self.kept);
            let receipt = session
                .lend(|slot| hooks::carry_out(slot, env, intent, &mut || kept.open_alone()))?;
            self.heard.has_changed |= receipt.number.is_some();
            return Ok(receipt);
        }
        let (change, records, warnings) = services::plan(&session, &mut self.env, intent)?;
        let summary = if change.edits.is_empty() {
            format!("nothing to change: {}", change.summary)
        } else {
            format!("would have {}", change.summary)
        };
        Ok(Receipt {
            number: None,
            summary,
            records,
            warnings,
        })
    }

    /// Everything in memory, for questions about the whole store.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn snapshot(&self, session: &Session) -> Result<Snapshot> {
        let mut records = Vec::new();
        for kind in crate::domain::KINDS {
            for record in session.all(kind) {
                records.push(record.map_err(words::store)?);
            }
        }
        Ok(Snapshot::new(records, &self.env.pipelines))
    }

    /// Asks whether to go on. Without a terminal, or with `--no-input`, `--yes` must be given.
    ///
    /// # Errors
    /// When nobody can be asked, or the answer is no.
    pub fn confirm(&mut self, question: &str) -> Result<()> {
        if self.yes || self.dry_run {
            return Ok(());
        }
        let answer = self.ask(&format!("{question} [y/N] "))?;
        if matches!(answer.trim().to_lowercase().as_str(), "y" | "yes") {
            Ok(())
        } else {
            Err(Error::usage("nothing was changed"))
        }
    }

    /// Says what is wrong, and goes on.
    pub fn show_error(&mut self, error: &Error) {
        // Nobody is told where standard error is closed.
        let _ = self.printer.error(error);
    }

    /// Asks for a line of text.
    ///
    /// # Errors
    /// When nobody can be asked.
    pub fn ask(&mut self, question: &str) -> Result<String> {
        if !self.can_ask {
            return Err(
                Error::usage(format!("cannot ask: {}", text::line(question.trim())))
                    .hint("say yes beforehand with `--yes`"),
            );
        }
        if let Some(answer) = self.heard.next() {
            return Ok(answer);
        }
        let answer = self.ask_anew(question)?;
        self.heard.keep(&answer);
        Ok(answer)
    }

    /// Asks for a line of text, on a terminal, whatever was answered before.
    ///
    /// # Errors
    /// When the answer cannot be read.
    pub(crate) fn ask_anew(&mut self, question: &str) -> Result<String> {
        self.printer.prompt(question);
        let mut line = String::new();
        self.input
            .read_line(&mut line)
            .map_err(|error| Error::io("cannot read the answer", error))?;
        self.env.context.now = (self.clock)();
        Ok(line.trim_end_matches(['\n', '\r']).to_owned())
    }

    /// All of standard input as text.
    ///
    /// # Errors
    /// When it cannot be read or is no UTF-8.
    pub fn read_input(&mut self) -> Result<String> {
        if let Some(text) = &self.heard.input {
            return Ok(text.clone());
        }
        let mut text = String::new();
        self.piped()?
            .read_to_string(&mut text)
            .map_err(|error| Error::io("cannot read standard input", error))?;
        self.heard.input = Some(text.clone());
        Ok(text)
    }

    /// What is piped in.
    ///
    /// # Errors
    /// In a batch, whose commands stand there.
    pub(crate) fn piped(&mut self) -> Result<&mut dyn BufRead> {
        if self.kept.is_shared() {
            let error = Error::usage("`-` cannot be read in a batch: the commands stand there");
            return Err(error.hint("write the text in quotes"));
        }
        Ok(&mut *self.input)
    }

    /// Asks for a line with editing and completion.
    ///
    /// # Errors
    /// When nobody can be asked, or who was asked gives up.
    pub(crate) fn line(&mut self, question: &Question<'_>) -> Result<String> {
        if !self.can_ask {
            return Err(Error::usage(format!(
                "cannot ask: {}",
                question.prompt.trim()
            )));
        }
        if let Some(answer) = self.heard.next() {
            return Ok(answer);
        }
        let answer = super::line::read(question)?;
        self.env.context.now = (self.clock)();
        self.heard.keep(&answer);
        Ok(answer)
    }

    /// A text argument, or standard input where it is `-`.
    ///
    /// # Errors
    /// When standard input cannot be read.
    pub fn text_or_input(&mut self, text: &str) -> Result<String> {
        if text == "-" {
            self.read_input()
        } else {
            Ok(text.to_owned())
        }
    }
}

/// Targets of records.
pub(crate) fn target(record: &crate::domain::record::Record) -> Target {
    Target {
        kind: record.kind,
        id: record.id,
    }
}

/// Names of the columns that a kind has: fields and derived values.
pub(crate) fn column_names(kind: &'static crate::domain::kind::Kind) -> Vec<&'static str> {
    let fields = kind.fields.iter().map(|field| field.name);
    fields
        .chain(derived::of_kind(kind.name).map(|derived| derived.name))
        .collect()
}
