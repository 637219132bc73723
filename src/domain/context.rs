//! What a text is read against and a value is shown in: the moment, the zone, the user's habits.

use super::values::money::Currency;
use super::values::phone::Region;
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The order of day, month and year in a date of digits such as `3/4/2026`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum DateOrder {
    /// Day, month, year.
    #[default]
    Dmy,
    /// Month, day, year.
    Mdy,
    /// Year, month, day.
    Ymd,
}

/// The user's moment and habits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Context {
    /// Now.
    pub now: DateTime<Utc>,
    /// The user's zone.
    pub zone: Tz,
    /// Where a phone number without country code is from.
    pub region: Region,
    /// The currency of an amount that names none.
    pub currency: Currency,
    /// The order in which numeric dates are read.
    pub date_order: DateOrder,
}

impl Context {
    /// The user's today.
    pub fn today(&self) -> NaiveDate {
        self.now.with_timezone(&self.zone).date_naive()
    }
}
