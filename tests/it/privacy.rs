//! What the program writes is for its user alone.

use crate::world::World;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

/// Files and folders below a path that others than the owner may use.
fn open_to_others(path: &Path, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(path).expect("a folder").flatten() {
        let metadata = entry.metadata().expect("metadata");
        if metadata.permissions().mode() & 0o077 != 0 {
            found.push(entry.path().display().to_string());
        }
        if metadata.is_dir() {
            open_to_others(&entry.path(), found);
        }
    }
}

#[test]
fn a_store_is_private_whatever_the_umask() {
    let world = World::new();
    for name in ["Ana", "Bo", "Cara"] {
        let line = format!(
            "umask 000; exec {} contact add {name}",
            env!("CARGO_BIN_EXE_touchbase")
        );
        let mut shell = Command::new("sh");
        shell.args(["-c", &line]).env_clear().envs(&world.vars);
        assert!(shell.output().expect("a shell").status.success());
    }
    let mut found = Vec::new();
    open_to_others(&world.data(), &mut found);
    assert!(world.data().join("db/db").exists());
    assert_eq!(found, Vec::<String>::new());
    let mode = std::fs::metadata(world.data())
        .expect("the folder")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o700);
}

#[test]
fn what_else_lies_in_the_folder_is_left_alone() {
    let world = World::new();
    let outside = world.path().join("outside");
    let folder = world.path().join("shared");
    for path in [&outside, &folder] {
        std::fs::create_dir(path).expect("a folder");
    }
    let others = [folder.join("script"), outside.join("script")];
    for path in &others {
        std::fs::write(path, "#!/bin/sh\n").expect("a file");
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).expect("a mode");
    }
    std::os::unix::fs::symlink(&outside, folder.join("link")).expect("a link");
    let store = folder.to_string_lossy().into_owned();
    let ran = world.run_program(&["touchbase", "--dir", &store, "contact", "add", "Ana"], "");
    assert_eq!(ran.code, 0, "{}", ran.err);
    for path in &others {
        let mode = std::fs::metadata(path).expect("there").permissions().mode();
        assert_eq!(mode & 0o777, 0o755, "{}", path.display());
    }
}

#[test]
fn a_store_where_anyone_can_write_is_warned_about() {
    let rows: &[(u32, u32, bool)] = &[
        (0o755, 0o700, false),
        (0o775, 0o700, false),
        (0o777, 0o700, true),
        (0o1777, 0o700, false),
        (0o755, 0o770, false),
        (0o755, 0o777, true),
    ];
    for (outer, inner, is_warned) in rows {
        let world = World::new();
        let parent = world.path().join("outer");
        let folder = parent.join("store");
        std::fs::create_dir_all(&folder).expect("a folder");
        let set = |path: &Path, mode| {
            let mode = std::fs::Permissions::from_mode(mode);
            std::fs::set_permissions(path, mode).expect("a mode");
        };
        set(&folder, *inner);
        set(&parent, *outer);
        let store = folder.to_string_lossy().into_owned();
        let ran = world.run(&["touchbase", "--dir", &store, "contact", "list"], "");
        assert_eq!(ran.code, 0, "{}", ran.err);
        let warned = ran.err.starts_with("warning: anyone on this machine");
        assert_eq!(warned, *is_warned, "{outer:o} {inner:o}: {}", ran.err);
    }
}

#[test]
fn nothing_of_the_records_is_in_files_beside_them() {
    let world = World::new();
    let secret = "Zyxwvut Qponmlk";
    for words in [
        &["touchbase", "contact", "add", secret][..],
        &["touchbase", "log", secret, "about Zyxwvut"],
        &["touchbase", "contact", "list", "no such:field"],
    ] {
        world.run_program(words, "");
    }
    for name in ["lock", "head", "db/whole", "db/conf"] {
        let bytes = std::fs::read(world.data().join(name)).expect("readable");
        let text = String::from_utf8_lossy(&bytes).to_lowercase();
        assert!(!text.contains("zyxwvut"), "{name}: {text}");
    }
}
