//! What commands print: schemas hold, tables fit, nothing steers a terminal.

use crate::world::{Ran, World};
use serde_json::Value as Json;
use touchbase::cli::style::width;
use touchbase::domain::field::{Filled, Shape};
use touchbase::domain::kind::Kind;
use touchbase::services::snapshot::visible_kinds;

/// Every command that lists or shows, on demo data.
pub(crate) const LISTINGS: &[&str] = &[
    "contact list",
    "company list",
    "deal list",
    "activity list",
    "follow-up list",
    "due eoy",
    "next -n 100",
    "pipeline --closed",
    "pipeline --totals",
    "score",
    "find a --limit 500",
    "history",
    "report pipeline",
    "report activity",
    "report sources",
    "report won-lost",
    "keys",
    "schema",
    "schema contact",
    "config show --defaults",
    "export contact --format csv",
];

fn run(world: &World, line: &str) -> Ran {
    let words: Vec<&str> = ["touchbase"].into_iter().chain(line.split(' ')).collect();
    world.run(&words, "")
}

/// A world with demo data, and more: long, wide and hostile texts.
pub(crate) fn demo() -> World {
    let world = World::new();
    let folder = world.data().to_string_lossy().into_owned();
    let made = world.run(&["touchbase", "demo", "--dir", &folder], "");
    assert_eq!(made.code, 0, "{}", made.err);
    world.skip_ids(10_000);
    let names = [
        "👩‍👩‍👧‍👦 Family \u{202E}evil\u{1b}[31m",
        "e\u{301}e\u{301}e\u{301} Combining",
        "שלום עולם",
        "山田太郎山田太郎山田太郎山田太郎",
        "=cmd|'/c calc'!A1",
        "tab\tand\nline",
    ];
    for name in names {
        let (mail, notes) = ("work:x@example.org", "one\ttwo\n=three");
        let arguments = ["contact", "add", name, "--email", mail, "--notes", notes];
        let words: Vec<&str> = ["touchbase"].into_iter().chain(arguments).collect();
        let ran = world.run(&words, "");
        assert_eq!(ran.code, 0, "{}", ran.err);
    }
    world
}

/// A text that a field takes.
fn sample(shape: Shape, world: &World) -> Option<String> {
    let id_of = |kind: &str| {
        let ran = run(world, &format!("{kind} list --limit 1 --format ids"));
        ran.out.trim().to_owned()
    };
    Some(match shape {
        Shape::Choice(words) => (*words.first()?).to_owned(),
        Shape::Text | Shape::LongText => "some \"words\"".to_owned(),
        Shape::Texts => "one".to_owned(),
        Shape::Emails => "work:zoe@acme.de".to_owned(),
        Shape::Phones => "mobile:+49 171 1234567".to_owned(),
        Shape::Addresses => "home:Weg 1, 12345 Berlin, Germany".to_owned(),
        Shape::Sites => "acme.de".to_owned(),
        Shape::Dates => "anniversary:1999-02-03".to_owned(),
        Shape::Money => "1200.50 EUR".to_owned(),
        Shape::Number => "12".to_owned(),
        Shape::Percent => "40".to_owned(),
        Shape::Minutes => "90m".to_owned(),
        Shape::Days => "30".to_owned(),
        Shape::Flag => "yes".to_owned(),
        Shape::Date => "2026-12-01".to_owned(),
        Shape::PartialDate => "--02-29".to_owned(),
        Shape::Due | Shape::Moment => "2026-12-01 09:00".to_owned(),
        Shape::Instant => "2026-11-01T09:00:00Z".to_owned(),
        Shape::Link(kind) | Shape::Links(kind) => id_of(kind),
        Shape::Pipeline => "sales".to_owned(),
        Shape::Stage => "proposal".to_owned(),
        Shape::Repeat => "2 weeks".to_owned(),
        Shape::Steps | Shape::Stages => return None,
    })
}

/// A record of that kind with every field that a user can fill in; its id.
fn full(world: &World, kind: &Kind) -> String {
    let title = kind.title.number();
    let mut words = vec![
        "touchbase".to_owned(),
        kind.name.to_owned(),
        "add".to_owned(),
    ];
    words.push(format!("A full {}", kind.name));
    words.extend(["--set".to_owned(), "deal size=big".to_owned()]);
    for field in kind.fields {
        if field.filled == Filled::ByUser && field.number != title {
            let text = sample(field.shape, world).expect("a field that a user fills in");
            words.extend([format!("--{}", field.name), text]);
        }
    }
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let ran = world.run(&words, "");
    assert_eq!(ran.code, 0, "{words:?}\n{}", ran.err);
    ran.out.trim().to_owned()
}

/// Checks data against the schema that the program prints.
struct Checked {
    schemas: boon::Schemas,
    index: boon::SchemaIndex,
}

impl Checked {
    fn of(world: &World, name: &str) -> Self {
        let ran = run(world, &format!("schema {name}"));
        assert_eq!(ran.code, 0, "{}", ran.err);
        Self::by(serde_json::from_str(&ran.out).expect("JSON"))
    }

    fn by(schema: Json) -> Self {
        let (mut schemas, mut compiler) = (boon::Schemas::new(), boon::Compiler::new());
        compiler.add_resource("schema.json", schema).expect("JSON");
        let index = compiler.compile("schema.json", &mut schemas);
        let index = index.expect("a schema");
        Self { schemas, index }
    }

    fn takes(&self, json: &Json) -> Result<(), String> {
        let checked = self.schemas.validate(json, self.index);
        checked.map_err(|error| format!("{json:#}\n{error:#}"))
    }
}

fn data(ran: &Ran) -> Json {
    assert_eq!(ran.code, 0, "{}", ran.err);
    let whole: Json = serde_json::from_str(&ran.out).expect("JSON");
    assert_eq!(whole["schema"], 1);
    whole["data"].clone()
}

#[test]
fn whatever_is_printed_as_json_is_what_its_schema_says() {
    let world = demo();
    for kind in visible_kinds() {
        let schema = Checked::of(&world, kind.name);
        let id = full(&world, kind);
        let shown = data(&run(&world, &format!("{} show {id} --json", kind.name)));
        assert_eq!(schema.takes(&shown), Ok(()));
        for field in kind
            .fields
            .iter()
            .filter(|field| field.filled == Filled::ByUser)
        {
            assert!(
                shown.get(field.name).is_some(),
                "{} {}",
                kind.name,
                field.name
            );
        }
        let derived = touchbase::domain::derived::of_kind(kind.name).map(|derived| derived.name);
        let fields = kind.fields.iter().map(|field| field.name);
        let columns: Vec<&str> = fields.chain(derived).chain(["custom.deal size"]).collect();
        let columns = columns.join(",");
        let list = [
            "touchbase",
            kind.name,
            "list",
            "--json",
            "--columns",
            &columns,
        ];
        let rows = data(&world.run(&list, ""));
        let rows = rows.as_array().expect("rows");
        assert!(rows.len() > 1, "{}", kind.name);
        for row in rows {
            assert_eq!(schema.takes(row), Ok(()), "{}", kind.name);
        }
        let mut broken = shown.clone();
        broken["revision"] = "first".into();
        assert!(schema.takes(&broken).is_err());
        let mut broken = rows[0].clone();
        broken[kind.fields[0].name] = serde_json::json!({ "a": 1 });
        assert!(schema.takes(&broken).is_err());
    }
    let change = Checked::of(&world, "change");
    for line in [
        "log birgit hello --json",
        "contact add New --json",
        "contact add New --json --dry-run",
        "undo --json",
        "redo --json",
    ] {
        let receipt = data(&run(&world, line));
        assert_eq!(change.takes(&receipt), Ok(()), "{line}");
        let mut broken = receipt;
        broken["change"] = "one".into();
        assert!(change.takes(&broken).is_err());
    }
    let settings = Checked::of(&world, "settings");
    let shown = data(&run(&world, "config show --json"));
    assert_eq!(settings.takes(&shown), Ok(()));
    assert!(
        settings
            .takes(&serde_json::json!({ "hook-time": "soon" }))
            .is_err()
    );
}

/// Checks every listing and some pages at these widths.
fn check_widths(widths: &[usize]) {
    let mut world = demo();
    world.terminal = true;
    let ids = data(&run(&world, "contact list 👩‍👩‍👧‍👦 --json=id"));
    let id = ids[0]["id"].as_str().expect("an id").to_owned();
    let pages = [
        format!("contact show {id}"),
        format!("score {id}"),
        "contact show birgit".into(),
    ];
    let raw = ["config", "schema contact", "export"];
    for &columns in widths {
        world.width = columns;
        for line in LISTINGS
            .iter()
            .copied()
            .chain(pages.iter().map(String::as_str))
        {
            let ran = run(&world, line);
            assert_eq!(ran.code, 0, "{line}: {}", ran.err);
            if raw.iter().any(|raw| line.starts_with(raw)) {
                continue;
            }
            for shown in ran.out.lines() {
                assert!(
                    !shown.contains(['\u{1b}', '\u{202E}', '\t']),
                    "{line}: {shown:?}"
                );
                // Below this a number is wider than all.
                let least = if columns < 40 { 40 } else { columns };
                assert!(width(shown) <= least, "{line} at {columns}: {shown}");
            }
        }
    }
}

#[test]
fn a_field_that_the_settings_declare_is_in_the_schema() {
    let world = World::new();
    let settings = "[[field]]\nkind = \"contact\"\nname = \"budget\"\ntype = \"money\"\n";
    std::fs::write(world.path().join("config.toml"), settings).expect("the settings");
    let config = world.path().join("config.toml").display().to_string();
    let run = |words: &[&str]| {
        let words = [&["touchbase", "--config", &config], words].concat();
        let ran = world.run(&words, "");
        assert_eq!(ran.code, 0, "{words:?}: {}", ran.err);
        ran
    };
    run(&[
        "contact",
        "add",
        "Ana",
        "--set",
        "budget=1200 EUR",
        "--set",
        "other=x",
    ]);
    let schema: Json = serde_json::from_str(&run(&["schema", "contact"]).out).expect("JSON");
    let schema = Checked::by(schema);
    let shown = data(&run(&["contact", "show", "ana", "--json"]));
    assert_eq!(shown["custom"]["budget"]["amount"], "1200.00");
    assert_eq!(schema.takes(&shown), Ok(()));
    let mut broken = shown;
    broken["custom"]["budget"] = 5.into();
    assert!(schema.takes(&broken).is_err());
    let rows = data(&run(&["contact", "list", "--json=name,budget"]));
    assert_eq!(schema.takes(&rows[0]), Ok(()));
    let rendered = run(&[
        "contact",
        "list",
        "--template",
        "{{ budget }} {{ custom.other }}",
    ]);
    assert_eq!(rendered.out, "1200.00 EUR x\n");
}

#[test]
fn nothing_is_wider_than_the_terminal_and_nothing_steers_it() {
    check_widths(&[40]);
}

#[test]
fn on_a_narrow_terminal_the_column_that_matters_is_there() {
    let mut world = demo();
    (world.terminal, world.width) = (true, 40);
    for (line, column, whole) in [
        ("contact list", "name", "Annika Weiß"),
        ("deal list", "title", "Booking system"),
        ("due eoy", "text", "Agree on scope"),
        ("next", "who", "Birgit Ährenfeld"),
        ("pipeline", "title", "Data migration"),
        ("history", "what", "added contact"),
        ("report pipeline", "value", "27,850 EUR"),
        ("find birgit", "what", "Birgit Ährenfeld"),
    ] {
        let ran = run(&world, line);
        let head = ran.out.lines().next().unwrap_or_default();
        assert!(head.contains(column), "{line}: {head}");
        assert!(
            ran.out.contains(whole) || line == "due eoy",
            "{line}:\n{}",
            ran.out
        );
    }
}

#[test]
fn cells_for_scripts_hold_no_tabs_lines_or_formulas() {
    let world = demo();
    let columns = "name,notes,email,state";
    let rows = run(
        &world,
        &format!("contact list --format tsv --columns {columns}"),
    )
    .out;
    assert!(rows.contains("tab and line"));
    for row in rows.lines() {
        assert_eq!(row.matches('\t').count(), 4, "{row:?}");
        assert!(!row.contains('\u{1b}'), "{row:?}");
    }
    let table = run(
        &world,
        &format!("contact list --format csv --columns {columns}"),
    )
    .out;
    let mut cells = 0;
    for row in csv::Reader::from_reader(table.as_bytes()).records() {
        for cell in &row.expect("a row of CSV") {
            assert!(!cell.starts_with(['=', '@', '\t']), "{cell}");
            cells += usize::from(cell == "'=cmd|'/c calc'!A1");
        }
    }
    assert_eq!(cells, 1, "{table}");
}

#[test]
fn colour_and_links_are_only_where_they_are_wanted() {
    let mut world = demo();
    world.vars.remove("NO_COLOR");
    world.terminal = true;
    let has = |world: &World, line: &str| {
        let ran = run(world, line);
        let text = format!("{}{}", ran.out, ran.err);
        (text.contains("\u{1b}["), text.contains("\u{1b}]8;;"))
    };
    let lines = [
        ("due", true),
        ("contact show birgit", true),
        ("contact list --frob", true),
        ("contact show nobody-of-this-name", true),
        ("contact --help", true),
    ];
    for (line, expect) in lines {
        assert_eq!(has(&world, line).0, expect, "{line}");
        assert!(!has(&world, &format!("{line} --color never")).0, "{line}");
        assert!(!has(&world, &format!("{line} --color=never")).0, "{line}");
        assert!(!has(&world, &format!("{line} --screen-reader")).0, "{line}");
    }
    for (variable, value) in [("NO_COLOR", "1"), ("TERM", "dumb")] {
        let old = world.vars.insert(variable.to_owned(), value.to_owned());
        for line in [
            "contact show birgit",
            "contact --help",
            "contact list --frob",
        ] {
            assert!(!has(&world, line).0, "{variable} {line}");
            assert!(has(&world, &format!("{line} --color always")).0, "{line}");
        }
        world.vars.remove(variable);
        world.vars.extend(old.map(|old| (variable.to_owned(), old)));
    }
    world.terminal = false;
    for (line, _) in lines {
        assert_eq!(has(&world, line), (false, false), "{line}");
    }
    world.terminal = true;
    let line = "contact list --columns name,email,phone";
    assert!(!has(&world, line).1);
    assert!(has(&world, &format!("{line} --hyperlinks always")).1);
    for (variable, value) in [
        ("VTE_VERSION", "7200"),
        ("TERM_PROGRAM", "WezTerm"),
        ("TERM", "xterm-kitty"),
        ("KONSOLE_VERSION", "220401"),
    ] {
        world.vars.insert(variable.to_owned(), value.to_owned());
        assert!(has(&world, line).1, "{variable}");
        assert!(has(&world, "contact show birgit").1, "{variable}");
        assert!(!has(&world, &format!("{line} --hyperlinks never")).1);
        assert!(!has(&world, &format!("{line} --screen-reader")).1);
        assert!(!has(&world, &format!("{line} --format csv")).1);
        world.vars.remove(variable);
    }
    world
        .vars
        .insert("VTE_VERSION".to_owned(), "4999".to_owned());
    assert!(!has(&world, line).1);
    let by_setting = ("TOUCHBASE_HYPERLINKS".to_owned(), "always".to_owned());
    world.vars.extend([by_setting]);
    assert!(has(&world, line).1);
}

#[test]
fn a_meaning_is_said_in_words_and_in_colour() {
    let mut world = demo();
    world.vars.remove("NO_COLOR");
    (world.terminal, world.width) = (true, 120);
    let due = run(&world, "due").out;
    let (red, yellow, green) = ("\u{1b}[31m", "\u{1b}[33m", "\u{1b}[32m");
    assert!(due.contains(&format!("{red}! ")), "{due}");
    assert!(due.contains(&format!("{yellow}today")), "{due}");
    let deals = run(&world, "deal list").out;
    assert!(deals.contains(&format!("{green}won")) && deals.contains(&format!("{red}lost")));
    let stale = run(&world, "deal list stale:yes --columns title,stale").out;
    assert!(stale.contains(&format!("{yellow}yes")), "{stale}");
}

#[test]
fn a_screen_reader_gets_a_name_with_each_value() {
    let mut world = demo();
    world.terminal = true;
    world
        .vars
        .insert("VTE_VERSION".to_owned(), "7200".to_owned());
    world
        .vars
        .insert("TOUCHBASE_SCREEN_READER".to_owned(), "true".to_owned());
    let ran = run(&world, "contact list birgit --columns name,lifecycle");
    assert!(ran.out.starts_with("1 of 1\nid: "), "{}", ran.out);
    assert!(
        ran.out.contains("\nname: Birgit Ährenfeld\nlifecycle: "),
        "{}",
        ran.out
    );
    let due = run(&world, "due").out;
    assert!(
        due.contains("due: overdue, ") && !due.contains("! "),
        "{due}"
    );
    let page = run(&world, "contact show birgit").out;
    assert!(
        page.contains("\nLifecycle: ") && !page.contains("  "),
        "{page}"
    );
    // Scripts get what they always get.
    world.terminal = false;
    let piped = run(&world, "contact list birgit --columns name").out;
    assert!(piped.ends_with("\tBirgit Ährenfeld\n"), "{piped}");
}

#[test]
fn templates_take_any_field_in_every_listing() {
    let world = demo();
    for (line, template) in [
        (
            "contact list",
            "{{ id }} {{ email }} {{ score }} {{ last_contact }} {{ custom.x }}",
        ),
        ("company list", "{{ name }} {{ domain }} {{ revision }}"),
        ("deal list", "{{ title }} {{ weighted }} {{ status }}"),
        ("activity list", "{{ at }} {{ contact }} {{ zones }}"),
        ("follow-up list", "{{ due }} {{ status }} {{ every }}"),
        ("due eoy", "{{ due }} {{ deal.name }} {{ created }}"),
        (
            "next",
            "{{ who }} {{ why[0].points }} {{ kind }} {{ lifecycle }}",
        ),
        ("pipeline", "{{ stage }} {{ stale }} {{ source }}"),
        ("pipeline --totals", "{{ stage }} {{ value.currency }}"),
        ("score", "{{ score }} {{ email[0].value }}"),
        ("find birgit", "{{ kind }} {{ what }} {{ tag }}"),
        ("history", "{{ change }} {{ what }} {{ undone_by }}"),
        ("report sources", "{{ source }}"),
        (
            "contact show birgit",
            "{{ name }} {{ score }} {{ state }} {{ birthday }}",
        ),
        ("score birgit", "{{ name }} {{ reasons|length }}"),
        ("history --change 1", "{{ what }} {{ more_records }}"),
        ("config path", "{{ settings }}"),
        ("contact add Somebody", "{{ change }} {{ records[0].id }}"),
    ] {
        let words = ["touchbase"].into_iter().chain(line.split(' '));
        let words: Vec<&str> = words.chain(["--template", template]).collect();
        let ran = world.run(&words, "");
        assert_eq!(ran.code, 0, "{line}: {}", ran.err);
        assert!(
            ran.out.lines().all(|line| !line.trim().is_empty()) && !ran.out.is_empty(),
            "{line}: {:?}",
            ran.out
        );
        let wrong = ["--template", "{{ no_such_name_at_all }}"];
        let words = ["touchbase"].into_iter().chain(line.split(' '));
        let before = run(&world, "history --limit 1").out;
        let ran = world.run(&words.chain(wrong).collect::<Vec<_>>(), "");
        assert_eq!((ran.code, ran.out.as_str()), (5, ""), "{line}: {}", ran.err);
        assert!(
            ran.err.contains("`no_such_name_at_all`"),
            "{line}: {}",
            ran.err
        );
        assert_eq!(
            run(&world, "history --limit 1").out,
            before,
            "{line} changed something"
        );
    }
}

mod slow {
    #[test]
    fn nothing_is_wider_than_any_terminal() {
        if std::env::var_os("TOUCHBASE_SLOW").is_none() {
            println!("skipped: set TOUCHBASE_SLOW=1");
            return;
        }
        super::check_widths(&[12, 25, 57, 80, 100, 120, 200]);
    }
}
