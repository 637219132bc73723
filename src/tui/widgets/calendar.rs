//! A month, with how much is due on each of its days.

use super::text::{Row, cells};
use crate::tui::theme::Theme;
use chrono::{Datelike as _, Days, NaiveDate};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use std::collections::BTreeMap;

/// How many columns and rows a month takes: a name, the days of the week, and for each week the
/// days and below them the counts.
pub(crate) const SIZE: (u16, u16) = (28, 14);
/// The columns of a day.
const DAY: u16 = 4;

/// The days of the month in which `day` lies, each with its column and its week.
fn days(day: NaiveDate) -> impl Iterator<Item = (NaiveDate, u16, usize)> {
    let first = day.with_day(1).unwrap_or(day);
    let lead = u64::from(first.weekday().num_days_from_monday());
    let all = (0..31).filter_map(move |n| Some((n, first.checked_add_days(Days::new(n))?)));
    all.take_while(move |(_, shown)| shown.month() == first.month())
        .map(move |(n, shown)| {
            let place = usize::try_from(n + lead).unwrap_or(0);
            (shown, cells(place % 7).saturating_mul(DAY), place / 7)
        })
}

/// The day at a cell of the month, counted from its top left.
pub(crate) fn day_at(day: NaiveDate, column: u16, row: u16) -> Option<NaiveDate> {
    let week = usize::from(row.checked_sub(2)? / 2);
    let mut all = days(day);
    let hit = |(_, start, line): &(NaiveDate, u16, usize)| {
        *line == week && (*start..start + DAY).contains(&column)
    };
    all.find(hit).map(|(day, _, _)| day)
}

/// Draws the month of `day`, with today, the chosen day, and how much is due on each day.
pub(crate) fn draw(
    day: NaiveDate,
    today: NaiveDate,
    due: &BTreeMap<NaiveDate, usize>,
    theme: Theme,
    buffer: &mut Buffer,
    area: Rect,
) {
    let mut row = Row::new(buffer, area, 0);
    row.put(&day.format("%B %Y").to_string(), theme.heading());
    let mut row = Row::new(buffer, area, 1);
    for name in ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"] {
        row.put(name, theme.faint()).skip(2);
    }
    for (shown, column, week) in days(day) {
        let cell = Rect {
            x: area.x.saturating_add(column),
            width: DAY.min(area.width.saturating_sub(column)),
            ..area
        };
        let count = due.get(&shown).copied().unwrap_or(0);
        let late = shown < today;
        let (sign, style) = match count {
            0 => ("", theme.text()),
            _ if late => (crate::tui::theme::OVERDUE, theme.alarm()),
            _ if shown == today => (crate::tui::theme::TODAY, theme.attention()),
            _ => (" ", theme.key()),
        };
        let mut number = if count > 0 { style } else { theme.text() };
        if shown == day {
            number = number.add_modifier(Modifier::REVERSED);
        }
        if shown == today {
            number = number.add_modifier(Modifier::UNDERLINED | Modifier::BOLD);
        }
        Row::new(buffer, cell, 2 * week + 2).put(&format!("{:>2}", shown.day()), number);
        if count > 0 {
            let words = if count > 9 {
                "+".to_owned()
            } else {
                count.to_string()
            };
            Row::new(buffer, cell, 2 * week + 3)
                .put(sign, style)
                .put(&words, style);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_stand_under_their_names_with_their_counts() {
        let day = |day| NaiveDate::from_ymd_opt(2026, 11, day).unwrap();
        let due = BTreeMap::from([(day(2), 3), (day(24), 1), (day(30), 12)]);
        let area = Rect::new(0, 0, SIZE.0, SIZE.1);
        let mut buffer = Buffer::empty(area);
        draw(day(24), day(24), &due, Theme::default(), &mut buffer, area);
        let line = |y| {
            let cell = |x| buffer[(x, y)].symbol().to_owned();
            (0..SIZE.0)
                .map(cell)
                .collect::<String>()
                .trim_end()
                .to_owned()
        };
        for (y, expect) in [
            (0, "November 2026"),
            (1, "Mo  Tu  We  Th  Fr  Sa  Su"),
            (2, "                         1"),
            (4, " 2   3   4   5   6   7   8"),
            (5, "!3"),
            (10, "23  24  25  26  27  28  29"),
            (11, "    •1"),
            (12, "30"),
            (13, " +"),
        ] {
            assert_eq!(line(y), expect, "row {y}");
        }
        assert_eq!(day_at(day(1), 5, 11), Some(day(24)));
        assert_eq!(day_at(day(1), 5, 1), None);
    }
}
