//! An office: a session on a store in memory, a clock that is set by hand, counted ids.
//! Intents in, receipts and records out.

use crate::faulty::FaultyStore;
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;
use std::path::Path;
use touchbase::domain::change::Who;
use touchbase::domain::context::{Context, DateOrder};
use touchbase::domain::id::{CountedIds, Id};
use touchbase::domain::kind::Kind;
use touchbase::domain::record::Record;
use touchbase::domain::settings::Settings;
use touchbase::domain::values::dates::Due;
use touchbase::domain::values::money::Currency;
use touchbase::domain::values::phone::Region;
use touchbase::domain::{contact, deal, when};
use touchbase::error::{Error, ErrorKind};
use touchbase::services::hooks::Hooks;
use touchbase::services::intent::{FieldEdit, Intent, LogEntry, Receipt, Reminder, Target};
use touchbase::services::{Env, perform};
use touchbase::store::memory::MemoryStore;
use touchbase::store::session::Session;
use touchbase::store::{Direction, Store, StoreError};

/// Everything that a store holds.
pub(crate) type Space = BTreeMap<Vec<u8>, Vec<u8>>;

/// Everything that a store holds, by key.
pub(crate) fn space(store: &dyn Store) -> Space {
    let all = store.scan(Vec::new()..vec![u8::MAX; 8], Direction::Up);
    all.map(|pair| pair.expect("readable")).collect()
}

pub(crate) struct Office {
    pub(crate) session: Session,
    pub(crate) env: Env,
    pub(crate) store: MemoryStore,
    /// Where the names are kept.
    pub(crate) folder: tempfile::TempDir,
}

/// A session that keeps the names of a store in a folder.
pub(crate) fn open(store: Box<dyn Store>, folder: &Path) -> Result<Session, StoreError> {
    let mut session = Session::open(store, None, None)?;
    session.keep_names(folder, "");
    Ok(session)
}

impl Office {
    /// An empty store, on the Wednesday morning of [`crate::world::NOW`].
    pub(crate) fn new() -> Self {
        let store = MemoryStore::default();
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::create_dir(folder.path().join("db")).expect("a folder");
        Self {
            session: open(Box::new(store.clone()), folder.path()).expect("opens"),
            env: env(),
            store,
            folder,
        }
    }

    /// The clock shows that time in UTC now: `2026-11-26 08:00`.
    pub(crate) fn at(&mut self, time: &str) {
        self.env.context.now = moment(time);
    }

    /// Another session on the same store.
    pub(crate) fn reopen(&mut self) {
        self.session = open(Box::new(self.store.clone()), self.folder.path()).expect("opens");
    }

    pub(crate) fn space(&self) -> Space {
        space(&self.store)
    }

    pub(crate) fn try_to(&mut self, intent: Intent) -> Result<Receipt, Error> {
        perform(&mut self.session, &mut self.env, intent)
    }

    /// Carries it out in a process of its own, which dies after so many calls to the store; then
    /// the store is opened again.
    pub(crate) fn dying(&mut self, calls: usize, intent: Intent) -> Result<Receipt, Error> {
        let store = FaultyStore::around(self.store.clone());
        store.fail_calls(calls..usize::MAX, false);
        let opened = open(Box::new(store), self.folder.path());
        let done = opened
            .map_err(touchbase::services::words::store)
            .and_then(|mut session| perform(&mut session, &mut self.env, intent));
        self.reopen();
        done
    }

    #[track_caller]
    pub(crate) fn perform(&mut self, intent: Intent) -> Receipt {
        self.try_to(intent).expect("carried out")
    }

    /// The kind of error with which an intent is refused; the store is as before.
    #[track_caller]
    pub(crate) fn refused(&mut self, intent: Intent) -> ErrorKind {
        let before = self.space();
        let error = self.try_to(intent).expect_err("refused");
        assert_eq!(self.space(), before, "{error:?}");
        error.kind
    }

    #[track_caller]
    pub(crate) fn add(&mut self, kind: &'static Kind, fields: &[(&str, &str)]) -> Id {
        let fields = edits(fields);
        self.perform(Intent::Create { kind, fields }).records[0].id
    }

    #[track_caller]
    pub(crate) fn contact(&mut self, name: &str) -> Id {
        self.add(&contact::KIND, &[("name", name)])
    }

    #[track_caller]
    pub(crate) fn deal(&mut self, title: &str, contact: &str) -> Id {
        self.add(&deal::KIND, &[("title", title), ("contact", contact)])
    }

    #[track_caller]
    pub(crate) fn edit(&mut self, kind: &'static Kind, id: Id, fields: &[(&str, &str)]) -> Receipt {
        let fields = edits(fields);
        let targets = vec![(Target { kind, id }, None)];
        self.perform(Intent::Edit { targets, fields })
    }

    #[track_caller]
    pub(crate) fn log(&mut self, contact: Id, kind: &str, text: &str) -> Receipt {
        self.perform(Intent::Log(LogEntry {
            contacts: vec![contact],
            kind: kind.to_owned(),
            text: text.to_owned(),
            ..LogEntry::default()
        }))
    }

    #[track_caller]
    pub(crate) fn remind(&mut self, contact: Id, due: &str, text: &str) -> Id {
        let due = self.due(due);
        let receipt = self.perform(Intent::Remind(Reminder {
            about: vec![Target {
                kind: &contact::KIND,
                id: contact,
            }],
            due,
            text: text.to_owned(),
            repeat: None,
            priority: None,
        }));
        receipt.records[0].id
    }

    #[track_caller]
    pub(crate) fn due(&self, text: &str) -> Due {
        when::due(text, &self.env.context).expect(text)
    }

    #[track_caller]
    pub(crate) fn get(&self, kind: &'static Kind, id: Id) -> Record {
        let found = self.session.get(kind, id).expect("readable");
        found.expect("there is such a record")
    }

    #[track_caller]
    pub(crate) fn all(&self, kind: &'static Kind) -> Vec<Record> {
        let all = self.session.all(kind);
        all.map(|record| record.expect("readable")).collect()
    }

    /// The titles of all records of a kind, in the order in which they came to be.
    #[track_caller]
    pub(crate) fn titles(&self, kind: &'static Kind) -> Vec<String> {
        titles(&self.all(kind))
    }
}

pub(crate) fn titles(records: &[Record]) -> Vec<String> {
    records.iter().map(|r| r.title().to_owned()).collect()
}

pub(crate) fn edits(fields: &[(&str, &str)]) -> Vec<FieldEdit> {
    let all = fields.iter();
    all.map(|(name, text)| FieldEdit::set(*name, *text))
        .collect()
}

/// A time in UTC: `2026-11-26 08:00`.
pub(crate) fn moment(time: &str) -> DateTime<Utc> {
    format!("{}:00Z", time.replace(' ', "T"))
        .parse()
        .expect(time)
}

pub(crate) fn env() -> Env {
    let settings = Settings::default();
    Env {
        context: Context {
            now: moment("2026-11-25 09:00"),
            zone: chrono_tz::Europe::Berlin,
            region: Region::DE,
            currency: Currency::EUR,
            date_order: DateOrder::Dmy,
        },
        pipelines: settings.pipelines().expect("the defaults"),
        custom: settings.custom_fields().expect("declared fields"),
        settings,
        who: Who::Cli,
        ids: Box::new(CountedIds::default()),
        picks: Vec::new(),
        hooks: Hooks::default(),
    }
}
