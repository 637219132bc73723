//! Records as JSON objects and back, without loss: the form of `--json`, of exports and of backups.
//!
//! The form is a contract: it is only ever added to. Fields stand under their names beside
//! `id`, `kind`, `revision`, `created`, `updated`, `state`, `custom` and `external`.

mod read;
mod write;

pub use read::{JsonError, from_json};
pub use write::{to_json, value_to_json};

/// The names of an object's members that are no fields.
pub const RESERVED: &[&str] = &[
    "id",
    "kind",
    "revision",
    "created",
    "updated",
    "state",
    "state-since",
    "custom",
    "external",
    "zones",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::KINDS;
    use crate::domain::context::{Context, DateOrder};
    use crate::domain::custom::CustomFields;
    use crate::domain::field::Shape;
    use crate::domain::id::{CountedIds, Id, IdSource as _};
    use crate::domain::kind::Kind;
    use crate::domain::pipeline::Pipelines;
    use crate::domain::record::{ExternalId, Record, State};
    use crate::domain::values::contact_points::{Address, Email, Labelled, Site};
    use crate::domain::values::dates::{Due, Moment, PartialDate};
    use crate::domain::values::money::{Currency, Money};
    use crate::domain::values::phone::{Phone, Region};
    use crate::domain::values::repeat::Repeat;
    use crate::domain::values::{Days, Instant, Minutes, Percent, Step, Value};
    use chrono::{DateTime, NaiveDate, Utc};
    use proptest::prelude::*;

    fn context() -> Context {
        Context {
            now: at(1_800_000_000_000),
            zone: chrono_tz::Asia::Kolkata,
            region: Region::DE,
            currency: Currency::EUR,
            date_order: DateOrder::Dmy,
        }
    }

    fn at(millis: i64) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(millis).expect("a moment")
    }

    fn labelled<T: Clone>(values: &[T]) -> Vec<Labelled<T>> {
        let labels = ["", "work", "büro \"x\""];
        values
            .iter()
            .zip(labels)
            .map(|(value, label)| Labelled {
                label: label.to_owned(),
                value: value.clone(),
            })
            .collect()
    }

    /// Values for a field; `text`, `number` and `millis` vary.
    #[expect(clippy::too_many_lines, reason = "one arm for each shape")]
    fn sample(shape: Shape, text: &str, number: i64, millis: i64, ids: [Id; 2]) -> Vec<Value> {
        let zone = chrono_tz::America::New_York;
        let small = u32::try_from(number.unsigned_abs() % 100_000).expect("small");
        let day =
            NaiveDate::from_num_days_from_ce_opt(700_000 + i32::try_from(small).expect("small"))
                .expect("a day");
        let partial = |year| PartialDate::new(year, 2, 29).expect("a day");
        match shape {
            Shape::Choice(words) => words
                .iter()
                .map(|word| Value::Text((*word).to_owned()))
                .collect(),
            Shape::Text | Shape::LongText | Shape::Pipeline | Shape::Stage => {
                vec![Value::Text(text.to_owned())]
            }
            Shape::Texts => vec![Value::Texts(vec![text.to_owned(), "a;b".to_owned()])],
            Shape::Emails => {
                let email = |text| Email::parse(text).expect(text);
                vec![Value::Emails(labelled(&[
                    email("Zoë.M@acme.de"),
                    email("o'b@x.ie"),
                ]))]
            }
            Shape::Phones => {
                let phone = |text| Phone::parse(text, Region::DE).expect(text);
                let phones = ["+49 171 1234567", "030 1234567 ext. 5", "+39 06 1234567"];
                vec![Value::Phones(labelled(&phones.map(phone)))]
            }
            Shape::Addresses => {
                let address = Address {
                    street: format!("{text}, 2nd, floor"),
                    city: "Berlin".to_owned(),
                    ..Address::default()
                };
                vec![Value::Addresses(labelled(&[address, Address::default()]))]
            }
            Shape::Sites => {
                let site = Site::parse("https://x.de/?a=b:c").expect("a site");
                vec![Value::Sites(labelled(&[site]))]
            }
            Shape::Dates => vec![Value::Dates(labelled(&[
                partial(None),
                partial(Some(1600)),
            ]))],
            Shape::Money => ["EUR", "JPY", "KWD"]
                .map(|code| {
                    Value::Money(Money::new(
                        number / 1000,
                        Currency::parse(code).expect(code),
                    ))
                })
                .to_vec(),
            Shape::Number => vec![Value::Number(number)],
            Shape::Percent => vec![Value::Percent(Percent::new(77).expect("a share"))],
            Shape::Minutes => vec![Value::Minutes(Minutes(small))],
            Shape::Days => vec![Value::Days(Days(small))],
            Shape::Flag => vec![Value::Flag(true), Value::Flag(false)],
            Shape::Date => vec![Value::Date(day)],
            Shape::PartialDate => [None, Some(1984), Some(12_400), Some(-4)]
                .map(|year| Value::PartialDate(partial(year)))
                .to_vec(),
            Shape::Due => vec![
                Value::Due(Due::Day(day)),
                Value::Due(Due::At(Moment::new(at(millis), zone))),
            ],
            Shape::Moment => vec![Value::Moment(Moment::new(at(millis), zone))],
            Shape::Instant => vec![Value::Instant(Instant(at(millis)))],
            Shape::Link(_) => vec![Value::Link(ids[0])],
            Shape::Links(_) => vec![Value::Links(ids.to_vec())],
            Shape::Steps => vec![Value::Steps(vec![
                Step {
                    at: at(millis),
                    from: None,
                    to: text.to_owned(),
                    note: None,
                },
                Step {
                    at: at(millis),
                    from: Some(text.to_owned()),
                    to: "won".to_owned(),
                    note: Some(text.to_owned()),
                },
            ])],
            Shape::Stages => vec![Value::Stages(Pipelines::default().0[0].stages.clone())],
            Shape::Repeat => Repeat::parse("FREQ=WEEKLY;INTERVAL=2")
                .map(Value::Repeat)
                .into_iter()
                .collect(),
        }
    }

    fn record(kind: &'static Kind, text: &str, number: i64, millis: i64, pick: usize) -> Record {
        let mut ids = CountedIds::default();
        let mut next = || ids.next_id(at(1_700_000_000_123));
        let links = [next(), next()];
        let mut record = Record::new(kind, next(), at(1_700_000_000_123));
        record.revision = number.unsigned_abs();
        record.updated = at(millis);
        record.state = [
            State::Active,
            State::Archived(at(millis)),
            State::Trashed(at(millis)),
        ][pick % 3];
        record
            .custom
            .insert("deal stage".to_owned(), text.to_owned());
        record.external.push(ExternalId {
            source: "accountid".to_owned(),
            id: text.to_owned(),
        });
        for field in kind.fields {
            let samples = sample(field.shape, text, number, millis, links);
            if !samples.is_empty() {
                record.set_value(field.number, Some(samples[pick % samples.len()].clone()));
            }
        }
        record
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn every_record_comes_back_as_it_was(
            text in "\\PC{1,12}",
            number in any::<i64>(),
            millis in -62_000_000_000_000_i64..250_000_000_000_000,
            pick in 0_usize..12,
        ) {
            for kind in KINDS {
                let record = record(kind, &text, number, millis, pick);
                let json = to_json(&record, CustomFields::default(), &context(), &|id| format!("name of {id}"));
                let back = from_json(&serde_json::from_str(&json.to_string()).expect("JSON"));
                prop_assert_eq!(back, Ok(record));
            }
        }
    }

    #[test]
    fn no_field_is_named_like_another_member() {
        for kind in KINDS {
            for field in kind.fields {
                assert!(!RESERVED.contains(&field.name), "{kind:?} {}", field.name);
            }
        }
    }

    #[test]
    fn the_form_is_the_documented_one() {
        use crate::domain::{deal, follow_up};
        let mut ids = CountedIds::default();
        let (id, company) = (ids.next_id(at(0)), ids.next_id(at(0)));
        let mut record = Record::new(&deal::KIND, id, at(1_700_000_000_000));
        record.set(deal::TITLE, "New site".to_owned());
        record.set(deal::VALUE, Money::new(120_000, Currency::EUR));
        record.set(deal::COMPANY, company);
        let json = to_json(&record, CustomFields::default(), &context(), &|_| {
            "Acme".to_owned()
        });
        let expect = serde_json::json!({
            "id": id.text(), "kind": "deal", "revision": 0, "state": "active",
            "created": "2023-11-15T03:43:20+05:30", "updated": "2023-11-15T03:43:20+05:30",
            "title": "New site", "value": {"amount": "1200.00", "currency": "EUR"},
            "company": {"id": company.text(), "name": "Acme"},
            "custom": {}, "external": [],
        });
        assert_eq!(json, expect);
        let mut record = Record::new(&follow_up::KIND, id, at(0));
        let moment = Moment::new(at(1_800_000_000_000), chrono_tz::Europe::Berlin);
        record.set(follow_up::DUE, Due::At(moment));
        let json = to_json(&record, CustomFields::default(), &context(), &|_| {
            String::new()
        });
        assert_eq!(json["due"], "2027-01-15T09:00:00+01:00");
        assert_eq!(json["zones"], serde_json::json!({"due": "Europe/Berlin"}));
    }

    #[test]
    fn what_does_not_fit_is_refused_with_the_member_at_fault() {
        let id = CountedIds::default().next_id(at(0)).text();
        let check = |extra: serde_json::Value, expect: &str| {
            let mut json = serde_json::json!({
                "id": id, "kind": "deal", "created": "2023-11-15T03:43:20Z", "title": "x",
            });
            for (key, value) in extra.as_object().expect("an object") {
                json[key] = value.clone();
            }
            let error = from_json(&json).expect_err(expect);
            assert_eq!(error.member(), expect, "{extra}");
        };
        check(serde_json::json!({"id": "nonsense"}), "id");
        check(serde_json::json!({"kind": "spaceship"}), "kind");
        check(serde_json::json!({"created": "yesterday"}), "created");
        check(
            serde_json::json!({"value": {"amount": "x", "currency": "EUR"}}),
            "value",
        );
        check(serde_json::json!({"value": 5}), "value");
        check(serde_json::json!({"probability": 101}), "probability");
        check(serde_json::json!({"company": {"name": "Acme"}}), "company");
        check(serde_json::json!({"colour": "red"}), "colour");
        check(serde_json::json!({"state": "lost"}), "state");
        check(serde_json::json!({"custom": [1]}), "custom");
        assert_eq!(
            from_json(&serde_json::json!([]))
                .expect_err("no object")
                .member(),
            ""
        );
    }
}
