//! The lock of a store's folder: one process at a time, the others come about in turn.

use super::StoreError;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read as _, Seek as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::sync::mpsc::channel;
use std::time::Duration;

/// The name of the lock that every session holds.
pub(crate) const STORE: &str = "lock";

/// Takes a lock in a folder, for as long as the file is open. `holder` is what others are told.
///
/// The system keeps those who wait about in order, and gives the lock back when its holder ends,
/// however it ends. Waiting for it cannot be given up, so a thread does it: one that is not
/// waited for any more gives the lock back as soon as it has it.
///
/// # Errors
/// When another process holds it for longer than `patience`, or the system refuses.
pub(crate) fn take(
    folder: &Path,
    name: &str,
    patience: Duration,
    holder: &str,
) -> Result<File, StoreError> {
    let path = folder.join(name);
    let failed = |error| StoreError::io(&path, error);
    let file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(&path)
        .map_err(failed)?;
    let mut file = match file.try_lock() {
        Ok(()) => file,
        Err(TryLockError::WouldBlock) => {
            wait(file, patience)
                .map_err(failed)?
                .ok_or_else(|| StoreError::Busy {
                    holder: named_in(&path),
                    waited: patience,
                })?
        }
        Err(TryLockError::Error(error)) => return Err(failed(error)),
    };
    // Who holds it is a courtesy: on a full disk the lock is held without a name.
    let words = format!("process {} ({holder})\n", std::process::id());
    let _ = file
        .set_len(0)
        .and_then(|()| file.rewind())
        .and_then(|()| file.write_all(words.as_bytes()));
    Ok(file)
}

/// Waits in line; none when it took too long.
fn wait(file: File, patience: Duration) -> std::io::Result<Option<File>> {
    let (sender, receiver) = channel();
    std::thread::Builder::new()
        .name("lock".to_owned())
        .spawn(move || {
            let taken = file.lock().map(|()| file);
            // When nobody waits any more the file closes here, and the lock is free again.
            let _ = sender.send(taken);
        })?;
    receiver.recv_timeout(patience).ok().transpose()
}

fn named_in(path: &Path) -> Option<String> {
    let mut words = String::new();
    let mut file = File::open(path).ok()?;
    file.read_to_string(&mut words).ok()?;
    Some(words.trim().to_owned()).filter(|words| !words.is_empty())
}
