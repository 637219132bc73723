//! Records and parts of the log found in raw bytes, wherever they lie: what can be read of a
//! store whose tree cannot. Each says itself what it is and carries its own checksum.

use super::StoreError;
use super::codec::{self, Carved, LogPart};
use super::rebuild::TREE;
use crate::domain::record::Record;
use std::fs;
use std::path::Path;

/// Everything whose checksum holds, in the order of the files; old versions too.
#[derive(Default)]
pub(crate) struct Remains {
    /// Versions of records.
    pub(crate) records: Vec<Record>,
    /// Parts of the log.
    pub(crate) parts: Vec<LogPart>,
}

/// Reads every file of a store's tree and journal. Files that cannot be read yield nothing.
///
/// # Errors
/// When the folder cannot be listed.
pub(crate) fn carve(folder: &Path) -> Result<Remains, StoreError> {
    let mut remains = Remains::default();
    for place in [folder.join(TREE), folder.join(TREE).join("blobs")] {
        let entries = match fs::read_dir(&place) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
            other => other.map_err(|error| StoreError::io(&place, error))?,
        };
        for entry in entries.flatten() {
            let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
            if is_file && let Ok(bytes) = fs::read(entry.path()) {
                remains.add(&bytes);
            }
        }
    }
    Ok(remains)
}

impl Remains {
    fn add(&mut self, bytes: &[u8]) {
        let mut at = 0;
        while let Some(next) = codec::next_head(bytes, at) {
            at = match codec::carve(&bytes[next..]) {
                Some((found, length)) => {
                    match found {
                        Carved::Record(record) => self.records.push(record),
                        Carved::Part(part) => self.parts.push(part),
                    }
                    next + length
                }
                None => next + 1,
            };
        }
    }
}
