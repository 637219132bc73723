//! The integration tests, in one binary so that they link once.

mod corpus_import;
mod docs;
mod export;
mod golden;
mod import;
mod tidy;
mod world;
