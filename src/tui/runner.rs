//! The only part of the screen that does work: it reads the terminal, hands intents to a
//! worker thread that owns the desk, follows changes that others make, and draws.

use super::model::Model;
use super::msg::{Effect, Msg, Token};
use super::screen;
use super::term::Guard;
use super::theme::Theme;
use super::update::update;
use crate::error::{Error, ErrorKind, Result};
use crate::services::desk::{Desk, Seen};
use crate::services::intent::Intent;
use chrono::{DateTime, Utc};
use crossterm::event::{self, Event};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM, SIGTSTP};
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// How often the head file is looked at, and time passes on the screen.
const BEAT: Duration = Duration::from_millis(250);
/// How many messages are taken before the screen is drawn again.
const BURST: usize = 64;

/// What the worker is asked to do.
#[expect(clippy::large_enum_variant, reason = "a handful at a time")]
enum Job {
    Load,
    Perform(Token, Intent),
}

/// Shows the screen until the user leaves it.
///
/// # Errors
/// When the terminal fails.
pub fn run(desk: Desk, monochrome: bool, clock: &dyn Fn() -> DateTime<Utc>) -> Result<()> {
    let (context, settings) = (desk.context(), desk.settings().clone());
    let failed = |error| Error::io("cannot use the terminal", error);
    let mut guard = Guard::take().map_err(failed)?;
    let size = guard.terminal.size().map_err(failed)?;
    let size = (size.width, size.height);
    let mut model = Model::new(context, settings, Theme::new(monochrome), size);

    let (sender, messages) = channel();
    let stopping = Arc::new(AtomicBool::new(false));
    let (jobs, worker) = start_worker(desk, sender.clone());
    let signals = follow_signals(sender.clone()).map_err(failed)?;
    let input = start_input(sender, Arc::clone(&stopping));

    let _ = jobs.send(Job::Load);
    let result = turn(&mut guard, &mut model, &messages, &jobs, clock);
    drop(guard);
    stopping.store(true, Ordering::SeqCst);
    signals.close();
    // What was asked for before leaving is still carried out and flushed.
    drop(jobs);
    let finished = worker.join();
    // crossterm reads a terminal that is gone over and over inside its own call and never comes
    // back: such a thread is left behind, and ends with the process.
    let patience = Instant::now();
    while !input.is_finished() && patience.elapsed() < BEAT {
        std::thread::sleep(BEAT / 50);
    }
    match finished {
        Ok(()) => result.map_err(failed),
        Err(_) => Err(Error::new(
            ErrorKind::Bug,
            "the worker of the screen failed",
        )),
    }
}

/// Draws and takes messages until one of them ends it.
fn turn(
    guard: &mut Guard,
    model: &mut Model,
    messages: &Receiver<Msg>,
    jobs: &Sender<Job>,
    clock: &dyn Fn() -> DateTime<Utc>,
) -> io::Result<()> {
    loop {
        // Nothing is written while nothing happens: a far terminal stays quiet.
        if model.take_stale() {
            guard.terminal.draw(|frame| screen::view(model, frame))?;
        }
        let first = match messages.recv_timeout(BEAT) {
            Ok(msg) => Some(msg),
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => return Ok(()),
        };
        let more = messages.try_iter().take(BURST);
        let all: Vec<Msg> = [Msg::Tick(clock())]
            .into_iter()
            .chain(first)
            .chain(more)
            .collect();
        for msg in all {
            for effect in update(model, msg) {
                match effect {
                    Effect::Quit => return Ok(()),
                    Effect::Load => drop(jobs.send(Job::Load)),
                    Effect::Perform(token, intent) => drop(jobs.send(Job::Perform(token, intent))),
                    Effect::Redraw => guard.terminal.clear()?,
                    Effect::Suspend => {
                        guard.without(stop)?;
                        let size = guard.terminal.size()?;
                        update(model, Msg::Resize(size.width, size.height));
                    }
                }
            }
        }
    }
}

/// Stops the process until the shell lets it go on.
fn stop() -> io::Result<()> {
    signal_hook::low_level::emulate_default_handler(SIGTSTP)
}

/// Reads the terminal on a thread of its own, so that nothing waits for a key.
fn start_input(sender: Sender<Msg>, stopping: Arc<AtomicBool>) -> JoinHandle<()> {
    std::thread::spawn(move || {
        while !stopping.load(Ordering::SeqCst) {
            let msg =
                match event::poll(BEAT / 4).and_then(|ready| ready.then(event::read).transpose()) {
                    Ok(Some(Event::Key(key))) => Msg::Key(key),
                    Ok(Some(Event::Paste(text))) => Msg::Paste(text),
                    Ok(Some(Event::Mouse(mouse))) => Msg::Mouse(mouse),
                    Ok(Some(Event::Resize(columns, rows))) => Msg::Resize(columns, rows),
                    Ok(_) => continue,
                    Err(_) => Msg::QuitAsked,
                };
            let ends = matches!(msg, Msg::QuitAsked);
            if sender.send(msg).is_err() || ends {
                return;
            }
        }
    })
}

/// Turns signals into messages: the ones that end the program, and the one that stops it.
fn follow_signals(sender: Sender<Msg>) -> io::Result<signal_hook::iterator::Handle> {
    let mut signals = signal_hook::iterator::Signals::new([SIGTERM, SIGHUP, SIGINT, SIGTSTP])?;
    let handle = signals.handle();
    std::thread::spawn(move || {
        for signal in signals.forever() {
            let msg = if signal == SIGTSTP {
                Msg::SuspendAsked
            } else {
                Msg::QuitAsked
            };
            if sender.send(msg).is_err() {
                return;
            }
        }
    });
    Ok(handle)
}

fn start_worker(desk: Desk, sender: Sender<Msg>) -> (Sender<Job>, JoinHandle<()>) {
    let (jobs, received) = channel();
    let worker = Worker {
        desk,
        sender,
        known: None,
    };
    (jobs, std::thread::spawn(move || worker.run(&received)))
}

/// Owns the desk; reads and writes the store while the screen goes on.
struct Worker {
    desk: Desk,
    sender: Sender<Msg>,
    /// The change up to which the screen knows the records.
    known: Option<Seen>,
}

impl Worker {
    fn run(mut self, jobs: &Receiver<Job>) {
        loop {
            let told = match jobs.recv_timeout(BEAT) {
                Ok(Job::Load) => self.load(),
                Ok(Job::Perform(token, intent)) => {
                    let result = self.desk.perform(intent);
                    // The new records first, so that the receipt speaks of what is shown.
                    let _ = self.catch_up();
                    self.sender.send(Msg::Performed(token, result)).is_ok()
                }
                Err(RecvTimeoutError::Timeout) if self.desk.head() != self.known => self.catch_up(),
                Err(RecvTimeoutError::Timeout) => true,
                Err(RecvTimeoutError::Disconnected) => return,
            };
            if !told {
                return;
            }
        }
    }

    /// Reads everything; false when nobody listens any more.
    fn load(&mut self) -> bool {
        // Looked at before: a tree that comes in between is read once more, not passed over.
        let tree = self.desk.head().map_or(0, |head| head.tree);
        let msg = match self.desk.load() {
            Ok((snapshot, number)) => {
                self.known = Some(Seen { number, tree });
                Msg::Loaded(Box::new(snapshot), number)
            }
            Err(error) => Msg::Failed(error),
        };
        self.sender.send(msg).is_ok()
    }

    /// Reads what changed since; everything, when the store is another one now or its log does
    /// not reach back so far.
    fn catch_up(&mut self) -> bool {
        let (Some(known), Some(head)) = (self.known, self.desk.head()) else {
            return self.known.is_some() || self.load();
        };
        if head == known {
            return true;
        }
        // Another tree may tell another story of the same changes.
        if head.tree != known.tree || head.number < known.number {
            return self.load();
        }
        let msg = match self.desk.since(known.number) {
            Ok(Some((number, records))) => {
                self.known = Some(Seen { number, ..known });
                Msg::Changed(number, records)
            }
            Ok(None) => return self.load(),
            Err(error) => Msg::Failed(error),
        };
        self.sender.send(msg).is_ok()
    }
}
