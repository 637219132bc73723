//! Completion in the shell: from what is typed so far to what may come next, without opening
//! the store.
//!
//! clap's own engine walks the command tree; `values` says what the values of each argument
//! are, `handles` finds people by what they are called. [`shells`] speaks with each shell.

mod handles;
mod query;
pub mod shells;
mod values;

use crate::domain::custom::CustomFields;
use crate::domain::derived;
use crate::domain::kind::Kind;
use crate::domain::pipeline::{self, Pipelines};
use crate::domain::values::text::{is_unsafe, line};
use crate::domain::{KINDS, contact};
use crate::store::names::read::{Entry, Names};
use clap::{Arg, Command};
use clap_complete::engine::{self, ArgValueCompleter, CompletionCandidate};
use std::collections::{BTreeSet, BinaryHeap};
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use values::Values;

/// More candidates than these help nobody.
const MOST: usize = 200;

/// Something that may come next.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Candidate {
    /// The whole word: what is typed already and how it goes on.
    pub value: String,
    /// What it means, in one line.
    pub help: String,
}

impl Candidate {
    fn new(value: impl Into<String>, help: impl Into<String>) -> Self {
        let (value, help) = (value.into(), help.into());
        Self { value, help }
    }
}

/// What completion knows of the user's world.
#[derive(Debug)]
pub struct Known {
    folder: Option<PathBuf>,
    names: OnceLock<Option<Names>>,
    pipelines: Pipelines,
    own: CustomFields,
    sources: Vec<String>,
}

impl Known {
    /// The store in a folder, and what the settings say of pipelines and sources. The names are
    /// read when something asks for them.
    pub const fn new(
        folder: Option<PathBuf>,
        pipelines: Pipelines,
        own: CustomFields,
        sources: Vec<String>,
    ) -> Self {
        let names = OnceLock::new();
        Self {
            folder,
            names,
            pipelines,
            own,
            sources,
        }
    }

    fn entries(&self) -> impl Iterator<Item = Entry<'_>> {
        let load = || self.folder.as_deref().and_then(Names::load);
        let names = self.names.get_or_init(load).as_ref();
        names.into_iter().flat_map(Names::entries)
    }

    /// The values that fields of that name have, and those that the settings know.
    fn recurring(&self, field: &str) -> BTreeSet<&str> {
        let column = |kind: &&'static Kind| {
            let number = kind.field(field)?.number;
            let recurs = kind.recurring.contains(&number);
            recurs.then(|| (*kind, format!("{number}=")))
        };
        let columns: Vec<_> = KINDS.iter().filter_map(column).collect();
        let mut found = BTreeSet::new();
        for entry in self.entries() {
            if let Some((_, column)) = columns.iter().find(|(kind, _)| entry.is_of(kind)) {
                found.extend(entry.values(column));
            }
        }
        if contact::KIND.field(field).map(|field| field.number) == Some(contact::SOURCE.number()) {
            found.extend(self.sources.iter().map(String::as_str));
        }
        found
    }

    /// The names of pipelines.
    fn pipelines(&self) -> Vec<Candidate> {
        let own = self
            .pipelines
            .0
            .iter()
            .map(|pipeline| pipeline.name.as_str());
        let stored = self.entries().filter(|entry| entry.is_of(&pipeline::KIND));
        let names: BTreeSet<&str> = own.chain(stored.map(Entry::title)).collect();
        names
            .into_iter()
            .map(|name| Candidate::new(name, ""))
            .collect()
    }

    /// The stages of every pipeline, in their order.
    fn stages(&self) -> Vec<Candidate> {
        let mut stages: Vec<Candidate> = Vec::new();
        let mut add = |name: &str, help: String| {
            if stages.iter().all(|stage| stage.value != name) {
                stages.push(Candidate::new(name, help));
            }
        };
        for pipeline in &self.pipelines.0 {
            for stage in &pipeline.stages {
                let chance = stage.probability.get();
                add(&stage.name, format!("{}, {chance} %", pipeline.name));
            }
        }
        for entry in self.entries().filter(|entry| entry.is_of(&pipeline::KIND)) {
            for name in entry.values(&format!("{}=", pipeline::STAGES.number())) {
                add(name, entry.title().to_owned());
            }
        }
        stages
    }
}

/// What may come next after words, of which the last is being typed.
pub fn complete(words: &[OsString], known: Known, current_folder: Option<&Path>) -> Vec<Candidate> {
    let Some((typed, before)) = words.split_last() else {
        return Vec::new();
    };
    let Some(text) = typed.to_str() else {
        return Vec::new();
    };
    let mut words: Vec<OsString> = super::readable(before).collect();
    if let Some(last) = words.last_mut().filter(|last| *last == "--json") {
        // Its value stands behind `=` only; what follows a space is another argument.
        last.push("=");
    }
    words.push(typed.clone());
    let index = words.len() - 1;
    let mut tree = with_values(super::command(), &Arc::new(known));
    let found = engine::complete(&mut tree, words, index, current_folder).unwrap_or_default();
    // A term of a query that is negated looks like short flags to clap; flags have an id.
    let is_term = text.strip_prefix('-').is_some_and(super::is_term);
    let found = found
        .iter()
        .filter(|found| !is_term || found.get_id().is_none());
    let mut found: Vec<Candidate> = found.filter_map(|found| safe(found, text)).collect();
    let is_flag = |candidate: &Candidate| candidate.value.starts_with('-');
    if !text.starts_with('-') && !found.iter().all(is_flag) {
        found.retain(|candidate| !is_flag(candidate));
    }
    found
}

/// A candidate that goes on from what is typed and holds nothing that steers a terminal.
fn safe(candidate: &CompletionCandidate, typed: &str) -> Option<Candidate> {
    let value = candidate.get_value().to_str()?;
    // Of a command's names the engine leaves the one that sorts first: `companies`.
    let command = candidate
        .get_id()
        .and_then(|id| id.strip_prefix("command::"));
    let command = command.filter(|name| name.starts_with(typed));
    let value = command.unwrap_or(value);
    let is_safe = value.starts_with(typed) && !value.contains(is_unsafe);
    let help = candidate.get_help().map(ToString::to_string);
    let help = help.as_deref().and_then(|help| help.lines().next());
    is_safe.then(|| Candidate::new(value, line(help.unwrap_or_default())))
}

/// The tree with what completes each argument.
fn with_values(root: Command, known: &Arc<Known>) -> Command {
    let json = root
        .get_arguments()
        .find(|arg| arg.get_id() == "json")
        .cloned();
    let root = root.mut_args(|arg| with_values_of("", None, arg, known));
    root.mut_subcommands(|command| {
        let name = command.get_name().to_owned();
        let kind = crate::domain::kind_by_name(&name).filter(|kind| !kind.hidden);
        let command = command.mut_args(|arg| with_values_of(&name, None, arg, known));
        let command = command.mut_subcommands(|verb| {
            let name = verb.get_name().to_owned();
            verb.mut_args(|arg| with_values_of(&name, kind, arg, known))
        });
        match (&json, kind.or_else(|| values::listed_by(&name))) {
            (Some(json), Some(kind)) => {
                let fields = completer(Values::List(Box::new(Values::Columns(kind))), known);
                command.arg(json.clone().add(fields))
            }
            _ => command,
        }
    })
}

fn with_values_of(command: &str, kind: Option<&'static Kind>, arg: Arg, known: &Arc<Known>) -> Arg {
    match values::of(command, kind, arg.get_id().as_str()) {
        Some(Values::Path(hint)) => arg.value_hint(hint),
        Some(values) => arg.add(completer(values, known)),
        None => arg,
    }
}

fn completer(values: Values, known: &Arc<Known>) -> ArgValueCompleter {
    let known = Arc::clone(known);
    ArgValueCompleter::new(move |typed: &OsStr| {
        let found = typed.to_str().map(|typed| values.complete(typed, &known));
        let found = found.unwrap_or_default().into_iter();
        found
            .map(|Candidate { value, help }| {
                let help = Some(help).filter(|help| !help.is_empty());
                CompletionCandidate::new(value).help(help.map(Into::into))
            })
            .collect::<Vec<_>>()
    })
}

/// Columns of a kind with their help.
fn columns(kind: &'static Kind) -> Vec<Candidate> {
    let fields = kind.fields.iter();
    let fields = fields.map(|field| Candidate::new(field.name, field.help));
    let derived = derived::of_kind(kind.name);
    let derived = derived.map(|derived| Candidate::new(derived.name, derived.help));
    fields.chain(derived).collect()
}

/// The first of many candidates and the last, in their order, so that what they begin with in
/// common is what all begin with.
fn shortened<T: Ord>(candidates: impl Iterator<Item = T>) -> Vec<T> {
    let mut first = BinaryHeap::with_capacity(MOST);
    let mut last: Option<T> = None;
    for candidate in candidates {
        if first.len() < MOST - 1 {
            first.push(candidate);
            continue;
        }
        let behind = match first.peek_mut() {
            Some(mut largest) if candidate < *largest => {
                std::mem::replace(&mut *largest, candidate)
            }
            _ => candidate,
        };
        if last.as_ref().is_none_or(|last| behind > *last) {
            last = Some(behind);
        }
    }
    let mut shown = first.into_sorted_vec();
    shown.extend(last);
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_are_shortened_to_the_first_and_the_last() {
        for count in [
            0,
            1,
            MOST - 1,
            MOST,
            MOST + 1,
            MOST + 2,
            3 * MOST,
            5 * MOST + 7,
        ] {
            // Every order of so many, from one step that meets each place once.
            let shown = shortened((0..count).map(|at| at * 7919 % count.max(1)));
            let mut wanted: Vec<usize> = (0..count).collect();
            if count > MOST {
                wanted.drain(MOST - 1..count - 1);
            }
            assert_eq!(shown, wanted, "{count}");
        }
    }
}
