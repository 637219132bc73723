//! Wiring: the process's surroundings become a store, settings and a clock; the command line
//! or the screen does the work; what came of it becomes an exit code.
//!
//! [`run`] takes everything from a [`Host`], so that tests run whole commands in process.

mod complete;
pub mod config;
pub mod host;
mod later;
pub mod panics;
pub mod screen;

use crate::cli::opened::Kept;
use crate::cli::output::{Form, Output, Printer, Then};
use crate::cli::table::{Cell, Head, Row, Table};
use crate::cli::work::{Outside, Work};
use crate::cli::{self};
use crate::domain::change::Who;
use crate::domain::context::Context;
use crate::error::{Error, Result};
use crate::services::Env;
use crate::store::folder::StoreFolder;
use clap::ArgMatches;
use config::{Config, Named};
use host::Host;
use std::ffi::OsString;
use std::io::Write;
use std::sync::Arc;
use std::time::Duration;

/// The exit code of a wrong command line.
const USAGE: u8 = 2;

/// Runs one command line and gives the exit code.
pub fn run(arguments: &[OsString], host: &mut Host) -> u8 {
    if complete::answer(arguments, host) {
        return 0;
    }
    let matches = match cli::command().try_get_matches_from(cli::readable(arguments)) {
        Ok(matches) => matches,
        Err(error) => return explain(&error, host),
    };
    let result =
        prepare(&matches, host).and_then(|ready| carry_out(ready, &matches, arguments, host));
    match result {
        Ok(code) => code,
        Err(error) => {
            let code = error.kind.exit_code();
            let mut sink = Vec::new();
            let color = wants_color(&matches, host, host.err_is_terminal);
            let mut printer = printer(
                &matches,
                host.width,
                false,
                color,
                Sinks {
                    out: &mut sink,
                    err: &mut *host.err,
                },
            );
            // Nothing is left to tell it to when standard error is closed.
            let _ = printer.error(&error);
            code
        }
    }
}

/// Prints clap's own answer: help and version to standard output, mistakes to standard error.
fn explain(error: &clap::Error, host: &mut Host) -> u8 {
    let text = error.render().to_string();
    let is_help = !error.use_stderr();
    let sink: &mut dyn Write = if is_help {
        &mut *host.out
    } else {
        &mut *host.err
    };
    let _ = sink.write_all(text.as_bytes());
    let _ = sink.flush();
    if is_help { 0 } else { USAGE }
}

/// What a command line asks for, with the settings read.
struct Ready {
    config: Config,
    folder: StoreFolder,
    context: Context,
}

fn prepare(matches: &ArgMatches, host: &Host) -> Result<Ready> {
    let named = |name: &str| matches.get_one::<String>(name).map(String::as_str);
    let keys = matches.get_many::<String>("setting").into_iter().flatten();
    let keys: Vec<&str> = keys.map(String::as_str).collect();
    let wanted = Named {
        file: named("config"),
        profile: named("profile"),
        keys: &keys,
    };
    let config = Config::load(wanted, host)?;
    // What is wrong with the settings is seen and mended by this command.
    if matches.subcommand_name() != Some("config") {
        config.checked()?;
    }
    let patience = named("lock-timeout").map_or(Ok(Duration::from_secs(5)), patience)?;
    let holder = match matches.subcommand_name() {
        Some(command) => format!("touchbase {command}"),
        None => "the screen of touchbase".to_owned(),
    };
    let folder = StoreFolder::new(
        config::data_folder(wanted, named("dir"), &config, host)?,
        patience,
    );
    let folder = folder.held_by(&holder);
    let context = config.context(named("tz"), host)?;
    Ok(Ready {
        config,
        folder,
        context,
    })
}

/// `5s`, `500ms`, `1m`, or seconds without a unit.
fn patience(text: &str) -> Result<Duration> {
    let wrong =
        || Error::invalid(format!("--lock-timeout `{text}` is not understood")).hint("try `10s`");
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let number: u64 = digits.trim().parse().map_err(|_| wrong())?;
    match &text[digits.len()..] {
        "ms" => Ok(Duration::from_millis(number)),
        "" | "s" => Ok(Duration::from_secs(number)),
        "m" | "min" => Ok(Duration::from_secs(number.saturating_mul(60))),
        _ => Err(wrong()),
    }
}

fn carry_out(
    ready: Ready,
    matches: &ArgMatches,
    arguments: &[OsString],
    host: &mut Host,
) -> Result<u8> {
    let (out_is_terminal, in_is_terminal) = (host.out_is_terminal, host.in_is_terminal);
    if matches.subcommand().is_none() && !(out_is_terminal && in_is_terminal) {
        let help = cli::command().render_help().to_string();
        let _ = host.err.write_all(help.as_bytes());
        return Ok(USAGE);
    }
    let outside = outside(matches, host);
    if !matches.get_flag("quiet") && !outside.is_handed_over {
        warn_of_others(&ready.folder, &mut *host.err);
    }
    let env = env(&ready, host);
    let color = wants_color(matches, host, out_is_terminal);
    let editor = editor(host);
    let sinks = Sinks {
        out: &mut *host.out,
        err: &mut *host.err,
    };
    let mut work = Work {
        env,
        clock: Arc::clone(&host.now),
        kept: Kept::new(ready.folder.clone()),
        config: ready.config.path,
        problems: ready.config.problems,
        editor,
        dry_run: false,
        yes: matches.get_flag("yes"),
        can_ask: in_is_terminal && host.err_is_terminal && !matches.get_flag("no-input"),
        shows_progress: host.err_is_terminal,
        is_terminal: out_is_terminal,
        input: &mut *host.input,
        has_input: &*host.has_input,
        printer: printer(matches, host.width, out_is_terminal, color, sinks),
        heard: cli::work::Heard::default(),
        outside,
    };
    let output = cli::dispatch(&mut work, matches, false)?;
    let output = match output {
        Output::Screen | Output::Demo(_) => {
            let env = work.env;
            return open_screen(output, ready.folder, env, host).map(|()| 0);
        }
        Output::Keys => Output::Table(keys()),
        Output::Again => return later::again(arguments, host),
        other => other,
    };
    let printed = match output {
        Output::Then(output, then) => print_then(&output, then, &mut work.printer, host.settle_out),
        output => print(&output, &mut work.printer),
    };
    later::compact_if_due(&ready.folder, host);
    printed
}

fn outside(matches: &ArgMatches, host: &Host) -> Outside {
    Outside {
        program: host.program.clone(),
        vars: host.vars.clone(),
        is_handed_over: matches.get_flag(cli::HANDED_OVER),
    }
}

/// The user's editor.
fn editor(host: &Host) -> String {
    let named = host.var("VISUAL").or_else(|| host.var("EDITOR"));
    named.unwrap_or("vi").to_owned()
}

fn env(ready: &Ready, host: &Host) -> Env {
    let config = &ready.config;
    Env {
        // What is wrong with them is told with the other mistakes of the settings.
        custom: config.settings.custom_fields().unwrap_or_default(),
        context: ready.context,
        settings: config.settings.clone(),
        pipelines: config.pipelines.clone(),
        who: Who::Cli,
        ids: (host.ids)(),
        picks: Vec::new(),
        hooks: config.hooks(ready.folder.path(), host),
    }
}

fn open_screen(output: Output, folder: StoreFolder, env: Env, host: &Host) -> Result<()> {
    match output {
        Output::Demo(kept) => screen::demo(kept, env, host),
        _ => {
            later::compact_if_due(&folder, host);
            screen::open(folder, env, host)
        }
    }
}

fn print(output: &Output, printer: &mut Printer<'_>) -> Result<u8> {
    match printer.print(output) {
        Ok(code) => Ok(code),
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(0),
        Err(error) => Err(Error::io("cannot write the output", error)),
    }
}

/// Prints an output and then goes on. Here a closed pipe is a failure: nobody has read it.
fn print_then(
    output: &Output,
    then: Then,
    printer: &mut Printer<'_>,
    settle: fn() -> std::io::Result<()>,
) -> Result<u8> {
    let written = printer.print(output).and_then(|code| {
        // Where the output is a file, a power cut must not take it after it counts as told.
        settle().map(|()| code)
    });
    let code = written.map_err(|error| Error::io("cannot write the output", error))?;
    (then.0)()?;
    Ok(code)
}

/// Says when anyone could change the store, or put another in its place.
fn warn_of_others(folder: &StoreFolder, err: &mut dyn Write) {
    if let Some(open) = folder.writable_by_anyone() {
        let open = open.display();
        let _ = writeln!(
            err,
            "warning: anyone on this machine can change what lies in `{open}`\n\
             hint: close it with `chmod o-w '{open}'`"
        );
    }
}

/// Where data and messages go.
struct Sinks<'a> {
    out: &'a mut dyn Write,
    err: &'a mut dyn Write,
}

fn printer<'a>(
    matches: &ArgMatches,
    width: usize,
    is_terminal: bool,
    color: bool,
    sinks: Sinks<'a>,
) -> Printer<'a> {
    let json = matches.get_one::<String>("json");
    let form = matches
        .get_one::<String>("format")
        .and_then(|name| Form::named(name));
    let default = if is_terminal { Form::Table } else { Form::Tsv };
    let fields = json.map(|names| names.split(',').map(|name| name.trim().to_owned()));
    Printer {
        out: sinks.out,
        err: sinks.err,
        form: if json.is_some() && form.is_none() {
            Form::Json
        } else {
            form.unwrap_or(default)
        },
        json_fields: fields
            .into_iter()
            .flatten()
            .filter(|name| !name.is_empty())
            .collect(),
        width,
        is_terminal,
        color,
        quiet: matches.get_flag("quiet"),
        verbose: matches.get_flag("verbose"),
    }
}

fn wants_color(matches: &ArgMatches, host: &Host, is_terminal: bool) -> bool {
    match matches.get_one::<String>("color").map(String::as_str) {
        Some("always") => true,
        Some("never") => false,
        _ => is_terminal && host.var("NO_COLOR").is_none() && host.var("TERM") != Some("dumb"),
    }
}

/// The screen's actions with their keys.
fn keys() -> Table {
    let keymap = crate::tui::keymap::Keymap::default();
    let rows = crate::tui::actions::all_actions().map(|action| Row {
        id: None,
        short_id: String::new(),
        cells: vec![
            Cell::text(action.scope.title()),
            Cell::text(keymap.all_keys_of(action)),
            Cell::text(action.name),
            Cell::text(action.help),
        ],
    });
    Table {
        rows: rows.collect(),
        heads: ["where", "keys", "action", "help"].map(Head::left).into(),
        ..Table::default()
    }
}

/// What the user's clock shows, for a zone given by its name.
///
/// # Errors
/// When there is no such zone.
pub fn zone(name: &str) -> Result<chrono_tz::Tz> {
    name.parse().map_err(|_| {
        Error::invalid(format!("`{name}` is not a time zone")).hint("try `Europe/Berlin`")
    })
}
