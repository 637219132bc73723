//! Declared fields of every type, for tests.

use super::CustomFields;
use crate::domain::settings::Settings;
use crate::domain::settings::fields::{FieldSettings, FieldType};

/// Fields of a contact, one of each type.
pub(crate) fn fields() -> CustomFields {
    let field = |name: &str, of, choices: &[&str]| FieldSettings {
        kind: "contact".to_owned(),
        name: name.to_owned(),
        of,
        choices: choices.iter().map(|&word| word.to_owned()).collect(),
        help: String::new(),
        required: false,
    };
    let settings = Settings {
        fields: vec![
            field("motto", FieldType::Text, &[]),
            field("story", FieldType::LongText, &[]),
            field("rooms", FieldType::Number, &[]),
            field("budget", FieldType::Money, &[]),
            field("since", FieldType::Date, &[]),
            field("grade", FieldType::Choice, &["bronze", "silver", "gold"]),
            field("newsletter", FieldType::Flag, &[]),
        ],
        ..Settings::default()
    };
    settings.custom_fields().expect("declarations")
}
