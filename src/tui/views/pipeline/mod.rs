//! Pipeline: the deals of one pipeline as cards in the lanes of its stages.
//!
//! What the lanes hold is in `lane.rs`, where they are in `layout.rs`, how the board is drawn
//! in `board.rs`, one card in `card.rs`.

mod board;
mod card;
mod lane;
mod layout;
#[cfg(test)]
mod tests;

use super::{View, ViewDef, go};
use crate::domain::deal;
use crate::domain::derived;
use crate::domain::id::Id;
use crate::domain::pipeline::Outcome;
use crate::domain::record::Record;
use crate::domain::values::text::fold;
use crate::services::intent::{Intent, StageTarget};
use crate::tui::actions::{Action, Scope, Situation};
use crate::tui::dialogs;
use crate::tui::filter::Filter;
use crate::tui::marks::Sums;
use crate::tui::model::Shared;
use crate::tui::msg::Request;
use crate::tui::verbs::plain_move;
use lane::Lane;
use layout::{Placed, Width};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// The view.
pub(crate) const VIEW: ViewDef = ViewDef {
    name: "pipeline",
    title: "pipeline",
    kind: Some(&deal::KIND),
    go: go("pipeline", &["2"], "Go to the pipeline"),
    actions: ACTIONS,
    follows_clock: true,
    make: || Box::new(Board::default()),
};

const fn own(name: &'static str, keys: &'static [&'static str], help: &'static str) -> Action {
    Action::new(Scope::View("pipeline"), name, keys, help)
}

const ACTIONS: &[Action] = &[
    own("stage-back", &["H"], "Move the deal one stage back")
        .hint("stage back")
        .when(some_deal),
    own("stage-on", &["L"], "Move the deal one stage on")
        .hint("stage on")
        .when(some_deal),
    own("card-down", &["J"], "Move the deal down in its lane").when(some_deal),
    own("card-up", &["K"], "Move the deal up in its lane").when(some_deal),
    own("fold", &["z"], "Fold the lane, or unfold it"),
];

fn some_deal(situation: &Situation<'_>) -> Result<(), &'static str> {
    situation.record.map(|_| ()).ok_or("no deal is selected")
}

/// What the board as a whole says in its first line.
#[derive(Debug, Default)]
struct Totals {
    open: usize,
    stale: usize,
    sum: Sums,
    weighted: Sums,
}

/// The board.
#[derive(Default)]
pub(crate) struct Board {
    /// The names of all pipelines, those of the settings first.
    names: Vec<String>,
    pipeline: usize,
    lanes: Vec<Lane>,
    current: usize,
    /// The first lane in sight, where not all are.
    first: usize,
    area: Rect,
    filter: Option<Filter>,
    counts: (usize, usize),
    totals: Totals,
    /// Where a deal was last sent, so that a second key goes on from there even before the
    /// first one is saved.
    sent: Option<(Id, String)>,
}

impl Board {
    fn lane(&self) -> Option<&Lane> {
        self.lanes.get(self.current)
    }

    fn placed(&self) -> Vec<Placed> {
        let width = |lane: &Lane| match lane.outcome {
            _ if lane.folded => Width::Folded,
            Outcome::Open => Width::Open,
            Outcome::Won | Outcome::Lost => Width::Closed,
        };
        let widths: Vec<Width> = self.lanes.iter().map(width).collect();
        layout::place(
            &widths,
            board::inner(self.area).width,
            self.first,
            self.current,
        )
    }

    /// Works out what is in sight after the cursor, the data or the size changed.
    fn show(&mut self, shared: &Shared) {
        self.current = self.current.min(self.lanes.len().saturating_sub(1));
        let placed = self.placed();
        self.first = placed.first().map_or(0, |(lane, _, _)| *lane);
        for lane in &mut self.lanes {
            lane.cards.clear();
        }
        for (place, _, _) in placed {
            let fitting = self.fitting(place);
            self.lanes[place].show(fitting, shared);
        }
    }

    /// How many cards of a lane fit below each other.
    fn fitting(&self, lane: usize) -> usize {
        let lane = &self.lanes[lane];
        let each = card::Card::rows(lane.outcome) + 1;
        let rows = usize::from(self.cards_area().height);
        let all = (rows + 1) / each;
        // Where not all fit, the last row says how many are left.
        if all >= lane.deals.len() {
            all.max(1)
        } else {
            (rows / each).max(1)
        }
    }

    fn gather<'a>(&mut self, shared: &'a Shared) -> Vec<&'a Record> {
        let pipelines = shared.snapshot.pipelines();
        self.names = pipelines
            .0
            .iter()
            .map(|pipeline| pipeline.name.clone())
            .collect();
        let mut found: Vec<(usize, &Record)> = Vec::new();
        for deal in shared.snapshot.of_kind(&deal::KIND) {
            let name = deal.get(deal::PIPELINE).map_or("", String::as_str);
            let same =
                |known: &String| name.is_empty() || known == name || fold(known) == fold(name);
            let place = self.names.iter().position(same).unwrap_or_else(|| {
                self.names.push(name.to_owned());
                self.names.len() - 1
            });
            found.push((place, deal));
        }
        self.pipeline = self.pipeline.min(self.names.len().saturating_sub(1));
        let mine = found
            .into_iter()
            .filter(|(place, _)| *place == self.pipeline);
        mine.map(|(_, deal)| deal).collect()
    }

    /// Puts the cursor on a deal; false when no lane has it.
    fn find(&mut self, id: Id) -> bool {
        let place = |lane: &Lane| lane.deals.iter().position(|deal| *deal == id);
        let hit = self
            .lanes
            .iter()
            .enumerate()
            .find_map(|(at, lane)| Some((at, place(lane)?)));
        let Some((lane, at)) = hit else { return false };
        self.current = lane;
        self.lanes[lane].folded = false;
        self.lanes[lane].cursor.set(at);
        true
    }

    /// Goes to another lane, to the card at the same height.
    fn go_to_lane(&mut self, lane: usize) {
        let Some(from) = self.lane() else { return };
        let below = from
            .cursor
            .at()
            .map_or(0, |at| at.saturating_sub(from.cursor.window().start));
        if lane != self.current && lane < self.lanes.len() {
            self.current = lane;
            let cursor = &mut self.lanes[lane].cursor;
            cursor.set(cursor.window().start.saturating_add(below));
        }
    }

    fn turn_pipeline(&mut self, forwards: bool, shared: &Shared) -> Vec<Request> {
        let count = self.names.len();
        if count < 2 {
            return vec![Request::Say(
                "there is one pipeline; more are set in the settings".to_owned(),
            )];
        }
        self.pipeline = (self.pipeline + if forwards { 1 } else { count - 1 }) % count;
        (self.lanes, self.current, self.first) = (Vec::new(), 0, 0);
        self.refresh(shared);
        Vec::new()
    }

    /// Sends the selected deal to the stage beside its own.
    fn send(&mut self, forwards: bool, shared: &Shared) -> Vec<Request> {
        let Some(id) = self.selected() else {
            return Vec::new();
        };
        let sent = self.sent.as_ref().filter(|(deal, _)| *deal == id);
        let from =
            sent.and_then(|(_, stage)| self.lanes.iter().position(|lane| lane.name == *stage));
        let from = from.unwrap_or(self.current);
        let known = |at: &usize| self.lanes[*at].known;
        let next = if forwards {
            (from + 1..self.lanes.len()).find(known)
        } else {
            (0..from).rev().find(known)
        };
        let Some(lane) = next.and_then(|at| self.lanes.get(at)) else {
            let end = if forwards { "last" } else { "first" };
            return vec![Request::Say(format!("that is the {end} stage"))];
        };
        let to = StageTarget::Named(lane.name.clone());
        if lane.outcome == Outcome::Open {
            self.sent = Some((id, lane.name.clone()));
            return vec![Request::Perform(Intent::Move(plain_move(id, to)))];
        }
        let record = shared.snapshot.get(id);
        let form = record.map(|record| dialogs::close(record, to, lane.outcome, shared));
        form.map(|form| Request::Popup(Box::new(form)))
            .into_iter()
            .collect()
    }

    /// Moves the selected card within its lane.
    fn reorder(&self, down: bool) -> Vec<Request> {
        let Some((lane, at)) = self.lane().and_then(|lane| Some((lane, lane.cursor.at()?))) else {
            return Vec::new();
        };
        if lane.outcome != Outcome::Open {
            return vec![Request::Say(
                "closed deals stand in the order of their days".to_owned(),
            )];
        }
        if self.filter.is_some() {
            return vec![Request::Say(
                "drop the filter first: it hides what lies between".to_owned(),
            )];
        }
        let last = lane.deals.len().saturating_sub(1);
        let before = match (down, at) {
            (true, at) if at >= last => return Vec::new(),
            (false, 0) => return Vec::new(),
            (true, at) => lane.deals.get(at + 2).copied(),
            (false, at) => lane.deals.get(at - 1).copied(),
        };
        lane.deals.get(at).map_or_else(Vec::new, |deal| {
            vec![Request::Perform(Intent::Reorder {
                deal: *deal,
                before,
            })]
        })
    }
}

impl View for Board {
    fn refresh(&mut self, shared: &Shared) {
        let selected = self.selected();
        self.sent = None;
        let all = self.gather(shared);
        let total = all.len();
        let wanted = |deal: &&Record| {
            self.filter
                .as_ref()
                .is_none_or(|filter| filter.matches(deal, shared))
        };
        let deals: Vec<&Record> = all.into_iter().filter(wanted).collect();
        self.counts = (deals.len(), total);
        let pipelines = shared.snapshot.pipelines();
        let open = |deal: &&&Record| derived::outcome(deal, pipelines) == Outcome::Open;
        let now = shared.context.now;
        let open: Vec<&Record> = deals.iter().filter(open).copied().collect();
        let (sum, weighted) = crate::tui::marks::sums(open.iter().copied(), shared);
        let stale = open
            .iter()
            .filter(|deal| derived::is_stale(deal, now, pipelines))
            .count();
        self.totals = Totals {
            open: open.len(),
            stale,
            sum,
            weighted,
        };
        let pipeline = self.names.get(self.pipeline);
        let pipeline = pipeline.and_then(|name| pipelines.get(Some(name)));
        let before = std::mem::replace(&mut self.lanes, lane::sort(pipeline, deals, shared));
        for lane in &mut self.lanes {
            if let Some(known) = before.iter().find(|known| known.name == lane.name) {
                lane.folded = known.folded;
                lane.cursor = known.cursor;
                lane.cursor.set_length(lane.deals.len());
            }
        }
        if let Some(id) = selected {
            self.find(id);
        }
        self.show(shared);
    }

    fn resize(&mut self, area: Rect, shared: &Shared) {
        self.area = area;
        self.show(shared);
    }

    fn act(&mut self, action: &str, shared: &Shared) -> Vec<Request> {
        let answer = match action {
            "open" => return self.selected().map(Request::Open).into_iter().collect(),
            "stage-on" | "stage-back" => return self.send(action == "stage-on", shared),
            "card-down" | "card-up" => return self.reorder(action == "card-down"),
            "next-tab" | "previous-tab" => self.turn_pipeline(action == "next-tab", shared),
            "left" | "previous-pane" => {
                self.go_to_lane(self.current.saturating_sub(1));
                Vec::new()
            }
            "right" | "next-pane" => {
                self.go_to_lane(self.current.saturating_add(1));
                Vec::new()
            }
            "fold" => {
                if let Some(lane) = self.lanes.get_mut(self.current) {
                    lane.folded = !lane.folded;
                }
                Vec::new()
            }
            movement => {
                if let Some(lane) = self.lanes.get_mut(self.current) {
                    lane.cursor.act(movement);
                }
                Vec::new()
            }
        };
        self.sent = None;
        self.show(shared);
        answer
    }

    fn selected(&self) -> Option<Id> {
        self.lane()
            .filter(|lane| !lane.folded)
            .and_then(Lane::selected)
    }

    fn select(&mut self, id: Id, shared: &Shared) -> bool {
        let name = shared
            .snapshot
            .get(id)
            .and_then(|deal| deal.get(deal::PIPELINE));
        let same = |known: &String| name.is_none_or(|name| fold(known) == fold(name));
        if let Some(place) = self.names.iter().position(same)
            && place != self.pipeline
        {
            self.pipeline = place;
            self.refresh(shared);
        }
        let found = self.find(id);
        self.show(shared);
        found
    }

    fn filter(&self) -> Option<&Filter> {
        self.filter.as_ref()
    }

    fn set_filter(&mut self, filter: Option<Filter>, shared: &Shared) {
        self.filter = filter;
        self.refresh(shared);
        // What matches should be in sight, wherever the cursor was.
        if self.selected().is_none()
            && let Some(place) = self.lanes.iter().position(|lane| !lane.deals.is_empty())
        {
            self.current = place;
            self.show(shared);
        }
    }

    fn counts(&self) -> Option<(usize, usize)> {
        Some(self.counts)
    }

    fn click(&mut self, column: u16, row: u16, shared: &Shared) -> Vec<Request> {
        let Some((lane, below)) = self.hit(column, row) else {
            return Vec::new();
        };
        let same = self.current == lane;
        let before = self.selected();
        self.current = lane;
        if let Some(lane) = self.lanes.get_mut(lane) {
            lane.folded = false;
            if let Some(below) = below {
                lane.cursor.click(below);
            }
        }
        self.show(shared);
        let again = same && below.is_some() && before.is_some() && before == self.selected();
        before
            .filter(|_| again)
            .map(Request::Open)
            .into_iter()
            .collect()
    }

    fn wheel(&mut self, lines: isize, column: u16, row: u16, shared: &Shared) {
        if let Some((lane, _)) = self.hit(column, row) {
            self.current = lane;
            self.lanes[lane].cursor.wheel(lines.signum());
            self.show(shared);
        }
    }

    fn draw(&self, shared: &Shared, buffer: &mut Buffer, area: Rect) {
        self.draw_board(shared, buffer, area);
    }
}
