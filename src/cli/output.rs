//! What a command returns, and the only place that prints it.
//!
//! Data goes to standard output, everything else to standard error. A pipe gets tabs, no head,
//! no colour and nothing cut; a closed pipe is a quiet end.

use super::pager::Pager;
use super::sheet::Sheet;
use super::style::{Look, Meaning};
use super::table::{Fit, Row, Table};
use super::template::Template;
use crate::domain::nearest::nearest;
use crate::domain::values::text;
use crate::error::{Error, Result};
use crate::services::intent::Receipt;
use serde_json::{Map, Value as Json, json};
use std::io::{self, Write};

/// What a program is told of a change.
pub(crate) const OF_CHANGE: [&str; 3] = ["change", "summary", "records"];

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
    /// One record or answer in parts, wrapped to the terminal.
    Sheet(Sheet),
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

impl Output {
    /// Nothing but a message.
    pub fn said(message: impl Into<String>) -> Self {
        Self::Report(Table::default(), vec![message.into()])
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
    /// As the user's template says.
    Template,
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
    /// The user's own form of data.
    pub template: Option<Template>,
    /// How a terminal shows data.
    pub look: Look,
    /// Whether messages are coloured.
    pub color: bool,
    /// What shows data that is higher than the terminal.
    pub pager: Option<Pager>,
    /// Whether standard output is a terminal.
    pub is_terminal: bool,
    /// Whether to leave out what was done.
    pub quiet: bool,
    /// Whether to name every record that was changed, and the causes of an error.
    pub verbose: bool,
}

impl Printer<'_> {
    /// Prints an output and gives the exit code.
    ///
    /// # Errors
    /// What writing says, or a mistake of the user's: [`failure`] tells them apart.
    pub fn print(&mut self, output: &Output) -> io::Result<u8> {
        let mut code = 0;
        match output {
            Output::Nothing | Output::Screen | Output::Demo(_) | Output::Keys | Output::Again => {}
            // What comes then is for the caller, who knows whether this was written.
            Output::Then(inner, _) => return self.print(inner),
            Output::Table(table) => self.data(self.table(table))?,
            Output::Done(receipt) => self.receipt(receipt)?,
            Output::Page(lines, json) => {
                self.data(self.page(&[], json, || {
                    lines.iter().map(|one| text::lines(one)).collect()
                }))?;
            }
            Output::Sheet(sheet) => {
                self.data(self.page(&sheet.names, &sheet.json, || sheet.lines(&self.look)))?;
            }
            Output::Bytes(bytes) => self.out.write_all(bytes)?,
            Output::Report(table, messages) => {
                self.data(self.table(table))?;
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

    /// The fields and values that are asked for by name.
    pub(crate) fn wanted(&self) -> Vec<String> {
        let of_template = self.template.iter().flat_map(Template::names);
        let of_json = self.json_fields.iter().cloned();
        of_json
            .chain(of_template)
            .filter(|name| name != "id")
            .collect()
    }

    /// Writes data, or has it shown where it is higher than the terminal.
    fn data(&mut self, text: Result<String>) -> io::Result<()> {
        let text = text.map_err(io::Error::other)?;
        if let Some(pager) = self
            .pager
            .as_ref()
            .filter(|pager| pager.is_wanted(text.as_bytes()))
        {
            self.out.flush()?;
            if pager.show(text.as_bytes()) {
                return Ok(());
            }
        }
        self.out.write_all(text.as_bytes())?;
        self.out.flush()
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

    fn table(&self, table: &Table) -> Result<String> {
        self.check(table)?;
        let lines = match (self.form, &self.template) {
            (Form::Template, Some(template)) => {
                let rows = table.rows.iter();
                template.rows(rows.map(|row| object(table, row, |_, _| true)))?
            }
            (Form::Table | Form::Template, _) if self.look.spoken => table.spoken(),
            (Form::Table | Form::Template, _) => table.lines(&self.look),
            (Form::Tsv, _) => table.rows.iter().map(|row| tabbed(table, row)).collect(),
            (Form::Csv, _) => return csv(table),
            (Form::Json, _) => {
                let rows: Vec<Json> = self.objects(table).collect();
                vec![json!({ "schema": 1, "data": rows }).to_string()]
            }
            (Form::Jsonl, _) => self.objects(table).map(|row| row.to_string()).collect(),
            (Form::Ids, _) => {
                let ids = table.rows.iter().filter_map(|row| row.id);
                ids.map(|id| id.text()).collect()
            }
        };
        Ok(joined(lines))
    }

    /// Refuses names that the rows of a table do not have.
    fn check(&self, table: &Table) -> Result<()> {
        if table.heads.is_empty() {
            return Ok(());
        }
        let heads = table.heads.iter().map(|head| head.name.as_str());
        self.check_names(heads.chain(["id"]))
    }

    /// Refuses names that a template or `--json=` has and that are not known.
    ///
    /// # Errors
    /// The first of them, with the nearest that is known.
    pub(crate) fn check_names<'a>(
        &self,
        known: impl Iterator<Item = &'a str> + Clone,
    ) -> Result<()> {
        match &self.template {
            Some(template) => template.check(known),
            None => self.check_fields(known),
        }
    }

    /// Refuses names behind `--json=` that are not known.
    fn check_fields<'a>(&self, known: impl Iterator<Item = &'a str> + Clone) -> Result<()> {
        let is_known =
            |field: &str| field.starts_with("custom.") || known.clone().any(|name| name == field);
        match self.json_fields.iter().find(|field| !is_known(field)) {
            None => Ok(()),
            Some(field) => {
                let error = Error::invalid(format!("--json: there is no field `{field}` here"));
                Err(match nearest(field, known) {
                    Some(near) => error.hint(format!("did you mean `{near}`?")),
                    None => error,
                })
            }
        }
    }

    fn objects(&self, table: &Table) -> impl Iterator<Item = Json> {
        let wanted = |name: &str, fit: Fit| {
            let is_it = |field: &String| field.strip_prefix("custom.").unwrap_or(field) == name;
            if self.json_fields.is_empty() {
                fit != Fit::Hidden
            } else {
                self.json_fields.iter().any(is_it)
            }
        };
        let rows = table.rows.iter();
        rows.map(move |row| Json::Object(object(table, row, wanted)))
    }

    fn receipt(&mut self, receipt: &Receipt) -> io::Result<()> {
        let id = receipt.records.first().map(|target| target.id);
        match self.form {
            Form::Json | Form::Jsonl | Form::Template => {
                let data = json!({
                    "change": receipt.number,
                    "summary": receipt.summary,
                    "records": receipt.records.iter()
                        .map(|target| json!({ "kind": target.kind.name, "id": target.id.text() }))
                        .collect::<Vec<_>>(),
                });
                let text = match (self.form, &self.template) {
                    (Form::Template, Some(template)) => {
                        let object = data.as_object().cloned().unwrap_or_default();
                        template.page(&object, &[]).map_err(io::Error::other)?
                    }
                    (Form::Json, _) => json!({ "schema": 1, "data": data }).to_string(),
                    _ => data.to_string(),
                };
                writeln!(self.out, "{text}")?;
            }
            _ if !self.is_terminal => {
                if let Some(id) = id.filter(|_| receipt.number.is_some()) {
                    writeln!(self.out, "{id}")?;
                }
            }
            _ => {}
        }
        for warning in &receipt.warnings {
            let note = self.message("note:", Meaning::Warning);
            writeln!(self.err, "{note} {}", text::line(warning))?;
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

    fn page(
        &self,
        names: &[String],
        json: &Json,
        lines: impl FnOnce() -> Vec<String>,
    ) -> Result<String> {
        let nothing = Map::new();
        let object = json.as_object().unwrap_or(&nothing);
        let known = || {
            let present = object.keys().map(String::as_str);
            present.chain(names.iter().map(String::as_str))
        };
        let lines = match (self.form, &self.template) {
            (Form::Template, Some(template)) => {
                template.check(known())?;
                vec![template.page(object, names)?]
            }
            (Form::Json | Form::Jsonl, _) if self.json_fields.is_empty() => {
                vec![json!({ "schema": 1, "data": json }).to_string()]
            }
            (Form::Json | Form::Jsonl, _) => {
                self.check_fields(known())?;
                let fields = self.json_fields.iter();
                let own = |field: &String| object.get(field).cloned().unwrap_or_default();
                let some: Map<String, Json> =
                    fields.map(|field| (field.clone(), own(field))).collect();
                vec![json!({ "schema": 1, "data": some }).to_string()]
            }
            _ => lines(),
        };
        Ok(joined(lines))
    }

    /// The beginning of a message, in its colour.
    fn message(&self, text: &str, meaning: Meaning) -> String {
        let look = Look {
            color: self.color,
            ..self.look
        };
        look.paint(text, meaning)
    }

    /// Prints an error with its hints.
    ///
    /// # Errors
    /// What writing says.
    pub fn error(&mut self, error: &Error) -> io::Result<()> {
        let error_word = self.message("error:", Meaning::Failure);
        writeln!(self.err, "{error_word} {}", text::line(&error.message))?;
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

/// What is to be told of a failure to print: nothing where the reader has gone.
pub fn failure(error: io::Error) -> Option<Error> {
    if error.kind() == io::ErrorKind::BrokenPipe {
        return None;
    }
    Some(match error.downcast::<Error>() {
        Ok(own) => own,
        Err(error) => Error::io("cannot write the output", error),
    })
}

fn joined(mut lines: Vec<String>) -> String {
    for line in &mut lines {
        line.push('\n');
    }
    lines.concat()
}

/// The columns that are not only there for who asks for them by name.
fn visible<'t>(
    table: &'t Table,
    row: &'t Row,
) -> impl Iterator<Item = (&'t super::table::Head, &'t super::table::Cell)> {
    let cells = table.heads.iter().zip(&row.cells);
    cells.filter(|(head, _)| head.fit != Fit::Hidden)
}

/// A row with tabs between its cells.
fn tabbed(table: &Table, row: &Row) -> String {
    let id = row.id.filter(|_| table.with_ids).map(|id| id.text());
    let cells = visible(table, row).map(|(_, cell)| text::line(&cell.plain));
    id.into_iter().chain(cells).collect::<Vec<_>>().join("\t")
}

fn csv(table: &Table) -> Result<String> {
    use crate::formats::{Cell, Row, csv};
    let row = |row: &super::table::Row| {
        let id = row
            .id
            .filter(|_| table.with_ids)
            .map(|id| Cell::new("id", id.text()));
        let cells =
            visible(table, row).map(|(head, cell)| Cell::new(head.name.as_str(), &cell.plain));
        Row {
            cells: id.into_iter().chain(cells).collect(),
            ..Row::default()
        }
    };
    let rows: Vec<Row> = table.rows.iter().map(row).collect();
    let write = csv::FORMAT.write.ok_or_else(|| {
        Error::new(
            crate::error::ErrorKind::Bug,
            "the CSV format cannot be written",
        )
    })?;
    Ok(String::from_utf8_lossy(&write(&rows)).into_owned())
}

/// The rows of a table as JSON gives them, unless fields are named.
pub fn objects(table: &Table) -> Vec<Json> {
    let shown = |_: &str, fit: Fit| fit != Fit::Hidden;
    let rows = table.rows.iter();
    rows.map(|row| Json::Object(object(table, row, shown)))
        .collect()
}

/// A row as an object of what is wanted.
fn object(table: &Table, row: &Row, wanted: impl Fn(&str, Fit) -> bool) -> Map<String, Json> {
    let mut object = Map::new();
    if let Some(id) = row.id.filter(|_| wanted("id", Fit::Whole)) {
        object.insert("id".to_owned(), Json::String(id.text()));
    }
    for (head, cell) in table.heads.iter().zip(&row.cells) {
        if wanted(&head.name, head.fit) {
            object.insert(head.name.clone(), cell.json.clone());
        }
    }
    object
}
