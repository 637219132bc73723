//! A table of results: the same cells as text for a terminal, as exact text for a pipe, as JSON.

use crate::domain::context::Context;
use crate::domain::id::Id;
use crate::domain::json::value_to_json;
use crate::domain::record::Record;
use crate::domain::show;
use crate::domain::values::{Value, text};
use crate::services::list::{Column, SessionLookup};
use serde_json::Value as Json;
use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::UnicodeWidthStr as _;

/// Columns are parted by so many spaces.
const GAP: usize = 2;
/// No column that still has text to show becomes narrower.
const NARROWEST: usize = 6;

/// One result of one column.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cell {
    /// For people; several lines where a row is to be higher than one.
    pub words: String,
    /// For machines: exact.
    pub plain: String,
    /// For programs.
    pub json: Json,
}

impl Cell {
    /// The same text for all.
    pub fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        Self {
            words: text.clone(),
            plain: text.clone(),
            json: Json::String(text),
        }
    }

    /// A whole number.
    pub fn number(number: impl Into<i64>) -> Self {
        let number = number.into();
        Self {
            words: number.to_string(),
            plain: number.to_string(),
            json: number.into(),
        }
    }

    /// A value of a record.
    pub fn value(value: Option<&Value>, context: &Context, lookup: &SessionLookup<'_>) -> Self {
        let Some(value) = value else {
            return Self::default();
        };
        let name_of = |id: Id| lookup.title(id).unwrap_or_else(|| id.text());
        Self {
            words: text::line(&show::words(value, context, &name_of)),
            plain: match value {
                // A listing is read by people and scripts that know names, not ids.
                Value::Link(_) | Value::Links(_) => show::words(value, context, &name_of),
                other => show::plain(other, context),
            },
            json: value_to_json(value, context, &name_of),
        }
    }
}

/// One row.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// The record it stands for.
    pub id: Option<Id>,
    /// What a terminal shows of the id.
    pub short_id: String,
    /// One cell per column.
    pub cells: Vec<Cell>,
}

/// One column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Its name.
    pub name: String,
    /// Whether its cells stand at the right.
    pub right: bool,
}

impl Head {
    /// A column of text.
    pub fn left(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            right: false,
        }
    }

    /// A column of numbers.
    pub fn right(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            right: true,
        }
    }
}

/// Results in rows and columns.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// The columns.
    pub heads: Vec<Head>,
    /// The rows.
    pub rows: Vec<Row>,
    /// Whether a terminal shows ids.
    pub with_ids: bool,
    /// What a terminal shows when there are no rows; nothing when empty.
    pub when_empty: String,
}

impl Table {
    /// Records with values in columns.
    pub fn of_records(
        records: &[Record],
        columns: &[Column],
        session: &crate::store::session::Session,
        lookup: &SessionLookup<'_>,
        context: &Context,
    ) -> Self {
        use crate::domain::lookup::Lookup;
        let rows = records.iter().map(|record| {
            let cell = |column: &Column| {
                let value = column.value(record, lookup as &dyn Lookup, context);
                Cell::value(value.as_ref(), context, lookup)
            };
            Row {
                id: Some(record.id),
                short_id: session
                    .short_id(record.id)
                    .unwrap_or_else(|_| record.id.text()),
                cells: columns.iter().map(cell).collect(),
            }
        });
        let heads = columns.iter().map(|column| Head {
            name: column.name(),
            right: column.is_number()
                || matches!(
                    column.name().as_str(),
                    "value" | "weighted" | "score" | "size" | "age"
                ),
        });
        Self {
            rows: rows.collect(),
            heads: heads.collect(),
            with_ids: true,
            when_empty: String::new(),
        }
    }

    /// The lines that a terminal of that width shows, with a head.
    pub fn lines(&self, width: usize) -> Vec<String> {
        if self.rows.is_empty() {
            let nothing = text::line(&self.when_empty);
            return if nothing.is_empty() {
                Vec::new()
            } else {
                vec![nothing]
            };
        }
        let columns = self.columns();
        let widths = fit(&columns, width);
        let lines = columns.first().map_or(0, |(_, cells)| cells.len());
        (0..lines).map(|row| line(&columns, &widths, row)).collect()
    }

    /// Heads and cells of the columns that have anything to show, one cell per line: a row is
    /// as high as its highest cell.
    fn columns(&self) -> Vec<(bool, Vec<String>)> {
        let words = |row: &Row, index: usize| -> Vec<String> {
            let words = row.cells.get(index).map_or("", |cell| &cell.words);
            words.split('\n').map(text::line).collect()
        };
        let height = |row: &Row| {
            (0..row.cells.len())
                .map(|index| words(row, index).len())
                .max()
        };
        let heights: Vec<usize> = self
            .rows
            .iter()
            .map(|row| height(row).unwrap_or(1))
            .collect();
        let mut columns = Vec::new();
        let mut add = |right: bool, head: &str, cells: &dyn Fn(&Row) -> Vec<String>| {
            let mut all = vec![head.to_owned()];
            for (row, height) in self.rows.iter().zip(&heights) {
                let mut lines = cells(row);
                lines.resize(*height, String::new());
                all.extend(lines);
            }
            if all.iter().skip(1).any(|cell| !cell.is_empty()) {
                columns.push((right, all));
            }
        };
        if self.with_ids {
            add(false, "id", &|row| vec![row.short_id.clone()]);
        }
        for (index, head) in self.heads.iter().enumerate() {
            add(head.right, &head.name, &|row| words(row, index));
        }
        columns
    }
}

/// One line of the table, without spaces at its end.
fn line(columns: &[(bool, Vec<String>)], widths: &[usize], row: usize) -> String {
    let mut line = String::new();
    for ((right, cells), &width) in columns.iter().zip(widths) {
        if width == 0 {
            continue;
        }
        let cell = cut(cells.get(row).map_or("", String::as_str), width);
        let padding = " ".repeat(width.saturating_sub(cell.width()));
        if !line.is_empty() {
            line.push_str(&" ".repeat(GAP));
        }
        line.push_str(&if *right {
            format!("{padding}{cell}")
        } else {
            format!("{cell}{padding}")
        });
    }
    line.trim_end().to_owned()
}

/// Widths of columns that fit: the widest give first, the last are left out when even the
/// narrowest do not fit.
fn fit(columns: &[(bool, Vec<String>)], width: usize) -> Vec<usize> {
    let natural = |cells: &Vec<String>| cells.iter().map(|cell| cell.width()).max().unwrap_or(0);
    let mut widths: Vec<usize> = columns
        .iter()
        .map(|(_, cells)| natural(cells).max(1))
        .collect();
    let total = |widths: &[usize]| {
        let shown = widths.iter().filter(|&&width| width > 0).count();
        widths.iter().sum::<usize>() + GAP * shown.saturating_sub(1)
    };
    while total(&widths) > width {
        let shrinkable = |width: &&mut usize| **width > NARROWEST;
        // The id and columns of numbers keep their width: half a number is a wrong number.
        let texts = widths.iter_mut().zip(columns).skip(1);
        let widest = texts
            .filter(|(_, (right, _))| !right)
            .map(|(width, _)| width)
            .filter(shrinkable)
            .max();
        if let Some(widest) = widest {
            *widest -= 1;
        } else if let Some(last) = widths.iter_mut().skip(2).rev().find(|width| **width > 0) {
            *last = 0;
        } else if let Some(name) = widths.get_mut(1).filter(|name| **name > 1) {
            *name -= 1;
        } else {
            break;
        }
    }
    widths
}

/// A text cut to a width, with `…` where something is missing, never within a grapheme.
pub fn cut(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut kept = String::new();
    for grapheme in text.graphemes(true) {
        if kept.width() + grapheme.width() + 1 > width {
            break;
        }
        kept.push_str(grapheme);
    }
    if width > 0 {
        kept.push('…');
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(rows: &[&[&str]]) -> Table {
        Table {
            heads: vec![Head::left("name"), Head::right("value")],
            rows: rows
                .iter()
                .map(|cells| Row {
                    id: None,
                    short_id: "7fk2".to_owned(),
                    cells: cells.iter().map(|cell| Cell::text(*cell)).collect(),
                })
                .collect(),
            with_ids: true,
            when_empty: "none".to_owned(),
        }
    }

    #[test]
    fn wide_letters_align_and_long_ones_are_cut() {
        let table = table(&[&["山田 太郎", "1"], &["Ana", "12"]]);
        assert_eq!(
            table.lines(80),
            [
                "id    name       value",
                "7fk2  山田 太郎      1",
                "7fk2  Ana           12"
            ]
        );
        let narrow = table.lines(20);
        assert!(narrow.iter().all(|line| line.width() <= 20), "{narrow:?}");
        assert!(narrow[1].contains('…'));
    }

    #[test]
    fn a_cell_of_several_lines_makes_its_row_higher() {
        let table = table(&[&["Ana", "1 EUR\n2 USD"], &["Bo", "3 EUR"]]);
        let lines = table.lines(80);
        let expect = [
            "id    name  value",
            "7fk2  Ana   1 EUR",
            "            2 USD",
            "7fk2  Bo    3 EUR",
        ];
        assert_eq!(lines, expect);
    }

    #[test]
    fn nothing_is_wider_than_the_terminal() {
        for width in 1..60 {
            let lines = table(&[&["a long name of many words", "1,200,000.00 EUR"]]).lines(width);
            let least = width.max("id  n".len() + 2);
            assert!(
                lines.iter().all(|line| line.width() <= least),
                "{width}: {lines:?}"
            );
        }
    }
}
