//! Backups: a packed file of everything, made from one moment; and a store put back from one.

use super::{Env, words};
use crate::error::{Error, ErrorKind, Result};
use crate::formats::archive::{ArchiveError, Packer, is_encrypted, unpack};
pub use crate::store::backup::Title;
use crate::store::backup::{self, BackupError, Contents};
use crate::store::folder::StoreFolder;
use std::fs::{self, File};
use std::io::{BufRead, BufWriter, Read as _};
use std::path::{Path, PathBuf};

/// How the names of backups begin and end that a folder of them keeps.
const BEGINNING: &str = "touchbase-";
const ENDING: &str = ".jsonl.gz";
const ENCRYPTED_ENDING: &str = ".jsonl.gz.age";

/// The name of a backup that is made now.
pub fn name(env: &Env, is_encrypted: bool) -> String {
    let context = &env.context;
    let moment = context.now.with_timezone(&context.zone);
    let ending = if is_encrypted {
        ENCRYPTED_ENDING
    } else {
        ENDING
    };
    format!("{BEGINNING}{}{ending}", moment.format("%Y%m%d-%H%M%S"))
}

/// Writes a backup to a file that is not there yet: whole or not at all.
///
/// # Errors
/// When the file is there, it cannot be written, or the store cannot be read.
pub fn write(
    folder: &StoreFolder,
    env: &Env,
    path: &Path,
    passphrase: Option<&str>,
) -> Result<Contents> {
    let failed = |error| Error::io(format!("cannot write `{}`", path.display()), error);
    if path.exists() {
        let message = format!("`{}` is there already", path.display());
        return Err(Error::invalid(message).hint("name another file, or move that one away"));
    }
    let parent = path
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty());
    let parent = parent.unwrap_or_else(|| Path::new("."));
    let file =
        tempfile::NamedTempFile::new_in(parent).map_err(|error| failed(error.kind().into()))?;
    let packer = Packer::new(BufWriter::new(file), passphrase).map_err(failed)?;
    let mut packer = packer;
    let contents = backup::write(folder, env.context.now, &mut packer)
        .map_err(|error| in_words(path, error))?;
    let file = packer.finish().map_err(failed)?;
    let file = file
        .into_inner()
        .map_err(|error| failed(error.into_error()))?;
    file.as_file().sync_all().map_err(failed)?;
    file.persist_noclobber(path)
        .map_err(|error| failed(error.error))?;
    File::open(parent)
        .and_then(|parent| parent.sync_all())
        .map_err(failed)?;
    Ok(contents)
}

/// Removes the oldest backups of a folder until `keep` are left; gives those removed. Only files
/// named as [`name`] names them count.
///
/// # Errors
/// When the folder cannot be read or written.
pub fn keep_latest(folder: &Path, keep: usize) -> Result<Vec<PathBuf>> {
    let failed = |error| Error::io(format!("cannot use `{}`", folder.display()), error);
    let mut backups = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let name = entry.file_name();
        let is_ours = name.to_str().is_some_and(is_backup_name);
        if is_ours && entry.file_type().is_ok_and(|kind| kind.is_file()) {
            backups.push(entry.path());
        }
    }
    // Their names sort as their times do.
    backups.sort();
    let old = backups.len().saturating_sub(keep);
    backups.truncate(old);
    for path in &backups {
        fs::remove_file(path).map_err(failed)?;
    }
    Ok(backups)
}

fn is_backup_name(name: &str) -> bool {
    let inner = name.strip_prefix(BEGINNING);
    let inner = inner.and_then(|rest| {
        rest.strip_suffix(ENDING)
            .or_else(|| rest.strip_suffix(ENCRYPTED_ENDING))
    });
    inner.is_some_and(|time| {
        time.len() == 15
            && time.char_indices().all(|(at, c)| {
                if at == 8 {
                    c == '-'
                } else {
                    c.is_ascii_digit()
                }
            })
    })
}

/// Whether a file is an encrypted backup.
///
/// # Errors
/// When it cannot be read.
pub fn needs_passphrase(path: &Path) -> Result<bool> {
    let mut beginning = Vec::new();
    open(path)?
        .take(64)
        .read_to_end(&mut beginning)
        .map_err(|error| in_words(path, error.into()))?;
    Ok(is_encrypted(&beginning))
}

/// Reads a whole backup and checks it.
///
/// # Errors
/// What is wrong with it.
pub fn check(path: &Path, passphrase: Option<&str>) -> Result<Contents> {
    let mut input = unpacked(path, passphrase)?;
    backup::check(&mut input).map_err(|error| in_words(path, error))
}

/// Puts a checked backup in the place of the store; says where the old one is kept, if there was
/// one.
///
/// # Errors
/// When it cannot be read, or the store cannot be written. The store is as it was then.
pub fn restore(
    folder: &StoreFolder,
    path: &Path,
    passphrase: Option<&str>,
) -> Result<(Contents, Option<PathBuf>)> {
    let mut input = unpacked(path, passphrase)?;
    let done = backup::restore(folder, &mut input).map_err(|error| in_words(path, error))?;
    // It must open, and the head file must tell of it.
    drop(folder.open().map_err(words::store)?);
    Ok(done)
}

fn open(path: &Path) -> Result<File> {
    File::open(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => {
            Error::not_found(format!("there is no file `{}`", path.display()))
        }
        _ => in_words(path, error.into()),
    })
}

fn unpacked(path: &Path, passphrase: Option<&str>) -> Result<Box<dyn BufRead>> {
    unpack(open(path)?, passphrase).map_err(|error| {
        let name = path.display();
        match error {
            ArchiveError::NeedsPassphrase => Error::invalid(format!("`{name}` is encrypted"))
                .hint("set `passphrase-command` in the settings: touchbase config path"),
            ArchiveError::WrongPassphrase => {
                Error::invalid(format!("`{name}` was encrypted with another passphrase"))
            }
            ArchiveError::Damaged(error) => Error::new(
                ErrorKind::Damaged,
                format!("`{name}` is damaged or no backup: {error}"),
            ),
        }
    })
}

fn in_words(path: &Path, error: BackupError) -> Error {
    let name = path.display();
    match error {
        BackupError::Damaged(line, why) => Error::new(
            ErrorKind::Damaged,
            format!("`{name}` is damaged or no backup: line {line}: {why}"),
        )
        .hint("the store was not touched; try an older backup"),
        BackupError::Newer(found, known) => Error::new(
            ErrorKind::Damaged,
            format!("`{name}` has schema {found}, this program knows up to {known}"),
        )
        .hint("use a newer version of touchbase"),
        BackupError::Io(error) => Error::io(format!("cannot use `{name}`"), error),
        BackupError::Store(error) => words::store(error),
    }
}
