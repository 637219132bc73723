//! Calls into code that may panic over a damaged file: the panic becomes an error, and a panic
//! hook can tell that there is nothing to report.

use super::StoreError;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

thread_local! {
    static IS_GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Whether this thread panics inside a guarded call, or is a thread of the database's own.
pub fn is_guarded_panic() -> bool {
    IS_GUARDED.get()
        || std::thread::current()
            .name()
            .is_some_and(|name| name.starts_with("sled-"))
}

/// Does something with the files at a path; a panic is damage.
///
/// # Errors
/// [`StoreError::Damaged`] when it panics.
pub(crate) fn guarded<T>(path: &Path, call: impl FnOnce() -> T) -> Result<T, StoreError> {
    let outer = IS_GUARDED.replace(true);
    let done = catch_unwind(AssertUnwindSafe(call));
    IS_GUARDED.set(outer);
    done.map_err(|panic| {
        let words = panic
            .downcast_ref::<String>()
            .map(String::as_str)
            .or_else(|| panic.downcast_ref::<&str>().copied())
            .unwrap_or("it makes no sense");
        let line = words.lines().next().unwrap_or_default();
        StoreError::Damaged(format!("{}: {line}", path.display()))
    })
}
