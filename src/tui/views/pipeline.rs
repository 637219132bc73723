//! Pipeline: a board with a lane for each stage and a card for each deal.

use super::{View, ViewDef, go};
use crate::domain::id::Id;
use crate::domain::pipeline::{Outcome, Pipeline};
use crate::domain::record::Record;
use crate::domain::{deal, derived};
use crate::services::deals::lane_order;
use crate::services::intent::Intent;
use crate::tui::actions::{Action, RECORD, Scope};
use crate::tui::filter::Filter;
use crate::tui::marks::{self, Sums};
use crate::tui::model::Shared;
use crate::tui::msg::Request;
use crate::tui::widgets::card::{self, CARD_HEIGHT};
use crate::tui::widgets::cursor::Cursor;
use crate::tui::widgets::empty;
use crate::tui::widgets::text::{Row, cells, cut, width};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

/// The least columns of a lane.
const LANE: u16 = 24;
/// The most currencies that a lane's head sums up.
const MOST_CURRENCIES: usize = 3;

const OWN: Scope = Scope::View("pipeline");

/// The view.
pub(crate) const VIEW: ViewDef = ViewDef {
    name: "pipeline",
    title: "pipeline",
    kind: Some(&deal::KIND),
    go: go("pipeline", &["2"], "Go to the pipeline"),
    actions: ACTIONS,
    follows_clock: false,
    make: || Box::new(Board::default()),
};

static ACTIONS: &[Action] = &[
    Action::new(
        OWN,
        "card-left",
        &["H"],
        "Move the deal to the stage before",
    )
    .hint("move"),
    Action::new(OWN, "card-right", &["L"], "Move the deal to the next stage"),
    Action::new(OWN, "card-down", &["J"], "Move the deal down in its lane"),
    Action::new(OWN, "card-up", &["K"], "Move the deal up in its lane"),
];

struct Lane {
    stage: String,
    chance: u8,
    cards: Vec<Id>,
    sums: (Sums, Sums),
    cursor: Cursor,
}

#[derive(Default)]
struct Board {
    /// Which pipeline is shown, and the names of all.
    pipeline: usize,
    names: Vec<String>,
    lanes: Vec<Lane>,
    lane: usize,
    /// The first lane in sight.
    first: usize,
    filter: Option<Filter>,
    area: Rect,
    counts: (usize, usize),
    open: (usize, Sums, Sums),
}

impl Board {
    fn shown_lanes(&self, area: Rect) -> usize {
        usize::from(area.width / LANE).clamp(1, self.lanes.len().max(1))
    }

    /// Where a lane in sight is drawn, counted from the first.
    fn lane_area(&self, area: Rect, place: usize) -> Rect {
        let count = cells(self.shown_lanes(area));
        let wide = area.width / count;
        let top = 2.min(area.height);
        Rect {
            x: area.x + wide * cells(place).min(count),
            y: area.y + top,
            width: wide.saturating_sub(1),
            height: area.height - top,
        }
    }

    /// How many lines the head of a lane takes.
    fn head(&self) -> u16 {
        let most = self
            .lanes
            .iter()
            .map(|lane| lane.sums.0.each().len())
            .max()
            .unwrap_or(0);
        cells(most.clamp(1, MOST_CURRENCIES)) + 2
    }

    fn settle(&mut self) {
        let shown = self.shown_lanes(self.area);
        self.lane = self.lane.min(self.lanes.len().saturating_sub(1));
        self.first = self
            .first
            .min(self.lane)
            .max((self.lane + 1).saturating_sub(shown));
        self.first = self.first.min(self.lanes.len().saturating_sub(shown));
        let room = self
            .lane_area(self.area, 0)
            .height
            .saturating_sub(self.head());
        for lane in &mut self.lanes {
            lane.cursor.set_length(lane.cards.len());
            lane.cursor
                .set_height(usize::from(room / CARD_HEIGHT).max(1));
        }
    }

    fn find(&self, id: Id) -> Option<(usize, usize)> {
        self.lanes.iter().enumerate().find_map(|(lane, found)| {
            let card = found.cards.iter().position(|card| *card == id)?;
            Some((lane, card))
        })
    }

    fn put_cursor_on(&mut self, id: Id) -> bool {
        let Some((lane, card)) = self.find(id) else {
            return false;
        };
        self.lane = lane;
        self.lanes[lane].cursor.set(card);
        self.settle();
        true
    }

    fn move_card(&self, forwards: bool) -> Vec<Request> {
        let next = if forwards {
            self.lane.checked_add(1)
        } else {
            self.lane.checked_sub(1)
        };
        let target = next.and_then(|lane| self.lanes.get(lane));
        let action = RECORD.iter().find(|action| action.name == "stage");
        match (self.selected(), target, action) {
            (Some(_), Some(lane), Some(action)) => vec![Request::Run(action, lane.stage.clone())],
            _ => Vec::new(),
        }
    }

    fn reorder(&self, down: bool) -> Vec<Request> {
        let Some(lane) = self.lanes.get(self.lane) else {
            return Vec::new();
        };
        let (Some(at), Some(deal)) = (lane.cursor.at(), self.selected()) else {
            return Vec::new();
        };
        let before = match (down, at) {
            (true, _) if at + 1 < lane.cards.len() => lane.cards.get(at + 2).copied(),
            (false, 1..) => lane.cards.get(at - 1).copied(),
            _ => return Vec::new(),
        };
        vec![Request::Perform(Intent::Reorder { deal, before })]
    }

    fn turn(&mut self, forwards: bool, shared: &Shared) {
        let count = self.names.len().max(1);
        let step = if forwards { 1 } else { count - 1 };
        self.pipeline = (self.pipeline + step) % count;
        self.lane = 0;
        self.lanes.clear();
        self.refresh(shared);
    }

    fn lane_of(
        &self,
        pipeline: &Pipeline,
        place: usize,
        deals: &[&Record],
        shared: &Shared,
    ) -> Lane {
        let stage = &pipeline.stages[place];
        let mut cards: Vec<&Record> = deals
            .iter()
            .filter(|deal| pipeline.position(deal.text(deal::STAGE)).unwrap_or(0) == place)
            .copied()
            .collect();
        if stage.outcome == Outcome::Open {
            cards.sort_by_key(|deal| lane_order(deal));
        } else {
            cards.sort_by_key(|deal| std::cmp::Reverse(derived::stage_since(deal)));
        }
        let before = self.lanes.iter().find(|lane| lane.stage == stage.name);
        Lane {
            stage: stage.name.clone(),
            chance: stage.probability.get(),
            sums: marks::sums(cards.iter().copied(), shared),
            cards: cards.iter().map(|deal| deal.id).collect(),
            cursor: before.map_or_else(Cursor::default, |lane| lane.cursor),
        }
    }

    fn draw_top(&self, shared: &Shared, buffer: &mut Buffer, area: Rect) {
        let theme = shared.theme;
        let mut row = Row::new(buffer, area, 0);
        row.skip(1);
        let (count, sum, weighted) = &self.open;
        let totals = format!("{count} open  {}  ~{} ", sum.words(), weighted.words());
        if width(&totals) + 20 < row.room() {
            row.right(&totals, theme.text());
        }
        for (place, name) in self.names.iter().enumerate() {
            let style = if place == self.pipeline {
                theme.heading()
            } else {
                theme.faint()
            };
            row.put(name, style).skip(2);
        }
        if self.names.len() > 1 {
            row.put("[ ]", theme.key()).skip(2);
        }
        let shown = self.shown_lanes(area);
        if shown < self.lanes.len() {
            row.put("│", theme.faint()).skip(2);
            for (place, lane) in self.lanes.iter().enumerate() {
                let seen = (self.first..self.first + shown).contains(&place);
                let style = if seen { theme.text() } else { theme.faint() };
                let style = if place == self.lane {
                    theme.accent()
                } else {
                    style
                };
                let text = format!("{} {}", lane.stage, lane.cards.len());
                if width(&text) + 2 > row.room() {
                    break;
                }
                row.put(&text, style).skip(2);
            }
        }
    }

    /// The head of a lane: stage, count and chance; for each currency sum and weighted sum.
    fn draw_head(
        &self,
        lane: &Lane,
        current: bool,
        shared: &Shared,
        buffer: &mut Buffer,
        area: Rect,
    ) {
        let theme = shared.theme;
        let mut row = Row::new(buffer, area, 0);
        row.skip(1)
            .right(&format!("{}%", lane.chance), theme.faint());
        let name = cut(&lane.stage, row.room().saturating_sub(5));
        row.put(
            &name,
            if current {
                theme.heading()
            } else {
                theme.strong()
            },
        )
        .skip(1);
        row.put(&lane.cards.len().to_string(), theme.text());
        let pairs = lane.sums.0.each().iter().zip(lane.sums.1.each());
        for (below, (sum, weighted)) in pairs.take(MOST_CURRENCIES).enumerate() {
            let mut row = Row::new(buffer, area, below + 1);
            let (sum, weighted) = (marks::whole(*sum), marks::whole(*weighted));
            let weighted = weighted.split(' ').next().unwrap_or_default().to_owned();
            row.skip(1).right(&format!("~{weighted}"), theme.faint());
            row.put(&sum, theme.text());
        }
        let line = Rect {
            y: area.y.saturating_add(self.head() - 1),
            height: 1,
            ..area
        };
        let style = if current {
            theme.accent()
        } else {
            theme.faint()
        };
        let rule = "─".repeat(usize::from(area.width));
        Row::new(buffer, line.intersection(area), 0).put(&rule, style);
    }

    fn draw_lane(&self, place: usize, shared: &Shared, buffer: &mut Buffer, area: Rect) {
        let theme = shared.theme;
        let lane = &self.lanes[place];
        let current = place == self.lane;
        self.draw_head(lane, current, shared, buffer, area);
        let body = Rect {
            y: area.y.saturating_add(self.head()),
            height: area.height.saturating_sub(self.head()),
            ..area
        };
        if lane.cards.is_empty() && !body.is_empty() {
            Row::new(buffer, body, 0)
                .skip(1)
                .put("no deals", theme.faint());
        }
        let window = lane.cursor.window();
        let more = lane.cards.len().saturating_sub(window.end);
        for (below, at) in window.enumerate() {
            let Some(record) = lane.cards.get(at).and_then(|id| shared.snapshot.get(*id)) else {
                continue;
            };
            let y = body
                .y
                .saturating_add(cells(below).saturating_mul(CARD_HEIGHT));
            let height = body.bottom().saturating_sub(y).min(CARD_HEIGHT);
            let selected = current && lane.cursor.at() == Some(at);
            card::draw(record, selected, shared, buffer, Rect { y, height, ..body });
        }
        if more > 0 && body.height >= CARD_HEIGHT {
            let last = Rect {
                y: body.bottom() - 1,
                height: 1,
                ..body
            };
            Row::new(buffer, last, 0).right(&format!("{more} more ↓"), theme.faint());
        }
    }
}

impl View for Board {
    fn refresh(&mut self, shared: &Shared) {
        let selected = self.selected();
        let pipelines = shared.snapshot.pipelines();
        self.names = pipelines
            .0
            .iter()
            .map(|pipeline| pipeline.name.clone())
            .collect();
        self.pipeline = self.pipeline.min(self.names.len().saturating_sub(1));
        let Some(pipeline) = pipelines.0.get(self.pipeline) else {
            self.lanes.clear();
            return;
        };
        let here = |deal: &&Record| {
            let name = deal.get(deal::PIPELINE).map(String::as_str);
            pipelines
                .get(name)
                .is_none_or(|own| own.name == pipeline.name)
        };
        let all: Vec<&Record> = shared.snapshot.of_kind(&deal::KIND).filter(here).collect();
        let total = all.len();
        let fits = |deal: &&Record| self.filter.as_ref().is_none_or(|f| f.matches(deal, shared));
        let deals: Vec<&Record> = all.into_iter().filter(fits).collect();
        let open = deals
            .iter()
            .filter(|deal| derived::outcome(deal, pipelines) == Outcome::Open);
        let (sum, weighted) = marks::sums(open.clone().copied(), shared);
        self.open = (open.count(), sum, weighted);
        self.counts = (deals.len(), total);
        let places = 0..pipeline.stages.len();
        self.lanes = places
            .map(|place| self.lane_of(pipeline, place, &deals, shared))
            .collect();
        self.settle();
        if let Some(id) = selected {
            self.put_cursor_on(id);
        } else if self.selected().is_none()
            && let Some(lane) = self.lanes.iter().position(|lane| !lane.cards.is_empty())
        {
            self.lane = lane;
            self.settle();
        }
    }

    fn resize(&mut self, area: Rect, _shared: &Shared) {
        self.area = area;
        self.settle();
    }

    fn act(&mut self, action: &str, shared: &Shared) -> Vec<Request> {
        match action {
            "left" | "previous-pane" => self.lane = self.lane.saturating_sub(1),
            "right" | "next-pane" => self.lane += 1,
            "next-tab" => self.turn(true, shared),
            "previous-tab" => self.turn(false, shared),
            "card-left" => return self.move_card(false),
            "card-right" => return self.move_card(true),
            "card-down" => return self.reorder(true),
            "card-up" => return self.reorder(false),
            "open" => return self.selected().map(Request::Open).into_iter().collect(),
            movement => {
                if let Some(lane) = self.lanes.get_mut(self.lane) {
                    lane.cursor.act(movement);
                }
            }
        }
        self.settle();
        Vec::new()
    }

    fn selected(&self) -> Option<Id> {
        let lane = self.lanes.get(self.lane)?;
        lane.cards.get(lane.cursor.at()?).copied()
    }

    fn select(&mut self, id: Id, shared: &Shared) -> bool {
        let pipelines = shared.snapshot.pipelines();
        let name = shared
            .active(id)
            .map(|deal| deal.get(deal::PIPELINE).map(String::as_str));
        let own = name.and_then(|name| pipelines.get(name));
        let place = own.and_then(|own| self.names.iter().position(|name| *name == own.name));
        if let Some(place) = place.filter(|place| *place != self.pipeline) {
            self.pipeline = place;
            self.refresh(shared);
        }
        self.put_cursor_on(id)
    }

    fn filter(&self) -> Option<&Filter> {
        self.filter.as_ref()
    }

    fn set_filter(&mut self, filter: Option<Filter>, shared: &Shared) {
        self.filter = filter;
        self.refresh(shared);
    }

    fn counts(&self) -> Option<(usize, usize)> {
        Some(self.counts)
    }

    fn click(&mut self, column: u16, row: u16, _shared: &Shared) -> Vec<Request> {
        for place in 0..self.shown_lanes(self.area) {
            let area = self.lane_area(self.area, place);
            if !area.contains(Position::new(column, row)) || self.first + place >= self.lanes.len()
            {
                continue;
            }
            let before = self.selected();
            self.lane = self.first + place;
            let top = area.y.saturating_add(self.head());
            if let Some(below) = row.checked_sub(top) {
                self.lanes[self.lane]
                    .cursor
                    .click(usize::from(below / CARD_HEIGHT));
            }
            self.settle();
            if before.is_some() && before == self.selected() {
                return before.map(Request::Open).into_iter().collect();
            }
        }
        Vec::new()
    }

    fn wheel(&mut self, lines: isize, column: u16, row: u16, _shared: &Shared) {
        for place in 0..self.shown_lanes(self.area) {
            let inside = self
                .lane_area(self.area, place)
                .contains(Position::new(column, row));
            if inside && let Some(lane) = self.lanes.get_mut(self.first + place) {
                lane.cursor.wheel(lines.signum());
            }
        }
    }

    fn draw(&self, shared: &Shared, buffer: &mut Buffer, area: Rect) {
        if self.counts.1 == 0 {
            return empty::draw("deals", None, shared.theme, buffer, area);
        }
        self.draw_top(shared, buffer, area);
        for place in 0..self.shown_lanes(area) {
            if self.first + place < self.lanes.len() {
                let area = self.lane_area(area, place);
                self.draw_lane(self.first + place, shared, buffer, area);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::services::intent::StageTarget;
    use crate::tui::msg::Effect;
    use crate::tui::sample::{model, press, screen_text};

    #[test]
    fn a_lane_heads_with_count_sum_and_weighted_sum() {
        let mut model = model(120, 30);
        press(&mut model, "2");
        let text = screen_text(&model);
        for part in [
            "proposal 1",
            "12,000 EUR",
            "~6,000",
            "no next step",
            "3 open",
        ] {
            assert!(text.contains(part), "{part} in\n{text}");
        }
    }

    #[test]
    fn a_card_moves_at_once_between_open_stages_and_asks_when_it_is_lost() {
        let mut model = model(120, 30);
        let effects = press(&mut model, "2 L");
        let moved = matches!(&effects[..], [Effect::Perform(_, Intent::Move(to))]
            if to.to == StageTarget::Named("qualified".to_owned()));
        assert!(moved, "{effects:?}");
        assert!(press(&mut model, ": text:stage_lost enter").is_empty());
        assert!(screen_text(&model).contains("Reason"));
        let effects = press(&mut model, "text:too_dear ctrl-s");
        let reason = matches!(&effects[..], [Effect::Perform(_, Intent::Move(to))]
            if to.reason.as_deref() == Some("too dear"));
        assert!(reason, "{effects:?}");
    }
}
