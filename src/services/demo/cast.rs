//! Companies and contacts of the demo data, as far as they do not follow from what happens.

use super::Teller;
use super::firms::{self, FIRMS};
use super::people::{self, OWN_ROLES, PEOPLE, ROLES};
use super::places::{COUNTRIES, Country};
use super::random::Random;
use super::selling::BUYERS;
use crate::domain::context::Context;
use crate::domain::id::Id;
use crate::domain::record::Record;
use crate::domain::values::contact_points::{Address, Email, Labelled, Site};
use crate::domain::values::dates::PartialDate;
use crate::domain::values::phone::Phone;
use crate::domain::values::{Instant, text};
use crate::domain::{company, contact};
use chrono::{DateTime, Datelike as _, TimeDelta, Utc};

/// Every so many-th person works alone.
const ALONE: usize = 8;
/// How they found the user, the usual ways more than once.
const SOURCES: &[&str] = &[
    "referral",
    "referral",
    "referral",
    "website",
    "website",
    "website",
    "event",
    "event",
    "social",
    "social",
    "recommendation",
    "partner",
    "fair",
    "cold",
    "newsletter",
];

/// Who somebody is, before anything has happened.
#[derive(Clone, Copy)]
pub(super) struct Person {
    pub(super) name: &'static str,
    latin: &'static str,
    pub(super) country: &'static Country,
    /// The place of their company among [`FIRMS`].
    pub(super) firm: Option<usize>,
    pub(super) source: &'static str,
}

/// Everybody, those of a company near each other only by chance.
pub(super) fn people(random: &mut Random) -> Vec<Person> {
    let mut people = Vec::new();
    for (code, names) in PEOPLE {
        let Some(country) = COUNTRIES.iter().find(|country| country.code == *code) else {
            continue;
        };
        let firms: Vec<usize> = (0..FIRMS.len())
            .filter(|&place| FIRMS[place].0 == *code)
            .collect();
        for (place, &(name, latin)) in names.iter().enumerate() {
            let alone = firms.is_empty() || place % ALONE == ALONE - 1;
            let firm = (!alone).then(|| firms[place % firms.len()]);
            people.push(Person {
                name,
                latin,
                country,
                firm,
                source: random.pick(SOURCES),
            });
        }
    }
    random.shuffled(people)
}

/// The records of all companies, in the order of [`FIRMS`].
pub(super) fn companies(teller: &mut Teller<'_>) -> Vec<Record> {
    let made = FIRMS
        .iter()
        .enumerate()
        .map(|(place, &(code, name, domain, industry, size))| {
            let created = teller.past(540, 720);
            let mut record = Record::new(&company::KIND, teller.ids.next_id(created), created);
            record.set(company::NAME, name.to_owned());
            record.set(company::DOMAIN, domain.to_owned());
            record.set(company::INDUSTRY, industry.to_owned());
            record.set(company::SIZE, size);
            record.set(company::SITES, site(&format!("https://www.{domain}")));
            record.set(company::EMAILS, email("", &format!("hello@{domain}")));
            if let Some(country) = COUNTRIES.iter().find(|country| country.code == code) {
                record.set(company::TERRITORY, country.territory.to_owned());
                record.set(
                    company::ADDRESSES,
                    vec![Labelled::plain(address(country, &mut teller.random))],
                );
                record.set(company::PHONES, phone(country, 200 + place, teller.context));
            }
            record.set(company::SOURCE, teller.random.pick(SOURCES).to_owned());
            if teller.random.in_a_hundred(40) {
                record.set(
                    company::TAGS,
                    vec![teller.random.pick(firms::TAGS).to_owned()],
                );
            }
            if teller.random.in_a_hundred(25) {
                record.set(company::NOTES, teller.random.pick(firms::NOTES).to_owned());
            }
            record
        });
    made.collect()
}

/// The record of a person who is known since `created`.
pub(super) fn contact(
    person: &Person,
    company: Option<Id>,
    created: DateTime<Utc>,
    place: usize,
    teller: &mut Teller<'_>,
) -> Record {
    let mut record = Record::new(&contact::KIND, teller.ids.next_id(created), created);
    record.set(contact::NAME, person.name.to_owned());
    record.set(contact::LANGUAGE, person.country.language.to_owned());
    record.set(contact::TIME_ZONE, person.country.zone.to_owned());
    record.set(contact::SOURCE, person.source.to_owned());
    if let Some(company) = company {
        record.set(contact::COMPANY, company);
    }
    let roles = if company.is_some() { ROLES } else { OWN_ROLES };
    if teller.random.in_a_hundred(92) {
        record.set(contact::ROLE, teller.random.pick(roles).to_owned());
    }
    points(&mut record, person, place, teller);
    manners(&mut record, created, &mut teller.random);
    personal(&mut record, place, teller);
    record
}

/// Ways to reach them.
fn points(record: &mut Record, person: &Person, place: usize, teller: &mut Teller<'_>) {
    let local = if person.latin.is_empty() {
        text::handle(person.name).replace('-', ".")
    } else {
        person.latin.to_owned()
    };
    let own = ["example.com", "example.org", "example.net"][place % 3];
    let domain = person.firm.map_or(own, |firm| FIRMS[firm].2);
    // Nobody sells to someone who cannot be written to.
    if place < BUYERS || teller.random.in_a_hundred(88) {
        let label = if person.firm.is_some() { "work" } else { "" };
        let mut emails = email(label, &format!("{local}@{domain}"));
        if person.firm.is_some() && teller.random.in_a_hundred(15) {
            emails.extend(email("home", &format!("{local}@{own}")));
        }
        record.set(contact::EMAILS, emails);
    }
    if teller.random.in_a_hundred(80) {
        record.set(
            contact::PHONES,
            phone(person.country, place, teller.context),
        );
    }
    if teller.random.in_a_hundred(45) {
        record.set(
            contact::ADDRESSES,
            vec![Labelled::plain(address(person.country, &mut teller.random))],
        );
    }
    if person.firm.is_none() {
        record.set(
            contact::SITES,
            site(&format!("{}.example", local.replace('.', "-"))),
        );
    }
    if teller.random.in_a_hundred(35) {
        let handle = format!("@{}@social.example", local.replace('.', "_"));
        record.set(contact::SOCIAL, site(&handle));
    }
}

/// How they like to be dealt with.
fn manners(record: &mut Record, created: DateTime<Utc>, random: &mut Random) {
    let channels: &[&str] = if record.list(contact::PHONES).is_empty() {
        &["email", "email", "message"]
    } else {
        &["call", "call", "email", "email", "message", "meeting"]
    };
    if random.in_a_hundred(60) {
        record.set(contact::CHANNEL, random.pick(channels).to_owned());
    }
    let consent = match random.between(1, 100) {
        1..=40 => "opt-in",
        41..=45 => "opt-out",
        _ => "",
    };
    if !consent.is_empty() {
        record.set(contact::CONSENT, consent.to_owned());
        record.set(
            contact::CONSENT_AT,
            Instant(created + TimeDelta::minutes(3)),
        );
    }
    if random.in_a_hundred(3) && !record.list(contact::EMAILS).is_empty() {
        record.set(contact::BOUNCED, true);
    }
    if random.in_a_hundred(30) {
        record.set(contact::INTEREST, random.pick(people::INTERESTS).to_owned());
    }
    let mut tags: Vec<String> = Vec::new();
    for _ in 0..random.between(0, 2) {
        let tag = random.pick(people::TAGS).to_owned();
        if !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    record.set(contact::TAGS, tags);
}

/// What is known of them beyond business.
fn personal(record: &mut Record, place: usize, teller: &mut Teller<'_>) {
    let today = teller.context.today();
    let random = &mut teller.random;
    // Four within the week, the others all over the year.
    let days = match place {
        5 | 23 | 41 | 77 => Some(i64::try_from(place % 7).unwrap_or(0)),
        _ if random.in_a_hundred(38) => Some(random.between(8, 350)),
        _ => None,
    };
    let year = i32::try_from(random.between(1958, 1999))
        .ok()
        .filter(|_| !place.is_multiple_of(4));
    let birthday = days.and_then(|days| {
        let day = super::calendar::shifted(today, days);
        let (month, day) = (
            u8::try_from(day.month()).ok()?,
            u8::try_from(day.day()).ok()?,
        );
        PartialDate::new(year, month, day).or_else(|| PartialDate::new(None, month, day))
    });
    if let Some(birthday) = birthday {
        record.set(contact::BIRTHDAY, birthday);
    }
    if random.in_a_hundred(25) {
        record.set(
            contact::HOBBIES,
            vec![random.pick(people::HOBBIES).to_owned()],
        );
    }
    if random.in_a_hundred(12) {
        record.set(contact::FAMILY, random.pick(people::FAMILIES).to_owned());
    }
    if random.in_a_hundred(15) {
        record.set(
            contact::MEMBERSHIPS,
            vec![random.pick(people::MEMBERSHIPS).to_owned()],
        );
    }
    if random.in_a_hundred(30) {
        record.set(contact::NOTES, random.pick(people::PEOPLE_NOTES).to_owned());
    }
}

fn email(label: &str, address: &str) -> Vec<Labelled<Email>> {
    let labelled = |value| Labelled {
        label: label.to_owned(),
        value,
    };
    Email::parse(address).map(labelled).into_iter().collect()
}

fn site(address: &str) -> Vec<Labelled<Site>> {
    Site::parse(address)
        .map(Labelled::plain)
        .into_iter()
        .collect()
}

fn phone(country: &Country, number: usize, context: &Context) -> Vec<Labelled<Phone>> {
    let (label, number) = country.phone(number);
    let labelled = |value| Labelled {
        label: label.to_owned(),
        value,
    };
    Phone::parse(&number, context.region)
        .map(labelled)
        .into_iter()
        .collect()
}

fn address(country: &Country, random: &mut Random) -> Address {
    let (postcode, city) = random.pick(country.cities);
    Address {
        street: format!(
            "{} {}",
            random.pick(country.streets),
            random.between(1, 120)
        ),
        postcode: postcode.to_owned(),
        city: city.to_owned(),
        region: String::new(),
        country: country.name.to_owned(),
    }
}
