//! Compaction beside the work: everyone may compact at any time, and nothing is lost.

use crate::agreement;
use crate::world::World;
use std::process::{Child, Stdio};
use std::time::Duration;
use touchbase::domain::activity;
use touchbase::store::folder::StoreFolder;

fn start(world: &World, words: &[&str]) -> Child {
    let mut command = world.program();
    command.args(["--lock-timeout", "60s"]).args(words);
    command.stdin(Stdio::null()).stdout(Stdio::null());
    command.spawn().expect("the program starts")
}

#[test]
fn many_who_compact_while_others_write_lose_nothing() {
    let world = World::new();
    let ran = world.run(&["touchbase", "contact", "add", "Ana Lima"], "");
    assert_eq!(ran.code, 0, "{}", ran.err);
    let texts: Vec<String> = (0..60).map(|number| format!("call {number}")).collect();
    let mut children = Vec::new();
    for round in texts.chunks(6) {
        children.extend((0..3).map(|_| start(&world, &["compact"])));
        children.extend(
            round
                .iter()
                .map(|text| start(&world, &["log", "ana", text])),
        );
    }
    for mut child in children {
        assert!(child.wait().expect("ends").success());
    }
    let folder = StoreFolder::new(world.data(), Duration::from_secs(5));
    let session = folder.open().expect("opens");
    agreement::check(&session).expect("agrees");
    let mut found: Vec<String> = session
        .all(&activity::KIND)
        .map(|record| record.expect("readable").title().to_owned())
        .collect();
    let mut wanted = texts;
    found.sort();
    wanted.sort();
    assert_eq!(found, wanted);
}
