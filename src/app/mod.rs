//! Wiring: the process's surroundings become a store, settings and a clock; the command line
//! or the screen does the work; what came of it becomes an exit code.
//!
//! [`run`] takes everything from a [`Host`], so that tests run whole commands in process.

mod complete;
pub mod config;
pub mod host;
mod later;
mod looks;
pub mod panics;
pub mod screen;

use crate::cli::opened::Kept;
use crate::cli::output::{self, Form, Output, Printer, Then};
use crate::cli::pager::Pager;
use crate::cli::style::{Look, Meaning};
use crate::cli::table::{Cell, Fit, Head, Row, Table};
use crate::cli::template::Template;
use crate::cli::work::{Outside, Work};
use crate::cli::{self};
use crate::domain::change::Who;
use crate::domain::context::Context;
use crate::domain::settings::Settings;
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
/// Help is no wider, so that its lines can be read.
const WIDEST_HELP: usize = 100;

/// Runs one command line and gives the exit code.
pub fn run(arguments: &[OsString], host: &mut Host) -> u8 {
    if complete::answer(arguments, host) {
        return 0;
    }
    let command = cli::command().term_width(host.width.min(WIDEST_HELP));
    let matches = match command.try_get_matches_from(cli::readable(arguments)) {
        Ok(matches) => matches,
        Err(error) => return explain(&error, arguments, host),
    };
    let ready = prepare(&matches, host);
    let spoken = ready
        .as_ref()
        .is_ok_and(|ready| ready.config.settings.screen_reader);
    let result = ready.and_then(|ready| carry_out(ready, &matches, arguments, host));
    match result {
        Ok(code) => code,
        Err(error) => {
            let color = looks::color(chosen(&matches), host, host.err_is_terminal);
            let is_spoken = spoken || matches.get_flag("screen-reader");
            tell(
                &error,
                color && !is_spoken,
                matches.get_flag("verbose"),
                host,
            );
            error.kind.exit_code()
        }
    }
}

/// Prints an error.
fn tell(error: &Error, color: bool, verbose: bool, host: &mut Host) {
    let mut printer = Printer {
        out: &mut std::io::sink(),
        err: &mut *host.err,
        form: Form::Table,
        json_fields: Vec::new(),
        template: None,
        look: Look::default(),
        color,
        pager: None,
        is_terminal: false,
        quiet: false,
        verbose,
    };
    // Nothing is left to tell it to when standard error is closed.
    let _ = printer.error(error);
}

/// Prints clap's own answer: help and version to standard output, mistakes to standard error.
fn explain(error: &clap::Error, arguments: &[OsString], host: &mut Host) -> u8 {
    let is_help = !error.use_stderr();
    let is_terminal = if is_help {
        host.out_is_terminal
    } else {
        host.err_is_terminal
    };
    // What was not understood as a whole may still say this.
    let said = |flag: &str| arguments.iter().any(|one| one == flag);
    let color = arguments.iter().enumerate().find_map(|(index, one)| {
        let next = || arguments.get(index + 1).and_then(|next| next.to_str());
        match one.to_str()? {
            "--color" => next(),
            other => other.strip_prefix("--color="),
        }
    });
    let color = looks::color(color, host, is_terminal) && !said("--screen-reader");
    if !is_help {
        tell(&cli::misread::misread(error), color, false, host);
        return USAGE;
    }
    let rendered = error.render();
    let text = if color {
        rendered.ansi().to_string()
    } else {
        rendered.to_string()
    };
    let _ = host.out.write_all(text.as_bytes());
    let _ = host.out.flush();
    0
}

fn chosen(matches: &ArgMatches) -> Option<&str> {
    matches.get_one::<String>("color").map(String::as_str)
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
        return Ok(help_in_place_of_a_screen(host));
    }
    let outside = outside(matches, host);
    let env = env(&ready, host);
    let looks = looks(matches, &ready.config.settings, host)?;
    if !matches.get_flag("quiet") && !outside.is_handed_over {
        warn_of_others(&ready.folder, looks.color, &mut *host.err);
    }
    let editor = editor(host);
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
        shows_progress: host.err_is_terminal && !looks.look.spoken,
        is_terminal: out_is_terminal,
        input: &mut *host.input,
        has_input: &*host.has_input,
        printer: printer(
            matches,
            looks,
            out_is_terminal,
            &mut *host.out,
            &mut *host.err,
        ),
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

/// Without a terminal there is no screen to open.
fn help_in_place_of_a_screen(host: &mut Host) -> u8 {
    let help = cli::command().render_help().to_string();
    let _ = host.err.write_all(help.as_bytes());
    USAGE
}

/// How output is to look.
struct Looks {
    template: Option<Template>,
    look: Look,
    /// Whether messages are coloured.
    color: bool,
    pager: Option<Pager>,
}

fn looks(matches: &ArgMatches, settings: &Settings, host: &Host) -> Result<Looks> {
    let source = matches.get_one::<String>("template");
    let look = looks::look(matches, settings, host);
    Ok(Looks {
        template: source.map(|source| Template::parse(source)).transpose()?,
        look,
        color: looks::color(chosen(matches), host, host.err_is_terminal) && !look.spoken,
        pager: looks::pager(matches, settings, look, host),
    })
}

fn printer<'a>(
    matches: &ArgMatches,
    looks: Looks,
    is_terminal: bool,
    out: &'a mut dyn Write,
    err: &'a mut dyn Write,
) -> Printer<'a> {
    Printer {
        out,
        err,
        form: form(matches, is_terminal),
        json_fields: json_fields(matches),
        template: looks.template,
        look: looks.look,
        color: looks.color,
        pager: looks.pager,
        is_terminal,
        quiet: matches.get_flag("quiet"),
        verbose: matches.get_flag("verbose"),
    }
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
        Err(error) => output::failure(error).map_or(Ok(0), Err),
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
fn warn_of_others(folder: &StoreFolder, color: bool, err: &mut dyn Write) {
    if let Some(open) = folder.writable_by_anyone() {
        let open = open.display();
        let look = Look {
            color,
            ..Look::default()
        };
        let warning = look.paint("warning:", Meaning::Warning);
        let _ = writeln!(
            err,
            "{warning} anyone on this machine can change what lies in `{open}`\n\
             hint: close it with `chmod o-w '{open}'`"
        );
    }
}

/// The fields that JSON is to have.
fn json_fields(matches: &ArgMatches) -> Vec<String> {
    let named = matches.get_one::<String>("json");
    let names = named.into_iter().flat_map(|names| names.split(','));
    let names = names.map(|name| name.trim().to_owned());
    names.filter(|name| !name.is_empty()).collect()
}

/// The form of data: what is asked for, else what suits a terminal or a pipe.
fn form(matches: &ArgMatches, is_terminal: bool) -> Form {
    let named = matches.get_one::<String>("format");
    let named = named.and_then(|name| Form::named(name));
    let default = if is_terminal || matches.get_flag("screen-reader") {
        Form::Table
    } else {
        Form::Tsv
    };
    if matches.contains_id("template") {
        Form::Template
    } else if matches.contains_id("json") {
        named.unwrap_or(Form::Json)
    } else {
        named.unwrap_or(default)
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
        heads: vec![
            Head::left("where").fit(Fit::Whole),
            Head::left("keys").fit(Fit::Whole),
            Head::left("action").fit(Fit::Main),
            Head::left("help"),
        ],
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
