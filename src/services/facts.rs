//! Gathers from records what a score depends on.

use crate::domain::pipeline::Pipelines;
use crate::domain::record::Record;
use crate::domain::{activity, deal, derived};
use crate::scoring::{ActivityFacts, DealFact, MOST_ACTIVITIES};
use chrono::{DateTime, Utc};

/// Outcomes that mean that nobody answered.
pub const UNANSWERED: &[&str] = &[
    "no-answer",
    "no answer",
    "voicemail",
    "busy",
    "sent",
    "no reply",
    "bounced",
];

/// One deal as the score sees it.
pub fn deal_fact(record: &Record, pipelines: &Pipelines) -> DealFact {
    DealFact {
        title: record.title().to_owned(),
        value: record.get(deal::VALUE).copied(),
        stage: record.text(deal::STAGE).to_owned(),
        chance: derived::chance(record, pipelines),
        outcome: derived::outcome(record, pipelines),
    }
}

/// The activities of a contact, given the newest first. Notes and what lies ahead do not count.
pub fn activity_facts<'a>(
    newest_first: impl Iterator<Item = &'a Record>,
    now: DateTime<Utc>,
) -> ActivityFacts {
    let mut facts = ActivityFacts::default();
    let counted = newest_first.filter(|record| record.text(activity::TYPE) != "note");
    for record in counted.take(MOST_ACTIVITIES) {
        let Some(moment) = record.get(activity::AT).filter(|moment| moment.at <= now) else {
            continue;
        };
        facts.times.push(moment.at);
        let outcome = record.text(activity::OUTCOME).to_lowercase();
        // A call, a meeting or a visit is a talk unless its outcome says otherwise; of what is
        // written only what came in, or bore an outcome, is an answer.
        let spoken = matches!(record.text(activity::TYPE), "call" | "meeting" | "visit");
        if UNANSWERED.contains(&outcome.as_str()) {
            facts.unanswered += 1;
        } else if spoken || record.text(activity::DIRECTION) == "in" || !outcome.is_empty() {
            facts.answered += 1;
        }
        if !outcome.is_empty() {
            facts.outcomes.push(outcome);
        }
    }
    facts
}
