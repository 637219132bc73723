//! Fields of the user's own over the whole store: which texts do not fit what the settings declare.

use super::{Env, words};
use crate::domain::custom::{CustomField, Kept};
use crate::domain::field::{Field, Shape};
use crate::domain::kind::Kind;
use crate::domain::values::text;
use crate::error::Result;
use crate::store::session::Session;

/// How many texts are named.
const MOST_NAMED: usize = 3;
/// So many letters of a text are shown.
const MOST_LETTERS: usize = 30;

/// Texts that do not fit a declared field.
struct Misfits {
    own: &'static CustomField,
    records: usize,
    texts: Vec<String>,
}

/// For each declared field with texts that do not fit, one line: how many records have one, and
/// the first of them.
///
/// # Errors
/// When the store cannot be read.
pub fn misfits(session: &Session, env: &Env) -> Result<Vec<String>> {
    let mut lines = Vec::new();
    for kind in super::snapshot::visible_kinds() {
        let found = of_kind(session, env, kind)?;
        lines.extend(found.iter().filter(|found| found.records > 0).map(line));
    }
    Ok(lines)
}

fn of_kind(session: &Session, env: &Env, kind: &'static Kind) -> Result<Vec<Misfits>> {
    let fields = env.custom.of_kind(kind);
    let mut found: Vec<Misfits> = fields
        .map(|own| Misfits {
            own,
            records: 0,
            texts: Vec::new(),
        })
        .collect();
    if found.is_empty() {
        return Ok(found);
    }
    for record in session.all(kind) {
        let record = record.map_err(words::store)?;
        for misfits in &mut found {
            if let Some(Kept::Text(text)) = misfits.own.kept(&record, &env.context) {
                misfits.records += 1;
                if misfits.texts.len() < MOST_NAMED && !misfits.texts.iter().any(|t| t == text) {
                    misfits.texts.push(text.to_owned());
                }
            }
        }
    }
    Ok(found)
}

/// `2 contacts have a budget that is no amount: `about 5`, `?``.
fn line(misfits: &Misfits) -> String {
    let Misfits {
        own,
        records,
        texts,
    } = misfits;
    let have = if *records == 1 { "has" } else { "have" };
    let shown: Vec<String> = texts.iter().map(|text| excerpt(text)).collect();
    format!(
        "{} {have} a `{}` that is {}: {}",
        words::count(*records, own.kind),
        own.field.name,
        what(&own.field),
        shown.join(", ")
    )
}

fn excerpt(whole: &str) -> String {
    let whole = text::line(whole);
    match whole.char_indices().nth(MOST_LETTERS) {
        Some((end, _)) => format!("`{}…`", &whole[..end]),
        None => format!("`{whole}`"),
    }
}

const fn what(field: &Field) -> &'static str {
    match field.shape {
        Shape::Money => "no amount",
        Shape::Number => "no whole number",
        Shape::Date => "no day",
        Shape::Flag => "neither yes nor no",
        Shape::Choice(_) => "none of the choices",
        _ => "no text",
    }
}
