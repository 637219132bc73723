//! Short messages at the bottom right: at most three, four seconds; errors stay until a key.

use super::theme::{self, Theme};
use super::widgets::text::{self, Row, cells, clear};
use chrono::{DateTime, TimeDelta, Utc};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// How many are shown.
const MOST: usize = 3;
/// How many lines one error may take.
const MOST_LINES: usize = 7;

/// One message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Toast {
    /// What is said, one or more lines.
    pub(crate) text: String,
    /// Whether something is wrong.
    pub(crate) is_error: bool,
    since: DateTime<Utc>,
}

/// The messages, the latest last.
#[derive(Clone, Debug, Default)]
pub(crate) struct Toasts(Vec<Toast>);

impl Toasts {
    /// Says something.
    pub(crate) fn say(&mut self, text: impl Into<String>, is_error: bool, now: DateTime<Utc>) {
        let text = text.into();
        self.0.retain(|toast| toast.text != text);
        self.0.push(Toast {
            text,
            is_error,
            since: now,
        });
        let extra = self.0.len().saturating_sub(MOST);
        self.0.drain(..extra);
    }

    /// Time passed: what was said four seconds ago goes. True when something went.
    pub(crate) fn tick(&mut self, now: DateTime<Utc>) -> bool {
        let (before, limit) = (self.0.len(), TimeDelta::seconds(4));
        self.0
            .retain(|toast| toast.is_error || now - toast.since < limit);
        self.0.len() != before
    }

    /// A key was pressed: errors were read.
    pub(crate) fn key(&mut self) {
        self.0.retain(|toast| !toast.is_error);
    }

    /// What is shown now.
    #[cfg(test)]
    pub(crate) fn shown(&self) -> &[Toast] {
        &self.0
    }

    /// Draws them upwards from the bottom right of the area.
    pub(crate) fn draw(&self, theme: Theme, buffer: &mut Buffer, area: Rect) {
        let most = usize::from(area.width).saturating_sub(2).min(72);
        let mut bottom = area.bottom();
        for toast in self.0.iter().rev() {
            let sign = if toast.is_error { "✗ " } else { "" };
            let style = if toast.is_error {
                theme.alarm()
            } else {
                theme.good()
            };
            let wrapped = text::wrap(&format!("{sign}{}", toast.text), most);
            let lines = &wrapped[..wrapped.len().min(MOST_LINES)];
            let widest = lines
                .iter()
                .map(|line| text::width(line))
                .max()
                .unwrap_or(0);
            let height = cells(lines.len());
            if widest == 0 || bottom < area.y.saturating_add(height) {
                return;
            }
            bottom -= height;
            let width = cells(widest + 2).min(area.width);
            let place = Rect::new(area.right() - width, bottom, width, height);
            clear(buffer, place);
            for (below, line) in lines.iter().enumerate() {
                let mut row = Row::new(buffer, place, below);
                row.put("▌", style);
                match line.strip_prefix(theme::WON).filter(|_| below == 0) {
                    Some(rest) => row.put(theme::WON, style).put(rest, theme.strong()),
                    None => row.put(
                        line,
                        if toast.is_error {
                            style
                        } else {
                            theme.strong()
                        },
                    ),
                };
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_goes_by_itself_and_an_error_by_a_key() {
        let start = DateTime::UNIX_EPOCH;
        let mut toasts = Toasts::default();
        toasts.say("✓ saved", false, start);
        toasts.say("disk full", true, start);
        toasts.tick(start + TimeDelta::seconds(3));
        assert_eq!(toasts.shown().len(), 2);
        toasts.tick(start + TimeDelta::seconds(4));
        assert_eq!(toasts.shown().len(), 1);
        toasts.key();
        assert!(toasts.shown().is_empty());
        for number in 0..9 {
            toasts.say(number.to_string(), false, start);
        }
        assert_eq!(toasts.shown().len(), MOST);
    }
}
