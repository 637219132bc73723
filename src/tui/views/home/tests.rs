//! Home: what it shows first, and where its rows lead.

use crate::domain::context::Context;
use crate::domain::pipeline::Pipelines;
use crate::domain::settings::Settings;
use crate::services::snapshot::Snapshot;
use crate::tui::model::Model;
use crate::tui::msg::Msg;
use crate::tui::sample::{context, lines, model, press, screen_text};
use crate::tui::theme::Theme;
use crate::tui::update::update;

#[track_caller]
fn check_lines(columns: u16, rows: u16, keys: &str, expect: &[&str]) {
    let mut model = model(columns, rows);
    press(&mut model, keys);
    let shown = lines(&model);
    assert_eq!(shown[1..=expect.len()], *expect, "{}", shown.join("\n"));
}

#[test]
fn what_is_due_comes_first_and_the_rest_stands_beside_it() {
    check_lines(120, 40, "0", &[]);
    check_lines(80, 24, "0", &[]);
    check_lines(46, 20, "0", &[]);
}

/// Keys, and what the screen then shows on top of home or instead of it.
#[track_caller]
fn check_leads_to(keys: &str, expect: &str) {
    let mut model = model(120, 40);
    press(&mut model, keys);
    let text = screen_text(&model);
    assert!(text.contains(expect), "{keys}: {expect} in\n{text}");
}

#[test]
fn every_row_opens_and_keys_cross_the_panes() {
    check_leads_to("0 enter", "╭ follow-up ─");
    check_leads_to("0 j j enter", "╭ contact ─");
    check_leads_to("0 tab enter", "╭ contact ─");
    check_leads_to("0 l enter", "sales · 3 open");
    check_leads_to("0 shift-tab enter", "╭ contact ─");
}

#[test]
fn an_empty_store_says_how_to_begin() {
    let context: Context = context();
    let mut model = Model::new(context, Settings::default(), Theme::default(), (80, 24));
    let empty = Snapshot::new([], &Pipelines::default());
    update(&mut model, Msg::Loaded(Box::new(empty), 0));
    let text = screen_text(&model);
    assert!(text.contains("Nothing is here yet."), "{text}");
    assert!(text.contains("touchbase import FILE"), "{text}");
}
