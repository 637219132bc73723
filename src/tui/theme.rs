//! Colours by meaning, from the terminal's own sixteen and its own background.
//!
//! No meaning rests on a colour alone: each has a sign or a weight beside it, so that the
//! monochrome theme says the same.

use ratatui::style::{Color, Modifier, Style};

/// What every view draws with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Theme {
    monochrome: bool,
}

impl Theme {
    /// Colours, unless the user wants none (`NO_COLOR`).
    pub const fn new(monochrome: bool) -> Self {
        Self { monochrome }
    }

    const fn colour(self, colour: Color) -> Style {
        if self.monochrome {
            Style::new()
        } else {
            Style::new().fg(colour)
        }
    }

    /// Content.
    pub(crate) const fn text(self) -> Style {
        Style::new()
    }

    /// What carries a name: titles of records, the first column.
    pub(crate) const fn strong(self) -> Style {
        Style::new().add_modifier(Modifier::BOLD)
    }

    /// Labels and lines between things; never content that must be read.
    pub(crate) const fn faint(self) -> Style {
        Style::new().add_modifier(Modifier::DIM)
    }

    /// The one accent: what is active.
    pub(crate) const fn accent(self) -> Style {
        self.colour(Color::Cyan)
    }

    /// Headings of sections and lanes.
    pub(crate) const fn heading(self) -> Style {
        self.colour(Color::Cyan).add_modifier(Modifier::BOLD)
    }

    /// The row under the cursor where the focus is.
    pub(crate) const fn selected(self) -> Style {
        Style::new()
            .fg(Color::Reset)
            .bg(Color::Reset)
            .add_modifier(Modifier::REVERSED)
            .remove_modifier(Modifier::DIM)
    }

    /// A key that can be pressed.
    pub(crate) const fn key(self) -> Style {
        self.colour(Color::Cyan).add_modifier(Modifier::BOLD)
    }

    /// Overdue, lost, wrong.
    pub(crate) const fn alarm(self) -> Style {
        self.colour(Color::Red).add_modifier(Modifier::BOLD)
    }

    /// Due today, stale, hot: needs a look.
    pub(crate) const fn attention(self) -> Style {
        self.colour(Color::Yellow)
    }

    /// Won, done, saved.
    pub(crate) const fn good(self) -> Style {
        self.colour(Color::Green)
    }
}

/// Overdue.
pub(crate) const OVERDUE: &str = "!";
/// Due today.
pub(crate) const TODAY: &str = "•";
/// Hot.
pub(crate) const HOT: &str = "▲";
/// Won, done.
pub(crate) const WON: &str = "✓";
/// Lost.
pub(crate) const LOST: &str = "✗";
