//! Files that a command writes: whole or not at all, for the owner alone.

use crate::error::{Error, Result};
use std::io::Write as _;
use std::path::Path;

/// Replaces a file's contents atomically.
///
/// # Errors
/// When its folder cannot be written; the old file is then as it was.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    // The temporary file's own name would only confuse.
    let fail = |error: std::io::Error| {
        Error::io(
            format!("cannot write `{}`", path.display()),
            error.kind().into(),
        )
    };
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or_else(|| Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(fail)?;
    file.write_all(bytes)
        .and_then(|()| file.as_file().sync_all())
        .map_err(fail)?;
    file.persist(path).map_err(|error| fail(error.error))?;
    Ok(())
}
