//! Hooks: the user's own programs, run before and after changes, never while the store is held.
//!
//! A hook is an executable file in the hooks folder, named for an event (`before-contact-add`,
//! `after-deal-move`, with any ending). It gets the event and the record before and after as
//! JSON on its standard input. A `before-` hook that fails refuses the change.

use super::intent::{Intent, Receipt, Target};
use super::list::SessionLookup;
use super::program::{self, Ended};
use super::{Env, commit, plan, words};
use crate::domain::change::{ChangeSet, Edit};
use crate::domain::field::Filled;
use crate::domain::json::to_json;
use crate::domain::record::{Record, State};
use crate::domain::values::text;
use crate::domain::{deal, follow_up, id::Id};
use crate::error::{Error, ErrorKind, Result};
use crate::store::session::Session;
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// A change that others overtook while hooks ran is made anew so often.
const ATTEMPTS: u32 = 3;
/// Set for what a hook runs: its changes call no hooks, or two could call each other for ever.
pub const IN_HOOK: &str = "TOUCHBASE_IN_HOOK";

/// Where hooks lie and how they are run.
#[derive(Clone, Debug, Default)]
pub struct Hooks {
    /// The folder; none for no hooks at all.
    pub folder: Option<PathBuf>,
    /// How long one may take.
    pub limit: Duration,
    /// Variables of their environment, so that they find the same store.
    pub variables: Vec<(String, OsString)>,
}

/// A hook to be run: the program, the event, and what it gets.
struct Call {
    program: PathBuf,
    event: String,
    input: Json,
}

/// The hooks that a change calls.
#[derive(Default)]
struct Calls {
    before: Vec<Call>,
    after: Vec<Call>,
}

impl Hooks {
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.programs().is_empty()
    }

    /// The programs by the event that they are for.
    fn programs(&self) -> BTreeMap<String, PathBuf> {
        let entries = self.folder.as_ref().and_then(|path| path.read_dir().ok());
        let mut found = BTreeMap::new();
        for entry in entries.into_iter().flatten().flatten() {
            let path = entry.path();
            let stem = path.file_stem().map(|stem| stem.to_string_lossy());
            let event = stem.filter(|stem| {
                let is_event = stem.starts_with("before-") || stem.starts_with("after-");
                is_event && path.is_file()
            });
            if let Some(event) = event {
                found.insert(event.into_owned(), path);
            }
        }
        found
    }

    /// The hooks that a change calls, with what they get.
    fn calls(&self, change: &ChangeSet, session: &Session, env: &Env) -> Calls {
        let mut calls = Calls::default();
        let programs = self.programs();
        if programs.is_empty() {
            return calls;
        }
        let lookup = SessionLookup::new(session, env);
        let named = |id: Id| {
            let changed = change.edits.iter().filter_map(|edit| edit.after.as_ref());
            let changed = changed.into_iter().find(|record| record.id == id);
            changed.map(|record| record.title().to_owned())
        };
        let name_of = |id: Id| {
            named(id)
                .or_else(|| lookup.title(id))
                .unwrap_or_else(|| id.text())
        };
        let object = |record: &Option<Record>| {
            let object = |record: &Record| to_json(record, env.custom, &env.context, &name_of);
            record.as_ref().map_or(Json::Null, object)
        };
        for edit in &change.edits {
            for event in events(edit) {
                let sides = [("before", &mut calls.before), ("after", &mut calls.after)];
                for (side, list) in sides {
                    let event = format!("{side}-{event}");
                    let Some(program) = programs.get(&event) else {
                        continue;
                    };
                    let input = json!({
                        "event": event,
                        "summary": change.summary,
                        "before": object(&edit.before),
                        "after": object(&edit.after),
                    });
                    let program = program.clone();
                    list.push(Call {
                        program,
                        event,
                        input,
                    });
                }
            }
        }
        calls
    }

    /// Runs a hook.
    ///
    /// # Errors
    /// When it cannot be run, takes too long, or ends with another code than 0.
    fn run(&self, call: &Call) -> Result<()> {
        let shown = call.program.display();
        let failed = |what: String| Error::new(ErrorKind::Io, what);
        if !is_executable(&call.program) {
            return Err(
                failed(format!("the hook `{}` is not executable", call.event))
                    .hint(format!("make it so with `chmod +x '{shown}'`")),
            );
        }
        let mut command = Command::new(&call.program);
        command
            .envs(self.variables.iter().cloned())
            .env(IN_HOOK, "1");
        let ended = program::run(command, call.input.to_string().as_bytes(), self.limit)
            .map_err(|error| Error::io(format!("cannot run the hook `{shown}`"), error))?;
        match ended {
            Ended::Itself(status, _) if status.success() => Ok(()),
            Ended::Itself(status, said) => {
                let said = text::line(said.trim());
                let why = match (said.is_empty(), status.code()) {
                    (false, _) => said,
                    (true, Some(code)) => format!("it ended with code {code}"),
                    (true, None) => "it was killed".to_owned(),
                };
                Err(failed(format!("the hook `{}` says: {why}", call.event)))
            }
            Ended::TooLate => {
                let limit = self.limit.as_secs();
                Err(failed(format!(
                    "the hook `{}` took longer than {limit} s and was stopped",
                    call.event
                ))
                .hint("a longer time is set with `hook-time` in the settings"))
            }
        }
    }
}

fn is_executable(path: &Path) -> bool {
    const ANYONE: u32 = 0o111;
    path.metadata()
        .is_ok_and(|data| data.permissions().mode() & ANYONE != 0)
}

/// What happened to a record, as hooks are named: `contact-add`, `deal-move` and `deal-win`.
fn events(edit: &Edit) -> Vec<String> {
    let Some(record) = edit.either() else {
        return Vec::new();
    };
    let verbs = match (&edit.before, &edit.after) {
        (None, _) => vec!["add"],
        (_, None) => vec!["purge"],
        (Some(before), Some(after)) => verbs(before, after),
    };
    let kind = record.kind.name;
    verbs.iter().map(|verb| format!("{kind}-{verb}")).collect()
}

/// What was done to a record that was there. What the program keeps by itself is no event.
fn verbs(before: &Record, after: &Record) -> Vec<&'static str> {
    let mut verbs = Vec::new();
    if before.state != after.state {
        verbs.push(match after.state {
            State::Active => "restore",
            State::Archived(_) => "archive",
            State::Trashed(_) => "rm",
        });
    }
    let differs = |number: u16| before.value(number) != after.value(number);
    let special: &[(u8, u16, &str)] = &[
        (deal::KIND.number, deal::STAGE.number(), "move"),
        (follow_up::KIND.number, follow_up::DONE.number(), "done"),
        (
            follow_up::KIND.number,
            follow_up::SNOOZED.number(),
            "snooze",
        ),
    ];
    for (kind, number, verb) in special {
        if *kind == after.kind.number && differs(*number) {
            verbs.push(verb);
        }
    }
    let fields = after.kind.fields.iter();
    let mut by_user = fields.filter(|field| field.filled == Filled::ByUser);
    let is_edited = by_user.any(|field| differs(field.number)) || before.custom != after.custom;
    if verbs.is_empty() && is_edited {
        verbs.push("edit");
    }
    verbs
}

/// Plans a change from the present state: the change, the records that it is about, warnings.
pub type Planner<'a> =
    &'a mut dyn FnMut(&Session, &mut Env) -> Result<(ChangeSet, Vec<Target>, Vec<String>)>;
/// Opens the store again.
pub type Reopen<'a> = &'a mut dyn FnMut() -> Result<Session>;

/// Carries out an intent with its hooks.
///
/// # Errors
/// What is wrong with the intent or the store, or why a hook refused. Nothing is changed then.
pub fn carry_out(
    slot: &mut Option<Session>,
    env: &mut Env,
    intent: Intent,
    reopen: Reopen<'_>,
) -> Result<Receipt> {
    let mut planner = |session: &Session, env: &mut Env| plan(session, env, intent.clone());
    make(slot, env, &mut planner, reopen)
}

/// Makes a change with its hooks: the store is closed while they run. A session that is open
/// afterwards lies in `slot`.
///
/// # Errors
/// What the planner or the store says, or why a hook refused. Nothing is changed then.
pub fn make(
    slot: &mut Option<Session>,
    env: &mut Env,
    planner: Planner<'_>,
    reopen: Reopen<'_>,
) -> Result<Receipt> {
    let mut attempt = 1;
    loop {
        let (change, records, warnings) = planner(opened(slot, reopen)?, env)?;
        let calls = env.hooks.calls(&change, opened(slot, reopen)?, env);
        run_before(slot, env, &calls)?;
        let mut receipt = match commit(opened(slot, reopen)?, env, change, records, warnings) {
            Err(error) if error.kind == ErrorKind::Conflict && attempt < ATTEMPTS => {
                attempt += 1;
                continue;
            }
            made => made?,
        };
        if receipt.number.is_some() && !calls.after.is_empty() {
            close(slot)?;
            receipt.warnings.extend(run_after(env, &calls));
        }
        return Ok(receipt);
    }
}

/// The session in a slot, which is filled when it is empty.
fn opened<'a>(slot: &'a mut Option<Session>, reopen: Reopen<'_>) -> Result<&'a mut Session> {
    match slot {
        Some(session) => Ok(session),
        empty => Ok(empty.insert(reopen()?)),
    }
}

/// Closes the session in a slot; what it changed lasts then.
fn close(slot: &mut Option<Session>) -> Result<()> {
    if let Some(mut session) = slot.take() {
        session.finish_group().map_err(words::store)?;
    }
    Ok(())
}

fn run_before(slot: &mut Option<Session>, env: &Env, calls: &Calls) -> Result<()> {
    if calls.before.is_empty() {
        return Ok(());
    }
    close(slot)?;
    for call in &calls.before {
        env.hooks.run(call).map_err(|error| Error {
            message: format!("nothing was changed: {}", error.message),
            ..error
        })?;
    }
    Ok(())
}

/// Runs what comes after a change, and says what went wrong: the change is in all the same.
fn run_after(env: &Env, calls: &Calls) -> Vec<String> {
    let failed = calls
        .after
        .iter()
        .filter_map(|call| env.hooks.run(call).err());
    failed
        .map(|error| format!("the change is saved, but {}", error.message))
        .collect()
}
