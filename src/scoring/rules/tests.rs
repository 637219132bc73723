//! Rows for every rule, and what holds for all facts and settings.

use super::*;
use crate::domain::context::{Context, DateOrder};
use crate::domain::id::{CountedIds, IdSource as _};
use crate::domain::pipeline::Outcome;
use crate::domain::record::Record;
use crate::domain::values::Percent;
use crate::domain::values::contact_points::{Address, Email, Labelled, Site};
use crate::domain::values::money::{Currency, Money};
use crate::domain::values::phone::{Phone, Region};
use crate::domain::{company, contact};
use crate::scoring::{ActivityFacts, DealFact, score};
use chrono::TimeDelta;
use proptest::prelude::*;

/// Noon of a Sunday in Berlin.
pub(in crate::scoring) fn context() -> Context {
    Context {
        now: "2026-11-22T11:00:00Z".parse().expect("a time"),
        zone: chrono_tz::Europe::Berlin,
        region: Region::DE,
        currency: Currency::EUR,
        date_order: DateOrder::Dmy,
    }
}

fn blank(kind: &'static crate::domain::kind::Kind) -> Record {
    let now = context().now;
    Record::new(kind, CountedIds::default().next_id(now), now)
}

fn facts<'a>(contact: &'a Record, company: Option<&'a Record>) -> Facts<'a> {
    let context = context();
    Facts {
        contact,
        company,
        deals: Vec::new(),
        activities: ActivityFacts::default(),
        now: context.now,
        zone: context.zone,
        currency: context.currency,
    }
}

fn days_ago(days: &[i64]) -> Vec<DateTime<Utc>> {
    days.iter()
        .map(|&days| context().now - TimeDelta::days(days))
        .collect()
}

fn deal(value: &str, chance: u8, outcome: Outcome) -> DealFact {
    DealFact {
        title: "Shop".to_owned(),
        value: Money::parse(value, Currency::EUR).ok(),
        stage: "proposal".to_owned(),
        chance: Percent::new(chance).expect("a share"),
        outcome,
    }
}

#[track_caller]
fn check(reason: &Reason, points: i32, words: &str) {
    assert_eq!(
        (reason.points, reason.words.as_str()),
        (points, words),
        "{}",
        reason.rule
    );
}

#[test]
fn a_source_counts_by_any_word_and_the_best_wins() {
    let mut settings = ScoreSettings::default();
    settings.sources.insert("trade fair".to_owned(), 9);
    settings.sources.insert("bought list".to_owned(), -6);
    for (source, points, words) in [
        ("referral", 15, "found you by referral"),
        ("Employee Referral", 15, "found you by Employee Referral"),
        ("WEBSITE", 8, "found you by WEBSITE"),
        ("partner event", 12, "found you by partner event"),
        ("Trade-Fair Köln", 9, "found you by Trade-Fair Köln"),
        ("bought list", -6, "found you by bought list"),
        ("carrier pigeon", 0, "found you by carrier pigeon"),
        ("cobweb", 0, "found you by cobweb"),
        ("", 0, "source not known yet"),
    ] {
        let mut record = blank(&contact::KIND);
        record.set(contact::SOURCE, source.to_owned());
        check(
            &person::source(&facts(&record, None), &settings),
            points,
            words,
        );
    }
}

#[test]
fn completeness_names_what_is_missing() {
    let settings = ScoreSettings::default();
    let mut record = blank(&contact::KIND);
    let mut row = |change: &dyn Fn(&mut Record), points, words: &str| {
        change(&mut record);
        check(
            &person::completeness(&facts(&record, None), &settings),
            points,
            words,
        );
    };
    row(&|_| {}, 0, "no e-mail or phone yet");
    let mail = Labelled::plain(Email::parse("a@b.example").expect("a mail"));
    row(
        &move |record| record.push(contact::EMAILS, mail.clone()),
        3,
        "no phone, company, role, site or address yet",
    );
    let phone = Labelled::plain(Phone::parse("+493023125001", Region::DE).expect("a phone"));
    row(
        &move |record| record.push(contact::PHONES, phone.clone()),
        5,
        "no company, role, site or address yet",
    );
    row(
        &|record| {
            record.set(contact::COMPANY, record.id);
            record.set(contact::ROLE, "Owner".to_owned());
            record.push(
                contact::ADDRESSES,
                Labelled::plain(Address::parse("Road 1, Town")),
            );
        },
        9,
        "no site yet",
    );
    let site = Labelled::plain(Site::parse("@ana").expect("a handle"));
    row(
        &move |record| record.push(contact::SOCIAL, site.clone()),
        10,
        "everything needed is known",
    );
}

#[test]
fn a_role_counts_when_it_decides() {
    for (role, points, words) in [
        ("Owner", 10, "can decide as Owner"),
        ("Co-founder & CTO", 10, "can decide as Co-founder & CTO"),
        ("Geschäftsführerin", 10, "can decide as Geschäftsführerin"),
        ("Headhunter", 0, "may not decide as Headhunter"),
        ("Designer", 0, "may not decide as Designer"),
        ("", 0, "role not known yet"),
    ] {
        let mut record = blank(&contact::KIND);
        record.set(contact::ROLE, role.to_owned());
        let reason = person::role(&facts(&record, None), &ScoreSettings::default());
        check(&reason, points, words);
    }
}

#[test]
fn a_company_fits_by_industry_or_tag() {
    let words = |list: &[&str]| list.iter().map(|&word| word.to_owned()).collect::<Vec<_>>();
    let mut firm = blank(&company::KIND);
    firm.set(company::INDUSTRY, "Renewable energy".to_owned());
    firm.set(company::TAGS, words(&["Non-Profit"]));
    let record = blank(&contact::KIND);
    let row = |fit: &[&str], company, points, expect: &str| {
        let settings = ScoreSettings {
            fit_words: words(fit),
            ..ScoreSettings::default()
        };
        check(
            &person::fit(&facts(&record, company), &settings),
            points,
            expect,
        );
    };
    row(
        &["health", "Energy"],
        Some(&firm),
        5,
        "company fits: Energy",
    );
    row(&["non profit"], Some(&firm), 5, "company fits: non profit");
    row(
        &["health"],
        Some(&firm),
        0,
        "company is outside your usual industries",
    );
    row(&["health"], None, 0, "company not known yet");
    row(&[], Some(&firm), 0, "no fitting industries set");
}

#[test]
fn recency_halves_with_the_half_life() {
    let record = blank(&contact::KIND);
    for (days, points, words) in [
        (None, 0, "never in touch yet"),
        (Some(0), 15, "last contact today"),
        (Some(1), 15, "last contact yesterday"),
        (Some(3), 14, "last contact 3 days ago"),
        (Some(30), 8, "last contact 30 days ago"),
        (Some(60), 4, "last contact 60 days ago"),
        (Some(3_000), 0, "last contact 3000 days ago"),
        (Some(-5), 15, "last contact today"),
    ] {
        let mut facts = facts(&record, None);
        facts.activities.times = days.map_or_else(Vec::new, |days| days_ago(&[days]));
        check(
            &touch::recency(&facts, &ScoreSettings::default()),
            points,
            words,
        );
    }
}

#[test]
fn frequency_saturates() {
    let record = blank(&contact::KIND);
    for (days, points, words) in [
        (vec![], 0, "no interactions yet"),
        (vec![0], 3, "1 interaction in the last 90 days"),
        (vec![0, 0], 5, "2 interactions in the last 90 days"),
        (
            vec![0; 50],
            10,
            "50 or more interactions in the last 90 days",
        ),
        (
            vec![400, 500],
            0,
            "2 interactions, none in the last 90 days",
        ),
    ] {
        let mut facts = facts(&record, None);
        facts.activities.times = days_ago(&days);
        check(
            &touch::frequency(&facts, &ScoreSettings::default()),
            points,
            words,
        );
    }
}

#[test]
fn answers_give_and_silence_takes() {
    let record = blank(&contact::KIND);
    for (answered, unanswered, points, words) in [
        (0, 0, 0, "not asked for an answer yet"),
        (1, 0, 3, "answered the first time"),
        (4, 1, 4, "answered 4 of 5 times"),
        (50, 0, 10, "answered 50 of 50 times"),
        (0, 1, -3, "no answer to the first try"),
        (0, 6, -8, "never answered in 6 tries"),
        (
            u32::MAX,
            u32::MAX,
            0,
            "answered 4294967295 of 8589934590 times",
        ),
    ] {
        let mut facts = facts(&record, None);
        (facts.activities.answered, facts.activities.unanswered) = (answered, unanswered);
        check(
            &touch::response(&facts, &ScoreSettings::default()),
            points,
            words,
        );
    }
}

#[test]
fn interest_is_stated_or_told_and_a_denial_outweighs_it() {
    for (stated, outcomes, points, words) in [
        ("", &[][..], 0, "no interest stated yet"),
        ("a new shop", &[], 10, "interested in a new shop"),
        (
            "",
            &["answered", "very interested"],
            10,
            "said they are interested",
        ),
        ("", &["not reached"], 0, "no interest stated yet"),
        (
            "",
            &["interested", "not-interested"],
            10,
            "said they are interested",
        ),
        (
            "a new shop",
            &["Not interested"],
            -10,
            "said they are not interested",
        ),
        ("", &["declined"], -10, "said they are not interested"),
    ] {
        let mut record = blank(&contact::KIND);
        record.set(contact::INTEREST, stated.to_owned());
        let mut facts = facts(&record, None);
        facts.activities.outcomes = outcomes.iter().map(|&word| word.to_owned()).collect();
        check(
            &touch::interest(&facts, &ScoreSettings::default()),
            points,
            words,
        );
    }
}

#[test]
fn deals_count_by_weighted_value_and_currencies_are_never_added() {
    use Outcome::{Lost, Open, Won};
    let record = blank(&contact::KIND);
    for (deals, points, words) in [
        (vec![], 0, "no open deal"),
        (vec![deal("5000", 100, Won)], 0, "no open deal"),
        (
            vec![deal("5000", 100, Open)],
            10,
            "1 open deal worth 5,000 EUR",
        ),
        (
            vec![deal("5000", 50, Open)],
            7,
            "1 open deal worth 5,000 EUR",
        ),
        (
            vec![
                deal("10,000", 50, Open),
                deal("2,500", 0, Open),
                deal("9", 0, Lost),
            ],
            10,
            "2 open deals worth 12,500 EUR",
        ),
        (
            vec![deal("5000", 100, Open), deal("900000 JPY", 100, Open)],
            11,
            "2 open deals worth 5,000 EUR and 900,000 JPY",
        ),
        (vec![deal("", 80, Open)], 3, "1 open deal without a value"),
        (vec![deal("-70", 100, Open)], 0, "1 open deal worth -70 EUR"),
    ] {
        let mut facts = facts(&record, None);
        facts.deals = deals;
        check(
            &business::deals(&facts, &ScoreSettings::default()),
            points,
            words,
        );
    }
}

#[test]
fn buyers_gain_and_leavers_lose() {
    use Outcome::{Lost, Open, Won};
    for (lifecycle, outcomes, points, words) in [
        ("", &[][..], 0, "no deal won or lost yet"),
        ("customer", &[Won, Won, Lost], 5, "bought before: 2 deals"),
        ("lead", &[Lost, Lost], -5, "2 deals lost, none won"),
        ("lead", &[Lost, Open], 0, "no deal won or lost yet"),
        ("churned", &[Won], -10, "left: price"),
        ("churned", &[Open], 0, "left, but has an open deal"),
    ] {
        let mut record = blank(&contact::KIND);
        record.set(contact::LIFECYCLE, lifecycle.to_owned());
        record.set(contact::CHURN_REASON, "price".to_owned());
        let mut facts = facts(&record, None);
        facts.deals = outcomes
            .iter()
            .map(|&outcome| deal("10", 50, outcome))
            .collect();
        check(
            &business::history(&facts, &ScoreSettings::default()),
            points,
            words,
        );
    }
}

#[test]
fn bounces_and_opt_outs_take_points() {
    let settings = ScoreSettings::default();
    let mut record = blank(&contact::KIND);
    check(
        &person::bounced(&facts(&record, None), &settings),
        0,
        "no mail bounced",
    );
    check(
        &person::opted_out(&facts(&record, None), &settings),
        0,
        "did not opt out of mail",
    );
    record.set(contact::BOUNCED, true);
    record.set(contact::CONSENT, "opt-out".to_owned());
    check(
        &person::bounced(&facts(&record, None), &settings),
        -15,
        "mail to them bounced",
    );
    check(
        &person::opted_out(&facts(&record, None), &settings),
        -40,
        "opted out of mail",
    );
}

#[test]
fn every_rule_has_a_name_of_its_own_and_the_strongest_reason_comes_first() {
    let mut record = blank(&contact::KIND);
    record.set(contact::SOURCE, "web".to_owned());
    record.set(contact::CONSENT, "opt-out".to_owned());
    let score = score(&facts(&record, None), &ScoreSettings::default());
    let strongest: Vec<&str> = score
        .reasons
        .iter()
        .map(|reason| reason.rule)
        .take(2)
        .collect();
    assert_eq!((score.points, strongest), (0, vec!["opted-out", "source"]));
    let names: std::collections::BTreeSet<_> = score.reasons.iter().map(|r| r.rule).collect();
    assert_eq!(names.len(), RULES.len());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_facts_and_weights_give_0_to_100(
        days in proptest::collection::vec(-9_000_i64..90_000, 0..60),
        (answered, unanswered) in (any::<u32>(), any::<u32>()),
        minor in any::<i64>(),
        (weight, half_life, deal_value) in (any::<i32>(), any::<u32>(), any::<i64>()),
        words in proptest::collection::vec(".{0,12}", 6),
    ) {
        let mut record = blank(&contact::KIND);
        record.set(contact::SOURCE, words[0].clone());
        record.set(contact::ROLE, words[1].clone());
        let mut facts = facts(&record, None);
        facts.activities.times = days_ago(&days);
        (facts.activities.answered, facts.activities.unanswered) = (answered, unanswered);
        facts.activities.outcomes = words[2..4].to_vec();
        let value = Some(Money::new(minor, Currency::EUR));
        facts.deals = vec![DealFact { value, ..deal("", 90, Outcome::Open) }; 3];
        let sources = [(words[0].clone(), weight)].into();
        let settings = ScoreSettings {
            sources, completeness: weight, role_words: words[4..].to_vec(), role: weight,
            recency: weight, half_life, frequency: weight, response: weight, deals: weight,
            deal_value, interest: weight, bounced: weight, opted_out: weight,
            ..ScoreSettings::default()
        };
        let score = score(&facts, &settings);
        prop_assert!(score.points <= 100);
        for reason in &score.reasons {
            prop_assert!(reason.points <= reason.most.max(0), "{reason:?}");
        }
    }

    #[test]
    fn a_more_recent_contact_never_scores_less(older in 0_i64..4_000, by in 0_i64..4_000) {
        let record = blank(&contact::KIND);
        let of = |days: i64| {
            let mut facts = facts(&record, None);
            facts.activities.times = days_ago(&[days, 4_000 + days]);
            score(&facts, &ScoreSettings::default()).points
        };
        prop_assert!(of((older - by).max(0)) >= of(older));
    }
}
