//! Forms: rows of fields that are typed, checked while typing and saved as one intent.

use super::Popup;
use super::ask::Ask;
use super::reading::{Beside, Reader, Reading};
use crate::domain::field::{Field, Shape};
use crate::domain::id::Id;
use crate::domain::kind::Kind;
use crate::error::Error;
use crate::services::intent::Intent;
use crate::tui::actions::{Action, Scope};
use crate::tui::model::Shared;
use crate::tui::msg::{Request, Token};
use crate::tui::widgets::frame;
use crate::tui::widgets::input::Line;
use crate::tui::widgets::lines::Lines;
use crossterm::event::{KeyCode, KeyEvent};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

/// So many lines are said at the bottom.
const MOST_SAID: usize = 7;

/// One row of a form.
pub(crate) struct FormField {
    /// The label.
    pub(crate) label: String,
    /// One line of help.
    pub(crate) help: String,
    /// How it is read.
    pub(crate) reader: Reader,
    /// The field of the table that it fills in.
    pub(crate) field: Option<&'static Field>,
    /// Whether it cannot be left empty.
    pub(crate) required: bool,
    initial: String,
    editor: Editor,
    known: Vec<(String, Id)>,
    /// Whether the cursor was in it and left.
    touched: bool,
}

enum Editor {
    Line(Line),
    Lines(Lines),
}

impl FormField {
    /// A row that is read by a reader and holds a text.
    pub(crate) fn new(label: impl Into<String>, help: &str, reader: Reader, text: &str) -> Self {
        let long = reader == Reader::Shape(Shape::LongText);
        Self {
            label: label.into(),
            help: help.to_owned(),
            reader,
            field: None,
            required: false,
            initial: text.to_owned(),
            editor: if long {
                Editor::Lines(Lines::new(text))
            } else {
                Editor::Line(Line::new(text))
            },
            known: Vec::new(),
            touched: false,
        }
    }

    /// A row for a field of a table, with names that stand for certain records.
    pub(crate) fn of(field: &'static Field, text: &str, known: Vec<(String, Id)>) -> Self {
        Self {
            field: Some(field),
            required: field.required,
            known,
            ..Self::new(field.label(), field.help, Reader::Shape(field.shape), text)
        }
    }

    /// Puts a text in, as a suggestion that counts as a change.
    pub(crate) fn filled_in(mut self, text: &str) -> Self {
        self.set(text);
        self
    }

    /// The row cannot be left empty.
    pub(crate) fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// What stands in it.
    pub(crate) fn text(&self) -> String {
        match &self.editor {
            Editor::Line(line) => line.text().to_owned(),
            Editor::Lines(lines) => lines.text(),
        }
    }

    /// Whether it says something else than at first.
    pub(crate) fn is_changed(&self) -> bool {
        self.text().trim() != self.initial.trim()
    }

    fn set(&mut self, text: &str) {
        match &mut self.editor {
            Editor::Line(line) => line.set(text),
            Editor::Lines(lines) => *lines = Lines::new(text),
        }
    }
}

/// Makes the intent of a filled form; else says which row is wrong, and why.
pub(crate) type Submit = Box<dyn Fn(&Form, &Shared) -> Result<Intent, (usize, String)>>;

/// A form.
pub(crate) struct Form {
    title: String,
    kind: Option<&'static Kind>,
    /// Its rows.
    pub(crate) fields: Vec<FormField>,
    at: usize,
    /// The first row in sight.
    top: usize,
    submit: Submit,
    waiting: Option<Token>,
    /// Why saving failed, in lines.
    failure: Vec<String>,
}

impl Form {
    /// A form with the cursor in its first row.
    pub(crate) fn new(
        title: impl Into<String>,
        kind: Option<&'static Kind>,
        fields: Vec<FormField>,
        submit: Submit,
    ) -> Self {
        Self {
            title: title.into(),
            kind,
            fields,
            at: 0,
            top: 0,
            submit,
            waiting: None,
            failure: Vec::new(),
        }
    }

    /// Puts the cursor in a row.
    pub(crate) fn starting_at(mut self, at: usize) -> Self {
        self.at = at.min(self.fields.len().saturating_sub(1));
        self
    }

    /// What the text of a row means.
    pub(crate) fn reading(&self, at: usize, shared: &Shared) -> Reading {
        let field = &self.fields[at];
        field.reader.read(&field.text(), &self.beside(at, shared))
    }

    /// Whether anything was changed.
    pub(crate) fn is_changed(&self) -> bool {
        self.fields.iter().any(FormField::is_changed)
    }

    fn beside<'a>(&'a self, at: usize, shared: &'a Shared) -> Beside<'a> {
        let pipeline = self
            .fields
            .iter()
            .find(|field| field.reader == Reader::Shape(Shape::Pipeline));
        let pipeline = match pipeline.map(|field| &field.editor) {
            Some(Editor::Line(line)) => line.text(),
            _ => "",
        };
        Beside {
            shared,
            pipeline,
            known: &self.fields[at].known,
        }
    }

    /// How the focused row could go on.
    fn offers(&self, shared: &Shared) -> Vec<(String, Option<Id>)> {
        let Some(field) = self.fields.get(self.at) else {
            return Vec::new();
        };
        let Editor::Line(line) = &field.editor else {
            return Vec::new();
        };
        let beside = self.beside(self.at, shared);
        let mut offers = field
            .reader
            .offers(line.text(), self.kind, field.field, &beside);
        offers.retain(|(text, _)| text != line.text());
        offers
    }

    fn take_offer(&mut self, shared: &Shared) -> bool {
        let Some((text, id)) = self.offers(shared).into_iter().next() else {
            return false;
        };
        let field = &mut self.fields[self.at];
        field.set(&text);
        if let Some(id) = id {
            field.known.push((shared.snapshot.name_of(id), id));
        }
        true
    }

    /// Completes what was begun: a choice by its first letters, a link by a part of the name.
    fn settle(&mut self, shared: &Shared) {
        let Some(field) = self.fields.get(self.at) else {
            return;
        };
        let closed = matches!(
            field.reader,
            Reader::Shape(
                Shape::Choice(_) | Shape::Stage | Shape::Pipeline | Shape::Flag | Shape::Link(_)
            )
        );
        // What stood there before, and does not fit what the settings now say, is not replaced.
        let typed = !field.text().trim().is_empty() && field.is_changed();
        if closed && typed && matches!(self.reading(self.at, shared), Reading::Wrong(_)) {
            self.take_offer(shared);
        }
        self.fields[self.at].touched = true;
    }

    fn go(&mut self, forwards: bool, shared: &Shared) {
        self.settle(shared);
        let count = self.fields.len().max(1);
        let step = if forwards { 1 } else { count - 1 };
        self.at = (self.at + step) % count;
    }

    fn step(&mut self, down: bool, shared: &Shared) {
        let inside = match self.fields.get_mut(self.at).map(|field| &mut field.editor) {
            Some(Editor::Lines(lines)) => lines.step(down),
            _ => false,
        };
        let edge = if down {
            self.at + 1 >= self.fields.len()
        } else {
            self.at == 0
        };
        if !inside && !edge {
            self.go(down, shared);
        }
    }

    fn accept(&mut self, shared: &Shared) -> Vec<Request> {
        if let Some(Editor::Lines(lines)) =
            self.fields.get_mut(self.at).map(|field| &mut field.editor)
        {
            lines.split();
            return Vec::new();
        }
        if self.at + 1 == self.fields.len() {
            return self.save(shared);
        }
        self.go(true, shared);
        Vec::new()
    }

    fn cycle(&mut self, forwards: bool, shared: &Shared) -> bool {
        let Some(field) = self.fields.get(self.at) else {
            return false;
        };
        let mut choices = field.reader.choices(&self.beside(self.at, shared));
        if choices.is_empty() {
            return false;
        }
        if !field.required {
            choices.insert(0, String::new());
        }
        let text = field.text();
        let now = choices
            .iter()
            .position(|choice| *choice == text)
            .unwrap_or(0);
        let step = if forwards { 1 } else { choices.len() - 1 };
        let next = choices[(now + step) % choices.len()].clone();
        self.fields[self.at].set(&next);
        true
    }

    fn save(&mut self, shared: &Shared) -> Vec<Request> {
        self.settle(shared);
        for at in 0..self.fields.len() {
            self.fields[at].touched = true;
        }
        let wrong = (0..self.fields.len()).find(|at| self.problem(*at, shared).is_some());
        if let Some(at) = wrong {
            self.at = at;
            return Vec::new();
        }
        if self.waiting.is_some() {
            return Vec::new();
        }
        match (self.submit)(self, shared) {
            Ok(intent) => vec![Request::Submit(intent)],
            Err((at, reason)) => {
                self.at = at;
                self.failure = vec![reason];
                Vec::new()
            }
        }
    }

    /// What is wrong with a row.
    pub(super) fn problem(&self, at: usize, shared: &Shared) -> Option<String> {
        let field = &self.fields[at];
        match self.reading(at, shared) {
            Reading::Empty if field.required => Some(format!("{} is needed", field.label)),
            Reading::Wrong(reason) if field.is_changed() => Some(reason),
            _ => None,
        }
    }

    fn leave(&self) -> Vec<Request> {
        if !self.is_changed() {
            return vec![Request::Close];
        }
        let question = "Close the form and forget what you typed?".to_owned();
        let ask = Ask::new("Not saved", question, vec![Request::Close]);
        vec![Request::Popup(Box::new(ask))]
    }

    fn place(&self, body: Rect) -> Rect {
        let wide = usize::from(body.width).saturating_sub(2).min(82);
        let rows = self.rows().iter().map(|(_, height)| height).sum::<usize>();
        let high = usize::from(body.height).saturating_sub(1);
        let said = self.said_height();
        frame::centred(body, wide, (rows + 3 + said).min(high).max(5))
    }

    /// For each row of the form, how many lines it takes.
    fn rows(&self) -> Vec<(usize, usize)> {
        let height = |field: &FormField| match &field.editor {
            Editor::Line(_) => 1,
            Editor::Lines(lines) => lines.height().clamp(3, 8),
        };
        let note = |at: usize| usize::from(at == self.at);
        self.fields
            .iter()
            .enumerate()
            .map(|(at, field)| (at, height(field) + note(at)))
            .collect()
    }

    /// Moves the window so that the focused row is in sight.
    fn follow(&mut self, shared: &Shared) {
        let inner = frame::inside(self.place(shared.body()));
        let room = usize::from(inner.height).saturating_sub(self.said_height());
        let room = room.max(1);
        self.top = self.top.min(self.at);
        let rows = self.rows();
        while self.top < self.at
            && rows[self.top..=self.at]
                .iter()
                .map(|(_, height)| height)
                .sum::<usize>()
                > room
        {
            self.top += 1;
        }
    }
}

impl Popup for Form {
    fn scopes(&self) -> &'static [Scope] {
        &[Scope::Form]
    }

    fn act(&mut self, action: &'static Action, shared: &Shared) -> Vec<Request> {
        self.failure.clear();
        let requests = match action.name {
            "save" => self.save(shared),
            "accept" => self.accept(shared),
            "leave" => self.leave(),
            name => {
                match name {
                    "next-field" => self.go(true, shared),
                    "previous-field" => self.go(false, shared),
                    "field-down" => self.step(true, shared),
                    "field-up" => self.step(false, shared),
                    _ => {}
                }
                Vec::new()
            }
        };
        self.follow(shared);
        requests
    }

    fn typed(&mut self, key: &KeyEvent, shared: &Shared) -> Vec<Request> {
        self.failure.clear();
        let sideways = match key.code {
            KeyCode::Right => Some(true),
            KeyCode::Left => Some(false),
            _ => None,
        };
        let at_end = match self.fields.get(self.at).map(|field| &field.editor) {
            Some(Editor::Line(line)) => line.is_at_end(),
            _ => false,
        };
        if let Some(forwards) = sideways
            && (self.cycle(forwards, shared) || (forwards && at_end && self.take_offer(shared)))
        {
            return Vec::new();
        }
        match self.fields.get_mut(self.at).map(|field| &mut field.editor) {
            Some(Editor::Line(line)) => line.typed(key),
            Some(Editor::Lines(lines)) => lines.typed(key),
            None => false,
        };
        self.follow(shared);
        Vec::new()
    }

    fn paste(&mut self, text: &str, shared: &Shared) -> Vec<Request> {
        match self.fields.get_mut(self.at).map(|field| &mut field.editor) {
            Some(Editor::Line(line)) => line.paste(text),
            Some(Editor::Lines(lines)) => lines.paste(text),
            None => {}
        }
        self.follow(shared);
        Vec::new()
    }

    fn click(&mut self, column: u16, row: u16, shared: &Shared) -> Vec<Request> {
        let inner = frame::inside(self.place(shared.body()));
        if inner.contains(Position::new(column, row)) {
            let mut below = usize::from(row - inner.y);
            for (at, height) in self.rows().into_iter().skip(self.top) {
                if below < height {
                    self.settle(shared);
                    self.at = at;
                    break;
                }
                below -= height;
            }
            self.follow(shared);
        }
        Vec::new()
    }

    fn wheel(&mut self, lines: isize, shared: &Shared) {
        self.step(lines > 0, shared);
        self.follow(shared);
    }

    fn refresh(&mut self, shared: &Shared) {
        self.follow(shared);
    }

    fn waits_for(&self) -> Option<Token> {
        self.waiting
    }

    fn submitted(&mut self, token: Token) {
        self.waiting = Some(token);
    }

    fn refused(&mut self, error: &Error) -> bool {
        self.waiting = None;
        self.failure = vec![error.message.clone()];
        self.failure.extend(error.details.iter().cloned());
        self.failure.extend(error.hints.first().cloned());
        true
    }

    fn draw(&self, shared: &Shared, buffer: &mut Buffer, body: Rect) {
        super::form_draw::draw(self, shared, buffer, self.place(body));
    }
}

/// What the drawing of a form needs to see of it.
impl Form {
    pub(super) fn title(&self) -> &str {
        &self.title
    }

    /// The rows in sight, each with its place and how many lines it takes.
    pub(super) fn window(&self) -> impl Iterator<Item = (usize, usize)> {
        self.rows().into_iter().skip(self.top)
    }

    pub(super) const fn focused(&self) -> usize {
        self.at
    }

    pub(super) fn is_touched(&self, at: usize) -> bool {
        self.fields[at].touched
    }

    /// What is said at the bottom: that saving is under way, else why it failed.
    pub(super) fn status(&self) -> Result<&'static str, &[String]> {
        match self.waiting {
            Some(_) => Ok("saving…"),
            None => Err(&self.failure),
        }
    }

    /// How many lines are kept free for it.
    pub(super) fn said_height(&self) -> usize {
        match self.status() {
            Ok(_) => 1,
            Err(lines) => lines.len().clamp(1, MOST_SAID),
        }
    }

    pub(super) fn offer_words(&self, shared: &Shared) -> Vec<String> {
        self.offers(shared)
            .into_iter()
            .map(|(text, _)| text)
            .collect()
    }

    pub(super) fn has_choices(&self, at: usize, shared: &Shared) -> bool {
        !self.fields[at]
            .reader
            .choices(&self.beside(at, shared))
            .is_empty()
    }

    pub(super) fn draw_editor(&self, at: usize, buffer: &mut Buffer, area: Rect, shared: &Shared) {
        let focused = at == self.at;
        match &self.fields[at].editor {
            Editor::Line(line) => {
                let mut row = crate::tui::widgets::text::Row::new(buffer, area, 0);
                line.draw(&mut row, shared.theme, focused);
            }
            Editor::Lines(lines) => lines.draw(buffer, area, shared.theme, focused),
        }
    }
}
