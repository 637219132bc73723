//! Rules on who they are: source, completeness, role, fit, and whether mail may reach them.

use super::{list, names, share, weight};
use crate::domain::settings::ScoreSettings;
use crate::domain::values::text;
use crate::domain::{company, contact};
use crate::scoring::{Facts, Reason};

/// The best kind of source that is named, whole or as a word: `Employee Referral` is a referral.
pub(super) fn source(facts: &Facts<'_>, settings: &ScoreSettings) -> Reason {
    let most = settings.sources.values().copied().max().map_or(0, weight);
    let stated = facts.contact.text(contact::SOURCE);
    let stated_words = text::words(stated);
    let points = settings
        .sources
        .iter()
        .filter(|(name, _)| names(&stated_words, name))
        .map(|(_, points)| (*points).clamp(-100, 100))
        .max();
    let words = if stated_words.is_empty() {
        "source not known yet".to_owned()
    } else {
        format!("found you by {stated}")
    };
    Reason {
        rule: "source",
        points: points.unwrap_or(0),
        most,
        words,
    }
}

/// How much of what one needs to sell to them is known.
pub(super) fn completeness(facts: &Facts<'_>, settings: &ScoreSettings) -> Reason {
    let contact = facts.contact;
    let has_site =
        !contact.list(contact::SITES).is_empty() || !contact.list(contact::SOCIAL).is_empty();
    let parts: [(&str, i32, bool); 6] = [
        ("e-mail", 3, !contact.list(contact::EMAILS).is_empty()),
        ("phone", 2, !contact.list(contact::PHONES).is_empty()),
        ("company", 2, contact.get(contact::COMPANY).is_some()),
        ("role", 1, !contact.text(contact::ROLE).is_empty()),
        ("site", 1, has_site),
        ("address", 1, !contact.list(contact::ADDRESSES).is_empty()),
    ];
    let all: i32 = parts.iter().map(|(_, parts, _)| parts).sum();
    let known: i32 = parts
        .iter()
        .filter(|(_, _, is_known)| *is_known)
        .map(|(_, p, _)| p)
        .sum();
    let missing: Vec<String> = parts
        .iter()
        .filter(|(_, _, is_known)| !is_known)
        .map(|(name, _, _)| (*name).to_owned())
        .collect();
    let words = match missing.as_slice() {
        [] => "everything needed is known".to_owned(),
        // Without a way to reach them, the rest hardly matters.
        [mail, phone, ..] if mail == "e-mail" && phone == "phone" => {
            "no e-mail or phone yet".to_owned()
        }
        _ => format!("no {} yet", list(&missing, "or")),
    };
    let most = weight(settings.completeness);
    let points = share(most, known.into(), all.into());
    Reason {
        rule: "completeness",
        points,
        most,
        words,
    }
}

/// Whether their role promises that they decide.
pub(super) fn role(facts: &Facts<'_>, settings: &ScoreSettings) -> Reason {
    let most = weight(settings.role);
    let role = facts.contact.text(contact::ROLE);
    let role_words = text::words(role);
    // Long words may go on, as in `Geschäftsführerin` or `directors`; short ones would find
    // the `head` in `headhunter`.
    let begins = |wanted: &str| {
        let wanted = text::fold(wanted);
        wanted.chars().count() >= 5
            && !wanted.contains(' ')
            && role_words.iter().any(|word| word.starts_with(&wanted))
    };
    let decides = settings
        .role_words
        .iter()
        .any(|word| names(&role_words, word) || begins(word));
    let (points, words) = match (role_words.is_empty(), decides) {
        (true, _) => (0, "role not known yet".to_owned()),
        (_, true) => (most, format!("can decide as {role}")),
        (_, false) => (0, format!("may not decide as {role}")),
    };
    Reason {
        rule: "role",
        points,
        most,
        words,
    }
}

/// Whether their company is of the kind that one looks for.
pub(super) fn fit(facts: &Facts<'_>, settings: &ScoreSettings) -> Reason {
    let most = weight(settings.fit);
    let traits: Vec<Vec<String>> = facts.company.map_or_else(Vec::new, |company| {
        let tags = company.list(company::TAGS).iter().map(String::as_str);
        tags.chain([company.text(company::INDUSTRY)])
            .map(text::words)
            .collect()
    });
    let fitting = settings
        .fit_words
        .iter()
        .find(|word| traits.iter().any(|words| names(words, word)));
    let (points, words) = match fitting {
        Some(word) => (most, format!("company fits: {word}")),
        None if settings.fit_words.is_empty() => (0, "no fitting industries set".to_owned()),
        None if facts.company.is_none() => (0, "company not known yet".to_owned()),
        None => (0, "company is outside your usual industries".to_owned()),
    };
    Reason {
        rule: "fit",
        points,
        most,
        words,
    }
}

/// Points taken when mail to them came back.
pub(super) fn bounced(facts: &Facts<'_>, settings: &ScoreSettings) -> Reason {
    let (points, words) = if facts.contact.get(contact::BOUNCED) == Some(&true) {
        (-weight(settings.bounced), "mail to them bounced")
    } else {
        (0, "no mail bounced")
    };
    Reason {
        rule: "bounced",
        points,
        most: 0,
        words: words.to_owned(),
    }
}

/// Points taken when they do not want to be written to.
pub(super) fn opted_out(facts: &Facts<'_>, settings: &ScoreSettings) -> Reason {
    let (points, words) = match facts.contact.text(contact::CONSENT) {
        "opt-out" => (-weight(settings.opted_out), "opted out of mail"),
        "opt-in" => (0, "agreed to mail"),
        _ => (0, "did not opt out of mail"),
    };
    Reason {
        rule: "opted-out",
        points,
        most: 0,
        words: words.to_owned(),
    }
}
