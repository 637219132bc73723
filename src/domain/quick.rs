//! The quick grammar: a contact, with what else is known and what comes next, in one line.
//!
//! Parts are words between spaces; what is none of these is a word of the name:
//!
//! | part | means |
//! |---|---|
//! | `@Acme`, `@"Two Words"` | the company |
//! | `#vip`, `#"key account"` | a tag |
//! | `zoe@acme.example`, `<zoe@acme.example>` | an e-mail address |
//! | `+49 171 1234567`, `0171 1234567` | a phone number, of one or more words |
//! | `acme.example`, `www.acme.example`, `https://…` | a site |
//! | `!lead` | the lifecycle: lead, prospect, customer or churned |
//! | `~fair`, `~"trade fair"` | the source: how they found you |
//! | `+fri`, `+3d`, `+next mon 9am` | a follow-up then |
//! | `+fri: call back` | a follow-up with its text, which runs to the end of the line |
//! | `"…"`, `\+1` | words of the name as they are |
//!
//! Every part knows where it stands, so that a screen can show while one types what is
//! understood. [`mod@line`] is the grammar of what happened.

pub mod line;

use super::contact;
use super::context::Context;
use super::values::ValueError;
use super::values::contact_points::{Email, Site};
use super::values::dates::Due;
use super::values::phone::Phone;
use super::values::text::fold;
use super::when;
use std::ops::Range;

/// A date of a follow-up has at most so many words.
const MOST_WORDS: usize = 6;
/// Marks at the beginning of a word that make it something else than text.
const MARKS: &[char] = &['@', '#', '!', '~', '+', '"'];

/// What a part of the line means.
#[derive(Clone, Debug, PartialEq)]
pub enum PartKind {
    /// A word of the name.
    Name(String),
    /// The company, as it was named.
    Company(String),
    /// A tag.
    Tag(String),
    /// An e-mail address.
    Email(Email),
    /// A phone number.
    Phone(Phone),
    /// A site.
    Site(Site),
    /// A word of the lifecycle.
    Lifecycle(&'static str),
    /// How they found you.
    Source(String),
    /// What comes next, and when; without text what a follow-up says by default.
    FollowUp(Due, String),
}

/// A part of the line.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// Where it stands, in bytes.
    pub span: Range<usize>,
    /// What it means.
    pub kind: PartKind,
}

/// A contact to be made, as it was typed in one line.
#[derive(Clone, Debug, PartialEq)]
pub struct QuickAdd {
    /// The parts in the order of the line.
    pub parts: Vec<Part>,
}

/// What is wrong with a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum QuickErrorKind {
    /// A mark with nothing behind it.
    Empty,
    /// A quote without its end.
    UnclosedQuote,
    /// Not an e-mail address, though it has an `@`.
    NotAnEmail,
    /// Not a phone number, though it has digits only.
    NotAPhone,
    /// Not a date behind a `+`.
    NotADate,
    /// Not a length of time.
    NotATime,
    /// Not one of the words that may stand behind the mark.
    NotOneOf(Vec<&'static str>),
    /// A second one of what there is only one: its name.
    Twice(&'static str),
    /// No word of the line is a name.
    NoName,
}

/// What is wrong with a line, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuickError {
    /// Where the fault is, in bytes.
    pub span: Range<usize>,
    /// What is wrong.
    pub kind: QuickErrorKind,
}

impl QuickError {
    const fn new(span: Range<usize>, kind: QuickErrorKind) -> Self {
        Self { span, kind }
    }

    /// How many characters of the line stand before the fault.
    pub fn column(&self, text: &str) -> usize {
        let before = text.get(..self.span.start);
        before.map_or(0, |before| before.chars().count())
    }
}

impl QuickAdd {
    /// Reads a line.
    ///
    /// # Errors
    /// What is wrong, and where.
    pub fn parse(text: &str, context: &Context) -> Result<Self, QuickError> {
        let mut parts: Vec<Part> = Vec::new();
        let mut at = 0;
        while let Some(word) = word_at(text, at) {
            let part = part(text, word, context)?;
            at = part.span.end;
            if let Some(name) = only_once(&part.kind)
                && parts
                    .iter()
                    .any(|known| only_once(&known.kind) == Some(name))
            {
                return Err(QuickError::new(part.span, QuickErrorKind::Twice(name)));
            }
            parts.push(part);
        }
        let add = Self { parts };
        if add.name().is_empty() {
            let end = text.len();
            return Err(QuickError::new(end..end, QuickErrorKind::NoName));
        }
        Ok(add)
    }

    /// The words of the name.
    pub fn name(&self) -> String {
        let words = self.parts.iter().filter_map(|part| match &part.kind {
            PartKind::Name(word) => Some(word.as_str()),
            _ => None,
        });
        words.collect::<Vec<_>>().join(" ")
    }

    /// The company, as it was named.
    pub fn company(&self) -> Option<&str> {
        self.parts.iter().find_map(|part| match &part.kind {
            PartKind::Company(name) => Some(name.as_str()),
            _ => None,
        })
    }

    /// What comes next.
    pub fn follow_up(&self) -> Option<(&Due, &str)> {
        self.parts.iter().find_map(|part| match &part.kind {
            PartKind::FollowUp(due, text) => Some((due, text.as_str())),
            _ => None,
        })
    }
}

/// The name of what a line may say only once.
const fn only_once(kind: &PartKind) -> Option<&'static str> {
    match kind {
        PartKind::Company(_) => Some("company"),
        PartKind::Lifecycle(_) => Some("lifecycle"),
        PartKind::Source(_) => Some("source"),
        PartKind::FollowUp(..) => Some("follow-up"),
        _ => None,
    }
}

/// The next word between spaces, from a place on.
fn word_at(text: &str, at: usize) -> Option<Range<usize>> {
    let rest = text.get(at..)?;
    let start = at + rest.find(|c: char| !c.is_whitespace())?;
    let rest = text.get(start..)?;
    let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
    Some(start..start + end)
}

fn slice(text: &str, span: Range<usize>) -> &str {
    text.get(span).unwrap_or_default()
}

fn part(text: &str, span: Range<usize>, context: &Context) -> Result<Part, QuickError> {
    let word = slice(text, span.clone());
    let made = |kind| Part {
        span: span.clone(),
        kind,
    };
    let mut letters = word.chars();
    match (letters.next(), letters.next()) {
        (Some('@' | '#' | '~'), _) => {
            let (value, end) = value(text, span.clone())?;
            let kind = match word.as_bytes().first() {
                Some(b'@') => PartKind::Company(value),
                Some(b'#') => PartKind::Tag(value),
                _ => PartKind::Source(value),
            };
            let span = span.start..end;
            return Ok(Part { span, kind });
        }
        (Some('"'), _) => {
            let (value, end) = quoted(text, span.start)?;
            let span = span.start..end;
            let kind = PartKind::Name(value);
            return Ok(Part { span, kind });
        }
        (Some('!'), Some(next)) if next.is_alphabetic() => {
            return choice(slice(text, span.start + 1..span.end), contact::LIFECYCLES)
                .map(|word| made(PartKind::Lifecycle(word)))
                .map_err(|kind| QuickError::new(span.clone(), kind));
        }
        (Some('+'), Some(_)) => return follow_up_or_phone(text, span, context),
        (Some('+'), None) => return Err(QuickError::new(span, QuickErrorKind::Empty)),
        (Some('\\'), Some(next)) if MARKS.contains(&next) => {
            return Ok(made(PartKind::Name(word[1..].to_owned())));
        }
        _ => {}
    }
    if word.contains('@') {
        let bare = word.trim_matches(['<', '>', ',', ';', '(', ')']);
        return match Email::parse(bare) {
            Ok(email) => Ok(made(PartKind::Email(email))),
            Err(_) => Err(QuickError::new(span, QuickErrorKind::NotAnEmail)),
        };
    }
    if is_number(word) {
        return phone(text, span, context);
    }
    if is_site(word)
        && let Ok(site) = Site::parse(word)
    {
        return Ok(made(PartKind::Site(site)));
    }
    Ok(made(PartKind::Name(word.to_owned())))
}

/// What stands behind a mark: up to the next space, or in quotes.
fn value(text: &str, span: Range<usize>) -> Result<(String, usize), QuickError> {
    let behind = slice(text, span.start + 1..span.end);
    if behind.starts_with('"') {
        return quoted(text, span.start + 1);
    }
    if behind.is_empty() {
        return Err(QuickError::new(span, QuickErrorKind::Empty));
    }
    Ok((behind.to_owned(), span.end))
}

/// A text in quotes that opens at a place, and where it ends.
fn quoted(text: &str, open: usize) -> Result<(String, usize), QuickError> {
    let inside = slice(text, open + 1..text.len());
    let Some(close) = inside.find('"') else {
        let span = open..text.len();
        return Err(QuickError::new(span, QuickErrorKind::UnclosedQuote));
    };
    let end = open + 1 + close + 1;
    match inside[..close].trim() {
        "" => Err(QuickError::new(open..end, QuickErrorKind::Empty)),
        value => Ok((value.to_owned(), end)),
    }
}

/// One of a few words, whatever its case.
fn choice(word: &str, words: &'static [&'static str]) -> Result<&'static str, QuickErrorKind> {
    let wanted = fold(word);
    let found = words.iter().find(|known| **known == wanted);
    found
        .copied()
        .ok_or_else(|| QuickErrorKind::NotOneOf(words.to_vec()))
}

/// Whether a word is made of digits and what stands between them, and of nothing else.
fn is_number(word: &str) -> bool {
    word.contains(|c: char| c.is_ascii_digit())
        && word
            .chars()
            .all(|c| c.is_ascii_digit() || "-/.()".contains(c))
}

fn is_site(word: &str) -> bool {
    let low = word.to_lowercase();
    if ["http://", "https://", "www."]
        .iter()
        .any(|start| low.starts_with(start))
    {
        return true;
    }
    // A name has capitals, or ends with its point: `J.R.`, `St.John`.
    let host = word.split('/').next().unwrap_or_default();
    let labels: Vec<&str> = host.split('.').collect();
    let is_label = |label: &&str| {
        !label.is_empty()
            && label
                .chars()
                .all(|c| c == '-' || c.is_numeric() || c.is_alphabetic() && c.is_lowercase())
    };
    let ends = labels
        .last()
        .is_some_and(|last| last.chars().count() >= 2 && last.chars().all(char::is_alphabetic));
    labels.len() >= 2 && labels.iter().all(is_label) && ends
}

/// A phone number: the word, and those behind it that are made of digits.
fn phone(text: &str, span: Range<usize>, context: &Context) -> Result<Part, QuickError> {
    let mut end = span.end;
    while let Some(next) = word_at(text, end).filter(|next| is_number(slice(text, next.clone()))) {
        end = next.end;
    }
    let span = span.start..end;
    match Phone::parse(slice(text, span.clone()), context.region) {
        Ok(phone) => Ok(Part {
            span,
            kind: PartKind::Phone(phone),
        }),
        Err(_) => Err(QuickError::new(span, QuickErrorKind::NotAPhone)),
    }
}

fn follow_up_or_phone(
    text: &str,
    span: Range<usize>,
    context: &Context,
) -> Result<Part, QuickError> {
    if let Some((span, due, what)) = follow_up(text, span.clone(), context)? {
        let kind = PartKind::FollowUp(due, what);
        return Ok(Part { span, kind });
    }
    let number = slice(text, span.start + 1..span.end);
    if is_number(number.trim_start_matches('(')) {
        return phone(text, span, context);
    }
    Err(QuickError::new(span, QuickErrorKind::NotADate))
}

/// What comes next, where the words behind a `+` are a date; nothing when they are none.
///
/// # Errors
/// When a colon says that they should be one.
fn follow_up(
    text: &str,
    span: Range<usize>,
    context: &Context,
) -> Result<Option<(Range<usize>, Due, String)>, QuickError> {
    let start = span.start;
    let mut ends = vec![span.end];
    while let Some(next) = word_at(text, ends[ends.len() - 1]) {
        // A word with a mark is a part of its own.
        if ends.len() == MOST_WORDS || slice(text, next.clone()).starts_with(MARKS) {
            break;
        }
        ends.push(next.end);
    }
    let colon = ends
        .iter()
        .find(|&&end| slice(text, start..end).ends_with(':'));
    if let Some(&end) = colon {
        let when = start..end - 1;
        return match due(slice(text, when.clone()), context) {
            Some(due) => {
                let what = slice(text, end..text.len()).trim().to_owned();
                Ok(Some((start..text.len(), due, what)))
            }
            None => Err(QuickError::new(when, QuickErrorKind::NotADate)),
        };
    }
    let longest = ends.iter().rev().find_map(|&end| {
        let due = due(slice(text, start..end), context)?;
        Some((start..end, due, String::new()))
    });
    Ok(longest)
}

/// Reads a date behind a `+`, which is a part of `+3d` and a mark of `+fri`.
fn due(text: &str, context: &Context) -> Option<Due> {
    let bare = text.strip_prefix('+').unwrap_or(text);
    let is_distance = bare.starts_with(|c: char| c.is_ascii_digit());
    let read = |text: &str| -> Result<Due, ValueError> { when::due(text, context) };
    let distance = is_distance.then(|| read(text).ok()).flatten();
    distance.or_else(|| read(bare).ok())
}

#[cfg(test)]
mod tests;
