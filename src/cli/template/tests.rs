//! Templates: what they render, and what they are refused for.

use super::*;
use serde_json::json;

fn object() -> Map<String, Json> {
    let json = json!({
        "name": "Zoë\u{202E} M\u{1b}[31m", "score": 82, "last-contact": "2026-11-24",
        "phone": null, "notes": "one\ntwo", "tag": ["vip", "berlin"],
        "email": [{ "value": "zoe@acme.de", "label": "work" }, { "value": "z@x.de", "label": "" }],
        "value": { "amount": "1200.00", "currency": "EUR" },
        "company": { "id": "7fk2", "name": "Acme" }, "custom": { "deal size": "big" },
        "nobody": null,
    });
    json.as_object().cloned().unwrap_or_default()
}

fn rendered(source: &str) -> Result<String> {
    let template = Template::parse(source)?;
    let object = object();
    template.check(object.keys().map(String::as_str))?;
    Ok(template.rows(std::iter::once(object))?.concat())
}

#[test]
fn values_read_well_and_their_parts_can_be_named() {
    for (source, expect) in [
        ("{{ name }} {{ score }}", "Zoë M[31m 82"),
        ("{{ last_contact }}", "2026-11-24"),
        ("{{ email }}", "zoe@acme.de, z@x.de"),
        ("{{ email[0].label }}", "work"),
        (
            "{{ email|map(attribute='value')|join(';') }}",
            "zoe@acme.de;z@x.de",
        ),
        ("{{ tag|join(' + ') }}", "vip + berlin"),
        (
            "{{ value }} {{ value.amount|float * 2 }}",
            "1200.00 EUR 2400.0",
        ),
        ("{{ company }} {{ company.id }}", "Acme 7fk2"),
        ("{{ custom.deal_size }}{{ custom['deal size'] }}", "bigbig"),
        ("{{ notes }}", "one two"),
        ("a\tb\n{{ score }}\n", "a\tb\n82"),
        ("{% if score > 50 %}hot{% else %}cold{% endif %}", "hot"),
        (
            "{% for one in tag %}[{{ one|upper }}]{% endfor %}",
            "[VIP][BERLIN]",
        ),
        ("{{ '\\x1b]0;x\\x07' }}", "]0;x"),
    ] {
        assert_eq!(rendered(source).expect(source), expect, "{source}");
    }
}

#[test]
fn what_is_not_set_is_empty_however_deep_one_looks() {
    for (source, expect) in [
        ("[{{ phone }}]", "[]"),
        ("[{{ phone[0].value }}]", "[]"),
        ("[{{ nobody.name|upper }}]", "[]"),
        (
            "{{ phone|default('-') }} {{ name|default('-')|length }}",
            "- 9",
        ),
        ("{{ phone or 'none' }}", "none"),
        ("{% if phone %}yes{% else %}no{% endif %}", "no"),
        ("{% for one in phone %}x{% endfor %}{{ phone|length }}", "0"),
        ("[{{ tag[7] }}]", "[]"),
        ("[{{ custom.budget }}]", "[]"),
    ] {
        assert_eq!(rendered(source).expect(source), expect, "{source}");
    }
}

#[test]
fn a_mistake_is_named_with_its_place_and_what_is_near() {
    for (source, message, mark, hint) in [
        (
            "{{ name }} {{ scor }}",
            "--template, column 15: there is no `scor` here",
            "              ^",
            "did you mean `score`?",
        ),
        (
            "{{ name }}\n{{ zoe }} {{ last-contact }}",
            "--template, line 2, column 4: there is no `zoe` here",
            "   ^",
            "",
        ),
        (
            "{{ name|uper }}",
            "--template, column 9: filter uper is unknown",
            "        ^",
            "did you mean `upper`?",
        ),
        (
            "{{ company.nam }}",
            "--template, column 4: there is no `company.nam` here",
            "   ^",
            "",
        ),
        ("{{ name", "--template, column", "", ""),
        ("{% if %}", "--template, column", "", ""),
        (
            "{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}",
            "it does not come to an end",
            "",
            "",
        ),
        ("{{ frob(1) }}", "frob", "", ""),
        ("{{ name + 1 }}", "--template, column", "", ""),
    ] {
        let error = rendered(source).expect_err(source);
        assert_eq!(error.kind, crate::error::ErrorKind::Invalid);
        assert!(
            error.message.contains(message),
            "{source}: {}",
            error.message
        );
        let marks = error.details.last().cloned().unwrap_or_default();
        assert!(mark.is_empty() || marks == mark, "{source}: {marks:?}");
        let hints = error.hints.join(" ");
        assert!(hints.contains(hint), "{source}: {hints}");
    }
}

#[test]
fn no_text_is_too_strange_for_a_template() {
    for source in [
        "{{",
        "}}",
        "{{ '",
        "{%%}",
        "{{ 9**9**9 }}",
        "{{ (((((( }}",
        "é{{ é }}",
        "\u{0}",
    ] {
        let _ = rendered(source);
    }
    let deep = format!("{{{{ {}1{} }}}}", "(".repeat(5000), ")".repeat(5000));
    assert!(rendered(&deep).is_err());
}
