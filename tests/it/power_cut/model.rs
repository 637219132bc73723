//! What the model of the disk promises, in rows: calls, and what is found when nothing pending
//! survives, or all of it.

use super::disk::{Contents, Disk};
use super::survival::{Fate, Variant};
use super::trace::{Step, Trace};
use crate::chance::Random;
use std::fmt::Write as _;
use std::path::Path;

/// Lines of strace in which names and contents stand in backticks, not in hexadecimal.
fn played(lines: &[&str]) -> Disk {
    let mut text = String::new();
    for line in lines {
        text.push_str("1 ");
        for (place, piece) in line.split('`').enumerate() {
            if place % 2 == 0 {
                text.push_str(piece);
                continue;
            }
            text.push('"');
            for byte in piece.bytes() {
                write!(text, "\\x{byte:02x}").unwrap();
            }
            text.push('"');
        }
        text.push('\n');
    }
    let trace = Trace::read(text.as_bytes());
    let mut disk = Disk::new(Path::new("/s"), &Contents::new(), false);
    for step in &trace.steps {
        match *step {
            Step::Begin(place) => disk.begin(place, &trace.calls[place]),
            Step::End(place) => disk.end(place, &trace.calls[place]),
        };
    }
    disk
}

fn found(disk: &Disk, variant: Variant) -> String {
    let mut random = Random::seeded(1);
    let (_, contents) = disk.cut(&mut Fate::new(variant, &mut random));
    let mut text = String::new();
    for (path, content) in contents() {
        let path = path.display();
        match content {
            None => write!(text, "{path}/ ").unwrap(),
            Some(bytes) => {
                let bytes = String::from_utf8_lossy(&bytes).replace('\0', "-");
                write!(text, "{path}={bytes} ").unwrap();
            }
        }
    }
    text.trim_end().to_owned()
}

const MAKE: &str = "openat(AT_FDCWD, `/s/a`, O_RDWR|O_CREAT, 0600) = 3";
const WRITE: &str = "write(3, `old`, 3) = 3";
const SYNC: &str = "fdatasync(3) = 0";

#[test]
fn only_what_was_synchronised_lasts() {
    let other = "openat(AT_FDCWD, `/s/b`, O_RDWR|O_CREAT, 0600) = 4";
    let rename = "rename(`/s/b`, `/s/a`) = 0";
    let rows: &[(&str, &[&str], &str, &str)] = &[
        ("nothing was synced", &[MAKE, WRITE], "", "a=old"),
        ("synced", &[MAKE, WRITE, SYNC], "a=old", "a=old"),
        (
            "a range is no promise",
            &[MAKE, WRITE, "sync_file_range(3, 0, 3, 7) = 0"],
            "",
            "a=old",
        ),
        (
            "it failed",
            &[MAKE, WRITE, "fsync(3) = -1 EIO (Input/output error)"],
            "",
            "a=old",
        ),
        (
            "written behind the sync",
            &[MAKE, WRITE, SYNC, "pwrite64(3, `new`, 3, 1) = 3"],
            "a=old",
            "a=onew",
        ),
        (
            "cut and grown",
            &[
                MAKE,
                WRITE,
                SYNC,
                "ftruncate(3, 1) = 0",
                "pwrite64(3, `x`, 1, 2) = 1",
            ],
            "a=old",
            "a=o-x",
        ),
        (
            "a short write",
            &[MAKE, "write(3, `old`, 3) = 2", SYNC],
            "a=ol",
            "a=ol",
        ),
        (
            "another file's sync keeps names, not contents",
            &[MAKE, WRITE, other, "fsync(4) = 0"],
            "a= b=",
            "a=old b=",
        ),
        (
            "renamed without a sync",
            &[MAKE, WRITE, SYNC, other, "write(4, `new`, 3) = 3", rename],
            "a=old",
            "a=new",
        ),
        (
            "renamed, the folder synced, the content not",
            &[
                MAKE,
                WRITE,
                SYNC,
                other,
                "write(4, `new`, 3) = 3",
                rename,
                "openat(AT_FDCWD, `/s`, O_RDONLY|O_DIRECTORY) = 5",
                "fsync(5) = 0",
            ],
            "a=",
            "a=new",
        ),
        (
            "a folder is moved with what is in it",
            &[
                "mkdir(`/s/d`, 0700) = 0",
                "openat(AT_FDCWD, `/s/d/a`, O_RDWR|O_CREAT, 0600) = 3",
                WRITE,
                SYNC,
                "rename(`/s/d`, `/s/e`) = 0",
                "unlink(`/s/e/a`) = 0",
            ],
            "d/ d/a=old",
            "e/",
        ),
        (
            "elsewhere",
            &[
                "openat(AT_FDCWD, `/t/a`, O_RDWR|O_CREAT, 0600) = 3",
                WRITE,
                SYNC,
            ],
            "",
            "",
        ),
        (
            "a descriptor that is copied shares its place",
            &[
                MAKE,
                WRITE,
                "fcntl(3, F_DUPFD_CLOEXEC, 3) = 4",
                "write(4, `er`, 2) = 2",
                "fsync(4) = 0",
            ],
            "a=older",
            "a=older",
        ),
    ];
    for (what, lines, nothing, everything) in rows {
        let disk = played(lines);
        assert_eq!(found(&disk, Variant::Nothing), *nothing, "{what}");
        assert_eq!(found(&disk, Variant::Everything), *everything, "{what}");
    }
}

#[test]
fn a_sync_keeps_only_what_had_ended_when_it_began() {
    let text = concat!(
        "1 openat(AT_FDCWD, \"\\x2f\\x73\\x2f\\x61\", O_RDWR|O_CREAT, 0600) = 3\n",
        "1 pwrite64(3, \"\\x61\", 1, 0 <unfinished ...>\n",
        "2 fdatasync(3 <unfinished ...>\n",
        "1 <... pwrite64 resumed>) = 1\n",
        "2 <... fdatasync resumed>) = 0\n",
    );
    let trace = Trace::read(text.as_bytes());
    let mut disk = Disk::new(Path::new("/s"), &Contents::new(), false);
    for step in &trace.steps {
        match *step {
            Step::Begin(place) => disk.begin(place, &trace.calls[place]),
            Step::End(place) => disk.end(place, &trace.calls[place]),
        };
    }
    assert_eq!(found(&disk, Variant::Nothing), "a=");
    assert_eq!(found(&disk, Variant::Everything), "a=a");
    assert_eq!(found(&disk, Variant::Hollow), "a=-");
}
