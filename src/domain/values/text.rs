//! Text as it is compared and as it may be shown: folding for search, cleaning for terminals.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// The form in which names are compared: no accents, no case (`Zoë Müller` is `zoe muller`).
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for character in text
        .nfkd()
        .filter(|&character| !is_combining_mark(character))
    {
        match character {
            'ß' | 'ẞ' => folded.push_str("ss"),
            'ø' | 'Ø' => folded.push('o'),
            'ł' | 'Ł' => folded.push('l'),
            'đ' | 'Đ' => folded.push('d'),
            'æ' | 'Æ' => folded.push_str("ae"),
            'œ' | 'Œ' => folded.push_str("oe"),
            'ı' => folded.push('i'),
            other => folded.extend(other.to_lowercase()),
        }
    }
    folded
}

/// The folded words of a text, split at everything that is neither letter nor digit.
pub fn words(text: &str) -> Vec<String> {
    fold(text)
        .split(|character: char| !character.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// A name as one typeable word: `Zoë Müller` is `zoe-muller`.
pub fn handle(text: &str) -> String {
    words(text).join("-")
}

/// Whether a character may never reach a terminal: controls, and marks that reorder text.
pub fn is_unsafe(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{061C}' | '\u{2028}' | '\u{2029}')
}

/// One line that is safe to print: line breaks and tabs become spaces, the rest of what
/// [`is_unsafe`] names is dropped.
pub fn line(text: &str) -> String {
    text.chars()
        .filter_map(|character| match character {
            '\n' | '\t' | '\u{2028}' | '\u{2029}' => Some(' '),
            unsafe_one if is_unsafe(unsafe_one) => None,
            safe => Some(safe),
        })
        .collect()
}

/// Several lines that are safe to print: like [`line()`], but line breaks stay.
pub fn lines(text: &str) -> String {
    text.split('\n').map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_forgets_accents_and_case() {
        for (text, expect) in [
            ("Zoë Müller", "zoe muller"),
            ("Łukasz Weiß", "lukasz weiss"),
            ("SØREN", "soren"),
            ("Œuvre", "oeuvre"),
            ("山田 太郎", "山田 太郎"),
        ] {
            assert_eq!(fold(text), expect);
        }
        assert_eq!(
            handle("  Zoë  Müller-Lüdenscheidt "),
            "zoe-muller-ludenscheidt"
        );
    }

    #[test]
    fn nothing_that_steers_a_terminal_passes() {
        assert_eq!(line("a\x1b[31mb\u{202E}c\td\ne"), "a[31mbc d e");
        assert_eq!(lines("a\u{7}\nb"), "a\nb");
    }
}
