//! A month with the days on which something is due.

use super::text::{Row, cells};
use crate::tui::theme::Theme;
use chrono::{Datelike as _, Days, NaiveDate};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use std::collections::BTreeMap;

/// How many columns and rows a month takes.
pub(crate) const SIZE: (u16, u16) = (28, 8);

/// Draws the month of `day`, with today, the chosen day, and how much is due on each day.
pub(crate) fn draw(
    day: NaiveDate,
    today: NaiveDate,
    due: &BTreeMap<NaiveDate, usize>,
    theme: Theme,
    buffer: &mut Buffer,
    area: Rect,
) {
    let Some(first) = day.with_day(1) else { return };
    let mut row = Row::new(buffer, area, 0);
    row.put(&first.format("%B %Y").to_string(), theme.heading());
    let mut row = Row::new(buffer, area, 1);
    for name in ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"] {
        row.put(name, theme.faint()).skip(2);
    }
    let lead = u64::from(first.weekday().num_days_from_monday());
    for place in 0..42u64 {
        let Some(shown) =
            (place.checked_sub(lead)).and_then(|n| first.checked_add_days(Days::new(n)))
        else {
            continue;
        };
        if shown.month() != first.month() {
            break;
        }
        let week = usize::try_from(place / 7).unwrap_or(0);
        let column = cells(usize::try_from(place % 7).unwrap_or(0) * 4);
        let cell = Rect {
            x: area.x.saturating_add(column),
            width: 4.min(area.width.saturating_sub(column)),
            ..area
        };
        let mut row = Row::new(buffer, cell, week + 2);
        let count = due.get(&shown).copied().unwrap_or(0);
        let late = shown < today && count > 0;
        let mut style = match count {
            0 => theme.text(),
            _ if late => theme.alarm(),
            _ => theme.key(),
        };
        if shown == day {
            style = style.add_modifier(Modifier::REVERSED);
        }
        if shown == today {
            style = style.add_modifier(Modifier::UNDERLINED);
        }
        row.put(&format!("{:>2}", shown.day()), style);
        let sign = match count {
            0 => " ",
            _ if late => crate::tui::theme::OVERDUE,
            _ => crate::tui::theme::TODAY,
        };
        row.put(
            sign,
            style.remove_modifier(Modifier::REVERSED | Modifier::UNDERLINED),
        );
    }
}
