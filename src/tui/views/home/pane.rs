//! One pane of the home view: a heading with a few numbers, rows that lead somewhere.

use crate::domain::id::Id;
use crate::tui::marks::Mark;
use crate::tui::theme::Theme;
use crate::tui::widgets::cursor::Cursor;
use crate::tui::widgets::text::{Row, cells, cut, paint, width};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;

/// By how many rows the columns are measured.
const MEASURED: usize = 40;

/// Where Enter on a row leads.
#[derive(Clone, Copy, Debug)]
pub(super) enum Link {
    /// To a record.
    Record(Id),
    /// To another view.
    View(&'static str),
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
    /// A bar before the note, in thousandths of the longest.
    pub(super) bar: usize,
    pub(super) link: Link,
}

impl Entry {
    /// A row about a record.
    pub(super) fn new(id: Id, lead: String, text: String) -> Self {
        let (detail, note) = (String::new(), String::new());
        Self {
            mark: Mark::None,
            lead,
            text,
            detail,
            note,
            bar: 0,
            link: Link::Record(id),
        }
    }
}

/// What a pane shows.
#[derive(Clone, Debug, Default)]
pub(super) struct Content {
    /// Behind the title: signs and numbers, the most important first.
    pub(super) summary: Vec<(Mark, String)>,
    pub(super) entries: Vec<Entry>,
}

/// How the columns of a pane stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// When, what, and with whom.
    Words,
    /// How many days, what, more about it, and a number.
    Numbers,
    /// When, who, and what happened.
    Story,
    /// A name, a count, a bar and a number.
    Bars,
}

/// The sizes of the columns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Columns {
    lead: usize,
    text: usize,
    detail: usize,
    note: usize,
    /// The notes behind bars.
    beside_bar: usize,
}

/// A pane with a cursor.
#[derive(Clone, Debug)]
pub(super) struct Pane {
    pub(super) title: &'static str,
    /// What it says when there is no row.
    pub(super) empty: &'static str,
    pub(super) form: Form,
    pub(super) content: Content,
    pub(super) cursor: Cursor,
    /// How wide the columns would like to be.
    wanted: Columns,
}

impl Pane {
    /// A pane without rows.
    pub(super) fn new(title: &'static str, empty: &'static str, form: Form) -> Self {
        let (content, cursor) = (Content::default(), Cursor::default());
        Self {
            title,
            empty,
            form,
            content,
            cursor,
            wanted: Columns::default(),
        }
    }

    /// How many rows it wants, with its heading.
    pub(super) fn rows(&self) -> usize {
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
            Link::View(_) => None,
        };
        let before = self.selected().and_then(of);
        self.content = content;
        let entries = &self.content.entries;
        self.cursor.set_length(entries.len());
        let same = |entry: &Entry| before.is_some() && of(entry) == before;
        if let Some(place) = entries.iter().position(same) {
            self.cursor.set(place);
        }
        let widest = |column: fn(&Entry) -> &String| {
            let sizes = entries
                .iter()
                .take(MEASURED)
                .map(|entry| width(column(entry)));
            sizes.max().unwrap_or(0)
        };
        self.wanted = Columns {
            lead: widest(|entry| &entry.lead),
            text: widest(|entry| &entry.text),
            detail: widest(|entry| &entry.detail),
            note: widest(|entry| &entry.note),
            beside_bar: {
                let bars = entries.iter().filter(|entry| entry.bar > 0);
                bars.map(|entry| width(&entry.note)).max().unwrap_or(0)
            },
        };
    }

    /// Draws one of its rows, counted from the heading, on a row of an area.
    pub(super) fn draw_row(
        &self,
        below: usize,
        focused: bool,
        theme: Theme,
        buffer: &mut Buffer,
        place: Rect,
    ) {
        let Some(below) = below.checked_sub(1) else {
            return self.draw_heading(focused, theme, buffer, place);
        };
        if self.content.entries.is_empty() && below == 0 {
            Row::new(buffer, place, 0)
                .skip(2)
                .put(self.empty, theme.text());
        }
        let at = self.cursor.window().start + below;
        let shown = self.cursor.window().contains(&at);
        let Some(entry) = self.content.entries.get(at).filter(|_| shown) else {
            return;
        };
        self.draw_entry(entry, theme, &mut Row::new(buffer, place, 0));
        if focused && self.cursor.at() == Some(at) {
            paint(buffer, place, theme.selected());
        }
    }

    fn draw_heading(&self, focused: bool, theme: Theme, buffer: &mut Buffer, place: Rect) {
        let mut row = Row::new(buffer, place, 0);
        let pointer = if focused { "›" } else { " " };
        row.put(pointer, theme.accent().add_modifier(Modifier::BOLD))
            .skip(1);
        row.put(
            self.title,
            if focused {
                theme.heading()
            } else {
                theme.strong()
            },
        );
        for (mark, words) in &self.content.summary {
            let size = width(words) + if *mark == Mark::None { 2 } else { 4 };
            if size > row.room() {
                break;
            }
            row.skip(2);
            if *mark != Mark::None {
                row.put(mark.sign(), mark.style(theme)).skip(1);
            }
            row.put(words, theme.text());
        }
        let hidden = self
            .content
            .entries
            .len()
            .saturating_sub(self.cursor.window().len());
        if hidden > 0 {
            row.right(&format!("{hidden} more"), theme.faint());
        }
        row.skip(1);
        let line = "─".repeat(row.room());
        row.put(
            &line,
            if focused {
                theme.accent()
            } else {
                theme.faint()
            },
        );
    }

    /// The sizes of the columns in so many cells.
    fn columns(&self, room: usize) -> Columns {
        let wanted = self.wanted;
        let lead = wanted.lead.min(room / 3);
        let room = room.saturating_sub(lead + 2);
        if self.form == Form::Words {
            // What is to be done says more than with whom; what is left over goes to the latter.
            let text = wanted
                .text
                .min((room * 3 / 5).max(room.saturating_sub(wanted.note + 2)));
            let note = room.saturating_sub(text + 2);
            return Columns {
                lead,
                text,
                note,
                ..Columns::default()
            };
        }
        let note = wanted.note.min(room / 2);
        let room = room.saturating_sub(if note > 0 { note + 2 } else { 0 });
        let share = if self.form == Form::Story { 2 } else { 3 };
        let text = wanted.text.min(room * share / 5);
        let detail = room.saturating_sub(text + 2);
        if wanted.detail == 0 || detail < 8 {
            return Columns {
                lead,
                text: room,
                note,
                ..Columns::default()
            };
        }
        Columns {
            lead,
            text,
            detail,
            note,
            beside_bar: 0,
        }
    }

    fn draw_entry(&self, entry: &Entry, theme: Theme, row: &mut Row<'_>) {
        let style = match entry.mark {
            Mark::Overdue | Mark::Today => entry.mark.style(theme),
            _ => theme.text(),
        };
        row.cell(entry.mark.sign(), 1, entry.mark.style(theme))
            .skip(1);
        let columns = self.columns(row.room());
        match self.form {
            Form::Bars => {
                let lead = self.wanted.lead.min(row.room() / 3);
                row.cell(&entry.lead, lead, theme.text()).skip(1);
                row.cell_right(&entry.text, 3, theme.strong()).skip(1);
                let note = self.wanted.beside_bar.min(row.room());
                let bar = blocks(entry.bar, row.room().saturating_sub(note + 1));
                row.right(
                    &cut(&entry.note, row.room().saturating_sub(1)),
                    theme.text(),
                );
                row.put(&bar, theme.accent());
            }
            Form::Words => {
                row.cell(&entry.lead, columns.lead, style).skip(2);
                row.cell(&entry.text, columns.text, theme.strong()).skip(2);
                row.cell(&entry.note, columns.note, theme.text());
            }
            Form::Numbers | Form::Story => {
                if self.form == Form::Story {
                    row.cell(&entry.lead, columns.lead, style).skip(2);
                } else {
                    row.cell_right(&entry.lead, columns.lead, style).skip(2);
                }
                row.cell(&entry.text, columns.text, theme.strong());
                if columns.detail > 0 {
                    row.skip(2)
                        .cell(&entry.detail, columns.detail, theme.text());
                }
                row.skip(2)
                    .cell_right(&entry.note, columns.note, theme.text());
            }
        }
    }
}

/// A bar of so many thousandths of the room, to an eighth of a cell; at least a sliver of
/// what is not nothing.
fn blocks(part: usize, room: usize) -> String {
    const PARTS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    let eighths = part.min(1000) * room * 8 / 1000;
    let eighths = if part > 0 && room > 0 {
        eighths.max(1)
    } else {
        eighths
    };
    format!("{}{}", "█".repeat(eighths / 8), PARTS[eighths % 8])
}

/// The heights of panes one below the other in so many rows, a blank row between them: what
/// they want where there is room, else even shares, and two of them for the first.
pub(super) fn heights(wanted: &[usize], rows: usize) -> Vec<u16> {
    let gaps = wanted.len().saturating_sub(1);
    let mut left = rows.saturating_sub(gaps);
    let mut given = vec![0usize; wanted.len()];
    loop {
        let before = left;
        for (place, (got, wants)) in given.iter_mut().zip(wanted).enumerate() {
            let share = if place == 0 { 2 } else { 1 };
            let more = share.min(wants.saturating_sub(*got)).min(left);
            *got += more;
            left -= more;
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
            (&[9, 2, 9], 14, &[7, 2, 3]),
            (&[9, 2, 9], 15, &[8, 2, 3]),
            (&[3, 3], 0, &[0, 0]),
            (&[], 9, &[]),
        ] {
            assert_eq!(heights(wanted, rows), expect, "{rows} rows");
        }
    }

    #[test]
    fn bars_are_exact_to_an_eighth_of_a_cell() {
        for (part, room, expect) in [
            (1000, 4, "████"),
            (500, 4, "██"),
            (1, 4, "▏"),
            (0, 4, ""),
            (140, 4, "▌"),
            (9999, 1, "█"),
            (5, 0, ""),
        ] {
            assert_eq!(blocks(part, room), expect, "{part} in {room}");
        }
    }
}
