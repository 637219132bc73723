//! A text of several lines that is being typed.

use super::input::Line;
use super::text::Row;
use crate::tui::theme::Theme;
use crossterm::event::{KeyCode, KeyEvent};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// Lines with a cursor in one of them.
#[derive(Clone, Debug)]
pub(crate) struct Lines {
    lines: Vec<Line>,
    at: usize,
}

impl Lines {
    /// Lines that hold a text, the cursor behind it.
    pub(crate) fn new(text: &str) -> Self {
        let lines: Vec<Line> = text.split('\n').map(Line::new).collect();
        Self {
            at: lines.len() - 1,
            lines,
        }
    }

    /// What stands in them.
    pub(crate) fn text(&self) -> String {
        self.lines
            .iter()
            .map(Line::text)
            .collect::<Vec<_>>()
            .join("\n")
    }

    /// How many there are.
    pub(crate) const fn height(&self) -> usize {
        self.lines.len()
    }

    /// Breaks the line at the cursor.
    pub(crate) fn split(&mut self) {
        let (head, tail) = self.lines[self.at].split();
        self.lines[self.at] = head;
        self.at += 1;
        self.lines.insert(self.at, tail);
    }

    /// Moves a line down or up; false when there is none.
    pub(crate) fn step(&mut self, down: bool) -> bool {
        let next = if down {
            self.at.checked_add(1)
        } else {
            self.at.checked_sub(1)
        };
        let Some(next) = next.filter(|next| *next < self.lines.len()) else {
            return false;
        };
        self.at = next;
        true
    }

    /// Takes a key; true when the text changed.
    pub(crate) fn typed(&mut self, key: &KeyEvent) -> bool {
        let at_start = self.lines[self.at].is_at_start();
        if key.code == KeyCode::Backspace && at_start && self.at > 0 {
            let tail = self.lines.remove(self.at);
            self.at -= 1;
            self.lines[self.at].join(&tail);
            return true;
        }
        self.lines[self.at].typed(key)
    }

    /// Takes pasted text, line by line.
    pub(crate) fn paste(&mut self, text: &str) {
        for (place, part) in text
            .replace("\r\n", "\n")
            .replace('\r', "\n")
            .split('\n')
            .enumerate()
        {
            if place > 0 {
                self.split();
            }
            self.lines[self.at].paste(part);
        }
    }

    /// Draws them one below the other, the cursor where the focus is.
    pub(crate) fn draw(&self, buffer: &mut Buffer, area: Rect, theme: Theme, focused: bool) {
        for (below, line) in self.lines.iter().enumerate().take(usize::from(area.height)) {
            let mut row = Row::new(buffer, area, below);
            line.draw(&mut row, theme, focused && below == self.at);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crossterm::event::KeyModifiers;

    #[test]
    fn lines_split_and_join_at_the_cursor() {
        let mut lines = Lines::new("one");
        let key = |code| KeyEvent::new(code, KeyModifiers::NONE);
        lines.typed(&key(KeyCode::Left));
        lines.split();
        assert_eq!(lines.text(), "on\ne");
        assert!(lines.typed(&key(KeyCode::Backspace)));
        assert_eq!(lines.text(), "one");
        lines.typed(&key(KeyCode::Home));
        assert!(!lines.typed(&key(KeyCode::Backspace)));
        lines.paste("a\r\nb");
        assert_eq!(lines.text(), "a\nbone");
        assert!(lines.step(false) && !lines.step(false));
    }
}
