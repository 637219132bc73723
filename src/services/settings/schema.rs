//! What the settings can be: their keys, types and descriptions, from the types that hold them.

use crate::domain::settings::Settings;
use serde_json::Value as Json;

/// The JSON Schema of the settings.
pub fn schema() -> Json {
    schemars::schema_for!(Settings).to_value()
}

/// A place in the schema: the settings themselves, a group, or a single key.
#[derive(Clone, Copy)]
pub(super) struct Node<'a> {
    root: &'a Json,
    own: &'a Json,
}

impl<'a> Node<'a> {
    /// The settings as a whole.
    pub(super) const fn root(schema: &'a Json) -> Self {
        Self {
            root: schema,
            own: schema,
        }
    }

    /// What stands where the place refers to another, or may also be missing.
    fn resolved(self) -> Self {
        let named = self.own.get("$ref").and_then(Json::as_str);
        let named = named.and_then(|name| self.root.pointer(name.trim_start_matches('#')));
        let variants = self.own.get("anyOf").and_then(Json::as_array);
        let is_there = |one: &&Json| one.get("type").is_none_or(|kind| kind != "null");
        let variant = variants.and_then(|variants| variants.iter().find(is_there));
        match named.or(variant) {
            Some(own) => Self { own, ..self }.resolved(),
            None => self,
        }
    }

    /// The key of that name in a group; any key where a group's keys are the user's.
    pub(super) fn key(self, name: &str) -> Option<Self> {
        let group = self.resolved();
        let fixed = group.own.get("properties").and_then(|keys| keys.get(name));
        let open = || {
            group
                .own
                .get("additionalProperties")
                .filter(|more| !more.is_boolean())
        };
        let own = fixed.or_else(open)?;
        Some(Self { own, ..self })
    }

    /// The keys of a group, apart from those that are the user's.
    pub(super) fn names(self) -> Vec<&'a str> {
        let keys = self
            .resolved()
            .own
            .get("properties")
            .and_then(Json::as_object);
        keys.into_iter()
            .flatten()
            .map(|(name, _)| name.as_str())
            .collect()
    }

    /// What each member of a list is.
    pub(super) fn member(self) -> Option<Self> {
        let own = self.resolved().own.get("items")?;
        Some(Self { own, ..self })
    }

    /// Whether it has keys of its own.
    pub(super) fn is_group(self) -> bool {
        let own = self.resolved().own;
        own.get("properties").is_some()
            || own.get("additionalProperties").is_some_and(Json::is_object)
    }

    /// Whether only text can stand there.
    pub(super) fn is_text(self) -> bool {
        let own = self.resolved().own;
        own.get("type").is_some_and(|kind| kind == "string")
            || own.get("enum").is_some()
            || own.get("oneOf").is_some()
    }

    /// The description, in lines.
    pub(super) fn lines(self) -> Vec<String> {
        let own = self
            .own
            .get("description")
            .or_else(|| self.resolved().own.get("description"));
        let text = own.and_then(Json::as_str).unwrap_or_default();
        text.lines().map(|line| line.trim().to_owned()).collect()
    }
}
