//! What a command returns, and the only place that prints it.
//!
//! Data goes to standard output, everything else to standard error. A pipe gets tabs, no head,
//! no colour and nothing cut; a closed pipe is a quiet end.

use super::table::Table;
use crate::domain::values::text;
use crate::error::Error;
use crate::services::intent::Receipt;
use serde_json::{Value as Json, json};
use std::io::{self, Write};

/// What a command returns.
#[derive(Debug)]
pub enum Output {
    /// Nothing more to say.
    Nothing,
    /// Open the screen.
    Screen,
    /// Open the screen on demo data; in this folder if one is named.
    Demo(Option<std::path::PathBuf>),
    /// List the keys of the screen, which the screen alone knows.
    Keys,
    /// Rows and columns.
    Table(Table),
    /// Something was changed.
    Done(Receipt),
    /// One record or answer: lines for people, JSON for programs.
    Page(Vec<String>, Json),
    /// Bytes as they are: an export.
    Bytes(Vec<u8>),
    /// Rows, and a message after them.
    Report(Table, Vec<String>),
    /// Another output, with this exit code in place of 0.
    WithCode(Box<Output>, u8),
    /// Another output, and what is to be done once all of it was written.
    Then(Box<Output>, Then),
    /// The same command line once more, in a process that outlives this one.
    Again,
}

/// What is to be done once an output was written; not at all when it could not be.
pub struct Then(pub Box<dyn FnOnce() -> crate::error::Result<()>>);

impl std::fmt::Debug for Then {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Then")
    }
}

/// The form in which data is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A table for people.
    Table,
    /// Tab-separated, no head.
    Tsv,
    /// CSV with a head.
    Csv,
    /// One JSON document.
    Json,
    /// One JSON object per line.
    Jsonl,
    /// Ids, one per line.
    Ids,
}

impl Form {
    /// The form of that name.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "table" => Self::Table,
            "tsv" => Self::Tsv,
            "csv" => Self::Csv,
            "json" => Self::Json,
            "jsonl" => Self::Jsonl,
            "ids" => Self::Ids,
            _ => return None,
        })
    }
}

/// How to print.
pub struct Printer<'a> {
    /// Where data goes.
    pub out: &'a mut dyn Write,
    /// Where messages go.
    pub err: &'a mut dyn Write,
    /// The form of data.
    pub form: Form,
    /// The fields that JSON is to have; all when empty.
    pub json_fields: Vec<String>,
    /// The width of the terminal.
    pub width: usize,
    /// Whether standard output is a terminal.
    pub is_terminal: bool,
    /// Whether to colour.
    pub color: bool,
    /// Whether to leave out what was done.
    pub quiet: bool,
    /// Whether to name every record that was changed, and the causes of an error.
    pub verbose: bool,
}

impl Printer<'_> {
    /// Prints an output and gives the exit code.
    ///
    /// # Errors
    /// What writing says; a closed pipe is no error.
    pub fn print(&mut self, output: &Output) -> io::Result<u8> {
        let mut code = 0;
        match output {
            Output::Nothing | Output::Screen | Output::Demo(_) | Output::Keys | Output::Again => {}
            // What comes then is for the caller, who knows whether this was written.
            Output::Then(inner, _) => return self.print(inner),
            Output::Table(table) => self.table(table)?,
            Output::Done(receipt) => self.receipt(receipt)?,
            Output::Page(lines, json) => self.page(lines, json)?,
            Output::Bytes(bytes) => self.out.write_all(bytes)?,
            Output::Report(table, messages) => {
                self.table(table)?;
                self.out.flush()?;
                for message in messages.iter().filter(|_| !self.quiet) {
                    writeln!(self.err, "{}", text::line(message))?;
                }
            }
            Output::WithCode(inner, other) => {
                self.print(inner)?;
                code = *other;
            }
        }
        self.out.flush()?;
        self.err.flush()?;
        Ok(code)
    }

    /// Says something before a question, or in the middle of work.
    pub fn say(&mut self, line: &str) {
        // Nobody is told where standard error is closed.
        let _ = writeln!(self.err, "{}", text::line(line));
    }

    /// Asks a question; the answer is typed behind it.
    pub fn prompt(&mut self, question: &str) {
        // Nobody is asked where standard error is closed.
        let _ = write!(self.err, "{question}");
        let _ = self.err.flush();
    }

    fn table(&mut self, table: &Table) -> io::Result<()> {
        match self.form {
            Form::Table => {
                for (index, line) in table.lines(self.width).iter().enumerate() {
                    let is_head = index == 0 && !table.rows.is_empty() && self.color;
                    let (on, off) = if is_head {
                        ("\x1b[1m", "\x1b[0m")
                    } else {
                        ("", "")
                    };
                    writeln!(self.out, "{on}{line}{off}")?;
                }
            }
            Form::Tsv => {
                for row in &table.rows {
                    let id = row.id.filter(|_| table.with_ids).map(|id| id.text());
                    let cells = row.cells.iter().map(|cell| text::line(&cell.plain));
                    let all: Vec<String> = id.into_iter().chain(cells).collect();
                    writeln!(self.out, "{}", all.join("\t"))?;
                }
            }
            Form::Csv => self.csv(table)?,
            Form::Json => {
                let rows: Vec<Json> = self.objects(table);
                writeln!(self.out, "{}", json!({ "schema": 1, "data": rows }))?;
            }
            Form::Jsonl => {
                for object in self.objects(table) {
                    writeln!(self.out, "{object}")?;
                }
            }
            Form::Ids => {
                for id in table.rows.iter().filter_map(|row| row.id) {
                    writeln!(self.out, "{id}")?;
                }
            }
        }
        Ok(())
    }

    fn csv(&mut self, table: &Table) -> io::Result<()> {
        use crate::formats::{Cell, Row, csv};
        let rows: Vec<Row> = table
            .rows
            .iter()
            .map(|row| {
                let id = row
                    .id
                    .filter(|_| table.with_ids)
                    .map(|id| Cell::new("id", id.text()));
                let cells = table.heads.iter().zip(&row.cells);
                let cells = cells.map(|(head, cell)| Cell::new(head.name.as_str(), &cell.plain));
                Row {
                    cells: id.into_iter().chain(cells).collect(),
                    ..Row::default()
                }
            })
            .collect();
        let write = csv::FORMAT.write.ok_or(io::ErrorKind::Unsupported)?;
        self.out.write_all(&write(&rows))
    }

    fn objects(&self, table: &Table) -> Vec<Json> {
        let wanted = |name: &str| {
            let is_it = |field: &String| field.strip_prefix("custom.").unwrap_or(field) == name;
            self.json_fields.is_empty() || self.json_fields.iter().any(is_it)
        };
        let object = |row: &super::table::Row| {
            let mut object = serde_json::Map::new();
            if let Some(id) = row.id.filter(|_| wanted("id")) {
                object.insert("id".to_owned(), Json::String(id.text()));
            }
            for (head, cell) in table.heads.iter().zip(&row.cells) {
                if wanted(&head.name) {
                    object.insert(head.name.clone(), cell.json.clone());
                }
            }
            Json::Object(object)
        };
        table.rows.iter().map(object).collect()
    }

    fn receipt(&mut self, receipt: &Receipt) -> io::Result<()> {
        let id = receipt.records.first().map(|target| target.id);
        match self.form {
            Form::Json | Form::Jsonl => {
                let data = json!({
                    "change": receipt.number,
                    "summary": receipt.summary,
                    "records": receipt.records.iter()
                        .map(|target| json!({ "kind": target.kind.name, "id": target.id.text() }))
                        .collect::<Vec<_>>(),
                });
                let whole = json!({ "schema": 1, "data": data });
                writeln!(
                    self.out,
                    "{}",
                    if self.form == Form::Json { whole } else { data }
                )?;
            }
            _ if !self.is_terminal => {
                if let Some(id) = id.filter(|_| receipt.number.is_some()) {
                    writeln!(self.out, "{id}")?;
                }
            }
            _ => {}
        }
        for warning in &receipt.warnings {
            writeln!(self.err, "note: {}", text::line(warning))?;
        }
        if !self.quiet {
            let undo = match receipt.number {
                Some(_) if receipt.summary.starts_with("undid: ") => {
                    "  (redo: touchbase redo)".to_owned()
                }
                Some(number) => format!("  (undo: touchbase undo {number})"),
                None => String::new(),
            };
            writeln!(self.err, "{}{undo}", text::line(&receipt.summary))?;
        }
        for target in receipt.records.iter().filter(|_| self.verbose) {
            writeln!(self.err, "{} {}", target.kind.name, target.id)?;
        }
        Ok(())
    }

    fn page(&mut self, lines: &[String], json: &Json) -> io::Result<()> {
        if matches!(self.form, Form::Json | Form::Jsonl) {
            return writeln!(self.out, "{}", json!({ "schema": 1, "data": json }));
        }
        for line in lines {
            writeln!(self.out, "{}", text::lines(line))?;
        }
        Ok(())
    }

    /// Prints an error with its hints.
    ///
    /// # Errors
    /// What writing says.
    pub fn error(&mut self, error: &Error) -> io::Result<()> {
        let (on, off) = if self.color {
            ("\x1b[1;31m", "\x1b[0m")
        } else {
            ("", "")
        };
        writeln!(self.err, "{on}error:{off} {}", text::line(&error.message))?;
        for detail in &error.details {
            writeln!(self.err, "  {}", text::line(detail))?;
        }
        for hint in &error.hints {
            writeln!(self.err, "hint: {}", text::line(hint))?;
        }
        let mut cause = error
            .source
            .as_deref()
            .map(|source| source as &dyn std::error::Error);
        while let Some(source) = cause.filter(|_| self.verbose) {
            writeln!(self.err, "cause: {}", text::line(&source.to_string()))?;
            cause = source.source();
        }
        self.err.flush()
    }
}
