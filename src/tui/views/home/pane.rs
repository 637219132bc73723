//! One pane of the home view: a heading with a few numbers, rows that lead somewhere.

use crate::domain::id::Id;
use crate::tui::actions::Action;
use crate::tui::marks::Mark;
use crate::tui::theme::Theme;
use crate::tui::widgets::cursor::Cursor;
use crate::tui::widgets::text::{Row, cells, cut, paint, width};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

/// Where Enter on a row leads.
#[derive(Clone, Copy, Debug)]
pub(super) enum Link {
    /// To a record.
    Record(Id),
    /// To what an action does.
    Action(&'static Action),
}

/// One row.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) mark: Mark,
    /// The first column: when, how many points, how many days.
    pub(super) lead: String,
    /// What or who.
    pub(super) text: String,
    /// More about it, where there is room.
    pub(super) detail: String,
    /// The last column.
    pub(super) note: String,
    /// A bar between the text and the note, in thousandths of its longest.
    pub(super) bar: Option<usize>,
    pub(super) link: Link,
}

impl Entry {
    /// A row about a record.
    pub(super) fn new(id: Id, lead: String, text: String) -> Self {
        let (detail, note) = (String::new(), String::new());
        Self { mark: Mark::None, lead, text, detail, note, bar: None, link: Link::Record(id) }
    }
}

/// What a pane shows.
#[derive(Clone, Debug, Default)]
pub(super) struct Content {
    /// Behind the title: signs and numbers, the most important first.
    pub(super) summary: Vec<(Mark, String)>,
    pub(super) entries: Vec<Entry>,
}

/// A pane with a cursor.
#[derive(Clone, Debug)]
pub(super) struct Pane {
    pub(super) title: &'static str,
    /// What it says when there is no row.
    pub(super) empty: &'static str,
    /// Whether the first column holds numbers.
    pub(super) numbers: bool,
    pub(super) content: Content,
    pub(super) cursor: Cursor,
}

impl Pane {
    /// How many rows it wants, with its heading.
    pub(super) fn wanted(&self) -> usize {
        1 + self.content.entries.len().max(1)
    }

    /// The row under the cursor.
    pub(super) fn selected(&self) -> Option<&Entry> {
        self.cursor.at().and_then(|at| self.content.entries.get(at))
    }

    /// Shows other rows; the cursor stays on its record.
    pub(super) fn fill(&mut self, content: Content) {
        let of = |entry: &Entry| match entry.link {
            Link::Record(id) => Some(id),
            Link::Action(_) => None,
        };
        let before = self.selected().and_then(of);
        self.content = content;
        self.cursor.set_length(self.content.entries.len());
        let place = self.content.entries.iter().position(|entry| before.is_some() && of(entry) == before);
        if let Some(place) = place {
            self.cursor.set(place);
        }
    }

    /// Draws one of its rows, counted from the heading, on a row of an area.
    pub(super) fn draw_row(&self, below: usize, theme: Theme, buffer: &mut Buffer, place: Rect, focused: bool) {
        let Some(below) = below.checked_sub(1) else {
            return self.draw_heading(theme, buffer, place, focused);
        };
        if self.content.entries.is_empty() && below == 0 {
            Row::new(buffer, place, 0).skip(3).put(self.empty, theme.text());
        }
        let at = self.cursor.window().start + below;
        let Some(entry) = self.content.entries.get(at).filter(|_| self.cursor.window().contains(&at)) else {
            return;
        };
        self.draw_entry(entry, theme, buffer, place);
        if focused && self.cursor.at() == Some(at) {
            paint(buffer, place, theme.selected());
        }
    }

    fn draw_heading(&self, theme: Theme, buffer: &mut Buffer, place: Rect, focused: bool) {
        let mut row = Row::new(buffer, place, 0);
        row.put(if focused { "› " } else { "  " }, theme.accent().add_modifier(ratatui::style::Modifier::BOLD));
        row.put(self.title, if focused { theme.heading() } else { theme.strong() });
        for (mark, words) in &self.content.summary {
            let size = width(words) + 2 + if *mark == Mark::None { 0 } else { 2 };
            if size > row.room() {
                break;
            }
            row.skip(2);
            if *mark != Mark::None {
                row.put(mark.sign(), mark.style(theme)).skip(1);
            }
            row.put(words, theme.text());
        }
        let hidden = self.content.entries.len().saturating_sub(self.cursor.window().len());
        if hidden > 0 {
            row.right(&format!("{hidden} more"), theme.faint());
        }
        row.skip(1);
        let line = "─".repeat(row.room());
        row.put(&line, if focused { theme.accent() } else { theme.faint() });
    }

    fn draw_entry(&self, entry: &Entry, theme: Theme, buffer: &mut Buffer, place: Rect) {
        let leads = self.content.entries.iter().map(|entry| width(&entry.lead));
        let whole = usize::from(place.width);
        let lead = leads.max().unwrap_or(0).min(whole / 3);
        let mut row = Row::new(buffer, place, 0);
        row.skip(1).cell(entry.mark.sign(), 1, entry.mark.style(theme)).skip(1);
        let style = match entry.mark {
            Mark::Overdue | Mark::Today => entry.mark.style(theme),
            _ => theme.text(),
        };
        if self.numbers {
            row.cell_right(&entry.lead, lead, style).skip(2);
        } else {
            row.cell(&entry.lead, lead, style).skip(2);
        }
        if let Some(part) = entry.bar {
            return draw_bar(entry, part, theme, &mut row);
        }
        let note = cut(&entry.note, row.room() * 2 / 5);
        row.right(&note, theme.text());
        row.put(&entry.text, theme.strong());
        if row.room() > 6 && !entry.detail.is_empty() {
            row.put("  ", theme.text()).put(&entry.detail, theme.text());
        }
    }
}

fn draw_bar(entry: &Entry, part: usize, theme: Theme, row: &mut Row<'_>) {
    row.right(&cut(&entry.note, row.room() * 3 / 5), theme.text());
    row.cell_right(&entry.text, 3, theme.strong()).skip(1);
    let bar = blocks(part, row.room().saturating_sub(1));
    row.put(&bar, bar_style(theme));
}

const fn bar_style(theme: Theme) -> Style {
    theme.accent()
}

/// A bar of so many thousandths of the room, to an eighth of a cell; at least a sliver of
/// what is not nothing.
fn blocks(part: usize, room: usize) -> String {
    const PARTS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    let eighths = part.min(1000) * room * 8 / 1000;
    let eighths = if part > 0 && room > 0 { eighths.max(1) } else { eighths };
    format!("{}{}", "█".repeat(eighths / 8), PARTS[eighths % 8])
}

/// The heights of panes one below the other in so many rows, a blank row between them: what
/// they want where there is room, else as evenly as can be, the first ones first.
pub(super) fn heights(wanted: &[usize], rows: usize) -> Vec<u16> {
    let gaps = wanted.len().saturating_sub(1);
    let mut left = rows.saturating_sub(gaps);
    let mut given = vec![0usize; wanted.len()];
    loop {
        let before = left;
        for (got, wants) in given.iter_mut().zip(wanted) {
            if *got < *wants && left > 0 {
                *got += 1;
                left -= 1;
            }
        }
        if left == before {
            return given.into_iter().map(cells).collect();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn panes_share_the_rows_evenly_and_take_no_more_than_they_want() {
        for (wanted, rows, expect) in [
            (&[9, 2, 9][..], 40, &[9, 2, 9][..]),
            (&[9, 2, 9], 14, &[5, 2, 5]),
            (&[9, 2, 9], 15, &[6, 2, 5]),
            (&[3, 3], 0, &[0, 0]),
            (&[], 9, &[]),
        ] {
            assert_eq!(heights(wanted, rows), expect, "{rows} rows");
        }
    }

    #[test]
    fn bars_are_exact_to_an_eighth_of_a_cell() {
        for (part, room, expect) in
            [(1000, 4, "████"), (500, 4, "██"), (1, 4, "▏"), (0, 4, ""), (140, 4, "▌"), (9999, 1, "█"), (5, 0, "")]
        {
            assert_eq!(blocks(part, room), expect, "{part} in {room}");
        }
    }
}
