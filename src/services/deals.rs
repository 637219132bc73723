//! Moving deals: between stages, to won and lost and back, and within a lane.

use super::consequences::settle;
use super::follow_ups::make_next;
use super::intent::{StageMove, StageTarget, Target};
use super::plan::Plan;
use super::words;
use crate::domain::id::Id;
use crate::domain::pipeline::{Outcome, Pipeline};
use crate::domain::record::Record;
use crate::domain::values::ValueError;
use crate::domain::{company, contact, deal};
use crate::error::{Error, Result};

/// The distance between two places in a lane, so that a card fits between without moving others.
const GAP: i64 = 1 << 20;

/// Moves a deal to another stage.
///
/// # Errors
/// When the stage does not exist in its pipeline, or it stands there already.
pub fn move_to(plan: &mut Plan<'_>, wanted: &StageMove) -> Result<(Vec<Target>, String)> {
    let before = plan.get(&deal::KIND, wanted.deal)?;
    let name = before.get(deal::PIPELINE).map(String::as_str);
    let pipeline = plan
        .pipelines
        .get(name)
        .ok_or_else(|| Error::invalid(format!("there is no pipeline `{}`", name.unwrap_or(""))))?
        .clone();
    let stage = target_stage(&pipeline, &before, &wanted.to)?;
    let from = before.text(deal::STAGE).to_owned();
    if from == stage {
        return Err(Error::invalid(format!(
            "{} stands in `{stage}` already",
            before.title()
        )));
    }
    let mut record = before.clone();
    record.set(deal::STAGE, stage.clone());
    let outcome = pipeline
        .stage(&stage)
        .map_or(Outcome::Open, |stage| stage.outcome);
    if outcome == Outcome::Open {
        record.clear(deal::REASON);
    }
    if let Some(reason) = &wanted.reason {
        record.set(deal::REASON, reason.clone());
    }
    if let Some(competitor) = &wanted.competitor {
        record.set(deal::COMPETITOR, competitor.clone());
    }
    let title = record.title().to_owned();
    let contacts = plan.existing(&contact::KIND, record.list(deal::CONTACTS))?;
    let company = record.get(deal::COMPANY).copied();
    let company = plan.existing(&company::KIND, company.as_slice())?.pop();
    let note = wanted.note.as_deref().or(wanted.reason.as_deref());
    settle(plan, Some(&before), record, note)?;
    let mut summary = match outcome {
        Outcome::Won => format!("won {title}"),
        Outcome::Lost => format!("lost {title}"),
        Outcome::Open => format!("moved {title}: {from} → {stage}"),
    };
    let mut touched = vec![Target {
        kind: &deal::KIND,
        id: wanted.deal,
    }];
    if let Some(next) = &wanted.follow_up {
        let (made, words) = make_next(plan, next, &contacts, company, Some(wanted.deal))?;
        touched.push(made);
        summary.push_str(&format!("; {words}"));
    }
    Ok((touched, summary))
}

fn target_stage(pipeline: &Pipeline, deal: &Record, target: &StageTarget) -> Result<String> {
    match target {
        StageTarget::Named(name) => match pipeline.stage(name) {
            Some(stage) => Ok(stage.name.clone()),
            None => {
                let names = pipeline
                    .stages
                    .iter()
                    .map(|stage| stage.name.clone())
                    .collect();
                Err(words::value_named(
                    &format!("stage `{name}`"),
                    ValueError::NotOneOf(names),
                ))
            }
        },
        StageTarget::Outcome(Outcome::Open) => {
            let was_open = |name: &String| {
                pipeline
                    .stage(name)
                    .is_some_and(|stage| stage.outcome == Outcome::Open)
            };
            if was_open(&deal.text(deal::STAGE).to_owned()) {
                return Err(Error::invalid(format!("{} is open", deal.title())));
            }
            let steps = deal.list(deal::STAGE_HISTORY).iter().rev();
            let before = steps
                .flat_map(|step| [Some(&step.to), step.from.as_ref()])
                .flatten();
            let open = before.into_iter().find(|name| was_open(name)).cloned();
            let first = || {
                pipeline
                    .first(Outcome::Open)
                    .map(|stage| stage.name.clone())
            };
            open.or_else(first)
                .ok_or_else(|| Error::invalid("the pipeline has no open stage"))
        }
        StageTarget::Outcome(outcome) => pipeline
            .first(*outcome)
            .map(|stage| stage.name.clone())
            .ok_or_else(|| {
                Error::invalid(format!("pipeline `{}` has no such stage", pipeline.name))
            }),
    }
}

/// Puts a deal before another in its lane, or behind the last.
///
/// # Errors
/// When one of them does not exist or they stand in different lanes.
pub fn reorder(plan: &mut Plan<'_>, id: Id, before: Option<Id>) -> Result<(Vec<Target>, String)> {
    let record = plan.get(&deal::KIND, id)?;
    let stage = record.text(deal::STAGE).to_owned();
    let pipeline = record.get(deal::PIPELINE).cloned();
    let compared = crate::domain::values::text::fold(&stage);
    let ids = plan
        .session
        .find_exact(&deal::KIND, deal::STAGE.number(), &compared)
        .map_err(words::store)?;
    let mut lane = Vec::new();
    for other in ids.into_iter().filter(|&other| other != id) {
        let other = plan.get(&deal::KIND, other)?;
        if other.is_active() && other.get(deal::PIPELINE) == pipeline.as_ref() {
            lane.push(other);
        }
    }
    lane.sort_by_cached_key(lane_order);
    let place = match before {
        None => lane.len(),
        Some(before) => lane
            .iter()
            .position(|other| other.id == before)
            .ok_or_else(|| Error::invalid("the other deal stands in another lane".to_owned()))?,
    };
    let title = record.title().to_owned();
    lane.insert(place, record);
    for (rank, mut card) in (1..).map(|place: i64| place.saturating_mul(GAP)).zip(lane) {
        if card.get(deal::RANK) != Some(&rank) {
            card.set(deal::RANK, rank);
            plan.put(card)?;
        }
    }
    Ok((
        vec![Target {
            kind: &deal::KIND,
            id,
        }],
        format!("moved {title} within {stage}"),
    ))
}

/// The order of cards in a lane: by the place given by hand, those without one behind, by when
/// they came into the stage.
pub fn lane_order(deal: &Record) -> (i64, i64, Id) {
    let rank = deal.get(deal::RANK).copied().unwrap_or(i64::MAX);
    let since = crate::domain::derived::stage_since(deal).timestamp_millis();
    (rank, since, deal.id)
}
