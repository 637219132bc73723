//! What a store's log says was done: each unique text that a change brought in, and how often.

use crate::world::World;
use std::collections::BTreeMap;
use std::time::Duration;
use touchbase::domain::change::{Cause, Edit, Who};
use touchbase::domain::{contact, deal};
use touchbase::store::folder::StoreFolder;
use touchbase::store::session::Session;

/// Read up to a change; goes on from there.
#[derive(Default)]
pub(crate) struct Ledger {
    /// The last change that was read.
    pub(crate) upto: u64,
    /// How often a change of its own accord brought in a title, a role or a next step.
    pub(crate) marks: BTreeMap<String, usize>,
    /// Changes that came through the screen.
    pub(crate) by_screen: usize,
    /// Undoings that came through the shell.
    pub(crate) shell_undos: usize,
}

impl Ledger {
    /// Reads what is new. A log that became shorter is an error, as is one with a gap.
    pub(crate) fn catch_up(&mut self, session: &Session) {
        let last = session.last_change();
        assert!(
            last >= self.upto,
            "{} of {} changes are left",
            last,
            self.upto
        );
        for number in self.upto + 1..=last {
            let head = session.change_head(number).expect("readable");
            let head = head.unwrap_or_else(|| panic!("change {number} of {last} is missing"));
            self.by_screen += usize::from(head.who == Who::Tui);
            let is_undo = matches!(head.cause, Cause::Undo(_));
            self.shell_undos += usize::from(is_undo && head.who == Who::Cli);
            if head.cause != Cause::Plain {
                continue;
            }
            for edit in session.change_edits(number).expect("readable") {
                for mark in marks(&edit) {
                    *self.marks.entry(mark).or_default() += 1;
                }
            }
        }
        self.upto = last;
    }

    /// Which of those texts are not there exactly once.
    pub(crate) fn missing<'a>(&self, answered: &'a [String]) -> Vec<&'a String> {
        let once = |text: &&String| self.marks.get(text.as_str()) != Some(&1);
        answered.iter().filter(once).collect()
    }
}

/// The texts that an edit brought in.
fn marks(edit: &Edit) -> Vec<String> {
    let Some(after) = &edit.after else {
        return Vec::new();
    };
    let title = after.title();
    let mut marks = Vec::new();
    if edit
        .before
        .as_ref()
        .is_none_or(|before| before.title() != title)
    {
        marks.push(title.to_owned());
    }
    for (kind, key) in [
        (&contact::KIND, contact::ROLE),
        (&deal::KIND, deal::NEXT_STEP),
    ] {
        let text = after.text(key);
        let old = edit.before.as_ref().map_or("", |before| before.text(key));
        if after.kind == kind && old != text && !text.is_empty() {
            marks.push(text.to_owned());
        }
    }
    marks
}

/// A session on a world's store, after whoever else waits for it.
pub(crate) fn open(world: &World) -> Session {
    let folder = StoreFolder::new(world.data(), Duration::from_secs(120));
    folder.open().expect("the store opens")
}

/// The bytes of all files below a folder.
pub(crate) fn bytes_below(folder: &std::path::Path) -> u64 {
    let mut bytes = 0;
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        let Ok(metadata) = entry.metadata() else {
            continue;
        };
        bytes += if metadata.is_dir() {
            bytes_below(&entry.path())
        } else {
            metadata.len()
        };
    }
    bytes
}
