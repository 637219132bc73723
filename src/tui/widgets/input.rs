//! A text of one line that is being typed.

use super::text::{self, Row};
use crate::domain::values::text::line;
use crate::tui::theme::Theme;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::style::Modifier;
use tui_input::{Input, InputRequest};

/// A line with a cursor in it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Line(Input);

impl Line {
    /// A line that holds a text, the cursor behind it.
    pub(crate) fn new(text: &str) -> Self {
        Self(Input::new(line(text)))
    }

    /// What stands in it.
    pub(crate) fn text(&self) -> &str {
        self.0.value()
    }

    /// Replaces what stands in it.
    pub(crate) fn set(&mut self, text: &str) {
        *self = Self::new(text);
    }

    /// Whether the cursor stands before the first letter.
    pub(crate) fn is_at_start(&self) -> bool {
        self.0.cursor() == 0
    }

    /// Whether the cursor stands behind the last letter.
    pub(crate) fn is_at_end(&self) -> bool {
        self.0.cursor() >= self.text().chars().count()
    }

    /// What stands before the cursor and behind it, the cursor at the start of the latter.
    pub(crate) fn split(&self) -> (Self, Self) {
        let head: String = self.text().chars().take(self.0.cursor()).collect();
        let tail: String = self.text().chars().skip(self.0.cursor()).collect();
        (Self::new(&head), Self(Input::new(tail).with_cursor(0)))
    }

    /// Adds a line at the end; the cursor stays between the two.
    pub(crate) fn join(&mut self, tail: &Self) {
        let between = self.text().chars().count();
        let whole = format!("{}{}", self.text(), tail.text());
        self.0 = Input::new(whole).with_cursor(between);
    }

    /// Takes a key; true when the text changed.
    pub(crate) fn typed(&mut self, key: &KeyEvent) -> bool {
        request(key)
            .and_then(|request| self.0.handle(request))
            .is_some_and(|changed| changed.value)
    }

    /// Takes pasted text.
    pub(crate) fn paste(&mut self, text: &str) {
        for letter in line(text.trim_end_matches(['\r', '\n'])).chars() {
            self.0.handle(InputRequest::InsertChar(letter));
        }
    }

    /// Writes it into the rest of a row, with the cursor where the focus is.
    pub(crate) fn draw(&self, row: &mut Row<'_>, theme: Theme, focused: bool) {
        let room = row.room();
        if !focused {
            row.put(self.text(), theme.text());
            return;
        }
        let skipped = self.0.visual_scroll(room.saturating_sub(1));
        let shown = after_cells(self.text(), skipped);
        let before = self.0.visual_cursor().saturating_sub(skipped);
        let head = text::fit(before_cells(shown, before), before);
        row.cell(&head, before, theme.text());
        let rest = after_cells(shown, before);
        let mut parts = unicode_segmentation::UnicodeSegmentation::graphemes(rest, true);
        let under = parts.next().unwrap_or(" ");
        row.put(under, theme.text().add_modifier(Modifier::REVERSED));
        let tail = before_cells(parts.as_str(), row.room());
        row.put(tail, theme.text());
    }
}

fn request(key: &KeyEvent) -> Option<InputRequest> {
    let control = key.modifiers.contains(KeyModifiers::CONTROL);
    let alt = key.modifiers.contains(KeyModifiers::ALT);
    Some(match key.code {
        KeyCode::Char('a') if control => InputRequest::GoToStart,
        KeyCode::Char('e') if control => InputRequest::GoToEnd,
        KeyCode::Char('w') if control => InputRequest::DeletePrevWord,
        KeyCode::Char('u') if control => InputRequest::DeleteFromStart,
        KeyCode::Char('k') if control => InputRequest::DeleteTillEnd,
        KeyCode::Char('h') if control => InputRequest::DeletePrevChar,
        KeyCode::Char('b') if alt => InputRequest::GoToPrevWord,
        KeyCode::Char('f') if alt => InputRequest::GoToNextWord,
        KeyCode::Char(letter) if !control && !alt => InputRequest::InsertChar(letter),
        KeyCode::Backspace if control || alt => InputRequest::DeletePrevWord,
        KeyCode::Backspace => InputRequest::DeletePrevChar,
        KeyCode::Delete => InputRequest::DeleteNextChar,
        KeyCode::Left if control || alt => InputRequest::GoToPrevWord,
        KeyCode::Right if control || alt => InputRequest::GoToNextWord,
        KeyCode::Left => InputRequest::GoToPrevChar,
        KeyCode::Right => InputRequest::GoToNextChar,
        KeyCode::Home => InputRequest::GoToStart,
        KeyCode::End => InputRequest::GoToEnd,
        _ => return None,
    })
}

/// What stands before a column, whole graphemes only.
fn before_cells(text: &str, limit: usize) -> &str {
    &text[..byte_at(text, limit)]
}

/// What stands from a column on.
fn after_cells(text: &str, skipped: usize) -> &str {
    &text[byte_at(text, skipped)..]
}

fn byte_at(text: &str, column: usize) -> usize {
    let mut used = 0;
    for (at, part) in unicode_segmentation::UnicodeSegmentation::grapheme_indices(text, true) {
        let next = used + unicode_width::UnicodeWidthStr::width(part);
        if next > column {
            return at;
        }
        used = next;
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ratatui::buffer::Buffer;
    use ratatui::layout::Rect;

    #[test]
    fn typing_edits_and_the_cursor_stays_in_sight() {
        let mut input = Line::new("山田 taro");
        for code in [KeyCode::Home, KeyCode::Delete, KeyCode::Char('x')] {
            input.typed(&KeyEvent::new(code, KeyModifiers::NONE));
        }
        assert_eq!(input.text(), "x田 taro");
        input.paste("\x1b[a\nb");
        assert_eq!(input.text(), "x[a b田 taro");
        for width in 0..14 {
            let area = Rect::new(0, 0, width, 1);
            let mut buffer = Buffer::empty(area);
            input.draw(&mut Row::new(&mut buffer, area, 0), Theme::default(), true);
        }
        input.typed(&KeyEvent::new(KeyCode::Char('u'), KeyModifiers::CONTROL));
        assert_eq!(input.text(), "田 taro");
    }
}
