//! Deals on their way through a pipeline.

use crate::office::Office;
use touchbase::domain::pipeline::Outcome;
use touchbase::domain::settings::Settings;
use touchbase::domain::{contact, deal, follow_up};
use touchbase::error::ErrorKind;
use touchbase::services::deals::lane_order;
use touchbase::services::intent::{Intent, StageMove, StageTarget};

fn to(deal: touchbase::domain::id::Id, target: StageTarget) -> Intent {
    Intent::Move(StageMove {
        deal,
        to: target,
        note: None,
        reason: None,
        competitor: None,
        follow_up: None,
    })
}

fn named(stage: &str) -> StageTarget {
    StageTarget::Named(stage.to_owned())
}

fn stages(office: &Office, id: touchbase::domain::id::Id) -> String {
    let record = office.get(&deal::KIND, id);
    let steps = record.list(deal::STAGE_HISTORY).iter();
    let words: Vec<&str> = steps.map(|step| step.to.as_str()).collect();
    words.join(" ")
}

fn closed(office: &Office, id: touchbase::domain::id::Id) -> String {
    let record = office.get(&deal::KIND, id);
    record
        .get(deal::CLOSED)
        .map_or(String::new(), ToString::to_string)
}

#[test]
fn a_deal_without_a_stage_stands_in_the_first() {
    let mut office = Office::new();
    office.contact("Ana");
    let site = office.deal("Site", "ana");
    assert_eq!(office.get(&deal::KIND, site).text(deal::STAGE), "lead");
    assert_eq!(stages(&office, site), "lead");
    let wrong = [("title", "Shop"), ("stage", "nowhere")];
    let fields = crate::office::edits(&wrong);
    let kind = &deal::KIND;
    assert_eq!(
        office.refused(Intent::Create { kind, fields }),
        ErrorKind::Invalid
    );
}

#[test]
fn moves_are_dated_and_closing_and_reopening_follow() {
    let mut office = Office::new();
    office.contact("Ana");
    let site = office.deal("Site", "ana");
    let lost = StageTarget::Outcome(Outcome::Lost);
    let won = StageTarget::Outcome(Outcome::Won);
    let open = StageTarget::Outcome(Outcome::Open);
    // day, where to, stages so far, closed on
    for (time, target, history, day) in [
        ("2026-11-25 09:00", named("Proposal"), "lead proposal", ""),
        (
            "2026-11-26 09:00",
            named("négotiation"),
            "lead proposal negotiation",
            "",
        ),
        (
            "2026-11-27 09:00",
            lost,
            "lead proposal negotiation lost",
            "2026-11-27",
        ),
        // late in the evening in UTC is the next day in Berlin
        (
            "2026-11-28 23:30",
            won,
            "lead proposal negotiation lost won",
            "2026-11-29",
        ),
        (
            "2026-11-30 09:00",
            open,
            "lead proposal negotiation lost won negotiation",
            "",
        ),
    ] {
        office.at(time);
        office.perform(to(site, target));
        assert_eq!(stages(&office, site), history, "{time}");
        assert_eq!(closed(&office, site), day, "{time}");
    }
    let again = [
        named("negotiation"),
        named("nowhere"),
        StageTarget::Outcome(Outcome::Open),
    ];
    for target in again {
        assert_eq!(office.refused(to(site, target)), ErrorKind::Invalid);
    }
}

#[test]
fn winning_makes_customers_of_those_who_are_not_yet() {
    let mut office = Office::new();
    let ana = office.contact("Ana");
    let bo = office.add(&contact::KIND, &[("name", "Bo"), ("lifecycle", "customer")]);
    let cy = office.add(&contact::KIND, &[("name", "Cy"), ("lifecycle", "churned")]);
    let site = office.deal("Site", "ana; bo; cy");
    office.at("2026-12-01 10:00");
    office.perform(Intent::Move(StageMove {
        deal: site,
        to: StageTarget::Outcome(Outcome::Won),
        note: None,
        reason: Some("price".to_owned()),
        competitor: None,
        follow_up: None,
    }));
    for (id, expect) in [
        (ana, "lead,customer: won Site"),
        (bo, "customer"),
        (cy, "churned,customer: won Site"),
    ] {
        let record = office.get(&contact::KIND, id);
        let steps = record.list(contact::LIFECYCLE_HISTORY).iter();
        let words: Vec<String> = steps
            .map(|step| match &step.note {
                Some(note) => format!("{}: {note}", step.to),
                None => step.to.clone(),
            })
            .collect();
        assert_eq!(words.join(","), expect);
        assert_eq!(record.text(contact::LIFECYCLE), "customer");
    }
    let record = office.get(&deal::KIND, site);
    assert_eq!(record.text(deal::REASON), "price");
    office.perform(Intent::Undo(None));
    assert_eq!(
        office.get(&contact::KIND, ana).text(contact::LIFECYCLE),
        "lead"
    );
    assert_eq!(
        office.get(&contact::KIND, cy).text(contact::LIFECYCLE),
        "churned"
    );
    office.edit(&deal::KIND, site, &[("stage", "won")]);
    assert_eq!(
        office.get(&contact::KIND, ana).text(contact::LIFECYCLE),
        "customer",
        "by edit too"
    );
    office.perform(to(site, StageTarget::Outcome(Outcome::Open)));
    assert_eq!(office.get(&deal::KIND, site).text(deal::STAGE), "lead");
    assert_eq!(office.get(&deal::KIND, site).get(deal::REASON), None);
}

#[test]
fn a_move_can_make_the_next_follow_up() {
    let mut office = Office::new();
    let ana = office.contact("Ana");
    let site = office.deal("Site", "ana");
    let due = office.due("+2w");
    office.perform(Intent::Move(StageMove {
        deal: site,
        to: named("qualified"),
        note: Some("liked it".to_owned()),
        reason: None,
        competitor: None,
        follow_up: Some(touchbase::services::intent::NextStep {
            due,
            text: "ask".to_owned(),
        }),
    }));
    let made = &office.all(&follow_up::KIND)[0];
    assert_eq!(
        (made.list(follow_up::CONTACTS), made.get(follow_up::DEAL)),
        (&[ana][..], Some(&site))
    );
    let record = office.get(&deal::KIND, site);
    let notes: Vec<_> = record
        .list(deal::STAGE_HISTORY)
        .iter()
        .map(|s| s.note.as_deref())
        .collect();
    assert_eq!(notes, [None, Some("liked it")]);
}

fn two_pipelines() -> Office {
    let mut office = Office::new();
    let text = r#"
        [[pipeline]]
        name = "sales"
        stage = [{ name = "lead" }, { name = "offer" }, { name = "won", outcome = "won" }, { name = "lost", outcome = "lost" }]
        [[pipeline]]
        name = "support"
        stage = [{ name = "asked" }, { name = "won", outcome = "won" }, { name = "lost", outcome = "lost" }]
    "#;
    office.env.settings = toml::from_str::<Settings>(text).expect("settings");
    office.env.pipelines = office.env.settings.pipelines().expect("pipelines");
    office
}

#[test]
fn a_stage_belongs_to_the_deals_pipeline_whichever_is_named_first() {
    for fields in [
        [
            ("title", "Help"),
            ("stage", "asked"),
            ("pipeline", "support"),
        ],
        [
            ("title", "Help"),
            ("pipeline", "Support"),
            ("stage", "asked"),
        ],
    ] {
        let mut office = two_pipelines();
        let help = office.add(&deal::KIND, &fields);
        assert_eq!(office.get(&deal::KIND, help).text(deal::STAGE), "asked");
    }
    let mut office = two_pipelines();
    let wrong = crate::office::edits(&[
        ("title", "Help"),
        ("stage", "offer"),
        ("pipeline", "support"),
    ]);
    let kind = &deal::KIND;
    assert_eq!(
        office.refused(Intent::Create {
            kind,
            fields: wrong
        }),
        ErrorKind::Invalid
    );
}

#[test]
fn a_deal_that_changes_its_pipeline_stands_in_a_stage_of_it() {
    for (stage, expect) in [("offer", "asked"), ("won", "won")] {
        let mut office = two_pipelines();
        let site = office.add(&deal::KIND, &[("title", "Site"), ("stage", stage)]);
        office.edit(&deal::KIND, site, &[("pipeline", "support")]);
        assert_eq!(office.get(&deal::KIND, site).text(deal::STAGE), expect);
    }
}

#[test]
fn cards_keep_the_order_given_by_hand_until_they_leave_the_lane() {
    let mut office = Office::new();
    office.contact("Ana");
    let cards: Vec<_> = ["a", "b", "c", "d"]
        .map(|title| office.deal(title, "ana"))
        .into();
    let lane = |office: &Office, stage: &str| {
        let all = office.all(&deal::KIND).into_iter();
        let mut lane: Vec<_> = all.filter(|r| r.text(deal::STAGE) == stage).collect();
        lane.sort_by_cached_key(lane_order);
        lane.iter()
            .map(|record| record.title().to_owned())
            .collect::<String>()
    };
    let before = lane(&office, "lead");
    assert_eq!(before.len(), 4);
    office.perform(Intent::Reorder {
        deal: cards[3],
        before: Some(cards[0]),
    });
    let now = lane(&office, "lead");
    assert_eq!(
        now.find('d').map(|place| place + 1),
        now.find('a'),
        "{before} then {now}"
    );
    assert_eq!(now.replace('d', ""), before.replace('d', ""));
    office.perform(Intent::Reorder {
        deal: cards[1],
        before: None,
    });
    assert!(lane(&office, "lead").ends_with('b'));
    office.perform(Intent::Undo(None));
    assert_eq!(lane(&office, "lead"), now);
    office.perform(to(cards[3], named("proposal")));
    assert_eq!(office.get(&deal::KIND, cards[3]).get(deal::RANK), None);
    let other = Intent::Reorder {
        deal: cards[3],
        before: Some(cards[0]),
    };
    assert_eq!(office.refused(other), ErrorKind::Invalid);
    let itself = Intent::Reorder {
        deal: cards[0],
        before: Some(cards[0]),
    };
    assert_eq!(office.refused(itself), ErrorKind::Invalid);
}
