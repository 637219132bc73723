//! Tokens to a tree, with every name and value checked.

use super::condition::{self, Condition, Fault};
use super::error::{QueryError, QueryErrorKind};
use super::fields::{self, Path};
use super::lex::{self, Operator, RawTerm, Token, TokenKind};
use super::segments;
use crate::domain::context::Context;
use crate::domain::custom::CustomFields;
use crate::domain::kind::Kind;
use crate::domain::values::ValueError;
use crate::domain::values::text::{fold, words};
use std::ops::Range;

/// How many parentheses and negations may stand within each other.
const DEEPEST: usize = 64;
/// How many characters a query may have.
const LONGEST: usize = 10_000;

/// A part of a query.
#[derive(Clone, Debug)]
pub(super) enum Node {
    All(Vec<Node>),
    Any(Vec<Node>),
    Not(Box<Node>),
    Word(Word),
    /// A folded text that stands in the record as it is.
    Phrase(String),
    Term(Term),
    /// A saved query by its name, and where the name stands, in bytes.
    Segment(String, Range<usize>),
}

/// A word that may stand anywhere in the record.
#[derive(Clone, Debug)]
pub(super) struct Word {
    /// The whole, folded.
    pub(super) needle: String,
    /// Its parts between marks: a handle has several.
    pub(super) parts: Vec<String>,
    /// Its digits, when it could be a part of a phone number.
    pub(super) digits: Option<String>,
}

/// A condition on a field.
#[derive(Clone, Debug)]
pub(super) struct Term {
    pub(super) path: Path,
    pub(super) condition: Condition,
    /// Where the value stands, in bytes.
    pub(super) value_at: Range<usize>,
}

pub(super) fn parse(
    text: &str,
    kind: &'static Kind,
    own: CustomFields,
    context: &Context,
) -> Result<Node, QueryError> {
    if let Some((end, _)) = text.char_indices().nth(LONGEST) {
        let kind = QueryErrorKind::TooLong(LONGEST);
        return Err(QueryError::new(text, end..text.len(), kind));
    }
    let mut parser = Parser {
        text,
        kind,
        own,
        context,
        tokens: lex::tokens(text)?,
        place: 0,
        depth: 0,
    };
    if parser.tokens.is_empty() {
        return Ok(Node::All(Vec::new()));
    }
    let node = parser.any()?;
    match parser.next() {
        Some(token) => Err(parser.error(token.span, QueryErrorKind::UnopenedParenthesis)),
        None => Ok(node),
    }
}

struct Parser<'a> {
    text: &'a str,
    kind: &'static Kind,
    own: CustomFields,
    context: &'a Context,
    tokens: Vec<Token>,
    place: usize,
    depth: usize,
}

impl Parser<'_> {
    fn peek(&self) -> Option<&TokenKind> {
        self.tokens.get(self.place).map(|token| &token.kind)
    }

    fn next(&mut self) -> Option<Token> {
        let token = self.tokens.get(self.place).cloned();
        self.place += 1;
        token
    }

    fn error(&self, span: Range<usize>, kind: QueryErrorKind) -> QueryError {
        QueryError::new(self.text, span, kind)
    }

    /// Alternatives.
    fn any(&mut self) -> Result<Node, QueryError> {
        let mut nodes = vec![self.all()?];
        while self.peek() == Some(&TokenKind::Or) {
            self.place += 1;
            nodes.push(self.all()?);
        }
        Ok(one_or(nodes, Node::Any))
    }

    /// Parts that must all hold.
    fn all(&mut self) -> Result<Node, QueryError> {
        let mut nodes = Vec::new();
        loop {
            nodes.push(self.one()?);
            match self.peek() {
                Some(TokenKind::And) => self.place += 1,
                None | Some(TokenKind::Or | TokenKind::Close) => {
                    return Ok(one_or(nodes, Node::All));
                }
                Some(_) => {}
            }
        }
    }

    fn one(&mut self) -> Result<Node, QueryError> {
        let end = self.text.len();
        let Some(Token { span, kind }) = self.next() else {
            return Err(self.error(end..end, QueryErrorKind::ExpectedTerm));
        };
        match kind {
            TokenKind::Not => self
                .deeper(span, Self::one)
                .map(|node| Node::Not(Box::new(node))),
            TokenKind::Open => self.deeper(span.clone(), |parser| {
                let node = parser.any()?;
                match parser.next() {
                    Some(_) => Ok(node),
                    None => Err(parser.error(span, QueryErrorKind::UnclosedParenthesis)),
                }
            }),
            TokenKind::Word(word) => {
                let word = Word::new(&word);
                word.map(Node::Word)
                    .ok_or_else(|| self.error(span, QueryErrorKind::ExpectedTerm))
            }
            TokenKind::Phrase(phrase) => phrase_key(&phrase)
                .map(Node::Phrase)
                .ok_or_else(|| self.error(span, QueryErrorKind::ExpectedTerm)),
            TokenKind::Term(raw) => self.term(raw),
            TokenKind::Close if self.depth == 0 => {
                Err(self.error(span, QueryErrorKind::UnopenedParenthesis))
            }
            TokenKind::Close | TokenKind::And | TokenKind::Or => {
                Err(self.error(span, QueryErrorKind::ExpectedTerm))
            }
        }
    }

    fn deeper(
        &mut self,
        span: Range<usize>,
        read: impl FnOnce(&mut Self) -> Result<Node, QueryError>,
    ) -> Result<Node, QueryError> {
        if self.depth == DEEPEST {
            return Err(self.error(span, QueryErrorKind::TooDeep(DEEPEST)));
        }
        self.depth += 1;
        let node = read(self);
        self.depth -= 1;
        node
    }

    fn term(&self, raw: RawTerm) -> Result<Node, QueryError> {
        let name = self.text.get(raw.name.clone()).unwrap_or("");
        if fold(name) == segments::NAME {
            return self.segment(raw);
        }
        let path = fields::resolve(self.kind, name, self.own).map_err(|(span, kind)| {
            let start = raw.name.start;
            self.error(start + span.start..start + span.end, kind)
        })?;
        // `!=` is what `=` is not, also where nothing is set or one of several fits.
        let negated = raw.operator == Operator::NotEqual;
        let operator = if negated {
            Operator::Equal
        } else {
            raw.operator
        };
        let presence = match raw.value.to_lowercase().as_str() {
            "any" | "none" if raw.quoted || operator.is_order() => None,
            "any" => Some(true),
            "none" => Some(false),
            _ => None,
        };
        let condition = match presence {
            Some(_) => Ok(Condition::Set),
            None => condition::read(&path.place, operator, &raw.value, self.context),
        };
        let condition = condition.map_err(|fault| self.fault(&raw, fault))?;
        let term = Node::Term(Term {
            path,
            condition,
            value_at: raw.value_at,
        });
        let negated = negated != (presence == Some(false));
        Ok(if negated {
            Node::Not(Box::new(term))
        } else {
            term
        })
    }

    fn segment(&self, raw: RawTerm) -> Result<Node, QueryError> {
        let name = raw.value.trim();
        if raw.operator.is_order() {
            return Err(self.fault(&raw, Fault::Operator));
        }
        if name.is_empty() {
            return Err(self.fault(&raw, ValueError::Empty.into()));
        }
        let node = segments::node(name, raw.value_at.clone());
        Ok(if raw.operator == Operator::NotEqual {
            Node::Not(Box::new(node))
        } else {
            node
        })
    }

    fn fault(&self, raw: &RawTerm, fault: Fault) -> QueryError {
        let slice = |range: &Range<usize>| self.text.get(range.clone()).unwrap_or("").to_owned();
        let field = slice(&raw.name);
        match fault {
            Fault::Operator => {
                let operator = slice(&raw.operator_at);
                let kind = QueryErrorKind::BadOperator { field, operator };
                self.error(raw.operator_at.clone(), kind)
            }
            Fault::Value(error) => self.error(raw.value_at.clone(), bad_value(field, raw, error)),
        }
    }
}

fn bad_value(field: String, raw: &RawTerm, error: ValueError) -> QueryErrorKind {
    let value = raw.value.clone();
    QueryErrorKind::BadValue {
        field,
        value,
        error,
    }
}

fn one_or(mut nodes: Vec<Node>, many: fn(Vec<Node>) -> Node) -> Node {
    match (nodes.len(), nodes.pop()) {
        (1, Some(only)) => only,
        (_, last) => {
            nodes.extend(last);
            many(nodes)
        }
    }
}

impl Word {
    /// A word that has something to be found.
    fn new(word: &str) -> Option<Self> {
        let needle = fold(word);
        let is_phone = word
            .chars()
            .all(|c| c.is_ascii_digit() || "+-/.".contains(c));
        let digits = condition::digits(word);
        let digits = digits.trim_start_matches('0');
        (!needle.is_empty()).then(|| Self {
            parts: words(word),
            digits: (is_phone && digits.len() >= 3).then(|| digits.to_owned()),
            needle,
        })
    }
}

/// The form in which exact words are compared: folded, with single spaces.
pub(super) fn phrase_key(text: &str) -> Option<String> {
    let folded = fold(text);
    let key = folded.split_whitespace().collect::<Vec<_>>().join(" ");
    (!key.is_empty()).then_some(key)
}
