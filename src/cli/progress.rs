//! The progress bar on stderr.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use mailtriage::pipeline::Progress;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// No bar: nobody is told anything.
pub(super) struct Silent;

impl Progress for Silent {}

/// A bar with bytes, rate, time left and refused records.
pub(super) struct Bar {
    bar: ProgressBar,
    rejected: AtomicU64,
}

impl Bar {
    /// A bar that is drawn once the run starts.
    pub(super) fn new(unicode: bool) -> Self {
        let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr());
        // The template is our own; should it ever be wrong, the default bar will do.
        if let Ok(style) = ProgressStyle::with_template(
            "  {bar:30} {bytes:>10} of {total_bytes} {bytes_per_sec}, {eta} left{msg}",
        ) {
            bar.set_style(style.progress_chars(if unicode { "━╸─" } else { "=>-" }));
        }
        Self { bar, rejected: AtomicU64::new(0) }
    }
}

impl Progress for Bar {
    fn start(&self, bytes: u64) {
        self.bar.set_length(bytes);
        self.bar.enable_steady_tick(Duration::from_millis(200));
    }

    fn extend(&self, bytes: u64) {
        self.bar.inc_length(bytes);
    }

    fn advance(&self, bytes: u64) {
        self.bar.inc(bytes);
    }

    fn rejected(&self, n: u64) {
        let all = self.rejected.fetch_add(n, Ordering::Relaxed).saturating_add(n);
        self.bar.set_message(format!(", {all} rejected"));
    }

    fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

impl Drop for Bar {
    /// A failed run leaves no bar behind either.
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_what_it_is_told() {
        for unicode in [true, false] {
            let bar = Bar::new(unicode);
            bar.bar.set_draw_target(ProgressDrawTarget::hidden());
            bar.start(100);
            bar.advance(30);
            bar.advance(30);
            bar.rejected(2);
            bar.rejected(3);
            assert_eq!((bar.bar.position(), bar.bar.length()), (60, Some(100)));
            assert_eq!(bar.bar.message(), ", 5 rejected");
            bar.finish();
            assert!(bar.bar.is_finished());
        }
    }
}
