//! Everything the screen shows, as data. Changed by [`super::update`] only.

use super::keymap::{Key, Keymap};
use super::msg::{Effect, Token};
use super::popups::Popup;
use super::theme::Theme;
use super::toasts::Toasts;
use super::views::{self, VIEWS, View};
use crate::domain::context::Context;
use crate::domain::custom::{CustomFields, Kept};
use crate::domain::kind::Kind;
use crate::domain::record::Record;
use crate::domain::search::SearchKey;
use crate::domain::settings::Settings;
use crate::services::snapshot::Snapshot;
use ratatui::layout::Rect;
use std::collections::HashMap;

/// The smallest screen that shows anything but a line that says so.
pub(crate) const SMALLEST: (u16, u16) = (40, 10);

/// What every view and popup reads.
pub struct Shared {
    /// The user's moment and habits.
    pub context: Context,
    /// The settings.
    pub settings: Settings,
    /// The fields of the user's own that the settings declare.
    pub custom: CustomFields,
    /// All records.
    pub snapshot: Snapshot,
    /// Whether the records are there yet.
    pub loaded: bool,
    /// Whether changes of our own are on their way, so that records are about to differ.
    pub changing: bool,
    /// The colours.
    pub theme: Theme,
    /// Columns and rows of the terminal.
    pub size: (u16, u16),
    /// What records are found by, made when it is first needed after a change.
    keys: std::cell::OnceCell<Vec<SearchKey>>,
}

impl Shared {
    /// The part of the screen between the tabs and the footer.
    pub(crate) fn body(&self) -> Rect {
        let (columns, rows) = self.size;
        Rect::new(0, 1.min(rows), columns, rows.saturating_sub(2))
    }

    /// What records of every kind are found by.
    pub(crate) fn search_keys(&self) -> &[SearchKey] {
        self.keys.get_or_init(|| {
            let kinds = crate::services::snapshot::visible_kinds();
            let records = kinds.flat_map(|kind| self.snapshot.of_kind(kind));
            let key = |record: &Record| SearchKey::new(record, &self.words(record, "company"));
            records.map(key).collect()
        })
    }

    /// The records changed: what they are found by is made anew.
    pub(crate) fn forget_keys(&mut self) {
        self.keys.take();
    }

    /// A value of a record in words for people; empty where there is none.
    pub(crate) fn words(&self, record: &Record, column: &str) -> String {
        self.value(record, column)
            .map_or_else(String::new, |value| {
                crate::domain::show::words(&value, &self.context, &|id| self.snapshot.name_of(id))
            })
    }

    /// A value of a record: of its field table, worked out, or of a custom field.
    pub(crate) fn value(
        &self,
        record: &Record,
        column: &str,
    ) -> Option<crate::domain::values::Value> {
        use crate::domain::lookup::Lookup as _;
        if let Some(field) = record.kind.field(column) {
            return record.field(field).cloned();
        }
        let lookup = self.snapshot.lookup(&self.context, &self.settings.score);
        lookup.derived(record, column).or_else(|| {
            if let Some(own) = self.custom.named(record.kind, column) {
                return own.kept(record, &self.context).map(Kept::into_value);
            }
            let text = record.custom.get(column)?;
            Some(crate::domain::values::Value::Text(text.clone()))
        })
    }
}

/// What an intent was for, so that its receipt is told in the right words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// A change like any other.
    Change,
    /// A new record, on which the cursor goes.
    Create,
    /// Taking back.
    Undo,
    /// Bringing back.
    Redo,
}

/// The whole screen.
pub struct Model {
    pub(crate) shared: Shared,
    pub(crate) keymap: Keymap,
    pub(crate) views: Vec<Box<dyn View>>,
    /// For each view, whether it shows the present data.
    pub(crate) fresh: Vec<bool>,
    pub(crate) current: usize,
    pub(crate) popups: Vec<Box<dyn Popup>>,
    pub(crate) toasts: Toasts,
    /// Keys of a chord that is not complete yet.
    pub(crate) typed: Vec<Key>,
    /// Whether what is drawn is out of date.
    pub(crate) stale: bool,
    pub(crate) outbox: Vec<Effect>,
    pub(crate) pending: HashMap<Token, Purpose>,
    pub(crate) tokens: Token,
    /// What was typed into the palette, the latest last.
    pub(crate) history: Vec<String>,
}

impl Model {
    /// A screen of that size without records yet.
    pub fn new(context: Context, settings: Settings, theme: Theme, size: (u16, u16)) -> Self {
        let pipelines = settings.pipelines().unwrap_or_default();
        let custom = settings.custom_fields().unwrap_or_default();
        let mut model = Self {
            shared: Shared {
                context,
                settings,
                custom,
                snapshot: Snapshot::new([], &pipelines),
                loaded: false,
                changing: false,
                theme,
                size,
                keys: std::cell::OnceCell::new(),
            },
            keymap: Keymap::default(),
            views: VIEWS.iter().map(|view| (view.make)()).collect(),
            fresh: vec![false; VIEWS.len()],
            current: 0,
            popups: Vec::new(),
            toasts: Toasts::default(),
            typed: Vec::new(),
            stale: true,
            outbox: Vec::new(),
            pending: HashMap::new(),
            tokens: 0,
            history: Vec::new(),
        };
        model.refresh_current();
        model
    }

    /// Whether it must be drawn anew, asked once after each drawing.
    pub fn take_stale(&mut self) -> bool {
        std::mem::take(&mut self.stale)
    }

    /// The record under the cursor of what has the focus.
    pub(crate) fn selected(&self) -> Option<&Record> {
        let shown = self.popups.iter().rev().find_map(|popup| popup.selected());
        let id = shown.or_else(|| self.view().selected())?;
        self.shared.snapshot.get(id)
    }

    /// The view that is shown.
    pub(crate) fn view(&self) -> &dyn View {
        &*self.views[self.current]
    }

    /// The kind of record that the view is about.
    pub(crate) fn kind(&self) -> Option<&'static Kind> {
        VIEWS[self.current].kind
    }

    /// Brings the view that is shown up to date, unless it is.
    pub(crate) fn refresh_current(&mut self) {
        if !self.fresh[self.current] {
            let view = &mut self.views[self.current];
            view.resize(self.shared.body(), &self.shared);
            view.refresh(&self.shared);
            self.fresh[self.current] = true;
        }
    }

    /// The data or the size changed: every view is out of date.
    pub(crate) fn refresh_all(&mut self) {
        self.fresh.fill(false);
        self.refresh_current();
        for popup in &mut self.popups {
            popup.refresh(&self.shared);
        }
    }

    /// Shows the view of that name.
    pub(crate) fn go_to(&mut self, name: &str) {
        if let Some(place) = views::position(name) {
            self.popups.clear();
            self.current = place;
            self.refresh_current();
        }
    }
}
