//! How promising a contact is: facts in, a score from 0 to 100 with its reasons out.
//!
//! No store, no clock: [`Facts`] carry everything. The rules are in [`rules`], what to do
//! next in [`next`], whom to touch now in [`ranking`].

pub mod next;
pub mod ranking;
pub mod rules;

use crate::domain::contact;
use crate::domain::pipeline::Outcome;
use crate::domain::record::Record;
use crate::domain::settings::ScoreSettings;
use crate::domain::values::Percent;
use crate::domain::values::money::{Currency, Money};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use std::cmp::Reverse;

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
    /// The user's zone, in which a day begins and ends.
    pub zone: Tz,
    /// The user's currency: values in another one are counted, never converted.
    pub currency: Currency,
}

impl Facts<'_> {
    /// When they were last touched, by the activities or by the contact's own field.
    pub fn last_contact(&self) -> Option<DateTime<Utc>> {
        let stated = self
            .contact
            .get(contact::LAST_CONTACT)
            .map(|instant| instant.0);
        self.activities.times.iter().copied().chain(stated).max()
    }

    /// How many midnights lie between an instant and now; 0 for one in the future.
    pub fn days_since(&self, at: DateTime<Utc>) -> u32 {
        let day = |at: DateTime<Utc>| at.with_timezone(&self.zone).date_naive();
        u32::try_from((day(self.now) - day(at)).num_days()).unwrap_or(0)
    }

    /// The deals that are neither won nor lost.
    pub fn open_deals(&self) -> impl Iterator<Item = &DealFact> {
        self.deals
            .iter()
            .filter(|deal| deal.outcome == Outcome::Open)
    }
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
    reasons.sort_by_key(|reason| Reverse(reason.points.unsigned_abs()));
    let sum: i64 = reasons.iter().map(|reason| i64::from(reason.points)).sum();
    Score {
        points: u8::try_from(sum.clamp(0, 100)).unwrap_or(0),
        reasons,
    }
}
