//! What lies over a view for a while: help, palette, pickers, forms, menus, questions.
//!
//! A popup takes the keys of its scope as actions and every other key as typing. It
//! changes nothing but itself and asks for the rest by [`Request`]s.

pub(crate) mod ask;
pub(crate) mod card;
pub(crate) mod filter;
pub(crate) mod form;
mod form_draw;
pub(crate) mod help;
pub(crate) mod jump;
pub(crate) mod menu;
pub(crate) mod palette;
pub(crate) mod reading;
pub(crate) mod score;

use super::actions::{Action, Scope};
use super::model::Shared;
use super::msg::{Request, Token};
use crate::domain::id::Id;
use crate::error::Error;
use crossterm::event::KeyEvent;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// Something that lies over a view.
pub(crate) trait Popup {
    /// Whose keys it takes, the nearest first.
    fn scopes(&self) -> &'static [Scope];

    /// Takes an action of its scopes.
    fn act(&mut self, action: &'static Action, shared: &Shared) -> Vec<Request>;

    /// Takes a key that means no action.
    fn typed(&mut self, key: &KeyEvent, shared: &Shared) -> Vec<Request> {
        let _ = (key, shared);
        Vec::new()
    }

    /// Takes pasted text.
    fn paste(&mut self, text: &str, shared: &Shared) -> Vec<Request> {
        let _ = (text, shared);
        Vec::new()
    }

    /// Takes a click: what was hit is worked out from the area it is drawn in.
    fn click(&mut self, column: u16, row: u16, shared: &Shared) -> Vec<Request> {
        let _ = (column, row, shared);
        Vec::new()
    }

    /// Takes a turn of the wheel.
    fn wheel(&mut self, lines: isize, shared: &Shared) {
        let _ = (lines, shared);
    }

    /// The record that it shows.
    fn selected(&self) -> Option<Id> {
        None
    }

    /// The data or the size changed.
    fn refresh(&mut self, shared: &Shared) {
        let _ = shared;
    }

    /// The answer to wait for, once something was submitted.
    fn waits_for(&self) -> Option<Token> {
        None
    }

    /// Something was submitted and will be answered with that token.
    fn submitted(&mut self, token: Token) {
        let _ = token;
    }

    /// What was submitted was refused; false leaves saying so to the screen.
    fn refused(&mut self, error: &Error) -> bool {
        let _ = error;
        false
    }

    /// Whether it takes the footer's row instead of the footer.
    fn is_line(&self) -> bool {
        false
    }

    /// Draws itself over the body of the screen, or on the footer's row.
    fn draw(&self, shared: &Shared, buffer: &mut Buffer, body: Rect);
}

/// The keys of a picker: its own only.
pub(crate) const PICKER: &[Scope] = &[Scope::Picker];
