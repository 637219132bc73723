//! The rules of the score, one function each, in three families: who they are, how the two of
//! you are in touch, and what they buy. [`RULES`] is the list of all.

mod business;
mod person;
#[cfg(test)]
pub(super) mod tests;
mod touch;

use super::{Facts, Reason};
use crate::domain::settings::ScoreSettings;
use crate::domain::values::text;
use chrono::{DateTime, Utc};

/// A rule: what it gives or takes, and why.
pub type Rule = fn(&Facts<'_>, &ScoreSettings) -> Reason;

/// Every rule.
pub const RULES: &[Rule] = &[
    person::source,
    person::completeness,
    person::role,
    person::fit,
    touch::recency,
    touch::frequency,
    touch::response,
    touch::interest,
    business::deals,
    business::history,
    person::bounced,
    person::opted_out,
];

/// A weight of the settings, held to what can matter in a score from 0 to 100.
fn weight(points: i32) -> i32 {
    points.clamp(0, 100)
}

/// A share of a weight, rounded to the nearest point. `whole` is at least 1.
fn share(most: i32, part: i128, whole: i128) -> i32 {
    let whole = whole.max(1);
    let part = part.clamp(-whole, whole);
    // A division by two at the end keeps the rounding symmetric around zero.
    let product = i128::from(most).saturating_mul(part).saturating_mul(2);
    let rounded = (product.saturating_add(product.signum() * whole)) / whole.saturating_mul(2);
    i32::try_from(rounded).unwrap_or(0)
}

/// A share of a weight that is not a ratio of whole numbers.
#[expect(
    clippy::cast_possible_truncation,
    reason = "a weight is at most 100, a share at most 1"
)]
fn fraction(most: i32, part: f64) -> i32 {
    (f64::from(most) * part.clamp(0.0, 1.0)).round() as i32
}

/// What is left of something after a time: the law of exponential decay, `2^(−time / half-life)`,
/// as it is also used for weighing touches in time-decay attribution.
fn decay(at: DateTime<Utc>, now: DateTime<Utc>, half_life: u32) -> f64 {
    let minutes = i32::try_from((now - at).num_minutes().max(0)).unwrap_or(i32::MAX);
    (-f64::from(minutes) / (f64::from(half_life.max(1)) * 24.0 * 60.0)).exp2()
}

/// Whether a phrase stands in a text, word by word, whatever the case and accents.
fn names(text_words: &[String], phrase: &str) -> bool {
    let wanted = text::words(phrase);
    !wanted.is_empty()
        && text_words
            .windows(wanted.len())
            .any(|window| window == wanted)
}

/// `a`, `a and b`, `a, b and c`.
fn list(members: &[String], last: &str) -> String {
    match members {
        [] => String::new(),
        [one] => one.clone(),
        [before @ .., end] => format!("{} {last} {end}", before.join(", ")),
    }
}

/// `1 open deal`, `2 open deals`.
fn count(number: usize, one: &str) -> String {
    if number == 1 {
        format!("1 {one}")
    } else {
        format!("{number} {one}s")
    }
}
