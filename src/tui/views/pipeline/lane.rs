//! A lane of the board: the deals of one stage, their sums, a cursor, the cards in sight.

use super::card::Card;
use crate::domain::deal;
use crate::domain::id::Id;
use crate::domain::pipeline::{Outcome, Pipeline};
use crate::domain::record::Record;
use crate::domain::values::text::fold;
use crate::services::deals::lane_order;
use crate::tui::marks::{self, Sums};
use crate::tui::model::Shared;
use crate::tui::widgets::cursor::Cursor;
use std::cmp::Reverse;
use std::collections::HashMap;

/// The deals of one stage.
#[derive(Debug)]
pub(super) struct Lane {
    pub(super) name: String,
    pub(super) outcome: Outcome,
    /// Whether the pipeline has the stage, so that deals can move there.
    pub(super) known: bool,
    pub(super) folded: bool,
    pub(super) deals: Vec<Id>,
    pub(super) cursor: Cursor,
    pub(super) sum: Sums,
    pub(super) weighted: Sums,
    /// The cards in sight, from the first of the cursor's window on.
    pub(super) cards: Vec<Card>,
}

impl Lane {
    fn new(name: &str, outcome: Outcome, known: bool) -> Self {
        Self {
            name: name.to_owned(),
            outcome,
            known,
            folded: false,
            deals: Vec::new(),
            cursor: Cursor::default(),
            sum: Sums::default(),
            weighted: Sums::default(),
            cards: Vec::new(),
        }
    }

    /// The deal under the cursor.
    pub(super) fn selected(&self) -> Option<Id> {
        self.cursor.at().and_then(|at| self.deals.get(at)).copied()
    }

    /// Works out the cards in sight when so many fit.
    pub(super) fn show(&mut self, fitting: usize, shared: &Shared) {
        self.cursor.set_height(fitting);
        let window = self.deals.get(self.cursor.window()).unwrap_or_default();
        let records = window.iter().filter_map(|id| shared.snapshot.get(*id));
        self.cards = records.map(|record| Card::of(record, shared)).collect();
    }

    /// The deals that come before and after those in sight.
    pub(super) fn hidden(&self) -> (usize, usize) {
        let window = self.cursor.window();
        (window.start, self.deals.len().saturating_sub(window.end))
    }
}

/// Deals sorted into the lanes of their stages. A deal whose stage the pipeline does not have
/// is not lost from sight: it stands in a lane of its own before the closed ones.
pub(super) fn sort(pipeline: Option<&Pipeline>, deals: Vec<&Record>, shared: &Shared) -> Vec<Lane> {
    let stages = pipeline.map_or(&[][..], |pipeline| &pipeline.stages);
    let known = stages
        .iter()
        .map(|stage| Lane::new(&stage.name, stage.outcome, true));
    let mut lanes: Vec<Lane> = known.collect();
    let mut sorted: Vec<Vec<&Record>> = lanes.iter().map(|_| Vec::new()).collect();
    let mut places: HashMap<&str, usize> = HashMap::new();
    for deal in deals {
        let stage = deal.text(deal::STAGE);
        let place = *places.entry(stage).or_insert_with(|| {
            let wanted = fold(stage.trim());
            lanes
                .iter()
                .position(|lane| fold(&lane.name) == wanted)
                .unwrap_or_else(|| {
                    lanes.push(Lane::new(stage, Outcome::Open, false));
                    sorted.push(Vec::new());
                    lanes.len() - 1
                })
        });
        sorted[place].push(deal);
    }
    for (lane, mut deals) in lanes.iter_mut().zip(sorted) {
        if lane.outcome == Outcome::Open {
            deals.sort_by_cached_key(|deal| lane_order(deal));
        } else {
            let closed = |deal: &&Record| deal.get(deal::CLOSED).copied();
            deals.sort_by_cached_key(|deal| (Reverse(closed(deal)), Reverse(lane_order(deal).1)));
        }
        (lane.sum, lane.weighted) = marks::sums(deals.iter().copied(), shared);
        lane.deals = deals.iter().map(|deal| deal.id).collect();
        lane.cursor.set_length(lane.deals.len());
    }
    lanes.sort_by_key(|lane| lane.outcome != Outcome::Open);
    lanes
}
