//! A record over whatever is shown, with everything that can be done to it.

use super::Popup;
use crate::domain::id::Id;
use crate::tui::actions::{Action, Scope};
use crate::tui::model::{Model, Shared};
use crate::tui::msg::Request;
use crate::tui::widgets::frame;
use crate::tui::widgets::record_pane::{Part, RecordPane};
use crossterm::event::KeyEvent;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

impl Model {
    /// Shows a record over what is there.
    pub(crate) fn open(&mut self, id: Id) {
        let mut card = Card {
            id,
            pane: RecordPane::new(Part::All),
        };
        card.refresh(&self.shared);
        self.popups.push(Box::new(card));
    }
}

struct Card {
    id: Id,
    pane: RecordPane,
}

fn place(body: Rect) -> Rect {
    let wide = usize::from(body.width).saturating_sub(4).min(96);
    let high = usize::from(body.height).saturating_sub(2);
    frame::centred(body, wide.max(38), high.max(6))
}

impl Popup for Card {
    fn scopes(&self) -> &'static [Scope] {
        &[Scope::Record, Scope::Move, Scope::Global]
    }

    fn act(&mut self, action: &'static Action, _shared: &Shared) -> Vec<Request> {
        if action.name == "open" {
            return self.pane.link().map(Request::Open).into_iter().collect();
        }
        self.pane.act(action.name);
        Vec::new()
    }

    fn typed(&mut self, _key: &KeyEvent, _shared: &Shared) -> Vec<Request> {
        Vec::new()
    }

    fn selected(&self) -> Option<Id> {
        Some(self.id)
    }

    fn click(&mut self, column: u16, row: u16, shared: &Shared) -> Vec<Request> {
        let inner = frame::inside(place(shared.body()));
        if !place(shared.body()).contains(Position::new(column, row)) {
            return vec![Request::Close];
        }
        if inner.contains(Position::new(column, row)) {
            self.pane.click(usize::from(row - inner.y));
        }
        Vec::new()
    }

    fn wheel(&mut self, lines: isize, _shared: &Shared) {
        self.pane.wheel(lines);
    }

    fn refresh(&mut self, shared: &Shared) {
        let inner = frame::inside(place(shared.body()));
        self.pane.show(Some(self.id), Part::All, inner, shared);
    }

    fn draw(&self, shared: &Shared, buffer: &mut Buffer, body: Rect) {
        let place = place(body);
        let kind = shared
            .snapshot
            .get(self.id)
            .map_or("", |record| record.kind.name);
        frame::draw(buffer, place, kind, shared.theme);
        self.pane.draw(shared, buffer, frame::inside(place), true);
    }
}
