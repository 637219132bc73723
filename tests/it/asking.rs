//! What the program asks on a terminal: which record is meant, with whom, what happened.

use crate::terminal::{Terminal, shell};
use crate::world::World;

const SIZE: (u16, u16) = (100, 30);
const CTRL_C: &str = "\x03";
const CTRL_D: &str = "\x04";

/// Two people of one name, and a deal with the first.
fn office() -> World {
    let world = World::new();
    shell(&world, &["contact", "add", "Ana Silva"]);
    shell(&world, &["contact", "add", "Ana Souza"]);
    shell(&world, &["contact", "add", "Bo Berg"]);
    shell(&world, &["deal", "add", "New site", "--contact", "bo"]);
    world
}

fn open(world: &World, words: &[&str]) -> Terminal {
    Terminal::open(world, words, SIZE)
}

fn activities(world: &World) -> String {
    let columns = "type,contact,text,duration,direction,deal";
    let listed = shell(world, &["activity", "list", "--columns", columns]);
    let without_id = |line: &str| line.split_once('\t').map(|(_, rest)| rest.to_owned());
    listed
        .lines()
        .filter_map(without_id)
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn who_is_meant_is_chosen_by_number_and_the_store_is_free_meanwhile() {
    let world = office();
    let mut terminal = open(&world, &["log", "ana", "hello"]);
    terminal.wait_for("which? [1-2]");
    // Another program works while the person thinks.
    shell(&world, &["log", "bo", "meanwhile", "--lock-timeout", "1s"]);
    terminal.press("7\n");
    terminal.wait("the question again", |screen| {
        screen.matches("which?").count() == 2
    });
    terminal.press("2\n");
    assert_eq!(terminal.end(), 0);
    terminal.wait_for("logged call with Ana Souza");
    let logged = activities(&world);
    assert!(logged.contains("call\tAna Souza\thello"), "{logged}");
    assert!(logged.contains("call\tBo Berg\tmeanwhile"), "{logged}");
}

#[test]
fn every_command_lets_choose_and_choosing_nothing_changes_nothing() {
    let world = office();
    let mut terminal = open(&world, &["tag", "ana", "vip"]);
    terminal.wait_for("which?");
    terminal.press("silva\n");
    assert_eq!(terminal.end(), 0);
    let mut terminal = open(&world, &["deal", "add", "Logo", "--contact", "ana"]);
    terminal.wait_for("which?");
    terminal.press("1\n");
    assert_eq!(terminal.end(), 0);
    for words in [["contact", "archive", "ana"], ["tag", "ana", "cold"]] {
        let mut terminal = open(&world, &words);
        terminal.wait_for("which?");
        terminal.press("\n");
        assert_eq!(terminal.end(), 4);
        terminal.wait_for("hint: name one by its id");
    }
    let mut terminal = open(&world, &["tag", "ana", "cold", "--no-input"]);
    assert_eq!(terminal.end(), 4);
    let people = shell(&world, &["contact", "list", "--columns", "name,tag", "ana"]);
    let without_ids: Vec<_> = people
        .lines()
        .filter_map(|line| line.split_once('\t'))
        .collect();
    let without_ids: Vec<_> = without_ids.iter().map(|(_, rest)| *rest).collect();
    assert_eq!(without_ids, ["Ana Silva\tvip", "Ana Souza\t"]);
    assert!(shell(&world, &["deal", "list", "contact:silva"]).contains("Logo"));
}

#[test]
fn what_happened_is_typed_in_a_line_with_completion() {
    let world = office();
    let mut terminal = open(&world, &["log", "bo"]);
    terminal.wait_for("bo: ");
    terminal.press("wants more !me\t");
    terminal.wait_for("!meeting");
    terminal.press("\x7f\x7f\x7f!vi\t @n\t !12m +soon: x\r");
    terminal.wait_for("`+soon` is not a date or time");
    // The line is there again, to be put right.
    terminal.wait("the line again", |screen| {
        screen.matches("@\"New site\"").count() == 2
    });
    terminal.press("\x17\x17+tomor\t: send it\r");
    assert_eq!(terminal.end(), 0, "{}", terminal.text());
    terminal.wait_for("logged visit with Bo Berg; follow-up tomorrow");
    assert_eq!(
        activities(&world),
        "visit\tBo Berg\twants more\t12m\t\tNew site"
    );
    assert!(shell(&world, &["due", "tomorrow"]).contains("send it"));
}

#[test]
fn with_whom_is_asked_for_and_completed_and_an_ambiguous_one_chosen() {
    let world = office();
    let mut terminal = open(&world, &["log"]);
    terminal.wait_for("with whom?");
    terminal.press("ber\t");
    terminal.wait_for("Bo Berg");
    terminal.press(", ana\r");
    terminal.wait_for("which? [1-2]");
    terminal.press("1\n");
    terminal.wait_for("Bo Berg, ana: ");
    terminal.press("\r");
    assert_eq!(terminal.end(), 0, "{}", terminal.text());
    terminal.wait_for("logged call with Bo Berg and Ana Silva");
    assert_eq!(activities(&world), "call\tBo Berg, Ana Silva\tcall\t\t\t");
}

#[test]
fn giving_up_saves_nothing() {
    let world = office();
    for (words, question, key) in [
        (vec!["log", "bo"], "bo: ", CTRL_C),
        (vec!["log", "bo"], "bo: ", CTRL_D),
        (vec!["log"], "with whom?", CTRL_C),
    ] {
        let mut terminal = open(&world, &words);
        terminal.wait_for(question);
        terminal.press(&format!("half a li{CTRL_C}").replace(CTRL_C, ""));
        if key == CTRL_D {
            terminal.press("\x15");
        }
        terminal.press(key);
        assert_eq!(terminal.end(), 130, "{words:?}");
        terminal.wait_for("nothing was saved");
    }
    let mut terminal = open(&world, &["log"]);
    terminal.wait_for("with whom?");
    terminal.press("\r");
    assert_eq!(terminal.end(), 2);
    let mut terminal = open(&world, &["log", "--no-input"]);
    assert_eq!(terminal.end(), 2);
    let mut terminal = open(&world, &["log", "bo", "--no-input"]);
    assert_eq!(terminal.end(), 0);
    assert_eq!(activities(&world), "call\tBo Berg\tcall\t\t\t");
}
