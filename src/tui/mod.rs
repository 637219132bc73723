//! The screen: `key -> keymap -> Msg -> update -> Effect -> runner -> Msg`, and `view`.
//!
//! Start with [`update::update`] and [`screen::view`]; the list of views is in
//! `views/mod.rs`, that of actions in `actions.rs`. Only `runner.rs` calls a service.

pub mod actions;
pub(crate) mod brief;
pub(crate) mod dialogs;
pub(crate) mod filter;
pub mod keymap;
pub(crate) mod marks;
pub mod model;
pub mod msg;
pub(crate) mod next_step;
pub(crate) mod popups;
pub mod runner;
pub mod screen;
pub(crate) mod term;
pub mod theme;
pub(crate) mod toasts;
pub mod update;
pub(crate) mod verbs;
pub(crate) mod views;
pub(crate) mod widgets;

#[cfg(test)]
pub(crate) mod sample;
