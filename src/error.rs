//! The one error that reaches a person: a kind, what is wrong, and what to type instead.
//!
//! Lower layers return facts; services put them into words here. The kind picks the
//! exit code.

use std::error::Error as StdError;
use std::fmt;

/// What sort of failure it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// The command line is wrong.
    Usage,
    /// A value or a query is wrong.
    Invalid,
    /// Nothing is meant by that name.
    NotFound,
    /// Several records are meant by that name.
    Ambiguous,
    /// The record was changed meanwhile, or a later change depends on it.
    Conflict,
    /// Another process holds the store.
    Busy,
    /// The store is damaged or of a newer version.
    Damaged,
    /// A file or the terminal failed.
    Io,
    /// The program is wrong.
    Bug,
    /// Who was asked gave up.
    Interrupted,
}

impl ErrorKind {
    /// The process's exit code.
    pub const fn exit_code(self) -> u8 {
        match self {
            Self::Usage => 2,
            Self::NotFound => 3,
            Self::Ambiguous => 4,
            Self::Invalid => 5,
            Self::Conflict => 6,
            Self::Busy => 75,
            Self::Interrupted => 130,
            Self::Damaged | Self::Io | Self::Bug => 1,
        }
    }
}

/// A failure in words: lower case, no full stop, the value in backticks.
#[derive(Debug)]
pub struct Error {
    /// What sort of failure.
    pub kind: ErrorKind,
    /// What was being done and what is wrong.
    pub message: String,
    /// Lines that show more: candidates, the place of a fault.
    pub details: Vec<String>,
    /// Lines that help: what to type instead.
    pub hints: Vec<String>,
    /// What caused it.
    pub source: Option<Box<dyn StdError + Send + Sync>>,
    /// Among what a person may choose, where a text means several records.
    pub choices: Option<Box<Choices>>,
}

/// Records that a text could mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choices {
    /// The kind of record.
    pub kind: &'static str,
    /// The text.
    pub wanted: String,
    /// The records: the id of each, and what it is in one line.
    pub among: Vec<(String, String)>,
}

impl Error {
    /// An error without hints.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            details: Vec::new(),
            hints: Vec::new(),
            source: None,
            choices: None,
        }
    }

    /// A value or a query is wrong.
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Invalid, message)
    }

    /// Nothing is meant.
    pub fn not_found(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::NotFound, message)
    }

    /// The command line is wrong.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Usage, message)
    }

    /// A file failed: what was being done, and the system's word.
    pub fn io(doing: impl fmt::Display, source: std::io::Error) -> Self {
        let message = format!("{doing}: {source}");
        Self {
            source: Some(Box::new(source)),
            ..Self::new(ErrorKind::Io, message)
        }
    }

    /// Adds a line that shows more.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.details.push(detail.into());
        self
    }

    /// Adds a line that helps.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source
            .as_deref()
            .map(|source| source as &(dyn StdError + 'static))
    }
}

/// What services return.
pub type Result<T, E = Error> = std::result::Result<T, E>;
