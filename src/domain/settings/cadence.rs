//! Settings of cadences: how often people should be touched who have no cadence of their own.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Cadences in days for contacts without one of their own; 0 leaves them in peace.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct CadenceSettings {
    /// For everyone whom nothing else fits; 0: nobody.
    pub default: u32,
    /// By tag; of several tags the shortest holds, before lifecycle and default.
    pub tags: BTreeMap<String, u32>,
    /// By lifecycle: lead, prospect, customer, churned.
    pub lifecycle: BTreeMap<String, u32>,
}
