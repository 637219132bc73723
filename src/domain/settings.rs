//! The settings, as data: read from `config.toml` by the program, with a default for each.

pub mod cadence;
pub mod fields;
pub mod mail;
pub mod remind;

use super::context::DateOrder;
use super::pipeline::{Outcome, Pipeline, Pipelines, Stage};
use super::values::Percent;
use cadence::CadenceSettings;
use fields::{FieldFault, FieldSettings};
use mail::MailSettings;
use remind::RemindSettings;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Everything the user can set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Settings {
    /// Currency of an amount that names none, by its ISO code.
    pub currency: String,
    /// Region of phone numbers without country code; empty: from the locale.
    pub region: String,
    /// Time zone by its IANA name; empty: the system's.
    pub time_zone: String,
    /// How dates of digits such as 3/4/2026 are read: dmy, mdy or ymd.
    pub date_order: DateOrder,
    /// How many changes the log keeps for undo and history; 0 keeps all.
    pub history: u64,
    /// A command that prints the passphrase of encrypted backups; it is run by `sh`.
    pub passphrase_command: String,
    /// How long a hook may take, in seconds.
    pub hook_time: u64,
    /// The pipelines; the first is the default.
    #[serde(rename = "pipeline")]
    pub pipelines: Vec<PipelineSettings>,
    /// Fields of your own.
    #[serde(rename = "field")]
    pub fields: Vec<FieldSettings>,
    /// The rules of the score.
    pub score: ScoreSettings,
    /// Mail.
    pub mail: MailSettings,
    /// Reminders: ways, quiet hours, dates.
    pub remind: RemindSettings,
    /// How often to touch whom.
    pub cadence: CadenceSettings,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            currency: "EUR".to_owned(),
            region: String::new(),
            time_zone: String::new(),
            date_order: DateOrder::Dmy,
            history: 0,
            passphrase_command: String::new(),
            hook_time: 10,
            pipelines: Vec::new(),
            fields: Vec::new(),
            score: ScoreSettings::default(),
            mail: MailSettings::default(),
            remind: RemindSettings::default(),
            cadence: CadenceSettings::default(),
        }
    }
}

/// A pipeline as it is written in the settings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct PipelineSettings {
    /// Its name.
    pub name: String,
    /// Its stages, first to last.
    #[serde(rename = "stage")]
    pub stages: Vec<StageSettings>,
}

/// A stage as it is written in the settings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct StageSettings {
    /// Its name.
    pub name: String,
    /// The chance of winning from here, 0 to 100.
    #[serde(default)]
    pub probability: Option<u8>,
    /// open, won or lost.
    #[serde(default)]
    pub outcome: Outcome,
    /// After how many days without activity a deal here is stale.
    #[serde(default)]
    pub stale_after: Option<u32>,
}

/// Weights and words of the score. A weight is the most points that its rule can give or take.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct ScoreSettings {
    /// Points by source, from the best kind of source down.
    pub sources: BTreeMap<String, i32>,
    /// Most points for a contact whose data is complete.
    pub completeness: i32,
    /// Words in a role that promise a decision maker.
    pub role_words: Vec<String>,
    /// Most points for such a role.
    pub role: i32,
    /// Words in a company's industry or tags that mark a good fit.
    pub fit_words: Vec<String>,
    /// Most points for a fitting company.
    pub fit: i32,
    /// Most points for a contact that was recent.
    pub recency: i32,
    /// Days after which a contact counts half.
    pub half_life: u32,
    /// Most points for many interactions.
    pub frequency: i32,
    /// Most points for answering, taken for silence.
    pub response: i32,
    /// Most points for open deals.
    pub deals: i32,
    /// Value of open deals, in whole units of the default currency, that gives half of the points.
    pub deal_value: i64,
    /// Points for a stated interest.
    pub interest: i32,
    /// Points taken when mail bounced.
    pub bounced: i32,
    /// Points taken when they opted out.
    pub opted_out: i32,
}

impl Default for ScoreSettings {
    fn default() -> Self {
        let words = |list: &[&str]| list.iter().map(|&word| word.to_owned()).collect();
        let sources = [
            ("referral", 15),
            ("recommendation", 15),
            ("partner", 12),
            ("web", 8),
            ("website", 8),
            ("fair", 8),
            ("event", 8),
            ("social", 5),
            ("advertisement", 4),
            ("cold", 1),
        ];
        Self {
            sources: sources
                .into_iter()
                .map(|(name, points)| (name.to_owned(), points))
                .collect(),
            completeness: 10,
            role_words: words(&[
                "owner",
                "founder",
                "ceo",
                "cto",
                "coo",
                "cmo",
                "chief",
                "director",
                "head",
                "managing",
                "partner",
                "president",
                "geschäftsführer",
                "inhaber",
                "gérant",
            ]),
            role: 10,
            fit_words: Vec::new(),
            fit: 5,
            recency: 15,
            half_life: 30,
            frequency: 10,
            response: 10,
            deals: 20,
            deal_value: 5_000,
            interest: 10,
            bounced: 15,
            opted_out: 40,
        }
    }
}

/// Why settings that parse still make no sense.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SettingsError {
    /// A pipeline, by name, that lacks a stage with that outcome.
    MissingOutcome(String, Outcome),
    /// A probability over 100, with its pipeline and stage.
    Probability(String, String),
    /// Two stages of one name, with the pipeline and the stage.
    SameStage(String, String),
    /// A field of the user's own that makes no sense.
    Field {
        /// Which of those in the file, from 1.
        number: usize,
        /// Its name.
        name: String,
        /// What is wrong with it.
        fault: FieldFault,
    },
}

impl Settings {
    /// The pipelines with probabilities filled in: evenly rising where none is given.
    ///
    /// # Errors
    /// What makes no sense.
    pub fn pipelines(&self) -> Result<Pipelines, SettingsError> {
        if self.pipelines.is_empty() {
            return Ok(Pipelines::default());
        }
        self.pipelines
            .iter()
            .map(pipeline)
            .collect::<Result<_, _>>()
            .map(Pipelines)
    }
}

fn pipeline(settings: &PipelineSettings) -> Result<Pipeline, SettingsError> {
    let open = settings
        .stages
        .iter()
        .filter(|stage| stage.outcome == Outcome::Open)
        .count();
    let mut made = Pipeline {
        name: settings.name.clone(),
        stages: Vec::new(),
    };
    for outcome in [Outcome::Open, Outcome::Won, Outcome::Lost] {
        let of_outcome = settings
            .stages
            .iter()
            .filter(|stage| stage.outcome == outcome);
        for (index, stage) in of_outcome.enumerate() {
            if made.stage(&stage.name).is_some() {
                let (pipeline, name) = (settings.name.clone(), stage.name.clone());
                return Err(SettingsError::SameStage(pipeline, name));
            }
            let even = match outcome {
                Outcome::Won => 100,
                Outcome::Lost => 0,
                Outcome::Open => u8::try_from((index + 1) * 100 / (open + 1)).unwrap_or(100),
            };
            let share = stage.probability.unwrap_or(even);
            let probability = Percent::new(share).ok_or_else(|| {
                SettingsError::Probability(settings.name.clone(), stage.name.clone())
            })?;
            made.stages.push(Stage {
                name: stage.name.clone(),
                probability,
                outcome,
                stale_after: stage.stale_after,
            });
        }
        if made.first(outcome).is_none() {
            return Err(SettingsError::MissingOutcome(
                settings.name.clone(),
                outcome,
            ));
        }
    }
    Ok(made)
}
