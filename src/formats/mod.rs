//! Formats: bytes of files to neutral rows and back. No store, no files, no clock.
//!
//! Start with [`FORMATS`]: adding a format is one new file that declares a `FORMAT`
//! and two lines here.

pub mod archive;
pub mod csv;
pub mod encoding;
pub mod jsonl;
pub mod mail;
pub mod vcard;

use std::fmt;
use std::sync::Arc;

/// Every format, in the order in which an unknown file is tried.
pub const FORMATS: &[&Format] = &[&jsonl::JSONL, &jsonl::JSON, &vcard::FORMAT, &csv::FORMAT];

/// The format of that name.
pub fn by_name(name: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|format| format.name == name).copied()
}

/// The format in which bytes seem to be, by their content first and their file's name second.
pub fn sniff(bytes: &[u8], file_name: Option<&str>) -> Option<&'static Format> {
    let by_content = FORMATS
        .iter()
        .find(|format| (format.sniff)(bytes, file_name));
    by_content
        .or_else(|| {
            let extension = file_name?.rsplit_once('.')?.1.to_lowercase();
            FORMATS
                .iter()
                .find(|format| format.extensions.contains(&extension.as_str()))
        })
        .copied()
}

/// One format that files can have.
pub struct Format {
    /// Its name, as `--format` takes it.
    pub name: &'static str,
    /// One line of help.
    pub help: &'static str,
    /// Endings of its files, in lower case.
    pub extensions: &'static [&'static str],
    /// Whether bytes are surely of this format; the file's name may help.
    pub sniff: fn(&[u8], Option<&str>) -> bool,
    /// Reads a file: one result for each record, in the file's order.
    pub read: fn(&[u8]) -> ReadResult,
    /// Writes a file, where the format can be written.
    pub write: Option<WriteRows>,
}

/// Writes rows as a file's bytes.
pub type WriteRows = fn(&[Row]) -> Vec<u8>;

/// What reading a file gives: one result for each record, or why there are none at all.
pub type ReadResult = Result<Vec<Result<Row, RowError>>, FormatError>;

impl fmt::Debug for Format {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name)
    }
}

/// One record of a file, before anything is known about its meaning.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row {
    /// The line of the file on which it starts, from 1.
    pub line: u64,
    /// What kind of record it is, where the format says so.
    pub kind: Option<String>,
    /// Its cells, in the file's order.
    pub cells: Vec<Cell>,
    /// The record as this program writes it whole, where the file bears that.
    pub whole: Option<serde_json::Value>,
    /// What was odd about it, in words.
    pub notes: Vec<String>,
}

impl Row {
    /// The value of the first cell of that name; empty when there is none.
    pub fn value(&self, name: &str) -> &str {
        self.cells
            .iter()
            .find(|cell| &*cell.name == name)
            .map_or("", |cell| &cell.value)
    }
}

/// One named value of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// The header of its column, or the name of the contact field that the format means.
    pub name: Arc<str>,
    /// The label, where the format knows labels: `work`, `home`.
    pub label: String,
    /// The text.
    pub value: String,
}

impl Cell {
    /// A cell without a label.
    pub fn new(name: impl Into<Arc<str>>, value: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            label: String::new(),
            value: value.into(),
        }
    }

    /// A cell with a label.
    pub fn labelled(
        name: impl Into<Arc<str>>,
        label: impl Into<String>,
        value: impl Into<String>,
    ) -> Self {
        Self {
            name: name.into(),
            label: label.into(),
            value: value.into(),
        }
    }
}

/// Why one record of a file could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowError {
    /// The line on which it starts, from 1.
    pub line: u64,
    /// What is wrong, in words.
    pub reason: String,
}

/// Why a file could not be read at all.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FormatError {
    /// There is nothing in it.
    #[error("the file is empty")]
    Empty,
    /// It is not text.
    #[error("the file is not text")]
    NotText,
    /// It is not of this format, with the reason in words.
    #[error("{0}")]
    NotThis(String),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_recognised_by_its_content_and_else_by_its_name() {
        let check = |bytes: &str, name: Option<&str>, expect: Option<&str>| {
            let found = sniff(bytes.as_bytes(), name).map(|format| format.name);
            assert_eq!(found, expect, "{bytes} {name:?}");
        };
        check("BEGIN:VCARD\nEND:VCARD", None, Some("vcard"));
        check("\n{\"kind\":\"contact\"}\n", None, Some("jsonl"));
        check("{\"schema\":1,\"data\":[]}", None, Some("json"));
        check("[{\"name\":\"Zoë\"}]", Some("x.txt"), Some("json"));
        check("Name,Email\nZoë,z@x.de\n", None, Some("csv"));
        check("Name\nZoë\n", Some("names.CSV"), Some("csv"));
        check("hello", Some("letter.doc"), None);
    }

    use proptest::prelude::*;

    /// Files of every format, to be cut and mixed.
    const SAMPLES: [&str; 4] = [
        "\u{FEFF}Name;\"E-mail\";Note\r\nZoë;z@x.de;\"a;\"\"b\"\"\nc\"\r\n\r\n=1;+2;\t3\r\n",
        "BEGIN:VCARD\r\nVERSION:2.1\r\nN;ENCODING=QUOTED-PRINTABLE:M=C3=BC;Z=\r\n=C3=AB;;;\r\nADR;HOME:;;a;b;c;d;e\r\nBDAY:--0517\r\nitem1.TEL;TYPE=cell,pref:+49\r\nitem1.X-ABLabel:_$!<x>!$_\r\nEND:VCARD\r\n",
        "{\"schema\":1,\"data\":[{\"kind\":\"deal\",\"id\":\"x\"},{\"a\":[1,{\"label\":\"b\",\"value\":\"c\"}]}]}",
        "{\"name\":\"Zoë\"}\n{oops\n[]\n",
    ];

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(96))]
        #[test]
        fn no_bytes_stop_a_reader(
            noise in proptest::collection::vec(any::<u8>(), 0..40),
            sample in 0_usize..4,
            place in any::<proptest::sample::Index>(),
            cut in any::<proptest::sample::Index>(),
        ) {
            let mut bytes = SAMPLES[sample].as_bytes().to_vec();
            bytes.truncate(cut.index(bytes.len() + 1));
            let place = place.index(bytes.len() + 1);
            bytes.splice(place..place, noise.iter().copied());
            for bytes in [&bytes, &noise] {
                let _ = sniff(bytes, Some("a.csv"));
                for format in FORMATS {
                    let rows = (format.read)(bytes).unwrap_or_default();
                    let rows: Vec<Row> = rows.into_iter().flatten().collect();
                    if let Some(write) = format.write {
                        let _ = write(&rows);
                    }
                }
            }
        }
    }
}
