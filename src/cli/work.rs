//! What a command works with: the store's folder, the settings, and how the user asked to see things.

use super::line::Question;
use super::output::Output;
use crate::domain::derived;
use crate::domain::values::text;
use crate::error::{Error, Result};
use crate::services::intent::{Intent, Receipt, Target};
use crate::services::snapshot::Snapshot;
use crate::services::{self, Env, words};
use crate::store::folder::StoreFolder;
use crate::store::session::Session;
use std::io::BufRead;
use std::path::PathBuf;

/// What a command works with.
pub struct Work<'a> {
    /// The moment, the settings, fresh ids.
    pub env: Env,
    /// The store.
    pub folder: StoreFolder,
    /// The settings file.
    pub config: PathBuf,
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
    /// Asks a question on the terminal and reads the answer's line.
    pub prompt: &'a mut dyn FnMut(&str),
    /// What was answered and piped in so far, for a command that starts again.
    pub heard: Heard,
}

/// What was answered and piped in so far. A command that could not tell which of several
/// records is meant starts again with the choice, and is given the same answers.
#[derive(Debug, Default)]
pub struct Heard {
    answers: Vec<String>,
    given: usize,
    input: Option<String>,
}

impl Heard {
    /// Gives the answers once more, from the first on.
    pub(crate) const fn again(&mut self) {
        self.given = 0;
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

impl Work<'_> {
    /// Opens the store for one piece of work.
    ///
    /// # Errors
    /// When it is held for too long, or damaged.
    pub fn session(&self) -> Result<Session> {
        self.folder.open().map_err(words::store)
    }

    /// Carries out an intent, or says what it would do.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn perform(&mut self, session: &mut Session, intent: Intent) -> Result<Output> {
        let receipt = self.receipt(session, intent)?;
        Ok(Output::Done(receipt))
    }

    /// Carries out an intent, or plans it, and gives the receipt.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn receipt(&mut self, session: &mut Session, intent: Intent) -> Result<Receipt> {
        if !self.dry_run {
            return services::perform(session, &mut self.env, intent);
        }
        let (change, records, warnings) = services::plan(session, &mut self.env, intent)?;
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
        (self.prompt)(question);
        let mut line = String::new();
        self.input
            .read_line(&mut line)
            .map_err(|error| Error::io("cannot read the answer", error))?;
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
        self.input
            .read_to_string(&mut text)
            .map_err(|error| Error::io("cannot read standard input", error))?;
        self.heard.input = Some(text.clone());
        Ok(text)
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
