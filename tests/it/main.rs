//! The integration tests, in one binary so that they link once.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::too_many_lines,
    reason = "a test says what is wrong by stopping there, and tables of rows are long"
)]

mod corpus_import;
mod crash;
mod docs;
mod durable;
mod export;
mod faulty;
mod golden;
mod import;
mod large_change;
mod office;
mod privacy;
mod property;
mod screens;
mod services;
mod session;
mod store_contract;
mod terminal;
mod tidy;
mod together;
mod world;
