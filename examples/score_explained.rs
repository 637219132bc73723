//! Scores one contact of the demo data and prints the reasons: `cargo run --example score_explained`.

use chrono::Utc;
use std::error::Error;
use touchbase::domain::context::{Context, DateOrder};
use touchbase::domain::id::{CountedIds, Id};
use touchbase::domain::pipeline::{Outcome, Pipelines};
use touchbase::domain::record::Record;
use touchbase::domain::settings::ScoreSettings;
use touchbase::domain::values::money::Currency;
use touchbase::domain::values::phone::Region;
use touchbase::domain::{activity, contact, deal, derived};
use touchbase::scoring::next::next_action;
use touchbase::scoring::{ActivityFacts, DealFact, Facts, MOST_ACTIVITIES, score};
use touchbase::services::demo;

fn main() -> Result<(), Box<dyn Error>> {
    let context = Context {
        now: Utc::now(),
        zone: chrono_tz::Europe::Berlin,
        region: Region::DE,
        currency: Currency::EUR,
        date_order: DateOrder::Dmy,
    };
    let pipelines = Pipelines::default();
    let records = demo::records(&context, &pipelines, &mut CountedIds::default());
    let buyer = records
        .iter()
        .filter(|record| *record.kind == deal::KIND)
        .filter(|deal| derived::outcome(deal, &pipelines) == Outcome::Open)
        .max_by_key(|deal| derived::chance(deal, &pipelines))
        .and_then(|deal| deal.list(deal::CONTACTS).first())
        .ok_or("the demo data has no open deal")?;
    let contact = find(&records, *buyer).ok_or("the deal has no contact")?;

    let facts = Facts {
        contact,
        company: contact
            .get(contact::COMPANY)
            .and_then(|company| find(&records, *company)),
        deals: deals_of(contact, &records, &pipelines),
        activities: activities_of(contact, &records),
        now: context.now,
        zone: context.zone,
        currency: context.currency,
    };
    let score = score(&facts, &ScoreSettings::default());
    println!("{}, {} of 100", contact.title(), score.points);
    for reason in &score.reasons {
        println!("{:+4}  {}: {}", reason.points, reason.rule, reason.words);
    }
    println!("next: {}", next_action(&facts, None, None).words);
    Ok(())
}

fn find(records: &[Record], id: Id) -> Option<&Record> {
    records.iter().find(|record| record.id == id)
}

fn deals_of(contact: &Record, records: &[Record], pipelines: &Pipelines) -> Vec<DealFact> {
    let own = records
        .iter()
        .filter(|record| record.list(deal::CONTACTS).contains(&contact.id));
    own.filter(|record| *record.kind == deal::KIND)
        .map(|deal| DealFact {
            title: deal.title().to_owned(),
            value: deal.get(deal::VALUE).copied(),
            stage: deal.text(deal::STAGE).to_owned(),
            chance: derived::chance(deal, pipelines),
            outcome: derived::outcome(deal, pipelines),
        })
        .collect()
}

fn activities_of(contact: &Record, records: &[Record]) -> ActivityFacts {
    let mut facts = ActivityFacts::default();
    // The demo data has its activities in the order of time.
    let newest_first = records
        .iter()
        .rev()
        .filter(|record| *record.kind == activity::KIND)
        .filter(|activity| activity.list(activity::CONTACTS).contains(&contact.id));
    for activity in newest_first.take(MOST_ACTIVITIES) {
        facts
            .times
            .extend(activity.get(activity::AT).map(|moment| moment.at));
        match activity.text(activity::OUTCOME) {
            "" => {}
            "no-answer" | "voicemail" | "sent" => facts.unanswered += 1,
            outcome => {
                facts.answered += 1;
                facts.outcomes.push(outcome.to_owned());
            }
        }
    }
    facts
}
