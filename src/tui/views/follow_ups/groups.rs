//! Follow-ups in groups by when they are due, and one of them as a row.

use crate::domain::id::Id;
use crate::domain::record::Record;
use crate::domain::values::dates::Due;
use crate::domain::{follow_up, show};
use crate::tui::brief::{due_mark, due_short, party};
use crate::tui::filter::Filter;
use crate::tui::marks::Mark;
use crate::tui::model::Shared;
use crate::tui::widgets::text::{Row, width};
use chrono::{Datelike as _, Days, NaiveDate};
use std::collections::BTreeMap;

/// The sizes of the columns beside what is to be done.
const DUE: usize = 12;
const PRIORITY: usize = 4;
const REPEAT: usize = 13;

/// When something is due, as far as a day's work is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Span {
    Overdue,
    Today,
    Tomorrow,
    Week,
    Later,
    Never,
    Done,
}

impl Span {
    /// The words of its heading.
    pub(super) const fn title(self) -> &'static str {
        match self {
            Self::Overdue => "overdue",
            Self::Today => "today",
            Self::Tomorrow => "tomorrow",
            Self::Week => "this week",
            Self::Later => "later",
            Self::Never => "no date",
            Self::Done => "done today",
        }
    }

    /// Its sign.
    pub(super) const fn mark(self) -> Mark {
        match self {
            Self::Overdue => Mark::Overdue,
            Self::Today => Mark::Today,
            Self::Done => Mark::Won,
            _ => Mark::Blank,
        }
    }

    /// The group of an open follow-up, or of one that was done today.
    fn of(record: &Record, shared: &Shared) -> Option<Self> {
        let (context, today) = (&shared.context, shared.context.today());
        if let Some(done) = record.get(follow_up::DONE) {
            let day = done.0.with_timezone(&context.zone).date_naive();
            return (day == today).then_some(Self::Done);
        }
        let Some(due) = record.get(follow_up::DUE) else {
            return Some(Self::Never);
        };
        let day = due.day(context.zone);
        let left = 6 - u64::from(today.weekday().num_days_from_monday());
        let sunday = today.checked_add_days(Days::new(left)).unwrap_or(today);
        Some(match due_mark(due, shared) {
            Mark::Overdue => Self::Overdue,
            Mark::Today => Self::Today,
            _ if Some(day) == today.succ_opt() => Self::Tomorrow,
            _ if day <= sunday => Self::Week,
            _ => Self::Later,
        })
    }
}

/// A line of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// The head of a group, with how many there are in it.
    Heading(Span, usize),
    /// A follow-up.
    Item(Span, Id),
    /// Nothing, between groups.
    Blank,
}

/// The list, and what belongs to it.
#[derive(Debug, Default)]
pub(super) struct Groups {
    pub(super) lines: Vec<Line>,
    /// How many are open on each day.
    pub(super) days: BTreeMap<NaiveDate, usize>,
    /// How many are shown, and how many there are.
    pub(super) counts: (usize, usize),
}

impl Groups {
    /// Groups the active follow-ups that are meant.
    pub(super) fn new(filter: Option<&Filter>, shared: &Shared) -> Self {
        let zone = shared.context.zone;
        let all = shared.snapshot.of_kind(&follow_up::KIND);
        let mut found: Vec<(Span, &Record)> = all
            .filter_map(|record| Some((Span::of(record, shared)?, record)))
            .collect();
        let total = found.len();
        found.retain(|(_, record)| filter.is_none_or(|filter| filter.matches(record, shared)));
        found.sort_by_cached_key(|(span, record)| {
            let due = record.get(follow_up::DUE);
            let day = due.map(|due| (due.day(zone), matches!(due, Due::Day(_)), due.starts(zone)));
            (*span, day, record.id)
        });
        let mut groups = Self {
            counts: (found.len(), total),
            ..Self::default()
        };
        for part in found.chunk_by(|(one, _), (other, _)| one == other) {
            if !groups.lines.is_empty() {
                groups.lines.push(Line::Blank);
            }
            let span = part.first().map_or(Span::Never, |(span, _)| *span);
            groups.lines.push(Line::Heading(span, part.len()));
            for (_, record) in part {
                groups.lines.push(Line::Item(span, record.id));
                let due = record.get(follow_up::DUE).filter(|_| span != Span::Done);
                if let Some(due) = due {
                    *groups.days.entry(due.day(zone)).or_default() += 1;
                }
            }
        }
        groups
    }
}

/// A follow-up as a row.
#[derive(Clone, Debug)]
pub(super) struct Item {
    span: Span,
    due: String,
    text: String,
    who: String,
    company: String,
    priority: String,
    repeat: String,
}

impl Item {
    /// The row of a follow-up.
    pub(super) fn of(span: Span, record: &Record, shared: &Shared) -> Self {
        let zone = shared.context.zone;
        let due = record
            .get(follow_up::DUE)
            .map_or_else(String::new, |due| match (span, due) {
                (Span::Today | Span::Tomorrow, Due::At(moment)) => {
                    moment.at.with_timezone(&zone).format("%H:%M").to_string()
                }
                (Span::Today | Span::Tomorrow, Due::Day(_)) => "any time".to_owned(),
                (Span::Week | Span::Later, _) => show::day_words(due.day(zone), &shared.context),
                (Span::Done, _) => String::new(),
                _ => due_short(due, shared),
            });
        let company = record
            .get(follow_up::COMPANY)
            .map(|id| shared.snapshot.name_of(*id));
        let who = party(record, shared);
        let priority = record.text(follow_up::PRIORITY);
        Self {
            span,
            due,
            text: record.title().to_owned(),
            company: company
                .filter(|company| *company != who)
                .unwrap_or_default(),
            who,
            priority: if priority == "normal" {
                String::new()
            } else {
                priority.to_owned()
            },
            repeat: record
                .get(follow_up::REPEAT)
                .map_or_else(String::new, |rule| rule.words()),
        }
    }

    /// Draws it into a row; how much of it depends on the room.
    pub(super) fn draw(&self, shared: &Shared, row: &mut Row<'_>) {
        let theme = shared.theme;
        let mark = self.span.mark();
        row.cell(mark.sign(), 1, mark.style(theme)).skip(1);
        let style = match mark {
            Mark::Overdue | Mark::Today => mark.style(theme),
            _ => theme.text(),
        };
        let room = row.room();
        row.cell(&self.due, DUE.min(room / 3), style).skip(1);
        let repeat = if room >= 80 { REPEAT + 2 } else { 0 };
        let priority = if room >= 56 { PRIORITY + 2 } else { 0 };
        let left = row.room().saturating_sub(repeat + priority + 2);
        let who = (left * 2 / 5).min(44);
        row.cell(&self.text, left - who, theme.strong()).skip(2);
        let both = format!("{}, {}", self.who, self.company);
        let whole = !self.company.is_empty() && width(&both) <= who;
        row.cell(if whole { &both } else { &self.who }, who, theme.text());
        if priority > 0 {
            let high = self.priority == "high";
            let style = if high {
                theme.attention()
            } else {
                theme.text()
            };
            row.skip(2).cell(&self.priority, PRIORITY, style);
        }
        if repeat > 0 {
            row.skip(2).cell(&self.repeat, REPEAT, theme.text());
        }
    }
}

/// Names the columns in a row.
pub(super) fn draw_names(shared: &Shared, row: &mut Row<'_>) {
    let names = Item {
        span: Span::Later,
        due: "due".to_owned(),
        text: "what".to_owned(),
        who: "with".to_owned(),
        company: String::new(),
        priority: "prio".to_owned(),
        repeat: "repeats".to_owned(),
    };
    names.draw(shared, row);
}
