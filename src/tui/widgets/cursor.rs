//! A cursor in a list: where it is, what of the list is in sight, how movement changes both.

use std::ops::Range;

/// A place in a list of which a window is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Cursor {
    at: usize,
    offset: usize,
    length: usize,
    height: usize,
}

impl Cursor {
    /// The index under the cursor; none in an empty list.
    pub(crate) const fn at(&self) -> Option<usize> {
        if self.length == 0 {
            None
        } else {
            Some(self.at)
        }
    }

    /// The list has so many rows now.
    pub(crate) fn set_length(&mut self, length: usize) {
        self.length = length;
        self.follow();
    }

    /// So many rows are in sight now.
    pub(crate) fn set_height(&mut self, height: usize) {
        self.height = height;
        self.follow();
    }

    /// Puts the cursor on a row, or on the last one before it.
    pub(crate) fn set(&mut self, at: usize) {
        self.at = at;
        self.follow();
    }

    /// Moves as an action says; false when it is no movement along a list.
    pub(crate) fn act(&mut self, action: &str) -> bool {
        let page = self.height.max(1);
        let half = (self.height / 2).max(1);
        self.at = match action {
            "down" => self.at.saturating_add(1),
            "up" => self.at.saturating_sub(1),
            "top" => 0,
            "bottom" => self.length,
            "half-down" => self.at.saturating_add(half),
            "half-up" => self.at.saturating_sub(half),
            "page-down" => self.at.saturating_add(page),
            "page-up" => self.at.saturating_sub(page),
            _ => return false,
        };
        self.follow();
        true
    }

    /// Moves by lines of a wheel.
    pub(crate) fn wheel(&mut self, lines: isize) {
        self.at = self.at.saturating_add_signed(lines);
        self.follow();
    }

    /// Puts the cursor on the row that is so far below the top of the window.
    pub(crate) fn click(&mut self, below: usize) -> bool {
        let row = self.offset + below;
        let hit = row < self.length;
        if hit {
            self.set(row);
        }
        hit
    }

    /// The rows in sight.
    pub(crate) fn window(&self) -> Range<usize> {
        self.offset..self.length.min(self.offset + self.height)
    }

    fn follow(&mut self) {
        self.at = self.at.min(self.length.saturating_sub(1));
        let most = self.length.saturating_sub(self.height.max(1));
        let first = (self.at + 1).saturating_sub(self.height.max(1));
        self.offset = self.offset.min(self.at).max(first).min(most);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_follows_the_cursor_and_never_leaves_the_list() {
        let mut cursor = Cursor::default();
        cursor.set_length(10);
        cursor.set_height(4);
        for (action, at, window) in [
            ("down", 1, 0..4),
            ("page-down", 5, 2..6),
            ("bottom", 9, 6..10),
            ("down", 9, 6..10),
            ("half-up", 7, 6..10),
            ("page-up", 3, 3..7),
            ("top", 0, 0..4),
            ("up", 0, 0..4),
        ] {
            assert!(cursor.act(action));
            assert_eq!(
                (cursor.at(), cursor.window()),
                (Some(at), window),
                "{action}"
            );
        }
        assert!(!cursor.act("left"));
        cursor.set_length(0);
        assert_eq!((cursor.at(), cursor.window()), (None, 0..0));
        cursor.wheel(-3);
        assert!(!cursor.click(2));
    }
}
