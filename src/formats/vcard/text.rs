//! The text of cards: encodings that old phones name, folds that cut characters, and
//! quoted-printable text.

use crate::formats::FormatError;
use crate::formats::encoding::decode;
use encoding_rs::{Encoding, WINDOWS_1252};

/// The text of cards. Old phones write it in an encoding that each property names.
pub(super) fn text_of(bytes: &[u8]) -> Result<String, FormatError> {
    if std::str::from_utf8(bytes).is_ok() {
        return decode(bytes);
    }
    let mended = mend_folds(bytes);
    if std::str::from_utf8(&mended).is_ok() {
        return decode(&mended);
    }
    let named = bytes
        .windows(8)
        .position(|part| part.eq_ignore_ascii_case(b"CHARSET="));
    let label = named
        .and_then(|place| bytes.get(place + 8..))
        .unwrap_or(&[]);
    let end = label
        .iter()
        .position(|byte| !byte.is_ascii_alphanumeric() && !matches!(byte, b'-' | b'_'))
        .unwrap_or(label.len());
    match encoding_rs::Encoding::for_label(&label[..end]) {
        Some(encoding) if encoding != encoding_rs::UTF_8 => {
            Ok(encoding.decode(bytes).0.into_owned())
        }
        _ => decode(bytes),
    }
}

/// Moves folds that cut a character of UTF-8 behind it, as programs that count bytes make them.
fn mend_folds(bytes: &[u8]) -> Vec<u8> {
    let mut mended: Vec<u8> = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((&byte, behind)) = rest.split_first() {
        let fold = [b"\r\n ".as_slice(), b"\n ", b"\r\n\t", b"\n\t"]
            .into_iter()
            .find(|fold| rest.starts_with(fold))
            .filter(|_| mended.last().is_some_and(|last| *last >= 0x80));
        let Some(fold) = fold else {
            mended.push(byte);
            rest = behind;
            continue;
        };
        let folded = &rest[fold.len()..];
        let is_within = |byte: &&u8| (0x80..0xC0).contains(*byte);
        let cut = folded.iter().take(3).take_while(is_within).count();
        mended.extend(&folded[..cut]);
        mended.extend(fold);
        rest = &folded[cut..];
    }
    mended
}

/// A card without quoted-printable text: it is decoded here, since calcard 0.3 knows few of the
/// encodings that it can name, and takes it for Latin-1 where it names none.
pub(super) fn decoded(card: &str) -> String {
    let mut text = String::with_capacity(card.len());
    let mut lines = card.lines();
    while let Some(line) = lines.next() {
        let Some((head, value)) = line.split_once(':').filter(|(head, _)| is_quoted(head)) else {
            text.push_str(line);
            text.push('\n');
            continue;
        };
        let mut value = value.to_owned();
        while let Some(broken) = value.strip_suffix('=') {
            let Some(next) = lines.next() else { break };
            value = format!("{broken}{next}");
        }
        let (head, encoding) = without_encoding(head);
        text.push_str(&head);
        text.push(':');
        text.push_str(&unquote(&value, encoding));
        text.push('\n');
    }
    text
}

fn is_quoted(head: &str) -> bool {
    head.to_ascii_uppercase().contains("QUOTED-PRINTABLE")
}

/// A property's name and parameters but those of its encoding, and the encoding that it names.
fn without_encoding(head: &str) -> (String, Option<&'static Encoding>) {
    let mut encoding = None;
    let mut kept: Vec<&str> = Vec::new();
    for part in head.split(';') {
        let upper = part.to_ascii_uppercase();
        if let Some(label) = upper.strip_prefix("CHARSET=") {
            encoding = Encoding::for_label(label.trim_matches('"').as_bytes());
        } else if !upper.contains("QUOTED-PRINTABLE") {
            kept.push(part);
        }
    }
    (kept.join(";"), encoding)
}

/// Decodes a value part by part, and escapes what stands in them, so that only what separated
/// parts before does so after.
fn unquote(value: &str, encoding: Option<&'static Encoding>) -> String {
    let parts = value.split(';').map(|part| {
        let text = decode_part(part, encoding);
        let mut escaped = String::with_capacity(text.len());
        let mut characters = text.chars().peekable();
        while let Some(character) = characters.next() {
            let is_escape = matches!(characters.peek(), Some(';' | ',' | 'n' | 'N' | '\\'));
            match character {
                '\n' => escaped.push_str("\\n"),
                '\r' => {}
                '\\' if is_escape => {
                    escaped.push(character);
                    escaped.extend(characters.next());
                }
                ';' | ',' | '\\' => escaped.extend(['\\', character]),
                other => escaped.push(other),
            }
        }
        escaped
    });
    parts.collect::<Vec<_>>().join(";")
}

fn decode_part(part: &str, encoding: Option<&'static Encoding>) -> String {
    let mut bytes = Vec::with_capacity(part.len());
    let mut rest = part.as_bytes();
    while let Some((&first, behind)) = rest.split_first() {
        let code = (first == b'=')
            .then(|| behind.get(..2))
            .flatten()
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(code.unwrap_or(first));
        rest = behind
            .get(if code.is_some() { 2 } else { 0 }..)
            .unwrap_or(&[]);
    }
    let usual = || match std::str::from_utf8(&bytes) {
        Ok(_) => encoding_rs::UTF_8,
        Err(_) => WINDOWS_1252,
    };
    let encoding = encoding.unwrap_or_else(usual);
    encoding.decode_without_bom_handling(&bytes).0.into_owned()
}
