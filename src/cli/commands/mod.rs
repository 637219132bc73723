//! Commands of their own, beside the verbs of every kind. Adding one is a new file and two
//! lines here.

mod add;
mod backup;
mod batch;
mod compact;
mod completions;
mod config;
mod cron;
mod demo;
mod digest;
mod doctor;
mod done;
mod due;
mod emails;
mod export;
mod find;
mod history;
mod import;
mod keys;
mod log;
mod lose;
mod man;
mod r#move;
mod next;
mod pipeline;
mod redo;
mod remind;
mod reopen;
mod report;
mod restore;
mod score;
mod snooze;
mod tag;
mod undo;
mod untag;
mod win;

use super::CommandDef;

/// Every command of its own, in the order of help: the day's work first.
pub const COMMANDS: &[&CommandDef] = &[
    &log::COMMAND,
    &add::COMMAND,
    &due::COMMAND,
    &next::COMMAND,
    &digest::COMMAND,
    &remind::COMMAND,
    &done::COMMAND,
    &snooze::COMMAND,
    &find::COMMAND,
    &emails::COMMAND,
    &pipeline::COMMAND,
    &r#move::COMMAND,
    &win::COMMAND,
    &lose::COMMAND,
    &reopen::COMMAND,
    &score::COMMAND,
    &report::COMMAND,
    &tag::COMMAND,
    &untag::COMMAND,
    &import::COMMAND,
    &export::COMMAND,
    &undo::COMMAND,
    &redo::COMMAND,
    &history::COMMAND,
    &batch::COMMAND,
    &backup::COMMAND,
    &restore::COMMAND,
    &doctor::COMMAND,
    &compact::COMMAND,
    &demo::COMMAND,
    &cron::COMMAND,
    &config::COMMAND,
    &keys::COMMAND,
    &completions::COMMAND,
    &man::COMMAND,
];

/// The typed arguments of a command; clap has checked them before.
fn arguments<T>(parsed: Result<T, clap::Error>) -> crate::error::Result<T> {
    parsed.map_err(|error| crate::error::Error::usage(error.to_string()))
}
