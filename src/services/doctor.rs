//! What is wrong with a store, and what came of repairing it, in words.

use super::{Env, words};
use crate::domain::kind::Kind;
use crate::error::Result;
use crate::store::doctor::{Fault, Findings, Notice, examine};
use crate::store::folder::StoreFolder;
use crate::store::salvage::{Loss, Salvaged, repair};
use serde_json::{Value as Json, json};

/// No list is longer.
const MOST: usize = 50;

/// What was found or done: lines for people, the same for programs, and whether anything is
/// wrong.
pub struct Answer {
    /// The lines.
    pub lines: Vec<String>,
    /// The same as JSON.
    pub json: Json,
    /// Whether anything is damaged or lost.
    pub is_bad: bool,
}

/// Looks at a store and changes nothing.
///
/// # Errors
/// When it is held for too long, of a newer version, or cannot be read.
pub fn check(folder: &StoreFolder, env: &Env) -> Result<Answer> {
    let findings = examine(folder).map_err(words::store)?;
    let faults: Vec<String> = findings.faults.iter().map(fault).collect();
    let mut notices: Vec<String> = findings.notices.iter().map(notice).collect();
    notices.extend(misfits(folder, env, &findings)?);
    let mut lines = vec![if faults.is_empty() {
        "the store is whole".to_owned()
    } else {
        "the store is damaged".to_owned()
    }];
    lines.extend(shortened(&faults));
    lines.extend(contents(&findings));
    lines.extend(notices.iter().cloned());
    if !faults.is_empty() {
        lines.push("hint: put it together again with `touchbase doctor --repair`".to_owned());
    }
    let records = findings.records.iter();
    let records: serde_json::Map<String, Json> = records
        .map(|(kind, count)| (kind.plural.to_owned(), json!(count)))
        .collect();
    let json = json!({
        "whole": faults.is_empty(),
        "faults": faults,
        "notices": notices,
        "records": records,
        "changes": { "first": findings.changes.0, "last": findings.changes.1 },
        "bytes": findings.bytes,
        "live-bytes": findings.live_bytes,
    });
    Ok(Answer {
        lines,
        json,
        is_bad: !findings.faults.is_empty(),
    })
}

/// Puts a damaged store together again; one that is whole is left alone.
///
/// # Errors
/// When it is held for too long, of another version, or cannot be written.
pub fn mend(folder: &StoreFolder, env: &Env) -> Result<Answer> {
    let findings = examine(folder).map_err(words::store)?;
    if findings.faults.is_empty() {
        return check(folder, env);
    }
    let salvaged = repair(folder).map_err(words::store)?;
    let losses: Vec<String> = salvaged.lost.iter().map(loss).collect();
    let mut lines = vec!["the store was put together again".to_owned()];
    lines.push(format!(
        "  {} records were read, {} brought back from the log and the raw files",
        salvaged.from_tree, salvaged.brought_back
    ));
    lines.push(match losses.len() {
        0 if salvaged.lost_changes.is_empty() => "  no record is lost".to_owned(),
        0 => "  what only the changes below knew is lost and cannot be named".to_owned(),
        1 => "  1 record is lost or older than it was:".to_owned(),
        count => format!("  {count} records are lost or older than they were:"),
    });
    lines.extend(shortened(&losses));
    lines.extend(lost_changes(&salvaged));
    if let Some(aside) = &salvaged.aside {
        lines.push(format!("  the damaged files are in `{}`", aside.display()));
    }
    let json = json!({
        "from-tree": salvaged.from_tree,
        "brought-back": salvaged.brought_back,
        "lost": losses,
        "lost-changes": salvaged.lost_changes,
        "aside": salvaged.aside.map(|path| path.display().to_string()),
    });
    Ok(Answer {
        lines,
        json,
        is_bad: !salvaged.lost.is_empty() || !salvaged.lost_changes.is_empty(),
    })
}

/// Texts that do not fit the fields that the settings declare. A store that the next session
/// would change, or make, is not opened for that.
fn misfits(folder: &StoreFolder, env: &Env, findings: &Findings) -> Result<Vec<String>> {
    let opening_changes =
        |notice: &Notice| matches!(notice, Notice::Older(_) | Notice::Unfinished(_));
    if findings.records.is_empty()
        || !findings.faults.is_empty()
        || findings.notices.iter().any(opening_changes)
    {
        return Ok(Vec::new());
    }
    let session = folder.open().map_err(words::store)?;
    let lines = super::custom::misfits(&session, env)?;
    Ok(lines.iter().map(|line| format!("note: {line}")).collect())
}

fn shortened(lines: &[String]) -> Vec<String> {
    let mut shown: Vec<String> = lines.iter().take(MOST).map(|l| format!("  {l}")).collect();
    if lines.len() > MOST {
        shown.push(format!("  and {} more", lines.len() - MOST));
    }
    shown
}

fn contents(findings: &Findings) -> Vec<String> {
    let counted = |(kind, count): &(&'static Kind, u64)| {
        words::count(usize::try_from(*count).unwrap_or(usize::MAX), kind)
    };
    let visible = findings.records.iter().filter(|(kind, _)| !kind.hidden);
    let records: Vec<String> = visible.map(counted).collect();
    let mut lines = Vec::new();
    if !records.is_empty() {
        lines.push(format!("  {}", records.join(", ")));
    }
    let (first, last) = findings.changes;
    if last > 0 {
        lines.push(format!("  changes {first} to {last} are in the log"));
    }
    let (live, bytes) = (
        findings.live_bytes.div_ceil(1024),
        findings.bytes.div_ceil(1024),
    );
    lines.push(format!("  {live} KiB of data in {bytes} KiB of files"));
    lines
}

fn fault(fault: &Fault) -> String {
    match fault {
        Fault::Unopenable(why) => format!("it cannot be opened: {why}"),
        Fault::Missing(path) => format!("`{}` is missing", path.display()),
        Fault::Unreadable(why) => format!("a part cannot be read: {why}"),
        Fault::Record(kind, id) => {
            format!("the {kind} `{id}` is damaged, missing or older than the log says")
        }
        Fault::Log(number) => format!("change {number} is damaged or missing in the log"),
        Fault::Index(letter) => format!("the index `{letter}` does not say what the records say"),
        Fault::LostChanges(last, told) => {
            format!("the last change is number {last}, and number {told} was made")
        }
    }
}

fn notice(notice: &Notice) -> String {
    match notice {
        Notice::OpenToOthers(path, mode) => format!(
            "warning: others than you can use `{}` (mode {mode:o}); \
             close it with `chmod go= '{}'`",
            path.display(),
            path.display()
        ),
        Notice::Older(schema) => {
            format!("note: it has schema {schema}; the next command brings it up to date")
        }
        Notice::Unfinished(number) => {
            format!("note: change {number} was cut off; the next command takes it back")
        }
        Notice::Aside(path) => format!(
            "note: an older store is kept in `{}`; remove it when you do not need it",
            path.display()
        ),
    }
}

fn loss(loss: &Loss) -> String {
    let title = match loss.title.as_str() {
        "" => String::new(),
        title => format!(" ({title})"),
    };
    let what = if loss.is_older {
        "is older than it was"
    } else {
        "is lost"
    };
    format!("the {} `{}`{title} {what}", loss.kind.name, loss.id)
}

fn lost_changes(salvaged: &Salvaged) -> Vec<String> {
    let numbers: Vec<String> = salvaged.lost_changes.iter().map(u64::to_string).collect();
    match numbers.as_slice() {
        [] => Vec::new(),
        [one] => vec![format!("  change {one} is no longer in the log")],
        [first, .., last] => vec![format!(
            "  {} changes between {first} and {last} are no longer in the log",
            numbers.len()
        )],
    }
}
