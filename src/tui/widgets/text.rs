//! Text on cells: measured by grapheme, cut with `…`, wrapped at words, cleaned of everything
//! that steers a terminal. Every string that a view shows passes through here.

use crate::domain::values::text::line;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::UnicodeWidthStr as _;

/// How many cells a text takes.
pub(crate) fn width(text: &str) -> usize {
    line(text).graphemes(true).map(|part| part.width()).sum()
}

/// The text in at most `limit` cells, ending in `…` where something was cut.
pub(crate) fn cut(text: &str, limit: usize) -> String {
    let clean = line(text);
    if clean.width() <= limit && width(&clean) <= limit {
        return clean;
    }
    if limit == 0 {
        return String::new();
    }
    let mut kept = String::new();
    let mut used = 0;
    for part in clean.graphemes(true) {
        if used + part.width() > limit - 1 {
            break;
        }
        used += part.width();
        kept.push_str(part);
    }
    kept.truncate(kept.trim_end().len());
    kept.push('…');
    kept
}

/// The text in exactly `size` cells, blanks behind it.
pub(crate) fn fit(text: &str, size: usize) -> String {
    let mut shown = cut(text, size);
    let missing = size.saturating_sub(width(&shown));
    shown.extend(std::iter::repeat_n(' ', missing));
    shown
}

/// The text in exactly `size` cells, blanks before it.
pub(crate) fn fit_right(text: &str, size: usize) -> String {
    let shown = cut(text, size);
    let missing = size.saturating_sub(width(&shown));
    format!("{}{shown}", " ".repeat(missing))
}

/// Lines of at most `limit` cells, broken between words where that is possible.
pub(crate) fn wrap(text: &str, limit: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        wrap_paragraph(&line(paragraph), limit.max(1), &mut lines);
    }
    lines
}

fn wrap_paragraph(text: &str, limit: usize, lines: &mut Vec<String>) {
    let mut current = String::new();
    let mut used = 0;
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let size = width(word);
        if used > 0 && used + 1 + size > limit {
            lines.push(std::mem::take(&mut current));
            used = 0;
        }
        if used > 0 {
            current.push(' ');
            used += 1;
        }
        for part in word.graphemes(true) {
            if used > 0 && used + part.width() > limit {
                let rest = after_mark(&mut current);
                lines.push(std::mem::replace(&mut current, rest));
                used = width(&current);
            }
            used += part.width();
            current.push_str(part);
        }
    }
    lines.push(current);
}

/// Takes off what stands behind the last mark of a long word, such as an address, so that it
/// breaks there; nothing where that would leave less than half.
fn after_mark(line: &mut String) -> String {
    let at = line
        .rfind(['@', '.', '-', '/', '_', ','])
        .map_or(0, |at| at + 1);
    if at * 2 > line.len() && at < line.len() {
        line.split_off(at)
    } else {
        String::new()
    }
}

/// A count of cells as the terminal counts them.
pub(crate) fn cells(count: usize) -> u16 {
    u16::try_from(count).unwrap_or(u16::MAX)
}

/// Colours an area, as far as it lies on the screen.
pub(crate) fn paint(buffer: &mut Buffer, area: Rect, style: Style) {
    let visible = area.intersection(buffer.area);
    buffer.set_style(visible, style);
}

/// Empties an area, as far as it lies on the screen.
pub(crate) fn clear(buffer: &mut Buffer, area: Rect) {
    let visible = area.intersection(buffer.area);
    for row in visible.rows() {
        // Half of a wide character would be left standing before the area.
        let before = row.x.checked_sub(1).filter(|x| *x >= buffer.area.x);
        if let Some(x) = before.filter(|x| buffer[(*x, row.y)].symbol().width() > 1) {
            buffer[(x, row.y)].set_symbol(" ");
        }
        for place in row.columns() {
            buffer[(place.x, place.y)].reset();
        }
    }
}

/// One line of an area, written from the left and from the right.
pub(crate) struct Row<'a> {
    buffer: &'a mut Buffer,
    start: u16,
    end: u16,
    y: u16,
    shown: bool,
}

impl<'a> Row<'a> {
    /// The line so many rows below the top of the area; writes nothing when it lies outside.
    pub(crate) fn new(buffer: &'a mut Buffer, area: Rect, below: usize) -> Self {
        let visible = area.intersection(buffer.area);
        let y = visible.y.saturating_add(cells(below));
        Self {
            start: visible.x,
            end: visible.right(),
            shown: y < visible.bottom(),
            y,
            buffer,
        }
    }

    /// How many cells are left between what stands on the left and on the right.
    pub(crate) fn room(&self) -> usize {
        usize::from(self.end.saturating_sub(self.start))
    }

    /// Writes at the left, cut to the room that is left.
    pub(crate) fn put(&mut self, text: &str, style: Style) -> &mut Self {
        let room = self.room();
        self.cell(text, width(text).min(room), style)
    }

    /// Writes in exactly so many cells, blanks behind.
    pub(crate) fn cell(&mut self, text: &str, size: usize, style: Style) -> &mut Self {
        let size = size.min(self.room());
        self.write(&fit(text, size), size, style);
        self
    }

    /// Writes in exactly so many cells, blanks before.
    pub(crate) fn cell_right(&mut self, text: &str, size: usize, style: Style) -> &mut Self {
        let size = size.min(self.room());
        self.write(&fit_right(text, size), size, style);
        self
    }

    /// Leaves cells blank.
    pub(crate) fn skip(&mut self, size: usize) -> &mut Self {
        self.start = self.start.saturating_add(cells(size)).min(self.end);
        self
    }

    /// Writes at the right end, with a blank before it, if it fits whole.
    pub(crate) fn right(&mut self, text: &str, style: Style) -> &mut Self {
        let size = width(text);
        if size > 0 && size < self.room() {
            let at = self.end - cells(size);
            if self.shown {
                self.buffer.set_stringn(at, self.y, line(text), size, style);
            }
            self.end = at.saturating_sub(1).max(self.start);
        }
        self
    }

    fn write(&mut self, text: &str, size: usize, style: Style) {
        if self.shown && size > 0 {
            self.buffer
                .set_stringn(self.start, self.y, text, size, style);
        }
        self.skip(size);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_cut_by_cells_and_says_so() {
        for (text, limit, expect) in [
            ("Zoë Müller", 10, "Zoë Müller"),
            ("Zoë Müller", 5, "Zoë…"),
            ("山田太郎", 8, "山田太郎"),
            ("山田太郎", 7, "山田太…"),
            ("山田太郎", 6, "山田…"),
            ("e\u{301}e\u{301}e\u{301}", 2, "e\u{301}…"),
            ("abc", 0, ""),
            ("abc", 1, "…"),
            ("a\x1b[0mb", 9, "a[0mb"),
        ] {
            assert_eq!(cut(text, limit), expect, "{text} in {limit}");
            assert!(width(&cut(text, limit)) <= limit);
        }
        assert_eq!(fit("山", 4), "山  ");
        assert_eq!(fit_right("7", 3), "  7");
    }

    #[test]
    fn lines_break_between_words_and_inside_only_what_is_too_long() {
        assert_eq!(wrap("one two three\nfour", 8), ["one two", "three", "four"]);
        assert_eq!(wrap("abcdefgh", 3), ["abc", "def", "gh"]);
        assert_eq!(wrap("山田太郎", 3), ["山", "田", "太", "郎"]);
        assert_eq!(wrap("", 5), [""]);
        assert_eq!(wrap("ab", 0), ["a", "b"]);
    }

    #[test]
    fn a_row_outside_its_area_writes_nothing() {
        let area = Rect::new(0, 0, 3, 1);
        let mut buffer = Buffer::empty(area);
        Row::new(&mut buffer, area, 1).put("x", Style::new());
        Row::new(&mut buffer, Rect::new(9, 9, 5, 5), 0).put("x", Style::new());
        let mut row = Row::new(&mut buffer, area, 0);
        row.right("z", Style::new()).put("abcd", Style::new());
        assert_eq!(buffer, Buffer::with_lines(["… z"]));
    }
}
