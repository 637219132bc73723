//! Reports: records in, a neutral table out. No store, no clock, no printing.
//!
//! A report is one file with a `REPORT`, listed in [`REPORTS`]. Amounts of different
//! currencies are never added together: a [`Cell::Money`] holds one per currency.

pub mod period;
mod sums;

mod activity;
mod pipeline;
mod sources;
mod won_lost;

use crate::domain::context::Context;
use crate::domain::pipeline::Pipelines;
use crate::domain::record::Record;
use crate::domain::values::Percent;
use crate::domain::values::money::Money;
use crate::domain::{activity as activities, company, contact, deal, follow_up, show};
use chrono::NaiveDate;
use period::Period;

/// Every report.
pub const REPORTS: &[&Report] = &[
    &pipeline::REPORT,
    &activity::REPORT,
    &sources::REPORT,
    &won_lost::REPORT,
];

/// The report of that name.
pub fn report(name: &str) -> Option<&'static Report> {
    REPORTS.iter().find(|report| report.name == name).copied()
}

/// A report.
#[derive(Clone, Copy, Debug)]
pub struct Report {
    /// Its name, as typed.
    pub name: &'static str,
    /// One line of help.
    pub help: &'static str,
    /// The period that it covers unless another is asked for, as [`period::period`] reads it.
    pub period: &'static str,
    /// Makes the table.
    pub run: fn(&Input<'_>) -> Table,
}

/// What a report works on.
#[derive(Clone, Debug)]
pub struct Input<'a> {
    /// Contacts.
    pub contacts: Vec<&'a Record>,
    /// Companies.
    pub companies: Vec<&'a Record>,
    /// Deals.
    pub deals: Vec<&'a Record>,
    /// Activities.
    pub activities: Vec<&'a Record>,
    /// Follow-ups.
    pub follow_ups: Vec<&'a Record>,
    /// The pipelines, with the stages that the store keeps.
    pub pipelines: &'a Pipelines,
    /// The user's moment and habits.
    pub context: Context,
    /// What time it is about.
    pub period: Period,
}

impl<'a> Input<'a> {
    /// Sorts records by kind; those in the trash are left out, archived ones have happened.
    pub fn new(
        records: impl IntoIterator<Item = &'a Record>,
        pipelines: &'a Pipelines,
        context: Context,
        period: Period,
    ) -> Self {
        let mut input = Self {
            contacts: Vec::new(),
            companies: Vec::new(),
            deals: Vec::new(),
            activities: Vec::new(),
            follow_ups: Vec::new(),
            pipelines,
            context,
            period,
        };
        for record in records.into_iter().filter(|record| !record.is_trashed()) {
            match record.kind {
                kind if *kind == contact::KIND => input.contacts.push(record),
                kind if *kind == company::KIND => input.companies.push(record),
                kind if *kind == deal::KIND => input.deals.push(record),
                kind if *kind == activities::KIND => input.activities.push(record),
                kind if *kind == follow_up::KIND => input.follow_ups.push(record),
                _ => {}
            }
        }
        input
    }
}

/// A table that any face can show and any format can hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// What it is, with its period: `won and lost, this year`.
    pub title: String,
    /// The names of the columns.
    pub columns: Vec<&'static str>,
    /// The rows, each as long as the columns.
    pub rows: Vec<Vec<Cell>>,
    /// The sum of all rows, where one makes sense.
    pub total: Option<Vec<Cell>>,
    /// What one should know besides, a line each.
    pub notes: Vec<String>,
}

/// One cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// Words.
    Text(String),
    /// A whole number.
    Number(i64),
    /// Amounts, one per currency, the user's own first.
    Money(Vec<Money>),
    /// A share of a hundred.
    Percent(Percent),
    /// A day.
    Date(NaiveDate),
}

impl Cell {
    /// Words, or nothing when there are none.
    fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// A number of things.
    fn count(number: usize) -> Self {
        Self::Number(i64::try_from(number).unwrap_or(i64::MAX))
    }

    /// How many of a hundred, rounded; nothing of nothing is nothing.
    fn share(part: usize, whole: usize) -> Self {
        // Wide enough that twice the hundredfold of any count fits.
        let wide = |number: usize| u128::try_from(number).unwrap_or(0);
        let rounded = (wide(part) * 200 + wide(whole)).checked_div(wide(whole) * 2);
        let share = rounded
            .and_then(|share| u8::try_from(share).ok())
            .and_then(Percent::new);
        share.map_or(Self::Empty, Self::Percent)
    }

    /// Whether it reads best flush right.
    pub const fn is_number(&self) -> bool {
        matches!(self, Self::Number(_) | Self::Money(_) | Self::Percent(_))
    }

    /// The form for machines.
    pub fn plain(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(text) => text.clone(),
            Self::Number(number) => number.to_string(),
            Self::Money(amounts) => joined(amounts, "; ", |money| {
                format!("{} {}", money.amount(), money.currency.code())
            }),
            Self::Percent(share) => share.get().to_string(),
            Self::Date(day) => day.to_string(),
        }
    }

    /// The form for people.
    pub fn words(&self, context: &Context) -> String {
        match self {
            Self::Money(amounts) => joined(amounts, ", ", ToString::to_string),
            Self::Percent(share) => format!("{}%", share.get()),
            Self::Date(day) => show::day_words(*day, context),
            other => other.plain(),
        }
    }
}

fn joined(amounts: &[Money], separator: &str, show: impl Fn(&Money) -> String) -> String {
    amounts.iter().map(show).collect::<Vec<_>>().join(separator)
}

#[cfg(test)]
mod tests;
