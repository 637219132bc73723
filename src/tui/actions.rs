//! The registry of actions: what can be done, under which name, by which keys and when.
//!
//! Footer, help, palette and the list of keys all read it. A view adds its own actions
//! through its `ViewDef`; everything else is listed here.

use super::model::{Model, Shared};
use super::{popups, verbs, views};
use crate::domain::record::Record;

/// Where the focus must be for an action's keys to mean it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Anywhere outside of text that is being typed.
    Global,
    /// Wherever there is something to move in.
    Move,
    /// Where a record is selected.
    Record,
    /// In the view of that name.
    View(&'static str),
    /// In a form.
    Form,
    /// In a list that is filtered by typing.
    Picker,
    /// In a menu of a few choices.
    Menu,
    /// At a question of yes or no.
    Ask,
    /// In the line that filters a view.
    Filter,
}

impl Scope {
    /// The word for it, as a heading of the list of keys.
    pub fn title(self) -> &'static str {
        match self {
            Self::Global => "everywhere",
            Self::Move => "movement",
            Self::Record => "selection",
            Self::View(name) => name,
            Self::Form => "in a form",
            Self::Picker => "while choosing",
            Self::Menu => "in a menu",
            Self::Ask => "at a question",
            Self::Filter => "while filtering",
        }
    }
}

/// What an action finds when it asks whether it applies.
pub(crate) struct Situation<'a> {
    /// The data.
    pub(crate) shared: &'a Shared,
    /// The selected record.
    pub(crate) record: Option<&'a Record>,
    /// Whether the view's list can be filtered.
    pub(crate) filterable: bool,
}

/// What an action does, given itself and its argument.
pub(crate) type Run = fn(&mut Model, &'static Action, &str);

/// Whether an action applies; else why not, in a few words.
pub(crate) type Applies = fn(&Situation<'_>) -> Result<(), &'static str>;

/// Something the user can do.
pub struct Action {
    /// Its name, as the palette takes it.
    pub name: &'static str,
    /// Other names.
    pub aliases: &'static [&'static str],
    /// One line of help.
    pub help: &'static str,
    /// Where its keys mean it.
    pub scope: Scope,
    /// The default keys.
    pub keys: &'static [&'static str],
    /// The word for it in the footer; not shown there when empty.
    pub hint: &'static str,
    /// What the palette takes behind the name, in words; nothing when empty.
    pub argument: &'static str,
    pub(crate) applies: Applies,
    pub(crate) run: Run,
}

impl std::fmt::Debug for Action {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.name)
    }
}

impl Action {
    /// An action that is delivered to whatever has the focus.
    pub(crate) const fn new(
        scope: Scope,
        name: &'static str,
        keys: &'static [&'static str],
        help: &'static str,
    ) -> Self {
        Self {
            name,
            aliases: &[],
            help,
            scope,
            keys,
            hint: "",
            argument: "",
            applies: |_| Ok(()),
            run: |model, action, _| model.deliver(action),
        }
    }

    /// Shows it in the footer under that word.
    pub(crate) const fn hint(mut self, word: &'static str) -> Self {
        self.hint = word;
        self
    }

    /// Adds other names.
    pub(crate) const fn aka(mut self, aliases: &'static [&'static str]) -> Self {
        self.aliases = aliases;
        self
    }

    /// Says what the palette takes behind the name.
    pub(crate) const fn takes(mut self, argument: &'static str) -> Self {
        self.argument = argument;
        self
    }

    /// Says when it applies.
    pub(crate) const fn when(mut self, applies: Applies) -> Self {
        self.applies = applies;
        self
    }

    /// Says what it does.
    pub(crate) const fn runs(mut self, run: Run) -> Self {
        self.run = run;
        self
    }
}

const fn global(name: &'static str, keys: &'static [&'static str], help: &'static str) -> Action {
    Action::new(Scope::Global, name, keys, help)
}

const fn movement(name: &'static str, keys: &'static [&'static str], help: &'static str) -> Action {
    Action::new(Scope::Move, name, keys, help)
}

const fn record(name: &'static str, keys: &'static [&'static str], help: &'static str) -> Action {
    Action::new(Scope::Record, name, keys, help).when(some_record)
}

fn some_record(situation: &Situation<'_>) -> Result<(), &'static str> {
    situation.record.map(|_| ()).ok_or("nothing is selected")
}

fn of_kind(
    situation: &Situation<'_>,
    kinds: &[&str],
    otherwise: &'static str,
) -> Result<(), &'static str> {
    some_record(situation)?;
    let fits = |record: &Record| kinds.contains(&record.kind.name);
    situation
        .record
        .filter(|record| fits(record))
        .map(|_| ())
        .ok_or(otherwise)
}

fn some_deal(situation: &Situation<'_>) -> Result<(), &'static str> {
    of_kind(situation, &["deal"], "only deals have stages")
}

fn some_contact(situation: &Situation<'_>) -> Result<(), &'static str> {
    of_kind(situation, &["contact"], "only contacts have a lifecycle")
}

fn some_follow_up(situation: &Situation<'_>) -> Result<(), &'static str> {
    of_kind(situation, &["follow-up"], "only follow-ups are due")
}

fn about_someone(situation: &Situation<'_>) -> Result<(), &'static str> {
    let kinds = ["contact", "company", "deal", "follow-up", "activity"];
    of_kind(situation, &kinds, "nobody is meant by this")
}

fn has_state(situation: &Situation<'_>) -> Result<(), &'static str> {
    let kinds = ["contact", "deal", "follow-up"];
    of_kind(situation, &kinds, "this has no stage or state")
}

fn loaded(situation: &Situation<'_>) -> Result<(), &'static str> {
    if situation.shared.loaded {
        Ok(())
    } else {
        Err("still loading")
    }
}

fn filterable(situation: &Situation<'_>) -> Result<(), &'static str> {
    if situation.filterable {
        Ok(())
    } else {
        Err("this view has no list to filter")
    }
}

/// Actions of the whole program.
pub(crate) static GLOBAL: &[Action] = &[
    global("add", &["a"], "Add a contact, company, deal or follow-up")
        .aka(&["new", "create"])
        .takes("KIND")
        .hint("add")
        .when(loaded)
        .runs(verbs::add),
    global("filter", &["/"], "Filter the list while typing")
        .aka(&["search"])
        .takes("QUERY")
        .hint("filter")
        .when(filterable)
        .runs(popups::filter::open),
    global("jump", &["space f"], "Find any record and go to it")
        .aka(&["find", "go"])
        .takes("WORDS")
        .when(loaded)
        .runs(popups::jump::open),
    global("undo", &["u"], "Take back the last change")
        .when(loaded)
        .runs(verbs::undo),
    global("redo", &["U"], "Bring back what was undone")
        .when(loaded)
        .runs(verbs::redo),
    global("redraw", &["ctrl-l"], "Draw the screen anew").runs(|model, _, _| model.redraw()),
    global("suspend", &["ctrl-z"], "Go to the shell; `fg` comes back")
        .runs(|model, _, _| model.suspend()),
    global("cancel", &["ctrl-c"], "Cancel what is open or half typed")
        .runs(|model, _, _| model.cancel()),
    global("quit", &["q"], "Close what is open, then quit")
        .aka(&["exit", "close"])
        .runs(|model, _, _| model.close_or_quit()),
    global("help", &["?"], "Show every key, and run it")
        .aka(&["keys"])
        .runs(popups::help::open),
    global("palette", &[":", "ctrl-p"], "Run any command by name")
        .aka(&["command"])
        .runs(popups::palette::open),
];

/// Ways to move.
pub(crate) static MOVES: &[Action] = &[
    movement("down", &["j", "down"], "Down"),
    movement("up", &["k", "up"], "Up"),
    movement("left", &["h", "left"], "Left"),
    movement("right", &["l", "right"], "Right"),
    movement("top", &["gg", "home"], "To the first"),
    movement("bottom", &["G", "end"], "To the last"),
    movement("half-down", &["ctrl-d"], "Half a page down"),
    movement("half-up", &["ctrl-u"], "Half a page up"),
    movement("page-down", &["pgdn"], "A page down"),
    movement("page-up", &["pgup"], "A page up"),
    movement("open", &["enter"], "Open what is selected").hint("open"),
    movement("back", &["esc"], "Back one level").runs(|model, action, _| model.back(action)),
    movement("next-pane", &["tab"], "To the next pane"),
    movement("previous-pane", &["shift-tab"], "To the pane before"),
    movement("next-tab", &["]"], "To the next tab or pipeline"),
    movement("previous-tab", &["["], "To the tab or pipeline before"),
];

/// What can be done to the selected record.
pub(crate) static RECORD: &[Action] = &[
    record("edit", &["e"], "Edit the record as a form")
        .hint("edit")
        .runs(verbs::edit),
    record("log-call", &["cc"], "Log a call")
        .aka(&["call"])
        .takes("TEXT")
        .when(about_someone)
        .runs(verbs::log),
    record("log-email", &["cm"], "Log a mail")
        .aka(&["mail", "email"])
        .takes("TEXT")
        .when(about_someone)
        .runs(verbs::log),
    record("log-meeting", &["ct"], "Log a meeting")
        .aka(&["meeting"])
        .takes("TEXT")
        .when(about_someone)
        .runs(verbs::log),
    record("log-message", &["cs"], "Log a message")
        .aka(&["message"])
        .takes("TEXT")
        .when(about_someone)
        .runs(verbs::log),
    record("log-note", &["cn"], "Write a note")
        .aka(&["note"])
        .takes("TEXT")
        .when(about_someone)
        .runs(verbs::log),
    record("remind", &["r"], "Set a follow-up; on one, another day")
        .aka(&["follow-up"])
        .takes("WHEN: TEXT")
        .hint("remind")
        .when(about_someone)
        .runs(verbs::remind),
    record("state", &["s"], "Set the stage or lifecycle, or snooze")
        .hint("stage")
        .when(has_state)
        .runs(verbs::state),
    record("stage", &[], "Move the deal to a stage")
        .aka(&["move"])
        .takes("STAGE")
        .when(some_deal)
        .runs(verbs::stage),
    record("win", &[], "The deal is won")
        .aka(&["won"])
        .when(some_deal)
        .runs(verbs::win),
    record("lose", &[], "The deal is lost")
        .aka(&["lost"])
        .takes("REASON")
        .when(some_deal)
        .runs(verbs::lose),
    record("reopen", &[], "The deal is open again")
        .when(some_deal)
        .runs(verbs::reopen),
    record("lifecycle", &[], "Set the contact's lifecycle")
        .takes("LIFECYCLE")
        .when(some_contact)
        .runs(verbs::lifecycle),
    record("snooze", &[], "Put the follow-up off")
        .aka(&["due", "later"])
        .takes("WHEN")
        .when(some_follow_up)
        .runs(verbs::snooze),
    record("done", &["f"], "The follow-up is done")
        .hint("done")
        .when(some_follow_up)
        .runs(verbs::done),
    record("done-and-next", &["F"], "Done, and set the next one")
        .hint("done, next")
        .aka(&["done-next"])
        .takes("WHEN: TEXT")
        .when(some_follow_up)
        .runs(verbs::done_and_next),
    record("tag", &[], "Add tags")
        .takes("TAGS")
        .runs(verbs::tag),
    record("untag", &[], "Remove tags")
        .takes("TAGS")
        .runs(verbs::untag),
    record("archive", &["A"], "Put the record away").runs(verbs::archive),
    record("trash", &["D"], "Move the record to the trash")
        .aka(&["rm", "delete"])
        .runs(verbs::trash),
];

/// Keys of dialogs.
pub(crate) static DIALOGS: &[Action] = &[
    Action::new(Scope::Form, "save", &["ctrl-s"], "Save").hint("save"),
    Action::new(Scope::Form, "next-field", &["tab"], "To the next field").hint("next"),
    Action::new(
        Scope::Form,
        "previous-field",
        &["shift-tab"],
        "To the field before",
    ),
    Action::new(
        Scope::Form,
        "field-down",
        &["down"],
        "To the next line or field",
    ),
    Action::new(
        Scope::Form,
        "field-up",
        &["up"],
        "To the line or field before",
    ),
    Action::new(
        Scope::Form,
        "accept",
        &["enter"],
        "Take what is offered and go on; in the last field, save",
    ),
    Action::new(
        Scope::Form,
        "leave",
        &["esc", "ctrl-c"],
        "Close; asks when something changed",
    )
    .hint("close"),
    Action::new(Scope::Picker, "choose", &["enter"], "Take what is selected").hint("choose"),
    Action::new(
        Scope::Picker,
        "picker-down",
        &["down", "ctrl-n", "tab"],
        "Down",
    ),
    Action::new(
        Scope::Picker,
        "picker-up",
        &["up", "ctrl-p", "shift-tab"],
        "Up",
    ),
    Action::new(Scope::Picker, "picker-page-down", &["pgdn"], "A page down"),
    Action::new(Scope::Picker, "picker-page-up", &["pgup"], "A page up"),
    Action::new(Scope::Picker, "leave-picker", &["esc", "ctrl-c"], "Close").hint("close"),
    Action::new(
        Scope::Menu,
        "menu-choose",
        &["enter"],
        "Take what is selected",
    )
    .hint("choose"),
    Action::new(Scope::Menu, "menu-down", &["down", "ctrl-n", "tab"], "Down"),
    Action::new(Scope::Menu, "menu-up", &["up", "ctrl-p", "shift-tab"], "Up"),
    Action::new(Scope::Menu, "leave-menu", &["esc", "ctrl-c"], "Close").hint("close"),
    Action::new(Scope::Ask, "yes", &["y"], "Yes").hint("yes"),
    Action::new(Scope::Ask, "no", &["n", "esc", "ctrl-c", "q"], "No").hint("no"),
    Action::new(Scope::Filter, "keep-filter", &["enter"], "Keep the filter").hint("keep"),
    Action::new(Scope::Filter, "filter-down", &["down"], "Down in the list"),
    Action::new(Scope::Filter, "filter-up", &["up"], "Up in the list"),
    Action::new(
        Scope::Filter,
        "clear-filter",
        &["esc", "ctrl-c"],
        "Drop the filter",
    )
    .hint("clear"),
];

/// Every action there is, in the order of help.
pub fn all_actions() -> impl Iterator<Item = &'static Action> {
    let views = views::VIEWS.iter();
    let of_views = views.clone().flat_map(|view| view.actions.iter());
    let ways = views.map(|view| &view.go);
    of_views
        .chain(RECORD)
        .chain(MOVES)
        .chain(GLOBAL)
        .chain(ways)
        .chain(DIALOGS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::keymap::{Key, parse, words};
    use std::collections::BTreeSet;

    /// Every set of scopes that can have the focus at once.
    fn contexts() -> Vec<Vec<Scope>> {
        let shared = [Scope::Record, Scope::Move, Scope::Global];
        let mut contexts = vec![shared.to_vec()];
        for view in views::VIEWS {
            let mut context = vec![Scope::View(view.name)];
            context.extend(shared);
            contexts.push(context);
        }
        for dialog in [
            Scope::Form,
            Scope::Picker,
            Scope::Menu,
            Scope::Ask,
            Scope::Filter,
        ] {
            contexts.push(vec![dialog]);
        }
        contexts
    }

    #[test]
    fn no_key_means_two_actions_and_no_chord_hides_behind_a_key() {
        for context in contexts() {
            let mut seen: Vec<(Vec<Key>, &str)> = Vec::new();
            for action in all_actions().filter(|action| context.contains(&action.scope)) {
                for text in action.keys {
                    let keys = parse(text).unwrap_or_else(|| panic!("{text} is no key"));
                    for (other, name) in &seen {
                        let clash = keys.starts_with(other) || other.starts_with(&keys);
                        let shown = words(&keys);
                        assert!(!clash, "{shown}: {name} and {} in {context:?}", action.name);
                    }
                    seen.push((keys, action.name));
                }
            }
        }
    }

    #[test]
    fn every_action_has_help_and_a_name_of_its_own() {
        let mut names = BTreeSet::new();
        for action in all_actions() {
            assert!(!action.help.is_empty(), "{} has no help", action.name);
            assert!(!action.help.ends_with('.'), "{}", action.name);
            for name in action.aliases.iter().chain([&action.name]) {
                assert!(names.insert((action.scope.title(), *name)), "{name} twice");
            }
        }
    }

    #[test]
    fn d_alone_does_nothing() {
        let bound = all_actions().flat_map(|action| action.keys.iter());
        assert!(
            bound
                .copied()
                .all(|keys| !keys.starts_with('d') || keys.len() > 2)
        );
    }
}
