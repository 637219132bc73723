//! Periods that a report can cover: `this-quarter`, `last-12-months`, `2026-q3`, `all`.

use crate::domain::context::Context;
use crate::domain::values::text::words;
use chrono::{Datelike as _, Days, Months, NaiveDate};

/// The words that [`period`] reads, for help and completion.
pub const PERIODS: &[&str] = &[
    "this-week",
    "this-month",
    "this-quarter",
    "this-year",
    "last-week",
    "last-month",
    "last-quarter",
    "last-year",
    "last-90-days",
    "last-12-months",
    "all",
];

/// Days from one to another, both included; open at an end without one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Period {
    /// What it is called: `this quarter`.
    pub name: String,
    /// The first day.
    pub from: Option<NaiveDate>,
    /// The last day.
    pub to: Option<NaiveDate>,
}

impl Period {
    /// Everything there ever was.
    pub fn all() -> Self {
        Self {
            name: "all time".to_owned(),
            from: None,
            to: None,
        }
    }

    /// Whether a day lies in it.
    pub fn contains(&self, day: NaiveDate) -> bool {
        self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day <= to)
    }

    /// Whether it leaves nothing out.
    pub const fn is_all(&self) -> bool {
        self.from.is_none() && self.to.is_none()
    }
}

/// Reads `this-month`, `last-quarter`, `last-30-days`, `2026`, `2026-11`, `2026-q3`, `all`, with
/// hyphens or spaces. None when it is not understood; [`PERIODS`] has what to offer instead.
pub fn period(text: &str, context: &Context) -> Option<Period> {
    let parts = words(text);
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    let today = context.today();
    match parts.as_slice() {
        ["all"] | ["all", "time"] => Some(Period::all()),
        ["today"] => named("today", Some(today), Some(today)),
        ["yesterday"] => {
            let day = today.checked_sub_days(Days::new(1));
            named("yesterday", day, day)
        }
        ["this", unit] => {
            let from = start(today, unit)?;
            named(&format!("this {unit}"), Some(from), last_day(from, unit))
        }
        ["last", unit] => {
            let to = start(today, unit)?.checked_sub_days(Days::new(1))?;
            named(&format!("last {unit}"), start(to, unit), Some(to))
        }
        ["last", number, unit] => trailing(today, number.parse().ok()?, unit),
        [year] => of_year(year, 1, 12),
        [year, part] => match part.strip_prefix('q') {
            Some(quarter) => {
                let quarter: u32 = quarter.parse().ok().filter(|q| (1..=4).contains(q))?;
                of_year(year, quarter * 3 - 2, 3)
            }
            None => of_year(year, part.parse().ok()?, 1),
        },
        _ => None,
    }
}

fn named(name: &str, from: Option<NaiveDate>, to: Option<NaiveDate>) -> Option<Period> {
    Some(Period {
        name: name.to_owned(),
        from: Some(from?),
        to: Some(to?),
    })
}

/// The first day of the week, month, quarter or year of a day.
fn start(day: NaiveDate, unit: &str) -> Option<NaiveDate> {
    match unit {
        "week" => day.checked_sub_days(Days::new(day.weekday().num_days_from_monday().into())),
        "month" => day.with_day(1),
        "quarter" => NaiveDate::from_ymd_opt(day.year(), day.month0() / 3 * 3 + 1, 1),
        "year" => NaiveDate::from_ymd_opt(day.year(), 1, 1),
        _ => None,
    }
}

/// The last day of a unit that starts on a day.
fn last_day(from: NaiveDate, unit: &str) -> Option<NaiveDate> {
    let next = match unit {
        "week" => from.checked_add_days(Days::new(7)),
        "month" => from.checked_add_months(Months::new(1)),
        "quarter" => from.checked_add_months(Months::new(3)),
        "year" => from.checked_add_months(Months::new(12)),
        _ => None,
    };
    next?.pred_opt()
}

/// So many days, weeks, months or years that end today.
fn trailing(today: NaiveDate, number: u32, unit: &str) -> Option<Period> {
    let unit = unit.strip_suffix('s').unwrap_or(unit);
    let before = match unit {
        "day" => today.checked_sub_days(Days::new(number.into())),
        "week" => today.checked_sub_days(Days::new(u64::from(number) * 7)),
        "month" => today.checked_sub_months(Months::new(number)),
        "year" => today.checked_sub_months(Months::new(number.checked_mul(12)?)),
        _ => None,
    };
    let plural = if number == 1 { "" } else { "s" };
    let name = format!("last {number} {unit}{plural}");
    before
        .filter(|_| number > 0)
        .and_then(|day| named(&name, day.succ_opt(), Some(today)))
}

/// So many months of a year of four digits, from one on.
fn of_year(year: &str, month: u32, months: u32) -> Option<Period> {
    let number: i32 = year.parse().ok().filter(|_| year.len() == 4)?;
    let from = NaiveDate::from_ymd_opt(number, month, 1)?;
    let name = match months {
        1 => from.format("%B %Y").to_string(),
        3 => format!("{year} Q{}", from.month0() / 3 + 1),
        _ => year.to_owned(),
    };
    named(
        &name,
        Some(from),
        from.checked_add_months(Months::new(months))?.pred_opt(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reports::tests::context;

    #[test]
    fn periods_are_whole_units_around_today() {
        // Today is Sunday, 22 November 2026.
        for (text, name, from, to) in [
            ("this-week", "this week", "2026-11-16", "2026-11-22"),
            ("last week", "last week", "2026-11-09", "2026-11-15"),
            ("This-Month", "this month", "2026-11-01", "2026-11-30"),
            ("last-month", "last month", "2026-10-01", "2026-10-31"),
            ("this-quarter", "this quarter", "2026-10-01", "2026-12-31"),
            ("last-quarter", "last quarter", "2026-07-01", "2026-09-30"),
            ("this-year", "this year", "2026-01-01", "2026-12-31"),
            ("last-year", "last year", "2025-01-01", "2025-12-31"),
            ("last-30-days", "last 30 days", "2026-10-24", "2026-11-22"),
            (
                "last-12-months",
                "last 12 months",
                "2025-11-23",
                "2026-11-22",
            ),
            ("last-1-week", "last 1 week", "2026-11-16", "2026-11-22"),
            ("today", "today", "2026-11-22", "2026-11-22"),
            ("2024", "2024", "2024-01-01", "2024-12-31"),
            ("2024-02", "February 2024", "2024-02-01", "2024-02-29"),
            ("2026-q3", "2026 Q3", "2026-07-01", "2026-09-30"),
        ] {
            let read = period(text, &context()).expect(text);
            let shown = (
                read.from.map(|d| d.to_string()),
                read.to.map(|d| d.to_string()),
            );
            assert_eq!(
                (read.name.as_str(), shown),
                (name, (Some(from.into()), Some(to.into())))
            );
        }
        assert_eq!(period("all", &context()), Some(Period::all()));
    }

    #[test]
    fn what_is_no_period_is_refused() {
        for text in [
            "",
            "soon",
            "this",
            "last",
            "this-decade",
            "26",
            "20266",
            "2026-13",
            "2026-q5",
            "last-0-days",
            "last-x-days",
            "last-99999999999-days",
            "last-4000000000-years",
            "2026-11-22-1",
        ] {
            assert_eq!(period(text, &context()), None, "{text}");
        }
        for text in PERIODS {
            assert!(period(text, &context()).is_some(), "{text}");
        }
    }
}
