//! What the values of each argument are.
//!
//! [`ARGUMENTS`] has those of commands of their own; the arguments of every kind's verbs follow
//! from its field table.

use super::{Candidate, Known, columns, handles, query, shortened};
use crate::domain::field::Shape;
use crate::domain::kind::Kind;
use crate::domain::values::text::fold;
use crate::domain::{KINDS, activity, company, contact, deal, follow_up};
use crate::formats::FORMATS;
use crate::reports::{REPORTS, period};
use crate::services::snapshot::visible_kinds;
use clap::ValueHint;

/// What the values of an argument are.
#[derive(Clone, Debug)]
pub(super) enum Values {
    /// Records of some kinds, by what they are called.
    Called(Vec<&'static Kind>),
    Stages,
    Pipelines,
    /// Values that a field of that name has somewhere.
    Recurring(&'static str),
    /// One of these.
    Words(Vec<Candidate>),
    Columns(&'static Kind),
    /// Terms of a query.
    Query(&'static Kind),
    /// Several, between commas.
    List(Box<Values>),
    /// One of these characters may stand before it.
    Behind(&'static [char], Box<Values>),
    Path(ValueHint),
}

/// A command, or every one when empty; an argument; and what its values are.
type Row = (&'static str, &'static str, fn() -> Values);

/// What completes the arguments of commands of their own. The first row that fits counts.
const ARGUMENTS: &[Row] = &[
    ("log", "who", || people(&[&contact::KIND, &company::KIND])),
    ("remind", "who", || {
        people(&[&contact::KIND, &company::KIND, &deal::KIND])
    }),
    ("tag", "who", anyone),
    ("untag", "who", anyone),
    ("score", "who", || Values::Called(vec![&contact::KIND])),
    ("history", "record", || {
        Values::Called(KINDS.iter().copied().filter(|kind| !kind.hidden).collect())
    }),
    ("done", "follow_up", follow_ups),
    ("snooze", "what", follow_ups),
    ("snooze", "where", || Values::Query(&follow_up::KIND)),
    ("log", "answers", follow_ups),
    ("log", "kind", || words(activity::TYPES)),
    ("done", "kind", || words(activity::TYPES)),
    ("", "deal", || Values::Called(vec![&deal::KIND])),
    ("", "stage", || Values::Stages),
    ("", "pipeline", || Values::Pipelines),
    ("", "tags", || Values::Recurring("tag")),
    ("", "competitor", || Values::Recurring("competitor")),
    ("", "priority", || words(follow_up::PRIORITIES)),
    ("", "every", || words(&["day", "week", "month", "year"])),
    ("", "follow_up", || words(TIMES)),
    ("done", "next", || words(TIMES)),
    ("", "when", || words(TIMES)),
    ("due", "since", || words(&["last", "today", "yesterday"])),
    ("report", "name", || {
        let reports = REPORTS.iter();
        Values::Words(
            reports
                .map(|one| Candidate::new(one.name, one.help))
                .collect(),
        )
    }),
    ("report", "period", || words(period::PERIODS)),
    ("import", "kind", kinds),
    ("export", "kinds", kinds),
    ("import", "format", formats),
    ("export", "format", formats),
    ("", "tz", || {
        let zones = chrono_tz::TZ_VARIANTS.iter();
        Values::Words(zones.map(|zone| Candidate::new(zone.name(), "")).collect())
    }),
    ("", "dir", || Values::Path(ValueHint::DirPath)),
    ("", "config", || Values::Path(ValueHint::FilePath)),
];

/// Beginnings of what can be said of a time to come.
const TIMES: &[&str] = &[
    "today", "tomorrow", "mon", "tue", "wed", "thu", "fri", "sat", "sun", "+3d", "+1w", "+2w",
    "+1mo", "eow", "eom",
];

/// The kind of record that a command lists, where that is not its name.
pub(super) fn listed_by(command: &str) -> Option<&'static Kind> {
    (command == "due").then_some(&follow_up::KIND)
}

fn people(kinds: &[&'static Kind]) -> Values {
    Values::List(Box::new(Values::Called(kinds.to_vec())))
}

fn anyone() -> Values {
    Values::Called(vec![&contact::KIND, &company::KIND, &deal::KIND])
}

fn follow_ups() -> Values {
    Values::Called(vec![&follow_up::KIND])
}

fn kinds() -> Values {
    let kinds = visible_kinds();
    Values::Words(
        kinds
            .map(|kind| Candidate::new(kind.name, kind.help))
            .collect(),
    )
}

fn formats() -> Values {
    let formats = FORMATS.iter();
    Values::Words(
        formats
            .map(|one| Candidate::new(one.name, one.help))
            .collect(),
    )
}

fn words(words: &[&str]) -> Values {
    Values::Words(words.iter().map(|&word| Candidate::new(word, "")).collect())
}

/// What the values of an argument are; those of a kind's verb follow from the kind.
pub(super) fn of(command: &str, kind: Option<&'static Kind>, argument: &str) -> Option<Values> {
    if let Some(kind) = kind
        && let Some(values) = of_verb(command, kind, argument)
    {
        return Some(values);
    }
    let fits = |row: &&Row| (row.0.is_empty() || row.0 == command) && row.1 == argument;
    // A kind's verb has the arguments that every command has, and no others.
    let row = ARGUMENTS.iter().find(fits);
    row.filter(|row| kind.is_none() || row.0.is_empty())
        .map(|row| (row.2)())
}

fn of_verb(verb: &str, kind: &'static Kind, argument: &str) -> Option<Values> {
    match argument {
        // What is put away is not called by its name.
        "who" if verb != "restore" => Some(Values::Called(vec![kind])),
        "query" | "where" => Some(Values::Query(kind)),
        "columns" => Some(Values::List(Box::new(Values::Columns(kind)))),
        "sort" => Some(Values::Behind(&['-'], Box::new(Values::Columns(kind)))),
        _ => {
            let field = kind.field(argument.strip_prefix(crate::cli::generic::FIELD)?)?;
            let values = Values::of_shape(field.shape, field.name)?;
            Some(if field.shape.is_list() {
                Values::Behind(&['+', '-'], Box::new(values))
            } else {
                values
            })
        }
    }
}

impl Values {
    /// What the values of a field are.
    pub(super) fn of_shape(shape: Shape, name: &'static str) -> Option<Self> {
        Some(match shape {
            Shape::Choice(choices) => words(choices),
            Shape::Flag => words(&["yes", "no"]),
            Shape::Link(kind) | Shape::Links(kind) => {
                Self::Called(vec![crate::domain::kind_by_name(kind)?])
            }
            Shape::Pipeline => Self::Pipelines,
            Shape::Stage => Self::Stages,
            Shape::Date | Shape::Due | Shape::Moment => words(TIMES),
            Shape::Text | Shape::Texts => Self::Recurring(name),
            _ => return None,
        })
    }

    /// Those that go on from what is typed.
    pub(super) fn complete(&self, typed: &str, known: &Known) -> Vec<Candidate> {
        match self {
            Self::Called(kinds) => handles::called(kinds, typed, known),
            Self::Stages => folded(known.stages(), typed),
            Self::Pipelines => folded(known.pipelines(), typed),
            Self::Recurring(field) => {
                let found = known.recurring(field).into_iter();
                let found = found.filter(|value| value.starts_with(typed));
                shortened(found.map(|value| Candidate::new(value, "")))
            }
            Self::Words(words) => beginning(words.clone(), typed),
            Self::Columns(kind) => beginning(columns(kind), typed),
            Self::Query(kind) => query::complete(kind, typed, known),
            Self::List(one) => listed(typed, |typed| one.complete(typed, known)),
            Self::Behind(signs, one) => {
                let rest = typed.strip_prefix(*signs).unwrap_or(typed);
                let sign = &typed[..typed.len() - rest.len()];
                behind(sign, one.complete(rest, known))
            }
            Self::Path(_) => Vec::new(),
        }
    }
}

fn beginning(mut words: Vec<Candidate>, typed: &str) -> Vec<Candidate> {
    words.retain(|word| word.value.starts_with(typed));
    words
}

/// Names that mean the same in any case and with or without accents; what is typed stays.
fn folded(names: Vec<Candidate>, typed: &str) -> Vec<Candidate> {
    let (wanted, length) = (fold(typed), typed.chars().count());
    let goes_on = |Candidate { value, help }: Candidate| {
        let rest: String = value.chars().skip(length).collect();
        let begins = fold(&value).starts_with(&wanted);
        let is_same = begins && fold(&format!("{typed}{rest}")) == fold(&value);
        is_same.then(|| Candidate::new(format!("{typed}{rest}"), help))
    };
    names.into_iter().filter_map(goes_on).collect()
}

/// The last of several between commas.
fn listed(typed: &str, complete: impl Fn(&str) -> Vec<Candidate>) -> Vec<Candidate> {
    let start = typed.rfind(',').map_or(0, |comma| comma + 1);
    let (before, last) = typed.split_at(start);
    let mut found = complete(last);
    let is_new = |value: &str| before.split(',').all(|named| named != value);
    found.retain(|candidate| is_new(&candidate.value));
    behind(before, found)
}

fn behind(before: &str, found: Vec<Candidate>) -> Vec<Candidate> {
    let whole = |one: Candidate| Candidate::new(format!("{before}{}", one.value), one.help);
    found.into_iter().map(whole).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_names_an_argument_that_there_is() {
        let root = crate::cli::command();
        for (command, argument, _) in ARGUMENTS {
            let of_root = root.get_arguments().any(|arg| arg.get_id() == *argument);
            let found = root.get_subcommands().any(|sub| {
                (command.is_empty() || sub.get_name() == *command)
                    && sub.get_arguments().any(|arg| arg.get_id() == *argument)
            });
            assert!(of_root || found, "{command} {argument}");
        }
    }
}
