//! Every example in every help text runs, in a shell, on a store that has what it names.

use crate::world::World;
use clap::Command;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command as Process;

/// What the examples name, in the order in which it is made.
const STOCK: &[&str] = &[
    "company add Acme --domain acme.example",
    "company add 'Two Words'",
    "contact add 'Ana Silva' --email ana@acme.example --company acme --tag vip --tag berlin",
    "contact add 'Bo Lund' --email bo@acme.example --phone '030 901820'",
    "contact add 'Zoë Müller' --email zoe@acme.example",
    "deal add 'New site' --value 4200 --contact ana --stage qualified",
    "deal add 'Old site' --value 900 --contact bo",
    "win 'old site'",
    "segment add 'vip-north' --query tag:vip",
    "log bo 'left a message'",
    "tag bo fair",
    "log ana 'first call' --at 'yesterday 3pm'",
    "remind ana yesterday 'send the quote'",
    "tag ana gold",
    "undo",
];

/// Files that the examples read.
fn files(folder: &Path) {
    let message = "From: Ana Silva <ana@acme.example>\nTo: me@studio.example\nSubject: the quote\n\
                   Date: Tue, 24 Nov 2026 09:00:00 +0100\nMessage-ID: <1@acme.example>\n\nThank you.\n";
    let card = "BEGIN:VCARD\nVERSION:3.0\nFN:Cleo Marsh\nEND:VCARD\n";
    for (name, text) in [
        ("calls.txt", "log ana 'wants a quote'\n"),
        ("contacts.vcf", card),
        ("people.csv", "name,email\nDora Kahn,dora@acme.example\n"),
        ("deals.csv", "title,Amount,stage\nShop,1200,Closed\n"),
        ("message.eml", message),
    ] {
        fs::write(folder.join(name), text).expect("written");
    }
    // What is mailed and shown on a desktop goes nowhere here.
    for name in ["bin/notify-send", "bin/sendmail"] {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        fs::write(&path, "#!/bin/sh\ncat > /dev/null\n").expect("written");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("executable");
    }
    let settings = folder.join(".config/touchbase");
    fs::create_dir_all(&settings).expect("a folder");
    let text = "[remind]\nmail = \"me@studio.example\"\nsendmail = \"sendmail -t\"\n";
    fs::write(settings.join("config.toml"), text).expect("written");
}

/// The lines of help texts that are commands to be typed, by the command that they belong to.
fn examples(command: &Command, path: &str, found: &mut Vec<(String, String)>) {
    let help = command.get_after_help().map(ToString::to_string);
    for line in help.iter().flat_map(|help| help.lines()) {
        if let Some(example) = line
            .strip_prefix("  ")
            .filter(|line| line.starts_with("touchbase"))
        {
            found.push((path.to_owned(), example.to_owned()));
        }
    }
    for inner in command.get_subcommands() {
        examples(inner, &format!("{path} {}", inner.get_name()), found);
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder").flatten() {
        let target: PathBuf = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), &target).expect("a copy");
        }
    }
}

fn shell(world: &World, home: &Path, line: &str) -> (Option<i32>, String) {
    let program = Path::new(env!("CARGO_BIN_EXE_touchbase"));
    let folder = program.parent().expect("a folder").display();
    let ran = Process::new("sh")
        .args(["-c", line])
        .env_clear()
        .envs(&world.vars)
        .env("HOME", home)
        .env(
            "PATH",
            format!("{}/bin:{folder}:/usr/bin:/bin", home.display()),
        )
        .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
        .env("EDITOR", "true")
        .current_dir(home)
        .stdin(std::process::Stdio::null())
        .output()
        .expect("a shell");
    let said = String::from_utf8_lossy(&ran.stderr).into_owned();
    (ran.status.code(), said)
}

#[test]
fn every_example_of_every_help_text_runs() {
    let world = World::new();
    files(world.path());
    for line in STOCK {
        let (code, said) = shell(&world, world.path(), &format!("touchbase {line}"));
        assert_eq!(code, Some(0), "{line}\n{said}");
    }
    for name in ["everything.jsonl.gz", "touchbase-20261124-060000.jsonl.gz"] {
        let (code, said) = shell(&world, world.path(), &format!("touchbase backup {name}"));
        assert_eq!(code, Some(0), "{said}");
    }
    let mut found = Vec::new();
    examples(&touchbase::cli::command(), "touchbase", &mut found);
    for step in touchbase::cli::help::FIRST_STEPS {
        found.push(("touchbase".to_owned(), (*step).to_owned()));
    }
    let commands = touchbase::cli::commands::COMMANDS.iter();
    for def in commands.filter(|def| !matches!(def.name, "keys" | "redo" | "compact")) {
        let path = format!("touchbase {}", def.name);
        assert!(
            found.iter().any(|(known, _)| *known == path),
            "{path} has no examples"
        );
    }
    let mut wrong = Vec::new();
    for (path, example) in &found {
        let home = tempfile::tempdir().expect("a folder");
        copy(world.path(), home.path());
        let (code, said) = shell(&world, home.path(), example);
        if code != Some(0) {
            wrong.push(format!("{path}: {example}\n{said}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    println!("{} examples", found.len());
}
