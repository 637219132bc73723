//! The journal: every batch of a commit, on the disk before the tree sees it.
//!
//! Two files beside the tree's take turns. Each is laid out beforehand with zeros, so that a
//! commit is one write in place and one `fdatasync`. The older one is written over only after
//! the tree has everything that it holds; so the latest few hundred KiB of changes are always
//! there twice, and what the tree's own file lost at its end can be brought back.
//!
//! A file is a head of 24 bytes (the magic with a digit for the version, generation, CRC-32 of
//! both) and frames. A frame is a
//! length (4 bytes), a CRC-32 of all behind it (4), what it is (1), its number (8) and the
//! payload; all little endian. A length of zero is the end.

use super::StoreError;
use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::{FileExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

/// A file that has grown so long is followed by the other one.
const TURN_BYTES: u64 = 256 * 1024;
const MAGIC: &[u8; 8] = b"tbjourn1";
const FILE_HEAD: u64 = 24;
const FRAME_HEAD: usize = 17;
/// A frame with a batch.
const BATCH: u8 = 1;
/// A frame that says: the tree has everything up to this number, and it lasts.
const CHECKPOINT: u8 = 2;
/// A frame that says since which start of the machine the batches behind it were written.
const BOOT: u8 = 3;

/// A batch that the journal kept.
pub(crate) struct Frame {
    /// Its number: one more than the batch before.
    pub(crate) number: u64,
    /// The batch.
    pub(crate) payload: Vec<u8>,
}

/// What was in the journal when it was opened.
#[derive(Default)]
pub(crate) struct Found {
    /// The batches, in their order.
    pub(crate) frames: Vec<Frame>,
    /// The tree had everything up to this number when it was last closed; none when no file says.
    pub(crate) checkpoint: Option<u64>,
    /// Since which start of the machine the last batches were written.
    boot: Option<Vec<u8>>,
}

impl Found {
    /// Whether the tree may lack parts of what was written last, in any order: it was not closed
    /// after its last batch, and the machine has been started since. A process that was killed
    /// leaves everything with the system; a power cut takes what was not synchronised.
    pub(crate) fn is_suspect(&self, boot: &str) -> bool {
        let last = self.frames.last().map_or(0, |frame| frame.number);
        let is_closed = last <= self.checkpoint.unwrap_or(0);
        let is_same = !boot.is_empty() && self.boot.as_deref() == Some(boot.as_bytes());
        !is_closed && !is_same
    }
}

/// The journal of a tree, ready to append.
pub(crate) struct Journal {
    folder: PathBuf,
    file: File,
    place: usize,
    generation: u64,
    end: u64,
    last: u64,
    boot: String,
    /// Whether the file says since which start of the machine.
    is_boot_noted: bool,
    /// Set when it is not known what the file holds: nothing may be appended then.
    unsure: bool,
}

/// One of the two files, read.
struct Half {
    place: usize,
    file: File,
    generation: u64,
    end: u64,
    found: Found,
}

fn path(folder: &Path, place: usize) -> PathBuf {
    folder.join(format!("journal.{place}"))
}

impl Journal {
    /// Opens the journal in a folder, and makes it where it is missing. `applied` is the number
    /// of the last batch that the tree has, `boot` names the machine's present start.
    ///
    /// # Errors
    /// When the system refuses.
    pub(crate) fn open(
        folder: &Path,
        applied: u64,
        boot: &str,
    ) -> Result<(Self, Found), StoreError> {
        let (found, newest) = read_both(folder)?;
        let kept = found.frames.last().map_or(0, |frame| frame.number);
        let last = kept.max(applied).max(found.checkpoint.unwrap_or(0));
        let journal = match newest {
            Some(half) => Self {
                folder: folder.to_owned(),
                file: half.file,
                place: half.place,
                generation: half.generation,
                end: half.end,
                last,
                boot: boot.to_owned(),
                is_boot_noted: half.found.boot.as_deref() == Some(boot.as_bytes()),
                unsure: false,
            },
            None => Self::lay_out(folder, 0, 1, last, boot)?,
        };
        Ok((journal, found))
    }

    /// A fresh file in a place: zeros, which a commit writes over.
    fn lay_out(
        folder: &Path,
        place: usize,
        generation: u64,
        last: u64,
        boot: &str,
    ) -> Result<Self, StoreError> {
        let path = path(folder, place);
        let failed = |error| StoreError::io(&path, error);
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&path)
            .map_err(failed)?;
        let mut bytes = vec![0; usize::try_from(TURN_BYTES).unwrap_or(0)];
        bytes[..8].copy_from_slice(MAGIC);
        bytes[8..16].copy_from_slice(&generation.to_le_bytes());
        let sum = crc32fast::hash(&bytes[..16]);
        bytes[16..20].copy_from_slice(&sum.to_le_bytes());
        file.write_all_at(&bytes, 0).map_err(failed)?;
        file.sync_all().map_err(failed)?;
        super::sync_folder(folder)?;
        Ok(Self {
            folder: folder.to_owned(),
            file,
            place,
            generation,
            end: FILE_HEAD,
            last,
            boot: boot.to_owned(),
            is_boot_noted: false,
            unsure: false,
        })
    }

    /// The number of the last batch.
    pub(crate) const fn last(&self) -> u64 {
        self.last
    }

    /// Whether the next batch should go into the other file.
    pub(crate) const fn is_full(&self) -> bool {
        self.end >= TURN_BYTES
    }

    /// Goes over to the other file. The tree must have everything, and it must last.
    ///
    /// # Errors
    /// When the system refuses; the present file goes on then.
    pub(crate) fn turn(&mut self) -> Result<(), StoreError> {
        let (place, generation) = (1 - self.place, self.generation + 1);
        let next = Self::lay_out(&self.folder, place, generation, self.last, &self.boot)?;
        *self = next;
        self.mark();
        Ok(())
    }

    /// Keeps batches, in order, and gives the number of the last. On return they survive a power
    /// cut; one that comes before may keep the first few of them.
    ///
    /// # Errors
    /// [`StoreError::Io`] when none was kept, [`StoreError::Unsure`] when nobody can know.
    pub(crate) fn append<'a>(
        &mut self,
        payloads: impl IntoIterator<Item = &'a [u8]>,
    ) -> Result<u64, StoreError> {
        let path = path(&self.folder, self.place);
        if self.unsure {
            let source = io::Error::other("an earlier write failed");
            return Err(StoreError::io(path, source));
        }
        let mut number = self.last;
        let mut bytes = if self.is_boot_noted {
            Vec::new()
        } else {
            frame(BOOT, self.last, self.boot.as_bytes())?
        };
        for payload in payloads {
            number += 1;
            bytes.extend(frame(BATCH, number, payload)?);
        }
        let kept = self.file.write_all_at(&bytes, self.end);
        if let Err(error) = kept.and_then(|()| self.file.sync_data()) {
            // The frame may be whole in the system's memory: it is cut off again.
            let cut = self.file.set_len(self.end);
            if cut.and_then(|()| self.file.sync_all()).is_ok() {
                return Err(StoreError::io(path, error));
            }
            self.unsure = true;
            return Err(StoreError::Unsure {
                path,
                source: error,
            });
        }
        self.end += u64::try_from(bytes.len()).unwrap_or(0);
        self.last = number;
        self.is_boot_noted = true;
        Ok(number)
    }

    /// Notes that the tree has everything and that it lasts. A note that is lost costs the next
    /// session some work.
    pub(crate) fn mark(&mut self) {
        if self.unsure {
            return;
        }
        if let Ok(frame) = frame(CHECKPOINT, self.last, &[])
            && self.file.write_all_at(&frame, self.end).is_ok()
        {
            self.end += u64::try_from(frame.len()).unwrap_or(0);
        }
    }
}

fn frame(what: u8, number: u64, payload: &[u8]) -> Result<Vec<u8>, StoreError> {
    let length = u32::try_from(payload.len() + 1).map_err(|_| StoreError::TooLarge {
        bytes: payload.len(),
        most: usize::try_from(u32::MAX).unwrap_or(usize::MAX),
    })?;
    let mut bytes = Vec::with_capacity(FRAME_HEAD + payload.len());
    bytes.extend(length.to_le_bytes());
    bytes.extend([0; 4]);
    bytes.push(what);
    bytes.extend(number.to_le_bytes());
    bytes.extend(payload);
    let sum = crc32fast::hash(&bytes[8..]);
    bytes[4..8].copy_from_slice(&sum.to_le_bytes());
    Ok(bytes)
}

/// What a folder's journal holds.
///
/// # Errors
/// When the system refuses.
pub(crate) fn read(folder: &Path) -> Result<Found, StoreError> {
    read_both(folder).map(|(found, _)| found)
}

/// Both files in the order in which they were written, and the newer of them.
fn read_both(folder: &Path) -> Result<(Found, Option<Half>), StoreError> {
    let mut halves = Vec::new();
    for place in 0..2 {
        halves.extend(read_half(folder, place)?);
    }
    halves.sort_by_key(|half| half.generation);
    let mut both = Found::default();
    for half in &mut halves {
        both.frames.append(&mut half.found.frames);
        both.checkpoint = half.found.checkpoint.max(both.checkpoint);
        both.boot = half.found.boot.clone().or(both.boot);
    }
    Ok((both, halves.pop()))
}

/// Reads one of the files; none where it is missing or its head is not whole.
fn read_half(folder: &Path, place: usize) -> Result<Option<Half>, StoreError> {
    let path = path(folder, place);
    let failed = |error| StoreError::io(&path, error);
    let file = match OpenOptions::new().read(true).write(true).open(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        other => other.map_err(failed)?,
    };
    let length = file.metadata().map_err(failed)?.len();
    let mut bytes = vec![0; usize::try_from(length).unwrap_or(0)];
    file.read_exact_at(&mut bytes, 0).map_err(failed)?;
    if let Some(version) = bytes.get(7).filter(|_| bytes.starts_with(&MAGIC[..7]))
        && *version > MAGIC[7]
    {
        let [found, known] = [*version, MAGIC[7]].map(|digit| u32::from(digit - b'0'));
        return Err(StoreError::Newer { found, known });
    }
    let Some(generation) = generation(&bytes) else {
        return Ok(None);
    };
    let (found, end) = read_frames(&bytes);
    Ok(Some(Half {
        place,
        file,
        generation,
        end,
        found,
    }))
}

fn generation(bytes: &[u8]) -> Option<u64> {
    let head = bytes.get(..20)?;
    let is_whole = head.starts_with(MAGIC) && u32_at(head, 16)? == crc32fast::hash(&head[..16]);
    is_whole.then_some(u64_at(head, 8)?)
}

/// What a file holds, and where the next frame goes.
///
/// A frame whose sum does not hold is passed over. At the end it is a write that a power cut
/// tore; before others it is damage, and shows as a number that is missing.
fn read_frames(bytes: &[u8]) -> (Found, u64) {
    let mut found = Found::default();
    let (mut end, mut highest) = (usize::try_from(FILE_HEAD).unwrap_or(0), 0);
    let mut at = end;
    while let Some((next, whole)) = frame_at(bytes, at) {
        if let Some((what, number, payload)) = whole.filter(|whole| whole.1 >= highest) {
            highest = number;
            end = next;
            let payload = payload.to_vec();
            match what {
                BATCH => found.frames.push(Frame { number, payload }),
                CHECKPOINT => found.checkpoint = Some(number),
                _ => found.boot = Some(payload),
            }
        }
        at = next;
    }
    (found, u64::try_from(end).unwrap_or(0))
}

/// What a frame is, its number and payload.
type Whole<'a> = (u8, u64, &'a [u8]);

/// The frame at a place, and where the next one begins; its parts are none when its sum does not
/// hold. None where no frame can be.
fn frame_at(bytes: &[u8], at: usize) -> Option<(usize, Option<Whole<'_>>)> {
    let length = usize::try_from(u32_at(bytes, at)?).ok()?;
    let next = at.checked_add(length)?.checked_add(FRAME_HEAD - 1)?;
    if length == 0 || next > bytes.len() {
        return None;
    }
    let holds = u32_at(bytes, at + 4)? == crc32fast::hash(&bytes[at + 8..next]);
    let whole = holds.then(|| {
        let number = u64_at(bytes, at + 9)?;
        Some((bytes[at + 8], number, &bytes[at + FRAME_HEAD..next]))
    });
    Some((next, whole.flatten()))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    let found = bytes.get(at..at.checked_add(4)?)?;
    found.try_into().ok().map(u32::from_le_bytes)
}

fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    let found = bytes.get(at..at.checked_add(8)?)?;
    found.try_into().ok().map(u64::from_le_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(found: &Found) -> Vec<u64> {
        found.frames.iter().map(|frame| frame.number).collect()
    }

    #[test]
    fn what_was_appended_is_found_in_order_across_turns() {
        let folder = tempfile::tempdir().expect("a folder");
        let (mut journal, found) = Journal::open(folder.path(), 7, "one").expect("opens");
        assert!(found.frames.is_empty() && found.checkpoint.is_none());
        for number in 8..=11 {
            assert_eq!(
                journal.append([[1, 2, 3].as_slice()]).expect("kept"),
                number
            );
        }
        journal.turn().expect("turns");
        assert_eq!(
            journal.append([vec![5; 400_000].as_slice()]).expect("kept"),
            12
        );
        assert!(journal.is_full());
        let (_, found) = Journal::open(folder.path(), 11, "one").expect("opens");
        assert_eq!(numbers(&found), [8, 9, 10, 11, 12]);
        assert_eq!(found.checkpoint, Some(11));
        let (mut journal, _) = Journal::open(folder.path(), 12, "one").expect("opens");
        journal.turn().expect("turns");
        let (journal, found) = Journal::open(folder.path(), 12, "one").expect("opens");
        assert_eq!(numbers(&found), [12]);
        assert_eq!((journal.last(), found.checkpoint), (12, Some(12)));
    }

    #[test]
    fn a_tree_is_suspect_that_was_not_closed_before_the_machine_stopped() {
        let folder = tempfile::tempdir().expect("a folder");
        let suspect = |boot: &str| read(folder.path()).expect("readable").is_suspect(boot);
        assert!(!suspect("two"), "nothing was written");
        let (mut journal, _) = Journal::open(folder.path(), 0, "one").expect("opens");
        journal.append([b"payload".as_slice()]).expect("kept");
        assert!(!suspect("one") && suspect("two") && suspect(""));
        journal.mark();
        assert!(!suspect("one") && !suspect("two"));
        let (mut journal, _) = Journal::open(folder.path(), 1, "two").expect("opens");
        journal.append([b"payload".as_slice()]).expect("kept");
        assert!(suspect("one") && !suspect("two"));
        journal.turn().expect("turns");
        journal.append([b"payload".as_slice()]).expect("kept");
        assert!(suspect("one") && !suspect("two"));
    }

    #[test]
    fn a_torn_frame_is_passed_over_at_the_end_and_missing_in_the_middle() {
        let folder = tempfile::tempdir().expect("a folder");
        let (mut journal, _) = Journal::open(folder.path(), 0, "one").expect("opens");
        let mut ends = vec![24];
        for _ in 0..3 {
            journal.append([b"payload".as_slice()]).expect("kept");
            ends.push(journal.end);
        }
        let file = path(folder.path(), 0);
        let whole = std::fs::read(&file).expect("readable");
        let damaged = |at: u64| {
            let mut bytes = whole.clone();
            bytes[usize::try_from(at).expect("small")] ^= 1;
            std::fs::write(&file, bytes).expect("written");
            let (mut journal, found) = Journal::open(folder.path(), 0, "one").expect("opens");
            let numbers = numbers(&found);
            let next = journal.append([b"again".as_slice()]).expect("kept");
            (numbers, next)
        };
        let torn_end = (vec![1, 2], 3);
        assert_eq!(damaged(ends[3] - 1), torn_end);
        let torn_middle = (vec![1, 3], 4);
        assert_eq!(damaged(ends[2] - 1), torn_middle);
    }
}
