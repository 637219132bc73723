//! How text stands on a terminal: colours by meaning, links, cut or wrapped by graphemes.
//!
//! No meaning rests on colour alone: the words say it too.

use crate::domain::show::Piece;
use crate::domain::values::text;
use clap::builder::styling::{AnsiColor, Style};
use std::ops::Range;
use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::UnicodeWidthStr as _;

/// What a text means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Meaning {
    /// Nothing special.
    #[default]
    Plain,
    /// The head of what follows.
    Head,
    /// Won.
    Good,
    /// Lost.
    Bad,
    /// Overdue.
    Late,
    /// Due today.
    Soon,
    /// Something to look at.
    Warning,
    /// A failure.
    Failure,
}

impl Meaning {
    fn style(self) -> Style {
        let colored = |color: AnsiColor| color.on_default();
        match self {
            Self::Plain => Style::new(),
            Self::Head => Style::new().bold(),
            Self::Good => colored(AnsiColor::Green),
            Self::Bad | Self::Late => colored(AnsiColor::Red),
            Self::Soon | Self::Warning => colored(AnsiColor::Yellow),
            Self::Failure => colored(AnsiColor::Red).bold(),
        }
    }
}

/// What a terminal can show, and how the user wants it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Look {
    /// The width in cells.
    pub width: usize,
    /// Whether to colour.
    pub color: bool,
    /// Whether addresses, numbers and sites are links.
    pub links: bool,
    /// Whether it is read aloud: lines in place of tables.
    pub spoken: bool,
}

impl Look {
    /// The text in its colour.
    pub fn paint(&self, text: &str, meaning: Meaning) -> String {
        if !self.color || meaning == Meaning::Plain || text.is_empty() {
            return text.to_owned();
        }
        let style = meaning.style();
        format!("{style}{text}{style:#}")
    }

    /// The text in its colour with its links.
    pub(crate) fn show(&self, shown: &Shown, meaning: Meaning) -> String {
        if !self.links || shown.links.is_empty() {
            return self.paint(&shown.text, meaning);
        }
        let mut linked = String::new();
        let mut at = 0;
        for link in &shown.links {
            let between = shown.text.get(at..link.at.start).unwrap_or_default();
            let text = shown.text.get(link.at.clone()).unwrap_or_default();
            linked.push_str(between);
            linked.push_str(&format!("\x1b]8;;{}\x1b\\{text}\x1b]8;;\x1b\\", link.url));
            at = link.at.end;
        }
        linked.push_str(shown.text.get(at..).unwrap_or_default());
        self.paint(&linked, meaning)
    }
}

/// A place in a text that leads somewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The place, in bytes.
    pub at: Range<usize>,
    /// Where it leads: printable ASCII.
    pub url: String,
}

/// A text that may be shown, with its links.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Shown {
    pub(crate) text: String,
    pub(crate) links: Vec<Link>,
}

impl Shown {
    /// A text without links.
    pub(crate) fn plain(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            links: Vec::new(),
        }
    }

    /// A value in parts.
    pub(crate) fn of_pieces(pieces: &[Piece]) -> Self {
        let mut shown = Self::default();
        for piece in pieces {
            let start = shown.text.len();
            shown.text.push_str(&text::lines(&piece.text));
            let at = start..shown.text.len();
            let link = piece.link.clone().map(|url| Link { at, url });
            shown.links.extend(link);
        }
        shown
    }

    pub(crate) fn width(&self) -> usize {
        width(&self.text)
    }

    /// At most so many cells of it, with `…` where something is missing, never within a grapheme.
    pub(crate) fn cut(&self, most: usize) -> Self {
        if self.width() <= most {
            return self.clone();
        }
        let mut kept = self.part(0..head(&self.text, most.saturating_sub(1)));
        if most > 0 {
            kept.text.push('…');
        }
        kept
    }

    /// Its lines, each of at most so many cells, broken between words where that can be.
    pub(crate) fn wrap(&self, most: usize) -> Vec<Self> {
        let mut lines = Vec::new();
        let mut start = 0;
        for paragraph in self.text.split('\n') {
            let ranges = wrap(paragraph, most.max(1));
            lines.extend(
                ranges
                    .into_iter()
                    .map(|range| self.part(start + range.start..start + range.end)),
            );
            start += paragraph.len() + 1;
        }
        lines
    }

    fn part(&self, range: Range<usize>) -> Self {
        let inside = |link: &Link| {
            let (start, end) = (link.at.start.max(range.start), link.at.end.min(range.end));
            let url = link.url.clone();
            let at = start.checked_sub(range.start)?..end.checked_sub(range.start)?;
            (start < end).then_some(Link { at, url })
        };
        Self {
            text: self.text.get(range.clone()).unwrap_or_default().to_owned(),
            links: self.links.iter().filter_map(inside).collect(),
        }
    }
}

/// How many cells a text takes.
pub fn width(text: &str) -> usize {
    text.graphemes(true).map(|part| part.width()).sum()
}

/// How many bytes of a text fit into so many cells, in whole graphemes.
fn head(text: &str, most: usize) -> usize {
    let (mut end, mut used) = (0, 0);
    for part in text.graphemes(true) {
        used += part.width();
        if used > most {
            break;
        }
        end += part.len();
    }
    end
}

/// A text cut to a width, with `…` where something is missing, never within a grapheme.
pub fn cut(text: &str, most: usize) -> String {
    Shown::plain(text).cut(most).text
}

/// The lines of a paragraph; a word that is longer than a line is broken between graphemes.
fn wrap(text: &str, most: usize) -> Vec<Range<usize>> {
    let mut lines = Vec::new();
    let mut line = 0..0;
    let (mut used, mut at) = (0, 0);
    for word in text.split(' ') {
        let start = at;
        at += word.len() + 1;
        if word.is_empty() {
            continue;
        }
        let gap = start - line.end;
        if !line.is_empty() && used + gap + width(word) > most {
            lines.push(std::mem::replace(&mut line, start..start));
            used = 0;
        } else {
            used += gap;
            line.end = start;
        }
        for part in word.graphemes(true) {
            if used > 0 && used + part.width() > most {
                let rest = line.end..line.end;
                lines.push(std::mem::replace(&mut line, rest));
                used = 0;
            }
            used += part.width();
            line.end += part.len();
        }
    }
    lines.push(line);
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn mail(text: &str) -> Shown {
        Shown::of_pieces(&[
            Piece {
                text: text.to_owned(),
                link: Some(format!("mailto:{text}")),
            },
            Piece {
                text: " (work)".to_owned(),
                link: None,
            },
        ])
    }

    const LINKED: Look = Look {
        width: 80,
        color: false,
        links: true,
        spoken: false,
    };

    #[test]
    fn the_text_of_a_link_is_cut_and_its_target_is_not() {
        let shown = mail("ana@acme.example");
        let whole = LINKED.show(&shown, Meaning::Plain);
        let link =
            |text: &str| format!("\x1b]8;;mailto:ana@acme.example\x1b\\{text}\x1b]8;;\x1b\\");
        assert_eq!(whole, format!("{} (work)", link("ana@acme.example")));
        let cut = shown.cut(6);
        assert_eq!((cut.text.as_str(), cut.width()), ("ana@a…", 6));
        assert_eq!(
            LINKED.show(&cut, Meaning::Plain),
            format!("{}…", link("ana@a"))
        );
        assert_eq!(shown.cut(0).text, "");
        let lines: Vec<String> = shown
            .wrap(10)
            .iter()
            .map(|line| LINKED.show(line, Meaning::Plain))
            .collect();
        assert_eq!(
            lines,
            [link("ana@acme.e"), link("xample"), "(work)".to_owned()]
        );
    }

    #[test]
    fn lines_break_between_words_and_keep_graphemes_whole() {
        for (text, most, expect) in [
            (
                "a call about the offer",
                10,
                vec!["a call", "about the", "offer"],
            ),
            ("a  b", 4, vec!["a  b"]),
            ("", 4, vec![""]),
            ("one\n\ntwo", 9, vec!["one", "", "two"]),
            ("  indented text", 10, vec!["  indented", "text"]),
            ("abcdefgh", 3, vec!["abc", "def", "gh"]),
            ("山田太郎", 3, vec!["山", "田", "太", "郎"]),
            ("👩‍👩‍👧👩‍👩‍👧", 2, vec!["👩‍👩‍👧", "👩‍👩‍👧"]),
            (
                "e\u{301}e\u{301}e\u{301}",
                2,
                vec!["e\u{301}e\u{301}", "e\u{301}"],
            ),
            ("שלום עולם", 5, vec!["שלום", "עולם"]),
        ] {
            let lines = Shown::plain(text).wrap(most);
            let lines: Vec<&str> = lines.iter().map(|line| line.text.as_str()).collect();
            assert_eq!(lines, expect, "{text:?}");
        }
        for (text, most, expect) in [
            ("山田 太郎", 5, "山田…"),
            ("👩‍👩‍👧👩‍👩‍👧", 3, "👩‍👩‍👧…"),
            ("e\u{301}e\u{301}e\u{301}", 2, "e\u{301}…"),
            ("العربية", 4, "الع…"),
        ] {
            assert_eq!(cut(text, most), expect);
        }
    }

    #[test]
    fn colour_says_what_the_words_say() {
        let colored = Look {
            color: true,
            ..LINKED
        };
        assert_eq!(colored.paint("won", Meaning::Good), "\x1b[32mwon\x1b[0m");
        assert_eq!(colored.paint("won", Meaning::Plain), "won");
        assert_eq!(LINKED.paint("won", Meaning::Good), "won");
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_nothing_is_too_wide(text in "[\\PC\n]{0,60}", most in 2_usize..20) {
            let shown = Shown::plain(text.clone());
            let lines = shown.wrap(most);
            let bare = |text: &str| text.replace([' ', '\n'], "");
            let joined: String = lines.iter().map(|line| bare(&line.text)).collect();
            prop_assert_eq!(joined, bare(&text));
            // One grapheme can be wider than the line.
            let fits = |line: &Shown| line.width() <= most || line.text.graphemes(true).count() == 1;
            let is_indented = |line: &Shown| line.text.starts_with(' ');
            prop_assert!(lines.iter().all(|line| fits(line) || is_indented(line)), "{:?}", lines);
            prop_assert!(shown.cut(most).width() <= most);
        }
    }
}
