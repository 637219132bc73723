//! `/`: the line that filters the view's list while it is typed.

use super::Popup;
use crate::tui::actions::{Action, Scope};
use crate::tui::filter::Filter;
use crate::tui::model::{Model, Shared};
use crate::tui::msg::Request;
use crate::tui::widgets::input::Line;
use crate::tui::widgets::text::Row;
use crossterm::event::{KeyCode, KeyEvent};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// Opens the line with the present filter in it, or filters at once by an argument.
pub(crate) fn open(model: &mut Model, _action: &'static Action, argument: &str) {
    if !argument.is_empty() {
        return model.filter(argument);
    }
    let text = model.view().filter().map_or("", Filter::text);
    let line = FilterLine {
        kind: model.kind(),
        input: Line::new(text),
    };
    model.popups.push(Box::new(line));
}

struct FilterLine {
    kind: Option<&'static crate::domain::kind::Kind>,
    input: Line,
}

impl FilterLine {
    fn apply(&self) -> Vec<Request> {
        vec![Request::Filter(self.input.text().to_owned())]
    }
}

impl Popup for FilterLine {
    fn scopes(&self) -> &'static [Scope] {
        &[Scope::Filter]
    }

    fn act(&mut self, action: &'static Action, _shared: &Shared) -> Vec<Request> {
        match action.name {
            "keep-filter" => vec![Request::Close],
            "clear-filter" => vec![Request::Filter(String::new()), Request::Close],
            "filter-down" => vec![Request::Below("down")],
            "filter-up" => vec![Request::Below("up")],
            _ => Vec::new(),
        }
    }

    fn typed(&mut self, key: &KeyEvent, _shared: &Shared) -> Vec<Request> {
        if key.code == KeyCode::Backspace && self.input.text().is_empty() {
            return vec![Request::Close];
        }
        if self.input.typed(key) {
            self.apply()
        } else {
            Vec::new()
        }
    }

    fn paste(&mut self, text: &str, _shared: &Shared) -> Vec<Request> {
        self.input.paste(text);
        self.apply()
    }

    fn is_line(&self) -> bool {
        true
    }

    fn draw(&self, shared: &Shared, buffer: &mut Buffer, area: Rect) {
        let theme = shared.theme;
        let mut row = Row::new(buffer, area, 0);
        row.skip(1);
        let filter = Filter::new(self.input.text(), self.kind, None, shared);
        if let Some((place, reason)) = filter.as_ref().and_then(Filter::error) {
            let text = format!("✗ at {}: {reason} ", place + 1);
            row.right(&text, theme.alarm());
        } else {
            row.right("Enter keep  Esc clear ", theme.faint());
        }
        row.put("/", theme.key());
        self.input.draw(&mut row, theme, true);
    }
}
