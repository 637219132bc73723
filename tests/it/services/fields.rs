//! Fields that the settings declare: required, kept by one name, met by two, told when they do
//! not fit.

use crate::office::{Office, edits};
use touchbase::domain::contact;
use touchbase::domain::custom::CustomFields;
use touchbase::domain::id::Id;
use touchbase::domain::settings::Settings;
use touchbase::error::ErrorKind;
use touchbase::services::custom::misfits;
use touchbase::services::intent::{FieldChange, FieldEdit, Intent, Target};

/// What the settings of that text declare.
fn declared(text: &str) -> CustomFields {
    let settings: Settings = toml::from_str(text).expect("settings");
    settings.custom_fields().expect("fields that make sense")
}

/// An office whose contacts have a budget, a grade, a day and a number of rooms.
fn office(budget_is_required: bool) -> Office {
    let mut office = Office::new();
    office.env.custom = declared(&format!(
        r#"
        field = [
            {{ kind = "contact", name = "budget", type = "money", required = {budget_is_required} }},
            {{ kind = "contact", name = "grade", type = "choice", choices = ["silver", "gold"] }},
            {{ kind = "contact", name = "since", type = "date" }},
            {{ kind = "contact", name = "rooms", type = "number" }},
        ]"#
    ));
    office
}

fn edit(id: Id, revision: Option<u64>, fields: Vec<FieldEdit>) -> Intent {
    let kind = &contact::KIND;
    Intent::Edit {
        targets: vec![(Target { kind, id }, revision)],
        fields,
    }
}

/// What a record keeps: `name=text`, one after the other.
fn kept(office: &Office, id: Id) -> String {
    let custom = office.get(&contact::KIND, id).custom;
    let all = custom.iter().map(|(name, text)| format!("{name}={text}"));
    all.collect::<Vec<_>>().join(" | ")
}

#[test]
fn a_new_record_has_what_is_required_and_does_not_lose_it() {
    let mut office = office(true);
    let kind = &contact::KIND;
    let without = |fields: &[(&str, &str)]| Intent::Create {
        kind,
        fields: edits(fields),
    };
    let none = [("name", "Ana"), ("budget", "none")];
    for fields in [&none[..1], &none] {
        assert_eq!(office.refused(without(fields)), ErrorKind::Invalid);
    }
    let ana = office.add(kind, &[("name", "Ana"), ("Budget", "1200")]);
    assert_eq!(kept(&office, ana), "budget=1200.00 EUR");
    let clear = || vec![FieldEdit::new("budget", FieldChange::Clear)];
    assert_eq!(office.refused(edit(ana, None, clear())), ErrorKind::Invalid);
    // A record from before is changed without it.
    office.env.custom = CustomFields::default();
    let bo = office.contact("Bo");
    office.env.custom = self::office(true).env.custom;
    office.perform(edit(bo, None, edits(&[("role", "CEO")])));
    office.perform(edit(bo, None, clear()));
    assert_eq!(kept(&office, bo), "");
}

#[test]
fn a_field_is_kept_by_its_own_name_however_it_is_named() {
    let mut office = office(false);
    let ana = office.contact("Ana");
    for (name, custom, text, expect) in [
        ("Budget", true, "5", "budget=5.00 EUR"),
        ("custom.budget", true, "6", "budget=6.00 EUR"),
        ("budget", false, "7 USD", "budget=7.00 USD"),
        ("BUDGET", false, "none", ""),
        ("budgets", true, "8", "budgets=8"),
        ("budgets", true, "none", ""),
    ] {
        let fields = vec![FieldEdit {
            name: name.to_owned(),
            custom,
            change: FieldChange::Set(text.to_owned()),
        }];
        office.perform(edit(ana, None, fields));
        assert_eq!(kept(&office, ana), expect, "{name}");
    }
    let add = FieldEdit::new("rooms", FieldChange::Add("1".to_owned()));
    assert_eq!(
        office.refused(edit(ana, None, vec![add])),
        ErrorKind::Invalid
    );
}

#[test]
fn a_name_that_is_nearly_a_field_is_kept_and_noted_once() {
    let mut office = office(false);
    let ana = office.contact("Ana");
    for (name, expect) in [
        (
            "budgte",
            "the settings have no field `budgte`; did you mean `budget`?",
        ),
        ("budgte", ""),
        ("shoe size", ""),
        (
            "room",
            "the settings have no field `room`; did you mean `rooms`?",
        ),
    ] {
        let fields = vec![FieldEdit::custom(name, "42")];
        let notes = office.perform(edit(ana, None, fields)).warnings;
        assert_eq!(notes.join("; "), expect, "{name}");
    }
    assert_eq!(kept(&office, ana), "budgte=42 | room=42 | shoe size=42");
}

#[test]
fn two_who_set_a_declared_field_meet() {
    let mut office = office(false);
    let ana = office.contact("Ana");
    let seen = office.get(&contact::KIND, ana).revision;
    office.perform(edit(ana, None, vec![FieldEdit::custom("budget", "5")]));
    let ours = |fields: &[(&str, &str)]| edit(ana, Some(seen), edits(fields));
    assert_eq!(
        office.refused(ours(&[("Budget", "6")])),
        ErrorKind::Conflict
    );
    office.perform(ours(&[("grade", "GOLD"), ("budget", "5 EUR")]));
    assert_eq!(kept(&office, ana), "budget=5.00 EUR | grade=gold");
}

#[test]
fn what_does_not_fit_stays_and_is_counted() {
    let mut office = office(false);
    let declared = office.env.custom;
    office.env.custom = CustomFields::default();
    for (name, budget, rooms) in [
        ("Ana", "1200", "12"),
        ("Bo", "about 5", "a few"),
        ("Cleo", "about 5", "1.5"),
        ("Dora", "a lot more than one can say in a line", "none"),
    ] {
        let fields = vec![
            FieldEdit::set("name", name),
            FieldEdit::custom("budget", budget),
            FieldEdit::custom("Rooms", rooms),
        ];
        let kind = &contact::KIND;
        office.perform(Intent::Create { kind, fields });
    }
    assert_eq!(misfits(&office.session, &office.env).unwrap(), [""; 0]);
    office.env.custom = declared;
    assert_eq!(
        misfits(&office.session, &office.env).unwrap(),
        [
            "3 contacts have a `budget` that is no amount: `about 5`, \
             `a lot more than one can say in…`",
            "2 contacts have a `rooms` that is no whole number: `1.5`, `a few`",
        ]
    );
}
