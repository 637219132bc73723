//! A few choices, each with a letter.

use super::Popup;
use crate::tui::actions::{Action, Scope};
use crate::tui::model::Shared;
use crate::tui::msg::Request;
use crate::tui::widgets::cursor::Cursor;
use crate::tui::widgets::frame;
use crate::tui::widgets::text::{Row, cells, paint, width};
use crossterm::event::{KeyCode, KeyEvent};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

/// One choice.
pub(crate) struct Choice {
    key: char,
    text: String,
    note: String,
    requests: Vec<Request>,
}

impl Choice {
    /// A choice with its letter, and what it leads to.
    pub(crate) fn new(key: char, text: impl Into<String>, requests: Vec<Request>) -> Self {
        Self {
            key,
            text: text.into(),
            note: String::new(),
            requests,
        }
    }

    /// Says more about it at the right.
    pub(crate) fn note(mut self, note: impl Into<String>) -> Self {
        self.note = note.into();
        self
    }
}

/// The choices under a title.
pub(crate) struct Menu {
    title: String,
    choices: Vec<Choice>,
    cursor: Cursor,
}

impl Menu {
    /// A menu with the cursor on the choice at `start`.
    pub(crate) fn new(title: impl Into<String>, choices: Vec<Choice>, start: usize) -> Self {
        let mut cursor = Cursor::default();
        cursor.set_length(choices.len());
        cursor.set_height(choices.len());
        cursor.set(start);
        Self {
            title: title.into(),
            choices,
            cursor,
        }
    }

    fn choose(&mut self) -> Vec<Request> {
        let mut requests = vec![Request::Close];
        if let Some(choice) = self.cursor.at().and_then(|at| self.choices.get_mut(at)) {
            requests.append(&mut choice.requests);
        }
        requests
    }

    fn place(&self, body: Rect) -> Rect {
        let rows = self
            .choices
            .iter()
            .map(|choice| width(&choice.text) + width(&choice.note));
        let widest = rows.max().unwrap_or(0).max(width(&self.title)) + 12;
        frame::centred(body, widest.clamp(30, 70), self.choices.len() + 2)
    }
}

impl Popup for Menu {
    fn scopes(&self) -> &'static [Scope] {
        &[Scope::Menu]
    }

    fn act(&mut self, action: &'static Action, _shared: &Shared) -> Vec<Request> {
        match action.name {
            "menu-choose" => return self.choose(),
            "leave-menu" => return vec![Request::Close],
            "menu-down" => self.cursor.act("down"),
            "menu-up" => self.cursor.act("up"),
            _ => false,
        };
        Vec::new()
    }

    fn typed(&mut self, key: &KeyEvent, _shared: &Shared) -> Vec<Request> {
        let KeyCode::Char(letter) = key.code else {
            return Vec::new();
        };
        if let Some(at) = self.choices.iter().position(|choice| choice.key == letter) {
            self.cursor.set(at);
            return self.choose();
        }
        match letter {
            'j' => self.cursor.act("down"),
            'k' => self.cursor.act("up"),
            'q' => return vec![Request::Close],
            _ => false,
        };
        Vec::new()
    }

    fn click(&mut self, column: u16, row: u16, shared: &Shared) -> Vec<Request> {
        let inner = frame::inside(self.place(shared.body()));
        let hit = inner.contains(Position::new(column, row));
        if hit && self.cursor.click(usize::from(row - inner.y)) {
            self.choose()
        } else {
            Vec::new()
        }
    }

    fn wheel(&mut self, lines: isize, _shared: &Shared) {
        self.cursor.wheel(lines);
    }

    fn refresh(&mut self, shared: &Shared) {
        let inner = frame::inside(self.place(shared.body()));
        self.cursor.set_height(usize::from(inner.height));
    }

    fn draw(&self, shared: &Shared, buffer: &mut Buffer, body: Rect) {
        let (theme, place) = (shared.theme, self.place(body));
        frame::draw(buffer, place, &self.title, theme);
        let inner = frame::inside(place);
        for (below, at) in self.cursor.window().enumerate() {
            let Some(choice) = self.choices.get(at) else {
                break;
            };
            let mut row = Row::new(buffer, inner, below);
            row.right(&choice.note, theme.faint());
            row.put(&choice.key.to_string(), theme.key())
                .skip(2)
                .put(&choice.text, theme.text());
            if self.cursor.at() == Some(at) {
                let y = inner.y.saturating_add(cells(below));
                paint(
                    buffer,
                    Rect::new(inner.x, y, inner.width, 1),
                    theme.selected(),
                );
            }
        }
    }
}
