//! What differs between two versions of a record: field by field, from what to what.

use crate::domain::context::Context;
use crate::domain::field::Filled;
use crate::domain::record::{Record, State};
use crate::domain::show::{self, NameOf};
use crate::domain::values::{Value, text};
use std::collections::BTreeSet;

/// What is said of a value that is not there.
pub const NOTHING: &str = "nothing";

/// One thing that two versions of a record say differently.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// What: the name of a field, `custom.NAME`, `external.SOURCE`, or `state`.
    pub name: String,
    /// Whether a person fills it in, rather than the program.
    pub by_user: bool,
    /// What it was; none when it was empty.
    pub before: Option<Value>,
    /// What it is; none when it is empty.
    pub after: Option<Value>,
}

impl Difference {
    /// What it was, in one line of words.
    pub fn was(&self, context: &Context, name_of: NameOf<'_>) -> String {
        self.words(self.before.as_ref(), context, name_of)
    }

    /// What it is, in one line of words.
    pub fn is(&self, context: &Context, name_of: NameOf<'_>) -> String {
        self.words(self.after.as_ref(), context, name_of)
    }

    /// A value of this field in one line of words.
    pub fn words(&self, value: Option<&Value>, context: &Context, name_of: NameOf<'_>) -> String {
        let words = match value {
            None => NOTHING.to_owned(),
            // A history is longer by one step: that one says what was done.
            Some(Value::Steps(steps)) => {
                let last = steps.last().cloned().into_iter().collect();
                show::words(&Value::Steps(last), context, name_of)
            }
            Some(Value::Text(word)) if self.name == "state" => match word.as_str() {
                "archived" => "archive".to_owned(),
                "trashed" => "trash".to_owned(),
                other => other.to_owned(),
            },
            Some(value) => show::words(value, context, name_of),
        };
        text::line(&words)
    }
}

/// Everything that differs, in the order of the field table; without a version before, all
/// that the new record says.
pub fn between(before: Option<&Record>, after: Option<&Record>) -> Vec<Difference> {
    let Some(either) = after.or(before) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    let mut compare = |name: String, by_user: bool, value: &dyn Fn(&Record) -> Option<Value>| {
        let (before, after) = (before.and_then(value), after.and_then(value));
        if before != after {
            found.push(Difference {
                name,
                by_user,
                before,
                after,
            });
        }
    };
    for field in either.kind.fields {
        let by_user = field.filled == Filled::ByUser;
        compare(field.name.to_owned(), by_user, &|record| {
            record.field(field).cloned()
        });
    }
    // That a new record is active need not be said.
    let is_new_or_gone = before.is_none() || after.is_none();
    if !(is_new_or_gone && either.is_active()) {
        compare("state".to_owned(), true, &|record| Some(state(record)));
    }
    let versions = || before.into_iter().chain(after);
    let names: BTreeSet<&String> = versions().flat_map(|r| r.custom.keys()).collect();
    for name in names {
        compare(format!("custom.{name}"), true, &|record| {
            record.custom.get(name).cloned().map(Value::Text)
        });
    }
    let sources: BTreeSet<&String> = versions()
        .flat_map(|record| record.external.iter().map(|external| &external.source))
        .collect();
    for source in sources {
        compare(format!("external.{source}"), false, &|record| {
            external(record, source)
        });
    }
    found
}

fn state(record: &Record) -> Value {
    let word = match record.state {
        State::Active => "active",
        State::Archived(_) => "archived",
        State::Trashed(_) => "trashed",
    };
    Value::Text(word.to_owned())
}

/// The ids by which another program knows a record.
fn external(record: &Record, source: &str) -> Option<Value> {
    let of_it = record
        .external
        .iter()
        .filter(|external| external.source == source);
    let ids: Vec<String> = of_it.map(|external| external.id.clone()).collect();
    (!ids.is_empty()).then_some(Value::Texts(ids))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::contact;
    use crate::domain::context::DateOrder;
    use crate::domain::id::{CountedIds, IdSource as _};
    use crate::domain::record::ExternalId;
    use crate::domain::values::money::Currency;
    use crate::domain::values::phone::Region;
    use chrono::{DateTime, Utc};

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp_millis(1_800_000_000_000).unwrap()
    }

    fn ana() -> Record {
        let mut ana = Record::new(&contact::KIND, CountedIds::default().next_id(now()), now());
        ana.set(contact::NAME, "Ana".to_owned());
        ana
    }

    fn known_as(record: &mut Record, source: &str, id: &str) {
        record.external.push(ExternalId {
            source: source.to_owned(),
            id: id.to_owned(),
        });
    }

    #[track_caller]
    fn check(before: Option<&Record>, after: Option<&Record>, expect: &[&str]) {
        let context = Context {
            now: now(),
            zone: chrono_tz::UTC,
            region: Region::DE,
            currency: Currency::EUR,
            date_order: DateOrder::Dmy,
        };
        let name_of = |_| String::new();
        let found = between(before, after).into_iter().map(|one| {
            let (was, is) = (one.was(&context, &name_of), one.is(&context, &name_of));
            format!("{}: {was} → {is}", one.name)
        });
        assert_eq!(found.collect::<Vec<_>>(), expect);
    }

    #[test]
    fn whatever_a_record_says_differs_by_name_from_what_to_what() {
        let before = ana();
        check(Some(&before), Some(&before), &[]);
        let mut after = before.clone();
        (after.revision, after.updated) = (9, now() + chrono::TimeDelta::days(1));
        check(Some(&before), Some(&after), &[]);
        after.set(contact::ROLE, "a\nb".to_owned());
        after.state = State::Trashed(now());
        after.custom.insert("size".to_owned(), "42".to_owned());
        known_as(&mut after, "crm", "1");
        known_as(&mut after, "crm", "2");
        let there = [
            "role: nothing → a b",
            "state: active → trash",
            "custom.size: nothing → 42",
            "external.crm: nothing → 1, 2",
        ];
        check(Some(&before), Some(&after), &there);
        let back = [
            "role: a b → nothing",
            "state: trash → active",
            "custom.size: 42 → nothing",
            "external.crm: 1, 2 → nothing",
        ];
        check(Some(&after), Some(&before), &back);
        // When it was put away is no difference of its own.
        let mut later = after.clone();
        later.state = State::Trashed(now() + chrono::TimeDelta::days(1));
        check(Some(&after), Some(&later), &[]);
        check(None, Some(&before), &["name: nothing → Ana"]);
        check(Some(&before), None, &["name: Ana → nothing"]);
        before_and_gone(&after);
    }

    /// A record that lay in the trash is said to have lain there.
    #[track_caller]
    fn before_and_gone(trashed: &Record) {
        let found = between(Some(trashed), None);
        assert!(found.iter().any(|one| one.name == "state"));
    }
}
