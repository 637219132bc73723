//! Runs a program of the user's: something on its standard input, a limit of time, and what it
//! said on standard error.

use std::io::{self, Read, Write as _};
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// So much of what a program says is kept.
const MOST_SAID: u64 = 64 * 1024;
/// How often is looked whether a program has ended, at most.
const LOOK: Duration = Duration::from_millis(10);

/// How a program ended.
#[derive(Debug)]
pub enum Ended {
    /// By itself, with this status and what it said on standard error.
    Itself(ExitStatus, String),
    /// It took too long and was killed.
    TooLate,
}

/// Runs a program with `input` on its standard input; its standard output goes nowhere. When it
/// takes longer than `limit`, it and what it started are killed.
///
/// # Errors
/// When it cannot be started or waited for.
pub fn run(mut command: Command, input: &[u8], limit: Duration) -> io::Result<Ended> {
    let began = Instant::now();
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .process_group(0)
        .spawn()?;
    let (stdin, stderr) = (child.stdin.take(), child.stderr.take());
    let (sender, said) = std::sync::mpsc::channel();
    // Not joined: a program that goes on in the background may hold its standard error open.
    thread::spawn(move || {
        let mut text = Vec::new();
        if let Some(stderr) = stderr {
            let _ = stderr.take(MOST_SAID).read_to_end(&mut text);
        }
        let _ = sender.send(String::from_utf8_lossy(&text).into_owned());
    });
    let input = input.to_vec();
    thread::spawn(move || {
        if let Some(mut stdin) = stdin {
            // A program need not read what it is given.
            let _ = stdin.write_all(&input);
        }
    });
    let Some(status) = wait(&mut child, began, limit)? else {
        return Ok(Ended::TooLate);
    };
    let left = limit.saturating_sub(began.elapsed()).max(LOOK);
    let said = said.recv_timeout(left).unwrap_or_default();
    Ok(Ended::Itself(status, said))
}

/// Waits for a program; none when it had to be killed.
fn wait(child: &mut Child, began: Instant, limit: Duration) -> io::Result<Option<ExitStatus>> {
    let mut pause = Duration::from_micros(500);
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if began.elapsed() >= limit {
            kill(child);
            child.wait()?;
            return Ok(None);
        }
        thread::sleep(pause);
        pause = (pause * 2).min(LOOK);
    }
}

/// Kills a program and what it started.
fn kill(child: &mut Child) {
    let group = i32::try_from(child.id()).ok();
    let group = group.and_then(rustix::process::Pid::from_raw);
    if let Some(group) = group {
        let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
    }
    let _ = child.kill();
}
