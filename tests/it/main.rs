//! The integration tests, in one binary so that they link once.

#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking, also in its world"
)]

mod corpus_import;
mod docs;
mod export;
mod golden;
mod import;
mod terminal;
mod tidy;
mod world;
