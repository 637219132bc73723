//! Chance that can be repeated: one seed for a run, printed; and which tests are run at all.

use std::time::{Duration, SystemTime};

/// A generator of randomness (xorshift64*), so that a seed repeats a run.
#[derive(Clone)]
pub(crate) struct Random(u64);

impl Random {
    /// From `TOUCHBASE_SEED`, else from the clock; says which.
    pub(crate) fn new() -> Self {
        let given = std::env::var("TOUCHBASE_SEED").ok();
        let seed = given.map(|seed| seed.parse().expect("TOUCHBASE_SEED is a number"));
        let seed = seed.unwrap_or_else(|| {
            let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
            u64::from(since.expect("after 1970").subsec_nanos())
        });
        println!("TOUCHBASE_SEED={seed}");
        Self::seeded(seed)
    }

    /// From a seed that is known.
    pub(crate) fn seeded(seed: u64) -> Self {
        let mixed = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5851_f42d_4c95_7f2d;
        Self(mixed | 1)
    }

    /// A number below that one.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let high = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 16;
        high % end.max(1)
    }

    /// A place in a row of so many.
    pub(crate) fn place(&mut self, length: usize) -> usize {
        usize::try_from(self.below(length as u64)).expect("below a length")
    }

    pub(crate) fn one_in(&mut self, many: u64) -> bool {
        self.below(many) == 0
    }

    pub(crate) fn pick<'a, T>(&mut self, among: &'a [T]) -> &'a T {
        &among[self.place(among.len())]
    }

    pub(crate) fn moment_within(&mut self, whole: Duration) -> Duration {
        let micros = u64::try_from(whole.as_micros()).expect("short");
        Duration::from_micros(self.below(micros))
    }
}

/// Whether slow tests are left out; says so.
pub(crate) fn is_skipped() -> bool {
    let is_skipped = std::env::var_os("TOUCHBASE_SLOW").is_none();
    if is_skipped {
        println!("skipped: set TOUCHBASE_SLOW=1");
    }
    is_skipped
}

/// How much of something a test does: what the variable says, else the size for CI.
pub(crate) fn size(variable: &str, usual: usize) -> usize {
    let given = std::env::var(variable).ok();
    let size = given.map(|text| text.parse().expect("a number"));
    let size = size.unwrap_or(usual);
    println!("{variable}={size}");
    size
}
