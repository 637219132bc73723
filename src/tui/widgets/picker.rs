//! A list that is narrowed by typing, of which one row is chosen.

use super::cursor::Cursor;
use super::frame;
use super::input::Line;
use super::text::{Row, paint};
use crate::tui::theme::Theme;
use crossterm::event::KeyEvent;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// One row of a picker.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Entry {
    /// A narrow first column: keys, a kind.
    pub(crate) mark: String,
    /// What it is called.
    pub(crate) text: String,
    /// More about it, at the right.
    pub(crate) note: String,
    /// Whether it can be chosen; a heading or something that does not apply cannot.
    pub(crate) enabled: bool,
    /// Whether it is a heading.
    pub(crate) heading: bool,
}

/// The typed text and the place in the list.
#[derive(Clone, Debug, Default)]
pub(crate) struct Picker {
    pub(crate) input: Line,
    cursor: Cursor,
}

impl Picker {
    /// A picker in which something is typed already.
    pub(crate) fn new(text: &str) -> Self {
        Self {
            input: Line::new(text),
            cursor: Cursor::default(),
        }
    }

    /// The index of the chosen row.
    pub(crate) const fn chosen(&self) -> Option<usize> {
        self.cursor.at()
    }

    /// The list has so many rows now; the cursor goes to the first.
    pub(crate) fn restart(&mut self, length: usize) {
        self.cursor.set_length(length);
        self.cursor.set(0);
    }

    /// The screen has room for so many rows.
    pub(crate) fn resize(&mut self, body: Rect) {
        let rows = usize::from(frame::inside(Self::place(body)).height);
        self.cursor.set_height(rows.saturating_sub(1));
    }

    /// Puts the cursor on the next row that is no heading.
    pub(crate) fn settle(&mut self, entries: &[Entry], downwards: bool) {
        let Some(at) = self.cursor.at() else { return };
        let is_row = |place: &usize| entries.get(*place).is_some_and(|entry| !entry.heading);
        let after = (at..entries.len()).find(is_row);
        let before = (0..=at).rev().find(is_row);
        let found = if downwards {
            after.or(before)
        } else {
            before.or(after)
        };
        if let Some(place) = found {
            self.cursor.set(place);
        }
    }

    /// Moves by one of the picker's actions; false when it is none of them.
    pub(crate) fn act(&mut self, action: &str, entries: &[Entry]) -> bool {
        let Some(name) = action.strip_prefix("picker-") else {
            return false;
        };
        let moved = self.cursor.act(name);
        self.settle(entries, name.ends_with("down"));
        moved
    }

    /// Takes a key; true when the text changed.
    pub(crate) fn typed(&mut self, key: &KeyEvent) -> bool {
        self.input.typed(key)
    }

    /// Moves by lines of a wheel.
    pub(crate) fn wheel(&mut self, lines: isize, entries: &[Entry]) {
        self.cursor.wheel(lines);
        self.settle(entries, lines > 0);
    }

    /// Puts the cursor where the mouse clicked; true when a row was hit.
    pub(crate) fn click(&mut self, column: u16, row: u16, body: Rect, entries: &[Entry]) -> bool {
        let inner = frame::inside(Self::place(body));
        let list = Rect::new(
            inner.x,
            inner.y.saturating_add(1),
            inner.width,
            inner.height.saturating_sub(1),
        );
        let position = ratatui::layout::Position::new(column, row);
        list.contains(position)
            && self.cursor.click(usize::from(row - list.y))
            && self
                .chosen()
                .and_then(|at| entries.get(at))
                .is_some_and(|entry| !entry.heading)
    }

    fn place(body: Rect) -> Rect {
        let wide = usize::from(body.width).saturating_sub(4).min(84);
        let high = usize::from(body.height).saturating_sub(2).min(24);
        frame::centred(body, wide.max(36), high.max(6))
    }

    /// Draws the frame, the typed text and the rows in sight.
    pub(crate) fn draw(
        &self,
        title: &str,
        empty: &str,
        entries: &[Entry],
        theme: Theme,
        buffer: &mut Buffer,
        body: Rect,
    ) {
        let place = Self::place(body);
        frame::draw(buffer, place, title, theme);
        let inner = frame::inside(place);
        let mut row = Row::new(buffer, inner, 0);
        row.put("› ", theme.accent());
        self.input.draw(&mut row, theme, true);
        let list = Rect::new(
            inner.x,
            inner.y.saturating_add(1),
            inner.width,
            inner.height.saturating_sub(1),
        );
        if entries.is_empty() {
            Row::new(buffer, list, 0).put(empty, theme.text());
            return;
        }
        let widest = entries.iter().map(|entry| super::text::width(&entry.mark));
        let marks = widest.max().unwrap_or(0).min(14);
        for (below, at) in self.cursor.window().enumerate() {
            let Some(entry) = entries.get(at) else { break };
            draw_entry(entry, marks, theme, buffer, list, below);
            if Some(at) == self.cursor.at() {
                let line = Rect::new(
                    list.x,
                    list.y.saturating_add(super::text::cells(below)),
                    list.width,
                    1,
                );
                paint(buffer, line, theme.selected());
            }
        }
    }
}

fn draw_entry(
    entry: &Entry,
    marks: usize,
    theme: Theme,
    buffer: &mut Buffer,
    list: Rect,
    below: usize,
) {
    let mut row = Row::new(buffer, list, below);
    if entry.heading {
        row.put(&entry.text, theme.heading());
        return;
    }
    let (key, text) = if entry.enabled {
        (theme.key(), theme.text())
    } else {
        (theme.faint(), theme.faint())
    };
    if marks > 0 {
        row.cell(&entry.mark, marks, key).skip(2);
    }
    let shown = super::text::width(&entry.text);
    if row.room() > shown + 2 {
        let note = super::text::cut(&entry.note, row.room() - shown - 2);
        row.right(&note, theme.faint());
    }
    row.put(&entry.text, text);
}
