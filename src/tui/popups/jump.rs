//! `Space f`: any record of any kind by a few letters of it.

use super::{PICKER, Popup};
use crate::domain::contact;
use crate::domain::id::Id;
use crate::domain::search::{SearchKey, search};
use crate::tui::actions::{Action, Scope};
use crate::tui::model::{Model, Shared};
use crate::tui::msg::Request;
use crate::tui::widgets::picker::{Entry, Picker};
use crossterm::event::KeyEvent;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// The kinds that come first.
const FIRST: [&str; 3] = ["contact", "company", "deal"];
/// How many records are offered.
const MOST: usize = 200;

/// Opens the picker, with something typed already when an argument is given.
pub(crate) fn open(model: &mut Model, _action: &'static Action, argument: &str) {
    let mut jump = Jump {
        picker: Picker::new(argument),
        entries: Vec::new(),
        found: Vec::new(),
    };
    jump.refresh(&model.shared);
    model.popups.push(Box::new(jump));
}

struct Jump {
    picker: Picker,
    entries: Vec<Entry>,
    found: Vec<Id>,
}

impl Jump {
    fn narrow(&mut self, shared: &Shared) {
        let typed = self.picker.input.text();
        self.found = if typed.trim().is_empty() {
            let people = shared.snapshot.of_kind(&contact::KIND).take(MOST);
            people.map(|record| record.id).collect()
        } else {
            let keys = shared.search_keys();
            let whom = |key: &&SearchKey| FIRST.contains(&key.kind.name);
            // Whom one deals with comes before what happened with them.
            let mut found = search(typed, keys.iter().filter(|key| whom(key)), MOST);
            let rest = keys.iter().filter(|key| !whom(key));
            found.extend(search(typed, rest, MOST - found.len()));
            found.into_iter().map(|(id, _)| id).collect()
        };
        let records = self.found.iter().filter_map(|id| shared.snapshot.get(*id));
        self.entries = records
            .map(|record| Entry {
                mark: record.kind.name.to_owned(),
                text: record.title().to_owned(),
                note: ["company", "contact", "role"]
                    .iter()
                    .map(|column| shared.words(record, column))
                    .find(|words| !words.is_empty())
                    .unwrap_or_default(),
                enabled: true,
                heading: false,
            })
            .collect();
        self.picker.restart(self.entries.len());
    }

    fn choose(&self) -> Vec<Request> {
        let chosen = self.picker.chosen().and_then(|at| self.found.get(at));
        chosen.map_or_else(Vec::new, |id| vec![Request::Close, Request::Go(*id)])
    }
}

impl Popup for Jump {
    fn scopes(&self) -> &'static [Scope] {
        PICKER
    }

    fn act(&mut self, action: &'static Action, _shared: &Shared) -> Vec<Request> {
        match action.name {
            "choose" => self.choose(),
            "leave-picker" => vec![Request::Close],
            name => {
                self.picker.act(name, &self.entries);
                Vec::new()
            }
        }
    }

    fn typed(&mut self, key: &KeyEvent, shared: &Shared) -> Vec<Request> {
        if self.picker.typed(key) {
            self.narrow(shared);
        }
        Vec::new()
    }

    fn paste(&mut self, text: &str, shared: &Shared) -> Vec<Request> {
        self.picker.input.paste(text);
        self.narrow(shared);
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
        self.narrow(shared);
    }

    fn draw(&self, shared: &Shared, buffer: &mut Buffer, body: Rect) {
        let empty = "nothing is called that";
        let (title, theme) = ("Find a record", shared.theme);
        self.picker
            .draw(title, empty, &self.entries, theme, buffer, body);
    }
}
