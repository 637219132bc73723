//! Fields of the user's own, as they are written in the settings.

use super::{Settings, SettingsError};
use crate::domain::custom::{CustomField, CustomFields, key};
use crate::domain::field::{Field, Shape};
use crate::domain::json::RESERVED;
use crate::domain::kind::Kind;
use crate::domain::values::text::is_unsafe;
use crate::domain::{derived, kind_by_name};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The longest name of a field.
const LONGEST_NAME: usize = 40;
/// What stands for no value and for any: no choice can be called so.
const TAKEN_WORDS: [&str; 2] = ["none", "any"];

/// A field of your own, as it is written in the settings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct FieldSettings {
    /// Whose field it is: contact, company, deal, activity or follow-up.
    pub kind: String,
    /// Its name, of small letters, digits and hyphens: `budget`, `team-size`.
    pub name: String,
    /// What it holds: text, long-text, number, money, date, choice or flag.
    #[serde(default, rename = "type")]
    pub of: FieldType,
    /// The words of a choice, in their order.
    #[serde(default)]
    pub choices: Vec<String>,
    /// One line of help, shown in forms.
    #[serde(default)]
    pub help: String,
    /// Whether a new record must have it.
    #[serde(default)]
    pub required: bool,
}

/// What a field of your own holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FieldType {
    /// One line.
    #[default]
    Text,
    /// Several lines.
    LongText,
    /// A whole number.
    Number,
    /// An amount with its currency.
    Money,
    /// A day.
    Date,
    /// One of a few words.
    Choice,
    /// Yes or no.
    Flag,
}

/// What is wrong with a declared field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldFault {
    /// There is no such kind of record.
    UnknownKind(String),
    /// Its name is empty, too long, or has other signs than small letters, digits and hyphens.
    Name,
    /// The kind has a field or a derived value of that name, or the word means something else.
    Taken(&'static str),
    /// It is declared twice.
    Twice,
    /// A choice without words to choose from.
    NoChoices,
    /// Words to choose from for something else than a choice.
    NeedlessChoices,
    /// A word that cannot be chosen: empty, there twice, or with another meaning.
    Choice(String),
}

impl Settings {
    /// The fields of the user's own. They live as long as the program, as the fields of the
    /// tables do: the settings are read once.
    ///
    /// # Errors
    /// The first declaration that makes no sense, with its place.
    pub fn custom_fields(&self) -> Result<CustomFields, SettingsError> {
        let mut made: Vec<CustomField> = Vec::new();
        for (index, settings) in self.fields.iter().enumerate() {
            let field = declared(settings, &made).map_err(|fault| SettingsError::Field {
                number: index + 1,
                name: settings.name.clone(),
                fault,
            })?;
            made.push(field);
        }
        Ok(CustomFields::new(made))
    }
}

fn declared(settings: &FieldSettings, before: &[CustomField]) -> Result<CustomField, FieldFault> {
    let kind = kind_by_name(&settings.kind)
        .filter(|kind| !kind.hidden)
        .ok_or_else(|| FieldFault::UnknownKind(settings.kind.clone()))?;
    let name = settings.name.as_str();
    if !is_name(name) {
        return Err(FieldFault::Name);
    }
    if is_taken(kind, name) {
        return Err(FieldFault::Taken(kind.name));
    }
    if before.iter().any(|own| own.is(kind, name)) {
        return Err(FieldFault::Twice);
    }
    let shape = shape(settings)?;
    let mut field = Field::custom(
        kept(name.to_owned()),
        kept(settings.help.trim().to_owned()),
        shape,
    );
    field.required = settings.required;
    Ok(CustomField { kind, field })
}

fn is_name(name: &str) -> bool {
    let is_part = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && !name.ends_with('-')
        && name.len() <= LONGEST_NAME
        && name.chars().all(is_part)
}

fn is_taken(kind: &Kind, name: &str) -> bool {
    kind.field(name).is_some()
        || derived::of_kind(kind.name).any(|derived| derived.name == name)
        || RESERVED.contains(&name)
}

fn shape(settings: &FieldSettings) -> Result<Shape, FieldFault> {
    let shape = match settings.of {
        FieldType::Text => Shape::Text,
        FieldType::LongText => Shape::LongText,
        FieldType::Number => Shape::Number,
        FieldType::Money => Shape::Money,
        FieldType::Date => Shape::Date,
        FieldType::Flag => Shape::Flag,
        FieldType::Choice if settings.choices.is_empty() => return Err(FieldFault::NoChoices),
        FieldType::Choice => return choices(&settings.choices),
    };
    if settings.choices.is_empty() {
        Ok(shape)
    } else {
        Err(FieldFault::NeedlessChoices)
    }
}

fn choices(words: &[String]) -> Result<Shape, FieldFault> {
    let mut known: Vec<String> = Vec::new();
    let mut made: Vec<&'static str> = Vec::new();
    for word in words {
        let compared = key(word);
        let is_wrong = compared.is_empty()
            || word.trim() != word
            || word.chars().any(is_unsafe)
            || TAKEN_WORDS.contains(&compared.as_str())
            || known.contains(&compared);
        if is_wrong {
            return Err(FieldFault::Choice(word.clone()));
        }
        known.push(compared);
        made.push(kept(word.clone()));
    }
    Ok(Shape::Choice(Vec::leak(made)))
}

fn kept(text: String) -> &'static str {
    text.leak()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(kind: &str, name: &str, of: FieldType, choices: &[&str]) -> FieldSettings {
        FieldSettings {
            kind: kind.to_owned(),
            name: name.to_owned(),
            of,
            choices: choices.iter().map(|&word| word.to_owned()).collect(),
            help: String::new(),
            required: false,
        }
    }

    fn fault(fields: Vec<FieldSettings>) -> Option<(usize, FieldFault)> {
        let settings = Settings {
            fields,
            ..Settings::default()
        };
        match settings.custom_fields() {
            Ok(_) => None,
            Err(SettingsError::Field { number, fault, .. }) => Some((number, fault)),
            Err(other) => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_declaration_that_makes_no_sense_is_refused() {
        use FieldFault as Fault;
        let check = |kind: &str, name: &str, expect: Option<Fault>| {
            let got = fault(vec![field(kind, name, FieldType::Text, &[])]);
            assert_eq!(got, expect.map(|fault| (1, fault)), "{kind} {name}");
        };
        check("contact", "budget", None);
        check("contacts", "team-size", None);
        check("follow-up", "x2", None);
        check("contact", "value", None);
        check("deal", "value", Some(Fault::Taken("deal")));
        check("deal", "weighted", Some(Fault::Taken("deal")));
        check("contact", "state", Some(Fault::Taken("contact")));
        check("contact", "custom", Some(Fault::Taken("contact")));
        let unknown = |kind: &str| Some(Fault::UnknownKind(kind.to_owned()));
        check("contat", "budget", unknown("contat"));
        check("pipeline", "budget", unknown("pipeline"));
        let longest = "a".repeat(LONGEST_NAME);
        check("contact", &longest, None);
        let too_long = format!("{longest}a");
        for name in [
            "",
            "Budget",
            "größe",
            "team size",
            "team_size",
            "a.b",
            "2x",
            "-x",
            "x-",
            &too_long,
        ] {
            check("contact", name, Some(Fault::Name));
        }
    }

    #[test]
    fn a_field_is_declared_once_for_a_kind() {
        let text = |kind, name| field(kind, name, FieldType::Text, &[]);
        let both = vec![text("contact", "budget"), text("company", "budget")];
        assert_eq!(fault(both), None);
        let twice = vec![
            text("contact", "budget"),
            text("deal", "x"),
            text("contacts", "budget"),
        ];
        assert_eq!(fault(twice), Some((3, FieldFault::Twice)));
    }

    #[test]
    fn choices_are_words_that_can_be_chosen() {
        use FieldFault as Fault;
        let check = |of: FieldType, choices: &[&str], expect: Option<Fault>| {
            let got = fault(vec![field("contact", "grade", of, choices)]);
            assert_eq!(got, expect.map(|fault| (1, fault)), "{choices:?}");
        };
        let wrong = |word: &str| Some(Fault::Choice(word.to_owned()));
        check(FieldType::Choice, &["gold", "Größer als 2"], None);
        check(FieldType::Choice, &[], Some(Fault::NoChoices));
        check(FieldType::Text, &["gold"], Some(Fault::NeedlessChoices));
        for word in ["", " gold", "None", "any", "a\nb", "\u{202e}x"] {
            check(FieldType::Choice, &[word], wrong(word));
        }
        check(FieldType::Choice, &["gold", "Gold"], wrong("Gold"));
    }
}
