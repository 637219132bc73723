//! How the board is drawn: a line on the whole, the heads of the lanes, their cards.

use super::card::Card;
use super::lane::Lane;
use super::layout::ONE_LANE_BELOW;
use super::{Board, Placed};
use crate::domain::pipeline::Outcome;
use crate::tui::filter::Filter;
use crate::tui::marks;
use crate::tui::model::Shared;
use crate::tui::theme;
use crate::tui::widgets::empty;
use crate::tui::widgets::text::{Row, cells, cut, width};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

/// The most currencies of which a lane's head shows sums.
const MOST_CURRENCIES: usize = 3;
/// From so many rows on a blank one stands above the lanes.
const AIRY_FROM: u16 = 20;

/// The part of an area that the board fills: a blank column on the left.
pub(super) const fn inner(area: Rect) -> Rect {
    let margin = if area.width > 1 { 1 } else { 0 };
    Rect {
        x: area.x + margin,
        width: area.width - margin,
        ..area
    }
}

fn lower(area: Rect, rows: u16) -> Rect {
    let rows = rows.min(area.height);
    Rect {
        y: area.y + rows,
        height: area.height - rows,
        ..area
    }
}

impl Board {
    /// Whether there is room for no more than one lane.
    const fn is_single(&self) -> bool {
        inner(self.area).width < ONE_LANE_BELOW
    }

    /// The area of the lanes: below the line on the whole.
    fn lanes_area(&self) -> Rect {
        let above = if self.area.height >= AIRY_FROM && !self.is_single() {
            2
        } else {
            1
        };
        lower(inner(self.area), above)
    }

    /// The area of the cards: below the heads of the lanes.
    pub(super) fn cards_area(&self) -> Rect {
        lower(self.lanes_area(), cells(self.head_rows()))
    }

    /// The rows of the lanes' heads: the name, the sums, a rule.
    fn head_rows(&self) -> usize {
        let most = self.lanes.iter().map(|lane| lane.sum.each().len()).max();
        2 + most.unwrap_or(0).clamp(1, MOST_CURRENCIES)
    }

    /// The lane at a cell, and the card there, counted from the first in sight.
    pub(super) fn hit(&self, column: u16, row: u16) -> Option<(usize, Option<usize>)> {
        let area = self.lanes_area();
        let position = Position::new(column, row);
        let placed = self.placed();
        let (lane, _, _) = *placed.iter().find(|(_, start, size)| {
            Rect {
                x: area.x + start,
                width: *size,
                ..area
            }
            .contains(position)
        })?;
        let cards = self.cards_area();
        let outcome = self.lanes[lane].outcome;
        let hit = |below: &usize| {
            let place = Card::place(cards, outcome, *below);
            (place.y..place.bottom()).contains(&row)
        };
        Some((lane, (0..self.lanes[lane].cards.len()).find(hit)))
    }

    pub(super) fn draw_board(&self, shared: &Shared, buffer: &mut Buffer, area: Rect) {
        let placed = self.placed();
        self.draw_totals(&placed, shared, buffer, inner(area));
        if self.counts.0 == 0 {
            let below = lower(area, 1);
            let filter = self.filter.as_ref().map(Filter::text);
            return empty::draw("deals", filter, shared.theme, buffer, below);
        }
        let lanes = self.lanes_area();
        if self.is_single() {
            self.draw_strip(shared, buffer, lanes);
        }
        for (place, start, size) in placed {
            let column = Rect {
                x: lanes.x + start,
                width: size,
                ..lanes
            };
            self.draw_lane(place, shared, buffer, column);
        }
    }

    fn draw_totals(&self, placed: &[Placed], shared: &Shared, buffer: &mut Buffer, area: Rect) {
        let theme = shared.theme;
        let mut row = Row::new(buffer, area, 0);
        row.skip(1);
        let (last, all) = (
            placed.last().map_or(0, |(lane, _, _)| lane + 1),
            self.lanes.len(),
        );
        if placed.len() < all && !self.is_single() {
            let left = if self.first > 0 { "‹ " } else { "" };
            let right = if last < all { " ›" } else { "" };
            let text = format!("{left}lanes {}–{last} of {all}{right} ", self.first + 1);
            row.right(&text, theme.text());
        }
        row.put(
            self.names.get(self.pipeline).map_or("", String::as_str),
            theme.heading(),
        );
        if self.names.len() > 1 {
            row.skip(1).put("[ ]", theme.key());
            let text = format!(" {} of {}", self.pipeline + 1, self.names.len());
            row.put(&text, theme.text());
        }
        let totals = &self.totals;
        let mut parts = vec![(theme.text(), format!("{} open", totals.open))];
        if totals.stale > 0 {
            parts.push((
                theme.attention(),
                format!("{} {} stale", theme::OVERDUE, totals.stale),
            ));
        }
        for (style, part) in parts {
            if width(&part) + 3 <= row.room() {
                row.put(" · ", theme.faint()).put(&part, style);
            }
        }
        let sums = totals.sum.each().iter().zip(totals.weighted.each());
        for (place, (money, share)) in sums.enumerate() {
            let (sum, share) = (marks::whole(*money), marks::bare(*share));
            let explained = format!("{sum}  ≈ {share} weighted");
            let paired = format!("{sum}  ≈ {share}");
            // The first pair says what the sign means, where there is room to say it.
            let first = place == 0;
            let ways = [
                first.then_some(explained),
                Some(paired),
                first.then_some(sum),
            ];
            let room = row.room().saturating_sub(3);
            let Some(part) = ways.into_iter().flatten().find(|part| width(part) <= room) else {
                row.put(" …", theme.faint());
                return;
            };
            row.put(" · ", theme.faint()).put(&part, theme.text());
        }
    }

    /// The names of all lanes on the row above the only one in sight.
    fn draw_strip(&self, shared: &Shared, buffer: &mut Buffer, area: Rect) {
        let words: Vec<String> = self
            .lanes
            .iter()
            .map(|lane| format!("{} {}", lane.name, lane.deals.len()))
            .collect();
        let room = usize::from(area.width).saturating_sub(4);
        let mut from = 0;
        let size = |range: &[String]| range.iter().map(|text| width(text) + 2).sum::<usize>();
        while from < self.current && size(&words[from..=self.current]) > room {
            from += 1;
        }
        let theme = shared.theme;
        let mut row = Row::new(buffer, area, 0);
        row.put(if from > 0 { "‹ " } else { "  " }, theme.accent());
        for (place, text) in words.iter().enumerate().skip(from) {
            if width(text) + 2 > row.room() && place > from {
                row.right("›", theme.accent());
                break;
            }
            let style = if place == self.current {
                theme.selected()
            } else {
                theme.text()
            };
            row.put(&cut(text, row.room()), style).skip(2);
        }
    }

    fn draw_lane(&self, place: usize, shared: &Shared, buffer: &mut Buffer, column: Rect) {
        let lane = &self.lanes[place];
        let current = place == self.current;
        let single = self.is_single();
        if lane.folded && !single {
            return draw_folded(lane, current, shared, buffer, column);
        }
        // A blank column on the right keeps lanes apart.
        let area = Rect {
            width: column.width.saturating_sub(1),
            ..column
        };
        self.draw_head(lane, current, single, shared, buffer, area);
        let cards = Rect {
            x: area.x,
            width: area.width,
            ..self.cards_area()
        };
        if lane.deals.is_empty() {
            let words = if self.filter.is_some() {
                " no match"
            } else {
                " no deals"
            };
            Row::new(buffer, cards, 0).put(words, shared.theme.faint());
        }
        let selected = lane.selected().filter(|_| current && !lane.folded);
        for (below, card) in lane.cards.iter().enumerate() {
            let spot = Card::place(cards, lane.outcome, below);
            card.draw(shared, buffer, spot, selected == Some(card.id));
        }
        let (_, after) = lane.hidden();
        if after > 0 && cards.height > 0 {
            let text = format!(" ▾ {after} more");
            let last = usize::from(cards.height - 1);
            Row::new(buffer, cards, last).put(&text, shared.theme.faint());
        }
    }

    fn draw_head(
        &self,
        lane: &Lane,
        current: bool,
        single: bool,
        shared: &Shared,
        buffer: &mut Buffer,
        area: Rect,
    ) {
        let theme = shared.theme;
        let style = if current {
            theme.heading()
        } else {
            theme.strong()
        };
        if !single {
            let mut row = Row::new(buffer, area, 0);
            row.skip(1);
            row.right(&lane.deals.len().to_string(), theme.text());
            let sign = match lane.outcome {
                Outcome::Open => "",
                Outcome::Won => "✓ ",
                Outcome::Lost => "✗ ",
            };
            row.put(&format!("{sign}{}", lane.name), style);
        }
        let head = self.head_rows();
        draw_sums(lane, head - 2, theme.text(), buffer, lower(area, 1));
        let mut row = Row::new(buffer, area, head - 1);
        let (before, _) = lane.hidden();
        let (line, style) = if current {
            ("━", theme.accent())
        } else {
            ("─", theme.faint())
        };
        if before > 0 {
            row.right(&format!("▴ {before} more"), theme.faint());
        }
        row.put(&line.repeat(row.room()), style);
    }
}

/// A line for each currency: the sum, and what of it the chances leave.
fn draw_sums(lane: &Lane, rows: usize, style: Style, buffer: &mut Buffer, area: Rect) {
    for (place, money) in lane.sum.each().iter().enumerate().take(rows) {
        let mut row = Row::new(buffer, area, place);
        row.skip(1);
        let words = marks::whole(*money);
        let share = lane
            .weighted
            .each()
            .get(place)
            .filter(|_| lane.outcome == Outcome::Open);
        let whole = share.map(|share| format!("≈{}", marks::bare(*share)));
        // In thousands where the whole number does not fit.
        let short = whole.as_ref().and_then(|whole| whole.rsplit_once(','));
        let short = short.map(|(thousands, _)| format!("{thousands}k"));
        let room = row.room().saturating_sub(width(&words) + 1);
        let mut ways = whole.into_iter().chain(short);
        if let Some(part) = ways.find(|part| width(part) <= room) {
            row.right(&part, style);
        }
        row.put(&words, style);
    }
}

/// A folded lane: how many deals it has, and its name downwards.
fn draw_folded(lane: &Lane, current: bool, shared: &Shared, buffer: &mut Buffer, area: Rect) {
    let theme = shared.theme;
    let style = if current {
        theme.selected()
    } else {
        theme.text()
    };
    Row::new(buffer, area, 0)
        .skip(1)
        .put(&lane.deals.len().to_string(), style);
    let letters = unicode_segmentation::UnicodeSegmentation::graphemes(lane.name.as_str(), true);
    for (below, letter) in letters.enumerate() {
        Row::new(buffer, area, below + 2).skip(1).put(letter, style);
    }
}
