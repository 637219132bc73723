//! Deals of the demo data: planned first, so that contacts are known before they buy.

use super::Teller;
use super::calendar::Calendar;
use super::cast::Person;
use super::random::Random;
use super::words::{COMPETITORS, DEAL_NOTES, LOST_REASONS, OFFERS, Offer, WON_REASONS};
use crate::domain::deal;
use crate::domain::id::Id;
use crate::domain::pipeline::{Outcome, Pipeline, Stage};
use crate::domain::record::Record;
use crate::domain::values::money::{Currency, Money};
use crate::domain::values::{Percent, Step};
use chrono::{DateTime, Utc};

/// How many have bought: the first of all people.
pub(super) const CUSTOMERS: usize = 24;
/// How many have been offered something: the first, with those who bought.
pub(super) const BUYERS: usize = CUSTOMERS + PROSPECTS;
const PROSPECTS: usize = 26;
const WON: usize = 28;
const LOST: usize = 17;
const OPEN: usize = 35;

/// A deal, before it has a record.
pub(super) struct Plan {
    /// The place of the buyer among the people.
    pub(super) buyer: usize,
    pub(super) outcome: Outcome,
    pub(super) is_stale: bool,
    pub(super) steps: Vec<Step>,
    offer: Offer,
}

impl Plan {
    /// When it began.
    pub(super) fn began(&self) -> Option<DateTime<Utc>> {
        self.steps.first().map(|step| step.at)
    }

    /// When it came to where it stands.
    pub(super) fn since(&self) -> Option<DateTime<Utc>> {
        self.steps.last().map(|step| step.at)
    }
}

/// Every deal: won, lost and open ones of the default pipeline. None when that has no stage of
/// each outcome.
pub(super) fn plans(
    pipeline: Option<&Pipeline>,
    calendar: &Calendar<'_>,
    random: &mut Random,
) -> Vec<Plan> {
    let stages = pipeline.map_or(&[][..], |pipeline| &pipeline.stages);
    let of = |outcome| stages.iter().filter(move |stage| stage.outcome == outcome);
    let open: Vec<&Stage> = of(Outcome::Open).collect();
    let (Some(won), Some(lost)) = (of(Outcome::Won).next(), of(Outcome::Lost).next()) else {
        return Vec::new();
    };
    if open.is_empty() {
        return Vec::new();
    }
    let mut plans = Vec::new();
    for number in 0..WON + LOST {
        // Every third or so is lost, so that both kinds spread over the whole year.
        let is_lost = number * LOST / (WON + LOST) != (number + 1) * LOST / (WON + LOST);
        let rank = number * LOST / (WON + LOST);
        let buyer = match is_lost {
            false => (number - rank) % CUSTOMERS,
            true if rank % 3 == 2 => rank % CUSTOMERS,
            true => CUSTOMERS + rank % PROSPECTS,
        };
        let closed = 4 + i64::try_from(number * 352 / (WON + LOST)).unwrap_or(0);
        let passed = if is_lost {
            1 + random.index(open.len())
        } else {
            open.len()
        };
        let mut path = open[..passed].to_vec();
        path.push(if is_lost { lost } else { won });
        let outcome = if is_lost { Outcome::Lost } else { Outcome::Won };
        let steps = steps(&path, closed + random.between(0, 5), calendar, random);
        plans.push(Plan {
            buyer,
            outcome,
            is_stale: false,
            steps,
            offer: random.pick(OFFERS),
        });
    }
    for number in 0..OPEN {
        let buyer = match number.checked_sub(PROSPECTS) {
            None => CUSTOMERS + number,
            Some(over) => over * 2 % CUSTOMERS,
        };
        let is_stale = number % 6 == 2;
        let since = if is_stale {
            random.between(27, 60)
        } else {
            random.between(1, 16)
        };
        let path = &open[..=number % open.len()];
        let steps = steps(path, since, calendar, random);
        let offer = random.pick(OFFERS);
        plans.push(Plan {
            buyer,
            outcome: Outcome::Open,
            is_stale,
            steps,
            offer,
        });
    }
    plans
}

/// The moves along a path of which the last was so many days ago.
fn steps(path: &[&Stage], last: i64, calendar: &Calendar<'_>, random: &mut Random) -> Vec<Step> {
    let mut days_ago = last;
    let mut times: Vec<DateTime<Utc>> = Vec::new();
    for _ in path {
        times.push(calendar.past(days_ago, random));
        days_ago += random.between(3, 16);
    }
    times.sort();
    let before = std::iter::once(None).chain(path.iter().map(|stage| Some(stage.name.clone())));
    let moves = times.into_iter().zip(before).zip(path);
    moves
        .map(|((at, from), stage)| Step {
            at,
            from,
            to: stage.name.clone(),
            note: None,
        })
        .collect()
}

/// The record of a planned deal.
pub(super) fn deal(
    plan: &Plan,
    person: &Person,
    contacts: Vec<Id>,
    company: Option<Id>,
    teller: &mut Teller<'_>,
) -> Record {
    let (title, price, product) = plan.offer;
    let began = plan.began().unwrap_or(teller.calendar.now());
    let mut record = Record::new(&deal::KIND, teller.ids.next_id(began), began);
    record.set(deal::TITLE, title.to_owned());
    record.set(deal::CONTACTS, contacts);
    if let Some(company) = company {
        record.set(deal::COMPANY, company);
    }
    if let Some(step) = plan.steps.last() {
        record.set(deal::STAGE, step.to.clone());
        record.updated = step.at;
    }
    record.set(deal::STAGE_HISTORY, plan.steps.clone());
    record.set(deal::SOURCE, person.source.to_owned());
    record.set(deal::PRODUCTS, vec![product.to_owned()]);
    if plan.outcome != Outcome::Open || teller.random.in_a_hundred(92) {
        record.set(
            deal::VALUE,
            value(price, person.country.currency, &mut teller.random),
        );
    }
    if teller.random.in_a_hundred(20) {
        record.set(deal::NOTES, teller.random.pick(DEAL_NOTES).to_owned());
    }
    if teller.random.in_a_hundred(15) {
        record.set(
            deal::TAGS,
            vec![
                teller
                    .random
                    .pick(&["big", "rush", "fixed price"])
                    .to_owned(),
            ],
        );
    }
    match plan.outcome {
        Outcome::Open => expect(&mut record, plan, teller),
        outcome => close(&mut record, plan, outcome == Outcome::Won, teller),
    }
    record
}

fn expect(record: &mut Record, plan: &Plan, teller: &mut Teller<'_>) {
    let day = if plan.is_stale {
        teller.calendar.past_day(teller.random.between(2, 12))
    } else {
        teller.calendar.coming_day(teller.random.between(5, 85))
    };
    if teller.random.in_a_hundred(85) {
        record.set(deal::EXPECTED_CLOSE, day);
    }
    if teller.random.in_a_hundred(12) {
        let share = u8::try_from(teller.random.between(3, 19) * 5)
            .ok()
            .and_then(Percent::new);
        record.set(deal::PROBABILITY, share.unwrap_or_default());
    }
}

fn close(record: &mut Record, plan: &Plan, won: bool, teller: &mut Teller<'_>) {
    if let Some(at) = plan.since() {
        let day = teller.calendar.day(at);
        record.set(deal::CLOSED, day);
        record.set(
            deal::EXPECTED_CLOSE,
            super::calendar::shifted(day, teller.random.between(-9, 14)),
        );
    }
    let reasons = if won { WON_REASONS } else { LOST_REASONS };
    record.set(deal::REASON, teller.random.pick(reasons).to_owned());
    if teller.random.in_a_hundred(if won { 25 } else { 70 }) {
        record.set(deal::COMPETITOR, teller.random.pick(COMPETITORS).to_owned());
    }
}

/// Around the usual price, in the currency of their country.
fn value(price: i64, code: &str, random: &mut Random) -> Money {
    let currency = Currency::parse(code).unwrap_or(Currency::EUR);
    let euros = price * random.between(75, 135) / 100 / 50 * 50;
    // A yen buys too little for round hundreds.
    let whole = if currency.digits() == 0 {
        euros * 160 / 1000 * 1000
    } else {
        euros
    };
    Money::new(whole * 10_i64.pow(currency.digits().into()), currency)
}
