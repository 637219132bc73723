//! A store as lines of JSON, and back: everything that is not derived, the log included.
//!
//! The first line says what it is, the last how many lines there were and their CRC-32. Between
//! them each line is one fact, record or part of the log. A store that is restored from it has
//! the same keys and values.

use super::codec::{self, LogPart};
use super::copy::Copy;
use super::folder::StoreFolder;
use super::rebuild::{Rebuild, free_name};
use super::session::{FIRST, LAST, Session, is_fact};
use super::{Direction, StoreError, keys, migrate};
use crate::domain::KINDS;
use crate::domain::record::Record;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::io::{self, BufRead, Write};
use std::path::PathBuf;

/// The version of the lines.
const VERSION: u32 = 1;
/// No line is longer: two of the largest records and their words.
const LONGEST_LINE: usize = 256 * 1024 * 1024;

/// The first line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Title {
    /// The version of the lines.
    pub touchbase_backup: u32,
    /// The schema of the records.
    pub schema: u16,
    /// When it was made.
    pub made: DateTime<Utc>,
    /// The first change in the log.
    pub first_change: u64,
    /// The last change.
    pub last_change: u64,
}

/// The lines after the first.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Line {
    /// What the store keeps beside the records: a name, and bytes as hexadecimal digits.
    Fact(String, String),
    Record(Record),
    Log(LogPart),
    End {
        lines: u64,
        crc32: String,
    },
}

/// What a backup holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contents {
    /// Its first line.
    pub title: Title,
    /// How many records.
    pub records: u64,
}

/// Why a backup cannot be used.
#[derive(Debug)]
pub enum BackupError {
    /// It is no backup, or damaged: in which line, and how.
    Damaged(u64, String),
    /// It was made by a newer version: its schema and ours.
    Newer(u32, u32),
    /// It cannot be read or written.
    Io(io::Error),
    /// The store failed.
    Store(StoreError),
}

impl From<StoreError> for BackupError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<io::Error> for BackupError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Writes lines and sums them up.
struct Lines<'a> {
    out: &'a mut dyn Write,
    sum: crc32fast::Hasher,
    count: u64,
}

impl Lines<'_> {
    fn write(&mut self, line: &impl Serialize) -> Result<(), BackupError> {
        let mut bytes = serde_json::to_vec(line).map_err(io::Error::other)?;
        bytes.push(b'\n');
        self.sum.update(&bytes);
        self.count += 1;
        self.out.write_all(&bytes)?;
        Ok(())
    }
}

/// Writes a store as it is at this moment. The store is held only while its files are copied.
///
/// # Errors
/// When the store cannot be read, or the lines cannot be written.
pub fn write(
    folder: &StoreFolder,
    made: DateTime<Utc>,
    out: &mut dyn Write,
) -> Result<Contents, BackupError> {
    // Opening it first brings it to the present schema and takes back what was cut off.
    drop(folder.open()?);
    let lock = folder.lock()?;
    let copy = Copy::make(folder.path())?;
    drop(lock);
    let store = super::disk::DiskStore::open(&copy.tree())?;
    let session = Session::open(Box::new(store), None, None)?;
    write_session(&session, made, out)
}

fn write_session(
    session: &Session,
    made: DateTime<Utc>,
    out: &mut dyn Write,
) -> Result<Contents, BackupError> {
    let mut lines = Lines {
        out,
        sum: crc32fast::Hasher::new(),
        count: 0,
    };
    let title = Title {
        touchbase_backup: VERSION,
        schema: codec::SCHEMA,
        made,
        first_change: session.first_change(),
        last_change: session.last_change(),
    };
    lines.write(&title)?;
    let mut records = 0;
    for pair in session.store.scan(keys::all_meta(), Direction::Up) {
        let (key, value) = pair?;
        let name = String::from_utf8_lossy(&key[1..]).into_owned();
        if is_fact(&key) {
            lines.write(&Line::Fact(name, hexadecimal(&value)))?;
        }
    }
    for kind in KINDS {
        for record in session.all(kind) {
            lines.write(&Line::Record(record?))?;
            records += 1;
        }
    }
    for pair in session.store.scan(keys::all_logs(), Direction::Up) {
        lines.write(&Line::Log(codec::decode_log(&pair?.1)?))?;
    }
    let end = Line::End {
        lines: lines.count,
        crc32: format!("{:08x}", lines.sum.clone().finalize()),
    };
    lines.write(&end)?;
    Ok(Contents { title, records })
}

/// Reads a whole backup and checks it, without keeping anything.
///
/// # Errors
/// What is wrong with it.
pub fn check(input: &mut dyn BufRead) -> Result<Contents, BackupError> {
    read(input, &mut |_, _| Ok(()))
}

/// Puts a backup in the place of a store, which is kept aside when there is one; says where.
/// The backup must have been checked.
///
/// # Errors
/// When it cannot be read, or the store cannot be written. The store is as it was then.
pub fn restore(
    folder: &StoreFolder,
    input: &mut dyn BufRead,
) -> Result<(Contents, Option<PathBuf>), BackupError> {
    let lock = folder.lock()?;
    let mut fresh = Rebuild::begin(folder.path())?;
    migrate::mark(&mut fresh)?;
    let contents = read(input, &mut |_, line| {
        match line {
            Line::Fact(name, digits) => {
                let value = from_hexadecimal(&digits).unwrap_or_default();
                fresh.put(keys::meta(&name), value)?;
            }
            Line::Record(record) => fresh.put_record(&record)?,
            Line::Log(part) => fresh.put_log(&part)?,
            Line::End { .. } => {}
        }
        Ok(())
    })?;
    let Title {
        first_change,
        last_change,
        ..
    } = contents.title;
    if first_change > 1 {
        fresh.put(keys::meta(FIRST), first_change.to_be_bytes().to_vec())?;
    }
    if last_change > 0 {
        fresh.put(keys::meta(LAST), last_change.to_be_bytes().to_vec())?;
    }
    let aside = fresh.finish(
        folder.path(),
        Some(&free_name(folder.path(), "before-restore")),
    )?;
    drop(lock);
    Ok((contents, aside))
}

type Take<'a> = &'a mut dyn FnMut(&Title, Line) -> Result<(), BackupError>;

fn read(input: &mut dyn BufRead, take: Take<'_>) -> Result<Contents, BackupError> {
    let mut sum = crc32fast::Hasher::new();
    let (mut count, mut records) = (0, 0);
    let mut title: Option<Title> = None;
    let mut bytes = Vec::new();
    loop {
        let before = sum.clone().finalize();
        let damaged = |words: String| BackupError::Damaged(count + 1, words);
        bytes.clear();
        read_line(input, &mut bytes)
            .map_err(|error| damaged(format!("it cannot be read further: {error}")))?;
        if bytes.is_empty() {
            return Err(damaged("its end is missing".to_owned()));
        }
        let Some(title) = &title else {
            title = Some(read_title(&bytes)?);
            sum.update(&bytes);
            count += 1;
            continue;
        };
        let line = serde_json::from_slice(&bytes).map_err(|error| damaged(error.to_string()))?;
        match &line {
            Line::End { lines, crc32 } => {
                if *lines != count || *crc32 != format!("{before:08x}") {
                    return Err(damaged("its checksum does not hold".to_owned()));
                }
                let title = title.clone();
                return Ok(Contents { title, records });
            }
            Line::Fact(_, digits) if from_hexadecimal(digits).is_none() => {
                return Err(damaged("a fact is no hexadecimal number".to_owned()));
            }
            Line::Record(_) => records += 1,
            _ => {}
        }
        take(title, line)?;
        sum.update(&bytes);
        count += 1;
    }
}

fn read_line(input: &mut dyn BufRead, bytes: &mut Vec<u8>) -> io::Result<()> {
    let most = u64::try_from(LONGEST_LINE).unwrap_or(u64::MAX);
    io::Read::take(input, most).read_until(b'\n', bytes)?;
    Ok(())
}

fn read_title(bytes: &[u8]) -> Result<Title, BackupError> {
    let title: Title = serde_json::from_slice(bytes)
        .map_err(|_| BackupError::Damaged(1, "it is no backup of touchbase".to_owned()))?;
    if title.touchbase_backup > VERSION || title.schema > codec::SCHEMA {
        return Err(BackupError::Newer(
            title.schema.into(),
            codec::SCHEMA.into(),
        ));
    }
    Ok(title)
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn from_hexadecimal(digits: &str) -> Option<Vec<u8>> {
    let pairs = digits.as_bytes().chunks(2);
    pairs
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect()
}
