//! A world for tests: a store in a folder of its own, a fixed clock, counted ids, a fixed width.

use chrono::{DateTime, Utc};
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use touchbase::app;
use touchbase::app::host::Host;
use touchbase::domain::id::{CountedIds, Id, IdSource};

/// When it is, unless a test says otherwise: Wednesday morning in Berlin.
pub(crate) const NOW: &str = "2026-11-25T10:00:00+01:00";

/// What a command did.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Ran {
    pub(crate) out: String,
    pub(crate) err: String,
    pub(crate) code: u8,
}

/// A place to run commands in.
pub(crate) struct World {
    folder: tempfile::TempDir,
    pub(crate) vars: BTreeMap<String, String>,
    pub(crate) now: DateTime<Utc>,
    pub(crate) terminal: bool,
    pub(crate) width: usize,
    ids: Arc<Mutex<CountedIds>>,
}

#[derive(Clone, Default)]
struct Sink(Arc<Mutex<Vec<u8>>>);

impl Sink {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).expect("output is UTF-8")
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

struct SharedIds(Arc<Mutex<CountedIds>>);

impl IdSource for SharedIds {
    fn next_id(&mut self, moment: DateTime<Utc>) -> Id {
        self.0.lock().unwrap().next_id(moment)
    }
}

impl World {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let home = folder.path().to_string_lossy().into_owned();
        let vars = [
            ("HOME", home.as_str()),
            ("TZ", "Europe/Berlin"),
            ("LANG", "de_DE.UTF-8"),
            ("NO_COLOR", "1"),
            ("TOUCHBASE_NOW", NOW),
        ];
        let vars = vars.map(|(name, value)| (name.to_owned(), value.to_owned()));
        Self {
            vars: vars.into(),
            now: NOW.parse().expect("a moment"),
            terminal: false,
            width: 80,
            ids: Arc::default(),
            folder,
        }
    }

    /// The folder in which commands run, with the home in it.
    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Writes the settings file.
    pub(crate) fn set_settings(&self, text: &str) {
        let folder = self.path().join(".config/touchbase");
        std::fs::create_dir_all(&folder).expect("a folder for the settings");
        std::fs::write(folder.join("config.toml"), text).expect("the settings can be written");
    }

    /// Where the store lies.
    pub(crate) fn data(&self) -> PathBuf {
        self.path().join(".local/share/touchbase")
    }

    /// Passes over so many ids, so that new ones differ early from those of made-up data.
    pub(crate) fn skip_ids(&self, count: usize) {
        let mut ids = self.ids.lock().unwrap();
        for _ in 0..count {
            ids.next_id(self.now);
        }
    }

    /// Runs a command line in this process.
    pub(crate) fn run(&self, words: &[&str], input: &str) -> Ran {
        let (out, err) = (Sink::default(), Sink::default());
        let (now, ids) = (self.now, Arc::clone(&self.ids));
        let mut host = Host {
            vars: self.vars.clone(),
            input: Box::new(Cursor::new(input.to_owned().into_bytes())),
            has_input: Box::new(|| true),
            out: Box::new(out.clone()),
            settle_out: || Ok(()),
            err: Box::new(err.clone()),
            in_is_terminal: false,
            out_is_terminal: self.terminal,
            err_is_terminal: self.terminal,
            width: self.width,
            now: Arc::new(move || now),
            program: None,
            ids: Box::new(move || Box::new(SharedIds(Arc::clone(&ids)))),
        };
        let arguments: Vec<OsString> = words.iter().map(Into::into).collect();
        let code = app::run(&arguments, &mut host);
        Ran {
            out: out.text(),
            err: err.text(),
            code,
        }
    }

    /// A command of the real program in this world.
    pub(crate) fn program(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_touchbase"));
        command
            .env_clear()
            .envs(&self.vars)
            .current_dir(self.path());
        command
    }

    /// Runs a command line with the real program.
    pub(crate) fn run_program(&self, words: &[&str], input: &str) -> Ran {
        let mut child = self
            .program()
            .args(&words[1..])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        // It may end without reading its input.
        let _ = child
            .stdin
            .take()
            .expect("piped")
            .write_all(input.as_bytes());
        let done = child.wait_with_output().expect("the program ends");
        Ran {
            out: String::from_utf8(done.stdout).expect("UTF-8"),
            err: String::from_utf8(done.stderr).expect("UTF-8"),
            code: done
                .status
                .code()
                .and_then(|code| u8::try_from(code).ok())
                .unwrap_or(u8::MAX),
        }
    }
}

/// Splits a line into words at spaces, with single and double quotes as a shell has them.
pub(crate) fn split(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    for letter in line.chars() {
        match (quote, letter) {
            (Some(open), letter) if letter == open => quote = None,
            (None, '\'' | '"') => {
                quote = Some(letter);
                word.get_or_insert_default();
            }
            (None, ' ') => words.extend(word.take()),
            (_, letter) => word.get_or_insert_default().push(letter),
        }
    }
    words.extend(word);
    words
}
