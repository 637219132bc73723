//! The integration tests, in one binary so that they link once.

mod golden;
mod world;
