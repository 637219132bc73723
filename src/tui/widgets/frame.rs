//! The frame of what lies over a view: emptied, bordered, titled.

use super::text::{self, cells, clear};
use crate::tui::theme::Theme;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::{Block, BorderType, Borders, Widget as _};

/// A place for so many columns and rows in the middle of an area, as far as there is room.
pub(crate) fn centred(area: Rect, columns: usize, rows: usize) -> Rect {
    let width = cells(columns).min(area.width);
    let height = cells(rows).min(area.height);
    Rect::new(
        area.x + (area.width - width) / 2,
        area.y + (area.height - height) / 2,
        width,
        height,
    )
}

/// What is left of a framed place for its content: one blank column on either side.
pub(crate) fn inside(place: Rect) -> Rect {
    Rect::new(
        place.x.saturating_add(2),
        place.y.saturating_add(1),
        place.width.saturating_sub(4),
        place.height.saturating_sub(2),
    )
}

/// Empties a place and draws its frame; the content goes [`inside`].
pub(crate) fn draw(buffer: &mut Buffer, place: Rect, title: &str, theme: Theme) {
    let place = place.intersection(buffer.area);
    clear(buffer, place);
    let room = usize::from(place.width).saturating_sub(4);
    let mut block = Block::new()
        .borders(Borders::ALL)
        .border_type(BorderType::Rounded)
        .border_style(theme.accent());
    if room > 0 && !title.is_empty() {
        let shown = text::cut(title, room.saturating_sub(2));
        block = block.title(ratatui::text::Line::styled(
            format!(" {shown} "),
            theme.heading(),
        ));
    }
    block.render(place, buffer);
}
