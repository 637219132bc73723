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
    check_lines(
        80,
        24,
        "0",
        &[
            "› Due  ! 1 overdue  • 1 today ───────────    Pipeline  3 open ─────────────────",
            "! 3d late  Ask about the inv…  Zoë Müller    in EUR        3   63,700  ≈ 42,695",
            "• today    Send the quote      Ana Pérez     lead          1 ▍        3,200 EUR",
            "                                             qualified     0",
            "  Losing touch  2 ───────────────────────    proposal      1 █▋      12,000 EUR",
            "  40d over  山田 太郎           every 30d    negotiation   1 ███████ 48,500 EUR",
            "  15d over  Zoë Müller          every 30d",
            "                                             Hottest leads ────────────────────",
            "  What happened last ────────────────────    53  Ana Pérez          call: the…",
        ],
    );
    check_lines(
        120,
        40,
        "0",
        &[
            "› Due  ! 1 overdue  • 1 today ───────────────────────────────    Pipeline  3 open ─────────────────────────────────────",
            "! 3d late  Ask about the invoice  Zoë Müller                     in EUR        3                       63,700  ≈ 42,695",
        ],
    );
}

#[test]
fn a_narrow_screen_stacks_the_panes_and_follows_the_cursor() {
    let due = "› Due  ! 1 overdue  • 1 today ───────────────";
    check_lines(46, 20, "0", &[due]);
    let mut model = model(46, 20);
    press(&mut model, "0 shift-tab G");
    let text = screen_text(&model);
    assert!(text.contains("meeting: "), "{text}");
    press(&mut model, "esc");
    assert_eq!(lines(&model)[1], due);
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
