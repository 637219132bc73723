//! The list of a kind with the selected record beside it: what contacts and companies share.

use super::View;
use crate::domain::id::Id;
use crate::domain::kind::Kind;
use crate::domain::record::Record;
use crate::tui::filter::Filter;
use crate::tui::marks;
use crate::tui::model::Shared;
use crate::tui::msg::Request;
use crate::tui::widgets::cursor::Cursor;
use crate::tui::widgets::empty;
use crate::tui::widgets::record_pane::{Part, RecordPane};
use crate::tui::widgets::text::{Row, cells, paint};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

/// One column of a list.
pub(crate) struct Column {
    /// Its heading.
    pub(crate) title: &'static str,
    /// How many cells it needs.
    pub(crate) least: usize,
    /// Its share of the cells that are left.
    pub(crate) grows: usize,
    /// What stands in it.
    pub(crate) text: fn(&Shared, &Record) -> String,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Pane {
    #[default]
    List,
    Facts,
    History,
}

/// Where the panes are; those that are not shown are empty.
#[derive(Clone, Copy, Debug, Default)]
struct Panes {
    list: Rect,
    facts: Rect,
    history: Rect,
}

/// A list of records of one kind.
pub(crate) struct RecordList {
    kind: &'static Kind,
    columns: &'static [Column],
    rows: Vec<Id>,
    cursor: Cursor,
    filter: Option<Filter>,
    focus: Pane,
    facts: RecordPane,
    history: RecordPane,
    area: Rect,
    total: usize,
}

impl RecordList {
    /// An empty list of a kind.
    pub(crate) fn new(kind: &'static Kind, columns: &'static [Column]) -> Self {
        Self {
            kind,
            columns,
            rows: Vec::new(),
            cursor: Cursor::default(),
            filter: None,
            focus: Pane::List,
            facts: RecordPane::new(Part::All),
            history: RecordPane::new(Part::History),
            area: Rect::default(),
            total: 0,
        }
    }

    fn panes(&self, area: Rect) -> Panes {
        let Rect {
            x,
            y,
            width,
            height,
        } = area;
        if width < 80 {
            return match self.focus {
                Pane::List => Panes {
                    list: area,
                    ..Panes::default()
                },
                _ => Panes {
                    facts: Rect::new(x.saturating_add(1), y, width.saturating_sub(2), height),
                    ..Panes::default()
                },
            };
        }
        let left = if width < 120 {
            width * 45 / 100
        } else {
            width / 2
        };
        let list = Rect::new(x, y, left, height);
        let beside = Rect::new(x + left + 2, y, width - left - 3, height);
        if width < 120 {
            return Panes {
                list,
                facts: beside,
                history: Rect::default(),
            };
        }
        let needed = cells(self.facts.length()).max(1);
        let upper = needed.min(height * 3 / 5).min(height.saturating_sub(2));
        let facts = Rect {
            height: upper,
            ..beside
        };
        let history = Rect {
            y: y + upper + 1,
            height: height - upper - 1,
            ..beside
        };
        Panes {
            list,
            facts,
            history,
        }
    }

    fn show(&mut self, shared: &Shared) {
        let id = self.selected();
        let wide = self.area.width >= 120;
        let part = if wide { Part::Facts } else { Part::All };
        let first = self.panes(self.area);
        self.facts.show(id, part, first.facts, shared);
        let panes = self.panes(self.area);
        self.facts.show(id, part, panes.facts, shared);
        self.history.show(id, Part::History, panes.history, shared);
        if !wide && self.focus == Pane::History {
            self.focus = Pane::Facts;
        }
        let rows = usize::from(panes.list.height).saturating_sub(1);
        self.cursor.set_height(rows);
    }

    fn turn(&mut self, forwards: bool, shared: &Shared) {
        let order: &[Pane] = if self.area.width >= 120 {
            &[Pane::List, Pane::Facts, Pane::History]
        } else {
            &[Pane::List, Pane::Facts]
        };
        let at = order
            .iter()
            .position(|pane| *pane == self.focus)
            .unwrap_or(0);
        let step = if forwards { 1 } else { order.len() - 1 };
        self.focus = order[(at + step) % order.len()];
        self.show(shared);
    }

    fn focused_pane(&mut self) -> Option<&mut RecordPane> {
        match self.focus {
            Pane::List => None,
            Pane::Facts => Some(&mut self.facts),
            Pane::History => Some(&mut self.history),
        }
    }

    fn draw_list(&self, shared: &Shared, buffer: &mut Buffer, area: Rect) {
        let theme = shared.theme;
        if self.rows.is_empty() {
            let filtered = self.filter.as_ref().map(Filter::text);
            empty::draw(self.kind.plural, filtered, theme, buffer, area);
            return;
        }
        let shown = fitting(self.columns, usize::from(area.width));
        let mut row = Row::new(buffer, area, 0);
        row.skip(3);
        for (column, size) in &shown {
            row.cell(column.title, *size, theme.faint()).skip(2);
        }
        for (below, at) in self.cursor.window().enumerate() {
            let Some(record) = self.rows.get(at).and_then(|id| shared.snapshot.get(*id)) else {
                continue;
            };
            let selected = self.cursor.at() == Some(at);
            let mark = marks::of(record, shared);
            let mut row = Row::new(buffer, area, below + 1);
            let pointer = if selected { "›" } else { " " };
            row.put(pointer, theme.accent());
            row.cell(mark.sign(), 1, mark.style(theme)).skip(1);
            for (place, (column, size)) in shown.iter().enumerate() {
                let style = if place == 0 {
                    theme.strong()
                } else {
                    theme.text()
                };
                row.cell(&(column.text)(shared, record), *size, style)
                    .skip(2);
            }
            if selected && self.focus == Pane::List {
                let y = area.y.saturating_add(cells(below + 1));
                paint(
                    buffer,
                    Rect::new(area.x, y, area.width, 1),
                    theme.selected(),
                );
            }
        }
    }
}

/// The columns that fit, with their sizes: the last go first, the first takes what is left.
pub(crate) fn fitting(columns: &'static [Column], width: usize) -> Vec<(&'static Column, usize)> {
    let room = width.saturating_sub(4);
    let mut count = columns.len();
    let needed = |count: usize| columns[..count].iter().map(|c| c.least + 2).sum::<usize>();
    while count > 1 && needed(count) > room {
        count -= 1;
    }
    let left = room.saturating_sub(needed(count));
    let shares = columns[..count]
        .iter()
        .map(|c| c.grows)
        .sum::<usize>()
        .max(1);
    columns[..count]
        .iter()
        .map(|column| {
            (
                column,
                (column.least + left * column.grows / shares).min(room),
            )
        })
        .collect()
}

impl View for RecordList {
    fn refresh(&mut self, shared: &Shared) {
        let selected = self.selected();
        let all = shared.snapshot.of_kind(self.kind);
        let mut total = 0;
        self.rows = all
            .inspect(|_| total += 1)
            .filter(|record| {
                self.filter
                    .as_ref()
                    .is_none_or(|filter| filter.matches(record, shared))
            })
            .map(|record| record.id)
            .collect();
        self.total = total;
        self.cursor.set_length(self.rows.len());
        if let Some(id) = selected
            && let Some(at) = self.rows.iter().position(|row| *row == id)
        {
            self.cursor.set(at);
        }
        self.show(shared);
    }

    fn resize(&mut self, area: Rect, shared: &Shared) {
        self.area = area;
        self.show(shared);
    }

    fn act(&mut self, action: &str, shared: &Shared) -> Vec<Request> {
        match action {
            "next-pane" | "right" if self.focus == Pane::List => self.turn(true, shared),
            "left" => {
                self.back(shared);
            }
            "next-pane" => self.turn(true, shared),
            "previous-pane" => self.turn(false, shared),
            "open" => {
                if let Some(pane) = self.focused_pane() {
                    return pane.link().map(Request::Open).into_iter().collect();
                }
                if self.selected().is_some() {
                    self.focus = Pane::Facts;
                    self.show(shared);
                }
            }
            movement => match self.focused_pane() {
                Some(pane) => {
                    pane.act(movement);
                }
                None => {
                    self.cursor.act(movement);
                    self.show(shared);
                }
            },
        }
        Vec::new()
    }

    fn back(&mut self, shared: &Shared) -> bool {
        let inside = self.focus != Pane::List;
        self.focus = Pane::List;
        self.show(shared);
        inside
    }

    fn selected(&self) -> Option<Id> {
        self.cursor.at().and_then(|at| self.rows.get(at)).copied()
    }

    fn select(&mut self, id: Id, shared: &Shared) -> bool {
        let Some(at) = self.rows.iter().position(|row| *row == id) else {
            return false;
        };
        self.cursor.set(at);
        self.show(shared);
        true
    }

    fn filter(&self) -> Option<&Filter> {
        self.filter.as_ref()
    }

    fn set_filter(&mut self, filter: Option<Filter>, shared: &Shared) {
        self.filter = filter;
        self.focus = Pane::List;
        self.refresh(shared);
    }

    fn counts(&self) -> Option<(usize, usize)> {
        Some((self.rows.len(), self.total))
    }

    fn click(&mut self, column: u16, row: u16, shared: &Shared) -> Vec<Request> {
        let panes = self.panes(self.area);
        let position = Position::new(column, row);
        if panes.list.contains(position) {
            self.focus = Pane::List;
            if let Some(below) = usize::from(row - panes.list.y).checked_sub(1) {
                self.cursor.click(below);
            }
            self.show(shared);
        } else if panes.facts.contains(position) {
            self.focus = Pane::Facts;
            self.facts.click(usize::from(row - panes.facts.y));
        } else if panes.history.contains(position) {
            self.focus = Pane::History;
            self.history.click(usize::from(row - panes.history.y));
        }
        Vec::new()
    }

    fn wheel(&mut self, lines: isize, column: u16, row: u16, shared: &Shared) {
        let panes = self.panes(self.area);
        let position = Position::new(column, row);
        if panes.facts.contains(position) {
            self.facts.wheel(lines);
        } else if panes.history.contains(position) {
            self.history.wheel(lines);
        } else {
            self.cursor.wheel(lines);
            self.show(shared);
        }
    }

    fn draw(&self, shared: &Shared, buffer: &mut Buffer, area: Rect) {
        let panes = self.panes(area);
        if !panes.list.is_empty() {
            self.draw_list(shared, buffer, panes.list);
        }
        if panes.facts.is_empty() || self.rows.is_empty() {
            return;
        }
        if !panes.list.is_empty() {
            for below in 0..usize::from(area.height) {
                let line = Rect::new(panes.list.right(), area.y, 1, area.height);
                Row::new(buffer, line, below).put("│", shared.theme.faint());
            }
        }
        self.facts
            .draw(shared, buffer, panes.facts, self.focus == Pane::Facts);
        self.history
            .draw(shared, buffer, panes.history, self.focus == Pane::History);
    }
}
