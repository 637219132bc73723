//! What became of every row of an import, in words that a person understands.

use crate::domain::kind::Kind;
use crate::formats::{self, Cell, Row};
use crate::services::words;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What became of one row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is a new record.
    Imported,
    /// It changed a record that was there.
    Updated,
    /// Nothing was to be done, and why.
    Skipped(String),
    /// It could not come in, and why.
    Failed(String),
}

impl Outcome {
    /// The word for it.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Imported => "imported",
            Self::Updated => "updated",
            Self::Skipped(_) => "skipped",
            Self::Failed(_) => "failed",
        }
    }

    /// Why, for rows that did not come in.
    pub fn reason(&self) -> &str {
        match self {
            Self::Skipped(reason) | Self::Failed(reason) => reason,
            Self::Imported | Self::Updated => "",
        }
    }
}

/// One row of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowOutcome {
    /// The file's name.
    pub file: Arc<str>,
    /// The line on which the row starts.
    pub line: u64,
    /// What it was taken for; none where that is not known.
    pub kind: Option<&'static Kind>,
    /// What became of it.
    pub outcome: Outcome,
    /// The record's title.
    pub title: String,
    /// What was odd, although the row came in.
    pub warnings: Vec<String>,
}

/// How many rows met each outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Rows that are new records.
    pub imported: usize,
    /// Rows that changed a record.
    pub updated: usize,
    /// Rows that changed nothing.
    pub skipped: usize,
    /// Rows that could not come in.
    pub failed: usize,
}

impl Totals {
    /// All rows.
    pub const fn rows(&self) -> usize {
        self.imported + self.updated + self.skipped + self.failed
    }
}

/// What an import did, or would do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImportReport {
    /// Every row, in the order of the files.
    pub rows: Vec<RowOutcome>,
    /// How many rows met each outcome.
    pub totals: Totals,
    /// Companies that were made because rows named them.
    pub companies_created: usize,
    /// Links that were made, by `kind field`: `deal company`.
    pub links_made: BTreeMap<String, usize>,
    /// Links that could not be made, by column and why.
    pub unlinked: BTreeMap<String, usize>,
    /// Stages that were made, each with its pipeline.
    pub stages_created: Vec<(String, String)>,
    /// Stages that rows named and no pipeline has, with the number of rows.
    pub stages_missing: BTreeMap<String, usize>,
    /// Columns that became fields of the user's own.
    pub custom_fields: Vec<String>,
    /// The number of the change; none in a dry run, or when nothing was to be changed.
    pub change: Option<u64>,
    /// One line of words.
    pub summary: String,
    /// What the user should know besides.
    pub warnings: Vec<String>,
}

impl ImportReport {
    pub(super) fn count(&mut self) {
        let mut totals = Totals::default();
        for row in &self.rows {
            match row.outcome {
                Outcome::Imported => totals.imported += 1,
                Outcome::Updated => totals.updated += 1,
                Outcome::Skipped(_) => totals.skipped += 1,
                Outcome::Failed(_) => totals.failed += 1,
            }
        }
        self.totals = totals;
    }

    /// Reasons of rows that did not come in and warnings of those that did, each with the
    /// number of rows and the first of them, the most frequent first.
    pub fn reasons(&self) -> Vec<(&'static str, String, usize, &RowOutcome)> {
        let mut found: BTreeMap<(&'static str, &str), (usize, &RowOutcome)> = BTreeMap::new();
        for row in &self.rows {
            let warnings = row.warnings.iter().map(|text| ("warning", text.as_str()));
            let reason = Some((row.outcome.word(), row.outcome.reason()));
            let reason = reason.filter(|(_, text)| !text.is_empty());
            for key in warnings.chain(reason) {
                found.entry(key).or_insert((0, row)).0 += 1;
            }
        }
        let mut all: Vec<_> = found
            .into_iter()
            .map(|((word, text), (count, row))| (word, text.to_owned(), count, row))
            .collect();
        all.sort_by_key(|(_, _, count, _)| std::cmp::Reverse(*count));
        all
    }

    /// Every row as CSV.
    pub fn csv(&self) -> Vec<u8> {
        let row = |row: &RowOutcome| Row {
            cells: vec![
                Cell::new("file", &*row.file),
                Cell::new("line", row.line.to_string()),
                Cell::new("kind", row.kind.map_or("", |kind| kind.name)),
                Cell::new("title", row.title.as_str()),
                Cell::new("outcome", row.outcome.word()),
                Cell::new("reason", row.outcome.reason()),
                Cell::new("warnings", row.warnings.join("; ")),
            ],
            ..Row::default()
        };
        let rows: Vec<Row> = self.rows.iter().map(row).collect();
        let write = formats::csv::FORMAT.write;
        write.map(|write| write(&rows)).unwrap_or_default()
    }

    /// The report as lines for a person: totals, what was made beside the rows, then reasons.
    pub fn lines(&self) -> Vec<String> {
        let totals = self.totals;
        let mut lines = vec![format!(
            "{} rows: {} imported, {} updated, {} skipped, {} failed",
            totals.rows(),
            totals.imported,
            totals.updated,
            totals.skipped,
            totals.failed
        )];
        if self.companies_created > 0 {
            let made = words::count(self.companies_created, &crate::domain::company::KIND);
            lines.push(format!("{made} made because rows name them"));
        }
        for (name, count) in &self.links_made {
            let links = if *count == 1 { "link" } else { "links" };
            lines.push(format!("{count} {links}: {name}"));
        }
        for (name, count) in &self.unlinked {
            lines.push(format!("{count} not linked: {name}"));
        }
        for (pipeline, stage) in &self.stages_created {
            lines.push(format!("stage `{stage}` added to pipeline `{pipeline}`"));
        }
        for (stage, count) in &self.stages_missing {
            lines.push(format!("no stage `{stage}`: {count} rows"));
        }
        if !self.custom_fields.is_empty() {
            let names = self.custom_fields.join(", ");
            lines.push(format!("kept as fields of your own: {names}"));
        }
        for (word, text, count, row) in self.reasons() {
            let place = format!("first at {}:{}", row.file, row.line);
            lines.push(format!("{count} {word}: {text} ({place})"));
        }
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_counted_and_point_at_the_first_row() {
        let row = |line, outcome: Outcome, warnings: &[&str]| RowOutcome {
            file: Arc::from("a.csv"),
            line,
            kind: None,
            outcome,
            title: String::new(),
            warnings: warnings.iter().map(|&text| text.to_owned()).collect(),
        };
        let mut report = ImportReport {
            rows: vec![
                row(2, Outcome::Imported, &["phone `x` is kept as text"]),
                row(3, Outcome::Skipped("is there already".to_owned()), &[]),
                row(4, Outcome::Skipped("is there already".to_owned()), &[]),
                row(5, Outcome::Failed("it has no name".to_owned()), &[]),
            ],
            ..ImportReport::default()
        };
        report.count();
        assert_eq!(
            report.lines(),
            [
                "4 rows: 1 imported, 0 updated, 2 skipped, 1 failed",
                "2 skipped: is there already (first at a.csv:3)",
                "1 failed: it has no name (first at a.csv:5)",
                "1 warning: phone `x` is kept as text (first at a.csv:2)",
            ]
        );
    }
}
