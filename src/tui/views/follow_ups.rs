//! Follow-ups: overdue, today, tomorrow, this week, later; a month and the record beside.

use super::{View, ViewDef, go};
use crate::domain::follow_up;
use crate::domain::id::Id;
use crate::domain::record::Record;
use crate::domain::show;
use crate::tui::actions::{Action, Scope};
use crate::tui::filter::Filter;
use crate::tui::marks::{self, Mark};
use crate::tui::model::Shared;
use crate::tui::msg::Request;
use crate::tui::verbs;
use crate::tui::widgets::cursor::Cursor;
use crate::tui::widgets::record_pane::{Part, RecordPane};
use crate::tui::widgets::text::{Row, cells, paint};
use crate::tui::widgets::{calendar, empty};
use chrono::{Datelike as _, Days, NaiveDate};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use std::collections::BTreeMap;

const OWN: Scope = Scope::View("follow-ups");
/// How wide the words of a due day are.
const DUE: usize = 16;

/// The view.
pub(crate) const VIEW: ViewDef = ViewDef {
    name: "follow-ups",
    title: "follow-ups",
    kind: Some(&follow_up::KIND),
    go: go("follow-ups", &["3"], "Go to the follow-ups"),
    actions: ACTIONS,
    follows_clock: true,
    make: || Box::new(FollowUps::new()),
};

static ACTIONS: &[Action] = &[
    Action::new(OWN, "finish", &["f"], "The follow-up is done")
        .hint("done")
        .runs(verbs::done),
    Action::new(OWN, "finish-and-next", &["F"], "Done, and set the next one")
        .hint("done, next")
        .runs(verbs::done_and_next),
];

/// When something is due, as far as a day's work is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Span {
    Overdue,
    Today,
    Tomorrow,
    Week,
    Later,
    Never,
}

impl Span {
    const fn title(self) -> &'static str {
        match self {
            Self::Overdue => "overdue",
            Self::Today => "today",
            Self::Tomorrow => "tomorrow",
            Self::Week => "this week",
            Self::Later => "later",
            Self::Never => "no date",
        }
    }

    fn of(record: &Record, shared: &Shared) -> Self {
        let (context, today) = (&shared.context, shared.context.today());
        let Some(due) = record.get(follow_up::DUE) else {
            return Self::Never;
        };
        let day = due.day(context.zone);
        let left = 6 - u64::from(today.weekday().num_days_from_monday());
        let sunday = today.checked_add_days(Days::new(left)).unwrap_or(today);
        if due.is_overdue(context.now, context.zone) {
            Self::Overdue
        } else if day <= today {
            Self::Today
        } else if Some(day) == today.succ_opt() {
            Self::Tomorrow
        } else if day <= sunday {
            Self::Week
        } else {
            Self::Later
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Line {
    Heading(Span, usize),
    Item(Id),
    Blank,
}

struct FollowUps {
    lines: Vec<Line>,
    cursor: Cursor,
    filter: Option<Filter>,
    days: BTreeMap<NaiveDate, usize>,
    pane: RecordPane,
    inside: bool,
    area: Rect,
    counts: (usize, usize),
}

impl FollowUps {
    fn new() -> Self {
        Self {
            lines: Vec::new(),
            cursor: Cursor::default(),
            filter: None,
            days: BTreeMap::new(),
            pane: RecordPane::new(Part::Facts),
            inside: false,
            area: Rect::default(),
            counts: (0, 0),
        }
    }

    /// The list, the month and the record; those without room are empty.
    fn panes(area: Rect) -> (Rect, Rect, Rect) {
        if area.width < 80 {
            return (area, Rect::default(), Rect::default());
        }
        let (wide, high) = calendar::SIZE;
        let right = if area.width < 120 {
            wide + 3
        } else {
            area.width * 2 / 5
        };
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

    fn settle(&mut self, down: bool, shared: &Shared) {
        let Some(at) = self.cursor.at() else {
            self.pane.show(None, Part::Facts, Rect::default(), shared);
            return;
        };
        let is_item = |place: &usize| matches!(self.lines.get(*place), Some(Line::Item(_)));
        let after = (at..self.lines.len()).find(is_item);
        let before = (0..=at).rev().find(is_item);
        let found = if down {
            after.or(before)
        } else {
            before.or(after)
        };
        if let Some(place) = found {
            self.cursor.set(place);
        }
        let (_, _, area) = Self::panes(self.area);
        self.pane.show(self.selected(), Part::Facts, area, shared);
    }

    fn draw_list(&self, shared: &Shared, buffer: &mut Buffer, area: Rect) {
        let theme = shared.theme;
        for (below, at) in self.cursor.window().enumerate() {
            let mut row = Row::new(buffer, area, below);
            match self.lines.get(at) {
                Some(Line::Heading(span, count)) => {
                    let style = if *span == Span::Overdue {
                        theme.alarm()
                    } else {
                        theme.heading()
                    };
                    row.skip(1).put(span.title(), style).skip(1);
                    row.put(&count.to_string(), theme.faint());
                }
                Some(Line::Item(id)) => {
                    let Some(record) = shared.snapshot.get(*id) else {
                        continue;
                    };
                    let selected = self.cursor.at() == Some(at);
                    row.put(if selected { "›" } else { " " }, theme.accent());
                    draw_item(record, shared, &mut row);
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

fn draw_item(record: &Record, shared: &Shared, row: &mut Row<'_>) {
    let theme = shared.theme;
    let mark = marks::of(record, shared);
    row.cell(mark.sign(), 1, mark.style(theme)).skip(1);
    let words = match record.get(follow_up::DUE) {
        Some(due) if mark == Mark::Overdue => {
            show::distance_words(due.day(shared.context.zone), &shared.context)
        }
        Some(due) => show::due_words(due, &shared.context),
        None => String::new(),
    };
    let size = DUE.min(row.room() / 3);
    row.cell(&words, size, theme.faint()).skip(1);
    let high = record.text(follow_up::PRIORITY) == "high";
    let who = ["contact", "company", "deal"]
        .iter()
        .map(|column| shared.words(record, column))
        .find(|words| !words.is_empty())
        .unwrap_or_default();
    let whom = (row.room() * 2 / 5).min(30);
    let text = row.room().saturating_sub(whom + 1);
    let title = if high {
        format!("{} (high)", record.title())
    } else {
        record.title().to_owned()
    };
    row.cell(&title, text, theme.strong()).skip(1);
    row.cell(&who, whom, theme.text());
}

impl View for FollowUps {
    fn refresh(&mut self, shared: &Shared) {
        let (selected, place) = (self.selected(), self.cursor.at());
        let zone = shared.context.zone;
        let mut open: Vec<(Span, i64, &Record)> = shared
            .snapshot
            .of_kind(&follow_up::KIND)
            .filter(|record| (record.kind.is_live)(record))
            .map(|record| {
                let due = record
                    .get(follow_up::DUE)
                    .map(|due| due.starts(zone).timestamp());
                (Span::of(record, shared), due.unwrap_or(i64::MAX), record)
            })
            .collect();
        let total = open.len();
        open.retain(|(_, _, record)| {
            self.filter
                .as_ref()
                .is_none_or(|f| f.matches(record, shared))
        });
        open.sort_by_key(|(span, due, record)| (*span, *due, record.id));
        self.counts = (open.len(), total);
        self.days.clear();
        self.lines.clear();
        let mut last = None;
        for (span, _, record) in &open {
            if last != Some(*span) {
                if last.is_some() {
                    self.lines.push(Line::Blank);
                }
                let count = open.iter().filter(|(other, _, _)| other == span).count();
                self.lines.push(Line::Heading(*span, count));
                last = Some(*span);
            }
            self.lines.push(Line::Item(record.id));
            if let Some(due) = record.get(follow_up::DUE) {
                *self.days.entry(due.day(zone)).or_default() += 1;
            }
        }
        self.cursor.set_length(self.lines.len());
        let again = selected
            .and_then(|id| self.lines.iter().position(|line| *line == Line::Item(id)))
            .or(place);
        self.cursor.set(again.unwrap_or(0));
        self.settle(true, shared);
    }

    fn resize(&mut self, area: Rect, shared: &Shared) {
        self.area = area;
        let (list, _, record) = Self::panes(area);
        self.cursor.set_height(usize::from(list.height));
        self.inside &= !record.is_empty();
        self.settle(true, shared);
    }

    fn act(&mut self, action: &str, shared: &Shared) -> Vec<Request> {
        let (_, _, record) = Self::panes(self.area);
        match action {
            "next-pane" | "previous-pane" => self.inside = !self.inside && !record.is_empty(),
            "left" => self.inside = false,
            "right" => self.inside = !record.is_empty(),
            "open" if self.inside => {
                return self.pane.link().map(Request::Open).into_iter().collect();
            }
            "open" => return self.selected().map(Request::Open).into_iter().collect(),
            movement if self.inside => {
                self.pane.act(movement);
            }
            movement => {
                self.cursor.act(movement);
                let up = movement.ends_with("up") || movement == "top";
                self.settle(!up || movement == "top", shared);
            }
        }
        Vec::new()
    }

    fn back(&mut self, _shared: &Shared) -> bool {
        std::mem::take(&mut self.inside)
    }

    fn selected(&self) -> Option<Id> {
        match self.lines.get(self.cursor.at()?)? {
            Line::Item(id) => Some(*id),
            _ => None,
        }
    }

    fn select(&mut self, id: Id, shared: &Shared) -> bool {
        let found = self.lines.iter().position(|line| *line == Line::Item(id));
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
        Some(self.counts)
    }

    fn click(&mut self, column: u16, row: u16, shared: &Shared) -> Vec<Request> {
        let (list, _, record) = Self::panes(self.area);
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
        }
        Vec::new()
    }

    fn wheel(&mut self, lines: isize, column: u16, row: u16, shared: &Shared) {
        let (_, _, record) = Self::panes(self.area);
        if record.contains(Position::new(column, row)) {
            self.pane.wheel(lines);
        } else {
            self.cursor.wheel(lines);
            self.settle(lines > 0, shared);
        }
    }

    fn draw(&self, shared: &Shared, buffer: &mut Buffer, area: Rect) {
        let theme = shared.theme;
        let (list, month, record) = Self::panes(area);
        if self.lines.is_empty() {
            match &self.filter {
                Some(filter) => empty::draw("follow-ups", Some(filter.text()), theme, buffer, list),
                None => {
                    let words = "Nothing to follow up: nothing is due, nothing is planned.";
                    empty::draw_words(words, "a", "sets a follow-up", theme, buffer, list);
                }
            }
        }
        self.draw_list(shared, buffer, list);
        if month.is_empty() {
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
        let today = shared.context.today();
        let due = self
            .selected()
            .and_then(|id| shared.snapshot.get(id)?.get(follow_up::DUE));
        let day = due.map_or(today, |due| due.day(shared.context.zone));
        calendar::draw(day, today, &self.days, theme, buffer, month);
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
        assert_eq!(places.next(), Some(1));
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
        let effects = press(&mut model, "s 3");
        assert!(matches!(
            effects[..],
            [Effect::Perform(_, Intent::Snooze(..))]
        ));
        let effects = press(&mut model, "s t text:fri_9am ctrl-s");
        assert!(
            matches!(effects[..], [Effect::Perform(_, Intent::Snooze(..))]),
            "{effects:?}"
        );
    }
}
