//! What home shows, worked out from the records.

use crate::domain::id::Id;
use crate::domain::pipeline::Outcome;
use crate::domain::record::Record;
use crate::domain::values::money::Money;
use crate::domain::{activity, contact, deal, derived, follow_up, show};
use crate::services::ranking;
use crate::tui::marks::{self, Mark};
use crate::tui::model::Shared;
use chrono::{Days, NaiveDate};
use std::cmp::Reverse;

/// One row.
#[derive(Clone, Debug, Default)]
pub(super) struct Item {
    /// The record that it opens.
    pub(super) record: Option<Id>,
    /// The view that it leads to, where it opens no record.
    pub(super) view: Option<&'static str>,
    pub(super) mark: Mark,
    /// A narrow first column: when.
    pub(super) when: String,
    pub(super) text: String,
    /// More, behind the text, where there is room.
    pub(super) more: String,
    /// At the right end.
    pub(super) note: String,
    /// Whether the text is no name.
    pub(super) plain: bool,
}

/// Rows under a heading.
#[derive(Clone, Debug, Default)]
pub(super) struct Section {
    pub(super) title: &'static str,
    /// What is said when there are no rows.
    pub(super) empty: &'static str,
    pub(super) items: Vec<Item>,
    /// How many there are in all; nothing is said when zero.
    pub(super) total: usize,
    /// Whether those that are not shown are counted.
    pub(super) counted: bool,
    /// Whether it stands in the second column.
    pub(super) aside: bool,
    /// How wide the column of times is.
    pub(super) when: usize,
}

impl Section {
    fn new(title: &'static str, empty: &'static str) -> Self {
        Self {
            title,
            empty,
            counted: true,
            when: 12,
            ..Self::default()
        }
    }

    fn aside(mut self) -> Self {
        self.aside = true;
        self
    }

    fn fill(mut self, all: Vec<Item>, most: usize) -> Self {
        self.total = all.len();
        self.items = all.into_iter().take(most).collect();
        self
    }

    /// How many lines it takes.
    pub(super) fn height(&self) -> usize {
        let more = usize::from(self.counted && self.total > self.items.len());
        1 + self.items.len().max(1) + more
    }
}

/// The sections in reading order, with so many rows each.
pub(super) fn sections(shared: &Shared, rows: usize) -> Vec<Section> {
    vec![
        due(shared, rows + 3),
        touch(shared, rows),
        last(shared, rows),
        pipeline(shared),
        hottest(shared, rows.min(6)),
        stale(shared, rows.min(5)),
        birthdays(shared, rows.min(4)),
    ]
}

fn who(record: &Record, shared: &Shared) -> String {
    ["contact", "company", "deal"]
        .iter()
        .map(|column| shared.words(record, column))
        .find(|words| !words.is_empty())
        .unwrap_or_default()
}

fn due(shared: &Shared, rows: usize) -> Section {
    let (context, today) = (&shared.context, shared.context.today());
    let zone = context.zone;
    let mut open: Vec<(i64, &Record)> = shared
        .snapshot
        .of_kind(&follow_up::KIND)
        .filter(|record| (record.kind.is_live)(record))
        .filter_map(|record| {
            let due = record.get(follow_up::DUE)?;
            (due.day(zone) <= today).then(|| (due.starts(zone).timestamp(), record))
        })
        .collect();
    open.sort_by_key(|(due, record)| (*due, record.id));
    let items = open.into_iter().map(|(_, record)| {
        let due = record.get(follow_up::DUE);
        let when = match due {
            Some(due) if due.day(zone) < today => show::distance_words(due.day(zone), context),
            Some(due) => show::due_words(due, context),
            None => String::new(),
        };
        Item {
            record: Some(record.id),
            mark: marks::of(record, shared),
            when,
            text: record.title().to_owned(),
            more: who(record, shared),
            ..Item::default()
        }
    });
    let section = Section::new("Due", "nothing is due today");
    Section {
        when: 12,
        ..section.fill(items.collect(), rows)
    }
}

fn touch(shared: &Shared, rows: usize) -> Section {
    let context = &shared.context;
    let mut waiting: Vec<_> = shared
        .snapshot
        .of_kind(&contact::KIND)
        .filter_map(|record| Some((marks::losing_touch(record, context.now)?, record)))
        .collect();
    waiting.sort_by_key(|(over, record)| (Reverse(*over), record.id));
    let items = waiting.into_iter().map(|(_, record)| {
        let last = record.get(contact::LAST_CONTACT).map(|instant| instant.0);
        let when = last.map_or_else(
            || "never".to_owned(),
            |at| show::distance_words(at.with_timezone(&context.zone).date_naive(), context),
        );
        let days = record.get(contact::CADENCE).map_or(0, |days| days.0);
        Item {
            record: Some(record.id),
            when,
            text: record.title().to_owned(),
            more: shared.words(record, "company"),
            note: format!("every {days}d"),
            ..Item::default()
        }
    });
    let section = Section::new("Losing touch", "nobody: every cadence is kept");
    section.fill(items.collect(), rows)
}

fn last(shared: &Shared, rows: usize) -> Section {
    let now = shared.context.now.timestamp_millis();
    let mut happened: Vec<(i64, &Record)> = shared
        .snapshot
        .of_kind(&activity::KIND)
        .map(|record| (activity::KIND.time_of(record), record))
        .filter(|(at, _)| *at <= now)
        .collect();
    let shown = rows.min(happened.len());
    if shown > 0 && shown < happened.len() {
        happened.select_nth_unstable_by_key(shown, |(at, record)| (Reverse(*at), record.id));
    }
    happened.truncate(shown);
    happened.sort_by_key(|(at, record)| (Reverse(*at), record.id));
    let items = happened.into_iter().map(|(at, record)| {
        let at = chrono::DateTime::from_timestamp_millis(at).unwrap_or_default();
        let day = at.with_timezone(&shared.context.zone).date_naive();
        let kind = record.text(activity::TYPE);
        let who = who(record, shared);
        Item {
            record: Some(record.id),
            when: show::day_words(day, &shared.context),
            text: format!("{kind:<8}{who}").trim_end().to_owned(),
            more: record.title().to_owned(),
            plain: true,
            ..Item::default()
        }
    });
    let mut section = Section::new("What happened last", "nothing yet: cc logs a call");
    section.counted = false;
    let mut section = section.fill(items.collect(), rows);
    section.total = 0;
    section
}

fn pipeline(shared: &Shared) -> Section {
    let pipelines = shared.snapshot.pipelines();
    let open = shared.snapshot.of_kind(&deal::KIND);
    let open: Vec<&Record> = open
        .filter(|deal| derived::outcome(deal, pipelines) == Outcome::Open)
        .collect();
    let (sum, weighted) = marks::sums(open.iter().copied(), shared);
    let size = |sums: &[Money]| {
        sums.iter()
            .map(|sum| marks::whole(*sum).len())
            .max()
            .unwrap_or(0)
    };
    let (wide, narrow) = (size(sum.each()), size(weighted.each()));
    let items = sum
        .each()
        .iter()
        .zip(weighted.each())
        .map(|(sum, weighted)| Item {
            view: Some("pipeline"),
            text: format!("{:>wide$}", marks::whole(*sum)),
            more: format!("weighted {:>narrow$}", marks::whole(*weighted)),
            ..Item::default()
        });
    let mut section = Section::new("Pipeline", "no open deals").aside();
    section.counted = false;
    let mut section = section.fill(items.collect(), 4);
    section.total = open.len();
    section
}

fn hottest(shared: &Shared, rows: usize) -> Section {
    let settings = &shared.settings.score;
    let all = ranking::contacts(&shared.snapshot, &shared.context, settings);
    let leads = all
        .into_iter()
        .filter(|(record, _)| ranking::is_lead(record))
        .take(rows);
    let items = leads.map(|(record, score)| Item {
        record: Some(record.id),
        mark: if score.points >= marks::HOT_FROM {
            Mark::Hot
        } else {
            Mark::None
        },
        when: format!("{:>3} {}", score.points, marks::bar(score.points, 5)),
        text: record.title().to_owned(),
        more: score
            .reasons
            .first()
            .map(|reason| reason.words.clone())
            .unwrap_or_default(),
        ..Item::default()
    });
    let mut section = Section::new("Hottest leads", "no leads yet: a adds a contact").aside();
    section.counted = false;
    let mut section = section.fill(items.collect(), rows);
    section.total = 0;
    section.when = 9;
    section
}

fn stale(shared: &Shared, rows: usize) -> Section {
    let (pipelines, now) = (shared.snapshot.pipelines(), shared.context.now);
    let deals = shared.snapshot.of_kind(&deal::KIND);
    let mut stale: Vec<&Record> = deals
        .filter(|deal| derived::is_stale(deal, now, pipelines))
        .collect();
    stale.sort_by_key(|deal| (derived::last_worked_on(deal), deal.id));
    let items = stale.into_iter().map(|deal| {
        let since = derived::last_worked_on(deal)
            .with_timezone(&shared.context.zone)
            .date_naive();
        Item {
            record: Some(deal.id),
            mark: Mark::Overdue,
            when: show::distance_words(since, &shared.context),
            text: deal.title().to_owned(),
            note: deal
                .get(deal::VALUE)
                .map_or_else(String::new, |value| marks::whole(*value)),
            ..Item::default()
        }
    });
    Section::new("Stale deals", "none: every deal moves")
        .aside()
        .fill(items.collect(), rows)
}

fn birthdays(shared: &Shared, rows: usize) -> Section {
    let today = shared.context.today();
    let until = today.checked_add_days(Days::new(7)).unwrap_or(today);
    let mut coming: Vec<(NaiveDate, &Record)> = shared
        .snapshot
        .of_kind(&contact::KIND)
        .filter_map(|record| {
            let next = record.get(contact::BIRTHDAY)?.next_on_or_after(today)?;
            (next < until).then_some((next, record))
        })
        .collect();
    coming.sort_by_key(|(day, record)| (*day, record.id));
    let items = coming.into_iter().map(|(day, record)| {
        let born = record
            .get(contact::BIRTHDAY)
            .and_then(|birthday| birthday.year);
        let turns = born.map_or_else(String::new, |year| {
            format!("turns {}", chrono::Datelike::year(&day) - year)
        });
        Item {
            record: Some(record.id),
            mark: if day == today {
                Mark::Today
            } else {
                Mark::None
            },
            when: show::day_words(day, &shared.context),
            text: record.title().to_owned(),
            note: turns,
            ..Item::default()
        }
    });
    let section = Section::new("Birthdays this week", "none this week").aside();
    section.fill(items.collect(), rows)
}
