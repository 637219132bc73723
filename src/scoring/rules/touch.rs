//! Rules on how the two of you are in touch: recency, frequency, response, interest.

use super::{count, decay, fraction, names, share, weight};
use crate::domain::contact;
use crate::domain::settings::ScoreSettings;
use crate::domain::values::text;
use crate::scoring::{Facts, MOST_ACTIVITIES, Reason};

/// So many fresh interactions give half of the points for frequency.
const HALF_FREQUENCY: f64 = 2.0;
/// The days that the words on frequency look back.
const LOOK_BACK: u32 = 90;
/// Outcomes that speak of interest, and those that deny it.
const INTERESTED: &[&str] = &[
    "interested",
    "keen",
    "wants",
    "requested",
    "positive",
    "qualified",
];
const NOT_INTERESTED: &[&str] = &[
    "not",
    "no interest",
    "uninterested",
    "disinterested",
    "declined",
    "rejected",
    "unqualified",
];

/// The last contact, decayed: `points = most · 2^(−time / half-life)`.
pub(super) fn recency(facts: &Facts<'_>, settings: &ScoreSettings) -> Reason {
    let most = weight(settings.recency);
    let (points, words) = facts
        .last_contact()
        .map_or((0, "never in touch yet".to_owned()), |at| {
            let left = decay(at, facts.now, settings.half_life);
            let words = match facts.days_since(at) {
                0 => "last contact today".to_owned(),
                1 => "last contact yesterday".to_owned(),
                days => format!("last contact {days} days ago"),
            };
            (fraction(most, left), words)
        });
    Reason {
        rule: "recency",
        points,
        most,
        words,
    }
}

/// The decayed number of interactions, saturating: `points = most · n / (n + 2)`, where each
/// interaction adds `2^(−time / half-life)` to `n`.
pub(super) fn frequency(facts: &Facts<'_>, settings: &ScoreSettings) -> Reason {
    let most = weight(settings.frequency);
    let times = facts.activities.times.iter().take(MOST_ACTIVITIES);
    let sum: f64 = times
        .clone()
        .map(|&at| decay(at, facts.now, settings.half_life))
        .sum();
    let recent = times
        .clone()
        .filter(|&&at| facts.days_since(at) <= LOOK_BACK)
        .count();
    let words = match (times.count(), recent) {
        (0, _) => "no interactions yet".to_owned(),
        (all, 0) => format!(
            "{}, none in the last {LOOK_BACK} days",
            count(all, "interaction")
        ),
        (_, MOST_ACTIVITIES) => {
            format!("{MOST_ACTIVITIES} or more interactions in the last {LOOK_BACK} days")
        }
        (_, recent) => format!(
            "{} in the last {LOOK_BACK} days",
            count(recent, "interaction")
        ),
    };
    Reason {
        rule: "frequency",
        points: fraction(most, sum / (sum + HALF_FREQUENCY)),
        most,
        words,
    }
}

/// Answers against silence: `points = most · (answered − unanswered) / (all + 2)`; the two
/// keep a single try from deciding.
pub(super) fn response(facts: &Facts<'_>, settings: &ScoreSettings) -> Reason {
    let most = weight(settings.response);
    let answered = i128::from(facts.activities.answered);
    let unanswered = i128::from(facts.activities.unanswered);
    let all = answered + unanswered;
    let words = match (answered, all) {
        (_, 0) => "not asked for an answer yet".to_owned(),
        (0, 1) => "no answer to the first try".to_owned(),
        (0, all) => format!("never answered in {all} tries"),
        (1, 1) => "answered the first time".to_owned(),
        (answered, all) => format!("answered {answered} of {all} times"),
    };
    Reason {
        rule: "response",
        points: share(most, answered - unanswered, all + 2),
        most,
        words,
    }
}

/// A stated interest, or outcomes that tell of it; the latest denial counts against both.
pub(super) fn interest(facts: &Facts<'_>, settings: &ScoreSettings) -> Reason {
    let most = weight(settings.interest);
    let stated = facts.contact.text(contact::INTEREST);
    let told = facts.activities.outcomes.iter().find_map(|outcome| {
        let words = text::words(outcome);
        let speaks_of = |phrases: &[&str]| phrases.iter().any(|phrase| names(&words, phrase));
        match (speaks_of(NOT_INTERESTED), speaks_of(INTERESTED)) {
            // `not` alone says nothing: `not reached`.
            (true, is_interested) if is_interested || !names(&words, "not") => Some(false),
            (false, true) => Some(true),
            _ => None,
        }
    });
    let (points, words) = match told {
        Some(false) => (-most, "said they are not interested".to_owned()),
        _ if !stated.is_empty() => (most, format!("interested in {stated}")),
        Some(true) => (most, "said they are interested".to_owned()),
        None => (0, "no interest stated yet".to_owned()),
    };
    Reason {
        rule: "interest",
        points,
        most,
        words,
    }
}
