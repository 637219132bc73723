//! Use cases: what is asked for, turned into changes and answers.

pub mod demo;
pub mod intent;
