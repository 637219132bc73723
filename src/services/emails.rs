//! The address book of mail programs: who is meant by a few words, and their addresses.
//!
//! With words the indexes answer: words of names, beginnings of addresses, tags and domains.
//! Only the records that they lead to are read.

use super::words as say;
use crate::domain::id::Id;
use crate::domain::kind::Kind;
use crate::domain::record::Record;
use crate::domain::values::text::{fold, words};
use crate::domain::{company, contact};
use crate::error::Result;
use crate::store::session::Session;
use std::cmp::Reverse;
use std::collections::HashMap;

/// So many people of one company are looked at.
const MOST_PEOPLE: usize = 1_000;

/// One address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Whose it is.
    pub id: Id,
    /// The address.
    pub email: String,
    /// The name of the contact or the company.
    pub name: String,
    /// The company of a contact; empty where there is none.
    pub company: String,
    /// Why it should not be written to, where that is so.
    pub mark: Option<&'static str>,
}

/// How well a word fits: the less, the better.
type Fit = u8;
const NAME: Fit = 0;
const BEGINNING: Fit = 0;
const COMPANY: Fit = 1;
const TAG: Fit = 2;
const INSIDE: Fit = 3;

/// Records of a kind with how well they fit, by id.
type Found = HashMap<Id, Fit>;

/// The addresses that words mean, all of them when there are none. Those that were in touch
/// lately come first among those that fit alike; those that must not be written to come last.
///
/// # Errors
/// When the store cannot be read.
pub fn book(session: &Session, text: &str, limit: Option<usize>) -> Result<Vec<Entry>> {
    let typed: Vec<String> = text.split_whitespace().map(fold).collect();
    let typed: Vec<String> = typed
        .into_iter()
        .filter(|word| !words(word).is_empty())
        .collect();
    if typed.is_empty() && !text.trim().is_empty() {
        return Ok(Vec::new());
    }
    let mut holders: Vec<(Fit, Record)> = Vec::new();
    for kind in [&contact::KIND, &company::KIND] {
        if typed.is_empty() {
            for record in session.all(kind) {
                holders.push((NAME, record.map_err(say::store)?));
            }
        } else {
            holders.extend(meant(session, kind, &typed)?);
        }
    }
    holders.retain(|(_, record)| record.is_active());
    holders.sort_by_cached_key(|(fit, record)| {
        let last = record
            .get(contact::LAST_CONTACT)
            .filter(|_| is_contact(record));
        let last = last.map(|instant| instant.0);
        (
            mark(record).is_some(),
            *fit,
            Reverse(last),
            fold(record.title()),
            record.id,
        )
    });
    let mut companies = HashMap::new();
    let mut entries = Vec::new();
    for (_, record) in &holders {
        if limit.is_some_and(|limit| entries.len() >= limit) {
            break;
        }
        entries.extend(addresses(session, record, &typed, &mut companies)?);
    }
    entries.truncate(limit.unwrap_or(entries.len()));
    Ok(entries)
}

fn is_contact(record: &Record) -> bool {
    *record.kind == contact::KIND
}

/// Why someone should not be written to.
fn mark(record: &Record) -> Option<&'static str> {
    if !is_contact(record) {
        return None;
    }
    match record.text(contact::CONSENT) {
        "opt-out" => Some("opted out"),
        _ if record.get(contact::BOUNCED) == Some(&true) => Some("mail bounced"),
        _ => None,
    }
}

/// The addresses of a record: those that a word begins first, then in their own order.
fn addresses(
    session: &Session,
    record: &Record,
    typed: &[String],
    companies: &mut HashMap<Id, String>,
) -> Result<Vec<Entry>> {
    let (emails, company) = if is_contact(record) {
        let company = record.get(contact::COMPANY).copied();
        (record.list(contact::EMAILS), company)
    } else {
        (record.list(company::EMAILS), None)
    };
    let company = match company {
        Some(id) if !companies.contains_key(&id) => {
            let found = session.get(&company::KIND, id).map_err(say::store)?;
            let title = found.map(|record| record.title().to_owned());
            companies
                .entry(id)
                .or_insert(title.unwrap_or_default())
                .clone()
        }
        Some(id) => companies.get(&id).cloned().unwrap_or_default(),
        None => String::new(),
    };
    let mut entries: Vec<Entry> = emails
        .iter()
        .map(|email| Entry {
            id: record.id,
            email: email.value.as_str().to_owned(),
            name: record.title().to_owned(),
            company: company.clone(),
            mark: mark(record),
        })
        .collect();
    entries.sort_by_key(|entry| {
        let low = fold(&entry.email);
        !typed.iter().any(|word| low.starts_with(word.as_str()))
    });
    Ok(entries)
}

/// Records of a kind that every word means, with how well the worst of them fits.
fn meant(session: &Session, kind: &'static Kind, typed: &[String]) -> Result<Vec<(Fit, Record)>> {
    let mut all: Option<Found> = None;
    for word in typed {
        let found = by_word(session, kind, word)?;
        all = Some(match all {
            None => found,
            Some(before) => {
                let both = before.into_iter().filter_map(|(id, fit)| {
                    let other = found.get(&id)?;
                    Some((id, fit.max(*other)))
                });
                both.collect()
            }
        });
    }
    let mut records = Vec::new();
    for (id, fit) in all.unwrap_or_default() {
        let record = session.get(kind, id).map_err(say::store)?;
        records.extend(record.map(|record| (fit, record)));
    }
    Ok(records)
}

fn by_word(session: &Session, kind: &'static Kind, word: &str) -> Result<Found> {
    let is_person = *kind == contact::KIND;
    let (emails, tags) = if is_person {
        (contact::EMAILS.number(), contact::TAGS.number())
    } else {
        (company::EMAILS.number(), company::TAGS.number())
    };
    let mut found = Found::new();
    let mut add = |ids: Vec<Id>, fit: Fit| {
        for id in ids {
            let known = found.entry(id).or_insert(fit);
            *known = fit.min(*known);
        }
    };
    let begins = |field: u16, text: &str| -> Result<Vec<Id>> {
        let entries = session.find_exact_from(kind, field, text);
        let entries = entries.map_err(say::store)?;
        Ok(entries.into_iter().map(|(_, id)| id).collect())
    };
    add(titled(session, kind, word)?, NAME);
    add(begins(emails, word)?, BEGINNING);
    add(begins(tags, word.trim_start_matches('#'))?, TAG);
    if is_person {
        let mut firms = titled(session, &company::KIND, word)?;
        firms.extend(of_domain(session, word)?);
        firms.sort_unstable();
        firms.dedup();
        for firm in firms {
            let people = session.linked_from(firm, kind, MOST_PEOPLE);
            let people = people.map_err(say::store)?;
            add(people.iter().map(|record| record.id).collect(), COMPANY);
        }
    } else {
        add(of_domain(session, word)?, COMPANY);
    }
    if found.is_empty() {
        // The addresses alone are few bytes; no record is read for them.
        let entries = session.find_exact_from(kind, emails, "");
        for (email, id) in entries.map_err(say::store)? {
            if email.contains(word) {
                found.insert(id, INSIDE);
            }
        }
    }
    Ok(found)
}

/// Records in whose title every part of a word begins one.
fn titled(session: &Session, kind: &'static Kind, word: &str) -> Result<Vec<Id>> {
    let mut all: Option<Vec<Id>> = None;
    for part in words(word) {
        let found = session.find_words(kind, kind.title.number(), &part);
        let found = found.map_err(say::store)?;
        let ids: std::collections::HashSet<Id> = found.into_iter().map(|(_, id)| id).collect();
        all = Some(match all {
            None => ids.into_iter().collect(),
            Some(before) => before.into_iter().filter(|id| ids.contains(id)).collect(),
        });
    }
    Ok(all.unwrap_or_default())
}

/// Companies whose domain begins so.
fn of_domain(session: &Session, word: &str) -> Result<Vec<Id>> {
    let word = word.rsplit_once('@').map_or(word, |(_, domain)| domain);
    if word.is_empty() {
        return Ok(Vec::new());
    }
    let field = company::DOMAIN.number();
    let found = session.find_exact_from(&company::KIND, field, word);
    let found = found.map_err(say::store)?;
    Ok(found.into_iter().map(|(_, id)| id).collect())
}
