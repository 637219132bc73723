//! The real program in a pseudo-terminal: keys in, screen out, and the terminal as it was.

use crate::world::World;
use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use std::io::{Read, Write};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// How long a text may take to appear. Generous: the machine may be busy.
const PATIENCE: Duration = Duration::from_secs(20);

/// A terminal with the program in it.
pub(crate) struct Terminal {
    screen: Arc<Mutex<vt100::Parser>>,
    raw: Arc<Mutex<Vec<u8>>>,
    keys: Box<dyn Write + Send>,
    pub(crate) child: Box<dyn Child + Send + Sync>,
    _master: Box<dyn MasterPty + Send>,
}

impl Terminal {
    pub(crate) fn open(world: &World, arguments: &[&str], size: (u16, u16)) -> Self {
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_touchbase"));
        command.args(arguments);
        command.env_clear();
        for (name, value) in &world.vars {
            // The clock must run: the screen follows it.
            if name != "TOUCHBASE_NOW" {
                command.env(name, value);
            }
        }
        command.env("TERM", "xterm-256color");
        command.cwd(world.path());
        Self::start(command, size)
    }

    /// A terminal with any program in it.
    pub(crate) fn start(command: CommandBuilder, (columns, rows): (u16, u16)) -> Self {
        let size = PtySize {
            rows,
            cols: columns,
            pixel_width: 0,
            pixel_height: 0,
        };
        let pair = native_pty_system()
            .openpty(size)
            .expect("a pseudo-terminal");
        let child = pair
            .slave
            .spawn_command(command)
            .expect("the program starts");
        drop(pair.slave);
        let screen = Arc::new(Mutex::new(vt100::Parser::new(rows, columns, 0)));
        let raw = Arc::new(Mutex::new(Vec::new()));
        let mut reader = pair.master.try_clone_reader().expect("a reader");
        let (shown, kept) = (Arc::clone(&screen), Arc::clone(&raw));
        std::thread::spawn(move || {
            let mut buffer = [0; 8192];
            while let Ok(count) = reader.read(&mut buffer) {
                if count == 0 {
                    break;
                }
                shown.lock().unwrap().process(&buffer[..count]);
                kept.lock().unwrap().extend_from_slice(&buffer[..count]);
            }
        });
        let keys = pair.master.take_writer().expect("a writer");
        Self {
            screen,
            raw,
            keys,
            child,
            _master: pair.master,
        }
    }

    pub(crate) fn text(&self) -> String {
        self.screen.lock().unwrap().screen().contents()
    }

    pub(crate) fn press(&mut self, keys: &str) {
        self.keys
            .write_all(keys.as_bytes())
            .expect("the terminal takes keys");
        self.keys.flush().expect("the terminal takes keys");
    }

    /// Presses keys, whether or not there is still anyone to take them.
    pub(crate) fn try_to_press(&mut self, keys: &str) {
        let typed = self.keys.write_all(keys.as_bytes());
        let _ = typed.and_then(|()| self.keys.flush());
    }

    /// Waits until the screen fulfils a condition; never sleeps longer than it must.
    pub(crate) fn wait(&self, what: &str, fulfilled: impl Fn(&str) -> bool) -> Duration {
        let started = Instant::now();
        while started.elapsed() < PATIENCE {
            if fulfilled(&self.text()) {
                return started.elapsed();
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        panic!(
            "waited in vain for {what}; the screen shows\n{}",
            self.text()
        );
    }

    pub(crate) fn wait_for(&self, text: &str) -> Duration {
        self.wait(&format!("`{text}`"), |screen| screen.contains(text))
    }

    /// Waits for the program's end and gives its exit code.
    pub(crate) fn end(&mut self) -> u32 {
        let started = Instant::now();
        while started.elapsed() < PATIENCE {
            if let Some(status) = self.child.try_wait().expect("a child can be waited for") {
                return status.exit_code();
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        panic!("the program did not end; the screen shows\n{}", self.text());
    }

    /// Leaves by `q`, with nothing open that it would close first.
    pub(crate) fn leave(&mut self) {
        self.press("q");
        assert_eq!(self.end(), 0);
    }

    /// Whether everything that the screen switched on was switched off again.
    fn is_restored(&self) -> bool {
        // The reader may still be behind the program's last words.
        let started = Instant::now();
        let raw = |raw: &[u8]| String::from_utf8_lossy(raw).into_owned();
        let last = |text: &str, on: &str, off: &str| text.rfind(off) > text.rfind(on);
        while started.elapsed() < PATIENCE {
            let text = raw(&self.raw.lock().unwrap());
            let pairs = [
                ("\x1b[?1049h", "\x1b[?1049l"),
                ("\x1b[?25l", "\x1b[?25h"),
                ("\x1b[?1000h", "\x1b[?1000l"),
                ("\x1b[?2004h", "\x1b[?2004l"),
            ];
            if pairs
                .iter()
                .all(|(on, off)| !text.contains(on) || last(&text, on, off))
            {
                return text.contains("\x1b[?1049h");
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        false
    }
}

pub(crate) const CTRL_S: &str = "\x13";
const ESC: &str = "\x1b";

/// The shell's answer, with the real clock.
pub(crate) fn shell(world: &World, words: &[&str]) -> String {
    let mut command = world.program();
    let done = command
        .env_remove("TOUCHBASE_NOW")
        .args(words)
        .output()
        .expect("the program runs");
    assert!(
        done.status.success(),
        "{words:?}: {}",
        String::from_utf8_lossy(&done.stderr)
    );
    String::from_utf8(done.stdout).expect("UTF-8")
}

#[test]
fn a_day_on_the_screen_is_what_the_shell_shows_afterwards() {
    let world = World::new();
    shell(&world, &["company", "add", "Acme GmbH"]);
    shell(
        &world,
        &[
            "contact",
            "add",
            "Ana Silva",
            "--company",
            "acme",
            "--lifecycle",
            "customer",
        ],
    );
    shell(
        &world,
        &[
            "deal",
            "add",
            "New site",
            "--value",
            "4200",
            "--contact",
            "ana",
        ],
    );
    let mut terminal = Terminal::open(&world, &[], (120, 40));
    terminal.wait_for("home");
    for (key, expect) in [
        ("1", "Ana Silva"),
        ("2", "4,200 EUR"),
        ("3", "calendar"),
        ("4", "No leads yet"),
        ("5", "Acme GmbH"),
        ("0", "Pipeline"),
    ] {
        terminal.press(key);
        if expect == "calendar" {
            terminal.wait("the follow-ups", |screen| screen.contains("follow-up"));
        } else {
            terminal.wait_for(expect);
        }
    }

    terminal.press("1");
    terminal.wait_for("lifecycle");
    terminal.press("a");
    terminal.wait_for("Ctrl-S save");
    terminal.press("Zora Quill");
    terminal.wait_for("Zora Quill");
    terminal.press(&format!("\tzora@quill.example{CTRL_S}"));
    terminal.wait("the toast", |screen| {
        screen.contains("added contact Zora Quill")
    });

    terminal.press("cc");
    terminal.wait_for("Log a call with Zora Quill");
    terminal.press(&format!("asked for a quote{CTRL_S}"));
    terminal.wait_for("logged call with Zora Quill");

    terminal.press("r");
    terminal.wait_for("Follow up with Zora Quill");
    terminal.press(&format!("+3d\tsend the quote{CTRL_S}"));
    terminal.wait_for("send the quote");
    terminal.wait("the dialog to close", |screen| !screen.contains("Every"));

    terminal.press("2");
    terminal.wait_for("4,200 EUR");
    terminal.press("L");
    terminal.wait_for("lead → qualified");
    terminal.press("u");
    terminal.wait_for("undid: moved New site");

    terminal.press("1/customer");
    terminal.wait("the filter", |screen| {
        screen.contains("Ana Silva") && !screen.contains("Zora Quill ")
    });
    terminal.press(ESC);
    terminal.wait_for("Zora Quill");
    terminal.leave();
    assert!(
        terminal.is_restored(),
        "the terminal is left as the screen had it"
    );

    assert!(shell(&world, &["contact", "list"]).contains("Zora Quill"));
    assert!(shell(&world, &["activity", "list"]).contains("asked for a quote"));
    assert!(shell(&world, &["due", "+3d"]).contains("send the quote"));
    assert!(!shell(&world, &["due", "+2d"]).contains("send the quote"));
    assert!(shell(&world, &["deal", "list"]).contains("\tlead\t"));
    let history = shell(&world, &["history"]);
    assert!(
        history.contains("screen\tmoved New site: lead → qualified"),
        "{history}"
    );
}

#[test]
fn forty_logs_at_once_reach_the_store_and_the_open_screen() {
    let world = World::new();
    shell(&world, &["contact", "add", "Ana Silva"]);
    let mut terminal = Terminal::open(&world, &[], (120, 40));
    terminal.wait_for("home");
    terminal.press("1");
    terminal.wait_for("Ana Silva");
    let started = Instant::now();
    let children: Vec<_> = (1..=40)
        .map(|number| {
            let text = format!("call number {number:02}");
            let mut command = world.program();
            command.env_remove("TOUCHBASE_NOW").args([
                "log",
                "ana",
                &text,
                "-q",
                "--lock-timeout",
                "60s",
            ]);
            command.stdout(std::process::Stdio::null());
            command.spawn().expect("the program starts")
        })
        .collect();
    for mut child in children {
        assert!(child.wait().expect("it ends").success());
    }
    println!("40 logs at once: {} ms", started.elapsed().as_millis());
    let listed = shell(&world, &["activity", "list", "--columns", "text"]);
    for number in 1..=40 {
        assert!(
            listed.contains(&format!("call number {number:02}")),
            "{number} is missing"
        );
    }
    // Without a key: the history beside the list has the newest of them.
    let shown = terminal.wait_for("call number");
    println!("shown {} ms after the last answered", shown.as_millis());
    terminal.leave();
}

#[test]
fn a_store_that_is_restored_or_compacted_is_followed_by_the_open_screen() {
    let other = World::new();
    shell(&other, &["contact", "add", "Zoë Quast"]);
    let backup = other.path().join("other.jsonl.gz").display().to_string();
    shell(&other, &["backup", &backup]);
    let world = World::new();
    shell(&world, &["contact", "add", "Ana Silva"]);
    let mut terminal = Terminal::open(&world, &[], (120, 40));
    terminal.press("1");
    terminal.wait_for("Ana Silva");
    // The same number of changes, and another story.
    shell(&world, &["restore", &backup, "-y"]);
    terminal.wait_for("Zoë Quast");
    shell(&world, &["compact"]);
    shell(&world, &["contact", "add", "Bo Berg"]);
    terminal.wait_for("Bo Berg");
    terminal.leave();
}

#[cfg(unix)]
#[test]
fn a_terminated_screen_restores_the_terminal() {
    let world = World::new();
    let mut terminal = Terminal::open(&world, &["demo"], (100, 30));
    terminal.wait_for("Due");
    let pid = terminal.child.process_id().expect("a process");
    let done = std::process::Command::new("kill")
        .args(["-TERM", &pid.to_string()])
        .status();
    assert!(done.expect("kill runs").success());
    terminal.end();
    assert!(terminal.is_restored());
}

#[test]
fn a_terminal_that_goes_away_takes_the_program_with_it() {
    let world = World::new();
    let size = PtySize {
        rows: 30,
        cols: 100,
        pixel_width: 0,
        pixel_height: 0,
    };
    let pair = native_pty_system()
        .openpty(size)
        .expect("a pseudo-terminal");
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_touchbase"));
    command.env_clear();
    command.env("HOME", world.path());
    command.env("TERM", "xterm-256color");
    let mut child = pair
        .slave
        .spawn_command(command)
        .expect("the program starts");
    drop(pair.slave);
    let mut reader = pair.master.try_clone_reader().expect("a reader");
    let (mut seen, mut buffer) = (String::new(), [0; 8192]);
    while !seen.contains("home") {
        let count = reader.read(&mut buffer).expect("the screen is drawn");
        seen.push_str(&String::from_utf8_lossy(&buffer[..count]));
    }
    // The window is closed: nobody reads or types any more.
    drop(reader);
    drop(pair.master);
    let started = Instant::now();
    let code = loop {
        if let Some(status) = child.try_wait().expect("a child can be waited for") {
            break status.exit_code();
        }
        assert!(
            started.elapsed() < PATIENCE,
            "it runs on without a terminal"
        );
        std::thread::sleep(Duration::from_millis(5));
    };
    assert_eq!(code, 0, "it ends as if it had been left");
}

#[test]
fn a_terminal_that_is_too_small_says_so_and_q_leaves() {
    let world = World::new();
    let mut terminal = Terminal::open(&world, &[], (30, 8));
    terminal.wait_for("40x10");
    terminal.leave();
    assert!(terminal.is_restored());
}
