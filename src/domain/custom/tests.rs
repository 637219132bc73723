//! What declared fields read, keep and give back.

use super::sample::fields;
use super::*;
use crate::domain::contact;
use crate::domain::context::DateOrder;
use crate::domain::id::{CountedIds, IdSource as _};
use crate::domain::values::money::{Currency, Money};
use crate::domain::values::phone::Region;
use proptest::prelude::*;

fn context() -> Context {
    Context {
        now: "2026-11-25T09:00:00Z".parse().expect("a moment"),
        zone: chrono_tz::Europe::Berlin,
        region: Region::DE,
        currency: Currency::EUR,
        date_order: DateOrder::Dmy,
    }
}

fn own(name: &str) -> &'static CustomField {
    fields().named(&contact::KIND, name).expect(name)
}

fn record(name: &str, text: &str) -> Record {
    let now = context().now;
    let mut record = Record::new(&contact::KIND, CountedIds::default().next_id(now), now);
    record.custom.insert(name.to_owned(), text.to_owned());
    record
}

/// What is typed, and the text that is kept; none where it is refused.
#[test]
fn what_is_typed_is_kept_in_one_form() {
    let check = |name: &str, text: &str, expect: Option<&str>| {
        let own = own(name);
        let kept = own.read(text, &context()).ok().map(|value| {
            let mut record = record("other", "x");
            own.set(&mut record, Some(&value), &context());
            record.custom.remove(name).expect("it is kept")
        });
        assert_eq!(kept.as_deref(), expect, "{name} {text}");
    };
    check("motto", " make  it\tso ", Some("make it so"));
    check("motto", " ", None);
    check("story", " one\n  two\n", Some("one\n  two"));
    check("rooms", "1,200", Some("1200"));
    check("rooms", "-3", Some("-3"));
    check("rooms", "1.5", None);
    check("rooms", "many", None);
    check("rooms", "99999999999999999999", None);
    check("budget", "1.200 EUR", None);
    check("budget", "1.200,50 EUR", Some("1200.50 EUR"));
    check("budget", "$5", Some("5.00 USD"));
    check("budget", "1200", Some("1200.00 EUR"));
    check("budget", "1200 JPY", Some("1200 JPY"));
    check("budget", "5.5 JPY", None);
    check("budget", "lots", None);
    check("since", "1 dec", Some("2026-12-01"));
    check("since", "tomorrow", Some("2026-11-26"));
    check("since", "3/4/2026", Some("2026-04-03"));
    check("since", "feb 30", None);
    check("grade", "GOLD", Some("gold"));
    check("grade", "platinum", None);
    check("newsletter", "Y", Some("yes"));
    check("newsletter", "false", Some("no"));
    check("newsletter", "perhaps", None);
}

/// What was there before a field was declared: a value, or the text as it is.
#[test]
fn what_was_there_before_is_read_the_same_every_day() {
    let check = |name: &str, text: &str, expect: Option<&str>| {
        let record = record(name, text);
        let kept = own(name).kept(&record, &context()).expect("a text");
        let plain = match &kept {
            Kept::Value(value) => Some(show::plain(value, &context())),
            Kept::Text(same) => {
                assert_eq!(*same, text);
                None
            }
        };
        assert_eq!(plain.as_deref(), expect, "{name} {text}");
    };
    check("motto", " as  it was", Some(" as  it was"));
    check("budget", "1200", Some("1200.00 EUR"));
    check("budget", "about 5", None);
    check("since", "2026-12-01", Some("2026-12-01"));
    check("since", "1.12.2026", Some("2026-12-01"));
    check("since", "1 dec", None);
    check("since", "tomorrow", None);
    check("since", "+3d", None);
    check("since", "", None);
    check("grade", "Gold", Some("gold"));
    check("grade", "old", None);
    check("newsletter", "1", Some("yes"));
    check("rooms", "none", None);
}

#[test]
fn a_name_means_a_field_however_it_is_spelled() {
    for (name, expect) in [
        ("budget", true),
        ("Budget", true),
        ("custom.budget", true),
        (" BUDGET ", true),
        ("budgets", false),
        ("", false),
    ] {
        let found = fields().named(&contact::KIND, name).is_some();
        assert_eq!(found, expect, "{name}");
    }
    assert!(
        fields()
            .named(&crate::domain::deal::KIND, "budget")
            .is_none()
    );
    assert_eq!(fields().near(&contact::KIND, "budgte"), Some("budget"));
    assert_eq!(fields().near(&contact::KIND, "shoe size"), None);
}

#[test]
fn a_value_takes_the_place_of_what_was_spelled_otherwise() {
    let mut record = record("Budget", "1200");
    let budget = own("budget");
    assert_eq!(budget.text(&record), Some("1200"));
    record
        .custom
        .insert("shoe size".to_owned(), "42".to_owned());
    let told: Vec<String> = fields()
        .told(&record, &context())
        .iter()
        .map(|(label, value)| format!("{label} {}", show::plain(value, &context())))
        .collect();
    assert_eq!(told, ["Budget 1200.00 EUR", "shoe size 42"]);
    let value = Value::Money(Money::new(500, Currency::EUR));
    budget.set(&mut record, Some(&value), &context());
    let kept: Vec<_> = record.custom.iter().collect();
    assert_eq!(
        kept.iter()
            .map(|(name, text)| format!("{name}={text}"))
            .collect::<Vec<_>>(),
        ["budget=5.00 EUR", "shoe size=42"]
    );
    budget.set(&mut record, None, &context());
    assert_eq!(record.custom.len(), 1);
}

#[test]
fn programs_get_types_where_nothing_is_lost_by_it() {
    for (name, text, expect) in [
        (
            "budget",
            "1200.00 EUR",
            serde_json::json!({"amount": "1200.00", "currency": "EUR"}),
        ),
        ("budget", "1200", serde_json::json!("1200")),
        ("budget", "about 5", serde_json::json!("about 5")),
        ("rooms", "12", serde_json::json!(12)),
        ("rooms", "012", serde_json::json!("012")),
        ("newsletter", "yes", serde_json::json!(true)),
        ("newsletter", "true", serde_json::json!("true")),
        ("since", "2026-12-01", serde_json::json!("2026-12-01")),
        ("grade", "gold", serde_json::json!("gold")),
        ("motto", "12", serde_json::json!("12")),
        ("other", "12", serde_json::json!("12")),
    ] {
        let json = fields().json(&record(name, text), &context());
        assert_eq!(json[name], expect, "{name} {text}");
    }
}

#[test]
fn no_kind_has_a_field_under_the_number_of_custom_fields() {
    for kind in crate::domain::KINDS {
        assert!(kind.field_by_number(Field::CUSTOM).is_none(), "{kind:?}");
    }
}

fn any_value() -> impl Strategy<Value = (&'static str, Value)> {
    let codes = prop::sample::select(vec!["EUR", "JPY", "KWD", "USD"]);
    let money = (-i64::MAX..=i64::MAX, codes)
        .prop_map(|(minor, code)| Money::new(minor, Currency::parse(code).expect(code)));
    let day = (693_596_i32..=803_532)
        .prop_map(|days| NaiveDate::from_num_days_from_ce_opt(days).expect("a day"));
    let grade = prop::sample::select(vec!["bronze", "silver", "gold"]);
    prop_oneof![
        any::<i64>().prop_map(|number| ("rooms", Value::Number(number))),
        money.prop_map(|money| ("budget", Value::Money(money))),
        day.prop_map(|day| ("since", Value::Date(day))),
        grade.prop_map(|word| ("grade", Value::Text(word.to_owned()))),
        any::<bool>().prop_map(|flag| ("newsletter", Value::Flag(flag))),
        "[^\\s\\p{C}]{1,8}( [^\\s\\p{C}]{1,8}){0,2}".prop_map(|text| ("motto", Value::Text(text))),
        "[^\\s\\p{C}]{1,8}(\n *[^\\s\\p{C}]{1,8}){0,2}"
            .prop_map(|text| ("story", Value::Text(text))),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// The kept text is the value again, whoever reads it, and programs get it back.
    #[test]
    fn a_kept_text_is_the_value_again((name, value) in any_value()) {
        let (own, mut record) = (own(name), record("other", "x"));
        own.set(&mut record, Some(&value), &context());
        let text = own.text(&record).expect("it is kept").to_owned();
        prop_assert_eq!(own.kept(&record, &context()), Some(Kept::Value(value.clone())));
        prop_assert_eq!(own.read(&text, &context()), Ok(value.clone()));
        let json = crate::domain::json::to_json(&record, fields(), &context(), &|id| id.text());
        let back = crate::domain::json::from_json(&json).expect("a record");
        prop_assert_eq!(back.custom, record.custom);
    }

    /// Whatever a person types is kept in a form that does not change when it is read again.
    #[test]
    fn what_is_understood_once_is_understood_again(
        text in "\\PC{0,12}|[0-9.,' -]{1,8}( ?(EUR|€|USD|JPY))?|[0-9]{1,2}[./ ][0-9a-z]{1,3}[./ ][0-9]{4}",
        place in 0_usize..7,
    ) {
        let own = fields().of_kind(&contact::KIND).nth(place).expect("seven fields");
        if let Ok(value) = own.read(&text, &context()) {
            let plain = show::plain(&value, &context());
            prop_assert_eq!(own.read(&plain, &context()), Ok(value.clone()), "{}", plain);
            let mut record = record("other", "x");
            own.set(&mut record, Some(&value), &context());
            prop_assert_eq!(own.kept(&record, &context()), Some(Kept::Value(value)));
        }
    }
}
