//! JSON and JSON lines: this program's own records whole, other programs' objects as cells.

use super::encoding::decode;
use super::{Cell, Format, FormatError, ReadResult, Row, RowError};
use serde_json::{Map, Value};

/// One record in each line: the format of backups.
pub const JSONL: Format = Format {
    name: "jsonl",
    help: "One JSON object in each line: every record whole, for backups",
    extensions: &["jsonl", "ndjson"],
    sniff: |bytes, _| {
        let Ok(text) = decode(bytes) else {
            return false;
        };
        let mut lines = text.lines().filter(|line| !line.trim().is_empty());
        lines
            .next()
            .and_then(object)
            .is_some_and(|first| !is_envelope(&first))
    },
    read: read_lines,
    write: Some(|rows| {
        let mut bytes = Vec::new();
        for row in rows {
            bytes.extend(object_of(row).to_string().into_bytes());
            bytes.push(b'\n');
        }
        bytes
    }),
};

/// One document with all records: `{"schema":1,"data":[…]}`.
pub const JSON: Format = Format {
    name: "json",
    help: "One JSON document, {\"schema\":1,\"data\":[…]}",
    extensions: &["json"],
    sniff: |bytes, _| {
        decode(bytes).is_ok_and(|text| {
            let text = text.trim_start();
            text.starts_with('[') && text[1..].trim_start().starts_with(['{', ']'])
                || text.starts_with('{') && object(text).is_some_and(|all| is_envelope(&all))
        })
    },
    read: read_document,
    write: Some(|rows| {
        let data: Vec<Value> = rows.iter().map(object_of).collect();
        let mut bytes = serde_json::json!({ "schema": 1, "data": data })
            .to_string()
            .into_bytes();
        bytes.push(b'\n');
        bytes
    }),
};

fn object(text: &str) -> Option<Map<String, Value>> {
    serde_json::from_str(text).ok()
}

fn is_envelope(object: &Map<String, Value>) -> bool {
    object.get("data").is_some_and(Value::is_array)
}

fn read_lines(bytes: &[u8]) -> ReadResult {
    let text = decode(bytes)?;
    let numbered = text
        .lines()
        .zip(1_u64..)
        .filter(|(line, _)| !line.trim().is_empty());
    Ok(numbered
        .map(|(text, line)| match serde_json::from_str(text) {
            Ok(value) => row(line, value),
            Err(error) => Err(RowError {
                line,
                reason: format!("not JSON: {}", without_place(&error)),
            }),
        })
        .collect())
}

fn read_document(bytes: &[u8]) -> ReadResult {
    let text = decode(bytes)?;
    let document: Value = serde_json::from_str(&text)
        .map_err(|error| FormatError::NotThis(format!("not JSON: {error}")))?;
    let data = match document {
        Value::Array(data) => data,
        Value::Object(mut object) => {
            if object.get("schema").and_then(Value::as_u64).unwrap_or(1) > 1 {
                let reason = "the file is of a newer version of touchbase";
                return Err(FormatError::NotThis(reason.to_owned()));
            }
            match object.remove("data") {
                Some(Value::Array(data)) => data,
                _ => vec![Value::Object(object)],
            }
        }
        _ => {
            let reason = "the document holds no list of records".to_owned();
            return Err(FormatError::NotThis(reason));
        }
    };
    // A parsed document knows no lines; the place in the list is the next best.
    Ok((1..)
        .zip(data)
        .map(|(place, value)| row(place, value))
        .collect())
}

/// The message without `at line 1 column 5`, which counts from the start of one line.
fn without_place(error: &serde_json::Error) -> String {
    let message = error.to_string();
    let end = message.rfind(" at line ").unwrap_or(message.len());
    message[..end].to_owned()
}

fn row(line: u64, value: Value) -> Result<Row, RowError> {
    let Value::Object(object) = value else {
        let reason = "not a JSON object".to_owned();
        return Err(RowError { line, reason });
    };
    let kind = object
        .get("kind")
        .and_then(Value::as_str)
        .map(str::to_owned);
    let is_whole = kind.is_some() && object.get("id").is_some_and(Value::is_string);
    if is_whole {
        let whole = Some(Value::Object(object));
        return Ok(Row {
            line,
            kind,
            whole,
            ..Row::default()
        });
    }
    let mut cells = Vec::new();
    for (name, value) in object {
        if name != "kind" || !value.is_string() {
            cells_of(&name, &value, &mut cells);
        }
    }
    Ok(Row {
        line,
        kind,
        cells,
        ..Row::default()
    })
}

/// The cells of one member: a nested object gives `outer inner`, a list one cell each.
fn cells_of(name: &str, value: &Value, cells: &mut Vec<Cell>) {
    match value {
        Value::Null => {}
        Value::String(text) => cells.push(Cell::new(name, text.as_str())),
        Value::Bool(flag) => cells.push(Cell::new(name, if *flag { "yes" } else { "no" })),
        Value::Number(number) => cells.push(Cell::new(name, number.to_string())),
        Value::Array(members) => {
            for member in members {
                cells_of(name, member, cells);
            }
        }
        Value::Object(object) => match (object.get("label"), object.get("value")) {
            (label, Some(Value::String(text))) => {
                let label = label.and_then(Value::as_str).unwrap_or("");
                cells.push(Cell::labelled(name, label, text.as_str()));
            }
            _ => match (object.get("amount"), object.get("currency")) {
                (Some(Value::String(amount)), Some(Value::String(currency))) => {
                    cells.push(Cell::new(name, format!("{amount} {currency}")));
                }
                _ => {
                    for (inner, value) in object {
                        cells_of(&format!("{name} {inner}"), value, cells);
                    }
                }
            },
        },
    }
}

fn object_of(row: &Row) -> Value {
    if let Some(whole) = &row.whole {
        return whole.clone();
    }
    let mut object = Map::new();
    if let Some(kind) = &row.kind {
        object.insert("kind".to_owned(), Value::String(kind.clone()));
    }
    for cell in &row.cells {
        let value = if cell.label.is_empty() {
            Value::String(cell.value.clone())
        } else {
            serde_json::json!({ "label": cell.label, "value": cell.value })
        };
        match object.get_mut(&*cell.name) {
            Some(Value::Array(members)) => members.push(value),
            Some(first) => *first = Value::Array(vec![first.take(), value]),
            None => {
                object.insert(cell.name.to_string(), value);
            }
        }
    }
    Value::Object(object)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_objects_become_cells() {
        let text = r#"{"name":"Zoë","email":[{"label":"work","value":"z@x.de"},"a@b.de"],"n":{"a":1.5},"x":null,"vip":true}"#;
        let rows = read_lines(text.as_bytes()).expect("lines");
        let expect = vec![
            Cell::labelled("email", "work", "z@x.de"),
            Cell::new("email", "a@b.de"),
            Cell::new("n a", "1.5"),
            Cell::new("name", "Zoë"),
            Cell::new("vip", "yes"),
        ];
        let mut cells = rows[0].clone().expect("a row").cells;
        cells.sort_by(|a, b| a.name.cmp(&b.name));
        assert_eq!(cells, expect);
    }

    #[test]
    fn a_bad_line_stops_nothing() {
        let text = "{\"kind\":\"contact\",\"id\":\"x\"}\n\n{oops\n[1]\n{\"name\":\"b\"}\n";
        let rows = read_lines(text.as_bytes()).expect("lines");
        let shown: Vec<(u64, bool)> = rows
            .iter()
            .map(|row| match row {
                Ok(row) => (row.line, true),
                Err(error) => (error.line, false),
            })
            .collect();
        assert_eq!(shown, [(1, true), (3, false), (4, false), (5, true)]);
    }

    #[test]
    fn what_is_written_reads_back() {
        let rows = vec![
            Row {
                line: 1,
                kind: Some("contact".to_owned()),
                whole: Some(serde_json::json!({"kind": "contact", "id": "abc", "name": "Zoë"})),
                ..Row::default()
            },
            Row {
                line: 2,
                cells: vec![Cell::new("name", "Ana")],
                ..Row::default()
            },
        ];
        for format in [JSONL, JSON] {
            let bytes = format.write.expect("writes")(&rows);
            let back: Result<Vec<Row>, RowError> =
                (format.read)(&bytes).expect("reads").into_iter().collect();
            assert_eq!(back, Ok(rows.clone()), "{format:?}");
            assert!((format.sniff)(&bytes, None), "{format:?}");
        }
    }
}
