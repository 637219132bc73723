//! The views. One file each, listed in [`VIEWS`].

pub(crate) mod companies;
pub(crate) mod contacts;
pub(crate) mod follow_ups;
pub(crate) mod home;
pub(crate) mod leads;
pub(crate) mod pipeline;
pub(crate) mod record_list;

use super::actions::{Action, Scope};
use super::filter::Filter;
use super::model::Shared;
use super::msg::Request;
use crate::domain::id::Id;
use crate::domain::kind::Kind;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// Every view, in the order of the tabs.
pub(crate) const VIEWS: &[&ViewDef] = &[
    &home::VIEW,
    &contacts::VIEW,
    &pipeline::VIEW,
    &follow_ups::VIEW,
    &leads::VIEW,
    &companies::VIEW,
];

/// What a view says about itself.
pub(crate) struct ViewDef {
    /// Its name: `contacts`. Also the scope of its actions.
    pub(crate) name: &'static str,
    /// The word on its tab.
    pub(crate) title: &'static str,
    /// The kind of record that `a` adds and `/` filters.
    pub(crate) kind: Option<&'static Kind>,
    /// The way to it, with its hotkey.
    pub(crate) go: Action,
    /// Its own actions.
    pub(crate) actions: &'static [Action],
    /// Whether what it shows depends on the minute.
    pub(crate) follows_clock: bool,
    /// Makes its state.
    pub(crate) make: fn() -> Box<dyn View>,
}

/// The action that leads to a view.
pub(crate) const fn go(
    name: &'static str,
    keys: &'static [&'static str],
    help: &'static str,
) -> Action {
    Action::new(Scope::Global, name, keys, help).runs(|model, action, _| model.go_to(action.name))
}

/// A view's state and behaviour. Only `draw` sees the screen, and it changes nothing.
pub(crate) trait View {
    /// The data, the filter or the minute changed: works out anew what is shown.
    fn refresh(&mut self, shared: &Shared);

    /// The view has this area now.
    fn resize(&mut self, area: Rect, shared: &Shared);

    /// Takes a movement or one of its own actions.
    fn act(&mut self, action: &str, shared: &Shared) -> Vec<Request>;

    /// One level back inside the view; false when there is none.
    fn back(&mut self, shared: &Shared) -> bool {
        let _ = shared;
        false
    }

    /// The record under the cursor.
    fn selected(&self) -> Option<Id>;

    /// Puts the cursor on a record; false when the view does not have it.
    fn select(&mut self, id: Id, shared: &Shared) -> bool;

    /// The filter in force, for views that can be filtered.
    fn filter(&self) -> Option<&Filter> {
        None
    }

    /// Filters by that, or by nothing.
    fn set_filter(&mut self, filter: Option<Filter>, shared: &Shared) {
        let _ = (filter, shared);
    }

    /// How many rows are shown and how many there are, for views with one list.
    fn counts(&self) -> Option<(usize, usize)> {
        None
    }

    /// Takes a click on a cell.
    fn click(&mut self, column: u16, row: u16, shared: &Shared) -> Vec<Request> {
        let _ = (column, row, shared);
        Vec::new()
    }

    /// Takes a turn of the wheel over a cell.
    fn wheel(&mut self, lines: isize, column: u16, row: u16, shared: &Shared) {
        let _ = (lines, column, row, shared);
    }

    /// Draws itself.
    fn draw(&self, shared: &Shared, buffer: &mut Buffer, area: Rect);
}

/// The place of a view among the tabs.
pub(crate) fn position(name: &str) -> Option<usize> {
    VIEWS.iter().position(|view| view.name == name)
}

/// The view in which records of a kind live.
pub(crate) fn home_of(kind: &'static Kind) -> Option<usize> {
    VIEWS.iter().position(|view| view.kind == Some(kind))
}
