//! A command line that clap does not understand, in the words of every other error.

use crate::error::Error;
use clap::error::{ContextKind, ContextValue, ErrorKind};

/// What is wrong with a command line.
pub fn misread(error: &clap::Error) -> Error {
    let said = |kind| texts(error, kind);
    let first = |kind| said(kind).into_iter().next().unwrap_or_default();
    let (argument, value) = (
        first(ContextKind::InvalidArg),
        first(ContextKind::InvalidValue),
    );
    let message = match error.kind() {
        ErrorKind::InvalidSubcommand => {
            format!(
                "there is no command `{}`",
                first(ContextKind::InvalidSubcommand)
            )
        }
        ErrorKind::UnknownArgument if argument.starts_with('-') => {
            format!("there is no option `{argument}` here")
        }
        ErrorKind::UnknownArgument => format!("`{argument}` is one too many"),
        ErrorKind::InvalidValue if value.is_empty() => format!("`{argument}` needs a value"),
        ErrorKind::InvalidValue => format!("`{argument}` cannot be `{value}`"),
        ErrorKind::ValueValidation => match std::error::Error::source(error) {
            Some(why) => format!("`{argument}` cannot be `{value}`: {why}"),
            None => format!("`{argument}` cannot be `{value}`"),
        },
        ErrorKind::MissingRequiredArgument => {
            format!(
                "`{}` is missing",
                said(ContextKind::InvalidArg).join("`, `")
            )
        }
        ErrorKind::ArgumentConflict => {
            let others = said(ContextKind::PriorArg).join("`, `");
            format!("`{argument}` cannot stand beside `{others}`")
        }
        ErrorKind::MissingSubcommand => "say what to do".to_owned(),
        _ => whole(error),
    };
    let error = Error::usage(message);
    match hint(&said) {
        Some(hint) => error.hint(hint),
        None => error,
    }
}

/// What to type instead.
fn hint(said: &dyn Fn(ContextKind) -> Vec<String>) -> Option<String> {
    let near = [
        ContextKind::SuggestedSubcommand,
        ContextKind::SuggestedArg,
        ContextKind::SuggestedValue,
    ];
    // The nearest of several comes last.
    if let Some(near) = near.iter().find_map(|kind| said(*kind).pop()) {
        return Some(format!("did you mean `{near}`?"));
    }
    let choices = said(ContextKind::ValidValue);
    if !choices.is_empty() {
        return Some(format!("choose one of: {}", choices.join(", ")));
    }
    let usage = said(ContextKind::Usage).pop()?;
    let words = usage.trim_start_matches("Usage:").split_whitespace();
    let command: Vec<&str> = words
        .take_while(|word| !word.starts_with(['[', '<', '-']))
        .collect();
    Some(format!("see `{} --help`", command.join(" ")))
}

fn texts(error: &clap::Error, kind: ContextKind) -> Vec<String> {
    match error.get(kind) {
        Some(ContextValue::String(text)) => vec![text.clone()],
        Some(ContextValue::Strings(texts)) => texts.clone(),
        Some(ContextValue::StyledStr(text)) => vec![text.to_string()],
        Some(ContextValue::StyledStrs(texts)) => texts.iter().map(ToString::to_string).collect(),
        _ => Vec::new(),
    }
}

/// clap's own words, in one line.
fn whole(error: &clap::Error) -> String {
    let text = error.render().to_string();
    let line = text.lines().next().unwrap_or_default();
    line.strip_prefix("error: ").unwrap_or(line).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_makes_no_sense_is_told_like_every_other_error() {
        let rows = [
            (
                "undoo",
                "there is no command `undoo`",
                "did you mean `undo`?",
            ),
            (
                "contact lst",
                "there is no command `lst`",
                "did you mean `list`?",
            ),
            (
                "log ana --folow-up x",
                "there is no option `--folow-up` here",
                "did you mean `--follow-up`?",
            ),
            (
                "undo 1 2",
                "`2` is one too many",
                "see `touchbase undo --help`",
            ),
            (
                "undo x",
                "`[CHANGE]` cannot be `x`: invalid digit found in string",
                "",
            ),
            (
                "tag ana",
                "`<TAGS>...` is missing",
                "see `touchbase tag --help`",
            ),
            ("due --since", "`--since <last|TIME>` needs a value", ""),
            (
                "due --format xml",
                "`--format <FORMAT>` cannot be `xml`",
                "choose one of: table, tsv, csv, json, jsonl, ids",
            ),
            (
                "log ana --in --out",
                "`--in` cannot stand beside `--out`",
                "see `touchbase log --help`",
            ),
        ];
        for (line, message, hint) in rows {
            let words = std::iter::once("touchbase").chain(line.split(' '));
            let error = crate::cli::command()
                .try_get_matches_from(words)
                .expect_err(line);
            let error = misread(&error);
            assert_eq!(error.message, message, "{line}");
            assert_eq!(error.hints.concat(), hint, "{line}");
        }
    }
}
