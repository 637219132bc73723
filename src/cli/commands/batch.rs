//! `touchbase batch`: commands from standard input, in one session, each its own change.
//!
//! What the commands say is held back until their changes last, and they are made to last in
//! groups: at the latest after a moment, and before anything is waited for. The store is let go
//! now and then, so that others get their turn.

use crate::cli::CommandDef;
use crate::cli::help::Group;
use crate::cli::misread::misread;
use crate::cli::output::{self, Output};
use crate::cli::work::Work;
use crate::error::{Error, Result};
use clap::{ArgMatches, Args, Command, FromArgMatches as _};
use std::ffi::OsString;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// A group is made to last after so long.
const GROUP_TIME: Duration = Duration::from_millis(100);
/// The store is let go after so long.
const HOLD_TIME: Duration = Duration::from_millis(500);
/// For so long, so that who waits wakes up.
const LET_GO: Duration = Duration::from_millis(2);
/// A line may have so many bytes.
const LONGEST_LINE: usize = 1024 * 1024;

/// The command.
pub(super) const COMMAND: CommandDef = CommandDef {
    name: "batch",
    group: Group::Happened,
    about: "Run commands from standard input in one session, each its own change",
    examples: "  touchbase batch < calls.txt\n  touchbase batch --stop calls.txt\n\n\
               A line is a command without `touchbase`, quoted as in a shell:\n  \
               log ana 'wants a quote' --follow-up fri",
    changes: true,
    arguments: Arguments::augment_args,
    run,
};

#[derive(Args)]
struct Arguments {
    /// The commands, one on a line; `#` begins a comment [default: standard input]
    file: Option<PathBuf>,
    /// Stop at the first command that fails; else the others go on
    #[arg(long)]
    stop: bool,
}

fn run(work: &mut Work<'_>, matches: &ArgMatches) -> Result<Output> {
    let arguments = super::arguments::<Arguments>(Arguments::from_arg_matches(matches))?;
    let mut file = match arguments
        .file
        .as_deref()
        .filter(|path| *path != Path::new("-"))
    {
        None => None,
        Some(path) => Some(BufReader::new(File::open(path).map_err(|error| {
            Error::io(format!("cannot read `{}`", path.display()), error)
        })?)),
    };
    // Hooks run between a change and the next, when the store is closed.
    work.kept.share(work.env.hooks.is_empty());
    (work.can_ask, work.shows_progress) = (false, false);
    work.printer.pager = None;
    let now = Instant::now();
    let mut batch = Batch {
        parser: crate::cli::command().no_binary_name(true),
        dry_run: work.dry_run,
        stop: arguments.stop,
        waiting: Vec::new(),
        began: now,
        opened: now,
        lines: 0,
        done: 0,
        failed: 0,
    };
    let mut line = Vec::new();
    loop {
        line.clear();
        let is_end = match &mut file {
            Some(file) => read_line(file, &mut line)?,
            None => {
                if !(work.has_input)() {
                    batch.settle(work)?;
                    work.kept.release();
                }
                read_line(work.input, &mut line)?
            }
        };
        let goes_on = (is_end && line.is_empty()) || batch.take(work, &line)?;
        if is_end || !goes_on {
            break;
        }
    }
    batch.settle(work)?;
    work.kept.release();
    Ok(batch.answer())
}

/// Reads a line without its end, and says whether it is the last.
fn read_line(input: &mut (impl BufRead + ?Sized), line: &mut Vec<u8>) -> Result<bool> {
    let most = u64::try_from(LONGEST_LINE).unwrap_or(u64::MAX);
    let read = std::io::Read::take(&mut *input, most).read_until(b'\n', line);
    read.map_err(|error| Error::io("cannot read the commands", error))?;
    if line.last() == Some(&b'\n') {
        line.pop();
        return Ok(false);
    }
    if line.len() >= LONGEST_LINE {
        return Err(Error::invalid(format!(
            "a line of the batch is longer than {LONGEST_LINE} bytes"
        )));
    }
    Ok(true)
}

/// A batch in the making.
struct Batch {
    parser: Command,
    dry_run: bool,
    stop: bool,
    /// What the commands of the present group say, by their lines.
    waiting: Vec<(usize, Result<Output>)>,
    began: Instant,
    opened: Instant,
    lines: usize,
    done: usize,
    failed: usize,
}

impl Batch {
    /// Runs a line, and says whether to go on.
    fn take(&mut self, work: &mut Work<'_>, line: &[u8]) -> Result<bool> {
        self.lines += 1;
        let result = match words(line) {
            Ok(words) if words.is_empty() => return Ok(true),
            Ok(words) => self.run(work, words),
            Err(error) => Err(error),
        };
        let stops = self.stop && result.is_err();
        if self.waiting.is_empty() {
            self.began = Instant::now();
        }
        self.waiting.push((self.lines, result));
        if self.began.elapsed() >= GROUP_TIME || stops {
            self.settle(work)?;
        }
        if self.opened.elapsed() >= HOLD_TIME {
            self.settle(work)?;
            work.kept.release();
            std::thread::sleep(LET_GO);
            self.opened = Instant::now();
        }
        Ok(!stops)
    }

    fn run(&mut self, work: &mut Work<'_>, words: Vec<OsString>) -> Result<Output> {
        work.env.context.now = (work.clock)();
        let parsed = self
            .parser
            .try_get_matches_from_mut(crate::cli::readable(&words));
        let matches = parsed.map_err(|error| misread(&error))?;
        if matches!(
            matches.subcommand_name(),
            None | Some("batch" | "demo" | "keys")
        ) {
            return Err(Error::usage("this cannot run in a batch"));
        }
        let output = crate::cli::dispatch(work, &matches, self.dry_run);
        work.dry_run = self.dry_run;
        output
    }

    /// Makes what was changed last, then says what was held back.
    fn settle(&mut self, work: &mut Work<'_>) -> Result<()> {
        let finished = work.kept.finish_group();
        if let Err(error) = finished {
            let lines: Vec<String> = self
                .waiting
                .iter()
                .map(|(line, _)| line.to_string())
                .collect();
            let first = lines.first().cloned().unwrap_or_default();
            self.waiting.clear();
            return Err(error.detail(format!("nothing from line {first} on was saved")));
        }
        for (line, result) in self.waiting.drain(..) {
            let printed = match result {
                Ok(output) => work.printer.print(&output),
                Err(error) => {
                    self.failed += 1;
                    let message = format!("line {line}: {}", error.message);
                    work.printer.error(&Error { message, ..error }).map(|()| 0)
                }
            };
            self.done += 1;
            if let Err(error) = printed
                && let Some(error) = output::failure(error)
            {
                return Err(error);
            }
        }
        Ok(())
    }

    fn answer(&self) -> Output {
        let succeeded = self.done - self.failed;
        let mut summary = format!("{succeeded} done");
        if self.failed > 0 {
            summary.push_str(&format!(", {} failed", self.failed));
        }
        let said = Output::said(summary);
        let code = if self.failed > 0 { 1 } else { 0 };
        Output::WithCode(Box::new(said), code)
    }
}

/// The words of a line as a shell parts them; none of an empty line or a comment.
fn words(line: &[u8]) -> Result<Vec<OsString>> {
    let text = std::str::from_utf8(line)
        .map_err(|_| Error::invalid("it is no UTF-8"))?
        .trim();
    if text.is_empty() || text.starts_with('#') {
        return Ok(Vec::new());
    }
    let mut words = shell_words::split(text)
        .map_err(|_| Error::usage("a quote is not closed").hint("close it on the same line"))?;
    if words.first().is_some_and(|first| first == "touchbase") {
        words.remove(0);
    }
    Ok(words.into_iter().map(OsString::from).collect())
}
