//! The integration tests, in one binary so that they link once.

mod corpus_import;
mod docs;
mod golden;
mod tidy;
mod world;
