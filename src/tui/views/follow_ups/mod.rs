//! Follow-ups: what is overdue, today, tomorrow, this week and later; a month and the record
//! beside the list where there is room. The groups and rows are in `groups.rs`.

mod groups;

use super::{View, ViewDef, go};
use crate::domain::follow_up;
use crate::domain::id::Id;
use crate::tui::filter::Filter;
use crate::tui::marks::Mark;
use crate::tui::model::Shared;
use crate::tui::msg::Request;
use crate::tui::widgets::cursor::Cursor;
use crate::tui::widgets::record_pane::{Part, RecordPane};
use crate::tui::widgets::text::{Row, cells, paint};
use crate::tui::widgets::{calendar, empty};
use chrono::NaiveDate;
use groups::{Groups, Item, Line};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Modifier;

/// From so many columns on the month stands beside the list.
const MONTH_FROM: u16 = 100;
/// The most columns of what stands beside the list.
const MOST_BESIDE: u16 = 48;

/// The view.
pub(crate) const VIEW: ViewDef = ViewDef {
    name: "follow-ups",
    title: "follow-ups",
    kind: Some(&follow_up::KIND),
    go: go("follow-ups", &["3"], "Go to the follow-ups"),
    actions: &[],
    follows_clock: true,
    make: || Box::new(FollowUps::new()),
};

struct FollowUps {
    groups: Groups,
    cursor: Cursor,
    /// The follow-ups in sight; none for headings and blank lines.
    rows: Vec<Option<Item>>,
    filter: Option<Filter>,
    pane: RecordPane,
    inside: bool,
    area: Rect,
}

/// The list, the month and the record; those without room are empty.
fn panes(area: Rect) -> (Rect, Rect, Rect) {
    if area.width < MONTH_FROM {
        return (area, Rect::default(), Rect::default());
    }
    let (wide, high) = calendar::SIZE;
    let right = (area.width * 2 / 7).clamp(wide + 4, MOST_BESIDE);
    let list = Rect {
        width: area.width - right,
        ..area
    };
    let beside = Rect {
        x: list.right() + 2,
        width: right - 3,
        ..area
    };
    let month = Rect {
        height: high.min(area.height),
        ..beside
    };
    let below = area.height.saturating_sub(high + 1);
    let record = Rect {
        y: area.y + area.height - below,
        height: below,
        ..beside
    };
    (list, month, record)
}

/// The lines of the list: below the names of its columns.
fn list_lines(list: Rect) -> Rect {
    let head = list.height.min(1);
    Rect {
        y: list.y + head,
        height: list.height - head,
        ..list
    }
}

impl FollowUps {
    fn new() -> Self {
        Self {
            groups: Groups::default(),
            cursor: Cursor::default(),
            rows: Vec::new(),
            filter: None,
            pane: RecordPane::new(Part::Facts),
            inside: false,
            area: Rect::default(),
        }
    }

    /// Puts the cursor on a follow-up if it stands on a heading, and works out what is in sight.
    fn settle(&mut self, down: bool, shared: &Shared) {
        let lines = &self.groups.lines;
        if let Some(at) = self.cursor.at() {
            let is_item = |place: &usize| matches!(lines.get(*place), Some(Line::Item(..)));
            let after = (at..lines.len()).find(is_item);
            let before = (0..=at).rev().find(is_item);
            let found = if down {
                after.or(before)
            } else {
                before.or(after)
            };
            self.cursor.set(found.unwrap_or(at));
            // The heading of the first group comes into sight with its first row.
            if found == lines.iter().position(|line| matches!(line, Line::Item(..))) {
                self.cursor.set(0);
                self.cursor.set(found.unwrap_or(at));
            }
        }
        let window = lines.get(self.cursor.window()).unwrap_or_default();
        let row = |line: &Line| match line {
            Line::Item(span, id) => shared
                .snapshot
                .get(*id)
                .map(|record| Item::of(*span, record, shared)),
            _ => None,
        };
        self.rows = window.iter().map(row).collect();
        let (_, _, area) = panes(self.area);
        self.pane.show(self.selected(), Part::Facts, area, shared);
    }

    fn place_of(&self, id: Id) -> Option<usize> {
        let is = |line: &Line| matches!(line, Line::Item(_, known) if *known == id);
        self.groups.lines.iter().position(is)
    }

    /// Goes to the first follow-up of the next or the previous group.
    fn turn_group(&mut self, forwards: bool, shared: &Shared) {
        let heads = self.groups.lines.iter().enumerate();
        let mut heads = heads
            .filter(|(_, line)| matches!(line, Line::Heading(..)))
            .map(|(at, _)| at);
        let at = self.cursor.at().unwrap_or(0);
        let found = if forwards {
            heads.find(|head| *head > at)
        } else {
            heads.rev().find(|head| *head + 1 < at)
        };
        if let Some(head) = found {
            self.cursor.set(head + 1);
            self.settle(true, shared);
        }
    }

    /// The day of the selected follow-up, or today.
    fn day(&self, shared: &Shared) -> NaiveDate {
        let record = self.selected().and_then(|id| shared.snapshot.get(id));
        let due = record.and_then(|record| record.get(follow_up::DUE));
        due.map_or_else(
            || shared.context.today(),
            |due| due.day(shared.context.zone),
        )
    }

    /// Puts the cursor on the first follow-up of a day.
    fn go_to_day(&mut self, day: NaiveDate, shared: &Shared) {
        let is_of_day = |line: &Line| match line {
            Line::Item(_, id) => {
                let due = shared
                    .snapshot
                    .get(*id)
                    .and_then(|record| record.get(follow_up::DUE));
                due.is_some_and(|due| due.day(shared.context.zone) == day)
            }
            _ => false,
        };
        if let Some(at) = self.groups.lines.iter().position(is_of_day) {
            self.cursor.set(at);
            self.settle(true, shared);
        }
    }

    fn draw_list(&self, shared: &Shared, buffer: &mut Buffer, list: Rect) {
        let theme = shared.theme;
        let mut names = Row::new(buffer, list, 0);
        names.skip(1);
        groups::draw_names(shared, &mut names);
        paint(
            buffer,
            Rect {
                height: list.height.min(1),
                ..list
            },
            names_style(theme),
        );
        let area = list_lines(list);
        for (below, at) in self.cursor.window().enumerate() {
            let mut row = Row::new(buffer, area, below);
            match self.groups.lines.get(at) {
                Some(Line::Heading(span, count)) => {
                    let mark = span.mark();
                    let style = match mark {
                        Mark::Overdue => theme.alarm(),
                        _ => theme.heading(),
                    };
                    row.skip(1).put(span.title(), style).skip(1);
                    row.put(&count.to_string(), theme.text()).skip(1);
                    let line = "─".repeat(row.room());
                    row.put(&line, theme.faint());
                }
                Some(Line::Item(..)) => {
                    let selected = self.cursor.at() == Some(at);
                    row.put(if selected { "›" } else { " " }, theme.accent());
                    if let Some(Some(item)) = self.rows.get(below) {
                        item.draw(shared, &mut row);
                    }
                    if selected && !self.inside {
                        let y = area.y.saturating_add(cells(below));
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
                _ => {}
            }
        }
    }
}

const fn names_style(theme: crate::tui::theme::Theme) -> ratatui::style::Style {
    theme.faint().remove_modifier(Modifier::BOLD)
}

impl View for FollowUps {
    fn refresh(&mut self, shared: &Shared) {
        let (selected, place) = (self.selected(), self.cursor.at());
        self.groups = Groups::new(self.filter.as_ref(), shared);
        self.cursor.set_length(self.groups.lines.len());
        let again = selected.and_then(|id| self.place_of(id)).or(place);
        self.cursor.set(again.unwrap_or(0));
        self.settle(true, shared);
    }

    fn resize(&mut self, area: Rect, shared: &Shared) {
        self.area = area;
        let (list, _, record) = panes(area);
        self.cursor.set_height(usize::from(list_lines(list).height));
        self.inside &= !record.is_empty();
        self.settle(true, shared);
    }

    fn act(&mut self, action: &str, shared: &Shared) -> Vec<Request> {
        let (_, _, record) = panes(self.area);
        match action {
            "next-pane" | "previous-pane" => self.inside = !self.inside && !record.is_empty(),
            "left" => self.inside = false,
            "right" => self.inside = !record.is_empty(),
            "next-tab" | "previous-tab" => self.turn_group(action == "next-tab", shared),
            "open" if self.inside => {
                return self.pane.link().map(Request::Open).into_iter().collect();
            }
            "open" => return self.selected().map(Request::Open).into_iter().collect(),
            movement if self.inside => {
                self.pane.act(movement);
            }
            movement => {
                self.cursor.act(movement);
                self.settle(!movement.ends_with("up") && movement != "bottom", shared);
            }
        }
        Vec::new()
    }

    fn back(&mut self, _shared: &Shared) -> bool {
        std::mem::take(&mut self.inside)
    }

    fn selected(&self) -> Option<Id> {
        match self.groups.lines.get(self.cursor.at()?)? {
            Line::Item(_, id) => Some(*id),
            _ => None,
        }
    }

    fn select(&mut self, id: Id, shared: &Shared) -> bool {
        let found = self.place_of(id);
        if let Some(at) = found {
            self.cursor.set(at);
            self.settle(true, shared);
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
        Some(self.groups.counts)
    }

    fn click(&mut self, column: u16, row: u16, shared: &Shared) -> Vec<Request> {
        let (list, month, record) = panes(self.area);
        let list = list_lines(list);
        let position = Position::new(column, row);
        if list.contains(position) {
            self.inside = false;
            let before = self.selected();
            if self.cursor.click(usize::from(row - list.y)) {
                self.settle(true, shared);
                if before.is_some() && before == self.selected() {
                    return before.map(Request::Open).into_iter().collect();
                }
            }
        } else if record.contains(position) {
            self.inside = true;
            self.pane.click(usize::from(row - record.y));
        } else if month.contains(position)
            && let Some(day) = calendar::day_at(self.day(shared), column - month.x, row - month.y)
        {
            self.go_to_day(day, shared);
        }
        Vec::new()
    }

    fn wheel(&mut self, lines: isize, column: u16, row: u16, shared: &Shared) {
        let (_, _, record) = panes(self.area);
        if record.contains(Position::new(column, row)) {
            self.pane.wheel(lines);
        } else {
            self.cursor.wheel(lines);
            self.settle(lines > 0, shared);
        }
    }

    fn draw(&self, shared: &Shared, buffer: &mut Buffer, area: Rect) {
        let theme = shared.theme;
        let (list, month, record) = panes(area);
        if self.groups.lines.is_empty() {
            match &self.filter {
                Some(filter) => empty::draw("follow-ups", Some(filter.text()), theme, buffer, list),
                None => {
                    let words = "Nothing to follow up: nothing is due, nothing is planned.";
                    empty::draw_words(words, "a", "sets a follow-up", theme, buffer, list);
                }
            }
        } else {
            self.draw_list(shared, buffer, list);
        }
        if month.is_empty() {
            return;
        }
        let line = Rect {
            x: list.right(),
            width: 1,
            ..area
        };
        for below in 0..usize::from(area.height) {
            Row::new(buffer, line, below).put("│", theme.faint());
        }
        let today = shared.context.today();
        calendar::draw(
            self.day(shared),
            today,
            &self.groups.days,
            theme,
            buffer,
            month,
        );
        if self.selected().is_some() {
            self.pane.draw(shared, buffer, record, self.inside);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::services::intent::Intent;
    use crate::tui::msg::Effect;
    use crate::tui::sample::{lines, model, press, screen_text};

    #[test]
    fn what_is_due_is_grouped_by_when() {
        let mut model = model(120, 30);
        press(&mut model, "3");
        let shown = lines(&model);
        let heads = [
            "overdue 1",
            "today 1",
            "tomorrow 1",
            "this week 1",
            "later 1",
        ];
        let mut places = heads.iter().map(|head| {
            shown
                .iter()
                .position(|line| line.starts_with(&format!(" {head}")))
                .expect(head)
        });
        assert!(places.clone().is_sorted(), "{}", screen_text(&model));
        assert_eq!(places.next(), Some(2));
        assert!(screen_text(&model).contains("November 2026"));
    }

    #[test]
    fn f_is_done_and_s_puts_off() {
        let mut model = model(80, 24);
        let effects = press(&mut model, "3 f");
        assert!(matches!(
            effects[..],
            [Effect::Perform(_, Intent::Done { .. })]
        ));
        for keys in ["s 3", "s t text:fri_9am ctrl-s"] {
            let effects = press(&mut model, keys);
            let [Effect::Perform(_, Intent::Seen { intent, .. })] = &effects[..] else {
                panic!("{keys}: {effects:?}");
            };
            assert!(matches!(**intent, Intent::Snooze(..)), "{effects:?}");
        }
    }
}
