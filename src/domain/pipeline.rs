//! Pipelines: the ordered steps of selling, and what each step means for a deal.
//!
//! Pipelines come from the settings. A stage that an import creates is kept in the
//! store as a record of the kind `pipeline`, so that undo takes it back; both are
//! merged by [`Pipelines::with_stored`].

use super::field::{Field, Shape};
use super::kind::Kind;
use super::record::{Key, Record};
use super::values::Percent;
use super::values::text::fold;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What it means for a deal to stand in a stage.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// Still selling.
    #[default]
    Open,
    /// Sold.
    Won,
    /// Not sold.
    Lost,
}

/// One step of a pipeline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stage {
    /// Its name, as shown and typed.
    pub name: String,
    /// The chance of winning from here.
    pub probability: Percent,
    /// What standing here means.
    pub outcome: Outcome,
    /// After how many days without a change or activity a deal here is stale.
    pub stale_after: Option<u32>,
}

/// Steps in their order, first to last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pipeline {
    /// Its name.
    pub name: String,
    /// Open stages in order, then won, then lost.
    pub stages: Vec<Stage>,
}

impl Pipeline {
    /// The stage of that name, whatever its case and accents.
    pub fn stage(&self, name: &str) -> Option<&Stage> {
        let wanted = fold(name.trim());
        self.stages.iter().find(|stage| fold(&stage.name) == wanted)
    }

    /// The first stage with that outcome.
    pub fn first(&self, outcome: Outcome) -> Option<&Stage> {
        self.stages.iter().find(|stage| stage.outcome == outcome)
    }

    /// The place of a stage in the order.
    pub fn position(&self, name: &str) -> Option<usize> {
        let wanted = fold(name);
        self.stages
            .iter()
            .position(|stage| fold(&stage.name) == wanted)
    }

    /// Adds an open stage behind the other open ones, unless it is there. Its
    /// probability lies between that of the last open stage and certainty.
    pub fn add_open_stage(&mut self, name: &str) {
        if self.stage(name).is_some() {
            return;
        }
        let at = self
            .stages
            .iter()
            .take_while(|stage| stage.outcome == Outcome::Open)
            .count();
        let before = at
            .checked_sub(1)
            .map_or(0, |last| self.stages[last].probability.get());
        let between = u8::midpoint(before, 100);
        self.stages.insert(
            at,
            Stage {
                name: name.trim().to_owned(),
                probability: Percent::new(between).unwrap_or_default(),
                outcome: Outcome::Open,
                stale_after: None,
            },
        );
    }
}

/// Every pipeline there is. The first is the default.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pipelines(pub Vec<Pipeline>);

impl Pipelines {
    /// The pipeline of that name, or the default for `None`.
    pub fn get(&self, name: Option<&str>) -> Option<&Pipeline> {
        match name {
            None => self.0.first(),
            Some(name) => {
                let wanted = fold(name.trim());
                self.0
                    .iter()
                    .find(|pipeline| fold(&pipeline.name) == wanted)
            }
        }
    }

    /// The stage in which a deal stands, if its pipeline still has it.
    pub fn stage_of(&self, deal: &Record) -> Option<&Stage> {
        let pipeline = self.get(deal.get(super::deal::PIPELINE).map(String::as_str))?;
        pipeline.stage(deal.get(super::deal::STAGE)?)
    }

    /// The settings' pipelines with the stages that the store keeps added to them.
    #[must_use]
    pub fn with_stored<'a>(&self, stored: impl IntoIterator<Item = &'a Record>) -> Self {
        let mut all = self.clone();
        for record in stored {
            let Some(name) = record.get(NAME) else {
                continue;
            };
            let wanted = fold(name);
            let place = all
                .0
                .iter()
                .position(|pipeline| fold(&pipeline.name) == wanted);
            let place = place.unwrap_or_else(|| {
                all.0.push(Pipeline {
                    name: name.clone(),
                    stages: closing_stages(),
                });
                all.0.len() - 1
            });
            for stage in record.get(STAGES).into_iter().flatten() {
                let pipeline = &mut all.0[place];
                if pipeline.stage(&stage.name).is_none() {
                    let open = pipeline
                        .stages
                        .iter()
                        .take_while(|s| s.outcome == Outcome::Open);
                    let at = open.count();
                    pipeline.stages.insert(at, stage.clone());
                }
            }
        }
        all
    }
}

impl Default for Pipelines {
    fn default() -> Self {
        let open = [
            ("lead", 10),
            ("qualified", 25),
            ("proposal", 50),
            ("negotiation", 75),
        ];
        let mut stages: Vec<Stage> = open
            .into_iter()
            .map(|(name, share)| Stage {
                name: name.to_owned(),
                probability: Percent::new(share).unwrap_or_default(),
                outcome: Outcome::Open,
                stale_after: Some(21),
            })
            .collect();
        stages.extend(closing_stages());
        Self(vec![Pipeline {
            name: "sales".to_owned(),
            stages,
        }])
    }
}

fn closing_stages() -> Vec<Stage> {
    [("won", 100, Outcome::Won), ("lost", 0, Outcome::Lost)]
        .into_iter()
        .map(|(name, share, outcome)| Stage {
            name: name.to_owned(),
            probability: Percent::new(share).unwrap_or_default(),
            outcome,
            stale_after: None,
        })
        .collect()
}

/// The pipeline's name, under which the settings may define more of it.
pub const NAME: Key<String> = Key::new(1);
/// Stages that an import created.
pub const STAGES: Key<Vec<Stage>> = Key::new(2);

/// Stages that were made by an import, kept so that undo can take them back.
pub const KIND: Kind = Kind {
    number: 6,
    name: "pipeline",
    plural: "pipelines",
    help: "Stages made by an import, beside those of the settings",
    title: NAME,
    fields: &[
        Field::text(NAME, "name", "The pipeline that these stages belong to").required(),
        Field::new(STAGES, "stages", "Stages made by an import", Shape::Stages).read_only(),
    ],
    columns: &["name", "stages"],
    is_called: Some(Record::is_active),
    recurring: &[STAGES.number()],
    hidden: true,
    ..Kind::BLANK
};
