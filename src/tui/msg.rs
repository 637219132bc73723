//! What reaches the screen, what it asks of the program, and what its parts ask of it.

use super::actions::Action;
use super::popups::Popup;
use crate::domain::id::Id;
use crate::domain::record::Record;
use crate::error::{Error, Result};
use crate::services::intent::{Intent, Receipt};
use crate::services::snapshot::Snapshot;
use chrono::{DateTime, Utc};
use crossterm::event::{KeyEvent, MouseEvent};

/// Ties the answer of the worker to what was asked of it.
pub type Token = u64;

/// Something that happened.
pub enum Msg {
    /// A key was pressed.
    Key(KeyEvent),
    /// Text was pasted.
    Paste(String),
    /// The mouse was used.
    Mouse(MouseEvent),
    /// The terminal has so many columns and rows now.
    Resize(u16, u16),
    /// Time passed.
    Tick(DateTime<Utc>),
    /// The records are there, up to the change of that number.
    Loaded(Box<Snapshot>, u64),
    /// Records changed, up to the change of that number.
    Changed(u64, Vec<(Id, Option<Record>)>),
    /// What became of an intent.
    Performed(Token, Result<Receipt>),
    /// Reading the store failed.
    Failed(Error),
    /// The terminal is ours again.
    Resumed,
    /// The program was asked to go to the background.
    SuspendAsked,
    /// The program was asked to end.
    QuitAsked,
}

/// Something for the runner to do.
#[derive(Debug, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "a handful at a time")]
pub enum Effect {
    /// Change data, and answer with the token.
    Perform(Token, Intent),
    /// Read everything anew.
    Load,
    /// Draw every cell anew.
    Redraw,
    /// Give the terminal back and stop until `fg`.
    Suspend,
    /// End.
    Quit,
}

/// What a view or a popup asks of the screen.
pub(crate) enum Request {
    /// Change data.
    Perform(Intent),
    /// Change data, and close this popup when that went well.
    Submit(Intent),
    /// Show a record over what is there.
    Open(Id),
    /// Go to the view where the record lives, with the cursor on it.
    Go(Id),
    /// Show the view of that name.
    View(&'static str),
    /// Show a popup over what is there.
    Popup(Box<dyn Popup>),
    /// Close the popup that asks.
    Close,
    /// Run an action, with its argument.
    Run(&'static Action, String),
    /// Keep what was typed into the palette.
    Remember(String),
    /// Filter the view's list.
    Filter(String),
    /// Deliver a movement to the view below.
    Below(&'static str),
    /// Say something in passing.
    Say(String),
}
