//! Facts of the lower layers in words for a person.

use crate::domain::field::{Field, Shape};
use crate::domain::kind::Kind;
use crate::domain::settings::SettingsError;
use crate::domain::settings::fields::FieldFault;
use crate::domain::values::ValueError;
use crate::error::{Error, ErrorKind};
use crate::store::StoreError;

/// What went wrong with the store.
pub fn store(error: StoreError) -> Error {
    match error {
        StoreError::Busy { holder, waited } => {
            let holder = holder.unwrap_or_else(|| "another process".to_owned());
            Error::new(
                ErrorKind::Busy,
                format!(
                    "the store is held by {holder}; gave up after {}s",
                    waited.as_secs()
                ),
            )
            .hint("try again, or wait longer with `--lock-timeout 30s`")
        }
        StoreError::Damaged(what) => {
            Error::new(ErrorKind::Damaged, format!("the store is damaged: {what}"))
                .hint("see what is wrong with `touchbase doctor`")
        }
        StoreError::Unsure { path, source } => Error::io(
            format!(
                "cannot use `{}`, and it is not known whether the change was kept",
                path.display()
            ),
            source,
        )
        .hint("look with `touchbase history`"),
        StoreError::Newer { found, known } => Error::new(
            ErrorKind::Damaged,
            format!("the store has schema {found}, this program knows up to {known}"),
        )
        .hint("use a newer version of touchbase; the store was not touched"),
        StoreError::Conflict { kind, id } => Error::new(
            ErrorKind::Conflict,
            format!(
                "the {} `{id}` was changed by someone else meanwhile",
                kind.name
            ),
        )
        .hint(format!(
            "look at it again with `touchbase {} show {id}`, then repeat",
            kind.name
        )),
        StoreError::TooLarge { bytes, most } => Error::invalid(format!(
            "a record of {} MB is too large: the most is {} MB",
            bytes.div_ceil(1 << 20),
            most >> 20
        )),
        StoreError::Io { path, source } => {
            Error::io(format!("cannot use `{}`", path.display()), source)
        }
    }
}

/// Why a text is no value for a field.
pub fn value(field: &Field, text: &str, error: ValueError) -> Error {
    let is_unclear = matches!(error, ValueError::Malformed | ValueError::TooFine { .. });
    let error = value_named(&format!("{} `{text}`", field.name), error);
    match example(field.shape).filter(|_| is_unclear) {
        Some(example) => error.hint(format!("try: {example}")),
        None => error,
    }
}

/// Texts that a shape takes.
const fn example(shape: Shape) -> Option<&'static str> {
    Some(match shape {
        Shape::Money => "1200, 1,200.50, €1200, 1200 USD",
        Shape::Emails => "zoe@acme.example, work:zoe@acme.example",
        Shape::Phones => "+49 171 1234567, mobile:0171 1234567",
        Shape::Sites => "acme.example, https://acme.example",
        Shape::Number => "12, 1,200 (a whole number)",
        Shape::Percent => "40, 40%",
        Shape::Minutes => "12m, 1h 30m, 1:30",
        Shape::Days => "30, 2 weeks",
        Shape::PartialDate | Shape::Dates => "1980-05-17, --05-17, 17 may",
        Shape::Repeat => "week, 2 weeks, month, 1st monday, mon,thu, 15th, or an RRULE",
        _ => return None,
    })
}

/// Why a text is no value, given what it was meant for.
pub fn value_named(what: &str, error: ValueError) -> Error {
    match error {
        ValueError::Empty => Error::invalid(format!("{what} is empty")),
        ValueError::Malformed => Error::invalid(format!("{what} is not understood")),
        ValueError::OutOfRange(_, most) if most > 1_000_000_000 => {
            Error::invalid(format!("{what} is too large"))
        }
        ValueError::OutOfRange(least, most) => {
            Error::invalid(format!("{what} is out of range: {least} to {most}"))
        }
        ValueError::NotOneOf(words) if words.is_empty() => Error::invalid(format!(
            "{what} cannot be chosen: there is nothing to choose from"
        )),
        ValueError::NotOneOf(words) => Error::invalid(format!("{what} is not one of the choices"))
            .hint(format!("choose one of: {}", words.join(", "))),
        ValueError::UnknownCurrency(code) => {
            Error::invalid(format!("{what}: `{code}` is not a currency"))
                .hint("use an ISO code: 1200 EUR, €1200, 1200 USD")
        }
        ValueError::TooFine { currency, digits } => {
            Error::invalid(format!("{what}: {currency} has {digits} decimal places"))
        }
        ValueError::When(part) => Error::invalid(format!("{what}: `{part}` is not a date or time"))
            .hint("try: today, fri 9am, +3d, in 2 weeks, 2026-12-01, 1 dec, eom"),
        ValueError::NeedsLookup => Error::invalid(format!("{what} names a record")),
        ValueError::ReadOnly => Error::invalid(format!("{what} is kept by the program")),
    }
}

/// Why settings make no sense.
pub fn settings(error: &SettingsError) -> Error {
    let message = match error {
        SettingsError::MissingOutcome(pipeline, outcome) => {
            format!("pipeline `{pipeline}` has no stage with outcome `{outcome:?}`").to_lowercase()
        }
        SettingsError::Probability(pipeline, stage) => {
            format!("pipeline `{pipeline}`, stage `{stage}`: probability is over 100")
        }
        SettingsError::SameStage(pipeline, stage) => {
            format!("pipeline `{pipeline}` has two stages named `{stage}`")
        }
        SettingsError::Field {
            number,
            name,
            fault,
        } => return own_field(&format!("field {number} (`{name}`)"), fault),
    };
    Error::invalid(message)
}

/// Why a declared field makes no sense.
fn own_field(which: &str, fault: &FieldFault) -> Error {
    let wrong = |what: &str| Error::invalid(format!("{which}: {what}"));
    match fault {
        FieldFault::UnknownKind(kind) => {
            let names: Vec<&str> = super::snapshot::visible_kinds()
                .map(|kind| kind.name)
                .collect();
            wrong(&format!("there is no kind `{kind}`"))
                .hint(format!("choose one of: {}", names.join(", ")))
        }
        FieldFault::Name => wrong("this is no name for a field")
            .hint("use small letters, digits and hyphens: `budget`, `team-size`"),
        FieldFault::Taken(kind) => {
            wrong(&format!("`{kind}` has a field of that name already")).hint("choose another name")
        }
        FieldFault::Twice => wrong("it is declared twice").hint("remove one of the two"),
        FieldFault::NoChoices => wrong("a choice needs words to choose from")
            .hint("write them as `choices = [\"gold\", \"silver\"]`"),
        FieldFault::NeedlessChoices => {
            wrong("it has choices but is no choice").hint("write `type = \"choice\"`")
        }
        FieldFault::Choice(word) => wrong(&format!("`{word}` cannot be a choice"))
            .hint("a choice is there once, is not empty, and is neither `none` nor `any`"),
    }
}

/// `1 contact`, `3 contacts`.
pub fn count(number: usize, kind: &Kind) -> String {
    format!(
        "{number} {}",
        if number == 1 { kind.name } else { kind.plural }
    )
}

/// `ana`, `ana and bo`, `ana, bo and 3 more`.
pub fn names(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [one, two] => format!("{one} and {two}"),
        [one, two, rest @ ..] => format!("{one}, {two} and {} more", rest.len()),
    }
}
