//! The screen on a real store, without a terminal: keys in, screen out. What the screen asks
//! of its worker is done at once.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use std::time::Duration;
use touchbase::domain::change::Who;
use touchbase::domain::context::{Context, DateOrder};
use touchbase::domain::id::CountedIds;
use touchbase::domain::settings::Settings;
use touchbase::domain::values::money::Currency;
use touchbase::domain::values::phone::Region;
use touchbase::services::Env;
use touchbase::services::desk::Desk;
use touchbase::store::folder::StoreFolder;
use touchbase::tui::keymap::parse;
use touchbase::tui::model::Model;
use touchbase::tui::msg::{Effect, Msg};
use touchbase::tui::screen::view;
use touchbase::tui::theme::Theme;
use touchbase::tui::update::update;

use crate::world::NOW;

/// A screen on a store of its own.
struct Screen {
    _folder: tempfile::TempDir,
    desk: Desk,
    other: Desk,
    model: Model,
    known: u64,
    size: (u16, u16),
}

fn desk(folder: &tempfile::TempDir, skipped: usize) -> Desk {
    let store = StoreFolder::new(folder.path().to_owned(), Duration::from_secs(5));
    let reader = store.clone();
    let settings = Settings::default();
    let mut ids = CountedIds::default();
    let now = NOW.parse().expect("a moment");
    for _ in 0..skipped {
        touchbase::domain::id::IdSource::next_id(&mut ids, now);
    }
    let env = Env {
        context: Context {
            now,
            zone: chrono_tz::Europe::Berlin,
            region: Region::parse("DE").expect("a region"),
            currency: Currency::EUR,
            date_order: DateOrder::Dmy,
        },
        pipelines: settings.pipelines().expect("pipelines"),
        settings,
        who: Who::Tui,
        ids: Box::new(ids),
    };
    Desk::new(
        Box::new(move || store.open()),
        Box::new(move || reader.head().map(|head| head.number)),
        Box::new(move || now),
        env,
    )
}

impl Screen {
    fn new(columns: u16, rows: u16) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (mut own, other) = (desk(&folder, 0), desk(&folder, 500));
        let (context, settings) = (own.context(), own.settings().clone());
        let size = (columns, rows);
        let mut model = Model::new(context, settings, Theme::new(true), size);
        let (snapshot, known) = own.load().expect("the store opens");
        update(&mut model, Msg::Loaded(Box::new(snapshot), known));
        Self {
            _folder: folder,
            desk: own,
            other,
            model,
            known,
            size,
        }
    }

    /// Types keys as bindings write them; `text:a_b` types `a b`.
    fn press(&mut self, script: &str) -> &mut Self {
        for token in script.split(' ') {
            let keys = match token.strip_prefix("text:") {
                Some(text) => text.chars().map(letter).collect(),
                None => parse(token).expect(token),
            };
            for key in keys {
                let held = if key.control {
                    KeyModifiers::CONTROL
                } else {
                    KeyModifiers::NONE
                };
                self.tell(Msg::Key(KeyEvent::new(key.code, held)));
            }
        }
        self
    }

    fn tell(&mut self, msg: Msg) {
        for effect in update(&mut self.model, msg) {
            if let Effect::Perform(token, intent) = effect {
                let result = self.desk.perform(intent);
                self.catch_up();
                self.tell(Msg::Performed(token, result));
            }
        }
    }

    /// Reads what changed in the store, as the worker does four times a second.
    fn catch_up(&mut self) {
        let (number, changed) = self.desk.since(self.known).expect("the log reads");
        self.known = number;
        self.tell(Msg::Changed(number, changed));
    }

    fn lines(&self) -> Vec<String> {
        let mut terminal = Terminal::new(TestBackend::new(self.size.0, self.size.1)).unwrap();
        terminal.draw(|frame| view(&self.model, frame)).unwrap();
        let buffer = terminal.backend().buffer();
        let rows = (0..self.size.1).map(|y| {
            let cells = (0..self.size.0).map(|x| buffer[(x, y)].symbol());
            cells.collect::<String>().trim_end().to_owned()
        });
        rows.collect()
    }

    #[track_caller]
    fn shows(&mut self, part: &str) -> &mut Self {
        let text = self.lines().join("\n");
        assert!(text.contains(part), "`{part}` is not in\n{text}");
        self
    }

    #[track_caller]
    fn lacks(&mut self, part: &str) -> &mut Self {
        let text = self.lines().join("\n");
        assert!(!text.contains(part), "`{part}` is in\n{text}");
        self
    }
}

fn letter(letter: char) -> touchbase::tui::keymap::Key {
    let shown = if letter == '_' { ' ' } else { letter };
    touchbase::tui::keymap::Key::plain(KeyCode::Char(shown))
}

#[test]
fn a_contact_is_added_called_and_reminded_without_leaving_the_keys() {
    Screen::new(100, 30)
        .press("1")
        .shows("No contacts yet")
        .press("a text:Ana_Pérez tab text:ana@acme.example ctrl-s")
        .shows("› ")
        .shows("Ana Pérez")
        .press("cc text:wants_a_quote tab text:answered tab text:12m tab text:fri_9am:_send_it")
        .shows("Fri 27 Nov 2026 09:00, in 2 days: send it")
        .press("ctrl-s")
        .shows("· u undo")
        .press("3")
        .shows("send it")
        .press("u")
        .shows("· U redo")
        .press("1")
        .lacks("wants a quote")
        .press("U enter")
        .shows("wants a quote");
}

#[test]
fn a_deal_goes_from_lane_to_lane_and_is_lost_with_a_reason() {
    Screen::new(120, 30)
        .press("2 a text:Website tab text:1200 tab text:lead ctrl-s")
        .shows("1,200 EUR")
        .press("L")
        .shows("✓")
        .shows("≈ 300 weighted")
        .press("s 6 text:too_dear ctrl-s enter")
        .shows("too dear")
        .press("u")
        .lacks("too dear");
}

#[test]
fn what_another_process_changes_appears_under_the_cursor() {
    let mut screen = Screen::new(100, 30);
    screen.press("1 a text:Zoë ctrl-s a text:Ben ctrl-s G");
    let intent = touchbase::services::intent::Intent::Create {
        kind: &touchbase::domain::contact::KIND,
        fields: vec![touchbase::services::intent::FieldEdit::set("name", "Ana")],
    };
    screen.other.perform(intent).expect("the other writes");
    screen.catch_up();
    screen.shows("Ana").shows("›  Zoë");
}

#[test]
fn a_wrong_value_is_named_under_its_field_and_nothing_is_lost() {
    Screen::new(80, 24)
        .press("1 a text:Zoë tab text:zoe@ ctrl-s")
        .shows("✗ not understood")
        .shows("zoe@")
        .press("esc")
        .shows("forget what you typed?")
        .press("enter")
        .shows("forget what you typed?")
        .press("n text:acme.example ctrl-s")
        .lacks("New contact")
        .shows("zoe@acme.example");
}

#[test]
fn a_link_is_completed_by_name() {
    Screen::new(100, 30)
        .press("5 a text:Acme_GmbH ctrl-s 1 a text:Zoë tab tab tab text:acm")
        .shows("Acme GmbH")
        .press("ctrl-s space f text:acme")
        .shows("company")
        .press("esc")
        .shows("Acme GmbH");
}

#[test]
fn the_palette_takes_arguments() {
    Screen::new(100, 30)
        .press("1 a text:Zoë ctrl-s : text:remind_fri:_send_it enter 3")
        .shows("send it")
        .press(": text:due_+30d enter")
        .shows("25 Dec")
        .press(": text:nonsense_here enter")
        .shows("no such command");
}
