//! Sessions as commands hold them: opened and closed by each command, or one shared by the
//! commands of a batch.

use crate::error::{Error, Result};
use crate::services::words;
use crate::store::folder::StoreFolder;
use crate::store::session::Session;
use std::cell::RefCell;
use std::ops::{Deref, DerefMut};
use std::rc::Rc;

/// A store, and the session that several commands share, if they do.
#[derive(Clone)]
pub struct Kept {
    folder: StoreFolder,
    shared: Option<Rc<RefCell<Shared>>>,
}

/// What the commands of a batch share.
#[derive(Default)]
struct Shared {
    session: Option<Session>,
    groups: bool,
}

impl Kept {
    /// A store that each command opens for itself.
    pub const fn new(folder: StoreFolder) -> Self {
        Self {
            folder,
            shared: None,
        }
    }

    /// The store's folder.
    pub const fn folder(&self) -> &StoreFolder {
        &self.folder
    }

    /// The folder, for work that needs all of the store for itself.
    ///
    /// # Errors
    /// When several commands share a session.
    pub fn whole(&self) -> Result<&StoreFolder> {
        match self.shared {
            None => Ok(&self.folder),
            Some(_) => Err(Error::usage(
                "this cannot run in a batch: it needs the store for itself",
            )
            .hint("run it before or after the batch")),
        }
    }

    /// Whether commands share a session, as those of a batch do.
    pub const fn is_shared(&self) -> bool {
        self.shared.is_some()
    }

    /// Lets the commands that follow share a session. Where they form groups, what they change
    /// lasts only when [`Self::finish_group`] has returned.
    pub fn share(&mut self, groups: bool) {
        let shared = Shared {
            session: None,
            groups,
        };
        self.shared = Some(Rc::new(RefCell::new(shared)));
    }

    /// Opens a session, or takes the shared one.
    ///
    /// # Errors
    /// When the store is held for too long, or damaged.
    pub fn open(&self) -> Result<Opened> {
        let kept = self
            .shared
            .as_ref()
            .and_then(|shared| shared.borrow_mut().session.take());
        let session = match kept {
            Some(session) => session,
            None => self.open_alone()?,
        };
        Ok(Opened {
            session: Some(session),
            shared: self.shared.clone(),
        })
    }

    /// Opens a session.
    ///
    /// # Errors
    /// When the store is held for too long, or damaged.
    pub fn open_alone(&self) -> Result<Session> {
        let mut session = self.folder.open().map_err(words::store)?;
        if let Some(shared) = &self.shared
            && shared.borrow().groups
        {
            session.begin_group();
        }
        Ok(session)
    }

    /// Makes what the shared session changed last.
    ///
    /// # Errors
    /// When it cannot be written: then nothing since the last group counts, and the session is
    /// closed.
    pub fn finish_group(&self) -> Result<()> {
        let Some(shared) = &self.shared else {
            return Ok(());
        };
        let mut shared = shared.borrow_mut();
        let Some(session) = &mut shared.session else {
            return Ok(());
        };
        let finished = session.finish_group().map_err(words::store);
        if finished.is_err() {
            shared.session = None;
        }
        finished
    }

    /// Closes the shared session, so that others get their turn.
    pub fn release(&self) {
        if let Some(shared) = &self.shared {
            shared.borrow_mut().session = None;
        }
    }
}

/// A session in a command's hands. When the command is done it is closed, or goes back to those
/// who share it.
pub struct Opened {
    session: Option<Session>,
    shared: Option<Rc<RefCell<Shared>>>,
}

impl Opened {
    /// Lends the session to work that may close it and open another; it goes back to those who
    /// share it.
    pub fn lend<T>(mut self, work: impl FnOnce(&mut Option<Session>) -> T) -> T {
        work(&mut self.session)
    }
}

const THERE: &str = "a session is away only while it is lent, and that takes the whole value";

impl Deref for Opened {
    type Target = Session;

    #[expect(clippy::expect_used, reason = "lending consumes the value")]
    fn deref(&self) -> &Session {
        self.session.as_ref().expect(THERE)
    }
}

impl DerefMut for Opened {
    #[expect(clippy::expect_used, reason = "lending consumes the value")]
    fn deref_mut(&mut self) -> &mut Session {
        self.session.as_mut().expect(THERE)
    }
}

impl Drop for Opened {
    fn drop(&mut self) {
        if let Some(shared) = &self.shared {
            shared.borrow_mut().session = self.session.take();
        }
    }
}
