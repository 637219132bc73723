//! A sheet: one record or answer with its parts, wrapped to the terminal.

use super::style::{Look, Meaning, Shown, width};
use super::table::Cell;
use crate::domain::values::text;
use serde_json::Value as Json;

/// Where less than this is left beside a name, the value stands below it.
const NARROWEST: usize = 12;
/// There it is indented by so much.
const BELOW: usize = 4;

/// One record or answer.
#[derive(Debug, Default)]
pub struct Sheet {
    /// What it is about.
    pub title: String,
    /// What it says.
    pub parts: Vec<Part>,
    /// The same for programs.
    pub json: Json,
    /// What a template may name, apart from what is there.
    pub names: Vec<String>,
}

/// A part of a sheet.
#[derive(Debug)]
pub enum Part {
    /// An empty line.
    Gap,
    /// What the following items are.
    Head(String),
    /// A name and what stands there.
    Pair(String, Cell),
    /// Something that stands below, behind a few words of fixed width.
    Item(String, Cell),
}

impl Sheet {
    /// Its lines.
    pub(crate) fn lines(&self, look: &Look) -> Vec<String> {
        if look.spoken {
            return self.spoken();
        }
        let mut lines = Vec::new();
        let head = |text: &str, lines: &mut Vec<String>| {
            let shown = Shown::plain(text::line(text));
            let wrapped = shown.wrap(look.width);
            lines.extend(wrapped.iter().map(|line| look.show(line, Meaning::Head)));
        };
        head(&self.title, &mut lines);
        let names = self.parts.iter().filter_map(|part| match part {
            Part::Pair(name, _) => Some(width(name)),
            _ => None,
        });
        let widest = names.max().unwrap_or(0);
        for part in &self.parts {
            match part {
                Part::Gap => lines.push(String::new()),
                Part::Head(text) => head(text, &mut lines),
                Part::Pair(name, cell) => {
                    let padding = " ".repeat(widest - width(name));
                    let lead = format!("{}{padding}  ", text::line(name));
                    beside(&lead, cell, look, &mut lines);
                }
                Part::Item(lead, cell) => beside(&text::line(lead), cell, look, &mut lines),
            }
        }
        lines
    }

    /// Lines to be read aloud: nothing is aligned.
    fn spoken(&self) -> Vec<String> {
        let words = |cell: &Cell| text::line(&cell.words.replace('\n', ", "));
        let squeezed = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let mut lines = vec![squeezed(&text::line(&self.title))];
        lines.extend(self.parts.iter().map(|part| match part {
            Part::Gap => String::new(),
            Part::Head(text) => format!("{}:", text::line(text)),
            Part::Pair(name, cell) => format!("{}: {}", text::line(name), words(cell)),
            Part::Item(lead, cell) => squeezed(&format!("{} {}", text::line(lead), words(cell))),
        }));
        lines
    }
}

/// A cell behind its lead; further lines stand below its first word. Where that would break a
/// word that a line of its own would not, the cell stands below the lead.
fn beside(lead: &str, cell: &Cell, look: &Look, lines: &mut Vec<String>) {
    let shown = cell.shown();
    let room = |indent: usize| look.width.saturating_sub(indent);
    let below = BELOW.min(look.width / 4);
    let words = shown.text.split_whitespace().map(width);
    let longest = words.max().unwrap_or(0);
    let is_broken = longest > room(width(lead)) && longest <= room(below);
    let is_below = room(width(lead)) < NARROWEST || is_broken;
    let indent = if is_below { below } else { width(lead) };
    if is_below {
        lines.push(lead.trim_end().to_owned());
    }
    for (index, line) in shown.wrap(room(indent)).iter().enumerate() {
        let before = if index == 0 && !is_below {
            lead.to_owned()
        } else {
            " ".repeat(indent)
        };
        let line = look.show(line, cell.meaning);
        lines.push(format!("{before}{line}").trim_end().to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet() -> Sheet {
        Sheet {
            title: "Ana Silva".to_owned(),
            parts: vec![
                Part::Gap,
                Part::Pair("Notes".to_owned(), Cell::text("met at the fair\nlikes tea")),
                Part::Pair("Last contact".to_owned(), Cell::text("today")),
                Part::Gap,
                Part::Head("deals".to_owned()),
                Part::Item(
                    "  7fk2  ".to_owned(),
                    Cell::text("New site with a shop for the spring"),
                ),
            ],
            ..Sheet::default()
        }
    }

    fn lines(width: usize, spoken: bool) -> String {
        let look = Look {
            width,
            spoken,
            ..Look::default()
        };
        sheet().lines(&look).join("\n")
    }

    #[test]
    fn what_is_too_long_goes_on_below_its_first_word() {
        let expect = "Ana Silva\n\nNotes         met at the fair\n              likes tea\nLast \
                      contact  today\n\ndeals\n  7fk2  New site with a shop\n        for the \
                      spring";
        assert_eq!(lines(30, false), expect);
    }

    #[test]
    fn where_it_is_narrow_the_value_stands_below_the_name() {
        let expect = "Ana Silva\n\nNotes\n    met at the fair\n    likes tea\nLast contact\n    \
                      today\n\ndeals\n  7fk2  New site\n        with a shop\n        for the\n        \
                      spring";
        assert_eq!(lines(20, false), expect);
        for width in 1..40 {
            sheet().lines(&Look {
                width,
                ..Look::default()
            });
        }
    }

    #[test]
    fn read_aloud_it_is_a_line_for_each_name() {
        let expect = "Ana Silva\n\nNotes: met at the fair, likes tea\nLast contact: today\n\n\
                      deals:\n7fk2 New site with a shop for the spring";
        assert_eq!(lines(20, true), expect);
    }
}
