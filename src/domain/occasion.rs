//! Birthdays and other dates of contacts that come round each year, as far as the user wants to
//! be reminded of them.

use super::contact;
use super::id::Id;
use super::record::Record;
use super::settings::remind::RemindSettings;
use super::values::dates::{Due, PartialDate};
use super::values::text;
use chrono::{Datelike as _, Days, NaiveDate};

/// The label of a birthday.
pub const BIRTHDAY: &str = "birthday";

/// A date of a contact in one year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Occasion {
    /// Whose it is.
    pub contact: Id,
    /// What it is: birthday, anniversary.
    pub label: String,
    /// The day in that year.
    pub day: NaiveDate,
    /// How many years it is then, where the first year is known.
    pub years: Option<u32>,
}

impl Occasion {
    /// What it is, in a few words: `birthday, turns 46`.
    pub fn words(&self) -> String {
        let label = text::line(&self.label);
        match self.years {
            Some(years) if self.label == BIRTHDAY => format!("{label}, turns {years}"),
            Some(1) => format!("{label}, 1 year"),
            Some(years) => format!("{label}, {years} years"),
            None => label,
        }
    }

    /// When it is due: that day.
    pub const fn due(&self) -> Due {
        Due::Day(self.day)
    }

    /// The first day on which it is reminded.
    pub fn reminded_from(&self, settings: &RemindSettings) -> NaiveDate {
        let before = Days::new(settings.birthday_days_before.into());
        self.day.checked_sub_days(before).unwrap_or(self.day)
    }
}

/// The occasions of a contact from one day to another, both included, that the settings switch
/// on; the earliest first. Each comes once: what lies a year and more behind the first day is left out.
pub fn of(
    record: &Record,
    settings: &RemindSettings,
    from: NaiveDate,
    to: NaiveDate,
) -> Vec<Occasion> {
    let birthday = record.get(contact::BIRTHDAY).filter(|_| settings.birthdays);
    let birthday = birthday.map(|date| (BIRTHDAY, date));
    let others = record.list(contact::DATES).iter();
    let others = others
        .filter(|date| settings.dates.iter().any(|it| same(it, &date.label)))
        .map(|date| (date.label.as_str(), &date.value));
    let mut found: Vec<Occasion> = birthday
        .into_iter()
        .chain(others)
        .filter_map(|(label, date)| coming(record.id, label, date, from, to))
        .collect();
    found.sort_by(|one, other| (one.day, &one.label).cmp(&(other.day, &other.label)));
    found
}

fn same(one: &str, other: &str) -> bool {
    text::fold(one.trim()) == text::fold(other.trim())
}

fn coming(
    contact: Id,
    label: &str,
    date: &PartialDate,
    from: NaiveDate,
    to: NaiveDate,
) -> Option<Occasion> {
    let day = date.next_on_or_after(from).filter(|day| *day <= to)?;
    let years = date.year.map(|first| day.year() - first);
    // Before its first year there is nothing to remember, and in it nothing to count.
    if years.is_some_and(|years| years < 0) {
        return None;
    }
    Some(Occasion {
        contact,
        label: label.to_owned(),
        day,
        years: years
            .and_then(|years| u32::try_from(years).ok())
            .filter(|years| *years > 0),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::{CountedIds, IdSource as _};
    use crate::domain::values::contact_points::Labelled;

    #[track_caller]
    fn check(birthday: &str, other: &str, from: &str, to: &str, expect: &[&str]) {
        let day = |text: &str| text.parse::<NaiveDate>().expect(text);
        let now = chrono::DateTime::UNIX_EPOCH;
        let mut record = Record::new(&contact::KIND, CountedIds::default().next_id(now), now);
        if let Some(date) = PartialDate::parse(birthday) {
            record.set(contact::BIRTHDAY, date);
        }
        if let Some((label, date)) = other.split_once(':') {
            let value = PartialDate::parse(date).expect(date);
            let label = label.to_owned();
            record.set(contact::DATES, vec![Labelled { label, value }]);
        }
        let settings = RemindSettings {
            birthdays: true,
            dates: vec!["Anniversary".to_owned()],
            ..RemindSettings::default()
        };
        let found = of(&record, &settings, day(from), day(to));
        let shown: Vec<String> = found
            .iter()
            .map(|it| format!("{} {}", it.day, it.words()))
            .collect();
        assert_eq!(shown, expect, "{birthday} {other}");
        let off = RemindSettings::default();
        assert_eq!(of(&record, &off, day(from), day(to)), []);
    }

    #[test]
    fn dates_come_round_each_year() {
        let today = "2026-11-25";
        check(
            "1980-11-25",
            "",
            today,
            today,
            &["2026-11-25 birthday, turns 46"],
        );
        check("--11-25", "", today, today, &["2026-11-25 birthday"]);
        check("1980-11-26", "", today, today, &[]);
        check(
            "1980-11-24",
            "",
            today,
            "9999-12-31",
            &["2027-11-24 birthday, turns 47"],
        );
        check("2027-01-01", "", today, "2026-12-31", &[]);
        check("2026-11-25", "", today, today, &["2026-11-25 birthday"]);
        check("2028-11-25", "", today, today, &[]);
        // A leap day falls on the first of March in other years.
        check(
            "1984-02-29",
            "",
            "2027-02-28",
            "2027-03-01",
            &["2027-03-01 birthday, turns 43"],
        );
        check(
            "--02-29",
            "",
            "2028-02-28",
            "2028-03-01",
            &["2028-02-29 birthday"],
        );
        check(
            "1980-12-24",
            "anniversary:2025-11-30",
            today,
            "2026-12-31",
            &[
                "2026-11-30 anniversary, 1 year",
                "2026-12-24 birthday, turns 46",
            ],
        );
        check("", "graduation:2010-11-25", today, today, &[]);
    }
}
