//! Many kills at random moments over mixed work: commands in the shell and keys on the screen,
//! while other processes log. After each: it opens, everything agrees, and what was answered, or
//! shown as done, is there.

use crate::agreement;
use crate::chance::{Random, is_skipped, size};
use crate::ledger::{Ledger, bytes_below, open};
use crate::terminal::{CTRL_S, Terminal};
use crate::world::World;
use rustix::process::{Pid, Signal, kill_process};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// Above so many changes everything is compared only now and then.
const OFTEN: u64 = 1_000;
/// A screen lives at most so long before it is killed.
const SCREEN_LIVES: Duration = Duration::from_millis(1_600);

/// What was answered or shown so far.
#[derive(Default)]
struct Answers {
    texts: Vec<String>,
    shell_undos: usize,
    unanswered_undos: usize,
}

/// A command that runs by the real clock and waits for its turn.
fn command(world: &World, words: &[&str]) -> Command {
    let mut command = world.program();
    command
        .env_remove("TOUCHBASE_NOW")
        .args(["--lock-timeout", "60s"])
        .args(words)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

fn must(world: &World, words: &[&str]) {
    let done = command(world, words).output().expect("it starts");
    assert!(done.status.success(), "{words:?}: {done:?}");
}

/// A command of the day with a text of its own; none for an undo.
fn words(random: &mut Random, name: &str) -> (Vec<String>, Option<String>) {
    let own = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect();
    let person = format!("Person {name}");
    let (words, text): (Vec<String>, Option<String>) = match random.below(8) {
        0..3 => (own(&["log", "ana lima", name]), Some(name.to_owned())),
        3 => (own(&["contact", "add", &person]), Some(person)),
        4 => (
            own(&["contact", "edit", "bo", "--role", name]),
            Some(name.to_owned()),
        ),
        5 => (
            own(&["remind", "ana lima", "+3d", name]),
            Some(name.to_owned()),
        ),
        6 => {
            let words = own(&["deal", "edit", "new site", "--next-step", name]);
            (words, Some(name.to_owned()))
        }
        _ => (own(&["undo"]), None),
    };
    (words, text)
}

/// Runs a command and kills it at a random moment, early or late.
fn kill_shell(
    world: &World,
    random: &mut Random,
    name: &str,
    takes: Duration,
    answers: &mut Answers,
) {
    let (words, text) = words(random, name);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let mut child = command(world, &words).spawn().expect("it starts");
    thread::sleep(random.moment_within(takes * 2));
    child.kill().expect("it is ours");
    let done = child.wait_with_output().expect("ended");
    let is_answered = done.status.success() || !done.stdout.is_empty();
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(!said.contains("panicked"), "{words:?}: {said}");
    match text {
        Some(text) if is_answered => answers.texts.push(text),
        Some(_) => {}
        None if is_answered => answers.shell_undos += 1,
        None => answers.unanswered_undos += 1,
    }
}

/// What was done on a screen before it was killed.
#[derive(Default)]
struct OnScreen {
    pressed: usize,
    shown: usize,
    texts: Vec<String>,
}

/// Works on the screen until it is killed.
fn kill_screen(world: &World, random: &mut Random, name: &str) -> OnScreen {
    let mut terminal = Terminal::open(world, &[], (120, 40));
    let process = terminal.child.process_id().expect("a process");
    let process = Pid::from_raw(process.cast_signed()).expect("not 0");
    let after = random.moment_within(SCREEN_LIVES);
    let is_killed = AtomicBool::new(false);
    let done = thread::scope(|scope| {
        scope.spawn(|| {
            thread::sleep(after);
            kill_process(process, Signal::KILL).expect("it is ours");
            is_killed.store(true, Ordering::SeqCst);
        });
        type_until(&mut terminal, random, name, &is_killed)
    });
    terminal.child.wait().expect("killed");
    done
}

fn type_until(
    terminal: &mut Terminal,
    random: &mut Random,
    name: &str,
    is_killed: &AtomicBool,
) -> OnScreen {
    let mut done = OnScreen::default();
    // Waits for a text; false when the screen is killed first. What was drawn counts as shown.
    let wait = |terminal: &Terminal, text: &str| loop {
        if terminal.text().contains(text) {
            return true;
        }
        if is_killed.load(Ordering::SeqCst) {
            return false;
        }
        thread::sleep(Duration::from_millis(2));
    };
    let wait_shortly = |terminal: &Terminal, text: &str, done: &mut OnScreen| {
        let started = Instant::now();
        while started.elapsed() < Duration::from_millis(800) && !is_killed.load(Ordering::SeqCst) {
            if terminal.text().contains(text) {
                done.shown += 1;
                return;
            }
            thread::sleep(Duration::from_millis(2));
        }
    };
    if !wait(terminal, "home") {
        return done;
    }
    for number in 0.. {
        if is_killed.load(Ordering::SeqCst) {
            break;
        }
        let name = format!("{name} {number}");
        let before = terminal.text();
        match random.below(6) {
            0..3 => {
                terminal.try_to_press("1");
                if !wait(terminal, "Ana Lima") {
                    break;
                }
                terminal.try_to_press("a");
                if !wait(terminal, "Ctrl-S save") {
                    break;
                }
                let person = format!("Person {name}");
                terminal.try_to_press(&person);
                if !wait(terminal, &person) {
                    break;
                }
                terminal.try_to_press(CTRL_S);
                done.pressed += 1;
                if !wait(terminal, &format!("added contact {person}")) {
                    break;
                }
                done.shown += 1;
                done.texts.push(person);
            }
            3..5 if !before.contains("logged call with") => {
                terminal.try_to_press("1");
                if !wait(terminal, "Ana Lima") {
                    break;
                }
                terminal.try_to_press("cc");
                if !wait(terminal, "Log a call with") {
                    break;
                }
                terminal.try_to_press(&name);
                if !wait(terminal, &name) {
                    break;
                }
                terminal.try_to_press(CTRL_S);
                done.pressed += 1;
                if !wait(terminal, "logged call with") {
                    break;
                }
                done.shown += 1;
                done.texts.push(name);
            }
            5 if !before.contains('→') => {
                terminal.try_to_press("2");
                if !wait(terminal, "New site") {
                    break;
                }
                terminal.try_to_press(if random.one_in(2) { "L" } else { "H" });
                done.pressed += 1;
                wait_shortly(terminal, " → ", &mut done);
            }
            _ if !before.contains("undid:") => {
                terminal.try_to_press("u");
                done.pressed += 1;
                wait_shortly(terminal, "undid:", &mut done);
            }
            _ => {}
        }
    }
    done
}

#[test]
fn slow_nothing_answered_or_shown_is_lost_however_often_it_is_killed() {
    if is_skipped() {
        return;
    }
    let mut random = Random::new();
    let kills = size("TOUCHBASE_KILLS", 40);
    let world = World::new();
    must(&world, &["contact", "add", "Ana Lima"]);
    must(&world, &["contact", "add", "Bo Berg"]);
    let began = Instant::now();
    must(
        &world,
        &[
            "deal",
            "add",
            "New site",
            "--value",
            "4200",
            "--contact",
            "ana lima",
        ],
    );
    let takes = began.elapsed() * 2;
    let (is_over, others) = (AtomicBool::new(false), Mutex::new(Vec::new()));
    let began = Instant::now();
    thread::scope(|scope| {
        let loggers = [0, 1].map(|worker| {
            let (world, is_over, others) = (&world, &is_over, &others);
            scope.spawn(move || log_along(world, worker, is_over, others))
        });
        let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            kill(&world, &mut random, kills, takes, &others)
        }));
        is_over.store(true, Ordering::SeqCst);
        for logger in loggers {
            logger.join().expect("no panic");
        }
        if let Err(panic) = outcome {
            std::panic::resume_unwind(panic);
        }
    });
    let session = open(&world);
    agreement::check(&session).expect("it agrees with itself");
    let (last, bytes) = (session.last_change(), bytes_below(&world.data()));
    println!(
        "{kills} kills in {:?}: {last} changes, the store has {bytes} bytes",
        began.elapsed()
    );
}

/// Logs one call after the other, undisturbed.
fn log_along(world: &World, worker: usize, is_over: &AtomicBool, answered: &Mutex<Vec<String>>) {
    for number in 0.. {
        if is_over.load(Ordering::SeqCst) {
            return;
        }
        let text = format!("beside {worker} {number}");
        let done = command(world, &["log", "bo", &text])
            .output()
            .expect("it starts");
        assert!(done.status.success(), "{text}: {done:?}");
        answered.lock().unwrap().push(text);
        // The others must come to their turn, and the log stay short enough to be read often.
        thread::sleep(Duration::from_millis(150));
    }
}

fn kill(
    world: &World,
    random: &mut Random,
    kills: usize,
    takes: Duration,
    others: &Mutex<Vec<String>>,
) {
    let mut answers = Answers::default();
    let mut ledger = Ledger::default();
    let (mut shown, mut pressed) = (0, 0);
    let (mut screens, mut from) = (0, 0);
    for round in 0..kills {
        let name = format!("round {round}");
        let screen_before = ledger.by_screen;
        let mut on_screen = OnScreen::default();
        if random.one_in(2) {
            screens += 1;
            on_screen = kill_screen(world, random, &name);
        } else {
            kill_shell(world, random, &name, takes, &mut answers);
        }
        shown += on_screen.shown;
        pressed += on_screen.pressed;
        answers.texts.append(&mut on_screen.texts);
        answers
            .texts
            .append(&mut std::mem::take(&mut *others.lock().unwrap()));
        let session = open(world);
        if session.last_change() < OFTEN || round % 16 == 0 {
            let found = agreement::check(&session);
            found.unwrap_or_else(|why| panic!("round {round}: {why}"));
        }
        ledger.catch_up(&session);
        drop(session);
        let missing = ledger.missing(&answers.texts[from..]);
        assert!(
            missing.is_empty(),
            "round {round}: not there once: {missing:?}"
        );
        from = answers.texts.len();
        let by_screen = ledger.by_screen - screen_before;
        let possible = on_screen.shown..=on_screen.pressed;
        assert!(
            possible.contains(&by_screen),
            "round {round}: {by_screen} of {possible:?}"
        );
        let undos = answers.shell_undos..=answers.shell_undos + answers.unanswered_undos;
        assert!(
            undos.contains(&ledger.shell_undos),
            "round {round}: {undos:?}"
        );
        if (round + 1) % 100 == 0 {
            println!("{} kills: {} bytes", round + 1, bytes_below(&world.data()));
        }
    }
    let mut whole = Ledger::default();
    whole.catch_up(&open(world));
    assert_eq!(whole.missing(&answers.texts), Vec::<&String>::new());
    assert!(
        whole.marks.values().all(|&times| times == 1),
        "something is there twice"
    );
    println!(
        "{screens} screens ({shown} receipts shown of {pressed} asked for), {} shells; {} answered texts",
        kills - screens,
        answers.texts.len()
    );
}
