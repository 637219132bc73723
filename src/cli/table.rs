//! A table of results: the same cells as text for a terminal, as exact text for a pipe, as JSON.

mod draw;

use super::style::{Link, Look, Meaning, Shown};
use crate::domain::context::Context;
use crate::domain::field::Shape;
use crate::domain::id::Id;
use crate::domain::json::value_to_json;
use crate::domain::lookup::Lookup as _;
use crate::domain::record::Record;
use crate::domain::show;
use crate::domain::values::dates::Due;
use crate::domain::values::{Value, text};
use crate::services::list::{Column, SessionLookup};
use draw::{Drawn, fit, line};
use serde_json::Value as Json;

/// One result of one column.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cell {
    /// For people; several lines where a row is to be higher than one.
    pub words: String,
    /// For machines: exact.
    pub plain: String,
    /// For programs.
    pub json: Json,
    /// Places of the words that lead somewhere.
    pub links: Vec<Link>,
    /// What it means, for its colour.
    pub meaning: Meaning,
}

impl Cell {
    /// The same text for all.
    pub fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        Self {
            words: text.clone(),
            plain: text.clone(),
            json: Json::String(text),
            ..Self::default()
        }
    }

    /// A whole number.
    pub fn number(number: impl Into<i64>) -> Self {
        let number = number.into();
        Self {
            words: number.to_string(),
            plain: number.to_string(),
            json: number.into(),
            ..Self::default()
        }
    }

    /// A value of a record, in one line.
    pub fn value(value: Option<&Value>, context: &Context, lookup: &SessionLookup<'_>) -> Self {
        let mut cell = Self::page_value(value, context, lookup);
        if cell.links.is_empty() {
            cell.words = text::line(&cell.words);
        }
        cell
    }

    /// A value of a record, in as many lines as it has.
    pub fn page_value(
        value: Option<&Value>,
        context: &Context,
        lookup: &SessionLookup<'_>,
    ) -> Self {
        let Some(value) = value else {
            return Self::default();
        };
        let name_of = |id: Id| lookup.title(id).unwrap_or_else(|| id.text());
        let shown = Shown::of_pieces(&show::pieces(value, context, &name_of));
        Self {
            plain: match value {
                // A listing is read by people and scripts that know names, not ids.
                Value::Link(_) | Value::Links(_) => shown.text.clone(),
                other => show::plain(other, context),
            },
            words: shown.text,
            links: shown.links,
            json: value_to_json(value, context, &name_of),
            meaning: Meaning::Plain,
        }
    }

    /// Marks what a value of a record means: what is overdue, also by a sign.
    #[must_use]
    pub fn of(
        mut self,
        record: &Record,
        name: &str,
        value: Option<&Value>,
        lookup: &SessionLookup<'_>,
        context: &Context,
    ) -> Self {
        let Some(value) = value else { return self };
        let status = || match lookup.derived(record, "status") {
            Some(Value::Text(status)) => status,
            _ => String::new(),
        };
        self.meaning = match (name, value) {
            ("stale", Value::Flag(true)) => Meaning::Warning,
            ("status" | "stage", _) => match status().as_str() {
                "won" => Meaning::Good,
                "lost" => Meaning::Bad,
                "overdue" => Meaning::Late,
                _ => Meaning::Plain,
            },
            (_, Value::Due(due)) => match status().as_str() {
                "overdue" => Meaning::Late,
                "open" if is_today(due, context) => Meaning::Soon,
                _ => Meaning::Plain,
            },
            _ => Meaning::Plain,
        };
        if self.meaning == Meaning::Late && matches!(value, Value::Due(_)) {
            self.words.insert_str(0, OVERDUE);
        }
        self
    }

    /// The words, safe to be shown.
    pub(crate) fn shown(&self) -> Shown {
        if self.links.is_empty() {
            return Shown::plain(text::lines(&self.words));
        }
        // Links point into the words as they are: those were cleaned when they were made.
        Shown {
            text: self.words.clone(),
            links: self.links.clone(),
        }
    }
}

/// The sign of what is overdue, as on the screen.
const OVERDUE: &str = "! ";

fn is_today(due: &Due, context: &Context) -> bool {
    due.day(context.zone) == context.today()
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

/// What happens to a column that does not fit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fit {
    /// It goes last: without it a row says nothing.
    Main,
    /// It becomes narrower, then it goes.
    #[default]
    Text,
    /// It goes: part of a number or of a date is a wrong one.
    Whole,
    /// Like text, but others come first.
    Detail,
    /// No person sees it: it is there for programs that ask for it by name.
    Hidden,
}

/// One column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Its name.
    pub name: String,
    /// Whether its cells stand at the right.
    pub right: bool,
    /// What happens when it does not fit.
    pub fit: Fit,
}

impl Head {
    /// A column of text.
    pub fn left(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            right: false,
            fit: Fit::Text,
        }
    }

    /// A column of numbers.
    pub fn right(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            right: true,
            fit: Fit::Whole,
        }
    }

    /// The column with another fit.
    #[must_use]
    pub fn fit(self, fit: Fit) -> Self {
        Self { fit, ..self }
    }

    /// A column of a kind's records.
    pub(crate) fn of_column(column: &Column, title: &str) -> Self {
        let name = column.name();
        let (right, fit) = match column {
            Column::Field(field) if field.name == title => (false, Fit::Main),
            Column::Field(field) => looks(field.shape),
            Column::Derived(name) => {
                let shape = crate::domain::derived::DERIVED
                    .iter()
                    .find(|derived| derived.name == *name)
                    .map(|derived| derived.shape);
                shape.map_or((false, Fit::Text), looks)
            }
            Column::Declared(own) => looks(own.field.shape),
            Column::Custom(_) => (false, Fit::Text),
        };
        Self { name, right, fit }
    }
}

/// Whether values of a shape stand at the right, and what happens when they do not fit.
const fn looks(shape: Shape) -> (bool, Fit) {
    match shape {
        Shape::Money | Shape::Number | Shape::Percent | Shape::Minutes | Shape::Days => {
            (true, Fit::Whole)
        }
        Shape::Date
        | Shape::PartialDate
        | Shape::Due
        | Shape::Moment
        | Shape::Instant
        | Shape::Flag
        | Shape::Choice(_)
        | Shape::Stage => (false, Fit::Whole),
        Shape::Emails | Shape::Phones | Shape::Addresses | Shape::Sites => (false, Fit::Detail),
        _ => (false, Fit::Text),
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
        let rows = records.iter().map(|record| {
            let cell = |column: &Column| {
                let value = column.value(record, lookup, context);
                Cell::value(value.as_ref(), context, lookup).of(
                    record,
                    &column.name(),
                    value.as_ref(),
                    lookup,
                    context,
                )
            };
            Row {
                id: Some(record.id),
                short_id: session
                    .short_id(record.id)
                    .unwrap_or_else(|_| record.id.text()),
                cells: columns.iter().map(cell).collect(),
            }
        });
        let title = records.first().and_then(|first| first.kind.title_field());
        let title = title.map_or("", |field| field.name);
        let heads = columns.iter().map(|column| Head::of_column(column, title));
        Self {
            rows: rows.collect(),
            heads: heads.collect(),
            with_ids: true,
            when_empty: String::new(),
        }
    }

    /// The lines that a terminal shows, with a head.
    pub fn lines(&self, look: &Look) -> Vec<String> {
        if self.rows.is_empty() {
            let nothing = text::line(&self.when_empty);
            return if nothing.is_empty() {
                Vec::new()
            } else {
                vec![nothing]
            };
        }
        let columns = self.columns();
        let widths = fit(&columns, look.width);
        let lines = columns.first().map_or(0, |column| column.cells.len());
        (0..lines)
            .map(|row| line(&columns, &widths, row, look))
            .collect()
    }

    /// Each row as lines that can be read aloud: `name: value`, and an empty one after each.
    pub(crate) fn spoken(&self) -> Vec<String> {
        let mut lines = Vec::new();
        if self.rows.is_empty() && !self.when_empty.is_empty() {
            lines.push(text::line(&self.when_empty));
        }
        for (index, row) in self.rows.iter().enumerate() {
            lines.push(format!("{} of {}", index + 1, self.rows.len()));
            if self.with_ids && !row.short_id.is_empty() {
                lines.push(format!("id: {}", row.short_id));
            }
            for (head, cell) in self.people().filter_map(|(index, head)| {
                let cell = row.cells.get(index)?;
                (!cell.words.is_empty()).then_some((head, cell))
            }) {
                lines.push(format!("{}: {}", head.name, said(cell)));
            }
            lines.push(String::new());
        }
        lines
    }

    /// The columns that people see.
    fn people(&self) -> impl Iterator<Item = (usize, &Head)> {
        let heads = self.heads.iter().enumerate();
        heads.filter(|(_, head)| head.fit != Fit::Hidden)
    }

    /// Heads and cells of the columns that have anything to show, one cell per line: a row is
    /// as high as its highest cell.
    fn columns(&self) -> Vec<Drawn> {
        let words = |row: &Row, index: usize| -> Vec<Shown> {
            let Some(cell) = row.cells.get(index) else {
                return vec![Shown::default()];
            };
            let shown = cell.shown();
            if shown.links.is_empty() {
                return shown.text.split('\n').map(Shown::plain).collect();
            }
            vec![shown]
        };
        let height = |row: &Row| {
            self.people()
                .map(|(index, _)| words(row, index).len())
                .max()
        };
        let heights: Vec<usize> = self
            .rows
            .iter()
            .map(|row| height(row).unwrap_or(1))
            .collect();
        let mut columns = Vec::new();
        let mut add = |head: Head, cells: &dyn Fn(&Row) -> (Meaning, Vec<Shown>)| {
            let mut all = vec![(Meaning::Head, Shown::plain(head.name.as_str()))];
            for (row, height) in self.rows.iter().zip(&heights) {
                let (meaning, mut lines) = cells(row);
                lines.resize(*height, Shown::default());
                all.extend(lines.into_iter().map(|line| (meaning, line)));
            }
            if all.iter().skip(1).any(|(_, cell)| !cell.text.is_empty()) {
                let natural = all.iter().map(|(_, cell)| cell.width()).max();
                columns.push(Drawn {
                    right: head.right,
                    fit: head.fit,
                    natural: natural.unwrap_or(0).max(1),
                    cells: all,
                });
            }
        };
        if self.with_ids {
            let id = Head::left("id").fit(Fit::Whole);
            add(id, &|row| {
                (Meaning::Plain, vec![Shown::plain(row.short_id.as_str())])
            });
        }
        for (index, head) in self.people() {
            add(head.clone(), &|row| {
                let meaning = row.cells.get(index).map(|cell| cell.meaning);
                (meaning.unwrap_or_default(), words(row, index))
            });
        }
        columns
    }
}

/// A cell in one line, for the ear.
fn said(cell: &Cell) -> String {
    let words = cell.words.replace('\n', ", ");
    let words = match words.strip_prefix(OVERDUE) {
        Some(when) if cell.meaning == Meaning::Late => format!("overdue, {when}"),
        _ => words,
    };
    text::line(&words)
}

#[cfg(test)]
mod tests {
    use super::super::style::width;
    use super::*;

    fn look(width: usize) -> Look {
        Look {
            width,
            ..Look::default()
        }
    }

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
            table.lines(&look(80)),
            [
                "id    name       value",
                "7fk2  山田 太郎      1",
                "7fk2  Ana           12"
            ]
        );
        let narrow = table.lines(&look(12));
        assert!(narrow.iter().all(|line| width(line) <= 12), "{narrow:?}");
        assert!(narrow[1].contains('…'));
    }

    #[test]
    fn a_cell_of_several_lines_makes_its_row_higher() {
        let table = table(&[&["Ana", "1 EUR\n2 USD"], &["Bo", "3 EUR"]]);
        let lines = table.lines(&look(80));
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
        for most in 1..60 {
            let lines =
                table(&[&["a long name of many words", "1,200,000.00 EUR"]]).lines(&look(most));
            let least = most.max("id  n".len() + 2);
            assert!(
                lines.iter().all(|line| width(line) <= least),
                "{most}: {lines:?}"
            );
        }
    }
}
