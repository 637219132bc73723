//! Lists: queries, orders, pages, what is put away.

use crate::office::{Office, titles};
use touchbase::domain::kind::Kind;
use touchbase::domain::{company, contact, deal, follow_up};
use touchbase::error::ErrorKind;
use touchbase::services::intent::{Intent, Place, Target};
use touchbase::services::list::{ListRequest, list};

fn office() -> Office {
    let mut office = Office::new();
    office.add(&company::KIND, &[("name", "Acme"), ("territory", "north")]);
    office.add(&company::KIND, &[("name", "Beta"), ("territory", "south")]);
    office.add(
        &contact::KIND,
        &[("name", "Zoë Müller"), ("company", "acme"), ("tag", "vip")],
    );
    office.add(
        &contact::KIND,
        &[
            ("name", "ana Lima"),
            ("company", "beta"),
            ("lifecycle", "customer"),
        ],
    );
    office.add(
        &contact::KIND,
        &[
            ("name", "Émile Roy"),
            ("tag", "vip, cold"),
            ("cadence", "30"),
        ],
    );
    office.add(
        &deal::KIND,
        &[("title", "Site"), ("value", "1200 EUR"), ("contact", "zoe")],
    );
    office.add(
        &deal::KIND,
        &[
            ("title", "Shop"),
            ("value", "300 USD"),
            ("stage", "proposal"),
        ],
    );
    office.add(
        &deal::KIND,
        &[("title", "Logo"), ("value", "450 EUR"), ("stage", "won")],
    );
    office.add(&deal::KIND, &[("title", "Idea")]);
    office
}

fn request(kind: &'static Kind, query: &str, sort: &str) -> ListRequest {
    ListRequest {
        query: query.to_owned(),
        sort: Some(sort.to_owned()).filter(|sort| !sort.is_empty()),
        ..ListRequest::all(kind)
    }
}

fn listed(office: &Office, request: &ListRequest) -> String {
    let found = list(&office.session, &office.env, request).expect("a list");
    titles(&found).join(", ")
}

#[test]
fn queries_and_orders_choose_and_arrange() {
    let office = office();
    let (person, sale) = (&contact::KIND, &deal::KIND);
    for (kind, query, sort, expect) in [
        (person, "", "", "ana Lima, Émile Roy, Zoë Müller"),
        (person, "", "-name", "Zoë Müller, Émile Roy, ana Lima"),
        (person, "tag:vip", "", "Émile Roy, Zoë Müller"),
        (person, "tag:vip -tag:cold", "", "Zoë Müller"),
        (
            person,
            "company:acme or lifecycle:customer",
            "",
            "ana Lima, Zoë Müller",
        ),
        (person, "company.territory:north", "", "Zoë Müller"),
        (person, "emile", "", "Émile Roy"),
        (person, "", "company", "Zoë Müller, ana Lima, Émile Roy"),
        (person, "", "-company", "ana Lima, Zoë Müller, Émile Roy"),
        (person, "", "cadence", "Émile Roy, Zoë Müller, ana Lima"),
        (person, "tag:nobody", "", ""),
        (sale, "", "value", "Logo, Site, Shop, Idea"),
        (sale, "", "-value", "Shop, Site, Logo, Idea"),
        (sale, "status:open", "", "Idea, Shop, Site"),
        (sale, "stage:proposal", "", "Shop"),
        (sale, "value>=400", "title", "Logo, Site"),
        (sale, "contact:zoe", "", "Site"),
    ] {
        assert_eq!(
            listed(&office, &request(kind, query, sort)),
            expect,
            "{query} {sort}"
        );
    }
}

#[test]
fn what_makes_no_sense_is_refused() {
    let office = office();
    for (query, sort) in [
        ("tga:vip", ""),
        ("value>=x", ""),
        ("(tag:vip", ""),
        ("\"open", ""),
        ("stage:nowhere", ""),
        ("or", ""),
        ("", "tga"),
        ("", "-"),
    ] {
        let refused = list(
            &office.session,
            &office.env,
            &request(&deal::KIND, query, sort),
        );
        let kind = refused.map(|found| found.len()).map_err(|error| error.kind);
        assert_eq!(kind, Err(ErrorKind::Invalid), "{query} {sort}");
    }
}

#[test]
fn pages_do_not_overlap_or_leave_gaps() {
    let mut office = Office::new();
    for number in 0..25 {
        office.contact(&format!("Person {}", (number * 7) % 25));
    }
    let all = listed(&office, &request(&contact::KIND, "", "name"));
    for size in [1, 4, 10, 25, 30] {
        let mut pages = Vec::new();
        for offset in (0..25).step_by(size) {
            let page = ListRequest {
                limit: Some(size),
                offset,
                ..request(&contact::KIND, "", "name")
            };
            pages.push(listed(&office, &page));
        }
        assert_eq!(pages.join(", "), all, "pages of {size}");
    }
    let behind = ListRequest {
        offset: usize::MAX,
        ..request(&contact::KIND, "", "")
    };
    assert_eq!(listed(&office, &behind), "");
    let none = ListRequest {
        limit: Some(0),
        ..request(&contact::KIND, "", "")
    };
    assert_eq!(listed(&office, &none), "");
}

#[test]
fn what_is_put_away_shows_when_asked_for() {
    let mut office = office();
    let all = office.all(&contact::KIND);
    let target = |name: &str| {
        let found = all
            .iter()
            .find(|record| record.title() == name)
            .expect(name);
        vec![Target {
            kind: &contact::KIND,
            id: found.id,
        }]
    };
    office.perform(Intent::Place(target("ana Lima"), Place::Archive));
    office.perform(Intent::Place(target("Émile Roy"), Place::Trash));
    let base = ListRequest::all(&contact::KIND);
    for (archived, trashed, expect) in [
        (false, false, "Zoë Müller"),
        (true, false, "ana Lima, Zoë Müller"),
        (false, true, "Émile Roy"),
        (true, true, "Émile Roy"),
    ] {
        let request = ListRequest {
            archived,
            trashed,
            ..base.clone()
        };
        assert_eq!(listed(&office, &request), expect, "{archived} {trashed}");
    }
}

#[test]
fn follow_ups_come_in_the_order_in_which_they_are_due() {
    let mut office = Office::new();
    let ana = office.contact("Ana");
    for due in ["fri", "tomorrow", "2027-01-01", "today 9am", "today"] {
        office.remind(ana, due, due);
    }
    let shown = listed(&office, &ListRequest::all(&follow_up::KIND));
    assert_eq!(shown, "today, today 9am, tomorrow, fri, 2027-01-01");
    let shown = listed(&office, &request(&follow_up::KIND, "due<=tomorrow", "-due"));
    assert_eq!(shown, "tomorrow, today 9am, today");
}
