//! Which of several records is meant: where a person can be asked, every command asks.

use super::output::Output;
use super::work::{Heard, Work};
use crate::domain::values::text::{self, words};
use crate::error::{Choices, Error, Result};
use crate::services::who::Pick;
use std::fmt::Write as _;

/// How often an answer may be none of the choices.
const TRIES: usize = 3;

/// Runs a command. Where a text in it means several records and a person can be asked, they
/// choose, and the command starts again. The store is not held meanwhile: the command has
/// ended, and an ambiguity is found before anything is changed.
pub(crate) fn with_picks(
    work: &mut Work<'_>,
    mut run: impl FnMut(&mut Work<'_>) -> Result<Output>,
) -> Result<Output> {
    work.heard = Heard::default();
    loop {
        let error = match run(work) {
            Err(error) if work.can_ask && error.choices.is_some() => error,
            done => return done,
        };
        // A command of several changes may have made some already.
        if work.heard.has_changed() {
            return Err(error);
        }
        let pick = choose(work, error)?;
        // A choice that does not help would be asked for again and again.
        if work.env.picks.contains(&pick) {
            return Err(Error::not_found(format!(
                "`{}` is not there any more",
                pick.wanted
            )));
        }
        work.env.picks.push(pick);
        work.heard.again();
    }
}

/// Shows the choices and reads which; nothing chosen leaves the error as it is.
fn choose(work: &mut Work<'_>, error: Error) -> Result<Pick> {
    let Some(choices) = error.choices.clone() else {
        return Err(error);
    };
    let mut question = format!("{}:\n", text::line(&error.message));
    for (index, (_, line)) in choices.among.iter().enumerate() {
        let _ = writeln!(question, "{:>4}  {}", index + 1, text::line(line));
    }
    let which = format!("which? [1-{}] ", choices.among.len());
    question.push_str(&which);
    for _ in 0..TRIES {
        let answer = work.ask_anew(&question)?;
        if answer.trim().is_empty() {
            return Err(error);
        }
        if let Some(id) = chosen(&choices, &answer) {
            return Ok(Pick {
                kind: choices.kind,
                wanted: choices.wanted,
                id,
            });
        }
        question.clone_from(&which);
    }
    Err(error)
}

/// The record that an answer means: by its number, or by words that only its line has.
fn chosen(choices: &Choices, answer: &str) -> Option<String> {
    if let Ok(number) = answer.trim().parse::<usize>() {
        let (id, _) = choices.among.get(number.checked_sub(1)?)?;
        return Some(id.clone());
    }
    let wanted = words(answer);
    let fits = |line: &str| {
        let known = words(line);
        wanted
            .iter()
            .all(|word| known.iter().any(|it| it.starts_with(word)))
    };
    let mut found = choices.among.iter().filter(|(_, line)| fits(line));
    match (found.next(), found.next()) {
        (Some((id, _)), None) if !wanted.is_empty() => Some(id.clone()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_or_words_choose_one() {
        let choices = Choices {
            kind: "contact",
            wanted: "ana".to_owned(),
            among: vec![
                ("a".to_owned(), "n0z5  Ana Silva  lead".to_owned()),
                ("b".to_owned(), "ahgk  Ana Souza  lead".to_owned()),
            ],
        };
        for (answer, expect) in [
            ("1", Some("a")),
            (" 2 ", Some("b")),
            ("0", None),
            ("3", None),
            ("-1", None),
            ("souza", Some("b")),
            ("n0z", Some("a")),
            ("SIL", Some("a")),
            ("ana", None),
            ("bob", None),
            ("?", None),
        ] {
            assert_eq!(chosen(&choices, answer).as_deref(), expect, "{answer}");
        }
    }
}
