//! Home: what the day asks for, on one screen. Every row opens.

use super::home_sections::{Item, Section, sections};
use super::{View, ViewDef, go};
use crate::domain::id::Id;
use crate::tui::actions::{Action, Scope};
use crate::tui::model::Shared;
use crate::tui::msg::Request;
use crate::tui::verbs;
use crate::tui::widgets::text::{Row, cells, paint};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

const OWN: Scope = Scope::View("home");

/// The view.
pub(crate) const VIEW: ViewDef = ViewDef {
    name: "home",
    title: "home",
    kind: None,
    go: go("home", &["0"], "Go home: what the day asks for"),
    actions: ACTIONS,
    follows_clock: true,
    make: || Box::new(Home::default()),
};

static ACTIONS: &[Action] = &[
    Action::new(OWN, "finish-here", &["f"], "The follow-up is done")
        .hint("done")
        .when(|situation| {
            let kind = situation.record.map(|record| record.kind.name);
            if kind == Some("follow-up") {
                Ok(())
            } else {
                Err("only follow-ups are done")
            }
        })
        .runs(verbs::done),
];

#[derive(Default)]
struct Home {
    sections: Vec<Section>,
    /// The section and the row under the cursor.
    at: (usize, usize),
    /// How many lines are scrolled out of sight, where there is one column.
    top: usize,
    area: Rect,
}

/// Where a section is drawn: its column, and how many lines below the top.
struct Spot {
    section: usize,
    column: usize,
    below: usize,
}

impl Home {
    fn columns(area: Rect) -> usize {
        if area.width >= 100 { 2 } else { 1 }
    }

    fn spots(&self, area: Rect) -> Vec<Spot> {
        let columns = Self::columns(area);
        let mut ends = vec![0; columns];
        let place = |(section, found): (usize, &Section)| {
            let column = if found.aside { columns - 1 } else { 0 };
            let below = ends[column];
            ends[column] += found.height() + 1;
            Spot {
                section,
                column,
                below,
            }
        };
        self.sections.iter().enumerate().map(place).collect()
    }

    fn column_area(area: Rect, column: usize) -> Rect {
        let columns = cells(Self::columns(area));
        let wide = area.width / columns;
        let x = area.x + wide * cells(column).min(columns);
        Rect {
            x: x + 1,
            width: wide.saturating_sub(2),
            ..area
        }
    }

    fn item(&self) -> Option<&Item> {
        self.sections.get(self.at.0)?.items.get(self.at.1)
    }

    /// Puts the cursor on a row that exists, and the row in sight.
    fn settle(&mut self) {
        let has_rows = |place: usize| {
            self.sections
                .get(place)
                .is_some_and(|section| !section.items.is_empty())
        };
        let mut place = self.at.0.min(self.sections.len().saturating_sub(1));
        if !has_rows(place) {
            let next = (place..self.sections.len()).find(|place| has_rows(*place));
            place = next
                .or_else(|| (0..place).rev().find(|place| has_rows(*place)))
                .unwrap_or(0);
        }
        let rows = self
            .sections
            .get(place)
            .map_or(0, |section| section.items.len());
        self.at = (place, self.at.1.min(rows.saturating_sub(1)));
        let spots = self.spots(self.area);
        let line = spots.get(place).map_or(0, |spot| spot.below) + 1 + self.at.1;
        let height = usize::from(self.area.height).max(1);
        self.top = self
            .top
            .min(line.saturating_sub(1))
            .max((line + 1).saturating_sub(height));
        if self.at == (0, 0) {
            self.top = 0;
        }
    }

    /// The row below or above in the same column, across sections.
    fn step(&mut self, down: bool) {
        let spots = self.spots(self.area);
        let column = spots.get(self.at.0).map_or(0, |spot| spot.column);
        let rows: Vec<(usize, usize)> = spots
            .iter()
            .filter(|spot| spot.column == column)
            .flat_map(|spot| {
                let count = self.sections[spot.section].items.len();
                (0..count).map(|row| (spot.section, row))
            })
            .collect();
        let Some(now) = rows.iter().position(|row| *row == self.at) else {
            return;
        };
        let next = if down { now + 1 } else { now.saturating_sub(1) };
        if let Some(row) = rows.get(next) {
            self.at = *row;
        }
    }

    /// To the next section with rows, in reading order.
    fn turn(&mut self, forwards: bool) {
        let count = self.sections.len().max(1);
        for step in 1..=count {
            let step = if forwards { step } else { count - step };
            let place = (self.at.0 + step) % count;
            if self
                .sections
                .get(place)
                .is_some_and(|section| !section.items.is_empty())
            {
                self.at = (place, 0);
                return;
            }
        }
    }

    /// To the other column, at about the same height.
    fn across(&mut self, right: bool) {
        let spots = self.spots(self.area);
        let line = spots.get(self.at.0).map_or(0, |spot| spot.below) + self.at.1;
        let wanted = usize::from(right);
        let rows = spots
            .iter()
            .filter(|spot| spot.column == wanted)
            .flat_map(|spot| {
                let count = self.sections[spot.section].items.len();
                (0..count).map(move |row| (spot.below + row, (spot.section, row)))
            });
        if let Some((_, at)) = rows.min_by_key(|(below, _)| below.abs_diff(line)) {
            self.at = at;
        }
    }

    fn draw_section(&self, spot: &Spot, shared: &Shared, buffer: &mut Buffer, area: Rect) {
        let theme = shared.theme;
        let section = &self.sections[spot.section];
        let column = Self::column_area(area, spot.column);
        let line = |below: usize| (spot.below + below).checked_sub(self.top);
        if let Some(below) = line(0) {
            let mut row = Row::new(buffer, column, below);
            row.put(section.title, theme.heading()).skip(1);
            if section.total > 0 {
                row.put(&section.total.to_string(), theme.faint());
            }
        }
        if section.items.is_empty()
            && let Some(below) = line(1)
        {
            Row::new(buffer, column, below)
                .skip(2)
                .put(section.empty, theme.faint());
        }
        for (place, item) in section.items.iter().enumerate() {
            let Some(below) = line(place + 1).filter(|below| *below < usize::from(area.height))
            else {
                continue;
            };
            let selected = self.at == (spot.section, place);
            draw_item(item, section, shared, &mut Row::new(buffer, column, below));
            if selected {
                let y = column.y.saturating_add(cells(below));
                paint(
                    buffer,
                    Rect {
                        y,
                        height: 1,
                        ..column
                    },
                    theme.selected(),
                );
            }
        }
        let hidden = section.total.saturating_sub(section.items.len());
        if hidden > 0
            && section.counted
            && let Some(below) = line(section.items.len() + 1)
        {
            let text = format!("{hidden} more");
            Row::new(buffer, column, below)
                .skip(2)
                .put(&text, theme.faint());
        }
    }
}

/// Draws one row of a section.
fn draw_item(item: &Item, section: &Section, shared: &Shared, row: &mut Row<'_>) {
    let theme = shared.theme;
    row.right(&item.note, theme.text());
    row.cell(item.mark.sign(), 1, item.mark.style(theme))
        .skip(1);
    if !item.when.is_empty() {
        let size = section.when.min(row.room() / 3);
        row.cell(&item.when, size, theme.faint()).skip(1);
    }
    row.put(
        &item.text,
        if item.plain {
            theme.text()
        } else {
            theme.strong()
        },
    );
    if !item.more.is_empty() && row.room() > 6 {
        row.skip(2).put(&item.more, theme.text());
    }
}

impl View for Home {
    fn refresh(&mut self, shared: &Shared) {
        let selected = self.selected();
        let rows = usize::from(self.area.height.max(12)) / 3;
        self.sections = sections(shared, rows.clamp(3, 9));
        if let Some(id) = selected
            && self.selected() != Some(id)
        {
            self.select(id, shared);
        }
        self.settle();
    }

    fn resize(&mut self, area: Rect, shared: &Shared) {
        self.area = area;
        self.refresh(shared);
    }

    fn act(&mut self, action: &str, _shared: &Shared) -> Vec<Request> {
        match action {
            "down" => self.step(true),
            "up" => self.step(false),
            "half-down" | "page-down" => (0..6).for_each(|_| self.step(true)),
            "half-up" | "page-up" => (0..6).for_each(|_| self.step(false)),
            "top" => self.at = (0, 0),
            "bottom" => (0..200).for_each(|_| self.step(true)),
            "left" => self.across(false),
            "right" => self.across(true),
            "next-pane" | "next-tab" => self.turn(true),
            "previous-pane" | "previous-tab" => self.turn(false),
            "open" => {
                let Some(item) = self.item() else {
                    return Vec::new();
                };
                return match (item.record, item.view) {
                    (Some(id), _) => vec![Request::Open(id)],
                    (None, Some(view)) => vec![Request::View(view)],
                    _ => Vec::new(),
                };
            }
            _ => {}
        }
        self.settle();
        Vec::new()
    }

    fn selected(&self) -> Option<Id> {
        self.item().and_then(|item| item.record)
    }

    fn select(&mut self, id: Id, _shared: &Shared) -> bool {
        let found = self
            .sections
            .iter()
            .enumerate()
            .find_map(|(place, section)| {
                let row = section
                    .items
                    .iter()
                    .position(|item| item.record == Some(id))?;
                Some((place, row))
            });
        if let Some(at) = found {
            self.at = at;
            self.settle();
        }
        found.is_some()
    }

    fn click(&mut self, column: u16, row: u16, shared: &Shared) -> Vec<Request> {
        for spot in self.spots(self.area) {
            let area = Self::column_area(self.area, spot.column);
            if !area.contains(Position::new(column, row)) {
                continue;
            }
            let line = usize::from(row - area.y) + self.top;
            let hit = line.checked_sub(spot.below + 1);
            let rows = self.sections[spot.section].items.len();
            if let Some(place) = hit.filter(|place| *place < rows) {
                let again = self.at == (spot.section, place);
                self.at = (spot.section, place);
                self.settle();
                return if again {
                    self.act("open", shared)
                } else {
                    Vec::new()
                };
            }
        }
        Vec::new()
    }

    fn wheel(&mut self, lines: isize, _column: u16, _row: u16, _shared: &Shared) {
        (0..lines.unsigned_abs()).for_each(|_| self.step(lines > 0));
        self.settle();
    }

    fn draw(&self, shared: &Shared, buffer: &mut Buffer, area: Rect) {
        for spot in self.spots(area) {
            self.draw_section(&spot, shared, buffer, area);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::tui::sample::{model, press, screen_text};

    #[test]
    fn home_shows_what_the_day_asks_for_and_every_row_opens() {
        let mut model = model(120, 40);
        press(&mut model, "0");
        let text = screen_text(&model);
        for part in [
            "Ask about the invoice",
            "Send the quote",
            "Hottest leads",
            "Losing touch",
            "Stale deals",
            "Maintenance contract",
            "63,700 EUR",
            "Birthdays this week",
            "What happened last",
        ] {
            assert!(text.contains(part), "{part} in\n{text}");
        }
        press(&mut model, "enter");
        assert!(
            screen_text(&model).contains("follow-up ─"),
            "{}",
            screen_text(&model)
        );
        press(&mut model, "esc l enter");
        assert_ne!(screen_text(&model), text);
    }
}
