//! The fast integration tests, in one binary.

mod tidy;
