//! touchbase: a CRM for people who sell alone and live in a terminal.
//!
//! The layers and the direction of their imports are described in `docs/ARCHITECTURE.md`.

pub mod domain;
pub mod reports;
pub mod scoring;
pub mod services;
