//! Pieces that views and popups draw with.

pub(crate) mod calendar;
pub(crate) mod cursor;
pub(crate) mod empty;
pub(crate) mod frame;
pub(crate) mod input;
pub(crate) mod lines;
pub(crate) mod picker;
pub(crate) mod record_pane;
pub(crate) mod text;
