//! Messages that are piped in: real ones of the corpus, large ones, hostile ones.

use crate::office::Office;
use std::path::{Path, PathBuf};
use std::time::Instant;
use touchbase::domain::activity;
use touchbase::domain::record::Record;
use touchbase::error::ErrorKind;
use touchbase::formats::mail::{Mail, read};
use touchbase::services::intent::{Intent, LogEntry};
use touchbase::services::mail;

/// The messages of the corpus, where it is said where it is.
fn corpus() -> Vec<PathBuf> {
    let Some(folder) = std::env::var_os("TOUCHBASE_CORPUS").map(PathBuf::from) else {
        println!("SKIPPED: TOUCHBASE_CORPUS is not set");
        return Vec::new();
    };
    let in_folder = |name: &str| {
        let found = std::fs::read_dir(folder.join(name)).expect("a folder of messages");
        found.map(|entry| entry.expect("a file").path())
    };
    let all = in_folder("email").chain(in_folder("email-threads"));
    let mut files: Vec<PathBuf> = all.filter(|path| path.is_file()).collect();
    files.sort();
    files
}

fn name_of(path: &Path) -> String {
    let parts: Vec<_> = path.iter().rev().take(2).collect();
    let parts: Vec<_> = parts
        .iter()
        .rev()
        .map(|part| part.to_string_lossy())
        .collect();
    parts.join("/")
}

fn log(office: &mut Office, message: &Mail) -> Result<Record, touchbase::error::Error> {
    let (entry, _) = mail::entry(
        &office.session,
        &office.env,
        message,
        LogEntry::default(),
        true,
    )?;
    let made =
        touchbase::services::perform(&mut office.session, &mut office.env, Intent::Log(entry))?;
    let found = office.session.get(&activity::KIND, made.records[0].id);
    Ok(found.expect("a readable store").expect("an activity"))
}

/// What another parser reads, where it agrees in form.
#[derive(Debug, Default, PartialEq)]
struct Told {
    from: Vec<String>,
    id: Option<String>,
    sent: Option<i64>,
}

#[test]
fn real_messages_are_read_as_others_read_them() {
    let files = corpus();
    let Some(folder) = std::env::var_os("TOUCHBASE_CORPUS").map(PathBuf::from) else {
        return;
    };
    let expected = std::fs::read(folder.join("expected/email_all_OPEN.json")).expect("a file");
    let expected: serde_json::Value = serde_json::from_slice(&expected).expect("JSON");
    let (mut seen, mut agreed, mut differing) = (0, 0, Vec::new());
    for path in &files {
        let name = name_of(path);
        let bytes = std::fs::read(path).expect("a message");
        let Ok(message) = read(&bytes) else {
            println!("no message: {name}");
            continue;
        };
        let Some(other) = expected.get(&name) else {
            continue;
        };
        seen += 1;
        let text = |key: &str| other[key].as_str().map(str::to_owned);
        let from = other["from_addresses"].as_array().into_iter().flatten();
        let head = String::from_utf8_lossy(&bytes).into_owned();
        let head = head.replace("\r\n", "\n");
        let head = head.split("\n\n").next().unwrap_or_default().to_owned();
        // Of several senders others take the first, and mail programs show the last.
        let is_single = head
            .lines()
            .filter(|line| line.starts_with("From:"))
            .count()
            < 2;
        let mut theirs = Told {
            from: from
                .filter_map(|it| it.as_str())
                .map(str::to_lowercase)
                .collect(),
            id: text("Message-ID").map(|id| id.trim_matches(['<', '>', ' ']).to_owned()),
            sent: text("Date")
                .and_then(|date| chrono::DateTime::parse_from_rfc2822(&date).ok())
                .map(|date| date.timestamp()),
        };
        if !is_single {
            theirs.from.clear();
        }
        let ours = Told {
            from: message
                .from
                .iter()
                .filter(|_| is_single)
                .map(|it| it.address.to_lowercase())
                .collect(),
            id: message.id.clone(),
            sent: message.sent.map(|sent| sent.timestamp()),
        };
        if ours == theirs {
            agreed += 1;
        } else {
            differing.push(format!("{name}: {ours:?}\n    they: {theirs:?}"));
        }
    }
    println!("{agreed} of {seen} messages as another parser reads them");
    for line in &differing {
        println!("{line}");
    }
    assert!(seen > 100, "{seen}");
    assert!(agreed * 10 >= seen * 9, "{agreed} of {seen}");
}

#[test]
fn real_messages_are_logged_once() {
    let mut office = Office::new();
    let (mut logged, mut refused) = (0, 0);
    for path in corpus() {
        let bytes = std::fs::read(&path).expect("a message");
        let Ok(message) = read(&bytes) else {
            refused += 1;
            continue;
        };
        let before = office.session.last_change();
        match log(&mut office, &message) {
            Ok(record) => {
                logged += 1;
                assert_eq!(record.text(activity::TYPE), "email");
                assert!(!record.title().is_empty());
                let again = log(&mut office, &message).expect("it is known");
                assert_eq!(again.id, record.id, "{}", path.display());
                assert!(office.session.last_change() <= before + 1);
            }
            Err(error) => {
                assert_eq!(
                    error.kind,
                    ErrorKind::NotFound,
                    "{}: {error}",
                    path.display()
                );
                refused += 1;
            }
        }
    }
    println!("{logged} logged, {refused} refused");
}

#[test]
fn slow_hostile_messages_end_in_words() {
    if crate::chance::is_skipped() {
        return;
    }
    let many = |part: &str, count: usize| part.repeat(count);
    let nested = |depth: usize| {
        let open: String = (0..depth)
            .map(|level| {
                format!("Content-Type: multipart/mixed; boundary=b{level}\n\n--b{level}\n")
            })
            .collect();
        format!("From: a@x.example\n{open}\n\ntext\n")
    };
    let wrapped = |depth: usize| {
        let inner = "Content-Type: message/rfc822\n\nFrom: a@x.example\n";
        format!("From: a@x.example\n{}\n\ntext\n", inner.repeat(depth))
    };
    let rows = [
        (
            "addresses",
            format!("From: {}\n\nx", many("a@x.example, ", 50_000)),
        ),
        ("groups", format!("To: {}\n\nx", many("g: ", 50_000))),
        ("quotes", format!("From: {}\n\nx", many("\"\\", 100_000))),
        (
            "comments",
            format!("From: {}a@x.example\n\nx", many("(", 100_000)),
        ),
        (
            "encoded words",
            format!("Subject: {}\n\nx", many("=?utf-8?B?Wm8=?= ", 50_000)),
        ),
        ("folds", format!("Subject: {}\n\nx", many("a\n ", 100_000))),
        (
            "headers",
            format!("{}\n\nx", many("X: y\n", 200_000)) + "From: a@x.example\n\n",
        ),
        ("nested parts", nested(5_000)),
        ("nested messages", wrapped(5_000)),
        (
            "tags",
            format!(
                "From: a@x.example\nContent-Type: text/html\n\n{}",
                many("<div", 200_000)
            ),
        ),
        (
            "quotations",
            format!("From: a@x.example\n\n{}", many("a:\n> b\n", 100_000)),
        ),
        (
            "entities",
            format!(
                "From: a@x.example\nContent-Type: text/html\n\n{}",
                many("&#x41;&", 99_000)
            ),
        ),
        (
            "escapes",
            "From: \u{1b}]0;x\u{7} <a@x.example>\nSubject: \u{202e}\u{1b}[31m\n\n\u{1b}c"
                .to_owned(),
        ),
    ];
    for (what, text) in rows {
        let started = Instant::now();
        let message = read(text.as_bytes());
        let time = started.elapsed();
        assert!(time.as_secs() < 10, "{what}: {time:?}");
        if let Ok(message) = message {
            assert!(message.text.chars().count() <= 4_100, "{what}");
            assert!(!message.subject.contains('\u{1b}') && !message.text.contains('\u{1b}'));
            let mut office = Office::new();
            let _ = log(&mut office, &message);
        }
        println!("{what}: {} bytes in {time:?}", text.len());
    }
}

#[test]
fn a_message_that_comes_eight_times_at_once_is_logged_once() {
    let world = crate::world::World::new();
    let made = world.run_program(
        &[
            "touchbase",
            "contact",
            "add",
            "Zoe",
            "--email",
            "z@x.example",
        ],
        "",
    );
    assert_eq!(made.code, 0, "{}", made.err);
    let message =
        "From: z@x.example\nSubject: hi\nDate: Tue, 24 Nov 2026 10:00:00 +0100\n\nhello\n";
    let run = || {
        world.run_program(
            &["touchbase", "log", "--mail", "-", "--lock-timeout", "60s"],
            message,
        )
    };
    let codes: Vec<_> = std::thread::scope(|scope| {
        let started: Vec<_> = (0..8).map(|_| scope.spawn(run)).collect();
        started
            .into_iter()
            .map(|one| one.join().expect("it ends").code)
            .collect()
    });
    assert_eq!(codes, [0; 8]);
    let listed = world.run_program(&["touchbase", "activity", "list", "--columns", "text"], "");
    assert_eq!(listed.out.lines().count(), 1, "{}", listed.out);
}
