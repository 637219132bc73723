//! What happened, in one line: text, with marked words that say the rest.
//!
//! | word | means |
//! |---|---|
//! | `!call`, `!email`, `!meeting`, `!message`, `!visit`, `!note` | what it was |
//! | `!in`, `!out` | they reached you, you reached them |
//! | `!12m`, `!1h30m` | how long it took |
//! | `@"New site"`, `@relaunch` | the deal that it is about |
//! | `+fri`, `+fri: send the quote` | a follow-up; its text runs to the end of the line |
//! | `\!`, `\@`, `\+` before a word | the word as it is |
//!
//! Everything else is what was said or done.

use super::{QuickError, QuickErrorKind, choice, follow_up, slice, value, word_at};
use crate::domain::activity;
use crate::domain::context::Context;
use crate::domain::field::Shape;
use crate::domain::read;
use crate::domain::values::dates::Due;
use crate::domain::values::{Minutes, Value};
use std::ops::Range;

/// What happened, as it was typed in one line.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LogLine {
    /// What was said or done.
    pub text: String,
    /// What it was.
    pub kind: Option<&'static str>,
    /// `in` or `out`.
    pub direction: Option<&'static str>,
    /// How long it took.
    pub duration: Option<Minutes>,
    /// The deal that it is about, as it was named.
    pub deal: Option<String>,
    /// What comes next, and when.
    pub follow_up: Option<(Due, String)>,
}

impl LogLine {
    /// Reads a line.
    ///
    /// # Errors
    /// What is wrong, and where.
    pub fn parse(text: &str, context: &Context) -> Result<Self, QuickError> {
        let mut line = Self::default();
        let mut said: Vec<&str> = Vec::new();
        let mut at = 0;
        while let Some(span) = word_at(text, at) {
            let word = slice(text, span.clone());
            let mut letters = word.chars();
            at = span.end;
            match (letters.next(), letters.next()) {
                (Some('!'), Some(next)) if next.is_alphanumeric() => {
                    line.mark(word, span, context)?
                }
                (Some('@'), Some(_)) => {
                    let (name, end) = value(text, span.clone())?;
                    at = end;
                    once(&mut line.deal, name, span.start..end, "deal")?;
                }
                (Some('+'), Some(next)) if next.is_alphanumeric() => {
                    let Some((whole, due, what)) = follow_up(text, span.clone(), context)? else {
                        return Err(QuickError::new(span, QuickErrorKind::NotADate));
                    };
                    at = whole.end;
                    once(&mut line.follow_up, (due, what), whole, "follow-up")?;
                }
                (Some('\\'), Some('!' | '@' | '+')) => said.push(&word[1..]),
                _ => said.push(word),
            }
        }
        line.text = said.join(" ");
        Ok(line)
    }

    /// Takes in a word behind a `!`.
    fn mark(
        &mut self,
        word: &str,
        span: Range<usize>,
        context: &Context,
    ) -> Result<(), QuickError> {
        let bare = &word[1..];
        if bare.starts_with(|c: char| c.is_ascii_digit()) {
            let Ok(Value::Minutes(minutes)) = read::value(Shape::Minutes, bare, context) else {
                return Err(QuickError::new(span, QuickErrorKind::NotATime));
            };
            return once(&mut self.duration, minutes, span, "length of time");
        }
        if let Ok(direction) = choice(bare, activity::DIRECTIONS) {
            return once(&mut self.direction, direction, span, "direction");
        }
        match choice(bare, activity::TYPES) {
            Ok(kind) => once(&mut self.kind, kind, span, "type"),
            Err(_) => {
                let words = activity::TYPES.iter().chain(activity::DIRECTIONS);
                let kind = QuickErrorKind::NotOneOf(words.copied().collect());
                Err(QuickError::new(span, kind))
            }
        }
    }
}

/// Fills a place that takes one value.
fn once<T>(
    place: &mut Option<T>,
    value: T,
    span: Range<usize>,
    name: &'static str,
) -> Result<(), QuickError> {
    if place.is_some() {
        return Err(QuickError::new(span, QuickErrorKind::Twice(name)));
    }
    *place = Some(value);
    Ok(())
}
