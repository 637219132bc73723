//! What the store and the rows before know, by the things that prove two records the same.
//!
//! For many rows everything is read into memory once; for a few the store's indexes answer,
//! so that a small import costs the same in a large store.

use crate::domain::KINDS;
use crate::domain::id::Id;
use crate::domain::kind::Kind;
use crate::domain::record::Record;
use crate::domain::values::text::{fold, words};
use crate::domain::{activity, company, contact, deal, follow_up};
use crate::error::Result;
use crate::services::words as say;
use crate::store::session::Session;
use std::collections::{HashMap, HashSet};

/// From so many rows on the whole store is read once.
const MANY: usize = 200;

/// Records by name, e-mail address and foreign id.
pub(super) struct Known {
    in_memory: bool,
    names: HashMap<(u8, String), Vec<Id>>,
    emails: HashMap<String, Vec<Id>>,
    external: HashMap<(u8, String), HashMap<String, Vec<Id>>>,
    /// How many records of a kind without identity say exactly this.
    same: HashMap<String, usize>,
    /// Records that this import has made.
    made: HashSet<Id>,
}

impl Known {
    /// What the store knows, for an import of so many rows.
    pub(super) fn load(session: &Session, rows: usize) -> Result<Self> {
        let mut known = Self {
            in_memory: rows >= MANY,
            names: HashMap::new(),
            emails: HashMap::new(),
            external: HashMap::new(),
            same: HashMap::new(),
            made: HashSet::new(),
        };
        for kind in KINDS {
            if known.in_memory || is_anonymous(kind) {
                for record in session.all(kind) {
                    let record = record.map_err(say::store)?;
                    if !record.is_trashed() {
                        known.add(&record);
                        *known.same.entry(sameness(&record)).or_default() +=
                            usize::from(is_anonymous(kind));
                    }
                }
            }
        }
        Ok(known)
    }

    /// Learns a record that this import made.
    pub(super) fn make(&mut self, record: &Record) {
        self.made.insert(record.id);
        self.add(record);
    }

    /// Whether this import made the record.
    pub(super) fn is_made(&self, id: Id) -> bool {
        self.made.contains(&id)
    }

    /// Learns a record, or what is new about it.
    pub(super) fn add(&mut self, record: &Record) {
        let kind = record.kind.number;
        if !is_anonymous(record.kind) {
            let title = fold(record.title().trim());
            push(self.names.entry((kind, title)).or_default(), record.id);
        }
        for email in record
            .list(contact::EMAILS)
            .iter()
            .filter(|_| record.kind == &contact::KIND)
        {
            push(self.emails.entry(email.value.key()).or_default(), record.id);
        }
        for known in &record.external {
            let ids = self
                .external
                .entry((kind, known.source.clone()))
                .or_default();
            push(ids.entry(known.id.clone()).or_default(), record.id);
        }
    }

    /// Takes one of the records that say exactly the same as this one, if one is left.
    pub(super) fn take_same(&mut self, record: &Record) -> bool {
        match self.same.get_mut(&sameness(record)) {
            Some(count) if *count > 0 => {
                *count -= 1;
                true
            }
            _ => false,
        }
    }

    /// Records of a kind with that title.
    pub(super) fn by_name(
        &self,
        session: &Session,
        kind: &'static Kind,
        name: &str,
    ) -> Result<Vec<Id>> {
        let wanted = fold(name.trim());
        let mut found = self
            .names
            .get(&(kind.number, wanted.clone()))
            .cloned()
            .unwrap_or_default();
        if self.in_memory {
            return Ok(found);
        }
        let Some(longest) = words(name).into_iter().max_by_key(String::len) else {
            return Ok(found);
        };
        let matches = session
            .find_words(kind, kind.title.number(), &longest)
            .map_err(say::store)?;
        for (_, id) in matches.into_iter().filter(|(word, _)| *word == longest) {
            let record = session.get(kind, id).map_err(say::store)?;
            if record
                .is_some_and(|record| !record.is_trashed() && fold(record.title().trim()) == wanted)
            {
                push(&mut found, id);
            }
        }
        Ok(found)
    }

    /// Contacts with that e-mail address, in its compared form.
    pub(super) fn by_email(&self, session: &Session, key: &str) -> Result<Vec<Id>> {
        let mut found = self.emails.get(key).cloned().unwrap_or_default();
        if !self.in_memory {
            let field = contact::EMAILS.number();
            let stored = session
                .find_exact(&contact::KIND, field, key)
                .map_err(say::store)?;
            add_active(session, &contact::KIND, stored, &mut found)?;
        }
        Ok(found)
    }

    /// Records of a kind with that foreign id.
    pub(super) fn by_external(
        &self,
        session: &Session,
        kind: &'static Kind,
        source: &str,
        id: &str,
    ) -> Result<Vec<Id>> {
        let of_source = self.external.get(&(kind.number, source.to_owned()));
        let mut found = of_source
            .and_then(|ids| ids.get(id))
            .cloned()
            .unwrap_or_default();
        if !self.in_memory {
            let stored = session
                .find_external(kind, source, id)
                .map_err(say::store)?;
            add_active(session, kind, stored, &mut found)?;
        }
        Ok(found)
    }
}

fn add_active(
    session: &Session,
    kind: &'static Kind,
    stored: Vec<Id>,
    found: &mut Vec<Id>,
) -> Result<()> {
    for id in stored {
        let record = session.get(kind, id).map_err(say::store)?;
        if record.is_some_and(|record| !record.is_trashed()) {
            push(found, id);
        }
    }
    Ok(())
}

fn push(list: &mut Vec<Id>, id: Id) {
    if !list.contains(&id) {
        list.push(id);
    }
}

/// Whether records of a kind are known by nothing but what they say: two alike can both be meant.
pub(super) fn is_anonymous(kind: &Kind) -> bool {
    kind == &activity::KIND || kind == &follow_up::KIND
}

/// All that an activity or follow-up says of what, when and with whom.
fn sameness(record: &Record) -> String {
    if record.kind == &activity::KIND {
        format!(
            "{}|{:?}|{}|{:?}|{:?}|{:?}",
            fold(record.title()),
            record.get(activity::AT).map(|moment| moment.at),
            record.text(activity::TYPE),
            record.list(activity::CONTACTS),
            record.get(activity::COMPANY),
            record.get(activity::DEAL),
        )
    } else {
        format!(
            "{}|{:?}|{:?}|{:?}|{:?}",
            fold(record.title()),
            record
                .get(follow_up::FIRST_DUE)
                .or(record.get(follow_up::DUE)),
            record.list(follow_up::CONTACTS),
            record.get(follow_up::COMPANY),
            record.get(follow_up::DEAL),
        )
    }
}

/// Whether a draft of a deal and a deal say the same of what, to whom and since when.
pub(super) fn is_same_deal(draft: &Record, known: &Record, with_created: bool) -> bool {
    let contacts = |record: &Record| {
        let mut ids = record.list(deal::CONTACTS).to_vec();
        ids.sort_unstable();
        ids
    };
    draft.get(deal::COMPANY) == known.get(deal::COMPANY)
        && contacts(draft) == contacts(known)
        && (!with_created || draft.created == known.created)
}

/// Whether nothing speaks against two contacts of one name and company being one person. Within
/// one import two addresses are two people; a later file may bring a new address.
pub(super) fn is_same_person(draft: &Record, known: &Record, is_of_import: bool) -> bool {
    if draft.get(contact::COMPANY) != known.get(contact::COMPANY) {
        return false;
    }
    let emails = |record: &Record| -> Vec<String> {
        record
            .list(contact::EMAILS)
            .iter()
            .map(|email| email.value.key())
            .collect()
    };
    let phones = |record: &Record| -> Vec<String> {
        record
            .list(contact::PHONES)
            .iter()
            .map(|phone| phone.value.e164().to_owned())
            .collect()
    };
    let meets = |ours: Vec<String>, theirs: Vec<String>| {
        ours.is_empty() || theirs.is_empty() || ours.iter().any(|one| theirs.contains(one))
    };
    let is_placed = draft.get(contact::COMPANY).is_some();
    is_placed && !is_of_import
        || meets(emails(draft), emails(known)) && meets(phones(draft), phones(known))
}

/// Whether a record has an id of a source, but another one: then it is another record.
pub(super) fn contradicts(draft: &Record, known: &Record) -> bool {
    draft.external.iter().any(|own| {
        let mut of_source = known
            .external
            .iter()
            .filter(|other| other.source == own.source)
            .peekable();
        of_source.peek().is_some() && !of_source.any(|other| other.id == own.id)
    })
}

/// The compared forms of everything that leads to a company's site: its sites and domain.
pub(super) fn site_keys(record: &Record) -> Vec<String> {
    use crate::domain::values::contact_points::Site;
    let sites = if record.kind == &company::KIND {
        company::SITES
    } else {
        contact::SITES
    };
    let mut keys: Vec<String> = record
        .list(sites)
        .iter()
        .map(|site| site.value.key())
        .collect();
    if record.kind == &company::KIND {
        keys.extend(
            record
                .get(company::DOMAIN)
                .map(|domain| Site::key_of(domain)),
        );
    }
    if record.kind == &contact::KIND {
        let emails = record.list(contact::EMAILS).iter();
        keys.extend(emails.map(|email| email.value.domain().to_owned()));
    }
    keys
}
