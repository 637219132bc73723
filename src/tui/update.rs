//! What a message does to the screen: the only place that changes it. No I/O, no clock.

use super::actions::{Action, Scope, Situation};
use super::keymap::{Key, Meaning};
use super::model::{Model, Purpose};
use super::msg::{Effect, Msg, Request, Token};
use super::views::{self, VIEWS};
use crate::domain::id::Id;
use crate::error::{Error, Result};
use crate::services::intent::{Intent, Receipt};
use chrono::{DateTime, Timelike as _, Utc};
use crossterm::event::{KeyEvent, KeyEventKind, MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::Position;

/// How many rows one turn of the wheel moves.
const WHEEL: isize = 3;

/// Takes a message and answers with what is to be done.
pub fn update(model: &mut Model, msg: Msg) -> Vec<Effect> {
    model.stale |= !matches!(msg, Msg::Tick(_));
    match msg {
        Msg::Key(event) => model.key(&event),
        Msg::Paste(text) => model.paste(&text),
        Msg::Mouse(event) => model.mouse(event),
        Msg::Resize(columns, rows) => {
            model.shared.size = (columns, rows);
            model.refresh_all();
        }
        Msg::Tick(now) => model.tick(now),
        Msg::Loaded(snapshot, _) => {
            model.shared.snapshot = *snapshot;
            model.shared.loaded = true;
            model.shared.forget_keys();
            model.refresh_all();
        }
        Msg::Changed(_, records) => {
            model.shared.forget_keys();
            model.shared.snapshot.apply(records);
            model.refresh_all();
        }
        Msg::Performed(token, result) => model.performed(token, result),
        Msg::Failed(error) => model.complain(&error),
        Msg::Resumed => model.redraw(),
        Msg::SuspendAsked => model.suspend(),
        Msg::QuitAsked => model.outbox.push(Effect::Quit),
    }
    std::mem::take(&mut model.outbox)
}

impl Model {
    /// The scopes whose keys count now, the nearest first.
    pub(crate) fn scopes(&self) -> Vec<Scope> {
        match self.popups.last() {
            Some(popup) => popup.scopes().to_vec(),
            None => self.view_scopes(),
        }
    }

    /// The scopes of the view, whatever lies over it.
    pub(crate) fn view_scopes(&self) -> Vec<Scope> {
        let own = Scope::View(VIEWS[self.current].name);
        vec![own, Scope::Record, Scope::Move, Scope::Global]
    }

    /// Whether an action applies now; else why not.
    pub(crate) fn applies(&self, action: &Action) -> Result<(), &'static str> {
        (action.applies)(&Situation {
            shared: &self.shared,
            record: self.selected(),
            filterable: self.kind().is_some(),
        })
    }

    /// Runs an action if it applies, and says why not otherwise.
    pub(crate) fn run(&mut self, action: &'static Action, argument: &str) {
        match self.applies(action) {
            Ok(()) => (action.run)(self, action, argument),
            Err(reason) => self.say(format!("{}: {reason}", action.name)),
        }
    }

    /// Gives an action to what has the focus.
    pub(crate) fn deliver(&mut self, action: &'static Action) {
        let requests = match self.popups.last_mut() {
            Some(popup) => popup.act(action, &self.shared),
            None => self.views[self.current].act(action.name, &self.shared),
        };
        self.answer(requests);
    }

    /// Does what a view or a popup asked for.
    pub(crate) fn answer(&mut self, requests: Vec<Request>) {
        for request in requests {
            match request {
                Request::Perform(intent) => {
                    self.perform(intent);
                }
                Request::Submit(intent) => {
                    let token = self.perform(intent);
                    if let Some(popup) = self.popups.last_mut() {
                        popup.submitted(token);
                    }
                }
                Request::Open(id) => self.open(id),
                Request::Go(id) => self.go(id),
                Request::View(name) => self.go_to(name),
                Request::Popup(popup) => self.popups.push(popup),
                Request::Close => {
                    self.popups.pop();
                }
                Request::Run(action, argument) => self.run(action, &argument),
                Request::Remember(text) => {
                    self.history.retain(|known| *known != text);
                    self.history.push(text);
                }
                Request::Filter(text) => self.filter(&text),
                Request::Below(name) => {
                    let more = self.views[self.current].act(name, &self.shared);
                    self.answer(more);
                }
                Request::Say(text) => self.say(text),
            }
        }
    }

    /// Hands an intent to the runner.
    pub(crate) fn perform(&mut self, intent: Intent) -> Token {
        self.tokens += 1;
        let purpose = match intent {
            Intent::Create { .. } => Purpose::Create,
            Intent::Undo(_) => Purpose::Undo,
            Intent::Redo => Purpose::Redo,
            _ => Purpose::Change,
        };
        self.pending.insert(self.tokens, purpose);
        self.shared.changing = true;
        self.outbox.push(Effect::Perform(self.tokens, intent));
        self.tokens
    }

    /// Says something in passing.
    pub(crate) fn say(&mut self, text: impl Into<String>) {
        self.toasts.say(text, false, self.shared.context.now);
    }

    /// Says what failed, with what helps.
    pub(crate) fn complain(&mut self, error: &Error) {
        let mut text = error.message.clone();
        for more in error.details.iter().chain(&error.hints) {
            text.push('\n');
            text.push_str(more);
        }
        self.toasts.say(text, true, self.shared.context.now);
    }

    /// Goes to where a record lives, with the cursor on it; shows it by itself otherwise.
    pub(crate) fn go(&mut self, id: Id) {
        let kind = self.shared.snapshot.get(id).map(|record| record.kind);
        let Some(place) = kind.and_then(views::home_of) else {
            return self.open(id);
        };
        self.popups.clear();
        self.current = place;
        self.refresh_current();
        if self.views[place].select(id, &self.shared) {
            return;
        }
        if self.views[place].filter().is_some() {
            self.views[place].set_filter(None, &self.shared);
            if self.views[place].select(id, &self.shared) {
                return;
            }
        }
        self.open(id);
    }

    /// Filters the view's list.
    pub(crate) fn filter(&mut self, text: &str) {
        let kind = self.kind();
        let before = self.views[self.current].filter();
        let filter = super::filter::Filter::new(text, kind, before, &self.shared);
        self.views[self.current].set_filter(filter, &self.shared);
    }

    /// Draws every cell anew.
    pub(crate) fn redraw(&mut self) {
        self.outbox.push(Effect::Redraw);
    }

    /// Goes to the background.
    pub(crate) fn suspend(&mut self) {
        self.outbox.push(Effect::Suspend);
    }

    /// Closes what is open; quits when nothing is.
    pub(crate) fn close_or_quit(&mut self) {
        if self.popups.pop().is_none() {
            self.outbox.push(Effect::Quit);
        }
    }

    /// Closes what is open; says how to quit when nothing is.
    pub(crate) fn cancel(&mut self) {
        if self.popups.pop().is_none() {
            let text = "nothing to cancel · q quits";
            self.say(text);
        }
    }

    /// One level back: popup, filter, pane. Never quits.
    pub(crate) fn back(&mut self, _action: &'static Action) {
        if self.popups.pop().is_some() {
            return;
        }
        let view = &mut self.views[self.current];
        if !view.back(&self.shared) && view.filter().is_some() {
            view.set_filter(None, &self.shared);
        }
    }

    fn key(&mut self, event: &KeyEvent) {
        if event.kind == KeyEventKind::Release {
            return;
        }
        self.toasts.key();
        let key = Key::of(event);
        if self.is_too_small() {
            if key == Key::plain(crossterm::event::KeyCode::Char('q')) {
                self.outbox.push(Effect::Quit);
            }
            return;
        }
        self.typed.push(key);
        match self.keymap.meaning(&self.scopes(), &self.typed) {
            Meaning::Action(action) => {
                self.typed.clear();
                self.run(action, "");
            }
            Meaning::Beginning(_) => {}
            Meaning::Nothing => {
                let alone = self.typed.len() == 1;
                self.typed.clear();
                if alone && let Some(popup) = self.popups.last_mut() {
                    let requests = popup.typed(event, &self.shared);
                    self.answer(requests);
                }
            }
        }
    }

    /// Whether the screen shows nothing but that it is too small.
    pub(crate) fn is_too_small(&self) -> bool {
        let (columns, rows) = self.shared.size;
        columns < super::model::SMALLEST.0 || rows < super::model::SMALLEST.1
    }

    fn paste(&mut self, text: &str) {
        if let Some(popup) = self.popups.last_mut() {
            let requests = popup.paste(text, &self.shared);
            self.answer(requests);
        }
    }

    fn mouse(&mut self, event: MouseEvent) {
        if self.is_too_small() {
            return;
        }
        let (column, row) = (event.column, event.row);
        let turned = match event.kind {
            MouseEventKind::ScrollDown => WHEEL,
            MouseEventKind::ScrollUp => -WHEEL,
            MouseEventKind::Down(MouseButton::Left) => return self.click(column, row),
            _ => return,
        };
        match self.popups.last_mut() {
            Some(popup) => popup.wheel(turned, &self.shared),
            None => self.views[self.current].wheel(turned, column, row, &self.shared),
        }
    }

    fn click(&mut self, column: u16, row: u16) {
        self.toasts.key();
        let requests = match self.popups.last_mut() {
            Some(popup) => popup.click(column, row, &self.shared),
            None if self.shared.body().contains(Position::new(column, row)) => {
                self.views[self.current].click(column, row, &self.shared)
            }
            None => {
                if let Some(name) = super::screen::tab_at(self, column, row) {
                    self.go_to(name);
                }
                Vec::new()
            }
        };
        self.answer(requests);
    }

    fn tick(&mut self, now: DateTime<Utc>) {
        let before = self.shared.context.now;
        self.shared.context.now = now;
        self.stale |= self.toasts.tick(now);
        let minute = |time: DateTime<Utc>| (time.timestamp().div_euclid(60), time.minute());
        if minute(before) != minute(now) {
            self.stale = true;
            for (fresh, view) in self.fresh.iter_mut().zip(VIEWS) {
                *fresh &= !view.follows_clock;
            }
            self.refresh_current();
        }
    }

    fn performed(&mut self, token: Token, result: Result<Receipt>) {
        let purpose = self.pending.remove(&token);
        self.shared.changing = !self.pending.is_empty();
        let waiting = self
            .popups
            .iter()
            .position(|popup| popup.waits_for() == Some(token));
        match result {
            Ok(receipt) => {
                if let Some(place) = waiting {
                    self.popups.truncate(place);
                }
                if purpose == Some(Purpose::Create)
                    && let Some(made) = receipt.records.first()
                {
                    self.views[self.current].select(made.id, &self.shared);
                }
                self.report(purpose, &receipt);
            }
            Err(error) => {
                let told = waiting.is_some_and(|place| self.popups[place].refused(&error));
                if !told {
                    self.complain(&error);
                }
            }
        }
    }

    fn report(&mut self, purpose: Option<Purpose>, receipt: &Receipt) {
        let more = match (purpose, receipt.number) {
            (_, None) => "",
            (Some(Purpose::Undo), _) => " · U redo",
            _ => " · u undo",
        };
        let sign = if receipt.number.is_some() { "✓ " } else { "" };
        self.say(format!("{sign}{}{more}", receipt.summary));
        for warning in &receipt.warnings {
            self.say(format!("! {warning}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::sample::{model, press, screen_text};

    fn receipt(summary: &str) -> Receipt {
        let (number, summary) = (Some(7), summary.to_owned());
        Receipt {
            number,
            summary,
            records: Vec::new(),
            warnings: Vec::new(),
        }
    }

    fn token(effects: &[Effect]) -> Token {
        match effects {
            [Effect::Perform(token, _)] => *token,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_change_is_told_with_the_key_that_takes_it_back() {
        let mut model = model(80, 24);
        let asked = token(&press(&mut model, "3 f"));
        update(
            &mut model,
            Msg::Performed(asked, Ok(receipt("done: Renewal"))),
        );
        assert!(screen_text(&model).contains("✓ done: Renewal · u undo"));
        let asked = token(&press(&mut model, "u"));
        update(
            &mut model,
            Msg::Performed(asked, Ok(receipt("undid: done: Renewal"))),
        );
        assert!(screen_text(&model).contains("undid: done: Renewal · U redo"));
    }

    #[test]
    fn a_form_stays_with_what_was_typed_until_the_store_has_taken_it() {
        let mut model = model(80, 24);
        let asked = token(&press(&mut model, "1 cc text:hello ctrl-s"));
        let error = Error::invalid("the disk is full");
        update(&mut model, Msg::Performed(asked, Err(error)));
        let text = screen_text(&model);
        assert!(
            text.contains("hello") && text.contains("✗ the disk is full"),
            "{text}"
        );
        let asked = token(&press(&mut model, "ctrl-s"));
        update(
            &mut model,
            Msg::Performed(asked, Ok(receipt("logged call with Ana"))),
        );
        assert!(model.popups.is_empty());
        assert!(screen_text(&model).contains("✓ logged call with Ana · u undo"));
    }

    #[test]
    fn an_error_stays_until_a_key() {
        let mut model = model(80, 24);
        update(
            &mut model,
            Msg::Failed(Error::invalid("no such thing").hint("try again")),
        );
        let later = model.shared.context.now + chrono::TimeDelta::minutes(9);
        update(&mut model, Msg::Tick(later));
        assert!(screen_text(&model).contains("✗ no such thing"));
        assert!(screen_text(&model).contains("try again"));
        press(&mut model, "j");
        assert!(!screen_text(&model).contains("no such thing"));
    }

    #[test]
    fn enter_does_not_confirm_a_loss_and_esc_never_quits() {
        let mut model = model(80, 24);
        assert!(press(&mut model, "1 D enter").is_empty());
        let effects = press(&mut model, "y");
        assert!(matches!(
            effects[..],
            [Effect::Perform(_, Intent::Place(..))]
        ));
        assert!(press(&mut model, "D n esc esc esc ctrl-c").is_empty());
        assert_eq!(press(&mut model, "? esc q"), [Effect::Quit]);
    }

    #[test]
    fn the_cursor_stays_on_its_record_while_others_change() {
        let mut model = model(80, 24);
        press(&mut model, "1 G");
        let before = model.selected().unwrap().id;
        let mut first = crate::tui::sample::records().remove(3);
        first.set(crate::domain::contact::NAME, "ZZ last".to_owned());
        update(&mut model, Msg::Changed(2, vec![(first.id, Some(first))]));
        assert_eq!(model.selected().unwrap().id, before);
    }
}
