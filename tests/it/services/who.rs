//! Who is meant by a text.

use crate::office::Office;
use touchbase::domain::id::Id;
use touchbase::domain::record::State;
use touchbase::domain::{company, contact};
use touchbase::error::{Error, ErrorKind};
use touchbase::services::intent::{Intent, Place, Target};
use touchbase::services::who::{self, Reach};

fn office() -> Office {
    let mut office = Office::new();
    office.add(
        &contact::KIND,
        &[
            ("name", "Zoë Müller"),
            ("email", "work:zoe@acme.de; zoe.m@web.de"),
            ("phone", "+49 171 2345678"),
            ("site", "https://www.zoe-mueller.example/"),
            (
                "social",
                "@zoem@mastodon.social; https://linkedin.com/in/zoem",
            ),
        ],
    );
    office.add(
        &contact::KIND,
        &[("name", "Ana Lima"), ("email", "ana@lima.pt")],
    );
    office.add(
        &contact::KIND,
        &[("name", "Ana Lima Costa"), ("phone", "mobile:030 555123")],
    );
    office.add(&contact::KIND, &[("name", "Bo Dahl")]);
    office.add(&contact::KIND, &[("name", "Bob Ross")]);
    office.add(&contact::KIND, &[("name", "Björn Ångström")]);
    office.add(&contact::KIND, &[("name", "Łukasz O'Brien-Weiß")]);
    office.add(&contact::KIND, &[("name", "山田 太郎")]);
    office
}

fn named(office: &Office, title: &str) -> Id {
    let all = office.all(&contact::KIND);
    let found = all.iter().find(|record| record.title() == title);
    found.expect(title).id
}

fn meant(office: &Office, text: &str, reach: Reach) -> Result<String, Error> {
    let found = who::find(&office.session, &office.env, &contact::KIND, text, reach);
    found.map(|record| record.title().to_owned())
}

#[track_caller]
fn check(office: &Office, text: &str, expect: &str) {
    let found = match meant(office, text, Reach::Working) {
        Ok(title) => title,
        Err(error) if error.kind == ErrorKind::NotFound => "-".to_owned(),
        Err(error) if error.kind == ErrorKind::Ambiguous => error.message,
        Err(error) => panic!("{text}: {error:?}"),
    };
    assert_eq!(found, expect, "{text}");
}

#[test]
fn a_text_means_one_contact_many_or_none() {
    let office = office();
    let zoe = named(&office, "Zoë Müller").text();
    for (text, expect) in [
        // ids
        (zoe.as_str(), "Zoë Müller"),
        (&zoe.to_uppercase(), "Zoë Müller"),
        (&zoe[..4], "Zoë Müller"),
        (&zoe[..9], "Zoë Müller"),
        (&zoe[..3], "-"),
        // contact points
        ("zoe@acme.de", "Zoë Müller"),
        (" ZOE@Acme.DE ", "Zoë Müller"),
        ("mailto:zoe.m@web.de", "Zoë Müller"),
        ("zoe@acme.d", "-"),
        ("0171 2345678", "Zoë Müller"),
        ("+49 (171) 234-5678", "Zoë Müller"),
        ("0049 171 23 45 678", "Zoë Müller"),
        ("0171/2345678", "Zoë Müller"),
        ("030555123", "Ana Lima Costa"),
        ("0171 2345679", "-"),
        ("zoe-mueller.example", "Zoë Müller"),
        ("http://zoe-mueller.example", "Zoë Müller"),
        ("@zoem@mastodon.social", "Zoë Müller"),
        ("linkedin.com/in/zoem/", "Zoë Müller"),
        // words
        ("zoe", "Zoë Müller"),
        ("ZOË MÜLLER", "Zoë Müller"),
        ("muller zoe", "Zoë Müller"),
        ("zoe-muller", "Zoë Müller"),
        ("mul zo", "Zoë Müller"),
        ("angstrom", "Björn Ångström"),
        ("lukasz weiss", "Łukasz O'Brien-Weiß"),
        ("o'brien", "Łukasz O'Brien-Weiß"),
        ("山田", "山田 太郎"),
        // whole words before beginnings, whole names before both
        ("bo", "Bo Dahl"),
        ("bob", "Bob Ross"),
        ("b", "`b` means 4 contacts"),
        ("ana", "`ana` means 2 contacts"),
        ("ana lima", "Ana Lima"),
        ("lima, ana", "Ana Lima"),
        ("ana costa", "Ana Lima Costa"),
        // nobody
        ("zoe lima", "-"),
        ("muler", "-"),
        ("üller", "-"),
        ("", "-"),
        ("  ", "-"),
        ("%", "-"),
        ("'; drop", "-"),
        ("\u{0}", "-"),
        ("\u{202e}", "-"),
        ("@", "-"),
        (".", "-"),
    ] {
        check(&office, text, expect);
    }
}

#[test]
fn a_miss_names_what_is_near_and_several_are_listed() {
    let office = office();
    let miss = meant(&office, "zoe muler", Reach::Working).expect_err("a miss");
    assert_eq!(miss.kind, ErrorKind::NotFound);
    assert!(
        miss.hints.iter().any(|hint| hint.contains("`Zoë Müller`")),
        "{miss:?}"
    );
    let far = meant(&office, "Xaver Quax", Reach::Working).expect_err("a miss");
    assert_eq!(
        far.hints,
        ["make one with `touchbase contact add 'Xaver Quax'`"]
    );
    let several = meant(&office, "ana", Reach::Working).expect_err("two");
    assert_eq!(several.kind, ErrorKind::Ambiguous);
    let listed = several
        .details
        .iter()
        .filter(|hint| hint.contains("Ana Lima"))
        .count();
    assert_eq!(listed, 2, "{several:?}");
    assert!(several.details[0].contains("ana@lima.pt"), "{several:?}");
}

#[test]
fn only_a_few_of_many_are_listed() {
    let mut office = Office::new();
    for number in 0..30 {
        office.contact(&format!("Kim {number}"));
    }
    let many = meant(&office, "kim", Reach::Working).expect_err("many");
    assert_eq!(many.message, "`kim` means 30 contacts");
    assert!(
        many.details.len() < 12 && many.details.iter().any(|h| h.contains("22 more")),
        "{many:?}"
    );
}

#[test]
fn those_put_away_are_meant_only_when_no_other_is() {
    let mut office = office();
    let (ana, costa) = (named(&office, "Ana Lima"), named(&office, "Ana Lima Costa"));
    let target = |id| Target {
        kind: &contact::KIND,
        id,
    };
    office.perform(Intent::Place(vec![target(ana)], Place::Archive));
    check(&office, "ana", "Ana Lima Costa");
    check(&office, "ana@lima.pt", "Ana Lima");
    office.perform(Intent::Place(vec![target(costa)], Place::Trash));
    check(&office, "ana", "Ana Lima");
    check(&office, "ana costa", "-");
    assert_eq!(
        meant(&office, "ana costa", Reach::Everything).expect("there"),
        "Ana Lima Costa"
    );
    let id = costa.text();
    assert_eq!(
        meant(&office, &id, Reach::Working).expect("by its id"),
        "Ana Lima Costa"
    );
    assert!(matches!(
        office.get(&contact::KIND, costa).state,
        State::Trashed(_)
    ));
}

#[test]
fn a_contact_is_no_company() {
    let mut office = Office::new();
    office.contact("Acme Anderson");
    office.add(&company::KIND, &[("name", "Acme GmbH")]);
    let find = |kind, text| who::find(&office.session, &office.env, kind, text, Reach::Working);
    assert_eq!(
        find(&company::KIND, "acme").expect("one").title(),
        "Acme GmbH"
    );
    let kinds = [&contact::KIND, &company::KIND];
    let of_both = |text: &str| {
        who::of_kinds(&office.session, &office.env, &kinds, text, Reach::Working)
            .map(|record| record.title().to_owned())
            .map_err(|error| error.kind)
    };
    assert_eq!(of_both("acme"), Ok("Acme Anderson".to_owned()));
    assert_eq!(of_both("acme gmbh"), Ok("Acme GmbH".to_owned()));
    assert_eq!(of_both("nobody"), Err(ErrorKind::NotFound));
}
