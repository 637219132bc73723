//! The digest: in the morning what waits, in the evening what was done and what comes.
//!
//! Gathers it from a snapshot. `words` puts it into sections, `text` and `page` draw those for a
//! mail, `data` has all of it for programs. Names lose what steers a terminal here.

mod data;
mod page;
mod text;
mod words;

use super::ranking::{self, is_lead};
use super::snapshot::Snapshot;
use crate::domain::context::Context;
use crate::domain::id::Id;
use crate::domain::kind::Kind;
use crate::domain::occasion::{self, Occasion};
use crate::domain::pipeline::Outcome;
use crate::domain::record::Record;
use crate::domain::settings::Settings;
use crate::domain::values::dates::{Due, end_of_day, start_of_day};
use crate::domain::values::money::{Currency, Money};
use crate::domain::values::text::line;
use crate::domain::{activity, cadence, contact, deal, derived, follow_up};
use crate::scoring::Reason;
use crate::scoring::ranking::CauseKind;
use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use std::cmp::Reverse;
use std::collections::BTreeMap;

pub use page::page;
pub use text::text;

/// Which digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hour {
    /// What waits today, and what came of yesterday.
    Morning,
    /// What was done today, what is left, what comes tomorrow.
    Evening,
}

/// A record by its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// Its id.
    pub id: Id,
    /// Its title.
    pub name: String,
}

/// A follow-up.
#[derive(Clone, Debug, PartialEq)]
pub struct Task {
    /// What to do.
    pub what: Named,
    /// When it is due.
    pub due: Due,
    /// With whom: the people, else the company, else the deal.
    pub with: Vec<Named>,
    /// Low, normal or high; empty when it was not said.
    pub priority: String,
}

/// Someone who was not touched for longer than they should.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Silent {
    /// Who.
    pub who: Named,
    /// When they were last touched.
    pub last: Option<DateTime<Utc>>,
    /// How often they should be, in days.
    pub cadence: u32,
    /// Why, in a few words.
    pub why: String,
}

/// A deal that nobody worked on for longer than its stage allows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stale {
    /// Which.
    pub deal: Named,
    /// Its value.
    pub value: Option<Money>,
    /// Where it stands.
    pub stage: String,
    /// For how many days nothing was done.
    pub days: i64,
}

/// A promising lead with nothing planned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hot {
    /// Who.
    pub who: Named,
    /// Their score.
    pub score: u8,
    /// What speaks for them, the strongest first.
    pub reasons: Vec<Reason>,
}

/// Deals that ended in the same way on one day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ended {
    /// Which.
    pub deals: Vec<Named>,
    /// What they are worth, one sum per currency, the user's own first.
    pub value: Vec<Money>,
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// What it was.
    pub what: Named,
    /// Call, email, meeting…
    pub kind: String,
    /// With whom.
    pub with: Vec<Named>,
}

/// What came of one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Results {
    /// Which day.
    pub day: NaiveDate,
    /// What happened, the earliest first.
    pub events: Vec<Event>,
    /// Deals won.
    pub won: Ended,
    /// Deals lost.
    pub lost: Ended,
    /// Follow-ups done.
    pub done: Vec<Named>,
}

/// A digest.
#[derive(Clone, Debug, PartialEq)]
pub struct Digest {
    /// For the morning or the evening.
    pub hour: Hour,
    /// The day that it is about.
    pub day: NaiveDate,
    /// Follow-ups of days before.
    pub overdue: Vec<Task>,
    /// Follow-ups of the day.
    pub today: Vec<Task>,
    /// Follow-ups of the next day; in the evening only.
    pub tomorrow: Vec<Task>,
    /// Dates of contacts that the settings switch on: of the day, in the evening of the next one.
    pub dates: Vec<(Named, Occasion)>,
    /// Who was left alone for too long.
    pub losing_touch: Vec<Silent>,
    /// Deals that went quiet, the largest first.
    pub stale: Vec<Stale>,
    /// Promising leads with nothing planned, the best first.
    pub hot: Vec<Hot>,
    /// What came of the day before; in the evening, of the day.
    pub results: Results,
}

/// The moment from which a digest of a day is seen.
pub fn as_of(day: NaiveDate, hour: Hour, context: Context) -> Context {
    let now = match hour {
        _ if day == context.today() => context.now,
        Hour::Morning => start_of_day(day, context.zone),
        Hour::Evening => end_of_day(day, context.zone) - TimeDelta::seconds(1),
    };
    Context { now, ..context }
}

/// Gathers a digest of the context's day.
pub fn digest(snapshot: &Snapshot, context: &Context, settings: &Settings, hour: Hour) -> Digest {
    let gather = Gather {
        snapshot,
        context,
        settings,
    };
    let today = context.today();
    let tomorrow = today.checked_add_days(Days::new(1)).unwrap_or(today);
    let yesterday = today.checked_sub_days(Days::new(1)).unwrap_or(today);
    let is_morning = hour == Hour::Morning;
    let (losing_touch, hot) = if is_morning {
        gather.waiting()
    } else {
        (Vec::new(), Vec::new())
    };
    Digest {
        hour,
        day: today,
        overdue: gather.tasks(|day| day < today),
        today: gather.tasks(|day| day == today),
        tomorrow: gather.tasks(|day| !is_morning && day == tomorrow),
        dates: gather.dates(if is_morning { today } else { tomorrow }),
        losing_touch,
        stale: if is_morning {
            gather.stale()
        } else {
            Vec::new()
        },
        hot,
        results: gather.results(if is_morning { yesterday } else { today }),
    }
}

struct Gather<'a> {
    snapshot: &'a Snapshot,
    context: &'a Context,
    settings: &'a Settings,
}

impl Gather<'_> {
    fn named(&self, id: Id) -> Named {
        Named {
            id,
            name: line(&self.snapshot.name_of(id)),
        }
    }

    /// Open follow-ups of some days, the earliest first.
    fn tasks(&self, wanted: impl Fn(NaiveDate) -> bool) -> Vec<Task> {
        let zone = self.context.zone;
        let open = self.snapshot.of_kind(&follow_up::KIND);
        let open = open.filter(|record| (follow_up::KIND.is_live)(record));
        let mut tasks: Vec<Task> = open
            .filter_map(|record| Some((record, *record.get(follow_up::DUE)?)))
            .filter(|(_, due)| wanted(due.day(zone)))
            .map(|(record, due)| Task {
                what: self.named(record.id),
                due,
                with: self.with(record),
                priority: line(record.text(follow_up::PRIORITY)),
            })
            .collect();
        tasks.sort_by_key(|task| {
            let is_whole_day = matches!(task.due, Due::Day(_));
            (
                task.due.day(zone),
                is_whole_day,
                task.due.starts(zone),
                task.what.id,
            )
        });
        tasks
    }

    /// Whom a record is about: the first of people, company and deal that it links to.
    fn with(&self, record: &Record) -> Vec<Named> {
        let links = record.kind.fields.iter().map(|field| record.linked(field));
        let linked: Vec<Id> = links.flatten().collect();
        let of = |kind: &'static Kind| -> Vec<Named> {
            let linked = linked.iter().filter_map(|id| self.snapshot.get(*id));
            linked
                .filter(|other| other.kind == kind)
                .map(|other| self.named(other.id))
                .collect()
        };
        [&contact::KIND, &crate::domain::company::KIND, &deal::KIND]
            .into_iter()
            .map(of)
            .find(|names| !names.is_empty())
            .unwrap_or_default()
    }

    fn dates(&self, day: NaiveDate) -> Vec<(Named, Occasion)> {
        let settings = &self.settings.remind;
        let before = Days::new(settings.birthday_days_before.into());
        let last = day.checked_add_days(before).unwrap_or(day);
        let people = self.snapshot.of_kind(&contact::KIND);
        let mut dates: Vec<(Named, Occasion)> = people
            .flat_map(|person| occasion::of(person, settings, day, last))
            .map(|occasion| (self.named(occasion.contact), occasion))
            .collect();
        dates.sort_by_key(|(_, occasion)| occasion.day);
        dates
    }

    /// Who is losing touch, and who is hot, as the ranking has it.
    fn waiting(&self) -> (Vec<Silent>, Vec<Hot>) {
        let (mut losing, mut hot) = (Vec::new(), Vec::new());
        for row in ranking::next(self.snapshot, self.context, self.settings) {
            let who = self.named(row.subject.id);
            for cause in &row.causes {
                match cause.kind {
                    CauseKind::LosingTouch => {
                        let why = cause.words.trim_start_matches("losing touch: ");
                        let last = row.subject.get(contact::LAST_CONTACT);
                        let cadence = cadence::of(row.subject, &self.settings.cadence);
                        losing.push(Silent {
                            who: who.clone(),
                            last: last.map(|instant| instant.0),
                            cadence: cadence.unwrap_or_default(),
                            why: line(why),
                        });
                    }
                    CauseKind::Hot => hot.extend(self.hot(row.subject, &who)),
                    _ => {}
                }
            }
        }
        hot.sort_by_key(|hot: &Hot| Reverse(hot.score));
        (losing, hot)
    }

    fn hot(&self, record: &Record, who: &Named) -> Option<Hot> {
        let score = self
            .snapshot
            .score(record, self.context, &self.settings.score);
        let reasons = score.reasons.into_iter().filter(|it| it.points > 0);
        let reasons = reasons.map(|it| Reason {
            words: line(&it.words),
            ..it
        });
        is_lead(record).then(|| Hot {
            who: who.clone(),
            score: score.points,
            reasons: reasons.collect(),
        })
    }

    fn stale(&self) -> Vec<Stale> {
        let (now, pipelines) = (self.context.now, self.snapshot.pipelines());
        let deals = self.snapshot.of_kind(&deal::KIND);
        let mut stale: Vec<Stale> = deals
            .filter(|deal| derived::is_stale(deal, now, pipelines))
            .map(|deal| Stale {
                deal: self.named(deal.id),
                value: deal.get(deal::VALUE).copied(),
                stage: line(deal.text(deal::STAGE)),
                days: (now - derived::last_worked_on(deal)).num_days(),
            })
            .collect();
        let own = self.context.currency;
        stale.sort_by_key(|stale| {
            let value = stale.value;
            let is_other = value.is_none_or(|value| value.currency != own);
            (
                is_other,
                Reverse(value.map(|value| value.minor)),
                stale.deal.id,
            )
        });
        stale
    }

    fn results(&self, day: NaiveDate) -> Results {
        let zone = self.context.zone;
        let on_day = |at: DateTime<Utc>| at.with_timezone(&zone).date_naive() == day;
        let happened = |kind: &'static Kind| {
            let records = self.snapshot.all_of_kind(kind);
            records.filter(|record| !record.is_trashed())
        };
        let mut events: Vec<(DateTime<Utc>, &Record)> = happened(&activity::KIND)
            .map(|record| {
                let at = record.get(activity::AT);
                (at.map_or(record.created, |moment| moment.at), record)
            })
            .filter(|(at, _)| on_day(*at) && *at <= self.context.now)
            .collect();
        events.sort_by_cached_key(|(at, record)| (*at, record.title().to_owned(), record.id));
        let events = events.into_iter().map(|(_, record)| Event {
            what: self.named(record.id),
            kind: line(record.text(activity::TYPE)),
            with: self.with(record),
        });
        let mut done: Vec<&Record> = happened(&follow_up::KIND)
            .filter(|record| record.get(follow_up::DONE).is_some_and(|at| on_day(at.0)))
            .collect();
        done.sort_by_cached_key(|record| {
            let at = record.get(follow_up::DONE).copied();
            (at, record.title().to_owned(), record.id)
        });
        let ended = |outcome| {
            let deals = happened(&deal::KIND)
                .filter(|deal| derived::outcome(deal, self.snapshot.pipelines()) == outcome)
                .filter(|deal| derived::closed_on(deal, zone) == day);
            self.ended(deals)
        };
        Results {
            day,
            events: events.collect(),
            won: ended(Outcome::Won),
            lost: ended(Outcome::Lost),
            done: done.iter().map(|record| self.named(record.id)).collect(),
        }
    }

    fn ended<'r>(&self, deals: impl Iterator<Item = &'r Record>) -> Ended {
        let mut ended = Ended::default();
        let mut sums: BTreeMap<Currency, i64> = BTreeMap::new();
        for deal in deals {
            ended.deals.push(self.named(deal.id));
            if let Some(value) = deal.get(deal::VALUE) {
                let sum = sums.entry(value.currency).or_default();
                *sum = sum.saturating_add(value.minor);
            }
        }
        let own = self.context.currency;
        ended.value = sums
            .into_iter()
            .map(|(currency, minor)| Money::new(minor, currency))
            .collect();
        ended
            .value
            .sort_by_key(|money| (money.currency != own, money.currency));
        ended
    }
}
