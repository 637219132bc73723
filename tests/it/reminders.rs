//! Telling by other programs, the digest as a mail, and lines for cron: with programs that
//! stand in for those of the system.

use crate::world::{Ran, World, split};
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::Command;

/// Settings with every way to tell.
const SETTINGS: &str =
    "[remind]\nmail = \"me@example.org\"\ncommand = \"cat > \\\"$HOME/told\\\"\"\n";
/// A name that would steer a terminal, end a header or open a tag.
const HOSTILE: &str = "Eve\u{202E}<script>\"&\r\nBcc: x@evil.example\u{1b}[31m";

/// A world whose programs for mail and desktop write down what they were given.
fn world(settings: &str) -> World {
    let mut world = World::new();
    let folder = world.path().join(".config/touchbase");
    fs::create_dir_all(&folder).expect("a folder");
    fs::write(folder.join("config.toml"), settings).expect("settings");
    fs::create_dir(world.path().join("bin")).expect("a folder");
    let bin = world.path().join("bin").to_string_lossy().into_owned();
    let path = format!("{bin}:/usr/bin:/bin");
    world.vars.insert("PATH".to_owned(), path);
    let bus = "unix:path=/nowhere".to_owned();
    world
        .vars
        .insert("DBUS_SESSION_BUS_ADDRESS".to_owned(), bus);
    stand_in(
        &world,
        "sendmail",
        "echo \"$@\" > \"$HOME/arguments\"; cat > \"$HOME/told\"",
    );
    stand_in(
        &world,
        "notify-send",
        "printf '%s\\n' \"$@\" > \"$HOME/told\"",
    );
    world
}

fn stand_in(world: &World, name: &str, script: &str) {
    let path = world.path().join("bin").join(name);
    fs::write(&path, format!("#!/bin/sh\n{script}\n")).expect("a script");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("a mode");
}

fn run(world: &World, words: &[&str]) -> Ran {
    world.run(&[&["touchbase"], words].concat(), "")
}

/// What the other program was given, if it was run; it is forgotten.
fn told(world: &World) -> Option<String> {
    let path = world.path().join("told");
    let told = fs::read_to_string(&path).ok();
    let _ = fs::remove_file(&path);
    told
}

fn must(world: &World, words: &[&str]) -> String {
    let ran = run(world, words);
    assert_eq!(ran.code, 0, "{words:?}: {}", ran.err);
    ran.out
}

#[test]
fn each_way_tells_once_and_a_failure_tells_again() {
    for (way, program, expect) in [
        ("mail", "sendmail", "Subject: 1 due\n"),
        (
            "desktop",
            "notify-send",
            "touchbase: 1 due\ntoday: call Ana",
        ),
        ("command", "", "\"text\":\"call Ana\""),
    ] {
        let world = world(SETTINGS);
        let tell = ["due", "--since", "last", "--notify", way];
        assert_eq!(run(&world, &tell).code, 0);
        assert_eq!(told(&world), None, "{way}: nothing is due");
        must(&world, &["remind", "-", "today", "call Ana"]);
        if !program.is_empty() {
            stand_in(&world, program, "echo 'out of order' >&2; exit 3");
            let ran = run(&world, &tell);
            assert_eq!(ran.code, 1, "{way}: {}", ran.err);
            assert!(
                ran.err.contains("did not tell it: exit status: 3"),
                "{}",
                ran.err
            );
            assert!(ran.err.contains("\n  out of order\n"), "{}", ran.err);
            fs::remove_file(world.path().join("bin").join(program)).expect("removed");
            stand_in(
                &world,
                program,
                "printf '%s\\n' \"$@\" > \"$HOME/told\"; cat >> \"$HOME/told\"",
            );
        }
        let ran = run(&world, &tell);
        assert_eq!(
            (ran.code, ran.out.as_str(), ran.err.as_str()),
            (0, "", ""),
            "{way}"
        );
        let given = told(&world).expect(way);
        assert!(given.contains(expect), "{way}: {given}");
        assert!(given.contains("call Ana"), "{way}: {given}");
        assert_eq!(run(&world, &tell).code, 0);
        assert_eq!(told(&world), None, "{way}: it was told");
        // What is asked for without `last` is told whenever it is asked for.
        must(&world, &["due", "--notify", way]);
        assert!(told(&world).is_some(), "{way}");
        // The program itself, with its process that outlives it.
        must(&world, &["remind", "-", "today", "write"]);
        let words: Vec<&str> = [&["touchbase"], &tell[..], &["--exit-status"]].concat();
        let ran = world.run_program(&words, "");
        assert_eq!((ran.code, ran.out.as_str()), (10, ""), "{way}: {}", ran.err);
        assert!(
            told(&world).is_some_and(|given| given.contains("write")),
            "{way}"
        );
    }
}

#[test]
fn a_way_that_is_not_set_up_is_refused_before_anything_is_told() {
    let world = world("");
    must(&world, &["remind", "-", "today", "call Ana"]);
    for (words, hint) in [
        (
            &["due", "--since", "last", "--notify", "mail"][..],
            "mail = ",
        ),
        (
            &["due", "--since", "last", "--notify", "command"],
            "command = ",
        ),
        (&["digest", "--mail"], "mail = "),
        (&["cron", "print", "--notify", "mail"], "mail = "),
    ] {
        let ran = run(&world, words);
        assert_eq!(ran.code, 5, "{words:?}: {}", ran.err);
        assert!(ran.err.contains(hint), "{words:?}: {}", ran.err);
    }
    assert!(must(&world, &["due", "--since", "last"]).contains("call Ana"));
    for wrong in [
        "mail = \"me\"",
        "quiet = \"20\"",
        "days-off = [\"someday\"]",
        "birthday = true",
    ] {
        let settings = world.path().join(".config/touchbase/config.toml");
        fs::write(settings, format!("[remind]\n{wrong}\n")).expect("written");
        let ran = run(&world, &["due"]);
        assert_eq!(ran.code, 5, "{wrong}: {}", ran.err);
        assert!(ran.err.contains("config.toml:2"), "{wrong}: {}", ran.err);
    }
}

#[test]
fn the_desktop_is_found_from_cron_or_missed_aloud() {
    let mut world = world("");
    must(&world, &["remind", "-", "today", "call Ana"]);
    world.vars.remove("DBUS_SESSION_BUS_ADDRESS");
    let runtime = world.path().join("runtime").to_string_lossy().into_owned();
    world
        .vars
        .insert("XDG_RUNTIME_DIR".to_owned(), runtime.clone());
    let tell = ["due", "--since", "last", "--notify", "desktop"];
    let ran = run(&world, &tell);
    assert_eq!(ran.code, 1, "{}", ran.err);
    assert!(ran.err.contains("nobody is at a desktop"), "{}", ran.err);
    fs::create_dir(&runtime).expect("a folder");
    fs::write(format!("{runtime}/bus"), "").expect("a bus");
    stand_in(
        &world,
        "notify-send",
        "echo \"$DBUS_SESSION_BUS_ADDRESS\" > \"$HOME/told\"",
    );
    must(&world, &tell);
    assert_eq!(told(&world), Some(format!("unix:path={runtime}/bus\n")));
}

/// Whatever is shown of a hostile name steers nothing.
#[track_caller]
fn check_harmless(text: &str) {
    let steers = |c: &char| c.is_control() && *c != '\n' || "\u{202E}\u{200F}".contains(*c);
    assert_eq!(text.chars().find(steers), None, "{text}");
}

#[test]
fn names_neither_steer_nor_inject() {
    let world = world(SETTINGS);
    let json = serde_json::json!({ "name": HOSTILE, "email": ["eve@example.org"] }).to_string();
    assert_eq!(
        world.run(&["touchbase", "contact", "add", "-"], &json).code,
        0
    );
    let json = serde_json::json!({ "text": HOSTILE, "due": "2026-11-25", "contact": ["eve"] });
    let ran = world.run(&["touchbase", "follow-up", "add", "-"], &json.to_string());
    assert_eq!(ran.code, 0, "{}", ran.err);
    must(&world, &["log", "eve@example.org", HOSTILE, "-t", "note"]);
    let text = must(&world, &["digest"]);
    assert!(text.contains("Eve<script>"), "{text}");
    check_harmless(&text);
    check_harmless(&must(&world, &["digest", "--evening"]));
    let page = must(&world, &["digest", "--format", "html"]);
    check_harmless(&page);
    assert!(page.contains("Eve&lt;script&gt;&quot;&amp;"), "{page}");
    assert!(!page.contains("<script"), "{page}");
    let json: serde_json::Value =
        serde_json::from_str(&must(&world, &["digest", "--format", "json"])).expect("JSON");
    assert_eq!(json["schema"], 1);
    assert_eq!(json["data"]["today"].as_array().map(Vec::len), Some(1));
    for words in [&["digest", "--mail"][..], &["due", "--notify", "mail"]] {
        must(&world, words);
        let mail = told(&world).expect("a mail");
        let (head, body) = mail.split_once("\n\n").expect("a head");
        let known = [
            "From:",
            "To:",
            "Subject:",
            "Date:",
            "Message-ID:",
            "MIME-Version:",
            "Content-Type:",
            "Content-Transfer-Encoding:",
            " ",
        ];
        for line in head.lines() {
            assert!(known.iter().any(|name| line.starts_with(name)), "{head}");
        }
        assert!(!body.lines().any(|line| line.starts_with("Bcc:")), "{body}");
        let arguments = fs::read_to_string(world.path().join("arguments")).expect("arguments");
        assert_eq!(arguments, "-i -f me@example.org -- me@example.org\n");
    }
    must(&world, &["due", "--notify", "desktop"]);
    let given = told(&world).expect("a notification");
    assert!(given.contains("Eve&lt;script&gt;\"&amp;"), "{given}");
    check_harmless(&given);
}

#[test]
fn a_digest_is_mailed_as_text_and_page() {
    let world = world(SETTINGS);
    must(&world, &["remind", "-", "yesterday", "call Ana"]);
    let ran = run(&world, &["digest", "--mail"]);
    assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (0, "", ""));
    let mail = told(&world).expect("a mail");
    for part in [
        "Subject: Wed 25 Nov: 1 overdue\n",
        "From: touchbase <me@example.org>\n",
        "To: me@example.org\n",
        "Date: Wed, 25 Nov 2026 09:00:00 +0000\n",
        "multipart/alternative",
        "Content-Type: text/plain",
        "Content-Type: text/html",
        "\n  Tue 24 Nov  call Ana\n",
    ] {
        assert!(mail.contains(part), "{part:?} is not in\n{mail}");
    }
    assert!(mail.find("text/plain") < mail.find("text/html"));
    assert!(!mail.contains('\r'));
}

#[test]
fn a_digest_for_programs_has_everything() {
    let world = world("[cadence]\ndefault = 14\n[cadence.tags]\nvip = 7\n");
    must(&world, &["contact", "add", "Ana", "--tag", "vip"]);
    must(&world, &["log", "ana", "spoke", "--at", "2026-11-15 10:00"]);
    must(&world, &["contact", "add", "Bo"]);
    must(&world, &["log", "bo", "spoke", "--at", "2026-11-15 10:00"]);
    for number in 0..20 {
        must(&world, &["remind", "ana", "-3d", &format!("call {number}")]);
    }
    must(
        &world,
        &[
            "deal",
            "add",
            "Site",
            "--value",
            "10 EUR",
            "--contact",
            "ana",
        ],
    );
    must(
        &world,
        &[
            "deal",
            "add",
            "Shop",
            "--value",
            "5 EUR",
            "--contact",
            "ana",
        ],
    );
    must(
        &world,
        &[
            "deal",
            "add",
            "Logo",
            "--value",
            "7 USD",
            "--contact",
            "ana",
        ],
    );
    for deal in ["site", "shop", "logo"] {
        must(&world, &["win", deal]);
    }
    let json = |words: &[&str]| -> serde_json::Value {
        let words = [&["digest", "--format", "json"], words].concat();
        let all: serde_json::Value = serde_json::from_str(&must(&world, &words)).expect("JSON");
        all["data"].clone()
    };
    let morning = json(&[]);
    assert_eq!(morning["overdue"].as_array().map(Vec::len), Some(20));
    assert_eq!(morning["overdue"][0]["with"][0]["name"], "Ana");
    let losing = morning["losing-touch"].as_array().expect("a list");
    assert_eq!(losing.len(), 1, "{losing:?}");
    assert_eq!(losing[0]["name"], "Ana");
    assert_eq!(losing[0]["cadence"], 7);
    assert_eq!(losing[0]["last-contact"], "2026-11-15T10:00:00+01:00");
    let evening = json(&["--evening"]);
    assert_eq!(
        evening["results"]["won"]["value"],
        serde_json::json!([
            { "amount": "15.00", "currency": "EUR" },
            { "amount": "7.00", "currency": "USD" },
        ])
    );
    assert_eq!(evening["results"]["won"]["count"], 3);
    let text = must(&world, &["digest"]);
    assert!(
        text.contains("  and 8 more: touchbase due --overdue\n"),
        "{text}"
    );
    let next = must(&world, &["next", "--json=who,why"]);
    assert!(next.contains("wanted every 7 days"), "{next}");
}

/// The lines that cron would run.
fn lines_of(table: &str) -> Vec<&str> {
    table
        .lines()
        .filter(|line| !line.starts_with('#'))
        .collect()
}

#[test]
fn lines_for_cron_run_as_they_stand() {
    let mut world = world("");
    let folder = world.path().join("50% of $HOME's \"data\"");
    let folder = folder.to_string_lossy().into_owned();
    world
        .vars
        .insert("TOUCHBASE_DIR".to_owned(), folder.clone());
    must(&world, &["remind", "-", "today", "call Ana"]);
    let table = world.run_program(&["touchbase", "cron", "print"], "").out;
    let lines = lines_of(&table);
    assert_eq!(lines.len(), 2, "{table}");
    for (line, expect) in lines.iter().zip(["call Ana", "1 today"]) {
        let (when, command) = line.split_once("  ").expect("five fields");
        assert_eq!(when.split(' ').count(), 5, "{line}");
        assert!(!command.replace("\\%", "").contains('%'), "{line}");
        // As cron runs it: its own environment, another folder, the escaped signs plain.
        let mut shell = Command::new("/bin/sh");
        shell.args(["-c", &command.replace("\\%", "%")]);
        shell.env_clear().current_dir("/").envs([
            ("HOME", world.vars["HOME"].as_str()),
            ("PATH", "/usr/bin:/bin"),
            ("TOUCHBASE_NOW", world.vars["TOUCHBASE_NOW"].as_str()),
        ]);
        let done = shell.output().expect("a shell");
        let out = String::from_utf8_lossy(&done.stdout).into_owned();
        assert!(out.contains(expect), "{line}: {done:?}");
    }
    let odd = world.path().join("a\nb").to_string_lossy().into_owned();
    let ran = run(&world, &["--dir", &odd, "cron", "print"]);
    assert_eq!(ran.code, 5, "{}", ran.err);
}

#[test]
fn the_usual_places_need_no_flags() {
    let mut world = world("[remind]\nmail = \"me@example.org\"\n");
    world.vars.remove("TZ");
    let words = ["touchbase", "cron", "print", "--systemd"];
    let text = world.run_program(&words, "").out;
    let starts: Vec<&str> = text
        .lines()
        .filter_map(|line| line.strip_prefix("ExecStart="))
        .collect();
    let program = env!("CARGO_BIN_EXE_touchbase");
    assert_eq!(
        starts,
        [
            format!("{program} due --since last --notify mail"),
            format!("{program} digest --mail"),
        ]
    );
    world
        .vars
        .insert("TZ".to_owned(), "America/New_York".to_owned());
    let config = world.path().join("own.toml").to_string_lossy().into_owned();
    fs::write(&config, "").expect("settings");
    let table = run(
        &world,
        &["--config", &config, "cron", "print", "--notify", "desktop"],
    )
    .out;
    let words = split(lines_of(&table)[0]);
    assert_eq!(
        words[5..],
        [
            "touchbase",
            "--config",
            &config,
            "--tz",
            "America/New_York",
            "due",
            "--since",
            "last",
            "--notify",
            "desktop"
        ]
    );
}

/// The files that the units are to be put into.
fn unit_files(text: &str) -> Vec<(String, String)> {
    let mut files: Vec<(String, String)> = Vec::new();
    for line in text.lines() {
        if let Some(path) = line.strip_prefix("# ~/.config/systemd/user/") {
            files.push((path.to_owned(), String::new()));
        } else if let Some((_, content)) = files.last_mut() {
            content.push_str(line);
            content.push('\n');
        }
    }
    files
}

#[test]
fn units_are_understood_by_systemd() {
    let mut world = world("");
    let folder = world.path().join("50% of $HOME's \"data\"");
    let folder = folder.to_string_lossy().into_owned();
    world.vars.insert("TOUCHBASE_DIR".to_owned(), folder);
    let words = [
        "touchbase",
        "cron",
        "print",
        "--systemd",
        "--notify",
        "desktop",
    ];
    let text = world.run_program(&words, "").out;
    let files = unit_files(&text);
    assert_eq!(files.len(), 2, "{text}");
    assert!(text.contains("50%% of $$HOME's \\\"data\\\"\""), "{text}");
    let mut paths: Vec<PathBuf> = Vec::new();
    for (name, content) in &files {
        let path = world.path().join(name);
        fs::write(&path, content).expect("a unit");
        paths.push(path);
    }
    let mut verify = Command::new("systemd-analyze");
    verify
        .args(["verify", "--user", "--man=no", "--generators=no"])
        .args(&paths);
    verify.env("XDG_RUNTIME_DIR", world.path());
    let Ok(done) = verify.output() else {
        println!("skipped: there is no systemd-analyze");
        return;
    };
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(done.status.success(), "{said}");
    assert!(!said.contains("touchbase-due"), "{said}");
    // That it would have found a mistake.
    fs::write(&paths[0], files[0].1.replace("ExecStart=", "ExecStrat=")).expect("a unit");
    let done = verify.output().expect("as before");
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(said.contains("ExecStrat"), "{said}");
}
