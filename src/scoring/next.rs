//! The next best action with one contact. Whom to touch at all is in [`super::ranking`].

use super::{DealFact, Facts};
use crate::domain::contact;
use crate::domain::record::Record;
use crate::domain::values::dates::Due;

/// Days to leave someone in peace after a contact, unless something was agreed.
const PAUSE: u32 = 3;

/// What to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// Call them.
    Call,
    /// Write an e-mail.
    Mail,
    /// Send a message.
    Message,
    /// Meet them.
    Meet,
    /// Send a letter.
    Post,
    /// Find a way to reach them.
    Find,
    /// Leave them in peace for now.
    Wait,
}

impl Verb {
    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Call => "call",
            Self::Mail => "mail",
            Self::Message => "message",
            Self::Meet => "meet",
            Self::Post => "post",
            Self::Find => "find",
            Self::Wait => "wait",
        }
    }
}

/// The next best action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NextAction {
    /// What to do.
    pub verb: Verb,
    /// That, and why, in a few words: `call about the shop redesign`.
    pub words: String,
}

/// The next best action with a contact, given the cadence in days that holds for them and when
/// their earliest open follow-up is due.
pub fn next_action(
    facts: &Facts<'_>,
    cadence: Option<u32>,
    open_follow_up_due: Option<Due>,
) -> NextAction {
    let wait = |words: String| NextAction {
        verb: Verb::Wait,
        words,
    };
    let since = facts.last_contact().map(|at| facts.days_since(at));
    let due_in = open_follow_up_due.map(|due| {
        let today = facts.now.with_timezone(&facts.zone).date_naive();
        (due.day(facts.zone) - today).num_days()
    });
    let deal = facts.open_deals().max_by_key(|deal| deal.chance);
    match (due_in, since) {
        (Some(1), _) => return wait("wait: a follow-up is due tomorrow".to_owned()),
        (Some(days), _) if days > 1 => {
            return wait(format!("wait: a follow-up is due in {days} days"));
        }
        (None, Some(0)) => return wait("wait: last contact today".to_owned()),
        (None, Some(days)) if days < PAUSE => {
            return wait(format!("wait: last contact {}", ago(days)));
        }
        (None, Some(days)) if deal.is_none() && cadence.is_some_and(|most| days < most) => {
            return wait(format!(
                "wait: last contact {}, that is often enough",
                ago(days)
            ));
        }
        _ => {}
    }
    let Some(verb) = channel(facts.contact) else {
        return no_channel(facts.contact);
    };
    let why = match due_in {
        Some(days) if days < 0 => "the follow-up is overdue".to_owned(),
        Some(_) => "the follow-up is due today".to_owned(),
        None => reason(deal, since, cadence),
    };
    NextAction {
        verb,
        words: format!("{}: {why}", verb.word()),
    }
}

fn reason(deal: Option<&DealFact>, since: Option<u32>, cadence: Option<u32>) -> String {
    match (deal, since, cadence) {
        (Some(deal), _, _) => format!("ask about {}", deal.title),
        (None, None, _) => "introduce yourself".to_owned(),
        (None, Some(days), Some(_)) => format!("losing touch, last contact {}", ago(days)),
        (None, Some(days), None) => format!("last contact {}", ago(days)),
    }
}

fn no_channel(contact: &Record) -> NextAction {
    let has_mail = !contact.list(contact::EMAILS).is_empty();
    let words = match (may_be_written_to(contact), has_mail) {
        (false, _) => "wait: opted out of mail, and no phone is known",
        (true, true) => "find: their mail bounces, and no phone is known",
        (true, false) => "find: no e-mail or phone yet",
    };
    let verb = if may_be_written_to(contact) {
        Verb::Find
    } else {
        Verb::Wait
    };
    NextAction {
        verb,
        words: words.to_owned(),
    }
}

fn may_be_written_to(contact: &Record) -> bool {
    contact.text(contact::CONSENT) != "opt-out"
}

/// The way to reach them: the one they prefer, else the first that works.
fn channel(contact: &Record) -> Option<Verb> {
    let may_write = may_be_written_to(contact);
    let has_phone = !contact.list(contact::PHONES).is_empty();
    let bounced = contact.get(contact::BOUNCED) == Some(&true);
    let works = |verb: Verb| match verb {
        Verb::Call => has_phone,
        Verb::Mail => may_write && !bounced && !contact.list(contact::EMAILS).is_empty(),
        Verb::Message => may_write && (has_phone || !contact.list(contact::SOCIAL).is_empty()),
        Verb::Post => may_write && !contact.list(contact::ADDRESSES).is_empty(),
        Verb::Meet => true,
        Verb::Find | Verb::Wait => false,
    };
    let preferred = match contact.text(contact::CHANNEL) {
        "call" => Some(Verb::Call),
        "email" => Some(Verb::Mail),
        "message" => Some(Verb::Message),
        "meeting" => Some(Verb::Meet),
        "post" => Some(Verb::Post),
        _ => None,
    };
    // A meeting has to be agreed on, so it is proposed only to who asks for meetings.
    let others = [Verb::Call, Verb::Mail, Verb::Message, Verb::Post];
    preferred
        .into_iter()
        .chain(others)
        .find(|&verb| works(verb))
}

pub(super) fn ago(days: u32) -> String {
    match days {
        0 => "today".to_owned(),
        1 => "yesterday".to_owned(),
        _ => format!("{days} days ago"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::{CountedIds, IdSource as _};
    use crate::domain::pipeline::Outcome;
    use crate::domain::values::Percent;
    use crate::domain::values::contact_points::{Email, Labelled};
    use crate::domain::values::phone::{Phone, Region};
    use crate::scoring::ActivityFacts;
    use crate::scoring::rules::tests::context;
    use chrono::TimeDelta;

    fn contact_of(mail: bool, phone: bool) -> Record {
        let now = context().now;
        let mut record = Record::new(&contact::KIND, CountedIds::default().next_id(now), now);
        record.set(contact::NAME, "Ana Novak".to_owned());
        if mail {
            let mail = Email::parse("ana@novak.example").expect("a mail");
            record.push(contact::EMAILS, Labelled::plain(mail));
        }
        if phone {
            let phone = Phone::parse("+49 30 23125 001", Region::DE).expect("a phone");
            record.push(contact::PHONES, Labelled::plain(phone));
        }
        record
    }

    fn facts(contact: &Record, days_ago: Option<i64>) -> Facts<'_> {
        let context = context();
        let times = days_ago
            .into_iter()
            .map(|days| context.now - TimeDelta::days(days))
            .collect();
        Facts {
            contact,
            company: None,
            deals: Vec::new(),
            activities: ActivityFacts {
                times,
                ..ActivityFacts::default()
            },
            now: context.now,
            zone: context.zone,
            currency: context.currency,
        }
    }

    fn in_days(days: i64) -> Due {
        Due::Day(context().today() + TimeDelta::days(days))
    }

    #[test]
    fn the_channel_is_the_preferred_one_that_may_be_used() {
        let check = |setup: &dyn Fn(&mut Record), mail, phone, expect: Verb| {
            let mut record = contact_of(mail, phone);
            setup(&mut record);
            let action = next_action(&facts(&record, Some(10)), None, None);
            assert_eq!(action.verb, expect, "{}", action.words);
        };
        let prefers = |channel: &'static str| {
            move |record: &mut Record| record.set(contact::CHANNEL, channel.to_owned())
        };
        let opted_out = |record: &mut Record| {
            record.set(contact::CHANNEL, "email".to_owned());
            record.set(contact::CONSENT, "opt-out".to_owned());
        };
        let bounced = |record: &mut Record| {
            record.set(contact::CHANNEL, "email".to_owned());
            record.set(contact::BOUNCED, true);
        };
        check(&|_| {}, true, true, Verb::Call);
        check(&|_| {}, true, false, Verb::Mail);
        check(&prefers("email"), true, true, Verb::Mail);
        check(&prefers("message"), true, true, Verb::Message);
        check(&prefers("meeting"), true, false, Verb::Meet);
        check(&prefers("call"), true, false, Verb::Mail);
        check(&opted_out, true, true, Verb::Call);
        check(&opted_out, true, false, Verb::Wait);
        check(&bounced, true, true, Verb::Call);
        check(&bounced, true, false, Verb::Find);
        check(&|_| {}, false, false, Verb::Find);
    }

    #[track_caller]
    fn check_words(
        last: Option<i64>,
        due: Option<Due>,
        cadence: Option<u32>,
        deal: bool,
        expect: &str,
    ) {
        let record = contact_of(true, true);
        let mut facts = facts(&record, last);
        if deal {
            facts.deals.push(DealFact {
                title: "Shop redesign".to_owned(),
                value: None,
                stage: "proposal".to_owned(),
                chance: Percent::new(50).expect("a share"),
                outcome: Outcome::Open,
            });
        }
        assert_eq!(next_action(&facts, cadence, due).words, expect);
    }

    #[test]
    fn the_words_say_what_it_is_about() {
        check_words(Some(0), None, None, true, "wait: last contact today");
        check_words(
            Some(0),
            Some(in_days(0)),
            None,
            true,
            "call: the follow-up is due today",
        );
        check_words(Some(1), None, None, true, "wait: last contact yesterday");
        check_words(
            Some(9),
            Some(in_days(4)),
            None,
            true,
            "wait: a follow-up is due in 4 days",
        );
        check_words(
            Some(9),
            Some(in_days(1)),
            None,
            true,
            "wait: a follow-up is due tomorrow",
        );
        check_words(
            Some(1),
            Some(in_days(0)),
            None,
            true,
            "call: the follow-up is due today",
        );
        check_words(
            Some(9),
            Some(in_days(-2)),
            None,
            false,
            "call: the follow-up is overdue",
        );
        check_words(Some(9), None, None, true, "call: ask about Shop redesign");
        check_words(None, None, None, false, "call: introduce yourself");
        check_words(
            Some(9),
            None,
            Some(30),
            false,
            "wait: last contact 9 days ago, that is often enough",
        );
        check_words(
            Some(40),
            None,
            Some(30),
            false,
            "call: losing touch, last contact 40 days ago",
        );
        check_words(Some(9), None, None, false, "call: last contact 9 days ago");
    }
}
