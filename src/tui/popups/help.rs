//! `?`: every key of what has the focus, narrowed by typing; Enter runs the action.

use super::{PICKER, Popup};
use crate::domain::values::text::fold;
use crate::tui::actions::{Action, Scope, all_actions};
use crate::tui::model::{Model, Shared};
use crate::tui::msg::Request;
use crate::tui::widgets::picker::{Entry, Picker};
use crossterm::event::KeyEvent;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// Opens the help of what has the focus.
pub(crate) fn open(model: &mut Model, _action: &'static Action, _argument: &str) {
    let mut all = Vec::new();
    for scope in model.scopes() {
        for action in all_actions().filter(|action| action.scope == scope) {
            let keys = model.keymap.all_keys_of(action);
            all.push((scope, action, keys, model.applies(action).err()));
        }
    }
    let mut help = Help {
        all,
        picker: Picker::default(),
        entries: Vec::new(),
        actions: Vec::new(),
    };
    help.refresh(&model.shared);
    model.popups.push(Box::new(help));
}

struct Help {
    all: Vec<(Scope, &'static Action, String, Option<&'static str>)>,
    picker: Picker,
    entries: Vec<Entry>,
    /// For each entry its action; none for a heading.
    actions: Vec<Option<&'static Action>>,
}

impl Help {
    fn narrow(&mut self) {
        let wanted = fold(self.picker.input.text());
        self.entries.clear();
        self.actions.clear();
        let mut last = None;
        for (scope, action, keys, reason) in &self.all {
            let names = action.aliases.join(" ");
            let all = fold(&format!("{} {names} {} {keys}", action.name, action.help));
            if !wanted.split_whitespace().all(|word| all.contains(word)) {
                continue;
            }
            if last != Some(*scope) {
                last = Some(*scope);
                self.entries.push(Entry {
                    text: scope.title().to_owned(),
                    heading: true,
                    ..Entry::default()
                });
                self.actions.push(None);
            }
            self.entries.push(Entry {
                mark: keys.clone(),
                text: action.help.to_owned(),
                note: reason.map_or_else(|| format!(":{}", action.name), str::to_owned),
                enabled: reason.is_none(),
                heading: false,
            });
            self.actions.push(Some(action));
        }
        self.picker.restart(self.entries.len());
        self.picker.settle(&self.entries, true);
    }

    fn choose(&self) -> Vec<Request> {
        let chosen = self.picker.chosen().and_then(|at| self.actions.get(at));
        match chosen.copied().flatten() {
            Some(action) => vec![Request::Close, Request::Run(action, String::new())],
            None => Vec::new(),
        }
    }
}

impl Popup for Help {
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

    fn typed(&mut self, key: &KeyEvent, _shared: &Shared) -> Vec<Request> {
        if self.picker.typed(key) {
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
        if self.entries.is_empty() {
            self.narrow();
        }
    }

    fn draw(&self, shared: &Shared, buffer: &mut Buffer, body: Rect) {
        let empty = "no key does that · Esc closes";
        let (title, theme) = ("Keys · type to filter", shared.theme);
        self.picker
            .draw(title, empty, &self.entries, theme, buffer, body);
    }
}
