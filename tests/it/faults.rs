//! A day's work on a store whose n-th call fails, for every n: nothing half-done is ever seen,
//! the error says what is wrong, and the work goes on when the fault is gone.

use crate::agreement;
use crate::faulty::FaultyStore;
use crate::office::{Space, edits, env};
use touchbase::domain::contact;
use touchbase::domain::id::Id;
use touchbase::domain::pipeline::Outcome;
use touchbase::domain::{company, deal, when};
use touchbase::error::ErrorKind;
use touchbase::services::intent::{
    Intent, LogEntry, NextStep, Place, Reminder, StageMove, StageTarget, Target,
};
use touchbase::services::{Env, due, perform};
use touchbase::store::session::Session;

/// One thing done in the day; what it needs of the things before is their records.
type Step = fn(&Env, &[Id]) -> Intent;

fn contact_of(id: Id) -> Target {
    Target {
        kind: &contact::KIND,
        id,
    }
}

/// The day, in order: the first records made are 0 the company, 1 and 2 the contacts, 3 the deal.
const DAY: &[Step] = &[
    |_, _| Intent::Create {
        kind: &company::KIND,
        fields: edits(&[("name", "Acme")]),
    },
    |_, _| Intent::Create {
        kind: &contact::KIND,
        fields: edits(&[
            ("name", "Ana Lima"),
            ("company", "acme"),
            ("email", "ana@acme.example"),
        ]),
    },
    |_, _| Intent::Create {
        kind: &contact::KIND,
        fields: edits(&[("name", "Bo Berg")]),
    },
    |_, _| Intent::Create {
        kind: &deal::KIND,
        fields: edits(&[("title", "Site"), ("contact", "ana"), ("value", "4200 EUR")]),
    },
    |env, made| {
        Intent::Log(LogEntry {
            contacts: vec![made[1]],
            kind: "call".to_owned(),
            text: "wants a quote".to_owned(),
            follow_up: Some(NextStep {
                due: when::due("fri 9am", &env.context).expect("a time"),
                text: "send it".to_owned(),
            }),
            ..LogEntry::default()
        })
    },
    |env, made| {
        Intent::Remind(Reminder {
            about: vec![contact_of(made[2])],
            due: when::due("today", &env.context).expect("a day"),
            text: "call back".to_owned(),
            repeat: None,
            priority: None,
        })
    },
    |_, made| {
        Intent::Move(StageMove {
            deal: made[3],
            to: StageTarget::Outcome(Outcome::Won),
            note: None,
            reason: None,
            competitor: None,
            follow_up: None,
        })
    },
    |_, _| Intent::Undo(None),
    |_, _| Intent::Redo,
    |_, made| Intent::Edit {
        targets: vec![(contact_of(made[2]), None)],
        fields: edits(&[("notes", &"long ".repeat(12_000)), ("tag", "vip")]),
    },
    |_, made| Intent::Tag {
        targets: vec![contact_of(made[1]), contact_of(made[2])],
        add: vec!["fair".to_owned()],
        remove: vec![],
    },
    |_, made| Intent::Place(vec![contact_of(made[1])], Place::Trash),
    |_, made| Intent::Purge(vec![contact_of(made[2])]),
    |_, _| Intent::Undo(None),
];

/// Does the day; gives what the store held after each step that was done, the beginning first.
/// A step that fails is checked, and done again when the fault is gone.
fn work(store: &FaultyStore, keeps: bool) -> Vec<Space> {
    let mut env = env();
    let mut made: Vec<Id> = Vec::new();
    let mut spaces = vec![store.space()];
    for (place, step) in DAY.iter().enumerate() {
        env.context.now += chrono::TimeDelta::minutes(5);
        let before = store.space();
        let opened = Session::open(Box::new(store.clone()), None, None);
        let done = opened
            .map_err(touchbase::services::words::store)
            .and_then(|mut session| {
                due::due(&session, &env, due::Span::Today)?;
                let intent = step(&env, &made);
                perform(&mut session, &mut env, intent)
            });
        let records = match done {
            Ok(receipt) => receipt.records,
            Err(error) => {
                assert_eq!(error.kind, ErrorKind::Io, "step {place}: {error:?}");
                assert!(error.message.contains("no space left"), "{error:?}");
                let now = store.space();
                // The first open of an empty store writes its schema's number.
                let is_new = before.is_empty() && now.len() == 1;
                let is_unsure = keeps && error.message.contains("not known whether");
                assert!(
                    now == before || is_new || is_unsure,
                    "step {place}: half done: {error:?}"
                );
                store.fail_calls(0..0, false);
                let mut session =
                    Session::open(Box::new(store.clone()), None, None).expect("opens again");
                agreement::check(&session).expect("agrees after the fault");
                let number = session.last_change();
                if is_unsure && number == place as u64 + 1 {
                    // It was kept: it is in the log, and must not be done twice.
                    let edits = session.change_edits(number).expect("readable");
                    edits
                        .iter()
                        .filter_map(|edit| edit.id())
                        .map(|id| Target {
                            kind: &contact::KIND,
                            id,
                        })
                        .collect()
                } else {
                    assert_eq!(number, place as u64, "step {place}");
                    {
                        let intent = step(&env, &made);
                        let done = perform(&mut session, &mut env, intent);
                        done.expect("done when the fault is gone").records
                    }
                }
            }
        };
        if place < 4 {
            made.push(records[0].id);
        }
        spaces.push(store.space());
    }
    spaces
}

fn sweep(keeps: bool) -> usize {
    let whole = FaultyStore::default();
    whole.fail_calls(0..0, false);
    let wanted = work(&whole, false).len();
    let calls = whole.calls();
    let last = whole.space().len();
    for failing in 0..calls {
        let store = FaultyStore::default();
        store.fail_calls(failing..failing + 1, keeps);
        let spaces = work(&store, keeps);
        assert_eq!(spaces.len(), wanted);
        assert_eq!(store.space().len(), last, "call {failing}");
        let session = Session::open(Box::new(store.clone()), None, None).expect("opens");
        assert_eq!(session.last_change(), DAY.len() as u64, "call {failing}");
        agreement::check(&session).expect("agrees");
    }
    calls
}

#[test]
fn every_call_of_a_day_may_fail() {
    println!(
        "{} calls of {} steps failed, one after the other",
        sweep(false),
        DAY.len()
    );
}

#[test]
fn every_commit_of_a_day_may_fail_and_be_there_all_the_same() {
    println!(
        "{} calls of {} steps failed and were kept",
        sweep(true),
        DAY.len()
    );
}
