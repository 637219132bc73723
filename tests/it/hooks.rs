//! Hooks: programs of the user's that run before and after changes.

use crate::world::World;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;

/// A world with hooks: each a name and a script for `sh`.
fn world(hooks: &[(&str, &str)]) -> World {
    let world = World::new();
    let folder = world.path().join(".config/touchbase/hooks");
    fs::create_dir_all(&folder).expect("a folder");
    for (name, script) in hooks {
        let path = folder.join(name);
        fs::write(&path, format!("#!/bin/sh\n{script}\n")).expect("written");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("executable");
    }
    world
}

fn ok(world: &World, words: &[&str]) -> String {
    let ran = world.run_program(words, "");
    assert_eq!(ran.code, 0, "{words:?}: {}", ran.err);
    ran.err
}

fn read(world: &World, name: &str) -> String {
    fs::read_to_string(world.path().join(name)).unwrap_or_default()
}

const NOTE_EVENTS: &str = r#"grep -o '"event":"[^"]*"' >> "$HOME/events""#;

#[test]
fn a_hook_gets_the_record_before_and_after() {
    let world = world(&[("after-contact-edit.sh", "cat > \"$HOME/got\"")]);
    ok(
        &world,
        &["touchbase", "contact", "add", "Ana", "--role", "CTO"],
    );
    assert_eq!(read(&world, "got"), "", "adding is no editing");
    ok(
        &world,
        &["touchbase", "contact", "edit", "ana", "--role", "CEO"],
    );
    let got: serde_json::Value = serde_json::from_str(&read(&world, "got")).expect("JSON");
    assert_eq!(got["event"], "after-contact-edit");
    assert_eq!(got["before"]["role"], "CTO");
    assert_eq!(got["after"]["role"], "CEO");
    assert_eq!(got["after"]["name"], "Ana");
    assert_eq!(got["summary"], "changed role of Ana");
}

#[test]
fn each_event_has_its_name() {
    let names = [
        "contact-add",
        "contact-edit",
        "contact-archive",
        "contact-restore",
        "contact-rm",
        "contact-purge",
        "deal-add",
        "deal-move",
        "follow-up-add",
        "follow-up-done",
        "follow-up-snooze",
        "activity-add",
    ];
    let files: Vec<String> = names.iter().map(|name| format!("after-{name}")).collect();
    let hooks: Vec<(&str, &str)> = files
        .iter()
        .map(|name| (name.as_str(), NOTE_EVENTS))
        .collect();
    let world = world(&hooks);
    for line in [
        "contact add Ana",
        "contact edit ana --role CEO",
        "contact archive ana",
        "contact restore ana",
        "deal add Site --value 100 --contact ana",
        "win site",
        "remind ana +3d",
        "snooze follow +5d",
        "done follow --log did",
        "contact rm ana",
        "contact rm ana --purge --yes",
    ] {
        let words: Vec<&str> = ["touchbase"].into_iter().chain(line.split(' ')).collect();
        ok(&world, &words);
    }
    let events = read(&world, "events");
    let events: Vec<&str> = events
        .lines()
        .map(|line| &line["\"event\":\"after-".len()..line.len() - 1])
        .collect();
    assert_eq!(
        events.join(" "),
        "contact-add contact-edit contact-archive contact-restore deal-add contact-edit deal-move \
         follow-up-add follow-up-snooze follow-up-done activity-add contact-rm contact-purge",
        "winning a deal makes a customer of its contact"
    );
}

#[test]
fn a_hook_that_refuses_is_obeyed() {
    let refuse = "echo 'every deal needs a value' >&2; exit 3";
    let world = world(&[("before-deal-add", refuse)]);
    let ran = world.run_program(&["touchbase", "deal", "add", "Site"], "");
    assert_eq!(ran.code, 1);
    assert_eq!(
        ran.err,
        "error: nothing was changed: the hook `before-deal-add` says: every deal needs a value\n"
    );
    assert_eq!(ok(&world, &["touchbase", "deal", "list"]), "");
    let csv = "title,value\nSite,100\nShop,200\n";
    let imported = world.run_program(
        &[
            "touchbase",
            "import",
            "-",
            "--kind",
            "deal",
            "--format",
            "csv",
        ],
        csv,
    );
    assert_eq!(imported.code, 1, "{}", imported.err);
    assert!(
        imported.err.contains("every deal needs a value"),
        "{}",
        imported.err
    );
    let batch = world.run_program(&["touchbase", "batch"], "deal add Site\ncontact add Ana\n");
    assert_eq!(batch.code, 1);
    assert!(batch.err.contains("1 done, 1 failed"), "{}", batch.err);
}

#[test]
fn a_hook_that_fails_afterwards_is_told() {
    let world = world(&[("after-contact-add", "exit 7"), ("after-company-add", "")]);
    let folder = world.path().join(".config/touchbase/hooks");
    let plain = fs::Permissions::from_mode(0o644);
    fs::set_permissions(folder.join("after-company-add"), plain).expect("not executable");
    let said = ok(&world, &["touchbase", "contact", "add", "Ana"]);
    assert!(
        said.starts_with("note: the change is saved, but the hook `after-contact-add` says: it ended with code 7\n"),
        "{said}"
    );
    let said = ok(&world, &["touchbase", "company", "add", "Acme"]);
    assert!(
        said.contains("the hook `after-company-add` is not executable"),
        "{said}"
    );
}

#[test]
fn the_store_is_free_while_a_hook_runs() {
    let script = format!(
        "'{}' --lock-timeout 2s log ana 'told by a hook' -q >&2",
        env!("CARGO_BIN_EXE_touchbase")
    );
    let world = world(&[
        ("before-deal-add", &script),
        ("after-deal-add", &script),
        (
            "after-activity-add",
            "echo 'hooks of hooks' >> \"$HOME/deep\"",
        ),
    ]);
    ok(&world, &["touchbase", "contact", "add", "Ana"]);
    ok(
        &world,
        &["touchbase", "deal", "add", "Site", "--contact", "ana"],
    );
    let listed = world.run_program(&["touchbase", "activity", "list", "--columns", "text"], "");
    assert_eq!(
        listed.out.matches("told by a hook").count(),
        2,
        "{}",
        listed.out
    );
    assert_eq!(
        read(&world, "deep"),
        "",
        "what a hook changes calls no hooks"
    );
}

/// A change that a hook itself overtakes is made anew, on what the hook made of the record.
#[test]
fn a_record_that_changes_meanwhile_is_not_overwritten() {
    let script = format!(
        "'{}' contact edit ana --tag +seen -q >&2",
        env!("CARGO_BIN_EXE_touchbase")
    );
    let world = world(&[("before-contact-edit", &script)]);
    ok(&world, &["touchbase", "contact", "add", "Ana"]);
    ok(
        &world,
        &["touchbase", "contact", "edit", "ana", "--role", "CEO"],
    );
    let listed = world.run_program(
        &["touchbase", "contact", "list", "--columns", "role,tag"],
        "",
    );
    assert!(listed.out.ends_with("\tCEO\tseen\n"), "{}", listed.out);
}

#[test]
fn a_hook_that_takes_too_long_is_stopped() {
    let world = world(&[("before-contact-add", "sleep 60 & sleep 60")]);
    let config = world.path().join(".config/touchbase/config.toml");
    fs::write(config, "hook-time = 1\n").expect("written");
    let ran = world.run_program(&["touchbase", "contact", "add", "Ana"], "");
    assert_eq!(ran.code, 1);
    assert!(
        ran.err.contains("took longer than 1 s and was stopped"),
        "{}",
        ran.err
    );
}

#[test]
fn hooks_read_nothing_or_all_of_a_large_record() {
    let world = world(&[
        ("before-contact-add", "exit 0"),
        ("after-contact-add", "wc -c > \"$HOME/size\""),
    ]);
    let notes = "n".repeat(300_000);
    let json = format!("{{\"name\":\"Ana\",\"notes\":\"{notes}\"}}");
    let ran = world.run_program(&["touchbase", "contact", "add", "-"], &json);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let size: usize = read(&world, "size").trim().parse().expect("a number");
    assert!(size > 300_000, "{size}");
}
