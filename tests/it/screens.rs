//! The screen on a real store, without a terminal: keys in, screen out. What the screen asks
//! of its worker is done at once.

use chrono::NaiveDate;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use std::time::Duration;
use touchbase::domain::change::Who;
use touchbase::domain::context::{Context, DateOrder};
use touchbase::domain::id::CountedIds;
use touchbase::domain::kind::Kind;
use touchbase::domain::settings::Settings;
use touchbase::domain::values::dates::Due;
use touchbase::domain::values::money::Currency;
use touchbase::domain::values::phone::Region;
use touchbase::domain::{contact, deal, follow_up};
use touchbase::services::Env;
use touchbase::services::desk::{Desk, Seen};
use touchbase::services::hooks::Hooks;
use touchbase::services::intent::{FieldEdit, Intent, Place, StageMove, StageTarget, Target};
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

fn desk(folder: &tempfile::TempDir, settings: &Settings, skipped: usize) -> Desk {
    let store = StoreFolder::new(folder.path().to_owned(), Duration::from_secs(5));
    let reader = store.clone();
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
        custom: settings.custom_fields().expect("declared fields"),
        settings: settings.clone(),
        who: Who::Tui,
        ids: Box::new(ids),
        picks: Vec::new(),
        hooks: Hooks::default(),
    };
    Desk::new(
        Box::new(move || store.open()),
        Box::new(move || {
            let (number, tree) = (reader.head()?.number, reader.tree()?);
            Some(Seen { number, tree })
        }),
        Box::new(move || now),
        env,
    )
}

impl Screen {
    fn new(columns: u16, rows: u16) -> Self {
        Self::with(Settings::default(), columns, rows)
    }

    fn with(settings: Settings, columns: u16, rows: u16) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (mut own, other) = (desk(&folder, &settings, 0), desk(&folder, &settings, 500));
        let context = own.context();
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
        let since = self.desk.since(self.known).expect("the log reads");
        let (number, changed) = since.expect("the log reaches back");
        self.known = number;
        self.tell(Msg::Changed(number, changed));
    }

    /// Another process changes something, and the screen learns of it.
    #[track_caller]
    fn other_does(&mut self, intent: Intent) {
        self.other.perform(intent).expect("the other writes");
        self.catch_up();
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
        .press("s 6 text:too_dear ctrl-s")
        .shows("✓ lost Website")
        .press("enter")
        .shows("too dear")
        .press("esc u")
        .shows("≈ 300 weighted");
}

#[test]
fn what_another_process_changes_appears_under_the_cursor() {
    let mut screen = Screen::new(100, 30);
    screen.press("1 a text:Zoë ctrl-s a text:Ben ctrl-s G");
    screen.other_does(Intent::Create {
        kind: &contact::KIND,
        fields: vec![FieldEdit::set("name", "Ana")],
    });
    screen.shows("Ana").shows("›  Zoë");
}

/// What another process wants of the only record of a kind.
fn other_edits(screen: &mut Screen, kind: &'static Kind, field: &str, text: &str) {
    let (snapshot, _) = screen.other.load().expect("the store opens");
    let id = snapshot.of_kind(kind).next().expect("a record").id;
    screen.other_does(Intent::Edit {
        targets: vec![(Target { kind, id }, None)],
        fields: vec![FieldEdit::set(field, text)],
    });
}

#[test]
fn a_form_keeps_what_others_changed_and_what_was_typed() {
    let mut screen = Screen::new(100, 40);
    screen.press("1 a text:Zoë ctrl-s e tab tab tab tab text:CEO");
    other_edits(&mut screen, &contact::KIND, "source", "web");
    screen
        .press("ctrl-s")
        .lacks("Edit Zoë")
        .shows("! Zoë was changed meanwhile (source); both changes are kept");
    screen.press("e tab tab tab tab text:_and_owner");
    other_edits(&mut screen, &contact::KIND, "role", "editor");
    screen
        .press("ctrl-s")
        .shows("Edit Zoë")
        .shows("CEO and owner")
        .shows("✗ `role` of Zoë was changed meanwhile")
        .shows("role  when you began  CEO")
        .shows("      now             editor")
        .shows("      you wanted      CEO and owner")
        .press("ctrl-u text:editor ctrl-s")
        .lacks("Edit Zoë")
        .shows("nothing to change");
}

#[test]
fn a_form_of_a_record_that_is_gone_says_so() {
    let mut screen = Screen::new(100, 40);
    screen.press("1 a text:Zoë ctrl-s e tab tab tab tab text:CEO");
    let (snapshot, _) = screen.other.load().expect("the store opens");
    let zoe = snapshot.of_kind(&contact::KIND).next().expect("Zoë");
    let target = Target {
        kind: &contact::KIND,
        id: zoe.id,
    };
    screen.other_does(Intent::Place(vec![target], Place::Trash));
    screen
        .press("ctrl-s")
        .shows("Edit Zoë")
        .shows("✗ Zoë was moved to the trash meanwhile")
        .shows("bring it back with `touchbase contact restore ");
    screen.other_does(Intent::Purge(vec![target]));
    screen
        .press("ctrl-s")
        .shows("CEO")
        .shows("✗ Zoë was removed for good meanwhile")
        .shows("bring it back with `touchbase undo 3`, then repeat");
}

#[test]
fn a_dialog_does_not_overwrite_what_others_did_meanwhile() {
    let mut screen = Screen::new(100, 30);
    screen.press("1 a text:Zoë ctrl-s r text:today tab text:Call ctrl-s 3");
    let (snapshot, _) = screen.other.load().expect("the store opens");
    let call = snapshot.of_kind(&follow_up::KIND).next().expect("Call").id;
    let due = Due::Day(NaiveDate::from_ymd_opt(2026, 12, 9).expect("a day"));
    screen.press("s t text:+3d");
    screen.other_does(Intent::Snooze(vec![call], due));
    screen
        .press("ctrl-s")
        .shows("Put off: Call")
        .shows("✗ `due` of Call was changed meanwhile")
        .shows("when you began  today")
        .shows("now             Wed 9 Dec")
        .shows("you wanted      Sat 28 Nov")
        .press("esc y");
    screen.press("s t text:+3d");
    screen.other_does(Intent::Done {
        follow_up: call,
        log: None,
        next: None,
    });
    screen.press("ctrl-s").shows("✗ `Call` is done already");
}

#[test]
fn a_stage_is_not_set_over_what_others_set() {
    let mut screen = Screen::new(120, 30);
    screen.press("2 a text:Website ctrl-s s 6 text:too_dear");
    let lost = |screen: &mut Screen| {
        let (snapshot, _) = screen.other.load().expect("the store opens");
        snapshot.of_kind(&deal::KIND).next().expect("Website").id
    };
    let to = StageTarget::Named("proposal".to_owned());
    let id = lost(&mut screen);
    let plain = StageMove {
        deal: id,
        to,
        note: None,
        reason: None,
        competitor: None,
        follow_up: None,
    };
    screen.other_does(Intent::Move(plain));
    screen
        .press("ctrl-s")
        .shows("Lost: Website")
        .shows("too dear")
        .shows("✗ `stage` of Website was changed meanwhile")
        .shows("now             proposal")
        .shows("you wanted      lost");
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

#[test]
fn declared_fields_are_filled_in_shown_and_filtered() {
    let settings = toml::from_str(
        r#"
        field = [
            { kind = "company", name = "budget", type = "money", help = "a year", required = true },
            { kind = "company", name = "grade", type = "choice", choices = ["silver", "gold"] },
            { kind = "company", name = "newsletter", type = "flag" },
        ]"#,
    );
    let mut screen = Screen::with(settings.expect("settings"), 100, 40);
    screen
        .press("5 a text:Acme shift-tab shift-tab shift-tab")
        .shows("Budget")
        .shows("a year")
        .press("ctrl-s")
        .shows("Budget is needed")
        .press("text:lots ctrl-s")
        .shows("✗ not understood")
        .press("ctrl-u text:1.200,50 tab text:g")
        .shows("gold")
        .press("tab right")
        .shows("yes")
        .press("ctrl-s")
        .lacks("New company")
        .press("enter")
        .shows("1,200.50 EUR")
        .shows("gold")
        .press("esc / text:budget>1.000,00 enter")
        .shows("Acme")
        .press("/ ctrl-u text:budget>lots")
        .shows("`lots` does not fit `budget`");
}

#[test]
fn a_form_leaves_alone_what_does_not_fit_a_declared_field() {
    let settings: Settings = toml::from_str(
        r#"
        field = [
            { kind = "contact", name = "grade", type = "choice", choices = ["silver", "gold"] },
            { kind = "contact", name = "since", type = "date", required = true },
        ]"#,
    )
    .expect("settings");
    let mut screen = Screen::with(settings, 100, 50);
    // From before the settings said so.
    screen.other = desk(&screen._folder, &Settings::default(), 500);
    screen.other_does(Intent::Create {
        kind: &contact::KIND,
        fields: vec![
            FieldEdit::set("name", "Zoë"),
            FieldEdit::custom("grade", "g"),
        ],
    });
    screen
        .press("1 e tab tab tab tab text:CEO shift-tab shift-tab shift-tab shift-tab")
        .press("shift-tab shift-tab shift-tab ctrl-s")
        .lacks("Edit Zoë");
    let (snapshot, _) = screen.other.load().expect("the store opens");
    let zoe = snapshot.of_kind(&contact::KIND).next().expect("Zoë");
    assert_eq!(zoe.text(contact::ROLE), "CEO");
    assert_eq!(zoe.custom.get("grade").map(String::as_str), Some("g"));
    screen
        .press("e shift-tab text:soon ctrl-s")
        .shows("✗ ")
        .press("ctrl-u text:fri tab text:_ ctrl-s")
        .lacks("Edit Zoë");
}
