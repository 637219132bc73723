//! Session files: commands with their output and exit code, as documentation that is checked.
//!
//! In `tests/golden/<area>/*.md` each block fenced as `console` is a piece of one session:
//!
//! - `$ touchbase …` is a command; `$ touchbase … < text` gives it a line of standard input,
//!   `$ touchbase … < @tests/golden/mail/quote.eml` a file of the project
//! - lines that follow are its standard output, those after `! ` its standard error
//! - `? 3` is its exit code, when it is not 0
//!
//! A block fenced as `toml` is the settings file from there on, and `~` in an output the home. A
//! block fenced as `console tty` runs as on a terminal of 80 columns. Every file is run in this
//! process and again with the real program, there without regard to ids.
//! `TOUCHBASE_BLESS=1` writes what came out into the files; read the difference before keeping it.

use crate::world::{Ran, World, split};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

const LETTERS_OF_IDS: &str = "0123456789abcdfghjklmnpqrstvwxyz";

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder)
        .expect("the session files")
        .flatten()
    {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|ending| ending == "md") {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// What a session file asks for.
pub(crate) enum Step<'a> {
    /// A command, and whether it runs as on a terminal.
    Command(&'a str, bool),
    /// The settings from here on.
    Settings(String),
}

impl Step<'_> {
    /// Does it in a world: a command in this process, or with the real program.
    pub(crate) fn take(self, world: &mut World, in_process: bool) -> Ran {
        let home = world.path().display().to_string();
        let ran = self.done(world, in_process);
        Ran {
            out: ran.out.replace(&home, "~"),
            err: ran.err.replace(&home, "~"),
            ..ran
        }
    }

    fn done(self, world: &mut World, in_process: bool) -> Ran {
        match self {
            Self::Settings(text) => {
                world.set_settings(&text);
                Ran::default()
            }
            Self::Command(command, tty) => {
                let (words, input) = parts(command);
                let words: Vec<&str> = words.iter().map(String::as_str).collect();
                if in_process {
                    world.terminal = tty;
                    world.run(&words, &input)
                } else {
                    world.run_program(&words, &input)
                }
            }
        }
    }
}

/// The text of a session file with the outputs that `run` gives, as `show` writes them.
pub(crate) fn replay(
    text: &str,
    mut run: impl FnMut(Step<'_>) -> Ran,
    show: fn(&mut String, &Ran),
) -> String {
    let mut made = String::new();
    let mut block: Option<bool> = None;
    let mut settings: Option<String> = None;
    for line in text.lines() {
        if let Some(mut written) = settings.take() {
            if line == "```" {
                run(Step::Settings(written));
            } else {
                writeln!(written, "{line}").unwrap();
                settings = Some(written);
            }
            writeln!(made, "{line}").unwrap();
            continue;
        }
        match block {
            None => {
                if let Some(info) = line.strip_prefix("```console") {
                    block = Some(info.trim() == "tty");
                }
                settings = (line == "```toml").then(String::new);
                writeln!(made, "{line}").unwrap();
            }
            Some(_) if line == "```" => {
                block = None;
                writeln!(made, "{line}").unwrap();
            }
            Some(tty) => {
                if let Some(command) = line.strip_prefix("$ ") {
                    writeln!(made, "{line}").unwrap();
                    show(&mut made, &run(Step::Command(command, tty)));
                }
            }
        }
    }
    made
}

fn show(made: &mut String, ran: &Ran) {
    if ran.code != 0 {
        writeln!(made, "? {}", ran.code).unwrap();
    }
    for line in ran.out.lines() {
        writeln!(made, "{line}").unwrap();
    }
    for line in ran.err.lines() {
        writeln!(made, "{}", format!("! {line}").trim_end()).unwrap();
    }
}

/// Ids differ from run to run; what looks like one is masked, and so is its padding.
fn without_ids(text: &str) -> String {
    let is_id = |word: &&str| {
        (4..=26).contains(&word.len()) && word.chars().all(|c| LETTERS_OF_IDS.contains(c))
    };
    let mask = |word: &str| {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        if is_id(&bare) {
            word.replace(bare, "id")
        } else {
            word.to_owned()
        }
    };
    let line = |line: &str| {
        line.split_whitespace()
            .map(mask)
            .collect::<Vec<_>>()
            .join(" ")
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

/// The words of a command, and its standard input.
pub(crate) fn parts(command: &str) -> (Vec<String>, String) {
    match command.split_once(" < ") {
        Some((command, file)) if file.starts_with('@') => {
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(&file[1..]);
            let text = std::fs::read_to_string(path).expect(file);
            (split(command), text)
        }
        Some((command, input)) => (split(command), format!("{}\n", input.replace("\\n", "\n"))),
        None => (split(command), String::new()),
    }
}

/// The first line that differs, with its number.
pub(crate) fn difference(expected: &str, got: &str) -> Option<String> {
    let lines = expected.lines().zip(got.lines()).enumerate();
    let first = lines.into_iter().find(|(_, (one, other))| one != other);
    match first {
        Some((index, (one, other))) => Some(format!(
            "line {}:\n  expected {one}\n  got      {other}",
            index + 1
        )),
        None if expected.lines().count() == got.lines().count() => None,
        None => {
            let shared = expected.lines().count().min(got.lines().count());
            let rest = |text: &str| text.lines().nth(shared).unwrap_or("(end)").to_owned();
            let (one, other) = (rest(expected), rest(got));
            Some(format!(
                "line {}:\n  expected {one}\n  got      {other}",
                shared + 1
            ))
        }
    }
}

#[test]
fn sessions_in_process_are_as_written() {
    let mut wrong = Vec::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let files = files(&root);
    assert!(!files.is_empty(), "there are no session files");
    for file in files {
        let text = std::fs::read_to_string(&file).expect("a session file");
        let mut world = World::new();
        let got = replay(&text, |step| step.take(&mut world, true), show);
        if std::env::var_os("TOUCHBASE_BLESS").is_some() {
            std::fs::write(&file, &got).expect("the session file can be written");
        } else if let Some(difference) = difference(&text, &got) {
            wrong.push(format!("{}, {difference}", file.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn sessions_with_the_program_are_as_written() {
    let mut wrong = Vec::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    for file in files(&root) {
        let text = std::fs::read_to_string(&file).expect("a session file");
        // What a terminal sees is tested in process and in a pseudo-terminal.
        if text.contains("```console tty") {
            continue;
        }
        let mut world = World::new();
        let got = replay(&text, |step| step.take(&mut world, false), show);
        if let Some(difference) = difference(&without_ids(&text), &without_ids(&got)) {
            wrong.push(format!("{}, {difference}", file.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
