//! The command line: the command tree, and from matches to services and back to an output.
//!
//! Commands of their own are listed in [`commands`]; the verbs of every kind come from its
//! field table in [`generic`]. Nothing prints but [`output`].

pub(crate) mod bulk;
pub mod commands;
pub mod completion;
pub(crate) mod edit;
pub(crate) mod editor;
pub(crate) mod files;
pub mod generic;
pub mod help;
pub(crate) mod line;
pub mod misread;
pub mod opened;
pub mod output;
pub mod pager;
pub(crate) mod passphrase;
pub(crate) mod pick;
pub(crate) mod progress;
pub(crate) mod record_text;
pub mod sheet;
mod show;
pub mod style;
pub mod table;
pub mod template;
mod wanted;
pub mod work;

use crate::error::Result;
use clap::{Arg, ArgAction, ArgMatches, Command};
use output::Output;
use std::ffi::OsString;
use work::Work;

/// The flag of a process that does the work of another and outlives it.
pub const HANDED_OVER: &str = "handed-over";

/// A command of its own.
pub struct CommandDef {
    /// Its name.
    pub name: &'static str,
    /// What people want when they look for it.
    pub group: help::Group,
    /// One line of help.
    pub about: &'static str,
    /// More help, with examples.
    pub examples: &'static str,
    /// Whether it changes the store, so that it takes `--dry-run`.
    pub changes: bool,
    /// Adds its arguments.
    pub arguments: fn(Command) -> Command,
    /// Does it.
    pub run: fn(&mut Work<'_>, &ArgMatches) -> Result<Output>,
}

/// The whole command tree.
pub fn command() -> Command {
    let mut root = Command::new("touchbase")
        .about("A CRM for people who sell alone and live in a terminal")
        .version(env!("CARGO_PKG_VERSION"))
        .disable_help_subcommand(true)
        .infer_subcommands(false)
        .args(global_arguments());
    for def in commands::COMMANDS {
        root = root.subcommand(build(def));
    }
    for kind in crate::services::snapshot::visible_kinds() {
        root = root.subcommand(generic::command(kind));
    }
    root.override_help(help::overview())
}

fn build(def: &CommandDef) -> Command {
    let command = (def.arguments)(Command::new(def.name)).about(def.about);
    let command = if def.examples.is_empty() {
        command
    } else {
        command.after_help(format!("Examples:\n{}", def.examples))
    };
    if def.changes {
        command.arg(dry_run())
    } else {
        command
    }
}

/// `-n`, for commands that change something.
pub(crate) fn dry_run() -> Arg {
    Arg::new("dry-run")
        .short('n')
        .long("dry-run")
        .action(ArgAction::SetTrue)
        .help("Say what would change, and change nothing")
}

#[expect(clippy::too_many_lines, reason = "a table of arguments")]
fn global_arguments() -> Vec<Arg> {
    let flag = |name: &'static str, help: &'static str| {
        Arg::new(name)
            .long(name)
            .global(true)
            .action(ArgAction::SetTrue)
            .help(help)
    };
    let option = |name: &'static str, value: &'static str, help: &'static str| {
        Arg::new(name)
            .long(name)
            .global(true)
            .value_name(value)
            .help(help)
    };
    let args = vec![
        option(
            "dir",
            "FOLDER",
            "Where the data lies [default: $XDG_DATA_HOME/touchbase]",
        ),
        option(
            "config",
            "FILE",
            "The settings [default: $XDG_CONFIG_HOME/touchbase/config.toml]",
        ),
        option(
            "profile",
            "NAME",
            "Take this profile of the settings, with its own data",
        ),
        option("setting", "KEY=VALUE", "Take this in place of a setting").action(ArgAction::Append),
        option(
            "format",
            "FORMAT",
            "How to print: table, tsv, csv, json, jsonl or ids",
        )
        .value_parser(["table", "tsv", "csv", "json", "jsonl", "ids"])
        .hide_possible_values(true),
        option(
            "json",
            "FIELD,…",
            "Print JSON, of these fields only if any are named",
        )
        .num_args(0..=1)
        .require_equals(true)
        .default_missing_value(""),
        option(
            "template",
            "TEMPLATE",
            "Print this for each row or record: '{{ name }} {{ score }}'",
        )
        .conflicts_with_all(["format", "json"]),
        option("color", "WHEN", "auto, always or never")
            .value_parser(["auto", "always", "never"])
            .hide_possible_values(true)
            .default_value("auto"),
        option(
            "hyperlinks",
            "WHEN",
            "Make links of addresses: auto, always or never",
        )
        .value_parser(["auto", "always", "never"])
        .hide_possible_values(true),
        flag("screen-reader", "Lines to be read aloud in place of tables"),
        flag("no-pager", "Print all at once"),
        option(
            "tz",
            "ZONE",
            "Read and show times in this zone: Europe/Berlin",
        ),
        option(
            "lock-timeout",
            "TIME",
            "How long to wait for the store: 5s, 500ms",
        )
        .default_value("5s"),
        flag("no-input", "Never ask"),
        flag("yes", "Take every question as answered with yes").short('y'),
        flag("quiet", "Do not say what was done").short('q'),
        flag(
            "verbose",
            "Say more: every record that was changed, the causes of an error",
        )
        .short('v'),
        flag(HANDED_OVER, "Started by another, to outlive it").hide(true),
    ];
    args.into_iter()
        .map(|arg| arg.help_heading("Everywhere"))
        .collect()
}

/// The arguments with negated terms of a query (`-tag:cold`) as words that are no flags.
pub fn readable(arguments: &[OsString]) -> impl Iterator<Item = OsString> {
    arguments.iter().map(|argument| {
        let term = argument.to_str().and_then(|text| text.strip_prefix('-'));
        match term.filter(|term| is_term(term)) {
            Some(term) => format!("not {term}").into(),
            None => argument.clone(),
        }
    })
}

/// A field's name of two letters or more, then an operator: no flag looks so.
fn is_term(text: &str) -> bool {
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
    let name = text.find(|c| !is_name(c)).unwrap_or(text.len());
    name >= 2
        && text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text[name..].starts_with([':', '=', '<', '>', '!'])
}

/// Whether `--dry-run` is among the arguments of a command, or of its verb.
fn is_dry_run(arguments: &ArgMatches) -> bool {
    let flag = arguments.try_get_one::<bool>("dry-run").ok().flatten();
    let of_verb = arguments.subcommand().map(|(_, verb)| is_dry_run(verb));
    flag.copied() == Some(true) || of_verb == Some(true)
}

/// Runs what was asked for; `dry_run` holds for all of a batch.
///
/// # Errors
/// What went wrong, in words.
pub fn dispatch(work: &mut Work<'_>, matches: &ArgMatches, dry_run: bool) -> Result<Output> {
    pick::with_picks(work, |work| run(work, matches, dry_run))
}

fn run(work: &mut Work<'_>, matches: &ArgMatches, dry_run: bool) -> Result<Output> {
    let Some((name, arguments)) = matches.subcommand() else {
        return Ok(Output::Screen);
    };
    work.dry_run = dry_run || is_dry_run(arguments);
    if let Some(def) = commands::COMMANDS.iter().find(|def| def.name == name) {
        return (def.run)(work, arguments);
    }
    match crate::domain::kind_by_name(name) {
        Some(kind) => generic::run(work, kind, arguments),
        None => Err(crate::error::Error::usage(format!(
            "there is no command `{name}`"
        ))),
    }
}
