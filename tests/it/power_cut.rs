//! Power cuts at every moment of a day's work, on a model of the disk.
//!
//! A process of its own works on a store and says which change was acknowledged; strace writes
//! down its system calls. The calls are played on a model of a file system ([`disk`]), and at
//! every step the folder is made as it could be found after a power cut ([`survival`]), opened,
//! and compared with what [`script`] says. A cut store is also worked on and cut again.

mod disk;
mod model;
mod piece;
mod script;
mod survival;
mod trace;

use crate::agreement::{self, Records};
use crate::chance::{Random, is_skipped, size};
use disk::{Contents, Disk};
use script::Script;
use std::collections::{BTreeMap, HashSet};
use std::fs::{self, File};
use std::io::{BufReader, Write as _};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::{Duration, Instant};
use survival::{Fate, VARIANTS, Variant};
use touchbase::store::folder::StoreFolder;
use trace::{Call, Step, Trace};

const FOLDER: &str = "TOUCHBASE_POWER_CUT";
const SCRIPT: &str = "TOUCHBASE_POWER_CUT_SCRIPT";
const CHANGES: &str = "TOUCHBASE_POWER_CUT_CHANGES";

/// A session makes at most so many changes.
const LARGEST_GROUP: u64 = 8;

/// The process that is traced; in a usual run of the tests it does nothing.
#[test]
fn workload() {
    let Some(folder) = std::env::var_os(FOLDER) else {
        return;
    };
    let number = |name: &str| -> u64 {
        let text = std::env::var(name).expect("set beside the folder");
        text.parse().expect("a number")
    };
    let (seed, mut left) = (number(SCRIPT), number(CHANGES));
    // Each workload is on a machine that was started anew.
    let start = format!("start {}", std::process::id());
    let folder = StoreFolder::new(folder, Duration::from_secs(30)).started_as(&start);
    let mut random = Random::seeded(seed);
    let mut script: Option<Script> = None;
    while left > 0 {
        // A fresh tree in the place of the old one must survive as well.
        if random.one_in(6) {
            folder.compact().expect("compacted");
        }
        let mut session = folder.open().expect("opens");
        let script = script.get_or_insert_with(|| Script::after(seed, session.last_change()));
        let groups = random.one_in(3);
        if groups {
            session.begin_group();
        }
        for _ in 0..=random.below(LARGEST_GROUP).min(left - 1) {
            let number = session.commit(script.next()).expect("committed");
            assert_eq!(number, script.number);
            if !groups {
                acknowledge(number);
            }
            left -= 1;
        }
        if groups {
            session.finish_group().expect("written");
            acknowledge(script.number);
        }
    }
}

/// Says that everything up to a change is kept.
fn acknowledge(number: u64) {
    let mut out = std::io::stdout().lock();
    out.write_all(format!("ack {number}\n").as_bytes())
        .expect("stdout");
    out.flush().expect("stdout");
}

/// A folder that is fast and forgotten, where there is one.
fn scratch() -> tempfile::TempDir {
    let made = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir());
    made.expect("a folder")
}

/// The calls of a workload on a folder that holds that already; none, with words, when strace
/// may not trace.
fn traced(start: &Contents, seed: u64, changes: u64) -> Option<(Trace, tempfile::TempDir)> {
    let place = scratch();
    let (folder, out) = (place.path().join("store"), place.path().join("trace"));
    fs::create_dir(&folder).expect("made");
    write(start, &folder);
    let calls: Vec<String> = trace::CALLS.iter().map(|call| format!("?{call}")).collect();
    let done = Command::new("strace")
        .args(["-f", "-xx", "-s", "4000000", "-e"])
        .arg(format!("trace={}", calls.join(",")))
        .arg("-o")
        .arg(&out)
        .arg(std::env::current_exe().expect("this program"))
        .args([
            "power_cut::workload",
            "--exact",
            "--nocapture",
            "--test-threads=1",
        ])
        .env(FOLDER, &folder)
        .env(SCRIPT, seed.to_string())
        .env(CHANGES, changes.to_string())
        .env_remove("RUST_BACKTRACE")
        .stdin(Stdio::null())
        .output();
    let Ok(done) = done else {
        println!("skipped: there is no strace");
        return None;
    };
    if !done.status.success() && !String::from_utf8_lossy(&done.stdout).contains("running") {
        println!("skipped: strace may not trace here");
        return None;
    }
    assert!(
        done.status.success(),
        "the workload failed: {}\n{}",
        String::from_utf8_lossy(&done.stdout),
        String::from_utf8_lossy(&done.stderr)
    );
    let trace = Trace::read(BufReader::new(File::open(out).expect("a trace")));
    fs::remove_file(place.path().join("trace")).expect("read");
    Some((trace, place))
}

fn write(contents: &Contents, folder: &Path) {
    for (path, content) in contents {
        let path = folder.join(path);
        match content {
            None => fs::create_dir(path).expect("made"),
            Some(bytes) => fs::write(path, &**bytes).expect("written"),
        }
    }
}

/// A folder as it may be found, and what must be in it.
struct Image {
    contents: Contents,
    acknowledged: u64,
    variant: Variant,
    moment: String,
}

/// Records after each change, the first after none.
type States = Vec<Records>;

/// What was found wrong: the kind of loss, and how it showed.
struct Loss {
    kind: &'static str,
    words: String,
}

fn loss(kind: &'static str, words: impl Into<String>) -> Loss {
    let words = words.into();
    Loss { kind, words }
}

/// Opens what was found; gives the number of the last change.
fn inspect(image: &Image, folder: &Path, seed: u64, states: &States) -> Result<u64, Loss> {
    write(&image.contents, folder);
    let store = StoreFolder::new(folder, Duration::from_secs(30)).started_as("after the cut");
    let open = || {
        let opened = store.open();
        opened.map_err(|error| loss("does not open", format!("{error:?}")))
    };
    let mut session = open()?;
    let last = session.last_change();
    let acknowledged = image.acknowledged;
    if last < acknowledged {
        return Err(loss(
            "lost an acknowledged change",
            format!("{last} of {acknowledged}"),
        ));
    }
    // A group is acknowledged as a whole, and may be kept in part before that.
    if last > acknowledged + LARGEST_GROUP {
        return Err(loss(
            "too many changes",
            format!("{last} of {acknowledged}"),
        ));
    }
    let wanted = |number: u64| &states[usize::try_from(number).expect("few")];
    let records = agreement::check(&session).map_err(|why| loss("disagrees with itself", why))?;
    if records != *wanted(last) {
        return Err(loss("other records", format!("after change {last}")));
    }
    if store.head().map(|head| head.number) != Some(last) {
        return Err(loss(
            "the head file is behind",
            format!("{:?}", store.head()),
        ));
    }
    let mut script = Script::at(seed, last, records);
    let next = session.commit(script.next());
    if !matches!(next, Ok(number) if number == last + 1) {
        return Err(loss("takes no further change", format!("{next:?}")));
    }
    drop(session);
    let session = open()?;
    let records = agreement::records(&session).map_err(|why| loss("further change", why))?;
    if session.last_change() != last + 1 || records != script.records {
        return Err(loss("further change", "is not there afterwards"));
    }
    Ok(last)
}

/// Of each kind of loss so many are told.
const EXAMPLES: usize = 3;

/// What came of all images.
#[derive(Default)]
struct Tally {
    images: BTreeMap<Variant, u64>,
    losses: BTreeMap<(&'static str, Variant), (u64, Vec<String>)>,
    /// Some of the folders that were whole, to work on: with the change that they had.
    kept: Vec<(Contents, u64)>,
    steps: u64,
}

impl Tally {
    fn take(&mut self, image: Image, result: Result<u64, Loss>, keep: bool) {
        *self.images.entry(image.variant).or_default() += 1;
        match result {
            Ok(last) if keep => self.kept.push((image.contents, last)),
            Ok(_) => {}
            Err(Loss { kind, words }) => {
                let entry = self.losses.entry((kind, image.variant)).or_default();
                entry.0 += 1;
                if entry.1.len() < EXAMPLES {
                    let acknowledged = image.acknowledged;
                    let moment = image.moment;
                    entry
                        .1
                        .push(format!("{words}; {acknowledged} acknowledged; {moment}"));
                }
            }
        }
    }

    fn print(&self) {
        let images: u64 = self.images.values().sum();
        println!("{} steps, {images} folders: {:?}", self.steps, self.images);
        // `Everything` is what a kill at that moment leaves, without any power cut.
        for ((kind, variant), (count, examples)) in &self.losses {
            println!("LOSS {count}× {kind} ({variant:?})");
            for example in examples {
                println!("  {example}");
            }
        }
    }
}

/// Opens images until there are no more.
fn work(images: &Mutex<Receiver<(Image, bool)>>, seed: u64, states: &States, tally: &Mutex<Tally>) {
    let place = scratch();
    loop {
        let next = images.lock().unwrap().recv();
        let Ok((image, keep)) = next else { return };
        let folder = place.path().join("found");
        fs::create_dir(&folder).expect("made");
        let inspected = catch_unwind(AssertUnwindSafe(|| inspect(&image, &folder, seed, states)));
        let result = inspected.unwrap_or_else(|panic| {
            let words = panic.downcast_ref::<String>().cloned();
            let words = words.or(panic.downcast_ref::<&str>().map(|&text| text.to_owned()));
            Err(loss("panics", words.unwrap_or_default()))
        });
        fs::remove_dir_all(&folder).expect("removed");
        tally.lock().unwrap().take(image, result, keep);
    }
}

/// How thorough a run is.
#[derive(Clone, Copy)]
struct Thoroughness {
    /// How many random halves there are of each step.
    halves: usize,
    /// One folder in so many is worked on and cut again.
    keep_one_in: u64,
}

/// Plays a trace and sends every folder that could be found.
fn play(
    trace: &Trace,
    mut disk: Disk,
    mut acknowledged: u64,
    random: &mut Random,
    how: Thoroughness,
    images: &SyncSender<(Image, bool)>,
) -> u64 {
    let (mut seen, mut steps) = (HashSet::new(), 0);
    for &step in &trace.steps {
        let matters = match step {
            Step::Begin(place) => {
                let call = &trace.calls[place];
                let acks = acknowledgement(call);
                acknowledged = acknowledged.max(acks.unwrap_or(0));
                disk.begin(place, call) || acks.is_some()
            }
            Step::End(place) => disk.end(place, &trace.calls[place]),
        };
        if !matters {
            continue;
        }
        steps += 1;
        let is_quiet = disk.pending() == (0, 0);
        for &variant in if is_quiet { &VARIANTS[..1] } else { VARIANTS } {
            let times = if variant == Variant::Half {
                how.halves
            } else {
                1
            };
            for _ in 0..times {
                let (hash, contents) = disk.cut(&mut Fate::new(variant, random));
                if !seen.insert((hash, acknowledged)) {
                    continue;
                }
                let (Step::Begin(place) | Step::End(place)) = step;
                let name = &trace.calls[place].name;
                let moment = format!("at {step:?} {name}, unsynced: {:?}", disk.unsynced());
                let image = Image {
                    contents: contents(),
                    acknowledged,
                    variant,
                    moment,
                };
                let keep = random.one_in(how.keep_one_in);
                images.send((image, keep)).expect("someone opens them");
            }
        }
    }
    steps
}

/// The number that a call acknowledges.
fn acknowledgement(call: &Call) -> Option<u64> {
    if call.name != "write" || call.arguments[0].word() != "1" {
        return None;
    }
    let text = String::from_utf8_lossy(call.arguments[1].bytes()).into_owned();
    let (_, behind) = text.rsplit_once("ack ")?;
    behind.trim().parse().ok()
}

/// Lets a workload run on what is there, and cuts it at every step.
fn cut_everywhere(
    start: &Contents,
    done: u64,
    seed: u64,
    changes: u64,
    random: &mut Random,
    how: Thoroughness,
    tally: &Mutex<Tally>,
) -> bool {
    let Some((trace, place)) = traced(start, seed, changes) else {
        return false;
    };
    let mut script = Script::after(seed, 0);
    let mut states = vec![Records::new()];
    for _ in 0..done + changes + 1 {
        script.next();
        states.push(script.records.clone());
    }
    let is_strict = std::env::var_os("TOUCHBASE_STRICT_NAMES").is_some();
    let disk = Disk::new(&place.path().join("store"), start, is_strict);
    let (sender, receiver) = sync_channel(4);
    let receiver = Mutex::new(receiver);
    let workers = std::thread::available_parallelism().map_or(2, usize::from);
    let steps = std::thread::scope(|scope| {
        for _ in 0..workers.min(8) {
            scope.spawn(|| work(&receiver, seed, &states, tally));
        }
        let steps = play(&trace, disk, done, random, how, &sender);
        drop(sender);
        steps
    });
    tally.lock().unwrap().steps += steps;
    true
}

#[test]
fn slow_nothing_acknowledged_is_lost_in_a_power_cut() {
    if is_skipped() {
        return;
    }
    let mut random = Random::new();
    let rounds = size("TOUCHBASE_ROUNDS", 1);
    let changes = size("TOUCHBASE_CHANGES", 10) as u64;
    let again = size("TOUCHBASE_CUT_AGAIN", 1);
    let how = Thoroughness {
        halves: size("TOUCHBASE_HALVES", 1),
        keep_one_in: 40,
    };
    let started = Instant::now();
    let tally = Mutex::new(Tally::default());
    for round in 1..=rounds {
        let seed = random.below(1 << 40);
        let fresh = Contents::new();
        if !cut_everywhere(&fresh, 0, seed, changes, &mut random, how, &tally) {
            return;
        }
        // What a cut left is worked on, and cut again.
        let mut kept = std::mem::take(&mut tally.lock().unwrap().kept);
        let how = Thoroughness {
            keep_one_in: u64::MAX,
            ..how
        };
        for _ in 0..again.min(kept.len()) {
            let (start, done) = kept.swap_remove(random.place(kept.len()));
            cut_everywhere(&start, done, seed, 4, &mut random, how, &tally);
        }
        tally.lock().unwrap().kept.clear();
        println!("round {round}, script {seed}, {:?}:", started.elapsed());
        tally.lock().unwrap().print();
    }
    let tally = tally.into_inner().unwrap();
    assert!(tally.losses.is_empty(), "power cuts lose changes");
}
