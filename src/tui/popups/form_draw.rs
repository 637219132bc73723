//! How a form looks: labels, what is typed, and below the focused row what was understood.

use super::form::Form;
use super::reading::Reading;
use crate::tui::model::Shared;
use crate::tui::widgets::frame;
use crate::tui::widgets::text::{Row, cells, width};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// The widest a label may be.
const WIDEST_LABEL: usize = 16;

/// Draws a form in its frame.
pub(super) fn draw(form: &Form, shared: &Shared, buffer: &mut Buffer, place: Rect) {
    let theme = shared.theme;
    frame::draw(buffer, place, form.title(), theme);
    let inner = frame::inside(place);
    let said = cells(form.said_height()).min(inner.height.div_ceil(2));
    let rows = Rect {
        height: inner.height.saturating_sub(said),
        ..inner
    };
    let labels = form
        .fields
        .iter()
        .map(|field| width(&field.label))
        .max()
        .unwrap_or(0);
    let labels = labels.min(WIDEST_LABEL).min(usize::from(inner.width / 2));
    let mut y = rows.y;
    for (at, height) in form.window() {
        let left = rows.bottom().saturating_sub(y);
        if left == 0 {
            break;
        }
        let line = Rect {
            y,
            height: cells(height).min(left),
            ..rows
        };
        draw_field(form, at, labels, shared, buffer, line);
        y = y.saturating_add(line.height);
    }
    let last = Rect {
        y: inner.bottom().saturating_sub(said),
        height: said,
        ..inner
    };
    match form.status() {
        Ok(text) => {
            Row::new(buffer, last, 0).put(text, theme.text());
        }
        Err(lines) => {
            for (below, text) in lines.iter().take(usize::from(said)).enumerate() {
                let sign = if below == 0 { "✗ " } else { "  " };
                let mut row = Row::new(buffer, last, below);
                row.put(sign, theme.alarm()).put(text, theme.alarm());
            }
        }
    }
}

fn draw_field(
    form: &Form,
    at: usize,
    labels: usize,
    shared: &Shared,
    buffer: &mut Buffer,
    area: Rect,
) {
    let theme = shared.theme;
    let field = &form.fields[at];
    let focused = at == form.focused();
    let problem = form.problem(at, shared).filter(|_| form.is_touched(at));
    let style = if focused {
        theme.heading()
    } else {
        theme.faint()
    };
    let mut row = Row::new(buffer, area, 0);
    row.cell(&field.label, labels, style);
    row.put(if field.required { "*" } else { " " }, theme.accent())
        .skip(1);
    let note = u16::from(focused);
    let indent = cells(labels + 2).min(area.width);
    let editor = Rect {
        x: area.x + indent,
        width: area.width - indent,
        height: area.height.saturating_sub(note).max(1),
        ..area
    };
    if problem.is_some() && !focused {
        Row::new(buffer, editor, 0).right("✗", theme.alarm());
    }
    form.draw_editor(at, buffer, editor, shared);
    if focused && area.height > 1 {
        let below = Rect {
            y: area.bottom() - 1,
            height: 1,
            ..editor
        };
        draw_note(form, at, problem, shared, &mut Row::new(buffer, below, 0));
    }
}

/// Below the focused row: what is wrong, what was understood, how it could go on, or the help.
fn draw_note(form: &Form, at: usize, problem: Option<String>, shared: &Shared, row: &mut Row<'_>) {
    let theme = shared.theme;
    if let Some(problem) = problem {
        row.put("✗ ", theme.alarm()).put(&problem, theme.alarm());
        return;
    }
    let echo = match form.reading(at, shared) {
        Reading::Value(_, echo) | Reading::Text(echo) => echo,
        Reading::Empty | Reading::Wrong(_) => String::new(),
    };
    if !echo.is_empty() {
        row.put("→ ", theme.good()).put(&echo, theme.good()).skip(2);
        return;
    }
    let offers = form.offer_words(shared);
    let turns = form.has_choices(at, shared);
    if !offers.is_empty() {
        row.put(if turns { "←→ " } else { "→ " }, theme.key());
        row.put(&offers.join(" · "), theme.text());
        return;
    }
    row.put(&form.fields[at].help, theme.faint());
}
