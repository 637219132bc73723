//! Queries that nobody would type: random ones, and good ones with something broken.

use crate::chance;
use crate::office::env;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use touchbase::domain::query::{Known, Query, field_names};
use touchbase::domain::{KINDS, company, contact};
use touchbase::services::snapshot::Snapshot;

/// Queries that mean something, to be broken.
const GOOD: &[&str] = &[
    "muller berlin",
    "\"exact words\" -tag:cold",
    "tag:vip stage:proposal value>=1000 due<7d company:acme (source:web or source:fair)",
    "last-contact>30d or created<\"2 weeks ago\"",
    "company.parent.parent.name:acme",
    "not (zoe and not (a or b)) -(x)",
    "custom.shoe-size:43 custom.x!=none",
    "value>=€1,000.50 chance<=60%",
    "birthday:--05-17 expected-close<eoq",
    "phone:\"0171 12\" email=zoe@acme.de site:https://www.x.example",
    "due:\"next week\" every:any priority>=normal",
    "contact.company.territory:\"北\" note:ß",
    "-id:n0z5 done:none status:overdue",
    "cadence>\"2 weeks\" duration>=1h30m",
];

const PIECES: &[&str] = &[
    "(",
    ")",
    "\"",
    "\\",
    "-",
    "--",
    "not ",
    " or ",
    " and ",
    ":",
    "=",
    "!=",
    "<=",
    ">",
    "none",
    "any",
    ".",
    "company.",
    "custom.",
    "7d",
    "-30d",
    "999999999y",
    "1e308",
    "€",
    "ß",
    "\u{301}",
    "\u{202e}",
    "山",
    " ",
    "\t",
    "\u{2003}",
    "\0",
    "feb 30",
    "%",
    ",",
];

#[derive(Clone, Debug)]
enum Break {
    Cut(prop::sample::Index),
    Insert(prop::sample::Index, &'static str),
    Remove(prop::sample::Index),
    Repeat(prop::sample::Index, u8),
    Swap(prop::sample::Index, prop::sample::Index),
}

fn breaks() -> impl Strategy<Value = Break> {
    let place = any::<prop::sample::Index>;
    prop_oneof![
        place().prop_map(Break::Cut),
        (place(), prop::sample::select(PIECES)).prop_map(|(at, piece)| Break::Insert(at, piece)),
        place().prop_map(Break::Remove),
        (place(), 2_u8..40).prop_map(|(at, times)| Break::Repeat(at, times)),
        (place(), place()).prop_map(|(one, other)| Break::Swap(one, other)),
    ]
}

fn broken(query: &str, breaks: &[Break]) -> String {
    let mut letters: Vec<char> = query.chars().collect();
    for one in breaks {
        let count = letters.len();
        match one {
            Break::Cut(at) => letters.truncate(at.index(count + 1)),
            Break::Insert(at, piece) => {
                let at = at.index(count + 1);
                letters.splice(at..at, piece.chars());
            }
            _ if count == 0 => {}
            Break::Remove(at) => drop(letters.remove(at.index(count))),
            Break::Repeat(at, times) => {
                let at = at.index(count);
                let letter = letters[at];
                letters.splice(at..at, std::iter::repeat_n(letter, (*times).into()));
            }
            Break::Swap(one, other) => letters.swap(one.index(count), other.index(count)),
        }
    }
    letters.into_iter().collect()
}

/// A snapshot with a record of every kind, each field filled where a text can fill it.
fn snapshot() -> Snapshot {
    let mut office = crate::office::Office::new();
    office.add(
        &company::KIND,
        &[("name", "Acme GmbH"), ("domain", "acme.example")],
    );
    let fields = [
        ("name", "Zoë Müller"),
        ("company", "acme"),
        ("tag", "vip"),
        ("phone", "0171 1234567"),
        ("birthday", "17 may"),
    ];
    let zoe = office.add(&contact::KIND, &fields);
    office.deal("New site", "zoe");
    office.log(zoe, "call", "hello");
    office.remind(zoe, "+3d", "call again");
    let mut records = Vec::new();
    for kind in KINDS {
        records.extend(
            office
                .session
                .all(kind)
                .map(|record| record.expect("a record")),
        );
    }
    Snapshot::new(records, &office.env.pipelines)
}

#[test]
fn no_query_panics_and_a_fault_lies_in_the_query() {
    let env = env();
    let snapshot = snapshot();
    let lookup = snapshot.lookup(&env.context, &env.settings.score);
    let cases = chance::size("TOUCHBASE_QUERIES", 300);
    let cases = u32::try_from(cases).expect("a number of cases");
    let mut runner = TestRunner::new(ProptestConfig::with_cases(cases));
    let good = prop::sample::select(GOOD);
    let queries = prop_oneof![
        2 => (good, prop::collection::vec(breaks(), 1..6))
            .prop_map(|(query, breaks)| broken(query, &breaks)),
        1 => "\\PC{0,60}",
        1 => prop::collection::vec(prop::sample::select(PIECES), 0..20).prop_map(|it| it.concat()),
    ];
    let mut parsed = 0_u32;
    let checked = runner.run(&queries, |text| {
        for kind in KINDS.iter().filter(|kind| !kind.hidden) {
            match Query::parse(&text, kind, env.custom, &env.context) {
                Ok(query) => {
                    for record in snapshot.of_kind(kind) {
                        query.matches(record, &lookup, &env.context);
                    }
                    let known = Known {
                        own: env.custom,
                        pipelines: snapshot.pipelines(),
                        segments: &[],
                    };
                    if let Err(error) = query.resolve(&known, &env.context) {
                        let part = text.get(error.at..error.at + error.length);
                        prop_assert!(part.is_some(), "{} {:?}", text, error);
                    }
                }
                Err(error) => {
                    let part = text.get(error.at..error.at + error.length);
                    prop_assert!(part.is_some(), "{} {:?}", text, error);
                    let columns = error.column() + error.width();
                    prop_assert!(columns <= text.chars().count(), "{} {:?}", text, error);
                    let before = text[..error.at].chars().count();
                    prop_assert_eq!(before, error.column());
                }
            }
        }
        Ok(())
    });
    checked.expect("every query ends in an answer or an error");
    for query in GOOD {
        let fits = KINDS
            .iter()
            .filter(|kind| Query::parse(query, kind, env.custom, &env.context).is_ok());
        parsed += u32::from(fits.count() > 0);
    }
    assert!(
        parsed >= 8,
        "only {parsed} of the good ones are good for any kind"
    );
    assert!(!field_names(KINDS[0], env.custom).is_empty());
}
