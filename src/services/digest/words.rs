//! A digest in sections of short lines, for people.

use super::{Digest, Ended, Hour, Named, Results, Task};
use crate::domain::context::Context;
use crate::domain::show;
use crate::domain::values::dates::Due;
use crate::domain::values::money::Money;
use chrono::NaiveDate;
use serde::Serialize;
use std::collections::BTreeMap;

/// A section shows so many lines; what is left out is counted.
const MOST: usize = 12;
/// So many reasons are told of a score.
const REASONS: usize = 2;

/// One line of a section.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct Entry {
    /// When, how long, how much.
    pub(super) lead: String,
    /// What or who.
    pub(super) text: String,
    /// With whom, why.
    pub(super) note: String,
}

/// Lines that belong together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Section {
    /// What they are.
    pub(super) title: String,
    /// How many there are in all.
    pub(super) count: usize,
    /// The lines.
    pub(super) entries: Vec<Entry>,
    /// What to type for those left out; empty when all are there.
    pub(super) more: String,
}

/// `Wednesday, 25 November 2026`.
pub(super) fn title(digest: &Digest) -> String {
    digest.day.format("%A, %-d %B %Y").to_string()
}

impl Digest {
    /// What it is about, in a line: `Wed 25 Nov: 3 overdue, 5 today`.
    pub fn subject(&self) -> String {
        format!("{}: {}", self.day.format("%a %-d %b"), self.summary())
    }

    /// Whether there is nothing to tell.
    pub fn is_empty(&self) -> bool {
        self.waits_for_nobody() && self.results.is_empty()
    }

    pub(super) fn waits_for_nobody(&self) -> bool {
        let counts = self.counts();
        counts.iter().all(|(count, _)| *count == 0)
    }

    fn counts(&self) -> [(usize, &'static str); 7] {
        [
            (self.overdue.len(), "overdue"),
            (self.today.len(), "today"),
            (self.tomorrow.len(), "tomorrow"),
            (self.dates.len(), "to remember"),
            (self.losing_touch.len(), "losing touch"),
            (self.stale.len(), "stale"),
            (self.hot.len(), "hot"),
        ]
    }

    /// The numbers in a line, or that there is nothing.
    pub(super) fn summary(&self) -> String {
        let counts = self.counts().into_iter().filter(|(count, _)| *count > 0);
        let words: Vec<String> = counts
            .map(|(count, what)| format!("{count} {what}"))
            .collect();
        if !words.is_empty() {
            return words.join(", ");
        }
        match self.hour {
            Hour::Morning => "nothing is due and nobody waits".to_owned(),
            Hour::Evening if self.results.is_empty() => {
                "nothing was done, nothing is left, nothing comes tomorrow".to_owned()
            }
            Hour::Evening => "nothing is left, nothing comes tomorrow".to_owned(),
        }
    }
}

impl Results {
    fn is_empty(&self) -> bool {
        let ended = self.won.deals.len() + self.lost.deals.len();
        self.events.is_empty() && self.done.is_empty() && ended == 0
    }

    /// How many activities there were of each type.
    pub(super) fn by_type(&self) -> BTreeMap<&str, usize> {
        let mut counts = BTreeMap::new();
        for event in &self.events {
            *counts.entry(event.kind.as_str()).or_default() += 1;
        }
        counts
    }
}

/// The sections that have anything to show.
pub(super) fn sections(digest: &Digest, context: &Context) -> Vec<Section> {
    let today = match digest.hour {
        Hour::Morning => "Today",
        Hour::Evening => "Left of today",
    };
    let waits = [
        section(
            "Overdue",
            "touchbase due --overdue",
            tasks(&digest.overdue, context),
        ),
        section(today, "touchbase due", tasks(&digest.today, context)),
        section(
            "Tomorrow",
            "touchbase due tomorrow",
            tasks(&digest.tomorrow, context),
        ),
        section("To remember", "touchbase due", dates(digest, context)),
        section("Losing touch", "touchbase next", losing_touch(digest)),
        section(
            "Deals gone quiet",
            "touchbase deal list stale:yes",
            stale(digest),
        ),
        section("Hot leads", "touchbase score", hot(digest)),
    ];
    let results = results(digest, context);
    let all: Vec<Section> = match digest.hour {
        Hour::Morning => waits.into_iter().chain([results]).collect(),
        Hour::Evening => [results].into_iter().chain(waits).collect(),
    };
    all.into_iter()
        .filter(|section| !section.entries.is_empty())
        .collect()
}

fn section(title: &str, more: &str, mut entries: Vec<Entry>) -> Section {
    let count = entries.len();
    entries.truncate(MOST);
    let left = count - entries.len();
    Section {
        title: title.to_owned(),
        count,
        more: if left > 0 {
            format!("and {left} more: {more}")
        } else {
            String::new()
        },
        entries,
    }
}

fn names(named: &[Named]) -> String {
    let names: Vec<&str> = named.iter().map(|named| named.name.as_str()).collect();
    names.join(", ")
}

fn tasks(tasks: &[Task], context: &Context) -> Vec<Entry> {
    let lead = |task: &Task| match task.due {
        Due::Day(day) if day == context.today() => String::new(),
        Due::At(moment) if task.due.day(context.zone) >= context.today() => moment
            .at
            .with_timezone(&context.zone)
            .format("%H:%M")
            .to_string(),
        Due::Day(day) if day > context.today() => String::new(),
        _ => day(task.due.day(context.zone), context),
    };
    let entry = |task: &Task| {
        let mark = match task.priority.as_str() {
            "high" => " (high)",
            "low" => " (low)",
            _ => "",
        };
        Entry {
            lead: lead(task),
            text: format!("{}{mark}", task.what.name),
            note: names(&task.with),
        }
    };
    tasks.iter().map(entry).collect()
}

/// A day without its words, which a mail that is read later would belie: `Fri 13 Nov`.
fn day(day: NaiveDate, context: &Context) -> String {
    use chrono::Datelike as _;
    if day.year() == context.today().year() {
        day.format("%a %-d %b").to_string()
    } else {
        day.format("%-d %b %Y").to_string()
    }
}

fn dates(digest: &Digest, context: &Context) -> Vec<Entry> {
    let entry = |(who, occasion): &(Named, crate::domain::occasion::Occasion)| Entry {
        lead: match occasion.day == context.today() {
            true => String::new(),
            false => day(occasion.day, context),
        },
        text: who.name.clone(),
        note: occasion.words(),
    };
    digest.dates.iter().map(entry).collect()
}

fn losing_touch(digest: &Digest) -> Vec<Entry> {
    let entry = |silent: &super::Silent| Entry {
        lead: String::new(),
        text: silent.who.name.clone(),
        note: silent.why.clone(),
    };
    digest.losing_touch.iter().map(entry).collect()
}

fn stale(digest: &Digest) -> Vec<Entry> {
    let entry = |stale: &super::Stale| Entry {
        lead: format!("{} days", stale.days),
        text: stale.deal.name.clone(),
        note: match stale.value {
            Some(value) => format!("{value}, {}", stale.stage),
            None => stale.stage.clone(),
        },
    };
    digest.stale.iter().map(entry).collect()
}

fn hot(digest: &Digest) -> Vec<Entry> {
    let entry = |hot: &super::Hot| {
        let reasons = hot.reasons.iter().take(REASONS);
        let reasons: Vec<&str> = reasons.map(|reason| reason.words.as_str()).collect();
        Entry {
            lead: hot.score.to_string(),
            text: hot.who.name.clone(),
            note: reasons.join(", "),
        }
    };
    digest.hot.iter().map(entry).collect()
}

/// What came of a day: counts, in the evening each thing.
fn results(digest: &Digest, context: &Context) -> Section {
    let results = &digest.results;
    let mut entries = Vec::new();
    let mut add = |lead: &str, text: String, note: String| {
        let lead = lead.to_owned();
        entries.push(Entry { lead, text, note });
    };
    for (word, ended) in [("won", &results.won), ("lost", &results.lost)] {
        if !ended.deals.is_empty() {
            add(word, deals(ended), names(&ended.deals));
        }
    }
    let is_evening = digest.hour == Hour::Evening;
    if is_evening {
        for event in &results.events {
            add(&event.kind, event.what.name.clone(), names(&event.with));
        }
        for done in &results.done {
            add("done", done.name.clone(), String::new());
        }
    } else {
        if !results.events.is_empty() {
            let counts = results.by_type().into_iter();
            let counts: Vec<String> = counts.map(|(kind, n)| plural(n, kind)).collect();
            add("", counts.join(", "), String::new());
        }
        if !results.done.is_empty() {
            add(
                "",
                format!("{} done", plural(results.done.len(), "follow-up")),
                String::new(),
            );
        }
    }
    let title = match digest.hour {
        Hour::Evening => "Done today".to_owned(),
        Hour::Morning => format!("Results of {}", show::day_words(results.day, context)),
    };
    let more = "touchbase activity list at>=today";
    let section = section(&title, more, entries);
    // In the morning its lines are counts themselves.
    let count = if is_evening { section.count } else { 1 };
    Section { count, ..section }
}

fn deals(ended: &Ended) -> String {
    let sums: Vec<String> = ended.value.iter().map(Money::to_string).collect();
    let count = plural(ended.deals.len(), "deal");
    if sums.is_empty() {
        count
    } else {
        format!("{count}, {}", sums.join(" + "))
    }
}

fn plural(count: usize, what: &str) -> String {
    let what = if what.is_empty() { "other" } else { what };
    match count {
        1 => format!("1 {what}"),
        _ => format!("{count} {what}s"),
    }
}
