//! What other programs call the kinds of records, in names of files and of id columns.

use crate::domain::kind::Kind;
use crate::domain::{activity, company, contact, deal, follow_up, segment};

/// A module of another program: its word, and our kind.
#[derive(Clone, Copy, Debug)]
pub(super) struct Module {
    pub(super) word: &'static str,
    pub(super) many: &'static str,
    pub(super) kind: &'static Kind,
    /// Its ids count apart from those of the kind's other modules in the same program:
    /// lead 2585 is not contact 2585.
    pub(super) apart: bool,
}

const fn module(word: &'static str, many: &'static str, kind: &'static Kind) -> Module {
    Module {
        word,
        many,
        kind,
        apart: false,
    }
}

/// Every module we know.
pub(super) const MODULES: &[Module] = &[
    module("account", "accounts", &company::KIND),
    module("company", "companies", &company::KIND),
    module("organization", "organizations", &company::KIND),
    module("organisation", "organisations", &company::KIND),
    Module {
        word: "lead",
        many: "leads",
        kind: &contact::KIND,
        apart: true,
    },
    module("contact", "contacts", &contact::KIND),
    module("person", "persons", &contact::KIND),
    module("people", "people", &contact::KIND),
    module("connection", "connections", &contact::KIND),
    module("deal", "deals", &deal::KIND),
    module("opportunity", "opportunities", &deal::KIND),
    module("potential", "potentials", &deal::KIND),
    module("pipeline", "pipelines", &deal::KIND),
    module("call", "calls", &activity::KIND),
    module("event", "events", &activity::KIND),
    module("meeting", "meetings", &activity::KIND),
    module("activity", "activities", &activity::KIND),
    module("task", "tasks", &follow_up::KIND),
    module("todo", "todos", &follow_up::KIND),
    module("followup", "followups", &follow_up::KIND),
    module("segment", "segments", &segment::KIND),
];

/// The module of that word, singular or plural.
pub(super) fn by_word(word: &str) -> Option<&'static Module> {
    MODULES
        .iter()
        .find(|module| module.word == word || module.many == word)
}

/// The module that a file's name names: the last word that is one.
pub(super) fn of_file(name: &str) -> Option<&'static Module> {
    let base = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let stem = base.rsplit_once('.').map_or(base, |(stem, _)| stem);
    let words = super::mapping::tokens(stem);
    words.iter().rev().find_map(|word| by_word(word))
}

/// Whether rows of a kind can bear ids of a module as their own: of its own modules, and for
/// activities also those of tasks, which some programs keep together.
pub(super) fn is_own(kind: &Kind, module: &Module) -> bool {
    module.kind == kind
        || kind == &activity::KIND && module.kind == &follow_up::KIND
        || kind == &follow_up::KIND && module.word == "activity"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_name_modules() {
        for (name, expect) in [
            ("zoho__Accounts.csv", Some("account")),
            ("/tmp/maven__sales_pipeline.csv", Some("pipeline")),
            ("basudev__Opportunity.csv", Some("opportunity")),
            ("helix__pipedrive-persons.csv", Some("person")),
            ("sample_connections.csv", Some("connection")),
            ("export.csv", None),
            ("leads", Some("lead")),
        ] {
            assert_eq!(of_file(name).map(|module| module.word), expect, "{name}");
        }
    }
}
