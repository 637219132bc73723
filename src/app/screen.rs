//! Opens the screen: on the user's store, or on a store of demo data.

use super::host::Host;
use crate::domain::change::Who;
use crate::error::{Error, Result};
use crate::services::desk::{Desk, Seen};
use crate::services::{Env, demo, words};
use crate::store::folder::StoreFolder;
use std::path::PathBuf;
use std::time::Duration;

/// Opens the screen on a store.
///
/// # Errors
/// When the terminal or the store fails.
pub fn open(folder: StoreFolder, env: Env, host: &Host) -> Result<()> {
    let reader = folder.clone();
    let clock = host.now.clone();
    let env = Env {
        who: Who::Tui,
        ..env
    };
    let desk = Desk::new(
        Box::new(move || folder.open()),
        Box::new(move || {
            let number = reader.head()?.number;
            let tree = reader.tree()?;
            Some(Seen { number, tree })
        }),
        Box::new(move || clock()),
        env,
    );
    let monochrome = host.var("NO_COLOR").is_some();
    crate::tui::runner::run(desk, monochrome, &*host.now)
}

/// Opens the screen on demo data: in a folder that is kept when one is named, else in one that
/// is removed afterwards. A folder that has data already is opened as it is.
///
/// # Errors
/// When the folder cannot be written, or the terminal fails.
pub fn demo(kept: Option<PathBuf>, env: Env, host: &Host) -> Result<()> {
    let thrown_away = match kept {
        Some(_) => None,
        None => {
            let made = tempfile::Builder::new().prefix("touchbase-demo-").tempdir();
            Some(made.map_err(|error| Error::io("cannot make a folder for the demo", error))?)
        }
    };
    let path = kept.or_else(|| thrown_away.as_ref().map(|folder| folder.path().to_owned()));
    let folder = StoreFolder::new(path.unwrap_or_default(), Duration::from_secs(5));
    let mut session = folder.open().map_err(words::store)?;
    demo::fill(&mut session, &env)?;
    drop(session);
    if !(host.out_is_terminal && host.in_is_terminal) {
        return Ok(());
    }
    open(folder, env, host)
}
