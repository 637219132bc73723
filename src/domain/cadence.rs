//! How often a contact should be touched: their own cadence, else that of the settings.

use super::contact;
use super::record::Record;
use super::settings::cadence::CadenceSettings;
use super::values::text::fold;
use std::collections::BTreeMap;

/// The cadence that holds for a contact, in days; none when they are to be left in peace.
///
/// The contact's own wins, then the shortest of its tags, then that of its lifecycle, then the
/// default. A cadence of 0 days leaves in peace.
pub fn of(record: &Record, settings: &CadenceSettings) -> Option<u32> {
    let own = record.get(contact::CADENCE).map(|days| days.0);
    let of_tags = || {
        let tags = record.list(contact::TAGS).iter();
        tags.filter_map(|tag| named(&settings.tags, tag)).min()
    };
    let of_lifecycle = || {
        let lifecycle = match record.text(contact::LIFECYCLE) {
            "" => contact::LIFECYCLES.first().copied().unwrap_or_default(),
            lifecycle => lifecycle,
        };
        named(&settings.lifecycle, lifecycle)
    };
    let days = own
        .or_else(of_tags)
        .or_else(of_lifecycle)
        .unwrap_or(settings.default);
    (days > 0).then_some(days)
}

fn named(list: &BTreeMap<String, u32>, name: &str) -> Option<u32> {
    let name = fold(name);
    let same = list.iter().filter(|(known, _)| fold(known) == name);
    same.map(|(_, days)| *days).min()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::{CountedIds, IdSource as _};
    use crate::domain::values::Days;

    #[test]
    fn the_nearest_setting_holds() {
        let settings = CadenceSettings {
            default: 180,
            tags: [("vip", 30), ("Key", 60), ("dormant", 0)]
                .map(|(tag, days)| (tag.to_owned(), days))
                .into(),
            lifecycle: [("customer", 90), ("churned", 0)]
                .map(|(name, days)| (name.to_owned(), days))
                .into(),
        };
        let off = CadenceSettings::default();
        // own, tags, lifecycle, what holds, what holds without settings
        for (own, tags, lifecycle, expect, without) in [
            (None, &[][..], "", Some(180), None),
            (None, &[], "lead", Some(180), None),
            (None, &[], "customer", Some(90), None),
            (None, &[], "churned", None, None),
            (None, &["vip"], "customer", Some(30), None),
            (None, &["key", "VIP"], "customer", Some(30), None),
            (None, &["KEY"], "churned", Some(60), None),
            (None, &["other"], "customer", Some(90), None),
            (None, &["vip", "dormant"], "customer", None, None),
            (Some(7), &["vip"], "customer", Some(7), Some(7)),
            (Some(365), &["vip"], "customer", Some(365), Some(365)),
            (Some(0), &["vip"], "customer", None, None),
        ] {
            let now = chrono::DateTime::UNIX_EPOCH;
            let mut record = Record::new(&contact::KIND, CountedIds::default().next_id(now), now);
            if let Some(days) = own {
                record.set(contact::CADENCE, Days(days));
            }
            let tags: Vec<String> = tags.iter().map(|&tag| tag.to_owned()).collect();
            record.set(contact::TAGS, tags.clone());
            record.set(contact::LIFECYCLE, lifecycle.to_owned());
            assert_eq!(
                of(&record, &settings),
                expect,
                "{own:?} {tags:?} {lifecycle}"
            );
            assert_eq!(of(&record, &off), without, "{own:?} {tags:?} {lifecycle}");
        }
    }
}
