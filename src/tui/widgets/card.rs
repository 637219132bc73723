//! A deal as a card: title, company, value and chance, age in its stage and what comes next.

use super::text::Row;
use crate::domain::pipeline::Outcome;
use crate::domain::record::Record;
use crate::domain::{deal, derived, follow_up, show};
use crate::tui::marks::{self, Mark};
use crate::tui::model::Shared;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;

/// How many lines a card takes, with the blank one below it.
pub(crate) const CARD_HEIGHT: u16 = 5;

/// What comes next with a deal, and whether that is late or missing.
fn next_step(record: &Record, shared: &Shared) -> (String, Mark) {
    let follow_ups = shared.snapshot.linked_from(record.id, &follow_up::KIND);
    let open = follow_ups.filter(|next| (next.kind.is_live)(next));
    let zone = shared.context.zone;
    let due_of = |next: &&Record| next.get(follow_up::DUE).map(|due| due.starts(zone));
    if let Some(next) = open.min_by_key(due_of) {
        let due = next.get(follow_up::DUE).map(|due| due.day(zone));
        let when = due.map_or_else(String::new, |day| {
            format!("{} ", show::day_words(day, &shared.context))
        });
        return (format!("{when}{}", next.title()), marks::of(next, shared));
    }
    match record.text(deal::NEXT_STEP) {
        "" => ("no next step".to_owned(), Mark::Overdue),
        words => (words.to_owned(), Mark::None),
    }
}

/// Draws a card.
pub(crate) fn draw(
    record: &Record,
    selected: bool,
    shared: &Shared,
    buffer: &mut Buffer,
    area: Rect,
) {
    let theme = shared.theme;
    let pipelines = shared.snapshot.pipelines();
    let outcome = derived::outcome(record, pipelines);
    let body = Rect {
        x: area.x.saturating_add(1).min(area.right()),
        width: area.width.saturating_sub(1),
        ..area
    };
    if selected {
        for below in 0..usize::from(area.height.min(CARD_HEIGHT - 1)) {
            Row::new(buffer, area, below).put("▌", theme.accent());
        }
    }
    let mark = marks::of(record, shared);
    let mut row = Row::new(buffer, body, 0);
    if mark != Mark::None {
        row.put(mark.sign(), mark.style(theme)).skip(1);
    }
    let title = if selected {
        theme.strong().add_modifier(Modifier::REVERSED)
    } else {
        theme.strong()
    };
    row.put(record.title(), title);
    let company = shared.words(record, "company");
    let who = if company.is_empty() {
        shared.words(record, "contact")
    } else {
        company
    };
    Row::new(buffer, body, 1).put(&who, theme.text());
    let mut row = Row::new(buffer, body, 2);
    if outcome == Outcome::Open {
        let chance = derived::chance(record, pipelines);
        let days = (shared.context.now - derived::stage_since(record))
            .num_days()
            .max(0);
        let age = if mark == Mark::Overdue {
            theme.alarm()
        } else {
            theme.faint()
        };
        row.right(&format!("{}%", chance.get()), theme.text());
        row.right(&format!("{days}d"), age);
    }
    let value = record
        .get(deal::VALUE)
        .map_or_else(|| "no value".to_owned(), |v| marks::whole(*v));
    row.put(&value, theme.text());
    last_line(record, outcome, shared, &mut Row::new(buffer, body, 3));
}

fn last_line(record: &Record, outcome: Outcome, shared: &Shared, row: &mut Row<'_>) {
    let theme = shared.theme;
    if outcome != Outcome::Open {
        let since = derived::stage_since(record)
            .with_timezone(&shared.context.zone)
            .date_naive();
        let reason = record.text(deal::REASON);
        let reason = if reason.is_empty() {
            String::new()
        } else {
            format!(" · {reason}")
        };
        let when = show::day_words(since, &shared.context);
        row.put(&format!("{when}{reason}"), theme.text());
        return;
    }
    let (words, next) = next_step(record, shared);
    if next == Mark::Overdue && words == "no next step" {
        row.put(&words, theme.attention());
    } else {
        if next != Mark::None {
            row.put(next.sign(), next.style(theme)).skip(1);
        } else {
            row.put("→ ", theme.faint());
        }
        row.put(&words, theme.text());
    }
}
