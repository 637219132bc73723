//! The integration tests, in one binary so that they link once.

mod corpus_import;
mod docs;
mod durable;
mod faulty;
mod golden;
mod large_change;
mod office;
mod session;
mod store_contract;
mod tidy;
mod world;
