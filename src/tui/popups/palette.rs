//! `:`: any command by a few letters of its name, with its argument behind it.

use super::{PICKER, Popup};
use crate::tui::actions::{Action, Scope, all_actions};
use crate::tui::model::{Model, Shared};
use crate::tui::msg::Request;
use crate::tui::widgets::picker::{Entry, Picker};
use crossterm::event::{KeyCode, KeyEvent};
use fuzzy_matcher::FuzzyMatcher as _;
use fuzzy_matcher::skim::SkimMatcherV2;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// Opens the palette over the view or the record that is shown.
pub(crate) fn open(model: &mut Model, _action: &'static Action, _argument: &str) {
    let scopes = model.scopes();
    let all = all_actions()
        .filter(|action| scopes.contains(&action.scope) && action.scope != Scope::Move)
        .map(|action| Offer {
            action,
            keys: model.keymap.keys_of(action),
            reason: model.applies(action).err(),
        })
        .collect();
    let mut palette = Palette {
        all,
        history: model.history.clone(),
        back: 0,
        picker: Picker::default(),
        entries: Vec::new(),
        offers: Vec::new(),
    };
    palette.refresh(&model.shared);
    palette.narrow();
    model.popups.push(Box::new(palette));
}

struct Offer {
    action: &'static Action,
    keys: String,
    reason: Option<&'static str>,
}

struct Palette {
    all: Vec<Offer>,
    history: Vec<String>,
    /// How many steps back in the history.
    back: usize,
    picker: Picker,
    entries: Vec<Entry>,
    /// For each entry its place in `all` and the argument to run it with.
    offers: Vec<(usize, String)>,
}

/// The name before the first blank, and what stands behind it.
fn split(text: &str) -> (&str, &str) {
    let text = text.trim_start();
    text.split_once(' ')
        .map_or((text, ""), |(name, rest)| (name, rest.trim()))
}

/// How well an action fits what was typed; its own name counts most.
fn fit(action: &Action, typed: &str) -> Option<i64> {
    let matcher = SkimMatcherV2::default();
    let names = action.aliases.iter().chain([&action.name]);
    let exact = names.clone().any(|name| *name == typed);
    let by_name = names
        .filter_map(|name| matcher.fuzzy_match(name, typed))
        .max()
        .map(|score| score * 2);
    let by_help = matcher.fuzzy_match(action.help, typed);
    let best = by_name.into_iter().chain(by_help).max()?;
    Some(if exact { i64::MAX } else { best })
}

impl Palette {
    fn narrow(&mut self) {
        let text = self.picker.input.text().trim_start_matches(':');
        let (name, argument) = split(text);
        let mut found: Vec<(i64, usize, String)> = Vec::new();
        for (place, offer) in self.all.iter().enumerate() {
            let whole = (!argument.is_empty())
                .then(|| fit(offer.action, text.trim()))
                .flatten()
                .map(|score| (score, String::new()));
            let takes = argument.is_empty() || !offer.action.argument.is_empty();
            let named = if name.is_empty() {
                Some((0, String::new()))
            } else {
                takes
                    .then(|| fit(offer.action, name))
                    .flatten()
                    .map(|score| (score, argument.to_owned()))
            };
            if let Some((score, argument)) = named.into_iter().chain(whole).max() {
                found.push((score, place, argument));
            }
        }
        found.sort_by_key(|(score, place, _)| {
            (
                std::cmp::Reverse(*score),
                self.all[*place].reason.is_some(),
                *place,
            )
        });
        self.entries = found
            .iter()
            .map(|(_, place, argument)| entry(&self.all[*place], argument))
            .collect();
        self.offers = found
            .into_iter()
            .map(|(_, place, argument)| (place, argument))
            .collect();
        self.picker.restart(self.entries.len());
    }

    fn choose(&self) -> Vec<Request> {
        let chosen = self.picker.chosen().and_then(|at| self.offers.get(at));
        let Some((place, argument)) = chosen else {
            return vec![Request::Say("no such command · Esc closes".to_owned())];
        };
        let action = self.all[*place].action;
        let typed = format!("{} {argument}", action.name).trim().to_owned();
        vec![
            Request::Close,
            Request::Remember(typed),
            Request::Run(action, argument.clone()),
        ]
    }

    fn recall(&mut self, older: bool) {
        let most = self.history.len();
        self.back = if older {
            (self.back + 1).min(most)
        } else {
            self.back.saturating_sub(1)
        };
        let text = match self.back {
            0 => "",
            back => &self.history[most - back],
        };
        self.picker.input.set(text);
        self.narrow();
    }
}

fn entry(offer: &Offer, argument: &str) -> Entry {
    let takes = if argument.is_empty() {
        offer.action.argument
    } else {
        argument
    };
    Entry {
        mark: offer.keys.clone(),
        text: format!("{} {takes}", offer.action.name)
            .trim_end()
            .to_owned(),
        note: offer.reason.unwrap_or(offer.action.help).to_owned(),
        enabled: offer.reason.is_none(),
        heading: false,
    }
}

impl Popup for Palette {
    fn scopes(&self) -> &'static [Scope] {
        PICKER
    }

    fn act(&mut self, action: &'static Action, _shared: &Shared) -> Vec<Request> {
        let empty = self.picker.input.text().is_empty();
        match action.name {
            "choose" => return self.choose(),
            "leave-picker" => return vec![Request::Close],
            "picker-up" if (empty || self.back > 0) && !self.history.is_empty() => {
                self.recall(true);
            }
            "picker-down" if self.back > 0 => self.recall(false),
            name => {
                self.picker.act(name, &self.entries);
            }
        }
        Vec::new()
    }

    fn typed(&mut self, key: &KeyEvent, _shared: &Shared) -> Vec<Request> {
        if key.code == KeyCode::Backspace && self.picker.input.text().is_empty() {
            return vec![Request::Close];
        }
        if self.picker.typed(key) {
            self.back = 0;
            self.narrow();
        }
        Vec::new()
    }

    fn paste(&mut self, text: &str, _shared: &Shared) -> Vec<Request> {
        self.picker.input.paste(text);
        self.narrow();
        Vec::new()
    }

    fn click(&mut self, column: u16, row: u16, shared: &Shared) -> Vec<Request> {
        if self.picker.click(column, row, shared.body(), &self.entries) {
            self.choose()
        } else {
            Vec::new()
        }
    }

    fn wheel(&mut self, lines: isize, _shared: &Shared) {
        self.picker.wheel(lines, &self.entries);
    }

    fn refresh(&mut self, shared: &Shared) {
        self.picker.resize(shared.body());
    }

    fn draw(&self, shared: &Shared, buffer: &mut Buffer, body: Rect) {
        let empty = "no such command";
        let (title, theme) = ("Command", shared.theme);
        self.picker
            .draw(title, empty, &self.entries, theme, buffer, body);
    }
}
