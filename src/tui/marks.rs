//! The signs beside records, each with its colour: overdue, today, hot, stale, won, lost.

use super::model::Shared;
use super::theme::{self, Theme};
use crate::domain::pipeline::Outcome;
use crate::domain::record::Record;
use crate::domain::values::money::Money;
use crate::domain::{contact, deal, derived, follow_up};
use chrono::{DateTime, TimeDelta, Utc};
use ratatui::style::Style;

/// From how many points a contact is hot.
pub(crate) const HOT_FROM: u8 = 60;

/// A sign beside a record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Mark {
    /// No sign, and no place for one.
    #[default]
    None,
    /// No sign, but the place for it.
    Blank,
    /// Overdue, stale.
    Overdue,
    /// Today.
    Today,
    /// Hot.
    Hot,
    /// Won, done.
    Won,
    /// Lost.
    Lost,
}

impl Mark {
    /// The sign.
    pub(crate) const fn sign(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Blank => " ",
            Self::Overdue => theme::OVERDUE,
            Self::Today => theme::TODAY,
            Self::Hot => theme::HOT,
            Self::Won => theme::WON,
            Self::Lost => theme::LOST,
        }
    }

    /// Its colour.
    pub(crate) const fn style(self, theme: Theme) -> Style {
        match self {
            Self::None | Self::Blank => theme.text(),
            Self::Overdue | Self::Lost => theme.alarm(),
            Self::Today | Self::Hot => theme.attention(),
            Self::Won => theme.good(),
        }
    }

    /// Keeps the place of a sign.
    pub(crate) const fn or_blank(self) -> Self {
        match self {
            Self::None => Self::Blank,
            other => other,
        }
    }
}

/// The sign of a record.
pub(crate) fn of(record: &Record, shared: &Shared) -> Mark {
    match record.kind.name {
        "follow-up" => of_follow_up(record, shared),
        "deal" => of_deal(record, shared),
        "contact" | "company" => {
            let linked = shared.snapshot.linked_from(record.id, &follow_up::KIND);
            let marks = linked
                .filter(|record| (record.kind.is_live)(record))
                .map(|record| of_follow_up(record, shared));
            let mut found = Mark::None;
            for mark in marks {
                if mark == Mark::Overdue {
                    return mark;
                }
                if mark == Mark::Today {
                    found = mark;
                }
            }
            found
        }
        _ => Mark::None,
    }
}

fn of_follow_up(record: &Record, shared: &Shared) -> Mark {
    let context = &shared.context;
    if record.get(follow_up::DONE).is_some() {
        return Mark::Won;
    }
    match record.get(follow_up::DUE) {
        Some(due) if due.is_overdue(context.now, context.zone) => Mark::Overdue,
        Some(due) if due.day(context.zone) == context.today() => Mark::Today,
        _ => Mark::None,
    }
}

fn of_deal(record: &Record, shared: &Shared) -> Mark {
    let pipelines = shared.snapshot.pipelines();
    match derived::outcome(record, pipelines) {
        Outcome::Won => Mark::Won,
        Outcome::Lost => Mark::Lost,
        Outcome::Open if derived::is_stale(record, shared.context.now, pipelines) => Mark::Overdue,
        Outcome::Open => Mark::None,
    }
}

/// Since when a contact waits for longer than their cadence; none when they do not.
pub(crate) fn losing_touch(
    record: &Record,
    cadence: Option<u32>,
    now: DateTime<Utc>,
) -> Option<TimeDelta> {
    let days = cadence?;
    let last = record
        .get(contact::LAST_CONTACT)
        .map_or(record.created, |instant| instant.0);
    let over = (now - last) - TimeDelta::days(i64::from(days));
    (over > TimeDelta::zero()).then_some(over)
}

/// A share of a hundred as a bar of so many cells.
pub(crate) fn bar(points: u8, size: usize) -> String {
    let full = (usize::from(points) * size + 50) / 100;
    let full = full.min(size);
    format!("{}{}", "━".repeat(full), "─".repeat(size - full))
}

/// Sums of money, one for each currency, in the order of their first amounts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sums(Vec<Money>);

impl Sums {
    /// Adds an amount.
    pub(crate) fn add(&mut self, money: Money) {
        let known = self.0.iter_mut().find(|sum| sum.currency == money.currency);
        match known {
            Some(sum) => sum.minor = sum.minor.saturating_add(money.minor),
            None => self.0.push(money),
        }
    }

    /// In words, without cents: `12,000 EUR + 500 USD`; a dash when there is nothing.
    pub(crate) fn words(&self) -> String {
        if self.0.is_empty() {
            return "–".to_owned();
        }
        self.0
            .iter()
            .map(|sum| whole(*sum))
            .collect::<Vec<_>>()
            .join(" + ")
    }

    /// Each sum.
    pub(crate) fn each(&self) -> &[Money] {
        &self.0
    }
}

/// An amount in words, without cents: `12,000 EUR`.
pub(crate) fn whole(money: Money) -> String {
    let words = money.to_string();
    match words.split_once('.') {
        Some((amount, rest)) => {
            let unit = rest.split_once(' ').map_or("", |(_, unit)| unit);
            format!("{amount} {unit}")
        }
        None => words,
    }
}

/// An amount in words, without cents and currency: `12,000`.
pub(crate) fn bare(money: Money) -> String {
    let words = whole(money);
    let amount = words.rsplit_once(' ').map(|(amount, _)| amount.to_owned());
    amount.unwrap_or(words)
}

/// The value and the weighted value of deals; the user's own currency first.
pub(crate) fn sums<'a>(
    deals: impl IntoIterator<Item = &'a Record>,
    shared: &Shared,
) -> (Sums, Sums) {
    let (mut plain, mut weighted) = (Sums::default(), Sums::default());
    for record in deals {
        if let Some(value) = record.get(deal::VALUE) {
            plain.add(*value);
            weighted.add(value.share(derived::chance(record, shared.snapshot.pipelines())));
        }
    }
    let order = |sums: &mut Sums| {
        let own = shared.context.currency;
        sums.0
            .sort_by_key(|sum| (sum.currency != own, sum.currency));
    };
    order(&mut plain);
    order(&mut weighted);
    (plain, weighted)
}
