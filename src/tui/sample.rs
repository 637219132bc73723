//! Believable records for the tests of the screen, and keys typed into it.

use super::model::Model;
use super::msg::{Effect, Msg};
use super::screen;
use super::theme::Theme;
use super::update::update;
use crate::domain::context::{Context, DateOrder};
use crate::domain::id::{CountedIds, Id, IdSource as _};
use crate::domain::kind::Kind;
use crate::domain::pipeline::Pipelines;
use crate::domain::record::Record;
use crate::domain::settings::Settings;
use crate::domain::values::contact_points::{Email, Labelled};
use crate::domain::values::dates::{Due, Moment, PartialDate};
use crate::domain::values::money::{Currency, Money};
use crate::domain::values::phone::{Phone, Region};
use crate::domain::values::{Days, Instant, Step};
use crate::domain::{activity, company, contact, deal, follow_up};
use crate::services::snapshot::Snapshot;
use chrono::{DateTime, TimeDelta, TimeZone as _, Utc};
use crossterm::event::{KeyEvent, KeyModifiers};
use ratatui::Terminal;
use ratatui::backend::TestBackend;

/// Tuesday, 10:30 in Berlin.
pub(crate) fn now() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 24, 9, 30, 0).unwrap()
}

/// The moment and habits of the tests' user.
pub(crate) fn context() -> Context {
    Context {
        now: now(),
        zone: chrono_tz::Europe::Berlin,
        region: Region::parse("DE").unwrap(),
        currency: Currency::EUR,
        date_order: DateOrder::Dmy,
    }
}

/// Makes records.
pub(crate) struct Maker {
    ids: CountedIds,
    pub(crate) records: Vec<Record>,
}

impl Maker {
    fn make(&mut self, kind: &'static Kind, days_ago: i64, fill: impl FnOnce(&mut Record)) -> Id {
        let created = now() - TimeDelta::days(days_ago);
        let id = self.ids.next_id(created);
        let mut record = Record::new(kind, id, created);
        record.revision = 1;
        fill(&mut record);
        self.records.push(record);
        id
    }

    fn company(&mut self, name: &str, industry: &str) -> Id {
        self.make(&company::KIND, 200, |record| {
            record.set(company::NAME, name.to_owned());
            record.set(company::INDUSTRY, industry.to_owned());
        })
    }

    fn contact(&mut self, name: &str, company: Option<Id>, lifecycle: &str, touched: i64) -> Id {
        self.make(&contact::KIND, 120, |record| {
            record.set(contact::NAME, name.to_owned());
            if let Some(company) = company {
                record.set(contact::COMPANY, company);
            }
            record.set(contact::LIFECYCLE, lifecycle.to_owned());
            let email = Email::parse("someone@example.org").unwrap();
            record.set(contact::EMAILS, vec![Labelled::plain(email)]);
            let phone = Phone::parse("0171 1234567", Region::parse("DE").unwrap()).unwrap();
            record.set(contact::PHONES, vec![Labelled::plain(phone)]);
            record.set(contact::CADENCE, Days(30));
            let last = now() - TimeDelta::days(touched);
            record.set(contact::LAST_CONTACT, Instant(last));
            record.set(contact::TAGS, vec!["vip".to_owned(), "north".to_owned()]);
            record.set(contact::SOURCE, "referral".to_owned());
        })
    }

    fn deal(&mut self, title: &str, contact: Id, stage: &str, euros: i64, days: i64) -> Id {
        let company = self
            .records
            .iter()
            .find(|record| record.id == contact)
            .and_then(|record| record.get(contact::COMPANY).copied());
        self.make(&deal::KIND, days + 10, |record| {
            record.set(deal::TITLE, title.to_owned());
            record.set(deal::CONTACTS, vec![contact]);
            if let Some(company) = company {
                record.set(deal::COMPANY, company);
            }
            record.set(deal::STAGE, stage.to_owned());
            record.set(deal::VALUE, Money::new(euros * 100, Currency::EUR));
            let step = Step {
                at: now() - TimeDelta::days(days),
                from: None,
                to: stage.to_owned(),
                note: None,
            };
            record.set(deal::STAGE_HISTORY, vec![step]);
        })
    }

    fn follow_up(&mut self, text: &str, contact: Id, days: i64) -> Id {
        self.make(&follow_up::KIND, 9, |record| {
            record.set(follow_up::TEXT, text.to_owned());
            record.set(follow_up::CONTACTS, vec![contact]);
            let day = context().today() + TimeDelta::days(days);
            record.set(follow_up::DUE, Due::Day(day));
        })
    }

    fn activity(&mut self, kind: &str, text: &str, contact: Id, days_ago: i64) -> Id {
        self.make(&activity::KIND, days_ago, |record| {
            record.set(activity::TYPE, kind.to_owned());
            record.set(activity::TEXT, text.to_owned());
            record.set(activity::CONTACTS, vec![contact]);
            let at = now() - TimeDelta::days(days_ago);
            record.set(activity::AT, Moment::new(at, chrono_tz::Europe::Berlin));
            record.set(activity::OUTCOME, "answered".to_owned());
        })
    }
}

/// A small store's records: names with accents, in Chinese characters, hostile ones.
pub(crate) fn records() -> Vec<Record> {
    let mut maker = Maker {
        ids: CountedIds::default(),
        records: Vec::new(),
    };
    let acme = maker.company("Acme GmbH", "Machines");
    let sakura = maker.company("さくら製作所", "Design");
    let nord = maker.company(
        "Nordlicht Windkraft & Söhne Beteiligungsgesellschaft",
        "Energy",
    );
    let ana = maker.contact("Ana Pérez", Some(acme), "prospect", 3);
    let taro = maker.contact("山田 太郎", Some(sakura), "lead", 70);
    let zoe = maker.contact("Zoë Müller", Some(nord), "customer", 45);
    let evil = maker.contact("Eve\u{202E}l \x1b[31mred\u{7}\nline", None, "lead", 1);
    let ben = maker.contact("Ben", None, "lead", 12);
    for record in &mut maker.records {
        if record.id == zoe {
            record.set(
                contact::BIRTHDAY,
                PartialDate::new(Some(1980), 11, 27).unwrap(),
            );
            record.set(
                contact::NOTES,
                "Likes short mails.\nNever on Mondays.".to_owned(),
            );
        }
    }
    maker.deal("Website relaunch", ana, "proposal", 12_000, 4);
    maker.deal(
        "Maintenance contract for three turbines",
        zoe,
        "negotiation",
        48_500,
        60,
    );
    maker.deal("カタログ", taro, "lead", 3_200, 2);
    maker.deal("Logo", ben, "won", 900, 20);
    maker.deal("Old shop", ben, "lost", 2_000, 40);
    maker.follow_up("Send the quote", ana, 0);
    maker.follow_up("Ask about the invoice", zoe, -3);
    maker.follow_up("Call back", taro, 1);
    maker.follow_up("Plan the workshop", ben, 4);
    maker.follow_up("Renewal", zoe, 30);
    maker.activity("call", "wants a quote by Friday", ana, 3);
    maker.activity(
        "email",
        "sent the brochure, no answer so far, and this text is long",
        evil,
        1,
    );
    maker.activity("meeting", "walked through the offer", zoe, 45);
    maker.records
}

/// A loaded screen of that size.
pub(crate) fn model(columns: u16, rows: u16) -> Model {
    let theme = Theme::new(false);
    let mut model = Model::new(context(), Settings::default(), theme, (columns, rows));
    let snapshot = Snapshot::new(records(), &Pipelines::default());
    update(&mut model, Msg::Loaded(Box::new(snapshot), 1));
    model
}

/// Types keys as bindings write them, `"2 j enter"`; `text:words` types letters.
pub(crate) fn press(model: &mut Model, script: &str) -> Vec<Effect> {
    let mut effects = Vec::new();
    for token in script.split(' ').filter(|token| !token.is_empty()) {
        let keys = match token.strip_prefix("text:") {
            Some(text) => text
                .chars()
                .map(|letter| if letter == '_' { ' ' } else { letter })
                .map(|letter| super::keymap::Key::plain(crossterm::event::KeyCode::Char(letter)))
                .collect(),
            None => super::keymap::parse(token).unwrap(),
        };
        for key in keys {
            let control = if key.control {
                KeyModifiers::CONTROL
            } else {
                KeyModifiers::NONE
            };
            effects.extend(update(model, Msg::Key(KeyEvent::new(key.code, control))));
        }
    }
    effects
}

/// What the screen shows, line by line.
pub(crate) fn lines(model: &Model) -> Vec<String> {
    let (columns, rows) = model.shared.size;
    let mut terminal = Terminal::new(TestBackend::new(columns, rows)).unwrap();
    terminal.draw(|frame| screen::view(model, frame)).unwrap();
    let buffer = terminal.backend().buffer();
    (0..rows)
        .map(|y| {
            let mut line = String::new();
            let mut skip = 0;
            for x in 0..columns {
                if skip > 0 {
                    skip -= 1;
                    continue;
                }
                let symbol = buffer[(x, y)].symbol();
                skip = super::widgets::text::width(symbol).saturating_sub(1);
                line.push_str(symbol);
            }
            line.trim_end().to_owned()
        })
        .collect()
}

/// The same as one text.
pub(crate) fn screen_text(model: &Model) -> String {
    lines(model).join("\n")
}
