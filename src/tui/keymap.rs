//! Keys: how they are written (`cc`, `ctrl-d`, `space f`), how an event becomes one, and
//! which action a sequence of them means where the focus is.

use super::actions::{self, Action, Scope};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// One key as bindings name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    /// Which key; letters carry their own case.
    pub code: KeyCode,
    /// With Ctrl.
    pub control: bool,
    /// With Alt.
    pub alt: bool,
}

/// Names of the keys that are not letters, the first of each as it is shown.
const NAMED: &[(&str, &str, KeyCode)] = &[
    ("enter", "Enter", KeyCode::Enter),
    ("esc", "Esc", KeyCode::Esc),
    ("tab", "Tab", KeyCode::Tab),
    ("shift-tab", "Shift-Tab", KeyCode::BackTab),
    ("space", "Space", KeyCode::Char(' ')),
    ("up", "↑", KeyCode::Up),
    ("down", "↓", KeyCode::Down),
    ("left", "←", KeyCode::Left),
    ("right", "→", KeyCode::Right),
    ("home", "Home", KeyCode::Home),
    ("end", "End", KeyCode::End),
    ("pgup", "PgUp", KeyCode::PageUp),
    ("pgdn", "PgDn", KeyCode::PageDown),
    ("backspace", "Backspace", KeyCode::Backspace),
    ("del", "Del", KeyCode::Delete),
];

impl Key {
    /// A key without Ctrl and Alt.
    pub const fn plain(code: KeyCode) -> Self {
        Self {
            code,
            control: false,
            alt: false,
        }
    }

    /// What was pressed. Shift shows in the letter itself, and in the back tab.
    pub fn of(event: &KeyEvent) -> Self {
        let control = event.modifiers.contains(KeyModifiers::CONTROL);
        let code = match event.code {
            KeyCode::Tab if event.modifiers.contains(KeyModifiers::SHIFT) => KeyCode::BackTab,
            KeyCode::Char(letter) if control => KeyCode::Char(letter.to_ascii_lowercase()),
            other => other,
        };
        Self {
            code,
            control,
            alt: event.modifiers.contains(KeyModifiers::ALT),
        }
    }

    /// As people read it: `Ctrl-D`, `Enter`, `c`.
    pub fn words(self) -> String {
        let named = NAMED.iter().find(|(_, _, code)| *code == self.code);
        let name = match (named, self.code) {
            (Some((_, shown, _)), _) => (*shown).to_owned(),
            (None, KeyCode::Char(letter)) if self.control => letter.to_uppercase().to_string(),
            (None, KeyCode::Char(letter)) => letter.to_string(),
            (None, KeyCode::F(number)) => format!("F{number}"),
            (None, other) => format!("{other:?}"),
        };
        let control = if self.control { "Ctrl-" } else { "" };
        let alt = if self.alt { "Alt-" } else { "" };
        format!("{control}{alt}{name}")
    }
}

/// Reads a binding: names of keys separated by spaces, where a run of letters is one key each.
pub fn parse(text: &str) -> Option<Vec<Key>> {
    let mut keys = Vec::new();
    for token in text.split(' ').filter(|token| !token.is_empty()) {
        if let Some((_, _, code)) = NAMED.iter().find(|(name, _, _)| *name == token) {
            keys.push(Key::plain(*code));
        } else if let Some(letter) = token.strip_prefix("ctrl-") {
            keys.push(Key {
                control: true,
                ..Key::plain(KeyCode::Char(single(letter)?))
            });
        } else if let Some(letter) = token.strip_prefix("alt-") {
            keys.push(Key {
                alt: true,
                ..Key::plain(KeyCode::Char(single(letter)?))
            });
        } else {
            keys.extend(
                token
                    .chars()
                    .map(|letter| Key::plain(KeyCode::Char(letter))),
            );
        }
    }
    (!keys.is_empty()).then_some(keys)
}

fn single(text: &str) -> Option<char> {
    let mut letters = text.chars();
    letters.next().filter(|_| letters.next().is_none())
}

/// A sequence as people read it: letters stand together, names apart.
pub fn words(keys: &[Key]) -> String {
    let mut shown = String::new();
    for (index, key) in keys.iter().enumerate() {
        let word = key.words();
        let long = |key: &Key| key.words().chars().count() > 1;
        if index > 0 && (long(key) || long(&keys[index - 1])) {
            shown.push(' ');
        }
        shown.push_str(&word);
    }
    shown
}

/// One binding: a sequence of keys that means an action where its scope has the focus.
#[derive(Clone, Debug)]
pub struct Binding {
    /// The keys, one after the other.
    pub keys: Vec<Key>,
    /// What they mean.
    pub action: &'static Action,
}

/// What a sequence of keys means.
#[derive(Clone, Debug)]
pub enum Meaning {
    /// Nothing.
    Nothing,
    /// The beginning of these bindings.
    Beginning(Vec<Binding>),
    /// This action.
    Action(&'static Action),
}

/// All bindings.
#[derive(Clone, Debug)]
pub struct Keymap(Vec<Binding>);

impl Default for Keymap {
    /// The default keys of every action.
    fn default() -> Self {
        let bindings = actions::all_actions().flat_map(|action| {
            let keys = action.keys.iter().filter_map(|text| parse(text));
            keys.map(move |keys| Binding { keys, action })
        });
        Self(bindings.collect())
    }
}

impl Keymap {
    /// What `typed` means where these scopes have the focus, the nearest first.
    pub fn meaning(&self, scopes: &[Scope], typed: &[Key]) -> Meaning {
        for scope in scopes {
            let found = self
                .in_scope(*scope)
                .find(|binding| binding.keys == typed)
                .map(|binding| binding.action);
            if let Some(action) = found {
                return Meaning::Action(action);
            }
        }
        let longer: Vec<Binding> = scopes
            .iter()
            .flat_map(|scope| self.in_scope(*scope))
            .filter(|binding| binding.keys.starts_with(typed))
            .cloned()
            .collect();
        if longer.is_empty() {
            Meaning::Nothing
        } else {
            Meaning::Beginning(longer)
        }
    }

    /// The first keys of an action, in words; empty when it has none.
    pub fn keys_of(&self, action: &Action) -> String {
        self.0
            .iter()
            .find(|binding| std::ptr::eq(binding.action, action))
            .map_or_else(String::new, |binding| words(&binding.keys))
    }

    /// All keys of an action, in words.
    pub fn all_keys_of(&self, action: &Action) -> String {
        let all = self
            .0
            .iter()
            .filter(|binding| std::ptr::eq(binding.action, action));
        all.map(|binding| words(&binding.keys))
            .collect::<Vec<_>>()
            .join(" ")
    }

    fn in_scope(&self, scope: Scope) -> impl Iterator<Item = &Binding> {
        self.0
            .iter()
            .filter(move |binding| binding.action.scope == scope)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bindings_read_and_show_as_people_write_them() {
        for (text, expect) in [
            ("cc", "cc"),
            ("gg", "gg"),
            ("ctrl-d", "Ctrl-D"),
            ("space f", "Space f"),
            ("shift-tab", "Shift-Tab"),
            ("pgdn", "PgDn"),
            ("?", "?"),
        ] {
            let keys = parse(text).expect(text);
            assert_eq!(words(&keys), expect);
        }
        assert!(parse("").is_none());
        assert!(parse("ctrl-").is_none());
    }

    #[test]
    fn a_chord_waits_for_its_end() {
        let keymap = Keymap::default();
        let scopes = [Scope::Record, Scope::Move, Scope::Global];
        let key = |letter| Key::plain(KeyCode::Char(letter));
        assert!(matches!(
            keymap.meaning(&scopes, &[key('c')]),
            Meaning::Beginning(found) if found.len() >= 5
        ));
        assert!(matches!(
            keymap.meaning(&scopes, &[key('c'), key('c')]),
            Meaning::Action(action) if action.name == "log-call"
        ));
        assert!(matches!(
            keymap.meaning(&scopes, &[key('d')]),
            Meaning::Nothing
        ));
    }
}
