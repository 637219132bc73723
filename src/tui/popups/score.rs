//! Why a contact has the score it has: factor by factor, and what to do next.

use super::Popup;
use crate::domain::contact;
use crate::domain::id::Id;
use crate::scoring::Reason;
use crate::services::ranking;
use crate::tui::actions::{Action, Scope};
use crate::tui::marks;
use crate::tui::model::Shared;
use crate::tui::msg::Request;
use crate::tui::widgets::frame;
use crate::tui::widgets::text::{self, Row};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// The explanation of a contact's score, over whatever is shown.
pub(crate) fn popup(id: Id) -> Box<dyn Popup> {
    Box::new(Explanation { id, top: 0 })
}

struct Explanation {
    id: Id,
    /// How many factors are scrolled out of sight.
    top: usize,
}

fn place(body: Rect) -> Rect {
    let wide = usize::from(body.width).saturating_sub(4).min(76);
    let high = usize::from(body.height).saturating_sub(2).min(22);
    frame::centred(body, wide.max(38), high.max(6))
}

impl Popup for Explanation {
    fn scopes(&self) -> &'static [Scope] {
        &[Scope::Record, Scope::Move, Scope::Global]
    }

    fn act(&mut self, action: &'static Action, shared: &Shared) -> Vec<Request> {
        let most = shared.snapshot.get(self.id).map_or(0, |record| {
            let score = shared
                .snapshot
                .score(record, &shared.context, &shared.settings.score);
            score.reasons.len().saturating_sub(1)
        });
        match action.name {
            "open" => return vec![Request::Open(self.id)],
            "down" => self.top = (self.top + 1).min(most),
            "up" => self.top = self.top.saturating_sub(1),
            "top" => self.top = 0,
            "bottom" => self.top = most,
            _ => {}
        }
        Vec::new()
    }

    fn selected(&self) -> Option<Id> {
        Some(self.id)
    }

    fn wheel(&mut self, lines: isize, _shared: &Shared) {
        self.top = self.top.saturating_add_signed(lines.signum());
    }

    fn draw(&self, shared: &Shared, buffer: &mut Buffer, body: Rect) {
        let place = place(body);
        frame::draw(buffer, place, "why this score · Enter opens", shared.theme);
        draw(self.id, self.top, shared, buffer, frame::inside(place));
    }
}

/// Draws the explanation, without the first `skipped` factors.
pub(crate) fn draw(id: Id, skipped: usize, shared: &Shared, buffer: &mut Buffer, area: Rect) {
    let Some(record) = shared.snapshot.get(id) else {
        return;
    };
    let theme = shared.theme;
    let score = shared
        .snapshot
        .score(record, &shared.context, &shared.settings.score);
    let mut row = Row::new(buffer, area, 0);
    row.right(
        &format!("{} {}", marks::bar(score.points, 10), score.points),
        theme.accent(),
    );
    row.put(record.title(), theme.strong());
    let company = shared.words(record, "company");
    let role = record.text(contact::ROLE);
    let parts: Vec<&str> = [role, &company]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect();
    Row::new(buffer, area, 1).put(&parts.join(", "), theme.text());
    let next = ranking::action(&shared.snapshot, record, &shared.context, &shared.settings);
    let room = usize::from(area.width).saturating_sub(6);
    let lines = text::wrap(&next.words, room);
    for (below, line) in lines.iter().enumerate() {
        let mut row = Row::new(buffer, area, 3 + below);
        row.cell(if below == 0 { "Next" } else { "" }, 6, theme.heading());
        row.put(line, theme.text());
    }
    let shown = score.reasons.iter().skip(skipped);
    for (below, reason) in (4 + lines.len()..usize::from(area.height)).zip(shown) {
        draw_reason(reason, shared, &mut Row::new(buffer, area, below));
    }
}

fn draw_reason(reason: &Reason, shared: &Shared, row: &mut Row<'_>) {
    let theme = shared.theme;
    let style = match reason.points {
        ..0 => theme.alarm(),
        0 => theme.faint(),
        _ => theme.good(),
    };
    let sign = if reason.points > 0 { "+" } else { "" };
    row.cell_right(&format!("{sign}{}", reason.points), 4, style);
    let most = if reason.most > 0 {
        format!(" of {}", reason.most)
    } else {
        String::new()
    };
    row.cell(&most, 7, theme.faint());
    row.cell(reason.rule, 13, theme.strong()).skip(1);
    row.put(&reason.words, theme.text());
}
