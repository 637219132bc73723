//! Two programs at once on one record: nothing is overwritten, whoever comes first.

use crate::world::{Ran, World};
use std::process::{Child, Stdio};

/// A store with Ana in it, at revision 1.
fn world() -> World {
    let world = World::new();
    let words = ["touchbase", "contact", "add", "Ana", "--role", "founder"];
    let made = world.run_program(&words, "");
    assert_eq!(made.code, 0, "{}", made.err);
    world
}

fn start(world: &World, edit: &str) -> Child {
    world
        .program()
        .args(["contact", "edit", "ana", "--revision", "1", edit])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts")
}

/// The exit codes of programs that run at the same time, and what they said.
fn at_once(world: &World, edits: &[&str]) -> (Vec<i32>, String) {
    let running: Vec<Child> = edits.iter().map(|edit| start(world, edit)).collect();
    let done = running
        .into_iter()
        .map(|child| child.wait_with_output().expect("the program ends"));
    let done: Vec<_> = done.collect();
    let codes = done.iter().map(|done| done.status.code().unwrap_or(-1));
    let said = done
        .iter()
        .map(|done| String::from_utf8_lossy(&done.stderr));
    (codes.collect(), said.collect())
}

fn listed(world: &World) -> Ran {
    let columns = "--columns=role,source,tag,revision";
    world.run_program(
        &["touchbase", "contact", "list", columns, "--format=csv"],
        "",
    )
}

#[test]
fn edits_of_different_fields_at_once_are_all_kept() {
    let world = world();
    let (codes, said) = at_once(
        &world,
        &["--role=CEO", "--source=web", "--tag=+a", "--tag=+b"],
    );
    assert_eq!(codes, [0; 4], "{said}");
    let told = said.matches("both changes are kept").count();
    assert_eq!(told, 3, "all but the first are told: {said}");
    let out = listed(&world).out;
    assert!(
        out.contains("CEO,web,a; b,5") || out.contains("CEO,web,b; a,5"),
        "{out}"
    );
}

#[test]
fn of_two_edits_of_one_field_at_once_one_is_refused_with_both_versions() {
    let world = world();
    let (mut codes, said) = at_once(&world, &["--role=CEO", "--role=CTO"]);
    codes.sort_unstable();
    assert_eq!(codes, [0, 6], "{said}");
    for part in [
        "founder",
        "CEO",
        "CTO",
        "`role` of Ana was changed meanwhile",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    let out = listed(&world).out;
    assert!(out.contains("CEO,,,2") || out.contains("CTO,,,2"), "{out}");
}

#[test]
fn a_record_that_another_program_removed_is_said_to_be_gone() {
    let world = world();
    let id = world
        .run_program(&["touchbase", "contact", "list", "--format=ids"], "")
        .out;
    let id = id.trim();
    let edit = [
        "touchbase",
        "contact",
        "edit",
        id,
        "--role=CEO",
        "--revision=1",
    ];
    let run = |words: &str| {
        let words = crate::world::split(words);
        world.run_program(&words.iter().map(String::as_str).collect::<Vec<_>>(), "")
    };
    run("touchbase contact rm ana");
    let refused = world.run_program(&edit, "");
    assert_eq!(refused.code, 6);
    assert!(
        refused
            .err
            .starts_with("error: Ana was moved to the trash meanwhile\n")
    );
    run("touchbase contact rm ana --purge --yes");
    let refused = world.run_program(&edit, "");
    assert_eq!(refused.code, 6);
    let expect = "error: Ana was removed for good meanwhile\n\
                  hint: bring it back with `touchbase undo 3`, then repeat\n";
    assert_eq!(refused.err, expect);
    let history = run(&format!("touchbase history {id}"));
    assert_eq!(history.out.lines().count(), 3, "{}", history.err);
    assert!(history.out.contains("removed for good"), "{}", history.out);
    run("touchbase undo 3");
    assert_eq!(run("touchbase contact restore ana").code, 0);
    assert_eq!(world.run_program(&edit, "").code, 0);
}

#[test]
fn a_change_of_many_records_is_shown_in_part() {
    let world = World::new();
    let rows: String = (0..53).map(|row| format!("Person {row}\n")).collect();
    std::fs::write(world.path().join("people.csv"), format!("name\n{rows}")).expect("written");
    let made = world.run_program(&["touchbase", "import", "people.csv"], "");
    assert_eq!(made.code, 0, "{}", made.err);
    let shown = world
        .run_program(&["touchbase", "history", "--change", "1"], "")
        .out;
    assert!(
        shown.starts_with("change 1  today 10:00  import\n"),
        "{shown}"
    );
    assert_eq!(shown.matches("contact Person").count(), 50);
    assert!(shown.ends_with("\n\n… and 3 more records\n"), "{shown}");
    let json = world
        .run_program(&["touchbase", "history", "--change", "1", "--json"], "")
        .out;
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(json["data"]["more-records"], 3);
    assert_eq!(json["data"]["by"], "import");
    assert_eq!(
        json["data"]["records"].as_array().expect("a list").len(),
        50
    );
}

#[test]
fn a_later_program_sees_what_an_earlier_one_did() {
    let world = world();
    let run = |words: &str| {
        world.run_program(
            &crate::world::split(words)
                .iter()
                .map(String::as_str)
                .collect::<Vec<_>>(),
            "",
        )
    };
    assert_eq!(
        run("touchbase contact edit ana --role CEO --revision 1").code,
        0
    );
    let refused = run("touchbase contact edit ana --role CTO --revision 1");
    assert_eq!((refused.code, refused.out.as_str()), (6, ""));
    assert_eq!(
        run("touchbase contact edit ana --role CTO --revision 2").code,
        0
    );
    assert_eq!(run("touchbase undo").code, 0);
    // Back to what it said at revision 2, as revision 4.
    assert_eq!(
        run("touchbase contact edit ana --role COO --revision 2").code,
        0
    );
    let refused = run("touchbase undo 2");
    assert_eq!(refused.code, 6);
    assert!(
        refused
            .err
            .contains("first `touchbase undo 5`, then `touchbase undo 2`"),
        "{}",
        refused.err
    );
    assert_eq!(run("touchbase undo 5").code, 0);
    assert_eq!(run("touchbase undo 2").code, 0);
    assert_eq!(run("touchbase undo 2").code, 6);
    assert!(
        listed(&world).out.contains("founder,,,7"),
        "{}",
        listed(&world).out
    );
}
