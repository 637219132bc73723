//! Home: what the day asks for. Due first, then what the pipeline is worth, whom to call, who
//! is slipping away, and what happened last. Every row leads somewhere.
//!
//! What the panes hold is in `gather.rs` and `worth.rs`, one pane in `pane.rs`.

mod gather;
mod pane;
#[cfg(test)]
mod tests;
mod worth;

use super::{View, ViewDef, go};
use crate::domain::id::Id;
use crate::tui::model::Shared;
use crate::tui::msg::Request;
use crate::tui::widgets::text::{Row, cells};
use pane::{Content, Entry, Form, Link, Pane, heights};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

/// The view.
pub(crate) const VIEW: ViewDef = ViewDef {
    name: "home",
    title: "home",
    kind: None,
    go: go("home", &["0"], "Go home: what the day asks for"),
    actions: &[],
    follows_clock: true,
    make: || Box::new(Home::new()),
};

/// From so many columns and rows on two columns of panes stand side by side.
const TWO_FROM: (u16, u16) = (72, 18);
/// The most rows of a pane where all stand below each other.
const MOST_STACKED: usize = 8;

/// What fills a pane.
type Gather = fn(&Shared) -> Content;

/// The panes: the first of the list stand on the left of a wide screen.
const PANES: &[(Gather, &str, &str, Form)] = &[
    (gather::due, "Due", "nothing is due today", Form::Words),
    (
        gather::losing_touch,
        "Losing touch",
        "nobody waits for longer than they should",
        Form::Numbers,
    ),
    (
        gather::events,
        "What happened last",
        "nothing yet: cc logs a call",
        Form::Story,
    ),
    (worth::worth, "Pipeline", "no open deals", Form::Bars),
    (gather::leads, "Hottest leads", "no leads", Form::Words),
    (
        gather::stale,
        "Stale deals",
        "none: every deal moves",
        Form::Numbers,
    ),
    (
        gather::birthdays,
        "Birthdays this week",
        "none",
        Form::Numbers,
    ),
];
/// How many of them stand on the left.
const LEFT: usize = 3;
/// Their order where all stand below each other: the most pressing first.
const STACKED: &[usize] = &[0, 3, 4, 1, 5, 6, 2];

/// Where a pane is: which, and its place in a column that may be longer than the screen.
#[derive(Clone, Copy, Debug)]
struct Spot {
    pane: usize,
    place: Rect,
}

/// The home view.
pub(crate) struct Home {
    panes: Vec<Pane>,
    focus: usize,
    spots: Vec<Spot>,
    /// How many rows of the column are above the screen.
    scroll: u16,
    area: Rect,
    is_empty: bool,
}

impl Home {
    fn new() -> Self {
        let pane = |(_, title, empty, form): &(Gather, &'static str, &'static str, Form)| {
            Pane::new(title, empty, *form)
        };
        Self {
            panes: PANES.iter().map(pane).collect(),
            focus: 0,
            spots: Vec::new(),
            scroll: 0,
            area: Rect::default(),
            is_empty: true,
        }
    }

    /// Lays the panes out after their rows, the size or the focus changed.
    fn lay_out(&mut self) {
        let Rect {
            x,
            y,
            width,
            height,
        } = self.area;
        // Birthdays are told when there are any.
        let shown = |pane: &usize| {
            *pane != PANES.len() - 1 || !self.panes[*pane].content.entries.is_empty()
        };
        let (columns, rows) = TWO_FROM;
        self.spots = if width >= columns && height >= rows {
            let left = width * 52 / 100;
            let first = Rect {
                width: left,
                ..self.area
            };
            let second = Rect {
                x: x + left + 2,
                width: width - left - 2,
                ..self.area
            };
            let mut spots = self.column((0..LEFT).filter(shown).collect(), first);
            spots.extend(self.column((LEFT..PANES.len()).filter(shown).collect(), second));
            spots
        } else {
            let panes = STACKED.iter().copied().filter(shown);
            let mut at = y;
            let spot = |pane: usize| {
                let rows = cells(self.panes[pane].rows().min(MOST_STACKED));
                let place = Rect {
                    x,
                    y: at,
                    width,
                    height: rows,
                };
                at = at.saturating_add(rows + 1);
                Spot { pane, place }
            };
            panes.map(spot).collect()
        };
        for spot in &self.spots {
            let rows = usize::from(spot.place.height).saturating_sub(1);
            self.panes[spot.pane].cursor.set_height(rows);
        }
        self.follow();
    }

    fn column(&self, panes: Vec<usize>, area: Rect) -> Vec<Spot> {
        let wanted: Vec<usize> = panes.iter().map(|pane| self.panes[*pane].rows()).collect();
        let mut at = area.y;
        let sizes = heights(&wanted, usize::from(area.height));
        let spot = |(pane, height): (usize, u16)| {
            let place = Rect {
                y: at,
                height,
                ..area
            };
            at = at.saturating_add(height + 1);
            Spot { pane, place }
        };
        panes.into_iter().zip(sizes).map(spot).collect()
    }

    /// Scrolls until the row under the cursor is in sight, with its heading if there is room.
    fn follow(&mut self) {
        let Some(spot) = self.spots.iter().find(|spot| spot.pane == self.focus) else {
            return;
        };
        let top = spot.place.y.saturating_sub(self.area.y);
        let cursor = &self.panes[self.focus].cursor;
        let below = cursor
            .at()
            .map_or(0, |at| at.saturating_sub(cursor.window().start) + 1);
        let row = top.saturating_add(cells(below));
        let whole = self
            .spots
            .iter()
            .map(|spot| spot.place.bottom())
            .max()
            .unwrap_or(0);
        let most = whole.saturating_sub(self.area.bottom());
        let least = row.saturating_add(1).saturating_sub(self.area.height);
        self.scroll = self.scroll.min(top).max(least).min(most);
    }

    /// The panes that have rows, in the order of Tab.
    fn order(&self) -> Vec<usize> {
        let filled = |pane: &usize| !self.panes[*pane].content.entries.is_empty();
        self.spots
            .iter()
            .map(|spot| spot.pane)
            .filter(filled)
            .collect()
    }

    fn turn(&mut self, forwards: bool) {
        let order = self.order();
        let Some(at) = order.iter().position(|pane| *pane == self.focus) else {
            self.focus = order.first().copied().unwrap_or(0);
            return;
        };
        let step = if forwards { 1 } else { order.len() - 1 };
        self.focus = order[(at + step) % order.len()];
    }

    /// Moves the cursor along the rows of a column, over the end of a pane into the next.
    fn step(&mut self, movement: &str) {
        let pane = &mut self.panes[self.focus];
        let before = pane.cursor.at();
        pane.cursor.act(movement);
        if pane.cursor.at() != before || !matches!(movement, "down" | "up") {
            return;
        }
        let order = self.order();
        let column = |pane: usize| {
            let spot = self.spots.iter().find(|spot| spot.pane == pane);
            spot.map(|spot| spot.place.x)
        };
        let Some(at) = order.iter().position(|pane| *pane == self.focus) else {
            return;
        };
        let next = if movement == "down" {
            Some(at + 1)
        } else {
            at.checked_sub(1)
        };
        let next = next.and_then(|next| order.get(next)).copied();
        if let Some(next) = next.filter(|next| column(*next) == column(self.focus)) {
            self.focus = next;
            self.panes[next]
                .cursor
                .act(if movement == "down" { "top" } else { "bottom" });
        }
    }

    /// Goes to the pane of the other column that stands at the height of the cursor.
    fn cross(&mut self, to_right: bool) {
        let Some(here) = self.spots.iter().find(|spot| spot.pane == self.focus) else {
            return;
        };
        let cursor = &self.panes[self.focus].cursor;
        let below = cursor
            .at()
            .map_or(0, |at| at.saturating_sub(cursor.window().start) + 1);
        let height = here.place.y.saturating_add(cells(below));
        let beside = |spot: &&Spot| {
            let filled = !self.panes[spot.pane].content.entries.is_empty();
            filled && (spot.place.x > here.place.x) == to_right && spot.place.x != here.place.x
        };
        let distance = |spot: &&Spot| {
            let (top, bottom) = (spot.place.y, spot.place.bottom());
            top.saturating_sub(height)
                .max((height + 1).saturating_sub(bottom))
        };
        if let Some(spot) = self.spots.iter().filter(beside).min_by_key(distance) {
            let (pane, top) = (spot.pane, spot.place.y);
            self.focus = pane;
            self.panes[pane]
                .cursor
                .click(usize::from(height.saturating_sub(top)).saturating_sub(1));
        }
    }

    fn entry(&self) -> Option<&Entry> {
        self.panes.get(self.focus).and_then(Pane::selected)
    }

    fn open(&self) -> Vec<Request> {
        let request = self.entry().map(|entry| match entry.link {
            Link::Record(id) => Request::Open(id),
            Link::View(name) => Request::View(name),
        });
        request.into_iter().collect()
    }

    /// The pane at a cell, and the row of it.
    fn hit(&self, column: u16, row: u16) -> Option<(usize, usize)> {
        let row = row.saturating_add(self.scroll);
        let position = Position::new(column, row);
        let spot = self
            .spots
            .iter()
            .find(|spot| spot.place.contains(position))?;
        Some((spot.pane, usize::from(row - spot.place.y)))
    }

    fn draw_welcome(shared: &Shared, buffer: &mut Buffer, area: Rect) {
        let theme = shared.theme;
        let ways = [
            ("a", "adds a contact, a company, a deal or a follow-up"),
            ("?", "shows every key, and : runs any command by name"),
            ("q", "leaves; in the shell then:"),
            ("", "touchbase import FILE   brings contacts from elsewhere"),
            ("", "touchbase demo          shows a store full of examples"),
        ];
        let top = usize::from(area.height / 4);
        Row::new(buffer, area, top)
            .skip(3)
            .put("Nothing is here yet.", theme.strong());
        for (below, (key, words)) in ways.iter().enumerate() {
            let mut row = Row::new(buffer, area, top + 2 + below);
            row.skip(3)
                .cell(key, 2, theme.key())
                .skip(1)
                .put(words, theme.text());
        }
    }
}

impl View for Home {
    fn refresh(&mut self, shared: &Shared) {
        self.is_empty = gather::is_empty(shared);
        for (pane, (gather, ..)) in self.panes.iter_mut().zip(PANES) {
            pane.fill(gather(shared));
        }
        self.lay_out();
        if shared.loaded && self.entry().is_none() {
            self.focus = self.order().first().copied().unwrap_or(0);
        }
    }

    fn resize(&mut self, area: Rect, _shared: &Shared) {
        // A blank column on the right, where there is room for one.
        let margin = u16::from(area.width > 40);
        self.area = Rect {
            width: area.width - margin,
            ..area
        };
        self.lay_out();
    }

    fn act(&mut self, action: &str, _shared: &Shared) -> Vec<Request> {
        match action {
            "open" => return self.open(),
            "next-pane" | "previous-pane" => self.turn(action == "next-pane"),
            "left" | "right" => self.cross(action == "right"),
            movement => self.step(movement),
        }
        self.follow();
        Vec::new()
    }

    fn back(&mut self, _shared: &Shared) -> bool {
        let first = self.order().first().copied().unwrap_or(0);
        let moved = self.focus != first;
        self.focus = first;
        self.follow();
        moved
    }

    fn selected(&self) -> Option<Id> {
        self.entry().and_then(|entry| match entry.link {
            Link::Record(id) => Some(id),
            Link::View(_) => None,
        })
    }

    fn select(&mut self, id: Id, _shared: &Shared) -> bool {
        let is = |entry: &Entry| matches!(entry.link, Link::Record(known) if known == id);
        let found =
            self.panes.iter().enumerate().find_map(|(pane, content)| {
                Some((pane, content.content.entries.iter().position(is)?))
            });
        if let Some((pane, at)) = found {
            self.focus = pane;
            self.panes[pane].cursor.set(at);
            self.follow();
        }
        found.is_some()
    }

    fn click(&mut self, column: u16, row: u16, _shared: &Shared) -> Vec<Request> {
        let Some((pane, below)) = self.hit(column, row) else {
            return Vec::new();
        };
        let before = (self.focus, self.panes[pane].cursor.at());
        let filled = !self.panes[pane].content.entries.is_empty();
        if filled {
            self.focus = pane;
        }
        let hit = below > 0 && self.panes[pane].cursor.click(below - 1);
        let again = hit && before == (pane, self.panes[pane].cursor.at());
        if again { self.open() } else { Vec::new() }
    }

    fn wheel(&mut self, lines: isize, column: u16, row: u16, _shared: &Shared) {
        if let Some((pane, _)) = self.hit(column, row) {
            self.panes[pane].cursor.wheel(lines);
        }
    }

    fn draw(&self, shared: &Shared, buffer: &mut Buffer, area: Rect) {
        if self.is_empty {
            return Self::draw_welcome(shared, buffer, area);
        }
        for spot in &self.spots {
            for below in 0..spot.place.height {
                let row = spot.place.y.saturating_add(below).checked_sub(self.scroll);
                let Some(y) = row.filter(|y| (area.y..area.bottom()).contains(y)) else {
                    continue;
                };
                let place = Rect {
                    y,
                    height: 1,
                    ..spot.place
                };
                let focused = spot.pane == self.focus;
                let pane = &self.panes[spot.pane];
                pane.draw_row(usize::from(below), focused, shared.theme, buffer, place);
            }
        }
    }
}
