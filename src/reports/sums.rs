//! Sums of money, kept apart by currency.

use super::Cell;
use crate::domain::values::money::{Currency, Money};
use std::collections::BTreeMap;

/// One sum per currency.
#[derive(Clone, Debug, Default)]
pub(super) struct Sums(BTreeMap<Currency, i64>);

impl Sums {
    /// Adds an amount to the sum of its currency.
    pub(super) fn add(&mut self, money: Money) {
        let sum = self.0.entry(money.currency).or_default();
        *sum = sum.saturating_add(money.minor);
    }

    /// The amounts, that of the user's currency first, the others by their code.
    pub(super) fn cell(&self, own: Currency) -> Cell {
        let mut amounts: Vec<Money> = self
            .0
            .iter()
            .map(|(currency, minor)| Money::new(*minor, *currency))
            .collect();
        amounts.sort_by_key(|money| (money.currency != own, money.currency));
        if amounts.is_empty() {
            Cell::Empty
        } else {
            Cell::Money(amounts)
        }
    }
}
