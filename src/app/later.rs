//! Work in a process of its own: what nobody should wait for, and what must not stop half way
//! when this process is killed.

use super::host::Host;
use crate::cli::HANDED_OVER;
use crate::error::{Error, Result};
use crate::store::folder::StoreFolder;
use std::ffi::OsString;
use std::os::unix::process::CommandExt as _;
use std::process::{Command, Stdio};

/// Starts compacting a store that has grown too much. It holds the store for moments only, and
/// a failure costs nothing but room on the disk.
pub(super) fn compact_if_due(folder: &StoreFolder, host: &Host) {
    let Some(program) = host.program.as_ref().filter(|_| folder.is_compaction_due()) else {
        return;
    };
    let Ok(path) = std::path::absolute(folder.path()) else {
        return;
    };
    let _ = Command::new(program)
        .arg("--dir")
        .arg(path)
        .args(["compact", "--if-due", "--quiet"])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0)
        .spawn();
}

/// Does the same command line in a process that lives on when this one is killed, waits for it,
/// and gives its exit code. It writes to where this process would have written.
///
/// # Errors
/// When it cannot be started, or was ended before its work was done.
pub(super) fn again(arguments: &[OsString], host: &Host) -> Result<u8> {
    let program = host
        .program
        .as_deref()
        .unwrap_or_else(|| "touchbase".as_ref());
    let failed = |error| Error::io(format!("cannot run `{}`", program.display()), error);
    let status = Command::new(program)
        .arg(format!("--{HANDED_OVER}"))
        .args(arguments.get(1..).unwrap_or_default())
        .stdin(Stdio::null())
        .process_group(0)
        .status()
        .map_err(failed)?;
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    code.ok_or_else(|| failed(std::io::Error::other(status.to_string())))
}
