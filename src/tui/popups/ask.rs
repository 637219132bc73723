//! A question of yes or no. Enter does not answer it.

use super::Popup;
use crate::tui::actions::{Action, Scope};
use crate::tui::model::Shared;
use crate::tui::msg::Request;
use crate::tui::widgets::frame;
use crate::tui::widgets::text::{self, Row};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// A question, and what a yes leads to.
pub(crate) struct Ask {
    title: &'static str,
    question: String,
    yes: Vec<Request>,
}

impl Ask {
    /// A question with a title.
    pub(crate) fn new(title: &'static str, question: String, yes: Vec<Request>) -> Self {
        Self {
            title,
            question,
            yes,
        }
    }
}

impl Popup for Ask {
    fn scopes(&self) -> &'static [Scope] {
        &[Scope::Ask]
    }

    fn act(&mut self, action: &'static Action, _shared: &Shared) -> Vec<Request> {
        let mut requests = vec![Request::Close];
        if action.name == "yes" {
            requests.append(&mut self.yes);
        }
        requests
    }

    fn draw(&self, shared: &Shared, buffer: &mut Buffer, body: Rect) {
        let theme = shared.theme;
        let wide = usize::from(body.width).saturating_sub(4).min(60);
        let lines = text::wrap(&self.question, wide.saturating_sub(4));
        let place = frame::centred(body, wide, lines.len() + 4);
        frame::draw(buffer, place, self.title, theme);
        let inner = frame::inside(place);
        for (below, line) in lines.iter().enumerate() {
            Row::new(buffer, inner, below).put(line, theme.text());
        }
        let mut row = Row::new(buffer, inner, lines.len() + 1);
        row.put("y", theme.key()).put(" yes   ", theme.text());
        row.put("n", theme.key()).put(" no", theme.text());
    }
}
