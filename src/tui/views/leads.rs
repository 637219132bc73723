//! Leads: ranked by score, with the strongest reasons; Enter explains the whole score.

use super::{View, ViewDef, go};
use crate::domain::contact;
use crate::domain::id::Id;
use crate::scoring::Score;
use crate::services::ranking;
use crate::tui::filter::Filter;
use crate::tui::marks;
use crate::tui::model::Shared;
use crate::tui::msg::Request;
use crate::tui::popups::score;
use crate::tui::widgets::cursor::Cursor;
use crate::tui::widgets::empty;
use crate::tui::widgets::text::{Row, cells, paint, width};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

/// The view.
pub(crate) const VIEW: ViewDef = ViewDef {
    name: "leads",
    title: "leads",
    kind: Some(&contact::KIND),
    go: go("leads", &["4"], "Go to the leads"),
    actions: &[],
    follows_clock: false,
    make: || Box::new(Leads::default()),
};

#[derive(Default)]
struct Leads {
    ranked: Vec<(Id, Score)>,
    cursor: Cursor,
    filter: Option<Filter>,
    area: Rect,
    total: usize,
}

/// The list, and beside it the explanation where there is room.
fn panes(area: Rect) -> (Rect, Rect) {
    if area.width < 120 {
        return (area, Rect::default());
    }
    let list = Rect {
        width: area.width * 3 / 5,
        ..area
    };
    let beside = Rect {
        x: list.right() + 2,
        width: area.width - list.width - 3,
        ..area
    };
    (list, beside)
}

/// The three strongest reasons: in words where they fit, else by their names and points.
fn reasons(score: &Score, room: usize) -> String {
    let strongest = || {
        score
            .reasons
            .iter()
            .filter(|reason| reason.points != 0)
            .take(3)
    };
    let words: Vec<&str> = strongest().map(|reason| reason.words.as_str()).collect();
    let words = words.join(" · ");
    if width(&words) <= room {
        return words;
    }
    let short = strongest().map(|reason| format!("{} {:+}", reason.rule, reason.points));
    short.collect::<Vec<_>>().join("  ")
}

impl Leads {
    fn draw_list(&self, shared: &Shared, buffer: &mut Buffer, area: Rect) {
        let theme = shared.theme;
        let names = (usize::from(area.width) * 2 / 9).clamp(12, 26);
        let bar = if area.width < 100 { 6 } else { 10 };
        let action = if area.width >= 72 { 8 } else { 0 };
        let mut row = Row::new(buffer, area, 0);
        row.skip(2).cell("score", bar + 5, theme.faint()).skip(1);
        row.cell("name", names, theme.faint()).skip(2);
        if action > 0 {
            row.cell("next", action, theme.faint());
        }
        row.put("why", theme.faint());
        for (below, at) in self.cursor.window().enumerate() {
            let Some((id, score)) = self.ranked.get(at) else {
                break;
            };
            let Some(record) = shared.snapshot.get(*id) else {
                continue;
            };
            let selected = self.cursor.at() == Some(at);
            let hot = score.points >= marks::HOT_FROM;
            let mut row = Row::new(buffer, area, below + 1);
            row.put(if selected { "›" } else { " " }, theme.accent());
            let sign = if hot { crate::tui::theme::HOT } else { " " };
            row.put(sign, theme.attention());
            row.cell_right(&score.points.to_string(), 4, theme.strong())
                .skip(1);
            row.cell(&marks::bar(score.points, bar), bar, theme.accent())
                .skip(1);
            row.cell(record.title(), names, theme.strong()).skip(2);
            if action > 0 {
                let next = ranking::action(&shared.snapshot, record, &shared.context);
                row.cell(next.verb.word(), action, theme.text());
            }
            let reasons = reasons(score, row.room());
            row.put(&reasons, theme.text());
            if selected {
                let y = area.y.saturating_add(cells(below + 1));
                paint(
                    buffer,
                    Rect {
                        y,
                        height: 1,
                        ..area
                    },
                    theme.selected(),
                );
            }
        }
    }
}

impl View for Leads {
    fn refresh(&mut self, shared: &Shared) {
        let selected = self.selected();
        let settings = &shared.settings.score;
        let all = ranking::contacts(&shared.snapshot, &shared.context, settings);
        let leads = all
            .into_iter()
            .filter(|(record, _)| ranking::is_lead(record));
        let mut total = 0;
        self.ranked = leads
            .inspect(|_| total += 1)
            .filter(|(record, _)| {
                self.filter
                    .as_ref()
                    .is_none_or(|f| f.matches(record, shared))
            })
            .map(|(record, score)| (record.id, score))
            .collect();
        self.total = total;
        self.cursor.set_length(self.ranked.len());
        if let Some(id) = selected {
            self.select(id, shared);
        }
    }

    fn resize(&mut self, area: Rect, _shared: &Shared) {
        self.area = area;
        self.cursor
            .set_height(usize::from(area.height).saturating_sub(1));
    }

    fn act(&mut self, action: &str, _shared: &Shared) -> Vec<Request> {
        if action == "open" {
            let popup = self.selected().map(score::popup);
            return popup.map(Request::Popup).into_iter().collect();
        }
        self.cursor.act(action);
        Vec::new()
    }

    fn selected(&self) -> Option<Id> {
        self.cursor
            .at()
            .and_then(|at| self.ranked.get(at))
            .map(|(id, _)| *id)
    }

    fn select(&mut self, id: Id, _shared: &Shared) -> bool {
        let found = self.ranked.iter().position(|(ranked, _)| *ranked == id);
        if let Some(at) = found {
            self.cursor.set(at);
        }
        found.is_some()
    }

    fn filter(&self) -> Option<&Filter> {
        self.filter.as_ref()
    }

    fn set_filter(&mut self, filter: Option<Filter>, shared: &Shared) {
        self.filter = filter;
        self.refresh(shared);
    }

    fn counts(&self) -> Option<(usize, usize)> {
        Some((self.ranked.len(), self.total))
    }

    fn click(&mut self, column: u16, row: u16, shared: &Shared) -> Vec<Request> {
        let (list, _) = panes(self.area);
        let before = self.selected();
        let below = row.checked_sub(list.y + 1).map(usize::from);
        if list.contains(Position::new(column, row))
            && below.is_some_and(|below| self.cursor.click(below))
            && before.is_some()
            && before == self.selected()
        {
            return self.act("open", shared);
        }
        Vec::new()
    }

    fn wheel(&mut self, lines: isize, _column: u16, _row: u16, _shared: &Shared) {
        self.cursor.wheel(lines);
    }

    fn draw(&self, shared: &Shared, buffer: &mut Buffer, area: Rect) {
        let (theme, filter) = (shared.theme, self.filter.as_ref().map(Filter::text));
        if self.ranked.is_empty() {
            return empty::draw("leads", filter, theme, buffer, area);
        }
        let (list, beside) = panes(area);
        self.draw_list(shared, buffer, list);
        if beside.is_empty() {
            return;
        }
        for below in 0..usize::from(area.height) {
            let line = Rect {
                x: list.right(),
                width: 1,
                ..area
            };
            Row::new(buffer, line, below).put("│", theme.faint());
        }
        if let Some(id) = self.selected() {
            score::draw(id, 0, shared, buffer, beside);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::tui::sample::{lines, model, press, screen_text};

    #[test]
    fn enter_explains_the_score_factor_by_factor() {
        let mut model = model(80, 24);
        press(&mut model, "4");
        assert!(
            lines(&model)[2].contains("Ana Pérez"),
            "{}",
            screen_text(&model)
        );
        press(&mut model, "enter");
        let text = screen_text(&model);
        for part in ["Ana Pérez", "Next", "source", "of 15"] {
            assert!(text.contains(part), "{part} in\n{text}");
        }
    }
}
