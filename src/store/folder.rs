//! A store's folder: opens sessions on it, one at a time, under a lock that waits.
//!
//! Contents: `db/` (the tree), `lock`, `head`. Folders are 0700 and files 0600: the program's
//! umask sees to what sled makes.

use super::StoreError;
use super::head::{Head, HeadFile};
use super::session::Session;
use super::sled::SledStore;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{Read as _, Seek as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// How often a waiting process looks whether the lock is free. The work under it takes
/// milliseconds, so that a short step keeps forty waiting processes moving.
const STEP: Duration = Duration::from_millis(2);

/// Where a store lies and how long to wait for it.
#[derive(Clone, Debug)]
pub struct StoreFolder {
    path: PathBuf,
    patience: Duration,
}

impl StoreFolder {
    /// The store in that folder; opening waits for as long as `patience`.
    pub fn new(path: impl Into<PathBuf>, patience: Duration) -> Self {
        Self {
            path: path.into(),
            patience,
        }
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
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&self.path)
            .map_err(|error| StoreError::io(&self.path, error))?;
        let lock = self.lock()?;
        let tree = self.path.join("db");
        let store = SledStore::open(&tree)?;
        Session::open(Box::new(store), Some(HeadFile::new(&self.path)), Some(lock))
    }

    /// The last change and the next due moment, without opening the store.
    pub fn head(&self) -> Option<Head> {
        HeadFile::new(&self.path).read()
    }

    fn lock(&self) -> Result<File, StoreError> {
        let path = self.path.join("lock");
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(&path)
            .map_err(|error| StoreError::io(&path, error))?;
        let started = Instant::now();
        loop {
            match file.try_lock() {
                Ok(()) => break,
                Err(TryLockError::WouldBlock) if started.elapsed() >= self.patience => {
                    let mut holder = String::new();
                    // Who holds it is a courtesy; that it is held is the answer.
                    let _ = file.read_to_string(&mut holder);
                    let holder = Some(holder.trim().to_owned()).filter(|name| !name.is_empty());
                    return Err(StoreError::Busy {
                        holder,
                        waited: self.patience,
                    });
                }
                Err(TryLockError::WouldBlock) => std::thread::sleep(STEP),
                Err(TryLockError::Error(error)) => return Err(StoreError::io(&path, error)),
            }
        }
        let holder = format!("process {}\n", std::process::id());
        file.set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| file.write_all(holder.as_bytes()))
            .map_err(|error| StoreError::io(&path, error))?;
        Ok(file)
    }
}
