//! Rules on what they buy: open deals, and how earlier ones ended.

use super::{count, list, share, weight};
use crate::domain::contact;
use crate::domain::pipeline::Outcome;
use crate::domain::settings::ScoreSettings;
use crate::domain::values::money::{Currency, Money};
use crate::scoring::{DealFact, Facts, Reason};
use std::collections::BTreeMap;

/// A deal without a value in the user's currency counts as this share of `deal-value`.
const UNKNOWN_VALUE_SHARE: i128 = 4;

/// Open deals, each value weighted by its chance: `points = most · w / (w + deal-value)`.
/// Nothing is converted: a deal in another currency counts by its number.
pub(super) fn deals(facts: &Facts<'_>, settings: &ScoreSettings) -> Reason {
    let most = weight(settings.deals);
    let minor_units = 10_i128.saturating_pow(u32::from(facts.currency.digits()));
    let half = i128::from(settings.deal_value.max(1)).saturating_mul(minor_units);
    // In hundredths of a minor unit, as a chance is of a hundred.
    let weighted = facts
        .open_deals()
        .map(|deal| {
            let value = match deal.value {
                Some(value) if value.currency == facts.currency => i128::from(value.minor.max(0)),
                _ => half / UNKNOWN_VALUE_SHARE,
            };
            value.saturating_mul(i128::from(deal.chance.get()))
        })
        .fold(0_i128, i128::saturating_add);
    let whole = weighted.saturating_add(half.saturating_mul(100));
    let number = facts.open_deals().count();
    let worth = sums(facts.open_deals());
    let words = match (number, worth.is_empty()) {
        (0, _) => "no open deal".to_owned(),
        (number, true) => format!("{} without a value", count(number, "open deal")),
        (number, false) => {
            format!(
                "{} worth {}",
                count(number, "open deal"),
                list(&worth, "and")
            )
        }
    };
    Reason {
        rule: "deals",
        points: share(most, weighted, whole),
        most,
        words,
    }
}

/// The sum of each currency, in words.
fn sums<'a>(deals: impl Iterator<Item = &'a DealFact>) -> Vec<String> {
    let mut sums: BTreeMap<Currency, i64> = BTreeMap::new();
    for value in deals.filter_map(|deal| deal.value) {
        let sum = sums.entry(value.currency).or_default();
        *sum = sum.saturating_add(value.minor);
    }
    sums.into_iter()
        .map(|(currency, sum)| Money::new(sum, currency).to_string())
        .collect()
}

/// How earlier deals ended, in quarters of the weight of deals: one more for a buyer, one less
/// where every deal was lost, two less for a customer who left.
pub(super) fn history(facts: &Facts<'_>, settings: &ScoreSettings) -> Reason {
    let quarter = weight(settings.deals) / 4;
    let number = |outcome| {
        facts
            .deals
            .iter()
            .filter(|deal| deal.outcome == outcome)
            .count()
    };
    let (won, lost) = (number(Outcome::Won), number(Outcome::Lost));
    let is_open = facts.open_deals().next().is_some();
    let (points, words) = match facts.contact.text(contact::LIFECYCLE) {
        "churned" if !is_open => (-2 * quarter, left(facts)),
        _ if won > 0 => (quarter, format!("bought before: {}", count(won, "deal"))),
        _ if lost > 0 && !is_open => (-quarter, format!("{} lost, none won", count(lost, "deal"))),
        "churned" => (0, "left, but has an open deal".to_owned()),
        _ => (0, "no deal won or lost yet".to_owned()),
    };
    Reason {
        rule: "history",
        points,
        most: quarter,
        words,
    }
}

fn left(facts: &Facts<'_>) -> String {
    let reason = facts.contact.text(contact::CHURN_REASON);
    if reason.is_empty() {
        "left as a customer".to_owned()
    } else {
        format!("left: {reason}")
    }
}
