//! Making and editing records.

use crate::office::{Office, edits, moment};
use touchbase::domain::{contact, deal, follow_up, show};
use touchbase::error::ErrorKind;
use touchbase::services::intent::{FieldChange, FieldEdit, Intent, Target};

fn edit(
    office: &mut Office,
    id: touchbase::domain::id::Id,
    field: FieldEdit,
) -> Result<(), ErrorKind> {
    let targets = vec![(
        Target {
            kind: &contact::KIND,
            id,
        },
        None,
    )];
    let done = office.try_to(Intent::Edit {
        targets,
        fields: vec![field],
    });
    done.map(|_| ()).map_err(|error| error.kind)
}

#[test]
fn lists_are_added_to_and_taken_from_without_regard_to_case() {
    let mut office = Office::new();
    let ana = office.contact("Ana");
    let add = |text: &str| FieldEdit::new("tag", FieldChange::Add(text.to_owned()));
    let remove = |text: &str| FieldEdit::new("tag", FieldChange::Remove(text.to_owned()));
    for (field, expect) in [
        (FieldEdit::set("tag", "VIP, cold, vip"), "VIP cold"),
        (add("Cold"), "VIP cold"),
        (add("new; fair"), "VIP cold new fair"),
        (remove("vip, nothing"), "cold new fair"),
        (FieldEdit::set("tag", "one"), "one"),
        (remove("ONE"), ""),
        (remove("one"), ""),
        (add("two"), "two"),
        (FieldEdit::set("tag", "none"), ""),
    ] {
        assert_eq!(edit(&mut office, ana, field.clone()), Ok(()), "{field:?}");
        let record = office.get(&contact::KIND, ana);
        assert_eq!(record.list(contact::TAGS).join(" "), expect, "{field:?}");
    }
}

#[test]
fn wrong_fields_and_values_are_refused() {
    let mut office = Office::new();
    let ana = office.contact("Ana");
    for field in [
        FieldEdit::set("email", "no address"),
        FieldEdit::set("nmae", "x"),
        FieldEdit::set("lifecycle", "friend"),
        FieldEdit::set("last-contact", "today"),
        FieldEdit::set("lifecycle-history", "x"),
        FieldEdit::set("name", "none"),
        FieldEdit::set("name", "   "),
        FieldEdit::new("name", FieldChange::Clear),
        FieldEdit::new("role", FieldChange::Add("x".to_owned())),
        FieldEdit::set("cadence", "0"),
        FieldEdit::set("birthday", "2026-02-30"),
    ] {
        let targets = vec![(
            Target {
                kind: &contact::KIND,
                id: ana,
            },
            None,
        )];
        let intent = Intent::Edit {
            targets,
            fields: vec![field.clone()],
        };
        assert_eq!(office.refused(intent), ErrorKind::Invalid, "{field:?}");
    }
    let kind = &deal::KIND;
    for (fields, expect) in [
        (&[("value", "12")][..], ErrorKind::Invalid),
        (
            &[("title", "Site"), ("contact", "nobody")],
            ErrorKind::NotFound,
        ),
        (
            &[("title", "Site"), ("value", "1.234 EUR")],
            ErrorKind::Invalid,
        ),
        (
            &[("title", "Site"), ("probability", "101")],
            ErrorKind::Invalid,
        ),
    ] {
        let fields = edits(fields);
        assert_eq!(
            office.refused(Intent::Create {
                kind,
                fields: fields.clone()
            }),
            expect,
            "{fields:?}"
        );
    }
}

#[test]
fn custom_fields_are_kept_beside_the_table() {
    let mut office = Office::new();
    let ana = office.contact("Ana");
    assert_eq!(
        edit(&mut office, ana, FieldEdit::custom("shoe size", "42")),
        Ok(())
    );
    assert_eq!(
        edit(&mut office, ana, FieldEdit::custom("name", "another")),
        Ok(())
    );
    let record = office.get(&contact::KIND, ana);
    assert_eq!(record.title(), "Ana");
    let custom: Vec<_> = record
        .custom
        .iter()
        .map(|(k, v)| format!("{k}={v}"))
        .collect();
    assert_eq!(custom, ["name=another", "shoe size=42"]);
    assert_eq!(
        edit(&mut office, ana, FieldEdit::custom("name", "none")),
        Ok(())
    );
    assert_eq!(office.get(&contact::KIND, ana).custom.len(), 1);
}

#[test]
fn consent_and_lifecycle_are_dated() {
    let mut office = Office::new();
    let ana = office.contact("Ana");
    let since = |office: &Office| {
        office
            .get(&contact::KIND, ana)
            .get(contact::CONSENT_AT)
            .map(|i| i.0)
    };
    assert_eq!(since(&office), None);
    office.edit(&contact::KIND, ana, &[("consent", "opt-in")]);
    assert_eq!(since(&office), Some(moment("2026-11-25 09:00")));
    office.at("2026-11-26 09:00");
    office.edit(
        &contact::KIND,
        ana,
        &[("consent", "opt-in"), ("role", "CEO")],
    );
    assert_eq!(
        since(&office),
        Some(moment("2026-11-25 09:00")),
        "nothing new"
    );
    office.edit(&contact::KIND, ana, &[("consent", "opt-out")]);
    assert_eq!(since(&office), Some(moment("2026-11-26 09:00")));
    office.edit(&contact::KIND, ana, &[("lifecycle", "prospect")]);
    office.edit(
        &contact::KIND,
        ana,
        &[("churn-reason", "price"), ("lifecycle", "churned")],
    );
    let record = office.get(&contact::KIND, ana);
    let steps = record.list(contact::LIFECYCLE_HISTORY).iter();
    let words: Vec<_> = steps
        .map(|step| (step.from.as_deref(), step.to.as_str(), step.note.as_deref()))
        .collect();
    assert_eq!(
        words,
        [
            (None, "lead", None),
            (Some("lead"), "prospect", None),
            (Some("prospect"), "churned", Some("price"))
        ]
    );
    assert_eq!(
        record.list(contact::LIFECYCLE_HISTORY)[2].at,
        moment("2026-11-26 09:00")
    );
}

#[test]
fn a_second_record_of_a_name_is_made_with_a_warning() {
    let mut office = Office::new();
    office.contact("Zoë Müller");
    for (name, warned) in [
        ("zoe muller", true),
        ("Zoë", false),
        ("Zoë Müller-Lang", false),
    ] {
        let fields = edits(&[("name", name)]);
        let receipt = office.perform(Intent::Create {
            kind: &contact::KIND,
            fields,
        });
        assert_eq!(
            !receipt.warnings.is_empty(),
            warned,
            "{name}: {:?}",
            receipt.warnings
        );
    }
}

#[test]
fn tags_go_on_many_at_once_and_off_again() {
    let mut office = Office::new();
    let (ana, bo) = (office.contact("Ana"), office.contact("Bo"));
    let targets: Vec<_> = [ana, bo]
        .map(|id| Target {
            kind: &contact::KIND,
            id,
        })
        .into();
    let tag = |add: &[&str], remove: &[&str]| Intent::Tag {
        targets: targets.clone(),
        add: add.iter().map(|&tag| tag.to_owned()).collect(),
        remove: remove.iter().map(|&tag| tag.to_owned()).collect(),
    };
    office.perform(tag(&["#vip", "fair"], &[]));
    office.perform(tag(&["new"], &["VIP"]));
    for id in [ana, bo] {
        assert_eq!(
            office.get(&contact::KIND, id).list(contact::TAGS),
            ["fair", "new"]
        );
    }
    let call = office.remind(ana, "today", "call");
    let wrong = Intent::Tag {
        targets: vec![Target {
            kind: &follow_up::KIND,
            id: call,
        }],
        add: vec!["vip".to_owned()],
        remove: Vec::new(),
    };
    assert_eq!(office.refused(wrong), ErrorKind::Invalid);
}

#[test]
fn a_contact_point_is_kept_once_and_takes_a_new_label() {
    let mut office = Office::new();
    let ana = office.add(
        &contact::KIND,
        &[
            ("name", "Ana"),
            ("email", "ana@x.pt"),
            ("phone", "0171 2345678"),
            ("site", "https://x.pt"),
        ],
    );
    // field, what is added, how it stands then
    for (field, text, expect) in [
        ("email", "ANA@x.pt", "ana@x.pt"),
        ("email", "work:ana@x.pt", "ana@x.pt (work)"),
        ("email", "home:ana@y.pt", "ana@x.pt (work), ana@y.pt (home)"),
        (
            "phone",
            "mobile:+49 171 2345678",
            "+49 171 2345678 (mobile)",
        ),
        ("phone", "+49 171 2345678", "+49 171 2345678 (mobile)"),
        ("site", "www.x.pt/", "https://x.pt"),
    ] {
        let add = FieldEdit::new(field, FieldChange::Add(text.to_owned()));
        assert_eq!(edit(&mut office, ana, add), Ok(()));
        let record = office.get(&contact::KIND, ana);
        let value = contact::KIND
            .field(field)
            .and_then(|field| record.field(field));
        let words = show::words(value.expect(field), &office.env.context, &|_| String::new());
        assert_eq!(words, expect, "{field} {text}");
    }
}

#[test]
fn a_field_of_ones_own_has_a_name() {
    let mut office = Office::new();
    let ana = office.contact("Ana");
    for name in ["", "  ", "\u{202e}"] {
        assert_eq!(
            edit(&mut office, ana, FieldEdit::custom(name, "x")),
            Err(ErrorKind::Invalid)
        );
    }
}
