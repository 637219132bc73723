//! A deal as a card: what it says, and how it is drawn.

use crate::domain::id::Id;
use crate::domain::pipeline::Outcome;
use crate::domain::record::Record;
use crate::domain::{deal, derived, follow_up};
use crate::tui::brief::{age_words, due_mark, due_short};
use crate::tui::marks::{self, Mark};
use crate::tui::model::Shared;
use crate::tui::theme::Theme;
use crate::tui::widgets::text::{Row, cells, paint, width};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// The rows of a card in an open lane.
pub(super) const OPEN_ROWS: usize = 4;
/// The rows of a card in a lane of won or lost deals.
pub(super) const CLOSED_ROWS: usize = 2;

/// What a card says where nothing is planned.
const NO_NEXT_STEP: &str = "no next step";

/// What a card says.
#[derive(Clone, Debug)]
pub(super) struct Card {
    pub(super) id: Id,
    title: String,
    party: String,
    value: String,
    chance: String,
    age: String,
    stale: bool,
    outcome: Outcome,
    next: (Mark, String),
}

impl Card {
    /// The card of a deal.
    pub(super) fn of(record: &Record, shared: &Shared) -> Self {
        let (context, pipelines) = (&shared.context, shared.snapshot.pipelines());
        let outcome = derived::outcome(record, pipelines);
        let since = match (outcome, record.get(deal::CLOSED)) {
            (Outcome::Won | Outcome::Lost, Some(day)) => context.today() - *day,
            _ => context.now - derived::stage_since(record),
        };
        let party = record
            .get(deal::COMPANY)
            .or_else(|| record.list(deal::CONTACTS).first());
        let value = record.get(deal::VALUE);
        Self {
            id: record.id,
            title: record.title().to_owned(),
            party: party.map_or_else(String::new, |id| shared.snapshot.name_of(*id)),
            value: value.map_or_else(|| "no value".to_owned(), |value| marks::whole(*value)),
            chance: format!("{}%", derived::chance(record, pipelines).get()),
            age: age_words(since),
            stale: derived::is_stale(record, context.now, pipelines),
            outcome,
            next: next_step(record, shared),
        }
    }

    /// How many rows it takes.
    pub(super) const fn rows(outcome: Outcome) -> usize {
        match outcome {
            Outcome::Open => OPEN_ROWS,
            Outcome::Won | Outcome::Lost => CLOSED_ROWS,
        }
    }

    /// Draws it at the top of an area, under the cursor or not.
    pub(super) fn draw(&self, shared: &Shared, buffer: &mut Buffer, area: Rect, selected: bool) {
        let theme = shared.theme;
        for below in 0..Self::rows(self.outcome) {
            let mut row = Row::new(buffer, area, below);
            row.put(if selected { "▌" } else { " " }, theme.accent());
            match (self.outcome, below) {
                (_, 0) => {
                    row.put(&self.title, theme.strong());
                }
                (Outcome::Open, 1) => {
                    let (sign, style) = match self.stale {
                        true => ("! ", theme.attention()),
                        false => ("", theme.text()),
                    };
                    row.right(&format!("{sign}{}", self.age), style);
                    row.put(&self.party, theme.text());
                }
                (Outcome::Open, 2) => self.draw_value(&self.chance, theme, &mut row),
                (Outcome::Open, _) => self.draw_next(theme, &mut row),
                _ => self.draw_value(&self.age, theme, &mut row),
            }
        }
        if selected {
            let title = Rect {
                x: area.x.saturating_add(1),
                width: area.width.saturating_sub(1),
                height: area.height.min(1),
                ..area
            };
            paint(buffer, title, theme.selected());
        }
    }

    /// The value, and another number at the right if the value stays whole beside it.
    fn draw_value(&self, other: &str, theme: Theme, row: &mut Row<'_>) {
        if width(&self.value) + width(other) < row.room() {
            row.right(other, theme.text());
        }
        row.put(&self.value, theme.text());
    }

    fn draw_next(&self, theme: Theme, row: &mut Row<'_>) {
        let (mark, words) = &self.next;
        // That nothing is planned needs a look; that something is late, an answer.
        let style = match words.as_str() {
            NO_NEXT_STEP => theme.attention(),
            _ => mark.style(theme),
        };
        if *mark != Mark::None {
            row.put(mark.sign(), style).skip(1);
        }
        row.put(words, style);
    }

    /// The rows of an area that a card takes, so far below its top.
    pub(super) fn place(lane: Rect, outcome: Outcome, place: usize) -> Rect {
        let rows = cells(Self::rows(outcome));
        let above = cells(place).saturating_mul(rows + 1).min(lane.height);
        Rect {
            y: lane.y + above,
            height: rows.min(lane.height - above),
            ..lane
        }
    }
}

/// What comes next: the earliest open follow-up, else the deal's own words, else its absence.
fn next_step(record: &Record, shared: &Shared) -> (Mark, String) {
    let context = &shared.context;
    let open = shared.snapshot.linked_from(record.id, &follow_up::KIND);
    let first = open
        .filter(|found| (follow_up::KIND.is_live)(found))
        .min_by_key(|found| {
            let due = found.get(follow_up::DUE);
            (due.is_none(), due.map(|due| due.starts(context.zone)))
        });
    let (due, words) = match first {
        Some(found) => (found.get(follow_up::DUE), found.title()),
        None => (
            record.get(deal::NEXT_STEP_DUE),
            record.text(deal::NEXT_STEP),
        ),
    };
    match due {
        Some(due) => (
            due_mark(due, shared),
            format!("{} {words}", due_short(due, shared)),
        ),
        None if words.is_empty() => (Mark::Overdue, NO_NEXT_STEP.to_owned()),
        None => (Mark::None, words.to_owned()),
    }
}
