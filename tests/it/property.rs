//! Random intents: whatever is done, the store agrees with itself, undo takes back exactly what
//! was done and redo brings it back.

use crate::office::{Office, Space, moment};
use crate::{agreement, names};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use std::collections::{BTreeMap, BTreeSet};
use touchbase::domain::field::Filled;
use touchbase::domain::id::Id;
use touchbase::domain::kind::Kind;
use touchbase::domain::pipeline::Outcome;
use touchbase::domain::record::Record;
use touchbase::domain::values::dates::Due;
use touchbase::domain::values::repeat::Repeat;
use touchbase::domain::{KINDS, activity, company, contact, deal, follow_up};
use touchbase::error::ErrorKind;
use touchbase::services::intent::{
    FieldChange, FieldEdit, Intent, LogEntry, NextStep, Place, Reminder, StageMove, StageTarget,
    Target,
};
use touchbase::services::list::{ListRequest, list};
use touchbase::services::who::{self, Reach};
use touchbase::services::{due, find};
use touchbase::store::keys;

/// Something a user does; records are meant by their place among those that there are.
#[derive(Clone, Debug)]
enum Step {
    Create(usize, String, Vec<Change>),
    Edit(usize, usize, Vec<Change>),
    Place(usize, usize, u8),
    Purge(usize, usize),
    Tag(usize, String, String),
    Log(usize, usize, u8, String, bool),
    Remind(usize, i32, String, u8),
    Done(usize, bool, bool),
    Snooze(usize, i32),
    Move(usize, u8, String),
    Reorder(usize, usize),
    Undo,
    UndoOlder(u64),
    Redo,
    Wait(u32),
    Reopen,
    /// The process that does the next thing dies after so many calls to the store.
    Die(usize),
}

/// A field by its place in the table, how it is changed, and the text.
type Change = (usize, u8, String);

/// Texts that people, programs and enemies type.
fn text() -> impl Strategy<Value = String> {
    let known = [
        "",
        " ",
        "none",
        "Ana Lima",
        "ana",
        "Zoë Müller",
        "a@b.de",
        "work:A@B.de; c@d.de",
        "+49 171 2345678",
        "0171/2345678",
        "x:y:z",
        ";;;",
        ",",
        "vip, cold",
        "1200 EUR",
        "-5 USD",
        "1e400",
        "99999999999999999999",
        "-1",
        "30",
        "2 weeks",
        "yes",
        "lead",
        "customer",
        "proposal",
        "won",
        "lost",
        "sales",
        "opt-in",
        "high",
        "call",
        "today",
        "tomorrow",
        "fri 9am",
        "2026-02-29",
        "2200-12-31",
        "1900-01-01",
        "--02-29",
        "month",
        "FREQ=DAILY;COUNT=2",
        "a\nb",
        "a\u{0}b",
        "\u{202e}evil\u{202c}",
        "\u{1b}[31m",
        "🧑‍🤝‍🧑",
        "\u{fffd}",
        "İstanbul",
        "ﬃ",
        "'\"`$(x)",
        "https://a.b/c",
        "@a@b.c",
        "\u{85}",
        "\u{200b}",
    ];
    prop_oneof![
        6 => proptest::sample::select(known.map(str::to_owned).to_vec()),
        1 => "\\PC{0,30}",
        1 => ".{0,12}",
        1 => Just("long ".repeat(300)),
        1 => Just("é".repeat(220)),
    ]
}

fn changes() -> impl Strategy<Value = Vec<Change>> {
    proptest::collection::vec((any::<usize>(), 0..6_u8, text()), 0..4)
}

fn step() -> impl Strategy<Value = Step> {
    let at = any::<usize>;
    prop_oneof![
        6 => (at(), text(), changes()).prop_map(|(a, b, c)| Step::Create(a, b, c)),
        8 => (at(), at(), changes()).prop_map(|(a, b, c)| Step::Edit(a, b, c)),
        2 => (at(), at(), 0..3_u8).prop_map(|(a, b, c)| Step::Place(a, b, c)),
        1 => (at(), at()).prop_map(|(a, b)| Step::Purge(a, b)),
        2 => (at(), text(), text()).prop_map(|(a, b, c)| Step::Tag(a, b, c)),
        5 => (at(), at(), 0..7_u8, text(), any::<bool>())
            .prop_map(|(a, b, c, d, e)| Step::Log(a, b, c, d, e)),
        4 => (at(), -40..40_i32, text(), 0..4_u8).prop_map(|(a, b, c, d)| Step::Remind(a, b, c, d)),
        3 => (at(), any::<bool>(), any::<bool>()).prop_map(|(a, b, c)| Step::Done(a, b, c)),
        2 => (at(), -40..40_i32).prop_map(|(a, b)| Step::Snooze(a, b)),
        4 => (at(), 0..4_u8, text()).prop_map(|(a, b, c)| Step::Move(a, b, c)),
        2 => (at(), at()).prop_map(|(a, b)| Step::Reorder(a, b)),
        6 => Just(Step::Undo),
        1 => (0..40_u64).prop_map(Step::UndoOlder),
        4 => Just(Step::Redo),
        2 => (1..100_000_u32).prop_map(Step::Wait),
        1 => Just(Step::Reopen),
        5 => (0..30_usize).prop_map(Step::Die),
    ]
}

/// Every record without what undo does not bring back: how often and when it was changed.
type Content = BTreeMap<Id, Record>;

fn records(office: &Office) -> Vec<Record> {
    KINDS.iter().flat_map(|kind| office.all(kind)).collect()
}

fn content(office: &Office) -> Content {
    let all = records(office).into_iter();
    all.map(|mut record| {
        (record.revision, record.updated) = (0, record.created);
        (record.id, record)
    })
    .collect()
}

/// The part of the store that is derived from the records.
fn index(space: &Space) -> BTreeMap<Vec<u8>, Vec<u8>> {
    let is_index = |key: &[u8]| !matches!(key.first(), Some(b'm' | b'r' | b'l' | b'h'));
    let entries = space.iter().filter(|(key, _)| is_index(key));
    entries
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect()
}

fn pick(office: &Office, kind: &'static Kind, place: usize) -> Option<Target> {
    let all = office.all(kind);
    let id = all.get(place.checked_rem(all.len())?)?.id;
    Some(Target { kind, id })
}

fn visible(place: usize) -> &'static Kind {
    [
        &contact::KIND,
        &company::KIND,
        &deal::KIND,
        &activity::KIND,
        &follow_up::KIND,
    ][place % 5]
}

fn edits(kind: &Kind, changes: &[Change]) -> Vec<FieldEdit> {
    let edit = |(place, how, text): &Change| {
        let name = kind.fields[place % kind.fields.len()].name;
        let text = text.clone();
        match how {
            0 => FieldEdit::new(name, FieldChange::Add(text)),
            1 => FieldEdit::new(name, FieldChange::Remove(text)),
            2 => FieldEdit::new(name, FieldChange::Clear),
            3 => FieldEdit::custom(text, name),
            _ => FieldEdit::set(name, text),
        }
    };
    changes.iter().map(edit).collect()
}

fn day(office: &Office, days: i32) -> Due {
    Due::Day(office.env.context.today() + chrono::TimeDelta::days(days.into()))
}

/// The intent that a step means among what there is; none when nothing is there for it.
fn intent(office: &Office, step: &Step) -> Option<Intent> {
    Some(match step {
        Step::Create(kind, title, changes) => {
            let kind = visible(*kind);
            let title_field = kind.title_field()?;
            let mut fields = vec![FieldEdit::set(title_field.name, title.clone())];
            fields.extend(edits(kind, changes));
            Intent::Create { kind, fields }
        }
        Step::Edit(kind, place, changes) => {
            let target = pick(office, visible(*kind), *place)?;
            let fields = edits(target.kind, changes);
            Intent::Edit {
                targets: vec![(target, None)],
                fields,
            }
        }
        Step::Place(kind, place, to) => {
            let to = [Place::Active, Place::Archive, Place::Trash][usize::from(*to)];
            Intent::Place(vec![pick(office, visible(*kind), *place)?], to)
        }
        Step::Purge(kind, place) => Intent::Purge(vec![pick(office, visible(*kind), *place)?]),
        Step::Tag(place, add, remove) => Intent::Tag {
            targets: vec![pick(office, &contact::KIND, *place)?],
            add: vec![add.clone()],
            remove: vec![remove.clone()],
        },
        Step::Log(place, deal, kind, text, next) => Intent::Log(LogEntry {
            contacts: vec![pick(office, &contact::KIND, *place)?.id],
            deal: pick(office, &deal::KIND, *deal)
                .filter(|_| deal % 2 == 0)
                .map(|t| t.id),
            kind: activity::TYPES
                .get(usize::from(*kind))
                .copied()
                .unwrap_or("x")
                .to_owned(),
            text: text.clone(),
            follow_up: next.then(|| NextStep {
                due: day(office, 3),
                text: text.clone(),
            }),
            ..LogEntry::default()
        }),
        Step::Remind(place, days, text, rule) => Intent::Remind(Reminder {
            about: vec![pick(office, &contact::KIND, *place)?],
            due: day(office, *days),
            text: text.clone(),
            repeat: ["day", "month x3", "1st monday"]
                .get(usize::from(*rule))
                .and_then(|rule| Repeat::parse(rule).ok()),
            priority: None,
        }),
        Step::Done(place, log, next) => Intent::Done {
            follow_up: pick(office, &follow_up::KIND, *place)?.id,
            log: log.then(|| ("call".to_owned(), String::new())),
            next: next.then(|| NextStep {
                due: day(office, 1),
                text: String::new(),
            }),
        },
        Step::Snooze(place, days) => {
            let id = pick(office, &follow_up::KIND, *place)?.id;
            Intent::Snooze(vec![id], day(office, *days))
        }
        Step::Move(place, to, text) => Intent::Move(StageMove {
            deal: pick(office, &deal::KIND, *place)?.id,
            to: match to {
                0 => StageTarget::Outcome(Outcome::Won),
                1 => StageTarget::Outcome(Outcome::Lost),
                2 => StageTarget::Outcome(Outcome::Open),
                _ => StageTarget::Named(text.clone()),
            },
            note: Some(text.clone()),
            reason: Some(text.clone()),
            competitor: None,
            follow_up: None,
        }),
        Step::Reorder(place, before) => Intent::Reorder {
            deal: pick(office, &deal::KIND, *place)?.id,
            before: pick(office, &deal::KIND, *before)
                .filter(|_| before % 3 > 0)
                .map(|t| t.id),
        },
        Step::Undo => Intent::Undo(None),
        Step::UndoOlder(number) => Intent::Undo(Some(*number)),
        Step::Redo => Intent::Redo,
        Step::Wait(_) | Step::Reopen | Step::Die(_) => return None,
    })
}

/// What can be undone and redone, as contents; unknown once an older change was taken back.
#[derive(Default)]
struct Model {
    past: Vec<Content>,
    future: Vec<Content>,
    is_known: bool,
}

impl Model {
    fn check(
        &mut self,
        step: &Step,
        before: Content,
        now: &Content,
        done: Result<bool, ErrorKind>,
    ) {
        if !self.is_known {
            return;
        }
        match (step, done) {
            (Step::UndoOlder(_), Ok(_)) => self.is_known = false,
            (Step::Undo, Ok(_)) => {
                assert_eq!(Some(now), self.past.pop().as_ref(), "undo");
                self.future.push(before);
            }
            (Step::Redo, Ok(_)) => {
                assert_eq!(Some(now), self.future.pop().as_ref(), "redo");
                self.past.push(before);
            }
            (Step::Undo, Err(kind)) => {
                assert!(
                    kind == ErrorKind::NotFound && self.past.is_empty(),
                    "undo: {kind:?}"
                );
            }
            (Step::Redo, Err(kind)) => {
                assert!(
                    kind == ErrorKind::NotFound && self.future.is_empty(),
                    "redo: {kind:?}"
                );
            }
            (_, Ok(true)) => {
                self.past.push(before);
                self.future.clear();
            }
            _ => {}
        }
    }
}

/// The store agrees with itself.
fn check_store(office: &Office) {
    let mut wanted = BTreeMap::new();
    let mut touched = BTreeSet::new();
    for record in records(office) {
        for key in keys::entries(&record) {
            let is_id = key.first() == Some(&b'd');
            let value = if is_id {
                vec![record.kind.number]
            } else {
                Vec::new()
            };
            wanted.insert(key, value);
        }
    }
    let space = office.space();
    assert_eq!(index(&space), wanted, "indexes are those of the records");
    names::check(&office.session, office.folder.path());
    let replayed = agreement::check(&office.session).expect("it agrees with itself");
    let present: BTreeMap<Id, Record> = records(office).into_iter().map(|r| (r.id, r)).collect();
    assert_eq!(replayed, present, "the log leads to what is there");
    for number in 1..=office.session.last_change() {
        for edit in office.session.change_edits(number).expect("readable") {
            touched.insert(keys::history(edit.id().expect("a record"), number));
        }
    }
    let histories = space
        .keys()
        .filter(|key| key.first() == Some(&b'h'))
        .cloned();
    assert_eq!(histories.collect::<BTreeSet<_>>(), touched);
}

fn run(steps: &[Step]) {
    let mut office = Office::new();
    let mut model = Model {
        is_known: true,
        ..Model::default()
    };
    let mut dies_after = None;
    for step in steps {
        match step {
            Step::Die(calls) => dies_after = Some(*calls),
            Step::Wait(minutes) => {
                office.env.context.now += chrono::TimeDelta::minutes((*minutes).into());
                office.env.context.now = office.env.context.now.min(moment("2190-01-01 00:00"));
            }
            Step::Reopen => office.reopen(),
            _ => {}
        }
        let Some(intent) = intent(&office, step) else {
            continue;
        };
        let (before, space) = (content(&office), office.space());
        let last = office.session.last_change();
        let done = match dies_after.take() {
            Some(calls) => office.dying(calls, intent),
            None => office.try_to(intent),
        };
        if done
            .as_ref()
            .is_err_and(|error| error.kind == ErrorKind::Io)
        {
            assert_eq!(office.space(), space, "{step:?}: it died half way");
            continue;
        }
        if done
            .as_ref()
            .map_or(true, |receipt| receipt.number.is_none())
        {
            assert_eq!(office.space(), space, "{step:?} changed nothing: {done:?}");
            assert_eq!(office.session.last_change(), last);
        } else {
            assert_eq!(office.session.last_change(), last + 1);
        }
        let bug = done
            .as_ref()
            .is_err_and(|error| error.kind == ErrorKind::Bug);
        assert!(!bug, "{step:?}: {done:?}");
        let now = content(&office);
        let done = done
            .map(|receipt| receipt.number.is_some())
            .map_err(|error| error.kind);
        model.check(step, before, &now, done);
    }
    check_store(&office);
    office.reopen();
    check_store(&office);
    there_and_back(&mut office);
}

/// Undo to the beginning and redo to the end: the records and the indexes of the present.
fn there_and_back(office: &mut Office) {
    let (all, indexes) = (content(office), index(&office.space()));
    let mut steps = 0;
    while office.try_to(Intent::Undo(None)).is_ok() {
        steps += 1;
    }
    for _ in 0..steps {
        office.perform(Intent::Redo);
    }
    assert_eq!(content(office), all, "{steps} there and back");
    assert_eq!(index(&office.space()), indexes);
}

fn check<S: Strategy>(strategy: &S, cases: u32, test: impl Fn(S::Value)) {
    let is_slow = std::env::var_os("TOUCHBASE_SLOW").is_some();
    let config = Config {
        cases: if is_slow { cases * 100 } else { cases },
        failure_persistence: None,
        ..Config::default()
    };
    // The same every time, unless there is time for new ones.
    let rng = if is_slow {
        TestRng::from_seed(RngAlgorithm::ChaCha, &rand_seed())
    } else {
        TestRng::deterministic_rng(RngAlgorithm::ChaCha)
    };
    let mut runner = TestRunner::new_with_rng(config, rng);
    let result = runner.run(strategy, |value| {
        test(value);
        Ok(())
    });
    if let Err(error) = result {
        panic!("{error}");
    }
}

fn rand_seed() -> [u8; 32] {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let nanos = now.expect("after 1970").as_nanos().to_le_bytes();
    println!("seed {nanos:?}");
    [nanos, nanos].concat().try_into().expect("32 bytes")
}

#[test]
fn whatever_is_done_can_be_undone_and_the_store_agrees_with_itself() {
    check(&proptest::collection::vec(step(), 1..40), 24, |steps| {
        run(&steps)
    });
}

#[test]
fn an_edit_from_an_old_revision_overwrites_nothing_that_others_set() {
    check(&(changes(), changes()), 200, |(theirs, ours)| {
        let mut office = Office::new();
        let kind = &contact::KIND;
        let id = office.contact("Ana");
        let edit = |revision, changes: &[Change]| Intent::Edit {
            targets: vec![(Target { kind, id }, revision)],
            fields: edits(kind, changes),
        };
        let base = office.get(kind, id);
        if office.try_to(edit(None, &theirs)).is_err() {
            return;
        }
        let (stored, space) = (office.get(kind, id), office.space());
        if office.try_to(edit(Some(1), &ours)).is_err() {
            assert_eq!(office.space(), space);
            return;
        }
        let now = office.get(kind, id);
        let wanted = edits(kind, &ours);
        let is_list =
            |edit: &FieldEdit| matches!(edit.change, FieldChange::Add(_) | FieldChange::Remove(_));
        for field in kind.fields.iter().filter(|f| f.filled == Filled::ByUser) {
            let changed = base.field(field) != stored.field(field);
            if changed && stored.field(field) != now.field(field) {
                let mut of_it = wanted
                    .iter()
                    .filter(|edit| edit.name == field.name && !edit.custom);
                assert!(of_it.all(is_list), "{}: {theirs:?} {ours:?}", field.name);
            }
        }
        for (name, value) in &stored.custom {
            let changed = base.custom.get(name) != Some(value);
            assert!(!changed || now.custom.get(name) == Some(value), "{name}");
        }
    });
}

#[test]
fn no_text_panics_where_one_is_asked_for() {
    let mut office = Office::new();
    for name in ["Ana Lima", "Zoë Müller", "\u{202e}x\u{0}", "İ ﬃ", "🧑‍🤝‍🧑"] {
        office.contact(name);
    }
    let ana = office.all(&contact::KIND)[0].id;
    office.remind(ana, "today", "call");
    check(&text(), 60, |text| {
        for kind in KINDS {
            let _ = who::find(&office.session, &office.env, kind, &text, Reach::Everything);
            let request = ListRequest {
                query: text.clone(),
                ..ListRequest::all(kind)
            };
            let _ = list(&office.session, &office.env, &request);
            let request = ListRequest {
                sort: Some(text.clone()),
                ..ListRequest::all(kind)
            };
            let _ = list(&office.session, &office.env, &request);
        }
        let _ = find::find(&office.session, &office.env, &text, 10);
        if let Ok(until) = touchbase::domain::when::due(&text, &office.env.context) {
            let _ = due::due(&office.session, &office.env, due::Span::Until(until));
        }
    });
}
