//! What the workload does: change number `n` follows from a seed and `n`, so that whoever knows
//! both knows what must be there after it.

use crate::agreement::Records;
use crate::chance::Random;
use chrono::{DateTime, TimeDelta, Utc};
use touchbase::domain::change::{Cause, ChangeSet, Edit, Who};
use touchbase::domain::id::Id;
use touchbase::domain::kind::Kind;
use touchbase::domain::record::{ExternalId, Record};
use touchbase::domain::values::Instant;
use touchbase::domain::values::contact_points::{Email, Labelled};
use touchbase::domain::values::dates::{Due, Moment};
use touchbase::domain::{activity, contact, follow_up};

/// Every so many changes comes one of several parts.
const LARGE_EVERY: u64 = 14;

/// The changes one after the other, and the records that there are after the last.
pub(crate) struct Script {
    seed: u64,
    pub(crate) number: u64,
    pub(crate) records: Records,
    random: Random,
    made: u64,
}

impl Script {
    pub(crate) fn new(seed: u64) -> Self {
        Self::at(seed, 0, Records::new())
    }

    /// The script after that change, which left those records.
    pub(crate) fn at(seed: u64, number: u64, records: Records) -> Self {
        Self {
            seed,
            number,
            records,
            random: Random::seeded(seed),
            made: 0,
        }
    }

    /// The script after that change.
    pub(crate) fn after(seed: u64, number: u64) -> Self {
        let mut script = Self::new(seed);
        while script.number < number {
            script.next();
        }
        script
    }

    /// The next change; [`Self::records`] are those after it from now on.
    pub(crate) fn next(&mut self) -> ChangeSet {
        self.number += 1;
        self.random = Random::seeded(self.seed.wrapping_mul(1_000_003) + self.number);
        self.made = 0;
        let edits = if self.number % LARGE_EVERY == LARGE_EVERY / 2 {
            self.large()
        } else {
            self.small()
        };
        for edit in &edits {
            let before = edit.before.as_ref().map_or(0, |record| record.revision);
            let id = edit.id().expect("a record");
            match edit.after.clone() {
                None => drop(self.records.remove(&id)),
                Some(mut after) => {
                    after.revision = after.revision.max(before) + 1;
                    after.updated = self.now();
                    self.records.insert(id, after);
                }
            }
        }
        ChangeSet {
            at: self.now(),
            who: Who::Cli,
            cause: Cause::Plain,
            summary: format!("change {}", self.number),
            edits,
        }
    }

    fn now(&self) -> DateTime<Utc> {
        let minutes = TimeDelta::minutes(self.number.cast_signed());
        DateTime::from_timestamp(1_795_000_000, 0).expect("a time") + minutes
    }

    fn small(&mut self) -> Vec<Edit> {
        match self.random.below(20) {
            0..3 => vec![self.person(0)],
            3..5 => vec![self.follow_up()],
            5..7 => vec![self.call()],
            7..11 => self.edit(contact::TAGS, |n| {
                vec![format!("tag {}", n % 7), "vip".into()]
            }),
            11..14 => self.edit(contact::ROLE, |n| format!("role {n}")),
            14 => self.done(),
            15 => self.purge(),
            16..18 => {
                let size = 150_000 + self.random.below(250_000);
                vec![self.person(size)]
            }
            18 => {
                let size = 20_000 + self.random.below(40_000);
                vec![self.person(size)]
            }
            _ => vec![self.person(10), self.follow_up(), self.call()],
        }
    }

    /// Several parts: new records, edits of some, the end of others.
    fn large(&mut self) -> Vec<Edit> {
        let mut edits = Vec::new();
        let present = self.all(&contact::KIND);
        for (place, record) in present.into_iter().rev().take(12).enumerate() {
            let mut after = record.clone();
            after.set(contact::TAGS, vec![format!("large {}", self.number)]);
            let after = (place % 4 > 0).then_some(after);
            edits.push(Edit {
                before: Some(record),
                after,
            });
            let size = 3_000 + self.random.below(9_000);
            edits.push(self.person(size));
        }
        edits.push(self.person(9_000));
        edits
    }

    fn all(&self, kind: &'static Kind) -> Vec<Record> {
        let of_kind = self.records.values().filter(|record| record.kind == kind);
        of_kind.cloned().collect()
    }

    fn any(&mut self, kind: &'static Kind) -> Option<Record> {
        let all = self.all(kind);
        (!all.is_empty()).then(|| self.random.pick(&all).clone())
    }

    fn fresh(&mut self, kind: &'static Kind) -> Record {
        self.made += 1;
        let mut bytes = [0; 10];
        bytes[..8].copy_from_slice(&self.random.below(u64::MAX).to_be_bytes());
        bytes[8..].copy_from_slice(&u16::try_from(self.made).expect("few").to_be_bytes());
        Record::new(kind, Id::new(self.now(), bytes), self.now())
    }

    /// A new person with notes of that length.
    fn person(&mut self, notes: u64) -> Edit {
        let mut record = self.fresh(&contact::KIND);
        let (number, made) = (self.number, self.made);
        record.set(contact::NAME, format!("Person {number} Nr{made}"));
        let email = Email::parse(&format!("p{number}.{made}@example.de")).expect("an address");
        let label = String::new();
        record.set(
            contact::EMAILS,
            vec![Labelled {
                label,
                value: email,
            }],
        );
        record.set(contact::TAGS, vec!["new".to_owned()]);
        record.external.push(ExternalId {
            source: "script".into(),
            id: format!("{number}-{made}"),
        });
        let letter = char::from(b'a' + u8::try_from(self.random.below(26)).expect("a letter"));
        let notes = usize::try_from(notes).expect("short");
        // Not one letter throughout: sectors that change places must not look alike.
        let text = (0..notes / 8).map(|n| format!("{letter}{n:06} "));
        record.set(contact::NOTES, text.collect::<String>());
        Edit {
            before: None,
            after: Some(record),
        }
    }

    fn follow_up(&mut self) -> Edit {
        let mut record = self.fresh(&follow_up::KIND);
        let due = self.now() + TimeDelta::hours(self.random.below(400).cast_signed() - 200);
        record.set(follow_up::TEXT, format!("call {}", self.number));
        record.set(follow_up::DUE, Due::At(Moment::new(due, chrono_tz::UTC)));
        if let Some(person) = self.any(&contact::KIND) {
            record.set(follow_up::CONTACTS, vec![person.id]);
        }
        Edit {
            before: None,
            after: Some(record),
        }
    }

    fn call(&mut self) -> Edit {
        let mut record = self.fresh(&activity::KIND);
        record.set(activity::TEXT, format!("talked {}", self.number));
        record.set(activity::AT, Moment::new(self.now(), chrono_tz::UTC));
        if let Some(person) = self.any(&contact::KIND) {
            record.set(activity::CONTACTS, vec![person.id]);
        }
        Edit {
            before: None,
            after: Some(record),
        }
    }

    fn edit<T: touchbase::domain::values::Stored>(
        &mut self,
        key: touchbase::domain::record::Key<T>,
        value: impl Fn(u64) -> T,
    ) -> Vec<Edit> {
        let Some(before) = self.any(&contact::KIND) else {
            return vec![self.person(0)];
        };
        let mut after = before.clone();
        after.set(key, value(self.number));
        vec![Edit {
            before: Some(before),
            after: Some(after),
        }]
    }

    fn done(&mut self) -> Vec<Edit> {
        let Some(before) = self.any(&follow_up::KIND) else {
            return vec![self.follow_up()];
        };
        let mut after = before.clone();
        after.set(follow_up::DONE, Instant(self.now()));
        vec![Edit {
            before: Some(before),
            after: Some(after),
        }]
    }

    fn purge(&mut self) -> Vec<Edit> {
        let before = self.any(&contact::KIND);
        match before {
            Some(before) => vec![Edit {
                before: Some(before),
                after: None,
            }],
            None => vec![self.call()],
        }
    }
}
