//! What every store promises, whatever lies under it.

use std::ops::Range;
use touchbase::store::disk::DiskStore;
use touchbase::store::memory::MemoryStore;
use touchbase::store::{Batch, Direction, Store};

/// A store that can be closed and opened again.
struct Place {
    memory: MemoryStore,
    folder: Option<tempfile::TempDir>,
}

impl Place {
    fn open(&self) -> Box<dyn Store> {
        match &self.folder {
            Some(folder) => Box::new(DiskStore::open(&folder.path().join("db")).expect("opens")),
            None => Box::new(self.memory.clone()),
        }
    }
}

/// Runs a check on each store, empty.
fn on_each(check: impl Fn(&Place)) {
    let memory = MemoryStore::default();
    check(&Place {
        memory: memory.clone(),
        folder: None,
    });
    let folder = Some(tempfile::tempdir().expect("a folder"));
    check(&Place { memory, folder });
}

fn put(store: &mut dyn Store, pairs: &[(&str, &str)]) {
    let mut batch = Batch::default();
    for (key, value) in pairs {
        batch.put(key.as_bytes().to_vec(), value.as_bytes().to_vec());
    }
    store.commit(&batch).expect("committed");
}

fn get(store: &dyn Store, key: &str) -> Option<String> {
    let value = store.get(key.as_bytes()).expect("readable");
    value.map(|value| String::from_utf8(value).expect("text"))
}

fn keys(store: &dyn Store, range: Range<&[u8]>, direction: Direction) -> String {
    let range = range.start.to_vec()..range.end.to_vec();
    let pairs = store.scan(range, direction);
    let keys = pairs.map(|pair| String::from_utf8(pair.expect("readable").0).expect("text"));
    keys.collect::<Vec<_>>().join(" ")
}

#[test]
fn ranges_include_their_start_and_exclude_their_end() {
    on_each(|place| {
        let mut store = place.open();
        assert_eq!(keys(&*store, b""..b"~", Direction::Up), "");
        put(
            &mut *store,
            &[
                ("b", "2"),
                ("a", "1"),
                ("ab", "3"),
                ("c", "4"),
                ("b\0", "5"),
            ],
        );
        let rows: &[(Range<&[u8]>, &str, &str)] = &[
            (b""..b"~", "a ab b b\0 c", "c b\0 b ab a"),
            (b"a"..b"b", "a ab", "ab a"),
            (b"a\0"..b"b", "ab", "ab"),
            (b"b"..b"b\0", "b", "b"),
            (b"b"..b"b", "", ""),
            (b"c"..b"a", "", ""),
            (b"d"..b"z", "", ""),
            (b""..b"", "", ""),
        ];
        for (range, up, down) in rows {
            assert_eq!(
                keys(&*store, range.clone(), Direction::Up),
                *up,
                "{range:?}"
            );
            assert_eq!(
                keys(&*store, range.clone(), Direction::Down),
                *down,
                "{range:?}"
            );
        }
    });
}

#[test]
fn keys_are_ordered_as_bytes() {
    on_each(|place| {
        let mut store = place.open();
        let mut batch = Batch::default();
        let mut wanted: Vec<Vec<u8>> = (0..=255).map(|byte| vec![b'k', byte]).collect();
        wanted.push(vec![b'k']);
        wanted.push(vec![b'k', 0, 0]);
        wanted.push(vec![u8::MAX; 300]);
        for key in wanted.iter().rev() {
            batch.put(key.clone(), Vec::new());
        }
        store.commit(&batch).expect("committed");
        wanted.sort();
        let all = store.scan(Vec::new()..vec![u8::MAX; 301], Direction::Up);
        let found: Vec<Vec<u8>> = all.map(|pair| pair.expect("readable").0).collect();
        assert_eq!(found, wanted);
    });
}

#[test]
fn a_batch_removes_first_and_puts_then() {
    on_each(|place| {
        let mut store = place.open();
        put(&mut *store, &[("kept", "old"), ("gone", "old")]);
        let mut batch = Batch::default();
        batch.put(b"kept".to_vec(), b"new".to_vec());
        batch.put(b"twice".to_vec(), b"first".to_vec());
        batch.put(b"twice".to_vec(), b"last".to_vec());
        batch.remove(b"kept".to_vec());
        batch.remove(b"gone".to_vec());
        batch.remove(b"never".to_vec());
        store.commit(&batch).expect("committed");
        assert_eq!(get(&*store, "kept").as_deref(), Some("new"));
        assert_eq!(get(&*store, "twice").as_deref(), Some("last"));
        assert_eq!(get(&*store, "gone"), None);
        assert_eq!(get(&*store, "never"), None);
        store.commit(&Batch::default()).expect("nothing to do");
        assert_eq!(keys(&*store, b""..b"~", Direction::Up), "kept twice");
    });
}

#[test]
fn a_scan_and_a_read_see_what_was_committed_before() {
    on_each(|place| {
        let mut store = place.open();
        for round in 0..20 {
            put(
                &mut *store,
                &[("a", &round.to_string()), ("b", &round.to_string())],
            );
            assert_eq!(get(&*store, "a"), get(&*store, "b"));
            assert_eq!(get(&*store, "a"), Some(round.to_string()));
        }
    });
}

#[test]
fn an_empty_value_is_a_value() {
    on_each(|place| {
        let mut store = place.open();
        put(&mut *store, &[("empty", "")]);
        assert_eq!(get(&*store, "empty").as_deref(), Some(""));
        assert_eq!(get(&*store, "missing"), None);
    });
}

#[test]
fn what_was_committed_is_there_when_it_is_opened_again() {
    on_each(|place| {
        for round in 0..5 {
            let mut store = place.open();
            assert_eq!(
                get(&*store, "round"),
                (round > 0).then(|| (round - 1).to_string())
            );
            let text = round.to_string();
            put(
                &mut *store,
                &[("round", &text), (&format!("k{round}"), "x")],
            );
            let mut batch = Batch::default();
            batch.remove(b"k1".to_vec());
            store.commit(&batch).expect("committed");
        }
        let store = place.open();
        assert_eq!(keys(&*store, b""..b"~", Direction::Up), "k0 k2 k3 k4 round");
    });
}

#[test]
fn large_values_and_many_keys_are_kept() {
    on_each(|place| {
        let large: Vec<u8> = (0..1_000_000_u32)
            .map(|n| n.to_le_bytes()[n as usize % 3])
            .collect();
        let mut store = place.open();
        let mut batch = Batch::default();
        batch.put(b"large".to_vec(), large.clone());
        for number in 0..3_000 {
            batch.put(format!("n{number:05}").into_bytes(), vec![7; number % 50]);
        }
        store.commit(&batch).expect("committed");
        drop(store);
        let store = place.open();
        assert_eq!(store.get(b"large").expect("readable"), Some(large.clone()));
        let range = b"n".to_vec()..b"o".to_vec();
        assert_eq!(store.scan(range.clone(), Direction::Down).count(), 3_000);
        let (first, value) = store
            .scan(range, Direction::Down)
            .next()
            .expect("one")
            .expect("read");
        assert_eq!(
            (first.as_slice(), value.len()),
            (b"n02999".as_slice(), 2_999 % 50)
        );
    });
}
