//! Who is meant: from what a person types to exactly one record, or an error with candidates.
//!
//! In order: a whole id, an e-mail address, a phone number, a site or handle, then words of
//! the name (all of it, whole words, beginnings) and the beginning of an id. Nothing is ever
//! created by a miss.

use super::{Env, words};
use crate::domain::field::Shape;
use crate::domain::id::Id;
use crate::domain::kind::Kind;
use crate::domain::lookup::Lookup as _;
use crate::domain::record::Record;
use crate::domain::search;
use crate::domain::values::Value;
use crate::domain::values::contact_points::{Email, Site};
use crate::domain::values::phone::Phone;
use crate::domain::values::text;
use crate::domain::{contact, show};
use crate::error::{Choices, Error, ErrorKind, Result};
use crate::store::session::Session;
use std::collections::HashMap;

/// How many candidates an error names.
const CANDIDATES: usize = 8;
/// Among how many candidates a person can choose.
const CHOICES: usize = 20;

/// What a person chose among records that a text could mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pick {
    /// The kind of record.
    pub kind: &'static str,
    /// The text.
    pub wanted: String,
    /// The id of the record.
    pub id: String,
}

/// Where to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Active records; archived ones where no active one fits.
    Working,
    /// Everything: active records, archived ones where no active one fits, else the trash.
    Everything,
    /// What is archived or in the trash, and nothing else.
    PutAway,
}

/// The one record of a kind that a text means.
///
/// # Errors
/// [`ErrorKind::NotFound`] with near misses, [`ErrorKind::Ambiguous`] with candidates.
pub fn find(
    session: &Session,
    env: &Env,
    kind: &'static Kind,
    wanted: &str,
    reach: Reach,
) -> Result<Record> {
    let mut found = candidates(session, env, kind, wanted, reach)?;
    match found.len() {
        1 => Ok(found.remove(0)),
        0 => Err(miss(session, kind, wanted)),
        count => {
            let mut picks = env.picks.iter();
            let picked = picks.find(|pick| pick.kind == kind.name && pick.wanted == wanted);
            let is_it = |record: &Record| picked.is_some_and(|it| it.id == record.id.text());
            match found.iter().position(is_it) {
                Some(place) => Ok(found.swap_remove(place)),
                None => Err(ambiguous(session, env, kind, wanted, count, &found)),
            }
        }
    }
}

/// Every record of a kind that a text could mean, by the strongest of the ways in which it
/// means any.
///
/// # Errors
/// When the store cannot be read.
pub fn candidates(
    session: &Session,
    env: &Env,
    kind: &'static Kind,
    wanted: &str,
    reach: Reach,
) -> Result<Vec<Record>> {
    let wanted = wanted.trim();
    if let Some(id) = Id::parse(wanted)
        && let Some(record) = session.get(kind, id).map_err(words::store)?
    {
        return Ok(vec![record]);
    }
    let by_point = by_contact_point(session, env, kind, wanted)?;
    let found = load(session, kind, by_point, reach)?;
    if !found.is_empty() {
        return Ok(found);
    }
    let mut found = Vec::new();
    for tier in by_words(session, kind, wanted)? {
        found = load(session, kind, tier, reach)?;
        if let [_, _, ..] = found.as_slice() {
            let sorted = |text: &str| {
                let mut words = text::words(text);
                words.sort_unstable();
                words
            };
            let words = sorted(wanted);
            let exact = |record: &&Record| sorted(record.title()) == words;
            if found.iter().filter(exact).count() == 1 {
                found.retain(|record| exact(&record));
            }
        }
        if !found.is_empty() {
            break;
        }
    }
    for id in by_id(session, kind, wanted)? {
        if found.iter().all(|record| record.id != id) {
            found.extend(load(session, kind, vec![id], reach)?);
        }
    }
    found.sort_by_cached_key(|record| (text::fold(record.title()), record.id));
    Ok(found)
}

/// The titles of active records of a kind of which a word begins so, in their order.
///
/// # Errors
/// When the store cannot be read.
pub fn titles(
    session: &Session,
    kind: &'static Kind,
    beginning: &str,
    limit: usize,
) -> Result<Vec<String>> {
    let [_, ids] = by_words(session, kind, beginning)?;
    let mut titles = Vec::new();
    for id in ids {
        let found = session.get(kind, id).map_err(words::store)?;
        let active = found.filter(Record::is_active);
        titles.extend(active.map(|record| text::line(record.title())));
    }
    titles.sort_by_cached_key(|title| text::fold(title));
    titles.truncate(limit);
    Ok(titles)
}

fn load(
    session: &Session,
    kind: &'static Kind,
    mut ids: Vec<Id>,
    reach: Reach,
) -> Result<Vec<Record>> {
    ids.sort_unstable();
    ids.dedup();
    let mut records = Vec::new();
    for id in ids {
        records.extend(session.get(kind, id).map_err(words::store)?);
    }
    match reach {
        Reach::Working => records.retain(|record| !record.is_trashed()),
        Reach::PutAway => records.retain(|record| !record.is_active()),
        Reach::Everything => {}
    }
    if records.iter().any(Record::is_active) {
        records.retain(Record::is_active);
    } else if records.iter().any(|record| !record.is_trashed()) && reach != Reach::PutAway {
        records.retain(|record| !record.is_trashed());
    }
    if records.iter().any(kind.is_live) {
        records.retain(kind.is_live);
    }
    Ok(records)
}

/// By e-mail address, phone number, site or handle, as the kind's fields have them.
fn by_contact_point(
    session: &Session,
    env: &Env,
    kind: &'static Kind,
    wanted: &str,
) -> Result<Vec<Id>> {
    let digits = wanted.chars().filter(char::is_ascii_digit).count();
    let letters = wanted.chars().filter(|c| c.is_alphabetic()).count();
    let mut found = Vec::new();
    for field in kind.fields {
        let compared = match field.shape {
            Shape::Emails => Email::parse(wanted).ok().map(|email| email.key()),
            Shape::Phones if digits >= 5 && letters == 0 => {
                let phone = Phone::parse(wanted, env.context.region).ok();
                phone.map(|phone| phone.e164().to_owned())
            }
            Shape::Sites if wanted.contains(['.', '@', '/']) => Some(Site::key_of(wanted)),
            _ => None,
        };
        if let Some(compared) = compared {
            let ids = session.find_exact(kind, field.number, &compared);
            found.extend(ids.map_err(words::store)?);
        }
    }
    Ok(found)
}

/// By words of the title: first those that have every word whole, then those in which every
/// word begins one.
fn by_words(session: &Session, kind: &'static Kind, wanted: &str) -> Result<[Vec<Id>; 2]> {
    let wanted = text::words(wanted);
    let mut whole: Option<HashMap<Id, bool>> = None;
    for word in &wanted {
        let mut ids: HashMap<Id, bool> = HashMap::new();
        let found = session
            .find_words(kind, kind.title.number(), word)
            .map_err(words::store)?;
        for (known, id) in found {
            *ids.entry(id).or_default() |= known == *word;
        }
        whole = Some(match whole {
            None => ids,
            Some(mut before) => {
                before.retain(|id, _| ids.contains_key(id));
                for (id, is_whole) in &mut before {
                    *is_whole &= ids.get(id).copied().unwrap_or(false);
                }
                before
            }
        });
    }
    let all = whole.unwrap_or_default();
    let exact = all
        .iter()
        .filter(|(_, whole)| **whole)
        .map(|(id, _)| *id)
        .collect();
    Ok([exact, all.into_keys().collect()])
}

fn by_id(session: &Session, kind: &'static Kind, wanted: &str) -> Result<Vec<Id>> {
    if !Id::is_prefix(wanted) {
        return Ok(Vec::new());
    }
    let found = session
        .find_id(wanted, CANDIDATES + 1)
        .map_err(words::store)?;
    Ok(found
        .into_iter()
        .filter(|(known, _)| *known == kind)
        .map(|(_, id)| id)
        .collect())
}

fn miss(session: &Session, kind: &'static Kind, wanted: &str) -> Error {
    let error = Error::not_found(format!("no {} is meant by `{wanted}`", kind.name));
    let names: Vec<(Id, String)> = session
        .all(kind)
        .flatten()
        .filter(Record::is_active)
        .map(|record| (record.id, record.title().to_owned()))
        .collect();
    let near = search::near_misses(
        wanted,
        names.iter().map(|(id, name)| (*id, name.as_str())),
        3,
    );
    let near: Vec<String> = near
        .iter()
        .filter_map(|id| names.iter().find(|(known, _)| known == id))
        .map(|(_, name)| format!("`{}`", text::line(name)))
        .collect();
    if wanted.trim().is_empty() {
        error
    } else if near.is_empty() {
        error.hint(format!(
            "make one with `touchbase {} add {}`",
            kind.name,
            quoted(wanted)
        ))
    } else {
        error.hint(format!("did you mean {}?", near.join(" or ")))
    }
}

fn ambiguous(
    session: &Session,
    env: &Env,
    kind: &'static Kind,
    wanted: &str,
    count: usize,
    found: &[Record],
) -> Error {
    let message = format!("`{wanted}` means {count} {}", kind.plural);
    let mut error = Error::new(ErrorKind::Ambiguous, message);
    let told = found.iter().take(CHOICES).map(|record| {
        let line = describe(session, env, record, None);
        (record.id.text(), line)
    });
    let among: Vec<(String, String)> = told.collect();
    for (_, line) in among.iter().take(CANDIDATES) {
        error = error.detail(line.as_str());
    }
    error.choices = Some(Box::new(Choices {
        kind: kind.name,
        wanted: wanted.to_owned(),
        among,
    }));
    if count > CANDIDATES {
        error = error.detail(format!("… and {} more", count - CANDIDATES));
    }
    error.hint("name one by its id, or by more words")
}

/// A record in one line: its short id and its columns, without the link to `beside`.
pub fn describe(session: &Session, env: &Env, record: &Record, beside: Option<Id>) -> String {
    let id = session
        .short_id(record.id)
        .unwrap_or_else(|_| record.id.text());
    let lookup = super::list::SessionLookup::new(session, env);
    let name_of = |id: Id| lookup.title(id).unwrap_or_else(|| id.text());
    let mut parts = vec![id];
    let columns = record.kind.columns.iter();
    for field in columns.filter_map(|name| record.kind.field(name)) {
        if beside.is_some() && record.linked(field) == Vec::from_iter(beside) {
            continue;
        }
        if let Some(value) = record.field(field) {
            parts.push(text::line(&show::words(value, &env.context, &name_of)));
        }
    }
    parts.truncate(6);
    if let Some(Value::Text(status)) = lookup.derived(record, "status")
        && status != "open"
    {
        parts.push(format!("({status})"));
    }
    parts.join("  ")
}

/// A text as a shell takes it back.
pub fn quoted(text: &str) -> String {
    let plain =
        |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '@' | '+' | ':' | '/');
    if !text.is_empty() && text.chars().all(plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

/// The contact that a text means, for commands whose WHO is a person.
///
/// # Errors
/// As [`find`].
pub fn contact(session: &Session, env: &Env, wanted: &str) -> Result<Record> {
    find(session, env, &contact::KIND, wanted, Reach::Working)
}

/// The record that a text means among several kinds, the first kind that has one winning.
///
/// # Errors
/// As [`find`], for the first kind.
pub fn of_kinds(
    session: &Session,
    env: &Env,
    kinds: &[&'static Kind],
    wanted: &str,
    reach: Reach,
) -> Result<Record> {
    let mut first_miss = None;
    for kind in kinds {
        match find(session, env, kind, wanted, reach) {
            Err(error) if error.kind == ErrorKind::NotFound => {
                first_miss.get_or_insert(error);
            }
            other => return other,
        }
    }
    Err(first_miss.unwrap_or_else(|| Error::not_found(format!("nothing is meant by `{wanted}`"))))
}
