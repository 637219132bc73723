//! The board: what it shows, and what its keys ask for.

use crate::services::intent::{Intent, StageTarget};
use crate::tui::msg::Effect;
use crate::tui::sample::{lines, model, press, screen_text};

/// What the screen says once those keys were pressed.
#[track_caller]
fn check_lines(columns: u16, rows: u16, keys: &str, expect: &[&str]) {
    let mut model = model(columns, rows);
    press(&mut model, keys);
    let shown = lines(&model);
    assert_eq!(
        shown[1..=expect.len()],
        *expect,
        "{columns}x{rows} after {keys}"
    );
}

#[test]
fn a_wide_screen_shows_every_lane_and_its_sums() {
    check_lines(
        120,
        40,
        "2 l l",
        &[
            "  sales · 3 open · ! 1 stale · 63,700 EUR  ≈ 42,695 weighted",
            "",
            "  lead              1  qualified         0  proposal          1  negotiation       1  ✓ won         1  ✗ lost        1",
            "  3,200 EUR      ≈320                       12,000 EUR   ≈6,000  48,500 EUR  ≈36,375  900 EUR          2,000 EUR",
            " ──────────────────── ──────────────────── ━━━━━━━━━━━━━━━━━━━━ ──────────────────── ──────────────── ────────────────",
            "  カタログ             no deals            ▌Website relaunch     Maintenance contra…  Logo             Old shop",
            "  さくら製作所     2d                      ▌Acme GmbH        4d  Nordlicht Wi… ! 60d  900 EUR     20d  2,000 EUR   40d",
            "  3,200 EUR       10%                      ▌12,000 EUR      50%  48,500 EUR      75%  Ben              Ben",
            "  ! no next step                           ▌! no next step       ! no next step",
        ],
    );
}

#[test]
fn a_narrow_screen_shows_the_current_lane_under_the_names_of_all() {
    check_lines(
        46,
        20,
        "2 l l",
        &[
            "  sales · 3 open · ! 1 stale · 63,700 EUR",
            "   lead 1  qualified 0  proposal 1           ›",
            "  12,000 EUR                           ≈6,000",
            " ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━",
            " ▌Website relaunch",
        ],
    );
    check_lines(
        80,
        24,
        "2 G l l l l l",
        &["  sales · 3 open · ! 1 stale · 63,700 EUR  ≈ 42,695 weighted   ‹ lanes 3–6 of 6"],
    );
    check_lines(
        120,
        24,
        "2 / text:zzz",
        &[
            "  sales · 0 open",
            "",
            "",
            "",
            "",
            "",
            "",
            "",
            "  No deals match `zzz`.",
        ],
    );
}

/// The stages to which keys send the deal.
#[track_caller]
fn check_moves(keys: &str, expect: &[&str]) {
    let mut model = model(120, 40);
    let moves = press(&mut model, keys)
        .into_iter()
        .filter_map(|effect| match effect {
            Effect::Perform(_, Intent::Move(wanted)) => Some(wanted.to),
            _ => None,
        });
    let expect: Vec<_> = expect
        .iter()
        .map(|name| StageTarget::Named((*name).to_owned()))
        .collect();
    assert_eq!(moves.collect::<Vec<_>>(), expect, "{keys}");
}

#[test]
fn capital_letters_move_the_card_and_small_ones_the_cursor() {
    check_moves("2 L", &["qualified"]);
    check_moves("2 l l H", &["qualified"]);
    check_moves("2 L L", &["qualified", "proposal"]);
    check_moves("2 l L", &[]);
    check_moves("2 H", &[]);
    check_moves("2 l l l l H", &["negotiation"]);
}

#[test]
fn closing_a_deal_asks_first() {
    for (keys, expect) in [
        ("2 l l l L", "Won: Maintenance"),
        ("2 l l l l L", "Lost: Logo"),
    ] {
        let mut model = model(120, 40);
        assert_eq!(press(&mut model, keys), [], "{keys}");
        assert!(screen_text(&model).contains(expect), "{keys}");
    }
}

#[test]
fn a_dialog_is_bound_to_what_was_seen_unless_own_changes_are_on_their_way() {
    for (keys, expect) in [
        ("2 l l l L ctrl-s", &[Some(1)][..]),
        ("2 l l l H L L ctrl-s", &[None, None]),
    ] {
        let mut model = model(120, 40);
        let seen: Vec<_> = press(&mut model, keys)
            .into_iter()
            .filter_map(|effect| match effect {
                Effect::Perform(_, Intent::Seen { versions, .. }) => Some(versions),
                _ => None,
            })
            .collect();
        let seen: Vec<_> = seen
            .iter()
            .map(|all| all.first().map(|(_, at)| *at))
            .collect();
        assert_eq!(seen, expect[expect.len() - seen.len()..], "{keys}");
        assert!(!seen.is_empty(), "{keys}");
    }
}

#[test]
fn a_folded_lane_keeps_its_count_and_hides_its_cards() {
    let mut model = model(120, 40);
    press(&mut model, "2 z");
    assert!(!screen_text(&model).contains("カタログ"));
    assert_eq!(press(&mut model, "L"), []);
    press(&mut model, "z");
    assert!(screen_text(&model).contains("カタログ"));
}
