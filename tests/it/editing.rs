//! Editing in the user's own editor: records and settings, with what goes wrong.

use crate::world::{Ran, World};
use std::fs;
use std::os::unix::fs::PermissionsExt as _;

/// A world whose editor is a script that gets the file as `$1`.
fn world(script: &str) -> World {
    let mut world = World::new();
    set_editor(&mut world, script);
    let words = [
        "touchbase",
        "contact",
        "add",
        "Ana Silva",
        "--email",
        "work:ana@acme.example",
        "--tag",
        "vip",
        "--tag",
        "berlin",
        "--notes",
        "first line",
        "--set",
        "shoe=38",
    ];
    let made = world.run_program(&words, "");
    assert_eq!(made.code, 0, "{}", made.err);
    world
}

fn set_editor(world: &mut World, script: &str) {
    let path = world.path().join("an editor");
    fs::write(&path, format!("#!/bin/sh\n{script}\n")).expect("written");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("executable");
    let editor = format!("'{}'", path.display());
    world.vars.insert("EDITOR".to_owned(), editor);
}

fn edit(world: &World, form: &str) -> Ran {
    world.run_program(&["touchbase", "contact", "edit", "ana", form], "")
}

fn shown(world: &World, columns: &str) -> String {
    let columns = format!("--columns={columns}");
    let words = ["touchbase", "contact", "list", &columns, "--format=csv"];
    let listed = world.run_program(&words, "");
    assert_eq!(listed.code, 0, "{}", listed.err);
    listed
        .out
        .split_once(',')
        .expect("columns")
        .1
        .replace("\r\n", "\n")
}

#[test]
fn a_record_is_edited_as_toml() {
    let script = r#"
grep -q '^name = "Ana Silva"$' "$1" || exit 9
grep -q '# role =   (Their role there)' "$1" || exit 8
sed -i 's/^# role =.*/role = "CEO \\"acting\\""/; s/"berlin"/"bremen"/; s/^shoe = .*/shoe = "39"/' "$1"
printf 'size = 4\n' >> "$1""#;
    let world = world(script);
    let ran = edit(&world, "--editor");
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.err.starts_with("changed "), "{}", ran.err);
    let found = shown(&world, "role,tag,custom.shoe,custom.size,email,notes");
    assert!(
        found.ends_with(
            "\"CEO \"\"acting\"\"\",vip; bremen,39,4,work:ana@acme.example,first line\n"
        ),
        "{found}"
    );
}

#[test]
fn a_record_is_edited_as_markdown() {
    let script = r#"
case "$1" in *.md) ;; *) exit 9 ;; esac
sed -i 's/^email = .*/email = ["ana@new.example", "work:ana@acme.example"]/; /^tag = /,/\]/d' "$1"
printf '\n# Second\n\nwith *marks*\n' >> "$1""#;
    let world = world(script);
    let ran = edit(&world, "--editor=markdown");
    assert_eq!(ran.code, 0, "{}", ran.err);
    let found = shown(&world, "email,tag,notes");
    let wanted =
        "ana@new.example; work:ana@acme.example,,\"first line\n\n# Second\n\nwith *marks*\"\n";
    assert!(found.ends_with(wanted), "{found}");
}

#[test]
fn a_text_saved_as_it_was_changes_nothing() {
    let world = world("printf '\\n' >> \"$1\"");
    for form in ["--editor", "--editor=markdown"] {
        let ran = edit(&world, form);
        assert_eq!(
            (ran.code, ran.err.as_str()),
            (0, "nothing was changed of Ana Silva\n")
        );
    }
    let history = world.run_program(&["touchbase", "history", "--format=tsv"], "");
    assert_eq!(history.out.lines().count(), 1, "{}", history.out);
}

#[test]
fn a_text_that_makes_no_sense_is_kept() {
    let rows = [
        (
            "echo 'rolle = \"x\"' > \"$1\"",
            "a contact has no field `rolle`",
            5,
        ),
        ("echo 'role = \"x' > \"$1\"", "line 1: ", 5),
        ("echo 'email = [\"nonsense\"]' > \"$1\"", "nonsense", 5),
        (
            "echo 'role = [[1]]' > \"$1\"",
            "`role` is no single value",
            5,
        ),
        ("echo 'no fences' > \"$1\"", "are gone", 5),
        ("exit 4", "ended with code 4", 1),
        ("kill -9 $$", "was killed", 1),
    ];
    let mut world = world("true");
    for (script, wanted, code) in rows {
        set_editor(&mut world, script);
        let form = if wanted == "are gone" {
            "--editor=markdown"
        } else {
            "--editor"
        };
        let ran = edit(&world, form);
        assert_eq!(ran.code, code, "{script}: {}", ran.err);
        assert!(ran.err.contains(wanted), "{script}: {}", ran.err);
        if code == 5 {
            let (_, rest) = ran.err.split_once("is kept in `").expect("the place");
            let path = rest.split('`').next().expect("a path");
            assert!(!fs::read_to_string(path).expect("kept").is_empty());
            fs::remove_file(path).expect("removed");
        }
    }
    for editor in ["", "no-such-editor --wait"] {
        world.vars.insert("EDITOR".to_owned(), editor.to_owned());
        world.vars.insert("PATH".to_owned(), "/nowhere".to_owned());
        let ran = edit(&world, "--editor");
        assert_eq!(ran.code, 1, "{editor}: {}", ran.err);
        assert!(
            ran.err.contains("hint: set `VISUAL` or `EDITOR`"),
            "{}",
            ran.err
        );
    }
}

/// While the editor is open the store is free, and what others change there is not overwritten.
#[test]
fn others_change_the_same_meanwhile() {
    let program = env!("CARGO_BIN_EXE_touchbase");
    let mut world = world("true");
    let script = format!(
        "'{program}' contact edit ana --role CTO -q && sed -i 's/^# role =.*/role = \"CEO\"/' \"$1\""
    );
    set_editor(&mut world, &script);
    let ran = edit(&world, "--editor");
    assert_eq!(ran.code, 6, "{}", ran.err);
    assert!(ran.err.contains("is kept in `"), "{}", ran.err);
    assert!(shown(&world, "role").ends_with("CTO\n"));
    let script = format!(
        "'{program}' contact edit ana --source fair -q && sed -i 's/^role = .*/role = \"CFO\"/' \"$1\""
    );
    set_editor(&mut world, &script);
    let ran = edit(&world, "--editor");
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(shown(&world, "role,source").ends_with("CFO,fair\n"));
}

#[test]
fn settings_that_make_no_sense_are_not_saved() {
    let mut world = world("sed -i '0,/^# currency = .*/s//currency = \"USD\"/' \"$1\"");
    let config = world.path().join(".config/touchbase/config.toml");
    let run = |world: &World| world.run_program(&["touchbase", "config", "edit"], "");
    let ran = run(&world);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let text = fs::read_to_string(&config).expect("saved");
    assert!(text.contains("\ncurrency = \"USD\"\n"), "{text}");
    set_editor(&mut world, "echo 'curency = \"USD\"' > \"$1\"");
    let ran = run(&world);
    assert_eq!(ran.code, 5, "{}", ran.err);
    assert!(
        ran.err
            .contains("config.toml:1: there is no setting `curency`"),
        "{}",
        ran.err
    );
    assert!(
        ran.err.contains("hint: did you mean `currency`?"),
        "{}",
        ran.err
    );
    assert_eq!(fs::read_to_string(&config).expect("there"), text);
    let broken = "currency = \"ZZZ\"\nregon = \"DE\"\n";
    fs::write(&config, broken).expect("written");
    let listed = world.run_program(&["touchbase", "contact", "list"], "");
    assert_eq!(listed.code, 5);
    assert!(
        listed
            .err
            .contains("and 1 more: see `touchbase config check`"),
        "{}",
        listed.err
    );
    let checked = world.run_program(&["touchbase", "config", "check"], "");
    assert_eq!(checked.code, 5);
    assert!(
        checked
            .err
            .contains("config.toml:2: there is no setting `regon`"),
        "{}",
        checked.err
    );
    set_editor(&mut world, "echo 'currency = \"CHF\"' > \"$1\"");
    assert_eq!(run(&world).code, 0, "settings that are wrong can be mended");
}

#[test]
fn profiles_have_data_and_settings_of_their_own() {
    let mut world = world("true");
    let config = world.path().join(".config/touchbase/config.toml");
    fs::create_dir_all(config.parent().expect("a folder")).expect("made");
    let text = "[profile.studio]\ncurrency = \"GBP\"\n[profile.shop]\ndir = \"~/shop\"\n";
    fs::write(&config, text).expect("written");
    let path = |world: &World, words: &[&str]| {
        let all: Vec<&str> = [&["touchbase"], words, &["config", "path"]].concat();
        world.run_program(&all, "").out
    };
    let home = world.path().display().to_string();
    assert!(path(&world, &[]).contains(&format!("{home}/.local/share/touchbase\n")));
    let studio = path(&world, &["--profile", "studio"]);
    assert!(
        studio.contains(&format!("{home}/.local/share/touchbase-studio\n")),
        "{studio}"
    );
    let shop = path(&world, &["--profile=shop"]);
    assert!(shop.contains(&format!("{home}/shop\n")), "{shop}");
    let words = [
        "touchbase",
        "--profile",
        "studio",
        "deal",
        "add",
        "Site",
        "--value",
        "100",
    ];
    assert_eq!(world.run_program(&words, "").code, 0);
    let words = [
        "touchbase",
        "--profile",
        "studio",
        "deal",
        "list",
        "--columns=value",
    ];
    assert!(
        world
            .run_program(&words, "")
            .out
            .ends_with("\t100.00 GBP\n")
    );
    assert_eq!(
        world.run_program(&["touchbase", "deal", "list"], "").out,
        ""
    );
    world
        .vars
        .insert("TOUCHBASE_PROFILE".to_owned(), "studio".to_owned());
    assert_eq!(
        world
            .run_program(&["touchbase", "deal", "list"], "")
            .out
            .lines()
            .count(),
        1
    );
    world
        .vars
        .insert("TOUCHBASE_CURRENCY".to_owned(), "CHF".to_owned());
    let words = ["touchbase", "deal", "add", "Shop", "--value=5", "-q"];
    assert_eq!(world.run_program(&words, "").code, 0);
    let words = [
        "touchbase",
        "--setting=currency=USD",
        "deal",
        "add",
        "App",
        "--value=6",
        "-q",
    ];
    assert_eq!(world.run_program(&words, "").code, 0);
    let listed = world.run_program(
        &[
            "touchbase",
            "deal",
            "list",
            "--columns=value",
            "--sort=title",
        ],
        "",
    );
    let values: Vec<&str> = listed
        .out
        .lines()
        .map(|line| line.split('\t').next_back().expect("a value"))
        .collect();
    assert_eq!(values, ["6.00 USD", "5.00 CHF", "100.00 GBP"]);
    let none = world.run_program(&["touchbase", "--profile=studo", "due"], "");
    assert_eq!(none.code, 5);
    assert!(
        none.err.contains("hint: did you mean `studio`?"),
        "{}",
        none.err
    );
}
