//! Exports, and our own files read back.

use crate::import::{How, Shop, rows};
use touchbase::domain::kind::Kind;
use touchbase::domain::record::{Record, State};
use touchbase::domain::settings::Settings;
use touchbase::domain::{KINDS, company, contact, deal, kind_by_name};
use touchbase::services::export::export;
use touchbase::services::import::OnDuplicate;
use touchbase::services::intent::{FieldEdit, Intent, Place, Target};
use touchbase::services::perform;

/// A store with something of everything.
fn stocked() -> Shop {
    let mut shop = Shop::new();
    shop.file(
        "accounts.csv",
        "Account Id,Account Name,Website,subsidiary_of\n7,Acme,acme.de,Holding\n8,Holding,h.de,\n",
    );
    shop.file(
        "contacts.csv",
        "CONTACTID,Name,Email,Phone,Address,Birthday,Tags,Account Id,Notes,Shoe size\n\
         1,Zoë,zoe@acme.de,+49 171 1234567,\"Str. 1, 12345 Berlin\",--05-17,\"vip, fair\",7,\"one\ntwo\",38\n\
         2,=Bo,bo@x.de,,,,,,,\n",
    );
    let deals = "Deal Name,Company,Contact,Value,Stage,Close Date,Created\nSite,Acme,Zoë,1200.50 USD,Demo,2026-12-24,2026-01-05\nOld,Holding,,5,won,2026-03-01,2026-02-01\n";
    let how = How {
        create_stages: true,
        ..How::default()
    };
    shop.bring(&[("deals.csv", deals.as_bytes())], how)
        .expect("an import");
    shop.file(
        "calls.csv",
        "Subject,Call Start Time,Contact,Duration\nhi,2026-04-02 10:00,Zoë,12\n",
    );
    shop.file("tasks.csv", "Subject,Due Date,Status,Contact\ncall,2026-12-01,Open,Zoë\ncall,2026-12-01 09:30,Completed,\n");
    shop.file(
        "segments.csv",
        "Name,Of,Query\nvip,contact,tag:vip -source:web\n",
    );
    let bo = shop.all(&contact::KIND)[0].id;
    let target = Target {
        kind: &contact::KIND,
        id: bo,
    };
    let put_away = Intent::Place(vec![target], Place::Archive);
    perform(&mut shop.session, &mut shop.env, put_away).expect("archived");
    shop
}

#[test]
fn a_whole_store_comes_back_equal_from_json() {
    let shop = stocked();
    for format in ["jsonl", "json"] {
        let file = export(&shop.session, &shop.env, &[], format).expect("an export");
        let mut other = Shop::later();
        let name = format!("backup.{format}");
        let report = other
            .bring(&[(&name, &file.bytes)], How::default())
            .expect("an import");
        assert_eq!(
            (report.totals.failed, report.totals.imported),
            (0, file.records)
        );
        for kind in KINDS {
            let (ours, theirs) = (shop.all(kind), other.all(kind));
            assert_eq!(ours.len(), theirs.len());
            for (ours, theirs) in ours.iter().zip(&theirs) {
                assert!(ours.same_content(theirs), "{ours:?}\n{theirs:?}");
                assert_eq!(ours.created, theirs.created);
            }
        }
        let again = other
            .bring(&[(&name, &file.bytes)], How::default())
            .expect("an import");
        assert_eq!((again.totals.skipped, again.change), (file.records, None));
    }
    let archived = shop
        .all(&contact::KIND)
        .iter()
        .any(|one| matches!(one.state, State::Archived(_)));
    assert!(archived);
}

#[test]
fn part_of_a_store_finds_its_companies_by_name() {
    let shop = stocked();
    let file = export(&shop.session, &shop.env, &[&contact::KIND], "jsonl").expect("an export");
    let mut other = Shop::later();
    other.file("accounts.csv", "Account Name\nAcme\n");
    let report = other
        .bring(&[("c.jsonl", &file.bytes)], How::default())
        .expect("an import");
    assert_eq!((report.totals.imported, report.companies_created), (2, 0));
    let zoe = &other.all(&contact::KIND)[1];
    assert_eq!(
        zoe.get(contact::COMPANY),
        Some(&other.all(&company::KIND)[0].id)
    );
}

#[test]
fn our_own_csv_reads_back() {
    let mut shop = stocked();
    for kind in KINDS.iter().filter(|kind| !kind.hidden) {
        let file = export(&shop.session, &shop.env, &[kind], "csv").expect("an export");
        let name = format!("{}.csv", kind.plural);
        let how = How {
            on_duplicate: OnDuplicate::Update,
            ..How::default()
        };
        let report = shop.bring(&[(&name, &file.bytes)], how).expect("an import");
        let text = String::from_utf8_lossy(&file.bytes);
        assert_eq!(
            report.totals.skipped,
            file.records,
            "{:?}\n{text}",
            rows(&report)
        );
    }
    let mut other = Shop::later();
    for kind in ["company", "contact", "deal", "activity", "follow-up"] {
        let kind = kind_by_name(kind).expect(kind);
        let file = export(&shop.session, &shop.env, &[kind], "csv").expect("an export");
        let name = format!("{}.csv", kind.plural);
        let how = How {
            create_stages: true,
            ..How::default()
        };
        let report = other
            .bring(&[(&name, &file.bytes)], how)
            .expect("an import");
        assert_eq!(report.totals.imported, file.records, "{:?}", rows(&report));
    }
    for kind in KINDS.iter().filter(|kind| !kind.hidden) {
        let ours = shop.all(kind);
        let ours: Vec<&Record> = ours.iter().filter(|record| record.is_active()).collect();
        let theirs = other.all(kind);
        for (ours, theirs) in ours.iter().zip(&theirs) {
            assert_eq!(shop.shown(ours), other.shown(theirs));
            assert_eq!(
                (ours.id, &ours.external, ours.created),
                (theirs.id, &theirs.external, theirs.created)
            );
        }
    }
}

#[test]
fn our_own_cards_read_back() {
    let mut shop = stocked();
    let file = export(&shop.session, &shop.env, &[], "vcard").expect("an export");
    assert_eq!(file.records, 1);
    let again = shop
        .bring(&[("a.vcf", &file.bytes)], How::default())
        .expect("an import");
    assert_eq!(again.totals.imported, 0, "{:?}", rows(&again));
    let mut other = Shop::later();
    other
        .bring(&[("a.vcf", &file.bytes)], How::default())
        .expect("an import");
    let (ours, theirs) = (&shop.all(&contact::KIND)[1], &other.all(&contact::KIND)[0]);
    let ours = shop.shown(ours).replace("Shoe size", "shoe-size");
    let theirs = other.shown(theirs);
    assert_eq!(
        ours.replace(" | last-contact=2026-04-02T10:00:00.000Z", ""),
        theirs
    );
}

/// Fields of every type that the settings can declare.
const FIELDS: &str = r#"
    field = [
        { kind = "contact", name = "motto" },
        { kind = "contact", name = "story", type = "long-text" },
        { kind = "contact", name = "rooms", type = "number" },
        { kind = "contact", name = "yearly-budget", type = "money" },
        { kind = "contact", name = "since", type = "date" },
        { kind = "contact", name = "grade", type = "choice", choices = ["silver", "gold, or so"] },
        { kind = "contact", name = "newsletter", type = "flag" },
    ]"#;

/// A store whose settings declare them.
fn declaring(mut shop: Shop) -> Shop {
    let settings: Settings = toml::from_str(FIELDS).expect("settings");
    shop.env.custom = settings.custom_fields().expect("fields");
    shop
}

#[test]
fn declared_fields_come_back_equal_in_every_format() {
    let mut shop = declaring(Shop::new());
    for fields in [
        [
            ("name", "Zoë"),
            ("motto", "first; then, \\ \"second\""),
            ("story", "one; two,\n\nthree: \\n"),
            ("rooms", "-12"),
            ("yearly-budget", "1200,5 USD"),
            ("since", "2031-02-28"),
            ("grade", "Gold, or so"),
            ("newsletter", "no"),
        ],
        [
            ("name", "Bo"),
            ("motto", "12"),
            ("story", "yes"),
            ("rooms", "0"),
            ("yearly-budget", "1200 JPY"),
            ("since", "1 dec"),
            ("grade", "silver"),
            ("newsletter", "yes"),
        ],
    ] {
        let fields = fields
            .map(|(name, text)| FieldEdit::set(name, text))
            .to_vec();
        let kind = &contact::KIND;
        perform(
            &mut shop.session,
            &mut shop.env,
            Intent::Create { kind, fields },
        )
        .expect("made");
    }
    let long = "many words ".repeat(400);
    let zoe = shop.all(&contact::KIND)[1].id;
    let target = Target {
        kind: &contact::KIND,
        id: zoe,
    };
    let longer = Intent::Edit {
        targets: vec![(target, None)],
        fields: vec![FieldEdit::set("story", long)],
    };
    for step in [None, Some(longer)] {
        if let Some(intent) = step {
            perform(&mut shop.session, &mut shop.env, intent).expect("changed");
        }
        for format in ["csv", "json", "jsonl", "vcard"] {
            let file = export(&shop.session, &shop.env, &[&contact::KIND], format).expect("a file");
            let mut other = declaring(Shop::later());
            let ending = if format == "vcard" { "vcf" } else { format };
            let name = format!("contacts.{ending}");
            let report = other
                .bring(&[(&name, &file.bytes)], How::default())
                .expect(format);
            assert_eq!(report.totals.imported, 2, "{format}");
            for (ours, theirs) in shop
                .all(&contact::KIND)
                .iter()
                .zip(other.all(&contact::KIND))
            {
                assert_eq!(ours.custom, theirs.custom, "{format}");
            }
        }
    }
}

#[test]
fn an_import_takes_the_place_of_what_was_spelled_otherwise() {
    let mut shop = Shop::new();
    shop.file("contacts.csv", "Name,Rooms,Yearly budget\nZoë,12,1200\n");
    let mut shop = declaring(shop);
    let bring = |shop: &mut Shop, file: &str, on_duplicate: OnDuplicate| {
        let how = How {
            on_duplicate,
            ..How::default()
        };
        let files = [("contacts.csv", file.as_bytes())];
        shop.bring(&files, how).expect("an import");
        let custom = shop.all(&contact::KIND)[0].custom.clone();
        let all = custom.iter().map(|(name, text)| format!("{name}={text}"));
        all.collect::<Vec<_>>().join(" | ")
    };
    let kept = bring(
        &mut shop,
        "Name,Rooms,Grade\nZoë,13,Silver\n",
        OnDuplicate::Skip,
    );
    assert_eq!(kept, "Rooms=12 | Yearly budget=1200");
    let kept = bring(
        &mut shop,
        "Name,rooms,Grade\nZoë,13.0,Silver\n",
        OnDuplicate::Update,
    );
    assert_eq!(kept, "Yearly budget=1200 | grade=silver | rooms=13");
}

#[test]
fn a_text_that_does_not_fit_is_exported_as_it_is() {
    let mut shop = Shop::new();
    let file = "Name,Since,Rooms\nZoë,tomorrow,012\n";
    shop.file("contacts.csv", file);
    let shop = declaring(shop);
    for format in ["json", "jsonl"] {
        let file = export(&shop.session, &shop.env, &[&contact::KIND], format).expect("a file");
        let mut other = declaring(Shop::later());
        let name = format!("a.{format}");
        other
            .bring(&[(&name, &file.bytes)], How::default())
            .expect(format);
        let (ours, theirs) = (&shop.all(&contact::KIND)[0], &other.all(&contact::KIND)[0]);
        assert_eq!(ours.custom, theirs.custom, "{format}");
    }
}

#[test]
fn formats_that_cannot_bear_something_say_so() {
    let shop = Shop::new();
    let fails = |kinds: &[&'static Kind], format: &str, expect: &str| {
        let error = export(&shop.session, &shop.env, kinds, format).expect_err(expect);
        assert_eq!(error.message, expect);
    };
    fails(&[], "csv", "csv bears one kind of record");
    fails(&[&deal::KIND], "vcard", "a vCard cannot bear a deal");
    fails(&[], "xls", "cannot write `xls`");
}
