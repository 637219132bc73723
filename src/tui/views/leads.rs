//! Leads: those still to be won, ranked by score, with the strongest reasons and what to do
//! next. Enter explains the whole score; a tall screen explains it below the list.

use super::{View, ViewDef, go};
use crate::domain::contact;
use crate::domain::id::Id;
use crate::domain::record::Record;
use crate::scoring::Reason;
use crate::services::ranking;
use crate::tui::filter::Filter;
use crate::tui::marks::{self, HOT_FROM, Mark};
use crate::tui::model::Shared;
use crate::tui::msg::Request;
use crate::tui::popups::score;
use crate::tui::widgets::cursor::Cursor;
use crate::tui::widgets::empty;
use crate::tui::widgets::text::{Row, cells, paint, width};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use std::cmp::Reverse;

/// From so many rows on the score is explained below the list, in so many rows.
const EXPLAINED_FROM: u16 = 34;
const EXPLANATION: u16 = 18;
/// How many reasons a row gives.
const REASONS: usize = 3;
/// From so many cells on reasons are given in words.
const WORDS_FROM: usize = 60;

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

/// A lead in sight.
#[derive(Clone, Debug)]
struct Lead {
    points: u8,
    name: String,
    company: String,
    reasons: Vec<Reason>,
    verb: &'static str,
    next: String,
}

impl Lead {
    fn of(record: &Record, shared: &Shared) -> Self {
        let (snapshot, context) = (&shared.snapshot, &shared.context);
        let score = snapshot.score(record, context, &shared.settings.score);
        let next = ranking::action(snapshot, record, context, &shared.settings);
        let telling = score
            .reasons
            .into_iter()
            .filter(|reason| reason.points != 0);
        let company = record.get(contact::COMPANY);
        Self {
            points: score.points,
            name: record.title().to_owned(),
            company: company.map_or_else(String::new, |id| snapshot.name_of(*id)),
            reasons: telling.take(REASONS).collect(),
            verb: next.verb.word(),
            next: next.words,
        }
    }

    /// As many of the strongest reasons as fit: in words where there is room.
    fn reasons(&self, room: usize) -> String {
        let words = |reason: &Reason| match room {
            WORDS_FROM.. => reason.words.clone(),
            _ => format!("{} {:+}", reason.rule, reason.points),
        };
        let mut shown = String::new();
        for (place, reason) in self.reasons.iter().enumerate() {
            let next = if place == 0 {
                words(reason)
            } else {
                format!("{shown} · {}", words(reason))
            };
            if place > 0 && width(&next) > room {
                break;
            }
            shown = next;
        }
        shown
    }
}

/// The sizes of the columns; those without room are empty.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Columns {
    bar: usize,
    name: usize,
    company: usize,
    reasons: usize,
    next: usize,
}

/// The columns in so many cells: reasons and the verb of what is next come before the company.
fn columns(room: usize) -> Columns {
    let bar = if room >= 60 { 10 } else { 0 };
    let left = room.saturating_sub(8 + if bar > 0 { bar + 2 } else { 0 });
    match room {
        150.. => Columns {
            bar,
            name: 22,
            company: 22,
            reasons: (left - 50) * 3 / 5,
            next: (left - 50) * 2 / 5,
        },
        112.. => Columns {
            bar,
            name: 20,
            company: 16,
            reasons: 36,
            next: left - 78,
        },
        72.. => Columns {
            bar,
            name: left - 47,
            company: 0,
            reasons: 36,
            next: 7,
        },
        _ => Columns {
            bar,
            name: (left / 2).min(24),
            company: 0,
            reasons: left - (left / 2).min(24),
            next: 0,
        },
    }
}

#[derive(Default)]
struct Leads {
    ranked: Vec<Id>,
    cursor: Cursor,
    /// The leads in sight.
    shown: Vec<Lead>,
    filter: Option<Filter>,
    area: Rect,
    total: usize,
}

/// The list, and below it the explanation where there is room.
fn panes(area: Rect) -> (Rect, Rect) {
    if area.height < EXPLAINED_FROM || area.width < 60 {
        return (area, Rect::default());
    }
    let list = Rect {
        height: area.height - EXPLANATION - 1,
        ..area
    };
    let wide = area.width.saturating_sub(4).min(100);
    (
        list,
        Rect {
            x: area.x + 2,
            y: list.bottom() + 1,
            width: wide,
            height: EXPLANATION,
        },
    )
}

impl Leads {
    /// Works out what is in sight.
    fn show(&mut self, shared: &Shared) {
        let window = self.ranked.get(self.cursor.window()).unwrap_or_default();
        let records = window.iter().filter_map(|id| shared.snapshot.get(*id));
        self.shown = records.map(|record| Lead::of(record, shared)).collect();
    }

    fn draw_list(&self, shared: &Shared, buffer: &mut Buffer, area: Rect) {
        let theme = shared.theme;
        let sizes = columns(usize::from(area.width));
        let mut row = Row::new(buffer, area, 0);
        row.skip(2).cell(
            "score",
            if sizes.bar > 0 { sizes.bar + 7 } else { 5 },
            theme.faint(),
        );
        row.skip(1).cell("name", sizes.name, theme.faint()).skip(2);
        if sizes.company > 0 {
            row.cell("company", sizes.company, theme.faint()).skip(2);
        }
        row.cell("strongest reasons", sizes.reasons, theme.faint())
            .skip(2);
        row.cell("next", sizes.next, theme.faint());
        for (below, at) in self.cursor.window().enumerate() {
            let Some(lead) = self.shown.get(below) else {
                break;
            };
            let selected = self.cursor.at() == Some(at);
            let mut row = Row::new(buffer, area, below + 1);
            row.put(if selected { "›" } else { " " }, theme.accent());
            draw_lead(lead, sizes, shared, &mut row);
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

fn draw_lead(lead: &Lead, sizes: Columns, shared: &Shared, row: &mut Row<'_>) {
    let theme = shared.theme;
    let mark = if lead.points >= HOT_FROM {
        Mark::Hot
    } else {
        Mark::Blank
    };
    row.cell(mark.sign(), 1, mark.style(theme)).skip(1);
    row.cell_right(&lead.points.to_string(), 3, theme.strong())
        .skip(2);
    if sizes.bar > 0 {
        row.cell(
            &marks::bar(lead.points, sizes.bar),
            sizes.bar,
            theme.accent(),
        )
        .skip(2);
    }
    row.cell(&lead.name, sizes.name, theme.strong()).skip(2);
    if sizes.company > 0 {
        row.cell(&lead.company, sizes.company, theme.text()).skip(2);
    }
    row.cell(&lead.reasons(sizes.reasons), sizes.reasons, theme.text())
        .skip(2);
    let next = if sizes.next < 16 {
        lead.verb
    } else {
        &lead.next
    };
    row.cell(next, sizes.next, theme.text());
}

impl View for Leads {
    fn refresh(&mut self, shared: &Shared) {
        let selected = self.selected();
        let (snapshot, settings) = (&shared.snapshot, &shared.settings.score);
        let all = snapshot
            .of_kind(&contact::KIND)
            .filter(|record| ranking::is_lead(record));
        let mut total = 0;
        let wanted = |record: &&Record| {
            self.filter
                .as_ref()
                .is_none_or(|filter| filter.matches(record, shared))
        };
        let leads = all.inspect(|_| total += 1).filter(wanted);
        let score = |record: &Record| snapshot.score(record, &shared.context, settings).points;
        let mut ranked: Vec<(u8, Id)> = leads.map(|record| (score(record), record.id)).collect();
        // Names come in their order, which a stable sort keeps.
        ranked.sort_by_key(|(points, _)| Reverse(*points));
        self.ranked = ranked.into_iter().map(|(_, id)| id).collect();
        self.total = total;
        self.cursor.set_length(self.ranked.len());
        if let Some(place) =
            selected.and_then(|id| self.ranked.iter().position(|known| *known == id))
        {
            self.cursor.set(place);
        }
        self.show(shared);
    }

    fn resize(&mut self, area: Rect, shared: &Shared) {
        self.area = area;
        let (list, _) = panes(area);
        self.cursor
            .set_height(usize::from(list.height).saturating_sub(1));
        self.show(shared);
    }

    fn act(&mut self, action: &str, shared: &Shared) -> Vec<Request> {
        if action == "open" {
            let popup = self.selected().map(score::popup);
            return popup.map(Request::Popup).into_iter().collect();
        }
        self.cursor.act(action);
        self.show(shared);
        Vec::new()
    }

    fn selected(&self) -> Option<Id> {
        self.cursor.at().and_then(|at| self.ranked.get(at)).copied()
    }

    fn select(&mut self, id: Id, shared: &Shared) -> bool {
        let found = self.ranked.iter().position(|ranked| *ranked == id);
        if let Some(at) = found {
            self.cursor.set(at);
            self.show(shared);
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
        let hit = list.contains(Position::new(column, row))
            && below.is_some_and(|below| self.cursor.click(below));
        self.show(shared);
        if hit && before.is_some() && before == self.selected() {
            return self.act("open", shared);
        }
        Vec::new()
    }

    fn wheel(&mut self, lines: isize, _column: u16, _row: u16, shared: &Shared) {
        self.cursor.wheel(lines);
        self.show(shared);
    }

    fn draw(&self, shared: &Shared, buffer: &mut Buffer, area: Rect) {
        let (theme, filter) = (shared.theme, self.filter.as_ref().map(Filter::text));
        if self.ranked.is_empty() && filter.is_none() {
            let words = "No leads yet: nobody is here, or everyone is a customer already.";
            return empty::draw_words(words, "a", "adds a contact", theme, buffer, area);
        }
        if self.ranked.is_empty() {
            return empty::draw("leads", filter, theme, buffer, area);
        }
        let (list, below) = panes(area);
        self.draw_list(shared, buffer, list);
        if let Some(id) = self.selected().filter(|_| !below.is_empty()) {
            let line = Rect {
                y: list.bottom(),
                height: 1,
                ..area
            };
            let mut row = Row::new(buffer, line, 0);
            let rule = "─".repeat(row.room());
            row.put(&rule, theme.faint());
            score::draw(id, 0, shared, buffer, below);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
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

    #[test]
    fn a_row_gives_as_many_reasons_as_fit_and_cuts_none() {
        let reason = |rule, points| Reason {
            rule,
            points,
            most: 20,
            words: "because".to_owned(),
        };
        let lead = Lead {
            points: 50,
            name: String::new(),
            company: String::new(),
            reasons: vec![
                reason("source", 15),
                reason("deals", 9),
                reason("bounced", -5),
            ],
            verb: "call",
            next: String::new(),
        };
        for (room, expect) in [
            (90, "because · because · because"),
            (40, "source +15 · deals +9 · bounced -5"),
            (30, "source +15 · deals +9"),
            (12, "source +15"),
            (0, "source +15"),
        ] {
            assert_eq!(lead.reasons(room), expect, "{room} cells");
        }
    }

    #[test]
    fn columns_never_take_more_than_there_is() {
        for room in 0..250 {
            let all = columns(room);
            let company = if all.company > 0 { all.company + 2 } else { 0 };
            let bar = if all.bar > 0 { all.bar + 2 } else { 0 };
            let used = 8 + bar + all.name + 2 + company + all.reasons;
            let next = if all.next > 0 { all.next + 2 } else { 0 };
            assert!(room < 12 || used + next <= room + 4, "{room}: {all:?}");
        }
    }
}
