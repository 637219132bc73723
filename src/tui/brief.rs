//! The shortest words that still say it, for cards and narrow columns.

use super::marks::Mark;
use super::model::Shared;
use crate::domain::id::Id;
use crate::domain::record::Record;
use crate::domain::values::dates::Due;
use crate::domain::{follow_up, show};
use chrono::TimeDelta;

/// How long something stands, as short as it can be said.
pub(crate) fn age_words(age: TimeDelta) -> String {
    match age.num_days().max(0) {
        days @ 0..100 => format!("{days}d"),
        days @ 100..700 => format!("{}w", days / 7),
        days => format!("{}y", days / 365),
    }
}

/// The sign of a time at which something is due.
pub(crate) fn due_mark(due: &Due, shared: &Shared) -> Mark {
    let context = &shared.context;
    if due.is_overdue(context.now, context.zone) {
        Mark::Overdue
    } else if due.day(context.zone) == context.today() {
        Mark::Today
    } else {
        Mark::None
    }
}

/// A due time in few letters: `3d late`, `today`, `today 15:00`, `Fri`, `8 Dec`.
pub(crate) fn due_short(due: &Due, shared: &Shared) -> String {
    let context = &shared.context;
    let day = due.day(context.zone);
    match (day - context.today()).num_days() {
        days @ ..0 => format!("{}d late", days.unsigned_abs()),
        0 | 1 => show::due_words(due, context),
        2..=6 => day.format("%a").to_string(),
        7..=300 => day.format("%-d %b").to_string(),
        _ => day.format("%-d %b %Y").to_string(),
    }
}

/// The name of the first of several records.
pub(crate) fn first_name(ids: &[Id], shared: &Shared) -> Option<String> {
    ids.first().map(|id| shared.snapshot.name_of(*id))
}

/// Whom a follow-up is about: the contact, else the company, else the deal.
pub(crate) fn party(record: &Record, shared: &Shared) -> String {
    let name = |id: &Id| shared.snapshot.name_of(*id);
    first_name(record.list(follow_up::CONTACTS), shared)
        .or_else(|| record.get(follow_up::COMPANY).map(name))
        .or_else(|| record.get(follow_up::DEAL).map(name))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_are_short() {
        for (days, expect) in [
            (-3, "0d"),
            (0, "0d"),
            (99, "99d"),
            (100, "14w"),
            (800, "2y"),
        ] {
            assert_eq!(age_words(TimeDelta::days(days)), expect);
        }
    }
}
