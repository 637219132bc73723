//! Headers of ways to reach someone: points with their labels, parts of addresses.

use super::{Part, Role};
use crate::domain::contact;
use crate::domain::field::Shape;
use crate::domain::kind::Kind;

/// `E-mail 1 - Label`, `Phone 2 - Type`, `Custom Field 1 - Value`.
pub(super) fn group_label(words: &[String]) -> Option<Role> {
    let (last, before) = words.split_last()?;
    let number = before.last()?;
    if !number.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let group = before.join(" ");
    let named = matches!(before[0].as_str(), "custom" | "relation");
    match last.as_str() {
        "label" | "type" | "service" => Some(Role::Label { group }),
        "value" if named => Some(Role::Named { group }),
        _ => None,
    }
}

fn of_shape(kind: &Kind, shape: Shape) -> Option<u16> {
    let field = kind.fields.iter().find(|field| field.shape == shape)?;
    Some(field.number)
}

/// Places where people have a handle or a profile.
const SERVICES: &[&str] = &[
    "linkedin",
    "twitter",
    "x",
    "facebook",
    "instagram",
    "xing",
    "skype",
    "github",
    "mastodon",
    "im",
    "profile",
];

/// Ways to reach someone, with the label that the header gives them.
pub(super) fn point(kind: &Kind, words: &[String]) -> Option<Role> {
    let has = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    let email = ["email", "mail"];
    let phone = [
        "phone",
        "telephone",
        "tel",
        "mobile",
        "cell",
        "fax",
        "pager",
        "telefon",
    ];
    let site = ["website", "web", "url", "homepage", "site"];
    let event = ["event"];
    let (field, known): (u16, &[&str]) = if has(&email) {
        (of_shape(kind, Shape::Emails)?, &email)
    } else if has(&phone) {
        (of_shape(kind, Shape::Phones)?, &phone)
    } else if has(SERVICES) && kind.name == "contact" && !words.iter().all(|word| word == "profile")
    {
        (contact::SOCIAL.number(), SERVICES)
    } else if has(&site) {
        (of_shape(kind, Shape::Sites)?, &site)
    } else if has(&event) && words.last().is_some_and(|word| word == "value") {
        (of_shape(kind, Shape::Dates)?, &event)
    } else {
        return None;
    };
    let label = point_label(words, known)?;
    Some(Role::Field {
        field,
        label,
        group: group(words),
    })
}

/// The label that words give to a point, besides those that say what it is; none where one of
/// them says something else.
fn point_label(words: &[String], known: &[&str]) -> Option<String> {
    let mut label: Vec<&str> = Vec::new();
    for word in words {
        let word = word.as_str();
        match word {
            "mobile" | "cell" if known.contains(&"phone") => label.push("mobile"),
            "fax" | "pager" => label.push(word),
            "url" | "profile" | "im" if known == SERVICES => {}
            _ if known == SERVICES && SERVICES.contains(&word) => label.push(word),
            _ if known.contains(&word) => {}
            "address" | "number" | "no" | "value" | "primary" | "secondary" | "page" | "person"
            | "contact" => {}
            _ if word.bytes().all(|byte| byte.is_ascii_digit()) => {}
            other => label.push(label_word(other)?),
        }
    }
    // `Home Fax` and `Fax Home` are one label.
    label.sort_by_key(|word| matches!(*word, "fax" | "pager" | "mobile"));
    label.dedup();
    Some(label.join(" "))
}

fn label_word(word: &str) -> Option<&'static str> {
    Some(match word {
        "work" | "business" | "office" => "work",
        "home" | "personal" | "private" => "home",
        "other" => "other",
        "main" | "company" => "main",
        "assistant" => "assistant",
        "mailing" => "mailing",
        "billing" => "billing",
        "shipping" => "shipping",
        _ => return None,
    })
}

/// The words up to the number: `email 1` for `E-mail 1 - Value`.
fn group(words: &[String]) -> String {
    let number = words
        .iter()
        .position(|word| word.bytes().all(|byte| byte.is_ascii_digit()));
    number.map_or_else(String::new, |place| words[..=place].join(" "))
}

/// Parts of addresses.
pub(super) fn address(kind: &Kind, words: &[String]) -> Option<Role> {
    of_shape(kind, Shape::Addresses)?;
    let mut label = "";
    let mut rest: Vec<&str> = Vec::new();
    let mut number = String::new();
    for word in words.iter().map(String::as_str) {
        match label_word(word) {
            Some(known) => label = known,
            None if word.bytes().all(|byte| byte.is_ascii_digit()) => word.clone_into(&mut number),
            None => rest.push(word),
        }
    }
    // `Home Address 2` is the second line of the home address, `Address 1 - City` of the first.
    let is_numbered = words.first().is_some_and(|word| word == "address") && words.len() > 2;
    let second_line = !is_numbered && number == "2";
    let bare = match rest.as_slice() {
        ["address", more @ ..] if !more.is_empty() => more,
        all => all,
    };
    let part = match bare {
        ["address" | "formatted"] if second_line => Part::Extra,
        ["street" | "line"] if second_line || number == "2" && !is_numbered => Part::Extra,
        ["address" | "formatted"] => Part::Whole,
        ["street"] | ["street", "address"] | ["line"] => Part::Street,
        ["extended"] | ["extended", "address"] | ["po", "box"] | ["pobox"] => Part::Extra,
        ["city" | "town" | "locality" | "ort" | "stadt"] => Part::City,
        ["state" | "region" | "province" | "county"] | ["state", "province"] => Part::Region,
        ["zip" | "zipcode" | "postcode" | "postal" | "plz"]
        | ["zip", "code"]
        | ["postal", "code"]
        | ["zip", "postal", "code"] => Part::Postcode,
        ["country" | "land"] | ["country", "region"] => Part::Country,
        _ => return None,
    };
    let group = match (is_numbered, label) {
        (true, _) => format!("address {number}"),
        (false, label) => label.to_owned(),
    };
    Some(Role::Address {
        part,
        label: label.to_owned(),
        group,
    })
}
