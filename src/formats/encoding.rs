//! Bytes to text: byte order marks, UTF-16, UTF-8, and a guess for everything older.

use super::FormatError;
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// Reads bytes as text, without a byte order mark.
///
/// # Errors
/// When they are empty or no text in any encoding.
pub fn decode(bytes: &[u8]) -> Result<String, FormatError> {
    if bytes.is_empty() {
        return Err(FormatError::Empty);
    }
    let (text, _) = encoding_of(bytes).decode_with_bom_removal(bytes);
    if text.trim().is_empty() {
        return Err(FormatError::Empty);
    }
    let controls = text
        .chars()
        .filter(|&c| c == '\0' || c == '\u{FFFD}')
        .count();
    if controls > 0 && controls.saturating_mul(10) > text.chars().count() {
        return Err(FormatError::NotText);
    }
    Ok(text.into_owned())
}

fn encoding_of(bytes: &[u8]) -> &'static Encoding {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return encoding;
    }
    if let Some(wide) = wide_without_mark(bytes) {
        return wide;
    }
    if std::str::from_utf8(bytes).is_ok() {
        return UTF_8;
    }
    let mut detector = chardetng::EncodingDetector::new();
    detector.feed(bytes, true);
    detector.guess(None, true)
}

/// UTF-16 without a mark: in text of Latin letters every second byte is zero.
fn wide_without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    let sample = &bytes[..bytes.len().min(1024)];
    let zeros = |parity: usize| {
        sample
            .iter()
            .skip(parity)
            .step_by(2)
            .filter(|&&byte| byte == 0)
            .count()
    };
    let (first, second) = (zeros(0), zeros(1));
    let half = sample.len() / 2;
    match (first, second) {
        (0, second) if second > 0 && second.saturating_mul(10) >= half.saturating_mul(4) => {
            Some(UTF_16LE)
        }
        (first, 0) if first > 0 && first.saturating_mul(10) >= half.saturating_mul(4) => {
            Some(UTF_16BE)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_read_in_the_encoding_that_it_has() {
        let wide = |mark: &[u8], big: bool| {
            let units = "Zoë;Müller\n".encode_utf16();
            let body = units.flat_map(|unit| {
                if big {
                    unit.to_be_bytes()
                } else {
                    unit.to_le_bytes()
                }
            });
            mark.iter().copied().chain(body).collect::<Vec<u8>>()
        };
        let latin = "Name;Ort\nZoë Müller;Köln\nJosé Peña;Málaga\nFrançois Lefèvre;Besançon\n";
        for (bytes, expect) in [
            ("Zoë;Müller\n".as_bytes().to_vec(), "Zoë;Müller\n"),
            ("\u{FEFF}Zoë;Müller\n".as_bytes().to_vec(), "Zoë;Müller\n"),
            (wide(&[0xFF, 0xFE], false), "Zoë;Müller\n"),
            (wide(&[0xFE, 0xFF], true), "Zoë;Müller\n"),
            (wide(&[], false), "Zoë;Müller\n"),
            (wide(&[], true), "Zoë;Müller\n"),
            (
                encoding_rs::WINDOWS_1252.encode(latin).0.into_owned(),
                latin,
            ),
        ] {
            assert_eq!(decode(&bytes).as_deref(), Ok(expect));
        }
    }

    #[test]
    fn what_is_no_text_is_refused() {
        assert_eq!(decode(b""), Err(FormatError::Empty));
        assert_eq!(decode(b"\xEF\xBB\xBF \n"), Err(FormatError::Empty));
        assert_eq!(decode(&[0; 64]), Err(FormatError::NotText));
    }
}
