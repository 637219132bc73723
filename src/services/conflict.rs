//! Edits that meet: what others changed since an edit was begun, and what it would overwrite.
//!
//! Changes of different fields are both kept. A field that two sides set differently is
//! refused, with what it was, what it is and what was wanted. What the program keeps by itself
//! (last contact, dated histories) never stands in the way.

use super::differences::{self, Difference};
use super::intent::{FieldChange, FieldEdit, Target};
use super::list::SessionLookup;
use super::plan::Plan;
use super::words;
use crate::domain::change::Who;
use crate::domain::id::Id;
use crate::domain::record::Record;
use crate::domain::values::Value;
use crate::error::{Error, ErrorKind, Result};
use crate::store::session::Session;
use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::UnicodeWidthStr as _;

/// So many letters of a value are shown.
const MOST_LETTERS: usize = 60;
/// So many letters before the first that differs.
const LETTERS_BEFORE: usize = 15;
/// How the three versions of a field are called.
const VERSIONS: [&str; 3] = ["when you began", "now", "you wanted"];

/// A record as it was at a revision; none when the log does not reach back to it.
///
/// # Errors
/// When the log cannot be read.
pub fn at_revision(session: &Session, id: Id, revision: u64) -> Result<Option<Record>> {
    for number in session.changes_of(id).map_err(words::store)? {
        let edits = session.change_edits(number).map_err(words::store)?;
        let Some(edit) = edits.into_iter().find(|edit| edit.id() == Some(id)) else {
            continue;
        };
        let mut is_older = true;
        for record in [edit.after, edit.before].into_iter().flatten() {
            if record.revision == revision {
                return Ok(Some(record));
            }
            is_older &= record.revision < revision;
        }
        if is_older {
            break;
        }
    }
    Ok(None)
}

/// Refuses what is meant for a record that was put into the trash or removed since.
///
/// # Errors
/// [`ErrorKind::Conflict`] that says what became of it.
pub fn refuse_gone(plan: &Plan<'_>, target: Target, revision: u64) -> Result<()> {
    let Some(stored) = plan.stored(target.kind, target.id)? else {
        return purged(plan.session, target);
    };
    let title = stored.title();
    if revision > stored.revision {
        let present = stored.revision;
        let message = format!("{title} has no revision `{revision}`: the present one is {present}");
        return Err(Error::new(ErrorKind::Conflict, message).hint(format!(
            "look at it with `{}`",
            command(plan, target, "show")
        )));
    }
    if stored.is_trashed() && revision != stored.revision {
        let base = at_revision(plan.session, target.id, revision)?;
        if !base.is_some_and(|base| base.is_trashed()) {
            let message = format!("{title} was moved to the trash meanwhile");
            let restore = command(plan, target, "restore");
            return Err(Error::new(ErrorKind::Conflict, message)
                .hint(format!("bring it back with `{restore}`, then repeat")));
        }
    }
    Ok(())
}

/// What the log says of a record that is not there; nothing when it never was.
fn purged(session: &Session, target: Target) -> Result<()> {
    let numbers = session.changes_of(target.id).map_err(words::store)?;
    let Some(&number) = numbers.first() else {
        return Ok(());
    };
    let edits = session.change_edits(number).map_err(words::store)?;
    let edit = edits
        .into_iter()
        .find(|edit| edit.id() == Some(target.id) && edit.after.is_none());
    let Some(before) = edit.and_then(|edit| edit.before) else {
        return Ok(());
    };
    let message = format!("{} was removed for good meanwhile", before.title());
    Err(Error::new(ErrorKind::Conflict, message).hint(format!(
        "bring it back with `touchbase undo {number}`, then repeat"
    )))
}

/// Compares what a plan makes of a record with what others made of it since a revision.
/// Changes that do not meet are both kept, with a warning; `edits` may add to lists and take
/// from them, whatever others did.
///
/// # Errors
/// [`ErrorKind::Conflict`] with the versions of each field that would be overwritten.
pub fn meet(plan: &mut Plan<'_>, target: Target, revision: u64, edits: &[FieldEdit]) -> Result<()> {
    let Some(stored) = plan.stored(target.kind, target.id)? else {
        return Ok(());
    };
    if stored.revision == revision {
        return Ok(());
    }
    let Some(base) = at_revision(plan.session, target.id, revision)? else {
        return Err(forgotten(plan, target, &stored, revision));
    };
    let wanted = plan.get(target.kind, target.id)?;
    let theirs = differences::between(Some(&base), Some(&stored));
    let ours = differences::between(Some(&stored), Some(&wanted));
    let of_people = || theirs.iter().filter(|theirs| theirs.by_user);
    let meeting = of_people().filter_map(|theirs| {
        let ours = ours.iter().find(|ours| ours.name == theirs.name)?;
        (how(edits, &theirs.name) != How::Bitwise).then_some((theirs, ours))
    });
    let meeting: Vec<(&Difference, &Difference)> = meeting.collect();
    if !meeting.is_empty() {
        return Err(refusal(plan, target, &stored, &meeting));
    }
    // What both sides set to the same is no news.
    let kept = of_people().filter(|theirs| how(edits, &theirs.name) != How::Whole);
    let kept: Vec<&str> = kept.map(|theirs| theirs.name.as_str()).collect();
    if !kept.is_empty() && !ours.is_empty() {
        let warning = format!(
            "{} was changed meanwhile ({}); both changes are kept",
            wanted.title(),
            kept.join(", ")
        );
        plan.warnings.push(warning);
    }
    Ok(())
}

/// How edits change a field.
#[derive(PartialEq, Eq)]
enum How {
    /// Not by themselves.
    NotAtAll,
    /// By what they add to it and take from it.
    Bitwise,
    /// They say what it is to be.
    Whole,
}

fn how(edits: &[FieldEdit], name: &str) -> How {
    let mut of_it = edits
        .iter()
        .filter(|edit| match name.strip_prefix("custom.") {
            Some(custom) => edit.custom && edit.name == custom,
            None => !edit.custom && edit.name == name,
        })
        .peekable();
    if of_it.peek().is_none() {
        How::NotAtAll
    } else if of_it.all(|edit| matches!(edit.change, FieldChange::Add(_) | FieldChange::Remove(_)))
    {
        How::Bitwise
    } else {
        How::Whole
    }
}

/// `touchbase contact show n0z5`.
fn command(plan: &Plan<'_>, target: Target, verb: &str) -> String {
    let id = plan.session.short_id(target.id);
    let id = id.unwrap_or_else(|_| target.id.text());
    format!("touchbase {} {verb} {id}", target.kind.name)
}

fn forgotten(plan: &Plan<'_>, target: Target, stored: &Record, revision: u64) -> Error {
    let message = format!(
        "{} was changed meanwhile, and its revision `{revision}` is no longer in the log",
        stored.title()
    );
    let show = command(plan, target, "show");
    let error = Error::new(ErrorKind::Conflict, message);
    if plan.env.who == Who::Cli {
        error.hint(format!(
            "look at it with `{show}`, then repeat with `--revision {}`",
            stored.revision
        ))
    } else {
        error.hint(format!("look at it with `{show}`, then change it again"))
    }
}

/// The fields that two sides set differently, with their versions.
fn refusal(
    plan: &Plan<'_>,
    target: Target,
    stored: &Record,
    meeting: &[(&Difference, &Difference)],
) -> Error {
    let names: Vec<String> = meeting
        .iter()
        .map(|(theirs, _)| format!("`{}`", theirs.name))
        .collect();
    let message = format!(
        "{} of {} {} changed meanwhile",
        words::names(&names),
        stored.title(),
        if names.len() == 1 { "was" } else { "were" }
    );
    let mut error = Error::new(ErrorKind::Conflict, message);
    error.details = versions(plan, meeting);
    let id = plan.session.short_id(target.id);
    let id = id.unwrap_or_else(|_| target.id.text());
    let error = error.hint(format!("see who changed it with `touchbase history {id}`"));
    if plan.env.who == Who::Cli {
        error.hint(format!(
            "to overwrite it, repeat with `--revision {}`",
            stored.revision
        ))
    } else {
        error
    }
}

/// Three lines for each field, aligned.
fn versions(plan: &Plan<'_>, meeting: &[(&Difference, &Difference)]) -> Vec<String> {
    let lookup = SessionLookup::new(plan.session, plan.env);
    let name_of = |id: Id| lookup.title(id).unwrap_or_else(|| id.text());
    let context = plan.context();
    let widest = |texts: &mut dyn Iterator<Item = &str>| texts.map(str::width).max().unwrap_or(0);
    let field_width = widest(&mut meeting.iter().map(|(theirs, _)| theirs.name.as_str()));
    let version_width = widest(&mut VERSIONS.into_iter());
    let mut lines = Vec::new();
    for (theirs, ours) in meeting {
        let say = |value: Option<&Value>| theirs.words(value, &context, &name_of);
        let values = [&theirs.before, &theirs.after, &ours.after].map(|value| say(value.as_ref()));
        let mut name = theirs.name.as_str();
        for (version, value) in VERSIONS.iter().zip(excerpts(&values)) {
            let name_gap = " ".repeat(field_width - name.width());
            let version_gap = " ".repeat(version_width - version.width());
            lines.push(format!("{name}{name_gap}  {version}{version_gap}  {value}"));
            name = "";
        }
    }
    lines
}

/// Long texts cut to where the two that meet begin to differ; the first to where it differs
/// from them.
fn excerpts(values: &[String; 3]) -> [String; 3] {
    let letters = values
        .each_ref()
        .map(|value| value.graphemes(true).collect::<Vec<&str>>());
    if letters.iter().all(|letters| letters.len() <= MOST_LETTERS) {
        return values.clone();
    }
    let [base, now, wanted] = &letters;
    let same = |one: &[&str], other: &[&str]| {
        let pairs = one.iter().zip(other);
        pairs.take_while(|(one, other)| one == other).count()
    };
    let meeting = same(now, wanted);
    let of_base = same(base, now).min(meeting);
    [
        excerpt(base, of_base),
        excerpt(now, meeting),
        excerpt(wanted, meeting),
    ]
}

/// A text around a place.
fn excerpt(letters: &[&str], place: usize) -> String {
    let start = if letters.len() <= MOST_LETTERS {
        0
    } else {
        place.saturating_sub(LETTERS_BEFORE)
    };
    let shown: String = letters
        .iter()
        .skip(start)
        .take(MOST_LETTERS)
        .copied()
        .collect();
    let before = if start > 0 { "…" } else { "" };
    let behind = if letters.len() > start + MOST_LETTERS {
        "…"
    } else {
        ""
    };
    format!("{before}{shown}{behind}")
}
