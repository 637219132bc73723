//! Answers a shell that asks how a line goes on. Whatever is wrong, the answer is empty: a shell
//! has no place for an error while someone types.

use super::config::{self, Config, Named};
use super::host::Host;
use crate::cli::completion::shells::{Asked, Shell, VARIABLE};
use crate::cli::completion::{Known, complete};
use crate::domain::custom::CustomFields;
use crate::domain::pipeline::Pipelines;
use crate::store::guard::guarded;
use std::ffi::OsString;
use std::path::Path;

/// Answers when a shell asks; false when none does.
pub(super) fn answer(arguments: &[OsString], host: &mut Host) -> bool {
    let Some(shell) = host.var(VARIABLE) else {
        return false;
    };
    let asked = Shell::named(shell).and_then(|shell| Asked::read(shell, arguments));
    if let Some(asked) = asked {
        // clap's engine stops at some lines that make no sense.
        let found = guarded(Path::new(""), || {
            let known = known(&asked.words, host);
            complete(&asked.words, known, std::env::current_dir().ok().as_deref())
        });
        let answer = asked.answer(&found.unwrap_or_default());
        // Who does not read the answer does not want it.
        let _ = host.out.write_all(answer.as_bytes());
        let _ = host.out.flush();
    }
    true
}

fn known(words: &[OsString], host: &Host) -> Known {
    let named = |name: &str| option(words, name, host);
    let (file, profile) = (named("--config"), named("--profile"));
    let wanted = Named {
        file: file.as_deref(),
        profile: profile.as_deref(),
        keys: &[],
    };
    let Ok(config) = Config::load(wanted, host) else {
        return Known::new(
            None,
            Pipelines(Vec::new()),
            CustomFields::default(),
            Vec::new(),
        );
    };
    let folder = config::data_folder(wanted, named("--dir").as_deref(), &config, host).ok();
    let own = config.settings.custom_fields().unwrap_or_default();
    let sources = config.settings.score.sources.into_keys().collect();
    // Stages of settings with mistakes in them may be wrong as well.
    let pipelines = if config.problems.is_empty() {
        config.pipelines
    } else {
        Pipelines(Vec::new())
    };
    Known::new(folder, pipelines, own, sources)
}

/// The value of an option among words that are not parsed yet, as the shell would hand it on.
fn option(words: &[OsString], name: &str, host: &Host) -> Option<String> {
    let words: Vec<&str> = words.iter().map_while(|word| word.to_str()).collect();
    let behind = words.windows(2).rev().find(|pair| pair[0] == name);
    let inside = words
        .iter()
        .rev()
        .find_map(|word| word.strip_prefix(name)?.strip_prefix('='));
    let value = behind
        .map(|pair| pair[1])
        .or(inside)
        .filter(|value| !value.is_empty())?;
    let home = ["~/", "$HOME/", "${HOME}/"]
        .iter()
        .find_map(|home| value.strip_prefix(home));
    match (home, host.var("HOME")) {
        (Some(below), Some(home)) => Some(format!("{home}/{below}")),
        _ => Some(value.to_owned()),
    }
}
