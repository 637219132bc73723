//! A bar for long work: on a terminal only, and only when it takes longer than half a second.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::time::{Duration, Instant};

/// Shorter work shows no bar.
const PATIENCE: Duration = Duration::from_millis(500);

/// A bar that appears when it is needed.
pub(crate) struct Progress {
    started: Instant,
    wanted: bool,
    unit: &'static str,
    bar: Option<ProgressBar>,
}

impl Progress {
    /// A bar for so many of `unit`, shown if `wanted`.
    pub(crate) fn new(wanted: bool, unit: &'static str) -> Self {
        Self {
            started: Instant::now(),
            wanted,
            unit,
            bar: None,
        }
    }

    /// So many are done, of so many.
    pub(crate) fn show(&mut self, done: usize, all: usize) {
        if !self.wanted || self.started.elapsed() < PATIENCE {
            return;
        }
        let whole = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
        let unit = self.unit;
        let bar = self.bar.get_or_insert_with(|| {
            let bar = ProgressBar::with_draw_target(Some(whole(all)), ProgressDrawTarget::stderr());
            let template = format!("{{bar:30}} {{pos}} of {{len}} {unit}, {{eta}} left");
            match ProgressStyle::with_template(&template) {
                Ok(style) => bar.with_style(style),
                Err(_) => bar,
            }
        });
        bar.set_position(whole(done));
    }

    /// The work is done: the bar goes.
    pub(crate) fn finish(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }
}
