//! What becomes of rows: new, there already, linked, refused.

use chrono::{DateTime, Utc};
use touchbase::domain::change::Who;
use touchbase::domain::context::{Context, DateOrder};
use touchbase::domain::custom::CustomFields;
use touchbase::domain::id::CountedIds;
use touchbase::domain::kind::Kind;
use touchbase::domain::record::Record;
use touchbase::domain::settings::Settings;
use touchbase::domain::show::{plain, words};
use touchbase::domain::values::money::Currency;
use touchbase::domain::values::phone::Region;
use touchbase::domain::{KINDS, company, contact, deal, kind_by_name};
use touchbase::error::Error;
use touchbase::services::hooks::Hooks;
use touchbase::services::import::report::ImportReport;
use touchbase::services::import::{ImportRequest, OnDuplicate, plan_import};
use touchbase::services::intent::Intent;
use touchbase::services::{Env, commit, perform};
use touchbase::store::memory::MemoryStore;
use touchbase::store::session::Session;

/// A store in memory that files are imported into.
pub(crate) struct Shop {
    pub(crate) session: Session,
    pub(crate) env: Env,
}

/// How to import; the rest is usual.
#[derive(Clone, Copy, Default)]
pub(crate) struct How<'a> {
    pub(crate) kind: Option<&'a str>,
    pub(crate) map: &'a [(&'a str, &'a str)],
    pub(crate) on_duplicate: OnDuplicate,
    pub(crate) dry_run: bool,
    pub(crate) map_stage: &'a [(&'a str, &'a str)],
    pub(crate) create_stages: bool,
    pub(crate) no_create_companies: bool,
}

fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
    list.iter()
        .map(|(one, other)| ((*one).to_owned(), (*other).to_owned()))
        .collect()
}

impl Shop {
    pub(crate) fn new() -> Self {
        let store = MemoryStore::default();
        let session = Session::open(Box::new(store), None, None).expect("a session");
        let settings = Settings::default();
        let pipelines = settings.pipelines().expect("pipelines");
        let now: DateTime<Utc> = "2026-11-24T09:00:00Z".parse().expect("a moment");
        let context = Context {
            now,
            zone: chrono_tz::UTC,
            region: Region::parse("US").expect("a region"),
            currency: Currency::EUR,
            date_order: DateOrder::Dmy,
        };
        let ids = Box::new(CountedIds::default());
        let env = Env {
            context,
            settings,
            pipelines,
            custom: CustomFields::default(),
            who: Who::Cli,
            ids,
            picks: Vec::new(),
            hooks: Hooks::default(),
        };
        Self { session, env }
    }

    /// A store of another day, whose ids are others.
    pub(crate) fn later() -> Self {
        let mut shop = Self::new();
        shop.env.context.now += chrono::TimeDelta::days(1);
        shop
    }

    pub(crate) fn bring(
        &mut self,
        files: &[(&str, &[u8])],
        how: How<'_>,
    ) -> Result<ImportReport, Error> {
        let files = files
            .iter()
            .map(|(name, bytes)| ((*name).to_owned(), bytes.to_vec()));
        let mut request = ImportRequest {
            files: files.collect(),
            format: None,
            kind: how.kind.map(|name| kind_by_name(name).expect(name)),
            map: pairs(how.map),
            on_duplicate: how.on_duplicate,
            dry_run: how.dry_run,
            pipeline: None,
            map_stage: pairs(how.map_stage),
            create_stages: how.create_stages,
            no_create_companies: how.no_create_companies,
            progress: &mut |_, _| {},
        };
        let (mut report, change) = plan_import(&self.session, &mut self.env, &mut request)?;
        if !how.dry_run {
            let receipt = commit(&mut self.session, &self.env, change, Vec::new(), Vec::new())?;
            report.change = receipt.number;
        }
        Ok(report)
    }

    /// All records of a kind, in the order of their titles and times.
    pub(crate) fn all(&self, kind: &'static Kind) -> Vec<Record> {
        let records = self.session.all(kind);
        let mut records: Vec<Record> = records.map(|record| record.expect("a record")).collect();
        records.sort_by_key(|record| (record.title().to_owned(), kind.time_of(record), record.id));
        records
    }

    pub(crate) fn undo(&mut self) {
        perform(&mut self.session, &mut self.env, Intent::Undo(None)).expect("an undo");
    }

    pub(crate) fn file(&mut self, name: &str, text: &str) -> ImportReport {
        self.bring(&[(name, text.as_bytes())], How::default())
            .expect("an import")
    }

    /// A record's fields and custom fields in words, links by name.
    pub(crate) fn shown(&self, record: &Record) -> String {
        let name_of = |id| {
            let find = |kind: &&'static Kind| self.session.get(kind, id).expect("a record");
            KINDS
                .iter()
                .find_map(find)
                .map_or("?".to_owned(), |r| r.title().to_owned())
        };
        let fields = record
            .kind
            .fields
            .iter()
            .filter(|field| !field.name.contains("histor"));
        let fields = fields.filter_map(|field| {
            let value = record.field(field)?;
            let is_link = !record.linked(field).is_empty();
            let text = match is_link {
                true => words(value, &self.env.context, &name_of),
                false => plain(value, &self.env.context),
            };
            Some(format!("{}={text}", field.name))
        });
        let custom = record
            .custom
            .iter()
            .map(|(name, text)| format!("({name})={text}"));
        fields.chain(custom).collect::<Vec<_>>().join(" | ")
    }

    fn titles(&self, kind: &'static Kind) -> Vec<String> {
        self.all(kind)
            .iter()
            .map(|record| record.title().to_owned())
            .collect()
    }
}

/// `line word reason` of every row, then its warnings.
pub(crate) fn rows(report: &ImportReport) -> Vec<String> {
    let show = |row: &touchbase::services::import::report::RowOutcome| {
        let text = format!(
            "{} {} {}",
            row.line,
            row.outcome.word(),
            row.outcome.reason()
        );
        let warnings: String = row
            .warnings
            .iter()
            .map(|text| format!("; {text}"))
            .collect();
        format!("{}{warnings}", text.trim_end())
    };
    report.rows.iter().map(show).collect()
}

fn check(files: &[(&str, &str)], how: How<'_>, expect: &[&str]) -> Shop {
    let mut shop = Shop::new();
    let files: Vec<(&str, &[u8])> = files
        .iter()
        .map(|(name, text)| (*name, text.as_bytes()))
        .collect();
    let report = shop.bring(&files, how).expect("an import");
    assert_eq!(rows(&report), expect);
    shop
}

#[test]
fn every_row_is_told_of() {
    check(
        &[(
            "contacts.csv",
            "Name,Email,Phone,Company,Shoe size\n\
             Ana,ana@x.de,+49 171 1234567,Acme,38\n\
             Ana B,ANA@x.de,,,\n\
             ,bo@x.de,call me,,\n\
             ,,,,44\n\
             Ana,,,Acme,\n\
             Ana,,,Other,\n",
        )],
        How::default(),
        &[
            "2 imported",
            "3 skipped is the same as an earlier row",
            "4 imported; `Phone` is not understood and kept as text; has no name and is called after what else it has",
            "5 failed has no name",
            "6 skipped is the same as an earlier row",
            "7 imported",
        ],
    );
}

#[test]
fn nothing_of_a_row_is_lost() {
    let shop = check(
        &[(
            "contacts.csv",
            "First Name,Last Name,E-mail 1 - Label,E-mail 1 - Value,Work Phone,Home City,Birthday,Labels,Event 1 - Label,Event 1 - Value,Custom Field 1 - Label,Custom Field 1 - Value,Shoe size,Lifecycle\n\
             Zoë,Müller,* Work,zoe@acme.de,(805) 247-8982,Berlin,17.05.1980,* myContacts ::: VIP,Anniversary,2010-06-01,Legacy ID,42,38,Customer\n",
        )],
        How::default(),
        &["2 imported"],
    );
    let zoe = &shop.all(&contact::KIND)[0];
    assert_eq!(
        shop.shown(zoe),
        "name=Zoë Müller | email=work:zoe@acme.de | phone=work:+18052478982 | tag=VIP | \
         lifecycle=customer | address=home:, Berlin | birthday=1980-05-17 | \
         date=anniversary:2010-06-01 | (Shoe size)=38 | (legacy id)=42"
            .replace(":, Berlin", ":Berlin")
    );
}

#[test]
fn one_import_is_one_change_and_a_dry_run_none() {
    let files: [(&str, &[u8]); 2] = [
        (
            "deals.csv",
            b"Deal Name,Company,Value,Stage\nSite,Acme,1200,proposal\n",
        ),
        ("contacts.csv", b"Name,Company\nAna,Acme\nBo,Beta\n"),
    ];
    let mut shop = Shop::new();
    let dry = shop
        .bring(
            &files,
            How {
                dry_run: true,
                ..How::default()
            },
        )
        .expect("a dry run");
    assert_eq!(
        (dry.totals.imported, dry.companies_created, dry.change),
        (3, 2, None)
    );
    assert_eq!(shop.session.last_change(), 0);
    let report = shop.bring(&files, How::default()).expect("an import");
    assert_eq!((report.totals, report.change), (dry.totals, Some(1)));
    let head = shop
        .session
        .change_head(1)
        .expect("a log")
        .expect("a change");
    assert_eq!(
        head.summary,
        "imported 2 contacts, 2 companies and 1 deal from contacts.csv and deals.csv"
    );
    assert_eq!(shop.titles(&company::KIND), ["Acme", "Beta"]);
    shop.undo();
    for kind in KINDS {
        assert_eq!(shop.titles(kind), Vec::<String>::new());
    }
}

#[test]
fn what_is_there_is_skipped_updated_or_doubled_as_asked() {
    let first = "Name,Email,Role,Company\nAna,ana@x.de,Buyer,Acme\n";
    let second = "Name,Email,Role,Company,City\nAna Belo,ana@x.de; a@y.de,Head,Acme,Rio\n";
    for (on_duplicate, outcome, names, shown) in [
        (
            OnDuplicate::Skip,
            "2 skipped is in the store already",
            1,
            "Ana|Buyer|1",
        ),
        (OnDuplicate::Update, "2 updated", 1, "Ana Belo|Head|2"),
        (OnDuplicate::Create, "2 imported", 2, "Ana|Buyer|1"),
    ] {
        let mut shop = Shop::new();
        shop.file("contacts.csv", first);
        let how = How {
            on_duplicate,
            ..How::default()
        };
        let report = shop
            .bring(&[("contacts.csv", second.as_bytes())], how)
            .expect("an import");
        assert_eq!(rows(&report), [outcome]);
        let people = shop.all(&contact::KIND);
        assert_eq!(people.len(), names);
        let ana = &people[0];
        let emails = ana.list(contact::EMAILS).len();
        assert_eq!(
            format!("{}|{}|{emails}", ana.title(), ana.text(contact::ROLE)),
            shown
        );
        assert_eq!(shop.titles(&company::KIND), ["Acme"]);
    }
}

#[test]
fn ids_of_one_module_never_mean_those_of_another() {
    let mut shop = Shop::new();
    shop.file("accounts.csv", "Account Id,Account Name\n7,Acme\n8,Acme\n");
    shop.file(
        "contacts.csv",
        "CONTACTID,Last Name,Email,Account Id\n1,Ana,ana@x.de,8\n",
    );
    let leads = shop.file(
        "leads.csv",
        "LEADID,Last Name,Email,CONVERTED\n1,Bo,bo@x.de,No\n2,Ana,ana@x.de,Yes\n",
    );
    assert_eq!(rows(&leads), ["2 imported", "3 updated"]);
    let calls = shop.file(
        "calls.csv",
        "Subject,Call Start Time,CONTACTID,LEADID,ACCOUNTID\nhi,2026-01-02 10:00:00,1,,\nho,2026-01-03 10:00:00,0,1,7\nhu,2026-01-04 10:00:00,,9,\n",
    );
    assert_eq!(
        rows(&calls),
        [
            "2 imported",
            "3 imported",
            "4 imported; `LEADID` is kept as text: nobody has that id; is linked to nobody"
        ]
    );
    let kind = kind_by_name("activity").expect("a kind");
    let shown: Vec<String> = shop.all(kind).iter().map(|call| shop.shown(call)).collect();
    assert_eq!(
        shown,
        [
            "text=hi | type=call | at=2026-01-02 10:00 | contact=Ana",
            "text=ho | type=call | at=2026-01-03 10:00 | contact=Bo | company=Acme",
            "text=hu | type=call | at=2026-01-04 10:00 | (LEADID)=9",
        ]
    );
    let ana = &shop.all(&contact::KIND)[0];
    assert_eq!(ana.text(contact::LIFECYCLE), "prospect");
    assert_eq!(ana.external.len(), 2);
}

#[test]
fn companies_are_made_linked_or_left_as_text() {
    let text = "Name,Company\nAna,Acme\nBo,ACME\nCy,Zeta\n";
    let shop = check(
        &[("contacts.csv", text)],
        How::default(),
        &["2 imported", "3 imported", "4 imported"],
    );
    assert_eq!(shop.titles(&company::KIND), ["Acme", "Zeta"]);
    let how = How {
        no_create_companies: true,
        ..How::default()
    };
    let warning = "imported; `Company` is kept as text: there is no such company";
    let expect = [2, 3, 4].map(|line| format!("{line} {warning}"));
    let shop = check(
        &[("contacts.csv", text)],
        how,
        &expect.each_ref().map(String::as_str),
    );
    assert_eq!(shop.titles(&company::KIND), Vec::<String>::new());
    assert_eq!(
        shop.shown(&shop.all(&contact::KIND)[0]),
        "name=Ana | lifecycle=lead | (Company)=Acme"
    );
}

#[test]
fn hubspot_links_by_lists_of_ids_and_keeps_dangling_ones() {
    let shop = check(
        &[
            (
                "hubspot-deals.csv",
                "Record ID,Deal Name,Deal Stage,Amount,Associated Company IDs,Associated Contact IDs,Customer tier\n7001,Casino,Proposal,15000,9001,8001;8002,Tier 4\n",
            ),
            (
                "hubspot-contacts.csv",
                "Record ID,First Name,Last Name,Email,Associated Company IDs\n8001,Priya,Example,p@x.test,9001\n8002,,,tom@y.test,9002;9999\n",
            ),
            (
                "hubspot-companies.csv",
                "Record ID,Company name,Website URL\n9001,Bluebay,bluebay.test\n9002,Harbour,\n9003,BLUEBAY,\n",
            ),
        ],
        How::default(),
        &[
            "2 imported",
            "3 imported",
            "4 imported",
            "2 imported",
            "3 imported; `Associated Company IDs` is kept as text: no company has that id; has no name and is called after what else it has",
            "2 imported",
        ],
    );
    let deal = &shop.all(&deal::KIND)[0];
    assert_eq!(
        shop.shown(deal),
        "title=Casino | value=15000.00 EUR | stage=proposal | contact=Priya Example, tom@y.test | company=Bluebay | (Customer tier)=Tier 4"
    );
}

#[test]
fn stages_are_mapped_made_or_refused() {
    let text = "Deal Name,Deal Stage\na,PROPOSAL\nb,Closed Won\nc,Closed Lost\nd,Demo held\n";
    let missing = "5 failed the pipeline has no stage `Demo held`";
    let usual = ["2 imported", "3 imported", "4 imported"];
    let expect = [usual[0], usual[1], usual[2], missing];
    check(&[("deals.csv", text)], How::default(), &expect);
    let expect = [usual[0], usual[1], usual[2], "5 imported"];
    let map_stage = [("demo held", "qualified")];
    let mapped = check(
        &[("deals.csv", text)],
        How {
            map_stage: &map_stage,
            ..How::default()
        },
        &expect,
    );
    let made = check(
        &[("deals.csv", text)],
        How {
            create_stages: true,
            ..How::default()
        },
        &expect,
    );
    let stages = |shop: &Shop| -> Vec<String> {
        let deals = shop.all(&deal::KIND);
        deals
            .iter()
            .map(|deal| deal.text(deal::STAGE).to_owned())
            .collect()
    };
    assert_eq!(stages(&mapped), ["proposal", "won", "lost", "qualified"]);
    assert_eq!(stages(&made), ["proposal", "won", "lost", "Demo held"]);
    let kept = made.all(kind_by_name("pipeline").expect("a kind"));
    assert_eq!(made.shown(&kept[0]), "name=sales | stages=Demo held");
}

#[test]
fn a_sale_makes_a_customer_and_a_call_counts_as_contact() {
    let mut shop = Shop::new();
    shop.file("contacts.csv", "Name,Email\nAna,ana@x.de\n");
    shop.file(
        "deals.csv",
        "Deal Name,Contact,Stage,Close Date\nSite,Ana,won,2026-03-01\n",
    );
    shop.file(
        "calls.csv",
        "Subject,Call Start Time,Contact\nhi,2026-04-02 10:00,Ana\n",
    );
    let ana = &shop.all(&contact::KIND)[0];
    assert_eq!(ana.text(contact::LIFECYCLE), "customer");
    let last = ana.get(contact::LAST_CONTACT).expect("a time").0;
    assert_eq!(last.to_rfc3339(), "2026-04-02T10:00:00+00:00");
}

#[test]
fn the_user_says_which_column_is_which() {
    let text = "Who,Where,Value,Other\nAna,ana@x.de,5,x\n";
    let map = [("name", "who"), ("email", "Where"), ("shoe size", "value")];
    let how = How {
        kind: Some("contact"),
        map: &map,
        ..How::default()
    };
    let shop = check(&[("a.csv", text)], how, &["2 imported"]);
    let ana = &shop.all(&contact::KIND)[0];
    assert_eq!(
        shop.shown(ana),
        "name=Ana | email=ana@x.de | lifecycle=lead | (Other)=x | (shoe size)=5"
    );
    let fails = |how: How<'_>, expect: &str| {
        let error = Shop::new()
            .bring(&[("a.csv", text.as_bytes())], how)
            .expect_err(expect);
        assert_eq!(error.message, expect);
        assert!(!error.hints.is_empty());
    };
    fails(How::default(), "what the rows of `a.csv` are is not clear");
    let map = [("name", "Whom")];
    fails(
        How {
            kind: Some("contact"),
            map: &map,
            ..How::default()
        },
        "there is no column `Whom`",
    );
}
