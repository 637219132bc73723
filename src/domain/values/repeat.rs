//! Rules of recurrence.

use super::ValueError;
use serde::{Deserialize, Serialize};

/// A rule by which a follow-up comes again, as an RFC 5545 RRULE.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Repeat(String);

impl Repeat {
    /// Reads a rule.
    ///
    /// # Errors
    /// [`ValueError::Malformed`].
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        let _ = text;
        Err(ValueError::Malformed)
    }

    /// The RRULE.
    pub fn rule(&self) -> &str {
        &self.0
    }

    /// For people.
    pub fn words(&self) -> String {
        self.0.clone()
    }
}
