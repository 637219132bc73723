//! A model of a file system: what may be found on the disk after a power cut.
//!
//! **Contents.** A write, a new length or an allocation is pending until `fsync` or `fdatasync`
//! on a descriptor of the same file, begun after the call had ended, has ended. What is pending
//! may survive or not, in any order, a write in pieces. `sync_file_range` makes nothing last.
//!
//! **Names.** Creating, renaming, linking and removing are journalled in their order, as ext4
//! and xfs do: of those that are pending, any first few survive. An `fsync` of any file or
//! folder makes all names last that were there when it began. Strict names, which POSIX would
//! allow, last only when a folder is synchronised.
//!
//! A name that survives may lead to a file of which no content does.

use super::piece::{Piece, apply_piece, chained, hash_of};
use super::trace::{Argument, Call};
use std::collections::{BTreeMap, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A folder's contents at a moment: paths with the bytes of files; none for folders.
pub(crate) type Contents = BTreeMap<PathBuf, Option<Arc<Vec<u8>>>>;

struct Pending {
    call: usize,
    has_ended: bool,
    piece: Piece,
}

/// A change of names.
#[derive(Clone, Debug)]
enum Naming {
    Enter(Name, usize),
    Remove(Name),
    Move(Name, Name),
    Exchange(Name, Name),
}

/// A name in a folder.
type Name = (usize, String);
type Names = BTreeMap<Name, usize>;

struct PendingName {
    call: usize,
    has_ended: bool,
    naming: Naming,
}

#[derive(Default)]
struct Inode {
    is_folder: bool,
    /// What lasts, and a hash of how it came to be.
    lasting: Arc<Vec<u8>>,
    hash: u64,
    pending: Vec<Pending>,
    length: u64,
}

struct Open {
    inode: usize,
    position: u64,
    appends: bool,
    syncs: bool,
}

/// What an unfinished `fsync` will make last.
struct Barrier {
    pieces: Vec<(usize, Vec<usize>)>,
    names: Vec<usize>,
}

/// The disk under one folder.
pub(crate) struct Disk {
    root: PathBuf,
    has_strict_names: bool,
    inodes: Vec<Inode>,
    lasting_names: Names,
    pending_names: Vec<PendingName>,
    names: Names,
    opens: Vec<Open>,
    descriptors: HashMap<i64, usize>,
    barriers: HashMap<usize, Barrier>,
}

/// A decision on what is pending: for each file its surviving pieces, and how many names.
pub(crate) trait Survival {
    /// How many of the pending names survive.
    fn names(&mut self, pending: usize) -> usize;
    /// The pieces of a file that survive, in order; `is_last` for the piece written last of all.
    fn pieces(&mut self, piece: &Piece, is_last: bool, survivors: &mut Vec<Piece>);
}

impl Disk {
    /// A disk whose folder holds that already.
    pub(crate) fn new(root: &Path, contents: &Contents, has_strict_names: bool) -> Self {
        let mut disk = Self {
            root: root.to_owned(),
            has_strict_names,
            inodes: vec![Inode {
                is_folder: true,
                ..Inode::default()
            }],
            lasting_names: Names::new(),
            pending_names: Vec::new(),
            names: Names::new(),
            opens: Vec::new(),
            descriptors: HashMap::new(),
            barriers: HashMap::new(),
        };
        for (path, content) in contents {
            let name = disk.name(&root.join(path)).expect("below the folder");
            let lasting = content.clone().unwrap_or_default();
            disk.inodes.push(Inode {
                is_folder: content.is_none(),
                hash: hash_of(&*lasting),
                length: lasting.len() as u64,
                lasting,
                pending: Vec::new(),
            });
            disk.names.insert(name, disk.inodes.len() - 1);
        }
        disk.lasting_names.clone_from(&disk.names);
        disk
    }

    /// How many pieces and names are pending.
    pub(crate) fn pending(&self) -> (usize, usize) {
        let pieces = self.inodes.iter().map(|inode| inode.pending.len()).sum();
        (pieces, self.pending_names.len())
    }

    /// The paths of files with pending pieces, for a person.
    pub(crate) fn unsynced(&self) -> Vec<String> {
        let paths = self.paths(&self.names);
        let pending = paths
            .iter()
            .filter(|(_, inode)| !self.inodes[**inode].pending.is_empty());
        pending
            .map(|(path, _)| path.display().to_string())
            .collect()
    }

    /// A call begins: what it does may be on the disk from now on. Gives whether it matters.
    pub(crate) fn begin(&mut self, place: usize, call: &Call) -> bool {
        if call.result.is_some_and(|result| result < 0) {
            return false;
        }
        let argument = |number: usize| &call.arguments[number];
        match call.name.as_str() {
            "open" | "openat" | "creat" => self.begin_open(place, call),
            "close" => {
                self.descriptors.remove(&argument(0).number());
                false
            }
            "write" | "writev" => {
                let Some(&open) = self.descriptors.get(&argument(0).number()) else {
                    return false;
                };
                let written = written(call, argument(1));
                let inode = self.opens[open].inode;
                if self.opens[open].appends {
                    self.opens[open].position = self.inodes[inode].length;
                }
                let at = self.opens[open].position;
                self.opens[open].position += written.len() as u64;
                self.change(place, inode, Piece::Write(at, Arc::new(written)))
            }
            "pwrite64" | "pwritev" | "pwritev2" => {
                let Some(inode) = self.inode_of(argument(0)) else {
                    return false;
                };
                let at = argument(3).number().cast_unsigned();
                let written = written(call, argument(1));
                self.change(place, inode, Piece::Write(at, Arc::new(written)))
            }
            "ftruncate" => {
                let length = argument(1).number().cast_unsigned();
                self.inode_of(argument(0))
                    .is_some_and(|inode| self.change(place, inode, Piece::Length(length)))
            }
            "fallocate" => {
                let Some(inode) = self.inode_of(argument(0)) else {
                    return false;
                };
                assert_eq!(argument(1).word(), "0", "the model knows no such fallocate");
                let length = argument(2).number() + argument(3).number();
                self.change(place, inode, Piece::AtLeast(length.cast_unsigned()))
            }
            "fsync" | "fdatasync" => {
                let Some(inode) = self.inode_of(argument(0)) else {
                    return false;
                };
                let has_names = !self.has_strict_names || self.inodes[inode].is_folder;
                self.await_barrier(place, vec![inode], has_names)
            }
            "sync" | "syncfs" => self.await_barrier(place, (0..self.inodes.len()).collect(), true),
            "rename" | "renameat" | "renameat2" => {
                let (from, to) = if call.name == "rename" {
                    (self.at(None, argument(0)), self.at(None, argument(1)))
                } else {
                    let from = self.at(Some(argument(0)), argument(1));
                    (from, self.at(Some(argument(2)), argument(3)))
                };
                let exchanges = call.arguments.get(4).is_some_and(
                    |flags| matches!(flags, Argument::Word(word) if word.contains("EXCHANGE")),
                );
                match (from, to) {
                    (Some(from), Some(to)) if exchanges => {
                        self.rename(place, Naming::Exchange(from, to))
                    }
                    (Some(from), Some(to)) => self.rename(place, Naming::Move(from, to)),
                    (None, None) => false,
                    _ => panic!("renamed into the folder or out of it: {call:?}"),
                }
            }
            "unlink" | "rmdir" => self
                .at(None, argument(0))
                .is_some_and(|name| self.rename(place, Naming::Remove(name))),
            "unlinkat" => self
                .at(Some(argument(0)), argument(1))
                .is_some_and(|name| self.rename(place, Naming::Remove(name))),
            "mkdir" | "mkdirat" => {
                let name = match call.name.as_str() {
                    "mkdir" => self.at(None, argument(0)),
                    _ => self.at(Some(argument(0)), argument(1)),
                };
                name.is_some_and(|name| {
                    let inode = self.new_inode(true);
                    self.rename(place, Naming::Enter(name, inode))
                })
            }
            "link" | "linkat" => {
                let (from, to) = match call.name.as_str() {
                    "link" => (self.at(None, argument(0)), self.at(None, argument(1))),
                    _ => {
                        let from = self.at(Some(argument(0)), argument(1));
                        (from, self.at(Some(argument(2)), argument(3)))
                    }
                };
                let Some((from, to)) = from.zip(to) else {
                    return false;
                };
                let inode = self.names[&from];
                self.rename(place, Naming::Enter(to, inode))
            }
            // Only copies are made so, which nobody reads after a power cut: they may be empty.
            "copy_file_range" => false,
            "dup" | "dup2" | "dup3" | "fcntl" | "lseek" | "read" | "sync_file_range" => false,
            "truncate" | "symlink" | "symlinkat" | "msync" => {
                let is_ours = call.arguments.iter().any(|argument| {
                    matches!(argument, Argument::Bytes(_)) && self.at(None, argument).is_some()
                });
                assert!(!is_ours, "the model lacks {call:?}");
                false
            }
            _ => {
                let descriptors = call.arguments.iter().filter_map(|argument| match argument {
                    Argument::Word(word) => word.parse().ok(),
                    Argument::Bytes(_) => None,
                });
                let is_ours = descriptors
                    .into_iter()
                    .any(|number: i64| number > 2 && self.descriptors.contains_key(&number));
                assert!(!is_ours, "the model lacks {call:?}");
                false
            }
        }
    }

    /// A call has ended. Gives whether it matters.
    pub(crate) fn end(&mut self, place: usize, call: &Call) -> bool {
        let Some(result) = call.result.filter(|&result| result >= 0) else {
            return false;
        };
        let argument = |number: usize| &call.arguments[number];
        match call.name.as_str() {
            "open" | "openat" | "creat" => self.end_open(result, call),
            "dup" | "dup2" | "dup3" => self.copy(argument(0), result),
            "fcntl" if argument(1).word().starts_with("F_DUPFD") => self.copy(argument(0), result),
            "lseek" | "read" => {
                if let Some(&open) = self.descriptors.get(&argument(0).number()) {
                    let position = &mut self.opens[open].position;
                    let moved = result.cast_unsigned();
                    *position = if call.name == "read" {
                        *position + moved
                    } else {
                        moved
                    };
                }
            }
            _ => {}
        }
        let mut matters = self.barriers.contains_key(&place);
        if let Some(barrier) = self.barriers.remove(&place) {
            self.pass(&barrier);
        }
        for inode in &mut self.inodes {
            let own = inode
                .pending
                .iter_mut()
                .filter(|pending| pending.call == place);
            for pending in own {
                pending.has_ended = true;
                matters = true;
            }
        }
        for name in self
            .pending_names
            .iter_mut()
            .filter(|name| name.call == place)
        {
            name.has_ended = true;
            matters = true;
        }
        let wrote = matches!(call.name.as_str(), "write" | "writev" | "pwrite64");
        if wrote && matters {
            let open = self.descriptors.get(&argument(0).number());
            if let Some(open) = open
                .map(|&open| &self.opens[open])
                .filter(|open| open.syncs)
            {
                let inode = open.inode;
                self.await_barrier(place, vec![inode], false);
                let barrier = self.barriers.remove(&place).expect("set");
                self.pass(&barrier);
            }
        }
        matters
    }

    /// The folder as that decision leaves it, and a hash of it that needs no look at contents.
    pub(crate) fn cut(&self, survival: &mut dyn Survival) -> (u64, impl Fn() -> Contents + use<>) {
        let mut names = self.lasting_names.clone();
        let surviving = survival.names(self.pending_names.len());
        for pending in &self.pending_names[..surviving] {
            apply_name(&mut names, &pending.naming);
        }
        let calls = self.inodes.iter().flat_map(|inode| &inode.pending);
        let last = calls.map(|pending| pending.call).max();
        let mut hasher = DefaultHasher::new();
        let mut files = BTreeMap::new();
        for (path, inode) in self.paths(&names) {
            let inode = &self.inodes[inode];
            let mut pieces = Vec::new();
            for pending in &inode.pending {
                let is_last = Some(pending.call) == last;
                survival.pieces(&pending.piece, is_last, &mut pieces);
            }
            let hash = pieces.iter().fold(inode.hash, chained);
            (&path, inode.is_folder, hash).hash(&mut hasher);
            let file = (!inode.is_folder).then(|| (Arc::clone(&inode.lasting), pieces));
            files.insert(path, file);
        }
        let contents = move || {
            let content = |(lasting, pieces): &(Arc<Vec<u8>>, Vec<Piece>)| {
                let mut content = Arc::clone(lasting);
                for piece in pieces {
                    apply_piece(Arc::make_mut(&mut content), piece);
                }
                content
            };
            let all = files.iter();
            all.map(|(path, file)| (path.clone(), file.as_ref().map(content)))
                .collect()
        };
        (hasher.finish(), contents)
    }

    fn begin_open(&mut self, place: usize, call: &Call) -> bool {
        let (name, flags) = self.opened(call);
        let Some(name) = name else {
            return false;
        };
        let is_new = flags.contains("O_CREAT") || call.name == "creat";
        match self.find(&name) {
            None if is_new => {
                let inode = self.new_inode(false);
                self.rename(place, Naming::Enter(name, inode))
            }
            Some(inode) if flags.contains("O_TRUNC") && self.inodes[inode].length > 0 => {
                self.change(place, inode, Piece::Length(0))
            }
            _ => false,
        }
    }

    fn end_open(&mut self, descriptor: i64, call: &Call) {
        self.descriptors.remove(&descriptor);
        let (name, flags) = self.opened(call);
        let Some(inode) = name.and_then(|name| self.find(&name)) else {
            return;
        };
        self.opens.push(Open {
            inode,
            position: 0,
            appends: flags.contains("O_APPEND"),
            syncs: flags.contains("O_SYNC") || flags.contains("O_DSYNC"),
        });
        self.descriptors.insert(descriptor, self.opens.len() - 1);
    }

    fn opened(&self, call: &Call) -> (Option<Name>, String) {
        let (path, flags) = match call.name.as_str() {
            "openat" => (self.at(Some(&call.arguments[0]), &call.arguments[1]), 2),
            _ => (self.at(None, &call.arguments[0]), 1),
        };
        (path, call.arguments[flags].word().to_owned())
    }

    fn copy(&mut self, from: &Argument, to: i64) {
        self.descriptors.remove(&to);
        if let Some(&open) = self.descriptors.get(&from.number()) {
            self.descriptors.insert(to, open);
        }
    }

    fn inode_of(&self, descriptor: &Argument) -> Option<usize> {
        let open = self.descriptors.get(&descriptor.number())?;
        Some(self.opens[*open].inode)
    }

    fn new_inode(&mut self, is_folder: bool) -> usize {
        self.inodes.push(Inode {
            is_folder,
            ..Inode::default()
        });
        self.inodes.len() - 1
    }

    fn change(&mut self, call: usize, inode: usize, piece: Piece) -> bool {
        let length = &mut self.inodes[inode].length;
        *length = match &piece {
            Piece::Write(at, bytes) => (*length).max(at + bytes.len() as u64),
            Piece::Length(new) => *new,
            Piece::AtLeast(least) => (*length).max(*least),
        };
        self.inodes[inode].pending.push(Pending {
            call,
            has_ended: false,
            piece,
        });
        true
    }

    fn rename(&mut self, call: usize, naming: Naming) -> bool {
        apply_name(&mut self.names, &naming);
        self.pending_names.push(PendingName {
            call,
            has_ended: false,
            naming,
        });
        true
    }

    fn await_barrier(&mut self, place: usize, inodes: Vec<usize>, has_names: bool) -> bool {
        let ended = |inode: &usize| {
            let ended = self.inodes[*inode].pending.iter().filter(|p| p.has_ended);
            ended.map(|pending| pending.call).collect()
        };
        let pieces = inodes.iter().map(|inode| (*inode, ended(inode))).collect();
        let names = self.pending_names.iter().take_while(|name| name.has_ended);
        let names = names.map(|name| name.call).filter(|_| has_names).collect();
        self.barriers.insert(place, Barrier { pieces, names });
        true
    }

    fn pass(&mut self, barrier: &Barrier) {
        for (inode, calls) in &barrier.pieces {
            let inode = &mut self.inodes[*inode];
            let (now, later): (Vec<_>, Vec<_>) = std::mem::take(&mut inode.pending)
                .into_iter()
                .partition(|pending| calls.contains(&pending.call));
            inode.pending = later;
            for pending in now {
                inode.hash = chained(inode.hash, &pending.piece);
                apply_piece(Arc::make_mut(&mut inode.lasting), &pending.piece);
            }
        }
        let is_now = |name: &PendingName| barrier.names.contains(&name.call);
        while self.pending_names.first().is_some_and(is_now) {
            let name = self.pending_names.remove(0);
            apply_name(&mut self.lasting_names, &name.naming);
        }
    }

    /// A path as a name in a folder that there is; none outside the root, and for the root itself.
    fn at(&self, folder: Option<&Argument>, path: &Argument) -> Option<Name> {
        use std::os::unix::ffi::OsStrExt as _;
        let path = Path::new(std::ffi::OsStr::from_bytes(path.bytes()));
        let folder = folder.filter(|folder| folder.word() != "AT_FDCWD");
        match folder {
            Some(folder) if path.is_relative() => {
                Some((self.inode_of(folder)?, path.to_str()?.to_owned()))
            }
            _ => self.name(path),
        }
    }

    fn name(&self, path: &Path) -> Option<Name> {
        let inside = path.strip_prefix(&self.root).ok()?;
        let mut folder = 0;
        let mut parts = inside
            .iter()
            .map(|part| part.to_str().expect("UTF-8"))
            .peekable();
        while let Some(part) = parts.next() {
            if parts.peek().is_none() {
                return Some((folder, part.to_owned()));
            }
            folder = *self.names.get(&(folder, part.to_owned()))?;
        }
        // The root: a name that leads to it from nowhere.
        Some((usize::MAX, String::new()))
    }

    fn find(&self, name: &Name) -> Option<usize> {
        if name.0 == usize::MAX {
            return Some(0);
        }
        self.names.get(name).copied()
    }

    fn paths(&self, names: &Names) -> BTreeMap<PathBuf, usize> {
        let mut paths = BTreeMap::new();
        let mut folders = vec![(0, PathBuf::new())];
        while let Some((folder, path)) = folders.pop() {
            let inside = names.range((folder, String::new())..(folder + 1, String::new()));
            for ((_, name), inode) in inside {
                let path = path.join(name);
                if self.inodes[*inode].is_folder {
                    folders.push((*inode, path.clone()));
                }
                paths.insert(path, *inode);
            }
        }
        paths
    }
}

/// What a call wrote: what it was given, as far as it came.
fn written(call: &Call, given: &Argument) -> Vec<u8> {
    let bytes = given.bytes();
    let length = call.result.and_then(|result| usize::try_from(result).ok());
    bytes[..length.unwrap_or(bytes.len()).min(bytes.len())].to_vec()
}

fn apply_name(names: &mut Names, naming: &Naming) {
    match naming {
        Naming::Enter(name, inode) => {
            names.insert(name.clone(), *inode);
        }
        Naming::Remove(name) => {
            names.remove(name);
        }
        Naming::Move(from, to) => {
            if let Some(inode) = names.remove(from) {
                names.insert(to.clone(), inode);
            }
        }
        Naming::Exchange(one, other) => {
            let (first, second) = (names.remove(one), names.remove(other));
            names.extend(first.map(|inode| (other.clone(), inode)));
            names.extend(second.map(|inode| (one.clone(), inode)));
        }
    }
}
