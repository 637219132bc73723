//! A mail message becomes an entry of the log: with whom, in which direction, and once only.

use super::intent::{LogEntry, NewContact};
use super::{Env, who, words};
use crate::domain::id::Id;
use crate::domain::kind::Kind;
use crate::domain::record::{ExternalId, Record};
use crate::domain::values::contact_points::Email;
use crate::domain::values::dates::Moment;
use crate::domain::values::text::{self, handle};
use crate::domain::{activity, company, contact};
use crate::error::{Error, Result};
use crate::formats::{
    self, FormatError,
    mail::{Mail, Mailbox},
};
use crate::store::session::Session;
use chrono::{DateTime, SubsecRound as _, Utc};
use sha2::{Digest as _, Sha256};

/// Whose ids those of messages are.
const SOURCE: &str = "message-id";
/// So many addresses are named where nobody is known by any.
const NAMED: usize = 8;
/// The most characters of a title that is taken from the text.
const TITLE: usize = 80;
/// The most attachments that the notes name.
const ATTACHMENTS: usize = 20;

/// What is known of a message: an address with the name beside it, and where it stands.
struct Party<'a> {
    place: &'static str,
    email: Email,
    name: &'a str,
}

/// Reads a message.
///
/// # Errors
/// When the bytes are none.
pub fn read(bytes: &[u8]) -> Result<Mail> {
    formats::mail::read(bytes).map_err(|error| {
        let what = match error {
            FormatError::Empty => "it is empty".to_owned(),
            other => other.to_string(),
        };
        Error::invalid(format!("cannot read the message: {what}"))
            .hint("give one message as a mail program pipes it: `touchbase log --mail FILE`")
    })
}

/// Completes an entry of the log by what a message says. Whom the entry names already stays;
/// else everybody counts who is known by one of the addresses. With `create`, who is not known
/// becomes a contact: the sender, of a message of one's own those it went to.
///
/// # Errors
/// When nobody is known by the addresses.
pub fn entry(
    session: &Session,
    env: &Env,
    mail: &Mail,
    entry: LogEntry,
    create: bool,
) -> Result<(LogEntry, Vec<String>)> {
    let external = ExternalId {
        source: SOURCE.to_owned(),
        id: mail.id.clone().unwrap_or_else(|| made_id(mail)),
    };
    let mut warnings = Vec::new();
    let mut entry = LogEntry {
        kind: "email".to_owned(),
        text: title(mail),
        notes: notes(mail),
        ..entry
    };
    let known = session.find_external(&activity::KIND, SOURCE, &external.id);
    let is_known = !known.map_err(words::store)?.is_empty();
    entry.external = Some(external);
    if is_known {
        return Ok((entry, warnings));
    }
    let (at, warning) = moment(mail, env.context.now);
    entry.at = at.map(|at| Moment::new(at, env.context.zone));
    warnings.extend(warning);
    let own = &env.settings.mail;
    let is_own = |one: &Mailbox| Email::parse(&one.address).is_ok_and(|it| own.is_own(&it));
    let is_out = mail.from.iter().any(is_own);
    if entry.direction.is_none() {
        entry.direction = Some(if is_out { "out" } else { "in" }.to_owned());
        if own.addresses.is_empty() {
            warnings.push(
                "which addresses are yours is not known, so that every message counts as \
                 received; set `addresses` below `[mail]` in the settings"
                    .to_owned(),
            );
        }
    }
    if entry.contacts.is_empty() && entry.company.is_none() {
        let parties = parties(env, mail);
        meet(session, &parties, &mut entry)?;
        let sought = if is_out { "to" } else { "from" };
        if create {
            let unknown = parties.iter().filter(|party| party.place == sought);
            for party in unknown {
                if holders(session, &contact::KIND, contact::EMAILS.number(), party)?.is_empty() {
                    entry.new_contacts.push(newcomer(session, party)?);
                }
            }
        }
        let names_none = entry.contacts.is_empty() && entry.new_contacts.is_empty();
        if names_none && entry.company.is_none() {
            return Err(nobody(&parties, sought));
        }
    }
    Ok((entry, warnings))
}

/// When the message was written; a date ahead is taken for now.
fn moment(mail: &Mail, now: DateTime<Utc>) -> (Option<DateTime<Utc>>, Option<String>) {
    // Before the first mail was sent no clock was right.
    let sent = mail.sent.filter(|sent| sent.timestamp() > 0);
    match sent {
        Some(sent) if sent > now => {
            let warning = "the message is dated ahead of now; it is logged as of now".to_owned();
            (None, Some(warning))
        }
        Some(sent) => (Some(sent.trunc_subsecs(0)), None),
        None => {
            let warning = "the message bears no date; it is logged as of now".to_owned();
            (None, Some(warning))
        }
    }
}

/// The subject, else the beginning of the text.
fn title(mail: &Mail) -> String {
    if !mail.subject.is_empty() {
        return mail.subject.clone();
    }
    let first = mail.text.lines().next().unwrap_or_default();
    first.chars().take(TITLE).collect()
}

/// The text, and what came with it.
fn notes(mail: &Mail) -> String {
    if mail.attachments.is_empty() {
        return mail.text.clone();
    }
    let names = mail.attachments.iter().take(ATTACHMENTS);
    let names: Vec<String> = names.map(|name| text::line(name)).collect();
    let line = format!("attached: {}", names.join(", "));
    format!("{}\n\n{line}", mail.text).trim().to_owned()
}

/// The id of a message that has none: of what stays the same however it is delivered.
fn made_id(mail: &Mail) -> String {
    let addresses = |list: &[Mailbox]| {
        let all = list.iter().map(|one| one.address.as_str());
        all.collect::<Vec<_>>().join(",")
    };
    let sent = mail.sent.map(|sent| sent.to_rfc3339()).unwrap_or_default();
    let parts = [
        addresses(&mail.from),
        addresses(&mail.to),
        addresses(&mail.cc),
        sent,
        mail.subject.clone(),
        mail.text.clone(),
        mail.attachments.join(","),
    ];
    let mut hash = Sha256::new();
    for part in &parts {
        // The lengths keep apart what would else run together.
        hash.update(part.len().to_be_bytes());
        hash.update(part);
    }
    let digits = hash.finalize();
    let digits = digits.iter().take(16).map(|byte| format!("{byte:02x}"));
    format!("sha256:{}", digits.collect::<String>())
}

/// Everybody whom a message names, without oneself, each address once.
fn parties<'a>(env: &Env, mail: &'a Mail) -> Vec<Party<'a>> {
    let places = [
        ("from", &mail.from),
        ("reply-to", &mail.reply_to),
        ("to", &mail.to),
        ("cc", &mail.cc),
    ];
    let mut parties: Vec<Party<'a>> = Vec::new();
    let mut seen = std::collections::HashSet::new();
    for (place, list) in places {
        for one in list {
            let Ok(email) = Email::parse(&one.address) else {
                continue;
            };
            if !env.settings.mail.is_own(&email) && seen.insert(email.key()) {
                let name = one.name.as_str();
                parties.push(Party { place, email, name });
            }
        }
    }
    parties
}

/// Adds everybody who is known to an entry; a company where it bears an address itself.
fn meet(session: &Session, parties: &[Party<'_>], entry: &mut LogEntry) -> Result<()> {
    for party in parties {
        let mut found = holders(session, &contact::KIND, contact::EMAILS.number(), party)?;
        let is_named = |record: &Record| handle(record.title()) == handle(party.name);
        if found.len() > 1 && found.iter().any(is_named) {
            found.retain(is_named);
        }
        for record in found {
            if !entry.contacts.contains(&record.id) {
                entry.contacts.push(record.id);
            }
        }
        if entry.company.is_none() {
            let companies = holders(session, &company::KIND, company::EMAILS.number(), party)?;
            entry.company = companies.first().map(|record| record.id);
        }
    }
    Ok(())
}

/// Records that bear an address: active ones, else those in the archive.
fn holders(
    session: &Session,
    kind: &'static Kind,
    field: u16,
    party: &Party<'_>,
) -> Result<Vec<Record>> {
    let ids = session.find_exact(kind, field, &party.email.key());
    let mut found = Vec::new();
    for id in ids.map_err(words::store)? {
        found.extend(session.get(kind, id).map_err(words::store)?);
    }
    found.retain(|record| !record.is_trashed());
    if found.iter().any(Record::is_active) {
        found.retain(Record::is_active);
    }
    Ok(found)
}

/// A contact to be made of whom a message names; of the company whose domain the address has.
fn newcomer(session: &Session, party: &Party<'_>) -> Result<NewContact> {
    let domain = party.email.domain().to_lowercase();
    let ids = session.find_exact(&company::KIND, company::DOMAIN.number(), &domain);
    let mut companies: Vec<Id> = Vec::new();
    for id in ids.map_err(words::store)? {
        let found = session.get(&company::KIND, id).map_err(words::store)?;
        companies.extend(found.filter(Record::is_active).map(|record| record.id));
    }
    Ok(NewContact {
        name: name_of(party),
        email: Some(party.email.clone()),
        company: <[Id; 1]>::try_from(companies).ok().map(|[only]| only),
    })
}

/// The name beside an address, else one made of what stands before its `@`.
fn name_of(party: &Party<'_>) -> String {
    let given = text::line(party.name.trim_matches(['\'', '"', ' ']));
    if !given.is_empty() && !given.contains('@') {
        return given;
    }
    let address = party.email.as_str();
    let local = address.rsplit_once('@').map_or(address, |(local, _)| local);
    let capital = |word: &str| {
        let mut letters = word.chars();
        let first = letters.next().into_iter().flat_map(char::to_uppercase);
        first.chain(letters).collect::<String>()
    };
    let words = local.split(['.', '_', '-']).filter(|word| !word.is_empty());
    words.map(capital).collect::<Vec<_>>().join(" ")
}

fn nobody(parties: &[Party<'_>], sought: &str) -> Error {
    let mut error = Error::not_found("nobody is known by the addresses of the message");
    for party in parties.iter().take(NAMED) {
        let place = party.place;
        let address = party.email.as_str();
        error = error.detail(match party.name {
            "" => format!("{place}  {address}"),
            name => format!("{place}  {name} <{address}>"),
        });
    }
    if parties.len() > NAMED {
        error = error.detail(format!("… and {} more", parties.len() - NAMED));
    }
    let Some(first) = parties.iter().find(|party| party.place == sought) else {
        return error.hint("say with whom: `touchbase log WHO --mail FILE`");
    };
    let (name, address) = (who::quoted(&name_of(first)), first.email.as_str());
    let whom = if sought == "to" {
        "those it went to"
    } else {
        "whom it is from"
    };
    error
        .hint(format!(
            "repeat with `--create` to make a contact of {whom}"
        ))
        .hint(format!(
            "or make one with `touchbase contact add {name} --email {}`",
            who::quoted(address)
        ))
}
