//! Stages of other programs to ours.

use super::Options;
use crate::domain::pipeline::{self, Outcome, Pipelines, Stage};
use crate::domain::record::Record;
use crate::domain::values::text::fold;
use crate::error::{Error, Result};
use crate::services::plan::Plan;

/// The stages that an import adds.
#[derive(Default)]
pub(super) struct Stages {
    added: Vec<(String, Stage)>,
}

impl Stages {
    /// The stage of a pipeline that a text means; adds it where that is wanted. None when the
    /// pipeline has none of that name.
    pub(super) fn resolve(
        &mut self,
        pipelines: &mut Pipelines,
        pipeline: Option<&str>,
        text: &str,
        options: &Options<'_>,
    ) -> Option<String> {
        let wanted = fold(text.trim());
        let mapped = options
            .map_stage
            .iter()
            .find(|(theirs, _)| fold(theirs.trim()) == wanted);
        let text = mapped.map_or(text, |(_, ours)| ours.as_str()).trim();
        let found = pipelines.get(pipeline)?;
        let outcome = meant_outcome(text);
        let known = found.stage(text).or_else(|| found.first(outcome?));
        if let Some(stage) = known {
            return Some(stage.name.clone());
        }
        if !options.create_stages {
            return None;
        }
        let name = found.name.clone();
        let found = pipelines
            .0
            .iter_mut()
            .find(|pipeline| pipeline.name == name)?;
        found.add_open_stage(text);
        let stage = found.stage(text)?.clone();
        let made = stage.name.clone();
        self.added.push((name, stage));
        Some(made)
    }

    /// The pipelines and names of the stages that were added.
    pub(super) fn names(&self) -> Vec<(String, String)> {
        let names = self.added.iter();
        names
            .map(|(pipeline, stage)| (pipeline.clone(), stage.name.clone()))
            .collect()
    }

    /// Puts the records that keep the added stages into the plan.
    pub(super) fn put(self, plan: &mut Plan<'_>) -> Result<()> {
        let mut records: Vec<Record> = Vec::new();
        for (name, stage) in self.added {
            let place = records
                .iter()
                .position(|record| fold(record.title()) == fold(&name));
            let place = match place {
                Some(place) => place,
                None => {
                    records.push(stored(plan, &name)?);
                    records.len() - 1
                }
            };
            records[place].push(pipeline::STAGES, stage);
        }
        for record in records {
            plan.put(record)?;
        }
        Ok(())
    }
}

/// The record that keeps the stages of a pipeline, new where there is none.
fn stored(plan: &mut Plan<'_>, name: &str) -> Result<Record> {
    for record in plan.session.all(&pipeline::KIND) {
        let record = record.map_err(crate::services::words::store)?;
        if record.is_active() && fold(record.title()) == fold(name) {
            return Ok(record);
        }
    }
    let now = plan.context().now;
    let mut record = Record::new(&pipeline::KIND, plan.env.ids.next_id(now), now);
    record.set(pipeline::NAME, name.to_owned());
    Ok(record)
}

/// What other programs call won and lost.
fn meant_outcome(text: &str) -> Option<Outcome> {
    let folded = fold(text).replace(['-', '_', '/', ' '], "");
    match folded.as_str() {
        "won" | "closedwon" | "wonclosed" | "closewon" | "gewonnen" => Some(Outcome::Won),
        "lost"
        | "closedlost"
        | "lostclosed"
        | "closelost"
        | "closedlosttocompetition"
        | "verloren" => Some(Outcome::Lost),
        _ => None,
    }
}

/// The pipeline that was asked for.
///
/// # Errors
/// When there is none of that name.
pub(super) fn wanted(pipelines: &Pipelines, name: Option<&str>) -> Result<Option<String>> {
    let Some(name) = name else { return Ok(None) };
    let known = pipelines
        .get(Some(name))
        .map(|pipeline| pipeline.name.clone());
    known.map(Some).ok_or_else(|| {
        let names: Vec<&str> = pipelines
            .0
            .iter()
            .map(|pipeline| pipeline.name.as_str())
            .collect();
        Error::invalid(format!("there is no pipeline `{name}`"))
            .hint(format!("choose one of: {}", names.join(", ")))
    })
}
