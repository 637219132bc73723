//! A store's folder: opens sessions on it, one at a time, under a lock that waits.
//!
//! Contents: `db/` (the tree and its journal), `lock`, `telling` (the lock of those that tell what
//! is due), `head`, `names`, and what was put aside. Folders
//! are 0700 and files 0600: the program's umask sees to what sled makes.

use super::disk::DiskStore;
use super::head::{Head, HeadFile};
use super::rebuild::{self, Rebuild, TREE};
use super::session::Session;
use super::{StoreError, after_power_cut, lock, migrate};
use std::fs;
use std::fs::File;
use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Where a store lies and how long to wait for it.
#[derive(Clone, Debug)]
pub struct StoreFolder {
    path: PathBuf,
    patience: Duration,
    holder: String,
    boot: Option<String>,
}

impl StoreFolder {
    /// The store in that folder; opening waits for as long as `patience`.
    pub fn new(path: impl Into<PathBuf>, patience: Duration) -> Self {
        Self {
            path: path.into(),
            patience,
            holder: "touchbase".to_owned(),
            boot: None,
        }
    }

    /// Tells those who wait what holds the store: `touchbase import`.
    #[must_use]
    pub fn held_by(mut self, holder: &str) -> Self {
        holder.clone_into(&mut self.holder);
        self
    }

    /// Takes this for the name of the machine's present start, by which a power cut is told from
    /// a process that was killed; else the system is asked.
    #[must_use]
    pub fn started_as(mut self, boot: &str) -> Self {
        self.boot = Some(boot.to_owned());
        self
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Opens a session; the store is locked until it is dropped.
    ///
    /// # Errors
    /// When another process holds the store for too long, the system refuses, or the store
    /// is damaged or of a newer version.
    pub fn open(&self) -> Result<Session, StoreError> {
        let lock = self.lock()?;
        let tree = self.path.join(TREE);
        self.refuse_what_is_missing(&tree)?;
        if !tree.exists() {
            let mut fresh = Rebuild::begin(&self.path)?;
            migrate::mark(&mut fresh)?;
            fresh.finish(&self.path, None)?;
        }
        let boot = self.boot.clone().unwrap_or_else(present_boot);
        let mut store = after_power_cut::open(&self.path, &boot)?;
        if let Some(found) = migrate::older(&store)? {
            migrate::rebuild(&self.path, store, found)?;
            store = DiskStore::open_since(&tree, &boot)?;
        }
        let head = HeadFile::new(&self.path);
        let mut session = Session::open(Box::new(store), Some(head), Some(lock))?;
        session.keep_names(&self.path, &boot);
        Ok(session)
    }

    /// Takes the lock, makes the folder where it is missing, and settles what a kill left.
    ///
    /// # Errors
    /// When another process holds the store for too long, or the system refuses.
    pub(crate) fn lock(&self) -> Result<File, StoreError> {
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&self.path)
            .map_err(|error| StoreError::io(&self.path, error))?;
        let lock = lock::take(&self.path, lock::STORE, self.patience, &self.holder)?;
        rebuild::settle(&self.path)?;
        Ok(lock)
    }

    /// Waits for a turn at telling what is due. Two that tell must not overlap, and one that
    /// waits for another program must not hold the store meanwhile.
    ///
    /// # Errors
    /// When another process tells for too long, or the system refuses.
    pub fn turn_to_tell(&self) -> Result<File, StoreError> {
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&self.path)
            .map_err(|error| StoreError::io(&self.path, error))?;
        lock::take(&self.path, "telling", self.patience, &self.holder)
    }

    /// The same folder, to be waited for longer.
    #[must_use]
    pub fn waiting(mut self, patience: Duration) -> Self {
        self.patience = self.patience.max(patience);
        self
    }

    /// sled makes anew what it does not find: a store that lost its file would look empty.
    fn refuse_what_is_missing(&self, tree: &Path) -> Result<(), StoreError> {
        if tree.exists() && !tree.is_dir() {
            let not_a_folder = rustix::io::Errno::NOTDIR.raw_os_error();
            let source = std::io::Error::from_raw_os_error(not_a_folder);
            return Err(StoreError::io(tree, source));
        }
        let missing = match (tree.exists(), self.head()) {
            (true, _) if !tree.join("db").exists() => tree.join("db"),
            (false, Some(head)) if head.number > 0 => tree.to_owned(),
            _ => return Ok(()),
        };
        Err(StoreError::Damaged(format!(
            "`{}` is missing",
            missing.display()
        )))
    }

    /// The folder that anyone on this machine can write, if the store lies in one: it could be
    /// changed, or another put in its place.
    pub fn writable_by_anyone(&self) -> Option<&Path> {
        const ANYONE: u32 = 0o002;
        const STICKY: u32 = 0o1000;
        let mode = |path: &Path| fs::metadata(path).map_or(0, |data| data.permissions().mode());
        let parent = self.path.parent().filter(|parent| {
            let mode = mode(parent);
            // Of a folder that is sticky nobody takes away what is another's.
            mode & ANYONE != 0 && mode & STICKY == 0
        });
        let own = (mode(&self.path) & ANYONE != 0).then_some(self.path.as_path());
        own.or(parent)
    }

    /// A number that tells the tree from one that took its place; none when there is none.
    pub fn tree(&self) -> Option<u64> {
        rebuild::identity(&self.path.join(TREE))
    }

    /// The last change and the next due moment, without opening the store.
    pub fn head(&self) -> Option<Head> {
        HeadFile::new(&self.path).read()
    }
}

/// A name of the machine's present start; empty where the system does not say.
fn present_boot() -> String {
    let id = fs::read_to_string("/proc/sys/kernel/random/boot_id");
    id.map_or_else(|_| String::new(), |id| id.trim().to_owned())
}
