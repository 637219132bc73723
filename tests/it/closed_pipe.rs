//! A reader that goes away, as `head` does, is a quiet end.

use crate::output::demo;
use crate::world::World;
use std::io::Read as _;
use std::process::Stdio;

/// Runs the program and closes its output after so many bytes.
fn closed_after(world: &World, words: &[&str], input: &str, bytes: usize) -> (Option<i32>, String) {
    let mut child = world
        .program()
        .args(words)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut stdin = child.stdin.take().expect("piped");
    let input = input.to_owned();
    let typing = std::thread::spawn(move || {
        let _ = std::io::Write::write_all(&mut stdin, input.as_bytes());
    });
    let mut stdout = child.stdout.take().expect("piped");
    let _ = stdout.read_exact(&mut vec![0; bytes]);
    drop(stdout);
    let done = child.wait_with_output().expect("the program ends");
    typing.join().expect("typed");
    (
        done.status.code(),
        String::from_utf8_lossy(&done.stderr).into_owned(),
    )
}

/// Every command with that line in every form, its output closed at once and after a byte. The
/// notes of a report are no data and are told all the same, unless they are not wanted.
fn check_closed(world: &World, line: &str) {
    let quiet = (Some(0), String::new());
    for form in [&[][..], &["--format", "table"], &["--format", "json"]] {
        if line.starts_with("export") && !form.is_empty() {
            continue;
        }
        let words: Vec<&str> = line.split(' ').chain(form.iter().copied()).collect();
        for bytes in [0, 1] {
            let words = [&words[..], &["-q"]].concat();
            let closed = closed_after(world, &words, "", bytes);
            assert_eq!(closed, quiet, "{words:?}, {bytes} bytes read");
        }
    }
}

#[test]
fn a_reader_that_has_seen_enough_is_no_failure() {
    let world = demo();
    let quiet = (Some(0), String::new());
    let commands = "contact list\ndeal list\n".repeat(4);
    let template = ["contact", "list", "--template", "{{ name }}"];
    for (words, input, bytes) in [
        (&["contact", "list"][..], "", 0),
        (&["contact", "show", "birgit"], "", 1),
        (&["batch", "-q"], &commands, 1),
        (&template, "", 0),
    ] {
        assert_eq!(
            closed_after(&world, words, input, bytes),
            quiet,
            "{words:?}"
        );
    }
}

mod slow {
    use super::check_closed;
    use crate::output::{LISTINGS, demo};

    #[test]
    fn no_listing_fails_when_its_reader_has_seen_enough() {
        if std::env::var_os("TOUCHBASE_SLOW").is_none() {
            println!("skipped: set TOUCHBASE_SLOW=1");
            return;
        }
        let world = demo();
        for line in LISTINGS.iter().copied().chain(["contact show birgit"]) {
            check_closed(&world, line);
        }
    }
}
