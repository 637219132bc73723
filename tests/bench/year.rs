//! A year of daily work on one store: its size and the time of a commit, month by month.
//!
//! `cargo bench --bench year` makes 20,000 changes, each in a session of its own, as commands of
//! the shell do: calls logged, people added and edited, follow-ups set and done, deals moved,
//! mistakes undone. `TOUCHBASE_CHANGES` sets another number.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::cast_precision_loss,
    clippy::too_many_lines,
    reason = "a measurement stops where something is wrong, and prints ratios"
)]

use std::time::{Duration, Instant};
use touchbase::domain::change::Who;
use touchbase::domain::context::{Context, DateOrder};
use touchbase::domain::id::{CountedIds, Id};
use touchbase::domain::pipeline::Outcome;
use touchbase::domain::settings::Settings;
use touchbase::domain::values::money::Currency;
use touchbase::domain::values::phone::Region;
use touchbase::domain::{contact, deal, follow_up, when};
use touchbase::services::hooks::Hooks;
use touchbase::services::intent::{
    FieldEdit, Intent, LogEntry, NextStep, StageMove, StageTarget, Target,
};
use touchbase::services::{Env, perform};
use touchbase::store::doctor::examine;
use touchbase::store::folder::StoreFolder;

/// People known at the beginning.
const PEOPLE: usize = 300;
const MONTHS: usize = 12;

struct Year {
    folder: StoreFolder,
    env: Env,
    people: Vec<Id>,
    deals: Vec<Id>,
    follow_ups: Vec<Id>,
    random: u64,
    compactions: Vec<Duration>,
}

impl Year {
    fn below(&mut self, end: usize) -> usize {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        usize::try_from(self.random >> 16).unwrap() % end.max(1)
    }

    fn person(&mut self) -> Id {
        let at = self.below(self.people.len());
        self.people[at]
    }

    /// What is done next, and whether its first record is a new person or deal.
    fn intent(&mut self, number: usize) -> Intent {
        let set = |name: &str, text: String| FieldEdit::set(name, text);
        match self.below(100) {
            0..60 => {
                let who = self.person();
                let text = "spoke about the offer and the date ".repeat(1 + self.below(6));
                let follow_up = number.is_multiple_of(4).then(|| NextStep {
                    due: when::due("+3d", &self.env.context).unwrap(),
                    text: "call again".to_owned(),
                });
                Intent::Log(LogEntry {
                    contacts: vec![who],
                    kind: "call".to_owned(),
                    text,
                    follow_up,
                    ..LogEntry::default()
                })
            }
            60..68 => Intent::Create {
                kind: &contact::KIND,
                fields: vec![
                    set("name", format!("Person {number} of Firm {}", number / 7)),
                    set("email", format!("p{number}@firm{}.example", number / 7)),
                ],
            },
            68..72 => {
                let who = self.person();
                Intent::Create {
                    kind: &deal::KIND,
                    fields: vec![
                        set("title", format!("Project {number}")),
                        set("contact", who.text()),
                        set("value", format!("{} EUR", 500 + number % 9000)),
                    ],
                }
            }
            72..84 => {
                let id = self.person();
                let kind = &contact::KIND;
                Intent::Edit {
                    targets: vec![(Target { kind, id }, None)],
                    fields: vec![
                        set("role", format!("Role {}", number % 50)),
                        set("notes", "likes short mails ".repeat(1 + number % 20)),
                    ],
                }
            }
            84..92 if !self.follow_ups.is_empty() => {
                let at = self.below(self.follow_ups.len());
                Intent::Done {
                    follow_up: self.follow_ups.swap_remove(at),
                    log: None,
                    next: None,
                }
            }
            92..97 if !self.deals.is_empty() => {
                let at = self.below(self.deals.len());
                let to = [Outcome::Won, Outcome::Lost, Outcome::Open][number % 3];
                Intent::Move(StageMove {
                    deal: self.deals[at],
                    to: StageTarget::Outcome(to),
                    note: None,
                    reason: None,
                    competitor: None,
                    follow_up: None,
                })
            }
            _ => Intent::Undo(None),
        }
    }

    /// Makes one change in a session of its own; says how long that took.
    fn change(&mut self, number: usize) -> Duration {
        self.env.context.now += chrono::TimeDelta::minutes(26);
        let intent = self.intent(number);
        let started = Instant::now();
        let mut session = self.folder.open().expect("opens");
        let done = perform(&mut session, &mut self.env, intent);
        drop(session);
        let took = started.elapsed();
        if self.folder.is_compaction_due() {
            let started = Instant::now();
            self.folder.compact().expect("compacted");
            self.compactions.push(started.elapsed());
        }
        // What undo took away cannot be found again: that is an answer too.
        for target in done.map(|receipt| receipt.records).unwrap_or_default() {
            let list = match target.kind {
                kind if *kind == contact::KIND => &mut self.people,
                kind if *kind == deal::KIND => &mut self.deals,
                kind if *kind == follow_up::KIND => &mut self.follow_ups,
                _ => continue,
            };
            if !list.contains(&target.id) {
                list.push(target.id);
            }
        }
        took
    }
}

fn start(place: &std::path::Path) -> Year {
    let settings = Settings::default();
    let env = Env {
        context: Context {
            now: "2026-01-01T08:00:00Z".parse().unwrap(),
            zone: chrono_tz::UTC,
            region: Region::DE,
            currency: Currency::EUR,
            date_order: DateOrder::Dmy,
        },
        pipelines: settings.pipelines().unwrap(),
        custom: settings.custom_fields().expect("declared fields"),
        settings,
        who: Who::Cli,
        ids: Box::new(CountedIds::default()),
        picks: Vec::new(),
        hooks: Hooks::default(),
    };
    let mut year = Year {
        folder: StoreFolder::new(place, Duration::from_secs(5)),
        env,
        people: Vec::new(),
        deals: Vec::new(),
        follow_ups: Vec::new(),
        random: 0x2545_f491_4f6c_dd1d,
        compactions: Vec::new(),
    };
    let mut session = year.folder.open().expect("opens");
    for number in 0..PEOPLE {
        let fields = vec![
            FieldEdit::set("name", format!("Person {number}")),
            FieldEdit::set("email", format!("p{number}@known.example")),
        ];
        let kind = &contact::KIND;
        let made = perform(&mut session, &mut year.env, Intent::Create { kind, fields });
        year.people.push(made.expect("made").records[0].id);
    }
    drop(session);
    year
}

fn main() {
    let given = std::env::var("TOUCHBASE_CHANGES").ok();
    let changes: usize = given.map_or(20_000, |text| text.parse().expect("a number"));
    let place = tempfile::tempdir().expect("a folder");
    let mut year = start(&place.path().join("store"));
    println!(
        "| month | changes | data KiB | files KiB | files/data | commit median ms | p99 ms | longest ms |"
    );
    println!("|---|---|---|---|---|---|---|---|");
    let mut number = 0;
    for month in 1..=MONTHS {
        let mut times = Vec::new();
        while number < changes * month / MONTHS {
            times.push(year.change(number));
            number += 1;
        }
        times.sort();
        let findings = examine(&year.folder).expect("readable");
        assert!(findings.faults.is_empty(), "{:?}", findings.faults);
        let at = |share: usize| times[(times.len() - 1) * share / 100].as_secs_f64() * 1e3;
        println!(
            "| {month} | {number} | {} | {} | {:.2} | {:.2} | {:.2} | {:.2} |",
            findings.live_bytes / 1024,
            findings.bytes / 1024,
            findings.bytes as f64 / findings.live_bytes as f64,
            at(50),
            at(99),
            at(100),
        );
    }
    let last = year.folder.compact().expect("compacted");
    let data = examine(&year.folder).expect("readable").live_bytes;
    println!(
        "compacted at the end: {} KiB of files for {} KiB of data",
        last.after / 1024,
        data / 1024
    );
    println!(
        "compactions, in a process of their own: {:.0?}",
        year.compactions
    );
}
