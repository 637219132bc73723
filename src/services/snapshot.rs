//! Every record in memory, as the screen and whole-store questions use it.
//!
//! A snapshot is loaded once and then follows the log: [`Snapshot::apply`] takes the
//! records of later changes. It never writes.

use super::facts;
use crate::domain::context::Context;
use crate::domain::field::{Index, Shape};
use crate::domain::id::Id;
use crate::domain::kind::Kind;
use crate::domain::lookup::Lookup;
use crate::domain::pipeline::Pipelines;
use crate::domain::record::Record;
use crate::domain::settings::ScoreSettings;
use crate::domain::values::Value;
use crate::domain::{KINDS, activity, contact, deal, derived, pipeline};
use crate::scoring::{self, Facts, Score};
use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};

/// All records of a store at one moment.
#[derive(Default)]
pub struct Snapshot {
    records: HashMap<Id, Record>,
    /// By kind number: the order of the titles, then of the ids.
    by_kind: HashMap<u8, BTreeSet<(String, Id)>>,
    /// From a record to those that link to it, by kind number and time.
    links: HashMap<Id, BTreeSet<(u8, i64, Id)>>,
    base_pipelines: Option<Pipelines>,
    pipelines: Option<Pipelines>,
}

impl Snapshot {
    /// A snapshot of these records. `pipelines` are those of the settings.
    pub fn new(records: impl IntoIterator<Item = Record>, pipelines: &Pipelines) -> Self {
        let mut snapshot = Self {
            base_pipelines: Some(pipelines.clone()),
            pipelines: Some(pipelines.clone()),
            ..Self::default()
        };
        for record in records {
            snapshot.put(record);
        }
        snapshot.merge_pipelines();
        snapshot
    }

    /// Takes in what a later change made of records: their new version, or none when purged.
    pub fn apply(&mut self, changed: impl IntoIterator<Item = (Id, Option<Record>)>) {
        for (id, after) in changed {
            self.remove(id);
            if let Some(record) = after {
                self.put(record);
            }
        }
        self.merge_pipelines();
    }

    /// The record of that id, in whatever state.
    pub fn get(&self, id: Id) -> Option<&Record> {
        self.records.get(&id)
    }

    /// How many records of a kind there are, in any state.
    pub fn count(&self, kind: &'static Kind) -> usize {
        self.by_kind.get(&kind.number).map_or(0, BTreeSet::len)
    }

    /// Active records of a kind, in the order of their folded titles.
    pub fn of_kind(&self, kind: &'static Kind) -> impl Iterator<Item = &Record> {
        self.all_of_kind(kind).filter(|record| record.is_active())
    }

    /// Records of a kind in any state, in the order of their folded titles.
    pub fn all_of_kind(&self, kind: &'static Kind) -> impl Iterator<Item = &Record> {
        let entries = self.by_kind.get(&kind.number).into_iter().flatten();
        entries.filter_map(|(_, id)| self.records.get(id))
    }

    /// Active records of a kind that link to a record, the newest first.
    pub fn linked_from(&self, target: Id, kind: &'static Kind) -> impl Iterator<Item = &Record> {
        let bounds = (kind.number, i64::MIN, Id::from_bytes([0; 16]))
            ..=(kind.number, i64::MAX, Id::from_bytes([0xff; 16]));
        self.links
            .get(&target)
            .into_iter()
            .flat_map(move |entries| entries.range(bounds.clone()).rev())
            .filter_map(|(_, _, id)| self.records.get(id))
            .filter(|record| record.is_active())
    }

    /// The pipelines, with the stages that the store adds.
    #[expect(
        clippy::expect_used,
        reason = "set by `new`, and the default is private to this file"
    )]
    pub fn pipelines(&self) -> &Pipelines {
        self.pipelines
            .as_ref()
            .expect("a snapshot is made with its pipelines")
    }

    /// The title of a record, or its id where it has none.
    pub fn name_of(&self, id: Id) -> String {
        match self.get(id) {
            Some(record) if !record.title().is_empty() => record.title().to_owned(),
            _ => id.text()[..crate::domain::id::SHORTEST_PREFIX + 2].to_owned(),
        }
    }

    /// What a contact's score depends on.
    pub fn facts<'a>(&'a self, record: &'a Record, context: &Context) -> Facts<'a> {
        let deals = self.linked_from(record.id, &deal::KIND);
        let activities = self.linked_from(record.id, &activity::KIND);
        Facts {
            contact: record,
            company: record.get(contact::COMPANY).and_then(|id| self.get(*id)),
            deals: deals
                .map(|deal| facts::deal_fact(deal, self.pipelines()))
                .collect(),
            activities: facts::activity_facts(activities, context.now),
            now: context.now,
            zone: context.zone,
            currency: context.currency,
        }
    }

    /// A contact's score.
    pub fn score(&self, record: &Record, context: &Context, settings: &ScoreSettings) -> Score {
        scoring::score(&self.facts(record, context), settings)
    }

    /// The same records as the rules look them up.
    pub const fn lookup<'a>(
        &'a self,
        context: &'a Context,
        settings: &'a ScoreSettings,
    ) -> SnapshotLookup<'a> {
        SnapshotLookup {
            snapshot: self,
            context,
            settings,
        }
    }

    fn put(&mut self, record: Record) {
        let key = order_key(&record);
        self.by_kind
            .entry(record.kind.number)
            .or_default()
            .insert((key, record.id));
        for (target, entry) in link_entries(&record) {
            self.links.entry(target).or_default().insert(entry);
        }
        self.records.insert(record.id, record);
    }

    fn remove(&mut self, id: Id) {
        let Some(record) = self.records.remove(&id) else {
            return;
        };
        if let Some(order) = self.by_kind.get_mut(&record.kind.number) {
            order.remove(&(order_key(&record), id));
        }
        for (target, entry) in link_entries(&record) {
            if let Some(entries) = self.links.get_mut(&target) {
                entries.remove(&entry);
            }
        }
    }

    fn merge_pipelines(&mut self) {
        let stored: Vec<&Record> = self.of_kind(&pipeline::KIND).collect();
        let merged = self
            .base_pipelines
            .as_ref()
            .map(|base| base.with_stored(stored));
        self.pipelines = merged;
    }
}

fn order_key(record: &Record) -> String {
    crate::domain::values::text::fold(record.title())
}

/// From each record that this one links to, the entry that leads back.
fn link_entries(record: &Record) -> Vec<(Id, (u8, i64, Id))> {
    let time = record.kind.time_of(record);
    record
        .kind
        .fields
        .iter()
        .filter(|field| field.index == Index::Link)
        .filter(|field| matches!(field.shape, Shape::Link(_) | Shape::Links(_)))
        .flat_map(|field| record.linked(field))
        .map(|target| (target, (record.kind.number, time, record.id)))
        .collect()
}

/// A snapshot with what is needed to work out derived values.
pub struct SnapshotLookup<'a> {
    snapshot: &'a Snapshot,
    context: &'a Context,
    settings: &'a ScoreSettings,
}

impl Lookup for SnapshotLookup<'_> {
    fn pipelines(&self) -> Option<&Pipelines> {
        Some(self.snapshot.pipelines())
    }

    fn record(&self, kind: &'static Kind, id: Id) -> Option<Cow<'_, Record>> {
        self.snapshot
            .get(id)
            .filter(|record| record.kind == kind)
            .map(Cow::Borrowed)
    }

    fn derived(&self, record: &Record, name: &str) -> Option<Value> {
        if record.kind == &contact::KIND && name == "score" {
            let score = self.snapshot.score(record, self.context, self.settings);
            return Some(Value::Number(score.points.into()));
        }
        derived::value(record, name, self.context, self.snapshot.pipelines())
    }
}

/// The names of the kinds that people see, for hints: `contact, company, deal`.
pub fn kind_names() -> String {
    visible_kinds()
        .map(|kind| kind.name)
        .collect::<Vec<_>>()
        .join(", ")
}

/// Every kind that people see, for lists of all records.
pub fn visible_kinds() -> impl Iterator<Item = &'static Kind> {
    KINDS.iter().copied().filter(|kind| !kind.hidden)
}
