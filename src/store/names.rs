//! The names file: what people call the records, readable without opening the store, so that a
//! shell can complete it. The store keeps it by itself; it is derived, and may be lost at any
//! time without harm.
//!
//! A title line, then blocks of lines, each ended by a mark. The first block has every record
//! that is called by its name; each commit appends a block, and a later line about a record
//! takes the place of an earlier one. Nothing is synchronised: after a power cut the sums of all
//! blocks are checked once, and a file that is not whole is written anew by whoever has a
//! session open. [`read`] is the other side, for those who have none.

pub mod read;

use super::StoreError;
use super::rebuild::{TREE, identity};
use super::session::Session;
use crate::domain::KINDS;
use crate::domain::change::Edit;
use crate::domain::id::Id;
use crate::domain::kind::Kind;
use crate::domain::record::Record;
use crate::domain::values::dates::Due;
use crate::domain::values::{Value, text};
use std::fmt::Write as _;
use std::fs::{self, OpenOptions};
use std::io::{self, BufWriter, Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::{FileExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

/// The version of the lines.
const VERSION: u32 = 1;
/// How the title line begins.
const TITLE: &str = "touchbase-names ";
/// The length of the title line.
const TITLE_BYTES: usize = 77;
/// The length of a mark.
const MARK_BYTES: usize = 53;
/// The file is written anew when it is longer than twice its first block and so many bytes.
const SLACK_BYTES: u64 = 64 * 1024;
/// A file that lacks more changes than these is written anew.
const MOST_MISSED: u64 = 256;
/// Longer handles are cut behind a word.
const LONGEST_HANDLE: usize = 80;
/// Longer titles are cut.
const LONGEST_TITLE: usize = 120;
/// Longer values are nothing that is typed again.
const LONGEST_VALUE: usize = 80;

/// The title line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Title {
    /// The tree whose names these are.
    tree: u64,
    /// Since which start of the machine all sums are known to hold.
    boot: u32,
    /// Where the first block ends, with its mark.
    base: u64,
}

impl Title {
    fn line(self) -> String {
        let Self { tree, boot, base } = self;
        let said = format!("{TITLE}{:08x} {tree:016x} {boot:08x} {base:016x}", form());
        format!("{said} {:08x}\n", crc32fast::hash(said.as_bytes()))
    }

    fn parse(line: &[u8]) -> Option<Self> {
        let (said, sum) = std::str::from_utf8(line)
            .ok()?
            .trim_end()
            .rsplit_once(' ')?;
        let mut words = said.strip_prefix(TITLE)?.split(' ');
        let title = Self {
            tree: {
                let is_ours = number(words.next()?)? == u64::from(form());
                is_ours.then_some(())?;
                number(words.next()?)?
            },
            boot: u32::try_from(number(words.next()?)?).ok()?,
            base: number(words.next()?)?,
        };
        let holds = number(sum)? == u64::from(crc32fast::hash(said.as_bytes()));
        (holds && words.next().is_none()).then_some(title)
    }
}

/// What the lines depend on: their version, and what each kind says about its names.
fn form() -> u32 {
    let mut sum = crc32fast::Hasher::new();
    sum.update(&VERSION.to_le_bytes());
    for kind in KINDS.iter().filter(|kind| kind.is_called.is_some()) {
        sum.update(&[kind.number]);
        let fields = [kind.title.number(), kind.time.unwrap_or(0)];
        for field in fields.iter().chain(kind.recurring) {
            sum.update(&field.to_le_bytes());
        }
    }
    sum.finalize()
}

fn number(digits: &str) -> Option<u64> {
    u64::from_str_radix(digits, 16).ok()
}

/// The end of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Mark {
    /// The change up to which the lines before it are.
    number: u64,
    /// Where the block begins.
    begin: u64,
    /// The CRC-32 of the block.
    sum: u32,
}

impl Mark {
    fn line(self) -> String {
        let Self { number, begin, sum } = self;
        let said = format!("#{number:016x} {begin:016x} {sum:08x}");
        format!("{said} {:08x}\n", crc32fast::hash(said.as_bytes()))
    }

    fn parse(line: &[u8]) -> Option<Self> {
        let (said, sum) = std::str::from_utf8(line)
            .ok()?
            .trim_end()
            .rsplit_once(' ')?;
        let mut words = said.strip_prefix('#')?.split(' ');
        let mark = Self {
            number: number(words.next()?)?,
            begin: number(words.next()?)?,
            sum: u32::try_from(number(words.next()?)?).ok()?,
        };
        (number(sum)? == u64::from(crc32fast::hash(said.as_bytes()))).then_some(mark)
    }
}

/// A length as a place in the file.
fn offset(bytes: usize) -> u64 {
    u64::try_from(bytes).unwrap_or(u64::MAX)
}

/// The names file of a store that is open.
pub(super) struct NamesFile {
    path: PathBuf,
    tree: u64,
    boot: u32,
    /// The change up to which it is; none when it cannot be trusted.
    number: Option<u64>,
}

/// What the ends of the file say.
struct Ends {
    number: u64,
    is_too_long: bool,
}

fn path_in(folder: &Path) -> PathBuf {
    folder.join("names")
}

impl NamesFile {
    /// The names file in a store's folder; `boot` names the machine's present start.
    pub(super) fn new(folder: &Path, boot: &str) -> Self {
        Self {
            path: path_in(folder),
            tree: identity(&folder.join(TREE)).unwrap_or(0),
            boot: crc32fast::hash(boot.as_bytes()),
            number: None,
        }
    }

    /// Looks at both ends of the file, which takes the same time however long it is; at all of
    /// it when the machine was started since that was last done. None when it is not whole.
    fn look(&self) -> Option<Ends> {
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .open(&self.path)
            .ok()?;
        let size = file.metadata().ok()?.len();
        let mut line = [0; TITLE_BYTES];
        file.read_exact_at(&mut line, 0).ok()?;
        let title = Title::parse(&line).filter(|title| title.tree == self.tree)?;
        let mut line = [0; MARK_BYTES];
        file.read_exact_at(&mut line, size.checked_sub(offset(MARK_BYTES))?)
            .ok()?;
        let mark = Mark::parse(&line).filter(|_| size >= title.base)?;
        if title.boot != self.boot {
            read::Names::parse(fs::read(&self.path).ok()?, self.tree)
                .filter(|names| names.number() == mark.number)?;
            let title = Title {
                boot: self.boot,
                ..title
            };
            file.write_all_at(title.line().as_bytes(), 0).ok()?;
        }
        Some(Ends {
            number: mark.number,
            is_too_long: size > 2 * title.base + SLACK_BYTES,
        })
    }

    /// Appends what a change did. A file that lacks the change before is left alone: the next
    /// session mends it.
    pub(super) fn append(&mut self, number: u64, lines: &str) {
        if self.number.is_none_or(|has| has + 1 != number) {
            self.number = None;
            return;
        }
        self.number = self.try_append(number, lines).ok().map(|()| number);
    }

    fn try_append(&self, number: u64, lines: &str) -> io::Result<()> {
        let file = OpenOptions::new().write(true).open(&self.path)?;
        let begin = file.metadata()?.len();
        let sum = crc32fast::hash(lines.as_bytes());
        let block = [lines, &Mark { number, begin, sum }.line()].concat();
        file.write_all_at(block.as_bytes(), begin).inspect_err(|_| {
            // Should that fail as well, the next session sees that the mark is missing.
            let _ = file.set_len(begin);
        })
    }

    /// Writes the file anew.
    fn write(
        &mut self,
        number: u64,
        lines: impl Iterator<Item = String>,
    ) -> Result<(), StoreError> {
        self.number = None;
        let path = self.path.with_extension("new");
        let written = self.write_to(&path, number, lines);
        written
            .and_then(|()| fs::rename(&path, &self.path))
            .inspect_err(|_| drop(fs::remove_file(&path)))
            .map_err(|error| StoreError::io(&self.path, error))?;
        self.number = Some(number);
        Ok(())
    }

    fn write_to(
        &self,
        path: &Path,
        number: u64,
        lines: impl Iterator<Item = String>,
    ) -> io::Result<()> {
        let mut options = OpenOptions::new();
        let options = options.write(true).create(true).truncate(true).mode(0o600);
        let mut file = BufWriter::new(options.open(path)?);
        file.seek(SeekFrom::Start(offset(TITLE_BYTES)))?;
        let (mut sum, mut base) = (crc32fast::Hasher::new(), offset(TITLE_BYTES + MARK_BYTES));
        for line in lines {
            sum.update(line.as_bytes());
            base += offset(line.len());
            file.write_all(line.as_bytes())?;
        }
        let (begin, sum) = (offset(TITLE_BYTES), sum.finalize());
        file.write_all(Mark { number, begin, sum }.line().as_bytes())?;
        let (tree, boot) = (self.tree, self.boot);
        file.seek(SeekFrom::Start(0))?;
        file.write_all(Title { tree, boot, base }.line().as_bytes())?;
        file.flush()
    }

    /// Writes the file anew from itself, without the lines that later ones replaced.
    fn fold(&mut self) -> Result<(), StoreError> {
        let bytes = fs::read(&self.path).map_err(|error| StoreError::io(&self.path, error))?;
        let names = read::Names::parse(bytes, self.tree)
            .ok_or_else(|| StoreError::Damaged(self.path.display().to_string()))?;
        self.write(names.number(), names.entries().map(|entry| entry.whole()))
    }
}

/// A fresh tree has taken the place of one with the same records: the names are its names now.
/// The store must be locked.
pub(super) fn follow(folder: &Path, from: Option<u64>) {
    let follow = || {
        let mut file = NamesFile::new(folder, "");
        let kept = OpenOptions::new()
            .read(true)
            .write(true)
            .open(&file.path)
            .ok()?;
        let mut line = [0; TITLE_BYTES];
        kept.read_exact_at(&mut line, 0).ok()?;
        let title = Title::parse(&line).filter(|title| Some(title.tree) == from)?;
        file.boot = title.boot;
        let title = Title {
            tree: file.tree,
            ..title
        };
        kept.write_all_at(title.line().as_bytes(), 0).ok()
    };
    // Without it the next session writes the file anew.
    let _ = follow();
}

impl Session {
    /// Keeps the names file of a store's folder from now on, and brings it up to the present;
    /// `boot` names the machine's present start. What fails is tried again by the next session.
    pub fn keep_names(&mut self, folder: &Path, boot: &str) {
        let mut file = NamesFile::new(folder, boot);
        let _ = self.bring_names_up(&mut file);
        self.names = Some(file);
    }

    fn bring_names_up(&self, file: &mut NamesFile) -> Result<(), StoreError> {
        let Some(ends) = file.look() else {
            return self.write_names(file);
        };
        file.number = Some(ends.number);
        let has = ends.number;
        if has > self.last || self.last - has > MOST_MISSED || has + 1 < self.first {
            return self.write_names(file);
        }
        for number in has + 1..=self.last {
            file.append(number, &lines(&self.change_edits(number)?));
        }
        if ends.is_too_long && file.fold().is_err() {
            return self.write_names(file);
        }
        Ok(())
    }

    /// Writes the names of everything. A record that cannot be read has none.
    fn write_names(&self, file: &mut NamesFile) -> Result<(), StoreError> {
        let called = KINDS.iter().filter(|kind| kind.is_called.is_some());
        let records = called.flat_map(|kind| self.all(kind)).flatten();
        file.write(self.last, records.filter_map(|record| line(&record)))
    }

    /// Tells the names file of a change that counts.
    pub(super) fn tell_names(&mut self, number: u64, lines: &str) {
        let Some(mut file) = self.names.take() else {
            return;
        };
        file.append(number, lines);
        if offset(lines.len()) > SLACK_BYTES {
            // A large change leaves more than a reader should go through.
            let _ = self.bring_names_up(&mut file);
        }
        self.names = Some(file);
    }
}

/// The lines that a change adds: none for a record whose name is as it was.
pub(super) fn lines<'a>(edits: impl IntoIterator<Item = &'a Edit>) -> String {
    let mut lines = String::new();
    for edit in edits {
        let (before, after) = (
            edit.before.as_ref().and_then(line),
            edit.after.as_ref().and_then(line),
        );
        match (edit.either(), before, after) {
            (_, before, after) if before == after => {}
            (_, _, Some(line)) => lines.push_str(&line),
            (Some(record), _, None) => {
                let _ = writeln!(lines, "-{}", key(record.kind, record.id));
            }
            (None, ..) => {}
        }
    }
    lines
}

/// By what a record is known in the file.
fn key(kind: &Kind, id: Id) -> String {
    format!("{:02x}{}", kind.number, id.text())
}

/// The line of a record that is called by its name: key, handle, time, title, recurring values.
fn line(record: &Record) -> Option<String> {
    let kind = record.kind;
    kind.is_called.filter(|is_called| is_called(record))?;
    let mut line = format!(
        "+{}\t{}\t{}\t{}",
        key(kind, record.id),
        short_handle(record.title()),
        kind.time_field()
            .and_then(|field| record.field(field))
            .map_or_else(String::new, time),
        text::line(record.title())
            .chars()
            .take(LONGEST_TITLE)
            .collect::<String>(),
    );
    for &number in kind.recurring {
        for value in record.value(number).map_or_else(Vec::new, texts) {
            if !value.is_empty() && value.len() <= LONGEST_VALUE && text::line(value) == *value {
                let _ = write!(line, "\t{number}={value}");
            }
        }
    }
    line.push('\n');
    Some(line)
}

fn short_handle(title: &str) -> String {
    let mut handle = String::new();
    for word in text::words(title) {
        if handle.len() + word.len() >= LONGEST_HANDLE {
            break;
        }
        if !handle.is_empty() {
            handle.push('-');
        }
        handle.push_str(&word);
    }
    handle
}

/// A day, or what the clock showed where the user was.
fn time(value: &Value) -> String {
    match value {
        Value::Due(Due::Day(day)) | Value::Date(day) => day.to_string(),
        Value::Due(Due::At(moment)) | Value::Moment(moment) => {
            moment.wall().format("%Y-%m-%d %H:%M").to_string()
        }
        _ => String::new(),
    }
}

fn texts(value: &Value) -> Vec<&str> {
    match value {
        Value::Text(text) => vec![text],
        Value::Texts(list) => list.iter().map(String::as_str).collect(),
        Value::Stages(stages) => stages.iter().map(|stage| stage.name.as_str()).collect(),
        _ => Vec::new(),
    }
}
