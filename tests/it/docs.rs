//! The documentation is true: its examples run as shown, its links lead somewhere, and the
//! command reference and the list of keys are what the program says of itself.
//!
//! In the files of [`EXAMPLES`], a block fenced as `console` is a piece of a session on demo
//! data, seen on a terminal of 100 columns; one fenced as `toml` is the settings file from there
//! on; a block fenced as `sh` is not run, but its
//! `touchbase` lines must be understood. `TOUCHBASE_BLESS=1` writes what came out into the
//! files; read the difference before keeping it.

use crate::golden::{Step, difference, replay};
use crate::world::{Ran, World, split};
use clap::{Arg, Command};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use touchbase::tui::actions::all_actions;
use touchbase::tui::keymap::Keymap;

/// The files whose examples run.
const EXAMPLES: [&str; 2] = ["README.md", "docs/guide.md"];

/// The file that the guide imports.
const PEOPLE: &str = "docs/examples/people.csv";

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn read(name: &str) -> String {
    std::fs::read_to_string(root().join(name)).unwrap_or_default()
}

fn is_blessed() -> bool {
    std::env::var_os("TOUCHBASE_BLESS").is_some()
}

/// Compares a file with what it should say, or rewrites it.
fn check_file(name: &str, wanted: &str) {
    if is_blessed() {
        std::fs::write(root().join(name), wanted).expect("the file can be written");
    } else if let Some(difference) = difference(&read(name), wanted) {
        panic!("{name} is stale, run `TOUCHBASE_BLESS=1 cargo test docs`; {difference}");
    }
}

/// A world whose store holds the demo data.
fn demo() -> World {
    let mut world = World::new();
    let folder = world.data().to_string_lossy().into_owned();
    let made = world.run(&["touchbase", "demo", "--dir", &folder], "");
    assert_eq!(made.code, 0, "{}", made.err);
    world.skip_ids(10_000);
    (world.terminal, world.width) = (true, 100);
    // In this process examples run in the project's folder, in the program in the world's.
    let examples = world.path().join("docs/examples");
    std::fs::create_dir_all(&examples).expect("a folder");
    std::fs::copy(root().join(PEOPLE), world.path().join(PEOPLE)).expect("the file to import");
    world
}

/// A session as a terminal shows it.
fn show(made: &mut String, ran: &Ran) {
    for line in ran.out.lines().chain(ran.err.lines()) {
        writeln!(made, "{}", line.trim_end()).unwrap();
    }
    if ran.code != 0 {
        writeln!(made, "? {}", ran.code).unwrap();
    }
}

#[test]
fn examples_run_as_shown() {
    for name in EXAMPLES {
        let mut world = demo();
        let text = read(name);
        let run = |step: Step<'_>| match step {
            Step::Command(line, _) => Step::Command(line, true).take(&mut world, true),
            settings @ Step::Settings(_) => settings.take(&mut world, true),
        };
        let got = replay(&text, run, show);
        assert!(got.contains("$ touchbase"), "{name} has no examples");
        check_file(name, &got);
    }
}

/// The commands of the blocks with that fence, with the exit code shown behind each.
fn commands(text: &str, fence: &str) -> Vec<(String, u8)> {
    let mut found: Vec<(String, u8)> = Vec::new();
    let mut inside = false;
    for line in text.lines() {
        if let Some(info) = line.strip_prefix("```") {
            inside = info == fence;
        } else if let Some(command) = line.strip_prefix("$ ").filter(|_| inside) {
            found.push((command.to_owned(), 0));
        } else if let Some(code) = line.strip_prefix("? ").filter(|_| inside) {
            let last = found.last_mut().expect("a command before its code");
            last.1 = code.parse().expect("an exit code");
        } else if inside && line.starts_with("touchbase") {
            found.push((line.to_owned(), 0));
        }
    }
    found
}

#[test]
fn examples_end_with_the_same_code_in_the_program() {
    for name in EXAMPLES {
        let mut world = demo();
        let text = read(name);
        let mut codes = commands(&text, "console").into_iter();
        let run = |step: Step<'_>| {
            let is_command = matches!(step, Step::Command(..));
            let ran = step.take(&mut world, false);
            if is_command {
                let (line, code) = codes.next().expect("a command of the file");
                assert_eq!(ran.code, code, "{name}: {line}\n{}", ran.err);
            }
            ran
        };
        replay(&text, run, show);
        assert_eq!(codes.next(), None, "{name}");
    }
}

#[test]
fn examples_for_the_shell_are_understood() {
    let mut seen = 0;
    for name in EXAMPLES {
        for (line, _) in commands(&read(name), "sh") {
            let line = line.split(" #").next().unwrap_or_default();
            let line = line.split(" | ").next().unwrap_or_default();
            let line = line.split(" > ").next().unwrap_or_default();
            let answer = touchbase::cli::command().try_get_matches_from(split(line));
            assert!(answer.is_ok(), "{name}: {line}\n{}", answer.unwrap_err());
            seen += 1;
        }
    }
    assert!(seen > 0, "no examples were found");
}

/// What stands in backticks in the first cell of each row below a table's head.
fn first_cells(text: &str, head: &str) -> Vec<String> {
    let rows = text
        .lines()
        .skip_while(|line| !line.starts_with(head))
        .skip(2);
    let cells = rows.map_while(|row| row.strip_prefix("| ")?.split(" | ").next());
    let coded = cells.flat_map(|cell| cell.split('`').skip(1).step_by(2));
    coded.map(str::to_owned).collect()
}

#[test]
fn queries_of_the_guide_are_understood() {
    let queries = first_cells(&read("docs/guide.md"), "| query |");
    assert!(!queries.is_empty(), "the guide has no table of queries");
    let world = demo();
    for query in queries {
        let fits = |kind: &&str| {
            world
                .run(&["touchbase", kind, "list", "--", &query], "")
                .code
                == 0
        };
        assert!(["contact", "deal", "follow-up"].iter().any(fits), "{query}");
    }
}

#[test]
fn settings_of_the_guide_make_sense() {
    let text = read("docs/guide.md");
    let (_, rest) = text
        .split_once("```toml\n")
        .expect("an example of settings");
    let world = demo();
    let file = world.path().join("example.toml");
    std::fs::write(&file, rest.split("```").next().unwrap_or_default()).expect("written");
    let file = file.to_string_lossy();
    let ran = world.run(&["touchbase", "--config", &file, "config", "check"], "");
    assert_eq!(ran.code, 0, "{}", ran.err);
}

/// Every Markdown file of the project.
fn pages() -> Vec<PathBuf> {
    let mut found = vec![root().join("README.md")];
    let mut folders = vec![root().join("docs")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "md") {
                found.push(path);
            }
        }
    }
    found
}

#[test]
fn links_lead_to_files() {
    let mut seen = 0;
    for page in pages() {
        let text = std::fs::read_to_string(&page).expect("a page");
        let folder = page.parent().unwrap_or(Path::new("."));
        for rest in text.split("](").skip(1) {
            let target = rest.split(')').next().unwrap_or_default();
            let file = target.split('#').next().unwrap_or_default();
            if file.is_empty() || target.contains("://") {
                continue;
            }
            let place = page.display();
            assert!(
                folder.join(file).exists(),
                "{place}: {target} leads nowhere"
            );
            seen += 1;
        }
    }
    assert!(seen > 0, "no links were found");
}

#[test]
fn the_command_reference_is_what_the_program_says() {
    let mut root = touchbase::cli::command();
    root.build();
    let mut page = String::from(
        "# Commands\n\nGenerated from the program; `touchbase COMMAND --help` says the same.\n",
    );
    writeln!(page, "\n## Everywhere\n\nThese work with every command.\n").unwrap();
    for argument in root
        .get_arguments()
        .filter(|argument| is_global(argument) && !argument.is_hide_set())
    {
        describe(&mut page, argument);
    }
    for command in root.get_subcommands() {
        reference(&mut page, command, "touchbase");
    }
    check_file("docs/cli-reference.md", &page);
}

fn is_global(argument: &Arg) -> bool {
    argument.get_help_heading() == Some("Everywhere")
}

/// A command and those under it.
fn reference(page: &mut String, command: &Command, above: &str) {
    let name = format!("{above} {}", command.get_name());
    let level = if above.contains(' ') { "###" } else { "##" };
    let about = command.get_about().map(ToString::to_string);
    writeln!(page, "\n{level} {name}\n\n{}.", about.unwrap_or_default()).unwrap();
    let aliases: Vec<_> = command.get_visible_aliases().collect();
    if !aliases.is_empty() {
        writeln!(page, "Also: `{}`.", aliases.join("`, `")).unwrap();
    }
    if !command.has_subcommands() {
        let usage = command.clone().render_usage().to_string();
        let usage = usage.trim_start_matches("Usage: ").trim();
        writeln!(page, "\n```text\n{usage}\n```\n").unwrap();
    }
    let own = command.get_arguments().filter(|one| !is_global(one));
    for argument in own.filter(|one| one.get_id() != "help") {
        describe(page, argument);
    }
    if let Some(more) = command.get_after_help() {
        writeln!(page, "\n```text\n{}\n```", more.to_string().trim_end()).unwrap();
    }
    for command in command.get_subcommands() {
        reference(page, command, &name);
    }
}

/// An argument on a line.
fn describe(page: &mut String, argument: &Arg) {
    let short = argument.get_short().filter(|_| !argument.is_positional());
    let short = short
        .map(|letter| format!("-{letter}, "))
        .unwrap_or_default();
    let help = argument.get_help().map(ToString::to_string);
    write!(page, "- `{short}{argument}`: {}", help.unwrap_or_default()).unwrap();
    let values = argument.get_default_values();
    let takes_value = argument.get_action().takes_values();
    if let Some(value) = values
        .first()
        .filter(|value| takes_value && !value.is_empty())
    {
        write!(page, " [default: {}]", value.to_string_lossy()).unwrap();
    }
    page.push('\n');
}

#[test]
fn the_list_of_keys_is_what_the_screen_says() {
    let keymap = Keymap::default();
    let mut page = String::from(
        "# Keys\n\nGenerated from the program; `?` on the screen and `touchbase keys` say the \
         same. An action without keys is run by its name, after `:`.\n",
    );
    let mut scopes: Vec<&str> = Vec::new();
    for action in all_actions() {
        if !scopes.contains(&action.scope.title()) {
            scopes.push(action.scope.title());
        }
    }
    for scope in scopes {
        writeln!(page, "\n## {scope}\n\n| keys | action | |\n|---|---|---|").unwrap();
        for action in all_actions().filter(|action| action.scope.title() == scope) {
            let name = match action.argument {
                "" => action.name.to_owned(),
                argument => format!("{} {argument}", action.name),
            };
            let row = [keymap.all_keys_of(action), name, action.help.to_owned()];
            let row = row.map(|cell| cell.replace('|', "\\|"));
            writeln!(page, "| {} |", row.join(" | ")).unwrap();
        }
    }
    check_file("docs/keys.md", &page);
}
