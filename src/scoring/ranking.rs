//! Whom to touch now: follow-ups, cadences, promising leads and stale deals in one ranking.

use super::next::{NextAction, ago};
use crate::domain::context::Context;
use crate::domain::occasion::Occasion;
use crate::domain::pipeline::Pipelines;
use crate::domain::record::Record;
use crate::domain::values::text::fold;
use crate::domain::{contact, deal, derived, follow_up, show};
use chrono::{DateTime, Utc};
use std::cmp::Reverse;

/// From this score on, a lead without a follow-up is worth a touch now.
pub const HOT: u8 = 60;
/// The most causes that count: more of them hardly make it more urgent.
const MOST_CAUSES: usize = 4;

/// Someone or something that may want to be touched now.
#[derive(Clone, Debug)]
pub struct Candidate<'a> {
    /// The contact; or the company, deal or follow-up, where no contact is linked.
    pub subject: &'a Record,
    /// The contact's score.
    pub score: Option<u8>,
    /// The cadence in days that holds for the contact.
    pub cadence: Option<u32>,
    /// Dates of the contact that are to be reminded now.
    pub occasions: Vec<Occasion>,
    /// Open follow-ups that are linked to it.
    pub follow_ups: Vec<&'a Record>,
    /// Deals that are linked to it.
    pub deals: Vec<&'a Record>,
    /// What to do, as [`super::next::next_action`] says.
    pub action: Option<NextAction>,
}

/// Why someone wants to be touched now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CauseKind {
    /// A follow-up whose time has passed.
    Overdue,
    /// A follow-up for today.
    DueToday,
    /// A birthday or another date that comes round.
    Occasion,
    /// Untouched for longer than their cadence.
    LosingTouch,
    /// A promising lead with nothing planned.
    Hot,
    /// A deal untouched for longer than its stage allows.
    Stale,
}

/// One cause with its weight.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cause {
    /// Which.
    pub kind: CauseKind,
    /// Its weight, 1 to 100.
    pub points: u32,
    /// Why, in a few words: `due today: send the quote`.
    pub words: String,
}

/// One row of the ranking.
#[derive(Clone, Debug)]
pub struct Ranked<'a> {
    /// Whom to touch.
    pub subject: &'a Record,
    /// The contact's score.
    pub score: Option<u8>,
    /// How urgent it is, 1 to 100.
    pub urgency: u32,
    /// Why, the strongest cause first; at least one.
    pub causes: Vec<Cause>,
    /// What to do.
    pub action: Option<NextAction>,
}

/// Whom to touch now, the most urgent first: overdue, due today, losing touch, hot or stale.
/// The strongest cause counts whole, each further one a quarter; who has none is left out.
pub fn rank_next<'a>(
    candidates: impl IntoIterator<Item = Candidate<'a>>,
    context: &Context,
    pipelines: &Pipelines,
) -> Vec<Ranked<'a>> {
    let mut ranked: Vec<Ranked<'a>> = candidates
        .into_iter()
        .filter(|candidate| candidate.subject.is_active())
        .filter_map(|candidate| {
            let mut causes = causes(&candidate, context, pipelines);
            causes.sort_by_key(|cause| Reverse(cause.points));
            let strongest = causes.first()?.points;
            let further: u32 = causes
                .iter()
                .take(MOST_CAUSES)
                .skip(1)
                .map(|cause| cause.points / 4)
                .sum();
            let Candidate {
                subject,
                score,
                action,
                ..
            } = candidate;
            let urgency = (strongest + further).clamp(1, 100);
            Some(Ranked {
                subject,
                score,
                urgency,
                causes,
                action,
            })
        })
        .collect();
    ranked.sort_by_cached_key(|row| {
        let last = row
            .subject
            .get(contact::LAST_CONTACT)
            .map(|instant| instant.0);
        let strongest = row.causes.first().map_or(0, |cause| cause.points);
        (
            Reverse((row.urgency, strongest, row.score)),
            last,
            fold(row.subject.title()),
            row.subject.id,
        )
    });
    ranked
}

fn causes(candidate: &Candidate<'_>, context: &Context, pipelines: &Pipelines) -> Vec<Cause> {
    let mut causes: Vec<Cause> = candidate
        .follow_ups
        .iter()
        .filter_map(|record| due(record, context))
        .chain(candidate.occasions.iter().map(|it| remember(it, context)))
        .collect();
    let subject = candidate.subject;
    let is_contact = *subject.kind == contact::KIND;
    let last = subject
        .get(contact::LAST_CONTACT)
        .filter(|_| is_contact)
        .map(|instant| instant.0);
    // What was agreed stays agreed; everything else can wait for another day.
    if last.is_some_and(|at| elapsed(at, context) == 0) {
        return causes;
    }
    if is_contact {
        causes.extend(losing_touch(subject, candidate.cadence, last, context));
        if candidate
            .follow_ups
            .iter()
            .all(|record| !(record.kind.is_live)(record))
        {
            causes.extend(hot(subject, candidate.score));
        }
    }
    causes.extend(
        candidate
            .deals
            .iter()
            .filter_map(|record| stale(record, context, pipelines)),
    );
    causes
}

/// Whole days in the user's zone, 0 for the future.
fn elapsed(at: DateTime<Utc>, context: &Context) -> u32 {
    let days = (context.today() - at.with_timezone(&context.zone).date_naive()).num_days();
    u32::try_from(days).unwrap_or(0)
}

/// Overdue: 65, one more for each day up to 15. Due today: 55. High priority 15 more, low 15 less.
fn due(record: &Record, context: &Context) -> Option<Cause> {
    if !(record.kind.is_live)(record) {
        return None;
    }
    let due = *record.get(follow_up::DUE)?;
    let late = u32::try_from((context.today() - due.day(context.zone)).num_days()).ok()?;
    let (kind, base, when) = match (due, late) {
        _ if !due.is_overdue(context.now, context.zone) => (
            CauseKind::DueToday,
            55,
            format!("due {}", show::due_words(&due, context)),
        ),
        (_, 0) => (
            CauseKind::Overdue,
            65,
            format!("was due {}", show::due_words(&due, context)),
        ),
        (_, 1) => (CauseKind::Overdue, 66, "due since yesterday".to_owned()),
        (_, days) => (
            CauseKind::Overdue,
            65 + days.min(15),
            format!("overdue for {days} days"),
        ),
    };
    let points = match record.text(follow_up::PRIORITY) {
        "high" => base + 15,
        "low" => base - 15,
        _ => base,
    };
    Some(Cause {
        kind,
        points,
        words: format!("{when}: {}", record.title()),
    })
}

/// As much as a follow-up of today on the day itself, less before.
fn remember(occasion: &Occasion, context: &Context) -> Cause {
    let is_today = occasion.day == context.today();
    let day = show::day_words(occasion.day, context);
    Cause {
        kind: CauseKind::Occasion,
        points: if is_today { 55 } else { 40 },
        words: format!("{day}: {}", occasion.words()),
    }
}

/// From 25 on the day the cadence is passed to 50 when it is passed twice over.
fn losing_touch(
    subject: &Record,
    cadence: Option<u32>,
    last: Option<DateTime<Utc>>,
    context: &Context,
) -> Option<Cause> {
    let cadence = cadence?.max(1);
    let days = elapsed(last.unwrap_or(subject.created), context);
    let over = days.checked_sub(cadence).filter(|&over| over > 0)?;
    let points =
        25 + u32::try_from(u64::from(over) * 25 / u64::from(cadence)).map_or(25, |p| p.min(25));
    let since = if last.is_some() {
        format!("last contact {}", ago(days))
    } else {
        "never in touch".to_owned()
    };
    let words = format!("losing touch: {since}, wanted every {cadence} days");
    Some(Cause {
        kind: CauseKind::LosingTouch,
        points,
        words,
    })
}

/// Half of the score, for a lead or prospect from [`HOT`] on.
fn hot(subject: &Record, score: Option<u8>) -> Option<Cause> {
    let score = score.filter(|&score| score >= HOT)?;
    let is_lead = !matches!(subject.text(contact::LIFECYCLE), "customer" | "churned");
    let words = format!("score {score} and nothing planned");
    is_lead.then(|| Cause {
        kind: CauseKind::Hot,
        points: u32::from(score) / 2,
        words,
    })
}

/// From 30 on the day it turns stale, one more for each day up to 15.
fn stale(record: &Record, context: &Context, pipelines: &Pipelines) -> Option<Cause> {
    if !record.is_active() || !derived::is_stale(record, context.now, pipelines) {
        return None;
    }
    let days = elapsed(derived::last_worked_on(record), context);
    let limit = pipelines.stage_of(record)?.stale_after?;
    let value = record
        .get(deal::VALUE)
        .map_or_else(String::new, |value| format!(" ({value})"));
    Some(Cause {
        kind: CauseKind::Stale,
        points: 30 + days.saturating_sub(limit).min(15),
        words: format!("nothing done on {}{value} for {days} days", record.title()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::company;
    use crate::domain::id::{CountedIds, IdSource as _};
    use crate::domain::values::Instant;
    use crate::domain::values::dates::{Due, Moment};
    use crate::scoring::rules::tests::context;
    use chrono::TimeDelta;

    fn in_days(days: i64) -> Due {
        Due::Day(context().today() + TimeDelta::days(days))
    }

    fn follow_up(days: i64, priority: &str) -> Record {
        let now = context().now;
        let mut record = Record::new(&follow_up::KIND, CountedIds::default().next_id(now), now);
        record.set(follow_up::TEXT, "send the quote".to_owned());
        record.set(follow_up::DUE, in_days(days));
        record.set(follow_up::PRIORITY, priority.to_owned());
        record
    }

    fn deal_untouched_for(days: i64) -> Record {
        let then = context().now - TimeDelta::days(days);
        let mut record = Record::new(&deal::KIND, CountedIds::default().next_id(then), then);
        record.set(deal::TITLE, "Shop redesign".to_owned());
        record.set(deal::STAGE, "proposal".to_owned());
        record
    }

    /// When last touched in days ago, the cadence in days, the score.
    type Touch = (Option<i64>, Option<u32>, Option<u8>);

    #[track_caller]
    fn check(
        (last, cadence, score): Touch,
        follow_ups: &[Record],
        deals: &[Record],
        expect: &[(CauseKind, u32, &str)],
    ) {
        let context = context();
        let mut record = Record::new(
            &contact::KIND,
            CountedIds::default().next_id(context.now),
            context.now,
        );
        if let Some(days) = last {
            let at = context.now - TimeDelta::days(days);
            record.set(contact::LAST_CONTACT, Instant(at));
        }
        let candidate = Candidate {
            subject: &record,
            score,
            cadence,
            occasions: Vec::new(),
            follow_ups: follow_ups.iter().collect(),
            deals: deals.iter().collect(),
            action: None,
        };
        let ranked = rank_next([candidate], &context, &Pipelines::default());
        let causes: Vec<_> = ranked.iter().flat_map(|row| &row.causes).collect();
        let shown: Vec<(CauseKind, u32, &str)> = causes
            .iter()
            .map(|cause| (cause.kind, cause.points, &*cause.words))
            .collect();
        assert_eq!(shown, expect);
    }

    #[test]
    fn follow_ups_of_today_and_before_are_causes() {
        let overdue = |points, words| (CauseKind::Overdue, points, words);
        check((None, None, None), &[], &[], &[]);
        check((None, None, None), &[follow_up(3, "")], &[], &[]);
        check(
            (None, None, None),
            &[follow_up(-3, "")],
            &[],
            &[overdue(68, "overdue for 3 days: send the quote")],
        );
        check(
            (None, None, None),
            &[follow_up(-1, "high")],
            &[],
            &[overdue(81, "due since yesterday: send the quote")],
        );
        check(
            (None, None, None),
            &[follow_up(-9000, "low")],
            &[],
            &[overdue(65, "overdue for 9000 days: send the quote")],
        );
        check(
            (Some(0), None, Some(90)),
            &[follow_up(0, "")],
            &[deal_untouched_for(40)],
            &[(CauseKind::DueToday, 55, "due today: send the quote")],
        );
    }

    #[test]
    fn silence_promise_and_staleness_are_causes() {
        check(
            (Some(45), Some(30), None),
            &[],
            &[],
            &[(
                CauseKind::LosingTouch,
                37,
                "losing touch: last contact 45 days ago, wanted every 30 days",
            )],
        );
        check((Some(30), Some(30), None), &[], &[], &[]);
        check(
            (Some(9), None, Some(80)),
            &[],
            &[],
            &[(CauseKind::Hot, 40, "score 80 and nothing planned")],
        );
        check((Some(9), None, Some(80)), &[follow_up(9, "")], &[], &[]);
        check((Some(9), None, Some(HOT - 1)), &[], &[], &[]);
        check(
            (Some(9), None, None),
            &[],
            &[deal_untouched_for(25)],
            &[(
                CauseKind::Stale,
                34,
                "nothing done on Shop redesign for 25 days",
            )],
        );
        check((Some(9), None, None), &[], &[deal_untouched_for(20)], &[]);
    }

    #[test]
    fn one_ranking_of_all_causes_and_subjects() {
        let context = context();
        let now = context.now;
        let mut ids = CountedIds::default();
        let mut named = |kind, name: &str| {
            let mut record = Record::new(kind, ids.next_id(now), now);
            record.set(record.kind.title, name.to_owned());
            record
        };
        let (late, today, hot) = (
            named(&contact::KIND, "Late"),
            named(&contact::KIND, "Today"),
            named(&contact::KIND, "Hot"),
        );
        let firm = named(&company::KIND, "Firm");
        let mut away = named(&contact::KIND, "Away");
        away.state = crate::domain::record::State::Archived(now);
        let timed = {
            let mut record = follow_up(0, "");
            let at = Moment::new(now - TimeDelta::minutes(30), context.zone);
            record.set(follow_up::DUE, Due::At(at));
            record
        };
        let (overdue, due, stale) = (follow_up(-4, ""), follow_up(0, ""), deal_untouched_for(30));
        let candidate = |subject, score, follow_ups: Vec<_>, deals| Candidate {
            subject,
            score,
            cadence: None,
            occasions: Vec::new(),
            follow_ups,
            deals,
            action: None,
        };
        let ranked = rank_next(
            [
                candidate(&hot, Some(70), vec![], vec![]),
                candidate(&today, Some(20), vec![&due], vec![&stale]),
                candidate(&firm, None, vec![&timed], vec![]),
                candidate(&away, None, vec![&overdue], vec![]),
                candidate(&late, None, vec![&overdue, &due], vec![]),
            ],
            &context,
            &Pipelines::default(),
        );
        let shown: Vec<(&str, u32)> = ranked
            .iter()
            .map(|row| (row.subject.title(), row.urgency))
            .collect();
        assert_eq!(
            shown,
            [("Late", 82), ("Firm", 65), ("Today", 64), ("Hot", 35)]
        );
    }
}
