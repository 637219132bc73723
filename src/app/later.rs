//! Work that nobody should wait for: done by a process of its own, after this one has answered.

use super::host::Host;
use crate::store::folder::StoreFolder;
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
