//! The rules of the code that no compiler enforces: layers, lists, sizes, names.
//!
//! Each rule reads the sources as text and names every line that offends, as `file:line: why`.

mod source;

use source::{Source, sources};
use std::collections::BTreeSet;

/// No file is longer, its tests included.
const MOST_LINES: usize = 600;

/// Each layer with those that it may name. A layer may always name itself.
const LAYERS: &[(&str, &[&str])] = &[
    ("error", &[]),
    ("domain", &[]),
    ("scoring", &["domain"]),
    ("reports", &["domain"]),
    ("formats", &["domain"]),
    ("store", &["domain"]),
    (
        "services",
        &["store", "formats", "scoring", "reports", "domain", "error"],
    ),
    (
        "cli",
        &[
            "services", "domain", "error", "scoring", "reports", "formats", "store",
        ],
    ),
    (
        "tui",
        &["services", "domain", "error", "scoring", "reports"],
    ),
    (
        "app",
        &[
            "cli", "tui", "services", "store", "formats", "scoring", "reports", "domain", "error",
        ],
    ),
    ("main", &["app"]),
    ("lib", &[]),
];

/// What a whole layer may name but only parts of it should: the layer, what it names, where.
const NARROWER: &[(&str, &str, &[&str])] = &[
    (
        "cli",
        "formats",
        // A report of refused rows is a CSV; a file is named after its format.
        &[
            "src/cli/output.rs",
            "src/cli/commands/import.rs",
            "src/cli/commands/export.rs",
            // Names of formats are completed.
            "src/cli/completion/values.rs",
        ],
    ),
    ("tui", "services::desk", &["src/tui/runner.rs"]),
    ("tui", "services::perform", &["src/tui/runner.rs"]),
    ("tui", "services::hooks", &["src/tui/runner.rs"]),
    ("cli", "store::sled", &[]),
    ("cli", "store::memory", &[]),
    ("cli", "store::keys", &[]),
    ("cli", "store::codec", &[]),
];

/// Folders of extension points, and what each of their files declares.
const LISTS: &[(&str, &str)] = &[
    ("src/cli/commands", "COMMAND"),
    ("src/tui/views", "VIEW"),
    ("src/formats", "FORMAT"),
    ("src/reports", "REPORT"),
    ("src/domain", "KIND"),
];

/// Where the clock, the environment and files are out of reach.
const PURE: &[&str] = &[
    "src/domain/",
    "src/scoring/",
    "src/reports/",
    "src/formats/",
    "src/tui/",
];
/// Those in the folders above that do the work for the others.
const IMPURE: &[&str] = &["src/tui/runner.rs", "src/tui/term.rs"];
const IMPURITIES: &[&str] = &[
    "Utc::now",
    "Local::now",
    "Instant::now",
    "SystemTime",
    "std::env",
    "std::fs",
    "std::net",
    "std::process",
    "std::thread",
    "env::var",
    "fs::read",
    "fs::write",
    "File::open",
    "File::create",
];

/// Who may print, and by what.
const PRINTERS: &[&str] = &[
    "src/cli/output.rs",
    "src/app/host.rs",
    "src/app/panics.rs",
    "src/tui/",
];
const PRINTING: &[&str] = &[
    "println!",
    "eprintln!",
    "print!(",
    "eprint!(",
    "dbg!(",
    "io::stdout",
    "io::stderr",
];

/// Who works on every kind alike and names none. In `tui` also every form and list.
const GENERIC: &[&str] = &["src/store/", "src/cli/generic", "src/formats/csv"];

/// The paths below the crate that a line names: `domain::record` of `crate::domain::record::…`.
fn crate_paths(line: &str) -> Vec<String> {
    let mut paths = Vec::new();
    for (at, _) in line.match_indices("crate::") {
        let rest = &line[at + "crate::".len()..];
        if let Some(group) = rest.strip_prefix('{') {
            let group = group.split('}').next().unwrap_or("");
            paths.extend(group.split(',').map(|name| name.trim().to_owned()));
        } else {
            let end = rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | ':')));
            let mut path = rest[..end.unwrap_or(rest.len())].to_owned();
            if let Some(group) = rest[path.len()..].strip_prefix('{') {
                let names = group.split('}').next().unwrap_or("").split(',');
                let whole: Vec<_> = names.map(|name| format!("{path}{}", name.trim())).collect();
                paths.extend(whole);
            }
            path = path.trim_end_matches(':').to_owned();
            paths.push(path);
        }
    }
    paths.retain(|path| !path.is_empty());
    paths
}

fn layers(sources: &[Source]) -> Vec<String> {
    let mut offences = Vec::new();
    for source in sources {
        let Some(layer) = source.layer() else {
            continue;
        };
        let Some((_, allowed)) = LAYERS.iter().find(|(name, _)| *name == layer) else {
            offences.push(source.offence(1, "belongs to no layer: add it to LAYERS"));
            continue;
        };
        for (number, line) in source.lines() {
            let own = if layer == "main" {
                line.replace("touchbase::", "crate::")
            } else {
                line.to_owned()
            };
            for path in crate_paths(&own) {
                let named = path.split("::").next().unwrap_or("");
                let is_layer = LAYERS.iter().any(|(name, _)| *name == named);
                if is_layer && named != layer && !allowed.contains(&named) {
                    offences.push(source.offence(number, &format!("{layer} names {named}")));
                }
                for (_, what, places) in NARROWER.iter().filter(|(whole, ..)| *whole == layer) {
                    let names_it = path == *what || path.starts_with(&format!("{what}::"));
                    if names_it && !places.contains(&source.path.as_str()) {
                        offences.push(source.offence(number, &format!("names {what}")));
                    }
                }
            }
            let supers = line.matches("super::").count();
            let chain = "super::".repeat(source.depth());
            if supers >= source.depth() && line.contains(&chain) {
                offences.push(source.offence(number, "leaves its layer by `super`"));
            }
        }
    }
    offences
}

fn lists(sources: &[Source]) -> Vec<String> {
    let mut offences = Vec::new();
    for (folder, constant) in LISTS {
        let list = format!("{folder}/mod.rs");
        let Some(list) = sources.iter().find(|source| source.path == list) else {
            continue;
        };
        for source in sources {
            let Some(inside) = source.path.strip_prefix(&format!("{folder}/")) else {
                continue;
            };
            let module = inside.trim_end_matches(".rs").trim_end_matches("/mod");
            if module == "mod" || module.contains('/') {
                continue;
            }
            let declares = |line: &str| {
                ["const", "static"]
                    .iter()
                    .any(|word| line.contains(&format!("{word} {constant}: ")))
            };
            let Some((number, _)) = source.lines().find(|(_, line)| declares(line)) else {
                continue;
            };
            let entry = format!("{module}::{constant}");
            if !list.lines().any(|(_, line)| line.contains(&entry)) {
                offences.push(source.offence(number, &format!("{} lacks {entry}", list.path)));
            }
        }
    }
    offences
}

fn shape(sources: &[Source]) -> Vec<String> {
    let mut offences = Vec::new();
    for source in sources {
        if source.raw.len() > MOST_LINES {
            offences
                .push(source.offence(source.raw.len(), &format!("longer than {MOST_LINES} lines")));
        }
        if !source
            .raw
            .first()
            .is_some_and(|line| line.starts_with("//! "))
        {
            offences.push(source.offence(1, "does not open with `//!`"));
        }
        if matches!(
            source.stem(),
            "utils" | "util" | "helpers" | "helper" | "common" | "misc"
        ) {
            offences.push(source.offence(1, "says nothing by its name"));
        }
        for (index, line) in source.raw.iter().enumerate() {
            let marks = [["TO", "DO"].concat(), ["FIX", "ME"].concat()];
            let numbered = line.contains("(#") || line.contains(" #");
            if marks.iter().any(|mark| line.contains(mark)) && !numbered {
                offences.push(source.offence(index + 1, "left to do without an issue's number"));
            }
        }
    }
    offences
}

fn sled(sources: &[Source]) -> Vec<String> {
    let mut offences = Vec::new();
    for source in sources.iter().filter(|source| source.layer().is_some()) {
        for (number, line) in source.lines() {
            let allowed = match source.path.as_str() {
                "src/store/sled.rs" => true,
                "src/store/mod.rs" => line.trim() == "pub mod sled;",
                "src/store/disk.rs" | "src/store/rebuild.rs" => {
                    line.trim() == "use super::sled::SledTree;"
                }
                _ => false,
            };
            let names_it = line.contains("sled::") || line.contains("mod sled");
            if names_it && !allowed {
                offences.push(source.offence(number, "names sled"));
            }
        }
    }
    offences
}

fn printing(sources: &[Source]) -> Vec<String> {
    found(sources, PRINTING, "prints by", |source| {
        source.layer().is_some() && !source.is_any_of(PRINTERS)
    })
}

fn purity(sources: &[Source]) -> Vec<String> {
    found(sources, IMPURITIES, "reaches for", |source| {
        source.is_any_of(PURE) && !source.is_any_of(IMPURE)
    })
}

fn floats_of_money(sources: &[Source]) -> Vec<String> {
    found(sources, &["f64", "f32"], "counts money in", |source| {
        source.path.contains("money")
    })
}

fn found(
    sources: &[Source],
    words: &[&str],
    why: &str,
    is_bound: impl Fn(&Source) -> bool,
) -> Vec<String> {
    let mut offences = Vec::new();
    for source in sources.iter().filter(|source| is_bound(source)) {
        for (number, line) in source.lines() {
            if let Some(word) = words.iter().find(|word| line.contains(**word)) {
                offences.push(source.offence(number, &format!("{why} `{word}`")));
            }
        }
    }
    offences
}

fn changes(sources: &[Source]) -> Vec<String> {
    let mut offences = Vec::new();
    for source in sources {
        if !matches!(source.layer(), Some(layer) if layer != "services") {
            continue;
        }
        for (number, line) in source.lines() {
            let Some((before, _)) = line.split_once("ChangeSet {") else {
                continue;
            };
            let declares = ["struct ", "let ", "-> ", "impl "]
                .iter()
                .any(|word| before.ends_with(word));
            if !declares {
                offences.push(source.offence(number, "builds a ChangeSet"));
            }
        }
    }
    offences
}

fn kinds_by_name(sources: &[Source]) -> Vec<String> {
    let mut offences = Vec::new();
    let is_generic = |source: &Source| {
        source.is_any_of(GENERIC)
            || source.is_any_of(&["src/tui/"])
                && (source.stem().contains("form") || source.stem().contains("list"))
    };
    for source in sources.iter().filter(|source| is_generic(source)) {
        for (number, line) in source.lines() {
            for kind in touchbase::domain::KINDS {
                let literals = [format!("\"{}\"", kind.name), format!("\"{}\"", kind.plural)];
                let module = kind.name.replace('-', "_");
                let paths = [format!("{module}::KIND"), format!("domain::{module}")];
                if literals
                    .iter()
                    .chain(&paths)
                    .any(|name| line.contains(name))
                {
                    offences.push(source.offence(number, &format!("names the kind {}", kind.name)));
                }
            }
        }
    }
    offences
}

type Rule = fn(&[Source]) -> Vec<String>;

fn check(rule: Rule) {
    let offences: BTreeSet<String> = rule(&sources()).into_iter().collect();
    let listed: Vec<String> = offences.into_iter().collect();
    assert!(listed.is_empty(), "\n{}\n", listed.join("\n"));
}

#[test]
fn layers_name_only_what_they_may() {
    check(layers);
}

#[test]
fn every_extension_is_in_its_list() {
    check(lists);
}

#[test]
fn files_are_short_named_and_introduced() {
    check(shape);
}

#[test]
fn sled_is_named_in_one_file() {
    check(sled);
}

#[test]
fn only_printers_print() {
    check(printing);
}

#[test]
fn pure_layers_reach_for_nothing() {
    check(purity);
}

#[test]
fn money_is_never_a_float() {
    check(floats_of_money);
}

#[test]
fn only_services_build_changes() {
    check(changes);
}

#[test]
fn generic_code_names_no_kind() {
    check(kinds_by_name);
}

#[test]
fn every_rule_sees_an_offence_and_lets_the_rest_pass() {
    let rows: &[(Rule, &str, &str, bool)] = &[
        (layers, "src/domain/id.rs", "use crate::store::Store;", true),
        (
            layers,
            "src/tui/model.rs",
            "use crate::{domain, store};",
            true,
        ),
        (
            layers,
            "src/tui/update.rs",
            "crate::services::desk::Desk",
            true,
        ),
        (
            layers,
            "src/tui/runner.rs",
            "crate::services::desk::Desk",
            false,
        ),
        (
            layers,
            "src/cli/generic.rs",
            "use crate::formats::{csv, jsonl};",
            true,
        ),
        (
            layers,
            "src/cli/table.rs",
            "crate::store::{sled, folder}",
            true,
        ),
        (
            layers,
            "src/scoring/rules/touch.rs",
            "use super::super::super::store;",
            true,
        ),
        (
            layers,
            "src/scoring/rules/touch.rs",
            "use super::super::Facts;",
            false,
        ),
        (
            layers,
            "src/scoring/mod.rs",
            "use crate::domain::id; // crate::tui",
            false,
        ),
        (layers, "src/main.rs", "use touchbase::store;", true),
        (layers, "src/other.rs", "", true),
        (shape, "src/domain/common.rs", "//! Words.", true),
        (shape, "src/domain/words.rs", "use std::fmt;", true),
        (
            shape,
            "src/domain/words.rs",
            &"//! Words.\n".repeat(601),
            true,
        ),
        (
            shape,
            "src/domain/words.rs",
            &"//! Words.\n".repeat(600),
            false,
        ),
        (
            shape,
            "src/domain/words.rs",
            concat!("//! Words.\n// TO", "DO later"),
            true,
        ),
        (
            shape,
            "src/domain/words.rs",
            concat!("//! W.\n// TO", "DO (#12) it"),
            false,
        ),
        (
            sled,
            "src/store/session.rs",
            "use super::sled::SledTree;",
            true,
        ),
        (
            sled,
            "src/store/disk.rs",
            "use super::sled::SledTree;",
            false,
        ),
        (printing, "src/services/due.rs", "println!(\"due\");", true),
        (
            printing,
            "src/services/due.rs",
            "writeln!(out)?; // println!",
            false,
        ),
        (printing, "src/cli/output.rs", "println!(\"due\");", false),
        (
            purity,
            "src/reports/funnel.rs",
            "let now = Utc::now();",
            true,
        ),
        (purity, "src/tui/update.rs", "std::fs::read(path)", true),
        (purity, "src/tui/runner.rs", "Instant::now()", false),
        (
            floats_of_money,
            "src/domain/values/money.rs",
            "let x: f64",
            true,
        ),
        (changes, "src/cli/work.rs", "let change = ChangeSet {", true),
        (
            changes,
            "src/store/session.rs",
            "let ChangeSet { at, .. } = change;",
            false,
        ),
        (
            kinds_by_name,
            "src/cli/generic.rs",
            "if kind.name == \"deal\" {",
            true,
        ),
        (
            kinds_by_name,
            "src/tui/popups/form.rs",
            "\"contacts\"",
            true,
        ),
        (kinds_by_name, "src/tui/views/deals.rs", "\"deals\"", false),
    ];
    for (rule, path, text, offends) in rows {
        let offences = rule(&[Source::new(path, text)]);
        assert_eq!(
            !offences.is_empty(),
            *offends,
            "{path}: {text}: {offences:?}"
        );
    }
    let list = Source::new("src/formats/mod.rs", "&[&csv::FORMAT]");
    let listed = Source::new("src/formats/csv.rs", "pub const FORMAT: Format = Format {");
    let forgotten = Source::new("src/formats/ics/mod.rs", "pub const FORMAT: Format = x;");
    let offences = lists(&[list, listed, forgotten]);
    assert_eq!(
        offences,
        ["src/formats/ics/mod.rs:1: src/formats/mod.rs lacks ics::FORMAT"]
    );
}
