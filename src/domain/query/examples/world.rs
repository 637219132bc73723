//! A dozen linked records, each named by a letter.

use super::super::*;
use crate::domain::custom::sample;
use crate::domain::derived;
use crate::domain::id::{CountedIds, Id, IdSource as _};
use crate::domain::values::contact_points::{Address, Email, Labelled, Site};
use crate::domain::values::dates::{Due, Moment, PartialDate};
use crate::domain::values::money::{Currency, Money};
use crate::domain::values::phone::{Phone, Region};
use crate::domain::values::{Days, Instant, Percent, Step, Value};
use crate::domain::{company, contact, context::DateOrder, deal, follow_up};
use chrono::{DateTime, NaiveDate, TimeDelta};
use std::borrow::Cow;

/// Records with one letter each, by which rows name them.
pub(in crate::domain::query) struct World {
    pub(super) records: Vec<(char, Record)>,
    pub(super) pipelines: Pipelines,
    pub(super) context: Context,
    pub(super) own: CustomFields,
    ids: CountedIds,
}

impl Lookup for World {
    fn record(&self, kind: &'static Kind, id: Id) -> Option<Cow<'_, Record>> {
        let mut all = self.records.iter().map(|(_, record)| record);
        all.find(|record| record.kind == kind && record.id == id)
            .map(Cow::Borrowed)
    }

    fn derived(&self, record: &Record, name: &str) -> Option<Value> {
        derived::value(record, name, &self.context, &self.pipelines)
    }

    fn pipelines(&self) -> Option<&Pipelines> {
        Some(&self.pipelines)
    }
}

impl World {
    pub(super) fn add(&mut self, letter: char, kind: &'static Kind, title: &str) -> &mut Record {
        let made = self.context.now - TimeDelta::days(60);
        let mut record = Record::new(kind, self.ids.next_id(made), made);
        record.set(kind.title, title.to_owned());
        self.records.push((letter, record));
        &mut self.records.last_mut().expect("just pushed").1
    }

    pub(super) fn id(&self, letter: char) -> Id {
        let mut all = self.records.iter();
        all.find(|(own, _)| *own == letter)
            .expect("a known letter")
            .1
            .id
    }

    /// The letters of the records that a query finds.
    pub(in crate::domain::query) fn find(
        &self,
        kind: &'static Kind,
        text: &str,
    ) -> Result<String, QueryError> {
        let query = Query::parse(text, kind, self.own, &self.context)?;
        Ok(self.find_by(&query))
    }

    /// The letters of the records that fit a query.
    pub(in crate::domain::query) fn find_by(&self, query: &Query) -> String {
        let fits = |record: &Record| query.matches(record, self, &self.context);
        let found = self.records.iter().filter(|(_, record)| fits(record));
        found.map(|(letter, _)| letter).collect()
    }
}

pub(in crate::domain::query) fn context() -> Context {
    Context {
        now: DateTime::parse_from_rfc3339("2026-11-25T09:00:00Z")
            .expect("a moment")
            .to_utc(),
        zone: chrono_tz::Europe::Berlin,
        region: Region::DE,
        currency: Currency::EUR,
        date_order: DateOrder::Dmy,
    }
}

fn day(text: &str) -> NaiveDate {
    text.parse().expect(text)
}

fn texts(list: &[&str]) -> Vec<String> {
    list.iter().map(|&text| text.to_owned()).collect()
}

fn money(text: &str) -> Money {
    Money::parse(text, Currency::EUR).expect(text)
}

pub(in crate::domain::query) fn world() -> World {
    let mut world = World {
        records: Vec::new(),
        pipelines: Pipelines::default(),
        context: context(),
        own: sample::fields(),
        ids: CountedIds::default(),
    };
    companies(&mut world);
    contacts(&mut world);
    custom_fields(&mut world);
    deals(&mut world);
    follow_ups(&mut world);
    world
}

fn companies(world: &mut World) {
    let acme = world.add('a', &company::KIND, "Acme GmbH");
    acme.set(company::TERRITORY, "north".to_owned());
    acme.set(company::INDUSTRY, "machine tools".to_owned());
    acme.set(company::SIZE, 50);
    acme.set(company::DOMAIN, "acme.de".to_owned());
    let acme = acme.id;
    let bau = world.add('b', &company::KIND, "Österreich Bau AG");
    bau.set(company::TERRITORY, "south".to_owned());
    bau.set(company::SIZE, 200);
    bau.set(company::PARENT, acme);
}

fn contacts(world: &mut World) {
    let (now, acme, bau) = (world.context.now, world.id('a'), world.id('b'));
    let ago = |days| Instant(now - TimeDelta::days(days));
    let zoe = world.add('z', &contact::KIND, "Zoë Müller");
    zoe.set(contact::COMPANY, acme);
    zoe.set(contact::ROLE, "CEO".to_owned());
    zoe.set(contact::TAGS, texts(&["vip", "key account"]));
    let email = Email::parse("zoe@acme.de").expect("an address");
    zoe.set(contact::EMAILS, vec![Labelled::plain(email)]);
    let phone = Phone::parse("0171 1234567", Region::DE).expect("a number");
    zoe.set(contact::PHONES, vec![Labelled::plain(phone)]);
    let site = Site::parse("https://www.mueller.example/").expect("a site");
    zoe.set(contact::SITES, vec![Labelled::plain(site)]);
    zoe.set(contact::LIFECYCLE, "customer".to_owned());
    zoe.set(contact::SOURCE, "web".to_owned());
    zoe.set(contact::CADENCE, Days(30));
    zoe.set(contact::LAST_CONTACT, ago(40));
    zoe.set(
        contact::BIRTHDAY,
        PartialDate::new(Some(1980), 11, 28).expect("a day"),
    );
    zoe.set(
        contact::NOTES,
        "Likes sailing.\nHates cold calls".to_owned(),
    );

    let jurgen = world.add('j', &contact::KIND, "Jürgen Weiß");
    jurgen.set(contact::COMPANY, bau);
    jurgen.set(contact::LIFECYCLE, "lead".to_owned());
    jurgen.set(contact::SOURCE, "fair".to_owned());
    jurgen.set(contact::TAGS, texts(&["cold"]));
    jurgen.set(contact::CONSENT, "opt-out".to_owned());
    jurgen.set(contact::BOUNCED, true);
    jurgen.set(contact::LAST_CONTACT, ago(2));

    let taro = world.add('t', &contact::KIND, "山田 太郎");
    taro.set(contact::LIFECYCLE, "prospect".to_owned());
    taro.set(contact::TAGS, texts(&["vip", "Tokyo"]));
    taro.set(contact::LANGUAGE, "ja".to_owned());

    let pat = world.add('p', &contact::KIND, "Pat O'Brien");
    pat.state = crate::domain::record::State::Archived(now);
    pat.set(contact::HOBBIES, texts(&["sailing"]));
    let address = Address::parse("1 Quay St, Dublin, Leinster, Ireland");
    pat.set(contact::ADDRESSES, vec![Labelled::plain(address)]);
}

/// Fields of their own, of which some do not fit what [`sample::fields`] declares.
fn custom_fields(world: &mut World) {
    for (letter, fields) in [
        (
            'z',
            &[
                ("Team size", "12"),
                ("budget", "1200.00 EUR"),
                ("since", "2026-11-28"),
                ("grade", "gold"),
                ("Newsletter", "true"),
                ("motto", "Make it so"),
                ("rooms", "12"),
            ][..],
        ),
        (
            'j',
            &[
                ("Team size", "9"),
                ("budget", "900.00 USD"),
                ("since", "01.03.2020"),
                ("grade", "bronze"),
                ("newsletter", "no"),
                ("rooms", "9"),
            ][..],
        ),
        (
            't',
            &[
                ("budget", "about 5"),
                ("since", "+1d"),
                ("grade", "platinum"),
                ("newsletter", "perhaps"),
                ("rooms", "a few"),
            ][..],
        ),
    ] {
        let mut records = world.records.iter_mut();
        let found = records.find(|(own, _)| *own == letter);
        let custom = &mut found.expect("a known letter").1.custom;
        let texts = fields.iter();
        custom.extend(texts.map(|(name, text)| ((*name).to_owned(), (*text).to_owned())));
    }
}

fn deals(world: &mut World) {
    let (acme, bau, now) = (world.id('a'), world.id('b'), world.context.now);
    let (zoe, jurgen, taro) = (world.id('z'), world.id('j'), world.id('t'));
    let deal = world.add('n', &deal::KIND, "New site");
    deal.set(deal::COMPANY, acme);
    deal.set(deal::CONTACTS, vec![zoe]);
    deal.set(deal::VALUE, money("4200"));
    deal.set(deal::STAGE, "proposal".to_owned());
    deal.set(deal::EXPECTED_CLOSE, day("2026-12-15"));
    deal.set(deal::TAGS, texts(&["hot"]));
    let step = Step {
        at: now - TimeDelta::days(10),
        from: Some("lead".to_owned()),
        to: "proposal".to_owned(),
        note: None,
    };
    deal.set(deal::STAGE_HISTORY, vec![step]);
    let deal = world.add('r', &deal::KIND, "Redesign");
    deal.set(deal::COMPANY, bau);
    deal.set(deal::CONTACTS, vec![jurgen, taro]);
    deal.set(deal::VALUE, money("900 USD"));
    deal.set(deal::STAGE, "negotiation".to_owned());
    deal.set(deal::PROBABILITY, Percent::new(60).expect("a share"));
    deal.set(deal::EXPECTED_CLOSE, day("2027-02-01"));
    let deal = world.add('s', &deal::KIND, "Støtte package");
    deal.set(deal::VALUE, money("150000 JPY"));
    deal.set(deal::STAGE, "won".to_owned());
    deal.set(deal::CLOSED, day("2026-11-05"));
    let deal = world.add('l', &deal::KIND, "Old shop");
    deal.set(deal::VALUE, money("1000"));
    deal.set(deal::STAGE, "lost".to_owned());
    deal.set(deal::CLOSED, day("2026-07-01"));
    deal.set(deal::REASON, "price".to_owned());
}

fn follow_ups(world: &mut World) {
    let (zoe, now, zone) = (world.id('z'), world.context.now, world.context.zone);
    let deal = world.id('n');
    let task = world.add('1', &follow_up::KIND, "Call about the quote");
    task.set(follow_up::DUE, Due::Day(day("2026-10-20")));
    task.set(follow_up::CONTACTS, vec![zoe]);
    task.set(follow_up::PRIORITY, "high".to_owned());
    let task = world.add('2', &follow_up::KIND, "Send brochure");
    let at = Moment::new(now + TimeDelta::hours(5), zone);
    task.set(follow_up::DUE, Due::At(at));
    let task = world.add('3', &follow_up::KIND, "Visit the fair");
    task.set(follow_up::DUE, Due::Day(day("2026-12-05")));
    task.set(follow_up::DEAL, deal);
    task.set(follow_up::PRIORITY, "low".to_owned());
    let task = world.add('4', &follow_up::KIND, "Check in");
    task.set(follow_up::DUE, Due::Day(day("2026-12-02")));
    task.set(follow_up::DONE, Instant(now - TimeDelta::days(3)));
}
