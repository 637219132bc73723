//! The process's surroundings: environment, streams, clock and randomness, in one value.

use crate::domain::id::{Id, IdSource};
use chrono::{DateTime, Utc};
use rustix::io::Errno;
use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, BufWriter, IsTerminal as _, Write};
use std::sync::Arc;

/// What a terminal without a known width is taken for.
const DEFAULT_WIDTH: usize = 80;

/// A moment in this variable stands still: for tests, and for documents that are made again.
const FIXED_NOW: &str = "TOUCHBASE_NOW";

/// Everything that a run takes from outside.
pub struct Host {
    /// The environment.
    pub vars: BTreeMap<String, String>,
    /// Standard input.
    pub input: Box<dyn BufRead>,
    /// Whether more of it can be read without waiting.
    pub has_input: Box<dyn Fn() -> bool>,
    /// Standard output.
    pub out: Box<dyn Write>,
    /// Makes what was written to standard output last, where that is a file.
    pub settle_out: fn() -> io::Result<()>,
    /// Standard error.
    pub err: Box<dyn Write>,
    /// Whether standard input is a terminal.
    pub in_is_terminal: bool,
    /// Whether standard output is a terminal.
    pub out_is_terminal: bool,
    /// Whether standard error is a terminal.
    pub err_is_terminal: bool,
    /// How many cells a line of the terminal has.
    pub width: usize,
    /// How many lines the terminal has; none without one.
    pub height: Option<usize>,
    /// The clock.
    pub now: Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>,
    /// The program itself, to start again for work that nobody waits for; none when it cannot.
    pub program: Option<std::path::PathBuf>,
    /// Makes a source of fresh ids.
    pub ids: Box<dyn Fn() -> Box<dyn IdSource>>,
}

impl Host {
    /// The surroundings of this process.
    pub fn of_process() -> Self {
        let out_is_terminal = io::stdout().is_terminal();
        // Without a terminal crossterm starts another program to ask for a size.
        let size = out_is_terminal
            .then(crossterm::terminal::size)
            .and_then(Result::ok);
        let width = size.map_or(DEFAULT_WIDTH, |(width, _)| width.into());
        let height = size.map(|(_, height)| height.into());
        Self {
            vars: std::env::vars_os()
                .filter_map(|(name, value)| {
                    Some((name.into_string().ok()?, value.into_string().ok()?))
                })
                .collect(),
            input: Box::new(BufReader::new(io::stdin())),
            has_input: Box::new(has_input),
            out: Box::new(BufWriter::new(io::stdout())),
            settle_out,
            err: Box::new(io::stderr()),
            in_is_terminal: io::stdin().is_terminal(),
            out_is_terminal,
            err_is_terminal: io::stderr().is_terminal(),
            width: width.max(1),
            height,
            now: clock(std::env::var(FIXED_NOW).ok()),
            program: std::env::current_exe().ok(),
            ids: Box::new(|| Box::new(RandomIds)),
        }
    }

    /// A variable of the environment; none when it is empty.
    pub fn var(&self, name: &str) -> Option<&str> {
        self.vars
            .get(name)
            .map(String::as_str)
            .filter(|value| !value.is_empty())
    }
}

/// A pipe and a terminal have nothing to settle, and say so.
fn settle_out() -> io::Result<()> {
    match rustix::fs::fdatasync(io::stdout()) {
        Ok(()) | Err(Errno::INVAL | Errno::NOTSUP | Errno::ROFS) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Whether standard input has more, or has come to its end. A system that does not say counts as
/// having nothing.
fn has_input() -> bool {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    let stdin = io::stdin();
    let mut waiting = [PollFd::new(&stdin, PollFlags::IN)];
    let at_once = Timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    poll(&mut waiting, Some(&at_once)).is_ok_and(|ready| ready > 0)
}

/// The system's clock, or one that stands still.
fn clock(fixed: Option<String>) -> Arc<dyn Fn() -> DateTime<Utc> + Send + Sync> {
    match fixed.as_deref().map(DateTime::parse_from_rfc3339) {
        Some(Ok(moment)) => Arc::new(move || moment.with_timezone(&Utc)),
        _ => Arc::new(Utc::now),
    }
}

/// Ids with randomness from the system.
struct RandomIds;

impl IdSource for RandomIds {
    fn next_id(&mut self, moment: DateTime<Utc>) -> Id {
        let mut random = [0; 10];
        if getrandom::fill(&mut random).is_err() {
            // Without a source of randomness, as in a bare chroot, the clock and the address of
            // this moment still tell ids of one machine apart.
            let nanos = Utc::now()
                .timestamp_nanos_opt()
                .unwrap_or_default()
                .to_be_bytes();
            random[..8].copy_from_slice(&nanos);
            random[8..].copy_from_slice(&std::process::id().to_be_bytes()[2..]);
        }
        Id::new(moment, random)
    }
}
