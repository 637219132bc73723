//! The address book: it answers from the indexes, whatever the size of the store.

use crate::office::Office;
use std::time::Instant;
use touchbase::domain::{company, contact};
use touchbase::services::emails::{Entry, book};
use touchbase::services::intent::{Intent, LogEntry};

fn office() -> Office {
    let mut office = Office::new();
    office.add(
        &company::KIND,
        &[
            ("name", "Acme GmbH"),
            ("domain", "acme.example"),
            ("tag", "print"),
        ],
    );
    for fields in [
        [
            ("name", "Zoë Müller"),
            ("email", "zoe@acme.example; zm@home.example"),
            ("company", "acme"),
            ("tag", "vip"),
        ],
        [
            ("name", "Zoran Acmeson"),
            ("email", "zoran@x.example"),
            ("company", ""),
            ("tag", "print"),
        ],
        [
            ("name", "Ana Silva"),
            ("email", "ana@silva.example"),
            ("company", ""),
            ("tag", "key account"),
        ],
    ] {
        office.add(&contact::KIND, &fields);
    }
    office
}

fn shown(entries: &[Entry]) -> String {
    let all = entries
        .iter()
        .map(|entry| entry.email.split('@').next().unwrap_or_default());
    all.collect::<Vec<_>>().join(" ")
}

#[test]
fn words_mean_names_addresses_companies_and_tags() {
    let office = office();
    for (words, expect) in [
        ("muller", "zoe zm"),
        ("zo", "zoe zm zoran"),
        ("ZOË müll", "zoe zm"),
        ("zm@home.example", "zm zoe"),
        ("acme", "zoran zoe zm"),
        ("acme zoe", "zoe zm"),
        ("@acme.example", "zoe zm"),
        ("gmbh", "zoe zm"),
        ("vip", "zoe zm"),
        ("#print", "zoran"),
        ("key", "ana"),
        ("silva.ex", "ana"),
        ("muller silva", ""),
        ("nobody", ""),
        ("@", ""),
        ("-", ""),
        ("\u{0}", ""),
        ("", "ana zoe zm zoran"),
        ("   ", "ana zoe zm zoran"),
    ] {
        let found = book(&office.session, words, None).expect(words);
        assert_eq!(shown(&found), expect, "{words}");
    }
    let found = book(&office.session, "zo", Some(1)).expect("found");
    assert_eq!(shown(&found), "zoe");
}

#[test]
fn whom_one_was_in_touch_with_comes_first() {
    let mut office = office();
    let zoran = office
        .all(&contact::KIND)
        .iter()
        .find(|it| it.title().starts_with("Zoran"))
        .map(|it| it.id);
    office.log(zoran.expect("Zoran"), "call", "hello");
    let found = book(&office.session, "zo", None).expect("found");
    assert_eq!(shown(&found), "zoran zoe zm");
    let entry = LogEntry {
        contacts: office.all(&contact::KIND).iter().map(|it| it.id).collect(),
        ..LogEntry::default()
    };
    // A note is no touch.
    office.perform(Intent::Log(entry));
    let found = book(&office.session, "zo", None).expect("found");
    assert_eq!(shown(&found), "zoran zoe zm");
}

#[test]
fn slow_what_it_costs_in_stores_of_three_sizes() {
    if crate::chance::is_skipped() {
        return;
    }
    for size in [1_000_usize, 10_000, 50_000] {
        let world = crate::world::World::new();
        let mut rows = String::from("name,email,company,tag\n");
        for number in 0..size {
            let firm = number % (size / 10);
            rows.push_str(&format!(
                "Person{number} Family{},p{number}@firm{firm}.example,Firm {firm},tag{}\n",
                number % 997,
                number % 10
            ));
        }
        let file = world.path().join("people.csv");
        std::fs::write(&file, rows).expect("a file");
        let file = file.display().to_string();
        let made = world.run_program(&["touchbase", "import", &file, "--kind", "contact"], "");
        assert_eq!(made.code, 0, "{}", made.err);
        for words in ["person77", "family500", "p5@", "firm7", "nowhere", "tag3"] {
            let started = Instant::now();
            let found = world.run_program(&["touchbase", "emails", words], "");
            let lines = found.out.lines().count();
            println!("{size}: emails {words}: {lines} in {:?}", started.elapsed());
        }
        let started = Instant::now();
        let found = world.run_program(&["touchbase", "emails"], "");
        println!(
            "{size}: emails: {} in {:?}",
            found.out.lines().count(),
            started.elapsed()
        );
    }
}
