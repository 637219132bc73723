//! The pager: a real terminal, and a program in its place that says when it is run.

use crate::terminal::Terminal;
use crate::world::World;
use std::time::{Duration, Instant};

/// How long the pager may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// A pager that says what it was given, and how `less` is to behave.
const TELLS: &str = "sh -c 'lines=$(wc -l); echo \"paged $lines lines with LESS=$LESS.\"'";

fn world(pager: &str) -> World {
    let mut world = World::new();
    for number in 1..=30 {
        let name = format!("Contact {number:02}");
        let ran = world.run(&["touchbase", "contact", "add", &name], "");
        assert_eq!(ran.code, 0, "{}", ran.err);
    }
    let path = std::env::var("PATH").unwrap_or_default();
    world.vars.extend([
        ("PATH".to_owned(), path),
        ("PAGER".to_owned(), pager.to_owned()),
    ]);
    world
}

/// What a terminal shows once the command has ended well.
fn seen(world: &World, words: &[&str], rows: u16) -> String {
    let mut terminal = Terminal::open(world, words, (60, rows));
    assert_eq!(terminal.end(), 0);
    // The reader may still be behind the program's last words.
    terminal.wait("the output", |screen| {
        screen.contains("Contact 30") || screen.contains(".")
    });
    terminal.text()
}

#[test]
fn what_is_higher_than_the_terminal_is_paged() {
    let world = world(TELLS);
    let list = ["contact", "list"];
    assert!(seen(&world, &list, 20).contains("paged 31 lines with LESS=FRX."));
    assert!(seen(&world, &["contact", "list", "--json"], 4).contains("paged 1 lines"));
    assert!(!seen(&world, &list, 40).contains("paged"), "it fits");
    for flag in [
        "--no-pager",
        "--no-input",
        "--screen-reader",
        "--setting=pager=none",
    ] {
        let shown = seen(&world, &["contact", "list", flag], 20);
        assert!(
            !shown.contains("paged") && shown.contains("Contact 30"),
            "{flag}: {shown}"
        );
    }
}

#[test]
fn the_users_own_choice_of_a_pager_comes_first() {
    let mut world = world("no-such-program");
    let list = ["contact", "list"];
    let shown = seen(&world, &list, 20);
    assert!(
        shown.contains("Contact 30"),
        "what cannot be started is passed over: {shown}"
    );
    world
        .vars
        .insert("TOUCHBASE_PAGER".to_owned(), TELLS.to_owned());
    world.vars.insert("LESS".to_owned(), "S".to_owned());
    assert!(seen(&world, &list, 20).contains("with LESS=S."));
}

#[test]
fn one_who_has_seen_enough_leaves_without_a_word() {
    let world = world("sh -c 'read line; exec 0<&-; echo enough.'");
    let shown = seen(&world, &["contact", "list"], 10);
    assert_eq!(shown.trim(), "enough.");
}

#[test]
fn less_gets_the_keys() {
    let world = world("");
    if std::process::Command::new("less")
        .arg("--version")
        .output()
        .is_err()
    {
        println!("SKIPPED: there is no less here");
        return;
    }
    let mut terminal = Terminal::open(&world, &["contact", "list"], (60, 10));
    terminal.wait_for("Contact 08");
    assert!(!terminal.text().contains("Contact 20"));
    terminal.press("G");
    terminal.wait_for("Contact 30");
    // Ctrl-C is for the pager, which stays.
    terminal.press("\x03");
    let started = Instant::now();
    while !terminal.text().contains("Contact 01") {
        assert!(started.elapsed() < PATIENCE, "{}", terminal.text());
        // What is typed while it minds the signal is lost.
        terminal.press("g");
        std::thread::sleep(Duration::from_millis(20));
    }
    terminal.press("q");
    assert_eq!(terminal.end(), 0);
}
