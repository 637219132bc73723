//! Runs another program with an input and a time limit; what it says is shown when it fails.

use crate::error::{Error, ErrorKind, Result};
use rustix::process::{Pid, Signal, kill_process_group};
use std::io::{Read as _, Write as _};
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

/// No more of what a program says is kept.
const MOST_WORDS: u64 = 64 * 1024;
/// How often one looks whether it has ended, at first and later.
const LOOK: (Duration, Duration) = (Duration::from_millis(2), Duration::from_millis(50));
/// How long to wait for the last words of a program that has ended: one that it has started may
/// keep its standard error open.
const LAST_WORDS: Duration = Duration::from_millis(200);

/// Runs it and waits for its success.
///
/// # Errors
/// When it cannot be started, fails, or takes longer than `limit`; it is then killed, with
/// what it has started.
pub(super) fn run(mut command: Command, input: &[u8], limit: Duration) -> Result<()> {
    let name = command.get_program().to_string_lossy().into_owned();
    let failed = |why: &str| Error::new(ErrorKind::Io, format!("`{name}` did not tell it: {why}"));
    let spawned = command
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .process_group(0)
        .spawn();
    let mut child = spawned.map_err(|error| failed(&error.to_string()))?;
    if let Some(mut stdin) = child.stdin.take() {
        let input = input.to_vec();
        // A program may end well without reading all of its input.
        thread::spawn(move || stdin.write_all(&input));
    }
    let words = words_of(&mut child);
    let status = wait(&mut child, limit).map_err(|error| failed(&error.to_string()))?;
    let said = words.recv_timeout(LAST_WORDS).unwrap_or_default();
    let said = said.lines().filter(|line| !line.trim().is_empty());
    let error = match status {
        Some(status) if status.success() => return Ok(()),
        Some(status) => failed(&status.to_string()),
        None => failed(&format!("it took longer than {}s", limit.as_secs()))
            .hint("allow it more with `time-limit` below `[remind]` in the settings"),
    };
    Err(said.take(5).fold(error, Error::detail))
}

fn words_of(child: &mut Child) -> Receiver<String> {
    let (sender, receiver) = channel();
    if let Some(mut stderr) = child.stderr.take() {
        thread::spawn(move || {
            let mut bytes = Vec::new();
            let _ = (&mut stderr).take(MOST_WORDS).read_to_end(&mut bytes);
            let _ = sender.send(String::from_utf8_lossy(&bytes).into_owned());
            // The rest is not kept, but a program that nobody listens to would be ended.
            let _ = std::io::copy(&mut stderr, &mut std::io::sink());
        });
    }
    receiver
}

/// Waits for its end; none when it took too long.
fn wait(child: &mut Child, limit: Duration) -> std::io::Result<Option<ExitStatus>> {
    let began = Instant::now();
    let mut pause = LOOK.0;
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if began.elapsed() >= limit {
            let process = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
            if let Some(process) = process {
                let _ = kill_process_group(process, Signal::KILL);
            }
            child.wait()?;
            return Ok(None);
        }
        thread::sleep(pause);
        pause = (pause * 2).min(LOOK.1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str, input: &str, limit: u64) -> Result<()> {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        run(command, input.as_bytes(), Duration::from_millis(limit))
    }

    #[test]
    fn success_is_what_the_program_says() {
        let long = "x".repeat(1 << 20);
        assert!(shell("read word; test \"$word\" = hello", "hello\n", 5_000).is_ok());
        // One that reads nothing, one that says a lot, one that leaves a child behind.
        assert!(shell("exit 0", &long, 5_000).is_ok());
        assert!(shell("cat >&2", &long, 5_000).is_ok());
        assert!(shell("sleep 3 & exit 0", "", 1_000).is_ok());
        let failed = shell("echo why >&2; echo; exit 4", "", 5_000).expect_err("failed");
        assert_eq!(failed.details, ["why"]);
        let missing = run(Command::new("/no/such"), &[], Duration::from_secs(1));
        assert_eq!(missing.expect_err("missing").kind, ErrorKind::Io);
    }

    #[test]
    fn what_takes_too_long_is_ended_with_all_that_it_started() {
        let began = Instant::now();
        let failed = shell("sleep 20 & sleep 20", "", 50).expect_err("too long");
        assert!(failed.message.contains("took longer"), "{failed:?}");
        assert!(began.elapsed() < Duration::from_secs(5));
    }
}
