//! Imports of real files of other programs, read in place from the corpus.

use crate::import::{How, Shop};
use chrono::NaiveDate;
use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::time::Instant;
use touchbase::domain::kind::Kind;
use touchbase::domain::record::Record;
use touchbase::domain::{activity, company, contact, deal, follow_up};
use touchbase::formats;
use touchbase::services::import::OnDuplicate;
use touchbase::services::import::report::{ImportReport, Outcome};

/// The corpus, where it is said where it is.
fn corpus() -> Option<PathBuf> {
    let folder = std::env::var_os("TOUCHBASE_CORPUS").map(PathBuf::from);
    if folder.is_none() {
        println!("skipped: TOUCHBASE_CORPUS is not set");
    }
    folder
}

struct World {
    folder: PathBuf,
    shop: Shop,
}

impl World {
    fn new(folder: PathBuf) -> Self {
        Self {
            folder,
            shop: Shop::new(),
        }
    }

    fn bring(&mut self, files: &[&str], how: How<'_>) -> ImportReport {
        let read = |name: &&str| std::fs::read(self.folder.join(name)).expect(name);
        let contents: Vec<Vec<u8>> = files.iter().map(read).collect();
        let named = files
            .iter()
            .copied()
            .zip(contents.iter().map(Vec::as_slice));
        let started = Instant::now();
        let report = self.shop.bring(&named.collect::<Vec<_>>(), how);
        let report = report.expect("an import");
        println!("{files:?} in {:?}", started.elapsed());
        for line in report.lines() {
            println!("    {line}");
        }
        report
    }

    fn all(&self, kind: &'static Kind) -> Vec<Record> {
        self.shop.all(kind)
    }

    fn undo(&mut self) {
        self.shop.undo();
    }

    /// The record that bears an id of another program.
    fn by_id(&self, kind: &'static Kind, source: &str, id: &str) -> Option<Record> {
        let found = self
            .shop
            .session
            .find_external(kind, source, id)
            .expect("an index");
        let id = found.first()?;
        assert_eq!(found.len(), 1, "{source} {id}");
        self.shop.session.get(kind, *id).expect("a record")
    }

    /// The rows of a file, as columns to values.
    fn rows(&self, name: &str) -> Vec<BTreeMap<String, String>> {
        let bytes = std::fs::read(self.folder.join(name)).expect(name);
        let rows = (formats::csv::FORMAT.read)(&bytes).expect(name);
        rows.into_iter()
            .map(|row| {
                let cells = row.expect("a row").cells.into_iter();
                cells
                    .map(|cell| (cell.name.to_string(), cell.value))
                    .collect()
            })
            .collect()
    }
}

const USUAL: How<'static> = How {
    kind: None,
    map: &[],
    on_duplicate: OnDuplicate::Skip,
    dry_run: false,
    map_stage: &[],
    create_stages: false,
    no_create_companies: false,
};
const COMPANIES: How<'static> = How {
    kind: Some("company"),
    ..USUAL
};
const DEALS: How<'static> = How {
    kind: Some("deal"),
    create_stages: true,
    ..USUAL
};
const ZOHO_WAY: How<'static> = How {
    create_stages: true,
    ..USUAL
};

fn totals(report: &ImportReport) -> (usize, usize, usize, usize) {
    let totals = report.totals;
    (
        totals.imported,
        totals.updated,
        totals.skipped,
        totals.failed,
    )
}

fn by_stage(deals: &[Record]) -> HashMap<String, usize> {
    let mut stages = HashMap::new();
    for deal in deals {
        *stages.entry(deal.text(deal::STAGE).to_owned()).or_default() += 1;
    }
    stages
}

#[test]
fn the_maven_pipeline_comes_in_whole_and_goes_back_in_one_step() {
    let Some(folder) = corpus() else { return };
    let mut world = World::new(folder);
    let accounts = world.bring(&["deals-csv/maven__accounts.csv"], COMPANIES);
    assert_eq!(totals(&accounts), (85, 0, 0, 0));
    assert_eq!(accounts.companies_created, 0);
    let owned = world.all(&company::KIND);
    assert_eq!(
        owned
            .iter()
            .filter(|one| one.get(company::PARENT).is_some())
            .count(),
        15
    );

    let file = ["deals-csv/maven__sales_pipeline.csv"];
    let check = |world: &World, report: &ImportReport| {
        assert_eq!(totals(report), (8800, 0, 0, 0));
        assert_eq!(world.all(&company::KIND).len(), 85);
        let deals = world.all(&deal::KIND);
        assert_eq!(deals.len(), 8800);
        let stages = by_stage(&deals);
        let expect = [
            ("won", 4238),
            ("lost", 2473),
            ("Engaging", 1589),
            ("Prospecting", 500),
        ];
        assert_eq!(
            stages,
            expect.map(|(name, count)| (name.to_owned(), count)).into()
        );
        let linked = deals
            .iter()
            .filter(|deal| deal.get(deal::COMPANY).is_some())
            .count();
        assert_eq!((linked, deals.len() - linked), (7375, 1425));
        assert_eq!(report.links_made.get("deal company"), Some(&7375));
    };
    let pipeline = world.bring(&file, DEALS);
    check(&world, &pipeline);
    let made = |name: &str| ("sales".to_owned(), name.to_owned());
    let mut stages = pipeline.stages_created.clone();
    stages.sort();
    assert_eq!(stages, [made("Engaging"), made("Prospecting")]);

    check_first_maven_deal(&world);
    world.undo();
    assert!(world.all(&deal::KIND).is_empty());
    assert_eq!(world.all(&company::KIND).len(), 85);
    let again = world.bring(&file, DEALS);
    check(&world, &again);

    let twice = world.bring(&file, DEALS);
    assert_eq!(totals(&twice), (0, 0, 8800, 0));
    assert_eq!(twice.change, None);
    assert_eq!(world.all(&deal::KIND).len(), 8800);
    let accounts = world.bring(&["deals-csv/maven__accounts.csv"], COMPANIES);
    assert_eq!(totals(&accounts), (0, 0, 85, 0));
}

fn check_first_maven_deal(world: &World) {
    // 1C1I7A6R,Moses Frase,GTX Plus Basic,Cancity,Won,2016-10-20,2017-03-01,1054
    let deal = world
        .by_id(&deal::KIND, "opportunityid", "1C1I7A6R")
        .expect("the first deal");
    assert_eq!(deal.title(), "GTX Plus Basic – Cancity");
    assert_eq!(
        deal.get(deal::VALUE).map(ToString::to_string).as_deref(),
        Some("1,054 EUR")
    );
    assert_eq!(
        deal.get(deal::CLOSED),
        NaiveDate::from_ymd_opt(2017, 3, 1).as_ref()
    );
    assert_eq!(
        deal.custom.get("sales_agent").map(String::as_str),
        Some("Moses Frase")
    );
    let steps: Vec<(String, &str)> = deal
        .list(deal::STAGE_HISTORY)
        .iter()
        .map(|step| (step.at.date_naive().to_string(), step.to.as_str()))
        .collect();
    let expect = [("2016-10-20", "Engaging"), ("2017-03-01", "won")];
    assert_eq!(steps, expect.map(|(day, to)| (day.to_owned(), to)));
}

#[test]
fn stages_that_the_pipeline_lacks_refuse_their_rows_and_are_listed() {
    let Some(folder) = corpus() else { return };
    let mut world = World::new(folder);
    let file = ["deals-csv/maven__sales_pipeline.csv"];
    let dry = world.bring(
        &file,
        How {
            create_stages: false,
            dry_run: true,
            ..DEALS
        },
    );
    assert_eq!(totals(&dry), (4238 + 2473, 0, 0, 1589 + 500));
    assert_eq!(dry.stages_missing.get("Engaging"), Some(&1589));
    assert_eq!(dry.change, None);
    assert!(world.all(&deal::KIND).is_empty());
    assert_eq!(world.shop.session.last_change(), 0);
}

const ZOHO: [&str; 6] = [
    "Accounts",
    "Contacts",
    "Leads",
    "Potentials",
    "Calls",
    "Tasks",
];

fn zoho(module: &str) -> String {
    format!("crm-export-csv/zoho__{module}.csv")
}

#[test]
fn a_whole_zoho_organisation_comes_in_linked() {
    let Some(folder) = corpus() else { return };
    let mut world = World::new(folder);
    let mut reports = BTreeMap::new();
    for module in ZOHO {
        let report = world.bring(&[&zoho(module)], ZOHO_WAY);
        assert_eq!(
            report.rows.len(),
            world.rows(&zoho(module)).len(),
            "{module}"
        );
        assert_eq!(report.totals.failed, 0, "{module}");
        reports.insert(module, report);
    }
    assert_eq!(totals(&reports["Accounts"]), (2229, 0, 0, 0));
    assert_eq!(totals(&reports["Contacts"]), (1265, 0, 0, 0));
    assert_eq!(reports["Contacts"].companies_created, 0);
    assert_eq!(
        reports["Contacts"].links_made.get("contact company"),
        Some(&1265)
    );
    // Each of the 1,265 contacts was a lead once, under another number and the same address.
    assert_eq!(totals(&reports["Leads"]), (3900 - 1265, 1265, 0, 0));
    assert_eq!(totals(&reports["Potentials"]), (3632, 0, 0, 0));
    assert_eq!(
        reports["Potentials"].links_made.get("deal contact"),
        Some(&3632)
    );
    assert_eq!(totals(&reports["Calls"]), (4100, 0, 0, 0));
    assert_eq!(
        reports["Calls"].links_made.get("activity contact"),
        Some(&(2100 + 170))
    );
    assert_eq!(
        reports["Calls"].links_made.get("activity company"),
        Some(&990)
    );
    assert_eq!(totals(&reports["Tasks"]), (2978, 0, 0, 0));
    check_zoho_people(&world);
    check_zoho_deals(&world);
    check_zoho_work(&world);
    for module in ZOHO {
        let report = world.bring(&[&zoho(module)], ZOHO_WAY);
        assert_eq!(report.totals.skipped, report.rows.len(), "{module} again");
    }
}

/// No number of one module is taken for one of another.
fn check_zoho_people(world: &World) {
    let companies: HashMap<_, _> = world
        .all(&company::KIND)
        .into_iter()
        .map(|company| (company.id, company))
        .collect();
    for row in world.rows(&zoho("Contacts")) {
        let person = world
            .by_id(&contact::KIND, "contactid", &row["CONTACTID"])
            .expect("a contact");
        assert_eq!(person.title(), row["Last Name"]);
        let company = &companies[person.get(contact::COMPANY).expect("a company")];
        assert!(
            company
                .external
                .iter()
                .any(|id| id.source == "accountid" && id.id == row["Account Id"])
        );
    }
    let customers: Vec<String> = world
        .rows(&zoho("Potentials"))
        .into_iter()
        .filter(|row| row["Stage"] == "Closed Won")
        .map(|row| row["LEADID"].clone())
        .collect();
    for row in world.rows(&zoho("Leads")) {
        let person = world
            .by_id(&contact::KIND, "leadid", &row["LEADID"])
            .expect("a lead");
        let emails = person.list(contact::EMAILS).iter();
        assert!(
            emails
                .clone()
                .any(|email| email.value.key() == row["Email"].to_lowercase())
        );
        assert_eq!(person.title(), row["Last Name"]);
        assert_eq!(person.text(contact::LEAD_STATUS), row["Lead Status"]);
        let expect = match row["CONVERTED"].as_str() {
            _ if customers.contains(&row["LEADID"]) => "customer",
            "Yes" => "prospect",
            _ => "lead",
        };
        assert_eq!(person.text(contact::LIFECYCLE), expect, "{row:?}");
        let steps = person.list(contact::LIFECYCLE_HISTORY);
        assert!(steps.is_sorted_by_key(|step| step.at), "{steps:?}");
    }
}

fn check_zoho_deals(world: &World) {
    let deals = world.all(&deal::KIND);
    let people: HashMap<_, _> = world
        .all(&contact::KIND)
        .into_iter()
        .map(|person| (person.id, person))
        .collect();
    let stages = by_stage(&deals);
    assert_eq!(
        (stages["won"], stages["lost"], stages["Qualification"]),
        (1425, 485, 698)
    );
    let mut titles: HashMap<(String, String), &Record> = HashMap::new();
    for deal in &deals {
        let [contact] = deal.list(deal::CONTACTS) else {
            panic!("{deal:?}")
        };
        let ids = people[contact].external.iter();
        let lead = ids
            .clone()
            .find(|id| id.source == "leadid")
            .expect("a lead")
            .id
            .clone();
        titles.insert((deal.title().to_owned(), lead), deal);
    }
    for row in world.rows(&zoho("Potentials")) {
        let key = (row["Potential Name"].clone(), row["LEADID"].clone());
        let deal = titles[&key];
        let amount = row["Amount"].trim_start_matches('$').replace(',', "");
        let value = deal.get(deal::VALUE).expect("a value");
        assert_eq!((value.amount(), value.currency.code()), (amount, "USD"));
        let read = |text: &str| {
            chrono::NaiveDateTime::parse_from_str(text, "%d %b, %Y %H:%M:%S").expect("a date")
        };
        assert_eq!(deal.created.naive_utc(), read(&row["Created Time"]));
        let closing = read(&row["Closing Date"]).date();
        let is_closed = row["Stage"].starts_with("Closed");
        let date = if is_closed {
            deal.get(deal::CLOSED)
        } else {
            deal.get(deal::EXPECTED_CLOSE)
        };
        assert_eq!(date, Some(&closing), "{row:?}");
    }
}

fn check_zoho_work(world: &World) {
    let is_id = |text: &String| !text.is_empty() && text != "0";
    let mut alone = 0;
    for row in world.rows(&zoho("Calls")) {
        let call = world
            .by_id(&activity::KIND, "taskid", &row["TASKID"])
            .expect("a call");
        let mut people: Vec<_> = [("contactid", "CONTACTID"), ("leadid", "LEADID")]
            .into_iter()
            .filter(|(_, column)| is_id(&row[*column]))
            .map(|(source, column)| {
                world
                    .by_id(&contact::KIND, source, &row[column])
                    .expect("one")
                    .id
            })
            .collect();
        people.sort();
        let mut linked = call.list(activity::CONTACTS).to_vec();
        linked.sort();
        assert_eq!(linked, people, "{row:?}");
        let account = world.by_id(&company::KIND, "accountid", &row["ACCOUNTID"]);
        assert_eq!(
            call.get(activity::COMPANY).copied(),
            account.map(|account| account.id)
        );
        assert_eq!(call.text(activity::TYPE), "call");
        let direction = if row["Call Type"] == "Inbound" {
            "in"
        } else {
            "out"
        };
        assert_eq!(call.text(activity::DIRECTION), direction);
        if people.is_empty() && call.get(activity::COMPANY).is_none() {
            alone += 1;
        }
    }
    println!("{alone} calls name nobody that the files know");
    let tasks = world.all(&follow_up::KIND);
    let done = tasks
        .iter()
        .filter(|task| task.get(follow_up::DONE).is_some())
        .count();
    assert_eq!((tasks.len(), done), (2978, 2960));
}

#[test]
fn all_files_of_one_command_are_one_change() {
    let Some(folder) = corpus() else { return };
    let mut world = World::new(folder);
    let names = ZOHO.map(zoho);
    let mut files: Vec<&str> = names.iter().map(String::as_str).collect();
    // Whatever the order in which the shell names them.
    files.reverse();
    let report = world.bring(&files, ZOHO_WAY);
    assert_eq!(report.totals.failed, 0);
    assert_eq!(report.links_made.get("activity company"), Some(&990));
    assert_eq!(world.shop.session.last_change(), 1);
    world.undo();
    for kind in touchbase::domain::KINDS {
        assert!(world.all(kind).is_empty(), "{kind:?}");
    }
}

#[test]
fn no_file_of_the_corpus_stops_an_import() {
    let Some(folder) = corpus() else { return };
    let mut world = World::new(folder.clone());
    for part in ["vcard", "contacts-csv", "crm-export-csv"] {
        let mut files: Vec<PathBuf> = std::fs::read_dir(folder.join(part))
            .expect(part)
            .map(|entry| entry.expect("a file").path())
            .collect();
        files.sort();
        for file in files {
            let name = file
                .strip_prefix(&folder)
                .expect("inside")
                .to_string_lossy()
                .into_owned();
            // A calendar that is named like a card.
            if name.ends_with("libical__user-cal.vcf") {
                continue;
            }
            let is_other = ["Users", "Cases", "Campaigns"]
                .iter()
                .any(|word| name.contains(word));
            let kind = (part == "contacts-csv").then_some("contact");
            let kind = if is_other { Some("company") } else { kind };
            let report = world.bring(&[&name], How { kind, ..ZOHO_WAY });
            let failed = report
                .rows
                .iter()
                .filter(|row| matches!(&row.outcome, Outcome::Failed(reason) if reason.is_empty()));
            assert_eq!(failed.count(), 0, "{name}");
            assert!(!report.rows.is_empty(), "{name}");
        }
    }
}

/// What ez-vcard reads of the same cards. Where it has no name, the card is called by what
/// else it has; photos and the like are not compared.
#[test]
#[expect(
    clippy::too_many_lines,
    reason = "a comparison with its list of known differences"
)]
fn cards_say_what_another_parser_reads() {
    let Some(folder) = corpus() else { return };
    let bytes =
        std::fs::read(folder.join("expected/vcard_all_OPEN.json")).expect("the expectation");
    let expected: BTreeMap<String, serde_json::Value> =
        serde_json::from_slice(&bytes).expect("JSON");
    let mut differences = Vec::new();
    for (name, file) in expected {
        let bytes = std::fs::read(folder.join(&name)).expect("a card");
        let Ok(rows) = (formats::vcard::FORMAT.read)(&bytes) else {
            continue;
        };
        let rows: Vec<_> = rows.into_iter().flatten().collect();
        let cards = file["cards"].as_array().expect("cards");
        if rows.len() != cards.len() {
            differences.push(format!("{name}: {} cards, not {}", rows.len(), cards.len()));
            continue;
        }
        for (row, card) in rows.iter().zip(cards) {
            let values = |cell: &str| -> Vec<String> {
                let cells = row.cells.iter().filter(|known| &*known.name == cell);
                let mut values: Vec<String> = cells.map(|cell| cell.value.clone()).collect();
                values.sort();
                values
            };
            let bare = |text: String| -> String {
                let text = text.strip_prefix("tel:").unwrap_or(&text);
                let text = text.replace("\r\n", "\n").replace(";ext=", " ext. ");
                text.trim().to_owned()
            };
            let theirs = |member: &str| -> Vec<String> {
                let list = card[member].as_array().cloned().unwrap_or_default();
                let text = |one: &serde_json::Value| {
                    one.as_str().or(one["value"].as_str()).map(str::to_owned)
                };
                let mut values: Vec<String> = list
                    .iter()
                    .filter_map(text)
                    .map(bare)
                    .filter(|text| !text.is_empty())
                    .collect();
                values.sort();
                values
            };
            let mut differ = |what: &str, ours: Vec<String>, theirs: Vec<String>| {
                if ours != theirs {
                    differences.push(format!("{name}: {what} {ours:?}, not {theirs:?}"));
                }
            };
            if let Some(full) = card["fn"].as_str().filter(|full| !full.trim().is_empty()) {
                differ("name", values("name"), vec![full.trim().to_owned()]);
            }
            differ("e-mails", values("email"), theirs("emails"));
            differ("phones", values("phone"), theirs("phones"));
            differ("sites", values("site"), theirs("urls"));
            differ("notes", values("notes"), theirs("notes"));
        }
    }
    // Line ends of notes, cards inside cards, cards without a word, and a break that is no
    // space are read otherwise on purpose.
    let known = [
        "android__v21_invalid_multiple_line",
        "android__v21_nest",
        "calcard__010",
        "calcard__055",
        "calcard__063",
        "calcard__067",
        "calcard__068",
        "calcard__069",
        "khard__unparsable",
        "roundcube__thebat",
        "sabre__issue64",
    ];
    differences.retain(|difference| !known.iter().any(|name| difference.contains(name)));
    assert!(differences.is_empty(), "{differences:#?}");
}
