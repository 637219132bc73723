//! What `touchbase log` asks on a terminal: with whom, and what happened, each in one line.

use crate::cli::line::{Completions, Question};
use crate::cli::work::Work;
use crate::domain::quick::line::LogLine;
use crate::domain::record::Record;
use crate::domain::values::text::{self, fold};
use crate::domain::{activity, company, contact, deal};
use crate::error::{Error, Result};
use crate::services::intent::LogEntry;
use crate::services::who::{self, Reach};
use crate::services::{Env, quick, words};
use crate::store::folder::StoreFolder;
use crate::store::session::Session;

/// Dates that are offered for what comes next.
const DATES: &[&str] = &[
    "+today",
    "+tomorrow",
    "+mon",
    "+tue",
    "+wed",
    "+thu",
    "+fri",
    "+3d",
    "+1w",
    "+2w",
    "+1mo",
    "+next week",
    "+next month",
    "+eow",
    "+eom",
];
/// How many names are offered.
const MOST_NAMES: usize = 20;
/// How many deals of one contact are offered.
const MOST_DEALS: usize = 50;

/// Asks with whom.
pub(super) fn whom(work: &mut Work<'_>) -> Result<String> {
    let folder = work.kept.folder().clone();
    let answer = work.line(&Question {
        prompt: "with whom? ",
        initial: "",
        complete: &|typed| names(&folder, typed),
    })?;
    if answer.trim().is_empty() {
        return Err(super::nobody_named());
    }
    Ok(answer)
}

/// Names of contacts and companies of which a word begins like the last name typed.
fn names(folder: &StoreFolder, typed: &str) -> Completions {
    let start = typed.rfind(',').map_or(0, |comma| comma + 1);
    let last = typed.get(start..).unwrap_or_default();
    let start = start + (last.len() - last.trim_start().len());
    // Where the store cannot be read just now, nothing is offered.
    let Ok(session) = folder.open() else {
        return (start, Vec::new());
    };
    let mut found: Vec<String> = Vec::new();
    for kind in [&contact::KIND, &company::KIND] {
        let titles = who::titles(&session, kind, last.trim(), MOST_NAMES);
        found.extend(titles.unwrap_or_default());
    }
    (start, found)
}

/// Asks what happened, until it is understood, and fills it in.
pub(super) fn what(work: &mut Work<'_>, entry: &mut LogEntry, with: &str) -> Result<()> {
    let deals = {
        let session = work.session()?;
        deals_of(&session, entry)?
    };
    let complete = |typed: &str| complete(&deals, typed);
    let prompt = format!("{}: ", text::line(with));
    let mut initial = String::new();
    loop {
        let answer = work.line(&Question {
            prompt: &prompt,
            initial: &initial,
            complete: &complete,
        })?;
        match quick::read_log(&answer, &work.env.context) {
            Ok(line) => {
                let session = work.session()?;
                return take(&session, &work.env, line, entry);
            }
            Err(error) => {
                work.printer.prompt(&told(&error));
                initial = answer;
            }
        }
    }
}

/// What is wrong with a line, for someone who types it again.
fn told(error: &Error) -> String {
    let hints = error.hints.iter().map(|hint| format!("hint: {hint}"));
    let all = std::iter::once(error.message.clone()).chain(hints);
    all.map(|line| text::line(&line) + "\n").collect()
}

/// Fills in what a line says; it counts more than what flags say.
fn take(session: &Session, env: &Env, line: LogLine, entry: &mut LogEntry) -> Result<()> {
    entry.text = line.text;
    if let Some(kind) = line.kind {
        kind.clone_into(&mut entry.kind);
    }
    if let Some(direction) = line.direction {
        entry.direction = Some(direction.to_owned());
    }
    entry.duration = line.duration.or(entry.duration);
    if let Some((due, text)) = line.follow_up {
        entry.follow_up = Some(crate::services::intent::NextStep { due, text });
    }
    if let Some(name) = line.deal {
        let found = who::find(session, env, &deal::KIND, &name, Reach::Working)?;
        entry.deal = Some(found.id);
    }
    Ok(())
}

/// The titles of the deals of those whom an entry names.
fn deals_of(session: &Session, entry: &LogEntry) -> Result<Vec<String>> {
    let mut titles: Vec<String> = Vec::new();
    let all = entry.contacts.iter().chain(&entry.company);
    for &id in all {
        let deals: Vec<Record> = session
            .linked_from(id, &deal::KIND, MOST_DEALS)
            .map_err(words::store)?;
        for deal in deals {
            let title = text::line(deal.title());
            if !titles.contains(&title) {
                titles.push(title);
            }
        }
    }
    Ok(titles)
}

/// What a marked word may become: dates behind `+`, types behind `!`, deals behind `@`.
fn complete(deals: &[String], typed: &str) -> Completions {
    let mark = typed.char_indices().rev().find(|&(at, letter)| {
        let before = typed[..at].chars().next_back();
        matches!(letter, '+' | '!' | '@') && before.is_none_or(char::is_whitespace)
    });
    let Some((start, mark)) = mark else {
        return (typed.len(), Vec::new());
    };
    let wanted = fold(typed.get(start..).unwrap_or_default());
    let offered: Vec<String> = match mark {
        '+' => DATES.iter().map(|&date| date.to_owned()).collect(),
        '!' => {
            let words = activity::TYPES.iter().chain(activity::DIRECTIONS);
            words.map(|word| format!("!{word}")).collect()
        }
        _ => deals.iter().map(|title| marked(title)).collect(),
    };
    let wanted = wanted.replace('"', "");
    let fits = |text: &String| fold(text).replace('"', "").starts_with(&wanted);
    (start, offered.into_iter().filter(fits).collect())
}

/// A deal as a line names it.
fn marked(title: &str) -> String {
    if title.contains(char::is_whitespace) {
        format!("@\"{}\"", title.replace('"', ""))
    } else {
        format!("@{title}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_marked_word_is_completed() {
        let deals = ["New site".to_owned(), "Relaunch".to_owned()];
        for (typed, start, expect) in [
            ("", 0, ""),
            ("wants ", 6, ""),
            ("wants +", 6, DATES.join("|").as_str()),
            ("wants +t", 6, "+today|+tomorrow|+tue|+thu"),
            ("wants +next w", 6, "+next week"),
            ("!m", 0, "!meeting|!message"),
            ("ä !i", 3, "!in"),
            ("@", 0, "@\"New site\"|@Relaunch"),
            ("about @\"new s", 6, "@\"New site\""),
            ("about @rel", 6, "@Relaunch"),
            ("mail a@b", 8, ""),
        ] {
            let (at, found) = complete(&deals, typed);
            assert_eq!((at, found.join("|").as_str()), (start, expect), "{typed}");
        }
    }
}
