//! Many commands in one session: all there, each its own change, nothing said too early.

use crate::world::{Ran, World};
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::Stdio;
use std::time::{Duration, Instant};

fn world() -> World {
    let world = World::new();
    let made = world.run(&["touchbase", "contact", "add", "Ana Silva"], "");
    assert_eq!(made.code, 0, "{}", made.err);
    world
}

fn texts(world: &World) -> Vec<String> {
    let columns = "--columns=text";
    let listed = world.run(
        &["touchbase", "activity", "list", columns, "--format=csv"],
        "",
    );
    assert_eq!(listed.code, 0, "{}", listed.err);
    let rows = listed.out.lines().skip(1);
    let text = |row: &str| row.split_once(',').expect("two columns").1.to_owned();
    rows.map(text).collect()
}

fn history(world: &World) -> usize {
    let shown = world.run(
        &["touchbase", "history", "--limit=100000", "--format=tsv"],
        "",
    );
    assert_eq!(shown.code, 0, "{}", shown.err);
    shown.out.lines().count()
}

#[test]
fn each_line_is_a_change_of_its_own() {
    let world = world();
    let lines: String = (0..300)
        .map(|number| format!("log ana 'call {number}'\n"))
        .collect();
    let ran = world.run_program(&["touchbase", "batch"], &lines);
    assert_eq!((ran.code, ran.out.lines().count()), (0, 300), "{}", ran.err);
    assert!(ran.err.ends_with("300 done\n"), "{}", ran.err);
    let mut found = texts(&world);
    found.sort();
    let mut wanted: Vec<String> = (0..300).map(|number| format!("call {number}")).collect();
    wanted.sort();
    assert_eq!(found, wanted);
    assert_eq!(history(&world), 301);
    let undone = world.run_program(&["touchbase", "undo"], "");
    assert_eq!(undone.code, 0, "{}", undone.err);
    assert_eq!(texts(&world).len(), 299);
}

#[test]
fn a_line_sees_what_the_lines_before_it_did() {
    let world = world();
    let lines = "\n# people first\ncontact add 'Bo Lund' --tag vip\n\
                 touchbase log bo 'met' # not the end of a quote\n\
                 log nobody x\nlog ana 'open\nbatch\ncompact\nlog ana -\nfrobnicate\n\
                 tag bo gold\nundo\ncontact list tag:vip --columns name,tag\n";
    let check = |ran: Ran| {
        assert_eq!(ran.code, 1, "{}", ran.err);
        assert!(ran.out.ends_with("\tBo Lund\tvip\n"), "{}", ran.out);
        for part in [
            "error: line 5: no contact is meant by `nobody`",
            "error: line 6: a quote is not closed",
            "error: line 7: this cannot run in a batch",
            "error: line 8: this cannot run in a batch: it needs the store for itself",
            "error: line 9: `-` cannot be read in a batch: the commands stand there",
            "error: line 10: there is no command `frobnicate`",
            "5 done, 6 failed",
        ] {
            assert!(ran.err.contains(part), "{part}\n{}", ran.err);
        }
    };
    check(world.run(&["touchbase", "batch"], lines));
    let stopped = world.run(
        &["touchbase", "batch", "--stop"],
        "log ana 1\nlog no 2\nlog ana 3\n",
    );
    assert_eq!(stopped.code, 1);
    assert!(
        stopped.err.ends_with("1 done, 1 failed\n"),
        "{}",
        stopped.err
    );
    assert_eq!(texts(&world).len(), 2);
    let dry = world.run(&["touchbase", "batch", "-n"], "log ana 4\n");
    assert!(dry.err.contains("would have logged call"), "{}", dry.err);
    assert_eq!(texts(&world).len(), 2);
}

/// A batch that waits for its next line has let go of the store, and has said what it did.
#[test]
fn who_waits_for_input_holds_nothing() {
    let world = world();
    let mut child = world
        .program()
        .arg("batch")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts");
    let mut input = child.stdin.take().expect("piped");
    let mut answers = BufReader::new(child.stdout.take().expect("piped")).lines();
    for number in 0..3 {
        writeln!(input, "log ana 'batch {number}'").expect("written");
        let id = answers.next().expect("an answer").expect("text");
        assert_eq!(id.len(), 26, "{id}");
        let other = world.run_program(&["touchbase", "log", "ana", "beside"], "");
        assert_eq!(other.code, 0, "{}", other.err);
    }
    drop(input);
    assert!(child.wait().expect("ended").success());
    assert_eq!(texts(&world).len(), 6);
}

/// Killed at any moment, a batch has kept every line that it has answered, and has kept lines
/// from the first on without a gap.
#[test]
fn slow_batches_that_are_killed_keep_what_they_answered() {
    if std::env::var_os("TOUCHBASE_SLOW").is_none() {
        println!("skipped: set TOUCHBASE_SLOW=1");
        return;
    }
    let mut torn = 0;
    for round in 0..20 {
        let world = world();
        let mut child = world
            .program()
            .arg("batch")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program starts");
        let mut input = child.stdin.take().expect("piped");
        let writer = std::thread::spawn(move || {
            for number in 0..5_000 {
                if writeln!(input, "log ana '{number}'").is_err() {
                    return;
                }
            }
        });
        std::thread::sleep(Duration::from_millis(20 + 37 * round));
        child.kill().expect("killed");
        let done = child.wait_with_output().expect("ended");
        writer.join().expect("the writer ends");
        let answered = String::from_utf8_lossy(&done.stdout).matches('\n').count();
        let mut kept: Vec<usize> = texts(&world)
            .iter()
            .map(|text| text.parse().unwrap())
            .collect();
        kept.sort_unstable();
        assert!(
            kept.len() >= answered,
            "{answered} answered, {} kept",
            kept.len()
        );
        assert!(
            kept.iter().copied().eq(0..kept.len()),
            "lines in between are missing"
        );
        torn += usize::from(kept.len() > answered);
    }
    println!("20 batches killed, {torn} with a group that was kept but not answered yet");
}

#[test]
fn slow_batches_of_ten_thousand_lines_are_all_there() {
    if std::env::var_os("TOUCHBASE_SLOW").is_none() {
        println!("skipped: set TOUCHBASE_SLOW=1");
        return;
    }
    let world = world();
    let lines: String = (0..10_000)
        .map(|number| format!("log ana '{number}'\n"))
        .collect();
    std::fs::write(world.path().join("calls"), lines).expect("written");
    let began = Instant::now();
    let ran = world.run_program(&["touchbase", "batch", "-q", "calls"], "");
    let took = began.elapsed();
    assert_eq!(
        (ran.code, ran.out.lines().count()),
        (0, 10_000),
        "{}",
        ran.err
    );
    let mut kept: Vec<usize> = texts(&world)
        .iter()
        .map(|text| text.parse().unwrap())
        .collect();
    kept.sort_unstable();
    assert!(kept.iter().copied().eq(0..10_000));
    println!("10,000 lines of a batch in {took:.2?}");
}
