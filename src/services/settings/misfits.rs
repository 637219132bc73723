//! Settings that read well and still make no sense.

use crate::domain::settings::{Settings, SettingsError};
use crate::domain::values::money::Currency;
use crate::domain::values::phone::Region;
use crate::services::words;

/// A value that makes no sense.
pub(super) struct Misfit {
    pub(super) key: &'static str,
    /// Which member of a list it is, from 1.
    pub(super) number: Option<usize>,
    pub(super) what: String,
    pub(super) hint: Option<String>,
}

impl Misfit {
    /// Of a key whose value cannot be.
    fn of_value(key: &'static str, value: &str, hint: &str) -> Self {
        Self {
            key,
            number: None,
            what: format!("`{key}` cannot be `{value}`"),
            hint: Some(hint.to_owned()),
        }
    }

    /// Of a list, one of whose members cannot be.
    fn of_list(key: &'static str, error: &SettingsError) -> Self {
        let number = match error {
            SettingsError::Field { number, .. } => Some(*number),
            _ => None,
        };
        let error = words::settings(error);
        Self {
            key,
            number,
            what: error.message,
            hint: error.hints.into_iter().next(),
        }
    }
}

/// Everything that makes no sense, in the order of the keys.
pub(super) fn misfits(settings: &Settings) -> Vec<Misfit> {
    let (currency, region) = (settings.currency.as_str(), settings.region.as_str());
    let zone = settings.time_zone.as_str();
    let mut found = Vec::new();
    if Currency::parse(currency).is_err() {
        let hint = "write its ISO code: EUR, USD, GBP";
        found.push(Misfit::of_value("currency", currency, hint));
    }
    if !region.is_empty() && Region::parse(region).is_none() {
        let hint = "write a country's code: DE, FR, US";
        found.push(Misfit::of_value("region", region, hint));
    }
    if !zone.is_empty() && zone.parse::<chrono_tz::Tz>().is_err() {
        let hint = "write a zone's name: Europe/Berlin";
        found.push(Misfit::of_value("time-zone", zone, hint));
    }
    let pipelines = settings.pipelines().err();
    found.extend(pipelines.map(|error| Misfit::of_list("pipeline", &error)));
    let fields = settings.custom_fields().err();
    found.extend(fields.map(|error| Misfit::of_list("field", &error)));
    found
}
