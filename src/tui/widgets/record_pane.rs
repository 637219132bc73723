//! A record in lines: what is known of it, what links to it, what happened with it.
//!
//! Works for every kind, by its field table. Lines that name another record lead there.

use super::cursor::Cursor;
use super::text::{self, Row, cells, paint};
use crate::domain::field::Shape;
use crate::domain::id::Id;
use crate::domain::kind::Kind;
use crate::domain::record::{Record, State};
use crate::domain::values::Value;
use crate::domain::{activity, company, contact, deal, follow_up, show};
use crate::tui::marks::{self, Mark};
use crate::tui::model::Shared;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// How much of the history is shown.
const MOST_HISTORY: usize = 200;
/// How wide the labels of fields are, where there is room.
const LABELS: usize = 14;

/// How wide the labels are in a pane of so many columns.
fn labels(wide: usize) -> usize {
    LABELS.min(wide * 2 / 7).max(6)
}

/// Which part of a record a pane shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// Its fields and what is open about it.
    Facts,
    /// What happened.
    History,
    /// Both, the history below.
    All,
}

/// One line of a pane.
#[derive(Clone, Debug, Default)]
struct Entry {
    label: String,
    mark: Mark,
    text: String,
    note: String,
    weight: Weight,
    link: Option<Id>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Weight {
    #[default]
    Plain,
    Strong,
    Heading,
    Faint,
}

/// A record's lines, and a cursor in them.
#[derive(Clone, Debug)]
pub(crate) struct RecordPane {
    part: Part,
    record: Option<Id>,
    entries: Vec<Entry>,
    cursor: Cursor,
}

impl RecordPane {
    /// A pane without a record.
    pub(crate) fn new(part: Part) -> Self {
        Self {
            part,
            record: None,
            entries: Vec::new(),
            cursor: Cursor::default(),
        }
    }

    /// Shows that part of a record in so many columns and rows.
    pub(crate) fn show(&mut self, id: Option<Id>, part: Part, area: Rect, shared: &Shared) {
        let same = self.record == id && self.part == part;
        (self.record, self.part) = (id, part);
        let record = id.and_then(|id| shared.snapshot.get(id));
        let wide = usize::from(area.width);
        self.entries = record.map_or_else(Vec::new, |record| entries(record, part, wide, shared));
        self.cursor.set_height(usize::from(area.height));
        self.cursor.set_length(self.entries.len());
        if !same {
            self.cursor.set(0);
        }
    }

    /// Takes a movement.
    pub(crate) fn act(&mut self, action: &str) -> bool {
        self.cursor.act(action)
    }

    /// The record that the line under the cursor leads to.
    pub(crate) fn link(&self) -> Option<Id> {
        self.entries.get(self.cursor.at()?)?.link
    }

    /// Moves by lines of a wheel.
    pub(crate) fn wheel(&mut self, lines: isize) {
        self.cursor.wheel(lines);
    }

    /// Puts the cursor on the line so far below the top.
    pub(crate) fn click(&mut self, below: usize) -> bool {
        self.cursor.click(below)
    }

    /// How many lines there are.
    pub(crate) fn length(&self) -> usize {
        self.entries.len()
    }

    /// Draws the lines in sight.
    pub(crate) fn draw(&self, shared: &Shared, buffer: &mut Buffer, area: Rect, focused: bool) {
        for (below, at) in self.cursor.window().enumerate() {
            let Some(entry) = self.entries.get(at) else {
                break;
            };
            draw_entry(entry, shared, buffer, area, below);
            if focused && self.cursor.at() == Some(at) {
                let line = Rect::new(area.x, area.y.saturating_add(cells(below)), area.width, 1);
                paint(buffer, line, shared.theme.selected());
            }
        }
        if self.entries.is_empty() && self.part != Part::History {
            Row::new(buffer, area, 0).put("nothing selected", shared.theme.faint());
        }
    }
}

fn draw_entry(entry: &Entry, shared: &Shared, buffer: &mut Buffer, area: Rect, below: usize) {
    let theme = shared.theme;
    let style = match entry.weight {
        Weight::Plain => theme.text(),
        Weight::Strong => theme.strong(),
        Weight::Heading => theme.heading(),
        Weight::Faint => theme.faint(),
    };
    let mut row = Row::new(buffer, area, below);
    row.right(&entry.note, theme.faint());
    if !entry.label.is_empty() {
        let size = labels(usize::from(area.width)).min(row.room() / 2);
        row.cell(&entry.label, size, theme.faint()).skip(1);
    }
    if entry.mark != Mark::None {
        row.put(entry.mark.sign(), entry.mark.style(theme)).skip(1);
    }
    row.put(&entry.text, style);
}

fn heading(title: &str) -> [Entry; 2] {
    let entry = Entry {
        text: title.to_owned(),
        weight: Weight::Heading,
        ..Entry::default()
    };
    [Entry::default(), entry]
}

fn entries(record: &Record, part: Part, wide: usize, shared: &Shared) -> Vec<Entry> {
    let mut all = Vec::new();
    if part != Part::History {
        head(record, wide, shared, &mut all);
        let rest = facts(record, wide, shared, &mut all);
        open_follow_ups(record, shared, &mut all);
        linked(record, &deal::KIND, "Deals", shared, &mut all);
        linked(record, &contact::KIND, "Contacts", shared, &mut all);
        if !rest.is_empty() {
            all.extend(heading("Details"));
            all.extend(rest);
        }
    }
    if part != Part::Facts {
        let before = all.len();
        history(record, shared, &mut all);
        if all.len() > before {
            let skipped = usize::from(before == 0);
            all.splice(before..before, heading("History").into_iter().skip(skipped));
        } else if part == Part::History {
            all.extend(heading("History").into_iter().skip(1));
            all.push(Entry {
                text: "nothing happened yet · cc logs a call".to_owned(),
                weight: Weight::Faint,
                ..Entry::default()
            });
        }
    }
    all
}

fn head(record: &Record, wide: usize, shared: &Shared, all: &mut Vec<Entry>) {
    let state = match record.state {
        State::Active => "",
        State::Archived(_) => "archived",
        State::Trashed(_) => "in the trash",
    };
    for (place, line) in text::wrap(record.title(), wide).into_iter().enumerate() {
        all.push(Entry {
            mark: if place == 0 {
                marks::of(record, shared)
            } else {
                Mark::None
            },
            text: line,
            note: if place == 0 {
                state.to_owned()
            } else {
                String::new()
            },
            weight: Weight::Strong,
            ..Entry::default()
        });
    }
    if record.kind == &contact::KIND {
        let lookup = shared
            .snapshot
            .score(record, &shared.context, &shared.settings.score);
        all.push(Entry {
            label: "Score".to_owned(),
            text: format!("{} {}", marks::bar(lookup.points, 10), lookup.points),
            ..Entry::default()
        });
    }
}

/// Adds the fields that count in a list; hands back the rest, long texts last.
fn facts(record: &Record, wide: usize, shared: &Shared, all: &mut Vec<Entry>) -> Vec<Entry> {
    let name_of = |id| shared.snapshot.name_of(id);
    let (mut rest, mut last) = (Vec::new(), Vec::new());
    for field in record.kind.fields {
        let hidden = matches!(field.shape, Shape::Steps | Shape::Stages)
            || field.number == record.kind.title.number()
            || field.name == "rank";
        let Some(value) = record.field(field).filter(|_| !hidden) else {
            continue;
        };
        let words = words_of(field.name, value, shared);
        let links = record.linked(field);
        let room = wide.saturating_sub(labels(wide) + 1);
        let long = field.shape == Shape::LongText;
        let lines: Vec<(String, Option<Id>)> = if links.is_empty() {
            let room = if long { wide } else { room };
            text::wrap(&words, room)
                .into_iter()
                .map(|line| (line, None))
                .collect()
        } else {
            links.iter().map(|id| (name_of(*id), Some(*id))).collect()
        };
        let counts = record.kind.columns.contains(&field.name) || field.name == "tag";
        let target = match (long, counts) {
            (true, _) => &mut last,
            (false, true) => &mut *all,
            (false, false) => &mut rest,
        };
        if long {
            target.extend(heading(&field.label()));
        }
        for (place, (line, link)) in lines.into_iter().enumerate() {
            let label = match (long, place) {
                (true, _) => String::new(),
                (false, 0) => field.label(),
                (false, _) => " ".to_owned(),
            };
            target.push(Entry {
                label,
                text: line,
                link,
                ..Entry::default()
            });
        }
    }
    rest.extend(own(record, wide, shared));
    rest.append(&mut last);
    rest
}

/// The fields of the user's own.
fn own(record: &Record, wide: usize, shared: &Shared) -> Vec<Entry> {
    let room = wide.saturating_sub(labels(wide) + 1);
    let mut entries = Vec::new();
    for (label, value) in shared.custom.told(record, &shared.context) {
        let words = show::words(&value, &shared.context, &|id| shared.snapshot.name_of(id));
        for (place, text) in text::wrap(&words, room).into_iter().enumerate() {
            let label = if place == 0 { label.as_str() } else { " " };
            entries.push(Entry {
                label: label.to_owned(),
                text,
                ..Entry::default()
            });
        }
    }
    entries
}

/// A value in words: how long ago for the last of something, one line for each address.
fn words_of(name: &str, value: &Value, shared: &Shared) -> String {
    let name_of = |id| shared.snapshot.name_of(id);
    match value {
        Value::Text(long) => long.clone(),
        Value::Instant(at) if name.starts_with("last-") => {
            let day = at.0.with_timezone(&shared.context.zone).date_naive();
            show::distance_words(day, &shared.context)
        }
        other => {
            let all = members(other);
            let words = all
                .iter()
                .map(|member| show::words(member, &shared.context, &name_of));
            words.collect::<Vec<_>>().join("\n")
        }
    }
}

/// Ways to reach someone one by one, so that each has a line of its own.
fn members(value: &Value) -> Vec<Value> {
    match value {
        Value::Emails(list) => list
            .iter()
            .map(|one| Value::Emails(vec![one.clone()]))
            .collect(),
        Value::Phones(list) => list
            .iter()
            .map(|one| Value::Phones(vec![one.clone()]))
            .collect(),
        Value::Addresses(list) => list
            .iter()
            .map(|one| Value::Addresses(vec![one.clone()]))
            .collect(),
        Value::Sites(list) => list
            .iter()
            .map(|one| Value::Sites(vec![one.clone()]))
            .collect(),
        Value::Dates(list) => list
            .iter()
            .map(|one| Value::Dates(vec![one.clone()]))
            .collect(),
        other => vec![other.clone()],
    }
}

fn open_follow_ups(record: &Record, shared: &Shared, all: &mut Vec<Entry>) {
    let open = shared.snapshot.linked_from(record.id, &follow_up::KIND);
    let mut open: Vec<&Record> = open
        .filter(|record| (record.kind.is_live)(record))
        .collect();
    open.reverse();
    if open.is_empty() {
        return;
    }
    all.extend(heading("Follow-ups"));
    all.extend(open.into_iter().map(|record| item(record, shared)));
}

fn linked(
    record: &Record,
    kind: &'static Kind,
    title: &str,
    shared: &Shared,
    all: &mut Vec<Entry>,
) {
    if record.kind != &company::KIND && !(kind == &deal::KIND && record.kind == &contact::KIND) {
        return;
    }
    let mut found = shared.snapshot.linked_from(record.id, kind).peekable();
    if found.peek().is_some() {
        all.extend(heading(title));
        all.extend(found.map(|record| item(record, shared)));
    }
}

/// A record in one line, leading to it.
fn item(record: &Record, shared: &Shared) -> Entry {
    let note = match record.kind.name {
        "deal" => {
            let value = shared.words(record, "value");
            format!("{value}  {}", record.text(deal::STAGE))
                .trim()
                .to_owned()
        }
        "follow-up" => shared.words(record, "due"),
        "contact" => shared.words(record, "role"),
        _ => String::new(),
    };
    Entry {
        mark: marks::of(record, shared).or_blank(),
        text: record.title().to_owned(),
        note,
        link: Some(record.id),
        ..Entry::default()
    }
}

/// What happened, the newest first: activities, follow-ups that were done, changes of state.
fn history(record: &Record, shared: &Shared, all: &mut Vec<Entry>) {
    let mut events: Vec<(i64, Entry)> = Vec::new();
    let activities = shared.snapshot.linked_from(record.id, &activity::KIND);
    for happened in activities.take(MOST_HISTORY) {
        let when = activity::KIND.time_of(happened);
        let outcome = happened.text(activity::OUTCOME);
        let kind = happened.text(activity::TYPE);
        let mut words = happened.title().to_owned();
        if !outcome.is_empty() {
            words = format!("{words} · {outcome}");
        }
        events.push((when, event(when, kind, &words, Some(happened.id), shared)));
    }
    let follow_ups = shared.snapshot.linked_from(record.id, &follow_up::KIND);
    for done in follow_ups.take(MOST_HISTORY) {
        if let Some(at) = done.get(follow_up::DONE) {
            let when = at.0.timestamp_millis();
            events.push((
                when,
                event(when, "done", done.title(), Some(done.id), shared),
            ));
        }
    }
    let steps = [
        record.list(contact::LIFECYCLE_HISTORY),
        record.list(deal::STAGE_HISTORY),
    ];
    let own = match record.kind.name {
        "contact" => steps[0],
        "deal" => steps[1],
        _ => &[],
    };
    for step in own {
        let when = step.at.timestamp_millis();
        let note = step
            .note
            .as_deref()
            .map_or_else(String::new, |note| format!(" · {note}"));
        let words = match &step.from {
            Some(from) => format!("{from} → {}{note}", step.to),
            None => format!("{}{note}", step.to),
        };
        let kind = if record.kind == &deal::KIND {
            "stage"
        } else {
            "state"
        };
        events.push((when, event(when, kind, &words, None, shared)));
    }
    let created = record.created.timestamp_millis();
    events.push((created, event(created, "added", "", None, shared)));
    events.sort_by_key(|(when, _)| std::cmp::Reverse(*when));
    all.extend(
        events
            .into_iter()
            .take(MOST_HISTORY)
            .map(|(_, entry)| entry),
    );
}

fn event(millis: i64, kind: &str, words: &str, link: Option<Id>, shared: &Shared) -> Entry {
    let at = chrono::DateTime::from_timestamp_millis(millis).unwrap_or_default();
    let day = at.with_timezone(&shared.context.zone).date_naive();
    Entry {
        label: show::day_words(day, &shared.context),
        text: format!("{kind:<8}{words}").trim_end().to_owned(),
        link,
        ..Entry::default()
    }
}
