//! The whole screen as a function of the model: tabs, the view, the footer, popups, toasts.

use super::actions::Action;
use super::keymap::{Key, Meaning, words};
use super::model::{Model, SMALLEST};
use super::views::VIEWS;
use super::widgets::text::{Row, width};
use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// How many hints the footer shows.
const MOST_HINTS: usize = 7;

/// Draws the screen. Changes nothing.
pub fn view(model: &Model, frame: &mut Frame<'_>) {
    let area = frame.area();
    draw(model, frame.buffer_mut(), area);
}

fn draw(model: &Model, buffer: &mut Buffer, area: Rect) {
    if area.is_empty() {
        return;
    }
    if area.width < SMALLEST.0 || area.height < SMALLEST.1 {
        let (least, low) = SMALLEST;
        let (columns, rows) = (area.width, area.height);
        let text = format!("needs {least}x{low}, has {columns}x{rows} · q quits");
        Row::new(buffer, area, 0).put(&text, model.shared.theme.text());
        return;
    }
    let body = model.shared.body();
    tabs(model, buffer, area);
    if model.shared.loaded {
        model.view().draw(&model.shared, buffer, body);
    } else {
        let middle = usize::from(body.height / 2);
        let mut row = Row::new(buffer, body, middle);
        let indent = row.room().saturating_sub(8) / 2;
        row.skip(indent).put("loading…", model.shared.theme.text());
    }
    let last = Rect::new(area.x, area.bottom() - 1, area.width, 1);
    let line = model.popups.last().filter(|popup| popup.is_line());
    for popup in model.popups.iter().filter(|popup| !popup.is_line()) {
        popup.draw(&model.shared, buffer, body);
    }
    match line {
        Some(popup) => popup.draw(&model.shared, buffer, last),
        None => footer(model, buffer, last),
    }
    model.toasts.draw(model.shared.theme, buffer, body);
}

/// The words of the tabs, with where they begin: whole titles where there is room for all,
/// else the title of the present view and the others' keys.
fn tab_words(model: &Model, room: usize) -> Vec<(usize, String)> {
    let whole: Vec<String> = VIEWS
        .iter()
        .map(|view| format!(" {} {} ", view.go.keys[0], view.title))
        .collect();
    let short = |(place, text): (usize, &String)| {
        if place == model.current {
            text.clone()
        } else {
            format!(" {} ", VIEWS[place].go.keys[0])
        }
    };
    let fits = whole.iter().map(|text| width(text)).sum::<usize>() + 12 <= room;
    let shown: Vec<String> = if fits {
        whole
    } else {
        whole.iter().enumerate().map(short).collect()
    };
    let mut at = 0;
    shown
        .into_iter()
        .map(|text| {
            let start = at;
            at += width(&text);
            (start, text)
        })
        .collect()
}

/// The view whose tab stands there.
pub(crate) fn tab_at(model: &Model, column: u16, row: u16) -> Option<&'static str> {
    let words = tab_words(model, usize::from(model.shared.size.0));
    let hit = words.iter().position(|(start, text)| {
        let column = usize::from(column);
        (*start..start + width(text)).contains(&column)
    });
    hit.filter(|_| row == 0).map(|place| VIEWS[place].name)
}

fn tabs(model: &Model, buffer: &mut Buffer, area: Rect) {
    let theme = model.shared.theme;
    let today = model.shared.context.today().format("%a %-d %b").to_string();
    let mut row = Row::new(buffer, area, 0);
    row.right(&format!("{today} "), theme.faint());
    for (place, (_, text)) in tab_words(model, usize::from(area.width)).iter().enumerate() {
        let style = if place == model.current {
            theme
                .selected()
                .add_modifier(ratatui::style::Modifier::BOLD)
        } else {
            theme.text()
        };
        row.put(text, style);
    }
}

fn footer(model: &Model, buffer: &mut Buffer, area: Rect) {
    if !model.typed.is_empty() {
        return chord(model, buffer, area);
    }
    let theme = model.shared.theme;
    let scopes = model.scopes();
    let mut row = Row::new(buffer, area, 0);
    row.skip(1);
    if model.popups.is_empty() {
        row.right(": command ", theme.faint());
        row.right("? help ", theme.faint());
        if let Some(filter) = model.view().filter() {
            let counts = model.view().counts();
            let counts =
                counts.map_or_else(String::new, |(shown, all)| format!(" · {shown} of {all}"));
            row.put("/", theme.key());
            row.put(&format!("{}{counts}", filter.text()), theme.strong());
            row.put("  ", theme.text());
        }
    }
    let hinted =
        |action: &&'static Action| !action.hint.is_empty() && model.applies(action).is_ok();
    let all = scopes.iter().flat_map(|scope| {
        super::actions::all_actions().filter(move |action| action.scope == *scope)
    });
    for action in all.filter(hinted).take(MOST_HINTS) {
        let keys = model.keymap.keys_of(action);
        let size = width(&keys) + width(action.hint) + 1;
        if size > row.room() {
            break;
        }
        row.put(&keys, theme.key()).skip(1);
        row.put(action.hint, theme.text()).skip(2);
    }
}

/// What the keys of a chord lead to.
fn chord(model: &Model, buffer: &mut Buffer, area: Rect) {
    let theme = model.shared.theme;
    let mut row = Row::new(buffer, area, 0);
    row.skip(1)
        .put(&words(&model.typed), theme.strong())
        .skip(2);
    let Meaning::Beginning(found) = model.keymap.meaning(&model.scopes(), &model.typed) else {
        return;
    };
    for binding in found {
        let rest: &[Key] = binding.keys.get(model.typed.len()..).unwrap_or_default();
        let (keys, name) = (words(rest), binding.action.help);
        if width(&keys) + width(name) + 1 > row.room() {
            break;
        }
        row.put(&keys, theme.key())
            .skip(1)
            .put(name, theme.text())
            .skip(2);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::msg::Msg;
    use crate::tui::sample::{lines, model, press, screen_text};
    use crate::tui::update::update;
    use ratatui::Terminal;
    use ratatui::backend::TestBackend;

    /// Every screen that keys lead to.
    fn scripts() -> Vec<String> {
        let mut all: Vec<String> = Vec::new();
        for view in VIEWS {
            let key = view.go.keys[0];
            for more in [
                "",
                "j j enter",
                "G tab j",
                "? down",
                ":",
                "/ text:zo",
                "space f text:a",
                "D",
                "g",
                "c",
            ] {
                all.push(format!("{key} {more}"));
            }
        }
        all
    }

    fn draw_at(model: &mut crate::tui::model::Model, (columns, rows): (u16, u16)) {
        update(model, Msg::Resize(columns, rows));
        let area = Rect::new(0, 0, columns, rows);
        draw(model, &mut Buffer::empty(area), area);
    }

    #[test]
    fn every_screen_draws_at_sizes_where_its_shape_changes() {
        let sizes = [
            (1, 1),
            (40, 10),
            (47, 11),
            (48, 20),
            (79, 24),
            (80, 24),
            (100, 13),
            (120, 40),
        ];
        for script in scripts() {
            let mut model = model(120, 40);
            press(&mut model, &script);
            sizes.iter().for_each(|size| draw_at(&mut model, *size));
        }
    }

    #[test]
    fn every_view_draws_in_every_small_area() {
        for view in VIEWS {
            let mut model = model(80, 24);
            press(&mut model, view.go.keys[0]);
            for (columns, rows) in
                (1..=60u16).flat_map(|columns| (1..=30).map(move |rows| (columns, rows)))
            {
                let area = Rect::new(0, 0, columns, rows);
                model
                    .view()
                    .draw(&model.shared, &mut Buffer::empty(area), area);
            }
            for columns in 38..=60 {
                draw_at(&mut model, (columns, columns / 4));
            }
            draw_at(&mut model, (200, 60));
        }
    }

    #[test]
    fn nothing_that_steers_a_terminal_is_drawn() {
        for script in scripts() {
            let mut model = model(120, 40);
            press(&mut model, &script);
            let text = screen_text(&model);
            let bad =
                |letter: char| letter != '\n' && crate::domain::values::text::is_unsafe(letter);
            assert!(!text.contains(bad), "{script}");
        }
    }

    #[test]
    fn a_terminal_that_is_too_small_says_so_and_only_q_works() {
        let mut model = model(39, 24);
        assert_eq!(lines(&model)[0], "needs 40x10, has 39x24 · q quits");
        assert!(press(&mut model, "2 j D").is_empty());
        assert_eq!(press(&mut model, "q").len(), 1);
    }

    #[test]
    fn the_first_frame_needs_no_records() {
        let mut model = crate::tui::model::Model::new(
            crate::tui::sample::context(),
            crate::domain::settings::Settings::default(),
            crate::tui::theme::Theme::default(),
            (80, 24),
        );
        press(&mut model, "1 j enter ? esc");
        let mut terminal = Terminal::new(TestBackend::new(80, 24)).unwrap();
        terminal.draw(|frame| view(&model, frame)).unwrap();
        assert!(screen_text(&model).contains("loading…"));
    }
}
