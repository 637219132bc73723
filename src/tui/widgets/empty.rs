//! What an empty list says: what is missing, why, and which key helps.

use super::text::{self, Row};
use crate::tui::theme::Theme;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// Draws the words of an empty list of things called `plural`.
pub(crate) fn draw(
    plural: &str,
    filter: Option<&str>,
    theme: Theme,
    buffer: &mut Buffer,
    area: Rect,
) {
    let (what, key, does) = match filter {
        Some(filter) => (
            format!("No {plural} match `{filter}`."),
            "Esc",
            "clears the filter",
        ),
        None => (format!("No {plural} yet."), "a", "adds the first one"),
    };
    draw_words(&what, key, does, theme, buffer, area);
}

/// Draws what is missing, and which key does what about it.
pub(crate) fn draw_words(
    what: &str,
    key: &str,
    does: &str,
    theme: Theme,
    buffer: &mut Buffer,
    area: Rect,
) {
    let top = usize::from(area.height / 3);
    let room = usize::from(area.width).saturating_sub(4);
    let lines = text::wrap(what, room.max(1));
    for (below, line) in lines.iter().enumerate() {
        Row::new(buffer, area, top + below)
            .skip(2)
            .put(line, theme.text());
    }
    if !key.is_empty() {
        let mut row = Row::new(buffer, area, top + lines.len());
        row.skip(2)
            .put(key, theme.key())
            .skip(1)
            .put(does, theme.text());
    }
}
