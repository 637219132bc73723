//! `touchbase cron`: ready lines for cron and systemd. Nothing is installed by itself.

use crate::cli::CommandDef;
use crate::cli::help::Group;
use crate::cli::output::Output;
use crate::cli::work::Work;
use crate::domain::values::text;
use crate::error::{Error, Result};
use crate::services::notify::{self, Way};
use clap::{Arg, ArgAction, ArgMatches, Command};
use serde_json::json;
use std::path::{Path, PathBuf};

/// The command.
pub(super) const COMMAND: CommandDef = CommandDef {
    name: "cron",
    group: Group::Care,
    about: "Ready lines for cron or systemd: reminders, and a digest each morning",
    examples: "  touchbase cron print\n  touchbase cron print --systemd --notify desktop",
    changes: false,
    arguments,
    run,
};

fn arguments(command: Command) -> Command {
    let flag = |name: &'static str, help: &'static str| {
        Arg::new(name)
            .long(name)
            .action(ArgAction::SetTrue)
            .help(help)
    };
    command
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(
            Command::new("print")
                .about("Print them, and say where to put them")
                .arg(flag("crontab", "Lines for `crontab -e` (the default)"))
                .arg(flag("systemd", "Units of systemd").conflicts_with("crontab"))
                .arg(
                    Arg::new("notify")
                        .long("notify")
                        .value_name("WAY")
                        .value_parser(Way::NAMES)
                        .help(
                            "How to tell; if nothing is said, cron mails what is printed, and \
                             systemd mails to the address of the settings or tells the desktop",
                        ),
                ),
        )
}

fn run(work: &mut Work<'_>, matches: &ArgMatches) -> Result<Output> {
    let Some(("print", matches)) = matches.subcommand() else {
        return Ok(Output::Nothing);
    };
    let is_systemd = matches.get_flag("systemd");
    let said = matches.get_one::<String>("notify");
    let settings = &work.env.settings.remind;
    let way = match said.and_then(|name| Way::named(name)) {
        None if is_systemd && settings.mail.0.is_some() => Some(Way::Mail),
        None if is_systemd => Some(Way::Desktop),
        way => way,
    };
    if let Some(way) = way {
        notify::check(way, settings)?;
    }
    let program = program(work)?;
    let jobs = jobs(everywhere(work, matches)?, work, way)?;
    let lines = if is_systemd {
        units(&program, &jobs)
    } else {
        crontab(&program, &jobs)
    };
    let data = json!(lines);
    Ok(Output::Page(lines, data))
}

/// Something that runs by itself.
struct Job {
    name: &'static str,
    what: &'static str,
    /// When, for cron and for systemd.
    when: (&'static str, &'static str),
    words: Vec<String>,
    /// Whether it is only proposed.
    is_proposal: bool,
}

fn jobs(everywhere: Vec<String>, work: &Work<'_>, way: Option<Way>) -> Result<Vec<Job>> {
    let words = |own: &[&str]| -> Vec<String> {
        let own = own.iter().map(|&word| word.to_owned());
        everywhere.iter().cloned().chain(own).collect()
    };
    let due: &[&str] = match way {
        None => &["due", "--since", "last"],
        Some(Way::Mail) => &["due", "--since", "last", "--notify", "mail"],
        Some(Way::Desktop) => &["due", "--since", "last", "--notify", "desktop"],
        Some(Way::Command) => &["due", "--since", "last", "--notify", "command"],
    };
    let mut jobs = vec![Job {
        name: "due",
        what: "Each reminder once, within a quarter of an hour",
        when: ("*/15 * * * *", "*:0/15"),
        words: words(due),
        is_proposal: false,
    }];
    // A page of text is nothing for a desktop.
    let digest: Option<&[&str]> = match way {
        None => Some(&["digest"]),
        Some(Way::Mail) => Some(&["digest", "--mail"]),
        Some(Way::Desktop | Way::Command) => None,
    };
    jobs.extend(digest.map(|digest| Job {
        name: "digest",
        what: "The morning on one page, from Monday to Friday",
        when: ("30 7 * * 1-5", "Mon..Fri 07:30"),
        words: words(digest),
        is_proposal: false,
    }));
    let backups = home(work).map_or_else(|| PathBuf::from("/backups"), |it| it.join("backups"));
    let backups = readable(&backups)?;
    jobs.push(Job {
        name: "backup",
        what: "A backup a day, of which a fortnight is kept; choose the folder",
        when: ("30 12 * * *", "12:30"),
        words: words(&["backup", "--to", &backups, "--keep", "14"]),
        is_proposal: true,
    });
    Ok(jobs)
}

fn home(work: &Work<'_>) -> Option<PathBuf> {
    let home = work.outside.vars.get("HOME").map(PathBuf::from);
    home.filter(|path| path.is_absolute())
}

/// The flags that find the same store and settings without the environment of this shell.
fn everywhere(work: &Work<'_>, matches: &ArgMatches) -> Result<Vec<String>> {
    let usual = |below: &str| home(work).map(|home| home.join(below));
    let mut flags = Vec::new();
    let data = absolute(work.data())?;
    if usual(".local/share/touchbase").as_deref() != Some(&data) {
        flags.extend(["--dir".to_owned(), readable(&data)?]);
    }
    let config = absolute(&work.config)?;
    if usual(".config/touchbase/config.toml").as_deref() != Some(&config) && config.exists() {
        flags.extend(["--config".to_owned(), readable(&config)?]);
    }
    let variable = work.outside.vars.get("TOUCHBASE_PROFILE");
    let variable = variable.filter(|name| !name.is_empty());
    if let Some(profile) = matches.get_one::<String>("profile").or(variable) {
        flags.extend(["--profile".to_owned(), profile.clone()]);
    }
    for setting in matches.get_many::<String>("setting").into_iter().flatten() {
        flags.extend(["--setting".to_owned(), setting.clone()]);
    }
    let named = work.outside.vars.get("TZ");
    if named.is_some_and(|zone| !zone.is_empty()) && work.env.settings.time_zone.is_empty() {
        let zone = work.env.context.zone.name().to_owned();
        flags.extend(["--tz".to_owned(), zone]);
    }
    Ok(flags)
}

fn program(work: &Work<'_>) -> Result<String> {
    let program = work.outside.program.as_deref();
    readable(program.unwrap_or_else(|| Path::new("touchbase")))
}

fn absolute(path: &Path) -> Result<PathBuf> {
    let failed = |error| Error::io(format!("cannot use `{}`", path.display()), error);
    std::path::absolute(path).map_err(failed)
}

/// A path that a line can hold.
fn readable(path: &Path) -> Result<String> {
    let words = path.to_str().filter(|it| !it.chars().any(text::is_unsafe));
    words.map(str::to_owned).ok_or_else(|| {
        Error::invalid(format!("no line can hold the path `{}`", path.display()))
            .hint("put it where the path is plain text")
    })
}

fn crontab(program: &str, jobs: &[Job]) -> Vec<String> {
    let mut lines = vec![
        "# Lines for the table that `crontab -e` opens.".to_owned(),
        "# cron mails what a command prints; a reminder is printed once.".to_owned(),
    ];
    for job in jobs {
        let words = std::iter::once(program).chain(job.words.iter().map(String::as_str));
        // cron takes a bare % for the end of the line.
        let command = shell_words::join(words).replace('%', "\\%");
        let mark = if job.is_proposal { "# " } else { "" };
        lines.push(format!("# {}", job.what));
        lines.push(format!("{mark}{}  {command}", job.when.0));
    }
    lines
}

fn units(program: &str, jobs: &[Job]) -> Vec<String> {
    let all = jobs.iter().filter(|job| !job.is_proposal);
    let timers: Vec<String> = all
        .clone()
        .map(|job| format!("touchbase-{}.timer", job.name))
        .collect();
    let mut lines = vec![
        "# Each part goes into the file that is named above it. Then:".to_owned(),
        "#   systemctl --user daemon-reload".to_owned(),
        format!("#   systemctl --user enable --now {}", timers.join(" ")),
    ];
    for job in all {
        let words = job.words.iter().map(|word| unit_word(word, true));
        let words: Vec<String> = std::iter::once(unit_word(program, false))
            .chain(words)
            .collect();
        let file = |ending: &str| format!("~/.config/systemd/user/touchbase-{}.{ending}", job.name);
        lines.extend([
            String::new(),
            format!("# {}", file("service")),
            "[Unit]".to_owned(),
            format!("Description=touchbase: {}", job.what),
            String::new(),
            "[Service]".to_owned(),
            "Type=oneshot".to_owned(),
            // What has begun to tell may finish.
            "KillMode=process".to_owned(),
            format!("ExecStart={}", words.join(" ")),
            String::new(),
            format!("# {}", file("timer")),
            "[Unit]".to_owned(),
            format!("Description=touchbase: {}", job.what),
            String::new(),
            "[Timer]".to_owned(),
            format!("OnCalendar={}", job.when.1),
            "Persistent=true".to_owned(),
            String::new(),
            "[Install]".to_owned(),
            "WantedBy=timers.target".to_owned(),
        ]);
    }
    lines
}

/// A word of a command in a unit. A dollar means a variable in all words but the first.
fn unit_word(word: &str, has_variables: bool) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./:,+@".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    let mut quoted = String::from("\"");
    for letter in word.chars() {
        match letter {
            '\\' | '"' => quoted.extend(['\\', letter]),
            '%' => quoted.push_str("%%"),
            '$' if has_variables => quoted.push_str("$$"),
            _ => quoted.push(letter),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_a_unit_mean_themselves() {
        for (word, expect) in [
            ("plain-word_1.2/3:4", "plain-word_1.2/3:4"),
            ("", "\"\""),
            ("a b", "\"a b\""),
            ("100%", "\"100%%\""),
            ("$HOME", "\"$$HOME\""),
            ("a\"b\\c", "\"a\\\"b\\\\c\""),
            ("it's;", "\"it's;\""),
        ] {
            assert_eq!(unit_word(word, true), expect);
        }
        assert_eq!(unit_word("/opt/$x/y", false), "\"/opt/$x/y\"");
    }
}
