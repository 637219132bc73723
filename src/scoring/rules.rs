//! The rules of the score, one function each. Adding one touches this file only.

use super::{Facts, Reason};
use crate::domain::settings::ScoreSettings;

/// A rule: what it gives or takes, and why.
pub type Rule = fn(&Facts<'_>, &ScoreSettings) -> Reason;

/// Every rule.
pub const RULES: &[Rule] = &[];
