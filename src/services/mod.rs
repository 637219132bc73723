//! Use cases: an [`intent::Intent`] and the present state become a change, the change a receipt.
//!
//! The only place that builds a `ChangeSet`. The shell and the screen call [`perform`] for
//! everything that changes data and the readers beside it for everything else.

pub mod backup;
pub mod conflict;
pub mod consequences;
pub mod custom;
pub mod deals;
pub mod demo;
pub mod desk;
pub mod differences;
pub mod digest;
pub mod doctor;
pub mod due;
pub mod emails;
pub mod export;
pub mod facts;
pub mod fields;
pub mod find;
pub mod follow_ups;
pub mod history;
pub mod hooks;
pub mod import;
pub mod intent;
pub mod list;
pub mod mail;
pub mod notify;
pub mod plan;
pub mod program;
pub mod quick;
pub mod ranking;
pub mod records;
pub mod settings;
pub mod snapshot;
pub mod undo;
pub mod who;
pub mod words;

use crate::domain::change::Who;
use crate::domain::change::{Cause, ChangeSet};
use crate::domain::context::Context;
use crate::domain::custom::CustomFields;
use crate::domain::id::IdSource;
use crate::domain::pipeline::Pipelines;
use crate::domain::settings::Settings;
use crate::error::Result;
use crate::store::session::Session;
use intent::{Intent, Receipt, Target};
use plan::Plan;

/// What a use case needs besides the store: the moment, the settings, fresh ids.
pub struct Env {
    /// The user's moment and habits.
    pub context: Context,
    /// The settings.
    pub settings: Settings,
    /// The settings' pipelines, without what the store adds.
    pub pipelines: Pipelines,
    /// The fields of the user's own that the settings declare.
    pub custom: CustomFields,
    /// Through which door changes come.
    pub who: Who,
    /// Fresh ids.
    pub ids: Box<dyn IdSource>,
    /// What a person chose among records that a text could mean.
    pub picks: Vec<who::Pick>,
    /// The user's programs, run before and after changes.
    pub hooks: hooks::Hooks,
}

/// Carries out an intent without hooks: plans the change, commits it, and says what was done.
/// On return it is durable. Hooks are run by [`hooks::carry_out`].
///
/// # Errors
/// What is wrong with the intent, or with the store. Nothing is changed then.
pub fn perform(session: &mut Session, env: &mut Env, intent: Intent) -> Result<Receipt> {
    let (change, records, warnings) = plan(session, env, intent)?;
    commit(session, env, change, records, warnings)
}

/// What an intent would change, without changing it.
///
/// # Errors
/// What is wrong with the intent, or with the store.
pub fn plan(
    session: &Session,
    env: &mut Env,
    intent: Intent,
) -> Result<(ChangeSet, Vec<Target>, Vec<String>)> {
    let intent = match intent {
        Intent::Undo(number) => {
            let (change, touched) = undo::undo(session, env, number)?;
            return Ok((change, touched, Vec::new()));
        }
        Intent::Redo => {
            let (change, touched) = undo::redo(session, env)?;
            return Ok((change, touched, Vec::new()));
        }
        other => other,
    };
    let mut plan = Plan::new(session, env)?;
    let (touched, summary) = step(&mut plan, &intent)?;
    let (change, warnings) = plan.finish(summary, Cause::Plain);
    Ok((change, touched, warnings))
}

fn step(plan: &mut Plan<'_>, intent: &Intent) -> Result<(Vec<Target>, String)> {
    match intent {
        Intent::Create { kind, fields } => records::create(plan, kind, fields),
        Intent::Edit { targets, fields } => records::edit(plan, targets, fields),
        Intent::Place(targets, place) => records::place(plan, targets, *place),
        Intent::Purge(targets) => records::purge(plan, targets),
        Intent::Tag {
            targets,
            add,
            remove,
        } => records::tag(plan, targets, add, remove),
        Intent::QuickAdd { add, create } => quick::add(plan, add, *create),
        Intent::Log(entry) => follow_ups::log(plan, entry),
        Intent::Remind(reminder) => follow_ups::remind(plan, reminder),
        Intent::Done {
            follow_up,
            log,
            next,
        } => follow_ups::done(plan, *follow_up, log.as_ref(), next.as_ref()),
        Intent::Snooze(ids, due) => follow_ups::snooze(plan, ids, *due),
        Intent::Move(wanted) => deals::move_to(plan, wanted),
        Intent::Reorder { deal, before } => deals::reorder(plan, *deal, *before),
        Intent::Seen { versions, intent } => {
            for (target, revision) in versions {
                conflict::refuse_gone(plan, *target, *revision)?;
            }
            let done = step(plan, intent)?;
            for (target, revision) in versions {
                conflict::meet(plan, *target, *revision, &[])?;
            }
            Ok(done)
        }
        // `plan` handles both before it comes here: they are whole changes of their own.
        Intent::Undo(_) | Intent::Redo => Ok((Vec::new(), String::new())),
    }
}

/// Commits a planned change, unless it changes nothing, and cuts the log to what is wanted.
///
/// # Errors
/// When the store refuses.
pub fn commit(
    session: &mut Session,
    env: &Env,
    change: ChangeSet,
    records: Vec<Target>,
    warnings: Vec<String>,
) -> Result<Receipt> {
    let summary = change.summary.clone();
    if change.edits.is_empty() {
        let summary = format!("nothing to change: {summary}");
        return Ok(Receipt {
            number: None,
            summary,
            records,
            warnings,
        });
    }
    let number = session.commit(change).map_err(words::store)?;
    // The change is in; a log that stays longer than wanted is no reason to call it failed.
    let _ = session.trim_log(env.settings.history);
    Ok(Receipt {
        number: Some(number),
        summary,
        records,
        warnings,
    })
}
