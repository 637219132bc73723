//! Home: what it shows first, and where its rows lead.

use crate::tui::sample::{model, press, screen_text};

#[test]
fn print() {
    for (columns, rows) in [(120, 40), (80, 24), (46, 20)] {
        let mut model = model(columns, rows);
        press(&mut model, "0");
        eprintln!("{}", screen_text(&model));
    }
}
