//! touchbase: a CRM for people who sell alone and live in a terminal.
//!
//! The layers and the direction of their imports are described in `docs/ARCHITECTURE.md`.

pub mod app;
pub mod cli;
pub mod domain;
pub mod error;
pub mod formats;
pub mod reports;
pub mod scoring;
pub mod services;
pub mod store;
pub mod tui;
