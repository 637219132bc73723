//! A query's text to tokens. Knows no fields.

use super::error::{QueryError, QueryErrorKind};
use std::cmp::Ordering;
use std::ops::Range;

/// How a field and a value are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    /// `:`, which means what is most useful for the field.
    Has,
    Equal,
    NotEqual,
    Less,
    AtMost,
    More,
    AtLeast,
}

/// The spellings, those first that others begin with.
const OPERATORS: &[(&str, Operator)] = &[
    ("!=", Operator::NotEqual),
    ("<=", Operator::AtMost),
    (">=", Operator::AtLeast),
    ("<", Operator::Less),
    (">", Operator::More),
    ("=", Operator::Equal),
    (":", Operator::Has),
];

impl Operator {
    /// Whether it asks for more or less rather than for the same.
    pub(super) const fn is_order(self) -> bool {
        matches!(self, Self::Less | Self::AtMost | Self::More | Self::AtLeast)
    }

    /// Whether it holds for a field that compares so with the value.
    pub(super) fn holds(self, ordering: Ordering) -> bool {
        match self {
            Self::Has | Self::Equal => ordering.is_eq(),
            Self::NotEqual => ordering.is_ne(),
            Self::Less => ordering.is_lt(),
            Self::AtMost => ordering.is_le(),
            Self::More => ordering.is_gt(),
            Self::AtLeast => ordering.is_ge(),
        }
    }

    /// The same with both sides exchanged.
    pub(super) const fn flipped(self) -> Self {
        match self {
            Self::Less => Self::More,
            Self::AtMost => Self::AtLeast,
            Self::More => Self::Less,
            Self::AtLeast => Self::AtMost,
            same => same,
        }
    }
}

/// `field:value` before the field is looked up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RawTerm {
    pub(super) name: Range<usize>,
    pub(super) operator: Operator,
    pub(super) operator_at: Range<usize>,
    pub(super) value: String,
    pub(super) value_at: Range<usize>,
    pub(super) quoted: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    Open,
    Close,
    And,
    Or,
    Not,
    Word(String),
    Phrase(String),
    Term(RawTerm),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) span: Range<usize>,
    pub(super) kind: TokenKind,
}

/// The tokens of a text.
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, QueryError> {
    let mut lexer = Lexer { text, at: 0 };
    let mut tokens = Vec::new();
    loop {
        lexer.at = text.len() - lexer.rest().trim_start().len();
        let start = lexer.at;
        if start == text.len() {
            return Ok(tokens);
        }
        let kind = lexer.token()?;
        tokens.push(Token {
            span: start..lexer.at,
            kind,
        });
    }
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
}

impl Lexer<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn error(&self, span: Range<usize>, kind: QueryErrorKind) -> QueryError {
        QueryError::new(self.text, span, kind)
    }

    fn token(&mut self) -> Result<TokenKind, QueryError> {
        let mut characters = self.rest().chars();
        let single = match (characters.next(), characters.next()) {
            (Some('('), _) => Some(TokenKind::Open),
            (Some(')'), _) => Some(TokenKind::Close),
            (Some('-'), Some(next)) if !next.is_whitespace() && next != ')' => Some(TokenKind::Not),
            (Some('-'), _) => {
                let after = self.at + 1;
                return Err(self.error(after..after, QueryErrorKind::ExpectedTerm));
            }
            (Some('"'), _) => return self.quoted().map(TokenKind::Phrase),
            _ => None,
        };
        if let Some(kind) = single {
            self.at += 1;
            return Ok(kind);
        }
        self.refuse_operator(self.at, self.at..self.at)?;
        self.word_or_term()
    }

    /// Refuses an operator where none can stand.
    fn refuse_operator(&self, from: usize, name: Range<usize>) -> Result<(), QueryError> {
        if operator(self.rest()).is_none() {
            return Ok(());
        }
        let is_other = |c: char| !matches!(c, ':' | '=' | '!' | '<' | '>');
        let end = self.at + self.rest().find(is_other).unwrap_or(self.rest().len());
        let slice = |range: Range<usize>| self.text.get(range).unwrap_or("").to_owned();
        let kind = QueryErrorKind::BadOperator {
            field: slice(name),
            operator: slice(from..end),
        };
        Err(self.error(from..end, kind))
    }

    fn word_or_term(&mut self) -> Result<TokenKind, QueryError> {
        let start = self.at;
        let rest = self.rest();
        let is_name = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
        let name = rest.find(|c| !is_name(c)).unwrap_or(rest.len());
        let after = rest.get(name..).unwrap_or("");
        let is_field = rest.starts_with(char::is_alphabetic) && !after.starts_with("://");
        if let Some((operator, length)) = operator(after).filter(|_| is_field) {
            let name = start..start + name;
            self.at = name.end + length;
            self.refuse_operator(name.end, name.clone())?;
            return self.term(name, operator).map(TokenKind::Term);
        }
        let word = self.run();
        Ok(match word.to_lowercase().as_str() {
            "or" => TokenKind::Or,
            "and" => TokenKind::And,
            "not" => TokenKind::Not,
            _ => TokenKind::Word(word),
        })
    }

    /// Reads the value behind an operator.
    fn term(&mut self, name: Range<usize>, operator: Operator) -> Result<RawTerm, QueryError> {
        let start = self.at;
        let quoted = self.rest().starts_with('"');
        let value = if quoted { self.quoted()? } else { self.run() };
        Ok(RawTerm {
            operator_at: name.end..start,
            name,
            operator,
            value,
            value_at: start..self.at,
            quoted,
        })
    }

    /// Reads up to a space or a parenthesis.
    fn run(&mut self) -> String {
        let rest = self.rest();
        let end = rest
            .find(|c: char| c.is_whitespace() || matches!(c, '(' | ')'))
            .unwrap_or(rest.len());
        let run = rest.get(..end).unwrap_or("").to_owned();
        self.at += end;
        run
    }

    /// Reads a text in quotes; a backslash takes the next character as it is.
    fn quoted(&mut self) -> Result<String, QueryError> {
        let start = self.at;
        let mut text = String::new();
        let mut escaped = false;
        for (index, character) in self.rest().char_indices().skip(1) {
            match character {
                '"' if !escaped => {
                    self.at = start + index + 1;
                    return Ok(text);
                }
                '\\' if !escaped => escaped = true,
                other => {
                    escaped = false;
                    text.push(other);
                }
            }
        }
        Err(self.error(start..self.text.len(), QueryErrorKind::UnclosedQuote))
    }
}

/// The operator that a text begins with, and its length.
fn operator(text: &str) -> Option<(Operator, usize)> {
    OPERATORS
        .iter()
        .find(|(spelling, _)| text.starts_with(spelling))
        .map(|(spelling, operator)| (*operator, spelling.len()))
}
