//! What strace wrote, as calls and as the order of their beginnings and ends.
//!
//! A call of one thread may begin, others come between, and it ends later: strace writes
//! `<unfinished ...>` and `<... resumed>`. Strings are all hexadecimal (`-xx`), so that a line
//! holds no quote, comma or bracket that does not mean one.

use std::collections::HashMap;
use std::io::BufRead;

/// The calls that change files or say what a descriptor means; those that a machine lacks are
/// passed over.
pub(crate) const CALLS: &[&str] = &[
    "open",
    "openat",
    "creat",
    "close",
    "dup",
    "dup2",
    "dup3",
    "fcntl",
    "lseek",
    "read",
    "write",
    "pwrite64",
    "writev",
    "pwritev",
    "pwritev2",
    "truncate",
    "ftruncate",
    "fallocate",
    "fsync",
    "fdatasync",
    "sync",
    "syncfs",
    "sync_file_range",
    "msync",
    "rename",
    "renameat",
    "renameat2",
    "link",
    "linkat",
    "symlink",
    "symlinkat",
    "unlink",
    "unlinkat",
    "rmdir",
    "mkdir",
    "mkdirat",
    "copy_file_range",
    "sendfile",
    "splice",
    "io_uring_enter",
];

/// An argument of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Argument {
    /// Bytes that went in: a path, or what is written.
    Bytes(Vec<u8>),
    /// A number or flags, as strace names them.
    Word(String),
}

impl Argument {
    pub(crate) fn word(&self) -> &str {
        match self {
            Self::Word(word) => word,
            Self::Bytes(_) => panic!("bytes where a word belongs"),
        }
    }

    pub(crate) fn number(&self) -> i64 {
        let word = self.word();
        word.parse()
            .unwrap_or_else(|_| panic!("`{word}` is no number"))
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        match self {
            Self::Bytes(bytes) => bytes,
            Self::Word(word) => panic!("`{word}` where bytes belong"),
        }
    }
}

/// One system call.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) name: String,
    pub(crate) arguments: Vec<Argument>,
    /// What it gave; none when the process ended in the middle of it.
    pub(crate) result: Option<i64>,
}

/// Where a call begins or ends, by its place among the calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Begin(usize),
    End(usize),
}

/// Calls, and the order in which they began and ended.
#[derive(Default)]
pub(crate) struct Trace {
    pub(crate) calls: Vec<Call>,
    pub(crate) steps: Vec<Step>,
}

impl Trace {
    /// Reads what `strace -f -xx -o` wrote.
    pub(crate) fn read(lines: impl BufRead) -> Self {
        let mut trace = Self::default();
        let mut open: HashMap<String, usize> = HashMap::new();
        for line in lines.lines() {
            let line = line.expect("readable");
            let Some((process, rest)) = line.split_once(' ') else {
                continue;
            };
            trace.take(process, rest.trim_start(), &mut open);
        }
        trace
    }

    fn take(&mut self, process: &str, text: &str, open: &mut HashMap<String, usize>) {
        if text.starts_with("+++") || text.starts_with("---") {
            return;
        }
        if text.starts_with("<... ") {
            let place = open.remove(process).expect("it had begun");
            self.calls[place].result = result(text);
            self.steps.push(Step::End(place));
            return;
        }
        let Some((name, rest)) = text.split_once('(') else {
            panic!("not a call: {}", &text[..text.len().min(200)]);
        };
        let place = self.calls.len();
        let (inside, is_whole) = match rest.rfind("<unfinished ...>") {
            Some(end) => (&rest[..end], false),
            None => (&rest[..rest.find(')').expect("closed")], true),
        };
        self.calls.push(Call {
            name: name.to_owned(),
            arguments: arguments(inside),
            result: is_whole.then(|| result(rest)).flatten(),
        });
        self.steps.push(Step::Begin(place));
        if is_whole {
            self.steps.push(Step::End(place));
        } else {
            open.insert(process.to_owned(), place);
        }
    }
}

/// The number behind the last `= `.
fn result(text: &str) -> Option<i64> {
    let (_, behind) = text.rsplit_once("= ")?;
    let word = behind.split_whitespace().next()?;
    match word.strip_prefix("0x") {
        Some(digits) => i64::from_str_radix(digits, 16).ok(),
        None => word.parse().ok(),
    }
}

fn arguments(text: &str) -> Vec<Argument> {
    let mut found = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let end = match rest.as_bytes()[0] {
            b'"' => rest[1..].find('"').expect("closed") + 2,
            b'[' => rest.find(']').expect("closed") + 1,
            _ => rest.find(',').unwrap_or(rest.len()),
        };
        let (argument, behind) = rest.split_at(end);
        assert!(
            !behind.starts_with("..."),
            "strace cut a string short: raise -s"
        );
        found.push(match argument.as_bytes()[0] {
            b'"' => Argument::Bytes(bytes(&argument[1..argument.len() - 1])),
            // The pieces of a `writev`.
            b'[' => {
                let pieces = argument.split('"').skip(1).step_by(2);
                Argument::Bytes(pieces.flat_map(bytes).collect())
            }
            _ => Argument::Word(argument.trim().to_owned()),
        });
        rest = behind.trim_start_matches([',', ' ']);
    }
    found
}

/// `\x2f\x74` as bytes.
fn bytes(text: &str) -> Vec<u8> {
    let digit = |digit: u8| match digit {
        b'0'..=b'9' => digit - b'0',
        _ => digit - b'a' + 10,
    };
    let text = text.as_bytes();
    let mut bytes = Vec::with_capacity(text.len() / 4);
    for piece in text.chunks_exact(4) {
        bytes.push(digit(piece[2]) << 4 | digit(piece[3]));
    }
    bytes
}

#[test]
fn what_strace_writes_is_read_as_calls() {
    let text = concat!(
        "7  openat(AT_FDCWD, \"\\x2f\\x61\", O_RDWR|O_CREAT|O_CLOEXEC, 0600) = 3\n",
        "8  write(3, \"\\x61\\x0a\", 2 <unfinished ...>\n",
        "7  fdatasync(3)                      = 0\n",
        "8  <... write resumed>)              = 2\n",
        "7  writev(3, [{iov_base=\"\\x61\", iov_len=1}, {iov_base=\"\\xff\", iov_len=1}], 2) = 2\n",
        "7  unlink(\"\\x2f\\x62\")            = -1 ENOENT (No such file or directory)\n",
        "7  read(3,  <unfinished ...>\n",
        "8  +++ exited with 0 +++\n",
    );
    let trace = Trace::read(text.as_bytes());
    let word = |text: &str| Argument::Word(text.to_owned());
    let data = |bytes: &[u8]| Argument::Bytes(bytes.to_vec());
    let rows = [
        (
            "openat",
            vec![
                word("AT_FDCWD"),
                data(b"/a"),
                word("O_RDWR|O_CREAT|O_CLOEXEC"),
                word("0600"),
            ],
            Some(3),
        ),
        ("write", vec![word("3"), data(b"a\n"), word("2")], Some(2)),
        ("fdatasync", vec![word("3")], Some(0)),
        (
            "writev",
            vec![word("3"), data(b"a\xff"), word("2")],
            Some(2),
        ),
        ("unlink", vec![data(b"/b")], Some(-1)),
        ("read", vec![word("3")], None),
    ];
    assert_eq!(trace.calls.len(), rows.len());
    for (call, (name, arguments, result)) in trace.calls.iter().zip(rows) {
        assert_eq!((call.name.as_str(), call.result), (name, result));
        assert_eq!(call.arguments, arguments, "{name}");
    }
    use Step::{Begin, End};
    let order = [
        Begin(0),
        End(0),
        Begin(1),
        Begin(2),
        End(2),
        End(1),
        Begin(3),
        End(3),
        Begin(4),
        End(4),
        Begin(5),
    ];
    assert_eq!(trace.steps, order);
}
