//! A digest as plain text that reads well in a mail: no line is wider than [`WIDTH`].

use super::words::{self, Entry, Section};
use super::{Digest, Hour};
use crate::domain::context::Context;
use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::UnicodeWidthStr as _;

/// No line is wider.
const WIDTH: usize = 72;
/// Lines of a section stand in by so much.
const INDENT: usize = 2;
/// The text of a line never begins further right.
const WIDEST_LEAD: usize = 14;

/// The lines of a digest; one when there is nothing to tell.
pub fn text(digest: &Digest, context: &Context) -> Vec<String> {
    let title = words::title(digest);
    if digest.is_empty() {
        return wrap(&format!("{title}: {}.", digest.summary()), 0);
    }
    let mut lines = vec![title];
    lines.extend(wrap(&sentence(digest), 0));
    for section in words::sections(digest, context) {
        lines.push(String::new());
        lines.extend(drawn(&section));
    }
    lines
}

fn sentence(digest: &Digest) -> String {
    match digest.hour {
        Hour::Evening if !digest.waits_for_nobody() => {
            format!("left for later: {}", digest.summary())
        }
        _ => digest.summary(),
    }
}

fn drawn(section: &Section) -> Vec<String> {
    let title = match section.count {
        0 | 1 => section.title.clone(),
        count => format!("{} ({count})", section.title),
    };
    let leads = section.entries.iter().map(|entry| entry.lead.width());
    let lead = leads.max().unwrap_or(0).min(WIDEST_LEAD);
    let mut lines = vec![title];
    for entry in &section.entries {
        lines.extend(entry_lines(entry, lead));
    }
    if !section.more.is_empty() {
        lines.push(format!("{}{}", " ".repeat(INDENT), section.more));
    }
    lines
}

/// The lead, then text and note side by side where they fit, else below each other.
fn entry_lines(entry: &Entry, lead: usize) -> Vec<String> {
    let gap = if lead == 0 { 0 } else { 2 };
    let start = INDENT + lead + gap;
    let mut rest = wrap(&entry.text, start);
    if !entry.note.is_empty() {
        let whole = format!("{} · {}", entry.text, entry.note);
        if start + whole.width() <= WIDTH {
            rest = vec![whole];
        } else {
            rest.extend(wrap(&entry.note, start));
        }
    }
    let padding = " ".repeat((lead + gap).saturating_sub(entry.lead.width()));
    let first = format!("{}{}{padding}", " ".repeat(INDENT), entry.lead);
    let mut lines = Vec::new();
    for (number, text) in rest.iter().enumerate() {
        let before = if number == 0 {
            first.clone()
        } else {
            " ".repeat(start)
        };
        lines.push(format!("{before}{text}").trim_end().to_owned());
    }
    lines
}

/// A text in lines that fit behind so many cells: broken at spaces, words that are too long
/// within.
fn wrap(text: &str, start: usize) -> Vec<String> {
    let room = WIDTH.saturating_sub(start).max(1);
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let line = lines.last().map_or("", String::as_str);
        if !line.is_empty() && line.width() + 1 + word.width() > room {
            lines.push(String::new());
        }
        for piece in pieces(word, room) {
            let Some(line) = lines.last_mut() else {
                continue;
            };
            if line.is_empty() {
                line.push_str(&piece);
            } else if line.width() + 1 + piece.width() <= room {
                line.push(' ');
                line.push_str(&piece);
            } else {
                lines.push(piece);
            }
        }
    }
    lines
}

/// A word in pieces that fit.
fn pieces(word: &str, room: usize) -> Vec<String> {
    let mut pieces = vec![String::new()];
    for grapheme in word.graphemes(true) {
        match pieces.last_mut() {
            Some(piece) if piece.is_empty() || piece.width() + grapheme.width() <= room => {
                piece.push_str(grapheme);
            }
            _ => pieces.push(grapheme.to_owned()),
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_is_wider_and_no_word_is_lost() {
        let long = "x".repeat(200);
        for text in [
            "",
            "a b",
            &"word ".repeat(60),
            &long,
            &"山田 太郎 ".repeat(30),
        ] {
            for start in [0, 20, 71] {
                let lines = wrap(text, start);
                let widest = lines.iter().map(|line| line.width()).max().unwrap_or(0);
                assert!(start + widest <= WIDTH.max(start + 2), "{text}: {lines:?}");
                let kept: String = lines.concat().split_whitespace().collect();
                let all: String = text.split_whitespace().collect();
                assert_eq!(kept, all);
            }
        }
    }
}
