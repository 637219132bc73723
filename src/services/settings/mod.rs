//! The settings as text: read with every mistake and its line, laid over by a profile, the
//! environment and flags, and documented from the types that hold them.

mod documented;
mod misfits;
mod schema;

pub use documented::documented;
pub use schema::schema;

use crate::domain::nearest::nearest;
use crate::domain::settings::Settings;
use crate::error::{Error, Result};
use misfits::{Misfit, misfits};
use schema::Node;
use serde::Deserialize as _;
use serde_json::Value as Json;
use std::path::Path;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The group of the profiles: each has a folder of data and settings of its own.
const PROFILES: &str = "profile";
/// A profile's own key: where its data lies.
const FOLDER: &str = "dir";

/// A mistake in the settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The line of the file, from 1; none when it does not come from the file.
    pub line: Option<usize>,
    /// What is wrong.
    pub what: String,
    /// What to do.
    pub hint: Option<String>,
}

impl Problem {
    /// The problem as an error, with the file's name.
    pub fn error(&self, path: &Path) -> Error {
        let error = Error::invalid(self.words(path));
        self.hint
            .iter()
            .fold(error, |error, hint| error.hint(hint.as_str()))
    }

    /// The place and what is wrong there.
    pub fn words(&self, path: &Path) -> String {
        match self.line {
            Some(line) => format!("{}:{line}: {}", path.display(), self.what),
            None => self.what.clone(),
        }
    }
}

/// What is laid over the settings of the file.
#[derive(Clone, Debug, Default)]
pub struct Over<'a> {
    /// The profile's name.
    pub profile: Option<&'a str>,
    /// Keys with their values, `score.role` with `5`; the later wins.
    pub keys: Vec<(String, String)>,
}

/// The settings that hold.
#[derive(Clone, Debug, Default)]
pub struct Held {
    /// The settings.
    pub settings: Settings,
    /// Where the profile's data lies, if it says so.
    pub folder: Option<String>,
}

/// Reads the settings.
///
/// # Errors
/// Every mistake that can be seen at once, in the order of the lines.
pub fn read(text: &str, over: &Over<'_>) -> Result<Held, Vec<Problem>> {
    let schema = schema();
    let root = Node::root(&schema);
    let mut found = Reader {
        text,
        problems: Vec::new(),
    };
    let parsed = DeTable::parse(text).map_err(|error| {
        let line = error.span().map_or(1, |span| found.line(span.start));
        vec![Problem {
            line: Some(line),
            what: one_line(error.message()),
            hint: None,
        }]
    })?;
    let of_file = found.check(parsed.clone(), root);
    let held = found.lay_over(&parsed, root, over);
    if let Some(settings) = held
        .as_ref()
        .map(|held| &held.settings)
        .or(of_file.as_ref())
    {
        found.weigh(settings, &parsed);
    }
    found.problems.sort_by_key(|problem| problem.line);
    match held {
        Some(held) if found.problems.is_empty() => Ok(held),
        _ => Err(found.problems),
    }
}

/// The key that a variable of the environment sets: `score.role` of `TOUCHBASE_SCORE__ROLE`.
pub fn key_of_variable(name: &str) -> Option<String> {
    let key = name.strip_prefix("TOUCHBASE_")?.to_lowercase();
    let key = key.replace("__", ".").replace('_', "-");
    let schema = schema();
    let mut node = Node::root(&schema);
    for part in key.split('.') {
        node = node.key(part)?;
    }
    (!node.is_group()).then_some(key)
}

/// The settings' text being read, and what is wrong with it.
struct Reader<'a> {
    text: &'a str,
    problems: Vec<Problem>,
}

impl Reader<'_> {
    fn line(&self, at: usize) -> usize {
        let before = self.text.get(..at).unwrap_or(self.text);
        before.matches('\n').count() + 1
    }

    fn problem(&mut self, line: Option<usize>, what: impl Into<String>, hint: Option<String>) {
        let what = what.into();
        self.problems.push(Problem { line, what, hint });
    }

    /// Looks for keys that there are not and for values that do not fit.
    fn check(&mut self, mut whole: Spanned<DeTable<'_>>, root: Node<'_>) -> Option<Settings> {
        let profiles = whole.get_mut().remove(PROFILES);
        let settings = self.check_group(whole, root);
        if let Some(profiles) = profiles {
            self.check_profiles(profiles, root);
        }
        settings
    }

    fn check_profiles(&mut self, profiles: Spanned<DeValue<'_>>, root: Node<'_>) {
        let line = self.line(profiles.span().start);
        let DeValue::Table(profiles) = profiles.into_inner() else {
            let hint = "begin one with `[profile.NAME]`".to_owned();
            return self.problem(
                Some(line),
                "`profile` has a group for each profile",
                Some(hint),
            );
        };
        for (name, profile) in profiles {
            let span = profile.span();
            let line = self.line(span.start);
            let DeValue::Table(mut own) = profile.into_inner() else {
                self.problem(
                    Some(line),
                    format!("the profile `{}` is no group", name.get_ref()),
                    None,
                );
                continue;
            };
            own.remove(FOLDER);
            self.check_group(Spanned::new(span, own), root);
        }
    }

    fn check_group(&mut self, mut group: Spanned<DeTable<'_>>, root: Node<'_>) -> Option<Settings> {
        self.remove_unknown(group.get_mut(), root, "");
        let spans = keys(group.get_ref());
        let error = match Settings::deserialize(toml::de::Deserializer::from(group)) {
            Ok(settings) => return Some(settings),
            Err(error) => error,
        };
        let at = error.span().map_or(0, |span| span.start);
        let key = spans.iter().rev().find(|(_, span)| span.contains(&at));
        let key = key.map_or(String::new(), |(key, _)| format!("`{key}`: "));
        let what = format!("{key}{}", one_line(error.message()));
        self.problem(Some(self.line(at)), what, None);
        None
    }

    fn remove_unknown(&mut self, table: &mut DeTable<'_>, node: Node<'_>, above: &str) {
        let mut unknown = Vec::new();
        for (name, value) in table.iter_mut() {
            let (key, at) = (name.get_ref().to_string(), name.span().start);
            let Some(below) = node.key(&key) else {
                unknown.push((key, at));
                continue;
            };
            let whole = format!("{above}{key}.");
            match value.get_mut() {
                DeValue::Table(inner) if below.is_group() => {
                    self.remove_unknown(inner, below, &whole)
                }
                DeValue::Array(list) => {
                    let Some(member) = below.member().filter(|member| member.is_group()) else {
                        continue;
                    };
                    for value in list.iter_mut() {
                        if let DeValue::Table(inner) = value.get_mut() {
                            self.remove_unknown(inner, member, &whole);
                        }
                    }
                }
                _ => {}
            }
        }
        for (key, at) in unknown {
            table.remove(key.as_str());
            let names = node.names();
            let near = nearest(&key, names).map(|near| format!("did you mean `{above}{near}`?"));
            let hint = near.or_else(|| {
                Some("see every setting with `touchbase config show --defaults`".to_owned())
            });
            self.problem(
                Some(self.line(at)),
                format!("there is no setting `{above}{key}`"),
                hint,
            );
        }
    }

    /// The settings with what lies over them; none when that makes no settings.
    fn lay_over(
        &mut self,
        parsed: &Spanned<DeTable<'_>>,
        root: Node<'_>,
        over: &Over<'_>,
    ) -> Option<Held> {
        let mut whole: toml::Table = toml::from_str(self.text).ok()?;
        let profiles = whole.remove(PROFILES);
        let mut folder = None;
        if let Some(name) = over.profile {
            let mut own = self.profile(profiles, name)?;
            folder = own
                .remove(FOLDER)
                .and_then(|value| value.as_str().map(str::to_owned));
            merge(&mut whole, own);
        }
        for (key, value) in &over.keys {
            self.put(&mut whole, root, key, value);
        }
        if !self.problems.is_empty() {
            return None;
        }
        match Settings::deserialize(toml::Value::Table(whole)) {
            Ok(settings) => Some(Held { settings, folder }),
            Err(error) => {
                let line = self.line(parsed.span().start);
                let line = over.keys.is_empty().then_some(line);
                self.problem(line, one_line(error.message()), None);
                None
            }
        }
    }

    fn profile(&mut self, profiles: Option<toml::Value>, name: &str) -> Option<toml::Table> {
        let mut profiles = match profiles {
            Some(toml::Value::Table(profiles)) => profiles,
            _ => toml::Table::new(),
        };
        if let Some(toml::Value::Table(own)) = profiles.remove(name) {
            return Some(own);
        }
        let names: Vec<&str> = profiles.keys().map(String::as_str).collect();
        let hint = match nearest(name, names.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None if names.is_empty() => {
                format!("begin one with `[profile.{name}]` in the settings")
            }
            None => format!("there are: {}", names.join(", ")),
        };
        self.problem(None, format!("there is no profile `{name}`"), Some(hint));
        None
    }

    /// Sets one key by its whole name.
    fn put(&mut self, whole: &mut toml::Table, root: Node<'_>, key: &str, value: &str) {
        let mut parts: Vec<&str> = key.split('.').collect();
        let last = parts.pop().unwrap_or_default();
        let mut table = whole;
        let mut node = root;
        for part in parts {
            let inner = table
                .entry(part)
                .or_insert_with(|| toml::Table::new().into());
            let (Some(below), toml::Value::Table(inner)) = (node.key(part), inner) else {
                return self.no_such_key(key, node);
            };
            (table, node) = (inner, below);
        }
        let Some(leaf) = node.key(last).filter(|leaf| !leaf.is_group()) else {
            return self.no_such_key(key, node);
        };
        let read = || {
            toml::from_str::<toml::Table>(&format!("value = {value}"))
                .ok()?
                .remove("value")
        };
        let text = || toml::Value::String(value.to_owned());
        let value = if leaf.is_text() {
            text()
        } else {
            read().unwrap_or_else(text)
        };
        table.insert(last.to_owned(), value);
    }

    fn no_such_key(&mut self, key: &str, node: Node<'_>) {
        let last = key.rsplit('.').next().unwrap_or(key);
        let above = key.strip_suffix(last).unwrap_or_default();
        let hint = nearest(last, node.names()).map(|near| format!("did you mean `{above}{near}`?"));
        self.problem(None, format!("there is no setting `{key}`"), hint);
    }

    /// Values that read well and still make no sense.
    fn weigh(&mut self, settings: &Settings, parsed: &Spanned<DeTable<'_>>) {
        let keys = keys(parsed.get_ref());
        for Misfit {
            key,
            number,
            what,
            hint,
        } in misfits(settings)
        {
            let member = number.and_then(|number| member(parsed.get_ref(), key, number));
            let whole = || keys.iter().find(|(name, _)| name == key);
            let at = member.or_else(|| whole().map(|(_, span)| span.start));
            self.problem(at.map(|at| self.line(at)), what, hint);
        }
    }
}

/// Whole keys with where they and their values stand, outer ones first.
fn keys(table: &DeTable<'_>) -> Vec<(String, std::ops::Range<usize>)> {
    let mut found = Vec::new();
    for (name, value) in table {
        let key = name.get_ref().to_string();
        found.push((key.clone(), name.span().start..value.span().end));
        if let DeValue::Table(inner) = value.get_ref() {
            let inner = keys(inner).into_iter();
            found.extend(inner.map(|(below, span)| (format!("{key}.{below}"), span)));
        }
    }
    found
}

/// Where a member of a list begins, counted from 1.
fn member(table: &DeTable<'_>, key: &str, number: usize) -> Option<usize> {
    match table.get(key)?.get_ref() {
        DeValue::Array(list) => Some(list.get(number.checked_sub(1)?)?.span().start),
        _ => None,
    }
}

/// Lays one table over another, group by group.
fn merge(whole: &mut toml::Table, over: toml::Table) {
    for (key, value) in over {
        match (whole.get_mut(&key), value) {
            (Some(toml::Value::Table(below)), toml::Value::Table(value)) => merge(below, value),
            (_, value) => {
                whole.insert(key, value);
            }
        }
    }
}

fn one_line(text: &str) -> String {
    text.replace('\n', "; ")
}

/// The settings as JSON, for programs.
pub fn to_json(settings: &Settings) -> Json {
    serde_json::to_value(settings).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(text: &str, over: &Over<'_>) -> Vec<String> {
        let problems = read(text, over).err().unwrap_or_default();
        let words = |problem: &Problem| {
            let line = problem
                .line
                .map_or(String::new(), |line| format!("{line}: "));
            let hint = problem
                .hint
                .as_ref()
                .map_or(String::new(), |hint| format!(" ({hint})"));
            format!("{line}{}{hint}", problem.what)
        };
        problems.iter().map(words).collect()
    }

    #[test]
    fn mistakes_are_named_with_their_line() {
        let rows: &[(&str, &[&str])] = &[
            ("", &[]),
            ("currency = \"USD\"\n[score]\nrole = 3\n", &[]),
            (
                "curency = \"USD\"",
                &["1: there is no setting `curency` (did you mean `currency`?)"],
            ),
            (
                "\n[score]\nroles = 3",
                &["3: there is no setting `score.roles` (did you mean `score.role`?)"],
            ),
            (
                "currency = 5",
                &["1: `currency`: invalid type: integer `5`, expected a string"],
            ),
            (
                "\ncurrency = \"ZZZ\"",
                &["2: `currency` cannot be `ZZZ` (write its ISO code: EUR, USD, GBP)"],
            ),
            (
                "time-zone = \"Mars\"",
                &["1: `time-zone` cannot be `Mars` (write a zone's name: Europe/Berlin)"],
            ),
            (
                "region = \"QQ\"",
                &["1: `region` cannot be `QQ` (write a country's code: DE, FR, US)"],
            ),
            (
                "date-order = \"dym\"",
                &["1: `date-order`: unknown variant `dym`, expected one of `dmy`, `mdy`, `ymd`"],
            ),
            ("[score.sources]\nfair = 8\nanything = 2", &[]),
            (
                "[[pipeline]]\nname = \"a\"\n[[pipeline.stage]]\nnam = \"x\"\n",
                &[
                    "3: missing field `name`",
                    "4: there is no setting `pipeline.stage.nam` (did you mean `pipeline.stage.name`?)",
                ],
            ),
            ("a = [", &["1: unclosed array, expected `]`"]),
        ];
        for (text, expect) in rows {
            let found = problems(text, &Over::default());
            let fits = found.len() == expect.len()
                && found
                    .iter()
                    .zip(*expect)
                    .all(|(found, wanted)| found == wanted);
            assert!(fits, "{text}\n{found:#?}");
        }
    }

    #[test]
    fn all_mistakes_are_named_at_once() {
        let text = "curency = 1\nregion = 2\n[score]\nx = 1\n[profile.a]\nregon = \"DE\"\n";
        assert_eq!(problems(text, &Over::default()).len(), 4);
    }

    #[test]
    fn profiles_variables_and_flags_lie_over_the_file() {
        let text = "currency = \"USD\"\nregion = \"US\"\n[score]\nrole = 3\nfit = 4\n\
                    [profile.studio]\ndir = \"~/studio\"\ncurrency = \"GBP\"\nscore.role = 7\n";
        let over = |profile, keys: &[(&str, &str)]| Over {
            profile,
            keys: keys
                .iter()
                .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
                .collect(),
        };
        let plain = read(text, &over(None, &[])).expect("settings");
        assert_eq!(
            (plain.settings.currency.as_str(), plain.folder),
            ("USD", None)
        );
        let studio = read(
            text,
            &over(Some("studio"), &[("score.fit", "9"), ("region", "GB")]),
        );
        let studio = studio.expect("settings");
        assert_eq!(studio.folder.as_deref(), Some("~/studio"));
        let settings = studio.settings;
        assert_eq!(
            (settings.currency.as_str(), settings.region.as_str()),
            ("GBP", "GB")
        );
        assert_eq!((settings.score.role, settings.score.fit), (7, 9));
        let rows = [
            (
                over(Some("studo"), &[]),
                "there is no profile `studo` (did you mean `studio`?)",
            ),
            (
                over(None, &[("curency", "USD")]),
                "there is no setting `curency` (did you mean `currency`?)",
            ),
            (
                over(None, &[("score.rol", "1")]),
                "there is no setting `score.rol` (did you mean `score.role`?)",
            ),
            (
                over(None, &[("currency.x", "1")]),
                "there is no setting `currency.x`",
            ),
        ];
        for (over, expect) in rows {
            assert_eq!(problems(text, &over), [expect]);
        }
        assert_eq!(
            key_of_variable("TOUCHBASE_SCORE__HALF_LIFE").as_deref(),
            Some("score.half-life")
        );
        assert_eq!(
            key_of_variable("TOUCHBASE_DATE_ORDER").as_deref(),
            Some("date-order")
        );
        assert_eq!(key_of_variable("TOUCHBASE_DIR"), None);
        assert_eq!(key_of_variable("TOUCHBASE_SCORE"), None);
    }

    /// What `config show --defaults` prints is settings, and explains every key.
    #[test]
    fn documented_settings_read_back_as_themselves() {
        let text = documented(&Settings::default());
        let held = read(&text, &Over::default()).expect("settings");
        let settings = Settings {
            pipelines: Vec::new(),
            ..held.settings
        };
        assert_eq!(settings, Settings::default());
        let mut before = "";
        let mut known = std::collections::HashSet::new();
        for line in text.lines() {
            let key = line.split_once(" = ").map(|(key, _)| key);
            let key = key.filter(|key| !key.starts_with(['#', ' ']));
            let is_users = before.starts_with("[score.sources") || known.contains("advertisement");
            let is_new = key.is_some_and(|key| known.insert(key));
            assert!(
                !is_new || before.starts_with('#') || is_users,
                "not explained: {line}"
            );
            before = line;
        }
    }
}
