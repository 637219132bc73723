//! The head file: the number of the last change and the next due moment, readable without
//! opening the store. Replaced atomically after each commit. A number that is higher than the
//! store's own tells that the store lost changes.
//!
//! One line: number, moment in milliseconds since 1970 or `-`, CRC-32 of both in hexadecimal.

use super::StoreError;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// What the head file says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// The number of the last change.
    pub number: u64,
    /// The next thing that is due, in milliseconds since 1970.
    pub next_due: Option<i64>,
}

/// The head file of a store.
#[derive(Clone, Debug)]
pub struct HeadFile(PathBuf);

impl HeadFile {
    /// The head file in a store's folder.
    pub fn new(folder: &Path) -> Self {
        Self(folder.join("head"))
    }

    /// What it says; none when it is missing or its sum does not hold.
    pub fn read(&self) -> Option<Head> {
        let text = std::fs::read_to_string(&self.0).ok()?;
        let (said, sum) = text.trim_end().rsplit_once(' ')?;
        if checksum(said) != sum {
            return None;
        }
        let (number, due) = said.split_once(' ')?;
        Some(Head {
            number: number.parse().ok()?,
            next_due: due.parse().ok(),
        })
    }

    /// Replaces it.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn write(&self, head: Head) -> Result<(), StoreError> {
        let fail = |error| StoreError::io(&self.0, error);
        let folder = self.0.parent().unwrap_or_else(|| Path::new("."));
        let mut file = tempfile::NamedTempFile::new_in(folder).map_err(fail)?;
        let due = head
            .next_due
            .map_or_else(|| "-".to_owned(), |due| due.to_string());
        let said = format!("{} {due}", head.number);
        writeln!(file, "{said} {}", checksum(&said)).map_err(fail)?;
        file.persist(&self.0).map_err(|error| fail(error.error))?;
        Ok(())
    }

    /// Removes it, before an older store takes the place of this one.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub(crate) fn remove(&self) -> Result<(), StoreError> {
        match std::fs::remove_file(&self.0) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(StoreError::io(&self.0, error))
            }
            _ => Ok(()),
        }
    }
}

fn checksum(said: &str) -> String {
    format!("{:08x}", crc32fast::hash(said.as_bytes()))
}
