//! CSV: any delimiter, any encoding, ragged rows and preambles in; RFC 4180 out.
//!
//! A cell that a spreadsheet could take for a formula is written with a `'` before it,
//! and reading takes that away again. Plain amounts and phone numbers (`-5.00 EUR`,
//! `+491701234567`) are no formulas and stay as they are, so that other programs can use them.

use super::encoding::decode;
use super::{Cell, Format, FormatError, ReadResult, Row, RowError};
use std::collections::HashSet;
use std::sync::Arc;

/// Comma-separated values, and their kin with semicolons, tabs and bars.
pub const FORMAT: Format = Format {
    name: "csv",
    help: "Comma-separated values with a header row, as spreadsheets and other CRMs write them",
    extensions: &["csv", "tsv", "tab"],
    sniff,
    read,
    write: Some(write),
};

const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];
/// How many records the delimiter and the header are guessed from.
const SAMPLE: usize = 40;
/// How many lines may stand before the header.
const PREAMBLE: usize = 20;
/// How often reading starts again behind a quote that is never closed.
const RESTARTS: u32 = 50;

fn sniff(bytes: &[u8], _: Option<&str>) -> bool {
    let head = &bytes[..bytes.len().min(4096)];
    // A cut through a character must not make the rest look like another encoding.
    let head = head
        .iter()
        .rposition(|&byte| byte == b'\n')
        .map_or(head, |end| &head[..end]);
    decode(head).is_ok_and(|text| {
        let first = text.lines().find(|line| !line.trim().is_empty());
        text.lines().count() > 1
            && first.is_some_and(|line| line.bytes().any(|byte| DELIMITERS.contains(&byte)))
            && !text.trim_start().starts_with(['{', '[', '<'])
    })
}

fn read(bytes: &[u8]) -> ReadResult {
    let text = decode(bytes)?;
    let (skipped, body, delimiter) = delimiter_of(&text);
    let records = records(body, delimiter, skipped + 1);
    let width = |record: &Result<Record, RowError>| {
        record.as_ref().map_or(0, |record| {
            record
                .cells
                .iter()
                .filter(|cell| !cell.trim().is_empty())
                .count()
        })
    };
    let header = header_place(&records.iter().map(width).collect::<Vec<_>>());
    let Some(Ok(head)) = records.get(header) else {
        return Err(FormatError::NotThis(
            "the file has no header row".to_owned(),
        ));
    };
    let names = names(&head.cells);
    Ok(records
        .into_iter()
        .skip(header + 1)
        .filter(|record| {
            record
                .as_ref()
                .map_or(true, |record| record.cells.iter().any(|c| !c.is_empty()))
        })
        .map(|record| record.map(|record| row(record, &names)))
        .collect())
}

struct Record {
    line: u64,
    cells: Vec<String>,
}

fn row(record: Record, names: &[Arc<str>]) -> Row {
    let extra = record.cells.len().saturating_sub(names.len());
    let mut cells: Vec<Cell> = Vec::with_capacity(record.cells.len());
    for (index, value) in record.cells.into_iter().enumerate() {
        let name = names.get(index).cloned();
        if name.is_none() && value.is_empty() {
            continue;
        }
        cells.push(Cell {
            name: name.unwrap_or_else(|| format!("column {}", index + 1).into()),
            label: String::new(),
            value: undefuse(value),
        });
    }
    let beyond = cells.len() > names.len();
    let notes = if beyond {
        vec![format!("{extra} more cells than the header has columns")]
    } else {
        Vec::new()
    };
    Row {
        line: record.line,
        cells,
        notes,
        ..Row::default()
    }
}

/// The names of columns: none empty, no two the same.
fn names(header: &[String]) -> Vec<Arc<str>> {
    let mut taken: HashSet<String> = HashSet::new();
    let mut names = Vec::with_capacity(header.len());
    for (index, cell) in header.iter().enumerate() {
        let plain = cell.split_whitespace().collect::<Vec<_>>().join(" ");
        let plain = if plain.is_empty() {
            format!("column {}", index + 1)
        } else {
            plain
        };
        let mut name = plain.clone();
        let mut number = 1_u32;
        while !taken.insert(name.to_lowercase()) {
            number += 1;
            name = format!("{plain} {number}");
        }
        names.push(Arc::from(name));
    }
    names
}

/// Where the header is: the first record, unless it and some more have one cell and the
/// rest have many, as below the preamble of a LinkedIn export.
fn header_place(widths: &[usize]) -> usize {
    let widest = widths.iter().take(SAMPLE).max().copied().unwrap_or(0);
    let first = widths.iter().position(|&width| width > 0).unwrap_or(0);
    if widest < 3 || widths.get(first).is_none_or(|&width| width > 1) {
        return first;
    }
    widths
        .iter()
        .take(PREAMBLE)
        .position(|&width| width >= 2 && width.saturating_mul(2) >= widest)
        .unwrap_or(first)
}

/// The delimiter, and the text behind a `sep=;` line with the number of lines taken away.
fn delimiter_of(text: &str) -> (u64, &str, u8) {
    if let Some((first, rest)) = text.split_once('\n')
        && let Some(&[delimiter]) = first.trim_end().strip_prefix("sep=").map(str::as_bytes)
    {
        return (1, rest, delimiter);
    }
    (0, text, guess_delimiter(text))
}

/// The delimiter that gives the most rows of one width, among those that split the first row.
fn guess_delimiter(text: &str) -> u8 {
    let measured = DELIMITERS.map(|delimiter| {
        let mut reader = reader(text, delimiter);
        let widths = reader
            .records()
            .filter_map(Result::ok)
            .take(SAMPLE)
            .map(|record| record.len());
        (delimiter, widths.collect::<Vec<_>>())
    });
    let splits_first = |widths: &[usize]| widths.first().is_some_and(|&width| width > 1);
    let any = measured.iter().any(|(_, widths)| splits_first(widths));
    let score = |widths: &[usize]| {
        let usual = (2..=256)
            .max_by_key(|&wide| (widths.iter().filter(|&&width| width == wide).count(), wide));
        let usual = usual.unwrap_or(1);
        let rows = widths.iter().filter(|&&width| width == usual).count();
        rows.saturating_mul(usual - 1)
            .saturating_mul(1000)
            .checked_div(widths.len())
            .unwrap_or(0)
    };
    let mut best = (b',', 0);
    for (delimiter, widths) in &measured {
        let points = score(widths);
        if (!any || splits_first(widths)) && points > best.1 {
            best = (*delimiter, points);
        }
    }
    best.0
}

fn reader(text: &str, delimiter: u8) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes())
}

/// Every record with its line. A quote that is not closed where its cell ends swallows the
/// rows below it: its record is an error, and reading starts again on the next line.
fn records(text: &str, delimiter: u8, first_line: u64) -> Vec<Result<Record, RowError>> {
    let mut all = Vec::new();
    let (mut rest, mut line) = (text, first_line);
    for restart in 0..=RESTARTS {
        let Some((start, at)) =
            records_until_open(rest, delimiter, line, restart < RESTARTS, &mut all)
        else {
            break;
        };
        let reason = "a quote opens here and is not closed".to_owned();
        all.push(Err(RowError { line: at, reason }));
        let Some(next) = rest[start..].find('\n') else {
            break;
        };
        rest = &rest[start + next + 1..];
        line = at + 1;
    }
    all
}

/// Reads records up to one whose quote is left open; returns its place and line.
fn records_until_open(
    text: &str,
    delimiter: u8,
    line: u64,
    careful: bool,
    all: &mut Vec<Result<Record, RowError>>,
) -> Option<(usize, u64)> {
    let mut reader = reader(text, delimiter);
    let mut lines = Lines::new(text, line);
    let mut record = csv::StringRecord::new();
    while let Ok(true) = reader.read_record(&mut record) {
        let start = record.position().map_or(0, csv::Position::byte);
        let start = lines.start_of(usize::try_from(start).unwrap_or(usize::MAX));
        let end = usize::try_from(reader.position().byte()).unwrap_or(text.len());
        let raw = text.get(start..end.min(text.len())).unwrap_or("");
        if careful && raw.trim_end().contains('\n') && is_open(raw, delimiter) {
            return Some((start, lines.line));
        }
        let cells = record.iter().map(str::to_owned).collect();
        let line = lines.line;
        all.push(Ok(Record { line, cells }));
    }
    None
}

/// Whether a quoted cell of a record is never closed, or closed where no cell ends.
fn is_open(raw: &str, delimiter: u8) -> bool {
    let ends = |byte: Option<&u8>| byte.is_none_or(|&b| b == delimiter || b == b'\n' || b == b'\r');
    let (mut quoted, mut fresh) = (false, true);
    let mut bytes = raw.as_bytes().iter().peekable();
    while let Some(&byte) = bytes.next() {
        match byte {
            b'"' if quoted && bytes.peek() == Some(&&b'"') => {
                bytes.next();
            }
            b'"' if quoted && !ends(bytes.peek().copied()) => return true,
            b'"' if quoted || fresh => quoted = !quoted,
            _ => {}
        }
        fresh = !quoted && ends(Some(&byte));
    }
    quoted
}

/// Counts lines up to where records start.
struct Lines<'a> {
    text: &'a str,
    at: usize,
    line: u64,
}

impl<'a> Lines<'a> {
    const fn new(text: &'a str, line: u64) -> Self {
        Self { text, at: 0, line }
    }

    /// Moves on to the record that starts at or, behind empty lines, after a place.
    fn start_of(&mut self, place: usize) -> usize {
        let bytes = self.text.as_bytes();
        let mut place = place.clamp(self.at, bytes.len());
        while matches!(bytes.get(place), Some(b'\n' | b'\r')) {
            place += 1;
        }
        let passed = bytes.get(self.at..place).unwrap_or(&[]);
        let breaks = passed.iter().enumerate().filter(|&(index, &byte)| {
            byte == b'\n' || (byte == b'\r' && bytes.get(self.at + index + 1) != Some(&b'\n'))
        });
        self.line += u64::try_from(breaks.count()).unwrap_or(0);
        self.at = place;
        place
    }
}

fn write(rows: &[Row]) -> Vec<u8> {
    let mut names: Vec<Arc<str>> = Vec::new();
    let mut known: HashSet<Arc<str>> = HashSet::new();
    for cell in rows.iter().flat_map(|row| &row.cells) {
        if known.insert(Arc::clone(&cell.name)) {
            names.push(Arc::clone(&cell.name));
        }
    }
    if names.is_empty() {
        return Vec::new();
    }
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    // Writing to memory cannot fail.
    let _ = writer.write_record(names.iter().map(|name| defuse(name)));
    for row in rows {
        let cells = names.iter().map(|name| {
            let mut text = String::new();
            for cell in row.cells.iter().filter(|cell| cell.name == *name) {
                if !text.is_empty() {
                    text.push_str("; ");
                }
                if !cell.label.is_empty() {
                    text.push_str(&cell.label);
                    text.push(':');
                }
                text.push_str(&cell.value);
            }
            defuse(&text)
        });
        let _ = writer.write_record(cells);
    }
    writer.into_inner().unwrap_or_default()
}

const FUSES: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

fn defuse(text: &str) -> String {
    if text.trim_start_matches('\'').starts_with(FUSES) && !is_plain_number(text) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

fn undefuse(text: String) -> String {
    match text.strip_prefix('\'') {
        Some(rest)
            if rest.trim_start_matches('\'').starts_with(FUSES) && !is_plain_number(rest) =>
        {
            rest.to_owned()
        }
        _ => text,
    }
}

/// A sign and digits with points and commas, perhaps a currency: no spreadsheet computes with
/// that, and a phone number in E.164 form is one.
fn is_plain_number(text: &str) -> bool {
    let Some(rest) = text.strip_prefix(['+', '-']) else {
        return false;
    };
    let (number, currency) = rest.split_once(' ').unwrap_or((rest, ""));
    number.starts_with(|c: char| c.is_ascii_digit())
        && number
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, '.' | ','))
        && (currency.is_empty() && !rest.contains(' ')
            || currency.len() == 3 && currency.chars().all(|c| c.is_ascii_uppercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The rows as `line: name=value|name=value`, errors as `line! reason`.
    fn shown(bytes: &[u8]) -> Vec<String> {
        let rows = read(bytes).expect("a readable file");
        let show = |row: Result<Row, RowError>| match row {
            Ok(row) => {
                let cells = row.cells.iter().filter(|cell| !cell.value.is_empty());
                let cells: Vec<String> = cells
                    .map(|cell| format!("{}={}", cell.name, cell.value))
                    .collect();
                format!("{}: {}", row.line, cells.join("|"))
            }
            Err(error) => format!("{}! {}", error.line, error.reason),
        };
        rows.into_iter().map(show).collect()
    }

    fn check(text: &str, expect: &[&str]) {
        assert_eq!(shown(text.as_bytes()), expect, "{text}");
    }

    #[test]
    fn any_delimiter_is_found_and_quotes_are_respected() {
        check("a,b\n1,\"x, y\"\n", &["2: a=1|b=x, y"]);
        check("a;b\n1;2,5\n3;4,5\n", &["2: a=1|b=2,5", "3: a=3|b=4,5"]);
        check(
            "name;address\nZoë;Str. 1, 12345 Berlin, X, Y\n",
            &["2: name=Zoë|address=Str. 1, 12345 Berlin, X, Y"],
        );
        check("a\tb\n1\t2\n", &["2: a=1|b=2"]);
        check("a|b\n1|2\n", &["2: a=1|b=2"]);
        check("sep=;\na;b\n1;2\n", &["3: a=1|b=2"]);
        check(
            "email\na@x.de\nb@x.de\n",
            &["2: email=a@x.de", "3: email=b@x.de"],
        );
    }

    #[test]
    fn ragged_rows_empty_lines_and_doubled_headers_lose_nothing() {
        check(
            "a,b,a,\n1\n\n\n1,2,3,4,5,6\n",
            &[
                "2: a=1",
                "5: a=1|b=2|a 2=3|column 4=4|column 5=5|column 6=6",
            ],
        );
        check(
            "a,b\r\n\"x\ny\",2\r\n,\r\n3,4\r\n",
            &["2: a=x\ny|b=2", "5: a=3|b=4"],
        );
    }

    #[test]
    fn a_preamble_before_the_header_is_passed_over() {
        check(
            "Notes:\n\"When exporting, you may\"\n\n\nFirst Name,Last Name,URL\nAda,Lovelace,x\n",
            &["6: First Name=Ada|Last Name=Lovelace|URL=x"],
        );
    }

    #[test]
    fn an_open_quote_costs_one_row() {
        check(
            "a,b\n1,\"open\n2,x\n3,\"y\"\n4,\"z\n5,w\n",
            &[
                "2! a quote opens here and is not closed",
                "3: a=2|b=x",
                "4: a=3|b=y",
                "5! a quote opens here and is not closed",
                "6: a=5|b=w",
            ],
        );
    }

    #[test]
    fn what_is_written_is_harmless_in_a_spreadsheet_and_reads_back() {
        let check = |value: &str, written: &str| {
            let row = Row {
                line: 2,
                cells: vec![Cell::new("a", value), Cell::new("b", "x")],
                ..Row::default()
            };
            let bytes = write(std::slice::from_ref(&row));
            let text = String::from_utf8(bytes.clone()).expect("text");
            assert_eq!(text, format!("a,b\r\n{written},x\r\n"));
            assert_eq!(read(&bytes), Ok(vec![Ok(row)]), "{value}");
        };
        check("=1+1", "'=1+1");
        check("@cmd", "'@cmd");
        check("-2+3", "'-2+3");
        check("+1-805-247", "'+1-805-247");
        check("'=x", "''=x");
        check("'tis", "'tis");
        check("+491701234567", "+491701234567");
        check("-5.00 EUR", "-5.00 EUR");
        check("a \"b\", c", "\"a \"\"b\"\", c\"");
    }

    #[test]
    fn several_cells_of_one_name_are_one_list() {
        let row = Row {
            cells: vec![
                Cell::labelled("email", "work", "a@x.de"),
                Cell::labelled("email", "", "b@x.de"),
            ],
            ..Row::default()
        };
        let text = String::from_utf8(write(&[row])).expect("text");
        assert_eq!(text, "email\r\nwork:a@x.de; b@x.de\r\n");
    }
}
