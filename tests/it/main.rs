//! The integration tests, in one binary so that they link once.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::too_many_lines,
    reason = "a test says what is wrong by stopping there, and tables of rows are long"
)]

mod after_power_cut;
mod agreement;
mod asking;
mod backup;
mod batch;
mod chance;
mod compaction;
mod completion;
mod corpus_import;
mod crash;
mod damage;
mod docs;
mod durable;
mod editing;
mod emails;
mod examples;
mod export;
mod faults;
mod faulty;
mod fleet;
mod golden;
mod hooks;
mod import;
mod kills;
mod large_change;
mod ledger;
mod mail;
mod names;
mod office;
mod outage;
mod power_cut;
mod privacy;
mod property;
mod query_fuzz;
mod reminders;
mod screens;
mod services;
mod session;
mod shells;
mod store_contract;
mod telling;
mod terminal;
mod tidy;
mod together;
mod versions;
mod world;
