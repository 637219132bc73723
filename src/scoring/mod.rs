//! How promising a contact is: facts in, a score from 0 to 100 with its reasons out.
//!
//! No store, no clock: [`Facts`] carry everything. The rules are in [`rules`].

pub mod rules;

use crate::domain::pipeline::Outcome;
use crate::domain::record::Record;
use crate::domain::settings::ScoreSettings;
use crate::domain::values::Percent;
use crate::domain::values::money::Money;
use chrono::{DateTime, Utc};

/// One deal of the contact.
#[derive(Clone, Debug)]
pub struct DealFact {
    /// Its title.
    pub title: String,
    /// Its value.
    pub value: Option<Money>,
    /// Its stage's name.
    pub stage: String,
    /// The chance of winning it.
    pub chance: Percent,
    /// Open, won or lost.
    pub outcome: Outcome,
}

/// What is known of the activities with a contact.
#[derive(Clone, Debug, Default)]
pub struct ActivityFacts {
    /// When the latest ones were, the newest first; at most [`MOST_ACTIVITIES`].
    pub times: Vec<DateTime<Utc>>,
    /// How many of those came from the contact, or were answered by them.
    pub answered: u32,
    /// How many of those were attempts without an answer (outcome no-answer, voicemail, or sent).
    pub unanswered: u32,
    /// Outcomes of those, the newest first, where one was given.
    pub outcomes: Vec<String>,
}

/// How many activities of a contact count: older ones have decayed to nothing.
pub const MOST_ACTIVITIES: usize = 50;

/// Everything a score depends on.
#[derive(Clone, Debug)]
pub struct Facts<'a> {
    /// The contact.
    pub contact: &'a Record,
    /// Their company.
    pub company: Option<&'a Record>,
    /// Their deals.
    pub deals: Vec<DealFact>,
    /// The activities with them.
    pub activities: ActivityFacts,
    /// Now.
    pub now: DateTime<Utc>,
}

/// One factor of a score.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// The rule's name: `source`, `recency`, `deals`.
    pub rule: &'static str,
    /// Points given, or taken when negative.
    pub points: i32,
    /// The most that this rule can give.
    pub most: i32,
    /// Why, in a few words: `called 3 days ago`.
    pub words: String,
}

/// A score with its reasons.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Score {
    /// 0 to 100.
    pub points: u8,
    /// Every factor, the strongest first; those that gave nothing last.
    pub reasons: Vec<Reason>,
}

/// Scores a contact: the sum of all rules, held within 0 and 100.
pub fn score(facts: &Facts<'_>, settings: &ScoreSettings) -> Score {
    let mut reasons: Vec<Reason> = rules::RULES
        .iter()
        .map(|rule| rule(facts, settings))
        .collect();
    reasons.sort_by_key(|reason| std::cmp::Reverse(reason.points.abs()));
    let sum: i32 = reasons.iter().map(|reason| reason.points).sum();
    Score {
        points: u8::try_from(sum.clamp(0, 100)).unwrap_or(0),
        reasons,
    }
}
