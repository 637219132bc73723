//! Rows of queries over a dozen records, with the records that they find.

pub(in crate::domain::query) mod world;

use super::*;
use crate::domain::custom::sample;
use crate::domain::id::Id;
use crate::domain::{activity, company, contact, deal, follow_up};
use world::{context, world};

fn check(kind: &'static Kind, rows: &[(&str, &str)]) {
    let world = world();
    for (query, expect) in rows {
        let found = world.find(kind, query);
        assert_eq!(found, Ok((*expect).to_owned()), "{kind:?} {query}");
    }
}

#[test]
fn words_find_contacts() {
    check(
        &contact::KIND,
        &[
            ("", "zjtp"),
            ("  \t ", "zjtp"),
            ("zoe", "z"),
            ("MULLER zoë", "z"),
            ("mlr", "z"),
            ("zoe weiss", ""),
            ("weiss", "j"),
            ("zoe-muller", "z"),
            ("太郎", "t"),
            ("o'brien", "p"),
            ("obrien", ""),
            ("zoe@acme", "z"),
            ("acme", "z"),
            ("sailing", "zp"),
            ("dublin", "p"),
            ("0171", "z"),
            ("+49171", "z"),
            ("12", "z"),
            ("opt-out", "j"),
            ("https://www.mueller.example", "z"),
            ("\"likes sailing. hates\"", "z"),
            ("\"sailing likes\"", ""),
            ("\"Zoe M\"", "z"),
            ("\"or\"", ""),
            ("zoe or weiss", "zj"),
            ("zoe OR weiss ceo", "z"),
            ("-zoe -weiss", "tp"),
            ("not zoe and not (weiss or pat)", "t"),
            ("--zoe", "z"),
            ("-(zoe or weiss)", "tp"),
        ],
    );
}

#[test]
fn terms_find_contacts() {
    check(
        &contact::KIND,
        &[
            ("tag:vip", "zt"),
            ("tag:VIP tag:tok", "t"),
            ("tag=key", ""),
            ("tag:\"key account\"", "z"),
            ("tag!=vip", "jp"),
            ("-tag:cold", "ztp"),
            ("tag:none", "p"),
            ("tag:any", "zjt"),
            ("tag!=none", "zjt"),
            ("TAG:vip", "zt"),
            ("name:muller", "z"),
            ("name=\"zoe muller\"", "z"),
            ("name=zoe", ""),
            ("name:\"O'B\"", "p"),
            ("email:acme.de", "z"),
            ("email=ZOE@acme.de", "z"),
            ("email:none", "jtp"),
            ("phone:\"0171 12\"", "z"),
            ("phone:1234567", "z"),
            ("phone=\"+49 171 1234567\"", "z"),
            ("phone:999", ""),
            ("site:mueller.example", "z"),
            ("site=http://mueller.example", "z"),
            ("address:quay", "p"),
            ("address=dublin", "p"),
            ("hobby:sail", "p"),
        ],
    );
}

#[test]
fn links_choices_and_numbers_find_contacts() {
    check(
        &contact::KIND,
        &[
            ("company:acme", "z"),
            ("company:\"gmbh ACME\"", "z"),
            ("company=acme", ""),
            ("company=\"acme gmbh\"", "z"),
            ("company:none", "tp"),
            ("company.territory:north", "z"),
            ("company.territory:none", "tp"),
            ("company.size>50", "j"),
            ("company.parent:acme", "j"),
            ("company.parent.size<=50", "j"),
            ("lifecycle:lead", "j"),
            ("lifecycle>=prospect", "zt"),
            ("lifecycle<customer", "jt"),
            ("lifecycle!=lead", "ztp"),
            ("consent:opt-out", "j"),
            ("bounced:yes", "j"),
            ("bounced:no", "ztp"),
            ("bounced:any", "j"),
            ("cadence>=30", "z"),
            ("cadence:\"30 days\"", "z"),
            ("cadence>0", "z"),
        ],
    );
}

#[test]
fn times_and_custom_fields_find_contacts() {
    check(
        &contact::KIND,
        &[
            ("last-contact>30d", "ztp"),
            ("last-contact>30d last-contact:any", "z"),
            ("last-contact<30d", "j"),
            ("last-contact>=40d", "ztp"),
            ("last-contact<=40d", "zj"),
            ("last-contact:40d", "z"),
            ("last-contact>-30d", "j"),
            ("last-contact<72h", "j"),
            ("consent-at>30d", ""),
            ("created>59d", "zjtp"),
            ("created>61d", ""),
            ("updated<1mo", ""),
            ("birthday<7d", "z"),
            ("birthday<2d", ""),
            ("birthday:--11-28", "z"),
            ("birthday:1980-11-28", "z"),
            ("birthday<1990-01-01", "z"),
            ("custom.team-size:1", "z"),
            ("custom.Team_Size>=10", "z"),
            ("custom.team-size<10", "j"),
            ("custom.nothing:any", ""),
            ("custom.nothing:none", "zjtp"),
            ("state:archived", "p"),
            ("(source:web or source:fair) -tag:cold", "z"),
            ("source:web or source:fair tag:none", "z"),
            ("tag:vip (language:ja or company.tag:any)", "t"),
        ],
    );
}

#[test]
fn declared_fields_find_contacts_by_their_type() {
    check(
        &contact::KIND,
        &[
            ("budget>=1000", "z"),
            ("custom.budget>=1000", "z"),
            ("budget>=500", "zj"),
            ("budget:900.00USD", "j"),
            ("budget:900EUR", ""),
            ("budget:any", "zjt"),
            ("budget:none", "p"),
            ("budget!=900USD", "ztp"),
            ("rooms>9", "z"),
            ("rooms:9", "j"),
            ("rooms<1,000", "zj"),
            ("since<7d", "zj"),
            ("since>=2026-11-28", "z"),
            ("since:tomorrow", ""),
            ("since:01.03.2020", "j"),
            ("grade>=silver", "z"),
            ("grade<silver", "j"),
            ("Grade:GOLD", "z"),
            ("newsletter:yes", "z"),
            ("newsletter:no", "jp"),
            ("newsletter:any", "zjt"),
            ("motto:make", "z"),
            ("motto=\"make it so\"", "z"),
            ("platinum", "t"),
        ],
    );
}

#[test]
fn faults_of_declared_fields_are_named_with_their_place() {
    let error = |text: &str| {
        let found = world().find(&contact::KIND, text);
        let error = found.expect_err(text);
        (error.column(), error.width(), error.kind)
    };
    let bad = |field: &str, value: &str, error| QueryErrorKind::BadValue {
        field: field.to_owned(),
        value: value.to_owned(),
        error,
    };
    let grades = ["bronze", "silver", "gold"].map(str::to_owned).to_vec();
    for (text, column, width, kind) in [
        (
            "x budget>lots",
            9,
            4,
            bad("budget", "lots", ValueError::Malformed),
        ),
        (
            "rooms:few",
            6,
            3,
            bad("rooms", "few", ValueError::Malformed),
        ),
        (
            "grade:god",
            6,
            3,
            bad("grade", "god", ValueError::NotOneOf(grades)),
        ),
        (
            "budgte>1",
            0,
            6,
            QueryErrorKind::UnknownField {
                name: "budgte".to_owned(),
                nearest: Some("budget".to_owned()),
            },
        ),
        (
            "motto>x",
            5,
            1,
            QueryErrorKind::BadOperator {
                field: "motto".to_owned(),
                operator: ">".to_owned(),
            },
        ),
    ] {
        assert_eq!(error(text), (column, width, kind), "{text}");
    }
}

#[test]
fn terms_find_companies_and_deals() {
    check(
        &company::KIND,
        &[
            ("osterreich", "b"),
            ("size>=200", "b"),
            ("size:50", "a"),
            ("size>-1", "ab"),
            ("parent.name:acme", "b"),
            ("parent:any", "b"),
            ("domain=acme.de", "a"),
        ],
    );
    check(
        &deal::KIND,
        &[
            ("stotte", "s"),
            ("value>=1000", "nsl"),
            ("value>=1,000.50", "ns"),
            ("value<=900", "r"),
            ("value=150000", "s"),
            ("value>=€1000", "nl"),
            ("value>=100USD", "r"),
            ("value:\"1000 EUR\"", "l"),
            ("value!=1000EUR", "nrs"),
            ("stage:Proposal", "n"),
            ("stage<negotiation", "n"),
            ("stage>=proposal stage<won", "nr"),
            ("stage>nowhere", ""),
            ("stage-history:proposal", "n"),
            ("pipeline:sales", "nrsl"),
            ("pipeline:none", "nrsl"),
            ("status:open", "nr"),
            ("status:won or status:lost", "sl"),
            ("chance>50", "rs"),
            ("probability:60%", "r"),
            ("weighted<600", "rl"),
            ("age<14", "n"),
            ("age>2w", "rsl"),
            ("stale:yes", "r"),
            ("contact:yamada or contact:太郎", "r"),
            ("contact.tag:vip", "nr"),
            ("contact.tag!=vip", "sl"),
            ("contact.company.territory:north", "n"),
            ("contact.company.parent.name:acme", "r"),
            ("contact.last-contact>30d", "nr"),
            ("expected-close<1mo", "n"),
            ("expected-close>21d", "r"),
            ("closed<30d", "s"),
            ("closed>30d", "l"),
            ("closed>-30d", "s"),
            ("last-activity>1y", "nrsl"),
            ("company:acme value>=1000 -tag:cold", "n"),
            ("reason:price", "l"),
        ],
    );
}

#[test]
fn terms_find_follow_ups() {
    check(
        &follow_up::KIND,
        &[
            ("due<7d", "12"),
            ("due<=7d", "124"),
            ("due<-30d", "1"),
            ("due<0d", "1"),
            ("due:0d", "2"),
            ("due<5h", "1"),
            ("due<=5h", "12"),
            ("due<301min", "12"),
            ("due>1w", "3"),
            ("due>=+1w", "34"),
            ("priority:high", "1"),
            ("priority:normal", "24"),
            ("priority<high", "234"),
            ("priority:none", "24"),
            ("status:overdue", "1"),
            ("done:none", "123"),
            ("done<7d", "4"),
            ("done>1d", "4"),
            ("contact:zoe", "1"),
            ("contact.company:acme", "1"),
            ("deal.value>=1000", "3"),
            ("deal.contact.company:acme", "3"),
            ("every:none", "1234"),
        ],
    );
}

// The 25th of November 2026 is a Wednesday.
#[test]
fn days_by_name_and_date_find_records() {
    check(
        &follow_up::KIND,
        &[
            ("due:today", "2"),
            ("due!=today", "134"),
            ("due<today", "1"),
            ("due<=fri", "12"),
            ("due>\"next week\"", "34"),
            ("due:2026-12-05", "3"),
            ("due>=\"2 dec\" due<6/12/2026", "34"),
            ("due<now", "1"),
            ("due:\"today 15:00\"", "2"),
            ("due:\"today 15:01\"", ""),
            ("done>=mon", ""),
            ("done>=sun", "4"),
            ("done:\"3 days ago\"", "4"),
        ],
    );
    check(
        &deal::KIND,
        &[
            ("expected-close<eoq", "n"),
            ("expected-close>eoy", "r"),
            ("expected-close:2027-02-01", "r"),
            ("closed>=\"1 nov\"", "s"),
            ("closed<2026-11-01", "l"),
        ],
    );
    check(
        &contact::KIND,
        &[
            ("last-contact:\"2 days ago\"", "j"),
            ("last-contact<yesterday", "zj"),
            ("last-contact>=\"last week\"", "j"),
            ("birthday:sat", "z"),
            ("birthday:\"28 nov\"", "z"),
            ("birthday:\"28 nov 1980\"", "z"),
            ("birthday<2026-12-01", "z"),
            ("birthday<=fri", ""),
        ],
    );
}

#[test]
fn ids_find_their_record_and_what_links_to_it() {
    let world = world();
    let acme = world.id('a').text();
    let prefix = acme.get(..5).expect("ascii").to_uppercase();
    for (kind, query, expect) in [
        (&company::KIND, format!("id:{acme}"), "a"),
        (&company::KIND, format!("id:{prefix}"), "a"),
        (&contact::KIND, format!("company:{prefix}"), "z"),
        (&contact::KIND, format!("company={acme}"), "z"),
        (&activity::KIND, String::new(), ""),
    ] {
        assert_eq!(world.find(kind, &query), Ok(expect.to_owned()), "{query}");
    }
    let query = Query::parse("", &contact::KIND, world.own, &world.context).expect("empty");
    let company = &world.records[0].1;
    assert!(query.is_empty() && !query.matches(company, &world, &world.context));
}

#[test]
fn stages_and_pipelines_can_be_checked() {
    let check = |text: &str, expect: Option<&str>| {
        let query =
            Query::parse(text, &deal::KIND, CustomFields::default(), &context()).expect(text);
        let known = Known {
            pipelines: &Pipelines::default(),
            own: CustomFields::default(),
            segments: &[],
        };
        let error = query.resolve(&known, &context()).err();
        let part = error.map(|error| text[error.at..error.at + error.length].to_owned());
        assert_eq!(part.as_deref(), expect, "{text}");
    };
    check("stage:proposal pipeline:Sales", None);
    check("stage:none or -stage:propsal", Some("propsal"));
    check("(stage<\"no such\")", Some("\"no such\""));
    check("pipeline:other", Some("other"));
}

#[test]
fn every_name_that_is_offered_can_be_used() {
    for kind in crate::domain::KINDS {
        for field in field_names(kind, sample::fields()) {
            let query = format!("{}:any -{}:none", field.name, field.name);
            assert!(
                Query::parse(&query, kind, sample::fields(), &context()).is_ok(),
                "{query}"
            );
        }
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(200))]

    #[test]
    fn no_text_is_too_strange(text in "\\PC{0,40}", terms in query_like()) {
        let now = context().now;
        let record = Record::new(&contact::KIND, Id::new(now, [0; 10]), now);
        let world = world();
        for text in [&text, &terms] {
            for kind in [&contact::KIND, &deal::KIND, &follow_up::KIND] {
                match Query::parse(text, kind, world.own, &world.context) {
                    Ok(query) => {
                        query.matches(&record, &world, &world.context);
                        for (_, record) in &world.records {
                            query.matches(record, &world, &world.context);
                        }
                    }
                    Err(error) => {
                        let end = error.at + error.length;
                        proptest::prop_assert!(text.get(error.at..end).is_some());
                    }
                }
            }
        }
    }
}

/// Texts made of what means something, so that most of the grammar is reached.
fn query_like() -> impl proptest::strategy::Strategy<Value = String> {
    use proptest::prelude::*;
    let pieces = [
        "tag",
        "due",
        "value",
        "company.",
        "stage",
        "birthday",
        "last-contact",
        "custom.x",
        "budget",
        "rooms",
        "newsletter",
        ":",
        "=",
        "!=",
        "<",
        ">=",
        "(",
        ")",
        "\"",
        "-",
        " ",
        " or ",
        "not ",
        "none",
        "7d",
        "-30d",
        "4294967295y",
        "999999h",
        "1e308",
        "€",
        "ß",
        "山",
        "\u{301}",
        "\\",
        "5",
    ];
    prop::collection::vec(prop::sample::select(pieces.to_vec()), 0..12)
        .prop_map(|pieces| pieces.concat())
}
