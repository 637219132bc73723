//! The quick grammars in rows.

use super::line::LogLine;
use super::*;
use crate::domain::context::DateOrder;
use crate::domain::values::money::Currency;
use crate::domain::values::phone::Region;
use proptest::prelude::*;

/// Wednesday, 25 November 2026, 10:00 in Berlin.
fn context() -> Context {
    let now = chrono::DateTime::parse_from_rfc3339("2026-11-25T10:00:00+01:00");
    Context {
        now: now.expect("an instant").to_utc(),
        zone: chrono_tz::Europe::Berlin,
        region: Region::DE,
        currency: Currency::EUR,
        date_order: DateOrder::Dmy,
    }
}

fn due_text(due: &Due) -> String {
    match due {
        Due::Day(day) => day.to_string(),
        Due::At(moment) => moment.at.format("%Y-%m-%dT%H:%MZ").to_string(),
    }
}

/// A part in short, with the text that it covers.
fn shown(text: &str, part: &Part) -> String {
    let kind = match &part.kind {
        PartKind::Name(word) => format!("name {word}"),
        PartKind::Company(name) => format!("company {name}"),
        PartKind::Tag(tag) => format!("tag {tag}"),
        PartKind::Email(email) => format!("email {}", email.as_str()),
        PartKind::Phone(phone) => format!("phone {}", phone.e164()),
        PartKind::Site(site) => format!("site {}", site.as_str()),
        PartKind::Lifecycle(word) => format!("lifecycle {word}"),
        PartKind::Source(source) => format!("source {source}"),
        PartKind::FollowUp(due, what) => format!("follow-up {}:{what}", due_text(due)),
    };
    format!("{kind} [{}]", &text[part.span.clone()])
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table of rows")]
fn parts_are_told_apart() {
    for (text, expect) in [
        ("Zoë", "name Zoë [Zoë]"),
        ("Zoë #vip", "name Zoë [Zoë] | tag vip [#vip]"),
        ("Zoë @Acme", "name Zoë [Zoë] | company Acme [@Acme]"),
        (
            "@\"Two Words\" Zoë",
            "company Two Words [@\"Two Words\"] | name Zoë [Zoë]",
        ),
        (
            "Zoë #\"key account\"",
            "name Zoë [Zoë] | tag key account [#\"key account\"]",
        ),
        (
            "Zoë <zoe@Acme.DE>",
            "name Zoë [Zoë] | email zoe@acme.de [<zoe@Acme.DE>]",
        ),
        (
            "Zoë 0171 1234567",
            "name Zoë [Zoë] | phone +491711234567 [0171 1234567]",
        ),
        (
            "Zoë +49 (171) 123-4567 #a",
            "name Zoë [Zoë] | phone +491711234567 [+49 (171) 123-4567] | tag a [#a]",
        ),
        (
            "Zoë +491711234567",
            "name Zoë [Zoë] | phone +491711234567 [+491711234567]",
        ),
        (
            "Zoë www.acme.de",
            "name Zoë [Zoë] | site www.acme.de [www.acme.de]",
        ),
        (
            "Zoë acme.de/team",
            "name Zoë [Zoë] | site acme.de/team [acme.de/team]",
        ),
        ("J.R. St.John", "name J.R. [J.R.] | name St.John [St.John]"),
        (
            "Zoë !Customer",
            "name Zoë [Zoë] | lifecycle customer [!Customer]",
        ),
        ("Yahoo! Zoë", "name Yahoo! [Yahoo!] | name Zoë [Zoë]"),
        (
            "Zoë ~\"trade fair\"",
            "name Zoë [Zoë] | source trade fair [~\"trade fair\"]",
        ),
        ("Zoë +fri", "name Zoë [Zoë] | follow-up 2026-11-27: [+fri]"),
        (
            "Zoë +3d #a",
            "name Zoë [Zoë] | follow-up 2026-11-28: [+3d] | tag a [#a]",
        ),
        (
            "Zoë +next mon 9am",
            "name Zoë [Zoë] | follow-up 2026-11-30T08:00Z: [+next mon 9am]",
        ),
        (
            "Zoë +2026-12-01",
            "name Zoë [Zoë] | follow-up 2026-12-01: [+2026-12-01]",
        ),
        (
            "Zoë +1 dec: call @ 9",
            "name Zoë [Zoë] | follow-up 2026-12-01:call @ 9 [+1 dec: call @ 9]",
        ),
        (
            "Zoë +fri 9:30: call",
            "name Zoë [Zoë] | follow-up 2026-11-27T08:30Z:call [+fri 9:30: call]",
        ),
        (
            "Zoë +fri:",
            "name Zoë [Zoë] | follow-up 2026-11-27: [+fri:]",
        ),
        (
            "Zoë +491711234567 +fri: call",
            "name Zoë [Zoë] | phone +491711234567 [+491711234567] | follow-up 2026-11-27:call [+fri: call]",
        ),
        (
            "+fri Zoë Müller",
            "follow-up 2026-11-27: [+fri] | name Zoë [Zoë] | name Müller [Müller]",
        ),
        (
            "\"#1 Ltd\" \\+Plus",
            "name #1 Ltd [\"#1 Ltd\"] | name +Plus [\\+Plus]",
        ),
        ("John 3rd", "name John [John] | name 3rd [3rd]"),
        (
            "山田 太郎 #東京",
            "name 山田 [山田] | name 太郎 [太郎] | tag 東京 [#東京]",
        ),
    ] {
        let add = QuickAdd::parse(text, &context()).expect(text);
        let parts: Vec<String> = add.parts.iter().map(|part| shown(text, part)).collect();
        assert_eq!(parts.join(" | "), expect, "{text}");
    }
}

#[test]
fn faults_are_pointed_at() {
    use QuickErrorKind as Kind;
    let lifecycle = || Kind::NotOneOf(contact::LIFECYCLES.to_vec());
    for (text, column, part, kind) in [
        ("", 0, "", Kind::NoName),
        ("  ", 2, "", Kind::NoName),
        ("#vip zoe@x.de", 13, "", Kind::NoName),
        ("Zoë @", 4, "@", Kind::Empty),
        ("Zoë # x", 4, "#", Kind::Empty),
        ("Zoë +", 4, "+", Kind::Empty),
        ("Zoë @\"\"", 5, "\"\"", Kind::Empty),
        ("Zoë @\"Acme", 5, "\"Acme", Kind::UnclosedQuote),
        ("\"Zoë", 0, "\"Zoë", Kind::UnclosedQuote),
        ("Zoë zoe@", 4, "zoe@", Kind::NotAnEmail),
        ("Zoë a@b@c", 4, "a@b@c", Kind::NotAnEmail),
        ("Zoë 12", 4, "12", Kind::NotAPhone),
        ("Zoë +12", 4, "+12", Kind::NotAPhone),
        ("Zoë +soon", 4, "+soon", Kind::NotADate),
        ("Zoë +feb 30: x", 4, "+feb 30", Kind::NotADate),
        ("Zoë +Acme", 4, "+Acme", Kind::NotADate),
        ("Zoë !leed", 4, "!leed", lifecycle()),
        ("Zoë @a @b", 7, "@b", Kind::Twice("company")),
        ("Zoë ~a ~b", 7, "~b", Kind::Twice("source")),
        ("Zoë !lead !lead", 10, "!lead", Kind::Twice("lifecycle")),
        ("Zoë +fri +sat: x", 9, "+sat: x", Kind::Twice("follow-up")),
    ] {
        let error = QuickAdd::parse(text, &context()).expect_err(text);
        assert_eq!(error.kind, kind, "{text}");
        assert_eq!(
            (error.column(text), &text[error.span]),
            (column, part),
            "{text}"
        );
    }
}

/// What a log line means, in short.
fn told(line: &LogLine) -> String {
    let next = line.follow_up.as_ref();
    let next = next.map(|(due, what)| format!("+{}:{what}", due_text(due)));
    let parts = [
        Some(line.text.clone()),
        line.kind.map(str::to_owned),
        line.direction.map(str::to_owned),
        line.duration.map(|minutes| format!("{}m", minutes.0)),
        line.deal.as_ref().map(|deal| format!("@{deal}")),
        next,
    ];
    let parts: Vec<String> = parts
        .into_iter()
        .flatten()
        .filter(|it| !it.is_empty())
        .collect();
    parts.join(" | ")
}

#[test]
fn what_happened_is_told_in_a_line() {
    for (text, expect) in [
        ("", ""),
        ("wants a quote", "wants a quote"),
        ("  wants   a quote ", "wants a quote"),
        (
            "wants a quote +fri: send it",
            "wants a quote | +2026-11-27:send it",
        ),
        ("wants it +fri !in", "wants it | in | +2026-11-27:"),
        (
            "!meeting kick-off !1h30m !out",
            "kick-off | meeting | out | 90m",
        ),
        ("!12m talked", "talked | 12m"),
        ("about @\"New site\" again", "about again | @New site"),
        ("@relaunch", "@relaunch"),
        ("1 + 1 is 2! @ noon", "1 + 1 is 2! @ noon"),
        ("\\+1 from \\@ana \\!in", "+1 from @ana !in"),
        ("mail to zoe@x.de", "mail to zoe@x.de"),
        ("+++ great", "+++ great"),
    ] {
        let line = LogLine::parse(text, &context()).expect(text);
        assert_eq!(told(&line), expect, "{text}");
    }
    for (text, column) in [
        ("ok +1", 3),
        ("ok +soon: x", 3),
        ("ok !cal", 3),
        ("ok !12x", 3),
        ("ok !in !out", 7),
        ("!call !visit", 6),
        ("@a @b", 3),
        ("ä @\"a", 3),
    ] {
        let error = LogLine::parse(text, &context()).expect_err(text);
        assert_eq!(error.column(text), column, "{text} {error:?}");
    }
}

const PIECES: &[&str] = &[
    "Zoë", "@", "#", "!", "~", "+", "\"", "\\", ":", " ", " ", "fri", "3d", "lead", "in", "call",
    "zoe@x.de", "0171", "1234567", "acme.de", "www.", "12m", "\u{301}", "山", "\u{2003}", "1",
    "dec",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn no_line_is_too_strange(
        text in "\\PC{0,40}",
        picks in prop::collection::vec(prop::sample::select(PIECES), 0..14),
    ) {
        for text in [text, picks.concat()] {
            let fits = |span: &Range<usize>| text.get(span.clone()).is_some();
            match QuickAdd::parse(&text, &context()) {
                Ok(add) => {
                    let mut end = 0;
                    for part in &add.parts {
                        prop_assert!(fits(&part.span) && part.span.start >= end, "{}", text);
                        end = part.span.end;
                    }
                    prop_assert!(!add.name().is_empty());
                }
                Err(error) => prop_assert!(fits(&error.span), "{}", text),
            }
            if let Err(error) = LogLine::parse(&text, &context()) {
                prop_assert!(fits(&error.span), "{}", text);
            }
        }
    }
}
