//! The integration tests, in one binary so that they link once.

mod corpus_import;
mod golden;
mod world;
