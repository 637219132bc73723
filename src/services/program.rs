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

/// How long to wait for the last words of a program that has ended: one that it has started may
/// keep its standard error open.
const LAST_WORDS: Duration = Duration::from_millis(200);

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
        let Some(mut stderr) = stderr else { return };
        let _ = (&mut stderr).take(MOST_SAID).read_to_end(&mut text);
        let _ = sender.send(String::from_utf8_lossy(&text).into_owned());
        // The rest is not kept, but a program that nobody listens to would be ended.
        let _ = io::copy(&mut stderr, &mut io::sink());
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
    let said = said.recv_timeout(LAST_WORDS).unwrap_or_default();
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether it succeeded, and what it said; nothing when it was killed.
    fn shell(script: &str, input: &str, limit: u64) -> Option<(bool, String)> {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        let limit = Duration::from_millis(limit);
        match run(command, input.as_bytes(), limit).expect("it starts") {
            Ended::Itself(status, said) => Some((status.success(), said)),
            Ended::TooLate => None,
        }
    }

    #[test]
    fn success_is_what_the_program_says() {
        let long = "x".repeat(1 << 20);
        let ok = |said: &str| Some((true, said.to_owned()));
        assert_eq!(
            shell("read word; test $word = hello", "hello\n", 5_000),
            ok("")
        );
        // One that reads nothing, one that says a lot, one that leaves a child behind.
        assert_eq!(shell("exit 0", &long, 5_000), ok(""));
        let said = shell("cat >&2", &long, 5_000).expect("in time");
        assert_eq!((said.0, said.1.len()), (true, 64 * 1024));
        assert_eq!(shell("sleep 3 & exit 0", "", 2_500), ok(""));
        let failed = Some((false, "why\n".to_owned()));
        assert_eq!(shell("echo why >&2; exit 4", "", 5_000), failed);
        assert!(run(Command::new("/no/such"), &[], Duration::from_secs(1)).is_err());
    }

    #[test]
    fn what_takes_too_long_is_ended_with_all_that_it_started() {
        let began = Instant::now();
        assert_eq!(shell("sleep 20 & sleep 20", "", 50), None);
        assert!(began.elapsed() < Duration::from_secs(5));
    }
}
